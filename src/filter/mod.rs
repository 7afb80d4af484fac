//! CQL2 filters (OGC 21-065r2), in text and JSON, compiled to a tree over columns, never to SQL text.
//!
//! - Three truth values: what is compared with null is unknown, and a filter passes what it holds for.
//! - Like is compared with like, or the filter is refused: an attribute's type decides what may stand beside it.
//! - A date is a day of the map's calendar; how it stands to instants and intervals is said in `time`.
//! - A calculation without an answer (a division by zero) is null.
//! - Spatial relations are those of the plane of longitude and latitude, as the standard has them; metres are asked for with
//!   our own `S_DWITHIN`, on the ellipsoid.

mod array;
mod compile;
mod expr;
mod fold;
pub mod function;
mod json;
mod logic;
mod near;
mod operand;
mod place;
mod spatial;
mod test;
mod text;
mod time;
mod token;
mod value;
mod window;

use geo::MapCoords;
use geo_types::{Coord, Geometry, LineString, Polygon};
use jiff::tz::TimeZone;

use crate::fault::Fault;
use crate::filter::compile::{Compiler, is_geometry};
use crate::filter::expr::Expr;
use crate::kind::{Attribute, ValueType};

pub use test::Test;
pub use window::Where;

/// Bytes of a filter at the most: a polygon of some ten thousand corners.
pub const MAX_LENGTH: usize = 256 << 10;
/// Levels of brackets, functions and calculations within each other at the most.
pub const MAX_DEPTH: usize = 64;
/// Pieces that each edge of a box is cut into where it is typed in another system than longitude and latitude.
const EDGE_PIECES: u32 = 32;

/// An encoding of CQL2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// CQL2 text.
    #[default]
    Text,
    /// CQL2 JSON.
    Json,
}

impl Encoding {
    /// The names, as `filter-lang` has them.
    pub const NAMES: [&'static str; 2] = ["cql2-text", "cql2-json"];

    /// The encoding of that name.
    ///
    /// # Errors
    /// `parameter-not-one-of`.
    pub fn named(name: &str) -> Result<Self, Fault> {
        match name {
            "cql2-text" => Ok(Self::Text),
            "cql2-json" => Ok(Self::Json),
            _ => Err(Fault::invalid("parameter-not-one-of")
                .with("parameter", "filter-lang")
                .with("value", name)
                .with("known", Self::NAMES.join(", "))),
        }
    }
}

fn too_deep() -> Fault {
    Fault::invalid("filter-too-deep").with("parameter", "filter").with("max", MAX_DEPTH)
}

/// A filter as it was asked, not yet bound to a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    expr: Expr,
    zone: Option<TimeZone>,
}

impl Filter {
    /// Reads CQL2 text.
    ///
    /// # Errors
    /// As `read`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text, Encoding::Text)
    }

    /// Reads CQL2.
    ///
    /// # Errors
    /// `filter-malformed`, `filter-json`, `filter-not-json` with the place and what could stand there; `filter-value` and
    /// `filter-geometry` for literals; `filter-too-long`, `filter-too-deep`.
    pub fn read(text: &str, encoding: Encoding) -> Result<Self, Fault> {
        if text.len() > MAX_LENGTH {
            return Err(Fault::too_large("filter-too-long").with("parameter", "filter").with("max", MAX_LENGTH));
        }
        let expr = match encoding {
            Encoding::Text => text::read(text)?,
            Encoding::Json => json::read(text)?,
        };
        Ok(Self { expr, zone: None })
    }

    /// That an attribute has a value, which was typed bare: a queryable as a query parameter.
    ///
    /// # Errors
    /// `filter-value`, naming the attribute as the parameter and what could stand there.
    pub fn equals(name: &str, value_type: ValueType, value: &str) -> Result<Self, Fault> {
        let expected = |what: &str| {
            Fault::invalid("filter-value").with("parameter", name).with("value", value).with("expected", what)
        };
        let wanted = match value_type {
            ValueType::Text | ValueType::Code => Expr::Text(value.to_owned()),
            ValueType::Int | ValueType::Float => {
                let number = value.parse().ok().filter(|x: &f64| x.is_finite());
                Expr::Number(number.ok_or_else(|| expected("-12.5"))?)
            }
            ValueType::Bool => Expr::Bool(value.parse().map_err(|_| expected("true, false"))?),
            ValueType::Date => time::day(value).map_err(|fault| fault.with("parameter", name))?,
            ValueType::Instant => time::instant(value).map_err(|fault| fault.with("parameter", name))?,
        };
        let sides = vec![Expr::Property(name.to_owned()), wanted];
        Ok(Self { expr: Expr::Call("=".to_owned(), sides), zone: None })
    }

    /// Both this and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { expr: Expr::joined("and", vec![self.expr, other.expr]), zone: self.zone.or(other.zone) }
    }

    /// The same on a map that counts its days in `zone`: only then can a date be held against a `TIMESTAMP`.
    #[must_use]
    pub fn in_zone(self, zone: &TimeZone) -> Self {
        Self { zone: Some(zone.clone()), ..self }
    }

    /// The same with the coordinates of its geometries and boxes put through `to_lnglat`, for a filter that was typed in another
    /// system (`filter-crs`): from the two ordinates in the order of typing to longitude and latitude. The corners of a geometry
    /// are mapped and joined anew; a box whose edges do not stay along meridians and parallels becomes a polygon, its edges cut.
    ///
    /// # Errors
    /// Those of `to_lnglat`.
    pub fn map_places(self, mut to_lnglat: impl FnMut([f64; 2]) -> Result<[f64; 2], Fault>) -> Result<Self, Fault> {
        Ok(Self { expr: mapped(self.expr, &mut to_lnglat)?, ..self })
    }

    /// The attributes that it speaks of, in the order in which it does, each as often as it does; `geom` among them where it
    /// asks for the place.
    pub fn attributes(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.expr.walk(&mut |expr| {
            if let Expr::Property(name) = expr {
                found.push(if is_geometry(name) { "geom" } else { name.as_str() });
            }
        });
        found
    }

    /// Binds the filter to a table's attributes.
    ///
    /// # Errors
    /// `filter-no-attribute`, `filter-unsupported`, `filter-kind`, `filter-arguments`, `filter-geometry` and their like name
    /// what cannot be asked here, and what could.
    pub fn compile(&self, attributes: &[Attribute]) -> Result<Test, Fault> {
        Compiler { attributes, zone: &self.zone }.test(&self.expr)
    }
}

type ToLnglat<'a> = dyn FnMut([f64; 2]) -> Result<[f64; 2], Fault> + 'a;

fn mapped(expr: Expr, to_lnglat: &mut ToLnglat<'_>) -> Result<Expr, Fault> {
    let many = |parts: Vec<Expr>, to_lnglat: &mut ToLnglat<'_>| -> Result<Vec<Expr>, Fault> {
        parts.into_iter().map(|part| mapped(part, to_lnglat)).collect()
    };
    Ok(match expr {
        Expr::Call(op, args) => Expr::Call(op, many(args, to_lnglat)?),
        Expr::Array(items) => Expr::Array(many(items, to_lnglat)?),
        Expr::Place(geometry) => {
            let to_lnglat = std::cell::RefCell::new(to_lnglat);
            let geometry =
                geometry.try_map_coords(|c| (to_lnglat.borrow_mut())([c.x, c.y]).map(|[x, y]| Coord { x, y }))?;
            Expr::Place(Box::new(geometry))
        }
        Expr::Bbox(edges) => mapped_box(edges, to_lnglat)?,
        other => other,
    })
}

fn mapped_box([x0, y0, x1, y1]: [f64; 4], to_lnglat: &mut ToLnglat<'_>) -> Result<Expr, Fault> {
    let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| to_lnglat(corners[at]));
    let (a, b, c, d) = (a?, b?, c?, d?);
    let level = |p: [f64; 2], q: [f64; 2], at: usize| (p[at] - q[at]).abs() < 1e-12;
    let straight = |i: usize, j: usize| level(a, b, i) && level(c, d, i) && level(a, d, j) && level(b, c, j);
    if straight(1, 0) || straight(0, 1) {
        return Ok(Expr::Bbox([a[0], a[1], c[0], c[1]]));
    }
    let mut ring = Vec::with_capacity(4 * EDGE_PIECES as usize + 1);
    for at in 0..4 {
        let (from, to) = (corners[at], corners[(at + 1) % 4]);
        for piece in 0..EDGE_PIECES {
            let t = f64::from(piece) / f64::from(EDGE_PIECES);
            let [x, y] = to_lnglat([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])])?;
            ring.push(Coord { x, y });
        }
    }
    ring.extend(ring.first().copied());
    Ok(Expr::Place(Box::new(Geometry::Polygon(Polygon::new(LineString(ring), Vec::new())))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Latitude first, as EPSG:4490 has it.
    fn turned([lat, lng]: [f64; 2]) -> Result<[f64; 2], Fault> {
        Ok([lng, lat])
    }

    #[test]
    fn geometries_typed_in_another_system_become_longitude_and_latitude() {
        let typed = Filter::parse("S_INTERSECTS(geom, POLYGON((39 117, 39 118, 40 118, 39 117))) OR a = 1").unwrap();
        let meant = Filter::parse("S_INTERSECTS(geom, POLYGON((117 39, 118 39, 118 40, 117 39))) OR a = 1").unwrap();
        assert_eq!(typed.map_places(turned).unwrap(), meant);
        // A box stays one where its edges stay along meridians and parallels, even across the antimeridian.
        let typed = Filter::parse("NOT S_WITHIN(geom, BBOX(-10, 170, 10, -170))").unwrap();
        let meant = Filter::parse("NOT S_WITHIN(geom, BBOX(170, -10, -170, 10))").unwrap();
        assert_eq!(typed.map_places(turned).unwrap(), meant);
        // A box that is turned becomes an outline with its edges cut.
        let slanted = |[x, y]: [f64; 2]| Ok([x + 0.1 * y, y - 0.1 * x]);
        let mapped = Filter::parse("S_WITHIN(geom, BBOX(0, 0, 1, 1))").unwrap().map_places(slanted).unwrap();
        let Expr::Call(_, sides) = &mapped.expr else { panic!("{mapped:?}") };
        let Expr::Place(outline) = &sides[1] else { panic!("{mapped:?}") };
        assert!(matches!(&**outline, Geometry::Polygon(p) if p.exterior().0.len() == 129));
        let fault = Filter::parse("S_WITHIN(geom, POINT(1 2))").unwrap().map_places(|_| Err(too_deep()));
        assert!(fault.is_err());
    }

    #[test]
    fn what_a_filter_speaks_of_is_found_in_every_corner_of_it() {
        let text = "NOT (a LIKE 'x' OR CASEI(b) IN ('y')) AND T_AFTER(INTERVAL(c, '..'), d) AND \
                    S_DWITHIN(POINT(1 2), geometry, 5) AND A_OVERLAPS((e, 1), ('z')) AND f BETWEEN g AND h + 1";
        let filter = Filter::parse(text).unwrap();
        assert_eq!(filter.attributes(), ["a", "b", "c", "d", "geom", "e", "f", "g", "h"]);
    }

    #[test]
    fn a_date_is_held_against_an_instant_only_where_the_maps_zone_is_known() {
        let attributes = [Attribute::foreign("d", ValueType::Date)];
        let filter = Filter::parse("d < TIMESTAMP('2026-09-30T00:00:00Z')").unwrap();
        assert_eq!(filter.compile(&attributes).unwrap_err().code(), "filter-zone");
        assert!(filter.in_zone(&TimeZone::UTC).compile(&attributes).is_ok());
    }
}
