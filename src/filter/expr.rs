//! A filter as it was written, whichever encoding it was written in: the same question is the same tree.

use geo_types::Geometry;
use jiff::Timestamp;

use crate::units::Day;

/// A part of a filter. Operators and functions stand under their names in lower case (`and`, `<=`, `t_metby`, `s_dwithin`).
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// An attribute, `id`, or the geometry (`geom`, `geometry`).
    Property(String),
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// `DATE('2026-09-30')`.
    Day(Day),
    /// `TIMESTAMP('2026-09-30T08:00:00Z')`.
    Instant(Timestamp),
    /// `INTERVAL(from, to)`; None where it is open (`'..'`).
    Interval(Box<[Option<Expr>; 2]>),
    /// A list of values.
    Array(Vec<Expr>),
    /// A geometry, in the coordinates in which it was typed.
    Place(Box<Geometry<f64>>),
    /// `BBOX(…)`: two corners, in the coordinates in which they were typed.
    Bbox([f64; 4]),
    /// An operator or a function, and what it is applied to.
    Call(String, Vec<Expr>),
}

impl Expr {
    /// An operator or function of that name.
    pub fn call(name: &str, args: Vec<Expr>) -> Self {
        Self::Call(name.to_lowercase(), args)
    }

    /// `and` or `or`: a chain of them is one.
    pub fn joined(name: &str, parts: Vec<Expr>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Call(inner, parts) if inner == name => flat.extend(parts),
                other => flat.push(other),
            }
        }
        match flat.len() {
            1 => flat.swap_remove(0),
            _ => Self::Call(name.to_owned(), flat),
        }
    }

    /// What is not so.
    pub fn not(inner: Expr) -> Self {
        Self::Call("not".to_owned(), vec![inner])
    }

    /// `inner` with a minus before it: a number where it is one.
    pub fn negative(inner: Expr) -> Self {
        match inner {
            Self::Number(x) => Self::Number(-x),
            other => Self::Call("*".to_owned(), vec![Self::Number(-1.0), other]),
        }
    }

    /// Calls `each` with every part, from the outermost inward, in the order of writing.
    pub fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Expr)) {
        each(self);
        match self {
            Self::Call(_, parts) | Self::Array(parts) => parts.iter().for_each(|part| part.walk(each)),
            Self::Interval(ends) => ends.iter().flatten().for_each(|end| end.walk(each)),
            _ => {}
        }
    }

    /// As people are told of it: an attribute by its name, a value as it is written, the rest by what it is.
    pub fn spell(&self) -> String {
        match self {
            Self::Property(name) => name.clone(),
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Number(x) => x.to_string(),
            Self::Bool(b) => b.to_string(),
            Self::Day(day) => format!("DATE('{day}')"),
            Self::Instant(instant) => format!("TIMESTAMP('{instant}')"),
            Self::Interval(_) => "INTERVAL(…)".to_owned(),
            Self::Array(_) => "(…)".to_owned(),
            Self::Place(_) => "GEOMETRY(…)".to_owned(),
            Self::Bbox(_) => "BBOX(…)".to_owned(),
            Self::Call(name, parts) => match (name.as_str(), &parts[..]) {
                (op, [left, right]) if !op.starts_with(|c: char| c.is_alphabetic()) => {
                    format!("{} {op} {}", left.spell(), right.spell())
                }
                (name, _) => format!("{}(…)", name.to_uppercase()),
            },
        }
    }
}
