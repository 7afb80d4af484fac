//! What a pond or a farm is: read from `maps/kinds`, and from nowhere else.

mod attribute;
mod registry;

pub use attribute::{Attribute, Term, ValueType};
pub use registry::{Dimension, Kind, all, kind};
