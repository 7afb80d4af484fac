//! One attribute: its type, unit, domain and titles. Validation, schema, forms, labels and legends are read off it.

use serde::{Deserialize, Serialize};

use crate::text::Title;

/// The type of an attribute's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// Free text.
    Text,
    /// One of a closed list of terms.
    Code,
    /// A whole number.
    Int,
    /// A decimal number.
    Float,
    /// Yes or no.
    Bool,
    /// A day of the calendar.
    Date,
    /// An instant, kept as RFC 3339 text in UTC: `2026-10-05T00:01:02Z`.
    Instant,
}

/// What an attribute says of the time that its feature has to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Time {
    /// Its one day.
    Instant,
    /// Its first day.
    Start,
    /// Its last day; a feature without it goes on.
    End,
}

/// A term of a closed list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// What is stored.
    pub value: String,
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Other spellings that ledgers have for it.
    #[serde(default, skip_serializing)]
    pub aliases: Vec<String>,
}

/// An attribute of a kind, or a property that an analysis adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name in files, queries and GeoJSON.
    pub name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// What people read.
    #[serde(rename(serialize = "titles"))]
    pub title: Title,
    /// UCUM-like unit: `m`, `m2`, `d`, `{household}`; empty without one.
    #[serde(default)]
    pub unit: String,
    /// Column names of townships' files that mean this attribute.
    #[serde(default, skip_serializing)]
    pub aliases: Vec<String>,
    /// Phone, identity card and the like: masked for those whose work does not need it.
    #[serde(default)]
    pub personal: bool,
    /// Whether a feature without it is flawed.
    #[serde(default)]
    pub required: bool,
    /// The terms of a `code`.
    #[serde(default)]
    pub domain: Vec<Term>,
    /// Smallest and largest sensible number, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Whether it is when the feature is, for `datetime`; a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
}

impl Attribute {
    /// A plain attribute, with titles from `maps/text` under `property-<name>`.
    pub fn property(name: &str, value_type: ValueType, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            value_type,
            title: Title::of(&format!("property-{name}")),
            unit: unit.to_owned(),
            aliases: Vec::new(),
            personal: false,
            required: false,
            domain: Vec::new(),
            range: None,
            time: None,
        }
    }

    /// An attribute that a file brought and the kind does not know: kept under its own name.
    pub fn foreign(name: &str, value_type: ValueType) -> Self {
        let title = Title { zh: name.to_owned(), en: name.to_owned() };
        Self { title, ..Self::property(name, value_type, "") }
    }

    /// The stored spelling of a term, found by value, title or alias; None when it is none of them.
    pub fn term(&self, text: &str) -> Option<&str> {
        let text = text.trim();
        self.domain
            .iter()
            .find(|term| {
                term.value.eq_ignore_ascii_case(text)
                    || term.zh == text
                    || term.en.eq_ignore_ascii_case(text)
                    || term.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(text))
            })
            .map(|term| term.value.as_str())
    }

    /// Whether a file's column of this name means the attribute.
    pub fn answers_to(&self, column: &str) -> bool {
        let column = column.trim();
        self.name.eq_ignore_ascii_case(column)
            || self.title.zh == column
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(column))
    }
}
