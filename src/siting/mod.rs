//! Where things should go: location models, solved to proven optimality where that can be done within a stated amount of work,
//! and otherwise with the gap that remains.
//!
//! Pure arithmetic over clients and sites: what the numbers mean is the analysis's business. Two things hold everywhere:
//!
//! - **Work is counted, not timed**: iterations, nodes and sizes are bounded, never the clock, so an answer does not depend on
//!   the machine or on what else it does.
//! - **Ties go to the lower number.** Who numbers sites and clients by their ids gets the same answer whatever the order in which
//!   they came.

pub mod capacity;
pub mod centre;
pub mod costs;
pub mod cover;
mod fewer;
mod lagrange;
pub mod least;
mod milp;
pub mod rough;
mod search;

pub use costs::{Costs, Entry};

/// A choice of sites and what is known of how good it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The sites chosen, ascending.
    pub sites: Vec<u32>,
    /// What the choice comes to, in the terms of its model: the less the better.
    pub cost: f64,
    /// No choice comes to less.
    pub bound: f64,
    /// Whether it is proven that none is better.
    pub proven: bool,
}
