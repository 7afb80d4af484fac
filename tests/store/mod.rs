//! The store: what other programs make of it, and what it remembers.

use std::path::Path;
use std::process::Command;

use geo_types::polygon;
use xiangtu::kind::{self, Attribute, ValueType};
use xiangtu::store::{Arrival, FileMark, Store, Tally};
use xiangtu::table::{Builder, Table, Value};
use xiangtu::units::{AsOf, Day};

/// The calendar of these stores.
const UTC: jiff::tz::TimeZone = jiff::tz::TimeZone::UTC;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Ponds as squares along a diagonal; `conditions` one after another.
fn ponds(ids: &[&str], condition: &str) -> Table {
    let kind = kind::kind("waterbody").unwrap();
    let attributes = vec![
        kind.attribute("name").unwrap().clone(),
        kind.attribute("condition").unwrap().clone(),
        kind.attribute("cleaned").unwrap().clone(),
        Attribute::foreign("备注", ValueType::Text),
    ];
    let mut builder = Builder::new(attributes);
    for (k, id) in ids.iter().enumerate() {
        let (x, y) = (117.3 + k as f64 * 0.01, 39.7 + k as f64 * 0.01);
        let square = polygon![(x: x, y: y), (x: x + 0.001, y: y), (x: x + 0.001, y: y + 0.001), (x: x, y: y + 0.001)];
        builder.geometries.push(Some(&square.into()));
        let cleaned = Value::Date(day("2026-08-01"));
        builder.push(id, [Value::Text("东坑"), Value::Text(condition), cleaned, Value::Text("“引号'")]);
    }
    builder.finish(Vec::new())
}

fn import(store: &Store, table: &Table, on: &str) -> Tally {
    let files = [FileMark { name: "坑塘.shp".to_owned(), sha256: "0".repeat(64) }];
    let arrival = Arrival {
        layer: "坑塘",
        kind: kind::kind("waterbody").unwrap(),
        title: None,
        key: Some("编号"),
        table,
        on: day(on),
        days: None,
        author: "张三",
        files: &files,
        gate: (0, 0),
    };
    store.import(&arrival).unwrap()
}

fn load(store: &Store, as_of: Option<&str>) -> Table {
    let layer = store.layer("坑塘").unwrap().unwrap();
    store.load(&layer, AsOf { day: as_of.map(day), known: None }).unwrap()
}

fn condition_of(table: &Table, id: &str) -> Option<String> {
    table.find(id).map(|row| row.named("condition").to_text())
}

/// Runs a program of GDAL's over the closed store; None where it is not installed.
fn gdal(program: &str, args: &[&str], path: &Path) -> Option<String> {
    let out = Command::new(program).args(args).arg(path).output().ok()?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    if text.contains("ModuleNotFoundError") || text.contains("No module named") {
        return None;
    }
    assert!(out.status.success(), "{program} {args:?}: {text}");
    Some(text)
}

/// `/usr/bin/python3` is the one that has GDAL's scripts where another Python stands before it.
fn validate(path: &Path) -> Option<String> {
    ["/usr/bin/python3", "python3"]
        .iter()
        .find_map(|python| gdal(python, &["-m", "osgeo_utils.samples.validate_gpkg", "-v"], path))
}

#[test]
fn what_is_stored_comes_back_to_the_bit_and_a_second_time_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("store.gpkg"), &UTC).unwrap();
    let table = ponds(&["p-1", "p-2", "p-3"], "black");
    assert_eq!(import(&store, &table, "2026-09-01"), Tally { added: 3, ..Tally::default() });
    let before = (load(&store, None).digest(), store.stamp().unwrap(), store.layers().unwrap()[0].change);
    assert_eq!(import(&store, &table, "2026-10-01"), Tally { unchanged: 3, ..Tally::default() });
    assert_eq!(before, (load(&store, None).digest(), store.stamp().unwrap(), store.layers().unwrap()[0].change));
    let loaded = load(&store, None);
    for row in table.rows() {
        let back = loaded.find(row.id()).unwrap();
        assert_eq!(back.shape().coords(), row.shape().coords());
        for name in ["name", "condition", "cleaned", "备注"] {
            assert_eq!(back.named(name), row.named(name));
        }
    }
}

#[test]
fn a_layer_can_be_asked_as_of_any_day_whichever_file_came_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("store.gpkg"), &UTC).unwrap();
    import(&store, &ponds(&["p-1", "p-2"], "poor"), "2026-09-01");
    let changed = Tally { added: 1, changed: 1, absent: 1, ..Tally::default() };
    assert_eq!(import(&store, &ponds(&["p-1", "p-9"], "good"), "2026-10-01"), changed);
    // An older file that comes late goes into the past, and only once.
    assert_eq!(import(&store, &ponds(&["p-1"], "black"), "2026-09-15").changed, 1);
    assert_eq!(import(&store, &ponds(&["p-1"], "black"), "2026-09-15").changed, 0);
    let at = |on: &str| condition_of(&load(&store, Some(on)), "p-1");
    assert_eq!(at("2026-08-31"), None);
    assert_eq!(at("2026-09-14").as_deref(), Some("poor"));
    assert_eq!(at("2026-09-30").as_deref(), Some("black"));
    assert_eq!(at("2026-10-01").as_deref(), Some("good"));
    // What a later file said of other things still holds after it.
    let mut renamed = ponds(&["p-1"], "black");
    renamed = {
        let mut builder = Builder::new(renamed.attributes().to_vec());
        builder.geometries.push_shape(renamed.shape(0));
        let values = (0..4).map(|at| if at == 0 { Value::Text("西坑") } else { renamed.row(0).value(at) });
        builder.push("p-1", values);
        builder.finish(Vec::new())
    };
    import(&store, &renamed, "2026-09-20");
    let name = |on: &str| load(&store, Some(on)).find("p-1").unwrap().named("name").to_text();
    assert_eq!((name("2026-09-20").as_str(), name("2026-10-01").as_str()), ("西坑", "东坑"));
    assert_eq!(load(&store, None).len(), 3);
    assert_eq!(load(&store, Some("2026-09-30")).len(), 2);
}

#[test]
fn the_stamp_moves_whoever_writes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.gpkg");
    let (one, other) = (Store::open(&path, &UTC).unwrap(), Store::open(&path, &UTC).unwrap());
    let before = one.stamp().unwrap();
    assert_eq!(before, one.stamp().unwrap());
    import(&other, &ponds(&["p-1"], "poor"), "2026-09-01");
    let between = one.stamp().unwrap();
    assert_ne!(before, between);
    import(&one, &ponds(&["p-2"], "poor"), "2026-09-01");
    assert_ne!(between, one.stamp().unwrap());
}

#[test]
fn other_programs_read_the_store_and_the_validator_has_nothing_to_say() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.gpkg");
    {
        let store = Store::open(&path, &UTC).unwrap();
        import(&store, &ponds(&["p-1", "p-2", "p-3"], "poor"), "2026-09-01");
        import(&store, &ponds(&["p-2", "p-4"], "good"), "2026-10-01");
    }
    match validate(&path) {
        Some(said) => assert!(!said.contains("Req"), "{said}"),
        None => eprintln!("SKIPPED: the GeoPackage validator of python3-gdal is not installed"),
    }
    match gdal("ogrinfo", &["-al", "-so", "-ro"], &path) {
        Some(said) => {
            assert!(said.contains("Layer name: 坑塘") && said.contains("Feature Count: 4"), "{said}");
            assert!(said.contains("Extent: (117.300000, 39.700000) - (117.321000, 39.721000)"), "{said}");
        }
        None => eprintln!("SKIPPED: ogrinfo is not installed"),
    }
}

#[test]
fn the_packed_tree_of_a_bulk_import_holds_every_row_and_takes_more() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.gpkg");
    let ids: Vec<String> = (0..6000).map(|k| format!("p-{k}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    {
        let store = Store::open(&path, &UTC).unwrap();
        import(&store, &ponds(&ids, "poor"), "2026-09-01");
        let more: Vec<&str> = ids.iter().take(500).copied().chain(["p-new"]).collect();
        import(&store, &ponds(&more, "good"), "2026-10-01");
    }
    let db = rusqlite::Connection::open(&path).unwrap();
    let check: String = db.query_row("SELECT rtreecheck('rtree_坑塘_geom')", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM \"rtree_坑塘_geom\""), 6001);
    assert_eq!(count("SELECT count(*) FROM \"rtree_坑塘_geom\" WHERE maxx >= 117.305 AND minx <= 117.335"), 3);
    assert_eq!(db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
}

#[test]
fn the_event_log_can_only_grow() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.gpkg");
    drop(Store::open(&path, &UTC).unwrap());
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute(
        "INSERT INTO xiangtu_event (recorded_at, effective_on, author, done_by, layer, feature, event, note, village, private,
            evidence, fields, sets)
         VALUES ('2026-10-05T01:00:00Z', '2026-10-05', 'a', '', 'ponds', 'p-1', 'cleaned', '', '', 0, '[]', '{}', '{}')",
        [],
    )
    .unwrap();
    assert!(db.execute("UPDATE xiangtu_event SET author = 'b'", []).is_err());
    assert!(db.execute("DELETE FROM xiangtu_event", []).is_err());
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.gpkg");
    std::fs::write(&path, "not a database, but long enough to be taken for the head of one, and then some more of it")
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(Store::open(&path, &UTC).err().unwrap().code(), "store-unreadable");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
