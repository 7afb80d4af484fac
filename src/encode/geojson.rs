//! GeoJSON (RFC 7946): straight from columns and coordinates to bytes, a feature at a time.

use std::io::Write;

use serde_json::{Map, Value as Json};

use crate::encode::text::ordinate;
use crate::encode::{Format, Sheet};
use crate::fault::Fault;
use crate::geo::laid::shoelace;
use crate::geo::reference::{Carrier, Order, Reference};
use crate::geo::shape::{Shape, ShapeKind};
use crate::kind::Attribute;
use crate::table::{Row, Value};

/// One FeatureCollection.
pub static FORMAT: Format = Format {
    name: "geojson",
    media_type: "application/geo+json",
    extension: "geojson",
    file: false,
    packed: false,
    passes: 1,
    encode,
};

/// Bytes that are gathered before they are passed on.
pub(super) const CHUNK: usize = 32 * 1024;

fn encode(sheet: &Sheet<'_>, out: &mut dyn Write) -> Result<(), Fault> {
    let answer = sheet.answer;
    let mut pen = Pen::new(answer.table().attributes(), &answer.columns, sheet.crs)?;
    let mut buffer = Vec::with_capacity(2 * CHUNK);
    buffer.extend_from_slice(b"{\"type\":\"FeatureCollection\"");
    let counts = [("numberMatched", answer.matched), ("numberReturned", answer.rows().len())];
    for (name, count) in counts {
        write!(buffer, ",\"{name}\":{count}")?;
    }
    members(sheet.members, &mut buffer)?;
    buffer.extend_from_slice(b",\"features\":[");
    for (k, row) in answer.rows().enumerate() {
        buffer.extend_from_slice(if k == 0 { b"\n" } else { b",\n" });
        pen.feature(row, &mut buffer)?;
        sheet.watch.wrote(1)?;
        if buffer.len() > CHUNK {
            out.write_all(&buffer)?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(b"\n]}\n");
    out.write_all(&buffer)?;
    Ok(())
}

/// One feature as a document of its own, with what it says of itself.
///
/// # Errors
/// `crs-out-of-area`.
pub fn document(
    row: Row<'_>,
    attributes: &[Attribute],
    crs: Reference,
    more: &Map<String, Json>,
) -> Result<Vec<u8>, Fault> {
    let columns: Vec<usize> = (0..attributes.len()).collect();
    let mut buffer = Vec::new();
    Pen::new(attributes, &columns, crs)?.feature(row, &mut buffer)?;
    buffer.pop();
    members(more, &mut buffer)?;
    buffer.extend_from_slice(b"}\n");
    Ok(buffer)
}

fn members(members: &Map<String, Json>, buffer: &mut Vec<u8>) -> Result<(), Fault> {
    for (name, value) in members {
        buffer.push(b',');
        json(buffer, name)?;
        buffer.push(b':');
        json(buffer, value)?;
    }
    Ok(())
}

fn json(buffer: &mut Vec<u8>, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Fault> {
    serde_json::to_writer(buffer, value).map_err(Fault::internal)
}

/// Writes the features of one table, the names of its columns made ready, coordinates in the order of their authority.
pub(super) struct Pen {
    /// Columns with what stands before their values: `,"name":`.
    columns: Vec<(usize, Vec<u8>)>,
    carrier: Carrier,
}

impl Pen {
    pub(super) fn new(attributes: &[Attribute], columns: &[usize], crs: Reference) -> Result<Self, Fault> {
        let before = |k: usize, name: &str| {
            let comma = if k == 0 { "" } else { "," };
            format!("{comma}{}:", Json::from(name)).into_bytes()
        };
        let columns = columns.iter().enumerate().map(|(k, &at)| (at, before(k, &attributes[at].name))).collect();
        Ok(Self { columns, carrier: crs.carrier(Order::Authority)? })
    }

    /// Writes one feature, its brace closed.
    pub(super) fn feature(&mut self, row: Row<'_>, buffer: &mut Vec<u8>) -> Result<(), Fault> {
        buffer.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
        json(buffer, row.id())?;
        buffer.extend_from_slice(b",\"geometry\":");
        let numbers = Numbers { places: self.carrier.reference().decimals(), turned: self.carrier.is_turned() };
        geometry(self.carrier.carry(row.shape())?, numbers, buffer);
        buffer.extend_from_slice(b",\"properties\":{");
        for (at, before) in &self.columns {
            buffer.extend_from_slice(before);
            match row.value(*at) {
                Value::Null => buffer.extend_from_slice(b"null"),
                Value::Bool(b) => buffer.extend_from_slice(if b { b"true" } else { b"false" }),
                Value::Int(n) => json(buffer, &n)?,
                Value::Float(x) => json(buffer, &x)?,
                Value::Text(text) => json(buffer, text)?,
                Value::Date(day) => write!(buffer, "\"{day}\"")?,
            }
        }
        buffer.extend_from_slice(b"}}");
        Ok(())
    }
}

/// How coordinates are written.
#[derive(Clone, Copy)]
struct Numbers {
    /// Decimals.
    places: usize,
    /// Whether north stands before east.
    turned: bool,
}

fn geometry(shape: Shape<'_>, numbers: Numbers, out: &mut Vec<u8>) {
    let name: &[u8] = match shape.kind {
        _ if shape.is_none() => return out.extend_from_slice(b"null"),
        ShapeKind::None => return out.extend_from_slice(b"null"),
        ShapeKind::Point => b"Point",
        ShapeKind::MultiPoint => b"MultiPoint",
        ShapeKind::Line => b"LineString",
        ShapeKind::MultiLine => b"MultiLineString",
        ShapeKind::Polygon => b"Polygon",
        ShapeKind::MultiPolygon => b"MultiPolygon",
    };
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(name);
    out.extend_from_slice(b"\",\"coordinates\":");
    match shape.kind {
        ShapeKind::None => {}
        ShapeKind::Point => shape.coords().iter().take(1).for_each(|&c| position(c, numbers, out)),
        ShapeKind::MultiPoint | ShapeKind::Line => positions(shape.coords().iter().copied(), numbers, out),
        ShapeKind::MultiLine => {
            for (k, (_, part)) in shape.parts().enumerate() {
                out.push(if k == 0 { b'[' } else { b',' });
                positions(part.iter().copied(), numbers, out);
            }
            out.push(b']');
        }
        ShapeKind::Polygon | ShapeKind::MultiPolygon => {
            let many = shape.kind == ShapeKind::MultiPolygon;
            for (k, (shell, part)) in shape.parts().enumerate() {
                let opens = shell || k == 0;
                let before: &[u8] = match (k, many, opens) {
                    (0, false, _) => b"[",
                    (0, true, _) => b"[[",
                    (_, true, true) => b"],[",
                    _ => b",",
                };
                out.extend_from_slice(before);
                ring(part, opens, numbers, out);
            }
            out.extend_from_slice(if many { b"]]" } else { b"]" });
        }
    }
    out.push(b'}');
}

/// Writes a ring as RFC 7946 wants it: shells anticlockwise on the map, holes clockwise.
fn ring(part: &[[f64; 2]], shell: bool, numbers: Numbers, out: &mut Vec<u8>) {
    if (shoelace(part) > 0.0) == (shell != numbers.turned) {
        positions(part.iter().copied(), numbers, out);
    } else {
        positions(part.iter().rev().copied(), numbers, out);
    }
}

fn positions(all: impl Iterator<Item = [f64; 2]>, numbers: Numbers, out: &mut Vec<u8>) {
    out.push(b'[');
    for (k, c) in all.enumerate() {
        if k > 0 {
            out.push(b',');
        }
        position(c, numbers, out);
    }
    out.push(b']');
}

fn position([first, second]: [f64; 2], numbers: Numbers, out: &mut Vec<u8>) {
    out.push(b'[');
    ordinate(first, numbers.places, out);
    out.push(b',');
    ordinate(second, numbers.places, out);
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::shape::Geometries;
    use geo_types::{LineString, MultiPolygon, Polygon};

    #[test]
    fn shells_run_anticlockwise_and_holes_clockwise_however_they_came() {
        let ring =
            |from: f64, to: f64| LineString::from(vec![(from, from), (from, to), (to, to), (to, from), (from, from)]);
        // Both rings clockwise.
        let polygon = Polygon::new(ring(0.0, 9.0), vec![ring(1.0, 2.0)]);
        let other = Polygon::new(ring(20.0, 21.0), Vec::new());
        let mut shapes = Geometries::default();
        shapes.push(Some(&MultiPolygon(vec![polygon, other]).into()));
        let mut out = Vec::new();
        geometry(shapes.shape(0), Numbers { places: 9, turned: false }, &mut out);
        let read: Json = serde_json::from_slice(&out).unwrap();
        assert_eq!(read["coordinates"].as_array().map(Vec::len), Some(2));
        assert_eq!(read["coordinates"][0][0][1], serde_json::json!([9, 0]));
        assert_eq!(read["coordinates"][0][1][1], serde_json::json!([1, 2]));
        assert_eq!(read["coordinates"][1].as_array().map(Vec::len), Some(1));
    }
}
