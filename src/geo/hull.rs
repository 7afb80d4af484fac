//! Convex hulls of points of a plane, and ground with a margin about them.

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

/// The convex ground within `margin_m` of the convex hull of points; its corners are rounded by 32 points to a full turn.
pub fn with_margin(points: Vec<[f64; 2]>, margin_m: f64) -> Vec<[f64; 2]> {
    let turn = std::f64::consts::TAU / CORNERS as f64;
    let discs = convex(points).into_iter().flat_map(|p| {
        (0..CORNERS).map(move |k| {
            let (s, c) = (turn * k as f64).sin_cos();
            [p[0] + margin_m * c, p[1] + margin_m * s]
        })
    });
    convex(discs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::laid::shoelace;

    #[test]
    fn a_hull_has_the_corners_and_nothing_between_them() {
        let ring = convex(vec![[1.0, 1.0], [0.0, 0.0], [2.0, 0.0], [1.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]);
        assert_eq!(ring, [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]);
        assert_eq!(convex(vec![[3.0, 1.0], [3.0, 1.0]]), [[3.0, 1.0]]);
        assert_eq!(convex(vec![[2.0, 2.0], [0.0, 0.0], [1.0, 1.0]]), [[0.0, 0.0], [2.0, 2.0]]);
        assert_eq!(convex(Vec::new()), Vec::<[f64; 2]>::new());
    }

    #[test]
    fn a_margin_makes_ground_of_a_point_and_of_a_line() {
        let close = |ring: Vec<[f64; 2]>| -> f64 { shoelace(&[ring.clone(), vec![ring[0]]].concat()) };
        let disc = std::f64::consts::PI * 100.0;
        assert!((close(with_margin(vec![[5.0, 5.0]], 10.0)) / disc - 1.0).abs() < 0.01);
        let line = close(with_margin(vec![[0.0, 0.0], [100.0, 0.0]], 10.0));
        assert!((line / (disc + 2000.0) - 1.0).abs() < 0.01);
    }
}
