//! The HTTP door, from outside: the built binary serves a small town, and clients ask it.

mod checks;
mod clients;
pub mod differential;
mod evidence;
mod html;
mod items;
mod jobs;
mod manners;
mod pages;
mod part1;
mod placeless;
mod problems;
mod references;
pub mod server;
mod stopped;

use server::town;
