//! What the plan means: site by site in the order of building, and in figures.

use serde_json::json;

use super::models::Plan;
use super::properties;
use super::question::{Model, Question};
use crate::analysis::by_road::{self, Measure};
use crate::analysis::definition::Outcome;
use crate::analysis::{Bound, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::query::SortKey;
use crate::table::{Builder, Table, Value};

/// What one site comes to.
#[derive(Clone, Default)]
struct Site {
    gain_households: f64,
    gain_people: f64,
    covered_households: f64,
    covered: f64,
    assigned_households: f64,
    assigned: f64,
    ways: f64,
}

/// Ways to single households are told to the ten metres, or to the six seconds: a distance that can be asked for to the millimetre
/// says where somebody lives.
const TEN_M: f64 = 10.0;
const SIX_S: f64 = 0.1;

/// The answer in features and figures.
pub fn outcome(bound: &Bound, question: &Question<'_>, plan: &Plan, barred: usize) -> Result<Outcome, Fault> {
    let villages = bound.layer("villages")?.table();
    let sites = if plan.flows.is_some() { filled(question, plan) } else { reached(question, plan) };
    let all: f64 = question.demand.weights().iter().sum();
    let measure = question.ways.measure;
    let told = |way: f64| match (question.demand.counted, measure) {
        (true, Measure::Drive) => round_mm((measure.told(way) / SIX_S).round() * SIX_S),
        (true, _) => (way / TEN_M).round() * TEN_M,
        (false, _) => round_mm(measure.told(way)),
    };
    let whole = |x: f64| Value::Int(x.round() as i64);
    let mut builder =
        Builder::new(properties().into_iter().filter(|one| !other(measure).contains(&&one.name[..])).collect());
    for (at, (&number, site)) in plan.order.iter().zip(&sites).enumerate() {
        let shape = question.sites.places.shape(number);
        let id = question.sites.ids[number as usize].as_str();
        let village = shape.coords().first().and_then(|&point| village_of(villages, point));
        let existing = question.ways.nearest_existing(number);
        let use_of_it = site.assigned / question.capacity;
        builder.push(
            id,
            [
                Value::Int(at as i64 + 1),
                village.map_or(Value::Null, |row| villages.row(row).named("name")),
                whole(site.gain_households),
                if question.demand.by_people { whole(site.gain_people) } else { Value::Null },
                whole(site.covered_households),
                Value::Float(round_mm(site.covered / all)),
                whole(site.assigned_households),
                if site.assigned > 0.0 { Value::Float(told(site.ways / site.assigned)) } else { Value::Null },
                if question.capacity > 0.0 { Value::Float(round_mm(use_of_it)) } else { Value::Null },
                existing.map_or(Value::Null, |(row, _)| Value::Text(question.facilities.table.row(row).id())),
                existing.map_or(Value::Null, |(_, far)| Value::Float(round_mm(measure.told(far)))),
                if question.sites.given[number as usize] { Value::Text(id) } else { Value::Null },
            ],
        );
        builder.geometries.push_shape(shape);
    }
    let mut figures = figures(question, plan, &sites, barred, told);
    figures.extend(by_road::figures(bound)?);
    Ok(Outcome { table: builder.finish(vec![SortKey::up("rank")]), figures })
}

/// The properties that are told under another measure.
fn other(measure: Measure) -> [&'static str; 2] {
    [measure.named("assigned_mean_min", "assigned_mean_m"), measure.named("facility_min", "facility_m")]
}

/// The village on whose ground a point lies; on a shared border the first.
fn village_of(villages: &Table, point: [f64; 2]) -> Option<u32> {
    let mut holder: Option<u32> = None;
    villages.index().search(&crate::geo::bbox::Bbox::point(point), |row| {
        if villages.shape(row).contains(point) {
            holder = Some(holder.map_or(row, |other| other.min(row)));
        }
    });
    holder
}

/// Sites that take any number: who is newly within the reach, and to whom it is the nearest.
fn reached(question: &Question<'_>, plan: &Plan) -> Vec<Site> {
    let demand = question.demand;
    let mut covered = question.served.clone();
    let mut running = Site::default();
    for client in (0..demand.len()).filter(|&client| covered[client]) {
        running.covered_households += demand.households[client];
        running.covered += demand.weights()[client];
    }
    let mut sites = Vec::new();
    for &site in &plan.order {
        let mut one = Site::default();
        for &client in &question.within[site as usize] {
            let client = client as usize;
            if !std::mem::replace(&mut covered[client], true) {
                one.gain_households += demand.households[client];
                one.gain_people += demand.people[client];
                running.covered_households += demand.households[client];
                running.covered += demand.weights()[client];
            }
        }
        sites.push(Site { covered_households: running.covered_households, covered: running.covered, ..one });
    }
    for (client, at, way) in question.nearest_of(&plan.order) {
        let weight = demand.weights()[client];
        sites[at].assigned_households += demand.households[client];
        sites[at].assigned += weight;
        sites[at].ways += weight * way;
    }
    sites
}

/// Sites that can be full: who goes there.
fn filled(question: &Question<'_>, plan: &Plan) -> Vec<Site> {
    let demand = question.demand;
    let mut sites = vec![Site::default(); plan.order.len()];
    let mut before = Site::default();
    for &(client, site, amount) in plan.flows.iter().flatten() {
        let part = amount / demand.weights()[client];
        let at = site.and_then(|site| plan.order.iter().position(|&other| other == site));
        let one = at.map_or(&mut before, |at| &mut sites[at]);
        one.assigned += amount;
        one.assigned_households += part * demand.households[client];
        if question.is_within(client, site) {
            one.gain_households += part * demand.households[client];
            one.gain_people += part * demand.people[client];
            one.covered += amount;
        }
        if let Some(site) = site {
            one.ways += amount * question.way(site, client);
        }
    }
    let (mut households, mut covered) = (before.gain_households, before.covered);
    for site in &mut sites {
        households += site.gain_households;
        covered += site.covered;
        (site.covered_households, site.covered) = (households, covered);
    }
    sites
}

fn figures(
    question: &Question<'_>,
    plan: &Plan,
    sites: &[Site],
    barred: usize,
    told: impl Fn(f64) -> f64,
) -> Vec<Figure> {
    let demand = question.demand;
    let all: f64 = demand.weights().iter().sum();
    let households: f64 = demand.households.iter().sum();
    let before = plan.before;
    let covered = sites.last().map_or(before, |site| site.covered);
    let served = (0..demand.len()).filter(|&client| question.served[client]);
    // Whom places that can be full serve is counted in what they take, and people are not households.
    let households_before = match (demand.by_people, plan.flows.is_some()) {
        (false, _) => Some(before),
        (true, false) => Some(served.map(|client| demand.households[client]).sum()),
        (true, true) => None,
    };
    let covered_households = sites.last().map_or(households_before, |site| Some(site.covered_households));
    let beyond = question.covered(&(0..question.sites.ids.len() as u32).collect::<Vec<_>>());
    let out: f64 = (0..demand.len()).filter(|&client| !beyond[client]).map(|client| demand.households[client]).sum();
    let gained: f64 = sites.iter().map(|site| site.gain_households).sum();
    let int = |x: f64| x.round() as i64;
    let mut figures = vec![
        Figure::new("sites", sites.len(), "{site}"),
        Figure::new("gain_households", int(gained), "{household}"),
        Figure::new("covered_share", round_mm(covered / all), "1"),
        Figure::new("covered_before", round_mm(before / all), "1"),
        Figure::new("covered_households", covered_households.map(int), "{household}"),
        Figure::new("covered_households_before", households_before.map(int), "{household}"),
        Figure::new("households", int(households), "{household}"),
        Figure::new("unreachable_households", int(out), "{household}"),
    ];
    let measure = question.ways.measure;
    let (mean, farthest) = (measure.named("mean_m", "mean_min"), measure.named("farthest_m", "farthest_min"));
    match question.model {
        Model::Median => figures.push(Figure::new(mean, plan.way.map(&told), measure.unit())),
        Model::Centre => figures.push(Figure::new(farthest, plan.way.map(&told), measure.unit())),
        Model::Most | Model::Fewest => {}
    }
    figures.extend([
        Figure::new("gap", plan.gap, "1"),
        Figure::new("proven", plan.proven, ""),
        Figure::new("candidates", question.sites.ids.len(), "{site}"),
        Figure::new("barred", barred, "{site}"),
        Figure::new(
            "facilities",
            if question.facilities.kept { question.facilities.rows.len() } else { 0 },
            "{facility}",
        ),
        Figure::new("basis", if demand.counted { "counted" } else { "villages" }, ""),
    ]);
    if !plan.curve.is_empty() {
        let curve: Vec<_> = plan
            .curve
            .iter()
            .map(|at| {
                let mut point = json!({
                    "n": at.n,
                    "covered": int(at.covered),
                    "share": round_mm(at.covered / all),
                    "gap": at.gap,
                });
                let name = if question.model == Model::Centre { farthest } else { mean };
                if let (Some(way), Some(point)) = (at.way, point.as_object_mut()) {
                    point.insert(name.to_owned(), told(way).into());
                }
                point
            })
            .collect();
        figures.push(Figure::new("curve", curve, ""));
    }
    figures
}
