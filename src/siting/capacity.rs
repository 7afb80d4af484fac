//! Sites that can take so many and no more: which to open, and who goes where. Solved by HiGHS as it stands; a client may be
//! divided between sites, as a village is. What is too large for that is [`rough`].

use highs::Col;

use super::costs::Entry;
use super::milp::{Ended, Milp};
use super::rough;
use crate::stop;

/// A larger model is not tried exactly.
const ENTRIES: usize = 600_000;
/// Nodes and factors, multiplied: the work that HiGHS may do.
const WORK: usize = 200_000_000;

/// How much more it is worth to be served by what is there: less than any difference that is told.
const THERE: f64 = 1e-7;

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// That most are served, with so many sites.
    Most,
    /// That all are served at the least cost, with so many sites.
    Least,
    /// That all are served by the fewest sites, of so many at the most.
    Fewest,
}

/// Who is to be served, from where, and how many each site takes.
pub struct Served {
    /// How much of it each client is, and the sites that may serve it, with what a unit costs.
    pub clients: Vec<(f64, Vec<Entry>)>,
    /// How much each site takes.
    pub capacity: Vec<f64>,
    /// The first so many sites are open already and stay.
    pub kept: usize,
}

/// A choice of sites and who goes where.
#[derive(Clone, Debug)]
pub struct Allotted {
    /// The sites that are opened, ascending.
    pub sites: Vec<u32>,
    /// Client, site and how much of the client goes there.
    pub flows: Vec<(usize, u32, f64)>,
    /// Served (for `Most`, which is to be high), cost or count.
    pub value: f64,
    /// No choice comes to more (less, where little is wanted).
    pub bound: f64,
    /// Whether it is proven that none is better.
    pub proven: bool,
}

/// How it ended.
pub enum Outcome {
    /// With a choice.
    Found(Allotted),
    /// Nothing does: there are too few places.
    Impossible,
    /// Too much for the work allowed.
    TooLarge,
}

/// The best choice of `count` sites.
pub fn best(served: &Served, count: usize, goal: Goal) -> Outcome {
    let pairs: usize = served.clients.iter().map(|(_, row)| row.len()).sum();
    if pairs * 4 > ENTRIES {
        return rough::best(served, count, goal);
    }
    let mut milp = Milp::default();
    let opening = if goal == Goal::Fewest { 1.0 } else { 0.0 };
    let sites: Vec<Option<Col>> =
        (0..served.capacity.len()).map(|site| (site >= served.kept).then(|| milp.binary(opening))).collect();
    let mut flows: Vec<(usize, u32)> = Vec::new();
    let mut into: Vec<Vec<(Col, f64)>> = vec![Vec::new(); sites.len()];
    let mut ties: Vec<(Col, Col, f64)> = Vec::new();
    for (client, (weight, row)) in served.clients.iter().enumerate() {
        let mut out = Vec::new();
        for entry in row {
            let cost = match goal {
                // Of equals what uses the places that there are: only what they cannot take is gained.
                Goal::Most if (entry.site as usize) < served.kept => -1.0 - THERE,
                Goal::Most => -1.0,
                Goal::Least => entry.cost,
                Goal::Fewest => 0.0,
            };
            let flow = milp.share(cost, *weight);
            flows.push((client, entry.site));
            out.push((flow, 1.0));
            into[entry.site as usize].push((flow, 1.0));
            if let Some(open) = sites[entry.site as usize] {
                ties.push((flow, open, *weight));
            }
        }
        if goal == Goal::Most { milp.at_most(*weight, &out) } else { milp.exactly(*weight, &out) }
    }
    for (site, mut row) in into.into_iter().enumerate() {
        let capacity = served.capacity[site];
        match sites[site] {
            Some(open) => {
                row.push((open, -capacity));
                milp.at_most(0.0, &row);
            }
            None => milp.at_most(capacity, &row),
        }
    }
    // Implied, and what makes the relaxation worth anything.
    for (flow, open, weight) in ties {
        milp.at_most(0.0, &[(flow, 1.0), (open, -weight)]);
    }
    let all: Vec<(Col, f64)> = sites.iter().flatten().map(|&open| (open, 1.0)).collect();
    milp.at_most(count as f64, &all);
    let nodes = (WORK / milp.entries().max(1)).clamp(20, 20_000);
    let sign = if goal == Goal::Most { -1.0 } else { 1.0 };
    let read = |values: &[f64], bound: Option<f64>| {
        let (opened, moved) = values.split_at(all.len());
        let first = served.kept as u32;
        let sites: Vec<u32> = (first..).zip(opened).filter(|(_, value)| **value > 0.5).map(|(site, _)| site).collect();
        let amounts = flows.iter().zip(moved).filter(|(_, amount)| **amount > 1e-6);
        let flows: Vec<_> = amounts.map(|(&(client, site), &amount)| (client, site, amount)).collect();
        let value = match goal {
            Goal::Most => flows.iter().map(|flow| flow.2).sum(),
            Goal::Fewest => sites.len() as f64,
            Goal::Least => {
                let unit = |client: usize, site: u32| {
                    let row = &served.clients[client].1;
                    row.iter().find(|entry| entry.site == site).map_or(0.0, |entry| entry.cost)
                };
                flows.iter().map(|&(client, site, amount)| amount * unit(client, site)).sum()
            }
        };
        Outcome::Found(Allotted { sites, flows, value, bound: bound.unwrap_or(value), proven: bound.is_none() })
    };
    match milp.solve(nodes) {
        Some(Ended::Optimal(values)) => read(&values, None),
        Some(Ended::Stopped(Some(values), bound)) => read(&values, Some(bound * sign)),
        Some(Ended::Infeasible) => Outcome::Impossible,
        Some(Ended::Stopped(None, _)) | None => rough::best(served, count, goal),
    }
}

/// How much the kept sites serve by themselves, at the most.
pub fn by_kept(served: &Served) -> f64 {
    let of_kept = |row: &[Entry]| row.iter().copied().filter(|entry| (entry.site as usize) < served.kept).collect();
    let clients = served.clients.iter().map(|(weight, row)| (*weight, of_kept(row))).collect();
    match best(&Served { clients, capacity: served.capacity.clone(), kept: served.kept }, 0, Goal::Most) {
        Outcome::Found(found) => found.value,
        Outcome::Impossible | Outcome::TooLarge => 0.0,
    }
}

/// The choice of `count` sites with the least farthest way, all served: halved among the ways that occur.
pub fn farthest(served: &Served, count: usize) -> Outcome {
    let mut steps: Vec<f64> = served.clients.iter().flat_map(|(_, row)| row.iter().map(|entry| entry.cost)).collect();
    steps.sort_unstable_by(f64::total_cmp);
    steps.dedup();
    let within = |most: f64| {
        let clients: Vec<(f64, Vec<Entry>)> = served
            .clients
            .iter()
            .map(|(weight, row)| (*weight, row.iter().copied().filter(|entry| entry.cost <= most).collect()))
            .collect();
        if clients.iter().any(|(_, row): &(f64, Vec<Entry>)| row.is_empty()) {
            return Outcome::Impossible;
        }
        best(&Served { clients, capacity: served.capacity.clone(), kept: served.kept }, count, Goal::Fewest)
    };
    let (mut low, mut high, mut impossible) = (0, steps.len(), 0);
    let mut found = None;
    while low < high && !stop::asked() {
        let middle = usize::midpoint(low, high);
        match within(steps[middle]) {
            Outcome::Found(allotted) => {
                found = Some((steps[middle], allotted));
                high = middle;
            }
            Outcome::Impossible => {
                impossible = middle + 1;
                low = middle + 1;
            }
            Outcome::TooLarge => low = middle + 1,
        }
    }
    match found {
        Some((value, allotted)) => {
            let bound = steps.get(impossible).map_or(value, |&step| step.min(value));
            Outcome::Found(Allotted { value, bound, proven: bound >= value, ..allotted })
        }
        None if impossible == steps.len() => Outcome::Impossible,
        None => Outcome::TooLarge,
    }
}
