//! Contraction hierarchies: worked out once for a network, they make many ways between many places cheap.
//!
//! Nodes are taken out one after another, the least important first; where the shortest way between two neighbours led through the
//! one taken out, a shortcut stands for it (Geisberger, Sanders, Schultes, Delling 2008). A shortest way then climbs to more
//! important nodes and comes down again, and each half is found by a search that only climbs. For many places the downward halves
//! are left in buckets at the nodes that they pass (Knopp, Sanders, Schultes, Schulz, Wagner 2007).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::network::Network;
use crate::network::access::Ends;
use crate::stop;

/// Nodes that a search for a way around settles at the most; where it finds none, a shortcut too many does no harm.
const WITNESS_SETTLES: usize = 80;

/// Nodes with the cost to each.
type Hops = Vec<(u32, f64)>;

/// Climbing arcs of all nodes: node `n` has `arcs[first[n]..first[n + 1]]`, each to a more important node.
#[derive(Default)]
struct Climb {
    first: Vec<u32>,
    arcs: Hops,
}

impl Climb {
    fn of(lists: Vec<Hops>) -> Self {
        let mut climb = Self { first: vec![0], arcs: Vec::new() };
        for list in lists {
            climb.arcs.extend(list);
            climb.first.push(climb.arcs.len() as u32);
        }
        climb
    }

    fn at(&self, node: u32) -> &[(u32, f64)] {
        &self.arcs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// A network's hierarchy.
pub(super) struct Hierarchy {
    /// Along the roads, and against them.
    on: Climb,
    back: Climb,
}

/// Distances from one node, and what has to be forgotten before the next.
struct Scratch {
    cost: Vec<f64>,
    touched: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Scratch {
    fn new(nodes: usize) -> Self {
        Self { cost: vec![f64::INFINITY; nodes], touched: Vec::new(), heap: BinaryHeap::new() }
    }

    fn clear(&mut self) {
        self.touched.drain(..).for_each(|node| self.cost[node as usize] = f64::INFINITY);
        self.heap.clear();
    }

    fn touch(&mut self, node: u32, cost: f64) {
        let known = &mut self.cost[node as usize];
        if cost < *known {
            if known.is_infinite() {
                self.touched.push(node);
            }
            *known = cost;
            self.heap.push(Reverse((cost.to_bits(), node)));
        }
    }

    fn pop(&mut self) -> Option<(u32, f64)> {
        while let Some(Reverse((bits, node))) = self.heap.pop() {
            let cost = f64::from_bits(bits);
            if cost <= self.cost[node as usize] {
                return Some((node, cost));
            }
        }
        None
    }

    /// Climbs from some ends up to a limit, and calls `each` with all nodes that it settles. `other`: the arcs by which one
    /// comes down to a node: what is reached quicker from above lies on no shortest way.
    fn climb(&mut self, ends: &Ends, climb: &Climb, other: &Climb, limit: f64, mut each: impl FnMut(u32, f64)) {
        self.clear();
        ends.iter().filter(|(_, cost)| *cost <= limit).for_each(|&(node, cost)| self.touch(node, cost));
        while let Some((node, cost)) = self.pop() {
            if other.at(node).iter().any(|(above, m)| self.cost[*above as usize] + m < cost) {
                continue;
            }
            each(node, cost);
            for &(to, m) in climb.at(node) {
                if cost + m <= limit {
                    self.touch(to, cost + m);
                }
            }
        }
    }
}

/// The graph that is left while nodes are taken out of it.
struct Rest {
    on: Vec<Hops>,
    back: Vec<Hops>,
    scratch: Scratch,
}

/// Adds an arc, or makes the one that there is shorter.
fn shorten(list: &mut Hops, to: u32, cost: f64) {
    match list.iter_mut().find(|(known, _)| *known == to) {
        Some(known) => known.1 = known.1.min(cost),
        None => list.push((to, cost)),
    }
}

impl Rest {
    fn new(network: &Network) -> Self {
        let count = network.nodes.len();
        let (mut on, mut back) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for edge in network.edges.iter().filter(|edge| edge.start != edge.end) {
            for (from, to, open) in [(edge.start, edge.end, edge.open[0]), (edge.end, edge.start, edge.open[1])] {
                if open {
                    shorten(&mut on[from as usize], to, edge.cost());
                    shorten(&mut back[to as usize], from, edge.cost());
                }
            }
        }
        Self { on, back, scratch: Scratch::new(count) }
    }

    /// The shortcuts that taking a node out needs.
    fn shortcuts(&mut self, node: u32) -> Vec<(u32, u32, f64)> {
        let mut needed = Vec::new();
        let (into, out) = (&self.back[node as usize], &self.on[node as usize]);
        for &(from, to_node_m) in into {
            let farthest_m = out.iter().filter(|(to, _)| *to != from).map(|(_, m)| to_node_m + m).fold(-1.0, f64::max);
            if farthest_m < 0.0 {
                continue;
            }
            self.scratch.clear();
            self.scratch.touch(from, 0.0);
            let mut settled = 0;
            while let Some((at, cost)) = self.scratch.pop() {
                settled += 1;
                if cost > farthest_m || settled > WITNESS_SETTLES {
                    break;
                }
                for &(to, m) in &self.on[at as usize] {
                    if to != node {
                        self.scratch.touch(to, cost + m);
                    }
                }
            }
            for &(to, m) in out.iter().filter(|(to, _)| *to != from) {
                if self.scratch.cost[to as usize] > to_node_m + m {
                    needed.push((from, to, to_node_m + m));
                }
            }
        }
        needed
    }

    /// Takes a node out; its arcs are what it climbs by.
    fn take(&mut self, node: u32, shortcuts: Vec<(u32, u32, f64)>) -> (Hops, Hops) {
        let (on, back) = (std::mem::take(&mut self.on[node as usize]), std::mem::take(&mut self.back[node as usize]));
        on.iter().for_each(|(to, _)| self.back[*to as usize].retain(|(from, _)| *from != node));
        back.iter().for_each(|(from, _)| self.on[*from as usize].retain(|(to, _)| *to != node));
        for (from, to, cost) in shortcuts {
            shorten(&mut self.on[from as usize], to, cost);
            shorten(&mut self.back[to as usize], from, cost);
        }
        (on, back)
    }
}

impl Hierarchy {
    /// Works out the hierarchy of a network. Of nodes as important, the first goes first: the same hierarchy every time.
    pub fn new(network: &Network) -> Self {
        let count = network.nodes.len();
        let mut rest = Rest::new(network);
        let mut depth = vec![0_i64; count];
        let (mut on, mut back) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        let weight = |rest: &Rest, node: u32, shortcuts: usize, depth: &[i64]| {
            let arcs = rest.on[node as usize].len() + rest.back[node as usize].len();
            2 * shortcuts as i64 - arcs as i64 + 2 * depth[node as usize]
        };
        let mut queue: BinaryHeap<Reverse<(i64, u32)>> = BinaryHeap::with_capacity(count);
        for node in 0..count as u32 {
            let shortcuts = rest.shortcuts(node).len();
            queue.push(Reverse((weight(&rest, node, shortcuts, &depth), node)));
        }
        while let Some(Reverse((_, node))) = queue.pop() {
            let shortcuts = rest.shortcuts(node);
            let now = weight(&rest, node, shortcuts.len(), &depth);
            // What has become more important since waits for its turn.
            if queue.peek().is_some_and(|Reverse(next)| *next < (now, node)) {
                queue.push(Reverse((now, node)));
                continue;
            }
            let (up, down) = rest.take(node, shortcuts);
            for (near, _) in up.iter().chain(&down) {
                depth[*near as usize] = depth[*near as usize].max(depth[node as usize] + 1);
            }
            (on[node as usize], back[node as usize]) = (up, down);
        }
        Self { on: Climb::of(on), back: Climb::of(back) }
    }

    /// For each of some ends the targets within a limit of it, with the cost; the ways along one edge are not among them.
    pub fn matrix(&self, from: &[Ends], to: &[Ends], limit: f64) -> Vec<Hops> {
        let count = self.on.first.len() - 1;
        let down: Vec<Hops> = to
            .par_iter()
            .map_init(
                || Scratch::new(count),
                |scratch, ends| {
                    let mut passed = Vec::new();
                    scratch.climb(ends, &self.back, &self.on, limit, |node, cost| passed.push((node, cost)));
                    passed
                },
            )
            .collect();
        // Buckets, node by node.
        let mut first = vec![0_u32; count + 1];
        down.iter().flatten().for_each(|(node, _)| first[*node as usize + 1] += 1);
        (0..count).for_each(|n| first[n + 1] += first[n]);
        let mut next = first.clone();
        let mut bucket = vec![(0_u32, 0.0); first[count] as usize];
        for (target, passed) in down.iter().enumerate() {
            for &(node, cost) in passed {
                bucket[next[node as usize] as usize] = (target as u32, cost);
                next[node as usize] += 1;
            }
        }
        let stop = stop::current();
        from.par_iter()
            .map_init(
                || (Scratch::new(count), vec![f64::INFINITY; to.len()]),
                |(scratch, best), ends| {
                    best.fill(f64::INFINITY);
                    if stop.is_raised() {
                        return Vec::new();
                    }
                    scratch.climb(ends, &self.on, &self.back, limit, |node, cost| {
                        for &(target, m) in &bucket[first[node as usize] as usize..first[node as usize + 1] as usize] {
                            let known = &mut best[target as usize];
                            *known = known.min(cost + m);
                        }
                    });
                    let found = best.iter().enumerate().filter(|(_, m)| m.is_finite() && **m <= limit);
                    found.map(|(target, m)| (target as u32, *m)).collect()
                },
            )
            .collect()
    }
}
