//! Brings a store that an older Xiangtu made up to the present schema, in one transaction.

use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::store::event::{self, Draft};
use crate::store::fold::Effect;
use crate::store::gpkg::quote;
use crate::store::{info, versions};
use crate::units::Day;

/// The present schema.
const VERSION: i64 = 2;

/// Upgrades where it has to; refuses a store that a newer Xiangtu has made.
pub fn upgrade(db: &Connection) -> Result<(), Fault> {
    if version(db)? == VERSION {
        return Ok(());
    }
    db.execute_batch("BEGIN IMMEDIATE")?;
    // Another process may have been faster.
    let done = version(db).and_then(|version| match version {
        VERSION => Ok(()),
        1 => from_1(db),
        newer => Err(Fault::invalid("store-newer").with("version", newer).with("known", VERSION)),
    });
    db.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn version(db: &Connection) -> Result<i64, Fault> {
    let told: i64 =
        db.query_row("SELECT count(*) FROM sqlite_master WHERE name = 'xiangtu_schema'", [], |row| row.get(0))?;
    if told == 0 {
        return Ok(1);
    }
    Ok(db.query_row("SELECT version FROM xiangtu_schema", [], |row| row.get(0))?)
}

/// A version of a feature as schema 1 kept it.
struct Old {
    layer: String,
    id: String,
    from: String,
    geom: Vec<u8>,
    attributes: String,
    import: i64,
}

/// Schema 1 kept displaced versions and no events: of each feature that has any, the oldest becomes its base, and each later one,
/// the present one last, what an import said.
fn from_1(db: &Connection) -> Result<(), Fault> {
    let sql =
        "SELECT layer, id, valid_from, geom, attributes, import FROM xiangtu_past ORDER BY layer, id, valid_from, seq";
    let old: Vec<Old> = db
        .prepare(sql)?
        .query_map([], |row| {
            Ok(Old {
                layer: row.get(0)?,
                id: row.get(1)?,
                from: row.get(2)?,
                geom: row.get(3)?,
                attributes: row.get(4)?,
                import: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    db.execute_batch("DROP TABLE xiangtu_past; DROP TABLE xiangtu_event")?;
    db.execute_batch("CREATE TABLE xiangtu_schema (version INTEGER NOT NULL); INSERT INTO xiangtu_schema VALUES (2)")?;
    db.execute_batch(include_str!("ledger.sql"))?;
    for layer in info::read(db)? {
        let table = quote(&layer.name);
        db.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN xiangtu_source INTEGER NOT NULL DEFAULT 0"))?;
        versions::add_missing_columns(db, &layer.name, &layer.attributes)?;
        let mut own = old.iter().filter(|one| one.layer == layer.name).peekable();
        while let Some(first) = own.next() {
            // The row as it stands is the last version; read before anything is written, it is the feature's base as yet.
            let mut history = versions::History::read(db, &layer, &first.id)?;
            let present = history.base.take();
            db.prepare_cached(
                "INSERT INTO xiangtu_base (layer, id, valid_from, geom, attributes, import) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            )?
            .execute(params![layer.name, first.id, first.from, first.geom, first.attributes])?;
            let mut import = first.import;
            while let Some(next) = own.next_if(|next| next.id == first.id) {
                let sets = serde_json::from_str(&next.attributes).map_err(Fault::internal)?;
                let effect = Effect { sets, geom: Some(next.geom.clone()), ..Effect::default() };
                say(db, &layer, &next.id, &next.from, effect, import)?;
                import = next.import;
            }
            if let Some(present) = present {
                say(db, &layer, &first.id, &present.on.to_string(), present.effect, import)?;
            }
            let history = versions::History::read(db, &layer, &first.id)?;
            versions::write(db, &layer, &first.id, &history.versions)?;
        }
    }
    Ok(())
}

/// An old version said all of its feature: what it did not have is said to be nothing.
fn say(
    db: &Connection,
    layer: &info::LayerInfo,
    id: &str,
    on: &str,
    mut effect: Effect,
    import: i64,
) -> Result<(), Fault> {
    for attribute in &layer.attributes {
        effect.sets.entry(&attribute.name).or_insert(serde_json::Value::Null);
    }
    let sql = "SELECT recorded_at, author FROM xiangtu_import WHERE seq = ?1";
    let made = db.query_row(sql, [import], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    let (recorded_at, author) = made.unwrap_or_else(|_| (crate::store::write::now(), String::new()));
    let on = Day::parse(on).ok_or_else(|| Fault::internal(format!("{on:?} is no day")))?;
    let draft = Draft { on, author, event: "imported".to_owned(), effect, import: Some(import), ..Draft::default() };
    event::append(db, &layer.name, id, &draft, &recorded_at)?;
    Ok(())
}
