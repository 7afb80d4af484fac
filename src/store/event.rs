//! Events as the log keeps them: appended, read back, never changed.

use std::collections::HashSet;

use rusqlite::types::Type;
use rusqlite::{CachedStatement, Connection, Row, params};
use serde_json::{Map, Value};

use crate::event::{Qualifier, Quantity};
use crate::fault::Fault;
use crate::store::fold::{self, Effect};
use crate::units::Day;

/// What is to be recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The day on which it took effect.
    pub on: Day,
    /// Who records it.
    pub author: String,
    /// Who did it, where that is somebody else; empty otherwise.
    pub by: String,
    /// Its kind: `cleaned`.
    pub event: String,
    /// What was written beside.
    pub note: String,
    /// How much was done.
    pub quantity: Option<Quantity>,
    /// Where whoever recorded it stood, longitude and latitude.
    pub position: Option<[f64; 2]>,
    /// Where the feature lies.
    pub place: Option<[f64; 2]>,
    /// The village of the feature; empty where it is not known.
    pub village: String,
    /// Whether the place is personal.
    pub private: bool,
    /// SHA-256 of the files that prove it.
    pub evidence: Vec<String>,
    /// What was filled in, by field.
    pub fields: Map<String, Value>,
    /// What it changes.
    pub effect: Effect,
    /// The import that it comes from.
    pub import: Option<i64>,
    /// Its own number in the log that it was taken from.
    pub number: Option<String>,
}

/// What was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its place in the log.
    pub seq: i64,
    /// The instant at which it was recorded, ISO 8601 in UTC.
    pub recorded_at: String,
    /// The layer.
    pub layer: String,
    /// The feature's id.
    pub feature: String,
    /// Whether a later event has revoked it.
    pub undone: bool,
    /// All the rest.
    pub draft: Draft,
}

impl Event {
    /// Its id: `e-12`.
    pub fn id(&self) -> String {
        spell(self.seq)
    }

    /// Who did it: the one named, else who recorded it.
    pub fn doer(&self) -> &str {
        if self.draft.by.is_empty() { &self.draft.author } else { &self.draft.by }
    }
}

/// The id of the event at a place in the log.
pub fn spell(seq: i64) -> String {
    format!("e-{seq}")
}

/// The place in the log that an id names.
pub fn place_in_log(id: &str) -> Option<i64> {
    id.strip_prefix("e-")?.parse().ok().filter(|seq| *seq > 0)
}

/// Appends an event; its place in the log.
pub fn append(db: &Connection, layer: &str, feature: &str, draft: &Draft, now: &str) -> Result<i64, Fault> {
    let json = |map: &Map<String, Value>| serde_json::to_string(map).map_err(Fault::internal);
    let [lng, lat] = draft.position.map_or([None; 2], |p| p.map(Some));
    let [at_lng, at_lat] = draft.place.map_or([None; 2], |p| p.map(Some));
    let quantity = draft.quantity.as_ref();
    db.prepare_cached(include_str!("event_insert.sql"))?.execute(params![
        now,
        draft.on.to_string(),
        draft.author,
        draft.by,
        layer,
        feature,
        draft.event,
        draft.note,
        quantity.map(|q| q.value),
        quantity.map(|q| q.unit.id.as_str()),
        quantity.map(|q| q.qualifier.id()),
        lng,
        lat,
        at_lng,
        at_lat,
        draft.village,
        draft.private,
        serde_json::to_string(&draft.evidence).map_err(Fault::internal)?,
        json(&draft.fields)?,
        json(&draft.effect.sets)?,
        draft.effect.geom,
        draft.effect.present,
        draft.effect.undoes,
        draft.import,
        draft.number,
    ])?;
    Ok(db.last_insert_rowid())
}

/// The events of a feature, in the order of the log.
pub fn of_feature(db: &Connection, layer: &str, feature: &str) -> Result<Vec<Event>, Fault> {
    let sql = concat!(include_str!("event_columns.sql"), "WHERE layer = ?1 AND feature = ?2 ORDER BY seq");
    let mut events = collect(db.prepare_cached(sql)?, params![layer, feature])?;
    mark_undone(&mut events);
    Ok(events)
}

/// A feature to which something has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its id.
    pub id: String,
    /// The first day from which it may be otherwise than before.
    pub since: Day,
}

/// The features of a layer to which something has happened behind a place in the log.
pub fn touched(db: &Connection, layer: &str, after: i64) -> Result<Vec<Touched>, Fault> {
    let mut statement = db.prepare_cached(include_str!("touched.sql"))?;
    let mut rows = statement.query(params![layer, after])?;
    let mut touched = Vec::new();
    while let Some(row) = rows.next()? {
        let since: String = row.get(1)?;
        touched.push(Touched { id: row.get(0)?, since: Day::parse(&since).unwrap_or_default() });
    }
    Ok(touched)
}

/// An instant as the log spells it.
pub fn spell_instant(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The events behind a place in the log, and those before it that they revoke: all whose looks may have changed.
pub fn behind(db: &Connection, after: i64) -> Result<Vec<Event>, Fault> {
    let sql = concat!(
        include_str!("event_columns.sql"),
        "WHERE seq > ?1 OR seq IN (SELECT undoes FROM xiangtu_event WHERE seq > ?1) ORDER BY seq"
    );
    collect(db.prepare_cached(sql)?, [after])
}

/// The events at these places in the log.
pub fn at(db: &Connection, places: &[i64]) -> Result<Vec<Event>, Fault> {
    let mut statement = db.prepare_cached(concat!(include_str!("event_columns.sql"), "WHERE seq = ?1"))?;
    let mut events = Vec::with_capacity(places.len());
    for seq in places {
        let mut rows = statement.query([seq])?;
        if let Some(row) = rows.next()? {
            events.push(read(row)?);
        }
    }
    Ok(events)
}

/// The event that was taken from the row of that number of a log.
pub fn numbered(db: &Connection, number: &str) -> Result<Option<Event>, Fault> {
    let sql = concat!(include_str!("event_columns.sql"), "WHERE number = ?1");
    Ok(collect(db.prepare_cached(sql)?, [number])?.pop())
}

/// Every event, oldest first, to `each`.
pub fn every(db: &Connection, each: &mut dyn FnMut(Event)) -> Result<(), Fault> {
    let mut statement = db.prepare(concat!(include_str!("event_columns.sql"), "ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(read(row)?);
    }
    Ok(())
}

/// The places in the log of all events that are revoked. `until`: as of an instant.
pub fn revoked(db: &Connection, until: Option<&str>) -> Result<HashSet<i64>, Fault> {
    let mut statement = db.prepare_cached(
        "SELECT seq, undoes FROM xiangtu_event
         WHERE undoes IS NOT NULL AND (?1 IS NULL OR recorded_at <= ?1) ORDER BY seq DESC",
    )?;
    let pairs = statement.query_map([until], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let pairs: Vec<(i64, i64)> = pairs.collect::<Result<_, _>>()?;
    Ok(fold::revoked(pairs.into_iter()))
}

/// Marks those of a feature's events that another has revoked.
fn mark_undone(events: &mut [Event]) {
    let pairs = events.iter().rev().filter_map(|event| Some((event.seq, event.draft.effect.undoes?)));
    let revoked = fold::revoked(pairs);
    events.iter_mut().for_each(|event| event.undone = revoked.contains(&event.seq));
}

fn collect(mut statement: CachedStatement<'_>, params: impl rusqlite::Params) -> Result<Vec<Event>, Fault> {
    let mut rows = statement.query(params)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(read(row)?);
    }
    Ok(events)
}

fn read(row: &Row<'_>) -> Result<Event, Fault> {
    let json = |at: usize| -> Result<Map<String, Value>, Fault> {
        serde_json::from_str(row.get_ref(at)?.as_str().map_err(Fault::internal)?).map_err(Fault::internal)
    };
    let point = |at: usize| -> Result<Option<[f64; 2]>, Fault> {
        Ok(row.get::<_, Option<f64>>(at)?.zip(row.get::<_, Option<f64>>(at + 1)?).map(|(lng, lat)| [lng, lat]))
    };
    let on: String = row.get(2)?;
    let on = Day::parse(&on).ok_or_else(|| rusqlite::Error::InvalidColumnType(2, on, Type::Text))?;
    let quantity = match (row.get::<_, Option<f64>>(9)?, row.get::<_, Option<String>>(10)?) {
        (Some(value), Some(unit)) => {
            let qualifier = row.get::<_, Option<String>>(11)?.and_then(|id| Qualifier::parse(&id)).unwrap_or_default();
            Some(Quantity::new(value, &unit, qualifier)?)
        }
        _ => None,
    };
    let evidence: String = row.get(18)?;
    let draft = Draft {
        on,
        author: row.get(3)?,
        by: row.get(4)?,
        event: row.get(7)?,
        note: row.get(8)?,
        quantity,
        position: point(12)?,
        place: point(14)?,
        village: row.get(16)?,
        private: row.get(17)?,
        evidence: serde_json::from_str(&evidence).map_err(Fault::internal)?,
        fields: json(19)?,
        effect: Effect { sets: json(20)?, geom: row.get(21)?, present: row.get(22)?, undoes: row.get(23)? },
        import: row.get(24)?,
        number: row.get(25)?,
    };
    Ok(Event {
        seq: row.get(0)?,
        recorded_at: row.get(1)?,
        layer: row.get(5)?,
        feature: row.get(6)?,
        undone: false,
        draft,
    })
}
