//! The log seen as a layer: one feature for each event, at the place where it was recorded or where its feature lies.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use rusqlite::Connection;
use serde_json::Value as Json;

use crate::event;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::store::event::{self as log, Event, Touched};
use crate::store::info::{self, LayerInfo};
use crate::table::{Builder, Table, Value};
use crate::units::Day;

/// Every event that took effect by a day and had been recorded by an instant.
pub fn table(
    db: &Connection,
    layer: &LayerInfo,
    day: Option<Day>,
    until: Option<&str>,
    zone: &TimeZone,
) -> Result<Table, Fault> {
    let db = db.unchecked_transaction()?;
    let view = View::read(&db, until, zone)?;
    let mut builder = Builder::new(layer.attributes.clone());
    let mut unread = None;
    log::every(&db, &mut |event| {
        let counts = day.is_none_or(|day| event.draft.on <= day)
            && until.is_none_or(|until| event.recorded_at.as_str() <= until);
        if counts && let Err(fault) = push(layer, &event, &view, &mut builder) {
            unread = Some(fault);
        }
    })?;
    unread.map_or_else(|| Ok(builder.finish(Vec::new())), Err)
}

/// Those events, as they look now.
pub fn some(db: &Connection, layer: &LayerInfo, ids: &[&str], zone: &TimeZone) -> Result<Table, Fault> {
    let db = db.unchecked_transaction()?;
    let view = View::read(&db, None, zone)?;
    let places: Vec<i64> = ids.iter().filter_map(|id| log::place_in_log(id)).collect();
    let mut builder = Builder::new(layer.attributes.clone());
    for event in log::at(&db, &places)? {
        push(layer, &event, &view, &mut builder)?;
    }
    Ok(builder.finish(Vec::new()))
}

/// The events that are new behind a place in the log, or look otherwise because of one that is.
pub fn touched(db: &Connection, after: i64) -> Result<Vec<Touched>, Fault> {
    let events = log::behind(db, after)?;
    Ok(events.iter().map(|event| Touched { id: event.id(), since: event.draft.on }).collect())
}

/// The instant at which an event was recorded, as a day.
pub fn recorded_on(event: &Event, zone: &TimeZone) -> Day {
    event.recorded_at.parse::<jiff::Timestamp>().map_or(event.draft.on, |at| Day::of_instant(at, zone))
}

/// What has to be known to show events.
struct View<'a> {
    revoked: HashSet<i64>,
    /// What the features of each layer are.
    kinds: HashMap<String, Arc<Kind>>,
    zone: &'a TimeZone,
}

impl<'a> View<'a> {
    fn read(db: &Connection, until: Option<&str>, zone: &'a TimeZone) -> Result<Self, Fault> {
        let kinds = info::read(db)?.into_iter().map(|layer| (layer.name, layer.kind)).collect();
        Ok(Self { revoked: log::revoked(db, until)?, kinds, zone })
    }
}

fn push(layer: &LayerInfo, event: &Event, view: &View<'_>, builder: &mut Builder) -> Result<(), Fault> {
    let draft = &event.draft;
    let recorded_on = recorded_on(event, view.zone);
    let known = view.kinds.get(&event.layer).and_then(|kind| event::known(kind, &draft.event));
    let title = known.map_or(draft.event.as_str(), |kind| &kind.title.zh);
    let text = |text: &'_ str| if text.is_empty() { Json::Null } else { text.into() };
    let quantity = draft.quantity.as_ref();
    let values: Vec<Json> = layer
        .attributes
        .iter()
        .map(|attribute| match attribute.name.as_str() {
            "title" => title.into(),
            "layer" => event.layer.as_str().into(),
            "feature" => event.feature.as_str().into(),
            "event" => draft.event.as_str().into(),
            "on" => draft.on.to_string().into(),
            "recorded_on" => recorded_on.to_string().into(),
            "recorded_at" => event.recorded_at.as_str().into(),
            "author" => draft.author.as_str().into(),
            "by" => text(&draft.by),
            "note" => text(&draft.note),
            "quantity" => quantity.map(|q| q.value).into(),
            "unit" => quantity.map(|q| q.unit.id.as_str()).into(),
            "qualifier" => quantity.map(|q| q.qualifier.id()).into(),
            "area_m2" => draft.fields.get("area_m2").cloned().unwrap_or_default(),
            "village" => text(&draft.village),
            "evidence" => draft.evidence.len().into(),
            "late" => (recorded_on > draft.on).into(),
            "undone" => view.revoked.contains(&event.seq).into(),
            "private" => draft.private.into(),
            _ => Json::Null,
        })
        .collect();
    match draft.position.or(draft.place) {
        Some([lng, lat]) => builder.geometries.push(Some(&geo_types::Point::new(lng, lat).into())),
        None => builder.geometries.push(None),
    }
    let typed = layer.attributes.iter().zip(&values);
    let typed: Vec<Value<'_>> = typed.map(|(a, json)| crate::store::values::from_json(json, a.value_type)).collect();
    builder.push(&event.id(), typed);
    Ok(())
}
