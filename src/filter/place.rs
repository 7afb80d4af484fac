//! Geometries in a filter: WKT in text, GeoJSON in JSON, both read into the same. Heights and measures are passed over, as they
//! are everywhere in this house; what is empty, unclosed or too short is refused, for nobody can mean it.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::fault::Fault;
use crate::filter::expr::Expr;
use crate::filter::text::Reader;
use crate::filter::token::Token;
use crate::geo::gate::Finding;
use crate::text::{Lang, Title};

/// Kinds by the names that WKT has for them, without those of GeoJSON's capitals.
const KINDS: &[&str] =
    &["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"];

/// Whether a word, in lower case, is a kind of geometry.
pub fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

/// Coordinates as both encodings nest them.
pub enum Nest {
    /// A position.
    Position(Coord<f64>),
    /// Several of them, or several lists.
    List(Vec<Nest>),
}

/// Refuses a geometry for what the gate would find in it. It is not repaired: which repair was meant, nobody knows.
pub fn flawed(kind: &str, finding: Finding) -> Fault {
    let words = Title::of(match finding {
        Finding::Empty => "filter-place-empty",
        Finding::NotFinite | Finding::OutOfRange => "filter-place-out-of-range",
        Finding::TooFewPoints => "filter-place-too-few-points",
        Finding::Unclosed => "filter-place-unclosed",
        Finding::Invalid | Finding::Unrepairable => "filter-place-invalid",
        Finding::NoArea => "filter-place-no-area",
    });
    Fault::invalid("filter-geometry")
        .with("parameter", "filter")
        .with("value", kind.to_uppercase())
        .with("why-zh", words.get(Lang::Zh))
        .with("why-en", words.get(Lang::En))
}

/// A geometry of a kind (in lower case) with these coordinates.
///
/// # Errors
/// `filter-geometry`.
pub fn build(kind: &str, nest: Nest) -> Result<Geometry<f64>, Fault> {
    let fault = |finding| flawed(kind, finding);
    let wrong = || fault(Finding::TooFewPoints);
    let list = |nest: Nest| match nest {
        Nest::List(all) if all.is_empty() => Err(fault(Finding::Empty)),
        Nest::List(all) => Ok(all),
        Nest::Position(_) => Err(wrong()),
    };
    // `MULTIPOINT((1 2), (3 4))` and `MULTIPOINT(1 2, 3 4)` are the same.
    let position = |nest: Nest| match nest {
        Nest::Position(c) => Ok(c),
        Nest::List(mut one) if one.len() == 1 => match one.swap_remove(0) {
            Nest::Position(c) => Ok(c),
            Nest::List(_) => Err(wrong()),
        },
        Nest::List(_) => Err(wrong()),
    };
    let line = |nest: Nest| {
        let line = LineString(list(nest)?.into_iter().map(position).collect::<Result<_, _>>()?);
        if line.0.len() < 2 { Err(wrong()) } else { Ok(line) }
    };
    let ring = |nest: Nest| {
        let ring = line(nest)?;
        match ring.0.len() {
            0..=3 => Err(wrong()),
            _ if !ring.is_closed() => Err(fault(Finding::Unclosed)),
            _ => Ok(ring),
        }
    };
    let polygon = |nest: Nest| {
        let mut rings = list(nest)?.into_iter().map(ring).collect::<Result<Vec<_>, _>>()?.into_iter();
        let shell = rings.next().ok_or_else(wrong)?;
        Ok::<_, Fault>(Polygon::new(shell, rings.collect()))
    };
    Ok(match kind {
        "point" => Geometry::Point(Point(position(nest)?)),
        "linestring" => Geometry::LineString(line(nest)?),
        "polygon" => Geometry::Polygon(polygon(nest)?),
        "multipoint" => {
            let points = list(nest)?.into_iter().map(|one| position(one).map(Point));
            Geometry::MultiPoint(MultiPoint(points.collect::<Result<_, _>>()?))
        }
        "multilinestring" => {
            let lines = list(nest)?.into_iter().map(line);
            Geometry::MultiLineString(MultiLineString(lines.collect::<Result<_, _>>()?))
        }
        "multipolygon" => {
            let polygons = list(nest)?.into_iter().map(polygon);
            Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Result<_, _>>()?))
        }
        _ => return Err(wrong()),
    })
}

/// A collection of geometries.
///
/// # Errors
/// `filter-geometry` for an empty one.
pub fn collect(members: Vec<Geometry<f64>>) -> Result<Geometry<f64>, Fault> {
    if members.is_empty() {
        return Err(flawed("geometrycollection", Finding::Empty));
    }
    Ok(Geometry::GeometryCollection(GeometryCollection(members)))
}

/// Reads WKT behind the word for its kind.
pub fn read_wkt(reader: &mut Reader<'_>, kind: &str) -> Result<Expr, Fault> {
    wkt(reader, kind).map(|geometry| Expr::Place(Box::new(geometry)))
}

fn wkt(reader: &mut Reader<'_>, kind: &str) -> Result<Geometry<f64>, Fault> {
    if let Token::Word(mark) = reader.peek().clone() {
        match mark.to_lowercase().as_str() {
            "empty" => return Err(flawed(kind, Finding::Empty)),
            "z" | "m" | "zm" => drop(reader.next()),
            _ => {}
        }
    }
    if kind != "geometrycollection" {
        return build(kind, nest(reader, 0)?);
    }
    reader.must("(")?;
    let mut members = Vec::new();
    loop {
        match reader.peek().clone() {
            // The standard's schema has no collections in collections.
            Token::Word(word) if is_kind(&word.to_lowercase()) && !word.eq_ignore_ascii_case(kind) => {
                reader.next();
                members.push(wkt(reader, &word.to_lowercase())?);
            }
            _ => return Err(reader.wants("filter-wants-geometry")),
        }
        if !reader.takes(",") {
            reader.must(")")?;
            return collect(members);
        }
    }
}

/// `(…)`: positions, or lists of them, four deep at the most (a multipolygon's).
fn nest(reader: &mut Reader<'_>, depth: usize) -> Result<Nest, Fault> {
    reader.must("(")?;
    let mut list = Vec::new();
    loop {
        list.push(match reader.peek() {
            Token::Symbol("(") if depth < 3 => nest(reader, depth + 1)?,
            _ => Nest::Position(position(reader)?),
        });
        if !reader.takes(",") {
            reader.must(")")?;
            return Ok(Nest::List(list));
        }
    }
}

fn position(reader: &mut Reader<'_>) -> Result<Coord<f64>, Fault> {
    let mut ordinates = Vec::with_capacity(4);
    while ordinates.len() < 4 {
        let negative = reader.takes("-");
        if !negative {
            reader.takes("+");
        }
        match reader.peek() {
            Token::Number(x) => ordinates.push(if negative { -x } else { *x }),
            _ if ordinates.len() >= 2 && !negative => break,
            _ => return Err(reader.wants("filter-wants-number")),
        }
        reader.next();
    }
    Ok(Coord { x: ordinates[0], y: ordinates[1] })
}

/// `BBOX(…)` of four numbers, or six with heights.
///
/// # Errors
/// `filter-arguments`.
pub fn bbox(args: &[Expr]) -> Result<Expr, Fault> {
    let numbers: Vec<f64> = args.iter().filter_map(|a| if let Expr::Number(x) = a { Some(*x) } else { None }).collect();
    match (args.len(), &numbers[..]) {
        (4, [w, s, e, n]) | (6, [w, s, _, e, n, _]) => Ok(Expr::Bbox([*w, *s, *e, *n])),
        _ => Err(Fault::invalid("filter-arguments")
            .with("parameter", "filter")
            .with("op", "BBOX")
            .with("expected", "BBOX(west, south, east, north)")),
    }
}
