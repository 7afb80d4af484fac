//! The checks: each file reads, and asks of kinds and events what they have.

use std::collections::BTreeSet;

use xiangtu::check::{self, Check, Form, Named};
use xiangtu::event;
use xiangtu::filter::Filter;
use xiangtu::kind;

use super::root;

/// The filters of a check.
fn filters(check: &Check) -> Vec<&Named> {
    match &check.form {
        Form::Parts { whole, of } => std::iter::once(whole).chain(of).collect(),
        Form::Funnel(steps) => steps.iter().collect(),
        Form::Never(named) => vec![named],
        Form::AtMost { fewer, more } => vec![fewer, more],
        Form::After(_) => Vec::new(),
    }
}

#[test]
fn every_file_reads() {
    let mut told = 0;
    for entry in std::fs::read_dir(root().join("maps/checks")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        told += text.lines().filter(|line| line.trim() == "[[check]]").count();
    }
    assert!(told > 15);
    assert_eq!(check::all().len(), told, "a file that does not read is left out");
}

#[test]
fn a_check_asks_what_its_kind_can_answer() {
    let mut ids = BTreeSet::new();
    for check in check::all() {
        let id = &check.id;
        assert!(ids.insert(id), "{id} stands twice");
        let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let mut titles = vec![&check.title];
        titles.extend(filters(check).iter().map(|named| &named.title));
        assert!(titles.iter().all(|title| han(&title.zh) && !han(&title.en)), "{id} is titled in both languages");
        if let Form::After(sequence) = &check.form {
            let known = |event: &&String| {
                event::all().iter().any(|one| {
                    one.id == **event && (check.kind == "*" || one.befalls(&kind::kind(&check.kind).unwrap()))
                })
            };
            let named = [&sequence.first, &sequence.then, &sequence.except, &sequence.until];
            let mut events = named.into_iter().flatten().filter(|event| *event != "*");
            assert!(events.all(|event| known(&event)), "{id} names events that there are");
            continue;
        }
        let kind = kind::kind(&check.kind).unwrap();
        assert!(!filters(check).is_empty(), "{id}");
        for named in filters(check).into_iter().filter(|named| !named.filter.is_empty()) {
            let filter = Filter::parse(&named.filter).unwrap_or_else(|fault| panic!("{id}: {fault}"));
            filter.compile(&kind.attributes).unwrap_or_else(|fault| panic!("{id}: {fault}"));
            assert!(!filter.attributes().is_empty(), "{id}: a reason can be told");
            // A code that is none would let nothing through, and nobody would notice.
            for attribute in filter.attributes().iter().filter_map(|name| kind.attribute(name)) {
                for value in quoted_beside(&named.filter, &attribute.name) {
                    let term = attribute.term(&value);
                    assert!(attribute.domain.is_empty() || term == Some(value.as_str()), "{id}: {value}");
                }
            }
        }
    }
}

/// The quoted values that a filter compares an attribute with: `a = 'x'`, `a IN ('x', 'y')`.
fn quoted_beside(filter: &str, attribute: &str) -> Vec<String> {
    let mut values = Vec::new();
    for rest in filter.split(attribute).skip(1) {
        let end = rest.find(" AND ").into_iter().chain(rest.find(" OR ")).min().unwrap_or(rest.len());
        values.extend(rest[..end].split('\'').skip(1).step_by(2).map(str::to_owned));
    }
    values
}
