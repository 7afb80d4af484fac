//! What a check found: its figures, and what breaks it.

use serde_json::{Value, json};

use crate::check::Check;
use crate::text::{Lang, Title};

/// A figure, with the question that yields it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What people call it.
    pub title: Title,
    /// The number.
    pub value: usize,
    /// The collection that it was counted in.
    pub collection: String,
    /// The filter that it was counted by; empty: everything.
    pub filter: String,
}

/// A record that breaks a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The collection that it is in.
    pub collection: String,
    /// Its id.
    pub feature: String,
    /// Its name; empty where it has none, or a person's.
    pub name: String,
    /// Why, with the values that tell.
    pub reason: Title,
}

/// What a check found in a collection.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// The collection that it looked at.
    pub collection: String,
    /// Its figures.
    pub figures: Vec<Count>,
    /// What breaks it.
    pub breaks: Vec<Break>,
}

impl Finding {
    /// Whether nothing breaks it.
    pub fn holds(&self) -> bool {
        self.breaks.is_empty()
    }

    /// For machines; what people read in the language asked for, titles in both.
    pub fn to_json(&self, lang: Lang) -> Value {
        let figures = self.figures.iter().map(|figure| {
            json!({
                "title": figure.title.get(lang), "titles": figure.title, "value": figure.value,
                "collection": figure.collection, "filter": figure.filter,
            })
        });
        let breaks = self.breaks.iter().map(|one| {
            json!({
                "collection": one.collection, "feature": one.feature, "name": one.name,
                "reason": one.reason.get(lang), "reasons": one.reason,
            })
        });
        json!({
            "id": self.check.id, "title": self.check.title.get(lang), "titles": self.check.title,
            "collection": self.collection, "holds": self.holds(),
            "figures": figures.collect::<Vec<_>>(), "breaks": breaks.collect::<Vec<_>>(),
        })
    }
}
