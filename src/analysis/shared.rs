//! What several analyses need.

use rayon::prelude::*;

use crate::kind::{Attribute, Term};
use crate::rules::Rule;
use crate::table::{ColumnBuilder, Row, Table, Value};
use crate::text::Title;
use crate::units::Day;

/// States in which a thing is no longer there: it is not counted.
const GONE: &[&str] = &["withdrawn", "demolished", "relocated"];

/// A test of a row's number.
pub type RowTest<'a> = Box<dyn Fn(u32) -> bool + Sync + 'a>;

/// Those of the properties that are named, in that order.
pub fn some(properties: &[Attribute], names: &[&str]) -> Vec<Attribute> {
    names.iter().filter_map(|name| properties.iter().find(|a| a.name == *name).cloned()).collect()
}

/// Columns of attributes, filled side by side: of each row the values, in the attributes' order.
pub fn columns<'v, R>(attributes: Vec<Attribute>, rows: &[R]) -> Vec<(Attribute, ColumnBuilder)>
where
    R: AsRef<[Value<'v>]> + Sync,
{
    let fill = |(at, attribute): (usize, Attribute)| {
        let mut column = ColumnBuilder::new(attribute.value_type);
        rows.iter().for_each(|row| column.push(row.as_ref().get(at).copied().unwrap_or(Value::Null)));
        (attribute, column)
    };
    attributes.into_par_iter().enumerate().map(fill).collect()
}

/// Which rows of a table are still there, by their `status`; all, where the table keeps none.
pub fn standing(table: &Table) -> RowTest<'_> {
    match table.column("status") {
        Some(at) => Box::new(move |row| !matches!(table.row(row).value(at), Value::Text(word) if GONE.contains(&word))),
        None => Box::new(|_| true),
    }
}

/// Which rows of a table are there on a day: standing, and neither before `valid_from` nor after `valid_to`.
pub fn in_force(table: &Table, day: Day) -> RowTest<'_> {
    let stands = standing(table);
    let on = |row: u32, at: Option<usize>| match at.map(|at| table.row(row).value(at)) {
        Some(Value::Date(on)) => Some(on),
        _ => None,
    };
    let (from, to) = (table.column("valid_from"), table.column("valid_to"));
    Box::new(move |row| {
        stands(row) && on(row, from).is_none_or(|from| from <= day) && on(row, to).is_none_or(|to| day <= to)
    })
}

/// What a row says under an attribute; None where it says nothing.
pub fn said<'t>(row: Row<'t>, attribute: &str) -> Option<&'t str> {
    match row.named(attribute) {
        Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// A text as a value; null where there is none.
pub fn word(text: &str) -> Value<'_> {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
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
