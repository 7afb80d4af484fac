//! From the pieces in which a road is drawn to lines with numbers on them.

use std::cmp::Ordering;

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::chainage::numbering::{Break, Stretch, number};
use crate::geo::chainage::route::{Basis, FARTHEST_M, Route, measured};
use crate::geo::ellipsoid::{azimuth_deg, distance_m};
use crate::geo::linear::{Chain, chains, share_beside};

/// Lines as near to each other as this, side by side, are carriageways of one road, metres.
const CARRIAGEWAY_M: f64 = 60.0;
/// A line is another's second carriageway where it runs beside it for this share of its length.
const ACCOMPANIED: f64 = 0.5;
/// Ends no farther apart than this are the same end, metres.
const JOINED_M: f64 = 1.0;
/// Where more than two lines meet, one goes on into another where it turns by this at the most, degrees.
const STRAIGHT_DEG: f64 = 60.0;
/// Gaps up to this are bridged by a road that is declared, metres.
const BRIDGED_M: f64 = 5_000.0;
/// The start of a declaration lies as near to its road as this, metres.
const START_M: f64 = 200.0;

/// What a map says of the chainage of a road.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Its number or name.
    pub road: String,
    /// A place at it, longitude and latitude.
    pub start: [f64; 2],
    /// What the stones say there.
    pub at_m: f64,
    /// A place at it towards which the numbers grow.
    pub towards: [f64; 2],
    /// Where the numbers jump, in the order in which one comes to them.
    pub breaks: Vec<Break>,
}

/// A piece of a road as a layer has it.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Its line.
    pub line: &'a [[f64; 2]],
    /// The chainage of its first and of its last vertex, where the layer says so.
    pub numbers: Option<[f64; 2]>,
    /// Whether the layer says that it is the carriageway against the numbers (下行).
    pub downward: bool,
}

/// What a road's pieces come to.
pub struct Lines {
    /// Its lines with their numbers; usually one.
    pub routes: Vec<Route>,
    /// Its other carriageways.
    pub others: Vec<Chain>,
}

fn order(a: &Chain, b: &Chain) -> Ordering {
    let by_place = |(p, q): (&[f64; 2], &[f64; 2])| p[0].total_cmp(&q[0]).then(p[1].total_cmp(&q[1]));
    let first = a.line().iter().zip(b.line()).map(by_place).find(|order| order.is_ne());
    first.unwrap_or(a.line().len().cmp(&b.line().len()))
}

/// The lines of a road. Neither the order nor the direction of its pieces matters.
///
/// # Errors
/// `chainage-start-astray`, `chainage-undirected`, `chainage-break-astray`: a declaration that does not fit the road.
pub fn assemble(pieces: &[Piece<'_>], declared: Option<&Declared>) -> Result<Lines, Fault> {
    let pieces: Vec<Piece<'_>> = pieces.iter().filter(|piece| piece.line.len() > 1).copied().collect();
    if declared.is_none() && !pieces.is_empty() {
        let numbered: Option<Vec<(Chain, [f64; 2])>> = pieces.iter().map(upward).collect();
        if let Some(numbered) = numbered {
            return Ok(recorded(numbered, &pieces));
        }
    }
    // The longest first, what the layer calls 下行 last: what runs beside one that is kept is its other carriageway.
    let up = chains(pieces.iter().filter(|piece| !piece.downward).map(|piece| piece.line));
    let down = chains(pieces.iter().filter(|piece| piece.downward).map(|piece| piece.line));
    let longest_first = |mut chains: Vec<Chain>| {
        chains.sort_by(|a, b| b.length_m().total_cmp(&a.length_m()).then_with(|| order(a, b)));
        chains
    };
    let (mut kept, mut others): (Vec<Chain>, Vec<Chain>) = (Vec::new(), Vec::new());
    for chain in longest_first(up).into_iter().chain(longest_first(down)) {
        if accompanied(&chain, &kept) { others.push(chain) } else { kept.push(chain) }
    }
    // Without the other carriageway what it met goes on.
    let kept = chains(kept.iter().map(Chain::line));
    others.sort_by(order);
    let routes = match declared {
        Some(declared) => along(kept, declared)?,
        None => kept.into_iter().map(assumed).collect(),
    };
    Ok(Lines { routes, others })
}

/// Whether a line runs beside others for most of its length.
fn accompanied(chain: &Chain, others: &[Chain]) -> bool {
    let boxed = |line: &[[f64; 2]]| line.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one));
    let Some(around) = boxed(chain.line()).map(|bbox| bbox.padded(CARRIAGEWAY_M + 1.0)) else { return false };
    let near = |edge: &&[[f64; 2]]| {
        let [a, b] = [edge[0], edge[1]];
        a[0].min(b[0]) <= around.east
            && a[0].max(b[0]) >= around.west
            && a[1].min(b[1]) <= around.north
            && a[1].max(b[1]) >= around.south
    };
    let edges = others.iter().flat_map(|other| other.line().windows(2)).filter(near);
    let edges: Vec<[[f64; 2]; 2]> = edges.map(|edge| [edge[0], edge[1]]).collect();
    !edges.is_empty() && share_beside(chain.line(), &edges, CARRIAGEWAY_M) >= ACCOMPANIED
}

/// A line of which nobody says anything: nought stands at its beginning.
fn assumed(chain: Chain) -> Route {
    let to_m = chain.length_m();
    Route::new(Basis::Assumed, vec![(0.0, chain)], vec![Stretch { from_m: 0.0, to_m, first: 0.0, last: to_m }])
}

/// A piece of which the layer says the chainage of both ends, in the direction in which it grows.
fn upward(piece: &Piece<'_>) -> Option<(Chain, [f64; 2])> {
    let [first, last] = piece.numbers.filter(|[first, last]| first != last)?;
    let mut line = piece.line.to_vec();
    if last < first {
        line.reverse();
    }
    Some((Chain::new(line), [first.min(last), first.max(last)]))
}

/// A road of which the layer says the chainage of all pieces: they follow each other by it, and where they do not touch it jumps.
fn recorded(mut numbered: Vec<(Chain, [f64; 2])>, pieces: &[Piece<'_>]) -> Lines {
    let mut down: Vec<(Chain, [f64; 2], bool)> =
        numbered.drain(..).zip(pieces).map(|((chain, numbers), piece)| (chain, numbers, piece.downward)).collect();
    down.sort_by(|(a, [from, to], x), (b, [first, last], y)| {
        x.cmp(y).then(from.total_cmp(first)).then(last.total_cmp(to)).then_with(|| order(a, b))
    });
    let (mut kept, mut others): (Vec<(Chain, [f64; 2])>, Vec<Chain>) = (Vec::new(), Vec::new());
    for (chain, [from, to], _) in down {
        let overlaps: Vec<Chain> = kept
            .iter()
            .filter(|(_, [first, last])| from.max(*first) + JOINED_M < to.min(*last))
            .map(|(chain, _)| chain.clone())
            .collect();
        if accompanied(&chain, &overlaps) { others.push(chain) } else { kept.push((chain, [from, to])) }
    }
    kept.sort_by(|(a, [from, _]), (b, [first, _])| from.total_cmp(first).then_with(|| order(a, b)));
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut legs: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut along_m = 0.0;
    for (chain, [first, last]) in kept {
        let end = legs.last().and_then(|leg| leg.last().copied());
        let gap_m = end.map_or(0.0, |end| distance_m(end, chain.line()[0]));
        let before = stretches.last().copied();
        if let Some(before) = before.filter(|_| gap_m > 0.0) {
            // What is not drawn has the numbers between, where there are any.
            let (from_m, to_m) = (along_m, along_m + gap_m);
            let first = first.max(before.last);
            if gap_m <= JOINED_M {
                // A slip of the drawing belongs to the piece before it.
                if let Some(own) = stretches.last_mut() {
                    own.to_m = to_m;
                }
            } else {
                stretches.push(Stretch { from_m, to_m, first: before.last, last: first });
            }
        }
        along_m += gap_m;
        let length_m = chain.length_m();
        stretches.push(Stretch { from_m: along_m, to_m: along_m + length_m, first, last });
        along_m += length_m;
        match legs.last_mut().filter(|_| gap_m <= JOINED_M) {
            Some(leg) => leg.extend(chain.line().iter().skip(usize::from(gap_m == 0.0))),
            None => legs.push(chain.line().to_vec()),
        }
    }
    others.sort_by(order);
    let legs = measured(legs.into_iter().map(Chain::new).collect());
    Lines { routes: vec![Route::new(Basis::Recorded, legs, stretches)], others }
}

/// A road that is declared: the line on which its start lies, with its numbers; then what else bears its name.
fn along(kept: Vec<Chain>, declared: &Declared) -> Result<Vec<Route>, Fault> {
    let name = |code| Fault::unprocessable(code).with("road", &declared.road);
    let mut lines: Vec<Vec<Chain>> = line_up(kept);
    let plain = |line: &[Chain]| Route::new(Basis::Declared, measured(line.to_vec()), Vec::new());
    let from_start = |line: &Vec<Chain>| plain(line).locate(declared.start, START_M);
    let found = lines.iter().enumerate().filter_map(|(at, line)| from_start(line).map(|place| (at, place)));
    let nearest = found.min_by(|a, b| a.1.offset_m.total_cmp(&b.1.offset_m));
    let (at, start) = nearest.ok_or_else(|| name("chainage-start-astray").with("metres", START_M))?;
    let mut line = lines.remove(at);
    let mut start_m = start.along_m;
    let towards = |line: &[Chain]| plain(line).locate(declared.towards, FARTHEST_M).map(|place| place.along_m);
    let undirected = || name("chainage-undirected");
    if let [ring] = &line[..]
        && ring.line().first() == ring.line().last()
    {
        // A ring begins at its start, and runs the way on which one comes sooner to the other place.
        let (length_m, mut turned) = (ring.length_m(), ring.piece(start_m, ring.length_m()));
        turned.extend(ring.piece(0.0, start_m).into_iter().skip(1));
        turned.dedup();
        line = vec![Chain::new(turned)];
        let there_m = towards(&line).ok_or_else(undirected)?;
        let half_m = (there_m - length_m / 2.0).abs();
        if half_m < JOINED_M || half_m > length_m / 2.0 - JOINED_M {
            return Err(undirected());
        }
        if there_m > length_m / 2.0 {
            reverse(&mut line);
        }
        start_m = 0.0;
    } else {
        let ahead_m = towards(&line).ok_or_else(undirected)? - start_m;
        if ahead_m.abs() < JOINED_M {
            return Err(undirected());
        }
        if ahead_m < 0.0 {
            reverse(&mut line);
            start_m = from_start(&line).ok_or_else(undirected)?.along_m;
        }
    }
    let legs = measured(line);
    let total_m = legs.last().map_or(0.0, |(from_m, chain)| from_m + chain.length_m());
    let stretches =
        number(total_m, start_m, declared.at_m, &declared.breaks).map_err(|f| f.with("road", &declared.road))?;
    let mut routes = vec![Route::new(Basis::Declared, legs, stretches)];
    let mut rest: Vec<Chain> = lines.into_iter().flatten().collect();
    rest.sort_by(order);
    routes.extend(rest.into_iter().map(assumed));
    Ok(routes)
}

fn reverse(line: &mut [Chain]) {
    line.reverse();
    for chain in line {
        *chain = Chain::new(chain.line().iter().rev().copied().collect());
    }
}

/// An end of a chain: which chain, and whether it is its last vertex.
type End = (usize, bool);

/// Chains into lines: where more than two meet, the straightest way goes on; then the nearest of the ends that touch nothing are
/// joined over their gap.
fn line_up(chains: Vec<Chain>) -> Vec<Vec<Chain>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::chainage::Side;
    use crate::geo::ellipsoid::destination;

    const WEST: [f64; 2] = [117.40, 39.60];

    /// So many metres along a road due east, and beside it to the north.
    fn at(along_m: f64, north_m: f64) -> [f64; 2] {
        let on = destination(WEST, 90.0, along_m);
        if north_m == 0.0 { on } else { destination(on, 0.0, north_m) }
    }

    fn piece(line: &[[f64; 2]]) -> Piece<'_> {
        Piece { line, numbers: None, downward: false }
    }

    fn declared(start: [f64; 2], at_m: f64, towards: [f64; 2], breaks: &[[f64; 2]]) -> Declared {
        let breaks = breaks.iter().map(|&[at_m, continues_m]| Break { at_m, continues_m }).collect();
        Declared { road: "G112".to_owned(), start, at_m, towards, breaks }
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 2e-3
    }

    /// Three pieces in mixed directions and any order.
    fn in_three() -> [Vec<[f64; 2]>; 3] {
        [
            vec![at(600.0, 0.0), at(300.0, 0.0)],
            vec![at(0.0, 0.0), at(300.0, 0.0)],
            vec![at(600.0, 0.0), at(1_000.0, 0.0)],
        ]
    }

    #[test]
    fn three_pieces_in_mixed_directions_are_one_road_with_the_declared_numbers() {
        let lines = in_three();
        // From K8+000 in the east towards the west, known by a stone in its midst.
        let from_east = declared(at(500.0, 3.0), 8_500.0, at(0.0, 0.0), &[]);
        for order in [[0, 1, 2], [2, 0, 1]] {
            let pieces = order.map(|k: usize| piece(&lines[k]));
            let found = assemble(&pieces, Some(&from_east)).unwrap();
            assert_eq!((found.routes.len(), found.routes[0].basis), (1, Basis::Declared));
            let route = &found.routes[0];
            let north = route.locate(at(700.0, 12.0), 100.0).unwrap();
            assert!(near(north.number, 8_300.0) && near(north.offset_m, 12.0), "{north:?}");
            // Going west, north is right.
            assert_eq!(north.side, Side::Right);
            assert!(distance_m(route.places(8_300.0)[0].foot, at(700.0, 0.0)) < 2e-3);
        }
        // Nobody says: nought stands in the west.
        let found = assemble(&lines.each_ref().map(|line| piece(line)), None).unwrap();
        let place = found.routes[0].locate(at(700.0, 12.0), 100.0).unwrap();
        assert!(near(place.number, 700.0) && place.side == Side::Left && found.routes[0].basis == Basis::Assumed);
    }

    #[test]
    fn a_point_on_the_axis_on_a_border_and_beyond_the_ends() {
        let line = [at(0.0, 0.0), at(500.0, 0.0), at(1_000.0, 0.0)];
        let found = assemble(&[piece(&line)], None).unwrap();
        let locate = |p: [f64; 2]| found.routes[0].locate(p, 1_000.0).unwrap();
        let on = locate(at(400.0, 0.0));
        assert!(near(on.number, 400.0) && on.offset_m < 1e-3 && on.side == Side::Axis && !on.beyond);
        let corner = locate(at(500.0, -7.0));
        assert!(near(corner.number, 500.0) && near(corner.offset_m, 7.0) && corner.side == Side::Right);
        let past = locate(at(1_030.0, 40.0));
        assert!(near(past.number, 1_000.0) && past.beyond && past.side == Side::Left);
        assert!((past.offset_m - 50.0).abs() < 0.01);
        let ahead = locate(at(-25.0, 0.0));
        assert!(ahead.number == 0.0 && ahead.beyond && near(ahead.offset_m, 25.0));
        assert!(found.routes[0].locate(at(500.0, 1_000.5), 1_000.0).is_none());
    }

    #[test]
    fn numbers_that_a_short_chain_leaves_out_stand_nowhere_and_those_of_a_long_one_twice() {
        let line = [at(0.0, 0.0), at(2_000.0, 0.0)];
        let short = declared(at(0.0, 0.0), 12_000.0, at(2_000.0, 0.0), &[[12_300.0, 12_345.0]]);
        let route = &assemble(&[piece(&line)], Some(&short)).unwrap().routes[0];
        assert_eq!(route.places(12_320.0).len(), 0);
        // Both names of the break are the same place; coming from a place it is called by what follows.
        let [before, after] = [12_300.0, 12_345.0].map(|n| route.places(n)[0]);
        assert!(near(before.along_m, 300.0) && near(after.along_m, 300.0));
        assert_eq!(route.number_at(before.along_m), 12_345.0);
        assert!(near(route.locate(at(400.0, 5.0), 50.0).unwrap().number, 12_445.0));
        let sections = route.sections(100.0);
        let borders: Vec<[f64; 2]> = sections[2..5].iter().map(|s| [s.first, s.last]).collect();
        assert!(
            borders
                .iter()
                .flatten()
                .zip([12_200.0, 12_300.0, 12_345.0, 12_400.0, 12_400.0, 12_500.0])
                .all(|(a, b)| near(*a, b))
        );
        assert!(near(sections[3].to_m - sections[3].from_m, 55.0));

        let long = declared(at(0.0, 0.0), 12_000.0, at(2_000.0, 0.0), &[[12_300.0, 12_255.0]]);
        let route = &assemble(&[piece(&line)], Some(&long)).unwrap().routes[0];
        let twice: Vec<f64> = route.places(12_280.0).iter().map(|place| place.along_m).collect();
        assert!(twice.len() == 2 && near(twice[0], 280.0) && near(twice[1], 325.0), "{twice:?}");
        assert_eq!([12_254.0, 12_255.0, 12_300.0, 12_301.0].map(|n| route.places(n).len()), [1, 2, 2, 1]);
        let lengths: f64 = route.sections(100.0).iter().map(|s| s.to_m - s.from_m).sum();
        assert!(near(lengths, 2_000.0));
    }

    #[test]
    fn carriageways_drawn_apart_are_one_road_between_its_single_ends() {
        // One line, then two 30 m apart, then one again.
        let west = [at(0.0, 0.0), at(300.0, 0.0)];
        let south = [at(300.0, 0.0), at(340.0, -15.0), at(960.0, -15.0), at(1_000.0, 0.0)];
        let north = [at(1_000.0, 0.0), at(960.0, 15.0), at(340.0, 15.0), at(300.0, 0.0)];
        let east = [at(1_000.0, 0.0), at(1_400.0, 0.0)];
        let all = |down: bool| [piece(&west), piece(&south), Piece { downward: down, ..piece(&north) }, piece(&east)];
        for pieces in [all(false), all(true)] {
            let found = assemble(&pieces, Some(&declared(west[0], 0.0, east[1], &[]))).unwrap();
            assert_eq!((found.routes.len(), found.others.len()), (1, 1));
            let route = &found.routes[0];
            assert!((route.length_m() - 1_405.4).abs() < 0.2, "{}", route.length_m());
            assert_eq!(route.locate(at(700.0, 30.0), 100.0).unwrap().side, Side::Left);
            assert_eq!(route.locate(at(700.0, -30.0), 100.0).unwrap().side, Side::Right);
        }
        // What the layer calls 下行 is not the one that is measured.
        let found = assemble(&all(true), None).unwrap();
        assert!(near(distance_m(found.others[0].line()[1], at(340.0, 15.0)), 0.0));
    }

    #[test]
    fn a_ring_road_begins_where_it_is_declared_and_runs_the_declared_way() {
        let ring = [at(0.0, 0.0), at(1_000.0, 0.0), at(1_000.0, 1_000.0), at(0.0, 1_000.0), at(0.0, 0.0)];
        let found = assemble(&[piece(&ring)], None).unwrap();
        assert!(near(found.routes[0].locate(at(500.0, -10.0), 50.0).unwrap().number, 500.0));
        for (towards, north_side, sign) in [(at(1_000.0, 0.0), Side::Right, 1.0), (at(0.0, 0.0), Side::Left, -1.0)] {
            let route =
                &assemble(&[piece(&ring)], Some(&declared(at(500.0, 0.0), 1_000.0, towards, &[]))).unwrap().routes[0];
            let quarter = route.locate(at(500.0 + sign * 200.0, -10.0), 50.0).unwrap();
            assert!(near(quarter.number, 1_200.0), "{quarter:?}");
            // South of the southern edge: right of those who go east.
            assert_eq!(quarter.side, north_side);
            // Its beginning is its end; the first along counts.
            let start = route.locate(at(500.0, 0.0), 50.0).unwrap();
            assert!(near(start.along_m, 0.0) && !start.beyond);
            assert!(!route.locate(at(500.0, -10.0), 50.0).unwrap().beyond);
        }
        let opposite = declared(at(500.0, 0.0), 0.0, at(500.0, 1_000.0), &[]);
        let _ = assemble(&[piece(&ring)], Some(&opposite))
            .map(|_| ())
            .map_err(|fault| assert_eq!(fault.code(), "chainage-undirected"));
    }

    #[test]
    fn a_gap_counts_by_its_length_and_nothing_stands_in_it() {
        let (one, two) = ([at(0.0, 0.0), at(400.0, 0.0)], [at(1_000.0, 0.0), at(600.0, 0.0)]);
        let pieces = [piece(&one), piece(&two)];
        let found = assemble(&pieces, Some(&declared(at(0.0, 0.0), 0.0, at(1_000.0, 0.0), &[]))).unwrap();
        let route = &found.routes[0];
        assert!(near(route.locate(at(700.0, 9.0), 50.0).unwrap().number, 700.0));
        assert!(route.places(500.0).is_empty() && route.places(400.0).len() == 1);
        let ends: Vec<[f64; 2]> = route.sections(300.0).iter().map(|s| [s.first, s.last]).collect();
        assert!(
            ends.iter()
                .flatten()
                .zip([0.0, 300.0, 300.0, 400.0, 600.0, 900.0, 900.0, 1_000.0])
                .all(|(a, b)| near(*a, b))
        );
        // Nobody says: two lines, each from its own western end.
        assert_eq!(assemble(&pieces, None).unwrap().routes.len(), 2);
    }

    #[test]
    fn a_register_numbers_its_pieces_and_jumps_where_they_do_not_agree() {
        // The second was measured 4 m longer than its numbers say, and is drawn backwards; the third begins 100 m further on.
        let (one, two, three) =
            ([at(0.0, 0.0), at(400.0, 0.0)], [at(804.0, 0.0), at(400.0, 0.0)], [at(804.0, 0.0), at(1_000.0, 0.0)]);
        let numbered = |line, numbers| Piece { numbers: Some(numbers), ..piece(line) };
        let pieces = [
            numbered(&three[..], [8_900.0, 9_096.0]),
            numbered(&two[..], [8_800.0, 8_400.0]),
            numbered(&one[..], [8_000.0, 8_400.0]),
        ];
        let found = assemble(&pieces, None).unwrap();
        let route = &found.routes[0];
        assert_eq!((found.routes.len(), route.basis, route.stretches().len()), (1, Basis::Recorded, 3));
        assert!(near(route.locate(at(602.0, 9.0), 50.0).unwrap().number, 8_600.0));
        assert!(route.places(8_850.0).is_empty());
        assert!(near(route.places(9_000.0)[0].along_m, 904.0));
        // One piece of which nothing is said, and none is numbered so.
        assert_eq!(assemble(&[pieces[0], piece(&one)], None).unwrap().routes[0].basis, Basis::Assumed);
    }

    #[test]
    fn a_declaration_that_does_not_fit_its_road_is_refused_in_words() {
        let line = [at(0.0, 0.0), at(1_000.0, 0.0)];
        let code = |declared: Declared| assemble(&[piece(&line)], Some(&declared)).err().unwrap().code();
        assert_eq!(code(declared(at(0.0, 900.0), 0.0, at(1_000.0, 0.0), &[])), "chainage-start-astray");
        assert_eq!(code(declared(at(0.0, 0.0), 0.0, at(-50.0, 0.0), &[])), "chainage-undirected");
        assert_eq!(code(declared(at(0.0, 0.0), 150.0, at(500.0, 0.0), &[[100.0, 200.0]])), "chainage-break-astray");
    }
}
