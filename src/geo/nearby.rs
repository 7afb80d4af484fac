//! Points of the globe in cubes, to find those within a reach of each other: no plane, so anywhere on the ellipsoid.

use std::ops::Range;

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::geo::ellipsoid::{self, ECCENTRICITY2, SEMI_MAJOR_M};

/// A cube is as wide as the reach, and no narrower than this, metres: then its place in each direction fits in 21 bits.
const NARROWEST_M: f64 = 10.0;
/// What the arithmetic of geocentric coordinates may be off, metres.
const WHISKER_M: f64 = 1e-6;

/// The columns of cubes behind a cube's own, from it in the order of the keys: what lies before it has it behind.
const BEHIND: [[i64; 3]; 4] = [[0, 1, 0], [1, -1, 0], [1, 0, 0], [1, 1, 0]];

/// Points, and which of them are within a reach (≤) of each other, geodesic.
pub struct Nearby {
    lnglat: Vec<[f64; 2]>,
    reach_m: f64,
    /// Chords, squared: up to here within the reach for certain, and up to here perhaps.
    sure2: f64,
    perhaps2: f64,
    /// By cube; each with its number.
    points: Vec<([f64; 3], u32)>,
    /// Which of them each cube has, by the keys of the cubes.
    spans: Vec<(u64, (u32, u32))>,
}

/// The largest chord of a geodesic of that length, and the smallest: its arc bends with at least and at most these radii.
fn chords(reach_m: f64) -> [f64; 2] {
    let flattest = SEMI_MAJOR_M / (1.0 - ECCENTRICITY2).sqrt();
    let roundest = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2);
    [flattest, roundest].map(|radius| 2.0 * radius * (reach_m / (2.0 * radius)).min(std::f64::consts::FRAC_PI_2).sin())
}

impl Nearby {
    /// Puts points into cubes.
    pub fn new(lnglat: Vec<[f64; 2]>, reach_m: f64) -> Self {
        let side_m = reach_m.max(NARROWEST_M);
        let [long, short] = chords(reach_m);
        let placed = |&at: &[f64; 2]| {
            let xyz = ellipsoid::geocentric_m(at);
            (key(cube(&xyz, side_m)), xyz)
        };
        let placed: Vec<(u64, [f64; 3])> = lnglat.par_iter().with_min_len(1024).map(placed).collect();
        let mut keyed: Vec<(u64, u32)> = placed.iter().zip(0..).map(|((key, _), n)| (*key, n)).collect();
        keyed.par_sort_unstable();
        let mut spans: Vec<(u64, (u32, u32))> = Vec::new();
        let mut from = 0;
        for one in keyed.chunk_by(|a, b| a.0 == b.0) {
            let to = from + one.len() as u32;
            spans.push((one[0].0, (from, to)));
            from = to;
        }
        let points = keyed.par_iter().with_min_len(1024).map(|&(_, n)| (placed[n as usize].1, n)).collect();
        let squared = |chord: f64| chord.max(0.0) * chord.max(0.0);
        let (sure2, perhaps2) = (squared(short - WHISKER_M), squared(long + WHISKER_M));
        Self { lnglat, reach_m, sure2, perhaps2, points, spans }
    }

    /// How many cubes have points in them.
    pub fn cubes(&self) -> usize {
        self.spans.len()
    }

    /// Calls `each` with the numbers of two points that are within the reach of each other, one of them in some of the cubes, and the
    /// square of their chord, metres. Over all cubes each pair comes once: of a point's own cube those behind it are looked at, and of
    /// the cubes about it those behind. They are walked along beside, for keys grow as one goes. `go_on` is told after each point how
    /// many pairs it has made, and ends it all by false: a cube may hold everything.
    pub fn pairs(&self, cubes: Range<usize>, go_on: impl Fn(usize) -> bool, mut each: impl FnMut(u32, u32, f64)) {
        let first = self.spans.get(cubes.start).map_or(0, |span| span.0);
        let below = |of: u64, [x, y, z]: [i64; 3]| of.wrapping_add(key([x, y, z - 1]).wrapping_sub(key([0; 3])));
        let mut along = BEHIND.map(|behind| self.spans.partition_point(|span| span.0 < below(first, behind)));
        let mut beside: Vec<(u32, u32)> = Vec::new();
        for at in cubes {
            let (own, (from, to)) = self.spans[at];
            beside.clear();
            beside.extend(self.spans.get(at + 1).filter(|next| next.0 == own + 1).map(|next| next.1));
            for (behind, start) in BEHIND.into_iter().zip(&mut along) {
                let least = below(own, behind);
                *start += self.spans[*start..].iter().take_while(|span| span.0 < least).count();
                let column = self.spans[*start..].iter().take_while(|span| span.0 <= least + 2);
                beside.extend(column.map(|span| span.1));
            }
            for place in from..to {
                let mut pairs = 0;
                let mut count = |a: u32, b: u32, chord2: f64| {
                    pairs += 1;
                    each(a, b, chord2);
                };
                self.look(place as usize, (place + 1, to), &mut count);
                beside.iter().for_each(|&span| self.look(place as usize, span, &mut count));
                if !go_on(pairs) {
                    return;
                }
            }
        }
    }

    /// Looks at a span of points from one.
    fn look(&self, place: usize, (from, to): (u32, u32), each: &mut impl FnMut(u32, u32, f64)) {
        let (xyz, own) = self.points[place];
        for &(other, number) in &self.points[from as usize..to as usize] {
            let chord2 = (0..3).map(|k| (xyz[k] - other[k]) * (xyz[k] - other[k])).sum::<f64>();
            if number != own && chord2 <= self.perhaps2 && (chord2 <= self.sure2 || self.reaches(own, number)) {
                each(own, number, chord2);
            }
        }
    }

    /// What the chord leaves open, GeographicLib settles; of two the same first always, so that both say the same.
    fn reaches(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.lnglat[a as usize], self.lnglat[b as usize]);
        let (first, second) = if a <= b { (a, b) } else { (b, a) };
        ellipsoid::distance_m(first, second) <= self.reach_m
    }
}

fn cube(xyz: &[f64; 3], side_m: f64) -> [i64; 3] {
    xyz.map(|c| (c / side_m).floor() as i64)
}

/// In the order of x, y, z: no part is beyond ±2²⁰, so that they add up as the places do.
fn key([x, y, z]: [i64; 3]) -> u64 {
    const MIDDLE: i64 = 1 << 20;
    let part = |c: i64| (c + MIDDLE) as u64;
    part(x) << 42 | part(y) << 21 | part(z)
}

/// The `k` points nearest to each, without itself, nearest first; of equals that which stands first.
pub fn nearest(lnglat: &[[f64; 2]], k: usize) -> Vec<Vec<u32>> {
    let xyz: Vec<[f64; 3]> = lnglat.iter().map(|&at| ellipsoid::geocentric_m(at)).collect();
    let numbered = xyz.iter().enumerate().map(|(n, &at)| GeomWithData::new(at, n as u32)).collect();
    let tree: RTree<GeomWithData<[f64; 3], u32>> = RTree::bulk_load(numbered);
    let of = |(own, at): (usize, &[f64; 3])| {
        let mut found: Vec<(f64, u32)> = Vec::with_capacity(k + 1);
        for (other, chord2) in tree.nearest_neighbor_iter_with_distance_2(*at) {
            if found.len() >= k && found.last().is_some_and(|last| chord2 > last.0) {
                break;
            }
            if other.data as usize != own {
                found.push((chord2, other.data));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(k).map(|(_, n)| n).collect()
    };
    xyz.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_within_a_reach_are_those_that_geographiclib_says() {
        // Around the antimeridian, near a pole, and in a township.
        for ([lng, lat], reach_m) in [([180.0, 12.0], 4_000.0), ([31.0, 89.97], 2_000.0), ([117.4, 39.6], 90_000.0)] {
            let spread = reach_m * 3.0 / 111_000.0;
            let points: Vec<[f64; 2]> = (0..300)
                .map(|k| {
                    let (a, b) = (f64::from(k * 7919 % 300) / 300.0 - 0.5, f64::from(k * 104_729 % 299) / 299.0 - 0.5);
                    let at = ellipsoid::destination([lng, lat], a * 720.0, b.abs() * spread * 111_000.0);
                    [crate::geo::bbox::wrap_lng(at[0]), at[1]]
                })
                .collect();
            let nearby = Nearby::new(points.clone(), reach_m);
            let mut found = Vec::new();
            for from in (0..nearby.cubes()).step_by(7) {
                let some = from..(from + 7).min(nearby.cubes());
                nearby.pairs(some, |_| true, |a, b, _| found.extend([(a, b), (b, a)]));
            }
            found.sort_unstable();
            let mut some = 0;
            nearby.pairs(0..nearby.cubes(), |_| false, |_, _, _| some += 1);
            assert!(some < points.len(), "no more than of one point");
            let mut wanted = Vec::new();
            for a in 0..points.len() {
                for b in (0..points.len()).filter(|&b| b != a) {
                    if ellipsoid::distance_m(points[a], points[b]) <= reach_m {
                        wanted.push((a as u32, b as u32));
                    }
                }
            }
            assert!(wanted.len() > 1000, "{}", wanted.len());
            assert_eq!(found, wanted, "{lng} {lat}");
        }
    }

    #[test]
    fn exactly_at_the_reach_is_within_it() {
        let (a, b) = ([117.4, 39.6], ellipsoid::destination([117.4, 39.6], 33.0, 500.0));
        let apart_m = ellipsoid::distance_m(a, b);
        let pairs = |reach_m: f64| {
            let nearby = Nearby::new(vec![a, b], reach_m);
            let mut found = 0;
            nearby.pairs(0..nearby.cubes(), |_| true, |_, _, _| found += 1);
            found
        };
        assert_eq!(pairs(apart_m), 1);
        assert_eq!(pairs(apart_m - 1e-8), 0);
        let (three, mut found) = (Nearby::new(vec![a, a, a], 1.0), 0);
        three.pairs(0..three.cubes(), |_| true, |_, _, _| found += 1);
        assert_eq!(found, 3, "points in one place are pairs like any");
    }

    #[test]
    fn of_points_equally_near_the_first_is_taken() {
        let at = [[117.0, 0.0], [117.01, 0.0], [116.99, 0.0], [117.0, 0.0], [117.5, 0.0]];
        let found = nearest(&at, 2);
        assert_eq!(found[0], [3, 1], "the one in the same place, then the first of two equals");
        assert_eq!(found[4], [1, 0]);
        assert_eq!(nearest(&at[..2], 5), [vec![1], vec![0]], "no more than there are");
    }
}
