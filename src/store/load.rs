//! A layer read whole, straight into columns.

use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::fault::Fault;
use crate::geo::wkb;
use crate::kind::{Attribute, ValueType};
use crate::store::fold;
use crate::store::gpkg::quote;
use crate::store::info::LayerInfo;
use crate::store::values::{from_json, from_sql};
use crate::store::versions::{self, History};
use crate::table::{Builder, Table, Value};
use crate::units::Day;

/// The layer's features, now or as of a day, in the order in which they are kept.
pub fn table(db: &Connection, layer: &LayerInfo, as_of: Option<Day>) -> Result<Table, Fault> {
    let mut builder = Builder::new(layer.attributes.clone());
    // One view of the file for both statements, whoever writes between them.
    let view = db.unchecked_transaction()?;
    match as_of {
        Some(day) => {
            rows(&view, layer, "WHERE xiangtu_from <= ?1", &[&day.to_string()], &mut builder)?;
            past(&view, layer, day, &mut builder)?;
        }
        None => rows(&view, layer, "", &[], &mut builder)?,
    }
    Ok(builder.finish(Vec::new()))
}

/// Those of these features that the layer has now.
pub fn some(db: &Connection, layer: &LayerInfo, ids: &[&str]) -> Result<Table, Fault> {
    let mut builder = Builder::new(layer.attributes.clone());
    for id in ids {
        rows(db, layer, "WHERE id = ?1", &[id], &mut builder)?;
    }
    Ok(builder.finish(Vec::new()))
}

/// The layer's features as of a day, as they were known at an instant: what had been imported and recorded by then.
pub fn known(db: &Connection, layer: &LayerInfo, day: Day, until: &str) -> Result<Table, Fault> {
    let mut builder = Builder::new(layer.attributes.clone());
    let view = db.unchecked_transaction()?;
    let untouched = include_str!("untouched_known.sql");
    rows(&view, layer, untouched, &[&day.to_string(), until, &layer.name], &mut builder)?;
    let mut statement = view.prepare("SELECT DISTINCT feature FROM xiangtu_event WHERE layer = ?1 ORDER BY feature")?;
    let mut touched = statement.query([&layer.name])?;
    while let Some(row) = touched.next()? {
        let id = row.get_ref(0)?.as_str().map_err(Fault::internal)?;
        let history = History::read(&view, layer, id)?;
        let base = history.base.filter(|_| import_known(&view, history.import, until).unwrap_or(true));
        let events = history.events.iter().filter(|event| event.recorded_at.as_str() <= until);
        let said: Vec<_> = base.into_iter().chain(events.map(versions::said_by)).collect();
        if let Some(state) = fold::on(&fold::fold(&said), day) {
            wkb::read_gpkg(&state.geom, &mut builder.geometries)
                .map_err(|cause| Fault::internal(format!("{cause:?}")))?;
            let value =
                |a: &Attribute| state.attributes.get(&a.name).map_or(Value::Null, |v| from_json(v, a.value_type));
            let values: Vec<Value<'_>> = layer.attributes.iter().map(value).collect();
            builder.push(id, values);
        }
    }
    Ok(builder.finish(Vec::new()))
}

/// Whether an import had been made by an instant. One that was not noted is as old as the store.
fn import_known(db: &Connection, import: i64, until: &str) -> Result<bool, Fault> {
    let sql = "SELECT recorded_at <= ?2 FROM xiangtu_import WHERE seq = ?1";
    Ok(db.prepare_cached(sql)?.query_row(params![import, until], |row| row.get(0)).optional()?.unwrap_or(true))
}

/// Reads rows of the layer's table, chosen by a clause, into columns.
fn rows(db: &Connection, layer: &LayerInfo, clause: &str, values: &[&str], builder: &mut Builder) -> Result<(), Fault> {
    let types: Vec<ValueType> = layer.attributes.iter().map(|a| a.value_type).collect();
    let list = columns(db, &layer.name, &layer.attributes)?;
    let sql = format!("SELECT geom, id, {list} FROM {} {clause} ORDER BY fid", quote(&layer.name));
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        push(row, &types, builder)?;
    }
    Ok(())
}

fn push(row: &Row<'_>, types: &[ValueType], builder: &mut Builder) -> Result<(), Fault> {
    place(row, builder)?;
    let id = row.get_ref(1)?.as_str().map_err(Fault::internal)?;
    let value = |(at, &value_type)| row.get_ref(at + 2).map_or(Value::Null, |v| from_sql(v, value_type));
    builder.push(id, types.iter().enumerate().map(value));
    Ok(())
}

/// A geometry that another program left unreadable is a feature without a place.
fn place(row: &Row<'_>, builder: &mut Builder) -> Result<(), Fault> {
    match row.get_ref(0)?.as_blob_or_null().map_err(Fault::internal)? {
        Some(blob) => {
            if let Err(cause) = wkb::read_gpkg(blob, &mut builder.geometries) {
                tracing::warn!(?cause, "unreadable geometry in the store");
            }
        }
        None => builder.geometries.push(None),
    }
    Ok(())
}

/// The attributes as a list of columns; null for one that the table, made by an older Xiangtu, does not have yet.
pub fn columns(db: &Connection, layer: &str, attributes: &[Attribute]) -> Result<String, Fault> {
    let present = present(db, layer)?;
    let list: Vec<String> =
        attributes
            .iter()
            .map(|a| {
                if present.iter().any(|p| p.eq_ignore_ascii_case(&a.name)) { quote(&a.name) } else { "NULL".to_owned() }
            })
            .collect();
    // Never an empty list: a kind without attributes still makes a statement.
    Ok(if list.is_empty() { "NULL".to_owned() } else { list.join(", ") })
}

/// The columns that a layer's table has.
pub fn present(db: &Connection, layer: &str) -> Result<Vec<String>, Fault> {
    let mut statement = db.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([layer], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The versions that held on the day and have been displaced since.
fn past(db: &Connection, layer: &LayerInfo, day: Day, builder: &mut Builder) -> Result<(), Fault> {
    let mut statement = db.prepare_cached(
        "SELECT geom, id, attributes FROM xiangtu_past
         WHERE layer = ?1 AND valid_from <= ?2 AND valid_to > ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(params![layer.name, day.to_string()])?;
    while let Some(row) = rows.next()? {
        place(row, builder)?;
        let json: serde_json::Value =
            serde_json::from_str(row.get_ref(2)?.as_str().map_err(Fault::internal)?).map_err(Fault::internal)?;
        let id = row.get_ref(1)?.as_str().map_err(Fault::internal)?;
        builder.push(id, layer.attributes.iter().map(|a| from_json(&json[&a.name], a.value_type)));
    }
    Ok(())
}
