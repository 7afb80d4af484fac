//! Names to collections: layers as of a day, analyses bound to them, each kept as long as its revision holds.

mod open;
mod id;

pub use open::{Catalog, Named};
pub use id::CollectionId;
