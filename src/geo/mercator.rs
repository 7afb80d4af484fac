//! The Web Mercator square that tiles are cut from: longitude and latitude as shares of the world's width, from its
//! north-western corner. A plane to draw on; nothing is measured in it.

use std::f64::consts::{PI, TAU};

/// The world's width in Web Mercator's own metres, which are metres at the equator alone (2π · 6 378 137 m, EPSG:3857).
pub const WORLD_WIDTH_M: f64 = 40_075_016.685_578_49;

/// The latitude of the square's northern edge, degrees.
pub const MAX_LAT: f64 = 85.051_128_779_806_6;

/// Beyond it the plane has no end; what lies there is drawn outside of the square.
const LAST_LAT: f64 = 89.99;

/// Where a place lies in the square: 0 … 1 to the east and to the south; latitudes beyond the square's lie outside.
#[inline]
pub fn lnglat_to_world([lng, lat]: [f64; 2]) -> [f64; 2] {
    let sine = lat.clamp(-LAST_LAT, LAST_LAT).to_radians().sin();
    [lng / 360.0 + 0.5, 0.5 - sine.atanh() / TAU]
}

/// The place at a point of the square, degrees.
pub fn world_to_lnglat([x, y]: [f64; 2]) -> [f64; 2] {
    [(x - 0.5) * 360.0, (PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_square_ends_where_the_scheme_says_and_comes_back() {
        let [x, y] = lnglat_to_world([-180.0, MAX_LAT]);
        assert!(x.abs() < 1e-12 && y.abs() < 1e-12, "{x} {y}");
        for place in [[117.2, 39.9], [-70.0, -33.4], [0.0, 0.0], [180.0, -MAX_LAT]] {
            let back = world_to_lnglat(lnglat_to_world(place));
            assert!((back[0] - place[0]).abs() < 1e-10 && (back[1] - place[1]).abs() < 1e-10, "{back:?}");
        }
    }
}
