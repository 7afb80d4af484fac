//! What is asked of the ledger: issues, tallies, patrols; over a small town whose answers were worked out by hand.

mod coverage;
mod issues;
mod tallies;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use xiangtu::catalog::Catalog;
use xiangtu::collection::Collection;
use xiangtu::query::Query;

use crate::support::xiangtu;

/// The small town, imported once for all tests that only read it.
pub fn town() -> PathBuf {
    static TOWN: LazyLock<TempDir> = LazyLock::new(|| {
        let home = tempfile::tempdir().unwrap();
        let map = home.path().join("m");
        let map = map.to_str().unwrap();
        xiangtu(&["new", map]);
        let layers = [
            ("villages", "village", "geojson", villages()),
            ("roads", "road", "geojson", coverage::roads()),
            ("patrols", "patrol", "geojson", coverage::patrols()),
            ("issues", "issue", "csv", issues::ISSUES.to_owned()),
            ("work-log", "event", "csv", tallies::EVENTS.to_owned()),
        ];
        for (layer, kind, ending, text) in layers {
            let file = home.path().join(format!("{layer}.{ending}"));
            std::fs::write(&file, text).unwrap();
            let file = file.to_str().unwrap();
            xiangtu(&[
                "import",
                map,
                layer,
                file,
                "--kind",
                kind,
                "--key",
                "id",
                "--crs",
                "EPSG:4326",
                "--on",
                "2026-08-01",
            ]);
        }
        home
    });
    TOWN.path().join("m")
}

fn features(all: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": all}).to_string()
}

/// Two villages side by side.
fn villages() -> String {
    let village = |id: &str, name: &str, west: f64| {
        let ring =
            [[west, 39.59], [west + 0.05, 39.59], [west + 0.05, 39.62], [west, 39.62], [west, 39.59]].map(|c| json!(c));
        json!({"type": "Feature", "properties": {"id": id, "name": name},
               "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    features(&[village("v1", "东庄", 117.42), village("v2", "西庄", 117.37)])
}

fn opened(id: &str) -> std::sync::Arc<dyn Collection> {
    Catalog::open(Path::new(&town())).unwrap().resolve(id).unwrap()
}

/// What a collection says of each feature under these properties, in its own order, after the id.
fn told(id: &str, properties: &[&str]) -> Vec<Vec<String>> {
    let answer = opened(id).features(&Query::default()).unwrap();
    let row = |row: xiangtu::table::Row<'_>| {
        std::iter::once(row.id().to_owned()).chain(properties.iter().map(|name| row.named(name).to_text())).collect()
    };
    answer.rows().map(row).collect()
}

fn figure(id: &str, name: &str) -> Value {
    let summary = opened(id).summary().unwrap();
    let figure = summary.figures.iter().find(|figure| figure.name == name);
    figure.unwrap_or_else(|| panic!("{id} has no figure {name}")).value.clone()
}
