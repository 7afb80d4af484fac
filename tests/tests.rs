//! One binary for all integration tests, so that the crate is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod account;
mod api;
mod catalog;
mod check;
mod demo;
mod filter;
mod house;
mod import;
mod laws;
mod ledger;
mod ledger_analyses;
mod oracle;
mod store;
mod support;
mod tiles;
mod villages;
