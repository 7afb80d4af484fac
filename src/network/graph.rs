//! Nodes and the ways between them, as small and as near together as can be: a search through a province fetches some hundred
//! thousand.

use crate::network::Edge;
use crate::network::reach::Heading;

/// A way out of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arc {
    pub cost: f64,
    pub to: u32,
    /// The edge, of which there may be half a thousand million, and below it, bit by bit: whether it runs along the edge as that was
    /// drawn, whether one may go along it, and whether one may come back by it.
    edge: u32,
}

impl Arc {
    /// The ways along an edge out of its beginning, or its end.
    fn along(number: u32, edge: &Edge, forward: bool) -> Self {
        let [on, back] = edge.open;
        let (to, open) = if forward { (edge.end, [on, back]) } else { (edge.start, [back, on]) };
        let way = Self::through(to, edge.cost(), open);
        Self { edge: number << 3 | u32::from(forward) << 2 | way.edge, ..way }
    }

    /// A way that is no edge's; whether one may go along it, and come back by it.
    pub fn through(to: u32, cost: f64, [go, come]: [bool; 2]) -> Self {
        Self { cost, to, edge: u32::from(go) << 1 | u32::from(come) }
    }

    pub fn edge(&self) -> u32 {
        self.edge >> 3
    }

    pub fn is_forward(&self) -> bool {
        self.edge & 4 != 0
    }

    /// Whether a search may go along it.
    #[inline]
    pub fn passes(&self, heading: Heading) -> bool {
        self.edge & if heading == Heading::From { 2 } else { 1 } != 0
    }
}

/// Nodes by number, and the ways out of each.
pub(super) struct Graph {
    /// Node `n` has the ways out `arcs[ways[n]..ways[n + 1]]`.
    ways: Vec<u32>,
    arcs: Vec<Arc>,
    /// What the middle one of them costs; nought for none. Not the mean: a few ferries must not make every street look short.
    pub median: f64,
}

impl Graph {
    /// Of so many nodes, both ways along each edge.
    pub fn of(edges: &[Edge], nodes: usize) -> Self {
        let along = |n: usize| {
            let (number, edge) = (n as u32, &edges[n]);
            [(edge.start, Arc::along(number, edge, true)), (edge.end, Arc::along(number, edge, false))]
        };
        Self::from((0..edges.len()).flat_map(along), nodes)
    }

    /// Of so many nodes, with these ways, each with the node that it goes out of. What goes out of one stays in order.
    pub fn from(all: impl Iterator<Item = (u32, Arc)> + Clone, nodes: usize) -> Self {
        let mut ways = vec![0_u32; nodes + 1];
        all.clone().for_each(|(from, _)| ways[from as usize + 1] += 1);
        (0..nodes).for_each(|n| ways[n + 1] += ways[n]);
        let mut next = ways.clone();
        let mut arcs = vec![Arc::default(); ways[nodes] as usize];
        for (from, arc) in all {
            let place = &mut next[from as usize];
            arcs[*place as usize] = arc;
            *place += 1;
        }
        let mut costs: Vec<f64> = arcs.iter().map(|arc| arc.cost).collect();
        let middle = costs.len() / 2;
        let median = if costs.is_empty() { 0.0 } else { *costs.select_nth_unstable_by(middle, f64::total_cmp).1 };
        Self { ways, arcs, median }
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.ways.len() - 1
    }

    /// The ways out of a node.
    #[inline]
    pub fn out(&self, node: u32) -> &[Arc] {
        &self.arcs[self.ways[node as usize] as usize..self.ways[node as usize + 1] as usize]
    }

    /// The number of the first of them: the others follow.
    #[inline]
    pub fn first(&self, node: u32) -> u32 {
        self.ways[node as usize]
    }

    /// The way of a number.
    pub fn arc(&self, number: u32) -> &Arc {
        &self.arcs[number as usize]
    }
}
