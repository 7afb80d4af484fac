//! What leaves the system: a Collection, seen through a Query.
//!
//! Three laws, held by `tests/laws` over every collection of every map:
//!
//! 1. **Filter law.** Asking with a bbox or a filter equals asking for everything and then filtering.
//! 2. **Page law.** Pages joined equal the whole: no feature twice, none missing, the order stable across restarts.
//! 3. **Revision law.** Equal revisions give equal features; a change in an input changes every descendant's revision.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::fault::{Class, Fault};
use crate::kind::{Attribute, Kind, Term};
use crate::query::Query;
use crate::table::{Answer, Table};
use crate::text::{Lang, Title};
use crate::units::{Day, Span};

/// A stable fingerprint of what a collection holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Revision(pub u128);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is known of a collection before anything is run.
#[derive(Clone, Debug)]
pub struct About {
    /// Its canonical id: `ponds@2026-09-30`, `farms-near-schools~distance=800`.
    pub id: String,
    /// The layer whose features it holds: itself, or the subject of the analysis.
    pub layer: String,
    /// What people call it.
    pub title: Title,
    /// What its features are.
    pub kind: Arc<Kind>,
    /// The analysis that makes it; None for a layer.
    pub analysis: Option<&'static str>,
    /// The analysis's parameters in force, defaults included, in the order of the definition.
    pub parameters: Vec<(&'static str, serde_json::Value)>,
    /// The day it was asked as of; None: now.
    pub as_of: Option<Day>,
    /// The day by whose evening what counts had been recorded; None: all that is known.
    pub known: Option<Day>,
    /// The collections it is made from, with their revisions.
    pub inputs: Vec<(String, Revision)>,
}

/// A named figure with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name in JSON.
    pub name: &'static str,
    /// The number, or a text.
    pub value: serde_json::Value,
    /// UCUM-like unit; empty without one.
    pub unit: Cow<'static, str>,
    /// How a value that is codes reads to people.
    pub words: Option<Title>,
}

impl Figure {
    /// A figure; its title stands in `maps/text` under `figure-<name>`.
    pub fn new(name: &'static str, value: impl Into<serde_json::Value>, unit: impl Into<Cow<'static, str>>) -> Self {
        Self { name, value: unsigned(value.into()), unit: unit.into(), words: None }
    }

    /// A figure whose value is terms of a domain: their codes, and in words their titles.
    pub fn terms(name: &'static str, terms: &[&Term]) -> Self {
        let list = |of: fn(&Term) -> &str, between: &str| terms.iter().map(|t| of(t)).collect::<Vec<_>>().join(between);
        let words = Title { zh: list(|term| &term.zh, "、"), en: list(|term| &term.en, ", ") };
        Self { words: Some(words), ..Self::new(name, list(|term| &term.value, ","), "") }
    }

    /// The value as people read it, without its unit.
    pub fn said(&self, lang: Lang) -> String {
        match (&self.words, &self.value) {
            (Some(words), _) if !words.get(lang).is_empty() => words.get(lang).to_owned(),
            (Some(_), _) | (None, serde_json::Value::Null) => "–".to_owned(),
            (None, serde_json::Value::String(text)) => text.clone(),
            (None, value) => value.to_string(),
        }
    }

    /// What people call it.
    pub fn title(&self) -> Title {
        Title::of(&format!("figure-{}", self.name))
    }
}

/// A sum of nothing is 0, without a sign, wherever it stands.
fn unsigned(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value::{Array, Number, Object};
    match value {
        Number(n) if n.is_f64() && n.as_f64() == Some(0.0) => 0.0.into(),
        Array(items) => items.into_iter().map(unsigned).collect(),
        Object(members) => members.into_iter().map(|(name, value)| (name, unsigned(value))).collect(),
        value => value,
    }
}

/// What is known of a collection once it has been run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The named figures, most telling first.
    pub figures: Vec<Figure>,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its box `[west, south, east, north]`; None when nothing has a place.
    pub bbox: Option<[f64; 4]>,
    /// From the first to the last day of its features; None where they have no time of their own.
    pub during: Option<Span>,
    /// How many features it has.
    pub count: usize,
}

impl Summary {
    /// The summary of a table, with figures before the count.
    pub fn of(table: &Table, mut figures: Vec<Figure>) -> Self {
        let count = table.len() as usize;
        if !figures.iter().any(|figure| figure.name == "count") {
            figures.insert(0, Figure::new("count", count, "{feature}"));
        }
        Self {
            figures,
            attributes: table.attributes().to_vec(),
            bbox: table.bbox().map(|b| b.to_array()),
            during: table.span(),
            count,
        }
    }
}

/// A layer, a derivation or an account: the only thing that doors and encoders know.
pub trait Collection: Send + Sync {
    /// Known when bound.
    fn about(&self) -> &About;

    /// Known when bound: equal revisions give equal features.
    fn revision(&self) -> Revision;

    /// Known after running.
    ///
    /// # Errors
    /// What the analysis could not do.
    fn summary(&self) -> Result<Arc<Summary>, Fault>;

    /// The features that a query asks for.
    ///
    /// # Errors
    /// What the analysis could not do, or the query may not ask.
    fn features(&self, query: &Query) -> Result<Answer, Fault>;
}

/// A collection's summary, or the words in which its analysis refuses to answer (class `Unprocessable`: too few units, say):
/// what refuses is still a collection of its map, with an empty summary.
///
/// # Errors
/// Any other fault.
pub fn summary_or_refusal(collection: &dyn Collection) -> Result<(Arc<Summary>, Option<Fault>), Fault> {
    match collection.summary() {
        Ok(summary) => Ok((summary, None)),
        Err(fault) if fault.class() == Class::Unprocessable => Ok((Arc::default(), Some(fault))),
        Err(fault) => Err(fault),
    }
}
