//! Roads as a network, and what a service reaches along them, against networkx, pgRouting and PostGIS (`make.py`) and by hand.

mod areas;
mod coverage;
mod drive;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use xiangtu::geo::ellipsoid;
use xiangtu::geo::shape::{Geometries, ShapeKind};
use xiangtu::kind::{Attribute, ValueType};
use xiangtu::network::{Access, Heading, Network, Options, Snap};
use xiangtu::table::{Builder, Table, Value};

use crate::support::shared;

fn frozen(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/network/frozen").join(file)
}

/// The cases of a frozen file, one a line, without its header.
fn cases(file: &str) -> Vec<Json> {
    let text = std::fs::read_to_string(frozen(file)).unwrap();
    let all: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(all[0]["versions"].is_string() && all.len() > 10, "{file}");
    all[1..].to_vec()
}

fn features(file: &str) -> Vec<Json> {
    let text = std::fs::read_to_string(frozen(file)).unwrap();
    serde_json::from_str::<Json>(&text).unwrap()["features"].as_array().unwrap().clone()
}

fn place(position: &Json) -> [f64; 2] {
    [0, 1].map(|axis| position[axis].as_f64().unwrap())
}

fn accesses(network: &Network, snaps: &[Snap]) -> Vec<Access> {
    snaps.iter().map(|snap| network.by_snap(snap)).collect()
}

fn point(at: [f64; 2]) -> Geometries {
    let mut one = Geometries::default();
    one.part(true);
    one.coord(at);
    one.end_row(ShapeKind::Point);
    one
}

/// A table of lines: id, one-way word, vertices.
fn table<'a>(lines: impl IntoIterator<Item = (String, Option<&'a str>, Vec<[f64; 2]>)>) -> Table {
    let mut builder = Builder::new(vec![Attribute::foreign("oneway", ValueType::Text)]);
    for (id, oneway, line) in lines {
        builder.push(&id, [oneway.map_or(Value::Null, Value::Text)]);
        builder.geometries.part(true);
        line.iter().for_each(|&c| builder.geometries.coord(c));
        builder.geometries.end_row(ShapeKind::Line);
    }
    builder.finish(Vec::new())
}

fn nasty() -> Table {
    let all = features("roads.geojson");
    table(all.iter().map(|road| {
        let line = road["geometry"]["coordinates"].as_array().unwrap().iter().map(place).collect();
        (road["properties"]["id"].as_str().unwrap().to_owned(), road["properties"]["oneway"].as_str(), line)
    }))
}

#[test]
fn ways_over_a_nasty_network_are_those_of_networkx_and_of_pgrouting() {
    let roads = nasty();
    let places: BTreeMap<String, [f64; 2]> = features("places.geojson")
        .iter()
        .map(|f| (f["properties"]["id"].as_str().unwrap().to_owned(), place(&f["geometry"]["coordinates"])))
        .collect();
    let names: Vec<&String> = places.keys().collect();
    let number = |name: &Json| names.iter().position(|n| n.as_str() == name.as_str().unwrap()).unwrap();
    let mut seen = 0;
    for oneway in [false, true] {
        let network = Network::build(&roads, &Options { oneway, ..Options::default() });
        let snaps: Vec<Snap> = places.values().map(|&at| network.snap(point(at).shape(0), 2_000.0).unwrap()).collect();
        let matrix = network.matrix(&accesses(&network, &snaps), &snaps, f64::INFINITY);
        for case in cases("paths.jsonl").iter().filter(|case| case["oneway"] == oneway) {
            let (from, to) = (number(&case["from"]), number(&case["to"]));
            let found = matrix[from].iter().find(|(target, _)| *target as usize == to).map(|(_, m)| *m);
            for theirs in ["metres", "pgrouting_m"] {
                let agrees = match (found, case[theirs].as_f64()) {
                    (Some(here), Some(there)) => (here - there).abs() < 1e-3,
                    (here, there) => here.is_none() && there.is_none(),
                };
                assert!(agrees, "{}: {found:?}, not {}", case["name"], case[theirs]);
            }
            let path = network.path(&snaps[from], &snaps[to]).map(|path| path.cost);
            assert!(path == found || (path.unwrap() - found.unwrap()).abs() < 1e-6, "{path:?} {found:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, 1200);
}

/// Pairs of nodes of Xi'an between which the way is shorter where ends within a metre of another road are joined to it: two
/// nodes 66 cm apart are one then, and a road that ends beside another reaches it.
const DIVERGENCES: &[&str] = &[
    "258975-72545",
    "258975-214254",
    "258975-134597",
    "258975-259416",
    "258975-84775",
    "258975-9002",
    "258975-23310",
    "258642-72545",
    "258642-259416",
    "258642-84775",
    "258737-72545",
    "258737-84775",
    "132856-72545",
    "132856-259416",
    "132856-84775",
];

#[test]
fn ways_through_a_real_city_are_those_by_the_topology_that_came_with_it() {
    let Some(file) = shared("cn_xian_roads_gbk/modifiedConn_link.shp") else { return };
    let dataset = gdal::Dataset::open(file).unwrap();
    let mut layer = gdal::vector::LayerAccess::features(&mut dataset.layer(0).unwrap())
        .map(|f| {
            let number = |name: &str| {
                let at = f.field_index(name).unwrap();
                f.field_as_integer64(at).unwrap().unwrap()
            };
            let geometry = f.geometry().unwrap();
            let line: Vec<[f64; 2]> = (0..geometry.point_count() as i32)
                .map(|k| {
                    let (x, y, _) = geometry.get_point(k);
                    [x, y]
                })
                .collect();
            (number("link_id"), number("dir"), number("from_node"), number("to_node"), line)
        })
        .collect::<Vec<_>>();
    layer.sort_by_key(|link| link.0);
    let mut nodes: BTreeMap<i64, [f64; 2]> = BTreeMap::new();
    for (_, _, from, to, line) in &layer {
        nodes.insert(*from, line[0]);
        nodes.insert(*to, line[line.len() - 1]);
    }
    let word = |dir: i64| match dir {
        1 => Some("yes"),
        -1 => Some("reverse"),
        _ => None,
    };
    let roads = table(layer.iter().map(|(id, dir, _, _, line)| (format!("{id:09}"), word(*dir), line.clone())));
    let chosen: BTreeSet<i64> = cases("xian.jsonl").iter().map(|case| case["from"].as_i64().unwrap()).collect();
    let chosen: Vec<i64> = chosen.into_iter().collect();
    for (join_m, known) in [(0.1, &[][..]), (1.0, DIVERGENCES)] {
        let network = Network::build(&roads, &Options { join_m, oneway: true });
        let snaps: Vec<Snap> =
            chosen.iter().map(|node| network.snap(point(nodes[node]).shape(0), 1.0).unwrap()).collect();
        let matrix = network.matrix(&accesses(&network, &snaps), &snaps, f64::INFINITY);
        let (mut diverging, mut reached) = (Vec::new(), 0);
        for case in cases("xian.jsonl") {
            let at = |end: &str| chosen.iter().position(|node| *node == case[end].as_i64().unwrap()).unwrap();
            let found = matrix[at("from")].iter().find(|(t, _)| *t as usize == at("to")).map(|(_, m)| *m);
            reached += u32::from(found.is_some());
            let (here, there) = (found.unwrap_or(f64::INFINITY), case["metres"].as_f64().unwrap_or(f64::INFINITY));
            if here != there && (here - there).abs() > 1e-3 {
                assert!(here < there, "{case}: {here}");
                diverging.push(case["name"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(diverging, known, "joined within {join_m} m");
        assert!(reached > 400, "{reached}");
    }
}

#[test]
fn a_road_is_as_long_as_its_pieces_and_without_a_source_nothing_is_reached() {
    let roads = nasty();
    let network = Network::build(&roads, &Options::default());
    let mut lengths = vec![0.0; roads.len() as usize];
    network.edges().iter().for_each(|edge| lengths[edge.row as usize] += edge.length_m);
    for row in roads.rows() {
        let line = row.shape().coords();
        let whole: f64 = line.windows(2).map(|e| ellipsoid::distance_m(e[0], e[1])).sum();
        assert!((whole - lengths[row.row as usize]).abs() < 1e-6, "{}", row.id());
    }
    let reach = network.reach(&[], Heading::To, f64::INFINITY);
    assert!((0..network.edges().len() as u32).all(|edge| reach.stretches(edge, 1e9).is_empty()));
}
