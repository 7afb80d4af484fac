//! Chains put into the lines of a road: which goes on into which.

use crate::geo::ellipsoid::{azimuth_deg, distance_m};
use crate::geo::linear::Chain;

/// Ends no farther apart than this are the same end, metres.
pub const JOINED_M: f64 = 1.0;
/// Where more than two lines meet, one goes on into another where it turns by this at the most, degrees.
const STRAIGHT_DEG: f64 = 60.0;
/// Gaps up to this are bridged by a road that is declared, metres.
const BRIDGED_M: f64 = 5_000.0;

/// An end of a chain: which chain, and whether it is its last vertex.
type End = (usize, bool);

/// Chains into lines: where more than two meet, the straightest way goes on; then the nearest of the ends that touch nothing are
/// joined over their gap.
pub fn line_up(chains: Vec<Chain>) -> Vec<Vec<Chain>> {
    let coordinate = |(at, last): End| {
        let line = chains[at].line();
        if last { line[line.len() - 1] } else { line[0] }
    };
    // The way in which a chain leaves its end.
    let leaving = |(at, last): End| {
        let line = chains[at].line();
        let count = line.len();
        if last { azimuth_deg(line[count - 1], line[count - 2]) } else { azimuth_deg(line[0], line[1]) }
    };
    let ring = |at: usize| chains[at].line().first() == chains[at].line().last();
    let ends: Vec<End> = (0..chains.len()).filter(|&at| !ring(at)).flat_map(|at| [(at, false), (at, true)]).collect();
    let mut pairs: Vec<(f64, End, End)> = Vec::new();
    let mut gaps: Vec<(f64, End, End)> = Vec::new();
    let mut touching = vec![[false; 2]; chains.len()];
    for (k, &a) in ends.iter().enumerate() {
        for &b in &ends[k + 1..] {
            let apart_m = distance_m(coordinate(a), coordinate(b));
            if apart_m <= JOINED_M {
                touching[a.0][usize::from(a.1)] = true;
                touching[b.0][usize::from(b.1)] = true;
                let turn_deg = ((leaving(a) - leaving(b)).rem_euclid(360.0) - 180.0).abs();
                if a.0 != b.0 && turn_deg <= STRAIGHT_DEG {
                    pairs.push((turn_deg, a, b));
                }
            } else if a.0 != b.0 && apart_m <= BRIDGED_M {
                gaps.push((apart_m, a, b));
            }
        }
    }
    let mut next: Vec<[Option<End>; 2]> = vec![[None; 2]; chains.len()];
    let mut group: Vec<usize> = (0..chains.len()).collect();
    let mut join = |next: &mut Vec<[Option<End>; 2]>, a: End, b: End| {
        let free = next[a.0][usize::from(a.1)].is_none() && next[b.0][usize::from(b.1)].is_none();
        if free && group[a.0] != group[b.0] {
            let (old, new) = (group[a.0], group[b.0]);
            group.iter_mut().filter(|g| **g == old).for_each(|g| *g = new);
            next[a.0][usize::from(a.1)] = Some(b);
            next[b.0][usize::from(b.1)] = Some(a);
        }
    };
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    pairs.into_iter().for_each(|(_, a, b)| join(&mut next, a, b));
    // What branches off is a line of its own; nothing beyond its far end belongs to the road.
    let branch: Vec<bool> =
        (0..chains.len()).map(|at| (0..2).any(|end| touching[at][end] && next[at][end].is_none())).collect();
    gaps.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    gaps.into_iter().filter(|(_, a, b)| !branch[a.0] && !branch[b.0]).for_each(|(_, a, b)| join(&mut next, a, b));
    let mut used = vec![false; chains.len()];
    let mut lines = Vec::new();
    for start in 0..chains.len() {
        let Some(out) = (0..2).find(|&end| next[start][end].is_none()).filter(|_| !used[start]) else { continue };
        let (mut at, mut from) = (start, out);
        let mut line = Vec::new();
        loop {
            used[at] = true;
            let own = chains[at].line();
            // Entered by its last vertex, it is walked backwards.
            line.push(if from == 1 { Chain::new(own.iter().rev().copied().collect()) } else { chains[at].clone() });
            match next[at][1 - from] {
                Some((other, last)) => (at, from) = (other, usize::from(last)),
                None => break,
            }
        }
        lines.push(touching_as_one(line));
    }
    lines
}

/// Chains that follow each other, those that touch as one.
fn touching_as_one(line: Vec<Chain>) -> Vec<Chain> {
    let mut joined: Vec<Vec<[f64; 2]>> = Vec::new();
    for chain in line {
        let first = chain.line()[0];
        match joined.last_mut().filter(|own| own.last().is_some_and(|end| distance_m(*end, first) <= JOINED_M)) {
            Some(own) => {
                let same = usize::from(own.last() == Some(&first));
                own.extend(chain.line().iter().skip(same));
            }
            None => joined.push(chain.line().to_vec()),
        }
    }
    joined.into_iter().map(Chain::new).collect()
}

/// Turns a line around.
pub fn reverse(line: &mut [Chain]) {
    line.reverse();
    for chain in line {
        *chain = Chain::new(chain.line().iter().rev().copied().collect());
    }
}
