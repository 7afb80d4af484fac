//! The four models, put to `crate::siting`.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::PAIRS;
use super::demand::{Demand, Facilities};
use super::ground::Sites;
use super::ways::Ways;
use crate::analysis::Bound;
use crate::fault::Fault;
use crate::siting::capacity::{self, Allotted, Goal, Served};
use crate::siting::least::{self, Warm};
use crate::siting::{Costs, Entry, Solved, centre, cover};
use crate::stop;

/// What is to be best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Most within the reach.
    Most,
    /// All within the reach, by the fewest sites.
    Fewest,
    /// The least sum of all ways.
    Median,
    /// The least farthest way.
    Centre,
}

/// A question, with all that is measured for it.
pub struct Question<'a> {
    /// Which model.
    pub model: Model,
    /// How many sites.
    pub n: usize,
    /// How many each takes; 0: any number.
    pub capacity: f64,
    /// Who is to be served.
    pub demand: &'a Demand,
    /// Where one may build.
    pub sites: &'a Sites,
    /// What there is.
    pub facilities: &'a Facilities<'a>,
    /// Who is within the reach of each site.
    pub within: Vec<Vec<u32>>,
    /// Whom something there is reaches already.
    pub served: Vec<bool>,
    /// How far it is.
    pub ways: Ways<'a>,
    /// The facilities within the reach of each client, where they can be full.
    within_existing: Vec<Vec<u32>>,
}

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

impl<'a> Question<'a> {
    /// Measures what the model asks for.
    pub fn new(
        bound: &Bound,
        demand: &'a Demand,
        sites: &'a Sites,
        facilities: &'a Facilities<'a>,
    ) -> Result<Self, Fault> {
        let model = match bound.text("model") {
            "lscp" => Model::Fewest,
            "p-median" => Model::Median,
            "p-centre" => Model::Centre,
            _ => Model::Most,
        };
        let all = matches!(model, Model::Median | Model::Centre);
        if all {
            let there = if facilities.kept { facilities.rows.len() } else { 0 };
            measurable(demand, sites, demand.len() * (sites.ids.len() + there))?;
        }
        let ways = Ways::new(bound, demand, sites, facilities, all)?;
        let mut served = vec![false; demand.len()];
        let mut within_existing = vec![Vec::new(); demand.len()];
        if facilities.kept {
            for (facility, clients) in ways.within_existing().iter().enumerate() {
                for &client in clients {
                    served[client as usize] = true;
                    within_existing[client as usize].push(facility as u32);
                }
            }
        }
        let question = Self {
            model,
            n: (bound.number("n") as usize).min(sites.ids.len()),
            capacity: bound.number("capacity"),
            demand,
            sites,
            facilities,
            within: ways.within_sites(),
            served,
            ways,
            within_existing,
        };
        measurable(demand, sites, question.within.iter().map(Vec::len).sum())?;
        Ok(question)
    }

    /// How far it is from a client to a site, metres or seconds; infinite where no way leads.
    pub fn way(&self, site: u32, client: usize) -> f64 {
        self.ways.way(site, client)
    }

    /// Who goes to which of these sites: the nearest for each client, where that is nearer than what is there; and within the reach,
    /// where that is what counts. Client, place in `order`, way.
    pub fn nearest_of(&self, order: &[u32]) -> Vec<(usize, usize, f64)> {
        let near = matches!(self.model, Model::Most | Model::Fewest);
        let mut best: Vec<Option<(f64, u32, usize)>> = vec![None; self.demand.len()];
        let mut look = |client: usize, at: usize| {
            let one = (self.way(order[at], client), order[at], at);
            if best[client].is_none_or(|other| (one.0, one.1) < (other.0, other.1)) {
                best[client] = Some(one);
            }
        };
        for (at, &site) in order.iter().enumerate() {
            if near {
                let new = self.within[site as usize].iter().filter(|&&client| !self.served[client as usize]);
                new.for_each(|&client| look(client as usize, at));
            } else {
                (0..self.demand.len()).for_each(|client| look(client, at));
            }
        }
        let today = if near { vec![None; self.demand.len()] } else { self.ways.today() };
        let new = best.into_iter().zip(today).enumerate();
        new.filter_map(|(client, (best, today))| {
            let (way, _, at) = best.filter(|best| best.0.is_finite())?;
            today.is_none_or(|today| way < today).then_some((client, at, way))
        })
        .collect()
    }

    /// Whether somebody who goes to a site (None: to what is there) is within the reach there.
    pub fn is_within(&self, client: usize, site: Option<u32>) -> bool {
        match site {
            Some(site) => self.within[site as usize].binary_search(&(client as u32)).is_ok(),
            None => self.served[client],
        }
    }

    /// The sites within whose reach each client is.
    fn reached_from(&self) -> Vec<Vec<u32>> {
        let mut from = vec![Vec::new(); self.demand.len()];
        for (site, clients) in self.within.iter().enumerate() {
            clients.iter().for_each(|&client| from[client as usize].push(site as u32));
        }
        from
    }

    /// What every way costs, each counted by its weight or once.
    fn costs(&self, weighted: bool) -> Paid {
        let (today, stop) = (self.ways.today(), stop::current());
        let rows: Vec<(f64, f64, Vec<Entry>)> = (0..self.demand.len())
            .into_par_iter()
            .map(|client| {
                if stop.is_raised() {
                    return (0.0, 0.0, Vec::new());
                }
                let weight = if weighted { self.demand.weights()[client] } else { 1.0 };
                let entry = |site: u32| Entry { cost: weight * self.way(site, client), site };
                let row = (0..self.sites.ids.len() as u32).map(entry).filter(|entry| entry.cost.is_finite());
                let row: Vec<Entry> = row.collect();
                // Who has nowhere to go today goes farther than to any candidate.
                let nowhere = || 2.0 * row.iter().map(|entry| entry.cost).fold(0.0, f64::max) + weight * 1_000.0;
                (today[client].map_or_else(nowhere, |far_m| weight * far_m), weight, row)
            })
            .collect();
        let mut paid = Paid { costs: Costs::new(self.sites.ids.len()), weights: Vec::new(), somewhere: Vec::new() };
        for (client, (base, weight, row)) in rows.into_iter().enumerate() {
            // To whom no way leads at all is nobody's burden.
            if today[client].is_some() || !row.is_empty() {
                paid.costs.push(base, row);
                paid.weights.push(weight);
                paid.somewhere.push(today[client].is_some());
            }
        }
        paid
    }

    /// What of the demand is within the reach of these sites or of what is there.
    pub fn covered(&self, sites: &[u32]) -> Vec<bool> {
        let mut covered = self.served.clone();
        for &site in sites {
            self.within[site as usize].iter().for_each(|&client| covered[client as usize] = true);
        }
        covered
    }

    /// The weight of those.
    pub fn weight_of(&self, covered: &[bool]) -> f64 {
        covered.iter().zip(self.demand.weights()).filter(|(covered, _)| **covered).map(|(_, weight)| weight).sum()
    }
}

/// Ways as costs.
struct Paid {
    costs: Costs,
    /// What each client counts.
    weights: Vec<f64>,
    /// Whether it has somewhere to go as things are.
    somewhere: Vec<bool>,
}

impl Paid {
    /// The ways of all who have somewhere to go where these sites are open: what is paid, and what they count.
    fn ways<'p>(&'p self, sites: &[u32]) -> impl Iterator<Item = (f64, f64)> + 'p {
        let open = self.costs.open(sites);
        self.costs.rows().enumerate().filter_map(move |(client, (base, row))| {
            let site = row.iter().find(|entry| open[entry.site as usize]).map(|entry| entry.cost);
            let cost = site.or_else(|| self.somewhere[client].then_some(base))?;
            Some((cost, self.weights[client]))
        })
    }

    fn mean(&self, sites: &[u32]) -> f64 {
        let (cost, weight) = self.ways(sites).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        part(cost, weight)
    }

    fn farthest(&self, sites: &[u32]) -> f64 {
        self.ways(sites).map(|way| way.0).fold(0.0, f64::max)
    }
}

fn measurable(demand: &Demand, sites: &Sites, pairs: usize) -> Result<(), Fault> {
    if pairs <= PAIRS {
        return Ok(());
    }
    Err(Fault::unprocessable("siting-too-large")
        .with("clients", demand.len())
        .with("candidates", sites.ids.len())
        .with("pairs", pairs)
        .with("most", PAIRS))
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
fn part(of: f64, all: f64) -> f64 {
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

/// The models where a site can be full.
fn with_capacity(question: &Question<'_>) -> Result<Plan, Fault> {
    let kept = if question.facilities.kept { question.facilities.rows.len() } else { 0 };
    let weights = question.demand.weights();
    let near = matches!(question.model, Model::Most | Model::Fewest);
    // Sites stand behind what is kept.
    let rows: Vec<Vec<Entry>> = if near {
        let from = question.reached_from();
        let row = |(sites, facilities): (&Vec<u32>, &Vec<u32>)| {
            let kept_first = facilities.iter().copied().chain(sites.iter().map(|&site| site + kept as u32));
            kept_first.map(|site| Entry { cost: 0.0, site }).collect()
        };
        from.iter().zip(&question.within_existing).map(row).collect()
    } else {
        let far = |client: usize, site: u32| match (site as usize).checked_sub(kept) {
            Some(site) => question.way(site as u32, client),
            None => question.ways.existing_way(site, client),
        };
        let all = (kept + question.sites.ids.len()) as u32;
        let row = |client: usize| {
            (0..all)
                .map(|site| Entry { cost: far(client, site), site })
                .filter(|entry| entry.cost.is_finite())
                .collect()
        };
        (0..question.demand.len()).map(row).collect()
    };
    // Clients of the same sites at the same costs go together.
    let mut groups: BTreeMap<Vec<(u32, u64)>, Vec<usize>> = BTreeMap::new();
    for (client, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
        let key = row.iter().map(|entry| (entry.site, entry.cost.to_bits())).collect();
        groups.entry(key).or_default().push(client);
    }
    let members: Vec<Vec<usize>> = groups.into_values().collect();
    let sum = |group: &Vec<usize>| group.iter().map(|&client| weights[client]).sum::<f64>();
    let clients = members.iter().map(|group| (sum(group), rows[group[0]].clone())).collect();
    let capacity = vec![question.capacity; kept + question.sites.ids.len()];
    let served = Served { clients, capacity, kept };
    // What is there serves no more than it has places for, and nobody beyond the reach.
    let before = if near { capacity::by_kept(&served) } else { question.weight_of(&question.served) };
    let flows_of = |allotted: &Allotted| {
        let mut flows = Vec::new();
        for &(group, site, amount) in &allotted.flows {
            let site = (site as usize).checked_sub(kept).map(|site| site as u32);
            let all = sum(&members[group]);
            flows.extend(members[group].iter().map(|&client| (client, site, amount * weights[client] / all)));
        }
        flows
    };
    let solve = |n: usize| match question.model {
        Model::Most => capacity::best(&served, n, Goal::Most),
        Model::Fewest => capacity::best(&served, question.sites.ids.len(), Goal::Fewest),
        Model::Median => capacity::best(&served, n, Goal::Least),
        Model::Centre => capacity::farthest(&served, n),
    };
    let all: f64 = weights.iter().sum();
    let mut curve = Vec::new();
    let mut last = None;
    let counts = if question.model == Model::Fewest { question.n..=question.n } else { 1..=question.n };
    for n in counts {
        match solve(n) {
            capacity::Outcome::Found(found) => {
                let within = flows_of(&found).into_iter().filter(|&(client, site, _)| question.is_within(client, site));
                let covered: f64 = within.map(|flow| flow.2).sum();
                let gap = part((found.bound - found.value).abs(), found.bound.max(found.value));
                let way = match question.model {
                    Model::Median => Some(part(found.value, all)),
                    Model::Centre => Some(found.value),
                    _ => None,
                };
                curve.push(Budget { n, covered, way, gap: if found.proven { 0.0 } else { gap } });
                last = Some(found);
            }
            capacity::Outcome::Impossible => {}
            capacity::Outcome::TooLarge => return Err(too_large(question)),
        }
    }
    let Some(found) = last else {
        let places = question.capacity * (kept + question.n) as f64;
        return Err(Fault::unprocessable("siting-too-little-capacity")
            .with("capacity", question.capacity)
            .with("places", places)
            .with("demand", all));
    };
    let flows = flows_of(&found);
    let mut loads: BTreeMap<u32, f64> = BTreeMap::new();
    flows.iter().filter_map(|&(_, site, amount)| Some((site?, amount))).for_each(|(site, amount)| {
        *loads.entry(site).or_default() += amount;
    });
    // What the solver leaves behind the sixth place is arithmetic.
    loads.values_mut().for_each(|load| *load = (*load * 1e6).round() / 1e6);
    // Whom most go to stands first; nobody needs a site to which nobody goes.
    let mut order: Vec<u32> = loads.keys().copied().collect();
    order.sort_by(|a, b| loads[b].total_cmp(&loads[a]).then(a.cmp(b)));
    let gap = curve.last().map_or(0.0, |last| last.gap);
    let way = curve.last().and_then(|last| last.way);
    if question.model == Model::Fewest {
        curve.clear();
    }
    Ok(Plan { order, gap, proven: found.proven, curve, way, flows: Some(flows), before })
}

fn too_large(question: &Question<'_>) -> Fault {
    Fault::unprocessable("siting-too-large-for-capacity")
        .with("clients", question.demand.len())
        .with("candidates", question.sites.ids.len())
}
