//! `S_DWITHIN(geom, geometry, metres)`: our own. Within so many metres of a given geometry on the ellipsoid, edge to edge
//! between true shapes, the threshold included, to the millimetre. What overlaps is at a distance of nothing.

use crate::fault::Fault;
use crate::filter::spatial::Given;
use crate::filter::window::Where;
use crate::geo::measure::Reach;
use crate::geo::shape::Shape;

/// Farther apart than half the earth's girth is nothing.
const MOST_M: f64 = 20_037_508.35;

/// The feature's place, held against a given one.
#[derive(Debug)]
pub struct Near {
    /// One for each member of a collection; None: the feature itself, to which it is always near.
    reaches: Option<Vec<Reach>>,
}

/// The metres, where they can be ones.
///
/// # Errors
/// `filter-metres`.
pub fn metres(number: Option<f64>, typed: &str) -> Result<f64, Fault> {
    number.filter(|m| (0.0..=MOST_M).contains(m)).ok_or_else(|| {
        Fault::invalid("filter-metres").with("parameter", "filter").with("value", typed).with("max", MOST_M.floor())
    })
}

impl Near {
    /// Within `reach_m` of what is given.
    pub fn new(given: Option<&Given>, reach_m: f64) -> Self {
        let reaches = given.map(|given| {
            (0..given.shapes.len() as u32).filter_map(|row| Reach::new(given.shapes.shape(row), reach_m)).collect()
        });
        Self { reaches }
    }

    /// Whether two given geometries are so near.
    pub fn between(a: &Given, b: &Given, reach_m: f64) -> bool {
        let near = Self::new(Some(a), reach_m);
        (0..b.shapes.len() as u32).any(|row| near.holds(b.shapes.shape(row)) == Some(true))
    }

    /// Whether a feature's place is so near; None without one.
    pub fn holds(&self, shape: Shape<'_>) -> Option<bool> {
        if shape.is_none() {
            return None;
        }
        Some(self.reaches.as_ref().is_none_or(|reaches| reaches.iter().any(|reach| reach.holds(shape))))
    }

    /// Where it can hold.
    pub fn place(&self) -> Where {
        match &self.reaches {
            None => Where::Everywhere,
            Some(reaches) => Where::Boxes(reaches.iter().map(Reach::search).collect()),
        }
    }
}
