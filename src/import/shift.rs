//! GCJ-02 (火星坐标) and BD-09 (百度坐标) back to the ellipsoid. Only where the user says that a file is in them.
//!
//! The forward formulas are those of the open implementations (eviltransform, github.com/googollee/eviltransform;
//! coordtransform, github.com/wandergis/coordtransform). The way back is found by iteration, to a millimetre.

use std::f64::consts::PI;

/// Krasovsky's semi-major axis, metres, and squared eccentricity, as the formulas have them.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY2: f64 = 0.006_693_421_622_965_943;
/// What Baidu's angle is multiplied by.
const BAIDU_TURN: f64 = PI * 3000.0 / 180.0;

/// The formulas leave the world outside this box alone: west, south, east, north.
const CHINA: [f64; 4] = [72.004, 0.8293, 137.8347, 55.8271];

fn in_china([lng, lat]: [f64; 2]) -> bool {
    (CHINA[0]..=CHINA[2]).contains(&lng) && (CHINA[1]..=CHINA[3]).contains(&lat)
}

/// From the ellipsoid to GCJ-02.
pub fn lnglat_to_gcj02(place: [f64; 2]) -> [f64; 2] {
    if !in_china(place) {
        return place;
    }
    let [lng, lat] = place;
    let (x, y) = (lng - 105.0, lat - 35.0);
    let wave = |a: f64, b: f64, c: f64| (20.0 * (6.0 * PI * a).sin() + 20.0 * (2.0 * PI * a).sin() + b + c) * 2.0 / 3.0;
    let north_m = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + wave(x, 20.0 * (PI * y).sin(), 40.0 * (PI / 3.0 * y).sin())
        + (160.0 * (PI / 12.0 * y).sin() + 320.0 * (PI / 30.0 * y).sin()) * 2.0 / 3.0;
    let east_m = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + wave(x, 20.0 * (PI * x).sin(), 40.0 * (PI / 3.0 * x).sin())
        + (150.0 * (PI / 12.0 * x).sin() + 300.0 * (PI / 30.0 * x).sin()) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let w2 = 1.0 - ECCENTRICITY2 * phi.sin().powi(2);
    let w = w2.sqrt();
    let dlat = north_m * 180.0 / (AXIS_M * (1.0 - ECCENTRICITY2) / (w2 * w) * PI);
    let dlng = east_m * 180.0 / (AXIS_M / w * phi.cos() * PI);
    [lng + dlng, lat + dlat]
}

/// From GCJ-02 to BD-09.
fn gcj02_to_bd09([lng, lat]: [f64; 2]) -> [f64; 2] {
    let z = lng.hypot(lat) + 0.000_02 * (lat * BAIDU_TURN).sin();
    let theta = lat.atan2(lng) + 0.000_003 * (lng * BAIDU_TURN).cos();
    [z * theta.cos() + 0.0065, z * theta.sin() + 0.006]
}

/// From the ellipsoid to BD-09.
pub fn lnglat_to_bd09(place: [f64; 2]) -> [f64; 2] {
    if in_china(place) { gcj02_to_bd09(lnglat_to_gcj02(place)) } else { place }
}

/// From GCJ-02 to the ellipsoid.
pub fn gcj02_to_lnglat(place: [f64; 2]) -> [f64; 2] {
    back(place, lnglat_to_gcj02)
}

/// From BD-09 to the ellipsoid.
pub fn bd09_to_lnglat(place: [f64; 2]) -> [f64; 2] {
    back(place, lnglat_to_bd09)
}

/// The place that `forward` takes to `seen`: each round divides what is left by more than a hundred.
fn back(seen: [f64; 2], forward: impl Fn([f64; 2]) -> [f64; 2]) -> [f64; 2] {
    let mut guess = seen;
    for _ in 0..8 {
        let [lng, lat] = forward(guess);
        guess = [guess[0] + seen[0] - lng, guess[1] + seen[1] - lat];
    }
    guess
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::ellipsoid::distance_m;

    fn grid() -> impl Iterator<Item = [f64; 2]> {
        (0..60).flat_map(|i| (0..35).map(move |k| [75.0 + f64::from(i) * 1.0007, 18.0 + f64::from(k) * 1.0013]))
    }

    #[test]
    fn the_way_back_ends_where_it_began() {
        for place in grid() {
            assert!(distance_m(place, gcj02_to_lnglat(lnglat_to_gcj02(place))) < 0.01, "gcj02 {place:?}");
            assert!(distance_m(place, bd09_to_lnglat(lnglat_to_bd09(place))) < 0.01, "bd09 {place:?}");
        }
    }

    #[test]
    fn the_shift_is_as_large_as_it_was_measured_to_be() {
        // 200 000 places between 75 and 135 E, 18 and 53 N: GCJ-02 18 to 699 m off, BD-09 690 to 1526 m.
        for place in grid() {
            let (gcj, bd) = (distance_m(place, lnglat_to_gcj02(place)), distance_m(place, lnglat_to_bd09(place)));
            assert!((15.0..720.0).contains(&gcj), "{place:?} {gcj}");
            assert!((650.0..1600.0).contains(&bd), "{place:?} {bd}");
        }
    }

    #[test]
    fn a_place_in_shanghai_lies_where_the_published_conversion_puts_it() {
        // eviltransform's own test vector: WGS 84 (31.1774276, 121.5272106) is GCJ-02 (31.17530398364597, 121.531541859215).
        let gcj = lnglat_to_gcj02([121.527_210_6, 31.177_427_6]);
        assert!(distance_m(gcj, [121.531_541_859_215, 31.175_303_983_645_97]) < 0.1, "{gcj:?}");
    }
}
