//! Coverage gaps by road and by straight lines, for ground, households and roads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use xiangtu::geo::frame::Frame;

use super::{cases, features, frozen, place};
use crate::support::{answer, run, xiangtu};

/// A map of layers: name, kind, features.
pub(super) fn map(layers: &[(&str, &str, Value)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let town = home.path().join("m");
    let town = town.to_str().unwrap();
    xiangtu(&["new", town]);
    for (layer, kind, features) in layers {
        let file = home.path().join(format!("{layer}.geojson"));
        std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
        let file = file.to_str().unwrap();
        xiangtu(&["import", town, layer, file, "--kind", kind, "--key", "id", "--on", "2026-09-01"]);
    }
    home
}

pub(super) struct Answer {
    pub features: Vec<Value>,
}

impl Answer {
    pub fn by_id(&self) -> BTreeMap<&str, &Map<String, Value>> {
        self.features.iter().map(|f| (f["id"].as_str().unwrap(), f["properties"].as_object().unwrap())).collect()
    }
}

pub(super) fn asked(home: &Path, question: &[&str]) -> Answer {
    asked_of(home, "coverage-gaps", question)
}

pub(super) fn asked_of(home: &Path, analysis: &str, question: &[&str]) -> Answer {
    let town = home.join("m");
    let collection = answer(&[&["query", town.to_str().unwrap(), analysis], question].concat());
    Answer { features: collection["features"].as_array().unwrap().clone() }
}

/// The town about the nasty network.
pub(super) static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
    let of = |file: &str| Value::Array(features(file));
    assert!(frozen("villages.geojson").exists());
    map(&[
        ("villages", "village", of("villages.geojson")),
        ("roads", "road", of("roads.geojson")),
        ("toilets", "toilet", of("toilets.geojson")),
        ("households", "household", of("households.geojson")),
    ])
});

pub(super) const BY_ROAD: &[&str] = &["--measure", "road", "--reach", "600", "--off_road", "80"];

pub(super) fn ways(oneway: bool) -> Vec<&'static str> {
    [BY_ROAD, if oneway { &["--oneway", "obeyed"] } else { &[] }].concat()
}

#[test]
fn households_off_the_roads_are_as_far_as_brute_force_finds() {
    for oneway in [false, true] {
        let found = asked(TOWN.path(), &[&["--demand", "households"], &ways(oneway)[..]].concat());
        let found = found.by_id();
        let mut listed = 0;
        for case in cases("walks.jsonl").iter().filter(|case| case["oneway"] == oneway) {
            let name = case["name"].as_str().unwrap();
            let here = found.get(name);
            let Some(there) = case["nearest_m"].as_f64() else {
                let here = here.unwrap_or_else(|| panic!("{name} is unreachable"));
                assert_eq!((&here["nearest_m"], &here["unreachable"]), (&Value::Null, &json!(true)), "{name}");
                continue;
            };
            // The brute force looks every quarter metre.
            if (there - 600.0).abs() < 0.5 {
                continue;
            }
            assert_eq!(here.is_some(), there > 600.0, "{name} {there}");
            if let Some(here) = here {
                let metres = here["nearest_m"].as_f64().unwrap();
                assert!(metres <= there + 1e-3 && metres > there - 0.3, "{name}: {metres}, not {there}");
                let snap_m = here["snap_m"].as_f64().unwrap();
                assert!((snap_m - case["snap_m"].as_f64().unwrap()).abs() < 1e-3, "{name}: {snap_m}");
                assert_eq!(here["unreachable"], json!(false));
                listed += 1;
            }
        }
        assert!(listed > 10, "{listed}");
    }
}

pub(super) fn inside(polygon: &Value, [x, y]: [f64; 2]) -> bool {
    let rings: Vec<&Value> = match polygon["type"].as_str().unwrap() {
        "Polygon" => polygon["coordinates"].as_array().unwrap().iter().collect(),
        _ => polygon["coordinates"].as_array().unwrap().iter().flat_map(|p| p.as_array().unwrap()).collect(),
    };
    rings.into_iter().fold(false, |odd, ring| {
        ring.as_array().unwrap().windows(2).fold(odd, |odd, edge| {
            let ([ax, ay], [bx, by]) = (place(&edge[0]), place(&edge[1]));
            odd ^ ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
        })
    })
}

#[test]
fn the_ground_out_of_reach_is_where_those_out_of_reach_live() {
    let places: BTreeMap<String, [f64; 2]> = features("households.geojson")
        .iter()
        .map(|f| (f["properties"]["id"].as_str().unwrap().to_owned(), place(&f["geometry"]["coordinates"])))
        .collect();
    for oneway in [false, true] {
        let found = asked(TOWN.path(), &ways(oneway));
        let ground = &found.features[0]["geometry"];
        let mut reached = 0;
        for case in cases("walks.jsonl").iter().filter(|case| case["oneway"] == oneway) {
            let metres = case["nearest_m"].as_f64().unwrap_or(f64::INFINITY);
            // Discs have 64 corners: their edge is off by less than 7 cm.
            if (metres - 600.0).abs() > 1.0 {
                let name = case["name"].as_str().unwrap();
                assert_eq!(inside(ground, places[name]), metres > 600.0, "{name}: {metres}");
                reached += u32::from(metres <= 600.0);
            }
        }
        assert!(reached > 30, "{reached}");
    }
}

#[test]
fn stretches_out_of_reach_by_road_leave_what_networkx_and_pgrouting_reach() {
    for oneway in [false, true] {
        let found = asked(TOWN.path(), &[&["--demand", "road"], &ways(oneway)[..]].concat());
        let mut uncovered: BTreeMap<&str, f64> = BTreeMap::new();
        for (id, properties) in found.by_id() {
            *uncovered.entry(id.split(':').next().unwrap()).or_default() += properties["uncovered_m"].as_f64().unwrap();
        }
        for case in cases("areas.jsonl").iter().filter(|case| case["oneway"] == oneway) {
            let name = case["name"].as_str().unwrap();
            let here = uncovered.get(name).copied().unwrap_or_default();
            for theirs in ["reached_m", "pgrouting_m"] {
                let there = case["length_m"].as_f64().unwrap() - case[theirs].as_f64().unwrap();
                assert!((here - there).abs() < 0.01, "{name}: {here}, not {there}");
            }
        }
        assert!(found.by_id().values().any(|p| p["unreachable"] == true), "the island");
    }
}

/// Sums of a property by what stands before the first colon of the id.
pub(super) fn summed(found: &Answer, property: &str) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    for (id, properties) in found.by_id() {
        let name = id.split(':').next().unwrap().to_owned();
        *sums.entry(name).or_default() += properties[property].as_f64().unwrap();
    }
    sums
}

#[test]
fn stretches_out_of_a_straight_reach_are_those_of_postgis() {
    let found = asked(TOWN.path(), &["--demand", "road", "--reach", "300"]);
    let mut uncovered: BTreeMap<&str, f64> = BTreeMap::new();
    for (id, properties) in found.by_id() {
        let (from, to) = (properties["from_m"].as_f64().unwrap(), properties["to_m"].as_f64().unwrap());
        assert!((properties["uncovered_m"].as_f64().unwrap() - (to - from)).abs() < 1e-9);
        *uncovered.entry(id.split(':').next().unwrap()).or_default() += to - from;
    }
    for case in cases("straight.jsonl") {
        let name = case["name"].as_str().unwrap();
        let (here, there) = (uncovered.get(name).copied().unwrap_or_default(), case["uncovered_m"].as_f64().unwrap());
        assert!((here - there).abs() < 0.1, "{name}: {here}, not {there}");
    }
}

pub(super) fn feature(id: &str, kind: &str, coordinates: Value, properties: &Value) -> Value {
    let mut all = json!({"id": id, "name": id});
    all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    json!({"type": "Feature", "properties": all, "geometry": {"type": kind, "coordinates": coordinates}})
}

pub(super) fn at(x: f64, y: f64) -> Value {
    let [lng, lat] = Frame::at([117.4, 39.6]).local_to_lnglat([x, y]);
    json!([lng, lat])
}

/// One village of 2 km by 1 km about a straight road of 2 km, with what the test adds.
pub(super) fn hamlet(layers: &[(&str, &str, Value)]) -> TempDir {
    let ring = json!([[at(0.0, -500.0), at(2000.0, -500.0), at(2000.0, 500.0), at(0.0, 500.0), at(0.0, -500.0)]]);
    let mut all = vec![
        ("villages", "village", json!([feature("v", "Polygon", ring, &json!({"households": 100}))])),
        ("roads", "road", json!([feature("r", "LineString", json!([at(0.0, 0.0), at(2000.0, 0.0)]), &json!({}))])),
    ];
    all.extend(layers.iter().cloned());
    map(&all)
}

pub(super) fn number(properties: &Map<String, Value>, name: &str) -> f64 {
    properties[name].as_f64().unwrap_or_else(|| panic!("{name} of {properties:?}"))
}

#[test]
fn where_nothing_serves_everything_is_a_gap() {
    let home =
        hamlet(&[("toilets", "toilet", json!([feature("t", "Point", at(100.0, 0.0), &json!({"access": "closed"}))]))]);
    for measure in ["straight", "road"] {
        let found = asked(home.path(), &["--measure", measure]);
        let v = &found.by_id()["v"].clone();
        assert_eq!((number(v, "uncovered_share"), number(v, "uncovered_households")), (1.0, 100.0));
        assert!((number(v, "hole_radius_m") - 500.0).abs() <= 1.0, "{v:?}");
        assert_eq!(v["hole_nearest_m"], Value::Null);
        let roads = asked(home.path(), &["--measure", measure, "--demand", "road"]);
        let r = &roads.by_id()["r:1:0.00"].clone();
        assert!((number(r, "uncovered_m") - 2000.0).abs() < 0.01 && r["nearest_m"].is_null());
    }
    // Of no households there is no list, and the question says why.
    let town = home.path().join("m");
    let refused = run(&["query", town.to_str().unwrap(), "coverage-gaps", "--demand", "households"]);
    assert!(!refused.status.success());
}

#[test]
fn lights_that_are_broken_or_only_planned_leave_a_road_dark() {
    let light = |id: &str, x: f64, status: &str| feature(id, "Point", at(x, 0.0), &json!({"status": status}));
    let lights = json!([
        light("a", 100.0, "working"),
        light("b", 500.0, "broken"),
        light("c", 1000.0, "planned"),
        light("d", 1900.0, "working"),
    ]);
    let home = hamlet(&[("street-lights", "street_light", lights)]);
    let dark = |more: &[&str]| {
        let found = asked(home.path(), &[&["--demand", "road", "--reach", "100"], more].concat());
        let mut stretches: Vec<(f64, f64)> =
            found.by_id().values().map(|p| (number(p, "from_m").round(), number(p, "to_m").round())).collect();
        stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
        stretches
    };
    assert_eq!(dark(&[]), [(200.0, 1800.0)]);
    assert_eq!(dark(&["--planned", "with_planned"]), [(200.0, 900.0), (1100.0, 1800.0)]);
    assert_eq!(dark(&["--where", "name = 'a'"]), [(200.0, 2000.0)]);
    assert_eq!(dark(&["--measure", "road", "--planned", "with_planned"]), [(200.0, 900.0), (1100.0, 1800.0)]);
}

#[test]
fn several_layers_serve_together_and_one_outside_the_village_serves_too() {
    let toilet = json!([feature("t", "Point", at(-200.0, 0.0), &json!({}))]);
    let school = json!([feature("s", "Point", at(1700.0, 0.0), &json!({}))]);
    let house = |id: &str, x: f64| feature(id, "Point", at(x, 0.0), &json!({}));
    let houses = json!([house("h0", 299.9), house("h1", 300.1), house("h2", 1199.9), house("h3", 1200.1)]);
    let home =
        hamlet(&[("toilets", "toilet", toilet), ("schools", "school", school), ("households", "household", houses)]);
    let far = |more: &[&str]| {
        let found = asked(home.path(), &[&["--demand", "households"], more].concat());
        found.by_id().keys().map(|id| (*id).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(far(&[]), ["h1", "h2", "h3"]);
    assert_eq!(far(&["--facility", "schools"]), ["h0", "h1", "h2"]);
    assert_eq!(far(&["--facility", "schools,toilets"]), ["h1", "h2"]);
    // By road: the toilet lies 200 m before the road's end, farther than one walks off it.
    assert_eq!(far(&["--measure", "road"]), ["h0", "h1", "h2", "h3"]);
    assert_eq!(far(&["--measure", "road", "--off_road", "201"]), ["h1", "h2", "h3"]);
    let found = asked(home.path(), &["--facility", "schools"]);
    assert_eq!(number(found.by_id()["v"], "uncovered_households"), 3.0);
}

#[test]
fn the_largest_hole_is_where_most_is_missing() {
    let toilets = json!([feature("t", "Point", at(0.0, 0.0), &json!({}))]);
    let home = hamlet(&[("toilets", "toilet", toilets)]);
    let found = asked(home.path(), &["--reach", "1000"]);
    let v = found.by_id()["v"].clone();
    // A circle between two sides a kilometre apart: 500 m, if its middle is 1500 m from the toilet.
    assert!((number(&v, "hole_radius_m") - 500.0).abs() <= 1.0, "{v:?}");
    assert!((number(&v, "hole_nearest_m") - 1500.0).abs() < 2.5, "{v:?}");
    // Where the toilet reaches 1400 m there is room for less, and the middle is as far from its reach as from the border.
    let found = asked(home.path(), &["--reach", "1400"]);
    let v = found.by_id()["v"].clone();
    assert!((number(&v, "hole_nearest_m") - 1400.0 - number(&v, "hole_radius_m")).abs() < 2.0, "{v:?}");
    assert!(number(&v, "hole_radius_m") < 320.0);
}

#[test]
fn at_exactly_the_reach_one_is_served() {
    let toilets = json!([feature("t", "Point", at(0.0, 0.0), &json!({}))]);
    let houses = json!([feature("h", "Point", at(1000.0, 50.0), &json!({}))]);
    let home = hamlet(&[("toilets", "toilet", toilets), ("households", "household", houses)]);
    let list = |reach: f64, measure: &str| {
        let reach = reach.to_string();
        let found = asked(home.path(), &["--demand", "households", "--reach", &reach, "--measure", measure]);
        found.by_id().get("h").map(|p| number(p, "nearest_m"))
    };
    for measure in ["straight", "road"] {
        let metres = list(1.0, measure).unwrap();
        assert_eq!(list(metres, measure), None, "{measure} {metres}");
        assert_eq!(list(metres - 1e-4, measure), Some(metres), "{measure}");
    }
    // Over the ground for a hundred metres at the most, at a slant, and the rest along the road.
    let metres = list(1.0, "road").unwrap();
    assert!((metres - (1000.0 - (100.0_f64.powi(2) - 50.0_f64.powi(2)).sqrt() + 100.0)).abs() < 1e-3, "{metres}");
}
