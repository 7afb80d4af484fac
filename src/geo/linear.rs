//! Places along a line: pieces that touch end to end as one chain, measured from its western end; and how much of a line
//! others run along.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::geo::ellipsoid::{WGS84, between, destination, distance_m};
use crate::geo::frame::Frame;
use crate::geo::shape::Shape;

/// Ends no farther apart than this are the same end, metres.
const JOINED_M: f64 = 1.0;
/// The side of a cell in which ends are sought, degrees: more than a metre of longitude up to 60° of latitude.
const CELL_DEG: f64 = 2e-5;
/// Longer edges are cut along their geodesic before they are laid into a plane, metres.
const LONGEST_PLANE_EDGE_M: f64 = 2_000.0;

/// A line with the metres from its beginning to each vertex.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    line: Vec<[f64; 2]>,
    metres: Vec<f64>,
}

impl Chain {
    /// A line as it runs, measured along geodesics.
    pub fn new(line: Vec<[f64; 2]>) -> Self {
        let mut metres = Vec::with_capacity(line.len());
        let mut total = 0.0;
        for (at, &c) in line.iter().enumerate() {
            total += if at == 0 { 0.0 } else { distance_m(line[at - 1], c) };
            metres.push(total);
        }
        Self { line, metres }
    }

    /// A line of which the metres from its beginning to each vertex are known.
    pub fn measured(line: Vec<[f64; 2]>, metres: Vec<f64>) -> Self {
        Self { line, metres }
    }

    /// Its vertices.
    pub fn line(&self) -> &[[f64; 2]] {
        &self.line
    }

    /// Metres from its beginning to each vertex.
    pub fn metres(&self) -> &[f64] {
        &self.metres
    }

    /// Its length.
    pub fn length_m(&self) -> f64 {
        self.metres.last().copied().unwrap_or_default()
    }

    /// The point so many metres from its beginning; its ends, where that lies beyond them.
    pub fn at(&self, metres: f64) -> [f64; 2] {
        let after = self.metres.partition_point(|&m| m < metres);
        match (after.checked_sub(1).map(|before| self.line[before]), self.line.get(after)) {
            (None, Some(&first)) => first,
            (Some(before), Some(&next)) => {
                let along_m = metres - self.metres[after - 1];
                let (_, azimuth_deg, _, _): (f64, f64, f64, f64) =
                    geographiclib_rs::InverseGeodesic::inverse(&*WGS84, before[1], before[0], next[1], next[0]);
                if metres == self.metres[after] { next } else { destination(before, azimuth_deg, along_m) }
            }
            (last, None) => last.unwrap_or([f64::NAN; 2]),
        }
    }

    /// The piece of it between two places.
    pub fn piece(&self, from_m: f64, to_m: f64) -> Vec<[f64; 2]> {
        let inside = self.line.iter().zip(&self.metres).filter(|(_, m)| (from_m..to_m).contains(*m) && **m != from_m);
        let mut piece = vec![self.at(from_m)];
        piece.extend(inside.map(|(c, _)| *c));
        piece.push(self.at(to_m));
        piece
    }
}

fn compare(a: &[f64; 2], b: &[f64; 2]) -> Ordering {
    a[0].total_cmp(&b[0]).then_with(|| a[1].total_cmp(&b[1]))
}

/// Ends of lines, those within a metre of each other taken for one.
#[derive(Default)]
struct Ends {
    places: Vec<[f64; 2]>,
    cells: HashMap<(i64, i64), Vec<usize>>,
}

impl Ends {
    fn number(&mut self, end: [f64; 2]) -> usize {
        let [x, y] = end.map(|c| (c / CELL_DEG).floor() as i64);
        let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        let mut known = near.filter_map(|cell| self.cells.get(&cell)).flatten();
        if let Some(&known) = known.find(|&&known| distance_m(self.places[known], end) <= JOINED_M) {
            return known;
        }
        self.places.push(end);
        self.cells.entry((x, y)).or_default().push(self.places.len() - 1);
        self.places.len() - 1
    }
}

/// Lines joined where exactly two of them end at one place; where three meet, each is a chain of its own. A chain begins at
/// its western end (of two as far west, the southern one), and chains come from west to east. Neither depends on the order or
/// on the direction in which the lines are given.
pub fn chains<'a>(lines: impl IntoIterator<Item = &'a [[f64; 2]]>) -> Vec<Chain> {
    let mut lines: Vec<Vec<[f64; 2]>> = lines.into_iter().filter(|line| line.len() > 1).map(from_west).collect();
    let by_place = |a: &Vec<[f64; 2]>, b: &Vec<[f64; 2]>| {
        a.iter().zip(b).map(|(p, q)| compare(p, q)).find(|order| order.is_ne()).unwrap_or(a.len().cmp(&b.len()))
    };
    lines.sort_by(by_place);
    lines.dedup();
    let mut ends = Ends::default();
    let links: Vec<[usize; 2]> =
        lines.iter().map(|line| [ends.number(line[0]), ends.number(line[line.len() - 1])]).collect();
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); ends.places.len()];
    for (line, link) in links.iter().enumerate() {
        link.iter().for_each(|&end| at[end].push(line));
    }
    let mut used = vec![false; lines.len()];
    let mut chains = Vec::new();
    // First those that begin somewhere; what is left then are rings, which begin with their westernmost line.
    for ring in [false, true] {
        for start in 0..lines.len() {
            for end in links[start] {
                if !used[start] && (ring || at[end].len() != 2) {
                    chains.push(walk(start, end, &lines, &links, &at, &mut used));
                }
            }
        }
    }
    let mut chains: Vec<Chain> = chains.into_iter().map(|line| Chain::new(from_west(&line))).collect();
    chains.sort_by(|a, b| by_place(&a.line, &b.line));
    chains
}

/// A line from its western end.
fn from_west(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut line = line.to_vec();
    if line.first().zip(line.last()).is_some_and(|(first, last)| compare(last, first).is_lt()) {
        line.reverse();
    }
    line
}

/// Follows lines from an end for as long as there is one way to go on.
fn walk(
    start: usize,
    from: usize,
    lines: &[Vec<[f64; 2]>],
    links: &[[usize; 2]],
    at: &[Vec<usize>],
    used: &mut [bool],
) -> Vec<[f64; 2]> {
    let (mut line, mut end, mut chain) = (start, from, Vec::<[f64; 2]>::new());
    loop {
        used[line] = true;
        let forward = links[line][0] == end;
        let next: Box<dyn Iterator<Item = &[f64; 2]>> =
            if forward { Box::new(lines[line].iter()) } else { Box::new(lines[line].iter().rev()) };
        for &c in next {
            if chain.last() != Some(&c) {
                chain.push(c);
            }
        }
        end = if forward { links[line][1] } else { links[line][0] };
        match at[end].iter().find(|&&other| !used[other]) {
            Some(&other) if at[end].len() == 2 => line = other,
            _ => return chain,
        }
    }
}

/// Which share of a line's length lies within `within_m` (≤) of any of `edges`; exact in the line's own plane, so for lines of
/// a few kilometres.
pub fn share_within(line: &[[f64; 2]], edges: &[[[f64; 2]; 2]], within_m: f64) -> f64 {
    share(line, edges, |a, b, track| stretch_within(a, b, track, within_m))
}

/// As `share_within`, of what lies square beside an edge: what only goes on where another ends is not beside it.
pub fn share_beside(line: &[[f64; 2]], edges: &[[[f64; 2]; 2]], within_m: f64) -> f64 {
    share(line, edges, |a, b, [c, d]| in_strip(a, b, c, d, within_m))
}

/// The share of a line's length that `stretch` finds near any of `edges`.
fn share(
    line: &[[f64; 2]],
    edges: &[[[f64; 2]; 2]],
    stretch: impl Fn([f64; 2], [f64; 2], [[f64; 2]; 2]) -> Option<(f64, f64)>,
) -> f64 {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return 0.0 };
    let frame = Frame::at([(first[0] + last[0]) / 2.0, (first[1] + last[1]) / 2.0]);
    let lay = |c: &[f64; 2]| frame.lnglat_to_local(*c);
    let mut tracks: Vec<[[f64; 2]; 2]> = Vec::with_capacity(edges.len());
    for [a, b] in edges {
        let mut from = lay(a);
        if apart(from, lay(b)) > LONGEST_PLANE_EDGE_M {
            for cut in between(*a, *b, LONGEST_PLANE_EDGE_M) {
                tracks.push([from, lay(&cut)]);
                from = lay(&cut);
            }
        }
        tracks.push([from, lay(b)]);
    }
    let (mut total_m, mut near_m) = (0.0, 0.0);
    for edge in line.windows(2) {
        let (a, b) = (lay(&edge[0]), lay(&edge[1]));
        let length_m = apart(a, b);
        let mut stretches: Vec<(f64, f64)> = tracks.iter().filter_map(|track| stretch(a, b, *track)).collect();
        stretches.sort_by(|s, t| s.0.total_cmp(&t.0));
        let mut reached = 0.0;
        for (from, to) in stretches {
            near_m += (to - from.max(reached)).max(0.0) * length_m;
            reached = to.max(reached);
        }
        total_m += length_m;
    }
    if total_m > 0.0 { near_m / total_m } else { 0.0 }
}

/// The stretches of the edge `ab` (of some kilometres at the most), as shares of it, that lie within `within_m` (≤) of any of
/// some shapes, in order and apart; exact in the plane about its middle.
pub fn stretches_near<'a>(a: [f64; 2], b: [f64; 2], shapes: &[Shape<'a>], within_m: f64) -> Vec<(f64, f64)> {
    let frame = Frame::at([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]);
    let (from, to) = (frame.lnglat_to_local(a), frame.lnglat_to_local(b));
    let mut found: Vec<(f64, f64)> = Vec::new();
    for shape in shapes {
        if shape.contains(a) && shape.contains(b) {
            found.push((0.0, 1.0));
            continue;
        }
        for (_, part) in shape.parts() {
            let laid: Vec<[f64; 2]> = part.iter().map(|&c| frame.lnglat_to_local(c)).collect();
            match shape.kind.dimension() {
                Some(0) => found.extend(laid.iter().filter_map(|&p| in_disc(from, to, p, within_m))),
                _ => found.extend(laid.windows(2).filter_map(|e| stretch_within(from, to, [e[0], e[1]], within_m))),
            }
        }
    }
    found.sort_by(|s, t| s.0.total_cmp(&t.0).then(s.1.total_cmp(&t.1)));
    let mut apart: Vec<(f64, f64)> = Vec::with_capacity(found.len());
    for (from, to) in found {
        match apart.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => apart.push((from, to)),
        }
    }
    apart
}

fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// The stretch of the segment `ab`, as shares of it, that lies within `r` of the segment `cd`. What lies so near to a segment
/// is two discs and what lies between them; it is convex, so that there is one stretch at the most.
fn stretch_within(a: [f64; 2], b: [f64; 2], [c, d]: [[f64; 2]; 2], r: f64) -> Option<(f64, f64)> {
    let parts = [in_disc(a, b, c, r), in_disc(a, b, d, r), in_strip(a, b, c, d, r)];
    parts.into_iter().flatten().reduce(|s, t| (s.0.min(t.0), s.1.max(t.1)))
}

fn in_disc(a: [f64; 2], b: [f64; 2], centre: [f64; 2], r: f64) -> Option<(f64, f64)> {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (fx, fy) = (a[0] - centre[0], a[1] - centre[1]);
    let (qa, qb, qc) = (dx * dx + dy * dy, fx * dx + fy * dy, fx * fx + fy * fy - r * r);
    let root = qb * qb - qa * qc;
    if qa == 0.0 || root < 0.0 {
        return None;
    }
    let (from, to) = (((-qb - root.sqrt()) / qa).max(0.0), ((-qb + root.sqrt()) / qa).min(1.0));
    (from <= to).then_some((from, to))
}

/// In the rectangle of half-width `r` along `cd`.
fn in_strip(a: [f64; 2], b: [f64; 2], c: [f64; 2], d: [f64; 2], r: f64) -> Option<(f64, f64)> {
    let length = apart(c, d);
    if length == 0.0 {
        return None;
    }
    let u = [(d[0] - c[0]) / length, (d[1] - c[1]) / length];
    let along = |p: [f64; 2]| (p[0] - c[0]) * u[0] + (p[1] - c[1]) * u[1];
    let across = |p: [f64; 2]| (p[1] - c[1]) * u[0] - (p[0] - c[0]) * u[1];
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (start, end, least, most) in [(along(a), along(b), 0.0, length), (across(a), across(b), -r, r)] {
        let change = end - start;
        if change == 0.0 {
            if start < least || start > most {
                return None;
            }
            continue;
        }
        let (one, other) = ((least - start) / change, (most - start) / change);
        from = from.max(one.min(other));
        to = to.min(one.max(other));
    }
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_touch_end_to_end_are_one_chain_however_they_are_given() {
        let (a, b, c) = ([117.40, 39.6], [117.41, 39.6], [117.42, 39.61]);
        let pieces: [&[[f64; 2]]; 2] = [&[c, b], &[a, b]];
        let there = chains(pieces);
        assert_eq!(there, chains(pieces.into_iter().rev()));
        assert_eq!(there.iter().map(Chain::line).collect::<Vec<_>>(), [[a, b, c]]);
        assert!((there[0].length_m() - distance_m(a, b) - distance_m(b, c)).abs() < 1e-9);
        // A third line at the same place: nobody can say which two go on into each other.
        let fork = chains([&[a, b][..], &[b, c], &[b, [117.41, 39.5]]]);
        assert_eq!(fork.len(), 3);
        // Half a metre apart is a slip of the drawing; five metres are a gap.
        assert_eq!(chains([&[a, b][..], &[[117.410_005, 39.6], c]]).len(), 1);
        assert_eq!(chains([&[a, b][..], &[[117.410_06, 39.6], c]]).len(), 2);
    }

    #[test]
    fn a_ring_is_one_chain_from_its_western_corner() {
        let corners = [[117.40, 39.6], [117.42, 39.6], [117.41, 39.61]];
        let [a, b, c] = corners;
        let ring = chains([&[b, c][..], &[c, a], &[a, b]]);
        assert_eq!(ring.len(), 1);
        assert_eq!((ring[0].line().len(), ring[0].line()[0], ring[0].line()[3]), (4, a, a));
    }

    #[test]
    fn a_place_along_a_chain_is_as_far_from_its_beginning_as_it_says() {
        let chain = Chain::new(vec![[117.40, 39.6], [117.41, 39.6], [117.41, 39.62]]);
        let corner_m = distance_m([117.40, 39.6], [117.41, 39.6]);
        assert_eq!((chain.at(-5.0), chain.at(1e9)), ([117.40, 39.6], [117.41, 39.62]));
        assert!((distance_m([117.40, 39.6], chain.at(100.0)) - 100.0).abs() < 1e-6);
        assert!((distance_m([117.41, 39.6], chain.at(corner_m + 50.0)) - 50.0).abs() < 1e-6);
        let piece = chain.piece(corner_m - 40.0, corner_m + 60.0);
        assert_eq!(piece.len(), 3);
        assert!((Chain::new(piece).length_m() - 100.0).abs() < 1e-6);
        assert_eq!(chain.piece(0.0, corner_m).len(), 2);
    }

    #[test]
    fn a_share_is_what_lies_near_a_track_and_no_part_counts_twice() {
        // A hundred metres due north, and tracks beside it, in metres east and north of its beginning.
        let frame = Frame::at([117.4, 39.6]);
        let to = |x: f64, y: f64| frame.local_to_lnglat([x, y]);
        let line = [to(0.0, 0.0), to(0.0, 100.0)];
        let share = |edges: &[[[f64; 2]; 2]]| share_within(&line, edges, 30.0);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let beside = |x: f64, from: f64, to_: f64| [to(x, from), to(x, to_)];
        assert_eq!(share(&[]), 0.0);
        assert!(near(share(&[beside(10.0, -50.0, 150.0)]), 1.0));
        assert!(near(share(&[beside(31.0, -50.0, 150.0)]), 0.0));
        // Up to 18 m east of it: the track's end reaches 24 m further (18² + 24² = 30²).
        assert!(near(share(&[beside(18.0, -50.0, 20.0)]), 0.44));
        assert!(near(share(&[beside(18.0, -50.0, 20.0), beside(-18.0, -50.0, 10.0)]), 0.44));
        assert!(near(share(&[beside(18.0, -50.0, 20.0), beside(18.0, 80.0, 300.0)]), 0.88));
        // Across it, at right angles: 30 m to either side.
        assert!(near(share(&[[to(-200.0, 50.0), to(200.0, 50.0)]]), 0.6));
        // A point that was stood on.
        assert!(near(share(&[beside(0.0, 50.0, 50.0)]), 0.6));
    }
}
