//! What a pond or a farm is: read from `maps/kinds`, and from nowhere else.

mod attribute;
mod personal;
mod registry;

pub use attribute::{Attribute, Term, Time, ValueType};
pub use personal::{gives_away, names_person, number_gives_away};
pub use registry::{Dimension, Kind, Service, all, kind};
