//! CQL2 filters (OGC 21-065r2): parsed by the `cql2` crate, compiled to a tree over columns, never to SQL text.

use cql2::Expr;
use geo::Relate;
use geo_types::Geometry;
use wkt::TryFromWkt;

use crate::fault::Fault;
use crate::geo::shape::Shape;
use crate::kind::{Attribute, ValueType};
use crate::table::{Row, Value};
use crate::units::Day;

/// A filter as it was asked, not yet bound to a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Expr);

impl Filter {
    /// Reads CQL2 text.
    ///
    /// # Errors
    /// `filter-malformed`, with the parser's own words.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        cql2::parse_text(text).map(Self).map_err(|error| {
            let cause = error.to_string();
            Fault::invalid("filter-malformed")
                .with("parameter", "filter")
                .with("value", text)
                .with("cause", cause.trim())
        })
    }

    /// The attributes that it speaks of, in the order in which it does, each as often as it does; `geom` among them where it
    /// asks for the place.
    pub fn attributes(&self) -> Vec<&str> {
        fn walk<'a>(expr: &'a Expr, found: &mut Vec<&'a str>) {
            match expr {
                Expr::Property { property } if is_geometry(property) => found.push("geom"),
                Expr::Property { property } => found.push(property),
                Expr::Operation { args, .. } => args.iter().for_each(|arg| walk(arg, found)),
                Expr::Array(items) => items.iter().for_each(|item| walk(item, found)),
                Expr::Interval { interval } => interval.iter().for_each(|end| walk(end, found)),
                Expr::Date { date: inner } | Expr::Timestamp { timestamp: inner } => walk(inner, found),
                Expr::Float(_) | Expr::Literal(_) | Expr::Bool(_) | Expr::Null => {}
                Expr::BBox { .. } | Expr::Geometry(_) => {}
            }
        }
        let mut found = Vec::new();
        walk(&self.0, &mut found);
        found
    }

    /// Binds the filter to a table's attributes.
    ///
    /// # Errors
    /// `filter-no-attribute`, `filter-unsupported` and `filter-value` name what cannot be asked here.
    pub fn compile(&self, attributes: &[Attribute]) -> Result<Test, Fault> {
        Compiler { attributes }.test(&self.0)
    }
}

/// A filter bound to the columns of a table.
#[derive(Debug)]
pub enum Test {
    /// Every one holds.
    And(Vec<Test>),
    /// One holds.
    Or(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
    /// A comparison; unknown where a side is null.
    Compare(Compare, Operand, Operand),
    /// Between two values, both included.
    Between(Operand, Operand, Operand),
    /// One of a list.
    In(Operand, Vec<Operand>),
    /// A pattern with `%` and `_`.
    Like(Operand, Vec<char>),
    /// Nothing is known.
    IsNull(Operand),
    /// A yes/no attribute, or a constant.
    Is(Operand),
    /// The geometry stands so to a given one.
    Spatial(Spatial, Box<Geometry<f64>>),
}

/// The comparisons.
#[derive(Clone, Copy, Debug)]
pub enum Compare {
    /// `=`
    Equal,
    /// `<>`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// The spatial relations, in the plane of longitude and latitude.
#[derive(Clone, Copy, Debug)]
pub enum Spatial {
    /// They share a point.
    Intersects,
    /// They share none.
    Disjoint,
    /// The feature lies within the given geometry.
    Within,
    /// The feature holds the given geometry.
    Contains,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An attribute, by its column.
    Column(usize),
    /// The feature's id.
    Id,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A day.
    Date(Day),
    /// Yes or no.
    Bool(bool),
    /// Another operand, its letters folded to lower case.
    Folded(Box<Operand>),
}

struct Compiler<'a> {
    attributes: &'a [Attribute],
}

fn unsupported(op: &str) -> Fault {
    Fault::invalid("filter-unsupported").with("parameter", "filter").with("op", op)
}

impl Compiler<'_> {
    fn test(&self, expr: &Expr) -> Result<Test, Fault> {
        let Expr::Operation { op, args } = expr else {
            return Ok(Test::Is(self.operand(expr, None)?));
        };
        Ok(match (op.as_str(), &args[..]) {
            ("and", all) => Test::And(all.iter().map(|a| self.test(a)).collect::<Result<_, _>>()?),
            ("or", all) => Test::Or(all.iter().map(|a| self.test(a)).collect::<Result<_, _>>()?),
            ("not", [one]) => Test::Not(Box::new(self.test(one)?)),
            ("isNull", [one]) => Test::IsNull(self.operand(one, None)?),
            ("between", [one, low, high]) => {
                let typed = self.typed(&[one, low, high]);
                Test::Between(self.operand(one, typed)?, self.operand(low, typed)?, self.operand(high, typed)?)
            }
            ("in", [one, list]) => {
                let Expr::Array(items) = &**list else { return Err(unsupported("in")) };
                let typed = self.typed(&[one]);
                let items = items.iter().map(|item| self.operand(item, typed)).collect::<Result<_, _>>()?;
                Test::In(self.operand(one, typed)?, items)
            }
            ("like", [one, pattern]) => {
                let folded = matches!(&**pattern, Expr::Operation { op, .. } if op == "casei");
                let pattern = match self.operand(pattern, None)? {
                    Operand::Text(text) => text,
                    Operand::Folded(inner) => match *inner {
                        Operand::Text(text) => text.to_lowercase(),
                        _ => return Err(unsupported("like")),
                    },
                    _ => return Err(unsupported("like")),
                };
                let one = self.operand(one, None)?;
                let one = if folded { Operand::Folded(Box::new(one)) } else { one };
                Test::Like(one, pattern.chars().collect())
            }
            (op, [left, right]) if compare(op).is_some() => {
                let typed = self.typed(&[left, right]);
                let (left, right) = (self.operand(left, typed)?, self.operand(right, typed)?);
                Test::Compare(compare(op).unwrap_or(Compare::Equal), left, right)
            }
            (op, [left, right]) if spatial(op).is_some() => {
                if !matches!(&**left, Expr::Property { property } if is_geometry(property)) {
                    return Err(unsupported(op));
                }
                Test::Spatial(spatial(op).unwrap_or(Spatial::Intersects), Box::new(self.geometry(right)?))
            }
            _ => return Err(unsupported(op)),
        })
    }

    /// The type of the first attribute among the sides: text literals beside a date are read as days.
    fn typed(&self, sides: &[&Expr]) -> Option<ValueType> {
        sides.iter().find_map(|side| match side {
            Expr::Property { property } => self.attributes.iter().find(|a| a.name == *property).map(|a| a.value_type),
            _ => None,
        })
    }

    fn operand(&self, expr: &Expr, typed: Option<ValueType>) -> Result<Operand, Fault> {
        let day = |text: &str| {
            Day::parse(text).map(Operand::Date).ok_or_else(|| {
                Fault::invalid("filter-value")
                    .with("parameter", "filter")
                    .with("value", text)
                    .with("expected", "YYYY-MM-DD")
            })
        };
        Ok(match expr {
            Expr::Property { property } => match self.attributes.iter().position(|a| a.name == *property) {
                Some(at) => Operand::Column(at),
                None if property == "id" => Operand::Id,
                None => {
                    let known: Vec<&str> = self.attributes.iter().map(|a| a.name.as_str()).collect();
                    return Err(Fault::invalid("filter-no-attribute")
                        .with("parameter", "filter")
                        .with("attribute", property)
                        .with("known", known.join(", ")));
                }
            },
            Expr::Float(x) => Operand::Number(*x),
            Expr::Bool(b) => Operand::Bool(*b),
            Expr::Literal(text) if typed == Some(ValueType::Date) => day(text)?,
            Expr::Literal(text) => Operand::Text(text.clone()),
            Expr::Date { date } => match &**date {
                Expr::Literal(text) => day(text)?,
                _ => return Err(unsupported("date")),
            },
            Expr::Timestamp { timestamp } => match &**timestamp {
                Expr::Literal(text) => day(text)?,
                _ => return Err(unsupported("timestamp")),
            },
            Expr::Operation { op, args } if op == "casei" && args.len() == 1 => {
                Operand::Folded(Box::new(self.operand(&args[0], typed)?))
            }
            Expr::Operation { op, args } if op == "-" && args.len() == 1 => match self.operand(&args[0], typed)? {
                Operand::Number(x) => Operand::Number(-x),
                _ => return Err(unsupported(op)),
            },
            Expr::Operation { op, .. } => return Err(unsupported(op)),
            other => return Err(unsupported(&other.to_text().unwrap_or_default())),
        })
    }

    fn geometry(&self, expr: &Expr) -> Result<Geometry<f64>, Fault> {
        let fault = || Fault::invalid("filter-geometry").with("parameter", "filter");
        match expr {
            Expr::Geometry(geometry) => {
                let text = geometry.to_wkt().map_err(|_| fault())?;
                Geometry::try_from_wkt_str(&text).map_err(|_| fault())
            }
            Expr::BBox { bbox } => {
                let edges: Vec<f64> =
                    bbox.iter().filter_map(|e| if let Expr::Float(x) = **e { Some(x) } else { None }).collect();
                let [west, south, east, north] = edges[..] else { return Err(fault()) };
                Ok(geo_types::Rect::new((west, south), (east, north)).to_polygon().into())
            }
            _ => Err(fault()),
        }
    }
}

fn is_geometry(name: &str) -> bool {
    matches!(name, "geom" | "geometry")
}

fn compare(op: &str) -> Option<Compare> {
    Some(match op {
        "=" => Compare::Equal,
        "<>" => Compare::Unequal,
        "<" => Compare::Less,
        "<=" => Compare::AtMost,
        ">" => Compare::Greater,
        ">=" => Compare::AtLeast,
        _ => return None,
    })
}

fn spatial(op: &str) -> Option<Spatial> {
    Some(match op {
        "s_intersects" => Spatial::Intersects,
        "s_disjoint" => Spatial::Disjoint,
        "s_within" => Spatial::Within,
        "s_contains" => Spatial::Contains,
        _ => return None,
    })
}

impl Test {
    /// Whether it holds for a row: three-valued, None where a null leaves it open.
    pub fn holds(&self, row: Row<'_>) -> Option<bool> {
        match self {
            Self::And(all) => all
                .iter()
                .try_fold(Some(true), |known, test| match test.holds(row) {
                    Some(false) => Err(()),
                    None => Ok(None),
                    Some(true) => Ok(known),
                })
                .unwrap_or(Some(false)),
            Self::Or(all) => all
                .iter()
                .try_fold(Some(false), |known, test| match test.holds(row) {
                    Some(true) => Err(()),
                    None => Ok(None),
                    Some(false) => Ok(known),
                })
                .unwrap_or(Some(true)),
            Self::Not(one) => one.holds(row).map(|held| !held),
            Self::Compare(op, left, right) => left.compare(right, row).map(|order| op.accepts(order)),
            Self::Between(one, low, high) => Some(one.compare(low, row)?.is_ge() && one.compare(high, row)?.is_le()),
            Self::In(one, list) => {
                let mut open = None;
                for item in list {
                    match one.compare(item, row) {
                        Some(order) if order.is_eq() => return Some(true),
                        Some(_) => open = Some(false),
                        None => {}
                    }
                }
                open
            }
            Self::Like(one, pattern) => one.text(row).map(|text| like(&text.chars().collect::<Vec<_>>(), pattern)),
            Self::IsNull(one) => Some(one.value(row).is_null()),
            Self::Is(one) => match one.value(row) {
                Value::Bool(b) => Some(b),
                _ => None,
            },
            Self::Spatial(relation, geometry) => relation.holds(row.shape(), geometry),
        }
    }
}

impl Compare {
    fn accepts(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Operand {
    fn value<'a>(&'a self, row: Row<'a>) -> Value<'a> {
        match self {
            Self::Column(at) => row.value(*at),
            Self::Id => Value::Text(row.id()),
            Self::Number(x) => Value::Float(*x),
            Self::Text(text) => Value::Text(text),
            Self::Date(day) => Value::Date(*day),
            Self::Bool(b) => Value::Bool(*b),
            Self::Folded(inner) => inner.value(row),
        }
    }

    fn text(&self, row: Row<'_>) -> Option<String> {
        match (self, self.value(row)) {
            (Self::Folded(_), Value::Text(text)) => Some(text.to_lowercase()),
            (_, Value::Text(text)) => Some(text.to_owned()),
            _ => None,
        }
    }

    /// The order of two operands; None where one is null or they are of different types.
    fn compare(&self, other: &Self, row: Row<'_>) -> Option<std::cmp::Ordering> {
        if matches!(self, Self::Folded(_)) || matches!(other, Self::Folded(_)) {
            return Some(self.text(row)?.cmp(&other.text(row)?));
        }
        match (self.value(row), other.value(row)) {
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(&b)),
            (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(&b)),
            (a, b) => a.number()?.partial_cmp(&b.number()?),
        }
    }
}

impl Spatial {
    fn holds(self, shape: Shape<'_>, other: &Geometry<f64>) -> Option<bool> {
        let matrix = shape.to_geo()?.relate(other);
        Some(match self {
            Self::Intersects => matrix.is_intersects(),
            Self::Disjoint => matrix.is_disjoint(),
            Self::Within => matrix.is_within(),
            Self::Contains => matrix.is_contains(),
        })
    }
}

/// SQL's `LIKE`: `%` any run, `_` any one, `\` takes the next as it is.
fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|k| like(&text[k..], rest)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
        ['\\', c, rest @ ..] | [c, rest @ ..] => text.first() == Some(c) && like(&text[1..], rest),
    }
}
