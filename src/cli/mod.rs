//! The command line: what was typed, handed to the library, and what came of it, said in the user's language.

mod account;
mod args;
mod bench;
mod bench_chainage;
mod bench_ledger;
mod bench_roads;
mod bench_tiles;
mod check;
mod import;
mod interrupt;
mod issues;
mod list;
mod query;
mod record;
mod serve;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ArgMatches;

use crate::fault::{Class, Fault};
use crate::text::Lang;

/// How to speak, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// The language of faults, findings and progress.
    pub lang: Lang,
    /// No progress, no summary: only faults.
    pub quiet: bool,
    /// Machine-readable output where a command has one.
    pub json: bool,
}

impl Voice {
    /// Writes a line for people to standard error.
    #[expect(clippy::print_stderr, reason = "the command line is where people are spoken to")]
    pub fn note(self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }

    /// Writes a line of the answer to standard output. A reader that has gone away is not our fault.
    pub fn answer(self, line: &str) {
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}

/// Runs a command line; the exit code is 0 ok, 1 failed, 2 not understood.
pub fn main(typed: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed: Vec<OsString> = typed.into_iter().collect();
    let lang = args::language(&typed);
    let matches = match args::command(lang).try_get_matches_from(typed) {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let voice = Voice { lang, quiet: matches.get_flag("quiet"), json: matches.get_flag("json") };
    let done = match matches.subcommand() {
        Some((name, own)) => run(name, own, voice),
        None => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // Over HTTP the cause is logged and not sent; here the one who asks is the one who runs it.
            let cause = match fault.class() {
                Class::Internal => fault.fields().get("cause").map(|cause| format!(" {cause}")),
                _ => None,
            };
            let sentence = format!("{}: {}{}", lang.word("cli-fault"), lang.say(&fault), cause.unwrap_or_default());
            Voice { quiet: false, ..voice }.note(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, own: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    match name {
        "serve" => serve::run(own, voice),
        "new" => import::new(own, voice),
        "import" => import::run(own, voice),
        "list" => list::run(own, voice),
        "query" => query::run(own, voice),
        "check" => check::run(own, voice),
        "record" => record::run(own, voice),
        "issues" => issues::run(own, voice),
        "account" => account::run(own, voice),
        "bench" => bench::run(own, voice),
        other => Err(Fault::internal(format!("no command {other}"))),
    }
}
