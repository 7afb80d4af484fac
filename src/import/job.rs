//! What an import is asked, what it says meanwhile, and what it reports.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::import::flaw::{Flaw, Outcome};
use crate::map::Source;
use crate::store::Tally;
use crate::text::Title;
use crate::units::Day;

/// What an import is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// The layer that the rows go into; it is made where it is not there.
    pub layer: String,
    /// What its features are; None: as the layer is, or as its usual name says.
    pub kind: Option<String>,
    /// The files. `file.gpkg:layer` and `file.xlsx:sheet` name one of several.
    pub files: Vec<PathBuf>,
    /// The column that identifies a row from one import to the next; None: as last time, or an id made from the content.
    pub key: Option<String>,
    /// The coordinate reference system, where the file does not say or says it wrong.
    pub crs: Option<String>,
    /// `auto`, `gbk`, `utf-8`.
    pub encoding: Option<String>,
    /// Attribute to column, where the names do not say.
    pub fields: BTreeMap<String, String>,
    /// The day whose state the files show; None: today.
    pub on: Option<Day>,
    /// What people call the layer; None: as before, or as the kind.
    pub title: Option<Title>,
    /// Who imports.
    pub author: String,
}

impl From<&Source> for Job {
    fn from(source: &Source) -> Self {
        Self {
            layer: source.layer.clone(),
            kind: source.kind.clone(),
            files: source.files.clone(),
            key: source.key.clone(),
            crs: source.crs.clone(),
            encoding: source.encoding.clone(),
            fields: source.fields.clone(),
            on: source.on,
            title: source.title.clone(),
            author: String::new(),
        }
    }
}

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
