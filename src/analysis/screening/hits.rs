//! Who hits a rule: the join of subjects with targets, edge to edge.

use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::screening::chosen;
use crate::analysis::standing;
use crate::geo::bbox::Bbox;
use crate::geo::common::Ground;
use crate::geo::cut::Rings;
use crate::geo::laid::Laid;
use crate::geo::measure::{self, Probe};
use crate::geo::shape::Shape;
use crate::geo::sight::Sight;
use crate::layer::Layer;
use crate::rules::{self, Limit, RoadLand, Rule};
use crate::stop;
use crate::table::{Table, Value};

/// Ground in common that is smaller than this is two surveys of one border, not an overlap.
pub const SLIVER_M2: f64 = 1.0;
/// Of two that cover more or less by no more than this, the first by id counts: a farm that lies wholly in both.
const SAME_M2: f64 = 1e-3;
/// What is nearer to ground than this stands on it: a millimetre, as everywhere.
const AT_M: f64 = 1e-3;
/// No road's land is wider on one side of its middle.
const WIDEST_M: f64 = 60.0;
/// Half the earth's girth: farther nothing lies.
const ANYWHERE_M: f64 = 2.1e7;

/// A subject that hits a rule.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its row.
    pub subject: u32,
    /// The target, its layer's place among the targets and its row: the nearest, or the one of which it covers most.
    pub target: Option<(usize, u32)>,
    /// How many targets are within the limit.
    pub within: u32,
    /// Ground in common with all targets, square metres; None where the subject has no ground.
    pub overlap_m2: Option<f64>,
    /// That the edge that the rule measures from is an estimate.
    pub estimated: bool,
    /// Metres to what the rule measures from; None where there is no target.
    pub distance_m: Option<f64>,
    /// The direction in which the target lies, degrees clockwise from north; None on its ground.
    pub bearing_deg: Option<f64>,
}

/// How wide the land of roads and railways is that are known by their centre lines.
pub struct RoadLands(Vec<&'static RoadLand>);

impl RoadLands {
    /// What these packs know of it.
    pub fn of<S: AsRef<str>>(packs: &[S]) -> Self {
        Self(rules::gathered(packs).into_iter().flat_map(|pack| &pack.road_land).collect())
    }

    /// Metres from a centre line to the edge of its land; 0 where nothing is known of its class.
    fn half_m(&self, table: &Table, row: u32) -> f64 {
        let road = table.row(row);
        let class = road.named("class");
        let land = self.0.iter().find(|land| class == Value::Text(&land.class));
        land.map_or(0.0, |land| road.named("width_m").number().unwrap_or(land.width_m) / 2.0 + land.verge_m)
    }
}

/// The targets of a rule in one layer.
struct Target {
    table: Arc<Table>,
    /// Its place among the rule's layers.
    at: usize,
    counts: Vec<bool>,
    rows: Vec<u32>,
    /// Metres from each target as it is mapped to what the rule measures from; None: 0 for all.
    beyond_m: Option<Vec<f64>>,
    /// That the subjects are the same layer, so that nobody stands too near to himself.
    own: bool,
}

impl Target {
    fn beyond_m(&self, row: u32) -> f64 {
        self.beyond_m.as_ref().map_or(0.0, |all| all[row as usize])
    }

    /// Whether the edge that the rule measures from lies beside what is mapped, so that it is an estimate unless the land is known.
    fn is_middle(&self, row: u32) -> bool {
        self.beyond_m.is_some() && self.table.shape(row).kind.dimension() == Some(1)
    }
}

/// The targets of a rule.
pub struct Targets {
    all: Vec<Target>,
    /// Land of roads that is known, and metres from its edge to what the rule measures from.
    land: Vec<Arc<Table>>,
    beyond_land_m: f64,
}

impl Targets {
    /// The targets of a rule in these layers; None where there is no layer, or none that can be asked the rule's condition.
    /// `roads`: how wide their land is by class, and where it is known.
    pub fn of(
        layers: &[Arc<Layer>],
        rule: &Rule,
        (lands, known): (&RoadLands, &[Arc<Layer>]),
        subject: &str,
    ) -> Option<Self> {
        let mut all = Vec::new();
        for (at, layer) in layers.iter().enumerate() {
            let table = layer.table();
            let Some(counts) = chosen(table, rule.to_where.as_deref()) else { continue };
            let rows: Vec<u32> = (0..table.len()).filter(|&row| counts[row as usize]).collect();
            let line = |row: u32| table.shape(row).kind.dimension() == Some(1);
            let half_m = |row: u32| if line(row) { lands.half_m(table, row) } else { 0.0 };
            let beyond_m =
                rule.beside_the_middle().then(|| (0..table.len()).map(|row| half_m(row) + rule.beyond_m).collect());
            all.push(Target { table: table.clone(), at, counts, rows, beyond_m, own: layer.name() == subject });
        }
        let land =
            if rule.by_road_land() { known.iter().map(|layer| layer.table().clone()).collect() } else { Vec::new() };
        (!all.is_empty()).then_some(Self { all, land, beyond_land_m: rule.beyond_m })
    }

    /// All that stands in these layers.
    pub fn all_of(layers: &[Arc<Layer>]) -> Self {
        let one = |(at, layer): (usize, &Arc<Layer>)| {
            let table = layer.table();
            let stands = standing(table);
            let counts: Vec<bool> = (0..table.len()).map(stands).collect();
            let rows = (0..table.len()).filter(|&row| counts[row as usize]).collect();
            Target { table: table.clone(), at, counts, rows, beyond_m: None, own: false }
        };
        let all = layers.iter().enumerate().map(one).collect();
        Self { all, land: Vec::new(), beyond_land_m: 0.0 }
    }

    /// Metres from a subject to the edge of a road's land, where that is known: it holds the road's point that is nearest.
    fn to_land_m(&self, subject: Shape<'_>, road: Shape<'_>) -> Option<f64> {
        if self.land.is_empty() {
            return None;
        }
        let on_road = measure::nearest(subject, road)?.to;
        let mut least_m: Option<f64> = None;
        for land in &self.land {
            land.index().search(&Bbox::point(on_road), |row| {
                if land.shape(row).contains(on_road)
                    && let Some(near) = measure::nearest(subject, land.shape(row))
                {
                    least_m = Some(least_m.map_or(near.distance_m, |least_m| least_m.min(near.distance_m)));
                }
            });
        }
        least_m
    }
}

/// The subjects that hit a rule, by row. `asked`: which rows it binds.
pub fn find(subjects: &Table, asked: &[bool], targets: &Targets, limit: Limit) -> Vec<Hit> {
    match limit {
        Limit::Apart(metres) => too_near(subjects, asked, targets, metres),
        Limit::Off => standing_on(subjects, asked, targets),
        Limit::Within(metres) => without(subjects, asked, targets, metres),
    }
}

/// Pairs of rows within a reach that may differ from probe to probe: probe, other, and how the first sees the second.
/// `counts`: which pairs are asked for.
fn pairs(
    probes: &Table,
    rows: &[u32],
    others: &Table,
    counts: impl Fn(u32, u32) -> bool + Sync,
    reach_m: impl Fn(u32) -> f64 + Sync,
) -> Vec<(u32, u32, Sight)> {
    let (index, stop) = (others.index(), stop::current());
    rows.par_chunks(64)
        .flat_map_iter(|chunk| {
            let mut buffers = (Laid::default(), Laid::default());
            let mut found = Vec::new();
            for &row in chunk.iter().filter(|_| !stop.is_raised()) {
                let (laid, other) = std::mem::take(&mut buffers);
                let Some(mut probe) = Probe::reuse(probes.shape(row), reach_m(row), laid, other) else { continue };
                let search = probe.search;
                index.search(&search, |other| {
                    if counts(row, other)
                        && let Some(sight) = probe.sight(others.shape(other))
                    {
                        found.push((row, other, sight));
                    }
                });
                buffers = probe.buffers();
            }
            found
        })
        .collect()
}

fn too_near(subjects: &Table, asked: &[bool], targets: &Targets, limit_m: f64) -> Vec<Hit> {
    let rows: Vec<u32> = (0..subjects.len()).filter(|&row| asked[row as usize]).collect();
    // Of each subject, its nearest target so far and how near it is.
    let mut nearest: Vec<Option<(Hit, f64)>> = vec![None; subjects.len() as usize];
    for target in &targets.all {
        // From the side with fewer: a shape is laid into a plane once. What is long has no plane of its own.
        let long = target.rows.iter().any(|&row| target.table.shape(row).kind.dimension() == Some(1));
        let from_targets = !long && target.rows.len() < rows.len();
        let found = if from_targets {
            let reach_m = |row: u32| limit_m + target.beyond_m(row);
            let is_asked = |_, subject: u32| asked[subject as usize];
            let mut found = pairs(&target.table, &target.rows, subjects, is_asked, reach_m);
            found.iter_mut().for_each(|pair| *pair = (pair.1, pair.0, pair.2.turned()));
            found
        } else {
            let widest_m = if targets.land.is_empty() { 0.0 } else { WIDEST_M + targets.beyond_land_m };
            let most_m = target.rows.iter().map(|&row| target.beyond_m(row)).fold(widest_m, f64::max);
            // Of two who are asked and are each other's targets one is measured, for both.
            let mutual = |a: u32, b: u32| target.own && asked[b as usize] && target.counts[a as usize];
            let counts = |a: u32, b: u32| target.counts[b as usize] && !(mutual(a, b) && b < a);
            let mut found = pairs(subjects, &rows, &target.table, counts, |_| limit_m + most_m);
            let other_way =
                |&(a, b, sight): &(u32, u32, Sight)| (mutual(a, b) && a != b).then(|| (b, a, sight.turned()));
            found.extend(found.iter().filter_map(other_way).collect::<Vec<_>>());
            found
        };
        let to_land_m = |&(subject, row, _): &(u32, u32, Sight)| {
            targets.to_land_m(subjects.shape(subject), target.table.shape(row))
        };
        let lands: Vec<Option<f64>> =
            if targets.land.is_empty() { vec![None; found.len()] } else { found.par_iter().map(to_land_m).collect() };
        for ((subject, row, sight), land_m) in found.into_iter().zip(lands) {
            let mapped = (sight.distance_m, target.beyond_m(row));
            let (measured_m, beyond) = land_m.map_or(mapped, |land_m| (land_m, targets.beyond_land_m));
            if measured_m > limit_m + beyond || (target.own && subject == row) {
                continue;
            }
            let distance_m = (measured_m - beyond).max(0.0);
            let hit = || Hit {
                subject,
                target: Some((target.at, row)),
                within: 1,
                overlap_m2: None,
                estimated: land_m.is_none() && target.is_middle(row),
                distance_m: Some(distance_m),
                bearing_deg: sight.bearings_deg.map(|[there, _]| there),
            };
            let slot = &mut nearest[subject as usize];
            match slot {
                None => *slot = Some((hit(), distance_m)),
                Some((best, best_m)) => {
                    let within = best.within + 1;
                    let name = |at: usize, row: u32| {
                        (at, targets.all.iter().find(|t| t.at == at).map(|t| t.table.row(row).id()))
                    };
                    let tie = || best.target.is_some_and(|(at, other)| name(target.at, row) < name(at, other));
                    if distance_m < *best_m || (distance_m == *best_m && tie()) {
                        (*best, *best_m) = (hit(), distance_m);
                    }
                    best.within = within;
                }
            }
        }
    }
    nearest.into_iter().flatten().map(|(hit, _)| hit).collect()
}

fn standing_on(subjects: &Table, asked: &[bool], targets: &Targets) -> Vec<Hit> {
    let rows: Vec<u32> = (0..subjects.len()).filter(|&row| asked[row as usize]).collect();
    let stop = stop::current();
    let stands = |row| if stop.is_raised() { None } else { stands_on(subjects, row, targets) };
    rows.into_par_iter().filter_map(stands).collect()
}

/// How a subject stands on targets' ground; None where it does not.
pub fn stands_on(subjects: &Table, subject: u32, targets: &Targets) -> Option<Hit> {
    let shape = subjects.shape(subject);
    let bbox = shape.bbox()?;
    let mut candidates: Vec<(usize, u32)> = Vec::new();
    for (k, target) in targets.all.iter().enumerate() {
        target.table.index().search(&bbox.padded(1.0), |row| {
            if target.counts[row as usize] && !(target.own && row == subject) {
                candidates.push((k, row));
            }
        });
    }
    if candidates.is_empty() {
        return None;
    }
    let by_id = |&(k, row): &(usize, u32)| (k, targets.all[k].table.row(row).id());
    candidates.sort_by(|a, b| by_id(a).cmp(&by_id(b)));
    let ground = Ground::of(shape);
    let mut probe = if ground.is_none() { Probe::new(shape, AT_M) } else { None };
    let mut covers: Vec<Rings> = Vec::new();
    // The target of which it covers most; of equals the first by id.
    let mut most: Option<((usize, u32), f64)> = None;
    let mut within = 0;
    for (k, row) in candidates {
        let other = targets.all[k].table.shape(row);
        let mut covered_m2 = 0.0;
        if let Some(ground) = &ground {
            let beside = ground.beside(other);
            covered_m2 = ground.covered_m2(std::slice::from_ref(&beside));
            if covered_m2 < SLIVER_M2.min(ground.area_m2 / 2.0) {
                continue;
            }
            covers.push(beside);
        } else if probe.as_mut().and_then(|probe| probe.within(other)).is_none() {
            continue;
        }
        within += 1;
        if most.is_none_or(|(_, most_m2)| covered_m2 > most_m2 + SAME_M2) {
            most = Some(((targets.all[k].at, row), covered_m2));
        }
    }
    let ((at, row), first_m2) = most?;
    // Parcels that overlap each other count once.
    let overlap_m2 = ground.map(|ground| if within == 1 { first_m2 } else { ground.covered_m2(&covers) });
    Some(Hit {
        subject,
        target: Some((at, row)),
        within,
        overlap_m2,
        estimated: false,
        distance_m: Some(0.0),
        bearing_deg: None,
    })
}

fn without(subjects: &Table, asked: &[bool], targets: &Targets, limit_m: f64) -> Vec<Hit> {
    let rows: Vec<u32> =
        (0..subjects.len()).filter(|&row| asked[row as usize] && !subjects.shape(row).is_none()).collect();
    let any = targets.all.iter().any(|target| !target.rows.is_empty());
    let stop = stop::current();
    rows.into_par_iter()
        .filter_map(|subject| {
            if stop.is_raised() {
                return None;
            }
            // A border is within 0 m of what stands on it.
            let mut nearest = nearest_within(subjects, subject, targets, limit_m.max(AT_M));
            if nearest.is_some() {
                return None;
            }
            let mut reach_m = limit_m.max(500.0);
            while any && nearest.is_none() && reach_m < ANYWHERE_M {
                reach_m *= 2.0;
                nearest = nearest_within(subjects, subject, targets, reach_m);
            }
            Some(Hit {
                subject,
                target: nearest.map(|(at, row, _)| (at, row)),
                within: 0,
                overlap_m2: None,
                estimated: false,
                distance_m: nearest.map(|(.., sight)| sight.distance_m),
                bearing_deg: nearest.and_then(|(.., sight)| sight.bearings_deg).map(|[there, _]| there),
            })
        })
        .collect()
}

/// The nearest target within a reach; of equals the first by layer and id.
fn nearest_within(subjects: &Table, subject: u32, targets: &Targets, reach_m: f64) -> Option<(usize, u32, Sight)> {
    let mut probe = Probe::new(subjects.shape(subject), reach_m)?;
    let search = probe.search;
    let mut best: Option<(usize, u32, Sight)> = None;
    for target in &targets.all {
        target.table.index().search(&search, |row| {
            if !target.counts[row as usize] || (target.own && row == subject) {
                return;
            }
            let Some(sight) = probe.sight(target.table.shape(row)) else { return };
            let nearer = best.is_none_or(|(at, other, least)| {
                let tie = || at == target.at && target.table.row(row).id() < target.table.row(other).id();
                sight.distance_m < least.distance_m || (sight.distance_m == least.distance_m && tie())
            });
            if nearer {
                best = Some((target.at, row, sight));
            }
        });
    }
    best
}
