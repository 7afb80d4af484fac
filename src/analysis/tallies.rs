//! How much was done of each kind of work: the ledger's events added up, item by item and unit by unit.
//!
//! What was undone does not count, and what edits and imports wrote is no work. Cubic metres and tonnes of the same item are
//! two rows: units are never turned into each other.

use std::collections::BTreeMap;

use crate::analysis::Bound;
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::collection::Figure;
use crate::event::{self, EventKind};
use crate::fault::Fault;
use crate::geo::shape::Geometries;
use crate::kind::{self, Attribute, Kind, Term, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Row, Table, Value};
use crate::text::Title;
use crate::units::Day;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "tallies",
    version: "1",
    parameters: &[
        Parameter { name: "from", domain: Domain::Day },
        Parameter { name: "by", domain: Domain::Choice { options: &["town", "village"] } },
        Parameter { name: "events", domain: Domain::Layer { kinds: &["event"] } },
    ],
    inputs: &[
        Input { role: "events", from: From::Parameter("events"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: false },
    ],
    subject: |_| "events",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Date, Float, Int, Text};
    vec![
        Attribute::property("title", Text, ""),
        Attribute { domain: items(), ..Attribute::property("event", Code, "") },
        Attribute::property("layer", Text, ""),
        Attribute { domain: units(), ..Attribute::property("unit", Code, "") },
        Attribute::property("village", Text, ""),
        Attribute::property("count", Int, "{time}"),
        Attribute::property("quantity", Float, ""),
        Attribute::property("at_least", Bool, ""),
        Attribute { title: Title::of("property-tallied_m2"), ..Attribute::property("area_m2", Float, "m2") },
        Attribute::property("first_on", Date, ""),
        Attribute::property("last_on", Date, ""),
    ]
}

fn items() -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for EventKind { id, title: Title { zh, en }, .. } in event::all().iter().filter(|event| is_work(event)) {
        if terms.iter().all(|term| term.value != *id) {
            terms.push(Term { value: id.clone(), zh: zh.clone(), en: en.clone(), aliases: Vec::new() });
        }
    }
    terms
}

fn units() -> Vec<Term> {
    let term = |unit: &event::Unit| {
        let Title { zh, en } = unit.title.clone();
        Term { value: unit.id.clone(), zh, en, aliases: Vec::new() }
    };
    event::units().iter().map(term).collect()
}

/// Whether an event is something done: no edit, no import, no remark.
fn is_work(event: &EventKind) -> bool {
    !event.system && event.id != "noted"
}

/// What is added up: an item of one unit, in one village where villages are told apart. An item that means another thing for
/// another kind (a pond is cleaned, and so is a toilet) is told apart by its layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    event: String,
    layer: Option<String>,
    unit: Option<String>,
    village: Option<String>,
}

impl Key {
    /// `rubbish-cleared:m3:东庄`: each part in its place, so that a village may be called as a unit is.
    fn id(&self) -> String {
        let parts = [Some(&self.event), self.unit.as_ref(), self.village.as_ref(), self.layer.as_ref()];
        parts.map(|part| part.map_or("", String::as_str)).join(":").trim_end_matches(':').to_owned()
    }
}

/// The sum so far.
#[derive(Clone, Debug, Default)]
struct Sum {
    count: i64,
    quantity: Option<f64>,
    at_least: bool,
    area_m2: Option<f64>,
    first_on: Option<Day>,
    last_on: Option<Day>,
}

fn text(row: Row<'_>, attribute: &str) -> Option<String> {
    match row.named(attribute) {
        Value::Text(text) if !text.is_empty() => Some(text.to_owned()),
        _ => None,
    }
}

fn add(sum: &mut Option<f64>, more: Option<f64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or(0.0) + more);
    }
}

/// The kind that is usually kept in a layer of this name.
fn kind_of(layer: &str) -> Option<&'static Kind> {
    kind::all().iter().find(|kind| kind.layer == layer).map(|kind| &**kind)
}

/// What an item is called: as its kind of event is, after the layer where its name alone would not tell.
fn title(key: &Key) -> String {
    let named: Vec<&EventKind> = event::all().iter().filter(|event| event.id == key.event && is_work(event)).collect();
    let of_layer = key.layer.as_deref().and_then(kind_of);
    let own = of_layer.and_then(|kind| named.iter().find(|event| event.befalls(kind)));
    let Some(event) = own.or(named.first()) else { return key.event.clone() };
    match (&key.layer, of_layer) {
        (Some(_), Some(kind)) => format!("{}：{}", kind.title.zh, event.title.zh),
        (Some(layer), None) => format!("{layer}：{}", event.title.zh),
        (None, _) => event.title.zh.clone(),
    }
}

fn sums(bound: &Bound, events: &Table) -> (BTreeMap<Key, Sum>, usize) {
    let from = bound.day("from");
    let by_village = bound.text("by") == "village";
    let meanings = |id: &str| event::all().iter().filter(|event| event.id == id && is_work(event)).count();
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    let mut counted = 0;
    // In one order always, so that the same events have the same sum to the last digit.
    for &row in events.sorted() {
        let row = events.row(row);
        let (Some(name), Value::Date(on)) = (text(row, "event"), row.named("on")) else { continue };
        let in_time = on <= bound.as_of && from.is_none_or(|from| from <= on);
        if !in_time || row.named("undone") == Value::Bool(true) || meanings(&name) == 0 {
            continue;
        }
        counted += 1;
        let key = Key {
            layer: text(row, "layer").filter(|_| meanings(&name) > 1),
            event: name,
            unit: text(row, "unit").filter(|_| !row.named("quantity").is_null()),
            village: text(row, "village").filter(|_| by_village),
        };
        let sum = sums.entry(key).or_default();
        sum.count += 1;
        add(&mut sum.quantity, row.named("quantity").number());
        add(&mut sum.area_m2, row.named("area_m2").number());
        sum.at_least |= matches!(row.named("qualifier"), Value::Text("approx" | "at_least"));
        sum.first_on = Some(sum.first_on.map_or(on, |first| first.min(on)));
        sum.last_on = Some(sum.last_on.map_or(on, |last| last.max(on)));
    }
    (sums, counted)
}

/// The village of that id or name.
fn village<'a>(villages: Option<&'a Table>, name: &str) -> Option<Row<'a>> {
    let table = villages?;
    table.find(name).or_else(|| table.rows().find(|row| row.named("name") == Value::Text(name)))
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let events = bound.layer("events")?.table();
    let villages = bound.layers("villages").first().map(|layer| &**layer.table());
    let (sums, counted) = sums(bound, events);
    let mut builder = Builder::new(properties());
    let (mut first_on, mut last_on): (Option<Day>, Option<Day>) = (None, None);
    let mut seen: Vec<&str> = Vec::new();
    for (key, sum) in &sums {
        let title = title(key);
        let day = |day: Option<Day>| day.map_or(Value::Null, Value::Date);
        let number = |x: Option<f64>| x.map_or(Value::Null, Value::Float);
        let place = key.village.as_deref().and_then(|name| village(villages, name));
        builder.push(
            &key.id(),
            [
                Value::Text(&title),
                Value::Text(&key.event),
                word(key.layer.as_ref()),
                word(key.unit.as_ref()),
                word(key.village.as_ref()),
                Value::Int(sum.count),
                number(sum.quantity),
                sum.quantity.map_or(Value::Null, |_| Value::Bool(sum.at_least)),
                number(sum.area_m2),
                day(sum.first_on),
                day(sum.last_on),
            ],
        );
        push_place(&mut builder.geometries, place);
        first_on = first_on.into_iter().chain(sum.first_on).min();
        last_on = last_on.max(sum.last_on);
        seen.extend(key.village.as_deref().filter(|name| !seen.contains(name)));
    }
    let told = |day: Option<Day>| day.map(|day| day.to_string());
    let mut figures = vec![
        Figure::new("events", counted, "{time}"),
        Figure::new("first_on", told(first_on), ""),
        Figure::new("last_on", told(last_on), ""),
    ];
    if bound.text("by") == "village" {
        figures.push(Figure::new("villages_told", seen.len(), "{village}"));
    }
    let order = ["event", "layer", "unit", "village"].map(SortKey::up).to_vec();
    Ok(Outcome { table: builder.finish(order), figures })
}

fn word(text: Option<&String>) -> Value<'_> {
    text.map_or(Value::Null, |text| Value::Text(text))
}

fn push_place(out: &mut Geometries, place: Option<Row<'_>>) {
    match place {
        Some(row) => out.push_shape(row.shape()),
        None => out.push(None),
    }
}
