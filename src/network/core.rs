//! What is left of a network when its least nodes are taken out: between those that stay, ways cost what they did.
//!
//! Where a node with few ways is taken out, a shortcut between any two of its neighbours stands for it. Taken one after another,
//! least ways first, of a dense grid two fifths of the nodes are left, and fewer of a network with dead ends and bends, with about as
//! many ways as there were; so a search among them has little more than half the work. (The first steps of a contraction hierarchy,
//! Geisberger and others 2008, without looking for other ways around: that pays when there are thousands of searches.)

use crate::network::Network;
use crate::network::access::Ends;
use crate::network::graph::{Arc, Graph};

/// What has more ways than this stays: its shortcuts would be far more than they.
const MOST_WAYS: usize = 6;

/// Stands for the number of a node that was taken out.
const OUT: u32 = u32::MAX;

/// What is left of a network.
pub(super) struct Core {
    pub graph: Graph,
    /// By node of the network, its number here.
    number: Vec<u32>,
}

/// A way to a neighbour, and back; infinite where there is none.
#[derive(Clone, Copy)]
struct Way {
    to: u32,
    on: f64,
    back: f64,
}

impl Way {
    fn arcs(self) -> impl Iterator<Item = Arc> + Clone {
        let Self { to, on, back } = self;
        let both = Arc::through(to, on, [true, on == back]);
        let other = (on != back).then(|| Arc::through(to, back, [false, true]));
        std::iter::once(both).chain(other).filter(|arc| arc.cost.is_finite())
    }
}

/// Adds a way, or makes the one that there is shorter.
fn shorten(ways: &mut Vec<Way>, way: Way) {
    match ways.iter_mut().find(|known| known.to == way.to) {
        Some(known) => (known.on, known.back) = (known.on.min(way.on), known.back.min(way.back)),
        None => ways.push(way),
    }
}

/// Takes a node out.
fn take(ways: &mut [Vec<Way>], node: u32) {
    let own = std::mem::take(&mut ways[node as usize]);
    for (k, a) in own.iter().enumerate() {
        ways[a.to as usize].retain(|way| way.to != node);
        for b in &own[..k] {
            let (on, back) = (a.back + b.on, b.back + a.on);
            if on.min(back).is_finite() {
                shorten(&mut ways[a.to as usize], Way { to: b.to, on, back });
                shorten(&mut ways[b.to as usize], Way { to: a.to, on: back, back: on });
            }
        }
    }
}

impl Core {
    /// Takes out what it can, but none of the nodes by which places join the roads.
    pub fn new(network: &Network, joined: [&[Ends]; 2]) -> Self {
        let mut ways: Vec<Vec<Way>> = vec![Vec::new(); network.nodes.len()];
        for edge in network.edges.iter().filter(|edge| edge.start != edge.end) {
            let [on, back] = edge.open.map(|open| if open { edge.cost() } else { f64::INFINITY });
            shorten(&mut ways[edge.start as usize], Way { to: edge.end, on, back });
            shorten(&mut ways[edge.end as usize], Way { to: edge.start, on: back, back: on });
        }
        let mut stays = vec![false; network.nodes.len()];
        joined.into_iter().flatten().flatten().for_each(|&(node, _)| stays[node as usize] = true);
        let mut number = vec![0; network.nodes.len()];
        for most in 1..=MOST_WAYS {
            for node in 0..network.nodes.len() {
                if !stays[node] && number[node] != OUT && ways[node].len() <= most {
                    take(&mut ways, node as u32);
                    number[node] = OUT;
                }
            }
        }
        let mut count = 0;
        for number in number.iter_mut().filter(|number| **number != OUT) {
            (*number, count) = (count, count + 1);
        }
        let left = number.iter().zip(&ways).filter(|(number, _)| **number != OUT);
        let left = left.flat_map(|(&from, ways)| ways.iter().map(move |way| (from, *way)));
        let arcs =
            left.flat_map(|(from, way)| Way { to: number[way.to as usize], ..way }.arcs().map(move |arc| (from, arc)));
        Self { graph: Graph::from(arcs, count as usize), number }
    }

    /// Ends by their numbers here.
    pub fn ends(&self, all: &[Ends]) -> Vec<Ends> {
        all.iter().map(|ends| ends.iter().map(|&(node, cost)| (self.number[node as usize], cost)).collect()).collect()
    }
}
