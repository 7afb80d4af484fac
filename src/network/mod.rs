//! Roads as a network: lines cut where one can turn, places put on them, and how far it is along them.
//!
//! ```ignore
//! let network = Network::build(roads.table(), &Options::default());
//! let snaps: Vec<Snap> = places.filter_map(|shape| network.snap(shape, 300.0)).collect();
//! let rows = network.matrix(&accesses, &snaps, 5_000.0);        // per place (target, metres), within 5 km
//! let reach = network.reach(&sites, Heading::To, 1_000.0);      // from which ground a site is within 1 km
//! ```
//!
//! Two roads meet where they share a vertex, or where one ends on the other (within [`Options::join_m`]); lines that merely
//! cross are a bridge. Lengths are geodesic. Distances count from place to place: the way from the place to its road, along
//! the roads, and from the road to the other place. [`Network::timed`] counts seconds on the roads instead. Nothing depends on the order of rows or on threads.

mod access;
mod core;
mod graph;
mod hierarchy;
mod noding;
mod queue;
mod reach;
mod search;
mod snap;
mod stretch;

pub use access::Access;
pub use reach::{Heading, Nearest, Reach};
pub use search::{Path, Row};
pub use snap::Snap;

use std::sync::OnceLock;

use crate::geo::linear::Chain;
use crate::network::graph::Graph;
use crate::network::hierarchy::Hierarchy;
use crate::table::{Index, Table};

/// What is this little farther than a limit is at it: sums of rounded lengths.
const AT_M: f64 = 1e-6;

/// How a network is made of lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// An end that lies no farther (≤) from another road than this is joined to it, metres.
    pub join_m: f64,
    /// Whether one-way roads (`oneway`) may be gone along one way only.
    pub oneway: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { join_m: 1.0, oneway: false }
    }
}

/// A piece of road between two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The node at its beginning.
    pub start: u32,
    /// The node at its end; that of its beginning, for a loop.
    pub end: u32,
    /// Its length along geodesics.
    pub length_m: f64,
    /// What a metre along it costs: one, where metres are counted; seconds, where time is.
    pub pace: f64,
    /// The row of the road that it is a piece of.
    pub row: u32,
    /// The part of that road's line.
    pub part: u32,
    /// Metres from the beginning of that part to its own beginning.
    pub from_m: f64,
    /// Whether it may be gone along from its beginning to its end, and back.
    pub open: [bool; 2],
    /// Where its vertices begin.
    first: u32,
    /// How many it has.
    count: u32,
}

impl Edge {
    /// What it costs to go along all of it.
    fn cost(&self) -> f64 {
        self.length_m * self.pace
    }
}

/// What ways are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Metres, those between a place and its road among them.
    Metres,
    /// Seconds on the roads; between a place and its road nobody drives.
    Seconds,
}

impl Counted {
    /// What a metre off the roads costs.
    fn off_pace(self) -> f64 {
        f64::from(u8::from(self == Self::Metres))
    }

    /// From where on a search is not confined to a neighbourhood.
    fn far(self) -> f64 {
        match self {
            Self::Metres => 20_000.0,
            Self::Seconds => 1_200.0,
        }
    }
}

/// Roads cut into pieces at their junctions. Edges stand in the order of the roads' ids and along them.
pub struct Network {
    counted: Counted,
    edges: Vec<Edge>,
    nodes: Vec<[f64; 2]>,
    /// The connected part that each node belongs to, one-way streets taken for both ways.
    components: Vec<u32>,
    /// Vertices of all edges, and metres from their edge's beginning.
    coords: Vec<[f64; 2]>,
    metres: Vec<f64>,
    graph: Graph,
    index: Index,
    /// Made when it is first worth its while.
    hierarchy: OnceLock<Hierarchy>,
}

impl Network {
    /// The network of a table's lines; rows without a line have no part in it.
    pub fn build(roads: &Table, options: &Options) -> Self {
        noding::build(roads, options)
    }

    /// The same network with ways counted in seconds, by the speed on the road of each row, km/h.
    #[must_use]
    pub fn timed(mut self, kmh: impl Fn(u32) -> f64) -> Self {
        self.edges.iter_mut().for_each(|edge| edge.pace = 3.6 / kmh(edge.row));
        let graph = Graph::of(&self.edges, self.nodes.len());
        Self { counted: Counted::Seconds, graph, hierarchy: OnceLock::new(), ..self }
    }

    /// What its ways are counted in.
    pub fn counted(&self) -> Counted {
        self.counted
    }

    /// What a place's way to its road costs.
    fn off(&self, place: &Snap) -> f64 {
        place.offset_m * self.counted.off_pace()
    }

    /// Its pieces.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Where its nodes are, longitude and latitude.
    pub fn nodes(&self) -> &[[f64; 2]] {
        &self.nodes
    }

    /// The vertices of an edge, with the metres from its beginning to each.
    pub fn line(&self, edge: u32) -> (&[[f64; 2]], &[f64]) {
        let Edge { first, count, .. } = self.edges[edge as usize];
        let range = first as usize..(first + count) as usize;
        (&self.coords[range.clone()], &self.metres[range])
    }

    /// The line of an edge between two places along it.
    pub fn piece(&self, edge: u32, from_m: f64, to_m: f64) -> Vec<[f64; 2]> {
        let (line, metres) = self.line(edge);
        if from_m <= 0.0 && metres.last().is_some_and(|all| to_m >= *all) {
            return line.to_vec();
        }
        Chain::measured(line.to_vec(), metres.to_vec()).piece(from_m, to_m)
    }

    /// The number of the connected part of the network that an edge belongs to: between two that differ there is no way.
    pub fn component(&self, edge: u32) -> u32 {
        self.components[self.edges[edge as usize].start as usize]
    }

    /// The R-tree over the boxes of its edges.
    pub fn index(&self) -> &Index {
        &self.index
    }
}

/// Sets that are united: the smallest number stands for its set.
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    fn find(&mut self, mut one: u32) -> u32 {
        while self.0[one as usize] != one {
            let above = self.0[self.0[one as usize] as usize];
            self.0[one as usize] = above;
            one = above;
        }
        one
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests;
