//! What ground a village has: its boundary where there is one, else what is nearer to it than to any other.

use crate::geo::bbox::Bbox;
use crate::geo::cut::{Rings, difference, lay_rings, push_polygons, rings_area_m2};
use crate::geo::frame::Frame;
use crate::geo::shape::Geometries;
use crate::geo::voronoi;

/// Pieces that a side of the extent is cut into, so that it stays a parallel in the plane.
const SIDE_PIECES: u32 = 32;

/// The grounds of villages that stand at `sites`, in their order, and whether each is an estimate.
///
/// A boundary that holds exactly one of the sites is that village's ground. The others share the extent out among
/// themselves, less those boundaries.
pub fn of(sites: &[[f64; 2]], boundaries: &Geometries, extent: &Bbox) -> (Geometries, Vec<bool>) {
    let frame = Frame::at(extent.centre());
    let mut own: Vec<Option<Rings>> = vec![None; sites.len()];
    for at in 0..boundaries.len() as u32 {
        let shape = boundaries.shape(at);
        let mut inside = (0..sites.len()).filter(|&k| shape.contains(sites[k]));
        if let (Some(only), None) = (inside.next(), inside.next()) {
            let rings = lay_rings(&frame, shape);
            let smaller = |known: &Rings| rings_area_m2(&rings).abs() < rings_area_m2(known).abs();
            if own[only].as_ref().is_none_or(smaller) {
                own[only] = Some(rings);
            }
        }
    }
    let covers: Rings = own.iter().flatten().flatten().cloned().collect();
    let without = |(&site, own): (&[f64; 2], &Option<Rings>)| own.is_none().then(|| frame.lnglat_to_local(site));
    let local: Vec<[f64; 2]> = sites.iter().zip(&own).filter_map(without).collect();
    let mut cells = voronoi::cells(&local, &edge(&frame, extent)).into_iter();
    let mut grounds = Geometries::default();
    let mut estimated = Vec::with_capacity(sites.len());
    for own in own {
        estimated.push(own.is_none());
        let polygons = match own {
            Some(rings) => difference(&rings, &Rings::new()),
            None => cells
                .next()
                .filter(|cell| cell.len() >= 3)
                .map_or_else(Vec::new, |cell| difference(&vec![cell], &covers)),
        };
        push_polygons(&frame, &polygons, &mut grounds);
    }
    (grounds, estimated)
}

/// The edge of the extent, as an open ring of the plane that runs anticlockwise.
fn edge(frame: &Frame, extent: &Bbox) -> Vec<[f64; 2]> {
    let [west, south, east, north] = extent.to_array();
    let corners = [[west, south], [east, south], [east, north], [west, north]];
    let mut ring = Vec::new();
    for k in 0..4 {
        let (from, to) = (corners[k], corners[(k + 1) % 4]);
        for piece in 0..SIDE_PIECES {
            let t = f64::from(piece) / f64::from(SIDE_PIECES);
            ring.push(frame.lnglat_to_local([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]));
        }
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Geometry, polygon};

    #[test]
    fn a_boundary_around_one_village_is_its_ground_and_the_others_share_the_rest() {
        let mut boundaries = Geometries::default();
        let square = polygon![(x: 117.0, y: 39.0), (x: 117.02, y: 39.0), (x: 117.02, y: 39.02), (x: 117.0, y: 39.02)];
        boundaries.push(Some(&Geometry::Polygon(square)));
        let extent = Bbox { west: 117.0, south: 39.0, east: 117.1, north: 39.1 };
        let sites = [[117.01, 39.01], [117.05, 39.05], [117.08, 39.02]];
        let (grounds, estimated) = of(&sites, &boundaries, &extent);
        assert_eq!(estimated, [false, true, true]);
        let all: f64 = (0..3)
            .flat_map(|k| {
                grounds.shape(k).parts().map(|(_, r)| crate::geo::ellipsoid::ring_area_m2(r)).collect::<Vec<_>>()
            })
            .sum();
        let whole = crate::geo::ellipsoid::ring_area_m2(&[
            [117.0, 39.0],
            [117.1, 39.0],
            [117.1, 39.1],
            [117.0, 39.1],
            [117.0, 39.0],
        ]);
        assert!((all / whole - 1.0).abs() < 1e-4, "{all} {whole}");
        assert!(!grounds.shape(1).contains(sites[0]) && grounds.shape(1).contains(sites[1]));
    }
}
