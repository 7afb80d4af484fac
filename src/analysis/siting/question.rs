//! What is asked, with all that is measured for it.

use rayon::prelude::*;

use super::PAIRS;
use super::demand::{Demand, Facilities};
use super::ground::Sites;
use super::models::part;
use super::ways::Ways;
use crate::analysis::Bound;
use crate::fault::Fault;
use crate::siting::{Costs, Entry};
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
    pub(super) within_existing: Vec<Vec<u32>>,
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
    pub(super) fn reached_from(&self) -> Vec<Vec<u32>> {
        let mut from = vec![Vec::new(); self.demand.len()];
        for (site, clients) in self.within.iter().enumerate() {
            clients.iter().for_each(|&client| from[client as usize].push(site as u32));
        }
        from
    }

    /// What every way costs, each counted by its weight or once.
    pub(super) fn costs(&self, weighted: bool) -> Paid {
        let (today, stop) = (self.ways.today(), stop::current());
        let rows: Vec<(f64, f64, Vec<Entry>)> = (0..self.demand.len())
            .into_par_iter()
            .map(|client| {
                if stop.is_raised() {
                    return (0.0, 0.0, Vec::new());
                }
                let weight = if weighted { self.demand.weights()[client] } else { 1.0 };
                let way = |site: u32| (site, self.way(site, client));
                let ways = (0..self.sites.ids.len() as u32).map(way).filter(|(_, way)| way.is_finite());
                let mut farthest: f64 = 0.0;
                let entry = |(site, way): (u32, f64)| {
                    farthest = farthest.max(way);
                    Entry { cost: weight * way, site }
                };
                let row = ways.map(entry).collect();
                (farthest, weight, row)
            })
            .collect();
        // Who has nowhere to go today goes farther than anybody to any candidate.
        let nowhere = 2.0 * rows.iter().map(|(farthest, ..)| *farthest).fold(0.0, f64::max) + 1_000.0;
        let mut paid = Paid { costs: Costs::new(self.sites.ids.len()), weights: Vec::new(), somewhere: Vec::new() };
        for (client, (_, weight, row)) in rows.into_iter().enumerate() {
            // To whom no way leads at all is nobody's burden.
            if today[client].is_some() || !row.is_empty() {
                paid.costs.push(weight * today[client].unwrap_or(nowhere), row);
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
pub(super) struct Paid {
    pub(super) costs: Costs,
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

    pub(super) fn mean(&self, sites: &[u32]) -> f64 {
        let (cost, weight) = self.ways(sites).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        part(cost, weight)
    }

    pub(super) fn farthest(&self, sites: &[u32]) -> f64 {
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
