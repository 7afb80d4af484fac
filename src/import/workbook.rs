//! Spreadsheets: .xlsx, .xls, .ods. Merged cells say what their first cell says.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Dimensions, Reader as _, Sheets, open_workbook_auto};

use crate::fault::Fault;
use crate::import::sheet::{Grid, Header, Sheet};
use crate::import::source::{Cell, Reader, Wanted};
use crate::units::Day;

/// Opens a spreadsheet with coordinates: the sheet that is named, else the only one that has them.
pub fn open(wanted: &Wanted<'_>) -> Result<Box<dyn Reader>, Fault> {
    let mut fitting: Vec<(Grid, Header)> = Vec::new();
    let mut fullest = String::new();
    for grid in grids(&wanted.path, wanted.part.as_deref())? {
        match grid.header(wanted) {
            Some(header) => fitting.push((grid, header)),
            None if fullest.is_empty() => fullest = grid.fullest(),
            None => {}
        }
    }
    if fitting.len() > 1 {
        let names: Vec<&str> = fitting.iter().map(|(grid, _)| grid.name.as_str()).collect();
        return Err(wanted.fault("import-which-layer").with("layers", names.join(", ")));
    }
    match fitting.pop() {
        Some((grid, header)) => Ok(Box::new(Sheet::open(wanted, grid, header)?)),
        None => Err(wanted.fault("import-no-coordinates").with("columns", fullest)),
    }
}

/// The cells of a spreadsheet's sheets: all, or the one that is named.
pub fn grids(path: &Path, part: Option<&str>) -> Result<Vec<Grid>, Fault> {
    let fault = |code| Fault::invalid(code).with("file", path.display());
    let unreadable = |cause: String| fault("import-unreadable").with("cause", cause);
    let mut book = open_workbook_auto(path).map_err(|error| unreadable(error.to_string()))?;
    let names = book.sheet_names();
    if let Some(part) = part
        && !names.iter().any(|name| name == part)
    {
        return Err(fault("import-no-layer").with("layer", part).with("layers", names.join(", ")));
    }
    let meant = names.iter().filter(|name| part.is_none_or(|part| part == *name));
    meant.map(|name| grid(&mut book, name).map_err(unreadable)).collect()
}

fn grid(book: &mut Sheets<BufReader<File>>, name: &str) -> Result<Grid, String> {
    let range = book.worksheet_range(name).map_err(|error| error.to_string())?;
    let (top, left) = range.start().unwrap_or_default();
    let mut lines: Vec<(u64, Vec<Cell>)> = range
        .rows()
        .enumerate()
        .map(|(at, row)| (u64::from(top) + at as u64 + 1, row.iter().map(cell).collect()))
        .collect();
    let merged: Vec<Dimensions> = match book {
        Sheets::Xlsx(book) => book.merge_cells_by_sheet_name(name).map_err(|error| error.to_string())?,
        _ => Vec::new(),
    };
    for region in merged {
        spread(&mut lines, (top, left), region);
    }
    Ok(Grid { name: name.to_owned(), lines })
}

/// Writes what a merged region's first cell says into the cells below it. Across, a title stays in its own column.
fn spread(lines: &mut [(u64, Vec<Cell>)], (top, left): (u32, u32), region: Dimensions) {
    let (Some(row), Some(column)) = (region.start.0.checked_sub(top), region.start.1.checked_sub(left)) else { return };
    let (row, column) = (row as usize, column as usize);
    let Some(said) = lines.get(row).and_then(|(_, cells)| cells.get(column)).cloned() else { return };
    let height = (region.end.0 - region.start.0) as usize;
    for (_, cells) in lines.iter_mut().skip(row + 1).take(height) {
        if let Some(cell) = cells.get_mut(column) {
            *cell = said.clone();
        }
    }
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Int(n) => Cell::Int(*n),
        Data::Float(x) => Cell::float(*x),
        Data::String(text) => Cell::text(text),
        Data::Bool(b) => Cell::Bool(*b),
        Data::DateTime(serial) if serial.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
            let date = jiff::civil::Date::new(year as i16, month as i8, day as i8).map(Day::from_date);
            match (date, (hour, minute, second)) {
                (Err(_), _) => Cell::Null,
                (Ok(day), (0, 0, 0)) => Cell::Day(day),
                // A day reads it as the day that it begins with.
                (Ok(day), _) => Cell::Text(format!("{day} {hour:02}:{minute:02}:{second:02}")),
            }
        }
        Data::DateTime(serial) => Cell::float(serial.as_f64()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text),
        Data::Error(_) | Data::Empty => Cell::Null,
    }
}
