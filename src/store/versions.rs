//! A feature's versions: read out of base and log, folded, and written to where readers look.
//!
//! A feature to which nothing has happened since a file first brought it is its row in the layer's table, and no more. With its
//! first event the row is kept as its base; from then on the row and `xiangtu_past` are what the fold comes to.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value as Json};

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::kind::Attribute;
use crate::store::event::{self, Event};
use crate::store::fold::{Effect, Said, State, Version, fold};
use crate::store::gpkg::{self, quote};
use crate::store::info::LayerInfo;
use crate::store::load::columns;
use crate::store::values::{from_json, from_sql, to_sql};
use crate::table::Value;
use crate::units::Day;

/// A feature in the log: what was said of it, and what that comes to.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The base, where it has one.
    pub base: Option<Said>,
    /// Its events, in the order of the log.
    pub events: Vec<Event>,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// Whether the base has been kept already.
    pub kept: bool,
    /// The import that brought the base; 0 where none did.
    pub import: i64,
}

impl History {
    /// Reads what is known of a feature; empty for one that never was.
    pub fn read(db: &Connection, layer: &LayerInfo, id: &str) -> Result<Self, Fault> {
        let events = event::of_feature(db, &layer.name, id)?;
        let mut history = Self { events, ..Self::default() };
        if let Some((base, import)) = kept_base(db, &layer.name, id)? {
            history.base = Some(base);
            history.kept = true;
            history.import = import;
        } else if let Some((base, import)) = stored(db, layer, id)?
            && history.events.is_empty()
        {
            history.base = Some(base);
            history.import = import;
        }
        history.versions = fold(&history.said());
        Ok(history)
    }

    /// All that was said of it.
    pub fn said(&self) -> Vec<Said> {
        self.base.iter().cloned().chain(self.events.iter().map(said_by)).collect()
    }

    /// What files have said of it, without what was recorded between: what the next file is held against. Where no file has
    /// ever spoken of it, all that is known.
    pub fn imported(&self) -> Vec<Version> {
        let imports = self.events.iter().filter(|event| event.draft.import.is_some()).map(said_by);
        let said: Vec<Said> = self.base.iter().cloned().chain(imports).collect();
        if said.is_empty() { self.versions.clone() } else { fold(&said) }
    }

    /// Adds an event that has been appended to the log.
    pub fn add(&mut self, event: Event) {
        self.events.push(event);
        self.versions = fold(&self.said());
    }
}

/// An event, as something said of its feature.
pub fn said_by(event: &Event) -> Said {
    let file = event.draft.import.is_some();
    Said { seq: event.seq, on: event.draft.on, file, whole: false, effect: event.draft.effect.clone() }
}

fn whole(on: Day, geom: Vec<u8>, attributes: Map<String, Json>) -> Said {
    let effect = Effect { sets: attributes, geom: Some(geom), present: Some(true), undoes: None };
    Said { seq: 0, on, file: true, whole: true, effect }
}

fn parse_day(text: &str) -> Result<Day, Fault> {
    Day::parse(text).ok_or_else(|| Fault::internal(format!("{text:?} is no day")))
}

fn kept_base(db: &Connection, layer: &str, id: &str) -> Result<Option<(Said, i64)>, Fault> {
    let sql = "SELECT valid_from, geom, attributes, import FROM xiangtu_base WHERE layer = ?1 AND id = ?2";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([layer, id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let attributes =
        serde_json::from_str(row.get_ref(2)?.as_str().map_err(Fault::internal)?).map_err(Fault::internal)?;
    let from: String = row.get(0)?;
    Ok(Some((whole(parse_day(&from)?, row.get(1)?, attributes), row.get(3)?)))
}

/// The feature's row, as something said, and the import that brought it.
fn stored(db: &Connection, layer: &LayerInfo, id: &str) -> Result<Option<(Said, i64)>, Fault> {
    let list = columns(db, &layer.name, &layer.attributes)?;
    let sql = format!("SELECT xiangtu_from, geom, xiangtu_source, {list} FROM {} WHERE id = ?1", quote(&layer.name));
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let values = layer
        .attributes
        .iter()
        .enumerate()
        .map(|(at, a)| (a.name.as_str(), row.get_ref(at + 3).map_or(Value::Null, |v| from_sql(v, a.value_type))));
    let attributes = to_map(values);
    let from: String = row.get(0)?;
    Ok(Some((whole(parse_day(&from)?, row.get(1)?, attributes), row.get(2)?)))
}

/// Values by name; what is null is left out.
pub fn to_map<'a>(values: impl Iterator<Item = (&'a str, Value<'a>)>) -> Map<String, Json> {
    values.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value.to_json())).collect()
}

/// Keeps the base of a feature to which something is about to happen for the first time.
pub fn keep_base(db: &Connection, layer: &str, id: &str, history: &mut History) -> Result<(), Fault> {
    let Some(base) = history.base.as_ref().filter(|_| !history.kept) else { return Ok(()) };
    let sql =
        "INSERT INTO xiangtu_base (layer, id, valid_from, geom, attributes, import) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let attributes = serde_json::to_string(&base.effect.sets).map_err(Fault::internal)?;
    db.prepare_cached(sql)?.execute(params![
        layer,
        id,
        base.on.to_string(),
        base.effect.geom,
        attributes,
        history.import
    ])?;
    history.kept = true;
    Ok(())
}

/// Writes what the fold comes to: the last version as the layer's row, the others as past ones.
pub fn write(db: &Connection, layer: &LayerInfo, id: &str, versions: &[Version]) -> Result<(), Fault> {
    db.prepare_cached("DELETE FROM xiangtu_past WHERE layer = ?1 AND id = ?2")?.execute([&layer.name, id])?;
    for pair in versions.windows(2) {
        if let Some(state) = &pair[0].state {
            keep_past(db, &layer.name, id, (pair[0].from, pair[1].from), state)?;
        }
    }
    match versions.last() {
        Some(Version { from, state: Some(state) }) => put(db, layer, id, *from, state),
        _ => remove(db, &layer.name, id),
    }
}

fn keep_past(db: &Connection, layer: &str, id: &str, span: (Day, Day), state: &State) -> Result<(), Fault> {
    let sql =
        "INSERT INTO xiangtu_past (layer, id, valid_from, valid_to, geom, attributes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let attributes = serde_json::to_string(&state.attributes).map_err(Fault::internal)?;
    db.prepare_cached(sql)?.execute(params![
        layer,
        id,
        span.0.to_string(),
        span.1.to_string(),
        state.geom,
        attributes
    ])?;
    Ok(())
}

fn remove(db: &Connection, layer: &str, id: &str) -> Result<(), Fault> {
    db.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", quote(layer)))?.execute([id])?;
    Ok(())
}

fn put(db: &Connection, layer: &LayerInfo, id: &str, from: Day, state: &State) -> Result<(), Fault> {
    let table = quote(&layer.name);
    let held: Option<Vec<u8>> = db
        .prepare_cached(&format!("SELECT geom FROM {table} WHERE id = ?1"))?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let sql = match &held {
        // The shape is left alone where it is the same: its R-tree entry then is, too.
        Some(_) => {
            let settings: String = layer
                .attributes
                .iter()
                .enumerate()
                .map(|(at, a)| format!(", {} = ?{}", quote(&a.name), at + 4))
                .collect();
            let geom = if held.as_ref() == Some(&state.geom) { "" } else { ", geom = ?3" };
            format!("UPDATE {table} SET xiangtu_from = ?2{geom}{settings} WHERE id = ?1")
        }
        None => {
            let names: String = layer.attributes.iter().map(|a| format!(", {}", quote(&a.name))).collect();
            let marks: String = (0..layer.attributes.len()).map(|at| format!(", ?{}", at + 4)).collect();
            format!("INSERT INTO {table} (id, xiangtu_from, geom{names}) VALUES (?1, ?2, ?3{marks})")
        }
    };
    let mut statement = db.prepare_cached(&sql)?;
    statement.raw_bind_parameter(1, id)?;
    statement.raw_bind_parameter(2, from.to_string())?;
    if held.as_ref() != Some(&state.geom) {
        statement.raw_bind_parameter(3, &state.geom)?;
    }
    for (at, attribute) in layer.attributes.iter().enumerate() {
        let json = state.attributes.get(&attribute.name).unwrap_or(&Json::Null);
        statement.raw_bind_parameter(at + 4, to_sql(from_json(json, attribute.value_type)))?;
    }
    statement.raw_execute()?;
    if held.as_ref() != Some(&state.geom)
        && let Some([west, east, south, north]) = gpkg::read_envelope(&state.geom)
    {
        gpkg::widen_extent(db, &layer.name, Bbox { west, south, east, north })?;
    }
    Ok(())
}

/// The columns of attributes that the layer's table, made by an older Xiangtu, does not have yet.
pub fn add_missing_columns(db: &Connection, layer: &str, attributes: &[Attribute]) -> Result<bool, Fault> {
    let present = crate::store::load::present(db, layer)?;
    let missing: Vec<Attribute> = attributes
        .iter()
        .filter(|a| present.iter().all(|column| !column.eq_ignore_ascii_case(&a.name)))
        .cloned()
        .collect();
    gpkg::add_columns(db, layer, &missing)?;
    Ok(!missing.is_empty())
}
