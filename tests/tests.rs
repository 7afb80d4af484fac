//! One binary for all integration tests, so that the crate is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod account;
mod api;
mod catalog;
mod check;
mod corridor;
mod demo;
mod filter;
mod hotspots;
mod house;
mod import;
mod laws;
mod ledger;
mod ledger_analyses;
mod network;
mod oracle;
mod screening;
mod siting;
mod store;
mod support;
mod tiles;
mod villages;
mod water;
