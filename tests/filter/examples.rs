//! Every example of the standard is read, and text and JSON of one example are the same question.

use std::collections::BTreeMap;

use serde_json::Value;
use xiangtu::filter::{Encoding, Filter};

/// An example: its name, its text, and its JSON where it has one.
pub struct Example {
    pub name: &'static str,
    pub text: &'static str,
    pub json: Option<&'static str>,
}

/// The examples of the standard.
pub fn all() -> Vec<Example> {
    let mut all: Vec<Example> = Vec::new();
    for line in include_str!("standard.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            all.push(Example { name, text: "", json: None });
        } else if let Some(last) = all.last_mut() {
            if last.text.is_empty() {
                last.text = line;
            } else {
                last.json = Some(line);
            }
        }
    }
    assert!(all.len() > 115, "{} examples were found", all.len());
    all
}

/// What is wrong with an example, if anything.
fn fault(example: &Example, jsons: &BTreeMap<&str, &str>) -> Option<String> {
    let text = match Filter::parse(example.text) {
        Ok(filter) => filter,
        Err(fault) => return Some(format!("text: {fault}")),
    };
    // Another way to write an example has the JSON of the first.
    let first = example.name.split("-alt").next().unwrap();
    let json = example.json.or(jsons.get(first).copied())?;
    match Filter::read(json, Encoding::Json) {
        Err(fault) => Some(format!("JSON: {fault}")),
        Ok(json) if json != text => Some(format!("{text:?} is not {json:?}")),
        Ok(_) => None,
    }
}

#[test]
fn the_standards_examples_are_the_same_in_text_and_json_but_for_those_that_diverge() {
    let examples = all();
    let jsons: BTreeMap<&str, &str> = examples.iter().filter_map(|e| Some((e.name, e.json?))).collect();
    let mut expected: BTreeMap<&str, &str> = include_str!("divergences.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_once(": ").expect("name: reason"))
        .collect();
    let mut wrong = Vec::new();
    for example in &examples {
        match (fault(example, &jsons), expected.remove(example.name)) {
            (Some(fault), None) => wrong.push(format!("{}: {fault}", example.name)),
            (None, Some(reason)) => wrong.push(format!("{} no longer diverges ({reason}): take it out", example.name)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(expected.is_empty(), "no examples of these names: {expected:?}");
}

#[test]
fn the_cql2_crate_reads_the_standards_examples_as_we_do() {
    // Where its grammar is another than the standard's: it knows no backslash before a quote.
    for example in all() {
        let Ok(theirs) = cql2::parse_text(example.text) else { panic!("{} is not read by the crate", example.name) };
        // It writes its geometries anew, without the third ordinate that we pass over: that is no difference.
        let json: Value = serde_json::to_value(&theirs).unwrap();
        let theirs = Filter::read(&json.to_string(), Encoding::Json);
        assert_eq!(theirs.ok(), Filter::parse(example.text).ok(), "{}: {json}", example.name);
    }
}

#[test]
fn what_the_grammar_says_beyond_the_examples() {
    let same = |a: &str, b: &str| assert_eq!(Filter::parse(a).unwrap(), Filter::parse(b).unwrap(), "{a} is {b}");
    same("a OR b AND NOT c = 1", "a OR (b AND (NOT (c = 1)))");
    same("a + b * c - d = 1", "((a + (b * c)) - d) = 1");
    same("a - b - c = 1", "(a - b) - c = 1");
    same("-a ^ 2 = 1", "(-a) ^ 2 = 1");
    same("x - 1 = 2", "x-1=2");
    same("a BETWEEN 1 AND 2 AND b = 3", "(a BETWEEN 1 AND 2) AND (b = 3)");
    same(r"a = 'O''Brien'", r"a = 'O\'Brien'");
    same("\"a\"\"b\" = 1 and \"名称\" = '李庄'", "\"a\"\"b\" = 1 AND 名称 = '李庄'");
    same("_a:b.c1 = .5", "\"_a:b.c1\" = 0.5");
    same("t_AFTER(a, date('2026-01-01'))", "T_After(a, DATE('2026-01-01'))");
    same("S_INTERSECTS(geom, multipoint(1 2, 3 4))", "s_intersects(geom, MULTIPOINT Z ((1 2 9), (3 4 9)))");
    same("a_contains((a, b), ('x'))", "A_CONTAINS((a,b),('x'))");
    assert_ne!(Filter::parse(r"a LIKE 'x\%'").unwrap(), Filter::parse("a LIKE 'x%'").unwrap());
    for wrong in
        ["a = b = c", "2 ^ 3 ^ 4 = 1", "a IN 1", "a AND", "= 1", "a b", "not", "and = 1", "a = 'x", "a LIKE", "a IS 1"]
    {
        assert_eq!(Filter::parse(wrong).unwrap_err().code(), "filter-malformed", "{wrong}");
    }
}
