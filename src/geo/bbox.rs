//! Boxes of longitude and latitude, which may cross the antimeridian.

use crate::fault::Fault;
use crate::geo::ellipsoid::{EQUATOR_DEGREE_M, SHORTEST_LATITUDE_DEGREE_M};

/// A box in degrees. `west > east` means that it crosses the 180th meridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bbox {
    /// Western edge, −180 to 180.
    pub west: f64,
    /// Southern edge, −90 to 90.
    pub south: f64,
    /// Eastern edge, −180 to 180.
    pub east: f64,
    /// Northern edge, −90 to 90.
    pub north: f64,
}

impl Bbox {
    /// The box of a single point.
    pub fn point([lng, lat]: [f64; 2]) -> Self {
        Self { west: lng, south: lat, east: lng, north: lat }
    }

    /// Reads `w,s,e,n` in degrees (six numbers: heights are passed over).
    ///
    /// # Errors
    /// `bbox-malformed`, `bbox-out-of-range`, `bbox-upside-down`, each naming the value.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::checked(Self::numbers(text)?, text)
    }

    /// The numbers of a box in the order in which they stand; of six, those that are heights are left out.
    ///
    /// # Errors
    /// `bbox-malformed`.
    pub fn numbers(text: &str) -> Result<[f64; 4], Fault> {
        let number = |part: &str| part.trim().parse().ok().filter(|n: &f64| n.is_finite());
        match text.split(',').map(number).collect::<Option<Vec<f64>>>().as_deref() {
            Some(&[a, b, c, d] | &[a, b, _, c, d, _]) => Ok([a, b, c, d]),
            _ => Err(Fault::invalid("bbox-malformed").with("value", text)),
        }
    }

    /// The box of these edges, which were read from `text`.
    ///
    /// # Errors
    /// `bbox-out-of-range`, `bbox-upside-down`.
    pub fn checked([west, south, east, north]: [f64; 4], text: &str) -> Result<Self, Fault> {
        if west.abs() > 180.0 || east.abs() > 180.0 || south.abs() > 90.0 || north.abs() > 90.0 {
            return Err(Fault::invalid("bbox-out-of-range").with("value", text));
        }
        if south > north {
            return Err(Fault::invalid("bbox-upside-down")
                .with("value", text)
                .with("south", south)
                .with("north", north));
        }
        Ok(Self { west, south, east, north })
    }

    /// The one or two plain boxes `[west, south, east, north]` that it is made of.
    pub fn windows(&self) -> impl Iterator<Item = [f64; 4]> + use<> {
        let Self { west, south, east, north } = *self;
        let (first, second) = if west <= east {
            ([west, south, east, north], None)
        } else {
            ([west, south, 180.0, north], Some([-180.0, south, east, north]))
        };
        std::iter::once(first).chain(second)
    }

    /// A box that holds every point within `reach_m` of this one: a little too large, never too small.
    pub fn padded(&self, reach_m: f64) -> Self {
        let dlat = reach_m / SHORTEST_LATITUDE_DEGREE_M;
        let south = (self.south - dlat).max(-90.0);
        let north = (self.north + dlat).min(90.0);
        let widest = south.abs().max(north.abs());
        let dlng = reach_m / (EQUATOR_DEGREE_M * widest.to_radians().cos()).max(1e-9);
        if self.width() + 2.0 * dlng >= 360.0 || widest >= 90.0 {
            return Self { west: -180.0, south, east: 180.0, north };
        }
        Self { west: wrap_lng(self.west - dlng), south, east: wrap_lng(self.east + dlng), north }
    }

    /// The smallest plain box (not crossing the antimeridian) around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Degrees of longitude from its western to its eastern edge.
    pub fn width(&self) -> f64 {
        if self.west <= self.east { self.east - self.west } else { self.east - self.west + 360.0 }
    }

    /// Its middle.
    pub fn centre(&self) -> [f64; 2] {
        let east = if self.west <= self.east { self.east } else { self.east + 360.0 };
        [wrap_lng((self.west + east) / 2.0), (self.south + self.north) / 2.0]
    }

    /// `[west, south, east, north]`, as GeoJSON and OGC API write it.
    pub fn to_array(&self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }
}

/// A longitude brought into −180 … 180.
#[inline]
pub fn wrap_lng(lng: f64) -> f64 {
    if (-180.0..=180.0).contains(&lng) { lng } else { (lng + 180.0).rem_euclid(360.0) - 180.0 }
}

/// `[west, south, east, north]` in single precision, rounded outward: half the memory, and nothing within is lost.
pub fn outward([west, south, east, north]: [f64; 4]) -> [f32; 4] {
    let down = |x: f64| if f64::from(x as f32) > x { (x as f32).next_down() } else { x as f32 };
    let up = |x: f64| if f64::from(x as f32) < x { (x as f32).next_up() } else { x as f32 };
    [down(west), down(south), up(east), up(north)]
}
