//! The rule packs: each file reads to the letter, names what there is, cites, and never says more than is so.

use std::collections::BTreeSet;

use xiangtu::analysis::{self, Domain};
use xiangtu::filter::Filter;
use xiangtu::kind::{self, ValueType};
use xiangtu::rules::{self, Force, MeasuredFrom, Rule};
use xiangtu::units::Day;

use super::root;

fn every() -> impl Iterator<Item = &'static Rule> {
    rules::all().iter().flat_map(|pack| &pack.rules)
}

#[test]
fn every_pack_reads_to_the_letter_and_bears_the_name_of_its_file() {
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("maps/rules")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let pack = rules::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(Some(pack.id.as_str()), path.file_stem().and_then(|stem| stem.to_str()));
        assert!(!pack.title.zh.is_empty() && !pack.title.en.is_empty(), "{} is titled", pack.id);
        for id in &pack.include {
            assert!(rules::pack(id).is_some_and(|pack| pack.include.is_empty()), "{} includes {id}", pack.id);
        }
        files.insert(pack.id);
    }
    let read: BTreeSet<String> = rules::all().iter().map(|pack| pack.id.clone()).collect();
    assert_eq!(read, files, "a file that does not read is left out");
    for key in ["distance = 5", "colour = 'red'"] {
        let pack = format!("id = 'x'\ntitle = {{ zh = '', en = '' }}\n{key}");
        assert!(rules::read(&pack).is_err(), "{key} is no key of a pack");
    }
}

#[test]
fn every_rule_is_cited_dated_and_says_one_thing_of_kinds_that_there_are() {
    let mut ids = BTreeSet::new();
    for rule in every() {
        let id = &rule.id;
        assert!(ids.insert(id), "{id} stands once in all packs");
        assert!(!id.contains([':', '~', ' ', '/']), "{id} goes into an id");
        assert!(rule.limit().is_some(), "{id}: a distance, an overlap or a reach, and one of them");
        assert!(rule.citation.chars().count() > 6 && !rule.region.is_empty(), "{id} is cited");
        assert!(!rule.title.zh.is_empty() && !rule.title.en.is_empty(), "{id} is titled");
        assert!(rule.valid_from.is_some() || rule.unverified, "{id}: since when?");
        for day in [&rule.valid_from, &rule.valid_to].into_iter().flatten() {
            assert!(Day::parse(day).is_some_and(|parsed| parsed.to_string() == *day), "{id}: {day}");
        }
        assert!(!(rule.unverified && rule.force == Force::Mandatory), "{id}: what nobody could check is not law");
        assert_eq!(rule.unverified, rule.citation.contains("未核验"), "{id} says that it was not checked");
        let known = kind::kind(&rule.to).unwrap_or_else(|_| panic!("{id} names {}", rule.to));
        assert!(!known.personal_place, "{id}: how near somebody's home lies would be told");
        let compiles = |kind: &str, text: &Option<String>| {
            let attributes = kind::kind(kind).unwrap().attributes.clone();
            if let Some(text) = text {
                let filter = Filter::parse(text).unwrap_or_else(|fault| panic!("{id}: {fault:?}"));
                filter.compile(&attributes).unwrap_or_else(|fault| panic!("{id} on {kind}: {fault:?}"));
                // A word that is none of the terms would never hold.
                for attribute in attributes.iter().filter(|a| a.value_type == ValueType::Code) {
                    if filter.attributes() == [attribute.name.as_str()] {
                        for word in text.split('\'').skip(1).step_by(2) {
                            assert!(attribute.domain.iter().any(|term| term.value == word), "{id}: {word}");
                        }
                    }
                }
            }
        };
        assert!(!rule.from.is_empty(), "{id} binds something");
        rule.from.iter().for_each(|kind| compiles(kind, &rule.from_where));
        compiles(&rule.to, &rule.to_where);
        let of_roads = matches!(rule.measured_from, MeasuredFrom::RoadLand | MeasuredFrom::ControlZone);
        assert_eq!(of_roads, rule.measured_from == MeasuredFrom::RoadLand || rule.beyond_m > 0.0, "{id}");
        assert!(!of_roads || rule.to == "road", "{id}: only roads have land of their own");
        assert_eq!(rule.measured_from == MeasuredFrom::Embankment, rule.id.starts_with("railway-"), "{id}");
    }
    for scale in rules::all().iter().flat_map(|pack| &pack.scales) {
        let species = kind::kind("farm").unwrap().attribute("species").unwrap().clone();
        assert!(species.domain.iter().any(|term| term.value == scale.species), "{}", scale.species);
        assert_eq!(scale.unverified, scale.citation.contains("未核验"));
        assert!(scale.yearly_output.is_some() != scale.head.is_some());
    }
}

#[test]
fn the_distances_of_2010_are_shown_as_suspended_and_never_as_law_in_force() {
    let day = |text: &str| Day::parse(text).unwrap();
    let pack = rules::pack("livestock-2010").unwrap();
    assert!(pack.rules.len() >= 10);
    for rule in &pack.rules {
        assert_eq!(rule.force_on(day("2009-01-01")), None, "{}", rule.id);
        assert_eq!(rule.force_on(day("2015-01-01")), Some(Force::Mandatory));
        assert_eq!(rule.force_on(day("2019-12-17")), Some(Force::Mandatory), "its last day");
        assert_eq!(rule.force_on(day("2019-12-18")), Some(Force::Suspended));
        assert_eq!(rule.force_on(day("2026-11-01")), Some(Force::Suspended));
    }
    // No metre between a farm and a school binds anybody today, whichever packs are chosen.
    for rule in every().filter(|rule| rule.binds("farm") && rule.to == "school") {
        assert_eq!(rule.force_on(day("2026-11-01")), Some(Force::Suspended), "{}", rule.id);
    }
    let national = rules::binding(&["national"], "farm");
    let school = national.iter().find(|rule| rule.to == "school").unwrap();
    assert_eq!((school.id.as_str(), school.distance_m), ("quarantine-2010-5-school", Some(500.0)));
    // A province's own rule binds nobody elsewhere: it is never among the national ones.
    for rule in rules::gathered(&["national"]).iter().flat_map(|pack| &pack.rules) {
        assert!(rule.region == "全国" && rule.force != Force::Local, "{}", rule.id);
    }
    // What binds by law is ground, not metres; the metres are a standard's, or gone.
    for rule in national.iter().filter(|rule| rule.force_on(day("2026-11-01")) == Some(Force::Mandatory)) {
        assert!(rule.overlap || ["road", "railway"].contains(&&rule.to[..]), "{}", rule.id);
    }
}

#[test]
fn a_pack_binds_as_its_weightiest_rule_does_on_the_day() {
    let force = |id: &str, day: &str| rules::pack(id).unwrap().force_on(Day::parse(day).unwrap());
    assert_eq!(force("water", "2026-10-31"), Some(Force::Mandatory));
    assert_eq!(force("livestock-2010", "2019-12-17"), Some(Force::Mandatory));
    assert_eq!(force("livestock-2010", "2019-12-18"), Some(Force::Suspended));
    assert_eq!(force("highway-local", "2026-10-31"), Some(Force::Local), "its own rule, not those that it includes");
    assert_eq!(
        force("national", "2026-10-31"),
        Some(Force::Mandatory),
        "without rules of its own: those that it includes"
    );
    assert_eq!(force("scale-sichuan", "2026-10-31"), None, "a table of scale binds nobody");
}

#[test]
fn what_can_be_screened_is_what_the_rules_bind() {
    let definition = analysis::find("screening").unwrap();
    let Some(Domain::Layer { kinds }) = definition.parameter("subject").map(|p| &p.domain) else { panic!() };
    let bound: BTreeSet<&str> = every().flat_map(|rule| rule.from.iter().map(String::as_str)).collect();
    assert_eq!(kinds.iter().copied().collect::<BTreeSet<_>>(), bound);
}

#[test]
fn a_pack_that_includes_others_is_all_of_them_once() {
    let ids: Vec<&str> = rules::gathered(&["national", "farmland"]).iter().map(|pack| pack.id.as_str()).collect();
    assert_eq!(ids, ["national", "livestock", "farmland", "water", "highway", "railway", "livestock-2010"]);
    assert!(rules::gathered(&["nowhere"]).is_empty());
}
