//! What the questions about water share: a body's attributes, its judgement, the list that it is on, and what flows into it.

pub mod bodies;
pub mod flow;
pub mod judge;

use crate::analysis::{Bound, RowTest, standing};
use crate::geo::measure;
use crate::kind::Term;
use crate::table::{Table, Value};
use crate::text::Title;
use crate::units::Day;

/// Waters no farther apart than this are one water, metres.
const JOINED_M: f64 = 1.0;

/// A table of water bodies, as of a day.
pub struct Waters<'a> {
    /// The bodies.
    pub table: &'a Table,
    /// The day.
    pub as_of: Day,
    /// Which are still there.
    pub stands: RowTest<'a>,
    condition: Option<usize>,
    kind: Option<usize>,
    width_m: Option<usize>,
}

/// A body's area, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Square metres; None where nobody can know.
    pub m2: Option<f64>,
    /// `drawn`, `width` or `unknown`.
    pub basis: &'static str,
}

impl<'a> Waters<'a> {
    /// The bodies that an analysis was bound to.
    pub fn of(bound: &Bound, table: &'a Table) -> Self {
        let column = |name: &str| table.column(name);
        Self {
            table,
            as_of: bound.as_of,
            stands: standing(table),
            condition: column("condition"),
            kind: column("type"),
            width_m: column("width_m"),
        }
    }

    /// Its stated condition; `unknown` where nobody said.
    pub fn condition(&self, row: u32) -> &'a str {
        match self.condition.map(|at| self.table.row(row).value(at)) {
            Some(Value::Text(word)) => word,
            _ => "unknown",
        }
    }

    /// What a row says under an attribute, if that is a day that has come.
    pub fn day(&self, row: u32, column: Option<usize>) -> Option<Day> {
        match self.table.row(row).value(column?) {
            Value::Date(day) if day <= self.as_of => Some(day),
            _ => None,
        }
    }

    /// Whether it runs along: a ditch, canal or river, or whatever is drawn as a line.
    pub fn runs(&self, row: u32) -> bool {
        let named = self.kind.map(|at| self.table.row(row).value(at));
        matches!(named, Some(Value::Text("ditch" | "canal" | "river"))) || self.is_line(row)
    }

    /// Whether it is drawn as a line.
    pub fn is_line(&self, row: u32) -> bool {
        self.table.shape(row).kind.dimension() == Some(1)
    }

    /// How wide it is, where that is known.
    pub fn width_m(&self, row: u32) -> Option<f64> {
        self.table.row(row).value(self.width_m?).number().filter(|m| *m > 0.0)
    }

    /// Its area as it is drawn; of a line its length times its width. `drawn_m2`: the area of its polygons, if that was measured.
    pub fn area(&self, row: u32, drawn_m2: Option<f64>) -> Area {
        let shape = self.table.shape(row);
        match shape.kind.dimension() {
            Some(2) => Area { m2: Some(drawn_m2.unwrap_or_else(|| measure::area_m2(shape))), basis: "drawn" },
            Some(1) => self.line_area(row, measure::length_m(shape)),
            _ => Area { m2: None, basis: "unknown" },
        }
    }

    /// The area of so many metres of a water that is drawn as a line.
    pub fn line_area(&self, row: u32, length_m: f64) -> Area {
        match self.width_m(row) {
            Some(width_m) => Area { m2: Some(length_m * width_m), basis: "width" },
            None => Area { m2: None, basis: "unknown" },
        }
    }
}

/// What a column says of a row, empty where it says nothing.
pub fn text(table: &Table, row: u32, column: Option<usize>) -> &str {
    match column.map(|at| table.row(row).value(at)) {
        Some(Value::Text(text)) => text.trim(),
        _ => "",
    }
}

/// A number as a value; None: null.
pub fn number<'v>(x: Option<f64>) -> Value<'v> {
    x.map_or(Value::Null, Value::Float)
}

/// A day as a value; None: null.
pub fn date<'v>(day: Option<Day>) -> Value<'v> {
    day.map_or(Value::Null, Value::Date)
}

/// A word as a value; None, and an empty one: null.
pub fn word<'v>(text: impl Into<Option<&'v str>>) -> Value<'v> {
    text.into().filter(|text| !text.is_empty()).map_or(Value::Null, Value::Text)
}

/// Terms titled in `maps/text` under `option-<of>-<word>`.
pub fn terms(of: &str, words: &[&str]) -> Vec<Term> {
    words
        .iter()
        .map(|word| {
            let Title { zh, en } = Title::of(&format!("option-{of}-{word}"));
            Term { value: (*word).to_owned(), zh, en, aliases: Vec::new() }
        })
        .collect()
}
