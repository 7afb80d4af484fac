//! The gate that every geometry passes once, on entry: finite, in range, not empty, closed, valid; or repaired, and said so.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::orient::{Direction, Orient};
use geo::{Area, MakeValid, Validation};
use geo_types::{Geometry, MultiPolygon};

use crate::geo::shape::{Geometries, Shape, ShapeKind};

/// What the gate found. The variant's words stand in `maps/text` under its `code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No coordinates at all.
    Empty,
    /// A coordinate is NaN or infinite.
    NotFinite,
    /// A longitude beyond ±180 or a latitude beyond ±90.
    OutOfRange,
    /// A line or ring with too few distinct points.
    TooFewPoints,
    /// A ring that did not end where it began, and was closed.
    Unclosed,
    /// Rings that cross or overlap, holes outside their shell, spikes: rebuilt.
    Invalid,
    /// Nothing with an area is left.
    NoArea,
    /// A fault of the geometry library on this shape.
    Unrepairable,
}

impl Finding {
    /// Its code in `maps/text`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "flaw-empty",
            Self::NotFinite => "flaw-not-finite",
            Self::OutOfRange => "flaw-out-of-range",
            Self::TooFewPoints => "flaw-too-few-points",
            Self::Unclosed => "flaw-unclosed",
            Self::Invalid => "flaw-invalid",
            Self::NoArea => "flaw-no-area",
            Self::Unrepairable => "flaw-unrepairable",
        }
    }
}

/// How a shape left the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it came (rings may have been turned to run anticlockwise; nothing else changed).
    Accepted,
    /// Changed so that it is valid; the finding says what was wrong.
    Repaired(Finding),
    /// Not let in.
    Refused(Finding),
}

/// Lets `shape` through to `out` as its next row, or refuses it and adds nothing.
pub fn admit(shape: Shape<'_>, out: &mut Geometries) -> Verdict {
    use Finding as F;
    if shape.is_none() {
        return Verdict::Refused(F::Empty);
    }
    if shape.coords().iter().any(|c| !c[0].is_finite() || !c[1].is_finite()) {
        return Verdict::Refused(F::NotFinite);
    }
    if shape.coords().iter().any(|c| c[0].abs() > 180.0 || c[1].abs() > 90.0) {
        return Verdict::Refused(F::OutOfRange);
    }
    match shape.kind.dimension() {
        Some(0) => {
            out.push_shape(shape);
            Verdict::Accepted
        }
        Some(1) => admit_line(shape, out),
        _ => admit_polygon(shape, out),
    }
}

fn distinct(part: &[[f64; 2]]) -> usize {
    let mut seen: Vec<[f64; 2]> = Vec::with_capacity(4);
    for c in part {
        if !seen.contains(c) {
            seen.push(*c);
            if seen.len() == 3 {
                break;
            }
        }
    }
    seen.len()
}

fn admit_line(shape: Shape<'_>, out: &mut Geometries) -> Verdict {
    let whole: Vec<_> = shape.parts().map(|(_, part)| part).filter(|part| distinct(part) >= 2).collect();
    if whole.is_empty() {
        return Verdict::Refused(Finding::TooFewPoints);
    }
    for part in &whole {
        out.part(true);
        part.iter().for_each(|&c| out.coord(c));
    }
    out.end_row(if whole.len() == 1 { ShapeKind::Line } else { ShapeKind::MultiLine });
    if whole.len() == shape.parts().len() { Verdict::Accepted } else { Verdict::Repaired(Finding::TooFewPoints) }
}

fn admit_polygon(shape: Shape<'_>, out: &mut Geometries) -> Verdict {
    let mut finding = None;
    for (shell, ring) in shape.parts() {
        if distinct(ring) < 3 {
            if shell {
                return Verdict::Refused(Finding::TooFewPoints);
            }
            finding = Some(Finding::TooFewPoints);
        } else if ring.first() != ring.last() {
            finding = Some(Finding::Unclosed);
        }
    }
    // `geo` closes rings on its own; degenerate holes are left out here, the shells were looked at above.
    let mut polygons = shape.polygons();
    for polygon in &mut polygons {
        let holes = polygon.interiors().iter().filter(|h| h.0.len() >= 4).cloned().collect();
        *polygon = geo_types::Polygon::new(polygon.exterior().clone(), holes);
    }
    let polygons = MultiPolygon(polygons);
    let valid =
        catch_unwind(AssertUnwindSafe(
            || {
                if let [one] = &polygons.0[..] { one.is_valid() } else { polygons.is_valid() }
            },
        ));
    let whole = match valid {
        Ok(true) => polygons,
        Ok(false) => {
            finding = Some(Finding::Invalid);
            match catch_unwind(AssertUnwindSafe(|| polygons.make_valid())) {
                Ok(Ok(repaired)) => repaired,
                _ => return Verdict::Refused(Finding::Unrepairable),
            }
        }
        Err(_) => return Verdict::Refused(Finding::Unrepairable),
    };
    let before = whole.0.len();
    let whole = MultiPolygon(whole.0.into_iter().filter(|p| p.unsigned_area() > 0.0).collect());
    if whole.0.is_empty() {
        return Verdict::Refused(Finding::NoArea);
    }
    if whole.0.len() < before {
        finding = finding.or(Some(Finding::NoArea));
    }
    let mut whole = whole.orient(Direction::Default);
    let geometry = match (whole.0.len(), shape.kind) {
        (1, ShapeKind::Polygon) => whole.0.pop().map(Geometry::Polygon),
        _ => Some(Geometry::MultiPolygon(whole)),
    };
    out.push(geometry.as_ref());
    finding.map_or(Verdict::Accepted, Verdict::Repaired)
}
