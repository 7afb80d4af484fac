//! Shapes laid into a plane, and the nearest points of two of them there: metres, straight edges, no ellipsoid.

use crate::geo::ellipsoid::between;
use crate::geo::frame::Frame;
use crate::geo::shape::{Shape, crosses_odd};

/// Longer edges are cut along their geodesic, so that a straight edge of the plane stands for it within a millimetre.
const LONGEST_PLANE_EDGE_M: f64 = 2_000.0;
/// Edges in a block whose box is tried before the edges themselves.
const BLOCK: usize = 12;

/// A shape laid into a frame: metres, parts kept apart. Reused from shape to shape so that a join does not allocate.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    pub(super) xy: Vec<[f64; 2]>,
    /// Ends of the parts in `xy`.
    ends: Vec<u32>,
    /// Boxes of runs of `BLOCK` edges, only for shapes large enough to profit: box, part's edge range.
    blocks: Vec<([f64; 4], u32, u32)>,
    pub(super) bbox: [f64; 4],
    areal: bool,
    puntal: bool,
}

const NOWHERE: [f64; 4] = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];

fn grow(b: &mut [f64; 4], [x, y]: [f64; 2]) {
    *b = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
}

/// Squared distance between two boxes; 0 where they meet.
#[inline]
fn boxes_apart2(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    let dx = (b[0] - a[2]).max(a[0] - b[2]).max(0.0);
    let dy = (b[1] - a[3]).max(a[1] - b[3]).max(0.0);
    dx * dx + dy * dy
}

impl Laid {
    /// Lays `shape` into `frame`, cutting edges that are too long for a plane.
    pub fn lay(&mut self, frame: &Frame, shape: Shape<'_>) {
        self.xy.clear();
        self.ends.clear();
        self.blocks.clear();
        self.bbox = NOWHERE;
        self.areal = shape.kind.dimension() == Some(2);
        self.puntal = shape.kind.dimension() == Some(0);
        for (_, part) in shape.parts() {
            let mut last: Option<([f64; 2], [f64; 2])> = None;
            for &lnglat in part {
                let p = frame.lnglat_to_local(lnglat);
                if let Some((q, from)) = last
                    && !self.puntal
                    && distance2(p, q) > LONGEST_PLANE_EDGE_M * LONGEST_PLANE_EDGE_M
                {
                    for cut in between(from, lnglat, LONGEST_PLANE_EDGE_M / 2.0) {
                        self.push(frame.lnglat_to_local(cut));
                    }
                }
                self.push(p);
                last = Some((p, lnglat));
            }
            self.ends.push(self.xy.len() as u32);
        }
        if !self.puntal && self.xy.len() > 3 * BLOCK {
            self.block();
        }
    }

    /// Its parts.
    pub(super) fn parts(&self) -> impl Iterator<Item = &[[f64; 2]]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(from, &to)| &self.xy[from as usize..to as usize])
    }

    fn push(&mut self, p: [f64; 2]) {
        grow(&mut self.bbox, p);
        self.xy.push(p);
    }

    fn block(&mut self) {
        let mut start = 0;
        for &end in &self.ends {
            let mut from = start;
            while from + 1 < end {
                let to = (from + BLOCK as u32).min(end - 1);
                let mut bbox = NOWHERE;
                self.xy[from as usize..=to as usize].iter().for_each(|&p| grow(&mut bbox, p));
                self.blocks.push((bbox, from, to));
                from = to;
            }
            start = end;
        }
    }

    /// Calls `each` for every run of edges `(box, first vertex, last vertex)` that may lie within the limit.
    fn runs(&self, mut each: impl FnMut(&[f64; 4], usize, usize)) {
        if self.blocks.is_empty() {
            let mut start = 0;
            for &end in &self.ends {
                if end > start {
                    each(&self.bbox, start as usize, end as usize - 1);
                }
                start = end;
            }
        } else {
            self.blocks.iter().for_each(|(bbox, from, to)| each(bbox, *from as usize, *to as usize));
        }
    }

    fn holds(&self, p: [f64; 2]) -> bool {
        if !self.areal || boxes_apart2(&self.bbox, &[p[0], p[1], p[0], p[1]]) > 0.0 {
            return false;
        }
        let mut start = 0;
        self.ends.iter().fold(false, |inside, &end| {
            let ring = &self.xy[start as usize..end as usize];
            start = end;
            inside ^ crosses_odd(ring, p)
        })
    }
}

/// Signed planar area of a closed ring, positive anticlockwise.
pub fn shoelace(ring: &[[f64; 2]]) -> f64 {
    let Some(&[ox, oy]) = ring.first() else { return 0.0 };
    ring.windows(2).map(|e| (e[0][0] - ox) * (e[1][1] - oy) - (e[1][0] - ox) * (e[0][1] - oy)).sum::<f64>() / 2.0
}

#[inline]
pub(super) fn distance2(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

/// Squared distance and the two nearest points.
pub(super) type Pair = (f64, [f64; 2], [f64; 2]);

/// The point of segment `ab` nearest to `p`, and which share of the segment lies before it.
#[inline]
pub fn foot_share(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> (f64, [f64; 2]) {
    let d = [b[0] - a[0], b[1] - a[1]];
    let length2 = d[0] * d[0] + d[1] * d[1];
    if length2 == 0.0 {
        return (0.0, a);
    }
    let t = (((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / length2).clamp(0.0, 1.0);
    (t, [a[0] + t * d[0], a[1] + t * d[1]])
}

/// The point of segment `ab` nearest to `p`.
#[inline]
fn foot(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    foot_share(p, a, b).1
}

#[inline]
fn nearer(best: &mut Pair, p: [f64; 2], q: [f64; 2]) {
    let d2 = distance2(p, q);
    if d2 < best.0 {
        *best = (d2, p, q);
    }
}

/// Where two segments cross, if they do.
fn crossing(a: [f64; 2], b: [f64; 2], c: [f64; 2], d: [f64; 2]) -> Option<[f64; 2]> {
    let (r, s) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
    let cross = r[0] * s[1] - r[1] * s[0];
    if cross == 0.0 {
        return None;
    }
    let ac = [c[0] - a[0], c[1] - a[1]];
    let t = (ac[0] * s[1] - ac[1] * s[0]) / cross;
    let u = (ac[0] * r[1] - ac[1] * r[0]) / cross;
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then(|| [a[0] + t * r[0], a[1] + t * r[1]])
}

/// Two runs of edges held against each other; `b_box` holds the second. A run of a single vertex is a point. Edges that
/// stand farther than `limit2` from the box are passed over; at `enough2` or nearer the search is over.
fn runs_apart(
    best: &mut Pair,
    a: &[[f64; 2]],
    b: &[[f64; 2]],
    b_box: &[f64; 4],
    points: (bool, bool),
    limit2: f64,
    enough2: f64,
) {
    match (points.0 || a.len() == 1, points.1 || b.len() == 1) {
        (true, true) => a.iter().for_each(|&p| b.iter().for_each(|&q| nearer(best, p, q))),
        (true, false) => {
            for &p in a {
                b.windows(2).for_each(|e| nearer(best, p, foot(p, e[0], e[1])));
            }
        }
        (false, true) => {
            for &q in b {
                a.windows(2).for_each(|e| nearer(best, foot(q, e[0], e[1]), q));
            }
        }
        (false, false) => {
            // Vertices alone say at once how near it is at most, and so which edges need not be looked at.
            a.iter().for_each(|&p| b.iter().for_each(|&q| nearer(best, p, q)));
            for e in a.windows(2) {
                let edge = edge_box(e);
                if boxes_apart2(&edge, b_box) > limit2.min(best.0) {
                    continue;
                }
                for f in b.windows(2) {
                    let apart2 = boxes_apart2(&edge, &edge_box(f));
                    if apart2 > limit2.min(best.0) {
                        continue;
                    }
                    nearer(best, e[0], foot(e[0], f[0], f[1]));
                    nearer(best, e[1], foot(e[1], f[0], f[1]));
                    nearer(best, foot(f[0], e[0], e[1]), f[0]);
                    nearer(best, foot(f[1], e[0], e[1]), f[1]);
                    if apart2 == 0.0
                        && let Some(p) = crossing(e[0], e[1], f[0], f[1])
                    {
                        *best = (0.0, p, p);
                        return;
                    }
                }
                if best.0 <= enough2 {
                    return;
                }
            }
        }
    }
}

#[inline]
fn edge_box(e: &[[f64; 2]]) -> [f64; 4] {
    let [p, q] = [e[0], e[1]];
    [p[0].min(q[0]), p[1].min(q[1]), p[0].max(q[0]), p[1].max(q[1])]
}

/// The nearest pair in the plane within `limit_m`; None where they stand farther apart.
pub(super) fn nearest_laid(a: &Laid, b: &Laid, limit_m: f64, enough2: f64) -> Option<Pair> {
    let limit2 = limit_m * limit_m;
    if boxes_apart2(&a.bbox, &b.bbox) > limit2 {
        return None;
    }
    // One vertex of each part is enough: a part that lies inside and crosses no edge lies inside whole.
    let inside = |holder: &Laid, other: &Laid| {
        let mut start = 0;
        let mut found = None;
        for &end in &other.ends {
            let first = other.xy[start as usize];
            start = end;
            if other.puntal {
                continue;
            }
            if holder.holds(first) {
                found = Some(first);
            }
        }
        if other.puntal {
            found = other.xy.iter().copied().find(|&p| holder.holds(p));
        }
        found
    };
    if let Some(p) = if a.areal { inside(a, b) } else { None }.or(if b.areal { inside(b, a) } else { None }) {
        return Some((0.0, p, p));
    }
    let mut best: Pair = (f64::INFINITY, [0.0; 2], [0.0; 2]);
    a.runs(|a_box, a_from, a_to| {
        if boxes_apart2(a_box, &b.bbox) > limit2.min(best.0) {
            return;
        }
        b.runs(|b_box, b_from, b_to| {
            if boxes_apart2(a_box, b_box) <= limit2.min(best.0) && best.0 > enough2 {
                runs_apart(
                    &mut best,
                    &a.xy[a_from..=a_to],
                    &b.xy[b_from..=b_to],
                    b_box,
                    (a.puntal, b.puntal),
                    limit2,
                    enough2,
                );
            }
        });
    });
    (best.0 <= limit2).then_some(best)
}
