//! A new map from OpenStreetMap: what its tags mean as our kinds, and what ground a village has.

mod classes;
mod extract;
mod ground;
mod new;

pub use new::new_map;
