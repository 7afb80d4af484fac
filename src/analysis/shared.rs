//! What several analyses need.

use crate::kind::Term;
use crate::rules::Rule;
use crate::table::{Table, Value};
use crate::text::Title;

/// States in which a thing is no longer there: it is not counted.
const GONE: &[&str] = &["withdrawn", "demolished", "relocated"];

/// A test of a row's number.
pub type RowTest<'a> = Box<dyn Fn(u32) -> bool + Sync + 'a>;

/// Which rows of a table are still there, by their `status`; all, where the table keeps none.
pub fn standing(table: &Table) -> RowTest<'_> {
    match table.column("status") {
        Some(at) => Box::new(move |row| !matches!(table.row(row).value(at), Value::Text(word) if GONE.contains(&word))),
        None => Box::new(|_| true),
    }
}

/// The terms of a property, titled in `maps/text` under `option-<word>`.
pub fn terms(words: &[&str]) -> Vec<Term> {
    words
        .iter()
        .map(|word| {
            let Title { zh, en } = Title::of(&format!("option-{word}"));
            Term { value: (*word).to_owned(), zh, en, aliases: Vec::new() }
        })
        .collect()
}

/// A rule as a term of a property that names rules.
pub fn rule_term(rule: &Rule) -> Term {
    let Title { zh, en } = rule.title.clone();
    Term { value: rule.id.clone(), zh, en, aliases: Vec::new() }
}

/// Rounded to a thousandth: a millimetre of metres. For figures that people read; features carry what was measured.
pub fn round_mm(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
