//! CQL2: the standard's examples and abstract tests, other people's engines as oracles, and what must not overturn us.

mod conformance;
mod differential;
mod examples;
mod limits;
mod questions;
mod speed;
