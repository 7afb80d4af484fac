//! The ground of a road: its land where it is known, and where it is not, what its edge is estimated to be.

use crate::analysis::road::{Road, Stretch, text};
use crate::geo::bbox::Bbox;
use crate::geo::chainage::Route;
use crate::geo::cut::{self, Rings};
use crate::geo::ellipsoid::{between, distance_m};
use crate::geo::frame::Frame;
use crate::geo::measure::Probe;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::geo::strip;
use crate::rules;
use crate::table::{Index, Table};

/// Land farther from the axis than this is another road's, metres.
const WIDEST_M: f64 = 150.0;
/// Another carriageway is this near, metres.
const BESIDE_M: f64 = 60.0;
/// As near to the beginning of a section as this is in it, metres.
const BORDER_M: f64 = 1e-4;
/// A line is looked at every so many metres.
const STEP_M: f64 = 20.0;
/// What is known of less than this of a section's axis counts as nothing, and of more than the rest as all.
const TRACE: f64 = 0.01;

/// On what the edge of the road land rests in a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its parcels.
    Surveyed,
    /// Parcels for a part of it.
    Partly,
    /// An estimate.
    Estimated,
}

impl Edge {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Surveyed => "parcels",
            Self::Partly => "partly",
            Self::Estimated => "estimated",
        }
    }
}

/// The ground of a road.
pub struct Ground<'a> {
    land: Option<&'a Table>,
    /// The parcels that are the road's.
    parcels: Vec<u32>,
    /// The lines along which no parcel is known, and the metres from each to the edge.
    bare: Geometries,
    half_m: Vec<f64>,
    guesses: Vec<&'static str>,
    index: Index,
    /// What lies between two carriageways.
    medians: Vec<[[f64; 2]; 4]>,
    widest_m: f64,
}

/// A line every so many metres.
fn dense(line: &[[f64; 2]], step_m: f64) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = Vec::with_capacity(line.len());
    for pair in line.windows(2) {
        all.push(pair[0]);
        all.extend(between(pair[0], pair[1], step_m));
    }
    all.extend(line.last());
    all
}

impl<'a> Ground<'a> {
    /// The ground of a road of these pieces; `land` has the parcels that are known.
    pub fn new(road: &Road, roads: &Table, land: Option<&'a Table>) -> Self {
        let mut ground = Self {
            land,
            parcels: Vec::new(),
            bare: Geometries::default(),
            half_m: Vec::new(),
            guesses: Vec::new(),
            index: Index::new(std::iter::empty()),
            medians: Vec::new(),
            widest_m: 0.0,
        };
        if let Some(land) = land {
            ground.parcels = parcels(road, roads, land);
        }
        for &row in &road.rows {
            let width_m = roads.row(row).named("width_m").number();
            let edge = rules::roads::edge(text(roads, row, "class"));
            let half_m = edge.map_or(0.0, |edge| edge.half_m(width_m));
            for (_, part) in roads.shape(row).parts() {
                for line in ground.outside(&dense(part, 500.0)) {
                    ground.bare.part(true);
                    line.iter().for_each(|&c| ground.bare.coord(c));
                    ground.bare.end_row(ShapeKind::Line);
                    ground.half_m.push(half_m);
                    ground.guesses.extend(edge.map(|edge| &edge.basis[..]));
                    ground.widest_m = ground.widest_m.max(half_m);
                }
            }
        }
        ground.guesses.sort_unstable();
        ground.guesses.dedup();
        let boxes = (0..ground.bare.len() as u32).filter_map(|at| Some((at, ground.bare.shape(at).bbox()?)));
        ground.index = Index::new(boxes);
        ground.medians = medians(road);
        ground
    }

    /// On what its estimates rest.
    pub fn guesses(&self) -> Vec<&'static str> {
        self.guesses.clone()
    }

    /// Calls `each` with every parcel of the road that may touch a box.
    fn near(&self, bbox: &Bbox, mut each: impl FnMut(Shape<'a>)) {
        let Some(land) = self.land else { return };
        let mut rows = Vec::new();
        land.index().search(bbox, |row| rows.push(row));
        rows.retain(|row| self.parcels.binary_search(row).is_ok());
        rows.sort_unstable();
        rows.into_iter().for_each(|row| each(land.shape(row)));
    }

    /// The pieces of a line that lie in no parcel.
    fn outside(&self, line: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
        let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
        for pair in line.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let bbox = Bbox::point(a).union(&Bbox::point(b));
            let mut parcels = Vec::new();
            self.near(&bbox, |shape| parcels.push(shape));
            let mut cuts = vec![0.0, 1.0];
            for edge in parcels.iter().flat_map(|shape| shape.parts()).flat_map(|(_, ring)| ring.windows(2)) {
                cuts.extend(crossing(a, b, edge[0], edge[1]));
            }
            cuts.sort_by(f64::total_cmp);
            cuts.dedup();
            let at = |t: f64| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
            for cut in cuts.windows(2) {
                let middle = at((cut[0] + cut[1]) / 2.0);
                if parcels.iter().any(|shape| shape.contains(middle)) {
                    continue;
                }
                let (from, to) =
                    (if cut[0] == 0.0 { a } else { at(cut[0]) }, if cut[1] == 1.0 { b } else { at(cut[1]) });
                match pieces.last_mut().filter(|piece| piece.last() == Some(&from)) {
                    Some(piece) => piece.push(to),
                    None => pieces.push(vec![from, to]),
                }
            }
        }
        pieces
    }

    /// On what the edge rests along an axis, and along which part of it that is an estimate.
    pub fn edge(&self, axis: &[[f64; 2]]) -> (Edge, f64) {
        let length = |line: &[[f64; 2]]| line.windows(2).map(|e| distance_m(e[0], e[1])).sum::<f64>();
        let bare_m: f64 = self.outside(axis).iter().map(|line| length(line)).sum();
        match bare_m / length(axis).max(f64::MIN_POSITIVE) {
            share if share <= TRACE => (Edge::Surveyed, 0.0),
            share if share >= 1.0 - TRACE => (Edge::Estimated, 1.0),
            share => (Edge::Partly, share),
        }
    }

    /// Whether any of a shape lies on the road's land or within `zone_m` (≤) of its edge.
    pub fn reaches(&self, shape: Shape<'_>, zone_m: f64) -> bool {
        let Some(mut probe) = Probe::new(shape, zone_m + self.widest_m) else { return false };
        let search = probe.search;
        let mut found = false;
        self.near(&search, |parcel| found = found || probe.within(parcel).is_some_and(|m| m <= zone_m));
        self.index.search(&search, |at| {
            let half_m = self.half_m[at as usize];
            found = found || probe.within(self.bare.shape(at)).is_some_and(|m| m - half_m <= zone_m);
        });
        found
    }

    /// How far from the axis a section's strip may reach, section by section.
    pub fn depths(&self, stretches: &[Stretch<'_>], zone_m: f64) -> Vec<f64> {
        const SPARE_M: f64 = 5.0;
        let mut depths = vec![self.widest_m + zone_m + SPARE_M; stretches.len()];
        let mut deepen = |at: usize, offset_m: f64| {
            for depth in &mut depths[at.saturating_sub(1)..(at + 2).min(stretches.len())] {
                *depth = depth.max(offset_m + zone_m + SPARE_M);
            }
        };
        let parcels = self.land.into_iter().flat_map(|land| self.parcels.iter().map(|&row| land.shape(row)));
        let rings = parcels.flat_map(|shape| shape.parts()).flat_map(|(_, ring)| dense(ring, STEP_M));
        for point in rings {
            if let Some((at, offset_m)) = beside(stretches, point, WIDEST_M) {
                deepen(at, offset_m);
            }
        }
        for point in self.medians.iter().flatten() {
            if let Some((at, offset_m)) = beside(stretches, *point, BESIDE_M) {
                deepen(at, offset_m + self.widest_m);
            }
        }
        depths
    }

    /// The control zone in a cell of the plane: within `zone_m` of the road's land, and not on it, nor on what is `taken`.
    pub fn zone(&self, frame: &Frame, bbox: &Bbox, cell: &Rings, taken: &Rings, zone_m: f64) -> Vec<Rings> {
        let disc = cut::unit_disc();
        let window = cut::window_of(cell);
        let (mut outer, mut inner) = (Rings::new(), Rings::new());
        let search = bbox.padded(zone_m + self.widest_m + 1.0);
        self.near(&search, |parcel| {
            outer.extend(cut::lay_rings(frame, parcel));
            inner.extend(cut::lay_rings(frame, parcel));
            strip::push_reach(frame, parcel, zone_m, &disc, &window, &mut outer);
        });
        let mut bare = Vec::new();
        self.index.search(&search, |at| bare.push(at));
        bare.sort_unstable();
        for at in bare {
            let (shape, half_m) = (self.bare.shape(at), self.half_m[at as usize]);
            strip::push_reach(frame, shape, half_m + zone_m, &disc, &window, &mut outer);
            strip::push_reach(frame, shape, half_m, &disc, &window, &mut inner);
        }
        for median in &self.medians {
            let corners = median.iter().map(|&c| frame.lnglat_to_local(c));
            if corners.into_iter().any(|[x, y]| x >= window[0] && x <= window[2] && y >= window[1] && y <= window[3]) {
                strip::push_ring(frame, median, &mut outer);
                strip::push_ring(frame, median, &mut inner);
            }
        }
        strip::between_edges(cell, &outer, &inner, taken)
    }
}

/// The share of the segment `ab` at which it crosses `cd`.
fn crossing(a: [f64; 2], b: [f64; 2], c: [f64; 2], d: [f64; 2]) -> Option<f64> {
    let (r, s, q) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]], [c[0] - a[0], c[1] - a[1]]);
    let cross = r[0] * s[1] - r[1] * s[0];
    if cross == 0.0 {
        return None;
    }
    let (t, u) = ((q[0] * s[1] - q[1] * s[0]) / cross, (q[0] * r[1] - q[1] * r[0]) / cross);
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some(t)
}

/// The parcels of a road: those that name it, and of those that name none, those that its lines run through.
fn parcels(road: &Road, roads: &Table, land: &Table) -> Vec<u32> {
    let same = |own: &str| {
        [&road.called, &road.name, &road.number].iter().any(|name| name.to_lowercase() == own.to_lowercase())
    };
    let mut found: Vec<u32> = (0..land.len()).filter(|&row| same(text(land, row, "road"))).collect();
    for part in road.rows.iter().flat_map(|&row| roads.shape(row).parts()).map(|(_, part)| part) {
        for point in dense(part, STEP_M) {
            land.index().search(&Bbox::point(point), |row| {
                if text(land, row, "road").is_empty() && land.shape(row).contains(point) {
                    found.push(row);
                }
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The ground between a road's carriageways, in pieces.
fn medians(road: &Road) -> Vec<[[f64; 2]; 4]> {
    let foot = |point: [f64; 2]| {
        let places = road.lines.routes.iter().filter_map(|route: &Route| route.locate(point, BESIDE_M));
        places.min_by(|a, b| a.offset_m.total_cmp(&b.offset_m)).map(|place| place.foot)
    };
    let mut medians = Vec::new();
    for other in &road.lines.others {
        let points: Vec<_> = dense(other.line(), STEP_M).into_iter().map(|point| (point, foot(point))).collect();
        for pair in points.windows(2) {
            if let [(a, Some(c)), (b, Some(d))] = pair {
                medians.push([*a, *b, *d, *c]);
            }
        }
    }
    medians
}

/// The section beside which a point lies, and how far off; None beyond the ends.
pub fn beside(stretches: &[Stretch<'_>], point: [f64; 2], within_m: f64) -> Option<(usize, f64)> {
    place(stretches, point, within_m).map(|(at, place)| (at, place.offset_m))
}

/// The section beside which a point lies, and the place at the road; None beyond the ends.
pub fn place(
    stretches: &[Stretch<'_>],
    point: [f64; 2],
    within_m: f64,
) -> Option<(usize, crate::geo::chainage::Place)> {
    let mut best: Option<(usize, crate::geo::chainage::Place)> = None;
    let mut first = 0;
    while first < stretches.len() {
        // The sections of one line stand together, in order.
        let (road, route) = (stretches[first].road, stretches[first].route);
        let own = stretches[first..].partition_point(|one| std::ptr::eq(one.road, road) && one.route == route);
        let found = road.lines.routes[route].locate(point, within_m).filter(|place| !place.beyond);
        if let Some(place) = found.filter(|place| best.is_none_or(|(_, b)| place.offset_m < b.offset_m)) {
            let line = &stretches[first..first + own];
            let at = line.partition_point(|one| one.section.from_m <= place.along_m + BORDER_M).saturating_sub(1);
            // In a gap nothing stands; the end of the line belongs to its last section.
            if place.along_m <= line[at].section.to_m + 1e-6 {
                best = Some((first + at, place));
            }
        }
        first += own;
    }
    best
}
