//! The register of layers.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::kind::{self, Attribute, Kind};
use crate::text::Title;
use crate::units::Day;

/// The name under which the log can be read as a layer.
pub const LOG: &str = "events";

/// What is known of a stored layer.
#[derive(Clone, Debug)]
pub struct LayerInfo {
    /// Its name.
    pub name: String,
    /// What its features are.
    pub kind: Arc<Kind>,
    /// What people call it.
    pub title: Title,
    /// The kind's attributes, then those that files brought.
    pub attributes: Vec<Attribute>,
    /// The column that identifies a row from one import to the next.
    pub key: Option<String>,
    /// Raised at each change of the layer.
    pub change: i64,
    /// The latest day whose state it holds.
    pub data_date: Option<Day>,
    /// The day of the first file that was imported; None for what no file brought.
    pub first_date: Option<Day>,
    /// The place in the log of its latest event; 0 where nothing has happened.
    pub last_event: i64,
}

impl LayerInfo {
    /// The attributes that files brought.
    pub fn foreign(&self) -> &[Attribute] {
        &self.attributes[self.kind.attributes.len().min(self.attributes.len())..]
    }

    /// Whether it is the log itself, seen as features.
    pub fn is_log(&self) -> bool {
        self.name == LOG
    }
}

/// Whether a layer may bear the name: it becomes a table, and the beginning of collections' addresses.
///
/// # Errors
/// `layer-name`.
pub fn check_layer_name(name: &str) -> Result<(), Fault> {
    let ours = ["gpkg", "rtree", "sqlite", "xiangtu"];
    let reserved = ours.iter().any(|prefix| name.to_lowercase().starts_with(&format!("{prefix}_")));
    let spelled = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let opens = name.chars().next().is_some_and(char::is_alphanumeric);
    if reserved || name == LOG || !spelled || !opens || name.chars().count() > 60 {
        return Err(Fault::invalid("layer-name").with("layer", name));
    }
    Ok(())
}

/// The layers, in the order in which they were made.
pub fn read(db: &Connection) -> Result<Vec<LayerInfo>, Fault> {
    let mut statement = db.prepare(include_str!("layers.sql"))?;
    let mut rows = statement.query([])?;
    let mut layers = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = kind::kind(&row.get::<_, String>(1)?)?;
        let foreign: String = row.get(4)?;
        let mut attributes = kind.attributes.clone();
        attributes.extend(foreign_from_json(&foreign, &kind)?);
        let [data_date, first_date]: [Option<String>; 2] = [row.get(7)?, row.get(9)?];
        layers.push(LayerInfo {
            name: row.get(0)?,
            kind,
            title: Title { zh: row.get(2)?, en: row.get(3)? },
            attributes,
            key: row.get(5)?,
            change: row.get(6)?,
            data_date: data_date.as_deref().and_then(Day::parse),
            first_date: first_date.as_deref().and_then(Day::parse),
            last_event: row.get(8)?,
        });
    }
    layers.extend(log(db)?);
    Ok(layers)
}

/// The log as a layer, once there is anything in it.
fn log(db: &Connection) -> Result<Option<LayerInfo>, Fault> {
    let last: Option<i64> = db.query_row("SELECT max(seq) FROM xiangtu_event", [], |row| row.get(0))?;
    let Some(last_event) = last else { return Ok(None) };
    let latest: Option<String> = db.query_row("SELECT max(effective_on) FROM xiangtu_event", [], |row| row.get(0))?;
    let kind = kind::kind("event")?;
    Ok(Some(LayerInfo {
        name: LOG.to_owned(),
        title: kind.title.clone(),
        attributes: kind.attributes.clone(),
        key: None,
        change: 0,
        data_date: latest.as_deref().and_then(Day::parse),
        first_date: None,
        last_event,
        kind,
    }))
}

/// Enters a new layer, or what changed of a known one.
pub fn write(db: &Connection, info: &LayerInfo) -> Result<(), Fault> {
    db.execute(
        include_str!("layer_upsert.sql"),
        params![
            info.name,
            info.kind.id,
            info.title.zh,
            info.title.en,
            foreign_to_json(info.foreign()),
            info.key,
            info.change,
            info.data_date.map(|day| day.to_string()),
        ],
    )?;
    Ok(())
}

/// Only name and type: a foreign attribute has no more.
fn foreign_to_json(attributes: &[Attribute]) -> String {
    let list: Vec<_> = attributes.iter().map(|a| serde_json::json!({"name": a.name, "type": a.value_type})).collect();
    serde_json::Value::from(list).to_string()
}

/// One that names a person is personal; and of people whose places are, everything that no kind knows.
fn foreign_from_json(json: &str, kind: &Kind) -> Result<Vec<Attribute>, Fault> {
    #[derive(serde::Deserialize)]
    struct Foreign {
        name: String,
        #[serde(rename = "type")]
        value_type: kind::ValueType,
    }
    let list: Vec<Foreign> = serde_json::from_str(json).map_err(Fault::internal)?;
    let personal = |name: &str| kind.personal_place || kind::names_person(name);
    let known = |f: Foreign| Attribute { personal: personal(&f.name), ..Attribute::foreign(&f.name, f.value_type) };
    Ok(list.into_iter().map(known).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_may_be_called_in_chinese_but_not_like_a_table_of_ours() {
        assert!(check_layer_name("坑塘-2026").is_ok());
        for bad in ["", "gpkg_contents", "Xiangtu_layer", "a~b", "a@2026-01-01", "a b", "\"; DROP", "-x"] {
            assert!(check_layer_name(bad).is_err(), "{bad}");
        }
    }
}
