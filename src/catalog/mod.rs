//! Names to collections: layers as of a day, analyses bound to them, each kept as long as its revision holds.

mod id;
mod open;
mod rights;
mod view;

pub use id::CollectionId;
pub use open::{Catalog, Named};
pub use view::View;
