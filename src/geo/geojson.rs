//! A geometry out of GeoJSON (RFC 7946), straight into flat storage. A third coordinate is passed over: heights are not kept.

use serde_json::Value;

use crate::geo::shape::{Geometries, ShapeKind};

/// Writes a geometry object into `out` as its next row; None, and nothing written, where it is none.
pub fn read(geometry: &Value, out: &mut Geometries) -> Option<()> {
    let kind = geometry.get("type")?.as_str()?;
    let coordinates = geometry.get("coordinates")?;
    // Read whole before anything is written.
    let (kind, parts) = match kind {
        "Point" => (ShapeKind::Point, vec![(true, vec![position(coordinates)?])]),
        "MultiPoint" => (ShapeKind::MultiPoint, vec![(true, line(coordinates)?)]),
        "LineString" => (ShapeKind::Line, vec![(true, line(coordinates)?)]),
        "MultiLineString" => {
            let lines = coordinates.as_array()?.iter().map(|part| Some((true, line(part)?)));
            (ShapeKind::MultiLine, lines.collect::<Option<_>>()?)
        }
        "Polygon" => (ShapeKind::Polygon, rings(coordinates)?),
        "MultiPolygon" => {
            let polygons: Vec<_> = coordinates.as_array()?.iter().map(rings).collect::<Option<_>>()?;
            (ShapeKind::MultiPolygon, polygons.into_iter().flatten().collect())
        }
        _ => return None,
    };
    if parts.iter().any(|(_, part)| part.is_empty()) || parts.is_empty() {
        return None;
    }
    for (shell, part) in parts {
        out.part(shell);
        part.into_iter().for_each(|c| out.coord(c));
    }
    out.end_row(kind);
    Some(())
}

fn position(value: &Value) -> Option<[f64; 2]> {
    let numbers = value.as_array()?;
    Some([numbers.first()?.as_f64()?, numbers.get(1)?.as_f64()?])
}

fn line(value: &Value) -> Option<Vec<[f64; 2]>> {
    value.as_array()?.iter().map(position).collect()
}

fn rings(value: &Value) -> Option<Vec<(bool, Vec<[f64; 2]>)>> {
    value.as_array()?.iter().enumerate().map(|(at, ring)| Some((at == 0, line(ring)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_geometry_is_read_whole_or_not_at_all() {
        let mut out = Geometries::default();
        let square = json!([[[0, 0], [1, 0], [1, 1, 5], [0, 0]]]);
        assert!(read(&json!({"type": "Polygon", "coordinates": square}), &mut out).is_some());
        assert_eq!(out.shape(0).coords().len(), 4);
        for bad in [
            json!(null),
            json!({"type": "Point"}),
            json!({"type": "Point", "coordinates": [1]}),
            json!({"type": "Point", "coordinates": ["1", "2"]}),
            json!({"type": "LineString", "coordinates": [[0, 0], [1]]}),
            json!({"type": "Polygon", "coordinates": []}),
            json!({"type": "Circle", "coordinates": [0, 0]}),
        ] {
            assert!(read(&bad, &mut out).is_none(), "{bad}");
            assert_eq!(out.len(), 1);
        }
    }
}
