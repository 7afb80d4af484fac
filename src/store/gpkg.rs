//! What makes a SQLite file a GeoPackage: the functions its triggers call, a layer's table, its entry in the contents.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::kind::{Attribute, ValueType};

/// The identifier of a coordinate reference system in which all layers are kept: longitude and latitude, WGS 84.
pub const SRS_ID: i32 = 4326;

/// Quotes an identifier. The only way in which a name gets into a statement.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name of a layer's R-tree.
pub fn rtree_of(layer: &str) -> String {
    format!("rtree_{layer}_geom")
}

/// The type of a column, in the words of the GeoPackage.
fn column_type(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Text | ValueType::Code => "TEXT",
        ValueType::Int => "INTEGER",
        ValueType::Float => "REAL",
        ValueType::Bool => "BOOLEAN",
        ValueType::Date => "DATE",
        ValueType::Instant => "DATETIME",
    }
}

/// Makes a layer's table, without the triggers of its R-tree.
pub fn create_table(db: &Connection, layer: &str, attributes: &[Attribute]) -> Result<(), Fault> {
    let sql = include_str!("layer.sql").replace("{table}", &quote(layer)).replace("{rtree}", &quote(&rtree_of(layer)));
    db.execute_batch(&sql)?;
    add_columns(db, layer, attributes)
}

/// Adds the columns of attributes to a layer's table.
pub fn add_columns(db: &Connection, layer: &str, attributes: &[Attribute]) -> Result<(), Fault> {
    for attribute in attributes {
        let (table, column) = (quote(layer), quote(&attribute.name));
        let sql = format!("ALTER TABLE {table} ADD COLUMN {column} {}", column_type(attribute.value_type));
        db.execute_batch(&sql)?;
    }
    Ok(())
}

/// Enters a layer in the tables that readers of GeoPackages look at.
pub fn register(db: &Connection, layer: &str, title: &str) -> Result<(), Fault> {
    for statement in include_str!("register.sql").split_inclusive(';').filter(|s| s.contains("INSERT")) {
        let mut statement = db.prepare(statement)?;
        let values = [layer, title];
        statement.execute(rusqlite::params_from_iter(&values[..statement.parameter_count()]))?;
    }
    Ok(())
}

/// Adds the triggers that keep a layer's R-tree.
pub fn create_triggers(db: &Connection, layer: &str) -> Result<(), Fault> {
    let rtree = rtree_of(layer);
    let mut sql = include_str!("rtree.sql").replace("{table}", &quote(layer)).replace("{rtree}", &quote(&rtree));
    for event in ["insert", "update1", "update2", "update3", "update4", "delete"] {
        sql = sql.replace(&format!("{{{event}}}"), &quote(&format!("{rtree}_{event}")));
    }
    Ok(db.execute_batch(&sql)?)
}

/// Enters a layer's extent and the time of its change, so that readers need not look through it.
pub fn note_extent(db: &Connection, layer: &str, extent: Option<Bbox>) -> Result<(), Fault> {
    let [west, south, east, north] = extent.map_or([None; 4], |bbox| bbox.to_array().map(Some));
    db.execute(include_str!("extent.sql"), params![layer, west, south, east, north])?;
    Ok(())
}

/// Widens a layer's extent to a box, and notes the time of the change.
pub fn widen_extent(db: &Connection, layer: &str, bbox: Bbox) -> Result<(), Fault> {
    let [west, south, east, north] = bbox.to_array();
    db.prepare_cached(include_str!("extent_widen.sql"))?.execute(params![layer, west, south, east, north])?;
    Ok(())
}

/// Registers the functions that the R-tree's triggers call.
pub fn add_functions(db: &Connection) -> Result<(), Fault> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("ST_IsEmpty", 1, flags, |context| Ok(envelope(context)?.is_none()))?;
    // The envelope's order in the header: min x, max x, min y, max y.
    for (at, name) in ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"].into_iter().enumerate() {
        db.create_scalar_function(name, 1, flags, move |context| Ok(envelope(context)?.map(|edges| edges[at])))?;
    }
    Ok(())
}

fn envelope(context: &Context<'_>) -> rusqlite::Result<Option<[f64; 4]>> {
    Ok(context.get_raw(0).as_blob_or_null()?.and_then(read_envelope))
}

/// The envelope of a blob: out of its header, or, where another program left it out, from its coordinates.
pub fn read_envelope(blob: &[u8]) -> Option<[f64; 4]> {
    if let [b'G', b'P', _, flags, ..] = blob
        && flags >> 1 & 7 != 0
        && flags & 1 == 1
        && flags >> 4 & 1 == 0
    {
        let edge = |k: usize| blob.get(8 + k * 8..16 + k * 8)?.try_into().ok().map(f64::from_le_bytes);
        return Some([edge(0)?, edge(1)?, edge(2)?, edge(3)?]);
    }
    let mut one = crate::geo::shape::Geometries::default();
    crate::geo::wkb::read_gpkg(blob, &mut one).ok()?;
    one.shape(0).bbox().map(|b| [b.west, b.east, b.south, b.north])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_name_cannot_end_it() {
        assert_eq!(quote("坑\"塘"), "\"坑\"\"塘\"");
    }
}
