//! What serves, and how far it reaches: straight over the ground, along the roads, or in the time that the drive takes.

use rayon::prelude::*;

use crate::analysis::by_road::Measure;
use crate::analysis::{Bound, round_mm, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::cut::Cover;
use crate::geo::frame::Frame;
use crate::geo::measure::Probe;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::layer::Layer;
use crate::network::{Heading, Network, Reach, Snap};
use crate::table::{Table, Value};

/// What is this little farther than the reach is at it: sums of rounded lengths.
const AT_M: f64 = 1e-6;
/// A road is sought this far from a place, to say how far it is.
const SOUGHT_M: f64 = 5_000.0;

/// Facilities of one layer, and which of them serve.
struct Part<'a> {
    table: &'a Table,
    serves: Vec<bool>,
}

/// The facilities that are meant, and how far they reach.
pub(in crate::analysis) struct Service<'a> {
    parts: Vec<Part<'a>>,
    /// How many serve; of a province there are millions, and each village asks.
    count: usize,
    /// By what it is measured how far.
    pub measure: Measure,
    /// How far they reach: metres, or seconds.
    pub reach: f64,
    roads: Option<ByRoad<'a>>,
}

/// The roads as a network, where distances are along them.
pub(in crate::analysis) struct Roads {
    /// Its pieces; their rows are those of the roads' layer.
    pub network: Network,
}

struct ByRoad<'a> {
    network: &'a Network,
    reach: Reach<'a>,
    snaps: Vec<Snap>,
    /// How far one walks off the roads.
    off_road_m: f64,
    /// Facilities that lie farther from every road.
    apart: usize,
}

/// What one facility reaches by itself.
pub(in crate::analysis) struct Alone {
    /// The ground, laid into a plane.
    pub covers: Vec<Cover>,
    /// Metres from it to its road; None where it has none, or distances are straight.
    pub snap_m: Option<f64>,
    /// Metres of road within reach; None where distances are straight.
    pub road_m: Option<f64>,
}

impl Roads {
    /// The network, where the question is one of roads.
    pub fn of(bound: &Bound) -> Result<Option<Self>, Fault> {
        let network = Measure::of(bound).network(bound, bound.text("oneway") == "obeyed")?;
        Ok(network.map(|network| Self { network }))
    }
}

/// Which facilities of a layer serve: they stand, are there already or are to be counted all the same, and pass the filter.
pub(in crate::analysis) fn serving(bound: &Bound, layer: &Layer) -> Result<Vec<bool>, Fault> {
    let table = layer.table();
    let stands = standing(table);
    let planned = bound.text("planned") == "with_planned";
    let service = layer.kind().service.as_ref();
    let column = service.and_then(|service| table.column(&service.attribute));
    let ready = |row: u32| match (service, column.map(|at| table.row(row).value(at))) {
        (Some(service), Some(Value::Text(word))) => {
            let says = |words: &[String]| words.iter().any(|w| w == word);
            !says(&service.idle) && (planned || !says(&service.planned))
        }
        _ => true,
    };
    let test = bound.filter("where")?.map(|filter| filter.compile(table.attributes())).transpose()?;
    let passes = |row: u32| test.as_ref().is_none_or(|test| test.holds(table.row(row)) == Some(true));
    Ok((0..table.len()).map(|row| stands(row) && ready(row) && passes(row) && !table.shape(row).is_none()).collect())
}

impl<'a> Service<'a> {
    /// The facilities that a question means.
    pub fn of(bound: &'a Bound, roads: Option<&'a Roads>) -> Result<Self, Fault> {
        let part = |layer: &'a std::sync::Arc<Layer>| Ok(Part { table: layer.table(), serves: serving(bound, layer)? });
        let parts = bound.layers("facility").iter().map(part).collect::<Result<Vec<_>, Fault>>()?;
        let measure = Measure::of(bound);
        let serve = |part: &Part<'_>| part.serves.iter().filter(|&&serves| serves).count();
        let count = parts.iter().map(serve).sum();
        let mut service = Self { parts, count, measure, reach: measure.limit(bound), roads: None };
        service.roads = roads.map(|roads| service.by_road(&roads.network, bound));
        Ok(service)
    }

    fn by_road(&self, network: &'a Network, bound: &Bound) -> ByRoad<'a> {
        let off_road_m = bound.number("off_road");
        let all: Vec<Shape<'_>> = self.all().collect();
        let snaps: Vec<Option<Snap>> = all.into_par_iter().map(|shape| network.snap(shape, off_road_m)).collect();
        let apart = snaps.iter().filter(|snap| snap.is_none()).count();
        let snaps: Vec<Snap> = snaps.into_iter().flatten().collect();
        let reach = network.reach(&snaps, Heading::To, f64::INFINITY);
        ByRoad { network, reach, snaps, off_road_m, apart }
    }

    /// All facilities that serve.
    fn all(&self) -> impl Iterator<Item = Shape<'a>> + '_ {
        self.parts.iter().flat_map(|part| {
            (0..part.table.len()).filter(|&row| part.serves[row as usize]).map(|row| part.table.shape(row))
        })
    }

    /// The rows of those that serve, of the layer that is the only one; None where there are several.
    pub fn only(&self) -> Option<(&'a Table, Vec<u32>)> {
        let [part] = &self.parts[..] else { return None };
        Some((part.table, (0..part.table.len()).filter(|&row| part.serves[row as usize]).collect()))
    }

    /// What a facility reaches as if there were no other.
    pub fn alone(&self, frame: &Frame, facility: Shape<'_>) -> Alone {
        let mut covers = Vec::new();
        push_covers(frame, facility, self.straight_m(), &mut covers);
        let Some(ByRoad { network, off_road_m, .. }) = self.roads else {
            return Alone { covers, snap_m: None, road_m: None };
        };
        let Some(snap) = network.snap(facility, off_road_m) else {
            return Alone { covers, snap_m: None, road_m: Some(0.0) };
        };
        let reach = network.reach(&[snap], Heading::To, self.reach);
        let (edges, snap_m) = (reach.edges(), Some(snap.offset_m));
        let of_edge = |edge: &u32| reach.stretches(*edge, self.reach).iter().map(|(from, to)| to - from).sum::<f64>();
        let road_m = Some(edges.iter().map(of_edge).sum());
        let roads = ByRoad { network, reach, snaps: vec![snap], off_road_m, apart: 0 };
        edges.into_iter().for_each(|edge| self.push_road_covers(&roads, edge, frame, &mut covers));
        Alone { covers, snap_m, road_m }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Calls `each` with all that serve and may touch a box.
    pub fn near(&self, bbox: &Bbox, mut each: impl FnMut(Shape<'a>)) {
        for part in &self.parts {
            part.table.index().search(bbox, |row| {
                if part.serves[row as usize] {
                    each(part.table.shape(row));
                }
            });
        }
    }

    /// Figures of the roads, where distances are along them.
    pub fn figures(&self) -> Vec<Figure> {
        let Some(roads) = &self.roads else { return Vec::new() };
        let farthest_m = roads.snaps.iter().map(|snap| snap.offset_m).reduce(f64::max);
        vec![
            Figure::new("snap_farthest_m", farthest_m.map(round_mm), "m"),
            Figure::new("facilities_off_road", roads.apart, "{facility}"),
        ]
    }

    /// The reach along the roads, where that is how distances are measured.
    pub fn road_reach(&self) -> Option<&Reach<'a>> {
        self.roads.as_ref().map(|roads| &roads.reach)
    }

    /// How far one goes straight: all the way, or off the roads only.
    fn straight_m(&self) -> f64 {
        match (&self.roads, self.measure) {
            (Some(roads), Measure::Drive) => roads.off_road_m,
            (Some(roads), _) => roads.off_road_m.min(self.reach),
            (None, _) => self.reach,
        }
    }

    /// Whether a place is within reach; `probe` was laid for it.
    pub fn reaches(&self, shape: Shape<'_>, probe: &mut Probe<'_>) -> bool {
        let search = probe.search;
        let mut found = false;
        self.near(&search, |facility| found = found || probe.reaches(facility));
        found || self.roads.is_some() && self.way_by_road(shape).is_some_and(|way| way <= self.reach + AT_M)
    }

    /// A probe of a place, for `reaches`.
    pub(super) fn probe<'s>(&self, shape: Shape<'s>, buffers: super::households::Buffers) -> Option<Probe<'s>> {
        Probe::reuse(shape, self.straight_m(), buffers.0, buffers.1)
    }

    fn way_by_road(&self, shape: Shape<'_>) -> Option<f64> {
        let roads = self.roads.as_ref()?;
        let from = |place| roads.reach.from_ground(place, roads.off_road_m).map(|near| near.cost);
        shape.inside_point().and_then(from)
    }

    /// How far it is from a place to the nearest facility, as it is told; None where there is no way to any.
    pub fn nearest(&self, shape: Shape<'_>) -> Option<f64> {
        let Some(roads) = &self.roads else { return self.straight_to_m(shape, self.reach * 2.0, f64::INFINITY) };
        let straight = self.straight_to_m(shape, roads.off_road_m, roads.off_road_m);
        // To what is as near as that nobody drives.
        let straight = straight.map(|m| if self.measure == Measure::Drive { 0.0 } else { m });
        [straight, self.way_by_road(shape)].into_iter().flatten().reduce(f64::min).map(|way| self.measure.told(way))
    }

    /// Metres to the nearest facility, sought in windows that double up to `most_m`; None where there is none.
    fn straight_to_m(&self, shape: Shape<'_>, from_m: f64, most_m: f64) -> Option<f64> {
        if self.count() == 0 {
            return None;
        }
        let mut reach_m = from_m;
        loop {
            let mut probe = Probe::new(shape, reach_m)?;
            let search = probe.search;
            let mut best: Option<f64> = None;
            self.near(&search, |facility| {
                if let Some(distance_m) = probe.within(facility) {
                    best = Some(best.map_or(distance_m, |b: f64| b.min(distance_m)));
                }
            });
            // Half the earth's girth: farther nothing lies.
            if best.is_some() || reach_m >= most_m || reach_m > 2.1e7 {
                return best;
            }
            reach_m *= 2.0;
        }
    }

    /// Metres from a place to the nearest road; None where that is farther than anybody looks.
    pub fn to_road_m(&self, shape: Shape<'_>) -> Option<f64> {
        Some(self.roads.as_ref()?.network.snap(shape, SOUGHT_M)?.offset_m)
    }

    /// The ground within reach about `bbox`, laid into a plane.
    pub fn covers(&self, frame: &Frame, bbox: &Bbox) -> Vec<Cover> {
        let mut covers = Vec::new();
        let straight_m = self.straight_m();
        self.near(&bbox.padded(straight_m * 1.002 + 1.0), |facility| {
            push_covers(frame, facility, straight_m, &mut covers);
        });
        if let Some(roads) = &self.roads {
            let search = bbox.padded(straight_m * 1.002 + 1.0);
            roads.network.index().search(&search, |edge| self.push_road_covers(roads, edge, frame, &mut covers));
        }
        covers
    }

    /// The ground from which one comes to the facilities by an edge.
    fn push_road_covers(&self, roads: &ByRoad<'_>, edge: u32, frame: &Frame, covers: &mut Vec<Cover>) {
        // Who walks r metres off a road at a place that is d metres from a facility is within reach where d + r ≤ reach. The
        // way to a facility is no shorter than the straight line, so all such discs lie in those of radius `off_road` about the
        // places up to reach − off_road, and in those about facilities' own places on the road.
        // Who drives is within reach in all of the disc about every place that is reached in time.
        let wide_m = self.straight_m();
        let core = if self.measure == Measure::Drive { self.reach } else { self.reach - wide_m };
        for (from_m, to_m) in roads.reach.stretches(edge, core) {
            let piece = roads.network.piece(edge, from_m, to_m);
            let path = piece.into_iter().map(|c| frame.lnglat_to_local(c)).collect();
            covers.push(Cover { path, radius_m: wide_m, areal: false });
        }
        for snap in roads.snaps_on(edge) {
            let radius_m = wide_m.min(self.reach - snap.offset_m);
            if self.measure == Measure::Road && radius_m > 0.0 {
                covers.push(Cover { path: vec![frame.lnglat_to_local(snap.at)], radius_m, areal: false });
            }
        }
    }
}

impl ByRoad<'_> {
    fn snaps_on(&self, edge: u32) -> impl Iterator<Item = &Snap> {
        let range = self.reach.sources_on(edge);
        range.filter_map(|source| self.snaps.get(source as usize))
    }
}

/// The ground within `radius_m` of a shape.
fn push_covers(frame: &Frame, shape: Shape<'_>, radius_m: f64, out: &mut Vec<Cover>) {
    let areal = shape.kind.dimension() == Some(2);
    for (_, part) in shape.parts() {
        let path: Vec<[f64; 2]> = part.iter().map(|&c| frame.lnglat_to_local(c)).collect();
        if shape.kind.dimension() == Some(0) {
            out.extend(path.into_iter().map(|p| Cover { path: vec![p], radius_m, areal }));
        } else {
            out.push(Cover { path, radius_m, areal });
        }
    }
}

/// A place by itself, as a shape.
pub(super) fn place(at: [f64; 2]) -> Geometries {
    let mut one = Geometries::default();
    one.part(true);
    one.coord(at);
    one.end_row(ShapeKind::Point);
    one
}
