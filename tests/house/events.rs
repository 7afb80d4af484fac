//! The kinds of event: each file reads, and speaks of kinds, attributes, states and units that there are.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use xiangtu::event::{self, EventKind};
use xiangtu::kind::{self, Kind};
use xiangtu::units::Day;

use super::root;

fn kinds_of(event: &EventKind) -> Vec<&'static Kind> {
    kind::all().iter().map(|kind| &**kind).filter(|kind| event.befalls(kind)).collect()
}

#[test]
fn every_file_reads() {
    let mut told = 0;
    for entry in std::fs::read_dir(root().join("maps/events")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        told += text.lines().filter(|line| line.trim() == "[[event]]").count();
    }
    assert!(told > 40);
    assert_eq!(event::all().len(), told, "a file that does not read is left out");
    assert!(event::units().len() >= 20);
}

#[test]
fn an_event_sets_what_its_kinds_have_in_units_that_there_are() {
    for event in event::all() {
        let id = &event.id;
        for unit in &event.units {
            assert!(event::unit(unit).is_some_and(|found| found.id == *unit), "{id}: {unit}");
        }
        for name in event.kinds.iter().filter(|name| *name != "*") {
            assert!(kind::kind(name).is_ok(), "{id}: {name}");
        }
        for kind in kinds_of(event) {
            let sets = event.sets(&Map::new(), &Map::new(), Day(20_000), "王某某");
            for (attribute, value) in &sets {
                let attribute = kind.attribute(attribute).unwrap_or_else(|| panic!("{}.{attribute}, {id}", kind.id));
                assert_eq!(&event::value(attribute, value).unwrap(), value, "{id} sets {}", attribute.name);
            }
            for name in &event.ask {
                assert!(kind.attribute(name).is_some(), "{id} asks for {}.{name}", kind.id);
            }
            for state in &event.from {
                let status = kind.attribute("status").unwrap();
                assert_eq!(status.term(state), Some(state.as_str()), "{id} from {state}");
            }
            if let Some(other) = &event.not_by {
                assert!(event::find(kind, other).is_ok(), "{id}: {other}");
            }
        }
    }
}

#[test]
fn an_event_has_one_meaning_for_each_kind_and_can_be_found_by_either_title() {
    for kind in kind::all() {
        let mut names = BTreeSet::new();
        for event in event::of(kind) {
            assert!(names.insert(&event.id), "{} has {} twice", kind.id, event.id);
            for name in [&event.id, &event.title.zh, &event.title.en] {
                assert_eq!(event::find(kind, name).unwrap().id, event.id, "{}: {name}", kind.id);
            }
            let fields: Vec<_> = event.fields(kind).map(|field| &field.name).collect();
            assert_eq!(fields.iter().collect::<BTreeSet<_>>().len(), fields.len(), "{}: {fields:?}", event.id);
        }
    }
}

#[test]
fn every_state_of_an_issue_can_be_reached_and_left() {
    let issue = kind::kind("issue").unwrap();
    let states: BTreeSet<&str> =
        issue.attribute("status").unwrap().domain.iter().map(|term| term.value.as_str()).collect();
    let leads_to = |event: &EventKind| event.set.get("status").and_then(Value::as_str).map(str::to_owned);
    let mut reached: BTreeSet<String> = BTreeSet::from(["found".to_owned()]);
    let mut left = BTreeSet::new();
    for _ in 0..states.len() {
        for event in event::of(&issue).filter(|event| !event.from.is_empty()) {
            if event.from.iter().any(|state| reached.contains(state)) {
                reached.extend(leads_to(event));
            }
            left.extend(event.from.iter().map(String::as_str));
        }
    }
    assert_eq!(reached.iter().map(String::as_str).collect::<BTreeSet<_>>(), states);
    assert_eq!(left, states, "no state is a dead end");
}
