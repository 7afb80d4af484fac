//! What became of a log.

use std::path::PathBuf;

use crate::fault::Fault;
use crate::import::flaw::{self, Flaw};
use crate::import::log::Log;
use crate::map::MapFolder;

/// The name under which the flaws of all logs are handed back; no layer can have it.
const FLAWS: &str = "xiangtu_ledger";

/// What the ledger made of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// It was written.
    Recorded,
    /// It had been written before, as it stands.
    Known,
    /// It cannot be.
    Refused(Fault),
}

/// What a log came to.
#[derive(Clone, Debug, Default)]
pub struct LogReport {
    /// The file's name.
    pub file: String,
    /// Rows seen.
    pub rows: u64,
    /// Rows written.
    pub recorded: usize,
    /// Rows that had been written before.
    pub known: usize,
    /// All that was wrong, row by row.
    pub flaws: Vec<Flaw>,
    /// Columns that mean nothing to any event here.
    pub foreign: Vec<String>,
    /// Where the flaws of logs were written; None without any.
    pub flaws_file: Option<PathBuf>,
}

impl Log {
    /// Adds up what the ledger made of the rows, in their order, and hands the flaws back as a file.
    ///
    /// # Errors
    /// Where the file of flaws cannot be written.
    pub fn report(self, map: &MapFolder, taken: &[Taken]) -> Result<LogReport, Fault> {
        let mut flaws = self.flaws;
        for (row, taken) in self.rows.iter().zip(taken) {
            if let Taken::Refused(fault) = taken {
                let own = self.own.iter().find(|(line, _)| *line == row.row).map(|(_, own)| own.clone());
                let flaw = Flaw::refused(fault.clone(), row.row).at(row.place);
                flaws.push(Flaw { file: self.file.clone(), own: own.unwrap_or_default(), ..flaw });
            }
        }
        flaws.sort_by_key(|flaw| flaw.row);
        let count = |what: &Taken| taken.iter().filter(|one| *one == what).count();
        Ok(LogReport {
            flaws_file: flaw::write(&map.dir, FLAWS, std::slice::from_ref(&self.file), &flaws)?,
            recorded: count(&Taken::Recorded),
            known: count(&Taken::Known),
            rows: self.seen,
            file: self.file,
            foreign: self.foreign,
            flaws,
        })
    }
}
