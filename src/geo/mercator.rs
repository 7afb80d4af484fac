//! The Web Mercator square that tiles are cut from: longitude and latitude as shares of the world's width, from its
//! north-western corner. A plane to draw on; nothing is measured in it.

use std::f64::consts::{PI, TAU};
use std::sync::LazyLock;

/// The world's width in Web Mercator's own metres, which are metres at the equator alone (2π · 6 378 137 m, EPSG:3857).
pub const WORLD_WIDTH_M: f64 = 40_075_016.685_578_49;

/// The latitude of the square's northern edge, degrees.
pub const MAX_LAT: f64 = 85.051_128_779_806_6;

/// Beyond it the plane has no end; what lies there is drawn outside of the square.
const LAST_LAT: f64 = 89.99;

/// Strips of latitude, each with its own series, to a degree.
const STRIPS: i32 = 4;

/// Up to this latitude, degrees, the series is as good as the function: what it leaves out is less than the last bit.
const SERIES_LAT: i32 = 66;

/// The middle of a strip: a share of the world's width, and by which powers of the latitude beyond, in radians, it grows.
#[derive(Clone, Copy)]
struct Strip {
    middle: f64,
    share: f64,
    powers: [f64; 6],
}

/// Strips from the equator up; the south is the north turned over.
static SERIES: LazyLock<Vec<Strip>> = LazyLock::new(|| (0..=SERIES_LAT * STRIPS).map(Strip::of).collect());

impl Strip {
    /// Taylor's series of atanh(sin φ), whose derivative is sec φ.
    fn of(number: i32) -> Self {
        let middle = (f64::from(number) + 0.5) / f64::from(STRIPS);
        let (sine, cosine) = middle.to_radians().sin_cos();
        let (t, sec) = (sine / cosine, 1.0 / cosine);
        let t2 = t * t;
        let powers = [
            1.0,
            t / 2.0,
            (2.0 * t2 + 1.0) / 6.0,
            t * (6.0 * t2 + 5.0) / 24.0,
            ((24.0 * t2 + 28.0) * t2 + 5.0) / 120.0,
            t * ((120.0 * t2 + 180.0) * t2 + 61.0) / 720.0,
        ];
        Self { middle, share: sine.atanh() / TAU, powers: powers.map(|power| power * sec / TAU) }
    }

    #[inline]
    fn north(&self, lat: f64) -> f64 {
        let beyond = (lat - self.middle) * (PI / 180.0);
        let [a, b, c, d, e, f] = self.powers;
        self.share + beyond * (a + beyond * (b + beyond * (c + beyond * (d + beyond * (e + beyond * f)))))
    }
}

/// How far north of the equator a latitude lies in the square.
#[inline]
fn north(lat: f64) -> f64 {
    let size = lat.abs();
    match SERIES.get((size * f64::from(STRIPS)) as usize) {
        Some(strip) => strip.north(size).copysign(lat),
        None => lat.clamp(-LAST_LAT, LAST_LAT).to_radians().sin().atanh() / TAU,
    }
}

/// Where a place lies in the square: 0 … 1 to the east and to the south; latitudes beyond the square's lie outside.
#[inline]
pub fn lnglat_to_world([lng, lat]: [f64; 2]) -> [f64; 2] {
    [lng / 360.0 + 0.5, 0.5 - north(lat)]
}

/// The place at a point of the square, degrees.
pub fn world_to_lnglat([x, y]: [f64; 2]) -> [f64; 2] {
    [(x - 0.5) * 360.0, (PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_is_the_function() {
        for step in -90_000..=90_000 {
            let lat = f64::from(step) * 0.001_000_7 - 0.000_03;
            let plain = lat.clamp(-LAST_LAT, LAST_LAT).to_radians().sin().atanh() / TAU;
            assert!((north(lat) - plain).abs() < 4e-16 * (1.0 + plain.abs()), "{lat}: {} {plain}", north(lat));
        }
    }

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
