//! The grid check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use xiangtu::query::Query;

use super::{area, features, figure, map, opened, told};
use crate::support::town;

fn oracle(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/villages").join(file)).unwrap()
}

/// Features with their code as the id.
fn keyed(text: &str, change: impl Fn(&mut Value)) -> String {
    let mut all: Value = serde_json::from_str(text).unwrap();
    for feature in all["features"].as_array_mut().unwrap() {
        feature["properties"]["id"] = feature["properties"]["code"].clone();
        change(feature);
    }
    all.to_string()
}

fn flawed() -> PathBuf {
    static MAP: LazyLock<TempDir> = LazyLock::new(|| {
        map(&[
            ("villages", "village", "geojson", keyed(&oracle("grid-villages.geojson"), |_| ())),
            ("grid-cells", "grid_cell", "geojson", keyed(&oracle("grid-cells.geojson"), |_| ())),
        ])
    });
    MAP.path().join("m")
}

/// Flaw, level, whose, and where it lies instead; and the areas of its pieces, added up.
type Flaws = BTreeMap<[String; 4], (usize, f64)>;

fn flaws(dir: &Path, id: &str) -> Flaws {
    let answer = opened(dir, id).features(&Query::default()).unwrap();
    let mut all = Flaws::new();
    for row in answer.rows() {
        let text = |name: &str| row.named(name).to_text();
        // A gap is a village's, told by name; the others are their cells'.
        let of = if text("flaw") == "gap" { text("village") } else { text("cells").replace(',', "+") };
        let one = all.entry([text("flaw"), text("level"), of, text("lies_in")]).or_default();
        one.0 += 1;
        one.1 += row.named("area_m2").number().unwrap();
    }
    all
}

fn expected() -> Flaws {
    let villages: Value = serde_json::from_str(&oracle("grid-villages.geojson")).unwrap();
    let names: BTreeMap<&str, &str> = villages["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| {
            let text = |name: &str| feature["properties"][name].as_str().unwrap();
            (text("code"), text("name"))
        })
        .collect();
    let mut all = Flaws::new();
    for line in oracle("grid.jsonl").lines().skip(1) {
        let one: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let of = text("of");
        let of = names.get(of.as_str()).map_or(of.clone(), |name| (*name).to_owned());
        let sum = all.entry([text("flaw"), text("level"), of, text("lies_in")]).or_default();
        sum.0 += 1;
        sum.1 += one["area_m2"].as_f64().unwrap();
    }
    all
}

#[test]
fn postgis_finds_the_same_flaws_and_their_areas() {
    let (ours, theirs) = (flaws(&flawed(), "grid-check"), expected());
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (key, (count, m2)) in &theirs {
        let (own_count, own_m2) = ours[key];
        assert_eq!(own_count, *count, "{key:?}");
        assert!((own_m2 - m2).abs() < 0.05 + m2 * 1e-4, "{key:?}: {own_m2} and {m2}");
    }
    // A vertex a millimetre off is no flaw, and leaves nothing behind: it was joined.
    assert!(ours.keys().all(|key| !key[2].contains("990000201207")));
}

#[test]
fn borders_rounded_otherwise_by_another_office_make_no_flaws() {
    // The cells to seven decimals, a centimetre; the villages stay as they are.
    let round = |feature: &mut Value| {
        for ring in feature["geometry"]["coordinates"].as_array_mut().unwrap() {
            for c in ring.as_array_mut().unwrap() {
                *c = json!([0, 1].map(|k| (c[k].as_f64().unwrap() * 1e7).round() / 1e7));
            }
        }
    };
    let rounded = map(&[
        ("villages", "village", "geojson", keyed(&oracle("grid-villages.geojson"), |_| ())),
        ("grid-cells", "grid_cell", "geojson", keyed(&oracle("grid-cells.geojson"), round)),
    ]);
    let (exact, rounded) = (flaws(&flawed(), "grid-check"), flaws(&rounded.path().join("m"), "grid-check"));
    assert_eq!(exact.keys().collect::<Vec<_>>(), rounded.keys().collect::<Vec<_>>());
    for (key, (_, m2)) in &exact {
        let off = (rounded[key].1 - m2).abs();
        assert!(off < 8.0 + m2 * 1e-3, "{key:?}: {m2} and {}", rounded[key].1);
    }
}

#[test]
fn the_demonstration_town_has_no_flaw() {
    assert_eq!(told(&town(), "grid-check", &[]), Vec::<Vec<String>>::new());
    let counts = ["flaws", "cells_checked", "villages_checked"].map(|name| figure(&town(), "grid-check", name));
    assert_eq!(counts, [json!(0), json!(46), json!(30)]);
}

fn cell(id: &str, level: &str, village: &str, west: f64, east: f64) -> Value {
    let properties = json!({"id": id, "code": id, "name": id, "level": level, "village_code": village});
    area(properties, west, 39.60, east, 39.61)
}

fn villages() -> String {
    let village = |code: &str, west: f64| {
        area(json!({"id": code, "code": code, "name": format!("村{code}")}), west, 39.60, west + 0.01, 39.61)
    };
    features(&[village("990000201201", 117.40), village("990000201202", 117.41), village("990000201203", 117.42)])
}

fn checked(cells: &[Value], id: &str, properties: &[&str]) -> Vec<Vec<String>> {
    let home =
        map(&[("villages", "village", "geojson", villages()), ("grid-cells", "grid_cell", "geojson", features(cells))]);
    told(&home.path().join("m"), id, properties)
}

#[test]
fn levels_within_each_other_are_no_flaw() {
    let mut cells = vec![cell("990000201", "town", "", 117.40, 117.43)];
    for (n, west) in [117.40, 117.41, 117.42].into_iter().enumerate() {
        let village = format!("99000020120{}", n + 1);
        cells.push(cell(&format!("{village}000"), "village", &village, west, west + 0.01));
        cells.push(cell(&format!("{village}001"), "patch", &village, west, west + 0.004));
        cells.push(cell(&format!("{village}002"), "patch", &village, west + 0.004, west + 0.01));
    }
    assert_eq!(checked(&cells, "grid-check", &["flaw"]), Vec::<Vec<String>>::new());
}

#[test]
fn codes_villages_without_cells_and_cells_of_no_village_are_told() {
    let cells = [
        // Of village 201 by its code, and numbered after 202.
        cell("990000201202001", "village", "990000201201", 117.40, 117.41),
        // Drawn into village 203, a third of it.
        cell("990000201202002", "village", "990000201202", 117.41, 117.425),
        // In no village, and of none.
        cell("990000201299001", "village", "990000201299", 117.50, 117.51),
    ];
    let found = checked(&cells, "grid-check", &["flaw", "cells", "village", "lies_in", "expected"]);
    let mut found: Vec<Vec<&str>> = found.iter().map(|row| row[1..].iter().map(String::as_str).collect()).collect();
    found.sort();
    let rows = [
        ["code", "990000201202001", "村990000201201", "", "990000201201"],
        ["no_cell", "", "村990000201203", "", ""],
        ["no_village", "990000201299001", "", "", ""],
        ["outside", "990000201202002", "村990000201202", "村990000201203", ""],
    ];
    assert_eq!(found, rows);
}

#[test]
fn slivers_are_left_out_and_counted() {
    let home = map(&[
        ("villages", "village", "geojson", villages()),
        (
            "grid-cells",
            "grid_cell",
            "geojson",
            // 0.000 001° is 8.6 cm: a strip of 95 m² along 1110 m.
            features(&[
                cell("990000201201001", "village", "990000201201", 117.40, 117.409_999),
                cell("990000201202001", "village", "990000201202", 117.41, 117.42),
                cell("990000201203001", "village", "990000201203", 117.42, 117.43),
            ]),
        ),
    ]);
    let dir = home.path().join("m");
    let told_of = |id: &str| (told(&dir, id, &[]).len(), figure(&dir, id, "slivers"));
    assert_eq!(told_of("grid-check"), (1, json!(0)), "wider than 5 cm and larger than 1 m²");
    assert_eq!(told_of("grid-check~tolerance=100"), (0, json!(1)), "too small");
    // Joined at ten centimetres there is nothing left.
    assert_eq!(told_of("grid-check~snap=0.1"), (0, json!(0)));
    let m2 = figure(&dir, "grid-check~tolerance=100", "slivers_m2").as_f64().unwrap();
    assert!((m2 - 95.37).abs() < 0.1, "{m2}");
}
