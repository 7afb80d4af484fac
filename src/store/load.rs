//! A layer read whole, straight into columns.

use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::geo::wkb;
use crate::kind::{Attribute, ValueType};
use crate::store::gpkg::quote;
use crate::store::info::LayerInfo;
use crate::store::values::from_sql;
use crate::table::{Builder, Table, Value};
use crate::units::Day;

/// The layer's features, now or as of a day, in the order in which they are kept.
pub fn table(db: &Connection, layer: &LayerInfo, as_of: Option<Day>) -> Result<Table, Fault> {
    let mut builder = Builder::new(layer.attributes.clone());
    let types: Vec<ValueType> = layer.attributes.iter().map(|a| a.value_type).collect();
    let limit = if as_of.is_some() { "WHERE xiangtu_from <= ?1" } else { "" };
    let sql = format!(
        "SELECT geom, id, {} FROM {} {limit} ORDER BY fid",
        columns(db, &layer.name, &layer.attributes)?,
        quote(&layer.name)
    );
    // One view of the file for both statements, whoever writes between them.
    let view = db.unchecked_transaction()?;
    let mut statement = view.prepare(&sql)?;
    let mut rows = match as_of {
        Some(day) => statement.query([day.to_string()])?,
        None => statement.query([])?,
    };
    while let Some(row) = rows.next()? {
        push(row, &types, &mut builder)?;
    }
    if let Some(day) = as_of {
        past(&view, layer, day, &mut builder)?;
    }
    Ok(builder.finish(Vec::new()))
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
    let mut statement = db.prepare(include_str!("past_on.sql"))?;
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

fn from_json(json: &serde_json::Value, value_type: ValueType) -> Value<'_> {
    let value = match value_type {
        ValueType::Text | ValueType::Code => json.as_str().map(Value::Text),
        ValueType::Int => json.as_i64().map(Value::Int),
        ValueType::Float => json.as_f64().map(Value::Float),
        ValueType::Bool => json.as_bool().map(Value::Bool),
        ValueType::Date => json.as_str().and_then(Day::parse).map(Value::Date),
    };
    value.unwrap_or(Value::Null)
}
