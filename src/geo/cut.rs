//! Cutting ground: polygons laid into a plane, discs taken away, what is left measured and brought back.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

use crate::geo::frame::Frame;
use crate::geo::measure::shoelace;
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

/// What is left of `ground` when `covers`, which may overlap each other, are taken away: polygons of a shell and holes.
pub fn difference(ground: &Rings, covers: &Rings) -> Vec<Rings> {
    if covers.is_empty() {
        return ground.overlay(&Rings::new(), OverlayRule::Subject, FillRule::NonZero);
    }
    ground.overlay(covers, OverlayRule::Difference, FillRule::NonZero)
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
