//! Three analyses over a small town, asked as anybody would: files imported and questions put on the command line.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{cases, folder};

const LAYERS: [(&str, &str); 7] = [
    ("villages", "village"),
    ("farms", "farm"),
    ("schools", "school"),
    ("ponds", "waterbody"),
    ("toilets", "toilet"),
    ("waste-points", "waste_point"),
    ("households", "household"),
];

static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("town");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    for (layer, kind) in LAYERS {
        let file = folder().join("analyses").join(format!("{layer}.geojson"));
        xiangtu(&["import", map, layer, path(&file), "--kind", kind, "--key", "id", "--on", "2026-09-01"]);
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

/// What an analysis says of each feature, in the order of the ids.
fn asked(question: &[&str]) -> Vec<(String, Map<String, Value>)> {
    let map = TOWN.path().join("town");
    let text = xiangtu(&[&["query", path(&map)], question].concat());
    let collection: Value = serde_json::from_str(&text).unwrap();
    let mut found: Vec<_> = collection["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["id"].as_str().unwrap().to_owned(), f["properties"].as_object().unwrap().clone()))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Holds an analysis against its frozen answer: the same subjects, and each property equal, numbers to their `slack`.
fn assert_answers(question: &[&str], file: &str, subject: &str, properties: &[(&str, &str, f64)]) {
    let expected = cases(&format!("analyses/{file}.jsonl"));
    let found = asked(question);
    let ids = |cases: &[Value]| cases.iter().map(|c| c[subject].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(found.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), ids(&expected), "{question:?}");
    for ((id, found), expected) in found.iter().zip(&expected) {
        for (theirs, ours, slack) in properties {
            let (there, here) = (&expected[theirs], found.get(*ours).unwrap_or(&Value::Null));
            let agrees = match (there.as_f64(), here.as_f64()) {
                (Some(there), Some(here)) => (there - here).abs() <= *slack,
                _ => there == here,
            };
            assert!(agrees, "{question:?} {id}: {ours} is {here}, not {there}");
        }
    }
}

#[test]
fn farms_near_schools_are_those_of_the_oracle() {
    assert_answers(
        &["farms-near-schools", "--distance", "500"],
        "farms-near-schools",
        "farm",
        &[
            ("school_id", "school_id", 0.0),
            ("distance_m", "distance_m", 0.001),
            ("schools_within", "schools_within", 0.0),
        ],
    );
}

#[test]
fn uncleaned_waterbodies_are_those_of_the_oracle() {
    assert_answers(
        &["uncleaned-waterbodies", "--days", "30", "--source_distance", "200", "--as-of", "2026-10-31"],
        "uncleaned-waterbodies",
        "pond",
        &[
            ("last_cleaned", "last_cleaned", 0.0),
            ("days_since", "days_since", 0.0),
            ("area_m2", "area_m2", 0.001),
            ("sources", "sources", 0.0),
        ],
    );
}

#[test]
fn uncovered_ground_is_that_of_discs_with_720_corners() {
    assert_answers(
        &["coverage-gaps", "--facility", "toilets", "--reach", "500"],
        "coverage-gaps",
        "village",
        &[
            ("uncovered_m2", "uncovered_m2", 20.0),
            ("uncovered_share", "uncovered_share", 2e-5),
            ("uncovered_households", "uncovered_households", 0.0),
        ],
    );
}

#[test]
fn unreached_households_and_their_distances_are_those_of_the_oracle() {
    assert_answers(
        &["coverage-gaps", "--facility", "toilets", "--demand", "households", "--reach", "500"],
        "coverage-gaps-households",
        "household",
        &[("nearest_m", "nearest_m", 0.001)],
    );
}
