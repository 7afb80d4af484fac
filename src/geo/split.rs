//! Waters cut at borders: which piece of a shape lies in which of some areas.

use crate::geo::cut::{self, Rings, lay_rings, push_polygons, rings_area_m2};
use crate::geo::frame::Frame;
use crate::geo::measure::{area_m2, length_m};
use crate::geo::shape::{Geometries, Shape, ShapeKind, crosses_odd};

/// A piece smaller than this (m², of a line m) is a slip of the border's drawing: it is not cut off.
pub const SLIVER: f64 = 1.0;

/// A piece of a shape.
pub struct Piece {
    /// The area that it lies in, by its place among those given; None: it lies in none.
    pub area: Option<usize>,
    /// Its square metres, of a line its metres.
    pub size: f64,
    /// It; None: it is the whole shape, uncut.
    pub cut: Option<Geometries>,
}

/// The pieces of a polygon or a line in each of `areas`, and in none of them; what lies in two is the first's. A piece hangs
/// together; those too small to be one are left out, and where a single one is left the shape is not cut.
pub fn pieces(shape: Shape<'_>, areas: &[Shape<'_>]) -> Vec<Piece> {
    let Some(extent) = shape.extent() else { return Vec::new() };
    let frame = Frame::at(extent.centre());
    let (size, mut found) = match shape.kind.dimension() {
        Some(2) => (area_m2(shape), of_polygon(&frame, shape, areas)),
        Some(1) => (length_m(shape), of_line(&frame, shape, areas)),
        _ => return Vec::new(),
    };
    found.retain(|piece| piece.size >= SLIVER);
    match found.as_slice() {
        [] => vec![Piece { area: None, size, cut: None }],
        [one] => vec![Piece { area: one.area, size, cut: None }],
        _ => found,
    }
}

fn of_polygon(frame: &Frame, shape: Shape<'_>, areas: &[Shape<'_>]) -> Vec<Piece> {
    let mut rest: Rings = lay_rings(frame, shape);
    let mut found = Vec::new();
    let mut keep = |area: Option<usize>, polygons: Vec<Rings>| {
        for polygon in polygons {
            let size = rings_area_m2(&polygon);
            let mut cut = Geometries::default();
            push_polygons(frame, &[polygon], &mut cut);
            found.push(Piece { area, size, cut: Some(cut) });
        }
    };
    for (at, area) in areas.iter().enumerate() {
        let ground = lay_rings(frame, *area);
        keep(Some(at), cut::intersection(&rest, &ground));
        rest = cut::difference(&rest, &ground).concat();
        if rest.is_empty() {
            break;
        }
    }
    keep(None, cut::union(&rest));
    found
}

/// Shares of the segment `ab` at which a ring crosses it.
fn crossings(a: [f64; 2], b: [f64; 2], ring: &[[f64; 2]], out: &mut Vec<f64>) {
    let r = [b[0] - a[0], b[1] - a[1]];
    for edge in ring.windows(2) {
        let s = [edge[1][0] - edge[0][0], edge[1][1] - edge[0][1]];
        let cross = r[0] * s[1] - r[1] * s[0];
        if cross == 0.0 {
            continue;
        }
        let ac = [edge[0][0] - a[0], edge[0][1] - a[1]];
        let (t, u) = ((ac[0] * s[1] - ac[1] * s[0]) / cross, (ac[0] * r[1] - ac[1] * r[0]) / cross);
        if t > 0.0 && t < 1.0 && (0.0..=1.0).contains(&u) {
            out.push(t);
        }
    }
}

fn of_line(frame: &Frame, shape: Shape<'_>, areas: &[Shape<'_>]) -> Vec<Piece> {
    let grounds: Vec<Rings> = areas
        .iter()
        .map(|area| area.parts().map(|(_, ring)| ring.iter().map(|&c| frame.lnglat_to_local(c)).collect()).collect())
        .collect();
    let holder = |p: [f64; 2]| {
        let holds = |ground: &Rings| ground.iter().fold(false, |inside, ring| inside ^ crosses_odd(ring, p));
        grounds.iter().position(holds)
    };
    let mut found = Vec::new();
    for (_, part) in shape.parts() {
        let mut open: Option<(Option<usize>, Vec<[f64; 2]>)> = None;
        for edge in part.windows(2) {
            let (a, b) = (frame.lnglat_to_local(edge[0]), frame.lnglat_to_local(edge[1]));
            let at = |t: f64| [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
            let mut cuts = vec![0.0, 1.0];
            grounds.iter().flatten().for_each(|ring| crossings(a, b, ring, &mut cuts));
            cuts.sort_by(f64::total_cmp);
            for stretch in cuts.windows(2).filter(|stretch| stretch[1] > stretch[0]) {
                let held = holder(at((stretch[0] + stretch[1]) / 2.0));
                let place = |t: f64| match t {
                    0.0 => edge[0],
                    1.0 => edge[1],
                    _ => frame.local_to_lnglat(at(t)),
                };
                match &mut open {
                    Some((area, line)) if *area == held => line.push(place(stretch[1])),
                    _ => {
                        let next = (held, vec![place(stretch[0]), place(stretch[1])]);
                        found.extend(open.replace(next).map(of_one));
                    }
                }
            }
        }
        found.extend(open.map(of_one));
    }
    found
}

fn of_one((area, line): (Option<usize>, Vec<[f64; 2]>)) -> Piece {
    let mut cut = Geometries::default();
    cut.part(true);
    line.into_iter().for_each(|c| cut.coord(c));
    cut.end_row(ShapeKind::Line);
    let size = length_m(cut.shape(0));
    Piece { area, size, cut: Some(cut) }
}

/// The square metres that polygons cover together, what two of them cover counted once.
pub fn covered_m2(shapes: &[Shape<'_>]) -> f64 {
    match shapes {
        [] => 0.0,
        [one] => area_m2(*one),
        [first, ..] => {
            let Some(extent) = first.extent() else { return 0.0 };
            let frame = Frame::at(extent.centre());
            let all: Rings = shapes.iter().flat_map(|shape| lay_rings(&frame, *shape)).collect();
            cut::union(&all).iter().map(rings_area_m2).sum()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(frame: &Frame, [w, s, e, n]: [f64; 4]) -> Geometries {
        let mut one = Geometries::default();
        one.part(true);
        [[w, s], [e, s], [e, n], [w, n], [w, s]].into_iter().for_each(|p| one.coord(frame.local_to_lnglat(p)));
        one.end_row(ShapeKind::Polygon);
        one
    }

    fn line(frame: &Frame, points: &[[f64; 2]]) -> Geometries {
        let mut one = Geometries::default();
        one.part(true);
        points.iter().for_each(|&p| one.coord(frame.local_to_lnglat(p)));
        one.end_row(ShapeKind::Line);
        one
    }

    #[test]
    fn a_polygon_over_two_areas_is_two_pieces_and_what_lies_in_none_a_third() {
        let frame = Frame::at([117.4, 39.6]);
        let (west, east) = (ring(&frame, [-500.0, -500.0, 0.0, 500.0]), ring(&frame, [0.0, -500.0, 80.0, 500.0]));
        let ditch = ring(&frame, [-100.0, 0.0, 100.0, 4.0]);
        let found = pieces(ditch.shape(0), &[west.shape(0), east.shape(0)]);
        let sizes: Vec<(Option<usize>, f64)> =
            found.iter().map(|p| (p.area, (p.size * 100.0).round() / 100.0)).collect();
        assert_eq!(sizes, [(Some(0), 400.0), (Some(1), 320.0), (None, 80.0)]);
        // Half a square metre over the border is the border's drawing.
        let over = ring(&frame, [-100.0, 0.0, 0.1, 4.0]);
        let found = pieces(over.shape(0), &[west.shape(0), east.shape(0)]);
        assert!(found.len() == 1 && found[0].area == Some(0) && found[0].cut.is_none());
    }

    #[test]
    fn a_line_that_leaves_an_area_and_comes_back_is_in_three_pieces() {
        let frame = Frame::at([117.4, 39.6]);
        let west = ring(&frame, [-500.0, -500.0, 0.0, 500.0]);
        let ditch = line(&frame, &[[-50.0, 0.0], [30.0, 0.0], [30.0, 40.0], [-20.0, 40.0]]);
        let found = pieces(ditch.shape(0), &[west.shape(0)]);
        let sizes: Vec<(Option<usize>, f64)> =
            found.iter().map(|p| (p.area, (p.size * 100.0).round() / 100.0)).collect();
        assert_eq!(sizes, [(Some(0), 50.0), (None, 100.0), (Some(0), 20.0)]);
    }

    #[test]
    fn what_two_polygons_cover_counts_once() {
        let frame = Frame::at([117.4, 39.6]);
        let (one, other) = (ring(&frame, [0.0, 0.0, 100.0, 10.0]), ring(&frame, [50.0, 0.0, 150.0, 10.0]));
        assert!((covered_m2(&[one.shape(0), other.shape(0)]) - 1500.0).abs() < 0.01);
    }
}
