//! Chainage (桩号): what the kilometre stones of a road say, anywhere along it and beside it.
//!
//! A road is one line, whatever pieces it is drawn in: pieces that touch run on, the other carriageway lies beside it, gaps are
//! bridged. Its numbers come from the map's declaration, from the road layer, or are counted from its western end.

mod assemble;
mod line_up;
mod numbering;
mod route;
mod station;

pub use assemble::{Declared, Known, Lines, Piece, assemble};
pub use numbering::{Break, Stretch};
pub use route::{Basis, FARTHEST_M, Place, Route, Section, Side};
pub use station::{parse, spell};

#[cfg(test)]
mod tests;
