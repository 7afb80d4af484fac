//! Coordinate reference systems by their addresses: in which a client may ask and be answered (OGC API Features Part 2).
//!
//! Everything is kept in longitude and latitude. WGS 84 and CGCS2000 differ by less than anybody here can measure, and every
//! Chinese ledger takes one for the other, so that their degrees are one; the projections are PROJ's.

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use geo_types::{LineString, Polygon};

use crate::fault::Fault;
use crate::geo::bbox::{Bbox, wrap_lng};
use crate::geo::gdal::listen;
use crate::geo::mercator::WORLD_WIDTH_M;
use crate::geo::shape::{Geometries, Shape};

/// The greatest easting and northing of web Mercator (EPSG:3857), in metres: half the equator of a sphere of 6 378 137 m.
const MERCATOR_EDGE_M: f64 = WORLD_WIDTH_M / 2.0;

/// The longest piece in which the edge of a projected box is taken over, in metres: what is straight there and what is straight
/// in degrees lie within 2 mm of each other over it, at Chinese latitudes.
const PIECE_M: f64 = 250.0;

/// The most pieces to an edge.
const MOST_PIECES: f64 = 4096.0;

/// A coordinate reference system that is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Its EPSG code; None: OGC's CRS84.
    epsg: Option<u32>,
}

/// Which ordinate stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// East before north, as every GIS keeps it in its files.
    EastFirst,
    /// As the authority has it, which is what documents of the OGC write.
    Authority,
}

/// A spatial reference whose axes run east, then north, whatever its authority says: the only place where one is made.
pub fn spatial_ref(definition: &str) -> Option<SpatialRef> {
    listen();
    let mut srs = SpatialRef::from_definition(definition).ok()?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Some(srs)
}

impl Reference {
    /// Longitude, latitude: what is kept, and what is answered where nothing is asked.
    pub const CRS84: Self = Self { epsg: None };

    /// All that are offered, CRS84 first: WGS 84, CGCS2000, web Mercator, and CGCS2000's zones of 3 degrees, with the zone's
    /// number before the easting (4513 … 4533) and without (4534 … 4554).
    pub fn all() -> impl Iterator<Item = Self> {
        let codes = [4326, 4490, 3857].into_iter().chain(4513..=4554);
        std::iter::once(Self::CRS84).chain(codes.map(|code| Self { epsg: Some(code) }))
    }

    /// Its address, as the OGC spells it.
    pub fn uri(self) -> String {
        match self.epsg {
            None => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned(),
            Some(code) => format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
        }
    }

    /// Its short name: `EPSG:4548`.
    pub fn name(self) -> String {
        self.epsg.map_or_else(|| "OGC:CRS84".to_owned(), |code| format!("EPSG:{code}"))
    }

    /// Reads an address (`http://www.opengis.net/def/crs/EPSG/0/4548`), its safe short form (`[EPSG:4548]`), a URN
    /// (`urn:ogc:def:crs:EPSG::4548`) or a short name (`EPSG:4548`, `CRS84`).
    ///
    /// # Errors
    /// `crs-not-offered`, naming what is.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let plain = text.trim().trim_start_matches('[').trim_end_matches(']');
        let plain = plain.strip_prefix("https://").or(plain.strip_prefix("http://")).unwrap_or(plain);
        let upper = plain.to_ascii_uppercase();
        let code = ["WWW.OPENGIS.NET/DEF/CRS/EPSG/0/", "URN:OGC:DEF:CRS:EPSG::", "EPSG:"]
            .iter()
            .find_map(|before| upper.strip_prefix(before))
            .and_then(|code| code.parse().ok());
        let crs84 = ["WWW.OPENGIS.NET/DEF/CRS/OGC/1.3/CRS84", "URN:OGC:DEF:CRS:OGC:1.3:CRS84", "OGC:CRS84", "CRS84"];
        let asked = match code {
            Some(_) => Some(Self { epsg: code }),
            None => crs84.contains(&upper.as_str()).then_some(Self::CRS84),
        };
        asked.filter(|asked| Self::all().any(|one| one == *asked)).ok_or_else(|| {
            let known = "OGC:CRS84, EPSG:4326, EPSG:4490, EPSG:3857, EPSG:4513 … EPSG:4554";
            Fault::invalid("crs-not-offered").with("value", text).with("known", known)
        })
    }

    /// Whether its ordinates are degrees.
    pub fn is_degrees(self) -> bool {
        matches!(self.epsg, None | Some(4326 | 4490))
    }

    /// Whether its authority puts the northing, or the latitude, first.
    pub fn is_north_first(self) -> bool {
        !matches!(self.epsg, None | Some(3857))
    }

    /// Decimals of an ordinate that are written: a tenth of a millimetre either way.
    pub fn decimals(self) -> usize {
        if self.is_degrees() { 9 } else { 4 }
    }

    /// For files that say what their coordinates are.
    ///
    /// # Errors
    /// Where PROJ's tables are not there.
    pub fn spatial_ref(self) -> Result<SpatialRef, Fault> {
        let name = format!("EPSG:{}", self.epsg.unwrap_or(4326));
        spatial_ref(&name).ok_or_else(|| Fault::internal(format!("PROJ does not know {name}")))
    }

    fn way(self, back: bool) -> Result<Option<CoordTransform>, Fault> {
        if self.is_degrees() {
            return Ok(None);
        }
        // Web Mercator is made of WGS 84's degrees and the zones of CGCS2000's: neither way is a datum shifted.
        let base = if self.epsg == Some(3857) { "EPSG:4326" } else { "EPSG:4490" };
        let base = spatial_ref(base).ok_or_else(|| Fault::internal("PROJ does not know its degrees"))?;
        let own = self.spatial_ref()?;
        let (from, to) = if back { (&own, &base) } else { (&base, &own) };
        CoordTransform::new(from, to).map(Some).map_err(Fault::internal)
    }

    /// What brings shapes into it.
    ///
    /// # Errors
    /// Where PROJ's tables are not there.
    pub fn carrier(self, order: Order) -> Result<Carrier, Fault> {
        let turned = order == Order::Authority && self.is_north_first();
        let (way, bare) = (self.way(false)?, self.is_degrees() && !turned);
        Ok(Carrier { reference: self, way, turned, bare, shapes: Geometries::default(), scratch: Default::default() })
    }

    /// What brings places that stand in the authority's order to longitude and latitude.
    ///
    /// # Errors
    /// Where PROJ's tables are not there; what it gives: `crs-out-of-area` for a place that is none of the reference's.
    pub fn reader(self) -> Result<impl FnMut([f64; 2]) -> Result<[f64; 2], Fault>, Fault> {
        let way = self.way(true)?;
        Ok(move |[a, b]: [f64; 2]| {
            let [x, y] = if self.is_north_first() { [b, a] } else { [a, b] };
            let Some(way) = &way else { return Ok([x, y]) };
            let (mut xs, mut ys) = ([x], [y]);
            match way.transform_coords(&mut xs, &mut ys, &mut []) {
                Ok(()) if xs[0].is_finite() && ys[0].is_finite() => Ok([xs[0], ys[0]]),
                _ => Err(self.out_of_area([a, b])),
            }
        })
    }

    fn out_of_area(self, [a, b]: [f64; 2]) -> Fault {
        Fault::invalid("crs-out-of-area").with("crs", self.name()).with("value", format!("{a}, {b}"))
    }

    /// Reads a box whose numbers stand in the authority's order.
    ///
    /// # Errors
    /// `bbox-malformed`, `bbox-out-of-range`, `bbox-upside-down`, each naming the value.
    pub fn window(self, text: &str) -> Result<Window, Fault> {
        let [a, b, c, d] = Bbox::numbers(text)?;
        let [west, south, east, north] = if self.is_north_first() { [b, a, d, c] } else { [a, b, c, d] };
        if self.is_degrees() {
            return Ok(Window { bbox: Bbox::checked([west, south, east, north], text)?, outline: None });
        }
        if south > north || west > east {
            let fault = Fault::invalid("bbox-upside-down").with("value", text);
            return Err(fault.with("south", south.max(west)).with("north", north.min(east)));
        }
        let outside = || Fault::invalid("bbox-out-of-range").with("value", text);
        let mut read = self.reader()?;
        if self.epsg == Some(3857) {
            let held = |x: f64| x.clamp(-MERCATOR_EDGE_M, MERCATOR_EDGE_M);
            let ([west, south], [east, north]) = (read([held(west), held(south)])?, read([held(east), held(north)])?);
            let bbox = [west, south, east, north];
            return Ok(Window { bbox: Bbox::checked(bbox, text)?, outline: None });
        }
        let edges = self.edges([west, south, east, north]);
        let ring: Vec<[f64; 2]> =
            edges.into_iter().map(|at| read(at).map_err(|_| outside())).collect::<Result<_, _>>()?;
        if ring.windows(2).any(|pair| (pair[0][0] - pair[1][0]).abs() > 180.0) {
            return Err(outside());
        }
        let bbox = ring.iter().map(|&[lng, lat]| Bbox::point([wrap_lng(lng), lat])).reduce(|all, one| all.union(&one));
        let outline = Polygon::new(LineString::from(ring), Vec::new());
        Ok(Window { bbox: bbox.ok_or_else(outside)?, outline: Some(outline) })
    }

    /// The ring of a box in metres, in pieces, in the authority's order.
    fn edges(self, [west, south, east, north]: [f64; 4]) -> Vec<[f64; 2]> {
        let corners = [[west, south], [east, south], [east, north], [west, north], [west, south]];
        let mut ring = vec![corners[0]];
        for pair in corners.windows(2) {
            let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
            let pieces = ((x1 - x0).abs().max((y1 - y0).abs()) / PIECE_M).ceil().clamp(1.0, MOST_PIECES) as usize;
            ring.extend((1..=pieces).map(|k| {
                let share = k as f64 / pieces as f64;
                [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]
            }));
        }
        if self.is_north_first() {
            ring.iter_mut().for_each(|at| at.swap(0, 1));
        }
        ring
    }
}

/// A box that was asked, in degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// It, or the box around it.
    pub bbox: Bbox,
    /// Its outline, where its edges are straight in another plane and so are not edges of the box.
    pub outline: Option<Polygon<f64>>,
}

/// Brings shapes out of longitude and latitude.
pub struct Carrier {
    reference: Reference,
    way: Option<CoordTransform>,
    turned: bool,
    /// Whether there is nothing to do.
    bare: bool,
    shapes: Geometries,
    scratch: (Vec<f64>, Vec<f64>),
}

impl Carrier {
    /// The reference that it brings into.
    pub fn reference(&self) -> Reference {
        self.reference
    }

    /// Whether it puts north before east: what ran anticlockwise on the map then runs clockwise in the numbers.
    pub fn is_turned(&self) -> bool {
        self.turned
    }

    /// The shape there.
    ///
    /// # Errors
    /// `crs-out-of-area` for a shape to which the projection does not reach.
    pub fn carry<'s>(&'s mut self, shape: Shape<'s>) -> Result<Shape<'s>, Fault> {
        if self.bare || shape.is_none() {
            return Ok(shape);
        }
        let (xs, ys) = &mut self.scratch;
        xs.clear();
        ys.clear();
        xs.extend(shape.coords().iter().map(|at| at[0]));
        ys.extend(shape.coords().iter().map(|at| at[1]));
        if let Some(way) = &self.way {
            let carried = way.transform_coords(xs, ys, &mut []);
            if carried.is_err() || xs.iter().chain(&*ys).any(|ordinate| !ordinate.is_finite()) {
                return Err(self.reference.out_of_area(shape.coords().first().copied().unwrap_or_default()));
            }
        }
        self.shapes.clear();
        let mut at = 0;
        for (shell, part) in shape.parts() {
            self.shapes.part(shell);
            for _ in part {
                self.shapes.coord(if self.turned { [ys[at], xs[at]] } else { [xs[at], ys[at]] });
                at += 1;
            }
        }
        self.shapes.end_row(shape.kind);
        Ok(self.shapes.shape(0))
    }

    /// A place there.
    ///
    /// # Errors
    /// `crs-out-of-area`.
    pub fn point(&mut self, lnglat: [f64; 2]) -> Result<[f64; 2], Fault> {
        let mut one = Geometries::default();
        one.push(Some(&geo_types::Point::from(lnglat).into()));
        Ok(self.carry(one.shape(0))?.coords().first().copied().unwrap_or(lnglat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_reference_is_read_and_what_is_not_offered_is_refused() {
        for one in Reference::all() {
            assert_eq!(Reference::parse(&one.uri()), Ok(one));
            assert_eq!(Reference::parse(&format!("[{}]", one.name())), Ok(one));
        }
        assert_eq!(Reference::parse("urn:ogc:def:crs:EPSG::4548").map(Reference::name), Ok("EPSG:4548".to_owned()));
        for text in ["EPSG:4214", "EPSG:2437", "4548", "mars", "", "http://www.opengis.net/def/crs/EPSG/0/32650"] {
            assert_eq!(Reference::parse(text).map_err(|fault| fault.code()), Err("crs-not-offered"), "{text}");
        }
    }

    #[test]
    fn axes_stand_as_the_authority_has_them() {
        let at =
            |code: &str, order| Reference::parse(code).unwrap().carrier(order).unwrap().point([117.0, 40.0]).unwrap();
        assert_eq!(at("CRS84", Order::Authority), [117.0, 40.0]);
        assert_eq!(at("EPSG:4326", Order::Authority), [40.0, 117.0]);
        assert_eq!(at("EPSG:4490", Order::Authority), [40.0, 117.0]);
        assert_eq!(at("EPSG:4490", Order::EastFirst), [117.0, 40.0]);
        // On the central meridian the northing is the length of the meridian, in every zone of it.
        for (code, easting) in [("EPSG:4548", 5e5), ("EPSG:4527", 39_500_000.0)] {
            let [x, y] = at(code, Order::Authority);
            let away = if code == "EPSG:4527" { at("EPSG:4527", Order::EastFirst) } else { [y, x] };
            assert!((x - 4_429_529.03).abs() < 0.01 || code == "EPSG:4527", "{code}: {x}");
            assert!((away[0] - easting).abs() < 1e6, "{code}: {away:?}");
        }
        let [x, y] = at("EPSG:3857", Order::Authority);
        assert!((x - 13_024_380.42).abs() < 0.01 && (y - 4_865_942.28).abs() < 0.01, "{x} {y}");
    }

    #[test]
    fn a_box_of_a_zone_is_no_box_of_degrees() {
        let zone = Reference::parse("EPSG:4548").unwrap();
        let window = zone.window("4400000,400000,4410000,410000").unwrap();
        let outline = window.outline.unwrap();
        assert!(outline.exterior().0.len() > 100);
        // West of the central meridian, a line of equal northing bends northwards away from it.
        assert!(window.bbox.west < 117.0 && window.bbox.south > 39.0 && window.bbox.north < 41.0, "{:?}", window.bbox);
        assert_eq!(zone.window("1,2,0,3").map_err(|fault| fault.code()), Err("bbox-upside-down"));
        assert_eq!(zone.window("1e9,1e9,1e9,1e9").map_err(|fault| fault.code()), Err("bbox-out-of-range"));
        let lnglat = Reference::parse("EPSG:4326").unwrap().window("39,170,40,-170").unwrap();
        assert_eq!(lnglat.bbox.to_array(), [170.0, 39.0, -170.0, 40.0]);
    }
}
