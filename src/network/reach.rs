//! How far everything is from the nearest of some places.

use crate::network::queue::Queue;
use crate::network::{Edge, Network, Snap};

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
    /// Metres or seconds, both places' ways to their roads counted.
    pub cost: f64,
    /// The source, by its place among those that were given. Of sources that are as near, the first.
    pub source: u32,
}

impl Nearest {
    pub(super) fn before(&self, other: &Self) -> bool {
        (self.cost, self.source) < (other.cost, other.source)
    }

    pub(super) fn on(self, cost: f64) -> Self {
        Self { cost: self.cost + cost, ..self }
    }
}

pub(super) const NOBODY: Nearest = Nearest { cost: f64::INFINITY, source: u32::MAX };

/// A source on an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    pub edge: u32,
    pub along_m: f64,
    /// Where that is, longitude and latitude.
    pub at: [f64; 2],
    pub near: Nearest,
}

/// How far everything is from the nearest of some sources, up to a limit.
pub struct Reach<'n> {
    pub(super) network: &'n Network,
    pub(super) heading: Heading,
    pub(super) limit: f64,
    pub(super) nodes: Vec<Nearest>,
    /// By edge, and along it.
    pub(super) seeds: Vec<Seed>,
}

/// What it costs from a place on an edge to its beginning and its end, each where a search may go there.
pub(super) fn ends(edge: &Edge, along_m: f64, heading: Heading) -> [(u32, Option<f64>); 2] {
    let [to_end, to_start] = heading.open(edge);
    let back = (to_start || along_m <= 0.0).then_some(along_m.max(0.0) * edge.pace);
    let on = (to_end || along_m >= edge.length_m).then_some((edge.length_m - along_m).max(0.0) * edge.pace);
    [(edge.start, back), (edge.end, on)]
}

/// What it costs between two places of one edge, where a search may go from the first to the second along it.
pub(super) fn along(edge: &Edge, from_m: f64, to_m: f64, heading: Heading) -> Option<f64> {
    let [forward, back] = heading.open(edge);
    let may = if to_m > from_m { forward } else { back || to_m == from_m };
    may.then_some((to_m - from_m).abs() * edge.pace)
}

impl Network {
    /// How far everything is from (or to) the nearest of some sources, up to a limit (≤).
    pub fn reach(&self, sources: &[Snap], heading: Heading, limit: f64) -> Reach<'_> {
        let mut nodes = vec![NOBODY; self.nodes.len()];
        let mut queue: Queue<(u32, u32)> = Queue::new(self.graph.median);
        let touch = |nodes: &mut Vec<Nearest>, queue: &mut Queue<_>, node: u32, near: Nearest| {
            if near.cost <= limit && near.before(&nodes[node as usize]) {
                nodes[node as usize] = near;
                queue.push(near.cost, (near.source, node));
            }
        };
        let mut seeds: Vec<Seed> = Vec::new();
        for (source, snap) in sources.iter().enumerate() {
            let near = Nearest { cost: self.off(snap), source: source as u32 };
            seeds.push(Seed { edge: snap.edge, along_m: snap.along_m, at: snap.at, near });
            for (node, cost) in ends(&self.edges[snap.edge as usize], snap.along_m, heading) {
                if let Some(cost) = cost {
                    touch(&mut nodes, &mut queue, node, near.on(cost));
                }
            }
        }
        seeds.sort_by(|a, b| {
            a.edge.cmp(&b.edge).then(a.along_m.total_cmp(&b.along_m)).then(a.near.source.cmp(&b.near.source))
        });
        while let Some((cost, (source, node))) = queue.pop() {
            let near = Nearest { cost, source };
            if nodes[node as usize] != near {
                continue;
            }
            for arc in self.graph.out(node) {
                if arc.passes(heading) {
                    touch(&mut nodes, &mut queue, arc.to, near.on(arc.cost));
                }
            }
        }
        Reach { network: self, heading, limit, nodes, seeds }
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

    /// The edges of which some place may be within the limit, ascending.
    pub fn edges(&self) -> Vec<u32> {
        let reached = (0..).zip(&self.nodes).filter(|(_, near)| near.source != NOBODY.source);
        let around = reached.flat_map(|(node, _)| self.network.graph.out(node).iter().map(|arc| arc.edge()));
        let mut edges: Vec<u32> = around.chain(self.seeds.iter().map(|seed| seed.edge)).collect();
        edges.sort_unstable();
        edges.dedup();
        edges
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
        (best.source != NOBODY.source && best.cost <= self.limit).then_some(best)
    }

    /// The nearest source of a place, within the limit (≤).
    pub fn of(&self, place: &Snap) -> Option<Nearest> {
        let near = self.at(place.edge, place.along_m)?.on(self.network.off(place));
        (near.cost <= self.limit).then_some(near)
    }
}
