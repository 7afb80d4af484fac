//! Pieces of ground that cells have too much or too little of.

use crate::geo::bbox::Bbox;
use crate::geo::cut::{self, Rings};
use crate::geo::frame::Frame;
use crate::geo::join::join;
use crate::geo::measure;
use crate::geo::shape::{Geometries, Shape, ShapeKind};

/// A piece of ground, measured.
pub struct Piece {
    /// Itself, as the one row.
    pub geometry: Geometries,
    pub area_m2: f64,
    /// Its area by half its outline: of a strip, how wide it is.
    pub width_m: f64,
    /// A point in it.
    pub inside: [f64; 2],
}

impl Piece {
    pub fn shape(&self) -> Shape<'_> {
        self.geometry.shape(0)
    }

    /// A shape as it stands.
    pub fn whole(shape: Shape<'_>) -> Option<Self> {
        let mut geometry = Geometries::default();
        geometry.push_shape(shape);
        Self::of(geometry)
    }

    /// Several shapes as one.
    pub fn together<'s>(shapes: impl Iterator<Item = Shape<'s>>) -> Option<Self> {
        let mut geometry = Geometries::default();
        let mut polygons = 0;
        for (shell, ring) in shapes.flat_map(|shape| shape.parts()) {
            polygons += usize::from(shell);
            geometry.part(shell);
            ring.iter().for_each(|&c| geometry.coord(c));
        }
        geometry.end_row(if polygons == 1 { ShapeKind::Polygon } else { ShapeKind::MultiPolygon });
        Self::of(geometry)
    }

    fn of(geometry: Geometries) -> Option<Self> {
        let shape = geometry.shape(0);
        let (area_m2, outline_m) = (measure::area_m2(shape), measure::length_m(shape));
        let inside = shape.inside_point()?;
        let width_m = if outline_m > 0.0 { 2.0 * area_m2 / outline_m } else { 0.0 };
        Some(Self { area_m2, width_m, inside, geometry })
    }
}

fn pieces(frame: &Frame, polygons: Vec<Rings>) -> Vec<Piece> {
    let piece = |polygon: Rings| {
        let mut geometry = Geometries::default();
        cut::push_polygons(frame, &[polygon], &mut geometry);
        Piece::of(geometry)
    };
    polygons.into_iter().filter_map(piece).collect()
}

/// What of a shape's rings lies in a window.
fn clipped(frame: &Frame, shape: Shape<'_>, window: &[f64; 4]) -> Rings {
    let mut rings = Rings::new();
    for ring in cut::lay_rings(frame, shape) {
        // Where a ring is cut it runs along the window, outside of all that is asked for.
        cut::push_clipped(ring, window, &mut rings);
    }
    rings
}

/// What of a ground none of the covers lies on. Borders nearer than `snap_m` to each other are one border.
pub fn beyond(ground: Shape<'_>, covers: &[Shape<'_>], snap_m: f64) -> Vec<Piece> {
    let Some(bbox) = ground.extent() else { return Vec::new() };
    let frame = Frame::at(bbox.centre());
    let ground = cut::lay_rings(&frame, ground);
    let window = widened(cut::window_of(&ground), snap_m);
    let mut all = vec![ground];
    all.extend(covers.iter().map(|cover| clipped(&frame, *cover, &window)));
    join(&frame, &mut all, snap_m);
    let covers: Rings = all.split_off(1).into_iter().flatten().collect();
    pieces(&frame, all.first().map(|ground| cut::difference(ground, &covers)).unwrap_or_default())
}

/// What two areas have in common.
pub fn common(one: Shape<'_>, other: Shape<'_>, snap_m: f64) -> Vec<Piece> {
    let (Some(a), Some(b)) = (one.extent(), other.extent()) else { return Vec::new() };
    // About the middle of what they may share, where the plane is truest.
    let shared = Bbox {
        west: a.west.max(b.west),
        south: a.south.max(b.south),
        east: a.east.min(b.east),
        north: a.north.min(b.north),
    };
    let frame = Frame::at(if shared.west <= shared.east { shared.centre() } else { a.centre() });
    let both = [cut::lay_rings(&frame, one), cut::lay_rings(&frame, other)];
    let [a, b] = [&both[0], &both[1]].map(|rings| cut::window_of(rings));
    let window = widened([a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])], snap_m);
    if window[0] >= window[2] || window[1] >= window[3] {
        return Vec::new();
    }
    let mut both = both.map(|rings| {
        let mut kept = Rings::new();
        rings.into_iter().for_each(|ring| cut::push_clipped(ring, &window, &mut kept));
        kept
    });
    join(&frame, &mut both, snap_m);
    pieces(&frame, cut::intersection(&both[0], &both[1]))
}

fn widened([west, south, east, north]: [f64; 4], by_m: f64) -> [f64; 4] {
    [west - by_m - 1.0, south - by_m - 1.0, east + by_m + 1.0, north + by_m + 1.0]
}
