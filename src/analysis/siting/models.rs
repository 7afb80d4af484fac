//! The four models, put to `crate::siting`.

use std::collections::BTreeMap;

use super::limited::with_capacity;
use super::question::{Model, Question};
use crate::fault::Fault;
use crate::siting::least::{self, Warm};
use crate::siting::{Costs, Entry, Solved, centre, cover};
use crate::stop;

/// A point of the budget curve: what so many sites come to at best.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// How many sites.
    pub n: usize,
    /// How much of what is to be served is within the reach then.
    pub covered: f64,
    /// Mean (p-median) or farthest (p-centre) way, metres or seconds.
    pub way: Option<f64>,
    /// What may remain to the optimum, as a part of it.
    pub gap: f64,
}

/// What to build.
pub struct Plan {
    /// The sites, in the order in which to build them.
    pub order: Vec<u32>,
    /// What may remain to the optimum, as a part of it.
    pub gap: f64,
    /// Whether no choice is better.
    pub proven: bool,
    /// What 1, 2 … n sites come to; empty where their number is the answer.
    pub curve: Vec<Budget>,
    /// Mean or farthest way, metres or seconds.
    pub way: Option<f64>,
    /// Who goes where, where sites can be full: client, site (None: one that is there), how much.
    pub flows: Option<Vec<(usize, Option<u32>, f64)>>,
    /// How much of what is to be served what is there serves already.
    pub before: f64,
}

/// What the model comes to.
pub fn solve(question: &Question<'_>) -> Result<Plan, Fault> {
    if question.capacity > 0.0 {
        return with_capacity(question);
    }
    Ok(match question.model {
        Model::Most => most(question),
        Model::Fewest => fewest(question),
        Model::Median => median(question),
        Model::Centre => farthest(question),
    })
}

/// A part of what there is to gain or to pay; 0 of nothing.
pub(super) fn part(of: f64, all: f64) -> f64 {
    if all > 0.0 { (of / all).max(0.0) } else { 0.0 }
}

/// Clients with the same sites count as one.
fn grouped(question: &Question<'_>) -> BTreeMap<Vec<u32>, f64> {
    let mut groups = BTreeMap::new();
    for (client, sites) in question.reached_from().into_iter().enumerate() {
        if !question.served[client] && !sites.is_empty() {
            *groups.entry(sites).or_insert(0.0) += question.demand.weights()[client];
        }
    }
    groups
}

fn most(question: &Question<'_>) -> Plan {
    let before = question.weight_of(&question.served);
    let mut costs = Costs::new(question.sites.ids.len());
    for (sites, weight) in grouped(question) {
        costs.push(weight, sites.into_iter().map(|site| Entry { cost: 0.0, site }));
    }
    let reachable: f64 = costs.rows().map(|(weight, _)| weight).sum();
    let whole = question.demand.weights().iter().all(|weight| weight.fract() == 0.0);
    let (last, curve) = budgets(
        question,
        |n, warm| least::least(&costs, n, f64::from(u8::from(whole)), warm),
        |solved| {
            let (covered, bound) = (before + reachable - solved.cost, before + reachable - solved.bound);
            (covered, None, part(bound - covered, bound))
        },
    );
    // A site that adds nothing is not built.
    let gain = |site: u32, covered: &[bool]| {
        let new = question.within[site as usize].iter().filter(|&&client| !covered[client as usize]);
        new.map(|&client| question.demand.weights()[client as usize]).sum::<f64>()
    };
    plan(question, last.proven, curve, ordered(question, last.sites, gain, true))
}

fn fewest(question: &Question<'_>) -> Plan {
    let rows: Vec<Vec<u32>> = grouped(question).into_keys().collect();
    let found = cover::fewest(&rows, question.sites.ids.len(), None);
    let gain = |site: u32, covered: &[bool]| {
        let new = question.within[site as usize].iter().filter(|&&client| !covered[client as usize]);
        new.map(|&client| question.demand.weights()[client as usize]).sum::<f64>()
    };
    let count = found.sites.len();
    let gap = part(count as f64 - found.bound as f64, count as f64);
    let order = ordered(question, found.sites, gain, false);
    Plan {
        order,
        gap,
        proven: count == found.bound,
        curve: Vec::new(),
        way: None,
        flows: None,
        before: question.weight_of(&question.served),
    }
}

fn median(question: &Question<'_>) -> Plan {
    let paid = question.costs(true);
    let (last, curve) = budgets(
        question,
        |n, warm| least::least(&paid.costs, n, 0.0, warm),
        |solved| {
            let covered = question.weight_of(&question.covered(&solved.sites));
            (covered, Some(paid.mean(&solved.sites)), part(solved.cost - solved.bound, solved.cost))
        },
    );
    shortened(question, &paid.costs, last, curve)
}

fn farthest(question: &Question<'_>) -> Plan {
    let paid = question.costs(false);
    let (last, curve) = budgets(
        question,
        |n, _| centre::farthest(&paid.costs, n),
        |solved| {
            let covered = question.weight_of(&question.covered(&solved.sites));
            (covered, Some(paid.farthest(&solved.sites)), part(solved.cost - solved.bound, solved.cost))
        },
    );
    shortened(question, &paid.costs, last, curve)
}

/// The plan of a model that shortens ways: first what shortens them most.
fn shortened(question: &Question<'_>, costs: &Costs, last: Solved, curve: Vec<Budget>) -> Plan {
    let mut now: Vec<f64> = (0..costs.clients()).map(|client| costs.base(client)).collect();
    let mut left = last.sites;
    let mut order = Vec::new();
    while !left.is_empty() {
        let open = costs.open(&left);
        let mut saves = vec![0.0; costs.sites()];
        for (client, now) in now.iter().enumerate() {
            for entry in costs.row(client).iter().take_while(|entry| entry.cost < *now) {
                if open[entry.site as usize] {
                    saves[entry.site as usize] += now - entry.cost;
                }
            }
        }
        let Some((at, &site)) = left
            .iter()
            .enumerate()
            .max_by(|a, b| saves[*a.1 as usize].total_cmp(&saves[*b.1 as usize]).then(b.1.cmp(a.1)))
        else {
            break;
        };
        left.remove(at);
        if saves[site as usize] <= 0.0 {
            continue;
        }
        order.push(site);
        for (client, now) in now.iter_mut().enumerate() {
            if let Some(entry) = costs.row(client).iter().find(|entry| entry.site == site) {
                *now = now.min(entry.cost);
            }
        }
    }
    plan(question, last.proven, curve, order)
}

fn plan(question: &Question<'_>, proven: bool, curve: Vec<Budget>, order: Vec<u32>) -> Plan {
    let last = curve.last().copied();
    let gap = if proven { 0.0 } else { last.map_or(0.0, |last| last.gap) };
    Plan {
        order,
        gap,
        proven,
        way: last.and_then(|last| last.way),
        curve,
        flows: None,
        before: question.weight_of(&question.served),
    }
}

/// Solves for 1, 2 … n sites, each from where the one before ended; `read` says covered, way and gap.
fn budgets(
    question: &Question<'_>,
    mut solve: impl FnMut(usize, &mut Warm) -> Solved,
    read: impl Fn(&Solved) -> (f64, Option<f64>, f64),
) -> (Solved, Vec<Budget>) {
    let mut warm = Warm::default();
    let mut all: Vec<Solved> = Vec::new();
    for n in (1..=question.n).take_while(|_| !stop::asked()) {
        // Half of the work is for what was asked; the rest of the curve shares the other half.
        warm.work = least::WORK / if n == question.n { 2 } else { 2 * question.n };
        all.push(solve(n, &mut warm));
    }
    // What more sites cannot come below, fewer cannot either.
    let mut bound = f64::NEG_INFINITY;
    for solved in all.iter_mut().rev() {
        bound = bound.max(solved.bound).min(solved.cost);
        solved.bound = bound;
    }
    let budget = |(n, solved): (usize, &Solved)| {
        let (covered, way, gap) = read(solved);
        Budget { n, covered, way, gap: if solved.proven { 0.0 } else { gap } }
    };
    let curve = (1..).zip(&all).map(budget).collect();
    (all.pop().unwrap_or(Solved { sites: Vec::new(), cost: 0.0, bound: 0.0, proven: true }), curve)
}

/// Sites in the order of what they add to those before; of equals the lower number first. `only`: without those that add nothing.
fn ordered(question: &Question<'_>, sites: Vec<u32>, gain: impl Fn(u32, &[bool]) -> f64, only: bool) -> Vec<u32> {
    let (mut left, mut order) = (sites, Vec::new());
    let mut covered = question.served.clone();
    while !left.is_empty() {
        let gains: Vec<f64> = left.iter().map(|&site| gain(site, &covered)).collect();
        let best = (0..left.len()).max_by(|&a, &b| gains[a].total_cmp(&gains[b]).then(left[b].cmp(&left[a])));
        let Some(at) = best else { break };
        let site = left.remove(at);
        if only && gains[at] <= 0.0 {
            break;
        }
        question.within[site as usize].iter().for_each(|&client| covered[client as usize] = true);
        order.push(site);
    }
    order
}
