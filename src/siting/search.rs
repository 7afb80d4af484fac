//! Good choices quickly: greedy, then one exchanged for another as long as that helps (Teitz and Bart 1968, with the bookkeeping
//! of Whitaker 1983).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::costs::{Columns, Costs};
use crate::stop;

const NONE: u32 = u32::MAX;

/// How a client is served: best and second best.
#[derive(Clone, Copy)]
struct Served {
    first: f64,
    by: u32,
    second: f64,
    next: u32,
}

/// A choice that is being worked on.
pub struct Search<'a> {
    costs: &'a Costs,
    columns: &'a Columns,
    open: Vec<bool>,
    served: Vec<Served>,
}

/// A gain by which a heap sorts; of equals the lower number first.
#[derive(PartialEq)]
struct Gain(f64, Reverse<u32>);

impl Eq for Gain {}

impl PartialOrd for Gain {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Gain {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl<'a> Search<'a> {
    pub fn new(costs: &'a Costs, columns: &'a Columns, sites: &[u32]) -> Self {
        let mut search = Self { costs, columns, open: costs.open(sites), served: Vec::new() };
        search.served = (0..costs.clients()).map(|client| search.look(client)).collect();
        search
    }

    /// How a client is served by what is open.
    fn look(&self, client: usize) -> Served {
        let base = self.costs.base(client);
        let mut open = self.costs.row(client).iter().filter(|entry| self.open[entry.site as usize]);
        let (first, by) = open.next().map_or((base, NONE), |entry| (entry.cost, entry.site));
        let (second, next) = open.next().map_or((base, NONE), |entry| (entry.cost, entry.site));
        Served { first, by, second, next }
    }

    pub fn sites(&self) -> Vec<u32> {
        (0..self.open.len() as u32).filter(|&site| self.open[site as usize]).collect()
    }

    pub fn cost(&self) -> f64 {
        self.served.iter().map(|served| served.first).sum()
    }

    /// What each client's second best costs.
    pub fn seconds(&self) -> Vec<f64> {
        self.served.iter().map(|served| served.second).collect()
    }

    /// What opening a site would save.
    fn gain(&self, site: u32) -> f64 {
        let saved = |&(cost, client): &(f64, u32)| (self.served[client as usize].first - cost).max(0.0);
        self.columns.column(site).iter().map(saved).sum()
    }

    fn add(&mut self, site: u32) {
        self.open[site as usize] = true;
        for &(cost, client) in self.columns.column(site) {
            let served = &mut self.served[client as usize];
            if cost < served.first || (cost == served.first && site < served.by) {
                *served = Served { first: cost, by: site, second: served.first, next: served.by };
            } else if cost < served.second || (cost == served.second && site < served.next) {
                (served.second, served.next) = (cost, site);
            }
        }
    }

    fn drop(&mut self, site: u32) {
        self.open[site as usize] = false;
        for client in 0..self.served.len() {
            if self.served[client].by == site || self.served[client].next == site {
                self.served[client] = self.look(client);
            }
        }
    }

    /// Adds the sites that save most, one after another, until so many are open. Gains only fall, so most need not be looked at
    /// again.
    pub fn greedy(&mut self, count: usize, may: impl Fn(u32) -> bool) {
        let mut left = count.saturating_sub(self.open.iter().filter(|&&open| open).count());
        let closed = (0..self.open.len() as u32).filter(|&site| !self.open[site as usize] && may(site));
        let mut heap: BinaryHeap<Gain> = closed.map(|site| Gain(self.gain(site), Reverse(site))).collect();
        while left > 0
            && !stop::asked()
            && let Some(Gain(_, Reverse(site))) = heap.pop()
        {
            let now = Gain(self.gain(site), Reverse(site));
            if heap.peek().is_none_or(|next| now > *next) {
                self.add(site);
                left -= 1;
            } else {
                heap.push(now);
            }
        }
    }

    /// Exchanges an open site for another as long as any exchange saves more than `least`.
    pub fn exchange(&mut self, least: f64, may: impl Fn(u32) -> bool) {
        let sites = self.open.len();
        let mut loss = vec![0.0; sites];
        let tally = |served: &[Served], loss: &mut [f64]| {
            loss.iter_mut().for_each(|x| *x = 0.0);
            for one in served.iter().filter(|one| one.by != NONE) {
                loss[one.by as usize] += one.second - one.first;
            }
        };
        tally(&self.served, &mut loss);
        let mut spared = vec![0.0; sites];
        let (mut site, mut idle) = (0, 0);
        while idle < sites && !stop::asked() {
            let current = site as u32;
            site = (site + 1) % sites;
            idle += 1;
            if self.open[current as usize] || !may(current) {
                continue;
            }
            let mut gain = 0.0;
            for &(cost, client) in self.columns.column(current) {
                let one = self.served[client as usize];
                if cost < one.first {
                    gain += one.first - cost;
                }
                if one.by != NONE {
                    spared[one.by as usize] += (one.second - one.first.max(cost)).max(0.0);
                }
            }
            // Of exits that cost the same the lowest number.
            let exit = (0..sites as u32)
                .filter(|&out| self.open[out as usize])
                .map(|out| (loss[out as usize] - spared[out as usize], out))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for &(_, client) in self.columns.column(current) {
                if let Some(x) = spared.get_mut(self.served[client as usize].by as usize) {
                    *x = 0.0;
                }
            }
            if let Some((lost, out)) = exit
                && gain - lost > least
            {
                self.drop(out);
                self.add(current);
                tally(&self.served, &mut loss);
                idle = 0;
            }
        }
    }
}
