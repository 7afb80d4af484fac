//! Which water flows into which: along ditches and rivers, by what the ledger says of their direction.
//!
//! A body flows into the one that it names (`flows_to`); a line whose direction is known (`flow`) flows into what lies at its
//! lower end, and what lies at its upper end flows into it. Waters that touch otherwise are connected, and nobody knows which
//! way: that is said, and never guessed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use crate::analysis::water::{JOINED_M, Waters, text};
use crate::geo::ellipsoid::distance_m;
use crate::geo::linear::Chain;
use crate::geo::measure::{Probe, length_m, nearest};
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::table::Value;

/// How water runs between a body and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// From the other into this one.
    In,
    /// From this one into the other.
    Out,
    /// Neither way: their lower ends meet, or their upper ends.
    Neither,
    /// One way or the other.
    Unknown,
}

/// What a body is connected to.
#[derive(Clone, Copy, Debug)]
struct Link {
    other: u32,
    run: Run,
    /// How far above this body's lower end the other joins it, metres.
    above_m: f64,
}

/// The waters of a map, as far as they are connected.
#[derive(Default)]
pub struct Network {
    links: HashMap<u32, Vec<Link>>,
}

/// A body that flows, over others or at once, into the one that was asked for.
pub struct Reached {
    /// The body.
    pub row: u32,
    /// From its lower end on only so much of it lies within the length, metres; None: all of it.
    pub first_m: Option<f64>,
}

/// What is upstream of a body.
pub struct Upstream {
    /// `known`, `partial`, `unknown` or `none`: whether the direction of the water about it is known.
    pub state: &'static str,
    /// The bodies upstream.
    pub reached: Vec<Reached>,
    /// The bodies that it is connected with, whichever way the water runs.
    pub connected: Vec<u32>,
}

/// Metres, in an order.
#[derive(PartialEq)]
struct Metres(f64);

impl Eq for Metres {}

impl PartialOrd for Metres {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Metres {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// A line's ends, the lower one first; None where its direction is not known.
fn ends(waters: &Waters<'_>, flow: Option<usize>, row: u32) -> Option<[[f64; 2]; 2]> {
    let shape = waters.table.shape(row);
    if shape.kind != ShapeKind::Line {
        return None;
    }
    let (first, last) = (*shape.coords().first()?, *shape.coords().last()?);
    match text(waters.table, row, flow) {
        "drawn" => Some([last, first]),
        "against" => Some([first, last]),
        _ => None,
    }
}

/// Whether a point lies at a shape.
fn is_at(place: [f64; 2], shape: Shape<'_>) -> bool {
    let mut point = Geometries::default();
    point.part(true);
    point.coord(place);
    point.end_row(ShapeKind::Point);
    nearest(point.shape(0), shape).is_some_and(|near| near.distance_m <= JOINED_M)
}

/// How far along a line, metres from its first vertex, a place on it is.
fn along_m(line: &[[f64; 2]], place: [f64; 2]) -> f64 {
    let (mut before_m, mut best) = (0.0, (f64::INFINITY, 0.0));
    for edge in line.windows(2) {
        let (length_m, from_m) = (distance_m(edge[0], edge[1]), distance_m(edge[0], place));
        // On the edge the two ways add up to its length.
        let off_m = from_m + distance_m(place, edge[1]) - length_m;
        if off_m < best.0 {
            best = (off_m, before_m + from_m.min(length_m));
        }
        before_m += length_m;
    }
    best.1
}

/// The metres that water runs through a body from end to end: of a line its length; of the polygon of a ditch what is reported,
/// else half its outline; none through a pond.
fn through_m(waters: &Waters<'_>, row: u32) -> f64 {
    let shape = waters.table.shape(row);
    match (waters.runs(row), waters.is_line(row)) {
        (_, true) => length_m(shape),
        (true, _) => match waters.table.row(row).named("reported_length_m") {
            Value::Float(reported_m) if reported_m > 0.0 => reported_m,
            _ => length_m(shape) / 2.0,
        },
        _ => 0.0,
    }
}

impl Network {
    /// Finds what is connected with what.
    pub fn of(waters: &Waters<'_>) -> Self {
        let mut network = Self::default();
        let column = |name: &str| waters.table.column(name);
        let (flow, flows_to) = (column("flow"), column("flows_to"));
        let into = stated(waters, flows_to);
        let running = (0..waters.table.len()).filter(|&row| (waters.stands)(row) && waters.runs(row));
        let mut pairs: BTreeSet<(u32, u32)> = into.iter().map(|(&a, &b)| (a.min(b), a.max(b))).collect();
        for row in running {
            let Some(mut probe) = Probe::new(waters.table.shape(row), JOINED_M) else { continue };
            let search = probe.search;
            waters.table.index().search(&search, |other| {
                if other != row && (waters.stands)(other) && probe.reaches(waters.table.shape(other)) {
                    pairs.insert((row.min(other), row.max(other)));
                }
            });
        }
        for (a, b) in pairs {
            let run = run(waters, flow, &into, a, b);
            let turned = match run {
                Run::In => Run::Out,
                Run::Out => Run::In,
                Run::Neither | Run::Unknown => run,
            };
            for (row, other, run) in [(a, b, run), (b, a, turned)] {
                let above_m = above_m(waters, flow, row, other);
                network.links.entry(row).or_default().push(Link { other, run, above_m });
            }
        }
        network
    }

    /// Whether no water is connected with any other.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// What is upstream of a body, up to so many metres of water.
    pub fn upstream(&self, waters: &Waters<'_>, row: u32, up_to_m: f64) -> Upstream {
        let Some(own) = self.links.get(&row) else {
            return Upstream { state: "none", reached: Vec::new(), connected: Vec::new() };
        };
        let mut unknown = false;
        let reached = self.walk(waters, row, up_to_m, |link| {
            unknown |= link.run == Run::Unknown;
            link.run == Run::In
        });
        let connected = self.walk(waters, row, up_to_m, |_| true);
        let state = match (unknown, own.iter().all(|link| link.run == Run::Unknown)) {
            (false, _) => "known",
            (true, true) => "unknown",
            (true, false) => "partial",
        };
        let reached = reached
            .into_iter()
            .map(|(row, from_m)| {
                let left_m = up_to_m - from_m;
                Reached { row, first_m: (through_m(waters, row) > left_m).then_some(left_m) }
            })
            .collect();
        Upstream { state, reached, connected: connected.into_keys().collect() }
    }

    /// The bodies that are reached over links that are taken, with the metres of water to their near ends.
    fn walk(
        &self,
        waters: &Waters<'_>,
        row: u32,
        up_to_m: f64,
        mut takes: impl FnMut(&Link) -> bool,
    ) -> BTreeMap<u32, f64> {
        let mut nearest_m: BTreeMap<u32, f64> = BTreeMap::new();
        let mut next = BinaryHeap::from([Reverse((Metres(0.0), row))]);
        while let Some(Reverse((Metres(from_m), at))) = next.pop() {
            if at != row && nearest_m.contains_key(&at) || at == row && from_m > 0.0 {
                continue;
            }
            if at != row {
                nearest_m.insert(at, from_m);
            }
            for link in self.links.get(&at).into_iter().flatten().filter(|link| takes(link)) {
                // All of the body that is asked for is where one stands.
                let through_m = match (at == row, link.run) {
                    (true, _) => 0.0,
                    (_, Run::In) => link.above_m,
                    _ => through_m(waters, at),
                };
                if from_m + through_m <= up_to_m {
                    next.push(Reverse((Metres(from_m + through_m), link.other)));
                }
            }
        }
        nearest_m.remove(&row);
        nearest_m
    }
}

/// The bodies that others are said to flow into.
fn stated(waters: &Waters<'_>, flows_to: Option<usize>) -> BTreeMap<u32, u32> {
    let mut into = BTreeMap::new();
    let Some(flows_to) = flows_to else { return into };
    let rows = || (0..waters.table.len()).filter(|&row| (waters.stands)(row));
    let said: Vec<(u32, &str)> =
        rows().map(|row| (row, text(waters.table, row, Some(flows_to)))).filter(|(_, name)| !name.is_empty()).collect();
    if said.is_empty() {
        return into;
    }
    let names = super::judge::by_name(waters);
    for (row, name) in said {
        if let Some(other) = names.get(name).copied().flatten().filter(|&other| other != row) {
            into.insert(row, other);
        }
    }
    into
}

/// How water runs between two bodies, seen from `a`.
fn run(waters: &Waters<'_>, flow: Option<usize>, into: &BTreeMap<u32, u32>, a: u32, b: u32) -> Run {
    match (into.get(&a) == Some(&b), into.get(&b) == Some(&a)) {
        (true, false) => return Run::Out,
        (false, true) => return Run::In,
        // Each is said to flow into the other.
        (true, true) => return Run::Unknown,
        (false, false) => {}
    }
    let at = |row: u32, other: u32| {
        let shape = waters.table.shape(other);
        ends(waters, flow, row).map_or([false; 2], |ends| ends.map(|end| is_at(end, shape)))
    };
    let ([a_low, a_high], [b_low, b_high]) = (at(a, b), at(b, a));
    match (a_low, b_low) {
        (true, false) => Run::Out,
        (false, true) => Run::In,
        (true, true) => Run::Neither,
        (false, false) if a_high && !b_high => Run::In,
        (false, false) if b_high && !a_high => Run::Out,
        (false, false) if a_high && b_high => Run::Neither,
        _ => Run::Unknown,
    }
}

/// How far above its lower end another body joins a body.
fn above_m(waters: &Waters<'_>, flow: Option<usize>, row: u32, other: u32) -> f64 {
    let shape = waters.table.shape(row);
    let whole_m = || through_m(waters, row);
    let Some([low, _]) = ends(waters, flow, row) else { return whole_m() };
    let Some(near) = nearest(shape, waters.table.shape(other)) else { return whole_m() };
    if near.distance_m > JOINED_M {
        return whole_m();
    }
    let from_first_m = along_m(shape.coords(), near.from);
    if shape.coords().first() == Some(&low) { from_first_m } else { (length_m(shape) - from_first_m).max(0.0) }
}

/// The piece of a line within so many metres of its lower end; None where it is not to be cut.
pub fn lower_piece(waters: &Waters<'_>, reached: &Reached) -> Option<Geometries> {
    let first_m = reached.first_m?;
    let [low, _] = ends(waters, waters.table.column("flow"), reached.row)?;
    let chain = Chain::new(waters.table.shape(reached.row).coords().to_vec());
    let length_m = chain.length_m();
    let piece = if chain.line().first() == Some(&low) {
        chain.piece(0.0, first_m)
    } else {
        chain.piece((length_m - first_m).max(0.0), length_m)
    };
    let mut cut = Geometries::default();
    cut.part(true);
    piece.into_iter().for_each(|c| cut.coord(c));
    cut.end_row(ShapeKind::Line);
    Some(cut)
}
