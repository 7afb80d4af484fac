//! Values in a filter: attributes, literals, and what is reckoned from them.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

use crate::filter::fold::Fold;
use crate::filter::test::Test;
use crate::filter::time::{Zone, day_of};
use crate::kind::ValueType;
use crate::table::{Row, Value};
use crate::units::Day;

/// What a value is: only like is compared with like. Its word stands in `maps/text` under `filter-kind-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, or a term of a closed list.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A day of the map's calendar.
    Day,
    /// An instant.
    Instant,
    /// From one day or instant to another.
    Interval,
    /// A list of values.
    Array,
    /// A geometry.
    Place,
}

impl Kind {
    /// What the values of an attribute are.
    pub fn of(value_type: ValueType) -> Self {
        match value_type {
            ValueType::Text | ValueType::Code => Self::Text,
            ValueType::Int | ValueType::Float => Self::Number,
            ValueType::Bool => Self::Bool,
            ValueType::Date => Self::Day,
            ValueType::Instant => Self::Instant,
        }
    }

    /// Its word in `maps/text`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "filter-kind-text",
            Self::Number => "filter-kind-number",
            Self::Bool => "filter-kind-bool",
            Self::Day => "filter-kind-date",
            Self::Instant => "filter-kind-timestamp",
            Self::Interval => "filter-kind-interval",
            Self::Array => "filter-kind-array",
            Self::Place => "filter-kind-geometry",
        }
    }

    /// Whether it is a day or an instant.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Day | Self::Instant)
    }

    /// Whether two values can be compared: both of a kind, or a day and an instant.
    pub fn fits(self, other: Self) -> bool {
        self == other || self.is_temporal() && other.is_temporal()
    }
}

/// A value as it comes out for one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Not known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number, always finite.
    Number(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A day.
    Day(Day),
    /// An instant.
    Instant(Timestamp),
}

impl<'a> From<Value<'a>> for Scalar<'a> {
    #[inline]
    fn from(value: Value<'a>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(b),
            Value::Int(n) => Self::Number(n as f64),
            Value::Float(x) => Self::Number(x),
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::Date(day) => Self::Day(day),
        }
    }
}

impl Scalar<'_> {
    /// The order of two values; None where one is null or they are not of a kind. Text goes by code point.
    #[inline]
    pub fn order(&self, other: &Self, zone: &Zone) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Day(a), Self::Day(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Instant(a), Self::Instant(b)) => Some(a.cmp(b)),
            (Self::Day(a), Self::Instant(b)) => Some(a.cmp(&day_of(*b, zone)?)),
            (Self::Instant(a), Self::Day(b)) => Some(day_of(*a, zone)?.cmp(b)),
            _ => None,
        }
    }

    /// Whether two values are the same: false where they are not of a kind, None where one is null.
    pub fn same(&self, other: &Self, zone: &Zone) -> Option<bool> {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => None,
            (a, b) => Some(a.order(b, zone).is_some_and(Ordering::is_eq)),
        }
    }

    /// The same, as an operand that does not depend on a row.
    pub fn constant(self) -> Operand {
        match self {
            Scalar::Null => Operand::Null,
            Scalar::Bool(b) => Operand::Bool(b),
            Scalar::Number(x) => Operand::Number(x),
            Scalar::Text(text) => Operand::Text(text.into_owned()),
            Scalar::Day(day) => Operand::Day(day),
            Scalar::Instant(instant) => Operand::Instant(instant),
        }
    }
}

/// One side of a comparison.
#[derive(Debug)]
pub enum Operand {
    /// An attribute, by its column.
    Column(usize),
    /// An attribute that holds instants, by its column.
    Moment(usize),
    /// The feature's id.
    Id,
    /// What a calculation without an answer comes to.
    Null,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A day.
    Day(Day),
    /// An instant.
    Instant(Timestamp),
    /// Yes or no.
    Bool(bool),
    /// Text without its capitals or accents.
    Folded(Fold, Box<Operand>),
    /// A calculation.
    Reckoned(Reckoning, Box<[Operand; 2]>),
    /// Whether something holds.
    Test(Box<Test>),
}

/// The calculations.
#[derive(Clone, Copy, Debug)]
pub enum Reckoning {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`: 7 / 2 is 3.5, whatever the types of the attributes.
    Over,
    /// `%`: what remains, with the sign of the left side.
    Remainder,
    /// `div`: how often the right side goes into the left, toward zero.
    Whole,
    /// `^`
    Power,
}

impl Reckoning {
    /// The calculation of that name.
    pub fn named(op: &str) -> Option<Self> {
        Some(match op {
            "+" => Self::Plus,
            "-" => Self::Minus,
            "*" => Self::Times,
            "/" => Self::Over,
            "%" => Self::Remainder,
            "div" => Self::Whole,
            "^" => Self::Power,
            _ => return None,
        })
    }

    /// What it comes to; None without a finite answer: a division by zero, a root of what is negative, an overflow.
    pub fn apply(self, a: f64, b: f64) -> Option<f64> {
        let x = match self {
            Self::Plus => a + b,
            Self::Minus => a - b,
            Self::Times => a * b,
            Self::Over => a / b,
            Self::Remainder => a % b,
            Self::Whole => (a / b).trunc(),
            Self::Power => a.powf(b),
        };
        Some(x).filter(|x| x.is_finite())
    }
}

impl Operand {
    /// The value for a row. Without a row only what does not depend on one has a value.
    #[inline]
    pub fn eval<'a>(&'a self, row: Option<Row<'a>>) -> Scalar<'a> {
        match self {
            Self::Column(at) => row.map_or(Scalar::Null, |row| row.value(*at).into()),
            Self::Moment(at) => match row.map(|row| row.value(*at)) {
                Some(Value::Text(text)) => text.parse().map_or(Scalar::Null, Scalar::Instant),
                _ => Scalar::Null,
            },
            Self::Id => row.map_or(Scalar::Null, |row| Scalar::Text(Cow::Borrowed(row.id()))),
            Self::Null => Scalar::Null,
            Self::Number(x) => Scalar::Number(*x),
            Self::Text(text) => Scalar::Text(Cow::Borrowed(text)),
            Self::Day(day) => Scalar::Day(*day),
            Self::Instant(instant) => Scalar::Instant(*instant),
            Self::Bool(b) => Scalar::Bool(*b),
            Self::Folded(fold, inner) => match inner.eval(row) {
                Scalar::Text(text) => Scalar::Text(Cow::Owned(fold.apply(&text))),
                _ => Scalar::Null,
            },
            Self::Reckoned(reckoning, sides) => match (sides[0].eval(row), sides[1].eval(row)) {
                (Scalar::Number(a), Scalar::Number(b)) => reckoning.apply(a, b).map_or(Scalar::Null, Scalar::Number),
                _ => Scalar::Null,
            },
            Self::Test(test) => test.truth(row).map_or(Scalar::Null, Scalar::Bool),
        }
    }

    /// Whether it is the same for every row.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Column(_) | Self::Moment(_) | Self::Id => false,
            Self::Folded(_, inner) => inner.is_constant(),
            Self::Reckoned(_, sides) => sides.iter().all(Self::is_constant),
            Self::Test(test) => matches!(**test, Test::Known(_)),
            _ => true,
        }
    }

    /// Reckoned now, where it is the same for every row.
    pub fn settled(self) -> Self {
        if self.is_constant() { self.eval(None).constant() } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_reckoned_is_unknown() {
        assert_eq!(Reckoning::Over.apply(7.0, 2.0), Some(3.5));
        assert_eq!(Reckoning::Whole.apply(-7.0, 2.0), Some(-3.0));
        assert_eq!(Reckoning::Remainder.apply(-7.0, 2.0), Some(-1.0));
        for (reckoning, a, b) in [
            (Reckoning::Over, 1.0, 0.0),
            (Reckoning::Whole, 1.0, 0.0),
            (Reckoning::Remainder, 1.0, 0.0),
            (Reckoning::Power, -8.0, 0.5),
            (Reckoning::Power, 10.0, 400.0),
        ] {
            assert_eq!(reckoning.apply(a, b), None, "{a} {reckoning:?} {b}");
        }
    }
}
