//! Where a filter can hold: the boxes outside which it is certain not to, for the R-tree to search.

use crate::filter::test::Test;
use crate::geo::bbox::Bbox;

/// More boxes than this are not worth searching one by one.
const MOST: usize = 64;

/// Where something can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// Anywhere, or for what has no place.
    Everywhere,
    /// Only for features whose box meets one of these; for none without a place.
    Boxes(Vec<Bbox>),
}

impl Where {
    /// Where both can hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let (a, b) = match (self, other) {
            (Self::Everywhere, one) | (one, Self::Everywhere) => return one,
            (Self::Boxes(a), Self::Boxes(b)) => (a, b),
        };
        // A feature that meets a box of each need not meet what they share: a large one can lie over both. So the boxes of one
        // side are searched, the fewer of them and the smaller, without those that the other side rules out altogether.
        let size = |all: &[Bbox]| all.iter().map(|b| b.width() * (b.north - b.south)).sum::<f64>();
        let (few, many) = if (size(&a), a.len()) <= (size(&b), b.len()) { (a, b) } else { (b, a) };
        if many.is_empty() { Self::Boxes(many) } else { Self::Boxes(few) }
    }

    /// Where either can hold.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Boxes(mut a), Self::Boxes(b)) => {
                a.extend(b);
                if a.len() > MOST { Self::Everywhere } else { Self::Boxes(a) }
            }
            _ => Self::Everywhere,
        }
    }
}

impl Test {
    /// Where it can hold. A filter passes what it holds for, not what it leaves open.
    pub fn place(&self) -> Where {
        match self {
            Self::Known(Some(true)) => Where::Everywhere,
            Self::Known(_) => Where::Boxes(Vec::new()),
            Self::And(parts) => parts.iter().map(Self::place).fold(Where::Everywhere, Where::and),
            Self::Or(parts) => parts.iter().map(Self::place).fold(Where::Boxes(Vec::new()), Where::or),
            Self::Spatial(spatial) => spatial.place(),
            Self::Near(near) => near.place(),
            _ => Where::Everywhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_searched_for_in_the_smaller_and_either_in_all() {
        let boxed = |west: f64, east: f64| Where::Boxes(vec![Bbox { west, south: 0.0, east, north: 1.0 }]);
        assert_eq!(boxed(0.0, 9.0).and(boxed(1.0, 2.0)), boxed(1.0, 2.0));
        assert_eq!(Where::Everywhere.and(boxed(1.0, 2.0)), boxed(1.0, 2.0));
        assert_eq!(Where::Everywhere.or(boxed(1.0, 2.0)), Where::Everywhere);
        assert!(matches!(boxed(0.0, 9.0).or(boxed(1.0, 2.0)), Where::Boxes(all) if all.len() == 2));
        assert_eq!(Where::Boxes(Vec::new()).and(boxed(1.0, 2.0)), Where::Boxes(Vec::new()));
    }
}
