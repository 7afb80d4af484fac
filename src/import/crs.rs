//! The reference of a file's coordinates, and the way from there to longitude and latitude. Never guessed.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

use crate::fault::Fault;
use crate::geo::gdal::failure;
use crate::geo::reference::spatial_ref;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::import::shift;

/// How far, in degrees, a file may reach beyond the area that its reference was made for.
const MARGIN_DEG: f64 = 3.0;

/// A coordinate reference system.
pub struct Crs {
    /// Its name, as the user or the file has it.
    pub name: String,
    way: Way,
    scratch: (Vec<f64>, Vec<f64>),
}

enum Way {
    /// Longitude and latitude of WGS 84 or CGCS2000 already.
    Same,
    Shift(fn([f64; 2]) -> [f64; 2]),
    Transform {
        transform: CoordTransform,
        projected: bool,
        area: Option<[f64; 4]>,
    },
}

/// The name without everything that spellings differ in.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

impl Crs {
    fn new(name: &str, way: Way) -> Self {
        Self { name: name.to_owned(), way, scratch: Default::default() }
    }

    /// Longitude and latitude.
    pub fn lnglat() -> Self {
        Self::new("OGC:CRS84", Way::Same)
    }

    /// Reads what a user states: `EPSG:4549`, `gcj02`, `bd09`, or anything that PROJ knows.
    ///
    /// # Errors
    /// `crs-unknown`, `crs-no-shift`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match bare(text).as_str() {
            "gcj02" => return Ok(Self::new("gcj02", Way::Shift(shift::gcj02_to_lnglat))),
            "bd09" | "bd09ll" => return Ok(Self::new("bd09", Way::Shift(shift::bd09_to_lnglat))),
            _ => {}
        }
        let unknown = || Fault::invalid("crs-unknown").with("crs", text);
        let number = text.trim();
        let definition = match number.parse::<u32>() {
            Ok(code) => format!("EPSG:{code}"),
            Err(_) => number.to_owned(),
        };
        // A file's name or an address would be opened.
        if definition.contains('/') || definition.contains('\\') || definition.is_empty() {
            return Err(unknown());
        }
        Self::of(&spatial_ref(&definition).ok_or_else(unknown)?, text)
    }

    /// Of a layer that says its own; None where it does not.
    ///
    /// # Errors
    /// `crs-no-shift`, `crs-unknown`.
    pub fn of_layer(srs: Option<SpatialRef>) -> Result<Option<Self>, Fault> {
        let Some(mut srs) = srs else { return Ok(None) };
        let name = srs.name().unwrap_or_default();
        if bare(&name).starts_with("undefined") || bare(&name) == "unknown" || srs.is_local() {
            return Ok(None);
        }
        srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        let name = match srs.authority() {
            Ok(authority) if !authority.is_empty() => authority,
            _ => name,
        };
        Self::of(&srs, &name).map(Some)
    }

    fn of(srs: &SpatialRef, name: &str) -> Result<Self, Fault> {
        let unknown = || Fault::invalid("crs-unknown").with("crs", name);
        let wkt = bare(&srs.to_wkt().map_err(|_| unknown())?);
        // PROJ would leave their datum as it is: off by up to a hundred metres and more, and nobody told.
        if wkt.contains("beijing1954") || wkt.contains("xian1980") || wkt.contains("newbeijing") {
            return Err(Fault::invalid("crs-no-shift").with("crs", name));
        }
        if !srs.is_geographic() && !srs.is_projected() {
            return Err(unknown());
        }
        let ours =
            wkt.contains("wgs1984") || wkt.contains("wgs84") || wkt.contains("china2000") || wkt.contains("cgcs2000");
        let degrees = (srs.angular_units() - 1_f64.to_radians()).abs() < 1e-12;
        let round = srs.semi_major().is_ok_and(|axis| axis == 6_378_137.0);
        if srs.is_geographic() && !srs.is_derived_geographic() && ours && degrees && round {
            return Ok(Self::new(name, Way::Same));
        }
        let target = spatial_ref("EPSG:4326").ok_or_else(unknown)?;
        let transform = CoordTransform::new(srs, &target).map_err(|_| unknown())?;
        let area = srs
            .area_of_use()
            .map(|a| [a.west_lon_degree, a.south_lat_degree, a.east_lon_degree, a.north_lat_degree].map(f64::from));
        Ok(Self::new(name, Way::Transform { transform, projected: srs.is_projected(), area }))
    }

    /// Whether its coordinates are degrees.
    pub fn is_degrees(&self) -> bool {
        !matches!(self.way, Way::Transform { projected: true, .. })
    }

    /// Whether nothing has to be done.
    pub fn is_lnglat(&self) -> bool {
        matches!(self.way, Way::Same)
    }

    /// Whether a place may be one of this reference. Most are made for a part of the world.
    pub fn may_hold(&self, [lng, lat]: [f64; 2]) -> bool {
        match &self.way {
            Way::Transform { area: Some([west, south, east, north]), .. } if west <= east => {
                lng >= west - MARGIN_DEG
                    && lng <= east + MARGIN_DEG
                    && lat >= south - MARGIN_DEG
                    && lat <= north + MARGIN_DEG
            }
            _ => true,
        }
    }

    /// Writes a shape of the file into `out` as its next row, in longitude and latitude. Where that cannot be done the
    /// coordinates are not finite, and the gate will say so.
    pub fn bring(&mut self, shape: Shape<'_>, out: &mut Geometries) {
        let transform = match &self.way {
            Way::Same => return out.push_shape(shape),
            Way::Shift(shift) => return rewrite(shape, out, |_, c| shift(c)),
            Way::Transform { transform, .. } => transform,
        };
        let (xs, ys) = &mut self.scratch;
        xs.clear();
        ys.clear();
        xs.extend(shape.coords().iter().map(|c| c[0]));
        ys.extend(shape.coords().iter().map(|c| c[1]));
        // Points that fail are infinite afterwards, and the others good; that is a row's flaw and not the file's.
        if transform.transform_coords(xs, ys, &mut []).is_err() {
            failure();
        }
        rewrite(shape, out, |at, _| [xs[at], ys[at]]);
    }
}

fn rewrite(shape: Shape<'_>, out: &mut Geometries, new: impl Fn(usize, [f64; 2]) -> [f64; 2]) {
    let mut at = 0;
    for (shell, part) in shape.parts() {
        out.part(shell);
        for &c in part {
            out.coord(new(at, c));
            at += 1;
        }
    }
    out.end_row(if at == 0 { ShapeKind::None } else { shape.kind });
}

/// What Chinese coordinates in metres of this size are usually in: a hint for people, never used.
pub fn hint(x: f64, y: f64) -> String {
    let truncated = |e: f64| (2e5..8e5).contains(&e);
    let north = |n: f64| (1.8e6..6.2e6).contains(&n);
    let (e, n) = if north(x) && !north(y) { (y, x) } else { (x, y) };
    if !north(n) {
        return "EPSG:…".to_owned();
    }
    let zone = (e / 1e6).floor();
    match zone as u32 {
        25..=45 => format!("EPSG:{}", 4488 + zone as u32),
        13..=23 => format!("EPSG:{}", 4478 + zone as u32),
        _ if truncated(e) => "EPSG:4534 … EPSG:4554".to_owned(),
        _ => "EPSG:…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::ellipsoid::distance_m;

    fn bring(crs: &str, x: f64, y: f64) -> [f64; 2] {
        let (mut from, mut to) = (Geometries::default(), Geometries::default());
        from.push(Some(&geo_types::Geometry::Point(geo_types::Point::new(x, y))));
        Crs::parse(crs).unwrap().bring(from.shape(0), &mut to);
        to.shape(0).coords()[0]
    }

    #[test]
    fn easting_comes_before_northing_in_every_chinese_zone() {
        // On the central meridian the northing is the length of the meridian, whichever zone it is.
        let northing = 4_429_529.03;
        for (code, easting, meridian) in
            [("EPSG:4549", 5e5, 120.0), ("4528", 40_500_000.0, 120.0), ("EPSG:4548", 5e5, 117.0)]
        {
            let [lng, lat] = bring(code, easting, northing);
            assert!((lng - meridian).abs() < 1e-9 && (lat - 40.0).abs() < 1e-6, "{code}: {lng} {lat}");
        }
        assert!(distance_m(bring("EPSG:4490", 117.3, 39.7), [117.3, 39.7]) < 1e-9);
    }

    #[test]
    fn what_proj_cannot_shift_or_does_not_know_is_refused() {
        for (crs, code) in [
            ("EPSG:4214", "crs-no-shift"),
            ("EPSG:4610", "crs-no-shift"),
            ("EPSG:2437", "crs-no-shift"),
            ("EPSG:2384", "crs-no-shift"),
            ("EPSG:999999", "crs-unknown"),
            ("mars", "crs-unknown"),
            ("/etc/passwd", "crs-unknown"),
        ] {
            assert_eq!(Crs::parse(crs).err().map(|fault| fault.code()), Some(code), "{crs}");
        }
    }

    #[test]
    fn coordinates_in_metres_hint_at_their_zone() {
        assert_eq!(hint(39_512_345.0, 4_390_000.0), "EPSG:4527");
        assert_eq!(hint(4_390_000.0, 39_512_345.0), "EPSG:4527");
        assert_eq!(hint(117.3, 39.7), "EPSG:…");
    }
}
