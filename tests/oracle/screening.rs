//! Screening and farmland-overlap over a made-up place, against PostGIS (`screening/make.py`).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Map, Value};
use tempfile::TempDir;
use xiangtu::rules;

use super::{cases, folder};

const LAYERS: [(&str, &str); 13] = [
    ("farms", "farm"),
    ("schools", "school"),
    ("kindergartens", "school"),
    ("no-farm-zones", "no_farm_zone"),
    ("protected-areas", "protected_area"),
    ("basic-farmland", "basic_farmland"),
    ("settlements", "settlement"),
    ("sensitive-sites", "sensitive_site"),
    ("roads", "road"),
    ("ponds", "waterbody"),
    ("villages", "village"),
    ("toilets", "toilet"),
    ("waste-points", "waste_point"),
];

/// Distances of PostGIS geography are sought on a sphere: on shapes of this size that costs up to so much.
const SLACK_M: f64 = 0.005;

static PLACE: LazyLock<TempDir> = LazyLock::new(|| {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("place");
    xiangtu(&["new", path(&map)]);
    for (layer, kind) in LAYERS {
        let file = folder().join("screening").join(format!("{layer}.geojson"));
        xiangtu(&["import", path(&map), layer, path(&file), "--kind", kind, "--key", "id", "--on", "2026-09-01"]);
    }
    home
});

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn xiangtu(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_xiangtu")).arg("--quiet").args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn asked(question: &[&str]) -> BTreeMap<String, Map<String, Value>> {
    let map = PLACE.path().join("place");
    let text = xiangtu(&[&["query", path(&map)], question, &["--as-of", "2026-11-01"]].concat());
    let collection: Value = serde_json::from_str(&text).unwrap();
    let features = collection["features"].as_array().unwrap().iter();
    features.map(|f| (f["id"].as_str().unwrap().to_owned(), f["properties"].as_object().unwrap().clone())).collect()
}

#[test]
fn who_hits_which_rule_is_what_postgis_says() {
    let every: Vec<&str> = rules::all().iter().map(|pack| pack.id.as_str()).collect();
    let mut looked = 0;
    let expected = cases("screening/screening.jsonl");
    for (layer, kind) in LAYERS {
        let of_layer: Vec<&Value> = expected.iter().filter(|case| case["layer"] == layer).collect();
        let packs: Vec<&str> = every.iter().copied().filter(|id| !rules::binding(&[*id], kind).is_empty()).collect();
        if packs.is_empty() {
            assert!(of_layer.is_empty(), "{layer}");
            continue;
        }
        let found = asked(&["screening", "--subject", layer, "--rules", &packs.join(",")]);
        let id = |case: &Value| format!("{}:{}", case["subject"].as_str().unwrap(), case["rule"].as_str().unwrap());
        let mut wanted: Vec<String> = of_layer.iter().map(|case| id(case)).collect();
        wanted.sort();
        assert_eq!(found.keys().cloned().collect::<Vec<_>>(), wanted, "{layer}");
        for case in of_layer {
            let row = &found[&id(case)];
            for (theirs, ours) in [("force", "rule_force"), ("target", "target_id"), ("within", "targets_within")] {
                assert_eq!(case[theirs], row[ours], "{}: {ours}", id(case));
            }
            if let Some(layer) = case["target_layer"].as_str() {
                assert_eq!(row["target_layer"], layer, "{}", id(case));
            }
            let (there, here) = (case["distance_m"].as_f64().unwrap(), row["distance_m"].as_f64().unwrap());
            assert!((there - here).abs() < SLACK_M, "{}: {here} m, not {there}", id(case));
            let (there, here) = (case["overlap_m2"].as_f64(), row["overlap_m2"].as_f64());
            assert_eq!(there.is_some(), here.is_some(), "{}: {here:?}", id(case));
            let (there, here) = (there.unwrap_or(0.0), here.unwrap_or(0.0));
            assert!((there - here).abs() < 0.01, "{}: {here} m², not {there}", id(case));
            looked += 1;
        }
    }
    assert_eq!(looked, expected.len());
}

#[test]
fn ground_in_common_with_farmland_is_what_postgis_says() {
    let expected = cases("screening/farmland.jsonl");
    let found = asked(&["farmland-overlap", "--list", "all-farms"]);
    let on = asked(&["farmland-overlap"]);
    assert_eq!(found.len(), expected.len());
    for case in &expected {
        let id = case["farm"].as_str().unwrap();
        let row = &found[id];
        assert_eq!(row["in_village"], case["in_village"], "{id}");
        assert_eq!(row["on_farmland"], case["on_farmland"], "{id}");
        assert_eq!(on.contains_key(id), case["on_farmland"] == true, "{id}");
        for name in ["overlap_m2", "farm_m2"] {
            let (there, here) = (case[name].as_f64(), row[name].as_f64());
            assert_eq!(there.is_some(), here.is_some(), "{id}: {name} of a point is not known, and not 0");
            assert!(
                (there.unwrap_or(0.0) - here.unwrap_or(0.0)).abs() < 1.0,
                "{id}: {name} is {here:?}, not {there:?}"
            );
        }
    }
}
