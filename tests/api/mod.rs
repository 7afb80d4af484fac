//! The HTTP door, from outside: the built binary serves a small town, and clients ask it.

mod checks;
mod clients;
mod evidence;
mod items;
mod pages;
mod problems;
pub mod server;

use server::town;
