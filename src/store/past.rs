//! Versions that newer ones have displaced.

use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::Fault;
use crate::store::gpkg::quote;
use crate::store::info::LayerInfo;
use crate::store::load::columns;
use crate::store::values::from_sql;
use crate::table::{Row, Value};
use crate::units::Day;

/// A version to be kept: its geometry's blob, and its attributes as JSON.
pub struct Version {
    /// GeoPackage blob.
    pub geom: Vec<u8>,
    /// Attribute to value; what is null is left out.
    pub attributes: String,
}

fn to_json<'a>(values: impl Iterator<Item = (&'a str, Value<'a>)>) -> String {
    let kept: serde_json::Map<String, serde_json::Value> =
        values.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value.to_json())).collect();
    serde_json::Value::Object(kept).to_string()
}

impl Version {
    /// What a file brought of a feature.
    pub fn arriving(row: Row<'_>, attributes: &[crate::kind::Attribute], geom: Vec<u8>) -> Self {
        let values = attributes.iter().enumerate().map(|(at, a)| (a.name.as_str(), row.value(at)));
        Self { geom, attributes: to_json(values) }
    }

    /// What is stored of a feature.
    pub fn stored(db: &Connection, layer: &LayerInfo, fid: i64) -> Result<Self, Fault> {
        let list = columns(db, &layer.name, &layer.attributes)?;
        let sql = format!("SELECT geom, {list} FROM {} WHERE fid = ?1", quote(&layer.name));
        let mut statement = db.prepare(&sql)?;
        let version = statement.query_row([fid], |row| {
            let values = layer.attributes.iter().enumerate().map(|(at, a)| {
                (a.name.as_str(), row.get_ref(at + 1).map_or(Value::Null, |v| from_sql(v, a.value_type)))
            });
            Ok(Self { geom: row.get(0)?, attributes: to_json(values) })
        })?;
        Ok(version)
    }

    /// Keeps the version as good on `from <= day < to`.
    pub fn keep(&self, db: &Connection, feature: (&str, &str), span: (Day, Day), import: i64) -> Result<(), Fault> {
        db.prepare(include_str!("past_keep.sql"))?.execute(params![
            feature.0,
            feature.1,
            span.0.to_string(),
            span.1.to_string(),
            self.geom,
            self.attributes,
            import
        ])?;
        Ok(())
    }

    /// Takes the version into the past of a feature whose stored one holds from `until` on: good from `on` to the next
    /// version known. Says whether that changed anything.
    pub fn keep_before(
        &self,
        db: &Connection,
        feature: (&str, &str),
        (on, until): (Day, Day),
        import: i64,
    ) -> Result<bool, Fault> {
        let (layer, id) = feature;
        let held = db
            .prepare(include_str!("past_held.sql"))?
            .query_row(params![layer, id, on.to_string()], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, Vec<u8>>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .optional()?;
        let to = match held {
            Some((_, _, geom, attributes)) if geom == self.geom && attributes == self.attributes => return Ok(false),
            Some((seq, to, ..)) => {
                db.prepare(include_str!("past_end.sql"))?.execute(params![seq, on.to_string()])?;
                Day::parse(&to).unwrap_or(until)
            }
            None => {
                let next: Option<String> = db
                    .prepare(include_str!("past_next.sql"))?
                    .query_row(params![layer, id, on.to_string()], |row| row.get(0))?;
                next.as_deref().and_then(Day::parse).unwrap_or(until)
            }
        };
        self.keep(db, feature, (on, to), import)?;
        Ok(true)
    }
}
