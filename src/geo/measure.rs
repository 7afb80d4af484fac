//! Distances edge to edge and areas, on the ellipsoid, between true shapes.
//!
//! Edges are geodesics. A shape is laid into a local plane near the other; the nearest pair of points is found there, and
//! the geodesic between that pair is the distance wherever the plane alone would not be exact enough.

use std::cell::RefCell;

use crate::geo::bbox::Bbox;
use crate::geo::ellipsoid::{self, between};
use crate::geo::frame::Frame;
use crate::geo::laid::{Laid, Pair, distance2, nearest_laid, shoelace};
use crate::geo::shape::{Geometries, Shape};
use crate::geo::sight::{Sight, sight};

/// Nearer than this to the plane's origin, a planar distance is good to 4e-7; farther off the pair is measured again.
const PLANE_RADIUS_M: f64 = 5_000.0;
/// A planar distance this close to a threshold (relative, plus metres) is settled by GeographicLib.
const DOUBT: (f64, f64) = (1e-6, 2e-3);
/// An edge that is cut for the plane stands for its geodesic within a millimetre: for a `Reach`, what is nearer to the threshold
/// than this is at it, so that a point on a border is within 0 m of it.
const AT_M: f64 = 1e-3;
/// Farther apart than this no plane holds two shapes: their edges are cut into points, and the points compared.
const FAR_M: f64 = 100_000.0;
/// Points that each of two far shapes is cut into at the most.
const FAR_POINTS: f64 = 4_000.0;

/// The nearest points of two shapes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Metres between them; 0 where the shapes meet or one holds the other.
    pub distance_m: f64,
    /// Longitude and latitude on the first shape.
    pub from: [f64; 2],
    /// Longitude and latitude on the second shape.
    pub to: [f64; 2],
}

/// The exact distance of a pair that was found in `frame`.
fn settle(frame: &Frame, pair: Pair) -> Near {
    let (from, to) = (frame.local_to_lnglat(pair.1), frame.local_to_lnglat(pair.2));
    let distance_m = if pair.0 == 0.0 { 0.0 } else { ellipsoid::distance_m(from, to) };
    Near { distance_m, from, to }
}

/// The point about which to lay two shapes: the middle of the smaller one's box.
fn meeting(a: &Bbox, b: &Bbox) -> [f64; 2] {
    let size = |x: &Bbox| x.width().hypot(x.north - x.south);
    if size(a) <= size(b) { a.centre() } else { b.centre() }
}

/// Boxes that lie together within so many degrees each way are less than `FAR_M` apart anywhere on earth.
const NEAR_DEGREES: f64 = 0.5;

/// A distance that two boxes are at least apart, metres: their middles' less their half-diagonals; 0 where they are near.
fn extents_apart_m(a: &Bbox, b: &Bbox) -> f64 {
    let degrees = |from: [f64; 2], to: [f64; 2]| from[1].max(to[1]) - from[0].min(to[0]);
    let wide = degrees([a.west, a.east], [b.west, b.east]);
    let whole = a.west <= a.east && b.west <= b.east;
    if whole && wide.max(degrees([a.south, a.north], [b.south, b.north])) < NEAR_DEGREES {
        return 0.0;
    }
    let half = |x: &Bbox| {
        ellipsoid::distance_m(x.centre(), [x.east, x.north]).max(ellipsoid::distance_m(x.centre(), [x.east, x.south]))
    };
    ellipsoid::distance_m(a.centre(), b.centre()) - half(a) - half(b)
}

/// The nearest points of two shapes that are far apart. With pieces of p metres between points the distance d is too long
/// by p² / 8d at the most: under 1e-6 of d for shapes up to 100 km long.
fn far(a: Shape<'_>, b: Shape<'_>) -> Option<Near> {
    let points = |shape: Shape<'_>| -> Vec<([f64; 3], [f64; 2])> {
        let piece_m = (length_m(shape) / FAR_POINTS).max(10.0);
        let mut all: Vec<[f64; 2]> = shape.coords().to_vec();
        if shape.kind.dimension() != Some(0) {
            all.extend(shape.parts().flat_map(|(_, part)| part.windows(2)).flat_map(|e| between(e[0], e[1], piece_m)));
        }
        all.into_iter().map(|lnglat| (ellipsoid::geocentric_m(lnglat), lnglat)).collect()
    };
    let (from, to) = (points(a), points(b));
    let chord2 = |p: &[f64; 3], q: &[f64; 3]| (0..3).map(|k| (p[k] - q[k]).powi(2)).sum::<f64>();
    let pairs = from.iter().flat_map(|p| to.iter().map(move |q| (chord2(&p.0, &q.0), p.1, q.1)));
    let (_, from, to) = pairs.min_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(Near { distance_m: ellipsoid::distance_m(from, to), from, to })
}

/// The nearest points of two shapes and the geodesic distance between them; None where one has no place.
pub fn nearest(a: Shape<'_>, b: Shape<'_>) -> Option<Near> {
    let (extent_a, extent_b) = (a.extent()?, b.extent()?);
    if extents_apart_m(&extent_a, &extent_b) > FAR_M {
        return far(a, b);
    }
    let mut frame = Frame::at(meeting(&extent_a, &extent_b));
    let (mut laid_a, mut laid_b) = (Laid::default(), Laid::default());
    let mut near = None;
    // Far from the origin the plane only tells where to look: lay both again about the pair it found.
    for _ in 0..3 {
        laid_a.lay(&frame, a);
        laid_b.lay(&frame, b);
        let pair = nearest_laid(&laid_a, &laid_b, f64::INFINITY, 0.0)?;
        let found = settle(&frame, pair);
        let middle = [(pair.1[0] + pair.2[0]) / 2.0, (pair.1[1] + pair.2[1]) / 2.0];
        near = Some(found);
        if middle[0].hypot(middle[1]) < PLANE_RADIUS_M {
            break;
        }
        frame = Frame::at(frame.local_to_lnglat(middle));
    }
    near
}

/// A shape laid into a plane about its own middle, and how far things around it are asked for.
struct Plane {
    frame: Frame,
    laid: Laid,
    /// How much a planar distance may be off where all within the reach lies (relative, plus metres); None: too far for a plane.
    doubt_m: Option<f64>,
    /// Whether that is no more than what GeographicLib settles on the pair that was found.
    local: bool,
    reach_m: f64,
    search: Bbox,
}

/// Beyond `PLANE_RADIUS_M` a plane still tells near from far: up to so many metres from the origin a distance is good to the
/// relative error, ten times what `Frame` states, and to the centimetres by which a cut edge strays from its geodesic.
const COARSE: [(f64, f64, f64); 2] = [(20_000.0, 5e-5, 0.05), (50_000.0, 4e-4, 0.2)];
/// A shape wider than this (degrees) may reach to where a plane turns over: it is not judged by one.
const COARSE_DEGREES: f64 = 0.5;

impl Plane {
    fn lay(shape: Shape<'_>, reach_m: f64, mut laid: Laid) -> Option<Self> {
        let bbox = shape.extent()?;
        let frame = Frame::at(bbox.centre());
        laid.lay(&frame, shape);
        let [w, s, e, n] = laid.bbox;
        let farthest_m = (w.abs().max(e) + reach_m).hypot(s.abs().max(n) + reach_m);
        let local = farthest_m < PLANE_RADIUS_M;
        let doubt_m = if local {
            Some(reach_m * DOUBT.0 + DOUBT.1)
        } else {
            COARSE.iter().find(|(radius_m, ..)| farthest_m < *radius_m).map(|(_, part, more_m)| reach_m * part + more_m)
        };
        // 0.2 % and a metre more than the reach: the window is a filter, the measure decides.
        let search = bbox.padded(reach_m * 1.002 + 1.0);
        Some(Self { frame, laid, doubt_m, local, reach_m, search })
    }

    /// Whether `other` is within the reach of `shape`, which was laid; done as soon as that is certain.
    fn reaches(&self, shape: Shape<'_>, other: Shape<'_>, scratch: &mut Laid) -> bool {
        let Some(extent) = other.bbox() else { return false };
        let meets =
            |[w, s, e, n]: [f64; 4]| extent.west <= e && extent.east >= w && extent.south <= n && extent.north >= s;
        if !self.search.windows().any(meets) {
            return false;
        }
        let exactly = || nearest(shape, other).is_some_and(|near| near.distance_m <= self.reach_m);
        let wide = extent.width().max(extent.north - extent.south) > COARSE_DEGREES;
        let Some(doubt_m) = self.doubt_m.filter(|_| self.local || !wide) else {
            return exactly();
        };
        let sure2 = (self.reach_m - doubt_m).max(0.0).powi(2);
        // A vertex near enough to a vertex is certainty, and most of what is near has one.
        if let Some(&first) = other.coords().first() {
            let p = self.frame.lnglat_to_local(first);
            if self.laid.xy.iter().any(|&q| distance2(p, q) < sure2) {
                return true;
            }
        }
        scratch.lay(&self.frame, other);
        let Some(pair) = nearest_laid(&self.laid, scratch, self.reach_m + doubt_m, sure2) else { return false };
        if pair.0 < sure2 {
            return true;
        }
        if self.local { settle(&self.frame, pair).distance_m <= self.reach_m } else { exactly() }
    }
}

/// A shape laid out once to be held against many neighbours within a fixed reach.
pub struct Probe<'a> {
    shape: Shape<'a>,
    plane: Plane,
    other: Laid,
    /// Boxes to search for candidates.
    pub search: Bbox,
}

impl<'a> Probe<'a> {
    /// Lays `shape` about its own middle; None without a place.
    pub fn new(shape: Shape<'a>, reach_m: f64) -> Option<Self> {
        Self::reuse(shape, reach_m, Laid::default(), Laid::default())
    }

    /// Like `new`, in buffers that an earlier probe gave back.
    pub fn reuse(shape: Shape<'a>, reach_m: f64, laid: Laid, other: Laid) -> Option<Self> {
        let plane = Plane::lay(shape, reach_m, laid)?;
        let search = plane.search;
        Some(Self { shape, plane, other, search })
    }

    /// The buffers, for the next probe.
    pub fn buffers(self) -> (Laid, Laid) {
        (self.plane.laid, self.other)
    }

    /// The distance to `other` if it is within the reach (≤), in metres. Pairs in doubt are settled by GeographicLib.
    pub fn within(&mut self, other: Shape<'_>) -> Option<f64> {
        self.found(other, |_, _, distance_m| distance_m, |near| near.distance_m)
    }

    /// As `within`, with the directions from the probe's shape to `other` and back.
    pub fn sight(&mut self, other: Shape<'_>) -> Option<Sight> {
        self.found(other, sight, Sight::from)
    }

    /// What is said of the nearest pair if that is within the reach: by the plane, or by what was measured without it.
    fn found<T>(
        &mut self,
        other: Shape<'_>,
        planar: impl Fn(&Frame, &Pair, f64) -> T,
        measured: impl Fn(Near) -> T,
    ) -> Option<T> {
        if other.is_none() {
            return None;
        }
        let reach_m = self.plane.reach_m;
        let Some(doubt_m) = self.plane.doubt_m.filter(|_| self.plane.local) else {
            return nearest(self.shape, other).filter(|near| near.distance_m <= reach_m).map(measured);
        };
        let frame = &self.plane.frame;
        self.other.lay(frame, other);
        let pair = nearest_laid(&self.plane.laid, &self.other, reach_m + doubt_m, 0.0)?;
        let planar_m = pair.0.sqrt();
        if planar_m < reach_m - doubt_m {
            return Some(planar(frame, &pair, planar_m));
        }
        let exact_m = settle(frame, pair).distance_m;
        (exact_m <= reach_m).then(|| planar(frame, &pair, exact_m))
    }

    /// Whether `other` is within the reach: as `within`, but done as soon as that is certain.
    pub fn reaches(&mut self, other: Shape<'_>) -> bool {
        self.plane.reaches(self.shape, other, &mut self.other)
    }

    /// As `reaches`; and the distance, where it is no more than `best_m`: of what stands farther only that it is within the reach
    /// has to be known.
    pub fn tell(&mut self, other: Shape<'_>, best_m: f64) -> Option<Option<f64>> {
        let Some(doubt_m) = self.plane.doubt_m.filter(|_| self.plane.local) else {
            return self.within(other).map(|distance_m| Some(distance_m).filter(|m| *m <= best_m));
        };
        let (plane, scratch) = (&self.plane, &mut self.other);
        let extent = other.bbox()?;
        let meets =
            |[w, s, e, n]: [f64; 4]| extent.west <= e && extent.east >= w && extent.south <= n && extent.north >= s;
        if !plane.search.windows().any(meets) {
            return None;
        }
        scratch.lay(&plane.frame, other);
        let limit_m = best_m.min(plane.reach_m) + doubt_m;
        if let Some(pair) = nearest_laid(&plane.laid, scratch, limit_m, 0.0) {
            let planar_m = pair.0.sqrt();
            let sure = planar_m < plane.reach_m - doubt_m;
            let distance_m = if sure { planar_m } else { settle(&plane.frame, pair).distance_m };
            return (distance_m <= plane.reach_m).then(|| Some(distance_m).filter(|m| *m <= best_m));
        }
        if best_m >= plane.reach_m {
            return None;
        }
        let sure2 = (plane.reach_m - doubt_m).max(0.0).powi(2);
        let pair = nearest_laid(&plane.laid, scratch, plane.reach_m + doubt_m, sure2)?;
        let reached = pair.0 < sure2 || settle(&plane.frame, pair).distance_m <= plane.reach_m;
        reached.then_some(None)
    }

    /// The area of the shape that was laid, as `area_m2` measures it.
    pub fn area_m2(&self) -> f64 {
        if self.shape.kind.dimension() != Some(2) || !self.plane.local {
            return area_m2(self.shape);
        }
        let shells = self.shape.parts().map(|(shell, _)| if shell { 1.0 } else { -1.0 });
        shells.zip(self.plane.laid.parts()).map(|(sign, ring_m)| sign * shoelace(ring_m).abs()).sum()
    }
}

/// As a `Probe`, of a shape that it keeps itself.
pub struct Reach {
    own: Geometries,
    plane: Plane,
    scratch: RefCell<Laid>,
}

impl Reach {
    /// Lays `shape` about its own middle; None without a place.
    pub fn new(shape: Shape<'_>, reach_m: f64) -> Option<Self> {
        let mut own = Geometries::default();
        own.push_shape(shape);
        Some(Self { plane: Plane::lay(shape, reach_m + AT_M, Laid::default())?, own, scratch: RefCell::default() })
    }

    /// Whether `other` is within the reach (≤), to the millimetre.
    pub fn holds(&self, other: Shape<'_>) -> bool {
        self.plane.reaches(self.own.shape(0), other, &mut self.scratch.borrow_mut())
    }

    /// The box outside which nothing is within the reach.
    pub fn search(&self) -> Bbox {
        self.plane.search
    }
}

impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} m of {:?}", self.plane.reach_m, self.own.shape(0).kind)
    }
}

/// Area of a shape's polygons, square metres; 0 for points and lines.
///
/// In the shape's own plane where that is exact to 1e-6 (within 5 km of its middle), else GeographicLib's geodesic area.
pub fn area_m2(shape: Shape<'_>) -> f64 {
    if shape.kind.dimension() != Some(2) {
        return 0.0;
    }
    let Some(bbox) = shape.extent() else { return 0.0 };
    let frame = Frame::at(bbox.centre());
    let mut total = 0.0;
    let mut ring_m = Vec::new();
    let mut farthest2: f64 = 0.0;
    for (shell, ring) in shape.parts() {
        ring_m.clear();
        ring_m.extend(ring.iter().map(|&c| frame.lnglat_to_local(c)));
        farthest2 = ring_m.iter().fold(farthest2, |m, p| m.max(p[0] * p[0] + p[1] * p[1]));
        let ring_m2 = shoelace(&ring_m).abs();
        total += if shell { ring_m2 } else { -ring_m2 };
    }
    if is_local(farthest2.sqrt()) {
        return total;
    }
    shape.parts().map(|(shell, ring)| ellipsoid::ring_area_m2(ring).abs() * if shell { 1.0 } else { -1.0 }).sum()
}

/// Whether what lies no farther from the plane's origin than this is as large there as on the ellipsoid, to 4e-7.
pub(super) fn is_local(farthest_m: f64) -> bool {
    farthest_m < PLANE_RADIUS_M
}

/// Length of a shape's lines (of its outline, for polygons), metres, along geodesics.
pub fn length_m(shape: Shape<'_>) -> f64 {
    if shape.kind.dimension() == Some(0) {
        return 0.0;
    }
    shape.parts().flat_map(|(_, part)| part.windows(2)).map(|e| ellipsoid::distance_m(e[0], e[1])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::shape::ShapeKind;

    #[test]
    fn shapes_an_ocean_apart_are_as_far_as_their_nearest_points() {
        let mut all = Geometries::default();
        let square = |all: &mut Geometries, [x, y]: [f64; 2]| {
            all.part(true);
            for corner in [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]] {
                all.coord(corner);
            }
            all.end_row(ShapeKind::Polygon);
        };
        square(&mut all, [117.5, 39.6]);
        square(&mut all, [-122.4, 37.7]);
        let near = nearest(all.shape(0), all.shape(1)).unwrap();
        let corners = |row: u32| all.shape(row).coords().to_vec();
        let least = corners(0)
            .iter()
            .flat_map(|a| corners(1).into_iter().map(|b| ellipsoid::distance_m(*a, b)))
            .fold(f64::INFINITY, f64::min);
        assert!(near.distance_m <= least && near.distance_m > least - 2_000.0, "{} of {least}", near.distance_m);
        assert!(near.distance_m > 9.0e6);
    }
}
