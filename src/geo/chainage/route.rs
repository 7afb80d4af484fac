//! A road as one line with numbers on it: any point to its chainage and side, any chainage to its points.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::geo::bbox::Bbox;
use crate::geo::chainage::numbering::Stretch;
use crate::geo::ellipsoid::{between, distance_m};
use crate::geo::frame::Frame;
use crate::geo::linear::Chain;

/// Farther from the road than this a point has no chainage, metres.
pub const FARTHEST_M: f64 = 20_000.0;
/// Nearer to the axis than this a point is on it, metres.
const ON_AXIS_M: f64 = 1e-3;
/// Edges are cut so that each stands for its geodesic within a tenth of a millimetre of the plane about a point near it.
const LONGEST_EDGE_M: f64 = 1_000.0;
/// Farther off than this the foot of a point is sought again in a plane about it.
const AGAIN_M: f64 = 1_000.0;
/// What is shorter at the end of a run of sections belongs to the one before it, metres.
const REMNANT_M: f64 = 1.0;

/// Who says what the numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The map's declaration.
    Declared,
    /// The road layer: the chainage of its pieces' ends.
    Recorded,
    /// Nobody: nought stands at the western end.
    Assumed,
}

impl Basis {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Recorded => "recorded",
            Self::Assumed => "assumed",
        }
    }
}

/// The side of a road, looking the way its numbers grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Neither: within a millimetre of the axis or of its prolongation.
    Axis,
}

impl Side {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Axis => "axis",
        }
    }
}

/// A place at a road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Metres along the line.
    pub along_m: f64,
    /// What the stones say there.
    pub number: f64,
    /// The nearest point of the axis.
    pub foot: [f64; 2],
    /// Metres from there.
    pub offset_m: f64,
    /// On which side.
    pub side: Side,
    /// Whether the point lies beyond an end of the line, whose number it is given.
    pub beyond: bool,
}

/// A section of a road.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Metres along the line to its beginning.
    pub from_m: f64,
    /// Metres along the line to its end.
    pub to_m: f64,
    /// The number at its beginning.
    pub first: f64,
    /// The number at its end.
    pub last: f64,
    /// The axis.
    pub line: Vec<[f64; 2]>,
}

/// A line without a gap, and the metres along the whole to its beginning.
#[derive(Clone, Debug)]
struct Leg {
    from_m: f64,
    chain: Chain,
}

/// One edge of a leg.
#[derive(Clone, Copy, Debug)]
struct Edge {
    ends: [[f64; 2]; 2],
    from_m: f64,
    length_m: f64,
    leg: usize,
}

/// An edge's box in the tree, in degrees of latitude: longitudes are narrowed as they are on the ground.
#[derive(Clone, Copy, Debug)]
struct Boxed {
    ends: [[f64; 2]; 2],
    at: usize,
}

impl RTreeObject for Boxed {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.ends[0], self.ends[1])
    }
}

impl PointDistance for Boxed {
    fn distance_2(&self, p: &[f64; 2]) -> f64 {
        let [a, b] = self.ends;
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let t =
            (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        (a[0] + t * dx - p[0]).powi(2) + (a[1] + t * dy - p[1]).powi(2)
    }
}

/// A road's line from its beginning to its end, over gaps, with its numbers.
pub struct Route {
    /// Who says what the numbers are.
    pub basis: Basis,
    legs: Vec<Leg>,
    stretches: Vec<Stretch>,
    edges: Vec<Edge>,
    tree: RTree<Boxed>,
    /// The narrowing of longitudes.
    narrow: f64,
}

/// Lines one after another with the metres to the beginning of each: what lies between them counts as it lies.
pub fn measured(chains: Vec<Chain>) -> Vec<(f64, Chain)> {
    let mut legs: Vec<(f64, Chain)> = Vec::with_capacity(chains.len());
    for chain in chains {
        let gap_m = |end: &[f64; 2]| chain.line().first().map_or(0.0, |first| distance_m(*end, *first));
        let from_m = legs.last().map_or(0.0, |(from_m, before): &(f64, Chain)| {
            from_m + before.length_m() + before.line().last().map_or(0.0, gap_m)
        });
        legs.push((from_m, chain));
    }
    legs
}

impl Route {
    /// A road of legs that follow each other, with numbers from its beginning to its end.
    pub fn new(basis: Basis, legs: Vec<(f64, Chain)>, stretches: Vec<Stretch>) -> Self {
        let mut edges = Vec::new();
        for (leg, (from_m, chain)) in legs.iter().enumerate() {
            let mut reached_m = *from_m;
            for pair in chain.line().windows(2) {
                let cuts = between(pair[0], pair[1], LONGEST_EDGE_M);
                let corners: Vec<[f64; 2]> = std::iter::once(pair[0]).chain(cuts).chain([pair[1]]).collect();
                for ends in corners.windows(2) {
                    let length_m = distance_m(ends[0], ends[1]);
                    edges.push(Edge { ends: [ends[0], ends[1]], from_m: reached_m, length_m, leg });
                    reached_m += length_m;
                }
            }
        }
        let middle = edges.get(edges.len() / 2).map_or(0.0, |edge| edge.ends[0][1]);
        let narrow = middle.to_radians().cos().max(1e-3);
        let boxed = |(at, edge): (usize, &Edge)| Boxed { ends: edge.ends.map(|[x, y]| [x * narrow, y]), at };
        let tree = RTree::bulk_load(edges.iter().enumerate().map(boxed).collect());
        let legs = legs.into_iter().map(|(from_m, chain)| Leg { from_m, chain }).collect();
        Self { basis, legs, stretches, edges, tree, narrow }
    }

    /// The stretches on which its numbers run evenly.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Metres from its beginning to its end, gaps included.
    pub fn length_m(&self) -> f64 {
        self.legs.last().map_or(0.0, |leg| leg.from_m + leg.chain.length_m())
    }

    /// What the stones say so many metres along it: where the numbers jump, that with which the road goes on.
    pub fn number_at(&self, along_m: f64) -> f64 {
        let after = self.stretches.partition_point(|stretch| stretch.from_m <= along_m);
        self.stretches.get(after.saturating_sub(1)).map_or(along_m, |stretch| stretch.number_at(along_m))
    }

    /// The point so many metres along it; None in a gap.
    pub fn point_at(&self, along_m: f64) -> Option<[f64; 2]> {
        let within = |leg: &&Leg| (leg.from_m - 1e-6..=leg.from_m + leg.chain.length_m() + 1e-6).contains(&along_m);
        self.legs.iter().find(within).map(|leg| leg.chain.at(along_m - leg.from_m))
    }

    /// Where a number stands on the road: nowhere, where it was left out, lies beyond the ends or in a gap; twice, where it comes
    /// again. Both ends of every stretch are included.
    pub fn places(&self, number: f64) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        for stretch in self.stretches.iter().filter(|s| (s.first - 1e-6..=s.last + 1e-6).contains(&number)) {
            let along_m = stretch.along_to(number).clamp(stretch.from_m, stretch.to_m);
            let known = found.iter().any(|place| (place.along_m - along_m).abs() < 1e-6);
            if let Some(foot) = self.point_at(along_m).filter(|_| !known) {
                found.push(Place { along_m, number, foot, offset_m: 0.0, side: Side::Axis, beyond: false });
            }
        }
        found
    }

    /// The place at the road that is nearest to a point, if that is within `within_m` (≤) of it; of several as near, the first
    /// along the road.
    pub fn locate(&self, point: [f64; 2], within_m: f64) -> Option<Place> {
        let first = self.tree.nearest_neighbor([point[0] * self.narrow, point[1]])?;
        let about = Frame::at(point);
        let near = self.foot(&about, point, first.at);
        let reach_m = near.0.min(within_m.min(FARTHEST_M));
        let mut best: Option<(f64, f64, usize, f64)> = None;
        for [west, south, east, north] in Bbox::point(point).padded(reach_m * 1.002 + 0.01).windows() {
            let window = AABB::from_corners([west * self.narrow, south], [east * self.narrow, north]);
            for boxed in self.tree.locate_in_envelope_intersecting(window) {
                let (apart_m, share) = self.foot(&about, point, boxed.at);
                let edge = &self.edges[boxed.at];
                let along_m = edge.from_m + share.clamp(0.0, 1.0) * edge.length_m;
                // As near within a tenth of a millimetre is as near.
                let sooner = |(m, s, ..): (f64, f64, usize, f64)| {
                    if (apart_m - m).abs() < 1e-4 { along_m < s - 1e-6 } else { apart_m < m }
                };
                if best.is_none_or(sooner) {
                    best = Some((apart_m, along_m, boxed.at, share));
                }
            }
        }
        let (apart_m, _, at, _) = best?;
        let frame = if apart_m > AGAIN_M { Frame::at(self.edges[at].ends[0]) } else { about };
        let place = self.place(&frame, point, at);
        (place.offset_m <= within_m).then_some(place)
    }

    /// Planar metres from a point to an edge, and the share of the edge at which its foot stands (beyond 0 … 1: past its ends).
    fn foot(&self, frame: &Frame, point: [f64; 2], at: usize) -> (f64, f64) {
        let [a, b] = self.edges[at].ends.map(|c| frame.lnglat_to_local(c));
        let p = frame.lnglat_to_local(point);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let square = (dx * dx + dy * dy).max(f64::MIN_POSITIVE);
        let share = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square;
        let t = share.clamp(0.0, 1.0);
        ((a[0] + t * dx - p[0]).hypot(a[1] + t * dy - p[1]), share)
    }

    /// The edge before (or after) another on the same leg; round a ring where it is one.
    fn beside(&self, at: usize, after: bool) -> Option<usize> {
        let leg = self.edges[at].leg;
        let next = if after { at.checked_add(1) } else { at.checked_sub(1) };
        let same = |k: &usize| self.edges.get(*k).is_some_and(|edge| edge.leg == leg);
        next.filter(same).or_else(|| {
            let line = self.legs[leg].chain.line();
            let ring = line.len() > 3 && line.first() == line.last();
            let mut own = (0..self.edges.len()).filter(same);
            if !ring {
                None
            } else if after {
                own.next()
            } else {
                own.next_back()
            }
        })
    }

    fn place(&self, frame: &Frame, point: [f64; 2], at: usize) -> Place {
        let edge = &self.edges[at];
        let (_, share) = self.foot(frame, point, at);
        let t = share.clamp(0.0, 1.0);
        let direction = |at: usize| {
            let [a, b] = self.edges[at].ends.map(|c| frame.lnglat_to_local(c));
            let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(f64::MIN_POSITIVE);
            [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
        };
        let mut along = direction(at);
        let mut beyond = false;
        if share <= 0.0 || share >= 1.0 {
            // At a bend a point is judged by the middle of both directions.
            match self.beside(at, share >= 1.0).map(direction) {
                Some(other) => along = [along[0] + other[0], along[1] + other[1]],
                None => beyond = share * edge.length_m < -ON_AXIS_M || (share - 1.0) * edge.length_m > ON_AXIS_M,
            }
        }
        let [a, b] = edge.ends.map(|c| frame.lnglat_to_local(c));
        let on = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        let p = frame.lnglat_to_local(point);
        let length = along[0].hypot(along[1]).max(f64::MIN_POSITIVE);
        let left_m = (along[0] * (p[1] - on[1]) - along[1] * (p[0] - on[0])) / length;
        let side = if left_m.abs() <= ON_AXIS_M {
            Side::Axis
        } else if left_m > 0.0 {
            Side::Left
        } else {
            Side::Right
        };
        let foot = if t == 0.0 {
            edge.ends[0]
        } else if t == 1.0 {
            edge.ends[1]
        } else {
            frame.local_to_lnglat(on)
        };
        let along_m = edge.from_m + t * edge.length_m;
        let offset_m = distance_m(point, foot);
        Place { along_m, number: self.number_at(along_m), foot, offset_m, side, beyond }
    }

    /// The road cut wherever a multiple of `section_m` stands, where its numbers jump, and at its gaps.
    pub fn sections(&self, section_m: f64) -> Vec<Section> {
        let mut sections = Vec::new();
        for leg in &self.legs {
            let (begin_m, end_m) = (leg.from_m, leg.from_m + leg.chain.length_m());
            for run in self.runs(begin_m, end_m) {
                let mut cuts: Vec<(f64, f64)> = vec![run[0]];
                for pair in run.windows(2) {
                    let ((from_m, first), (to_m, last)) = (pair[0], pair[1]);
                    let stretch = Stretch { from_m, to_m, first, last };
                    let mut step = (first / section_m).floor() + 1.0;
                    while step * section_m <= last {
                        cuts.push((stretch.along_to(step * section_m), step * section_m));
                        step += 1.0;
                    }
                }
                let end = run[run.len() - 1];
                // A remnant at either end belongs to its neighbour.
                if cuts.len() > 1 && cuts[1].0 - cuts[0].0 < REMNANT_M && end.0 - cuts[1].0 >= REMNANT_M {
                    cuts.remove(1);
                }
                while cuts.len() > 1 && end.0 - cuts[cuts.len() - 1].0 < REMNANT_M {
                    cuts.pop();
                }
                cuts.push(end);
                for pair in cuts.windows(2) {
                    let ((from_m, first), (to_m, last)) = (pair[0], pair[1]);
                    let line = leg.chain.piece(from_m - begin_m, to_m - begin_m);
                    sections.push(Section { from_m, to_m, first, last, line });
                }
            }
        }
        sections
    }

    /// Corners (metres along, number) of what runs on without a jump between two places.
    fn runs(&self, begin_m: f64, end_m: f64) -> Vec<Vec<(f64, f64)>> {
        let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut before: Option<&Stretch> = None;
        for stretch in self.stretches.iter().filter(|s| s.to_m > begin_m + 1e-6 && s.from_m < end_m - 1e-6) {
            let corner = |m: f64| (m, stretch.number_at(m));
            let (from, to) = (corner(stretch.from_m.max(begin_m)), corner(stretch.to_m.min(end_m)));
            let to = if stretch.to_m <= end_m { (to.0, stretch.last) } else { to };
            match runs.last_mut() {
                Some(run) if before.is_some_and(|before| before.runs_into(stretch)) => run.push(to),
                _ => runs.push(vec![from, to]),
            }
            before = Some(stretch);
        }
        runs
    }
}
