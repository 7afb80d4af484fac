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
use crate::network::{Access, Counted, Network, Row, Snap};
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

/// The ways along the roads: who goes there takes to them wherever that is shortest, or walks straight where it is no farther
/// than one goes off them. The same rule as that of `coverage-gaps`.
struct ByRoad {
    network: Network,
    off_road_m: f64,
    existing: Snapped,
    /// For each client what it can get to, in the order of its numbers, with the metres or seconds.
    to_sites: Vec<Row>,
    to_existing: Vec<Row>,
}

impl ByRoad {
    /// The ways from clients to targets no farther than a limit.
    fn table(
        network: &Network,
        demand: &Demand,
        accesses: &[Access],
        (places, snapped): (&Geometries, &Snapped),
        (off_road_m, limit): (f64, f64),
    ) -> Vec<Row> {
        let mut rows = network.matrix(accesses, &snapped.snaps, limit);
        rows.par_iter_mut().for_each(|row| row.iter_mut().for_each(|way| way.0 = snapped.of[way.0 as usize]));
        let walked = |probe: &mut Probe<'_>, client| probe.within(demand.places.shape(client));
        for (target, near) in (0..).zip(within(places, demand, off_road_m, walked)) {
            for (client, metres) in near {
                let row = &mut rows[client as usize];
                let cost = walk(network, metres);
                match row.binary_search_by_key(&target, |(at, _)| *at) {
                    Ok(at) => row[at].1 = row[at].1.min(cost),
                    Err(at) if cost <= limit => row.insert(at, (target, cost)),
                    Err(_) => {}
                }
            }
        }
        rows
    }
}

/// What a walk costs: to what is as near as that nobody drives.
fn walk(network: &Network, metres: f64) -> f64 {
    if network.counted() == Counted::Metres { metres } else { 0.0 }
}

/// How each place joins the roads, from a point of it.
fn accesses(network: &Network, places: &Geometries, off_road_m: f64) -> Vec<Access> {
    let of = |at| places.shape(at).inside_point().map(|point| network.by_ground(point, off_road_m)).unwrap_or_default();
    (0..places.len() as u32).into_par_iter().map(of).collect()
}

/// Who is within the reach of each shape, by the clients' numbers, with what `found` says of it.
fn within<T: Send>(
    places: &Geometries,
    demand: &Demand,
    reach_m: f64,
    found: impl Fn(&mut Probe<'_>, u32) -> Option<T> + Sync,
) -> Vec<Vec<(u32, T)>> {
    let stop = stop::current();
    (0..places.len() as u32)
        .into_par_iter()
        .map(|at| {
            let Some(mut probe) = Probe::new(places.shape(at), reach_m).filter(|_| !stop.is_raised()) else {
                return Vec::new();
            };
            let search = probe.search;
            let mut near = Vec::new();
            demand.index.search(&search, |client| near.extend(found(&mut probe, client).map(|what| (client, what))));
            near.sort_unstable_by_key(|(client, _)| *client);
            near
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
            let off_road_m = bound.number("off_road");
            let snapped = |places: &Geometries| Snapped::new(&network, places, off_road_m);
            let limits = (off_road_m, if all { f64::INFINITY } else { reach + AT_M });
            let from = accesses(&network, &demand.places, off_road_m);
            let (at, existing) = (snapped(&sites.places), snapped(&facilities.places));
            roads = Some(ByRoad {
                to_sites: ByRoad::table(&network, demand, &from, (&sites.places, &at), limits),
                to_existing: ByRoad::table(&network, demand, &from, (&facilities.places, &existing), limits),
                network,
                off_road_m,
                existing,
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
        let apart_m = |at: u32| (at, self.candidates.apart_m(site as usize, &self.existing, at as usize));
        let straight = (0..self.facilities.rows.len() as u32).map(apart_m);
        let nearest = match &self.roads {
            None => straight.min_by(|a, b| a.1.total_cmp(&b.1)),
            Some(ByRoad { network, off_road_m, existing, .. }) => {
                let point = self.sites.places.shape(site).inside_point()?;
                let access = network.by_ground(point, *off_road_m);
                let by_road = network.matrix(&[access], &existing.snaps, f64::INFINITY).into_iter().flatten();
                let by_road = by_road.map(|(at, cost)| (existing.of[at as usize], cost));
                let walked = straight.filter(|(_, m)| m <= off_road_m).map(|(at, m)| (at, walk(network, m)));
                by_road.chain(walked).min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
            }
        };
        nearest.map(|(at, far)| (self.facilities.rows[at as usize], far))
    }

    /// Who is within the reach (≤) of each site.
    pub fn within_sites(&self) -> Vec<Vec<u32>> {
        match &self.roads {
            Some(roads) => self.turned(&roads.to_sites, self.sites.ids.len()),
            None => self.reached(&self.sites.places),
        }
    }

    /// Who is within the reach (≤) of each thing that is there.
    pub fn within_existing(&self) -> Vec<Vec<u32>> {
        match &self.roads {
            Some(roads) => self.turned(&roads.to_existing, self.facilities.rows.len()),
            None => self.reached(&self.facilities.places),
        }
    }

    /// Who is within the reach of each place, straight.
    fn reached(&self, places: &Geometries) -> Vec<Vec<u32>> {
        let reaches = |probe: &mut Probe<'_>, client| probe.reaches(self.demand.places.shape(client)).then_some(());
        let near = within(places, self.demand, self.reach, reaches).into_iter();
        near.map(|clients| clients.into_iter().map(|(client, ())| client).collect()).collect()
    }

    /// The pairs within the reach, by what is reached.
    fn turned(&self, rows: &[Row], targets: usize) -> Vec<Vec<u32>> {
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
