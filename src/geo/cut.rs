//! Cutting ground: polygons laid into a plane, discs taken away, what is left measured and brought back.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

use crate::geo::frame::Frame;
use crate::geo::laid::shoelace;
use crate::geo::shape::{Geometries, Shape, ShapeKind};

/// Sides of the polygon that stands for a disc. Its area is the disc's; its edge lies within 0.08 % of the radius.
const DISC_SIDES: usize = 64;

/// Rings of a plane, open (the last point is not the first again), as the overlay library has them.
pub type Rings = Vec<Vec<[f64; 2]>>;

/// The corners of a disc of radius 1 whose polygon has the area π.
pub fn unit_disc() -> Vec<[f64; 2]> {
    let turn = std::f64::consts::TAU / DISC_SIDES as f64;
    let radius = (turn / turn.sin()).sqrt();
    (0..DISC_SIDES)
        .map(|k| {
            let (s, c) = (turn * k as f64).sin_cos();
            [radius * c, radius * s]
        })
        .collect()
}

/// A shape's rings in the plane of `frame`, metres. Shells run anticlockwise and holes clockwise, as the gate left them.
pub fn lay_rings(frame: &Frame, shape: Shape<'_>) -> Rings {
    shape.parts().map(|(_, ring)| ring[..ring.len() - 1].iter().map(|&c| frame.lnglat_to_local(c)).collect()).collect()
}

/// Area enclosed by open rings, holes counted off, square metres of the plane.
pub fn rings_area_m2(rings: &Rings) -> f64 {
    // The closing edge ends in the point that `shoelace` measures from, so it adds nothing.
    rings.iter().map(|ring| shoelace(ring)).sum()
}

/// A window around rings, a metre wider than they are.
pub fn window_of(rings: &Rings) -> [f64; 4] {
    let nowhere = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let wider = |w: [f64; 4], p: &[f64; 2]| {
        [w[0].min(p[0] - 1.0), w[1].min(p[1] - 1.0), w[2].max(p[0] + 1.0), w[3].max(p[1] + 1.0)]
    };
    rings.iter().flatten().fold(nowhere, wider)
}

/// Adds what of a ring lies in a window (Sutherland and Hodgman): a disc mostly lies beside the ground it covers. A ring that is
/// not convex may run to and fro along the window, which encloses nothing.
pub fn push_clipped(mut ring: Vec<[f64; 2]>, window: &[f64; 4], out: &mut Rings) {
    for (side, &bound) in window.iter().enumerate() {
        let (axis, sign) = (side % 2, if side < 2 { 1.0 } else { -1.0 });
        let depth = |p: [f64; 2]| sign * (p[axis] - bound);
        if ring.iter().all(|&p| depth(p) >= 0.0) {
            continue;
        }
        let mut kept = Vec::with_capacity(ring.len() + 2);
        for (k, &p) in ring.iter().enumerate() {
            let q = ring[(k + 1) % ring.len()];
            let (at_p, at_q) = (depth(p), depth(q));
            if at_p >= 0.0 {
                kept.push(p);
            }
            if (at_p < 0.0) != (at_q < 0.0) {
                let t = at_p / (at_p - at_q);
                kept.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        ring = kept;
    }
    if ring.len() > 2 {
        out.push(ring);
    }
}

/// What is left of `ground` when `covers`, which may overlap each other, are taken away: polygons of a shell and holes.
pub fn difference(ground: &Rings, covers: &Rings) -> Vec<Rings> {
    if covers.is_empty() {
        return ground.overlay(&Rings::new(), OverlayRule::Subject, FillRule::NonZero);
    }
    ground.overlay(covers, OverlayRule::Difference, FillRule::NonZero)
}

/// What two areas have in common: polygons of a shell and holes.
pub fn intersection(one: &Rings, other: &Rings) -> Vec<Rings> {
    one.overlay(other, OverlayRule::Intersect, FillRule::NonZero)
}

/// Adds polygons of the plane as the next row, brought back to longitude and latitude; none: a row without a place.
pub fn push_polygons(frame: &Frame, polygons: &[Rings], out: &mut Geometries) {
    for polygon in polygons {
        for (k, ring) in polygon.iter().enumerate() {
            out.part(k == 0);
            for &p in ring.iter().chain(ring.first()) {
                out.coord(frame.local_to_lnglat(p));
            }
        }
    }
    out.end_row(match polygons.len() {
        0 => ShapeKind::None,
        1 => ShapeKind::Polygon,
        _ => ShapeKind::MultiPolygon,
    });
}
