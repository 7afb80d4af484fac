//! The control zone as ground: a strip on each side of each section.

use rayon::prelude::*;

use super::{Corridor, SIDES};
use crate::analysis::road::Stretch;
use crate::geo::bbox::Bbox;
use crate::geo::chainage::Side;
use crate::geo::cut;
use crate::geo::frame::Frame;
use crate::geo::shape::Geometries;
use crate::geo::strip;
use crate::stop;

impl Corridor<'_> {
    /// The strips of the zone, left and right of each section.
    pub fn strips(&self) -> Vec<[Geometries; 2]> {
        let depths = self.ground.depths(&self.stretches, self.zone_m);
        let after = |at: usize| {
            let here = &self.stretches[at];
            let end = here.section.line.last();
            let touches = |next: &&Stretch<'_>| next.route == here.route && next.section.line.first() == end;
            let first = self.stretches.iter().find(|one| one.route == here.route);
            let next = self.stretches.get(at + 1).filter(touches).or(first.filter(touches));
            next.and_then(|next| next.section.line.get(1).copied())
        };
        let boxed = |at: usize| {
            let all =
                self.stretches[at].section.line.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one));
            all.map(|bbox| bbox.padded(depths[at] * strip::LONGEST_CORNER))
        };
        let boxes: Vec<Option<Bbox>> = (0..self.stretches.len()).map(boxed).collect();
        // The edges of the road that may be nearer to ground of a section than its own are.
        let rivals = |at: usize| -> Vec<[[f64; 2]; 2]> {
            let near = |one: &Option<Bbox>| boxes[at].zip(*one).is_some_and(|(own, other)| meets(&own, &other));
            let near = self.stretches.iter().zip(&boxes).filter(|(_, bbox)| near(bbox));
            near.flat_map(|(one, _)| one.section.line.windows(2).map(|edge| [edge[0], edge[1]])).collect()
        };
        let stop = stop::current();
        let strips = (0..self.stretches.len()).into_par_iter().map(|at| {
            let line = &self.stretches[at].section.line;
            let frame = Frame::at(line[line.len() / 2]);
            let cell = |k: usize, side: Side| {
                let line = &self.stretches[k].section.line;
                strip::cell(&frame, line, after(k), side == Side::Left, depths[k], &rivals(k))
            };
            let Some(bbox) = boxes[at].filter(|_| !stop.is_raised()) else {
                return [Geometries::default(), Geometries::default()];
            };
            // At sharp bends strips meet: what came first along the road has the ground.
            let before = (0..at).filter(|&k| boxes[k].is_some_and(|other| meets(&bbox, &other)));
            let mut taken: cut::Rings =
                before.flat_map(|k| SIDES.map(|side| cell(k, side)).into_iter().flatten()).collect();
            SIDES.map(|side| {
                let own = cell(at, side);
                let polygons = self.ground.zone(&frame, &bbox, &own, &taken, self.zone_m);
                taken.extend(own);
                let mut geometries = Geometries::default();
                cut::push_polygons(&frame, &polygons, &mut geometries);
                geometries
            })
        });
        strips.collect()
    }
}

/// Whether two boxes share a place.
pub fn meets(a: &Bbox, b: &Bbox) -> bool {
    a.west <= b.east && a.east >= b.west && a.south <= b.north && a.north >= b.south
}
