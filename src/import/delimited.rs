//! Comma-separated values, as spreadsheets and surveyors' devices write them.

use crate::fault::Fault;
use crate::import::encoding;
use crate::import::sheet::{Grid, Sheet};
use crate::import::source::{Cell, Reader, Wanted};

/// Opens a CSV file with coordinates.
pub fn open(wanted: &Wanted<'_>) -> Result<Box<dyn Reader>, Fault> {
    let text = encoding::decode(&std::fs::read(&wanted.path)?, wanted.encoding);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wanted.fault("import-unreadable").with("cause", error))?;
        let number = record.position().map_or(0, csv::Position::line);
        lines.push((number, record.iter().map(Cell::text).collect()));
    }
    let grid = Grid { name: String::new(), lines };
    if grid.lines.is_empty() {
        return Err(wanted.fault("import-empty"));
    }
    match grid.header(wanted) {
        Some(header) => Ok(Box::new(Sheet::open(wanted, grid, header)?)),
        None => Err(wanted.fault("import-no-coordinates").with("columns", grid.fullest())),
    }
}

/// What parts the columns: the one of the usual signs that the first lines have most of.
fn delimiter(text: &str) -> u8 {
    let count = |sign: &u8| text.lines().take(5).map(|line| line.bytes().filter(|b| b == sign).count()).sum::<usize>();
    [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}
