//! The ground nearer to one site than to any other, in a plane.

use rstar::primitives::GeomWithData;
use rstar::{PointDistance, RTree};

/// The part of `ground` (an open ring) that is nearest to each of `sites`, as an open ring; empty where a site has none,
/// as when another one stands in the same place before it.
pub fn cells(sites: &[[f64; 2]], ground: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    let numbered = sites.iter().enumerate().map(|(k, &site)| GeomWithData::new(site, k)).collect();
    let tree: RTree<GeomWithData<[f64; 2], usize>> = RTree::bulk_load(numbered);
    sites.iter().enumerate().map(|(own, &site)| cell(own, site, ground, &tree)).collect()
}

fn cell(own: usize, site: [f64; 2], ground: &[[f64; 2]], tree: &RTree<GeomWithData<[f64; 2], usize>>) -> Vec<[f64; 2]> {
    let mut ring = ground.to_vec();
    for other in tree.nearest_neighbor_iter(site) {
        if other.data == own {
            continue;
        }
        let apart2 = other.geom().distance_2(&site);
        if apart2 == 0.0 {
            if other.data < own {
                return Vec::new();
            }
            continue;
        }
        let reach2 = ring.iter().map(|corner| corner.distance_2(&site)).fold(0.0, f64::max);
        // No corner is as near to this site, or to any farther one, as to its own.
        if apart2 > 4.0 * reach2 {
            break;
        }
        ring = nearer(&ring, site, *other.geom());
    }
    ring
}

/// What of a ring lies on the side of `a` of the line halfway between `a` and `b`.
fn nearer(ring: &[[f64; 2]], a: [f64; 2], b: [f64; 2]) -> Vec<[f64; 2]> {
    let (nx, ny) = (b[0] - a[0], b[1] - a[1]);
    let middle = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
    let beyond = |p: [f64; 2]| (p[0] - middle[0]) * nx + (p[1] - middle[1]) * ny;
    let mut kept = Vec::with_capacity(ring.len() + 1);
    for (k, &p) in ring.iter().enumerate() {
        let q = ring[(k + 1) % ring.len()];
        let (dp, dq) = (beyond(p), beyond(q));
        if dp <= 0.0 {
            kept.push(p);
        }
        if (dp < 0.0 && dq > 0.0) || (dp > 0.0 && dq < 0.0) {
            let t = dp / (dp - dq);
            kept.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::laid::shoelace;

    const GROUND: [[f64; 2]; 4] = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]];

    #[test]
    fn the_cells_share_out_the_ground_and_each_point_goes_to_its_nearest_site() {
        let sites: Vec<[f64; 2]> =
            (0..40).map(|k| [f64::from(k * 37 % 97) + 0.5, f64::from(k * 61 % 89) + 0.25]).collect();
        let cells = cells(&sites, &GROUND);
        let area: f64 = cells.iter().map(|ring| shoelace(ring)).sum();
        assert!((area - 10_000.0).abs() < 1e-6, "{area}");
        for (own, ring) in cells.iter().enumerate() {
            for corner in ring {
                let least = sites.iter().map(|s| s.distance_2(corner)).fold(f64::INFINITY, f64::min);
                assert!((sites[own].distance_2(corner) - least).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn of_two_sites_in_one_place_the_first_has_the_ground() {
        let cells = cells(&[[50.0, 50.0], [50.0, 50.0]], &GROUND);
        assert_eq!((cells[0].len(), cells[1].len()), (4, 0));
    }
}
