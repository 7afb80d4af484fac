//! Strips of ground along a line: cut square to it, on one side, from the edge of some ground outward.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

use crate::geo::cut::{self, Rings};
use crate::geo::frame::Frame;
use crate::geo::laid::shoelace;
use crate::geo::shape::Shape;

/// What is smaller is a slip of the overlay, square metres.
const SLIVER_M2: f64 = 0.05;
/// At a sharp bend the corner of a strip reaches so many times as far as the strip is wide, at the most.
pub const LONGEST_CORNER: f64 = 3.0;

/// Adds a ring, turned so that it runs anticlockwise.
fn push(mut ring: Vec<[f64; 2]>, out: &mut Rings) {
    let twice = shoelace(&ring);
    if twice < 0.0 {
        ring.reverse();
    }
    if twice != 0.0 {
        out.push(ring);
    }
}

/// The ground on one side of a line, `reach_m` deep and square to it, as overlapping rings of a plane. `after`: where the line goes
/// on, whose bend at the end belongs to this strip.
pub fn cell(frame: &Frame, line: &[[f64; 2]], after: Option<[f64; 2]>, left: bool, reach_m: f64) -> Rings {
    let mut points: Vec<[f64; 2]> = line.iter().map(|&c| frame.lnglat_to_local(c)).collect();
    points.dedup();
    let own = points.len();
    points.extend(after.map(|c| frame.lnglat_to_local(c)).filter(|p| points.last() != Some(p)));
    let sign = if left { 1.0 } else { -1.0 };
    let normals: Vec<[f64; 2]> = points
        .windows(2)
        .map(|pair| {
            let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
            let length = dx.hypot(dy);
            [-dy / length * sign, dx / length * sign]
        })
        .collect();
    let off = |p: [f64; 2], n: [f64; 2], m: f64| [p[0] + n[0] * m, p[1] + n[1] * m];
    let mut rings = Rings::new();
    for (at, pair) in points[..own].windows(2).enumerate() {
        let n = normals[at];
        push(vec![pair[0], pair[1], off(pair[1], n, reach_m), off(pair[0], n, reach_m)], &mut rings);
    }
    for (at, pair) in normals.windows(2).enumerate() {
        let (p, [a, b]) = (points[at + 1], [pair[0], pair[1]]);
        let bends_away = (a[0] * b[1] - a[1] * b[0]) * sign < 0.0;
        if bends_away {
            let middle = [a[0] + b[0], a[1] + b[1]];
            let length = middle[0].hypot(middle[1]).max(1e-9);
            let corner = (2.0 / length).min(LONGEST_CORNER) / length;
            push(vec![p, off(p, a, reach_m), off(p, middle, reach_m * corner), off(p, b, reach_m)], &mut rings);
        }
    }
    rings
}

/// Adds the ground within `reach_m` of a shape's edges as far as it touches a window, as overlapping rings: a disc about each end,
/// a rectangle along each edge.
pub fn push_reach(
    frame: &Frame,
    shape: Shape<'_>,
    reach_m: f64,
    disc: &[[f64; 2]],
    window: &[f64; 4],
    out: &mut Rings,
) {
    for (_, part) in shape.parts() {
        for pair in part.windows(2) {
            let [a, b] = [frame.lnglat_to_local(pair[0]), frame.lnglat_to_local(pair[1])];
            let misses = |axis: usize| {
                a[axis].max(b[axis]) + reach_m < window[axis] || a[axis].min(b[axis]) - reach_m > window[axis + 2]
            };
            if misses(0) || misses(1) {
                continue;
            }
            for p in [a, b] {
                let about = disc.iter().map(|d| [p[0] + reach_m * d[0], p[1] + reach_m * d[1]]).collect();
                cut::push_clipped(about, window, out);
            }
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let length = dx.hypot(dy);
            if length > 0.0 {
                let (nx, ny) = (-dy / length * reach_m, dx / length * reach_m);
                push(
                    vec![
                        [a[0] - nx, a[1] - ny],
                        [b[0] - nx, b[1] - ny],
                        [b[0] + nx, b[1] + ny],
                        [a[0] + nx, a[1] + ny],
                    ],
                    out,
                );
            }
        }
    }
}

/// Adds a polygon of longitudes and latitudes as it lies.
pub fn push_ring(frame: &Frame, ring: &[[f64; 2]], out: &mut Rings) {
    push(ring.iter().map(|&c| frame.lnglat_to_local(c)).collect(), out);
}

/// What of a cell lies in the outer ground and neither in the inner one nor in `taken`: polygons of a shell and holes.
pub fn between_edges(cell: &Rings, outer: &Rings, inner: &Rings, taken: &Rings) -> Vec<Rings> {
    let within: Rings = cell.overlay(outer, OverlayRule::Intersect, FillRule::NonZero).into_iter().flatten().collect();
    if within.is_empty() {
        return Vec::new();
    }
    let mut left = within;
    for cover in [inner, taken].into_iter().filter(|cover| !cover.is_empty()) {
        left = left.overlay(cover, OverlayRule::Difference, FillRule::NonZero).into_iter().flatten().collect();
    }
    let mut polygons = left.overlay(&Rings::new(), OverlayRule::Subject, FillRule::NonZero);
    polygons.retain(|polygon| cut::rings_area_m2(polygon) > SLIVER_M2);
    polygons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::shape::{Geometries, ShapeKind};

    fn area_m2(polygons: &[Rings]) -> f64 {
        polygons.iter().map(cut::rings_area_m2).sum()
    }

    #[test]
    fn strips_of_a_bent_line_leave_no_gap_and_do_not_overlap() {
        // A hundred metres east, then a hundred to the north-east (a bend of 60°), in metres about the corner.
        let frame = Frame::at([117.4, 39.6]);
        let to = |x: f64, y: f64| frame.local_to_lnglat([x, y]);
        let (a, b, c) = (to(-100.0, 0.0), to(0.0, 0.0), to(50.0, 86.602_540));
        let mut line = Geometries::default();
        line.part(true);
        [a, b, c].into_iter().for_each(|p| line.coord(p));
        line.end_row(ShapeKind::Line);
        let disc = cut::unit_disc();
        let window = [-200.0, -200.0, 200.0, 200.0];
        let (mut outer, mut inner) = (Rings::new(), Rings::new());
        push_reach(&frame, line.shape(0), 30.0, &disc, &window, &mut outer);
        push_reach(&frame, line.shape(0), 10.0, &disc, &window, &mut inner);
        let sections: [(&[[f64; 2]], Option<[f64; 2]>); 2] = [(&[a, b], Some(c)), (&[b, c], None)];
        let mut taken = Rings::new();
        let mut all = Vec::new();
        for (line, after) in sections {
            for left in [true, false] {
                let cell = cell(&frame, line, after, left, 40.0);
                all.push(between_edges(&cell, &outer, &inner, &taken));
                taken.extend(cell);
            }
        }
        let total: f64 = all.iter().map(|one| area_m2(one)).sum();
        let flat: Rings = all.iter().flatten().flatten().cloned().collect();
        let union = cut::difference(&flat, &Rings::new());
        assert!((area_m2(&union) - total).abs() < 0.01, "{total} {}", area_m2(&union));
        // Both edges of the outer side in full: 100 m × 20 m each, and the wedge of 60° between the circles of 10 and 30 m.
        let outside = area_m2(&all[1]) + area_m2(&all[3]);
        let wedge = 60.0_f64.to_radians() / 2.0 * (900.0 - 100.0);
        assert!((outside - (4_000.0 + wedge)).abs() < 3.0, "{outside} {wedge}");
    }
}
