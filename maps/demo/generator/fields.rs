//! Permanent basic farmland: blocks of fields in each village's own direction, cut by what stands between them.

use geo::buffer::{Buffer, BufferStyle, LineCap, LineJoin};
use geo::orient::{Direction, Orient};
use geo::{Area, BooleanOps, LineString, MapCoords, MultiPolygon, Polygon, Simplify, Validation};

use crate::rng::Rng;
use crate::roads::{Rank, Road};
use crate::shape::{Frame, Pt, area, mm, off_area_m, pt};

/// A parcel of basic farmland (永久基本农田图斑).
pub struct Field {
    /// The village it lies in.
    pub village: usize,
    /// Its ground.
    pub ground: Polygon,
}

/// The size of a block of fields, and the width of the track between two.
const BLOCK: Pt = Pt { x: 390.0, y: 235.0 };
const TRACK_M: f64 = 9.0;

/// Lays out the fields of every village.
/// `taken` is ground that no field covers: settlements, ponds, compounds, each with the margin it keeps.
pub fn lay_out(seed: u64, rings: &[Vec<Pt>], frames: &[Frame], roads: &[Road], taken: &[(Polygon, f64)]) -> Vec<Field> {
    let mut fields = Vec::new();
    for (village, ring) in rings.iter().enumerate() {
        let mut rng = Rng::keyed(seed, "fields", village, 0);
        let cell = area(ring);
        let centre = frames[village].origin;
        let border = [ring.as_slice(), &ring[..1]].concat();
        let mut gone = vec![widened(&border, 4.0)];
        for road in roads {
            let lane = match road.rank {
                Rank::National => 34.0,
                Rank::County => 24.0,
                Rank::Township => 11.0,
                Rank::Village => 8.0,
            };
            gone.push(widened(&road.line, lane));
        }
        for (ground, margin) in taken.iter().filter(|(g, _)| off_area_m(g, centre) < 3000.0) {
            gone.push(ground.orient(Direction::Default).buffer_with_style(square_cornered(*margin)));
        }
        for row in -9_i32..=9 {
            let shift = rng.between(0.0, BLOCK.x);
            for column in -7..=6 {
                let (x, y) = (f64::from(column) * BLOCK.x + shift, f64::from(row) * BLOCK.y);
                // Some ground is orchard, wood or yard land and not protected.
                let skip = rng.chance(0.2);
                let size = pt(BLOCK.x - TRACK_M, BLOCK.y - TRACK_M);
                let block = frames[village].rectangle(x, y, size.x, size.y);
                if skip || off_area_m(&cell, frames[village].at(x, y)) > 400.0 {
                    continue;
                }
                let mut left = block.intersection(&cell);
                for ground in &gone {
                    left = left.difference(ground);
                }
                fields.extend(left.0.into_iter().filter_map(tidy).map(|ground| Field { village, ground }));
            }
        }
    }
    fields
}

fn square_cornered(margin_m: f64) -> BufferStyle<f64> {
    BufferStyle::new(margin_m).line_join(LineJoin::Miter(0.6)).line_cap(LineCap::Square)
}

fn widened(line: &[Pt], by_m: f64) -> MultiPolygon {
    LineString::new(line.to_vec()).buffer_with_style(square_cornered(by_m))
}

/// Smooths and rounds a parcel; slivers and leftovers under 4000 m² are dropped.
fn tidy(parcel: Polygon) -> Option<Polygon> {
    let parcel = parcel.simplify(1.2).map_coords(mm);
    let slim = parcel.unsigned_area() / geo::Length::length(&geo::Euclidean, parcel.exterior()) < 13.0;
    (parcel.unsigned_area() > 4000.0 && !slim && parcel.is_valid()).then_some(parcel)
}
