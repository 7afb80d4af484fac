//! Cutting ground: polygons laid into a plane, discs taken away, what is left measured and brought back.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::float::overlay::{FloatOverlay, OverlayOptions};

use crate::geo::ellipsoid;
use crate::geo::frame::Frame;
use crate::geo::laid::{distance2, shoelace};
use crate::geo::measure;
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

/// Whether a shell, which does not cross itself and runs anticlockwise, never turns to the right or back.
fn is_convex(ring: &[[f64; 2]]) -> bool {
    (0..ring.len()).all(|k| {
        let [a, b, c] = [0, 1, 2].map(|on| ring[(k + on) % ring.len()]);
        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
        let (cross, dot) = (u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1]);
        cross > 0.0 || (cross == 0.0 && dot >= 0.0)
    })
}

/// What of rings lies in a convex one.
fn in_convex(rings: &Rings, convex: &[[f64; 2]]) -> Rings {
    let inside = |ring: &Vec<[f64; 2]>| {
        let mut ring = ring.clone();
        for (k, &a) in convex.iter().enumerate() {
            let b = convex[(k + 1) % convex.len()];
            clip(&mut ring, |p| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
        }
        ring
    };
    rings.iter().map(inside).filter(|ring| ring.len() > 2).collect()
}

/// Whether two pieces of ground, as far as that is easily told, have less than `least_m2` in common.
fn are_apart(one: &Rings, other: &Rings, least_m2: f64) -> bool {
    let (a, b) = (window_of(one), window_of(other));
    let beside = a[0] + 2.0 > b[2] || b[0] + 2.0 > a[2] || a[1] + 2.0 > b[3] || b[1] + 2.0 > a[3];
    let common = |rings: &Rings, convex: &[[f64; 2]]| rings_area_m2(&in_convex(rings, convex)) < least_m2;
    beside
        || match (&one[..], &other[..]) {
            ([own], _) if is_convex(own) => common(other, own),
            (_, [own]) if is_convex(own) => common(one, own),
            _ => false,
        }
}

/// What two areas have in common: polygons of a shell and holes.
pub fn intersection(one: &Rings, other: &Rings) -> Vec<Rings> {
    overlaid(one, other, OverlayRule::Intersect)
}

/// Longer edges are cut along their geodesic before they are laid beside a shape that is small against them.
const LONGEST_EDGE_M: f64 = 2_000.0;

/// Of pieces that have less than this share of the ground in common nothing is counted twice that anybody could measure.
const SLIVER_SHARE: f64 = 1e-9;

/// The ground of a shape, laid into a plane about its own middle, for asking how much of it lies in others.
pub struct Ground {
    frame: Frame,
    rings: Rings,
    window: [f64; 4],
    plane_m2: f64,
    /// That it is one ring without a bay.
    convex: bool,
    /// The ground's area on the ellipsoid, square metres.
    pub area_m2: f64,
}

impl Ground {
    /// Lays a shape; None for what has no ground: points, lines, nothing.
    pub fn of(shape: Shape<'_>) -> Option<Self> {
        if shape.kind.dimension() != Some(2) {
            return None;
        }
        let frame = Frame::at(shape.extent()?.centre());
        let rings = lay_rings(&frame, shape);
        let (window, plane_m2) = (window_of(&rings), rings_area_m2(&rings));
        let convex = matches!(&rings[..], [ring] if is_convex(ring));
        (plane_m2 > 0.0).then(|| Self { frame, window, plane_m2, convex, rings, area_m2: measure::area_m2(shape) })
    }

    /// What of another shape's rings lies about the ground, laid beside it; empty where nothing does.
    pub fn beside(&self, other: Shape<'_>) -> Rings {
        let mut about = Rings::new();
        if other.kind.dimension() != Some(2) {
            return about;
        }
        for (_, ring) in other.parts() {
            let mut laid: Vec<[f64; 2]> = Vec::with_capacity(ring.len());
            let mut from = ring.first().map(|&start| self.frame.lnglat_to_local(start));
            for edge in ring.windows(2) {
                let to = self.frame.lnglat_to_local(edge[1]);
                laid.extend(from);
                if from.is_some_and(|from| distance2(from, to) > LONGEST_EDGE_M * LONGEST_EDGE_M) {
                    let cuts = ellipsoid::between(edge[0], edge[1], LONGEST_EDGE_M / 2.0);
                    laid.extend(cuts.into_iter().map(|c| self.frame.lnglat_to_local(c)));
                }
                from = Some(to);
            }
            push_clipped(laid, &self.window, &mut about);
        }
        about
    }

    /// How much of the ground lies in that of one shape, whose rings were laid beside it, square metres on the ellipsoid. Most farms
    /// and many parcels have no bay: then what they share is cut out edge by edge, without a general overlay.
    pub fn common_m2(&self, beside: &Rings) -> f64 {
        match (&self.rings[..], &beside[..]) {
            (_, []) => 0.0,
            ([own], _) if self.convex => self.on_ellipsoid_m2(rings_area_m2(&in_convex(beside, own))),
            (_, [other]) if is_convex(other) => self.on_ellipsoid_m2(rings_area_m2(&in_convex(&self.rings, other))),
            _ => self.overlaid_m2(beside),
        }
    }

    /// As `common_m2`, of several shapes; what several of them cover counts once. Parcels mostly lie side by side: then it is the sum
    /// of what each covers.
    pub fn covered_m2(&self, covers: &[Rings]) -> f64 {
        if let ([own], true) = (&self.rings[..], self.convex) {
            let pieces: Vec<Rings> = covers.iter().map(|cover| in_convex(cover, own)).collect();
            let apart = |(k, one): (usize, &Rings)| {
                pieces[..k].iter().all(|other| are_apart(one, other, SLIVER_SHARE * self.plane_m2))
            };
            if pieces.iter().enumerate().all(apart) {
                return self.on_ellipsoid_m2(pieces.iter().map(rings_area_m2).sum());
            }
        }
        self.overlaid_m2(&covers.concat())
    }

    fn overlaid_m2(&self, covers: &Rings) -> f64 {
        self.on_ellipsoid_m2(intersection(&self.rings, covers).iter().map(rings_area_m2).sum())
    }

    /// The plane's areas are off by its scale; the ground's own area says by how much.
    fn on_ellipsoid_m2(&self, plane_m2: f64) -> f64 {
        self.area_m2 * (plane_m2 / self.plane_m2).clamp(0.0, 1.0)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring about a place, of so many corners, each at a distance from the middle.
    fn ring(middle: [f64; 2], corners: usize, far: impl Fn(usize) -> f64) -> Vec<[f64; 2]> {
        let corner = |k: usize| {
            let (s, c) = (std::f64::consts::TAU * k as f64 / corners as f64).sin_cos();
            [middle[0] + far(k) * c, middle[1] + far(k) * s]
        };
        (0..corners).map(corner).collect()
    }

    fn ground(rings: Rings) -> Ground {
        let (window, plane_m2) = (window_of(&rings), rings_area_m2(&rings));
        let convex = matches!(&rings[..], [ring] if is_convex(ring));
        Ground { frame: Frame::at([117.0, 40.0]), window, plane_m2, convex, rings, area_m2: plane_m2 }
    }

    #[test]
    fn several_parcels_count_once_whether_they_lie_side_by_side_or_over_each_other() {
        let square = |west: f64, east: f64| vec![vec![[west, -9.0], [east, -9.0], [east, 9.0], [west, 9.0]]];
        let farm = ground(square(-5.0, 5.0));
        let parcels = [square(-20.0, -1.0), square(-1.0, 2.0), square(2.0, 4.0)];
        assert!((farm.covered_m2(&parcels) - 9.0 * 18.0).abs() < 1e-9, "side by side");
        let over = [square(-20.0, 0.0), square(-1.0, 2.0), square(2.0, 4.0)];
        assert!((farm.covered_m2(&over) - 9.0 * 18.0).abs() < 1e-3, "one over the other");
        let bay = vec![vec![[-20.0, -9.0], [1.0, -9.0], [-3.0, 0.0], [1.0, 9.0], [-20.0, 9.0]]];
        let (both, alone) = ([bay.clone(), square(-3.0, 1.0)], [bay, square(1.0, 4.0)]);
        assert!((farm.covered_m2(&both) - 6.0 * 18.0).abs() < 1e-3, "a square in a bay, and over its arms");
        let sum: f64 = alone.iter().map(|one| farm.common_m2(one)).sum();
        assert!((farm.covered_m2(&alone) - sum).abs() < 1e-9, "a square before a bay");
    }

    #[test]
    fn what_is_cut_out_edge_by_edge_is_what_the_overlay_says() {
        let mut state = 7_u32;
        let mut next = |most: f64| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1_u32 << 24) * most
        };
        let mut shared = 0;
        for _ in 0..400 {
            let own = ring([0.0, 0.0], 3 + next(6.0) as usize, |_| 20.0);
            let at = [next(60.0) - 30.0, next(60.0) - 30.0];
            let spikes: Vec<f64> = (0..24).map(|_| 10.0 + next(25.0)).collect();
            let mut hole = ring(at, 7, |_| 6.0);
            hole.reverse();
            let star = vec![ring(at, 24, |k| spikes[k]), hole];
            // The convex one as ground, and as what lies beside it.
            for (ground, other) in [(ground(vec![own.clone()]), star.clone()), (ground(star), vec![own])] {
                let (quick, slow) = (ground.common_m2(&other), ground.overlaid_m2(&other));
                assert!((quick - slow).abs() < 1e-5 * ground.plane_m2, "{quick} and {slow} of {}", ground.plane_m2);
                shared += usize::from(slow > 1.0);
            }
        }
        assert!(shared > 300, "{shared}");
        assert!(is_convex(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]), "a corner that is none");
        assert!(!is_convex(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0]]));
        assert!(!is_convex(&[[0.0, 0.0], [4.0, 0.0], [2.0, 0.0], [2.0, 3.0]]));
    }
}
