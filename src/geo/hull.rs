//! Convex hulls of points of a plane, and ground with a margin about them.

use std::f64::consts::TAU;
use std::sync::LazyLock;

/// The convex hull of points, as an open ring that runs anticlockwise from the westernmost; the points themselves where they
/// are fewer than three, or the two ends of a line.
pub fn convex(mut points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    points.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let turns = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    let mut ring: Vec<[f64; 2]> = Vec::new();
    // Andrew's monotone chain: along the south, and back along the north.
    let mut chain = |points: &mut dyn Iterator<Item = [f64; 2]>| {
        let start = ring.len();
        for p in points {
            while ring.len() >= start + 2 && turns(ring[ring.len() - 2], ring[ring.len() - 1], p) <= 0.0 {
                ring.pop();
            }
            ring.push(p);
        }
        ring.pop();
    };
    chain(&mut points.iter().copied());
    chain(&mut points.iter().rev().copied());
    ring
}

/// Corners to a turn of a margin's round corners.
const CORNERS: usize = 32;

/// The corners of a disc of radius 1, anticlockwise from the east.
static DISC: LazyLock<[[f64; 2]; CORNERS]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        let (s, c) = (TAU * k as f64 / CORNERS as f64).sin_cos();
        [c, s]
    })
});

/// The convex ground within `margin_m` of the convex hull of points; its corners are rounded by 32 points to a full turn.
pub fn with_margin(points: Vec<[f64; 2]>, margin_m: f64) -> Vec<[f64; 2]> {
    let hull = convex(points);
    let turn = TAU / CORNERS as f64;
    // Which way it is out of the edge that begins at a corner.
    let out = |at: usize| {
        let (a, b) = (hull[at % hull.len()], hull[(at + 1) % hull.len()]);
        (a[0] - b[0]).atan2(b[1] - a[1])
    };
    let mut corners = Vec::new();
    for (at, p) in hull.iter().enumerate() {
        // Of the disc about a corner only what lies between the ways out of its two edges can be on the outside.
        let (from, to) = match hull.len() {
            0..3 => (0.0, TAU),
            sides => (out(at + sides - 1), out(at)),
        };
        let to = if to < from { to + TAU } else { to };
        let (first, last) = ((from / turn).floor() as i64, (to / turn).ceil() as i64);
        corners.extend((first..=last).map(|k| {
            let [x, y] = DISC[k.rem_euclid(CORNERS as i64) as usize];
            [p[0] + margin_m * x, p[1] + margin_m * y]
        }));
    }
    convex(corners)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::laid::shoelace;

    fn closed(ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
        [ring, &ring[..1]].concat()
    }

    #[test]
    fn a_hull_has_the_corners_and_nothing_between_them() {
        let ring = convex(vec![[1.0, 1.0], [0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]);
        assert_eq!(ring, [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]);
        assert_eq!(convex(vec![[3.0, 1.0], [3.0, 1.0]]), [[3.0, 1.0]]);
        assert_eq!(convex(vec![[2.0, 2.0], [0.0, 0.0], [1.0, 1.0]]), [[0.0, 0.0], [2.0, 2.0]]);
        assert_eq!(convex(Vec::new()), Vec::<[f64; 2]>::new());
    }

    #[test]
    fn a_margin_is_the_hull_of_the_discs_about_all_points() {
        let mut state = 3_u32;
        let mut draw = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from((state >> 16) % n)
        };
        for round in 0..400 {
            let side = if round % 2 == 0 { 5 } else { 3000 };
            let points: Vec<[f64; 2]> = (0..1 + round % 23).map(|_| [draw(side), draw(side)]).collect();
            let discs = points.iter().flat_map(|p| DISC.iter().map(|d| [p[0] + 7.0 * d[0], p[1] + 7.0 * d[1]]));
            let (wanted, found) = (convex(discs.collect()), with_margin(points.clone(), 7.0));
            assert!(found.iter().all(|corner| wanted.contains(corner)), "{points:?}");
            assert!((shoelace(&closed(&found)) / shoelace(&closed(&wanted)) - 1.0).abs() < 1e-12, "{points:?}");
        }
    }

    #[test]
    fn a_margin_makes_ground_of_a_point_and_of_a_line() {
        let close = |ring: Vec<[f64; 2]>| shoelace(&closed(&ring));
        let disc = std::f64::consts::PI * 100.0;
        assert!((close(with_margin(vec![[5.0, 5.0]], 10.0)) / disc - 1.0).abs() < 0.01);
        let line = close(with_margin(vec![[0.0, 0.0], [100.0, 0.0]], 10.0));
        assert!((line / (disc + 2000.0) - 1.0).abs() < 0.01);
    }
}
