//! How far it is between clients, sites and what is there: straight, along the roads, or by the time that the drive takes.

use rayon::prelude::*;

use super::demand::{Demand, Facilities};
use super::ground::Sites;
use crate::analysis::Bound;
use crate::analysis::by_road::Measure;
use crate::fault::Fault;
use crate::geo::ellipsoid;
use crate::geo::measure::{self, Probe};
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::network::{Network, Snap};
use crate::stop;

/// What is this little farther than the reach is at it: sums of rounded lengths.
const AT_M: f64 = 1e-6;
/// Farther apart than this the chord is not exact enough.
const CHORD_M: f64 = 90_000.0;

/// Places that many distances are measured between. Points are measured by the chord, others edge to edge.
struct Places<'a> {
    geometries: &'a Geometries,
    centres: Vec<Option<[f64; 3]>>,
}

impl<'a> Places<'a> {
    fn new(geometries: &'a Geometries) -> Self {
        let point = |shape: Shape<'_>| match (shape.kind, shape.coords()) {
            (ShapeKind::Point, [point]) => Some(ellipsoid::geocentric_m(*point)),
            _ => None,
        };
        let centres = (0..geometries.len() as u32).map(|at| point(geometries.shape(at))).collect();
        Self { geometries, centres }
    }

    /// Metres between two places, edge to edge.
    fn apart_m(&self, at: usize, other: &Places<'_>, to: usize) -> f64 {
        if let (Some(a), Some(b)) = (&self.centres[at], &other.centres[to]) {
            let chord_m = ellipsoid::chord_distance_m(a, b);
            if chord_m < CHORD_M {
                return chord_m;
            }
        }
        let (a, b) = (self.geometries.shape(at as u32), other.geometries.shape(to as u32));
        measure::nearest(a, b).map_or(f64::INFINITY, |near| near.distance_m)
    }
}

/// Places put on the roads: the snaps, and whose they are.
struct Snapped {
    snaps: Vec<Snap>,
    of: Vec<u32>,
}

impl Snapped {
    fn new(network: &Network, places: &Geometries, off_road_m: f64) -> Self {
        let on: Vec<Option<Snap>> =
            (0..places.len() as u32).into_par_iter().map(|at| network.snap(places.shape(at), off_road_m)).collect();
        let of = (0..on.len() as u32).filter(|&at| on[at as usize].is_some()).collect();
        Self { snaps: on.into_iter().flatten().collect(), of }
    }
}

/// The ways along the roads: for each client what it can get to, in the order of its numbers, with the metres or seconds.
struct ByRoad {
    to_sites: Vec<Vec<(u32, f64)>>,
    to_existing: Vec<Vec<(u32, f64)>>,
    site_to_existing: Vec<Vec<(u32, f64)>>,
}

fn table(network: &Network, from: &Snapped, to: &Snapped, all: usize, limit: f64) -> Vec<Vec<(u32, f64)>> {
    let mut rows = vec![Vec::new(); all];
    for (at, row) in network.matrix(&from.snaps, &to.snaps, limit).into_iter().enumerate() {
        rows[from.of[at] as usize] = row.into_iter().map(|(target, m)| (to.of[target as usize], m)).collect();
    }
    rows
}

/// What is within the reach of each shape, by the clients' numbers.
fn within(places: &Geometries, demand: &Demand, reach_m: f64) -> Vec<Vec<u32>> {
    let stop = stop::current();
    (0..places.len() as u32)
        .into_par_iter()
        .map(|at| {
            let Some(mut probe) = Probe::new(places.shape(at), reach_m).filter(|_| !stop.is_raised()) else {
                return Vec::new();
            };
            let search = probe.search;
            let mut found = Vec::new();
            demand.index.search(&search, |client| {
                if probe.reaches(demand.places.shape(client)) {
                    found.push(client);
                }
            });
            found.sort_unstable();
            found
        })
        .collect()
}

/// All distances of a question.
pub struct Ways<'a> {
    demand: &'a Demand,
    sites: &'a Sites,
    facilities: &'a Facilities<'a>,
    /// By what it is measured how far.
    pub measure: Measure,
    /// How far a site reaches: metres, or seconds.
    reach: f64,
    clients: Places<'a>,
    candidates: Places<'a>,
    existing: Places<'a>,
    roads: Option<ByRoad>,
}

impl<'a> Ways<'a> {
    /// Those of a question; along the roads only what is within the reach, unless `all` are asked for.
    pub fn new(
        bound: &Bound,
        demand: &'a Demand,
        sites: &'a Sites,
        facilities: &'a Facilities<'a>,
        all: bool,
    ) -> Result<Self, Fault> {
        let measure = Measure::of(bound);
        let reach = measure.limit(bound);
        let mut roads = None;
        if let Some(network) = measure.network(bound, bound.text("oneway") == "obeyed")? {
            let snapped = |places: &Geometries| Snapped::new(&network, places, bound.number("off_road"));
            let limit = if all { f64::INFINITY } else { reach + AT_M };
            let (on_road, at, there) = (snapped(&demand.places), snapped(&sites.places), snapped(&facilities.places));
            roads = Some(ByRoad {
                to_sites: table(&network, &on_road, &at, demand.len(), limit),
                to_existing: table(&network, &on_road, &there, demand.len(), limit),
                site_to_existing: table(&network, &at, &there, sites.ids.len(), f64::INFINITY),
            });
        }
        Ok(Self {
            demand,
            sites,
            facilities,
            measure,
            reach,
            clients: Places::new(&demand.places),
            candidates: Places::new(&sites.places),
            existing: Places::new(&facilities.places),
            roads,
        })
    }

    /// How far it is from a client to a site, metres or seconds; infinite where no way leads.
    pub fn way(&self, site: u32, client: usize) -> f64 {
        match &self.roads {
            Some(roads) => way(&roads.to_sites[client], site),
            None => self.candidates.apart_m(site as usize, &self.clients, client),
        }
    }

    /// How far it is from a client to something that is there; infinite where no way leads.
    pub fn existing_way(&self, facility: u32, client: usize) -> f64 {
        match &self.roads {
            Some(roads) => way(&roads.to_existing[client], facility),
            None => self.existing.apart_m(facility as usize, &self.clients, client),
        }
    }

    /// The nearest of what is there to a site, and how far; None where nothing is there.
    pub fn nearest_existing(&self, site: u32) -> Option<(u32, f64)> {
        let nearest: Option<(u32, f64)> = match &self.roads {
            Some(roads) => roads.site_to_existing[site as usize].iter().copied().min_by(|a, b| a.1.total_cmp(&b.1)),
            None => (0..self.facilities.rows.len() as u32)
                .map(|at| (at, self.candidates.apart_m(site as usize, &self.existing, at as usize)))
                .min_by(|a, b| a.1.total_cmp(&b.1)),
        };
        nearest.map(|(at, far_m)| (self.facilities.rows[at as usize], far_m))
    }

    /// Who is within the reach (≤) of each site.
    pub fn within_sites(&self) -> Vec<Vec<u32>> {
        match &self.roads {
            Some(roads) => self.turned(&roads.to_sites, self.sites.ids.len()),
            None => within(&self.sites.places, self.demand, self.reach),
        }
    }

    /// Who is within the reach (≤) of each thing that is there.
    pub fn within_existing(&self) -> Vec<Vec<u32>> {
        match &self.roads {
            Some(roads) => self.turned(&roads.to_existing, self.facilities.rows.len()),
            None => within(&self.facilities.places, self.demand, self.reach),
        }
    }

    /// The pairs within the reach, by what is reached.
    fn turned(&self, rows: &[Vec<(u32, f64)>], targets: usize) -> Vec<Vec<u32>> {
        let mut turned = vec![Vec::new(); targets];
        for (client, row) in rows.iter().enumerate() {
            let near = row.iter().filter(|(_, m)| *m <= self.reach + AT_M);
            near.for_each(|&(target, _)| turned[target as usize].push(client as u32));
        }
        turned
    }

    /// How far each client goes today; None where it has nowhere to go.
    pub fn today(&self) -> Vec<Option<f64>> {
        if !self.facilities.kept {
            return vec![None; self.demand.len()];
        }
        let stop = stop::current();
        let nearest = |client: usize| {
            if stop.is_raised() {
                return None;
            }
            let all = (0..self.facilities.rows.len() as u32).map(|at| self.existing_way(at, client));
            all.min_by(f64::total_cmp).filter(|m| m.is_finite())
        };
        (0..self.demand.len()).into_par_iter().map(nearest).collect()
    }
}

/// What a row says of a target.
fn way(row: &[(u32, f64)], target: u32) -> f64 {
    row.binary_search_by_key(&target, |(at, _)| *at).map_or(f64::INFINITY, |at| row[at].1)
}
