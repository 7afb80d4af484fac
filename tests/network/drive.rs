//! `measure=drive`: the time on the roads, against networkx and pgRouting (`make.py --drive`) and by hand.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use xiangtu::catalog::Catalog;
use xiangtu::network::{Counted, Network, Options, Snap};

use super::coverage::{asked, at, feature, inside, map, number};
use super::{accesses, cases, features, frozen, nasty, place, point};
use crate::support::answer;

/// What is said of the roads' speeds.
fn speeds() -> Value {
    serde_json::from_str(&std::fs::read_to_string(frozen("speeds.json")).unwrap()).unwrap()
}

#[test]
fn drives_over_a_nasty_network_take_as_long_as_networkx_and_pgrouting_say() {
    let (roads, speeds) = (nasty(), speeds());
    let kmh = |row: u32| speeds[roads.row(row).id()]["kmh"].as_f64().unwrap();
    let network = Network::build(&roads, &Options { oneway: true, ..Options::default() }).timed(kmh);
    assert_eq!(network.counted(), Counted::Seconds);
    let places: BTreeMap<String, [f64; 2]> = features("places.geojson")
        .iter()
        .map(|f| (f["properties"]["id"].as_str().unwrap().to_owned(), place(&f["geometry"]["coordinates"])))
        .collect();
    let names: Vec<&String> = places.keys().collect();
    let snaps: Vec<Snap> = places.values().map(|&at| network.snap(point(at).shape(0), 2_000.0).unwrap()).collect();
    let matrix = network.matrix(&accesses(&network, &snaps), &snaps, f64::INFINITY);
    let mut ways = 0;
    for case in cases("drives.jsonl") {
        let [from, to] =
            ["from", "to"].map(|end| names.iter().position(|n| n.as_str() == case[end].as_str().unwrap()).unwrap());
        let found = matrix[from].iter().find(|(target, _)| *target as usize == to).map(|(_, s)| *s);
        for theirs in ["seconds", "pgrouting_s"] {
            let agrees = match (found, case[theirs].as_f64()) {
                (Some(here), Some(there)) => (here - there).abs() < 1e-4,
                (here, there) => here.is_none() && there.is_none(),
            };
            assert!(agrees, "{from}-{to}: {found:?}, not {}", case[theirs]);
        }
        let path = network.path(&snaps[from], &snaps[to]).map(|path| path.cost);
        assert!(path == found || (path.unwrap() - found.unwrap()).abs() < 1e-9, "{path:?} {found:?}");
        ways += usize::from(found.is_some());
    }
    assert!(ways > 400, "{ways}");
}

/// The town about the nasty network, with classes and speeds.
static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
    let speeds = speeds();
    let mut roads = features("roads.geojson");
    for road in &mut roads {
        let said = &speeds[road["properties"]["id"].as_str().unwrap()];
        for name in ["class", "speed_kmh"] {
            road["properties"][name] = said[name].clone();
        }
    }
    map(&[
        ("villages", "village", Value::Array(features("villages.geojson"))),
        ("roads", "road", Value::Array(roads)),
        ("toilets", "toilet", Value::Array(features("toilets.geojson"))),
        ("households", "household", Value::Array(features("households.geojson"))),
    ])
});

const DRIVE: &[&str] = &["--measure", "drive", "--minutes", "0.75", "--off_road", "80"];

#[test]
fn households_drive_as_long_as_brute_force_finds_and_the_ground_agrees() {
    let found = asked(TOWN.path(), &[&["--demand", "households"], DRIVE].concat());
    let found = found.by_id();
    let ground = asked(TOWN.path(), DRIVE);
    let ground = &ground.features[0]["geometry"];
    let places: BTreeMap<String, [f64; 2]> = features("households.geojson")
        .iter()
        .map(|f| (f["properties"]["id"].as_str().unwrap().to_owned(), place(&f["geometry"]["coordinates"])))
        .collect();
    let (mut listed, mut served) = (0, 0);
    for case in cases("drive-walks.jsonl") {
        let name = case["name"].as_str().unwrap();
        let here = found.get(name);
        let Some(there) = case["seconds"].as_f64() else {
            let here = here.unwrap_or_else(|| panic!("{name} is unreachable"));
            assert_eq!((&here["nearest_min"], &here["unreachable"]), (&Value::Null, &json!(true)), "{name}");
            continue;
        };
        // The brute force looks every quarter metre, which at 15 km/h takes 0.06 s.
        if (there - 45.0).abs() < 0.1 {
            continue;
        }
        assert_eq!(here.is_some(), there > 45.0, "{name} {there}");
        if let Some(here) = here {
            let seconds = here["nearest_min"].as_f64().unwrap() * 60.0;
            assert!(seconds <= there + 1e-4 && seconds > there - 0.07, "{name}: {seconds}, not {there}");
            assert!(here.get("nearest_m").is_none());
            listed += 1;
        }
        if (there - 45.0).abs() > 0.3 {
            assert_eq!(inside(ground, places[name]), there > 45.0, "{name}: {there}");
            served += u32::from(there < 45.0);
        }
    }
    assert!(listed > 10 && served > 30, "{listed} {served}");
}

#[test]
fn stretches_beyond_a_drive_leave_what_networkx_reaches() {
    let every = ["--classes", "motorway,national,provincial,county,township,village,track"];
    let found = asked(TOWN.path(), &[&["--demand", "road"], DRIVE, &every].concat());
    let mut uncovered: BTreeMap<&str, f64> = BTreeMap::new();
    for (id, properties) in found.by_id() {
        *uncovered.entry(id.split(':').next().unwrap()).or_default() += properties["uncovered_m"].as_f64().unwrap();
    }
    for case in cases("drive-areas.jsonl") {
        let name = case["name"].as_str().unwrap();
        let here = uncovered.get(name).copied().unwrap_or_default();
        let there = case["length_m"].as_f64().unwrap() - case["reached_m"].as_f64().unwrap();
        assert!((here - there).abs() < 0.02, "{name}: {here}, not {there}");
    }
}

/// A house at a crossing: 500 m of village road lead west, 1000 m of national road east, and a motorway north that may be gone
/// along towards the house only.
fn crossing() -> TempDir {
    let ring = json!([[
        at(-1500.0, -500.0),
        at(1500.0, -500.0),
        at(1500.0, 1500.0),
        at(-1500.0, 1500.0),
        at(-1500.0, -500.0)
    ]]);
    let road = |id: &str, from: [f64; 2], to: [f64; 2], said: Value| {
        feature(id, "LineString", json!([at(from[0], from[1]), at(to[0], to[1])]), &said)
    };
    let here = |id: &str, x: f64, y: f64| feature(id, "Point", at(x, y), &json!({}));
    map(&[
        ("villages", "village", json!([feature("v", "Polygon", ring, &json!({"households": 100}))])),
        (
            "roads",
            "road",
            json!([
                road("east", [0.0, 0.0], [1000.0, 0.0], json!({"class": "national"})),
                road("north", [0.0, 0.0], [0.0, 1000.0], json!({"class": "motorway", "oneway": "reverse"})),
                road("west", [0.0, 0.0], [-500.0, 0.0], json!({"speed_kmh": 15.0, "class": "national"})),
            ]),
        ),
        ("households", "household", json!([here("h", 0.0, 20.0)])),
        ("toilets", "toilet", json!([here("t", 1000.0, 0.0)])),
        (
            "projects",
            "project",
            json!([here("slow", -500.0, 0.0), here("fast", 900.0, 0.0), here("wrong", 0.0, 900.0)]),
        ),
    ])
}

#[test]
fn at_exactly_the_minutes_one_is_served_and_a_speed_of_its_own_beats_the_class() {
    let home = crossing();
    let list = |minutes: f64, more: &[&str]| {
        let minutes = minutes.to_string();
        let asked = asked(
            home.path(),
            &[&["--demand", "households", "--measure", "drive", "--minutes", &minutes], more].concat(),
        );
        asked.by_id().get("h").map(|p| number(p, "nearest_min"))
    };
    // One gets to the road at the nearest to the toilet that 100 m off the roads allow, here 98 m down the road.
    let minutes = list(0.1, &[]).unwrap();
    assert!((minutes - (1000.0 - 9600_f64.sqrt()) / 1000.0).abs() < 1e-5, "{minutes}");
    assert_eq!(list(minutes, &[]), None);
    assert_eq!(list(minutes - 1e-6, &[]), Some(minutes));
    // What is no farther than one goes off the roads needs no drive.
    assert_eq!(list(0.1, &["--off_road", "1001"]), None);
}

#[test]
fn a_site_that_is_farther_may_be_nearer_by_car() {
    let home = crossing();
    let town = home.path().join("m");
    let site = |more: &[&str]| {
        let question =
            ["query", town.to_str().unwrap(), "siting", "--keep", "no", "--candidates", "projects", "--n", "1"];
        let collection = answer(&[&question[..], &["--off_road", "20"], more].concat());
        let first = collection["features"].get(0)?;
        Some((first["id"].as_str().unwrap().to_owned(), first["properties"].clone()))
    };
    let (id, properties) = site(&["--measure", "road", "--model", "p-median"]).unwrap();
    assert!(id.ends_with("slow") && properties["assigned_mean_m"] == json!(520.0), "{id} {properties}");
    let (id, properties) = site(&["--measure", "drive", "--model", "p-median"]).unwrap();
    // 900 m at 60 km/h are 54 s, from the crossing on, whereto one walks; 500 m at 15 km/h are 120 s; up the motorway nobody may go.
    assert!(id.ends_with("fast") && properties["assigned_mean_min"] == json!(0.9), "{id} {properties}");
    // Of the three roads one says its speed itself.
    let summary = Catalog::open(&town).unwrap().resolve("coverage-gaps~measure=drive").unwrap().summary().unwrap();
    let figure = |name: &str| summary.figures.iter().find(|figure| figure.name == name).unwrap().value.clone();
    assert_eq!(figure("speed_estimated_share"), json!(0.8));
    assert_eq!(
        figure("speed_basis"),
        json!("估算：国道按二级公路的低档计；取中间一档；实际以道路的限速或设计时速为准")
    );
    assert!(properties.get("assigned_mean_m").is_none() && properties["facility_min"] == json!(0.08), "{properties}");
    // A site that serves nobody is not built.
    assert_eq!(site(&["--measure", "drive", "--minutes", "0.8999"]), None);
    let (_, properties) = site(&["--measure", "drive", "--minutes", "0.9001"]).unwrap();
    assert_eq!(properties["gain_households"], json!(1));
}
