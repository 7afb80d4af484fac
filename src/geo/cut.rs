//! Cutting ground: polygons laid into a plane, discs taken away, what is left measured and brought back.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::float::overlay::{FloatOverlay, OverlayOptions};

use crate::geo::frame::Frame;
use crate::geo::laid::shoelace;
use crate::geo::shape::{Geometries, Shape, ShapeKind};

/// Sides of the polygon that stands for a disc. Its area is the disc's; its edge lies within 0.08 % of the radius.
const DISC_SIDES: usize = 64;

/// Cosine of the bend up to which a wedge of one corner stands for the arc: two sides of the disc.
const GENTLE_COS: f64 = 0.98;

/// How far a wedge reaches back into its strips, of the radius.
const LAP: f64 = 0.125;

/// Pieces and holes smaller than this are what rounding leaves between edges, square metres.
const CRACK_M2: f64 = 0.01;

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

/// Cuts from a ring what lies where `depth`, which grows evenly across the plane, is below nothing (Sutherland and Hodgman). A ring
/// that is not convex may then run to and fro along the cut, which encloses nothing.
fn clip(ring: &mut Vec<[f64; 2]>, depth: impl Fn([f64; 2]) -> f64) {
    if ring.iter().all(|&p| depth(p) >= 0.0) {
        return;
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
    *ring = kept;
}

/// Adds what of a ring lies in a window: a disc mostly lies beside the ground it covers.
pub fn push_clipped(mut ring: Vec<[f64; 2]>, window: &[f64; 4], out: &mut Rings) {
    for (side, &bound) in window.iter().enumerate() {
        let (axis, sign) = (side % 2, if side < 2 { 1.0 } else { -1.0 });
        clip(&mut ring, |p| sign * (p[axis] - bound));
    }
    if ring.len() > 2 {
        out.push(ring);
    }
}

/// Adds the ground within `radius_m` of a path of the plane: a disc about each end, a strip along each edge, and between two
/// strips what a bend leaves open. Of a path of one point, a disc.
fn push_along(path: &[[f64; 2]], radius_m: f64, disc: &[[f64; 2]], window: &[f64; 4], out: &mut Rings) {
    let about = |p: [f64; 2]| disc.iter().map(|d| [p[0] + radius_m * d[0], p[1] + radius_m * d[1]]).collect();
    let mut heading: Option<[f64; 2]> = None;
    for pair in path.windows(2) {
        let [q, p] = [pair[0], pair[1]];
        let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
        let length = dx.hypot(dy);
        if length == 0.0 {
            continue;
        }
        let (ux, uy) = (dx / length, dy / length);
        let (nx, ny) = (-uy * radius_m, ux * radius_m);
        // Anticlockwise, as the discs run.
        let strip =
            vec![[q[0] - nx, q[1] - ny], [p[0] - nx, p[1] - ny], [p[0] + nx, p[1] + ny], [q[0] + nx, q[1] + ny]];
        push_clipped(strip, window, out);
        match heading {
            // A slight bend opens a narrow wedge on its outer side; its arc is as near to its chords as the disc's.
            Some([vx, vy]) if vx * ux + vy * uy > GENTLE_COS => {
                let side = if vx * uy - vy * ux > 0.0 { -1.0 } else { 1.0 };
                let from = [-vy * side * radius_m, vx * side * radius_m];
                let to = [nx * side, ny * side];
                let (mx, my) = (from[0] + to[0], from[1] + to[1]);
                let scale = radius_m / mx.hypot(my);
                let corner = |[x, y]: [f64; 2]| [q[0] + x, q[1] + y];
                // It reaches into both strips: what merely met them would leave cracks as wide as the last digit.
                let lap_m = radius_m * LAP;
                let (back, on) = (corner([-vx * lap_m, -vy * lap_m]), corner([ux * lap_m, uy * lap_m]));
                let mut wedge = vec![back, corner(from), corner([mx * scale, my * scale]), corner(to), on];
                // To the right of the road the arc runs anticlockwise, to the left clockwise.
                if side > 0.0 {
                    wedge.reverse();
                }
                if vx * uy != vy * ux {
                    push_clipped(wedge, window, out);
                }
            }
            _ => push_clipped(about(q), window, out),
        }
        heading = Some([ux, uy]);
    }
    if let Some(&last) = path.last() {
        push_clipped(about(last), window, out);
    }
}

/// What is covered: the ground within a radius of a path of the plane (one point: a disc), and inside it where it is a ring.
pub struct Cover {
    /// The path; a ring is closed.
    pub path: Vec<[f64; 2]>,
    /// Metres.
    pub radius_m: f64,
    /// Whether what the path goes around is covered too.
    pub areal: bool,
}

/// A window around all that is covered.
pub fn window_about(covers: &[Cover]) -> [f64; 4] {
    let around = covers.iter().map(|cover| {
        // The corners of a disc stand a little outside of its circle.
        let [w, s, e, n] = window_of(&vec![cover.path.clone()]);
        let far_m = cover.radius_m * 1.01;
        [w - far_m, s - far_m, e + far_m, n + far_m]
    });
    let both = |a: [f64; 4], b: [f64; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    around.reduce(both).unwrap_or_default()
}

/// Covered ground as overlapping rings, in a window.
pub fn rings_of(covers: &[Cover], disc: &[[f64; 2]], window: &[f64; 4]) -> Rings {
    let mut rings = Rings::new();
    for Cover { path, radius_m, areal } in covers {
        if *areal {
            rings.push(path[..path.len().saturating_sub(1)].to_vec());
        }
        push_along(path, *radius_m, disc, window, &mut rings);
    }
    rings
}

/// What is left of `ground` when `covers`, which may overlap each other, are taken away: polygons of a shell and holes.
pub fn difference(ground: &Rings, covers: &Rings) -> Vec<Rings> {
    overlaid(ground, covers, OverlayRule::Difference)
}

/// Polygons that are valid as OGC Simple Features has it, their shells anticlockwise and without cracks.
fn overlaid(one: &Rings, other: &Rings, rule: OverlayRule) -> Vec<Rings> {
    let options = OverlayOptions { min_output_area: CRACK_M2, ..OverlayOptions::ogc() };
    FloatOverlay::with_subj_and_clip_custom(one, other, options, Solver::default()).overlay(rule, FillRule::NonZero)
}

/// What rings, which may overlap each other, cover together: polygons of a shell and holes.
pub fn union(covers: &Rings) -> Vec<Rings> {
    overlaid(covers, &Rings::new(), OverlayRule::Subject)
}

/// What two areas have in common: polygons of a shell and holes.
pub fn intersection(one: &Rings, other: &Rings) -> Vec<Rings> {
    overlaid(one, other, OverlayRule::Intersect)
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
