//! What an import says meanwhile, and what it reports.

use std::path::PathBuf;

use crate::import::flaw::{Flaw, Outcome};
use crate::store::Tally;

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading rows and passing them through the gate.
    Reading,
    /// Writing them to the store.
    Writing,
}

/// How far an import is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Rows done in this stage.
    pub done: u64,
    /// Rows in all, where the file says.
    pub total: Option<u64>,
}

/// What an import did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The layer.
    pub layer: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Rows read.
    pub rows: u64,
    /// Features that were not there.
    pub added: usize,
    /// Features that were otherwise.
    pub changed: usize,
    /// Features that were the same.
    pub unchanged: usize,
    /// Features of the layer that the files do not have; they stay.
    pub absent: usize,
    /// All that was wrong, row by row.
    pub flaws: Vec<Flaw>,
    /// Attribute and the column it was read from.
    pub mapped: Vec<(String, String)>,
    /// Columns that the kind does not know, kept under their own names.
    pub foreign: Vec<String>,
    /// Where the flaws were written; None without any.
    pub flaws_file: Option<PathBuf>,
}

impl Report {
    /// Rows that were not let in.
    pub fn refused(&self) -> usize {
        self.count(Outcome::Refused)
    }

    /// Rows whose geometry was mended.
    pub fn repaired(&self) -> usize {
        self.count(Outcome::Repaired)
    }

    /// Values left out, and doubts about whole files; the rows are in.
    pub fn kept(&self) -> usize {
        self.count(Outcome::Kept)
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.flaws.iter().filter(|flaw| flaw.outcome == outcome).count()
    }

    pub(super) fn tallied(mut self, tally: Tally) -> Self {
        (self.added, self.changed) = (tally.added, tally.changed);
        (self.unchanged, self.absent) = (tally.unchanged, tally.absent);
        self
    }
}
