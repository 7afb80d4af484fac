//! A road of one kilometre whose answers were worked out by hand: land that is parcels for its first half, none beyond.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use xiangtu::catalog::Catalog;
use xiangtu::geo::ellipsoid::destination;
use xiangtu::query::Query;

use crate::support::{run, xiangtu};

const WEST: [f64; 2] = [117.40, 39.60];

/// So many metres along the road, due east, and beside it to the north.
fn at(along_m: f64, north_m: f64) -> [f64; 2] {
    let on = destination(WEST, 90.0, along_m);
    if north_m == 0.0 { on } else { destination(on, 0.0, north_m) }
}

fn feature(properties: Value, kind: &str, coordinates: Value) -> Value {
    json!({"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}})
}

fn points(all: &[(&str, f64, f64, Value)]) -> Value {
    let features = all.iter().map(|(id, along_m, north_m, more)| {
        let mut properties = more.clone();
        properties["id"] = json!(id);
        feature(properties, "Point", json!(at(*along_m, *north_m)))
    });
    json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()})
}

fn collection(features: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

/// K8+000 stands in the west; at K8+700 the count goes on from K8+750.
const DECLARED: &str = r#"
[[chainage]]
road = "G112"
start = [117.40, 39.60]
at = "K8+000"
towards = [117.41, 39.60]
[[chainage.break]]
at = "K8+700"
continues = "K8+750"
"#;

fn town() -> PathBuf {
    static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
        let home = tempfile::tempdir().unwrap();
        make(home.path(), DECLARED);
        home
    });
    TOWN.path().join("m")
}

fn make(home: &Path, declared: &str) {
    let map = home.join("m");
    xiangtu(&["new", map.to_str().unwrap()]);
    let toml = std::fs::read_to_string(map.join("map.toml")).unwrap();
    std::fs::write(map.join("map.toml"), toml + declared).unwrap();
    // 15 m wide, in two pieces of which the second is drawn towards the west: estimated, the edge lies 12 m from the axis.
    let road = json!({"ref": "G112", "name": "112国道", "class": "national", "width_m": 15});
    let piece = |id: &str, from: f64, to: f64| {
        let mut properties = road.clone();
        properties["id"] = json!(id);
        feature(properties, "LineString", json!([at(from, 0.0), at(to, 0.0)]))
    };
    // Surveyed, it lies 10 m from the axis in the north and 14 m in the south.
    let ring = [at(-5.0, -14.0), at(500.0, -14.0), at(500.0, 10.0), at(-5.0, 10.0), at(-5.0, -14.0)];
    let land = feature(json!({"id": "l1"}), "Polygon", json!([ring]));
    let other = feature(
        json!({"id": "l2", "road": "X301"}),
        "Polygon",
        json!([[at(200.0, 0.0), at(240.0, 0.0), at(240.0, 90.0), at(200.0, 90.0), at(200.0, 0.0)]]),
    );
    let front = |contract: &str| json!({"contract": contract});
    let frontages = points(&[
        // 30 m north of the axis is 20 m from the parcels edge: that still counts; so does what is on the land itself.
        ("f1", 50.0, 29.99, front("signed")),
        ("f2", 55.0, 30.02, front("unsigned")),
        ("f3", 60.0, 3.0, front("unsigned")),
        // In the south the edge is 4 m farther.
        ("f4", 60.0, -33.9, front("renewed")),
        ("f5", 60.0, -34.1, front("unsigned")),
        // Where it is estimated: 12 + 20 m.
        ("f6", 650.0, 31.99, front("violated")),
        ("f7", 650.0, 32.02, front("unsigned")),
        // It says that it is of this road, and is believed within 200 m; another's is not.
        ("f8", 660.0, 120.0, json!({"contract": "unsigned", "road": "112国道"})),
        ("f9", 660.0, 8.0, json!({"contract": "unsigned", "road": "X301"})),
        // At the very border of two sections: the later one. On the axis: right.
        ("f10", 300.0, 0.0, front("unsigned")),
        ("f11", 350.0, 15.0, front("unsigned")),
        // Before the beginning nothing is counted.
        ("f12", -3.0, 5.0, front("unsigned")),
    ]);
    let issue = |status: &str, more: Value| {
        let mut all = json!({"status": status, "type": "rubbish"});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let issues = points(&[
        ("i1", 120.0, 12.0, issue("found", json!({"type": "illegal_structure"}))),
        ("i2", 130.0, 13.0, issue("closed", json!({}))),
        ("i3", 140.0, 13.0, issue("rejected", json!({}))),
        ("i4", 150.0, -13.0, issue("relapsed", json!({}))),
        ("i5", 150.0, -14.0, issue("found", json!({"private": true}))),
    ]);
    // A farm along 150 m whose corner comes nearest to the road at 880 m; its edge is 31 m from the axis.
    let yard = feature(
        json!({"id": "y1", "name": "甲"}),
        "Polygon",
        json!([[at(880.0, -31.0), at(760.0, -60.0), at(760.0, -90.0), at(910.0, -90.0), at(880.0, -31.0)]]),
    );
    let gone = feature(json!({"id": "y2", "name": "乙", "status": "demolished"}), "Point", json!(at(880.0, -20.0)));
    let patrol = |id: &str, on: &str, to: f64| {
        feature(json!({"id": id, "on": on, "road": "G112"}), "LineString", json!([at(-10.0, 5.0), at(to, 5.0)]))
    };
    let layers = [
        ("roads", "road", collection(&[piece("r1", 0.0, 400.0), piece("r2", 1000.0, 400.0)])),
        ("road-land", "road_land", collection(&[land, other])),
        ("frontages", "frontage", frontages),
        ("issues", "issue", issues),
        ("farms", "farm", collection(&[yard, gone])),
        ("patrols", "patrol", collection(&[patrol("p1", "2026-10-20", 1010.0), patrol("p2", "2026-10-30", 255.0)])),
    ];
    for (layer, kind, features) in layers {
        let file = home.join(format!("{layer}.geojson"));
        std::fs::write(&file, features.to_string()).unwrap();
        let map = map.to_str().unwrap();
        xiangtu(&["import", map, layer, file.to_str().unwrap(), "--kind", kind, "--key", "id", "--on", "2026-08-01"]);
    }
}

/// What a collection says of each feature under these properties, by its id.
fn told(id: &str, properties: &[&str]) -> BTreeMap<String, Vec<String>> {
    let answer = Catalog::open(&town()).unwrap().resolve(id).unwrap().features(&Query::default()).unwrap();
    let row = |row: xiangtu::table::Row<'_>| {
        (row.id().to_owned(), properties.iter().map(|name| row.named(name).to_text()).collect())
    };
    answer.rows().map(row).collect()
}

fn figures(id: &str) -> BTreeMap<String, Value> {
    let summary = Catalog::open(&town()).unwrap().resolve(id).unwrap().summary().unwrap();
    summary.figures.iter().map(|figure| (figure.name.to_owned(), figure.value.clone())).collect()
}

#[test]
fn things_count_once_where_they_come_nearest_within_the_zone_of_the_road_land() {
    let found = told(
        "corridor@2026-10-31",
        &["frontages", "contracts", "unsigned", "issues", "issues_closed", "illegal", "farms"],
    );
    assert_eq!(found.len(), 22);
    let counted: Vec<(&str, String)> =
        found.iter().filter(|(_, v)| v.iter().any(|n| n != "0")).map(|(id, v)| (&id[7..], v.join(" "))).collect();
    let expected = [
        ("000000:L", "2 1 1 0 0 0 0"),
        ("000000:R", "1 1 0 0 0 0 0"),
        ("000100:L", "0 0 0 1 1 1 0"),
        ("000100:R", "0 0 0 1 0 0 0"),
        ("000300:L", "1 0 1 0 0 0 0"),
        ("000300:R", "1 0 1 0 0 0 0"),
        ("000600:L", "2 1 1 0 0 0 0"),
        ("000850:R", "0 0 0 0 0 0 1"),
    ];
    assert_eq!(counted, expected.map(|(id, v)| (id, v.to_owned())));
    let figures = figures("corridor@2026-10-31");
    for (name, value) in [
        ("frontages", json!(7)),
        ("contracts", json!(3)),
        ("unsigned", json!(4)),
        ("signed_share", json!(0.429)),
        ("issues", json!(2)),
        ("issues_closed", json!(1)),
        ("illegal", json!(1)),
        ("farms", json!(1)),
        ("zone_m", json!(20.0)),
        ("road_km", json!(1.0)),
        ("estimated_km", json!(0.5)),
        ("patrols", json!(2)),
        ("unpatrolled_km", json!(0.7)),
    ] {
        assert_eq!(figures[name], value, "{name}");
    }
    assert!(figures["zone_law"].as_str().unwrap().contains("公路安全保护条例"));
}

#[test]
fn sections_end_where_their_stones_stand_and_at_the_break() {
    let found = told("corridor@2026-10-31", &["chainage", "chainage_to", "basis", "days_since", "numbered_by"]);
    let left: Vec<String> = found.iter().filter(|(id, _)| id.ends_with('L')).map(|(_, v)| v.join(" ")).collect();
    let expected = [
        "K8+000 K8+100 parcels 1 declared",
        "K8+100 K8+200 parcels 1 declared",
        "K8+200 K8+300 parcels 1 declared",
        "K8+300 K8+400 parcels 11 declared",
        "K8+400 K8+500 parcels 11 declared",
        "K8+500 K8+600 estimated 11 declared",
        "K8+600 K8+700 estimated 11 declared",
        // 50 m of the count are left out; 50 m of road until the next stone.
        "K8+750 K8+800 estimated 11 declared",
        "K8+800 K8+900 estimated 11 declared",
        "K8+900 K9+000 estimated 11 declared",
        "K9+000 K9+050 estimated 11 declared",
    ];
    assert_eq!(left, expected);
}

#[test]
fn the_zone_is_twenty_metres_deep_from_the_edge_wherever_that_lies() {
    let found = told("corridor@2026-10-31", &["zone_m2"]);
    let area = |id: &str| found[&format!("G112:1:{id}")][0].parse::<f64>().unwrap();
    for id in ["000100:L", "000100:R", "000200:L", "000600:R"] {
        assert!((area(id) - 2_000.0).abs() < 3.0, "{id} {}", area(id));
    }
    assert!((area("000700:L") - 1_000.0).abs() < 2.0);
    // A width of one's own, and half the depth.
    let found = told("corridor~zone=10@2026-10-31", &["zone_m2", "zone_m"]);
    assert_eq!(found["G112:1:000200:L"][1], "10");
    assert!((found["G112:1:000200:L"][0].parse::<f64>().unwrap() - 1_000.0).abs() < 2.0);
}

#[test]
fn a_point_and_a_chainage_are_asked_for_on_the_command_line() {
    let map = town();
    let map = map.to_str().unwrap();
    let [lng, lat] = at(820.0, -17.0);
    let point = format!("{lng},{lat}");
    let answer = |question: &[&str]| -> Value {
        serde_json::from_str(&xiangtu(&[&["query", map, "chainage"], question].concat())).unwrap()
    };
    let found = answer(&["--point", &point]);
    let told = &found["features"][0]["properties"];
    assert_eq!(
        (&told["chainage"], &told["side"], &told["offset_m"]),
        (&json!("K8+870"), &json!("right"), &json!(17.0))
    );
    let back = answer(&["--at", "8+870"]);
    let place = &back["features"][0]["geometry"]["coordinates"];
    assert!((place[0].as_f64().unwrap() - at(820.0, 0.0)[0]).abs() < 1e-7);
    // What the short chain leaves out stands nowhere, and it is said what there is.
    let refused = run(&["query", map, "chainage", "--at", "K8+720"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("K8+000–K8+700") && said.contains("K8+750–K9+050"), "{said}");
    let wrong = run(&["query", map, "chainage", "--at", "8.7x"]);
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("K12+300"));
    // One question has one address.
    let catalog = Catalog::open(&town()).unwrap();
    let typed = BTreeMap::from([("at".to_owned(), "12.3".to_owned())]);
    assert_eq!(catalog.bind("chainage", &typed, xiangtu::units::AsOf::NOW).unwrap(), "chainage~at=K12+300");
    assert_eq!(answer(&[])["numberMatched"], 2);
}

#[test]
fn another_declaration_is_another_question_and_one_that_does_not_fit_is_said() {
    let home = tempfile::tempdir().unwrap();
    make(home.path(), DECLARED);
    let map = home.path().join("m");
    let revision = |id: &str| Catalog::open(&map).unwrap().resolve(id).unwrap().revision();
    let ids = ["corridor@2026-10-31", "chainage", "patrol-coverage@2026-10-31", "farms"];
    let before = ids.map(revision);
    let file = map.join("map.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("K8+750", "K8+745")).unwrap();
    let changed: Vec<bool> = before.iter().zip(ids.map(revision)).map(|(a, b)| *a != b).collect();
    assert_eq!(changed, [true, true, true, false]);
    std::fs::write(&file, text.replace("[117.40, 39.60]", "[117.40, 39.70]")).unwrap();
    let fault = Catalog::open(&map).unwrap().resolve("chainage").unwrap().features(&Query::default()).err().unwrap();
    assert_eq!((fault.code(), fault.fields()["road"].as_str()), ("chainage-start-astray", "G112"));
    std::fs::write(&file, text.replace("\"K8+000\"", "\"8 km\"")).unwrap();
    assert_eq!(Catalog::open(&map).err().unwrap().code(), "map-malformed");
}

#[test]
fn a_road_may_be_declared_by_several_stones_and_those_that_contradict_each_other_are_named() {
    let home = tempfile::tempdir().unwrap();
    let stones = |west: &str, east: &str| {
        let stone = |at: &str, point: [f64; 2]| format!("{{ at = \"{at}\", point = {} }}", json!(point));
        let (west, east) = (stone(west, at(0.0, 5.0)), stone(east, at(960.0, -5.0)));
        format!("\n[[chainage]]\nroad = \"G112\"\nstones = [{west}, {east}]\n")
    };
    let declared = stones("K8+000", "K9+000");
    make(home.path(), &declared);
    let map = home.path().join("m");
    let ask = |more: &[&str]| run(&[&["query", map.to_str().unwrap(), "chainage"], more].concat());
    // A thousand numbers on 960 m.
    let [lng, lat] = at(480.0, 7.0);
    let found: Value = serde_json::from_slice(&ask(&["--point", &format!("{lng},{lat}")]).stdout).unwrap();
    let told = &found["features"][0]["properties"];
    assert_eq!((&told["chainage"], &told["numbered_by"]), (&json!("K8+500"), &json!("declared")));
    let file = map.join("map.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let say = |now: String| {
        std::fs::write(&file, text.replace(&declared, &now)).unwrap();
        let refused = ask(&["--at", "K8+500"]);
        assert!(!refused.status.success());
        String::from_utf8(refused.stderr).unwrap()
    };
    let said = say(stones("K8+000", "K19+000"));
    assert!(said.contains("K8+000") && said.contains("K19+000") && said.contains("960"), "{said}");
    assert!(say(stones("K9+000", "K8+000")).contains("K9+000"));
    // One stone says no direction, and a start beside stones is one too many.
    let alone = format!("\n[[chainage]]\nroad = \"G112\"\nstones = [{{ at = \"K8\", point = {} }}]\n", json!(WEST));
    assert!(say(alone).contains("two stones"));
    let both = stones("K8+000", "K9+000") + &format!("start = {}\n", json!(WEST));
    assert!(say(both).contains("either"));
}
