//! Makes the demonstration town of `maps/demo`: nobody lives there.
//!
//! `cargo run --example demo-town -- maps/demo/sources [--seed N]` writes its sources in the forms that townships keep
//! them in: tables of the town on the eve of the campaign, 31 August 2026, and logs of what happened in the two months
//! after. The same seed gives the same bytes. Every figure that the town owes to the report it is modelled on is counted,
//! on the ground and in the logs; one that is off ends the run.

mod census;
mod farms;
mod fields;
mod ground;
mod houses;
mod laboratory;
mod ledger;
mod names;
mod places;
mod rng;
mod roads;
mod settle;
mod shape;
mod sheet;
mod tables;
mod town;
mod water;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

/// What is made, or the sentence that says why not.
type Made<T> = Result<T, Box<dyn std::error::Error>>;

/// The seed of the committed town.
const SEED: u64 = 112;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("demo-town: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Made<()> {
    let mut directory = None;
    let mut seed = SEED;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seed" => seed = words.next().ok_or("--seed takes a number")?.parse()?,
            _ => directory = Some(PathBuf::from(word)),
        }
    }
    let directory = directory.ok_or("usage: demo-town DIRECTORY [--seed N]")?;
    let town = town::build(seed)?;
    census::count(&town)?;
    tables::write(seed, &town, &directory)
}
