//! Chainage against frozen answers of a brute force over geodesics and of PostGIS (`tests/oracle/chainage/make.py`).

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use xiangtu::geo::chainage::{Declared, Piece, Route, assemble};
use xiangtu::geo::ellipsoid::distance_m;

/// Metres that two opinions may differ.
const SLACK_M: f64 = 2e-3;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/chainage").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn point(value: &Value) -> [f64; 2] {
    [0, 1].map(|axis| value[axis].as_f64().unwrap())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The frozen roads, each measured from its first vertex.
fn roads() -> Vec<(Value, Route)> {
    let text = file("chainage.jsonl");
    let cases = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let roads = cases.map(|case| {
        let line: Vec<[f64; 2]> = case["line"].as_array().unwrap().iter().map(point).collect();
        let (start, towards) = (line[0], line[line.len() - 1]);
        let declared =
            Declared { road: String::new(), start, at_m: 0.0, towards, breaks: Vec::new(), stones: Vec::new() };
        // As three pieces, the middle one drawn backwards.
        let (a, b) = (line.len() / 3, line.len() * 2 / 3);
        let middle: Vec<[f64; 2]> = line[a..=b].iter().rev().copied().collect();
        let pieces = [&line[b..], &middle[..], &line[..=a]].map(|line| Piece { line, numbers: None, downward: false });
        let mut found = assemble(&pieces, Some(&declared)).unwrap();
        assert_eq!((found.routes.len(), found.others.len()), (1, 0));
        (case, found.routes.remove(0))
    });
    roads.collect()
}

#[test]
fn a_point_has_the_chainage_the_offset_and_the_side_of_the_brute_force() {
    let mut looked_at = 0;
    for (case, route) in roads() {
        for (k, at) in case["points"].as_array().unwrap().iter().enumerate() {
            let place = route.locate(point(&at["at"]), 20_000.0).unwrap();
            let told = format!("{} point {k}: {place:?} {at}", case["name"]);
            // The nearest point of two curves is sharper in its distance than in its place.
            let slack_m = SLACK_M + number(&at["offset_m"]) * 2e-6;
            assert!((place.number - number(&at["along_m"])).abs() < slack_m, "{told}");
            assert!((place.offset_m - number(&at["offset_m"])).abs() < SLACK_M, "{told}");
            assert_eq!(place.side.word(), at["side"], "{told}");
            looked_at += 1;
        }
    }
    assert_eq!(looked_at, 240);
}

#[test]
fn a_chainage_stands_where_the_brute_force_has_it_and_is_found_back() {
    for (case, route) in roads() {
        for at in case["places"].as_array().unwrap() {
            let along_m = number(&at["along_m"]).min(route.length_m());
            let places = route.places(along_m);
            assert_eq!(places.len(), 1, "{} {at}", case["name"]);
            assert!(distance_m(places[0].foot, point(&at["at"])) < SLACK_M, "{} {at} {places:?}", case["name"]);
            assert!((route.locate(places[0].foot, 1.0).unwrap().number - along_m).abs() < SLACK_M);
        }
    }
}

#[test]
fn where_postgis_differs_is_listed_and_nothing_else_is() {
    let listed: BTreeSet<String> = file("divergences.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line[..46].trim().to_owned())
        .collect();
    assert!(!listed.is_empty());
    let mut found = BTreeSet::new();
    for (case, route) in roads() {
        let name = case["name"].as_str().unwrap();
        for (k, at) in case["points"].as_array().unwrap().iter().enumerate() {
            let place = route.locate(point(&at["at"]), 20_000.0).unwrap();
            for (what, ours, theirs) in
                [("along", place.number, &at["postgis_along_m"]), ("offset", place.offset_m, &at["postgis_offset_m"])]
            {
                // A millimetre about the limit belongs to neither: there our own slack decides.
                let key = format!("{name} point {k} {what}");
                let off_m = (ours - number(theirs)).abs();
                if off_m > SLACK_M + 1e-3 || (off_m > SLACK_M - 1e-3 && listed.contains(&key)) {
                    found.insert(key);
                }
            }
        }
        for (k, at) in case["places"].as_array().unwrap().iter().enumerate() {
            let ours = route.places(number(&at["along_m"]).min(route.length_m()))[0].foot;
            for (what, theirs) in [("plane", &at["postgis"]), ("degrees", &at["degrees"])] {
                let key = format!("{name} place {k} {what}");
                let off_m = distance_m(ours, point(theirs));
                if off_m > SLACK_M + 1e-3 || (off_m > SLACK_M - 1e-3 && listed.contains(&key)) {
                    found.insert(key);
                }
            }
        }
    }
    assert_eq!(listed.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "listed, and gone");
    assert_eq!(found.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "not listed");
}
