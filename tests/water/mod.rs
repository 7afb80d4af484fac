//! Ponds and ditches: what is asked of them, against PostGIS and networkx (`tests/oracle/water`), and by hand at the boundaries.

mod bodies;
mod flow;
mod judged;
mod look_back;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use xiangtu::geo::frame::Frame;

use crate::support::{answer, xiangtu};

const LAYERS: [(&str, &str); 7] = [
    ("villages", "village"),
    ("waterbodies", "waterbody"),
    ("farms", "farm"),
    ("toilets", "toilet"),
    ("waste-points", "waste_point"),
    ("outfalls", "outfall"),
    ("water-samples", "water_sample"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/water")
}

/// A map of GeoJSON files, `layer.geojson` of a folder.
fn map_of(folder: &Path, layers: &[(&str, &str)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    for (layer, kind) in layers {
        let file = folder.join(format!("{layer}.geojson"));
        // A sample is a fact of its own day; the map is asked of a later one.
        xiangtu(&["import", map, layer, file.to_str().unwrap(), "--kind", kind, "--key", "id", "--on", "2026-01-01"]);
    }
    home
}

/// Properties by id, and the figures, of what is asked of a map.
fn asked(home: &TempDir, question: &[&str]) -> BTreeMap<String, Map<String, Value>> {
    let map = home.path().join("m");
    let found = answer(&[&["query", map.to_str().unwrap()], question].concat());
    let features = found["features"].as_array().unwrap();
    let one = |f: &Value| (f["id"].as_str().unwrap().to_owned(), f["properties"].as_object().unwrap().clone());
    features.iter().map(one).collect()
}

/// The answers of the oracle, without their header.
fn frozen(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines[0]["versions"].is_string() && lines.len() > 10);
    lines[1..].to_vec()
}

static TOWN: LazyLock<TempDir> = LazyLock::new(|| map_of(&folder(), &LAYERS));

/// A map made by hand, places in metres about one point.
struct Hand {
    frame: Frame,
    layers: BTreeMap<&'static str, (&'static str, Vec<Value>)>,
}

impl Hand {
    fn new() -> Self {
        Self { frame: Frame::at([117.4, 39.6]), layers: BTreeMap::new() }
    }

    fn at(&self, x: f64, y: f64) -> Value {
        json!(self.frame.local_to_lnglat([x, y]))
    }

    fn add(&mut self, layer: &'static str, kind: &'static str, id: &str, geometry: Value, properties: Value) {
        let mut properties = properties;
        properties["id"] = id.into();
        let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
        self.layers.entry(layer).or_insert((kind, Vec::new())).1.push(feature);
    }

    fn area(&mut self, layer: &'static str, kind: &'static str, id: &str, [w, s, e, n]: [f64; 4], properties: Value) {
        let ring: Vec<Value> = [[w, s], [e, s], [e, n], [w, n], [w, s]].iter().map(|p| self.at(p[0], p[1])).collect();
        self.add(layer, kind, id, json!({"type": "Polygon", "coordinates": [ring]}), properties);
    }

    fn line(&mut self, id: &str, points: &[[f64; 2]], properties: Value) {
        let line: Vec<Value> = points.iter().map(|p| self.at(p[0], p[1])).collect();
        self.add("ponds", "waterbody", id, json!({"type": "LineString", "coordinates": line}), properties);
    }

    fn pond(&mut self, id: &str, ground: [f64; 4], properties: Value) {
        self.area("ponds", "waterbody", id, ground, properties);
    }

    fn point(&mut self, layer: &'static str, kind: &'static str, id: &str, [x, y]: [f64; 2], properties: Value) {
        let place = self.at(x, y);
        self.add(layer, kind, id, json!({"type": "Point", "coordinates": place}), properties);
    }

    fn map(&self) -> TempDir {
        let files = tempfile::tempdir().unwrap();
        for (layer, (_, features)) in &self.layers {
            let all = json!({"type": "FeatureCollection", "features": features});
            std::fs::write(files.path().join(format!("{layer}.geojson")), all.to_string()).unwrap();
        }
        let layers: Vec<(&str, &str)> = self.layers.iter().map(|(layer, (kind, _))| (*layer, *kind)).collect();
        map_of(files.path(), &layers)
    }
}

/// The figures of a collection, as `list` tells them.
fn figures(home: &TempDir, id: &str) -> BTreeMap<String, Value> {
    let catalog = xiangtu::catalog::Catalog::open(&home.path().join("m")).unwrap();
    let summary = catalog.resolve(id).unwrap().summary().unwrap();
    summary.figures.iter().map(|figure| (figure.name.to_owned(), figure.value.clone())).collect()
}

#[test]
fn areas_sources_and_judgements_are_those_of_postgis() {
    let found = asked(&TOWN, &["uncleaned-waterbodies", "--show", "surveyed", "--as-of", "2026-10-31"]);
    let expected = frozen("waterbodies.jsonl");
    assert_eq!(found.len(), expected.len());
    for one in &expected {
        let id = one["id"].as_str().unwrap();
        let here = &found[id];
        for name in ["sources", "source_id", "source_kind", "judgement", "failed_limits", "sample_id", "sampled"] {
            assert_eq!(here[name], one[name], "{id}: {name}");
        }
        for (name, slack) in [("area_m2", 1e-6), ("source_m", 1e-4)] {
            let agrees = match (here[name].as_f64(), one[name].as_f64()) {
                (Some(ours), Some(theirs)) => (ours - theirs).abs() <= slack * theirs.max(10.0),
                (ours, theirs) => ours == theirs,
            };
            assert!(agrees, "{id}: {name} is {}, not {}", here[name], one[name]);
        }
        if let Some(bodies) = one["upstream_bodies"].as_array() {
            assert_eq!(here["upstream_sources"], one["upstream_sources"], "{id}: upstream are {bodies:?}");
        }
    }
}

#[test]
fn the_samples_of_no_body_are_as_many_as_postgis_finds() {
    let text = std::fs::read_to_string(folder().join("waterbodies.jsonl")).unwrap();
    let head: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let figures = figures(&TOWN, "uncleaned-waterbodies@2026-10-31");
    assert_eq!((&figures["samples"], &figures["samples_unjoined"]), (&head["samples"], &head["unjoined"]));
}

#[test]
fn stretches_and_ponds_are_the_bodies_that_postgis_cuts_and_joins() {
    let found = asked(&TOWN, &["black-odorous-list", "--as-of", "2026-10-31"]);
    let key = |villages: &str, members: &[&str]| format!("{villages} {}", members.join(","));
    let mut ours: BTreeMap<String, Vec<&Map<String, Value>>> = BTreeMap::new();
    for one in found.values() {
        let members: Vec<&str> = one["drawn_as"].as_str().unwrap().split(',').collect();
        ours.entry(key(one["lies_in"].as_str().unwrap_or_default(), &members)).or_default().push(one);
    }
    let expected = frozen("bodies.jsonl");
    assert_eq!(found.len(), expected.len());
    for one in &expected {
        let members: Vec<&str> = one["members"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        let key = key(one["villages"].as_str().unwrap_or_default(), &members);
        let here = ours.get(&key).unwrap_or_else(|| panic!("{key} is not among {:?}", ours.keys()));
        let agrees = here.iter().any(|here| match (here["area_m2"].as_f64(), one["area_m2"].as_f64()) {
            (Some(ours), Some(theirs)) => {
                (ours - theirs).abs() <= 0.02_f64.max(theirs * 1e-5) && here["list"] == one["list"]
            }
            (ours, theirs) => ours == theirs && here["list"].is_null(),
        });
        assert!(agrees, "{key}: {here:?}, not {one}");
    }
}

#[test]
fn the_laboratory_of_the_demonstration_town_agrees_with_its_ledger_but_for_a_few() {
    let town = crate::support::town();
    let map = town.to_str().unwrap();
    let found = answer(&["query", map, "uncleaned-waterbodies", "--show", "surveyed", "--as-of", "2026-10-31"]);
    let all: Vec<&Value> = found["features"].as_array().unwrap().iter().map(|f| &f["properties"]).collect();
    assert_eq!(all.len(), 113);
    let having = |name: &str, value: &Value| all.iter().filter(|one| one[name] == *value).count();
    assert_eq!(having("differs", &json!(true)), 5);
    assert_eq!(having("failed_limits", &"ammonia".into()), 1);
    assert_eq!(having("failed_limits", &"appraisal".into()), 1);
    // 6 cm clear where it is 18 cm deep: 40 % of it are 7.2 cm.
    let shallow = all.iter().find(|one| one["failed_limits"] == "clarity").unwrap();
    assert_eq!((&shallow["clarity_cm"], &shallow["clarity_limit_cm"]), (&json!(6.0), &json!(7.2)));
    // 8 cm of 20 cm, 2.0 mg/L and 15.0 mg/L: at every limit, beyond none.
    let edge = all.iter().find(|one| one["clarity_limit_cm"] == 8.0).unwrap();
    assert_eq!(edge["judgement"], "not-black-odorous");
    let collection = xiangtu::catalog::Catalog::open(&town).unwrap();
    let collection = collection.resolve("uncleaned-waterbodies@2026-10-31").unwrap();
    let figures = collection.summary().unwrap().figures.clone();
    let of = |name: &str| figures.iter().find(|figure| figure.name == name).unwrap().value.as_i64().unwrap();
    assert_eq!([of("waterbodies"), of("surveyed"), of("samples"), of("samples_unjoined")], [58, 113, 23, 2]);
    assert_eq!(
        of("looked_back") + of("look_back_due"),
        having("look_back", &"done".into()) as i64
            + having("look_back", &"relapsed".into()) as i64
            + having("look_back", &"due".into()) as i64
    );
}
