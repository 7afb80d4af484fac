//! Strips of ground along a line: cut square to it, on one side, from the edge of some ground outward.

use crate::geo::cut::{self, Rings};
use crate::geo::frame::Frame;
use crate::geo::laid::shoelace;
use crate::geo::rivals::Rivals;
use crate::geo::shape::Shape;

/// What is smaller is a slip of the overlay, square metres.
const SLIVER_M2: f64 = 0.05;
/// At a sharp bend the corner of a strip reaches so many times as far as the strip is wide, at the most.
pub const LONGEST_CORNER: f64 = 3.0;

/// Neighbours overlap by so much, that rounding parts nothing that belongs together, metres.
const WELD_M: f64 = 1e-3;
/// The cosine of a bend (6°) at which a corner stands out from the arc by less than 0.14 % of the reach.
const SLIGHT_COS: f64 = 0.994_5;

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
/// on, whose bend at the end belongs to this strip. `rivals`: all edges of the road that are near; about a sharp bend each place
/// belongs to the edge that is nearest to it, so that no strip takes ground across the road.
pub fn cell(
    frame: &Frame,
    line: &[[f64; 2]],
    after: Option<[f64; 2]>,
    left: bool,
    reach_m: f64,
    rivals: &[[[f64; 2]; 2]],
) -> Rings {
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
    let rivals = Rivals::new(rivals.iter().map(|edge| edge.map(|c| frame.lnglat_to_local(c))), reach_m);
    let pressed: Vec<bool> = points.windows(2).map(|pair| rivals.press([pair[0], pair[1]])).collect();
    let off = |p: [f64; 2], n: [f64; 2], m: f64| [p[0] + n[0] * m, p[1] + n[1] * m];
    let mut rings = Rings::new();
    for (at, pair) in points[..own].windows(2).enumerate() {
        let n = normals[at];
        // Square to the normal: the way along the edge.
        let way = [n[1] * sign, -n[0] * sign];
        let from = if at > 0 { off(pair[0], way, -WELD_M) } else { pair[0] };
        let to = if at + 2 < own { off(pair[1], way, WELD_M) } else { pair[1] };
        if pressed[at] {
            let mut rim = rivals.along([pair[0], pair[1]], n);
            rim.reverse();
            let moved = |p: [f64; 2], by: [f64; 2], from: [f64; 2]| [p[0] + by[0] - from[0], p[1] + by[1] - from[1]];
            if let Some(first) = rim.first_mut() {
                *first = moved(*first, to, pair[1]);
            }
            if let Some(last) = rim.last_mut() {
                *last = moved(*last, from, pair[0]);
            }
            push([from, to].into_iter().chain(rim).collect(), &mut rings);
        } else {
            push(vec![from, to, off(to, n, reach_m), off(from, n, reach_m)], &mut rings);
        }
    }
    for (at, pair) in normals.windows(2).enumerate() {
        let (p, [a, b]) = (points[at + 1], [pair[0], pair[1]]);
        let bends_away = (a[0] * b[1] - a[1] * b[0]) * sign < 0.0;
        if !bends_away {
            continue;
        }
        let back = off(p, [a[1] * sign, -a[0] * sign], -WELD_M);
        if pressed[at] || pressed[at + 1] {
            push([p, back].into_iter().chain(rivals.about(p, a, b)).collect(), &mut rings);
            continue;
        }
        let middle = [a[0] + b[0], a[1] + b[1]];
        let length = middle[0].hypot(middle[1]).max(1e-9);
        let corner = (2.0 / length).min(LONGEST_CORNER) / length;
        push(vec![p, back, off(back, a, reach_m), off(p, middle, reach_m * corner), off(p, b, reach_m)], &mut rings);
    }
    rings
}

/// Adds the ground within `reach_m` of a shape's edges as far as it touches a window, as overlapping rings: a rectangle along each
/// edge, and about each end what the bend there leaves open.
pub fn push_reach(
    frame: &Frame,
    shape: Shape<'_>,
    reach_m: f64,
    disc: &[[f64; 2]],
    window: &[f64; 4],
    out: &mut Rings,
) {
    for (_, part) in shape.parts() {
        let ring = part.len() > 3 && part.first() == part.last();
        let mut points: Vec<[f64; 2]> = part.iter().map(|&c| frame.lnglat_to_local(c)).collect();
        points.dedup();
        let edges: Vec<([f64; 2], [f64; 2], [f64; 2])> = points
            .windows(2)
            .map(|pair| {
                let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
                let length = dx.hypot(dy);
                (pair[0], pair[1], [-dy / length, dx / length])
            })
            .collect();
        let far = |p: &[f64; 2]| {
            let beyond = |axis: usize| p[axis] + reach_m < window[axis] || p[axis] - reach_m > window[axis + 2];
            beyond(0) || beyond(1)
        };
        let off = |p: [f64; 2], n: [f64; 2], m: f64| [p[0] + n[0] * m, p[1] + n[1] * m];
        for (at, &(a, b, n)) in edges.iter().enumerate() {
            let misses = |axis: usize| {
                a[axis].max(b[axis]) + reach_m < window[axis] || a[axis].min(b[axis]) - reach_m > window[axis + 2]
            };
            if !(misses(0) || misses(1)) {
                let way = [n[1], -n[0]];
                let (a, b) = (off(a, way, -WELD_M), off(b, way, WELD_M));
                push(vec![off(a, n, -reach_m), off(b, n, -reach_m), off(b, n, reach_m), off(a, n, reach_m)], out);
            }
            let next = edges.get(at + 1).or_else(|| edges.first().filter(|_| ring));
            let mut about = |p: [f64; 2], round: bool, next: Option<[f64; 2]>| {
                if far(&p) {
                    return;
                }
                if let Some(m) = next.filter(|_| !round) {
                    // A slight bend has a corner on its outer side.
                    let side = if n[0] * m[1] - n[1] * m[0] < 0.0 { reach_m } else { -reach_m };
                    let middle = [n[0] + m[0], n[1] + m[1]];
                    let corner = 2.0 / (middle[0] * middle[0] + middle[1] * middle[1]);
                    push(vec![p, off(p, n, side), off(p, middle, side * corner), off(p, m, side)], out);
                } else {
                    cut::push_clipped(disc.iter().map(|d| off(p, *d, reach_m)).collect(), window, out);
                }
            };
            match next {
                Some((_, _, m)) => about(b, n[0] * m[0] + n[1] * m[1] < SLIGHT_COS, Some(*m)),
                None => about(b, true, None),
            }
            if at == 0 && !ring {
                about(a, true, None);
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
    let mut polygons = cut::intersection(cell, outer);
    for cover in [inner, taken].into_iter().filter(|cover| !cover.is_empty()) {
        polygons = cut::difference(&polygons.concat(), cover);
    }
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
        let sections = [([a, b], Some(c)), ([b, c], None)];
        let mut taken = Rings::new();
        let mut all = Vec::new();
        for (line, after) in sections {
            for left in [true, false] {
                let cell = cell(&frame, &line, after, left, 40.0, &[]);
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
