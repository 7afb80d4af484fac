//! Shortest ways.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::network::hierarchy::{Ends, Hierarchy};
use crate::network::{Arc, Edge, Network, Snap};
use crate::stop;

/// A hierarchy is worth its while from so many searches on that are not confined to a neighbourhood.
const MANY: usize = 500;
const FAR_M: f64 = 20_000.0;

/// Which way is counted, where there are one-way roads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// From the sources.
    From,
    /// To the sources.
    To,
}

impl Heading {
    /// Whether a search may leave an edge's beginning along it, and its end.
    pub(super) fn open(self, edge: &Edge) -> [bool; 2] {
        match self {
            Self::From => edge.open,
            Self::To => [edge.open[1], edge.open[0]],
        }
    }
}

/// The nearest source of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// Metres, both places' ways to their roads counted.
    pub metres: f64,
    /// The source, by its place among those that were given. Of sources that are as near, the first.
    pub source: u32,
}

impl Nearest {
    pub(super) fn before(&self, other: &Self) -> bool {
        (self.metres, self.source) < (other.metres, other.source)
    }

    pub(super) fn on(self, metres: f64) -> Self {
        Self { metres: self.metres + metres, ..self }
    }
}

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Metres, both places' ways to their roads counted.
    pub metres: f64,
    /// The edges in the order in which they are gone along, each from one of its places to another, in metres along it.
    pub edges: Vec<(u32, f64, f64)>,
}

pub(super) const NOBODY: Nearest = Nearest { metres: f64::INFINITY, source: u32::MAX };

/// A source on an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    pub edge: u32,
    pub along_m: f64,
    pub near: Nearest,
}

/// How far everything is from the nearest of some sources, up to a limit.
pub struct Reach<'n> {
    pub(super) network: &'n Network,
    pub(super) heading: Heading,
    pub(super) limit_m: f64,
    pub(super) nodes: Vec<Nearest>,
    /// By edge, and along it.
    pub(super) seeds: Vec<Seed>,
}

/// Places by the edges they lie on, to be found by a search.
pub struct Targets<'t> {
    places: &'t [Snap],
    /// Edges with places, sorted, each with a place.
    by_edge: Vec<(u32, u32)>,
}

impl<'t> Targets<'t> {
    /// Sorts places by their edges.
    pub fn new(places: &'t [Snap]) -> Self {
        let mut by_edge: Vec<(u32, u32)> = places.iter().enumerate().map(|(n, snap)| (snap.edge, n as u32)).collect();
        by_edge.sort_unstable();
        Self { places, by_edge }
    }

    fn on(&self, edge: u32) -> &[(u32, u32)] {
        let from = self.by_edge.partition_point(|(e, _)| *e < edge);
        let to = self.by_edge[from..].partition_point(|(e, _)| *e == edge);
        &self.by_edge[from..from + to]
    }
}

/// Distances of nodes from one source, and what has to be forgotten before the next.
struct Search<'n> {
    network: &'n Network,
    metres: Vec<f64>,
    /// The arc by which a node was reached.
    by: Vec<u32>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
}

/// Metres from nought up sort as their bits do.
fn rank(metres: f64, node: u32) -> Reverse<(u64, u32)> {
    Reverse((metres.to_bits(), node))
}

/// Metres from a place on an edge to its beginning and its end, each where a search may go there.
fn ends(edge: &Edge, along_m: f64, heading: Heading) -> [(u32, Option<f64>); 2] {
    let [to_end, to_start] = heading.open(edge);
    let back_m = (to_start || along_m <= 0.0).then_some(along_m.max(0.0));
    let on_m = (to_end || along_m >= edge.length_m).then_some((edge.length_m - along_m).max(0.0));
    [(edge.start, back_m), (edge.end, on_m)]
}

/// Metres between two places of one edge, where a search may go from the first to the second along it.
fn along(edge: &Edge, from_m: f64, to_m: f64, heading: Heading) -> Option<f64> {
    let [forward, back] = heading.open(edge);
    let may = if to_m > from_m { forward } else { back || to_m == from_m };
    may.then_some((to_m - from_m).abs())
}

impl<'n> Search<'n> {
    fn new(network: &'n Network) -> Self {
        let count = network.nodes.len();
        let (metres, by) = (vec![f64::INFINITY; count], vec![u32::MAX; count]);
        Self { network, metres, by, touched: Vec::new(), heap: BinaryHeap::new() }
    }

    fn clear(&mut self) {
        self.touched.drain(..).for_each(|node| self.metres[node as usize] = f64::INFINITY);
        self.heap.clear();
    }

    fn touch(&mut self, node: u32, metres: f64, by: u32) {
        let known = &mut self.metres[node as usize];
        if metres < *known {
            if known.is_infinite() {
                self.touched.push(node);
            }
            *known = metres;
            self.by[node as usize] = by;
            self.heap.push(rank(metres, node));
        }
    }

    fn start(&mut self, from: &Snap, heading: Heading, limit_m: f64) {
        let edge = &self.network.edges[from.edge as usize];
        for (node, metres) in ends(edge, from.along_m, heading) {
            if let Some(metres) = metres.map(|m| from.offset_m + m).filter(|m| *m <= limit_m) {
                self.touch(node, metres, u32::MAX);
            }
        }
    }

    /// The next node that is settled, with its distance.
    fn step(&mut self, heading: Heading, limit_m: f64) -> Option<(u32, f64)> {
        while let Some(Reverse((bits, node))) = self.heap.pop() {
            let metres = f64::from_bits(bits);
            if metres > self.metres[node as usize] {
                continue;
            }
            let first = self.network.ways[node as usize];
            for (k, arc) in self.network.ways_out(node).iter().enumerate() {
                if passes(self.network, arc, heading) && metres + arc.metres <= limit_m {
                    self.touch(arc.to, metres + arc.metres, first + k as u32);
                }
            }
            return Some((node, metres));
        }
        None
    }

    /// The least way to a place by the ends of its edge, and to which of them.
    fn to(&self, place: &Snap, heading: Heading) -> Option<(f64, u32)> {
        let edge = &self.network.edges[place.edge as usize];
        // Going to a place on an edge is coming from it the other way around.
        let back = if heading == Heading::From { Heading::To } else { Heading::From };
        let ways = ends(edge, place.along_m, back).into_iter();
        let ways = ways.filter_map(|(node, m)| Some((self.metres[node as usize] + m? + place.offset_m, node)));
        ways.filter(|(m, _)| m.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
    }
}

fn passes(network: &Network, arc: &Arc, heading: Heading) -> bool {
    heading.open(&network.edges[arc.edge as usize])[usize::from(!arc.forward)]
}

impl Network {
    /// How far everything is from (or to) the nearest of some sources, up to a limit (≤).
    pub fn reach(&self, sources: &[Snap], heading: Heading, limit_m: f64) -> Reach<'_> {
        let mut nodes = vec![NOBODY; self.nodes.len()];
        let mut heap: BinaryHeap<Reverse<(u64, u32, u32)>> = BinaryHeap::new();
        let touch = |nodes: &mut Vec<Nearest>, heap: &mut BinaryHeap<_>, node: u32, near: Nearest| {
            if near.metres <= limit_m && near.before(&nodes[node as usize]) {
                nodes[node as usize] = near;
                heap.push(Reverse((near.metres.to_bits(), near.source, node)));
            }
        };
        let mut seeds: Vec<Seed> = Vec::new();
        for (source, snap) in sources.iter().enumerate() {
            let near = Nearest { metres: snap.offset_m, source: source as u32 };
            seeds.push(Seed { edge: snap.edge, along_m: snap.along_m, near });
            for (node, metres) in ends(&self.edges[snap.edge as usize], snap.along_m, heading) {
                if let Some(metres) = metres {
                    touch(&mut nodes, &mut heap, node, near.on(metres));
                }
            }
        }
        seeds.sort_by(|a, b| {
            a.edge.cmp(&b.edge).then(a.along_m.total_cmp(&b.along_m)).then(a.near.source.cmp(&b.near.source))
        });
        while let Some(Reverse((bits, source, node))) = heap.pop() {
            let near = Nearest { metres: f64::from_bits(bits), source };
            if nodes[node as usize] != near {
                continue;
            }
            for arc in self.ways_out(node) {
                if passes(self, arc, heading) {
                    touch(&mut nodes, &mut heap, arc.to, near.on(arc.metres));
                }
            }
        }
        Reach { network: self, heading, limit_m, nodes, seeds }
    }

    /// For each place the targets that are within a limit (≤) of it along the roads, with the metres to them, in the order of
    /// the targets; ways lead from the places to the targets.
    pub fn matrix(&self, places: &[Snap], targets: &[Snap], limit_m: f64) -> Vec<Vec<(u32, f64)>> {
        let searches = places.len().min(targets.len());
        if limit_m >= FAR_M && searches >= MANY {
            return self.matrix_by_hierarchy(places, targets, limit_m);
        }
        // From the side that has fewer.
        if targets.len() < places.len() {
            let back = self.matrix_from(targets, places, Heading::To, limit_m);
            let mut turned: Vec<Vec<(u32, f64)>> = vec![Vec::new(); places.len()];
            for (target, row) in back.into_iter().enumerate() {
                row.into_iter().for_each(|(place, metres)| turned[place as usize].push((target as u32, metres)));
            }
            return turned;
        }
        self.matrix_from(places, targets, Heading::From, limit_m)
    }

    fn matrix_from(&self, places: &[Snap], targets: &[Snap], heading: Heading, limit_m: f64) -> Vec<Vec<(u32, f64)>> {
        let targets = Targets::new(targets);
        let stop = stop::current();
        let search = |search: &mut Search<'_>, place| {
            if stop.is_raised() {
                return Vec::new();
            }
            search_targets(search, place, &targets, heading, usize::MAX, limit_m)
        };
        places.par_iter().map_init(|| Search::new(self), search).collect()
    }

    pub(super) fn matrix_by_hierarchy(&self, places: &[Snap], targets: &[Snap], limit_m: f64) -> Vec<Vec<(u32, f64)>> {
        let hierarchy = self.hierarchy.get_or_init(|| Hierarchy::new(self));
        let ends_of = |snaps: &[Snap], heading: Heading| -> Vec<Ends> {
            let of = |snap: &Snap| {
                let ends = ends(&self.edges[snap.edge as usize], snap.along_m, heading);
                ends.map(|(node, m)| (node, m.map(|m| m + snap.offset_m)))
            };
            snaps.iter().map(of).collect()
        };
        let (from, to) = (ends_of(places, Heading::From), ends_of(targets, Heading::To));
        let mut rows = hierarchy.matrix(&from, &to, limit_m);
        let by_edge = Targets::new(targets);
        for (place, row) in places.iter().zip(&mut rows) {
            for &(_, target) in by_edge.on(place.edge) {
                let to = &targets[target as usize];
                let own = &self.edges[place.edge as usize];
                let Some(metres) = along(own, place.along_m, to.along_m, Heading::From) else { continue };
                let metres = place.offset_m + metres + to.offset_m;
                match row.binary_search_by_key(&target, |(t, _)| *t) {
                    Ok(at) => row[at].1 = row[at].1.min(metres),
                    Err(at) if metres <= limit_m => row.insert(at, (target, metres)),
                    Err(_) => {}
                }
            }
        }
        rows
    }

    /// For each place the `count` nearest targets within a limit (≤), nearest first; of targets as near, the first.
    pub fn nearest(&self, places: &[Snap], targets: &[Snap], count: usize, limit_m: f64) -> Vec<Vec<(u32, f64)>> {
        let (targets, stop) = (Targets::new(targets), stop::current());
        places
            .par_iter()
            .map_init(
                || Search::new(self),
                |search, place| {
                    if stop.is_raised() {
                        return Vec::new();
                    }
                    search_targets(search, place, &targets, Heading::From, count, limit_m)
                },
            )
            .map(|mut found| {
                found.sort_unstable_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
                found.truncate(count);
                found
            })
            .collect()
    }

    /// The shortest way from one place to another; None where there is none.
    pub fn path(&self, from: &Snap, to: &Snap) -> Option<Path> {
        let heading = Heading::From;
        let own = &self.edges[from.edge as usize];
        let straight = (from.edge == to.edge).then(|| along(own, from.along_m, to.along_m, heading)).flatten();
        let straight = straight.map(|m| from.offset_m + m + to.offset_m);
        let mut search = Search::new(self);
        search.start(from, heading, f64::INFINITY);
        let mut best: Option<(f64, u32)> = None;
        while let Some((_, metres)) = search.step(heading, f64::INFINITY) {
            best = search.to(to, heading);
            if best.is_some_and(|(m, _)| m <= metres) {
                break;
            }
        }
        match (straight, best) {
            (Some(metres), best) if best.is_none_or(|(m, _)| metres <= m) => {
                Some(Path { metres, edges: vec![(from.edge, from.along_m, to.along_m)] })
            }
            (_, Some((metres, last))) => Some(Path { metres, edges: self.trace(&search, from, to, last) }),
            _ => None,
        }
    }

    fn trace(&self, search: &Search<'_>, from: &Snap, to: &Snap, last: u32) -> Vec<(u32, f64, f64)> {
        let end_of = |edge: &Edge, along_m: f64, node: u32, heading: Heading| {
            let ways = ends(edge, along_m, heading).map(|(end, m)| (end == node).then_some(m).flatten());
            // Of a loop's two ends, the one that is nearer.
            match ways {
                [Some(back), on] if on.is_none_or(|on| back <= on) => 0.0,
                _ => edge.length_m,
            }
        };
        let target = &self.edges[to.edge as usize];
        let mut edges = vec![(to.edge, end_of(target, to.along_m, last, Heading::To), to.along_m)];
        let mut node = last;
        while let Some(&by) = search.by.get(node as usize).filter(|&&by| by != u32::MAX) {
            let arc = &self.arcs[by as usize];
            let edge = &self.edges[arc.edge as usize];
            let (start_m, end_m, before) =
                if arc.forward { (0.0, edge.length_m, edge.start) } else { (edge.length_m, 0.0, edge.end) };
            edges.push((arc.edge, start_m, end_m));
            node = before;
        }
        let own = &self.edges[from.edge as usize];
        edges.push((from.edge, from.along_m, end_of(own, from.along_m, node, Heading::From)));
        edges.retain(|(_, from_m, to_m)| from_m != to_m);
        edges.reverse();
        edges
    }
}

/// The targets within a limit of a place: all, or no fewer than the nearest so many.
fn search_targets(
    search: &mut Search<'_>,
    place: &Snap,
    targets: &Targets<'_>,
    heading: Heading,
    count: usize,
    limit_m: f64,
) -> Vec<(u32, f64)> {
    let network = search.network;
    let mut found: Vec<(u32, f64)> = Vec::new();
    let mut nearest = NearestSoMany { count, found: Vec::new() };
    let own = &network.edges[place.edge as usize];
    for &(_, target) in targets.on(place.edge) {
        let to = &targets.places[target as usize];
        if let Some(metres) = along(own, place.along_m, to.along_m, heading) {
            found.push((target, place.offset_m + metres + to.offset_m));
            nearest.offer(target, place.offset_m + metres + to.offset_m);
        }
    }
    search.clear();
    search.start(place, heading, limit_m);
    let mut passed = Vec::new();
    while let Some((node, metres)) = search.step(heading, limit_m) {
        if nearest.farthest().is_some_and(|far| far < metres) {
            break;
        }
        for arc in network.ways_out(node) {
            for &(_, target) in targets.on(arc.edge) {
                passed.push(arc.edge);
                if let Some((metres, _)) = search.to(&targets.places[target as usize], heading) {
                    nearest.offer(target, metres);
                }
            }
        }
    }
    passed.sort_unstable();
    passed.dedup();
    for edge in passed {
        for &(_, target) in targets.on(edge) {
            if let Some((metres, _)) = search.to(&targets.places[target as usize], heading) {
                found.push((target, metres));
            }
        }
    }
    found.retain(|(_, metres)| *metres <= limit_m);
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    found.dedup_by_key(|(target, _)| *target);
    found
}

/// The nearest targets so far, no more than so many, each once.
struct NearestSoMany {
    count: usize,
    found: Vec<(f64, u32)>,
}

impl NearestSoMany {
    fn offer(&mut self, target: u32, metres: f64) {
        if self.count == usize::MAX {
            return;
        }
        match self.found.iter_mut().find(|(_, known)| *known == target) {
            Some(known) => known.0 = known.0.min(metres),
            None => self.found.push((metres, target)),
        }
        self.found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.found.truncate(self.count);
    }

    /// Of so many, once there are as many.
    fn farthest(&self) -> Option<f64> {
        if self.found.len() < self.count { None } else { self.found.last().map(|(metres, _)| *metres) }
    }
}

impl Reach<'_> {
    /// The nearest source of a node.
    pub fn node(&self, node: u32) -> Option<Nearest> {
        Some(self.nodes[node as usize]).filter(|near| near.source != NOBODY.source)
    }

    /// The network that was searched.
    pub fn network(&self) -> &Network {
        self.network
    }

    /// The sources that lie on an edge, along it, by their places among those that were given.
    pub fn sources_on(&self, edge: u32) -> impl Iterator<Item = u32> {
        self.seeds_on(edge).iter().map(|seed| seed.near.source)
    }

    /// The sources on an edge, along it.
    pub(super) fn seeds_on(&self, edge: u32) -> &[Seed] {
        let from = self.seeds.partition_point(|seed| seed.edge < edge);
        let to = self.seeds[from..].partition_point(|seed| seed.edge == edge);
        &self.seeds[from..from + to]
    }

    /// The nearest source of a place on an edge, within the limit (≤); the place's own way to the road is not counted.
    pub fn at(&self, edge: u32, along_m: f64) -> Option<Nearest> {
        let own = &self.network.edges[edge as usize];
        let back = if self.heading == Heading::From { Heading::To } else { Heading::From };
        let ways = ends(own, along_m, back).into_iter();
        let by_ends = ways.filter_map(|(node, m)| Some(self.nodes[node as usize].on(m?)));
        let straight = self.seeds_on(edge).iter();
        let straight = straight.filter_map(|s| Some(s.near.on(along(own, s.along_m, along_m, self.heading)?)));
        let best = by_ends.chain(straight).reduce(|best, one| if one.before(&best) { one } else { best })?;
        (best.source != NOBODY.source && best.metres <= self.limit_m).then_some(best)
    }

    /// The nearest source of a place, within the limit (≤).
    pub fn of(&self, place: &Snap) -> Option<Nearest> {
        let near = self.at(place.edge, place.along_m)?.on(place.offset_m);
        (near.metres <= self.limit_m).then_some(near)
    }
}
