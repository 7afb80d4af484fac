//! Features arriving at a layer: one transaction, after which it is as the file says, or as it was.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use serde_json::{Map, Value as Json};
use xxhash_rust::xxh3::xxh3_64;

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::shape::Shape;
use crate::geo::wkb;
use crate::kind::{Attribute, Kind};
use crate::store::curve::hilbert;
use crate::store::event::{self, Draft, Event};
use crate::store::fold::{self, Effect, State};
use crate::store::gpkg::{self, SRS_ID, quote};
use crate::store::info::{self, LayerInfo, check_layer_name};
use crate::store::rtree::{self, Cell};
use crate::store::values::{from_sql, same, to_sql};
use crate::store::versions::{self, History, to_map};
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
    /// The day from which they hold; of rows that have days of their own, the last of these.
    pub on: Day,
    /// The day from which each row holds, where rows have days of their own.
    pub days: Option<&'a [Day]>,
    /// Who imports.
    pub author: &'a str,
    /// Where they come from.
    pub files: &'a [FileMark],
    /// How many rows the gate refused and repaired, for the log.
    pub gate: (usize, usize),
}

impl Arrival<'_> {
    /// The day from which a row holds.
    fn on_of(&self, row: u32) -> Day {
        self.days.and_then(|days| days.get(row as usize)).copied().unwrap_or(self.on)
    }
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
        first_date: Some(arrival.on),
        last_event: 0,
    };
    make_tables(db, &layer)?;
    let rows: Vec<u32> = (0..arrival.table.len()).collect();
    let cells = insert(db, arrival, rows, next_import(db)?)?;
    rtree::fill(db, &layer.name, cells)?;
    gpkg::create_triggers(db, &layer.name)?;
    gpkg::note_extent(db, &layer.name, arrival.table.bbox())?;
    let tally = Tally { added: arrival.table.len() as usize, ..Tally::default() };
    note(db, arrival, tally)?;
    Ok(tally)
}

/// Makes an empty layer of a kind, for features that come one by one.
pub fn make_layer(db: &Connection, name: &str, kind: &Arc<Kind>) -> Result<LayerInfo, Fault> {
    let layer = LayerInfo {
        name: name.to_owned(),
        kind: kind.clone(),
        title: kind.title.clone(),
        attributes: kind.attributes.clone(),
        key: None,
        change: 1,
        data_date: None,
        first_date: None,
        last_event: 0,
    };
    make_tables(db, &layer)?;
    gpkg::create_triggers(db, name)?;
    Ok(layer)
}

/// Enters a layer in the registers and makes its table, without the triggers of its R-tree.
fn make_tables(db: &Connection, layer: &LayerInfo) -> Result<(), Fault> {
    check_layer_name(&layer.name)?;
    // Names of tables do not tell upper from lower case.
    let sql = "SELECT count(*) FROM sqlite_master WHERE lower(name) = lower(?1)";
    let taken: i64 = db.query_row(sql, [&layer.name], |row| row.get(0))?;
    if taken > 0 {
        return Err(Fault::invalid("layer-name").with("layer", &layer.name));
    }
    info::write(db, layer)?;
    gpkg::create_table(db, &layer.name, &layer.attributes)?;
    gpkg::register(db, &layer.name, &layer.title.zh)
}

/// The number that the log's first row for the import at hand is going to have.
fn next_import(db: &Connection) -> Result<i64, Fault> {
    Ok(db.query_row("SELECT 1 + coalesce(max(seq), 0) FROM xiangtu_import", [], |row| row.get(0))?)
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
    let import = next_import(db)?;
    layer.attributes.extend(came);
    let widened = versions::add_missing_columns(db, &layer.name, &layer.attributes)?;
    for row in compared.differing {
        if amend(db, arrival, &layer, arrival.table.row(row), import)? {
            tally.changed += 1;
        } else {
            tally.unchanged += 1;
        }
    }
    tally.added = compared.new.len();
    insert(db, arrival, compared.new, import)?;
    if tally.added + tally.changed > 0 || widened {
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
    /// Those that differ from what is stored, and those to which something has happened since: their history tells.
    differing: Vec<u32>,
    unchanged: usize,
    absent: usize,
}

fn compare(db: &Connection, arrival: &Arrival<'_>, layer: &LayerInfo) -> Result<Compared, Fault> {
    let carried = arrival.table.attributes();
    let list = load::columns(db, &layer.name, carried)?;
    let mut statement = db.prepare(&format!("SELECT id, xiangtu_from, geom, {list} FROM {}", quote(&layer.name)))?;
    let mut rows = statement.query([])?;
    let arriving: HashMap<u64, u32> = arrival.table.rows().map(|row| (xxh3_64(row.id().as_bytes()), row.row)).collect();
    let find = |id: &str| match arriving.get(&xxh3_64(id.as_bytes())) {
        Some(&row) if arrival.table.row(row).id() == id => Some(arrival.table.row(row)),
        // Another id of the same digest stands there: a search tells.
        Some(_) => arrival.table.find(id),
        None => None,
    };
    let touched = touched(db, &layer.name)?;
    let mut seen = vec![false; arrival.table.len() as usize];
    let mut compared = Compared { new: Vec::new(), differing: Vec::new(), unchanged: 0, absent: 0 };
    while let Some(stored) = rows.next()? {
        let id = stored.get_ref(0)?.as_str().map_err(Fault::internal)?;
        let Some(row) = find(id) else {
            compared.absent += 1;
            continue;
        };
        seen[row.row as usize] = true;
        let since = Day::parse(stored.get_ref(1)?.as_str().map_err(Fault::internal)?).unwrap_or(arrival.on);
        let on = arrival.on_of(row.row);
        let blob = stored.get_ref(2)?.as_blob_or_null().map_err(Fault::internal)?.unwrap_or_default();
        let alike = blob == spell(row.shape())?.0
            && carried.iter().enumerate().all(|(at, a)| {
                stored.get_ref(at + 3).is_ok_and(|value| same(from_sql(value, a.value_type), row.value(at)))
            });
        if alike && since <= on && !touched.contains(id) {
            compared.unchanged += 1;
        } else {
            compared.differing.push(row.row);
        }
    }
    for row in arrival.table.rows().filter(|row| !seen[row.row as usize]) {
        // What was withdrawn has no row, and is not new.
        let known = touched.contains(row.id());
        if known { &mut compared.differing } else { &mut compared.new }.push(row.row);
    }
    Ok(compared)
}

/// The features of a layer to which something has happened.
fn touched(db: &Connection, layer: &str) -> Result<HashSet<String>, Fault> {
    let mut statement = db.prepare("SELECT DISTINCT feature FROM xiangtu_event WHERE layer = ?1")?;
    let ids = statement.query_map([layer], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Records what a file says otherwise than files before it: as an event, so that what was recorded between them stays. Says
/// whether it said anything new.
fn amend(db: &Connection, arrival: &Arrival<'_>, layer: &LayerInfo, row: Row<'_>, import: i64) -> Result<bool, Fault> {
    let on = arrival.on_of(row.row);
    let mut history = History::read(db, layer, row.id())?;
    let carried = arrival.table.attributes();
    let (geom, _) = spell(row.shape())?;
    let said = to_map(carried.iter().enumerate().map(|(at, a)| (a.name.as_str(), row.value(at))));
    let before = history.imported();
    let effect = match fold::on(&before, on) {
        Some(state) => difference(state, carried, said, &geom),
        // Before anything was known of it.
        None => Effect { sets: said, geom: Some(geom), present: Some(true), undoes: None },
    };
    if effect == Effect::default() {
        return Ok(false);
    }
    versions::keep_base(db, &layer.name, row.id(), &mut history)?;
    let draft = Draft {
        on,
        author: arrival.author.to_owned(),
        event: "imported".to_owned(),
        place: row.shape().inside_point(),
        village: row.named("village").to_text(),
        private: arrival.kind.personal_place,
        effect,
        import: Some(import),
        ..Draft::default()
    };
    say(db, layer, row.id(), draft.clone(), &mut history)?;
    // A file of a later day that came before this one said all that it carries, though only what was new was noted.
    if let Some(later) = before.iter().find(|version| version.from > on)
        && let (Some(meant), Some(comes)) = (&later.state, fold::on(&history.imported(), later.from))
    {
        let effect = difference(comes, &layer.attributes, meant.attributes.clone(), &meant.geom);
        if effect != Effect::default() {
            say(db, layer, row.id(), Draft { on: later.from, effect, ..draft }, &mut history)?;
        }
    }
    versions::write(db, layer, row.id(), &history.versions)?;
    Ok(true)
}

/// Appends an event of an import to the log and to a feature's history.
fn say(db: &Connection, layer: &LayerInfo, id: &str, draft: Draft, history: &mut History) -> Result<(), Fault> {
    let now = crate::store::write::now();
    let seq = event::append(db, &layer.name, id, &draft, &now)?;
    let (layer, feature) = (layer.name.clone(), id.to_owned());
    history.add(Event { seq, recorded_at: now, layer, feature, undone: false, draft });
    Ok(())
}

/// What a file says otherwise than `before`, of the attributes that it carries and of the shape.
fn difference(before: &State, carried: &[Attribute], mut said: Map<String, Json>, geom: &[u8]) -> Effect {
    let mut sets = Map::new();
    for attribute in carried {
        let new = said.remove(&attribute.name).unwrap_or(Json::Null);
        if *before.attributes.get(&attribute.name).unwrap_or(&Json::Null) != new {
            sets.insert(attribute.name.clone(), new);
        }
    }
    let geom = (before.geom != geom).then(|| geom.to_vec());
    Effect { sets, geom, ..Effect::default() }
}

/// Inserts rows in an order that keeps neighbours together; the cells that an R-tree over them would have.
fn insert(db: &Connection, arrival: &Arrival<'_>, mut rows: Vec<u32>, import: i64) -> Result<Vec<Cell>, Fault> {
    let table = arrival.table;
    if let Some(extent) = table.bbox() {
        rows.sort_by_cached_key(|&row| table.shape(row).bbox().map(|bbox| hilbert(bbox.centre(), &extent)));
    }
    let carried = table.attributes();
    let names: String = carried.iter().map(|a| format!(", {}", quote(&a.name))).collect();
    let marks: String = (0..carried.len()).map(|at| format!(", ?{}", at + 5)).collect();
    let into = quote(arrival.layer);
    let sql =
        format!("INSERT INTO {into} (geom, id, xiangtu_from, xiangtu_source{names}) VALUES (?1, ?2, ?3, ?4{marks})");
    let mut statement = db.prepare(&sql)?;
    let mut cells = Vec::with_capacity(rows.len());
    for row in rows {
        let on = arrival.on_of(row).to_string();
        let row = table.row(row);
        let (blob, bbox) = spell(row.shape())?;
        statement.raw_bind_parameter(1, &blob)?;
        statement.raw_bind_parameter(2, row.id())?;
        statement.raw_bind_parameter(3, &on)?;
        statement.raw_bind_parameter(4, import)?;
        for at in 0..carried.len() {
            statement.raw_bind_parameter(at + 5, to_sql(row.value(at)))?;
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
