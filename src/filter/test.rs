//! A filter bound to the columns of a table: what is asked of each row.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::filter::array::{Relation as ArrayRelation, related};
use crate::filter::fold::Pattern;
use crate::filter::logic::{all, any, not};
use crate::filter::near::Near;
use crate::filter::operand::{Operand, Scalar};
use crate::filter::spatial::Spatial;
use crate::filter::time::{Span, Temporal, Zone};
use crate::table::Row;

/// Something that holds for a row, does not, or is unknown.
#[derive(Debug)]
pub enum Test {
    /// The same for every row.
    Known(Option<bool>),
    /// Every one holds.
    And(Vec<Test>),
    /// One holds.
    Or(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
    /// A comparison; unknown where a side is null.
    Compare(Compare, Box<[Operand; 2]>, Zone),
    /// Between two values, both included.
    Between(Box<[Operand; 3]>, Zone),
    /// One of a list.
    In(Operand, Vec<Operand>, Zone),
    /// One of many texts.
    InWords(Operand, HashSet<String>),
    /// Of a pattern.
    Like(Operand, Pattern),
    /// Nothing is known.
    IsNull(Operand),
    /// The feature has no place.
    NoPlace,
    /// A yes/no attribute.
    Is(Operand),
    /// The place stands so to a given one.
    Spatial(Box<Spatial>),
    /// The place is within some metres of a given one.
    Near(Box<Near>),
    /// A time stands so to another.
    Temporal(Temporal, Box<[Span; 2]>, Zone),
    /// A list stands so to another.
    Array(ArrayRelation, [Vec<Operand>; 2], Zone),
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Compare {
    /// The comparison of that sign.
    pub fn named(op: &str) -> Option<Self> {
        Some(match op {
            "=" => Self::Equal,
            "<>" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::Greater,
            ">=" => Self::AtLeast,
            _ => return None,
        })
    }

    fn accepts(self, order: Ordering) -> bool {
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

impl Test {
    /// Whether it holds for a row: three-valued, None where a null leaves it open.
    #[inline]
    pub fn holds(&self, row: Row<'_>) -> Option<bool> {
        self.truth(Some(row))
    }

    /// As `holds`; without a row, for what does not depend on one.
    pub(super) fn truth(&self, row: Option<Row<'_>>) -> Option<bool> {
        match self {
            Self::Known(known) => *known,
            Self::And(parts) => all(parts.iter().map(|test| test.truth(row))),
            Self::Or(parts) => any(parts.iter().map(|test| test.truth(row))),
            Self::Not(test) => not(test.truth(row)),
            Self::Compare(op, sides, zone) => {
                sides[0].eval(row).order(&sides[1].eval(row), zone).map(|order| op.accepts(order))
            }
            Self::Between(sides, zone) => {
                let [one, low, high] = [&sides[0], &sides[1], &sides[2]].map(|side| side.eval(row));
                all([one.order(&low, zone).map(Ordering::is_ge), one.order(&high, zone).map(Ordering::is_le)])
            }
            Self::In(one, list, zone) => {
                let one = one.eval(row);
                any(list.iter().map(|item| one.order(&item.eval(row), zone).map(Ordering::is_eq)))
            }
            Self::InWords(one, words) => match one.eval(row) {
                Scalar::Text(text) => Some(words.contains(&*text)),
                _ => None,
            },
            Self::Like(one, pattern) => match one.eval(row) {
                Scalar::Text(text) => Some(pattern.matches(&text)),
                _ => None,
            },
            Self::IsNull(one) => Some(one.eval(row) == Scalar::Null),
            Self::NoPlace => Some(row.is_none_or(|row| row.shape().is_none())),
            Self::Is(one) => match one.eval(row) {
                Scalar::Bool(b) => Some(b),
                _ => None,
            },
            Self::Spatial(spatial) => spatial.holds(row?.shape()),
            Self::Near(near) => near.holds(row?.shape()),
            Self::Temporal(relation, sides, zone) => relation.holds(&sides[0], &sides[1], row, zone),
            Self::Array(relation, sides, zone) => {
                let [left, right] = [&sides[0], &sides[1]]
                    .map(|side| side.iter().map(|operand| operand.eval(row)).collect::<Vec<Scalar<'_>>>());
                related(*relation, &left, &right, zone)
            }
        }
    }
}
