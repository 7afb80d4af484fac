//! The measures and the analyses against frozen answers that were worked out without a line of Xiangtu (`make.py`).

mod analyses;
mod geo;
mod screening;

use std::path::{Path, PathBuf};

use serde_json::Value;
use xiangtu::geo::shape::{Geometries, ShapeKind};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

/// The cases of a frozen file, one a line, without its header.
fn cases(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    assert!(header["versions"].is_string(), "{file} opens with a header");
    let cases: Vec<_> = lines.collect();
    assert!(!cases.is_empty(), "{file} holds cases");
    cases
}

fn name(case: &Value) -> &str {
    case["name"].as_str().unwrap()
}

/// A GeoJSON geometry just as it is written: rings are not closed, what is no number is NaN.
fn laid(geometry: &Value) -> Geometries {
    let mut out = Geometries::default();
    let coordinates = &geometry["coordinates"];
    let kind = match geometry["type"].as_str().unwrap_or("") {
        "Point" => {
            part(&mut out, true, std::slice::from_ref(coordinates));
            ShapeKind::Point
        }
        "MultiPoint" => {
            part(&mut out, true, list(coordinates));
            ShapeKind::MultiPoint
        }
        "LineString" => {
            part(&mut out, true, list(coordinates));
            ShapeKind::Line
        }
        "MultiLineString" => {
            list(coordinates).iter().for_each(|line| part(&mut out, true, list(line)));
            ShapeKind::MultiLine
        }
        "Polygon" => {
            rings(&mut out, coordinates);
            ShapeKind::Polygon
        }
        "MultiPolygon" => {
            list(coordinates).iter().for_each(|polygon| rings(&mut out, polygon));
            ShapeKind::MultiPolygon
        }
        _ => ShapeKind::None,
    };
    out.end_row(kind);
    out
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn rings(out: &mut Geometries, polygon: &Value) {
    list(polygon).iter().enumerate().for_each(|(k, ring)| part(out, k == 0, list(ring)));
}

fn part(out: &mut Geometries, shell: bool, positions: &[Value]) {
    out.part(shell);
    for position in positions {
        out.coord([0, 1].map(|axis| position[axis].as_f64().unwrap_or(f64::NAN)));
    }
}
