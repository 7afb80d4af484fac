//! Features arriving at a layer: one transaction, after which it is as the file says, or as it was.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use xxhash_rust::xxh3::xxh3_64;

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::shape::Shape;
use crate::geo::wkb;
use crate::kind::{Attribute, Kind};
use crate::store::gpkg::{self, SRS_ID, quote};
use crate::store::info::{self, LayerInfo, check_layer_name};
use crate::store::past::Version;
use crate::store::rtree::{self, Cell};
use crate::store::values::{from_sql, same, to_sql};
use crate::store::{Store, load};
use crate::table::{Row, Table};
use crate::text::Title;
use crate::units::Day;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct FileMark {
    /// Its name, without its folder.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// What arrives at a layer.
pub struct Arrival<'a> {
    /// The layer's name; it is made where it is not there.
    pub layer: &'a str,
    /// What its features are.
    pub kind: Arc<Kind>,
    /// What people call it; None: as before, or as the kind.
    pub title: Option<&'a Title>,
    /// The column that identifies a row.
    pub key: Option<&'a str>,
    /// The features, with the attributes that the files carry: others are left as they are stored.
    pub table: &'a Table,
    /// The day from which they hold.
    pub on: Day,
    /// Who imports.
    pub author: &'a str,
    /// Where they come from.
    pub files: &'a [FileMark],
    /// How many rows the gate refused and repaired, for the log.
    pub gate: (usize, usize),
}

/// What an arrival did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Features that were not there.
    pub added: usize,
    /// Features that were otherwise.
    pub changed: usize,
    /// Features that were the same.
    pub unchanged: usize,
    /// Features of the layer that the files do not have: they stay.
    pub absent: usize,
}

impl Store {
    /// Takes an arrival in. Nothing is written where nothing is new.
    ///
    /// # Errors
    /// `layer-name`, `layer-kind-differs`, `store-busy`; the store is then as it was.
    pub fn import(&self, arrival: &Arrival<'_>) -> Result<Tally, Fault> {
        let mut db = self.db();
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = info::read(&transaction)?.into_iter().find(|layer| layer.name == arrival.layer);
        let tally = match known {
            None => found(&transaction, arrival)?,
            Some(layer) => merge(&transaction, arrival, layer)?,
        };
        transaction.commit()?;
        Ok(tally)
    }
}

/// Makes the layer, with all its features in bulk.
fn found(db: &Connection, arrival: &Arrival<'_>) -> Result<Tally, Fault> {
    check_layer_name(arrival.layer)?;
    // Names of tables do not tell upper from lower case.
    let taken: i64 =
        db.query_row("SELECT count(*) FROM sqlite_master WHERE lower(name) = lower(?1)", [arrival.layer], |r| {
            r.get(0)
        })?;
    if taken > 0 {
        return Err(Fault::invalid("layer-name").with("layer", arrival.layer));
    }
    let mut attributes = arrival.kind.attributes.clone();
    attributes.extend(strangers(arrival.table.attributes(), &attributes));
    let layer = LayerInfo {
        name: arrival.layer.to_owned(),
        kind: arrival.kind.clone(),
        title: arrival.title.unwrap_or(&arrival.kind.title).clone(),
        attributes,
        key: arrival.key.map(str::to_owned),
        change: 1,
        data_date: Some(arrival.on),
    };
    info::write(db, &layer)?;
    gpkg::create_table(db, &layer.name, &layer.attributes)?;
    gpkg::register(db, &layer.name, &layer.title.zh)?;

    let rows: Vec<u32> = (0..arrival.table.len()).collect();
    let cells = insert(db, arrival, rows)?;
    rtree::fill(db, &layer.name, cells)?;
    gpkg::create_triggers(db, &layer.name)?;
    gpkg::note_extent(db, &layer.name, arrival.table.bbox())?;
    let tally = Tally { added: arrival.table.len() as usize, ..Tally::default() };
    note(db, arrival, tally)?;
    Ok(tally)
}

/// The attributes of `all` that `known` does not have.
fn strangers(all: &[Attribute], known: &[Attribute]) -> Vec<Attribute> {
    all.iter().filter(|a| known.iter().all(|k| k.name != a.name)).cloned().collect()
}

fn merge(db: &Connection, arrival: &Arrival<'_>, mut layer: LayerInfo) -> Result<Tally, Fault> {
    if layer.kind.id != arrival.kind.id {
        return Err(Fault::invalid("layer-kind-differs")
            .with("layer", arrival.layer)
            .with("kind", &layer.kind.id)
            .with("given", &arrival.kind.id));
    }
    let compared = compare(db, arrival, &layer)?;
    let mut tally = Tally { absent: compared.absent, unchanged: compared.unchanged, ..Tally::default() };
    let came = strangers(arrival.table.attributes(), &layer.attributes);
    let retitled = arrival.title.is_some_and(|title| *title != layer.title);
    let rekeyed = arrival.key.is_some_and(|key| layer.key.as_deref() != Some(key));
    if compared.new.is_empty() && compared.differing.is_empty() && came.is_empty() && !retitled && !rekeyed {
        return Ok(tally);
    }
    // The number that the log's row for this import is going to have.
    let import: i64 = db.query_row("SELECT 1 + coalesce(max(seq), 0) FROM xiangtu_import", [], |row| row.get(0))?;
    layer.attributes.extend(came);
    let present = load::present(db, &layer.name)?;
    let missing: Vec<Attribute> = layer
        .attributes
        .iter()
        .filter(|a| present.iter().all(|column| !column.eq_ignore_ascii_case(&a.name)))
        .cloned()
        .collect();
    gpkg::add_columns(db, &layer.name, &missing)?;
    for (fid, row, since) in compared.differing {
        if amend(db, arrival, &layer, (fid, arrival.table.row(row), since), import)? {
            tally.changed += 1;
        } else {
            tally.unchanged += 1;
        }
    }
    tally.added = compared.new.len();
    insert(db, arrival, compared.new)?;
    if tally.added + tally.changed > 0 || !missing.is_empty() {
        layer.change += 1;
        layer.data_date = layer.data_date.max(Some(arrival.on));
        note(db, arrival, tally)?;
        gpkg::note_extent(db, &layer.name, extent(db, &layer.name)?)?;
    }
    if let Some(title) = arrival.title {
        layer.title = title.clone();
    }
    layer.key = arrival.key.map(str::to_owned).or(layer.key);
    info::write(db, &layer)?;
    Ok(tally)
}

/// How what arrives stands to what is stored.
struct Compared {
    new: Vec<u32>,
    /// Stored row, arriving row, and since when the stored one holds.
    differing: Vec<(i64, u32, Day)>,
    unchanged: usize,
    absent: usize,
}

fn compare(db: &Connection, arrival: &Arrival<'_>, layer: &LayerInfo) -> Result<Compared, Fault> {
    let carried = arrival.table.attributes();
    let list = load::columns(db, &layer.name, carried)?;
    let mut statement =
        db.prepare(&format!("SELECT fid, id, xiangtu_from, geom, {list} FROM {}", quote(&layer.name)))?;
    let mut rows = statement.query([])?;
    let arriving: HashMap<u64, u32> = arrival.table.rows().map(|row| (xxh3_64(row.id().as_bytes()), row.row)).collect();
    let find = |id: &str| match arriving.get(&xxh3_64(id.as_bytes())) {
        Some(&row) if arrival.table.row(row).id() == id => Some(arrival.table.row(row)),
        // Another id of the same digest stands there: a search tells.
        Some(_) => arrival.table.find(id),
        None => None,
    };
    let mut seen = vec![false; arrival.table.len() as usize];
    let mut compared = Compared { new: Vec::new(), differing: Vec::new(), unchanged: 0, absent: 0 };
    while let Some(stored) = rows.next()? {
        let id = stored.get_ref(1)?.as_str().map_err(Fault::internal)?;
        let Some(row) = find(id) else {
            compared.absent += 1;
            continue;
        };
        seen[row.row as usize] = true;
        let since = Day::parse(stored.get_ref(2)?.as_str().map_err(Fault::internal)?).unwrap_or(arrival.on);
        let blob = stored.get_ref(3)?.as_blob_or_null().map_err(Fault::internal)?.unwrap_or_default();
        let alike = blob == spell(row.shape())?.0
            && carried.iter().enumerate().all(|(at, a)| {
                stored.get_ref(at + 4).is_ok_and(|value| same(from_sql(value, a.value_type), row.value(at)))
            });
        if alike && since <= arrival.on {
            compared.unchanged += 1;
        } else {
            compared.differing.push((stored.get(0)?, row.row, since));
        }
    }
    compared.new = (0..arrival.table.len()).filter(|&row| !seen[row as usize]).collect();
    Ok(compared)
}

/// Puts a row in the place of the stored one, which goes to the past; or, where it is older, into the past itself.
fn amend(
    db: &Connection,
    arrival: &Arrival<'_>,
    layer: &LayerInfo,
    (fid, row, since): (i64, Row<'_>, Day),
    import: i64,
) -> Result<bool, Fault> {
    let feature = (arrival.layer, row.id());
    let (blob, _) = spell(row.shape())?;
    let carried = arrival.table.attributes();
    if arrival.on < since {
        return Version::arriving(row, carried, blob).keep_before(db, feature, (arrival.on, since), import);
    }
    Version::stored(db, layer, fid)?.keep(db, feature, (since, arrival.on), import)?;
    let settings: String =
        carried.iter().enumerate().map(|(at, a)| format!(", {} = ?{}", quote(&a.name), at + 4)).collect();
    let sql = format!("UPDATE {} SET geom = ?2, xiangtu_from = ?3{settings} WHERE fid = ?1", quote(arrival.layer));
    let mut statement = db.prepare(&sql)?;
    statement.raw_bind_parameter(1, fid)?;
    statement.raw_bind_parameter(2, &blob)?;
    statement.raw_bind_parameter(3, arrival.on.to_string())?;
    for at in 0..carried.len() {
        statement.raw_bind_parameter(at + 4, to_sql(row.value(at)))?;
    }
    statement.raw_execute()?;
    Ok(true)
}

/// Inserts rows in an order that keeps neighbours together; the cells that an R-tree over them would have.
fn insert(db: &Connection, arrival: &Arrival<'_>, mut rows: Vec<u32>) -> Result<Vec<Cell>, Fault> {
    let table = arrival.table;
    if let Some(extent) = table.bbox() {
        rows.sort_by_cached_key(|&row| table.shape(row).bbox().map(|bbox| hilbert(bbox.centre(), &extent)));
    }
    let carried = table.attributes();
    let names: String = carried.iter().map(|a| format!(", {}", quote(&a.name))).collect();
    let marks: String = (0..carried.len()).map(|at| format!(", ?{}", at + 4)).collect();
    let sql =
        format!("INSERT INTO {} (geom, id, xiangtu_from{names}) VALUES (?1, ?2, ?3{marks})", quote(arrival.layer));
    let mut statement = db.prepare(&sql)?;
    let on = arrival.on.to_string();
    let mut cells = Vec::with_capacity(rows.len());
    for row in rows {
        let row = table.row(row);
        let (blob, bbox) = spell(row.shape())?;
        statement.raw_bind_parameter(1, &blob)?;
        statement.raw_bind_parameter(2, row.id())?;
        statement.raw_bind_parameter(3, &on)?;
        for at in 0..carried.len() {
            statement.raw_bind_parameter(at + 4, to_sql(row.value(at)))?;
        }
        statement.raw_execute()?;
        cells.push(Cell::new(db.last_insert_rowid(), bbox.to_array()));
    }
    Ok(cells)
}

/// The blob of a shape and its box. The gate lets nothing through that has no place.
fn spell(shape: Shape<'_>) -> Result<(Vec<u8>, Bbox), Fault> {
    wkb::write_gpkg(shape, SRS_ID).ok_or_else(|| Fault::internal("a feature without a place"))
}

/// How far along the Hilbert curve of order 16 over `extent` a place lies.
fn hilbert([lng, lat]: [f64; 2], extent: &Bbox) -> u64 {
    const SIDE: u32 = 1 << 16;
    let cell = |at: f64, from: f64, to: f64| {
        (((at - from) / (to - from).max(1e-9)).clamp(0.0, 1.0) * f64::from(SIDE - 1)) as u32
    };
    let (mut x, mut y) = (cell(lng, extent.west, extent.east), cell(lat, extent.south, extent.north));
    let mut along = 0;
    let mut side = SIDE / 2;
    while side > 0 {
        let (right, upper) = (u32::from(x & side > 0), u32::from(y & side > 0));
        along += u64::from(side) * u64::from(side) * u64::from((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                x = (SIDE - 1).wrapping_sub(x) & (SIDE - 1);
                y = (SIDE - 1).wrapping_sub(y) & (SIDE - 1);
            }
            std::mem::swap(&mut x, &mut y);
        }
        side /= 2;
    }
    along
}

/// The box of all the features of a layer, as its R-tree has it, read off the blobs' headers.
fn extent(db: &Connection, layer: &str) -> Result<Option<Bbox>, Fault> {
    let sql = format!(
        "SELECT min(ST_MinX(geom)), min(ST_MinY(geom)), max(ST_MaxX(geom)), max(ST_MaxY(geom)) FROM {}",
        quote(layer)
    );
    let edges: [Option<f64>; 4] = db.query_row(&sql, [], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]))?;
    Ok(match edges {
        [Some(west), Some(south), Some(east), Some(north)] => Some(Bbox { west, south, east, north }),
        _ => None,
    })
}

fn note(db: &Connection, arrival: &Arrival<'_>, tally: Tally) -> Result<(), Fault> {
    let mut statement = db.prepare(include_str!("import_note.sql"))?;
    for file in arrival.files {
        statement.execute(params_from_iter([
            to_sql(crate::table::Value::Text(arrival.layer)),
            to_sql(crate::table::Value::Text(&file.name)),
            to_sql(crate::table::Value::Text(&file.sha256)),
            to_sql(crate::table::Value::Date(arrival.on)),
            to_sql(crate::table::Value::Text(arrival.author)),
            to_sql(crate::table::Value::Int(tally.added as i64)),
            to_sql(crate::table::Value::Int(tally.changed as i64)),
            to_sql(crate::table::Value::Int(tally.unchanged as i64)),
            to_sql(crate::table::Value::Int(tally.absent as i64)),
            to_sql(crate::table::Value::Int(arrival.gate.0 as i64)),
            to_sql(crate::table::Value::Int(arrival.gate.1 as i64)),
        ]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_never_jumps() {
        let extent = Bbox { west: 0.0, south: 0.0, east: 65535.0, north: 65535.0 };
        let mut cells: Vec<(u64, [i64; 2])> = (0..32)
            .flat_map(|x| (0..32).map(move |y| [x, y]))
            .map(|c| (hilbert([c[0] as f64, c[1] as f64], &extent), c))
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let ([ax, ay], [bx, by]) = (pair[0].1, pair[1].1);
            assert_eq!((ax - bx).abs() + (ay - by).abs(), 1, "{pair:?}");
        }
    }
}
