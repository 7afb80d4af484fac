//! The largest circle that has room in some ground of a plane outside what is covered: its pole of inaccessibility.
//!
//! Found by halving squares, most promising first (Agafonkin 2016, `polylabel`): a square is given up once no point of it can have
//! more room than the best so far by more than the error allowed. So the answer is proven to that error.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::geo::cut::{Cover, Rings};
use crate::stop;

/// An edge of the ground's border or of what is covered: its ends, its direction, one over its squared length, and how far the
/// cover reaches from it.
struct Edge {
    from: [f64; 2],
    to: [f64; 2],
    along: [f64; 2],
    inverse2: f64,
    reach_m: f64,
}

impl Edge {
    fn new(from: [f64; 2], to: [f64; 2], reach_m: f64) -> Self {
        let along = [to[0] - from[0], to[1] - from[1]];
        let length2 = along[0] * along[0] + along[1] * along[1];
        Self { from, to, along, inverse2: if length2 > 0.0 { 1.0 / length2 } else { 0.0 }, reach_m }
    }

    /// Metres from a point to what it stands for; negative where that is covered.
    fn apart_m(&self, p: [f64; 2]) -> f64 {
        let (x, y) = (p[0] - self.from[0], p[1] - self.from[1]);
        let t = ((x * self.along[0] + y * self.along[1]) * self.inverse2).clamp(0.0, 1.0);
        let (dx, dy) = (x - t * self.along[0], y - t * self.along[1]);
        (dx * dx + dy * dy).sqrt() - self.reach_m
    }
}

/// Whether closed rings wind about a point.
fn winds(edges: &[Edge], p: [f64; 2]) -> bool {
    let turn = |Edge { from, to, along, .. }: &Edge| -> i32 {
        let up = to[1] > p[1];
        if (from[1] > p[1]) == up {
            return 0;
        }
        let (x, y) = (p[0] - from[0], p[1] - from[1]);
        let east = (x * along[1] < y * along[0]) != (along[1] < 0.0);
        i32::from(east) * if up { 1 } else { -1 }
    };
    edges.iter().map(turn).sum::<i32>() != 0
}

/// A square that may hold the middle of the largest circle.
struct Square {
    middle: [f64; 2],
    half: f64,
    /// Whether its middle lies on the ground, and how far from the ground's border at least.
    ground: (bool, f64),
    /// No point of it has more room.
    most_m: f64,
    /// Where in the list of candidates those edges stand that may be nearest to a point of it.
    near: (usize, usize),
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

/// Squares being halved.
struct Search {
    /// The ground's border, then what is covered.
    edges: Vec<Edge>,
    border: usize,
    /// Rings of covered areas, beyond the reach from whose borders one may still stand inside.
    areas: Vec<Edge>,
    /// Numbers of edges, square by square.
    candidates: Vec<u32>,
    apart_m: Vec<f64>,
    error_m: f64,
    best: Option<([f64; 2], f64)>,
    queue: BinaryHeap<Square>,
}

impl Search {
    fn best_m(&self) -> f64 {
        self.best.map_or(0.0, |(_, m)| m)
    }

    /// Looks at a square whose nearest edges are among `near`. `inside`: whether its middle is on the ground, where that is known.
    fn look(&mut self, middle: [f64; 2], half: f64, near: (usize, usize), inside: Option<bool>) {
        let (mut border_m, mut cover_m) = (f64::INFINITY, f64::INFINITY);
        self.apart_m.clear();
        for &edge in &self.candidates[near.0..near.1] {
            let apart_m = self.edges[edge as usize].apart_m(middle);
            let least_m = if (edge as usize) < self.border { &mut border_m } else { &mut cover_m };
            *least_m = least_m.min(apart_m);
            self.apart_m.push(apart_m);
        }
        let inside = inside.unwrap_or_else(|| winds(&self.edges[..self.border], middle));
        let mut room_m = match inside {
            true => border_m.min(cover_m),
            false if border_m.is_finite() => -border_m,
            false => cover_m.min(0.0),
        };
        if room_m > 0.0 && !self.areas.is_empty() && winds(&self.areas, middle) {
            room_m = 0.0;
        }
        if room_m > self.best_m() {
            self.best = Some((middle, room_m));
        }
        let reach_m = half * std::f64::consts::SQRT_2;
        let most_m = room_m + reach_m;
        if most_m > self.best_m() + self.error_m {
            // What is nearest to any point of the square is no farther than this from its middle.
            let limit_m = border_m.min(cover_m) + 2.0 * reach_m;
            let from = self.candidates.len();
            for at in 0..self.apart_m.len() {
                if self.apart_m[at] <= limit_m {
                    self.candidates.push(self.candidates[near.0 + at]);
                }
            }
            let ground = (inside, if border_m.is_finite() { border_m } else { 0.0 });
            self.queue.push(Square { middle, half, ground, most_m, near: (from, self.candidates.len()) });
        }
    }
}

fn edges_of(ring: &[[f64; 2]]) -> impl Iterator<Item = Edge> {
    (0..ring.len()).map(|k| Edge::new(ring[k], ring[(k + 1) % ring.len()], 0.0))
}

/// The middle and the radius of the largest circle that has room on `ground` (rings that run with the ground to their left) beside
/// `covers`: no circle is larger by more than `error_m`. None where there is no room.
pub fn largest_circle(ground: &Rings, covers: &[Cover], error_m: f64) -> Option<([f64; 2], f64)> {
    let mut edges: Vec<Edge> = ground.iter().flat_map(|ring| edges_of(ring)).collect();
    let border = edges.len();
    let nowhere = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let [w, s, e, n] = edges
        .iter()
        .fold(nowhere, |[w, s, e, n], Edge { from: [x, y], .. }| [w.min(*x), s.min(*y), e.max(*x), n.max(*y)]);
    let side = (e - w).min(n - s);
    if edges.is_empty() || side <= 0.0 {
        return None;
    }
    let mut areas = Vec::new();
    for Cover { path, radius_m, areal } in covers {
        match path.as_slice() {
            [one] => edges.push(Edge::new(*one, *one, *radius_m)),
            path => edges.extend(path.windows(2).map(|pair| Edge::new(pair[0], pair[1], *radius_m))),
        }
        if *areal {
            areas.extend(edges_of(path));
        }
    }
    let count = edges.len();
    let candidates = (0..count as u32).collect();
    let mut search =
        Search { edges, border, areas, candidates, apart_m: Vec::new(), error_m, best: None, queue: BinaryHeap::new() };
    let (columns, rows) = (((e - w) / side).ceil() as usize, ((n - s) / side).ceil() as usize);
    for column in 0..columns {
        for row in 0..rows {
            let middle = [w + (column as f64 + 0.5) * side, s + (row as f64 + 0.5) * side];
            search.look(middle, side / 2.0, (0, count), None);
        }
    }
    while let Some(Square { middle: [x, y], half, ground: (inside, border_m), most_m, near }) = search.queue.pop() {
        if most_m <= search.best_m() + error_m || stop::asked() {
            break;
        }
        let quarter = half / 2.0;
        // Nearer to the middle than the border is, one is on its side of it.
        let inside = (quarter * std::f64::consts::SQRT_2 < border_m).then_some(inside);
        for [dx, dy] in [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]] {
            search.look([x + dx * quarter, y + dy * quarter], quarter, near, inside);
        }
    }
    search.best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle([w, s, e, n]: [f64; 4]) -> Vec<[f64; 2]> {
        vec![[w, s], [e, s], [e, n], [w, n]]
    }

    fn disc(at: [f64; 2], radius_m: f64) -> Cover {
        Cover { path: vec![at], radius_m, areal: false }
    }

    #[test]
    fn the_largest_circle_of_shapes_worked_out_by_hand() {
        let of = |ground: &Rings, covers: &[Cover]| largest_circle(ground, covers, 0.01).unwrap();
        let (middle, radius) = of(&vec![rectangle([0.0, 0.0, 300.0, 200.0])], &[]);
        assert!((radius - 100.0).abs() <= 0.01 && (middle[1] - 100.0).abs() < 0.1, "{middle:?} {radius}");
        // A right triangle of 3, 4, 5: the incircle has radius 1.
        let (middle, radius) = of(&vec![vec![[0.0, 0.0], [400.0, 0.0], [0.0, 300.0]]], &[]);
        assert!((radius - 100.0).abs() <= 0.01 && (middle[0] - 100.0).abs() < 0.2, "{middle:?} {radius}");
        // A hole in the middle leaves the corners: r + r√2 = half a diagonal less the hole's own.
        let mut hole = rectangle([90.0, 90.0, 110.0, 110.0]);
        hole.reverse();
        let (_, radius) = of(&vec![rectangle([0.0, 0.0, 200.0, 200.0]), hole], &[]);
        assert!((radius - 90.0 / (1.0 + 0.5_f64.sqrt())).abs() <= 0.011, "{radius}");
        // Of two pieces the roomier one.
        let two = vec![rectangle([0.0, 0.0, 50.0, 50.0]), rectangle([900.0, 0.0, 960.0, 500.0])];
        let (middle, radius) = of(&two, &[]);
        assert!((radius - 30.0).abs() <= 0.01 && middle[0] > 900.0, "{middle:?} {radius}");
        assert!(largest_circle(&Rings::new(), &[], 1.0).is_none());
    }

    #[test]
    fn what_is_covered_has_no_room() {
        let ground = vec![rectangle([0.0, 0.0, 200.0, 200.0])];
        let of = |covers: &[Cover]| largest_circle(&ground, covers, 0.01);
        // A disc about the middle leaves the corners: r√2 + r + 50 = half a diagonal.
        let (_, radius) = of(&[disc([100.0, 100.0], 50.0)]).unwrap();
        assert!((radius - (100.0 * 2.0_f64.sqrt() - 50.0) / (1.0 + 2.0_f64.sqrt())).abs() <= 0.011, "{radius}");
        assert!(of(&[disc([100.0, 100.0], 142.0)]).is_none());
        // A road along the southern side, 40 m to its side.
        let road = Cover { path: vec![[-10.0, 0.0], [100.0, 0.0], [210.0, 0.0]], radius_m: 40.0, areal: false };
        let (middle, radius) = of(&[road]).unwrap();
        assert!((radius - 80.0).abs() <= 0.01 && (middle[1] - 120.0).abs() < 0.1, "{middle:?} {radius}");
        // A yard is covered inside, however far its border is.
        let mut yard = rectangle([0.0, 0.0, 200.0, 150.0]);
        yard.push(yard[0]);
        let (middle, radius) = of(&[Cover { path: yard, radius_m: 10.0, areal: true }]).unwrap();
        assert!((radius - 20.0).abs() <= 0.01 && (middle[1] - 180.0).abs() < 0.1, "{middle:?} {radius}");
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
            let covers: Vec<Cover> =
                (0..4).map(|_| disc([2000.0 * unit() - 1000.0, 2000.0 * unit() - 1000.0], 300.0 * unit())).collect();
            let border: Vec<Edge> = edges_of(&ring).collect();
            let room_m = |p: [f64; 2]| {
                let discs = covers.iter().map(|cover| {
                    let [x, y] = cover.path[0];
                    (p[0] - x).hypot(p[1] - y) - cover.radius_m
                });
                let least_m = border.iter().map(|edge| edge.apart_m(p)).chain(discs).fold(f64::INFINITY, f64::min);
                if winds(&border, p) { least_m } else { -1.0 }
            };
            let (middle, radius) = largest_circle(&vec![ring.clone()], &covers, 0.5).unwrap();
            assert!((room_m(middle) - radius).abs() < 1e-9);
            for _ in 0..4000 {
                let p = [2000.0 * unit() - 1000.0, 2000.0 * unit() - 1000.0];
                assert!(room_m(p) <= radius + 0.5);
            }
        }
    }
}
