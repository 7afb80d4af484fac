//! The kinds of event, as `maps/events/*.toml` has them; built into the binary.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::fault::Fault;
use crate::kind::{Attribute, Kind, ValueType};
use crate::text::Title;
use crate::units::Day;

#[derive(RustEmbed)]
#[folder = "maps/events"]
#[include = "*.toml"]
pub(super) struct Files;

/// Something that can happen to features of some kinds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventKind {
    /// Its name, one of its own among the events of a kind: `cleaned`.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// The kinds of feature that it can happen to; `*`: any.
    pub kinds: Vec<String>,
    /// Whether a form offers it at first glance.
    #[serde(default)]
    pub quick: bool,
    /// Written by edits, imports and undo; nobody records it by name.
    #[serde(default)]
    pub system: bool,
    /// Attributes of the feature that are asked for and set.
    #[serde(default)]
    pub ask: Vec<String>,
    /// Attribute to value: a constant, `$on` (`$on+30`), `$by`, `$null`, or `$+1` (one more than it was).
    #[serde(default)]
    pub set: BTreeMap<String, Value>,
    /// The units in which its quantity may be given; none: it has no quantity.
    #[serde(default)]
    pub units: Vec<String>,
    /// What else is asked for; kept with the event alone.
    #[serde(rename = "field", default)]
    pub own_fields: Vec<Attribute>,
    /// The states of the feature that it may start from; none: any.
    #[serde(default)]
    pub from: Vec<String>,
    /// It cannot be done by who did the latest event of this name.
    #[serde(default)]
    pub not_by: Option<String>,
    /// Whether it takes a note or a file as proof.
    #[serde(default)]
    pub needs_proof: bool,
}

impl EventKind {
    /// Whether it can happen to features of a kind.
    pub fn befalls(&self, kind: &Kind) -> bool {
        self.kinds.iter().any(|own| own == "*" || *own == kind.id)
    }

    /// What it asks for of a feature of this kind: attributes that it sets, then fields of its own.
    pub fn fields<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = &'a Attribute> {
        self.ask.iter().filter_map(|name| kind.attribute(name)).chain(&self.own_fields)
    }

    /// The attributes that it changes, given what was typed in its fields and what the feature was.
    pub fn sets(
        &self,
        fields: &Map<String, Value>,
        before: &Map<String, Value>,
        on: Day,
        by: &str,
    ) -> Map<String, Value> {
        let mut sets = Map::new();
        for (attribute, rule) in &self.set {
            let value = match rule.as_str().and_then(|rule| rule.strip_prefix('$')) {
                Some("null") => Value::Null,
                Some("by") => by.into(),
                Some("+1") => (before.get(attribute).and_then(Value::as_i64).unwrap_or(1) + 1).into(),
                Some(days) => {
                    let later = days.strip_prefix("on+").and_then(|days| days.parse().ok()).unwrap_or(0);
                    Day(on.0 + later).to_string().into()
                }
                None => rule.clone(),
            };
            sets.insert(attribute.clone(), value);
        }
        for name in &self.ask {
            if let Some(value) = fields.get(name) {
                sets.insert(name.clone(), value.clone());
            }
        }
        sets
    }

    /// For forms: everything that is asked, with titles in both languages.
    pub fn describe(&self, kind: &Kind) -> Value {
        json!({
            "id": self.id,
            "titles": self.title,
            "kind": kind.id,
            "quick": self.quick,
            "units": self.units,
            "fields": self.fields(kind).collect::<Vec<_>>(),
            "from": self.from,
            "to": self.set.get("status"),
            "not_by": self.not_by,
            "needs_proof": self.needs_proof,
        })
    }
}

/// One of the files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    event: Vec<EventKind>,
}

static KINDS: LazyLock<Vec<EventKind>> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().filter(|name| name != "units.toml").collect();
    names.sort();
    names
        .iter()
        .filter_map(|name| Files::get(name).map(|file| (name, file)))
        .filter_map(|(name, file)| match toml::from_slice::<File>(&file.data) {
            Ok(file) => Some(file.event),
            // A file that does not read is a fault of the build: `tests/house/events.rs` fails on it.
            Err(error) => {
                tracing::error!(%name, %error, "event kinds do not read");
                None
            }
        })
        .flatten()
        .collect()
});

/// All kinds of event.
pub fn all() -> &'static [EventKind] {
    &KINDS
}

/// What can be recorded of features of a kind, by name.
pub fn of(kind: &Kind) -> impl Iterator<Item = &'static EventKind> {
    KINDS.iter().filter(|event| !event.system && event.befalls(kind))
}

/// The event of that name, or title, that can befall features of a kind.
///
/// # Errors
/// `event-unknown`, naming those that there are.
pub fn find(kind: &Kind, name: &str) -> Result<&'static EventKind, Fault> {
    let name = name.trim();
    of(kind)
        .find(|event| event.id == name || event.title.zh == name || event.title.en.eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            let known: Vec<&str> = of(kind).map(|event| event.id.as_str()).collect();
            Fault::invalid("event-unknown")
                .with("parameter", "event")
                .with("value", name)
                .with("kind", &kind.id)
                .with("known", known.join(", "))
        })
}

/// The event of that id that befalls a kind, system events included; None for one that this version does not know.
pub fn known(kind: &Kind, id: &str) -> Option<&'static EventKind> {
    KINDS.iter().find(|event| event.id == id && event.befalls(kind))
}

/// A typed value for an attribute, as JSON of the attribute's type.
///
/// # Errors
/// `field-value`: it is not of the type, the domain or the range.
pub fn value(attribute: &Attribute, typed: &Value) -> Result<Value, Fault> {
    let text = match typed {
        Value::Null => return Ok(Value::Null),
        Value::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Value::String(text) => Some(text.trim()),
        _ => None,
    };
    let read = match attribute.value_type {
        ValueType::Text => text.map(Value::from).or_else(|| (!typed.is_object()).then(|| typed.to_string().into())),
        ValueType::Code => text.and_then(|text| attribute.term(text)).map(Value::from),
        ValueType::Int => typed.as_i64().or_else(|| text?.parse().ok()).map(Value::from),
        ValueType::Float => {
            typed.as_f64().or_else(|| text?.parse().ok()).filter(|x: &f64| x.is_finite()).map(Value::from)
        }
        ValueType::Bool => typed.as_bool().or_else(|| truth(text?)).map(Value::from),
        ValueType::Date => text.and_then(Day::parse).map(|day| day.to_string().into()),
        ValueType::Instant => text.and_then(|t| t.parse().ok()).map(|at: jiff::Timestamp| at.to_string().into()),
    };
    let in_range = |value: &Value| match (attribute.range, value.as_f64()) {
        (Some([least, most]), Some(x)) => (least..=most).contains(&x),
        _ => true,
    };
    read.filter(in_range).ok_or_else(|| {
        let accepted = match (attribute.value_type, attribute.range) {
            (ValueType::Code, _) => {
                attribute.domain.iter().map(|t| format!("{} ({})", t.value, t.zh)).collect::<Vec<_>>().join(", ")
            }
            (_, Some([least, most])) => format!("{least} … {most}"),
            (ValueType::Date, _) => "YYYY-MM-DD".to_owned(),
            (ValueType::Instant, _) => "YYYY-MM-DDThh:mm:ssZ".to_owned(),
            (ValueType::Bool, _) => "true, false".to_owned(),
            (value_type, _) => format!("{value_type:?}").to_lowercase(),
        };
        let value = text.map_or_else(|| typed.to_string(), str::to_owned);
        Fault::unprocessable("field-value")
            .with("field", &attribute.name)
            .with("value", value)
            .with("accepted", accepted)
    })
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" | "是" | "有" => Some(true),
        "false" | "no" | "0" | "否" | "无" => Some(false),
        _ => None,
    }
}
