//! Shortest ways between places.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::network::hierarchy::{Ends, Hierarchy};
use crate::network::reach::{Heading, along, ends, passes};
use crate::network::{Edge, Network, Snap};
use crate::stop;

/// A hierarchy is worth its while from so many searches on that are not confined to a neighbourhood ([`Counted::far`]).
const MANY: usize = 500;

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Metres or seconds, both places' ways to their roads counted.
    pub cost: f64,
    /// The edges in the order in which they are gone along, each from one of its places to another, in metres along it.
    pub edges: Vec<(u32, f64, f64)>,
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

/// What ways of nodes from one source cost, and what has to be forgotten before the next.
struct Search<'n> {
    network: &'n Network,
    cost: Vec<f64>,
    /// The arc by which a node was reached.
    by: Vec<u32>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
}

/// Costs from nought up sort as their bits do.
fn rank(cost: f64, node: u32) -> Reverse<(u64, u32)> {
    Reverse((cost.to_bits(), node))
}

impl<'n> Search<'n> {
    fn new(network: &'n Network) -> Self {
        let count = network.nodes.len();
        let (cost, by) = (vec![f64::INFINITY; count], vec![u32::MAX; count]);
        Self { network, cost, by, touched: Vec::new(), heap: BinaryHeap::new() }
    }

    fn clear(&mut self) {
        self.touched.drain(..).for_each(|node| self.cost[node as usize] = f64::INFINITY);
        self.heap.clear();
    }

    fn touch(&mut self, node: u32, cost: f64, by: u32) {
        let known = &mut self.cost[node as usize];
        if cost < *known {
            if known.is_infinite() {
                self.touched.push(node);
            }
            *known = cost;
            self.by[node as usize] = by;
            self.heap.push(rank(cost, node));
        }
    }

    fn start(&mut self, from: &Snap, heading: Heading, limit: f64) {
        let edge = &self.network.edges[from.edge as usize];
        for (node, cost) in ends(edge, from.along_m, heading) {
            if let Some(cost) = cost.map(|m| self.network.off(from) + m).filter(|m| *m <= limit) {
                self.touch(node, cost, u32::MAX);
            }
        }
    }

    /// The next node that is settled, with its distance.
    fn step(&mut self, heading: Heading, limit: f64) -> Option<(u32, f64)> {
        while let Some(Reverse((bits, node))) = self.heap.pop() {
            let cost = f64::from_bits(bits);
            if cost > self.cost[node as usize] {
                continue;
            }
            let first = self.network.ways[node as usize];
            for (k, arc) in self.network.ways_out(node).iter().enumerate() {
                if passes(self.network, arc, heading) && cost + arc.cost <= limit {
                    self.touch(arc.to, cost + arc.cost, first + k as u32);
                }
            }
            return Some((node, cost));
        }
        None
    }

    /// The least way to a place by the ends of its edge, and to which of them.
    fn to(&self, place: &Snap, heading: Heading) -> Option<(f64, u32)> {
        let edge = &self.network.edges[place.edge as usize];
        // Going to a place on an edge is coming from it the other way around.
        let back = if heading == Heading::From { Heading::To } else { Heading::From };
        let ways = ends(edge, place.along_m, back).into_iter();
        let ways = ways.filter_map(|(node, m)| Some((self.cost[node as usize] + m? + self.network.off(place), node)));
        ways.filter(|(m, _)| m.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
    }
}

impl Network {
    /// For each place the targets that are within a limit (≤) of it along the roads, with what the way costs, in the order
    /// of the targets; ways lead from the places to the targets.
    pub fn matrix(&self, places: &[Snap], targets: &[Snap], limit: f64) -> Vec<Vec<(u32, f64)>> {
        let searches = places.len().min(targets.len());
        if limit >= self.counted.far() && searches >= MANY {
            return self.matrix_by_hierarchy(places, targets, limit);
        }
        // From the side that has fewer.
        if targets.len() < places.len() {
            let back = self.matrix_from(targets, places, Heading::To, limit);
            let mut turned: Vec<Vec<(u32, f64)>> = vec![Vec::new(); places.len()];
            for (target, row) in back.into_iter().enumerate() {
                row.into_iter().for_each(|(place, cost)| turned[place as usize].push((target as u32, cost)));
            }
            return turned;
        }
        self.matrix_from(places, targets, Heading::From, limit)
    }

    fn matrix_from(&self, places: &[Snap], targets: &[Snap], heading: Heading, limit: f64) -> Vec<Vec<(u32, f64)>> {
        let targets = Targets::new(targets);
        let stop = stop::current();
        let search = |search: &mut Search<'_>, place| {
            if stop.is_raised() {
                return Vec::new();
            }
            search_targets(search, place, &targets, heading, usize::MAX, limit)
        };
        places.par_iter().map_init(|| Search::new(self), search).collect()
    }

    pub(super) fn matrix_by_hierarchy(&self, places: &[Snap], targets: &[Snap], limit: f64) -> Vec<Vec<(u32, f64)>> {
        let hierarchy = self.hierarchy.get_or_init(|| Hierarchy::new(self));
        let ends_of = |snaps: &[Snap], heading: Heading| -> Vec<Ends> {
            let of = |snap: &Snap| {
                let ends = ends(&self.edges[snap.edge as usize], snap.along_m, heading);
                ends.map(|(node, m)| (node, m.map(|m| m + self.off(snap))))
            };
            snaps.iter().map(of).collect()
        };
        let (from, to) = (ends_of(places, Heading::From), ends_of(targets, Heading::To));
        let mut rows = hierarchy.matrix(&from, &to, limit);
        let by_edge = Targets::new(targets);
        for (place, row) in places.iter().zip(&mut rows) {
            for &(_, target) in by_edge.on(place.edge) {
                let to = &targets[target as usize];
                let own = &self.edges[place.edge as usize];
                let Some(cost) = along(own, place.along_m, to.along_m, Heading::From) else { continue };
                let cost = self.off(place) + cost + self.off(to);
                match row.binary_search_by_key(&target, |(t, _)| *t) {
                    Ok(at) => row[at].1 = row[at].1.min(cost),
                    Err(at) if cost <= limit => row.insert(at, (target, cost)),
                    Err(_) => {}
                }
            }
        }
        rows
    }

    /// For each place the `count` nearest targets within a limit (≤), nearest first; of targets as near, the first.
    pub fn nearest(&self, places: &[Snap], targets: &[Snap], count: usize, limit: f64) -> Vec<Vec<(u32, f64)>> {
        let (targets, stop) = (Targets::new(targets), stop::current());
        places
            .par_iter()
            .map_init(
                || Search::new(self),
                |search, place| {
                    if stop.is_raised() {
                        return Vec::new();
                    }
                    search_targets(search, place, &targets, Heading::From, count, limit)
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
        let straight = straight.map(|m| self.off(from) + m + self.off(to));
        let mut search = Search::new(self);
        search.start(from, heading, f64::INFINITY);
        let mut best: Option<(f64, u32)> = None;
        while let Some((_, cost)) = search.step(heading, f64::INFINITY) {
            best = search.to(to, heading);
            if best.is_some_and(|(m, _)| m <= cost) {
                break;
            }
        }
        match (straight, best) {
            (Some(cost), best) if best.is_none_or(|(m, _)| cost <= m) => {
                Some(Path { cost, edges: vec![(from.edge, from.along_m, to.along_m)] })
            }
            (_, Some((cost, last))) => Some(Path { cost, edges: self.trace(&search, from, to, last) }),
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
    limit: f64,
) -> Vec<(u32, f64)> {
    let network = search.network;
    let mut found: Vec<(u32, f64)> = Vec::new();
    let mut nearest = NearestSoMany { count, found: Vec::new() };
    let own = &network.edges[place.edge as usize];
    for &(_, target) in targets.on(place.edge) {
        let to = &targets.places[target as usize];
        if let Some(cost) = along(own, place.along_m, to.along_m, heading) {
            let cost = network.off(place) + cost + network.off(to);
            found.push((target, cost));
            nearest.offer(target, cost);
        }
    }
    search.clear();
    search.start(place, heading, limit);
    let mut passed = Vec::new();
    while let Some((node, cost)) = search.step(heading, limit) {
        if nearest.farthest().is_some_and(|far| far < cost) {
            break;
        }
        for arc in network.ways_out(node) {
            for &(_, target) in targets.on(arc.edge) {
                passed.push(arc.edge);
                if let Some((cost, _)) = search.to(&targets.places[target as usize], heading) {
                    nearest.offer(target, cost);
                }
            }
        }
    }
    passed.sort_unstable();
    passed.dedup();
    for edge in passed {
        for &(_, target) in targets.on(edge) {
            if let Some((cost, _)) = search.to(&targets.places[target as usize], heading) {
                found.push((target, cost));
            }
        }
    }
    found.retain(|(_, cost)| *cost <= limit);
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
    fn offer(&mut self, target: u32, cost: f64) {
        if self.count == usize::MAX {
            return;
        }
        match self.found.iter_mut().find(|(_, known)| *known == target) {
            Some(known) => known.0 = known.0.min(cost),
            None => self.found.push((cost, target)),
        }
        self.found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.found.truncate(self.count);
    }

    /// Of so many, once there are as many.
    fn farthest(&self) -> Option<f64> {
        if self.found.len() < self.count { None } else { self.found.last().map(|(cost, _)| *cost) }
    }
}
