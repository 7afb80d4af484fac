//! A new map from OpenStreetMap.

use xiangtu::geo::bbox::Bbox;
use xiangtu::import::osm::new_map;
use xiangtu::map::MapFolder;
use xiangtu::store::Store;
use xiangtu::units::AsOf;

use super::shared;

#[test]
fn a_rural_extract_becomes_a_map_with_all_that_it_holds() {
    let Some(file) = shared("osm_north_bayreuth/north-bayreuth.osm.pbf") else { return };
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("bayreuth");
    let reports = new_map(&map, &file, None, None).unwrap();
    let added = |layer: &str| reports.iter().find(|r| r.layer == layer).map(|r| (r.added, r.refused())).unwrap();
    // 22 villages and 48 hamlets; all ways with a highway tag; 144 waters, 6 basins, 228 watercourses.
    assert_eq!(added("villages"), (70, 0));
    assert_eq!(added("roads"), (2056, 0));
    assert_eq!(added("ponds").0 + added("ponds").1, 378);
    assert!(added("farms").0 >= 36);
    assert_eq!(added("schools"), (3, 0));
    assert_eq!(added("railways"), (17, 0), "with trains; not the two that were given up, nor platforms");
    let store = Store::open(&MapFolder::open(&map).unwrap().store_path(), &jiff::tz::TimeZone::UTC).unwrap();
    let table = |layer: &str| store.load(&store.layer(layer).unwrap().unwrap(), AsOf::NOW).unwrap();
    let roads = table("roads");
    assert!(roads.rows().any(|row| row.named("ref").to_text() == "B 85"));
    // As ogrinfo counts them; nine limits are `none`.
    let says = |attribute: &str, word: &str| roads.rows().filter(|row| row.named(attribute).to_text() == word).count();
    assert_eq!((says("oneway", "yes"), says("oneway", "no"), says("oneway", "")), (109, 17, 2056 - 126));
    assert_eq!(roads.len() as usize - says("speed_kmh", ""), 254);
    let villages = table("villages");
    assert!(
        villages
            .rows()
            .all(|row| row.named("estimated").to_text() == "true" || row.named("estimated").to_text() == "false")
    );
    assert!(villages.rows().filter(|row| row.named("estimated").to_text() == "true").count() >= 69);
    assert!(villages.rows().all(|row| row.id().starts_with('n')));
    let again = new_map(&map, &file, None, None).unwrap_err();
    assert_eq!(again.code(), "map-dir-not-empty");
}

#[test]
fn a_part_of_an_extract_holds_what_touches_it_and_its_villages_share_it_out() {
    let Some(file) = shared("osm_north_bayreuth/north-bayreuth.osm.pbf") else { return };
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("part");
    let window = Bbox::parse("11.50,49.98,11.55,50.02").unwrap();
    new_map(&map, &file, Some(window), None).unwrap();
    let store = Store::open(&map.join("store.gpkg"), &jiff::tz::TimeZone::UTC).unwrap();
    let villages = store.load(&store.layer("villages").unwrap().unwrap(), AsOf::NOW).unwrap();
    assert!(!villages.is_empty() && villages.len() < 70);
    let b = villages.bbox().unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    assert!(near(b.west, 11.5) && near(b.east, 11.55) && near(b.south, 49.98) && near(b.north, 50.02), "{b:?}");
}

#[test]
fn a_road_keeps_its_direction_and_its_speed_limit() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("lane.osm");
    let way = |id: u32, tags: &str| format!("<way id='{id}'><nd ref='1'/><nd ref='2'/>{tags}</way>");
    let tag = |key: &str, value: &str| format!("<tag k='{key}' v='{value}'/>");
    let lane = tag("highway", "residential");
    let ways = [
        way(1, &(lane.clone() + &tag("oneway", "yes") + &tag("maxspeed", "30"))),
        way(2, &(lane.clone() + &tag("oneway", "-1") + &tag("maxspeed", "20 mph"))),
        way(3, &lane),
    ];
    let nodes = "<node id='1' lat='39.6' lon='117.4'/><node id='2' lat='39.6' lon='117.41'/>\
        <node id='3' lat='39.61' lon='117.4'><tag k='place' v='village'/><tag k='name' v='甲村'/></node>";
    std::fs::write(&file, format!("<osm version='0.6'>{nodes}{}</osm>", ways.concat())).unwrap();
    let map = dir.path().join("map");
    new_map(&map, &file, Some(Bbox::parse("117.3,39.5,117.5,39.7").unwrap()), None).unwrap();
    let store = Store::open(&map.join("store.gpkg"), &jiff::tz::TimeZone::UTC).unwrap();
    let roads = store.load(&store.layer("roads").unwrap().unwrap(), AsOf::NOW).unwrap();
    let mut said: Vec<_> = roads
        .rows()
        .map(|row| (row.id().to_owned(), row.named("oneway").to_text(), row.named("speed_kmh").number()))
        .collect();
    said.sort_by(|a, b| a.0.cmp(&b.0));
    let said: Vec<_> = said.iter().map(|(id, way, kmh)| (id.as_str(), way.as_ref(), *kmh)).collect();
    assert_eq!(said, [("w1", "yes", Some(30.0)), ("w2", "reverse", Some(32.186_88)), ("w3", "", None)]);
}

#[test]
fn what_is_no_extract_leaves_no_map_behind() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.osm.pbf");
    std::fs::write(&file, "no such thing").unwrap();
    let map = dir.path().join("map");
    assert_eq!(new_map(&map, &file, None, None).unwrap_err().code(), "import-unreadable");
    assert_eq!(new_map(&map, &dir.path().join("absent.pbf"), None, None).unwrap_err().code(), "import-missing");
    assert!(!map.exists());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}
