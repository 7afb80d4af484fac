//! The models where a site can be full.

use std::collections::BTreeMap;

use super::models::{Budget, Plan, part};
use super::question::{Model, Question};
use crate::fault::Fault;
use crate::siting::Entry;
use crate::siting::capacity::{self, Allotted, Goal, Served};

/// The models where a site can be full.
pub(super) fn with_capacity(question: &Question<'_>) -> Result<Plan, Fault> {
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
