//! Xiangtu 乡图: the command map of a township's living-environment remediation.
//!
//! **Collection** is the noun ([`collection`]), **Analysis** the verb ([`analysis`]), **Query** the question ([`query`]),
//! **Ledger** the memory. Features live in columns ([`table`]) under an R-tree; a [`layer`] is stored, a derivation computed;
//! both leave through an encoder and nothing else.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod data;
pub mod fault;
pub mod stop;
pub mod text;
mod threads;
pub mod units;

pub mod geo;

pub mod siting;

pub mod job;
pub mod kind;
pub mod rules;

pub mod event;

pub mod filter;
pub mod query;
pub mod table;

pub mod network;

pub mod collection;
pub mod layer;

pub mod evidence;
pub mod map;
pub mod store;

pub mod account;

pub mod analysis;
pub mod import;

pub mod catalog;
pub mod ledger;
pub mod province;

pub mod check;

pub mod encode;
pub mod tile;

pub mod cli;
pub mod http;
