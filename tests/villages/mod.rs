//! Grids, villages and who answers: over the demonstration town as Python and PostGIS see it, and over a small town whose answers
//! were worked out by hand.

mod grid;
mod indicators;
mod responsible;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use tempfile::TempDir;
use xiangtu::catalog::Catalog;
use xiangtu::collection::Collection;
use xiangtu::query::Query;

use crate::support::xiangtu;

/// A map of layers: name, kind, and a file's ending and text. All of it holds from 2026-08-01.
fn map(layers: &[(&str, &str, &str, String)]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    for (layer, kind, ending, text) in layers {
        let file = home.path().join(format!("{layer}.{ending}"));
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let place = ["--crs", "EPSG:4326", "--on", "2026-08-01"];
        xiangtu(&[&["import", map, layer, file, "--kind", kind, "--key", "id"][..], &place[..]].concat());
    }
    home
}

fn opened(dir: &Path, id: &str) -> Arc<dyn Collection> {
    Catalog::open(dir).unwrap().resolve(id).unwrap()
}

/// What a collection says of each feature under these properties, in its own order, after the id.
fn told(dir: &Path, id: &str, properties: &[&str]) -> Vec<Vec<String>> {
    let answer = opened(dir, id).features(&Query::default()).unwrap();
    let row = |row: xiangtu::table::Row<'_>| {
        std::iter::once(row.id().to_owned()).chain(properties.iter().map(|name| row.named(name).to_text())).collect()
    };
    answer.rows().map(row).collect()
}

fn figure(dir: &Path, id: &str, name: &str) -> Value {
    let summary = opened(dir, id).summary().unwrap();
    let figure = summary.figures.iter().find(|figure| figure.name == name);
    figure.unwrap_or_else(|| panic!("{id} has no figure {name}")).value.clone()
}

fn features(all: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": all}).to_string()
}

fn area(properties: Value, west: f64, south: f64, east: f64, north: f64) -> Value {
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]].map(|c| json!(c));
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

/// The small town: two villages side by side and others without data, cells of three levels, houses, farms.
fn small() -> PathBuf {
    static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
        map(&[
            ("villages", "village", "geojson", indicators::villages()),
            ("grid-cells", "grid_cell", "geojson", responsible::cells()),
            ("households", "household", "csv", indicators::HOUSES.to_owned()),
            ("farms", "farm", "csv", responsible::FARMS.to_owned()),
        ])
    });
    TOWN.path().join("m")
}
