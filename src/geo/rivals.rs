//! How far ground belongs to an edge of a line, where other edges of it are near: as far as none of them is nearer.
//!
//! From a place of an edge one goes square away from it; all that one passes is as far from the edge as one has gone. Another edge
//! is as near where `|q − o|² = 2t (q − o)·d` for its nearest place `q`, so how far one may go has a closed form.

use crate::geo::strip::LONGEST_CORNER;

type Place = [f64; 2];

/// Edges that turn from each other by more than this (60°) are a sharp bend; the cosine.
const SHARP_COS: f64 = 0.499;
/// Rims are off by this at the most, metres.
const FINE_M: f64 = 0.01;
/// Ground is let overlap by so much: who comes first has it, and nothing is left between two.
const SEAM_M: f64 = 0.02;
/// A rim is looked at every so many metres, or degrees, before it is refined.
const STEP_M: f64 = 5.0;
const STEP_DEG: f64 = 5.0;
/// How near to the ends of an edge it is looked at, metres.
const INSET_M: f64 = 1e-4;

/// The edges of a line that are near, in a plane.
pub struct Rivals {
    edges: Vec<[Place; 2]>,
    reach_m: f64,
}

fn minus(a: Place, b: Place) -> Place {
    [a[0] - b[0], a[1] - b[1]]
}

fn dot(a: Place, b: Place) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

fn on(from: Place, way: Place, metres: f64) -> Place {
    [from[0] + way[0] * metres, from[1] + way[1] * metres]
}

/// The direction and the length of an edge.
fn straight([a, b]: [Place; 2]) -> (Place, f64) {
    let ab = minus(b, a);
    let length_m = ab[0].hypot(ab[1]);
    ([ab[0] / length_m, ab[1] / length_m], length_m)
}

/// How far one goes from `o` in the unit direction `d` until an edge is as near as `o` itself.
fn until(o: Place, d: Place, edge: [Place; 2]) -> f64 {
    let to_end = |q: Place| {
        let oq = minus(q, o);
        let ahead = dot(oq, d);
        if ahead > 0.0 { dot(oq, oq) / (2.0 * ahead) } else { f64::INFINITY }
    };
    let (way, length_m) = straight(edge);
    let normal = [-way[1], way[0]];
    let (apart, turned) = (dot(minus(o, edge[0]), normal), dot(d, normal));
    let beside = |sign: f64| {
        let t = apart / (sign - turned);
        let foot_m = dot(minus(on(o, d, t), edge[0]), way);
        if t > 0.0 && (0.0..=length_m).contains(&foot_m) { t } else { f64::INFINITY }
    };
    [to_end(edge[0]), to_end(edge[1]), beside(1.0), beside(-1.0)].into_iter().fold(f64::INFINITY, f64::min)
}

impl Rivals {
    /// The edges that may be near to ground `reach_m` deep.
    pub fn new(edges: impl Iterator<Item = [Place; 2]>, reach_m: f64) -> Self {
        Self { edges: edges.filter(|[a, b]| a != b).collect(), reach_m }
    }

    /// Whether the road turns sharply near an edge. Elsewhere ground square to it is its own.
    pub fn press(&self, edge: [Place; 2]) -> bool {
        let (way, _) = straight(edge);
        self.edges.iter().any(|other| {
            let near = |axis: usize| {
                let low = edge[0][axis].min(edge[1][axis]) - 2.0 * self.reach_m;
                let high = edge[0][axis].max(edge[1][axis]) + 2.0 * self.reach_m;
                other[0][axis].max(other[1][axis]) >= low && other[0][axis].min(other[1][axis]) <= high
            };
            near(0) && near(1) && dot(way, straight(*other).0) < SHARP_COS
        })
    }

    fn depth(&self, o: Place, d: Place, most_m: f64, own: impl Fn(&[Place; 2]) -> bool) -> f64 {
        let others = self.edges.iter().filter(|edge| !own(edge));
        let nearest = others.map(|edge| until(o, d, *edge) + SEAM_M);
        nearest.fold(most_m, f64::min)
    }

    /// The rim of the ground on the side of an edge to which `normal` points, along the edge.
    pub fn along(&self, edge: [Place; 2], normal: Place) -> Vec<Place> {
        let (way, length_m) = straight(edge);
        let rim = |m: f64| {
            let o = on(edge[0], way, m.clamp(INSET_M, (length_m - INSET_M).max(INSET_M)));
            on(on(edge[0], way, m), normal, self.depth(o, normal, self.reach_m, |other| *other == edge))
        };
        refined(0.0, length_m, STEP_M, &rim)
    }

    /// The rim of the ground about a bend, on its outer side, from the direction `a` to `b`.
    pub fn about(&self, bend: Place, a: Place, b: Place) -> Vec<Place> {
        let turn = (a[0] * b[1] - a[1] * b[0]).atan2(dot(a, b));
        let rim = |angle: f64| {
            let (sin, cos) = angle.sin_cos();
            let d = [a[0] * cos - a[1] * sin, a[0] * sin + a[1] * cos];
            // As far as the corner of the strips that meet there.
            let aside = angle.abs().min((turn - angle).abs()).cos().max(1.0 / LONGEST_CORNER);
            on(bend, d, self.depth(bend, d, self.reach_m / aside, |other| other.contains(&bend)))
        };
        refined(0.0, turn, STEP_DEG.to_radians(), &rim)
    }
}

/// Corners of a rim from one parameter to another, so many that none between is farther from their line than is fine.
fn refined(from: f64, to: f64, step: f64, rim: &impl Fn(f64) -> Place) -> Vec<Place> {
    fn halve(a: (f64, Place), b: (f64, Place), left: u32, rim: &impl Fn(f64) -> Place, out: &mut Vec<Place>) {
        let middle = (a.0 + b.0) / 2.0;
        let place = rim(middle);
        let (ab, ap) = (minus(b.1, a.1), minus(place, a.1));
        let length = ab[0].hypot(ab[1]).max(1e-12);
        let off_m = (ab[0] * ap[1] - ab[1] * ap[0]).abs() / length;
        if left > 0 && off_m > FINE_M {
            halve(a, (middle, place), left - 1, rim, out);
            halve((middle, place), b, left - 1, rim, out);
        } else {
            out.push(b.1);
        }
    }
    let pieces = ((to - from).abs() / step).ceil().max(1.0);
    let at = |k: f64| from + (to - from) * k / pieces;
    let mut before = (from, rim(from));
    let mut out = vec![before.1];
    for k in 1..=pieces as u32 {
        let next = (at(f64::from(k)), rim(at(f64::from(k))));
        halve(before, next, 8, rim, &mut out);
        before = next;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::frame::Frame;
    use crate::geo::laid::foot_share;
    use crate::geo::strip;

    fn inside(rings: &[Vec<Place>], [x, y]: Place) -> bool {
        rings.iter().any(|ring| {
            let closed = ring.iter().zip(ring.iter().cycle().skip(1));
            closed.fold(false, |odd, (a, b)| {
                odd ^ ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0])
            })
        })
    }

    /// The nearest edge of a line and the side, by looking at all; None beyond its ends. Also by how much it is the nearest.
    fn nearest(line: &[Place], p: Place) -> (Option<(usize, bool)>, f64, f64) {
        let mut all: Vec<(f64, usize, f64)> = line
            .windows(2)
            .enumerate()
            .map(|(k, edge)| {
                let (share, at) = foot_share(p, edge[0], edge[1]);
                let apart = minus(p, at);
                (apart[0].hypot(apart[1]), k, share)
            })
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (metres, k, share) = if all[0].1 > 0 && all[0].2 == 0.0 { (all[0].0, all[0].1 - 1, 1.0) } else { all[0] };
        let beyond = (k == 0 && share == 0.0) || (k + 2 == line.len() && share == 1.0);
        // About a bend both edges are as near, and the ground is of the side that bends away.
        let (way, _) = straight([line[k], line[k + 1]]);
        let mut left = way[0] * (p[1] - line[k][1]) - way[1] * (p[0] - line[k][0]) > 0.0;
        if share == 1.0 && !beyond {
            let (next, _) = straight([line[k + 1], line[k + 2]]);
            left = way[0] * next[1] - way[1] * next[0] < 0.0;
        }
        let rival = all.iter().find(|one| one.0 > metres + 1e-9).map_or(f64::INFINITY, |one| one.0 - metres);
        ((!beyond).then_some((k, left)), metres, rival)
    }

    /// Every place near a line lies in the strip of the edge that is nearest, on the side on which it is, and in no other.
    fn hold(line: &[Place], reach_m: f64) {
        let frame = Frame::at([117.4, 39.6]);
        let degrees: Vec<Place> = line.iter().map(|&p| frame.local_to_lnglat(p)).collect();
        let rivals: Vec<[Place; 2]> = degrees.windows(2).map(|e| [e[0], e[1]]).collect();
        let mut strips = Vec::new();
        for k in 0..line.len() - 1 {
            for left in [true, false] {
                let after = degrees.get(k + 2).copied();
                let cell = strip::cell(&frame, &degrees[k..k + 2], after, left, reach_m, &rivals);
                strips.push(((k, left), cell));
            }
        }
        let mut seen = 0;
        for i in -100..=300 {
            for j in -100..=200 {
                let p = [f64::from(i) + 0.37, f64::from(j) + 0.41];
                let (whose, metres, rival) = nearest(line, p);
                if metres > reach_m - 0.1 || metres < 0.1 || rival < 0.1 {
                    continue;
                }
                let found: Vec<(usize, bool)> =
                    strips.iter().filter(|(_, cell)| inside(cell, p)).map(|(of, _)| *of).collect();
                let expected: Vec<(usize, bool)> = whose.into_iter().collect();
                assert_eq!(found, expected, "{p:?} of {line:?}, {metres} m off");
                seen += 1;
            }
        }
        assert!(seen > 2_000, "{seen}");
    }

    #[test]
    fn at_a_hairpin_each_place_belongs_to_the_nearest_edge_and_its_side() {
        // 200 m east, a half circle with a radius of 15 m, 200 m back.
        let mut line = vec![[0.0, 0.0]];
        line.extend((0..=6).map(|k| {
            let angle = f64::from(k).mul_add(30.0, -90.0).to_radians();
            [200.0 + 15.0 * angle.cos(), 15.0 + 15.0 * angle.sin()]
        }));
        line.push([0.0, 30.0]);
        hold(&line, 35.0);
        line.reverse();
        hold(&line, 35.0);
    }

    #[test]
    fn at_bends_of_100_to_179_degrees_too() {
        for turn in [100_f64, 135.0, 160.0, 179.0] {
            let (sin, cos) = turn.to_radians().sin_cos();
            hold(&[[0.0, 0.0], [150.0, 0.0], [150.0 + 140.0 * cos, 140.0 * sin]], 30.0);
            hold(&[[0.0, 0.0], [150.0, 0.0], [150.0 + 140.0 * cos, -140.0 * sin]], 30.0);
        }
    }

    #[test]
    fn and_on_a_road_that_climbs_in_many() {
        let climb = [[0.0, 0.0], [120.0, 5.0], [125.0, 18.0], [10.0, 30.0], [8.0, 55.0], [130.0, 48.0], [90.0, 90.0]];
        hold(&climb, 25.0);
        hold(&climb, 60.0);
    }
}
