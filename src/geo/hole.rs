//! The largest circle that has room in some ground of a plane: its pole of inaccessibility.
//!
//! Found by halving squares, most promising first (Agafonkin 2016, `polylabel`): a square is given up once no point of it can be
//! farther from the border than the best so far by more than the error allowed. So the answer is proven to that error.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::geo::cut::Rings;

/// An edge of the border: its ends, its direction, and one over its squared length.
struct Edge {
    from: [f64; 2],
    to: [f64; 2],
    along: [f64; 2],
    inverse2: f64,
}

impl Edge {
    fn new(from: [f64; 2], to: [f64; 2]) -> Option<Self> {
        let along = [to[0] - from[0], to[1] - from[1]];
        let length2 = along[0] * along[0] + along[1] * along[1];
        (length2 > 0.0).then(|| Self { from, to, along, inverse2: 1.0 / length2 })
    }
}

/// A square that may hold the middle of the largest circle.
struct Square {
    middle: [f64; 2],
    half: f64,
    inside_m: f64,
    /// No point of it lies farther inside.
    most_m: f64,
}

impl Ord for Square {
    fn cmp(&self, other: &Self) -> Ordering {
        // Of equals the southern, then the western one: the same answer every time.
        let place = |square: &Self| [-square.middle[1], -square.middle[0]];
        let ([a, b], [c, d]) = (place(self), place(other));
        self.most_m.total_cmp(&other.most_m).then_with(|| a.total_cmp(&c)).then_with(|| b.total_cmp(&d))
    }
}

impl PartialOrd for Square {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Square {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Square {}

/// Metres from a point to the border; negative outside.
fn inside_m(p: [f64; 2], edges: &[Edge]) -> f64 {
    let (mut least2, mut odd) = (f64::INFINITY, false);
    for Edge { from, to, along, inverse2 } in edges {
        let (x, y) = (p[0] - from[0], p[1] - from[1]);
        let t = ((x * along[0] + y * along[1]) * inverse2).clamp(0.0, 1.0);
        let (dx, dy) = (x - t * along[0], y - t * along[1]);
        least2 = least2.min(dx * dx + dy * dy);
        odd ^= ((from[1] > p[1]) != (to[1] > p[1])) & ((x * along[1] < y * along[0]) != (along[1] < 0.0));
    }
    if odd { least2.sqrt() } else { -least2.sqrt() }
}

/// The middle and the radius of the largest circle in polygons that do not overlap: no circle is larger by more than `error_m`.
/// None where there is no ground.
pub fn largest_circle(polygons: &[Rings], error_m: f64) -> Option<([f64; 2], f64)> {
    let mut edges = Vec::new();
    let mut window = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for ring in polygons.iter().flatten() {
        for (k, &from) in ring.iter().enumerate() {
            edges.extend(Edge::new(from, ring[(k + 1) % ring.len()]));
            let [w, s, e, n] = window;
            window = [w.min(from[0]), s.min(from[1]), e.max(from[0]), n.max(from[1])];
        }
    }
    let [w, s, e, n] = window;
    let side = (e - w).min(n - s);
    if !(side > 0.0) {
        return None;
    }
    let square = |middle: [f64; 2], half: f64| {
        let inside_m = inside_m(middle, &edges);
        Square { middle, half, inside_m, most_m: inside_m + half * std::f64::consts::SQRT_2 }
    };
    let mut best: Option<([f64; 2], f64)> = None;
    let mut queue: BinaryHeap<Square> = BinaryHeap::new();
    let take = |queue: &mut BinaryHeap<Square>, best: &mut Option<([f64; 2], f64)>, square: Square| {
        if square.inside_m > best.map_or(0.0, |(_, m)| m) {
            *best = Some((square.middle, square.inside_m));
        }
        if square.most_m > best.map_or(0.0, |(_, m)| m) + error_m {
            queue.push(square);
        }
    };
    let (columns, rows) = (((e - w) / side).ceil() as usize, ((n - s) / side).ceil() as usize);
    for column in 0..columns {
        for row in 0..rows {
            let middle = [w + (column as f64 + 0.5) * side, s + (row as f64 + 0.5) * side];
            take(&mut queue, &mut best, square(middle, side / 2.0));
        }
    }
    while let Some(Square { middle: [x, y], half, most_m, .. }) = queue.pop() {
        if most_m <= best.map_or(0.0, |(_, m)| m) + error_m {
            break;
        }
        let quarter = half / 2.0;
        for [dx, dy] in [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]] {
            take(&mut queue, &mut best, square([x + dx * quarter, y + dy * quarter], quarter));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle([w, s, e, n]: [f64; 4]) -> Vec<[f64; 2]> {
        vec![[w, s], [e, s], [e, n], [w, n]]
    }

    #[test]
    fn the_largest_circle_of_shapes_worked_out_by_hand() {
        let of = |polygons: &[Rings]| largest_circle(polygons, 0.01).unwrap();
        let (middle, radius) = of(&[vec![rectangle([0.0, 0.0, 300.0, 200.0])]]);
        assert!((radius - 100.0).abs() <= 0.01 && (middle[1] - 100.0).abs() < 0.1, "{middle:?} {radius}");
        // A right triangle of 3, 4, 5: the incircle has radius 1.
        let (middle, radius) = of(&[vec![vec![[0.0, 0.0], [400.0, 0.0], [0.0, 300.0]]]]);
        assert!((radius - 100.0).abs() <= 0.01 && (middle[0] - 100.0).abs() < 0.2, "{middle:?} {radius}");
        // A hole in the middle leaves the corners: r + r√2 = half a diagonal less the hole's own.
        let mut hole = rectangle([90.0, 90.0, 110.0, 110.0]);
        hole.reverse();
        let (_, radius) = of(&[vec![rectangle([0.0, 0.0, 200.0, 200.0]), hole]]);
        assert!((radius - 90.0 / (1.0 + 0.5_f64.sqrt())).abs() <= 0.011, "{radius}");
        // Of two pieces the roomier one.
        let (middle, radius) =
            of(&[vec![rectangle([0.0, 0.0, 50.0, 50.0])], vec![rectangle([900.0, 0.0, 960.0, 500.0])]]);
        assert!((radius - 30.0).abs() <= 0.01 && middle[0] > 900.0, "{middle:?} {radius}");
        assert!(largest_circle(&[], 1.0).is_none());
    }

    #[test]
    fn no_point_of_a_random_star_has_more_room() {
        let mut seed = 7_u64;
        let mut unit = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        for _ in 0..20 {
            let ring: Vec<[f64; 2]> = (0..40)
                .map(|k| {
                    let (sin, cos) = (std::f64::consts::TAU * f64::from(k) / 40.0).sin_cos();
                    let r = 200.0 + 800.0 * unit();
                    [r * cos, r * sin]
                })
                .collect();
            let polygons = [vec![ring]];
            let (middle, radius) = largest_circle(&polygons, 0.5).unwrap();
            let ring = &polygons[0][0];
            let edges: Vec<Edge> = (0..40).filter_map(|k| Edge::new(ring[k], ring[(k + 1) % 40])).collect();
            assert!((inside_m(middle, &edges) - radius).abs() < 1e-9);
            for _ in 0..4000 {
                let p = [2000.0 * unit() - 1000.0, 2000.0 * unit() - 1000.0];
                assert!(inside_m(p, &edges) <= radius + 0.5);
            }
        }
    }
}
