//! How two shapes see each other: how far apart, and in which direction.

use crate::geo::ellipsoid;
use crate::geo::frame::Frame;
use crate::geo::laid::Pair;
use crate::geo::measure::Near;

/// How far apart two shapes are, and in which direction they see each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// Metres between them; 0 where they meet.
    pub distance_m: f64,
    /// The direction from the first one's nearest point to the second's, degrees clockwise from north, and that back; None where
    /// they meet.
    pub bearings_deg: Option<[f64; 2]>,
}

impl Sight {
    /// As the second sees the first.
    #[must_use]
    pub fn turned(self) -> Self {
        Self { bearings_deg: self.bearings_deg.map(|[there, back]| [back, there]), ..self }
    }
}

impl From<Near> for Sight {
    fn from(near: Near) -> Self {
        let both = || [ellipsoid::bearing_deg(near.from, near.to), ellipsoid::bearing_deg(near.to, near.from)];
        Self { distance_m: near.distance_m, bearings_deg: (near.distance_m > 0.0).then(both) }
    }
}

/// What a pair says that was found in `frame`, and is `distance_m` apart. The plane keeps angles; within 5 km of its origin a
/// straight line in it leaves as the geodesic does, to 1e-4 degrees.
pub(super) fn sight(frame: &Frame, pair: &Pair, distance_m: f64) -> Sight {
    let (from, to) = (pair.1, pair.2);
    let both = || {
        let straight = (to[0] - from[0]).atan2(to[1] - from[1]);
        let whole = |azimuth: f64| {
            let deg = azimuth.to_degrees();
            let deg = if deg < 0.0 { deg + 360.0 } else { deg };
            // What rounds to 360 from below is north.
            if deg < 360.0 { deg } else { deg - 360.0 }
        };
        [whole(straight + frame.convergence(from)), whole(straight + std::f64::consts::PI + frame.convergence(to))]
    };
    Sight { distance_m, bearings_deg: (distance_m > 0.0).then(both) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_tells_the_directions_that_geographiclib_tells() {
        for lat in [-70.0, -20.0, 0.0, 39.6, 75.0] {
            let frame = Frame::at([117.4, lat]);
            for k in 0..200 {
                let turned = |k: i32, far_m: f64| {
                    let (sin, cos) = (f64::from(k) * 2.4).sin_cos();
                    [far_m * cos, far_m * sin]
                };
                let (from, to) = (turned(k, f64::from(k) * 24.0), turned(k * 7 + 3, 4_990.0 - f64::from(k) * 20.0));
                let [a, b] = [from, to].map(|at| frame.local_to_lnglat(at));
                let told = sight(&frame, &(1.0, from, to), 1.0).bearings_deg.unwrap();
                let exact = [ellipsoid::bearing_deg(a, b), ellipsoid::bearing_deg(b, a)];
                for (told, exact) in told.iter().zip(exact) {
                    let apart = (told - exact).rem_euclid(360.0);
                    assert!(apart.min(360.0 - apart) < 1e-4, "{told} {exact} at {lat}, {from:?} to {to:?}");
                }
            }
        }
    }
}
