//! Kinds: each file reads, and what the design names is there.

use std::collections::BTreeSet;

use xiangtu::kind::{self, ValueType};

use super::root;

const OF_THE_DESIGN: &str = "village grid_cell road waterbody farm school toilet waste_point sewage_facility street_light \
    camera frontage household basic_farmland no_farm_zone project issue";

#[test]
fn every_kind_of_the_design_is_there_and_every_file_reads() {
    let files = std::fs::read_dir(root().join("maps/kinds")).unwrap().count();
    assert_eq!(kind::all().len(), files, "a file that does not read is left out");
    for id in OF_THE_DESIGN.split_whitespace() {
        assert!(kind::kind(id).is_ok(), "{id}");
    }
}

#[test]
fn a_kind_says_of_itself_what_everything_else_is_read_off() {
    let mut layers = BTreeSet::new();
    for kind in kind::all() {
        let id = &kind.id;
        assert!(layers.insert(kind.layer.clone()), "{id}: its layer is its own");
        assert!(!kind.geometry.is_empty(), "{id} has a geometry");
        assert!(kind.attribute(&kind.name).is_some(), "{id} is named by an attribute that it has");
        assert!(["base", "facility", "risk", "work"].contains(&kind.group.as_str()), "{id}: {}", kind.group);
        let draw = kind.style["draw"].as_str().unwrap();
        assert!(["fill", "line", "badge"].contains(&draw), "{id}: {draw}");
        let mut names = BTreeSet::new();
        for attribute in &kind.attributes {
            assert!(names.insert(&attribute.name), "{id}.{} stands once", attribute.name);
            assert!(!["id", "geom", "fid"].contains(&attribute.name.as_str()), "{id}: {} is taken", attribute.name);
            let coded = attribute.value_type == ValueType::Code;
            assert_eq!(coded, !attribute.domain.is_empty(), "{id}.{}: a code has a domain", attribute.name);
            for term in &attribute.domain {
                for spelling in term.aliases.iter().chain([&term.value, &term.zh, &term.en]) {
                    assert_eq!(
                        attribute.term(spelling),
                        Some(term.value.as_str()),
                        "{id}.{}: {spelling}",
                        attribute.name
                    );
                }
            }
        }
        for class in kind.style["classes"].as_array().into_iter().flatten() {
            let attribute = kind.attribute(kind.style["class"].as_str().unwrap()).unwrap();
            let value = class["value"].as_str().unwrap();
            assert_eq!(attribute.term(value), Some(value), "{id} draws a class that it has");
        }
    }
}
