//! What can happen to a feature, and in which units work is counted: read from `maps/events`, and from nowhere else.

mod kind;
mod quantity;

pub use kind::{EventKind, all, find, known, of, value};
pub use quantity::{Qualifier, Quantity, Unit, unit, units};
