//! What of the roads, and of the ground beside them, is how far from the nearest source.

use crate::network::reach::NOBODY;
use crate::network::{AT_M, Nearest, Reach};

/// A place of an edge from which distances rise: one of its ends, or a source.
struct Rise {
    along_m: f64,
    /// The least distance to it of what lies before it along the edge, itself included, and of what lies behind it.
    before: Nearest,
    behind: Nearest,
}

impl Reach<'_> {
    /// The places of an edge from which distances rise, along it.
    fn rises(&self, edge: u32) -> Vec<Rise> {
        let own = &self.network.edges[edge as usize];
        let [forward, back] = self.heading.open(own);
        let at = |along_m: f64, near: Nearest| Rise { along_m, before: near, behind: near };
        let mut rises = vec![at(0.0, self.nodes[own.start as usize])];
        rises.extend(self.seeds_on(edge).iter().map(|seed| at(seed.along_m, seed.near)));
        rises.push(at(own.length_m, self.nodes[own.end as usize]));
        for k in 1..rises.len() {
            let through = rises[k - 1].before.on((rises[k].along_m - rises[k - 1].along_m) * own.pace);
            if forward && through.before(&rises[k].before) {
                rises[k].before = through;
            }
        }
        for k in (1..rises.len()).rev() {
            let through = rises[k].behind.on((rises[k].along_m - rises[k - 1].along_m) * own.pace);
            if back && through.before(&rises[k - 1].behind) {
                rises[k - 1].behind = through;
            }
        }
        rises
    }

    /// The stretches of an edge from which the way to a source costs no more than `limit` (≤), in metres along it, cut exactly there.
    pub fn stretches(&self, edge: u32, limit: f64) -> Vec<(f64, f64)> {
        let own = &self.network.edges[edge as usize];
        let [forward, back] = self.heading.open(own);
        let mut found: Vec<(f64, f64)> = Vec::new();
        let mut push = |from_m: f64, to_m: f64| match found.last_mut() {
            _ if to_m <= from_m => {}
            Some(last) if from_m <= last.1 => last.1 = last.1.max(to_m),
            _ => found.push((from_m, to_m)),
        };
        for pair in self.rises(edge).windows(2) {
            let [from_m, to_m] = [pair[0].along_m, pair[1].along_m];
            let rest_m = |near: &Nearest, may: bool| if may { (limit - near.cost) / own.pace } else { -1.0 };
            let up_m = rest_m(&pair[0].before, forward);
            let down_m = rest_m(&pair[1].behind, back);
            // What both ends reach together is not parted by the last digit.
            if up_m.max(0.0) + down_m.max(0.0) + AT_M >= to_m - from_m && up_m >= 0.0 && down_m >= 0.0 {
                push(from_m, to_m);
                continue;
            }
            let until = |m: f64| if m + AT_M >= to_m - from_m { to_m - from_m } else { m.max(0.0) };
            push(from_m, from_m + until(up_m));
            push(to_m - until(down_m), to_m);
        }
        found
    }

    /// The least way from a place on the ground: straight for no more than `off_road_m` (≤), and on along the roads. The way
    /// may take to the road wherever that is shortest.
    pub fn from_ground(&self, place: [f64; 2], off_road_m: f64) -> Option<Nearest> {
        let access = self.network.by_ground(place, off_road_m);
        let mut best = NOBODY;
        let mut take = |edge: u32, along_m: f64, walk: f64| {
            if let Some(near) = self.at(edge, along_m).map(|near| near.on(walk)).filter(|near| near.before(&best)) {
                best = near;
            }
        };
        for stretch in &access.stretches {
            stretch.ends.iter().for_each(|&(along_m, walk)| take(stretch.edge, along_m, walk));
        }
        let mut edges: Vec<u32> = access.stretches.iter().map(|stretch| stretch.edge).collect();
        edges.dedup();
        for edge in edges {
            for seed in self.seeds_on(edge) {
                if let Some(walk) = access.walk_to(self.network, edge, seed.along_m, seed.at) {
                    take(edge, seed.along_m, walk);
                }
            }
        }
        (best.source != NOBODY.source && best.cost <= self.limit + AT_M).then_some(best)
    }
}
