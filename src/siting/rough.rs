//! Sites that can be full, where the exact model is too large: a good choice, and how far it may be from the best one. Filled by
//! regret (who has most to lose goes first), improved by exchanges, held against what holds without capacities.

use super::capacity::{Allotted, Goal, Outcome, Served};
use super::least::{self, Warm};
use super::{Costs, Entry, cover};
use crate::stop;

/// How many exchanges are tried.
const TRIED: usize = 120;
/// What the bound may cost, in the terms of `least`.
const WORK: usize = least::WORK / 40;
/// Of the sites that could stand in for one, so many are tried.
const NEAREST: usize = 8;
/// What is served to this part is served.
const WHOLE: f64 = 1e-9;

/// Who goes where, where these are open.
struct Filled {
    flows: Vec<(usize, u32, f64)>,
    unserved: f64,
    cost: f64,
}

impl Filled {
    /// Serves more, or the same for less.
    fn better(&self, other: &Self) -> bool {
        let same = (self.unserved - other.unserved).abs() <= WHOLE * (1.0 + other.unserved);
        if same { self.cost < other.cost * (1.0 - WHOLE) } else { self.unserved < other.unserved }
    }
}

/// Fills what is open: first whoever has most to lose, each in the cheapest place that is left; of equals the lower number.
fn fill(served: &Served, open: &[bool]) -> Filled {
    let usable = |client: usize| served.clients[client].1.iter().filter(|entry| open[entry.site as usize]);
    let mut order: Vec<(f64, usize)> = (0..served.clients.len())
        .filter_map(|client| {
            let best = usable(client).next()?;
            let second = usable(client).nth(1).map_or(f64::INFINITY, |entry| entry.cost);
            Some((second - best.cost, client))
        })
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = served.capacity.clone();
    let mut filled = Filled { flows: Vec::new(), unserved: 0.0, cost: 0.0 };
    filled.unserved = served.clients.iter().map(|(weight, _)| weight).sum();
    for (_, client) in order {
        let mut wanted = served.clients[client].0;
        for entry in usable(client) {
            let amount = wanted.min(left[entry.site as usize]);
            if amount > 0.0 {
                left[entry.site as usize] -= amount;
                wanted -= amount;
                filled.unserved -= amount;
                filled.cost += amount * entry.cost;
                filled.flows.push((client, entry.site, amount));
            }
            if wanted <= 0.0 {
                break;
            }
        }
    }
    filled.unserved = filled.unserved.max(0.0);
    filled
}

/// A good choice of `count` sites, with what no choice comes to.
pub fn best(served: &Served, count: usize, goal: Goal) -> Outcome {
    // The cheapest first, as the exact model does not need them.
    let mut clients = served.clients.clone();
    for (_, row) in &mut clients {
        row.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.site.cmp(&b.site)));
    }
    let served = &Served { clients, capacity: served.capacity.clone(), kept: served.kept };
    let all: f64 = served.clients.iter().map(|(weight, _)| weight).sum();
    if goal != Goal::Most && places(served, count) < all * (1.0 - WHOLE) {
        return Outcome::Impossible;
    }
    let mut open: Vec<bool> = (0..served.capacity.len()).map(|site| site < served.kept).collect();
    let fewest = usize::from(goal == Goal::Fewest) * bound_of_count(served, all);
    let (chosen, bound) = match goal {
        Goal::Least => shortest(served, count),
        Goal::Most => (Vec::new(), most(served, count).min(all)),
        Goal::Fewest => (Vec::new(), fewest as f64),
    };
    chosen.into_iter().for_each(|site| open[site as usize] = true);
    let mut filled = fill(served, &open);
    let opened = |open: &[bool]| open[served.kept..].iter().filter(|open| **open).count();
    while opened(&open) < count && filled.unserved > WHOLE * all {
        let Some(site) = most_wanted(served, &open, &filled) else { break };
        open[site] = true;
        filled = fill(served, &open);
    }
    if goal != Goal::Fewest || filled.unserved > WHOLE * all {
        exchange(served, &mut open, &mut filled);
    }
    if goal != Goal::Most && filled.unserved > WHOLE * all {
        return Outcome::TooLarge;
    }
    let sites: Vec<u32> = (served.kept..open.len()).filter(|&site| open[site]).map(|site| site as u32).collect();
    let value = match goal {
        Goal::Most => all - filled.unserved,
        Goal::Least => filled.cost,
        Goal::Fewest => sites.len() as f64,
    };
    let proven = match goal {
        Goal::Most => value >= bound * (1.0 - WHOLE),
        Goal::Least => value <= bound * (1.0 + WHOLE),
        Goal::Fewest => value <= bound,
    };
    Outcome::Found(Allotted { sites, flows: filled.flows, value, bound, proven })
}

/// The closed site that could take most of those who are not served; of equals the lowest number.
fn most_wanted(served: &Served, open: &[bool], filled: &Filled) -> Option<usize> {
    let mut missing: Vec<f64> = served.clients.iter().map(|(weight, _)| *weight).collect();
    filled.flows.iter().for_each(|&(client, _, amount)| missing[client] -= amount);
    let mut wanted = vec![0.0; open.len()];
    for ((_, row), missing) in served.clients.iter().zip(&missing).filter(|(_, missing)| **missing > WHOLE) {
        row.iter().for_each(|entry| wanted[entry.site as usize] += missing);
    }
    let gain = |site: usize| f64::min(wanted[site], served.capacity[site]);
    let closed = (0..open.len()).filter(|&site| !open[site] && gain(site) > 0.0);
    closed.max_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(b.cmp(&a)))
}

/// Exchanges a site for one of those that its own clients would like best, as long as that helps and something is left to try.
fn exchange(served: &Served, open: &mut [bool], filled: &mut Filled) {
    let mut left = TRIED;
    let mut helped = true;
    while helped && !stop::asked() {
        helped = false;
        for out in served.kept..open.len() {
            if !open[out] {
                continue;
            }
            // What its clients would pay elsewhere; who cannot go there counts as paying most.
            let mut takes = vec![0.0; open.len()];
            for &(client, _, amount) in filled.flows.iter().filter(|flow| flow.1 as usize == out) {
                let row = &served.clients[client].1;
                let most = row.last().map_or(0.0, |entry| entry.cost) + 1.0;
                row.iter().for_each(|entry| takes[entry.site as usize] += amount * (most - entry.cost));
            }
            let mut instead: Vec<usize> = (0..open.len()).filter(|&site| !open[site] && takes[site] > 0.0).collect();
            instead.sort_by(|&a, &b| takes[b].total_cmp(&takes[a]).then(a.cmp(&b)));
            for site in instead.into_iter().take(NEAREST) {
                if left == 0 {
                    return;
                }
                left -= 1;
                (open[out], open[site]) = (false, true);
                let other = fill(served, open);
                if other.better(filled) {
                    *filled = other;
                    helped = true;
                    break;
                }
                (open[out], open[site]) = (true, false);
            }
        }
    }
}

/// The clients and sites without capacities: what each pays from a kept site, and the sites that are cheaper.
fn without_capacity(served: &Served, cost: impl Fn(f64, &Entry) -> f64, nowhere: impl Fn(f64) -> f64) -> Costs {
    let mut costs = Costs::new(served.capacity.len() - served.kept);
    for (weight, row) in &served.clients {
        let kept = row.iter().filter(|entry| (entry.site as usize) < served.kept).map(|entry| cost(*weight, entry));
        let new = row.iter().filter(|entry| entry.site as usize >= served.kept);
        let entry = |entry: &Entry| Entry { cost: cost(*weight, entry), site: entry.site - served.kept as u32 };
        costs.push(kept.fold(nowhere(*weight), f64::min), new.map(entry));
    }
    costs
}

/// The best sites were there no capacities, and the cost that nothing is below.
fn shortest(served: &Served, count: usize) -> (Vec<u32>, f64) {
    let farthest = served.clients.iter().flat_map(|(_, row)| row).map(|entry| entry.cost).fold(0.0, f64::max);
    let costs = without_capacity(served, |weight, entry| weight * entry.cost, |weight| weight * 2.0 * (farthest + 1.0));
    let solved = least::least(&costs, count, 0.0, &mut Warm::within(WORK));
    (solved.sites.iter().map(|site| site + served.kept as u32).collect(), solved.bound)
}

/// What so many sites serve at the most: no more than they have places for, and no more than without capacities.
fn most(served: &Served, count: usize) -> f64 {
    let costs = without_capacity(served, |_, _| 0.0, |weight| weight);
    let all: f64 = served.clients.iter().map(|(weight, _)| weight).sum();
    let missed = least::least(&costs, count, 0.0, &mut Warm::within(WORK)).bound;
    (all - missed.max(0.0)).min(places(served, count))
}

/// How many are places in what is kept and in so many sites, at the most.
fn places(served: &Served, count: usize) -> f64 {
    let (kept, new) = served.capacity.split_at(served.kept);
    let mut new = new.to_vec();
    new.sort_by(|a, b| b.total_cmp(a));
    kept.iter().sum::<f64>() + new.iter().take(count).sum::<f64>()
}

/// How few sites can be enough: for the places, and for the reach.
fn bound_of_count(served: &Served, all: f64) -> usize {
    let sites = served.capacity.len() - served.kept;
    let for_places = (0..=sites).find(|&count| places(served, count) >= all * (1.0 - WHOLE)).unwrap_or(sites);
    let unkept = |row: &[Entry]| row.iter().all(|entry| entry.site as usize >= served.kept);
    let rows: Vec<Vec<u32>> = served
        .clients
        .iter()
        .filter(|(_, row)| unkept(row) && !row.is_empty())
        .map(|(_, row)| row.iter().map(|entry| entry.site - served.kept as u32).collect())
        .collect();
    cover::fewest(&rows, sites, None).bound.max(for_places)
}
