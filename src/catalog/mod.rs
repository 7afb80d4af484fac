//! Names to collections: layers as of a day, analyses bound to them, each kept as long as its revision holds.

mod id;
mod kept;
mod open;
mod rights;
mod shown;
mod snapshot;

pub use id::CollectionId;
pub use open::{Catalog, Named};
pub use shown::Shown;
