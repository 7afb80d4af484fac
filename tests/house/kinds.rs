//! Kinds and rule packs: each file reads, and what the design names is there.

use std::collections::BTreeSet;

use xiangtu::kind::{self, ValueType};
use xiangtu::rules::{self, Force};
use xiangtu::units::Day;

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

#[test]
fn the_distances_of_2010_are_shown_as_suspended_and_never_as_law_in_force() {
    let pack = rules::pack("national").unwrap();
    let rule = pack.rules.iter().find(|rule| rule.from == "farm" && rule.to == "school").unwrap();
    assert_eq!(rule.distance_m, 500.0);
    let on = |day: &str| rule.force_on(Day::parse(day).unwrap());
    assert_eq!(on("2009-01-01"), None);
    assert_eq!(on("2015-01-01"), Some(Force::Mandatory));
    assert_eq!(on("2019-12-18"), Some(Force::Suspended));
    assert_eq!(on("2026-11-01"), Some(Force::Suspended));
    for pack in rules::all() {
        for rule in &pack.rules {
            assert!(!rule.citation.is_empty(), "{} is cited", rule.id);
            assert!(Day::parse(&rule.valid_from).is_some(), "{} is dated", rule.id);
            assert!(kind::kind(&rule.from).is_ok() && kind::kind(&rule.to).is_ok(), "{} names kinds", rule.id);
        }
    }
}
