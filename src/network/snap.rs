//! Places put on the roads.

use crate::geo::bbox::Bbox;
use crate::geo::ellipsoid::distance_m;
use crate::geo::frame::Frame;
use crate::geo::laid::foot_share;
use crate::geo::measure;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::network::Network;

/// The first window in which a road is sought, metres; those after it are four times as wide.
const FIRST_M: f64 = 60.0;

/// A place on a road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snap {
    /// The edge.
    pub edge: u32,
    /// Metres from the edge's beginning.
    pub along_m: f64,
    /// Metres from the place to the road; 0 where they meet.
    pub offset_m: f64,
    /// Where on the road, longitude and latitude.
    pub at: [f64; 2],
}

impl Network {
    /// The nearest road of a place (a point, a line or an area, from its border), no farther from it than `limit_m` (≤). Of
    /// roads that are as near, the one that comes first.
    pub fn snap(&self, place: Shape<'_>, limit_m: f64) -> Option<Snap> {
        let bbox = place.extent()?;
        let mut window_m = FIRST_M.min(limit_m);
        loop {
            let found = match place.kind {
                ShapeKind::Point => self.nearest_to(bbox.centre(), window_m),
                _ => self.nearest_to_shape(place, &bbox, window_m),
            };
            if found.is_some() || window_m >= limit_m {
                return found;
            }
            window_m = (window_m * 4.0).min(limit_m);
        }
    }

    fn candidates(&self, bbox: &Bbox, within_m: f64) -> Vec<u32> {
        let mut edges = Vec::new();
        self.index.search(&bbox.padded(within_m * 1.002 + 1.0), |edge| edges.push(edge));
        edges.sort_unstable();
        edges
    }

    fn nearest_to(&self, here: [f64; 2], within_m: f64) -> Option<Snap> {
        let frame = Frame::at(here);
        let mut best: Option<(f64, u32, f64, [f64; 2])> = None;
        for edge in self.candidates(&Bbox::point(here), within_m) {
            let (along_m, at, apart_m) = self.foot_on(edge, &frame);
            if best.is_none_or(|b| apart_m < b.0) {
                best = Some((apart_m, edge, along_m, at));
            }
        }
        let (_, edge, along_m, at) = best?;
        let at = frame.local_to_lnglat(at);
        let offset_m = distance_m(here, at);
        (offset_m <= within_m).then_some(Snap { edge, along_m, offset_m, at })
    }

    /// The place of an edge nearest to the frame's origin: metres along it, where, and how far.
    fn foot_on(&self, edge: u32, frame: &Frame) -> (f64, [f64; 2], f64) {
        let (line, metres) = self.line(edge);
        let mut best = (0.0, [f64::NAN; 2], f64::INFINITY);
        let mut last = frame.lnglat_to_local(line[0]);
        for k in 1..line.len() {
            let next = frame.lnglat_to_local(line[k]);
            let (share, at) = foot_share([0.0, 0.0], last, next);
            let apart_m = at[0].hypot(at[1]);
            if apart_m < best.2 {
                best = (metres[k - 1] + share * (metres[k] - metres[k - 1]), at, apart_m);
            }
            last = next;
        }
        best
    }

    fn nearest_to_shape(&self, place: Shape<'_>, bbox: &Bbox, within_m: f64) -> Option<Snap> {
        let mut best: Option<Snap> = None;
        let mut own = Geometries::default();
        for edge in self.candidates(bbox, within_m) {
            own.clear();
            own.part(true);
            self.line(edge).0.iter().for_each(|&c| own.coord(c));
            own.end_row(ShapeKind::Line);
            let Some(near) = measure::nearest(place, own.shape(0)) else { continue };
            if near.distance_m <= within_m && best.is_none_or(|b| near.distance_m < b.offset_m) {
                let (along_m, ..) = self.foot_on(edge, &Frame::at(near.to));
                best = Some(Snap { edge, along_m, offset_m: near.distance_m, at: near.to });
            }
        }
        best
    }
}
