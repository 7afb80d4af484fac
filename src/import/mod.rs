//! Files in: one reader a format; encoding, coordinates, the gate; and what was wrong with a row, as a value.
//!
//! Every reader yields rows and flaws. A row that cannot be placed is counted, located and handed back as a file; it is
//! neither a crash nor a silent default. An import is one transaction: it is in, or the map is as it was.

mod crs;
mod delimited;
mod encoding;
mod fields;
mod flaw;
mod gpx;
mod ids;
mod instant;
mod intake;
mod lock;
pub mod log;
pub mod osm;
mod place;
mod progress;
mod report;
mod run;
mod sheet;
mod shift;
mod source;
mod track;
mod value;
mod vector;
mod workbook;

pub use flaw::{Flaw, FlawCount, Outcome, flaws};
pub use lock::Lock;
pub use progress::bar;
pub use report::{Progress, Report, Stage};
pub use run::run;
