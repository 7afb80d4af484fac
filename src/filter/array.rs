//! Lists compared as sets (21-065r2, array functions). No attribute is a list: a list is written, and attributes may stand in
//! it, `A_OVERLAPS((condition, use), ('poor', 'fishing'))`.

use crate::filter::logic::{all, any};
use crate::filter::operand::Scalar;
use crate::filter::time::Zone;

/// How two sets stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same values.
    Equals,
    /// It has all values of the other.
    Contains,
    /// The other has all of its values.
    ContainedBy,
    /// A value in common.
    Overlaps,
}

impl Relation {
    /// The relation of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "a_equals" => Self::Equals,
            "a_contains" => Self::Contains,
            "a_containedby" => Self::ContainedBy,
            "a_overlaps" => Self::Overlaps,
            _ => return None,
        })
    }
}

/// Whether two sets stand so; None where a null leaves it open. Values that are not of a kind are not the same.
pub fn related(relation: Relation, left: &[Scalar<'_>], right: &[Scalar<'_>], zone: &Zone) -> Option<bool> {
    let has = |set: &[Scalar<'_>], one: &Scalar<'_>| any(set.iter().map(|other| one.same(other, zone)));
    match relation {
        Relation::Contains => all(right.iter().map(|one| has(left, one))),
        Relation::ContainedBy => related(Relation::Contains, right, left, zone),
        Relation::Equals => {
            all([related(Relation::Contains, left, right, zone), related(Relation::Contains, right, left, zone)])
        }
        Relation::Overlaps => any(left.iter().map(|one| has(right, one))),
    }
}
