//! Work logs (工作台账): what happened to which feature on which day, row by row. Read and checked against the map; written
//! by the ledger.

mod columns;
mod report;
mod row;
mod subjects;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::event::Quantity;
use crate::fault::Fault;
use crate::import::crs::{self, Crs};
use crate::import::flaw::{Flaw, Outcome};
use crate::import::sheet::{self, Grid};
use crate::import::{delimited, encoding, source, workbook};
use crate::kind::Kind;
use crate::map::{LogSource, MapFolder};
use crate::store::Store;
use crate::units::Day;

use columns::Columns;
pub use report::{LogReport, Taken};
use row::Rows;
use subjects::Subjects;

/// The event of a row that makes a feature.
pub const CREATED: &str = "created";

/// A row of a work log, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRow {
    /// Its own number: what was taken in under it once is not taken in again.
    pub number: String,
    /// The day on which it happened.
    pub on: Day,
    /// The layer.
    pub layer: String,
    /// The kind of its features; the layer may have to be made.
    pub kind: Arc<Kind>,
    /// The feature's id.
    pub feature: String,
    /// The kind of event; `created` makes the feature, at `place`, with `fields` for attributes.
    pub event: &'static str,
    /// How much was done.
    pub quantity: Option<Quantity>,
    /// Who did it; may be empty.
    pub by: String,
    /// What was written beside; may be empty.
    pub note: String,
    /// Fields of the event, typed.
    pub fields: Map<String, Value>,
    /// Where it was, longitude and latitude.
    pub place: Option<[f64; 2]>,
    /// The line of the file.
    pub row: u64,
}

/// A work log, read.
pub struct Log {
    /// The file's name.
    pub file: String,
    /// How many rows it has.
    pub seen: u64,
    /// The rows that can be recorded, in the order of their days; on a day, as the file has them.
    pub rows: Vec<LogRow>,
    /// What is wrong with the others.
    pub flaws: Vec<Flaw>,
    /// Columns that mean nothing to any event here.
    pub foreign: Vec<String>,
    /// Column and value of each row taken, by its line, should it be refused after all.
    own: Vec<(u64, Vec<(String, String)>)>,
}

/// Reads a work log and checks it against the map.
///
/// # Errors
/// What is wrong with the file as a whole: `import-missing`, `log-columns`, `import-crs-missing`. What is wrong with single
/// rows is among the flaws.
pub fn read(map: &MapFolder, store: &Store, source: &LogSource) -> Result<Log, Fault> {
    let (path, part) = source::split(&source.file);
    if !path.exists() {
        return Err(Fault::not_found("import-missing").with("file", path.display()));
    }
    let (grid, columns) = open(&path, part.as_deref(), source)?;
    let mut crs = source.crs.as_deref().map(Crs::parse).transpose()?;
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut log = Log { file, seen: 0, rows: Vec::new(), flaws: Vec::new(), foreign: Vec::new(), own: Vec::new() };

    let mut lines = Vec::new();
    for (number, cells) in grid.lines.into_iter().skip(columns.at + 1) {
        if cells.iter().all(|cell| *cell == source::Cell::Null) {
            continue;
        }
        log.seen += 1;
        match sheet::no_row(&cells, &columns.names) {
            Some(code) => {
                let own = sheet::own(&columns.names, &cells);
                log.flaws.push(Flaw { file: log.file.clone(), own, ..Flaw::new(code, number, Outcome::Refused) });
            }
            None => lines.push((number, cells)),
        }
    }
    let placed = lines.iter().find_map(|(_, cells)| columns.place.and_then(|place| sheet::locate(cells, place).ok()));
    if let (Some([x, y]), None) = (placed, &crs) {
        let fault = Fault::invalid("import-crs-missing").with("file", path.display()).with("x", x).with("y", y);
        let degrees = x.abs() <= 180.0 && y.abs() <= 90.0;
        return Err(
            fault.with("hint", if degrees { "EPSG:4490, EPSG:4326, gcj02, bd09".into() } else { crs::hint(x, y) })
        );
    }
    let subjects = Subjects::of(store)?;
    let mut rows =
        Rows { columns: &columns, crs: crs.as_mut(), subjects, series: source.series.as_deref(), today: map.today() };
    for (_, cells) in &lines {
        rows.announce(cells);
    }
    let mut numbers = HashSet::new();
    for (number, cells) in &lines {
        let own = || sheet::own(&columns.names, cells);
        let read = rows.read(*number, cells).and_then(|row| match numbers.insert(row.number.clone()) {
            true => Ok(row),
            false => Err(Box::new(
                Flaw::new("flaw-duplicate-key", *number, Outcome::Refused).about(columns.number_name(), row.number),
            )),
        });
        match read {
            Ok(row) => {
                log.own.push((*number, own()));
                log.rows.push(row);
            }
            Err(flaw) => log.flaws.push(Flaw { file: log.file.clone(), own: own(), ..*flaw }),
        }
    }
    log.foreign = columns.foreign(&rows.subjects);
    log.rows.sort_by_key(|row| row.on);
    Ok(log)
}

/// The sheet that has the columns of a log.
fn open(path: &Path, part: Option<&str>, source: &LogSource) -> Result<(Grid, Columns), Fault> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let grids = match extension.as_str() {
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => workbook::grids(path, part)?,
        _ => vec![delimited::grid(path, encoding::parse(source.encoding.as_deref())?)?],
    };
    let mut fitting = Vec::new();
    let mut missing = Vec::new();
    for grid in grids {
        match Columns::find(&grid) {
            Ok(columns) => fitting.push((grid, columns)),
            Err(lacking) => missing.push((lacking, grid.fullest())),
        }
    }
    if fitting.len() > 1 {
        let names: Vec<&str> = fitting.iter().map(|(grid, _)| grid.name.as_str()).collect();
        return Err(Fault::invalid("import-which-layer").with("file", path.display()).with("layers", names.join(", ")));
    }
    fitting.pop().ok_or_else(|| {
        let (lacking, fullest) = missing.into_iter().min_by_key(|(lacking, _)| lacking.len()).unwrap_or_default();
        Fault::invalid("log-columns")
            .with("file", path.display())
            .with("missing", lacking.join("、"))
            .with("columns", fullest)
    })
}
