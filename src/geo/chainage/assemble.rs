//! From the pieces in which a road is drawn to lines with numbers on them.

use std::cmp::Ordering;

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::chainage::line_up::{JOINED_M, line_up, reverse};
use crate::geo::chainage::numbering::{Break, Stone, Stretch, calibrated, contradict, number};
use crate::geo::chainage::route::{Basis, FARTHEST_M, Route, measured};
use crate::geo::chainage::station::spell;
use crate::geo::ellipsoid::distance_m;
use crate::geo::linear::{Chain, chains, share_beside};

/// Lines as near to each other as this, side by side, are carriageways of one road, metres.
const CARRIAGEWAY_M: f64 = 60.0;
/// A line is another's second carriageway where it runs beside it for this share of its length.
const ACCOMPANIED: f64 = 0.5;
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
    /// Stones that are known, in the order in which one comes to them, the first at `start`; empty where only that one is.
    pub stones: Vec<Known>,
}

/// A kilometre stone that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// What it says.
    pub at_m: f64,
    /// Where it stands, longitude and latitude.
    pub point: [f64; 2],
}

impl Declared {
    /// A road that is known by two stones or more. None for fewer.
    pub fn by_stones(road: String, stones: Vec<Known>, breaks: Vec<Break>) -> Option<Self> {
        let [first, next, ..] = stones[..] else { return None };
        Some(Self { road, start: first.point, at_m: first.at_m, towards: next.point, breaks, stones })
    }

    /// Its numbers along the line on which it runs.
    fn numbers(&self, line: &Route, total_m: f64, start_m: f64) -> Result<Vec<Stretch>, Fault> {
        if self.stones.is_empty() {
            return number(total_m, start_m, self.at_m, &self.breaks);
        }
        let stone = |known: &Known| match line.locate(known.point, START_M) {
            Some(place) => Ok(Stone { along_m: place.along_m, number: known.at_m }),
            None => Err(astray(known)),
        };
        calibrated(total_m, &self.stones.iter().map(stone).collect::<Result<Vec<_>, _>>()?, &self.breaks)
    }
}

fn astray(stone: &Known) -> Fault {
    Fault::unprocessable("chainage-stone-astray").with("at", spell(stone.at_m, 3)).with("metres", START_M)
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
/// `chainage-start-astray`, `chainage-undirected`, `chainage-break-astray`, `chainage-stone-astray`, `chainage-stones-contradict`: a
/// declaration that does not fit the road.
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
    let (at, start) = nearest.ok_or_else(|| match declared.stones.first() {
        Some(stone) => astray(stone).with("road", &declared.road),
        None => name("chainage-start-astray").with("metres", START_M),
    })?;
    let mut line = lines.remove(at);
    let mut start_m = start.along_m;
    let towards = |line: &[Chain]| plain(line).locate(declared.towards, FARTHEST_M).map(|place| place.along_m);
    let undirected = || match declared.stones[..] {
        [first, next, ..] => contradict(first.at_m, next.at_m, 0.0).with("road", &declared.road),
        _ => name("chainage-undirected"),
    };
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
    let measured = Route::new(Basis::Declared, legs.clone(), Vec::new());
    let stretches = declared.numbers(&measured, total_m, start_m).map_err(|f| f.with("road", &declared.road))?;
    let mut routes = vec![Route::new(Basis::Declared, legs, stretches)];
    let mut rest: Vec<Chain> = lines.into_iter().flatten().collect();
    rest.sort_by(order);
    routes.extend(rest.into_iter().map(assumed));
    Ok(routes)
}
