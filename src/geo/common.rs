//! How much ground shapes have in common, told without cutting any of them.
//!
//! What a shape covers is what lies below its edges, down to any one level, each counted for or against as the edge runs. Ground
//! lies below two edges at once where it lies below the lower of them. So the ground that shapes have in common is a sum over
//! pairs of their edges, whatever bays and holes they have, as long as none of them covers any ground twice; and shapes in common
//! are again what lies below edges.

use crate::geo::cut::{Rings, intersection, lay_rings, push_clipped, rings_area_m2, window_of};
use crate::geo::ellipsoid;
use crate::geo::frame::Frame;
use crate::geo::laid::distance2;
use crate::geo::measure;
use crate::geo::shape::Shape;

/// Longer edges are cut along their geodesic before they are laid beside a shape that is small against them.
const LONGEST_EDGE_M: f64 = 2_000.0;

/// Rings of no more corners than this are laid beside the ground whole.
const SMALL: usize = 32;

/// From so many pairs of edges on the overlay library is quicker, which sorts them.
const MANY: usize = 20_000;

/// Of more shapes than this, what several cover is left to the overlay library: each doubles the work here.
const FEW: usize = 4;

/// An edge as the top of the ground below it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    /// Where it begins and ends, metres east.
    west: f64,
    east: f64,
    /// Where it stands there, metres north.
    at_west: f64,
    at_east: f64,
    /// 1 where the ground below it counts, -1 where it is counted off.
    sign: f64,
}

impl Edge {
    fn area_m2(&self) -> f64 {
        self.sign * (self.at_west + self.at_east) / 2.0 * (self.east - self.west)
    }

    fn at(&self, x: f64) -> f64 {
        self.at_west + (self.at_east - self.at_west) * ((x - self.west) / (self.east - self.west))
    }

    /// Calls `each` with the edges, two at the most, below which is what lies below this one and another.
    #[inline]
    fn below_both(&self, other: &Self, mut each: impl FnMut(Self)) {
        let (west, east) = (self.west.max(other.west), self.east.min(other.east));
        if west >= east {
            return;
        }
        let sign = self.sign * other.sign;
        let (own, others) = ([self.at(west), self.at(east)], [other.at(west), other.at(east)]);
        let (by_west, by_east) = (others[0] - own[0], others[1] - own[1]);
        let (at_west, at_east) = (own[0].min(others[0]), own[1].min(others[1]));
        if by_west * by_east >= 0.0 {
            return each(Self { west, east, at_west, at_east, sign });
        }
        let share = by_west / (by_west - by_east);
        let (x, y) = (west + share * (east - west), own[0] + share * (own[1] - own[0]));
        each(Self { west, east: x, at_west, at_east: y, sign });
        each(Self { west: x, east, at_west: y, at_east, sign });
    }
}

/// The edges of open rings, shells anticlockwise and holes clockwise, that matter to ground in a window: not those beside it, and not
/// those before it, of what lies below which it has as much for as against. An edge straight north has nothing below it.
fn edges(rings: &Rings, &[west, south, east, _]: &[f64; 4]) -> Vec<Edge> {
    let mut all = Vec::with_capacity(rings.iter().map(Vec::len).sum());
    for ring in rings {
        let Some(mut from) = ring.last() else { continue };
        for to in ring {
            let ([x, y], [u, v]) = (*from, *to);
            from = to;
            if x.min(u) >= east || x.max(u) <= west || y.max(v) <= south {
                continue;
            }
            if x < u {
                all.push(Edge { west: x, east: u, at_west: y, at_east: v, sign: -1.0 });
            } else if x > u {
                all.push(Edge { west: u, east: x, at_west: v, at_east: y, sign: 1.0 });
            }
        }
    }
    all
}

/// The ground that two have in common, in square metres.
fn common_m2(one: &[Edge], other: &[Edge]) -> f64 {
    let mut sum = 0.0;
    for b in other {
        one.iter().for_each(|a| a.below_both(b, |edge| sum += edge.area_m2()));
    }
    sum
}

/// The ground that two have in common.
fn common(one: &[Edge], other: &[Edge]) -> Vec<Edge> {
    let mut all = Vec::new();
    for b in other {
        one.iter().for_each(|a| a.below_both(b, |edge| all.push(edge)));
    }
    all
}

/// How much of the ground any of the others covers: what the first does, and of what the rest do, that which the first does not.
fn covered_m2(ground: &[Edge], covers: &[Vec<Edge>]) -> f64 {
    let [first, rest @ ..] = covers else { return 0.0 };
    if rest.is_empty() {
        return common_m2(ground, first);
    }
    let shared = common(ground, first);
    shared.iter().map(Edge::area_m2).sum::<f64>() + covered_m2(ground, rest) - covered_m2(&shared, rest)
}

/// The ground of a shape, laid into a plane about its own middle, for asking how much of it lies in others.
pub struct Ground {
    frame: Frame,
    rings: Rings,
    edges: Vec<Edge>,
    window: [f64; 4],
    plane_m2: f64,
    /// The ground's area on the ellipsoid, square metres.
    pub area_m2: f64,
}

impl Ground {
    /// Lays a shape; None for what has no ground: points, lines, nothing.
    pub fn of(shape: Shape<'_>) -> Option<Self> {
        if shape.kind.dimension() != Some(2) {
            return None;
        }
        let frame = Frame::at(shape.extent()?.centre());
        Self::laid(frame, lay_rings(&frame, shape), |plane_m2, farthest_m| {
            if measure::is_local(farthest_m) { plane_m2 } else { measure::area_m2(shape) }
        })
    }

    /// `area_m2`: what the ground's area is, by that of its rings and how far they reach from the plane's origin.
    fn laid(frame: Frame, rings: Rings, area_m2: impl Fn(f64, f64) -> f64) -> Option<Self> {
        let (window, plane_m2) = (window_of(&rings), rings_area_m2(&rings));
        let [west, south, east, north] = window;
        let area_m2 = area_m2(plane_m2, west.abs().max(east).hypot(south.abs().max(north)));
        (plane_m2 > 0.0).then(|| Self { frame, edges: edges(&rings, &window), rings, window, plane_m2, area_m2 })
    }

    /// What of another shape's rings lies about the ground, laid beside it, and perhaps more of them; empty where there are none.
    pub fn beside(&self, other: Shape<'_>) -> Rings {
        let mut about = Rings::new();
        if other.kind.dimension() != Some(2) {
            return about;
        }
        for (_, ring) in other.parts() {
            let mut laid: Vec<[f64; 2]> = Vec::with_capacity(ring.len());
            let mut from = ring.first().map(|&start| self.frame.lnglat_to_local(start));
            for edge in ring.windows(2) {
                let to = self.frame.lnglat_to_local(edge[1]);
                laid.extend(from);
                if from.is_some_and(|from| distance2(from, to) > LONGEST_EDGE_M * LONGEST_EDGE_M) {
                    let cuts = ellipsoid::between(edge[0], edge[1], LONGEST_EDGE_M / 2.0);
                    laid.extend(cuts.into_iter().map(|c| self.frame.lnglat_to_local(c)));
                }
                from = Some(to);
            }
            // A few corners beside the ground do not matter.
            if laid.len() <= SMALL {
                about.push(laid);
            } else {
                push_clipped(laid, &self.window, &mut about);
            }
        }
        about
    }

    /// How much of the ground lies in that of other shapes, whose rings were laid beside it, square metres on the ellipsoid; what several of
    /// them cover counts once.
    pub fn covered_m2(&self, covers: &[Rings]) -> f64 {
        let own: Vec<Vec<Edge>> = covers.iter().map(|cover| edges(cover, &self.window)).collect();
        let pairs = own.iter().fold(self.edges.len(), |pairs, edges| pairs.saturating_mul(edges.len().max(1)));
        if covers.len() > FEW || pairs > MANY {
            return self.overlaid_m2(&covers.concat());
        }
        self.on_ellipsoid_m2(covered_m2(&self.edges, &own))
    }

    fn overlaid_m2(&self, covers: &Rings) -> f64 {
        self.on_ellipsoid_m2(intersection(&self.rings, covers).iter().map(rings_area_m2).sum())
    }

    /// The plane's areas are off by its scale; the ground's own area says by how much.
    fn on_ellipsoid_m2(&self, plane_m2: f64) -> f64 {
        self.area_m2 * (plane_m2 / self.plane_m2).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring about a place, of so many corners, each at a distance from the middle.
    fn ring(middle: [f64; 2], corners: usize, far: impl Fn(usize) -> f64) -> Vec<[f64; 2]> {
        let corner = |k: usize| {
            let (s, c) = (std::f64::consts::TAU * k as f64 / corners as f64).sin_cos();
            [middle[0] + far(k) * c, middle[1] + far(k) * s]
        };
        (0..corners).map(corner).collect()
    }

    fn ground(rings: Rings) -> Ground {
        let m2 = rings_area_m2(&rings);
        Ground::laid(Frame::at([117.0, 40.0]), rings, |_, _| m2).unwrap()
    }

    #[test]
    fn several_parcels_count_once_whether_they_lie_side_by_side_or_over_each_other() {
        let square = |west: f64, east: f64| vec![vec![[west, -9.0], [east, -9.0], [east, 9.0], [west, 9.0]]];
        let farm = ground(square(-5.0, 5.0));
        let covered = |parcels: &[Rings], width_m: f64| {
            assert!((farm.covered_m2(parcels) - width_m * 18.0).abs() < 1e-9, "{parcels:?}");
        };
        covered(&[square(-20.0, -1.0), square(-1.0, 2.0), square(2.0, 4.0)], 9.0);
        covered(&[square(-20.0, 0.0), square(-1.0, 2.0), square(2.0, 4.0)], 9.0);
        covered(&[square(-20.0, 30.0), square(-30.0, 20.0)], 10.0);
        covered(&[square(6.0, 8.0)], 0.0);
        covered(&[], 0.0);
        let bay = vec![vec![[-20.0, -9.0], [1.0, -9.0], [-3.0, 0.0], [1.0, 9.0], [-20.0, 9.0]]];
        covered(&[bay.clone(), square(-3.0, 1.0)], 6.0);
        covered(&[bay, square(1.0, 4.0)], 7.0);
        // More than are told edge by edge.
        let many: Vec<Rings> = (-4..4).map(|west| square(f64::from(west), f64::from(west) + 1.5)).collect();
        assert!((farm.covered_m2(&many) - 8.5 * 18.0).abs() < 1e-3);
    }

    #[test]
    fn what_is_told_edge_by_edge_is_what_the_overlay_says() {
        let mut state = 7_u32;
        let mut next = |most: f64| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1_u32 << 24) * most
        };
        let (mut shared, mut twice) = (0, 0);
        for _ in 0..400 {
            let mut star = |corners: usize| {
                let at = [next(50.0) - 25.0, next(50.0) - 25.0];
                let spikes: Vec<f64> = (0..corners).map(|_| 10.0 + next(25.0)).collect();
                let mut hole = ring(at, 7, |_| 6.0);
                hole.reverse();
                vec![ring(at, corners, |k| spikes[k]), hole]
            };
            let (farm, parcels) = (ground(star(9)), [star(24), star(5), star(4)]);
            let told: Vec<f64> = (1..=3).map(|many| farm.covered_m2(&parcels[..many])).collect();
            for many in 1..=3 {
                let overlaid = farm.overlaid_m2(&parcels[..many].concat());
                assert!((told[many - 1] - overlaid).abs() < 1e-5 * farm.plane_m2, "{told:?} and {overlaid}");
            }
            let alone: f64 = parcels.iter().map(|one| farm.covered_m2(std::slice::from_ref(one))).sum();
            shared += usize::from(told[0] > 1.0);
            twice += usize::from(alone > told[2] + 1.0);
        }
        assert!(shared > 300 && twice > 200, "{shared} {twice}");
    }

    #[test]
    fn a_border_in_common_is_no_ground_in_common() {
        let farm = ground(vec![vec![[-5.0, -5.0], [5.0, -5.0], [5.0, 5.0], [-5.0, 5.0]]]);
        let slanting = vec![vec![[5.0, -5.0], [9.0, -9.0], [9.0, 9.0], [5.0, 5.0]]];
        let above = vec![vec![[-5.0, 5.0], [5.0, 5.0], [0.0, 9.0]]];
        assert_eq!([slanting, above].map(|parcel| farm.covered_m2(&[parcel])), [0.0, 0.0]);
    }
}
