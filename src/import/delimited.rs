//! Comma-separated values, as spreadsheets and surveyors' devices write them.

use std::path::Path;

use encoding_rs::Encoding;

use crate::fault::Fault;
use crate::import::encoding;
use crate::import::sheet::{Grid, Sheet};
use crate::import::source::{Cell, Reader, Wanted};

/// Opens a CSV file with coordinates.
pub fn open(wanted: &Wanted<'_>) -> Result<Box<dyn Reader>, Fault> {
    let grid = grid(&wanted.path, wanted.encoding)?;
    match grid.header(wanted) {
        Some(header) => Ok(Box::new(Sheet::open(wanted, grid, header)?)),
        None => Err(wanted.fault("import-no-coordinates").with("columns", grid.fullest())),
    }
}

/// The cells of a CSV file.
pub fn grid(path: &Path, encoding: Option<&'static Encoding>) -> Result<Grid, Fault> {
    let fault = |code| Fault::invalid(code).with("file", path.display());
    let text = encoding::decode(&std::fs::read(path)?, encoding);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| fault("import-unreadable").with("cause", error))?;
        let number = record.position().map_or(0, csv::Position::line);
        lines.push((number, record.iter().map(Cell::text).collect()));
    }
    if lines.is_empty() {
        return Err(fault("import-empty"));
    }
    Ok(Grid { name: String::new(), lines })
}

/// What parts the columns: the one of the usual signs that the first lines have most of.
fn delimiter(text: &str) -> u8 {
    let count = |sign: &u8| text.lines().take(5).map(|line| line.bytes().filter(|b| b == sign).count()).sum::<usize>();
    [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}
