//! Joining rings that are meant to touch: what two offices drew of one border, or two files rounded, is made one line.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::geo::cut::Rings;
use crate::geo::frame::Frame;

/// An edge shorter than this is as straight in any plane as a millimetre tells.
const STRAIGHT_M: f64 = 100.0;
/// No edge up to the first length bends by more than the second share of its own, up to a degree from the poles: L² tan φ ÷ 8R.
const SHORT_M: f64 = 10_000.0;
const BEND: f64 = 0.01;
/// Squares in which vertices are looked up are so many times as wide as what is near, so that mostly one is looked into, and no
/// narrower than the second, metres.
const SQUARE: (f64, f64) = (4.0, 1.0);

/// Vertices no farther than `near_m` from each other become one, the first of them; and an edge that passes a vertex within it
/// goes through it. Metres of the plane of `frame`; what lies outside of `window` (west, south, east, north) stays as it is.
/// Rings of no extent fall away.
///
/// Between its ends an edge runs straight in the plane that somebody drew it in, which need not be this one: over a kilometre
/// the straight line of longitude and latitude is a centimetre off the geodesic. A vertex between the two is on the edge.
pub fn join(frame: &Frame, all: &mut [Rings], near_m: f64, window: &[f64; 4]) {
    let mut known = Vertices::new(near_m);
    for point in all.iter_mut().flatten().flatten().filter(|point| meet(window, **point, **point)) {
        *point = known.first_near(*point);
    }
    let mut vertices = known.all;
    vertices.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    for rings in all.iter_mut() {
        for ring in rings.iter_mut() {
            *ring = threaded(frame, ring, &vertices, near_m, window);
        }
        rings.retain(|ring| ring.len() > 2);
    }
}

/// The vertices so far, by the square that they lie in.
struct Vertices {
    near_m: f64,
    squares: HashMap<(i64, i64), Vec<u32>, FixedState>,
    all: Vec<[f64; 2]>,
}

impl Vertices {
    fn new(near_m: f64) -> Self {
        Self { near_m, squares: HashMap::default(), all: Vec::new() }
    }

    /// The first vertex near a point: the point itself where there is none.
    fn first_near(&mut self, point: [f64; 2]) -> [f64; 2] {
        let size_m = (self.near_m * SQUARE.0).max(SQUARE.1);
        let square = |along: f64| (along / size_m).floor() as i64;
        let [xs, ys] = point.map(|along| square(along - self.near_m)..=square(along + self.near_m));
        let around = xs.flat_map(|x| ys.clone().map(move |y| (x, y)));
        let near = |vertex: &u32| apart2(self.all[*vertex as usize], point) <= self.near_m * self.near_m;
        let found = around.filter_map(|square| self.squares.get(&square)).flatten().copied().filter(near).min();
        if let Some(vertex) = found {
            return self.all[vertex as usize];
        }
        let [x, y] = point.map(square);
        self.squares.entry((x, y)).or_default().push(self.all.len() as u32);
        self.all.push(point);
        point
    }
}

/// Whether the box of an edge meets a window.
fn meet([west, south, east, north]: &[f64; 4], a: [f64; 2], b: [f64; 2]) -> bool {
    a[0].min(b[0]) <= *east && a[0].max(b[0]) >= *west && a[1].min(b[1]) <= *north && a[1].max(b[1]) >= *south
}

/// A ring led through the vertices that its edges pass; these are in order from the west.
fn threaded(frame: &Frame, ring: &[[f64; 2]], vertices: &[[f64; 2]], near_m: f64, window: &[f64; 4]) -> Vec<[f64; 2]> {
    let mut out: Vec<[f64; 2]> = Vec::with_capacity(ring.len());
    let mut through: Vec<(f64, [f64; 2])> = Vec::new();
    for (k, &a) in ring.iter().enumerate() {
        let b = ring[(k + 1) % ring.len()];
        if a == b {
            continue;
        }
        out.push(a);
        if !meet(window, a, b) {
            continue;
        }
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length2 = dx * dx + dy * dy;
        // How far an edge bends takes long to be had, and is asked for where a vertex lies by.
        let mut bent_m: Option<f64> = None;
        let mut bent_m = || *bent_m.get_or_insert_with(|| bend_m(frame, a, b));
        let about_m = near_m + if length2 > SHORT_M * SHORT_M { bent_m() } else { BEND * length2.sqrt() };
        let [west, south] = [0, 1].map(|axis| a[axis].min(b[axis]) - about_m);
        let [east, north] = [0, 1].map(|axis| a[axis].max(b[axis]) + about_m);
        let from = vertices.partition_point(|vertex| vertex[0] < west);
        for &p in vertices[from..].iter().take_while(|vertex| vertex[0] <= east) {
            if p[1] < south || p[1] > north || p == a || p == b {
                continue;
            }
            let along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2;
            let foot = [a[0] + along * dx, a[1] + along * dy];
            let apart2 = apart2(foot, p);
            if along > 0.0 && along < 1.0 && apart2 <= about_m * about_m && apart2 <= (near_m + bent_m()).powi(2) {
                through.push((along, p));
            }
        }
        through.sort_by(|a, b| a.0.total_cmp(&b.0));
        out.extend(through.drain(..).map(|(_, p)| p));
    }
    out
}

/// How far the middle of an edge is from where it would be, were the edge straight in longitude and latitude.
fn bend_m(frame: &Frame, a: [f64; 2], b: [f64; 2]) -> f64 {
    if apart2(a, b) < STRAIGHT_M * STRAIGHT_M {
        return 0.0;
    }
    let (from, to) = (frame.local_to_lnglat(a), frame.local_to_lnglat(b));
    // Across the antimeridian there is no such line.
    if (from[0] - to[0]).abs() > 180.0 {
        return 0.0;
    }
    let middle = frame.lnglat_to_local([(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0]);
    apart2(middle, [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]).sqrt()
}

fn apart2(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::cut;

    const ALL: [f64; 4] = [-1e4, -1e4, 1e4, 1e4];

    fn frame() -> Frame {
        Frame::at([117.5, 39.6])
    }

    #[test]
    fn borders_drawn_twice_become_one() {
        // The second square's corner lies on the first one's side, 3 cm off; its side has a vertex that the first has not.
        let west = vec![vec![[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]];
        let east = vec![vec![[100.02, 0.01], [200.0, 0.0], [200.0, 100.0], [99.98, 100.0], [100.03, 50.0]]];
        let ground = vec![vec![[0.0, 0.0], [200.0, 0.0], [200.0, 100.0], [0.0, 100.0]]];
        let mut all = [ground, west, east];
        join(&frame(), &mut all, 0.05, &ALL);
        let covers: Rings = all[1..].concat();
        assert!(cut::difference(&all[0], &covers).is_empty());
        assert!(cut::intersection(&all[1], &all[2]).is_empty());
    }

    #[test]
    fn what_lies_farther_apart_stays_as_it_is() {
        let square = |west: f64| vec![vec![[west, 0.0], [west + 100.0, 0.0], [west + 100.0, 100.0], [west, 100.0]]];
        let mut all = [square(0.0), square(99.9)];
        // Along their common sides each has the other's corners now, and no other shape.
        join(&frame(), &mut all, 0.05, &ALL);
        let both = cut::intersection(&all[0], &all[1]);
        assert!((both.iter().map(cut::rings_area_m2).sum::<f64>() - 10.0).abs() < 1e-3);
        let mut apart = [square(0.0), square(100.2)];
        let before = apart.clone();
        join(&frame(), &mut apart, 0.05, &ALL);
        assert_eq!(apart, before);
    }
}
