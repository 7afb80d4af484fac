//! Shortest ways between places.

use rayon::prelude::*;

use crate::network::access::{Access, Ends};
use crate::network::core::Core;
use crate::network::graph::Graph;
use crate::network::hierarchy::Hierarchy;
use crate::network::queue::Queue;
use crate::network::reach::{Heading, along, ends};
use crate::network::{Edge, Network, Snap};
use crate::stop;

/// Taking nodes out costs about what fifty searches save by it, whatever the network's size: it is worth its while from so many on.
const SEVERAL: usize = 64;

/// A hierarchy is worth its while from so many searches on that are not confined to a neighbourhood ([`Counted::far`]): reckoned
/// from what it costs on a made province of 30 000 pieces, and a search among the nodes that stay. Of more pieces it costs more yet.
const MANY: usize = 4_000;

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Metres or seconds, both places' ways to their roads counted.
    pub cost: f64,
    /// The edges in the order in which they are gone along, each from one of its places to another, in metres along it.
    pub edges: Vec<(u32, f64, f64)>,
}

/// Others with the cost of the way, in their order.
pub type Row = Vec<(u32, f64)>;

/// What ways of nodes from one source cost, and what has to be forgotten before the next.
struct Search<'n> {
    graph: &'n Graph,
    cost: Vec<f64>,
    /// The arc by which a node was reached; empty where nobody asks.
    by: Vec<u32>,
    touched: Vec<u32>,
    queue: Queue<u32>,
}

impl<'n> Search<'n> {
    fn new(graph: &'n Graph) -> Self {
        let (cost, queue) = (vec![f64::INFINITY; graph.nodes()], Queue::new(graph.median));
        Self { graph, cost, by: Vec::new(), touched: Vec::new(), queue }
    }

    fn clear(&mut self) {
        self.touched.drain(..).for_each(|node| self.cost[node as usize] = f64::INFINITY);
        self.queue.clear();
    }

    fn touch(&mut self, node: u32, cost: f64, by: u32) {
        let known = &mut self.cost[node as usize];
        if cost < *known {
            if known.is_infinite() {
                self.touched.push(node);
            }
            *known = cost;
            if let Some(reached) = self.by.get_mut(node as usize) {
                *reached = by;
            }
            self.queue.push(cost, node);
        }
    }

    fn start(&mut self, from: &Ends, limit: f64) {
        from.iter().filter(|(_, cost)| *cost <= limit).for_each(|&(node, cost)| self.touch(node, cost, u32::MAX));
    }

    /// The next node to which a way was found, with its cost. It may come again, with a lesser one; none of those to come costs
    /// less than the queue's floor.
    fn step(&mut self, heading: Heading, limit: f64) -> Option<(u32, f64)> {
        while let Some((cost, node)) = self.queue.pop() {
            if cost > self.cost[node as usize] {
                continue;
            }
            let first = self.graph.first(node);
            for (k, arc) in self.graph.out(node).iter().enumerate() {
                if arc.passes(heading) && cost + arc.cost <= limit {
                    self.touch(arc.to, cost + arc.cost, first + k as u32);
                }
            }
            return Some((node, cost));
        }
        None
    }

    /// The least way to a place by the ends of its edge, and to which of them.
    fn to(&self, network: &Network, place: &Snap, heading: Heading) -> Option<(f64, u32)> {
        let edge = &network.edges[place.edge as usize];
        // Going to a place on an edge is coming from it the other way around.
        let back = if heading == Heading::From { Heading::To } else { Heading::From };
        let ways = ends(edge, place.along_m, back).into_iter();
        let ways = ways.filter_map(|(node, m)| Some((self.cost[node as usize] + m? + network.off(place), node)));
        ways.filter(|(m, _)| m.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
    }
}

/// What a matrix is searched in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// All of the network.
    All,
    /// What is left of it when the least nodes are taken out.
    Core,
    /// Its hierarchy.
    Hierarchy,
}

/// For each of some ends those others that ways lead to within a limit, with the cost.
fn searches(graph: &Graph, from: &[Ends], to: &[Ends], limit: f64) -> Vec<Row> {
    // From the side that has fewer.
    if from.len() <= to.len() {
        return search_each(graph, from, to, Heading::From, limit);
    }
    let mut turned: Vec<Row> = vec![Vec::new(); from.len()];
    for (target, row) in search_each(graph, to, from, Heading::To, limit).into_iter().enumerate() {
        row.into_iter().for_each(|(place, cost)| turned[place as usize].push((target as u32, cost)));
    }
    turned
}

/// For each of some ends those others that a search comes to within a limit, with the cost.
fn search_each(graph: &Graph, from: &[Ends], to: &[Ends], heading: Heading, limit: f64) -> Vec<Row> {
    // Who waits at which node, node by node.
    let mut first = vec![0_u32; graph.nodes() + 1];
    to.iter().flatten().for_each(|(node, _)| first[*node as usize + 1] += 1);
    (0..graph.nodes()).for_each(|n| first[n + 1] += first[n]);
    let mut next = first.clone();
    let mut waiting = vec![(0_u32, 0.0); to.iter().map(Vec::len).sum()];
    for (n, ends) in (0..).zip(to) {
        for &(node, cost) in ends {
            waiting[next[node as usize] as usize] = (n, cost);
            next[node as usize] += 1;
        }
    }
    let stop = stop::current();
    let search = |(search, best): &mut (Search<'_>, Vec<f64>), ends: &Ends| {
        let mut row: Row = Vec::new();
        if stop.is_raised() {
            return row;
        }
        search.clear();
        search.start(ends, limit);
        while let Some((node, cost)) = search.step(heading, limit) {
            for &(other, m) in &waiting[first[node as usize] as usize..first[node as usize + 1] as usize] {
                let known = &mut best[other as usize];
                if known.is_infinite() {
                    row.push((other, 0.0));
                }
                *known = known.min(cost + m);
            }
        }
        row.sort_unstable_by_key(|(other, _)| *other);
        row.iter_mut().for_each(|(other, cost)| *cost = std::mem::replace(&mut best[*other as usize], f64::INFINITY));
        row.retain(|(_, cost)| *cost <= limit);
        row
    };
    from.par_iter().map_init(|| (Search::new(graph), vec![f64::INFINITY; to.len()]), search).collect()
}

impl Network {
    /// For each place the targets that are within a limit (≤) of it along the roads, with what the way costs, in the order
    /// of the targets; ways lead from the places to the targets.
    pub fn matrix(&self, places: &[Access], targets: &[Snap], limit: f64) -> Vec<Row> {
        let by = match places.len().min(targets.len()) {
            _ if limit < self.counted.far() => By::All,
            ..SEVERAL => By::All,
            SEVERAL..MANY => By::Core,
            MANY.. => By::Hierarchy,
        };
        self.matrix_by(by, places, targets, limit)
    }

    pub(super) fn matrix_by(&self, by: By, places: &[Access], targets: &[Snap], limit: f64) -> Vec<Row> {
        let from: Vec<Ends> = places.iter().map(|place| place.ends(self, Heading::From)).collect();
        let to: Vec<Ends> = targets.iter().map(|snap| self.by_snap(snap).ends(self, Heading::To)).collect();
        let mut rows = match by {
            By::All => searches(&self.graph, &from, &to, limit),
            By::Core => {
                let core = Core::new(self, [&from, &to]);
                searches(&core.graph, &core.ends(&from), &core.ends(&to), limit)
            }
            By::Hierarchy => self.hierarchy.get_or_init(|| Hierarchy::new(self)).matrix(&from, &to, limit),
        };
        let mut by_edge: Vec<(u32, u32)> = (0..).zip(targets).map(|(n, snap)| (snap.edge, n)).collect();
        by_edge.sort_unstable();
        for (place, row) in places.iter().zip(&mut rows) {
            let mut edges: Vec<u32> = place.stretches.iter().map(|stretch| stretch.edge).collect();
            edges.dedup();
            for edge in edges {
                let first = by_edge.partition_point(|(other, _)| *other < edge);
                for &(_, target) in by_edge[first..].iter().take_while(|(other, _)| *other == edge) {
                    let to = &targets[target as usize];
                    let Some(cost) = place.beside(self, to).map(|cost| cost + self.off(to)) else { continue };
                    match row.binary_search_by_key(&target, |(t, _)| *t) {
                        Ok(at) => row[at].1 = row[at].1.min(cost),
                        Err(at) if cost <= limit => row.insert(at, (target, cost)),
                        Err(_) => {}
                    }
                }
            }
        }
        rows
    }

    /// The shortest way from one place to another; None where there is none.
    pub fn path(&self, from: &Snap, to: &Snap) -> Option<Path> {
        let heading = Heading::From;
        let own = &self.edges[from.edge as usize];
        let straight = (from.edge == to.edge).then(|| along(own, from.along_m, to.along_m, heading)).flatten();
        let straight = straight.map(|m| self.off(from) + m + self.off(to));
        let mut search = Search { by: vec![u32::MAX; self.nodes.len()], ..Search::new(&self.graph) };
        search.start(&self.by_snap(from).ends(self, heading), f64::INFINITY);
        let mut best: Option<(f64, u32)> = None;
        while search.step(heading, f64::INFINITY).is_some() {
            best = search.to(self, to, heading);
            if best.is_some_and(|(m, _)| m <= search.queue.floor()) {
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
            let arc = self.graph.arc(by);
            let edge = &self.edges[arc.edge() as usize];
            let (start_m, end_m, before) =
                if arc.is_forward() { (0.0, edge.length_m, edge.start) } else { (edge.length_m, 0.0, edge.end) };
            edges.push((arc.edge(), start_m, end_m));
            node = before;
        }
        let own = &self.edges[from.edge as usize];
        edges.push((from.edge, from.along_m, end_of(own, from.along_m, node, Heading::From)));
        edges.retain(|(_, from_m, to_m)| from_m != to_m);
        edges.reverse();
        edges
    }
}
