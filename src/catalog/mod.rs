//! Names to collections: layers as of a day, analyses bound to them, each kept as long as its revision holds.

mod id;
mod open;
mod rights;

pub use id::CollectionId;
pub use open::{Catalog, Named};
