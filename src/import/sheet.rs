//! Rows of a ledger: the header found under its title, totals set apart, coordinates taken from their columns.

use crate::fault::Fault;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::import::crs::{self, Crs};
use crate::import::flaw::{Flaw, Outcome};
use crate::import::place::{self, Columns};
use crate::import::source::{Cell, Column, Each, Item, Place, Reader, Wanted};
use crate::import::value;
use crate::kind::ValueType;
use crate::units::Day;

/// A header does not stand further down.
pub const DEEPEST_HEADER: usize = 30;
/// What the first cell of a line of sums says.
const TOTALS: [&str; 9] = ["合计", "总计", "小计", "共计", "总和", "汇总", "total", "sum", "subtotal"];

/// The cells of one sheet, line by line.
pub struct Grid {
    /// The sheet's name, where the file has several.
    pub name: String,
    /// Line number and cells.
    pub lines: Vec<(u64, Vec<Cell>)>,
}

/// The header of a sheet.
pub struct Header {
    /// Where it stands in the grid.
    at: usize,
    names: Vec<String>,
    place: Columns,
}

impl Grid {
    /// The line among the first that names coordinates, and most of what is looked for.
    pub fn header(&self, wanted: &Wanted<'_>) -> Option<Header> {
        let known = |name: &String| {
            wanted.columns.contains(&name.as_str()) || wanted.kind.attributes.iter().any(|a| a.answers_to(name))
        };
        (0..self.lines.len().min(DEEPEST_HEADER))
            .filter_map(|at| {
                let names = self.names(at);
                Columns::find(&names).map(|place| Header { at, names, place })
            })
            // Of a header of two lines the lower one names both coordinates, the upper only the pair.
            .max_by_key(|header| {
                let score = header.names.iter().filter(|name| known(name)).count();
                (matches!(header.place, Columns::Two { .. }), score, std::cmp::Reverse(header.at))
            })
    }

    /// The names in a line; where it has none, that of the line above, which a merged cell spans down from.
    pub fn names(&self, at: usize) -> Vec<String> {
        let word = |at: usize, column: usize| {
            let cell = self.lines.get(at).and_then(|(_, cells)| cells.get(column));
            cell.map(Cell::words).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let width = self.lines[at].1.len();
        (0..width)
            .map(|column| match (word(at, column), at.checked_sub(1)) {
                (name, Some(above)) if name.is_empty() => word(above, column),
                (name, _) => name,
            })
            .collect()
    }

    /// The fullest line among the first, for a fault that says what there is.
    pub fn fullest(&self) -> String {
        let fullest = (0..self.lines.len().min(DEEPEST_HEADER))
            .map(|at| self.names(at).into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>())
            .max_by_key(Vec::len);
        fullest.unwrap_or_default().join(", ")
    }
}

struct Line {
    number: u64,
    cells: Vec<Cell>,
    place: Result<[f64; 2], &'static str>,
}

/// A sheet, ready to be read.
pub struct Sheet {
    columns: Vec<Column>,
    lines: Vec<Line>,
    flaws: Vec<Flaw>,
    crs: Crs,
}

impl Sheet {
    /// Takes a grid apart below its header.
    ///
    /// # Errors
    /// `import-crs-missing`, for no column name says what reference its coordinates have.
    pub fn open(wanted: &Wanted<'_>, grid: Grid, header: Header) -> Result<Self, Fault> {
        let Header { at, names, place } = header;
        let kept: Vec<usize> = (0..names.len()).filter(|&k| !place.has(k) && !names[k].is_empty()).collect();
        let mut flaws = Vec::new();
        let mut lines = Vec::new();
        for (number, cells) in grid.lines.into_iter().skip(at + 1) {
            if cells.iter().all(|cell| *cell == Cell::Null) {
                continue;
            }
            if let Some(code) = no_row(&cells, &names) {
                flaws.push(Flaw { own: own(&names, &cells), ..Flaw::new(code, number, Outcome::Refused) });
                continue;
            }
            let place = locate(&cells, place);
            let cells = kept.iter().map(|&k| cells.get(k).cloned().unwrap_or(Cell::Null)).collect();
            lines.push(Line { number, cells, place });
        }
        let first = lines.iter().find_map(|line| line.place.ok()).unwrap_or_default();
        let Some(stated) = wanted.crs else {
            let degrees = first[0].abs() <= 180.0 && first[1].abs() <= 90.0;
            let hint =
                if degrees { "EPSG:4490, EPSG:4326, gcj02, bd09".to_owned() } else { crs::hint(first[0], first[1]) };
            return Err(wanted.fault("import-crs-missing").with("x", first[0]).with("y", first[1]).with("hint", hint));
        };
        let crs = Crs::parse(stated)?;
        if !crs.is_degrees() && swapped(&lines) {
            for line in &mut lines {
                line.place = line.place.map(|[x, y]| [y, x]);
            }
            flaws.push(Flaw::new("flaw-axes-swapped", 0, Outcome::Kept));
        }
        let columns = kept
            .iter()
            .enumerate()
            .map(|(k, &column)| Column {
                name: names[column].clone(),
                value_type: infer(lines.iter().map(|line| &line.cells[k])),
            })
            .collect();
        Ok(Self { columns, lines, flaws, crs })
    }
}

/// The code of a line that is no row: a line of sums, or the header over again.
pub fn no_row(cells: &[Cell], names: &[String]) -> Option<&'static str> {
    let words: Vec<String> = cells.iter().map(Cell::words).collect();
    let first = words.iter().find(|word| !word.is_empty())?;
    let first: String = first.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let first = first.trim_end_matches([':', '：']);
    if TOTALS.contains(&first) {
        return Some("flaw-total-row");
    }
    (words.iter().filter(|word| !word.is_empty()).all(|word| names.contains(word))).then_some("flaw-header-row")
}

/// Column and value of each cell that says something.
pub fn own(names: &[String], cells: &[Cell]) -> Vec<(String, String)> {
    names.iter().zip(cells).filter(|(name, _)| !name.is_empty()).map(|(name, c)| (name.clone(), c.words())).collect()
}

/// Where a line says that it is, in the file's own coordinates; or the code of the flaw.
pub fn locate(cells: &[Cell], place: Columns) -> Result<[f64; 2], &'static str> {
    let read = |column: usize| match cells.get(column) {
        None | Some(Cell::Null) => Err("flaw-no-coordinates"),
        Some(Cell::Float(x)) => Ok(*x),
        Some(Cell::Int(n)) => Ok(*n as f64),
        Some(cell) => place::coordinate(&cell.words()).ok_or("flaw-coordinates-unreadable"),
    };
    match place {
        Columns::Two { x, y } => Ok([read(x)?, read(y)?]),
        Columns::One(both) => match cells.get(both) {
            None | Some(Cell::Null) => Err("flaw-no-coordinates"),
            Some(cell) => place::pair(&cell.words()).ok_or("flaw-coordinates-unreadable"),
        },
    }
}

/// Whether all lines have a Chinese northing where the easting should be, as surveyors' X and Y do.
fn swapped(lines: &[Line]) -> bool {
    let mut places = lines.iter().filter_map(|line| line.place.ok()).peekable();
    let north = |n: f64| (1.8e6..6.2e6).contains(&n);
    let east = |e: f64| (1e5..9e5).contains(&e) || (1.3e7..4.6e7).contains(&e);
    places.peek().is_some() && places.all(|[x, y]| north(x) && east(y))
}

/// The narrowest type that all values of a column fit. Digits with a zero before them are a code and stay text.
fn infer<'a>(cells: impl Iterator<Item = &'a Cell> + Clone) -> ValueType {
    let mut said = cells.filter(|cell| **cell != Cell::Null).peekable();
    if said.peek().is_none() {
        return ValueType::Text;
    }
    let whole = |cell: &Cell| match cell {
        Cell::Int(_) => true,
        Cell::Float(x) => x.fract() == 0.0 && x.abs() < 1e15,
        Cell::Text(t) => t.len() <= 15 && t.parse::<i64>().is_ok_and(|n| n.to_string() == *t),
        _ => false,
    };
    let decimal = |cell: &Cell| match cell {
        Cell::Text(t) => {
            let padded = t.trim_start_matches('-').starts_with('0') && !t.contains('.') && t != "0";
            t.len() <= 17 && !padded && t.parse::<f64>().is_ok_and(f64::is_finite) && !t.contains(['e', 'E'])
        }
        Cell::Int(_) | Cell::Float(_) => true,
        _ => false,
    };
    let day = |cell: &Cell| match cell {
        Cell::Day(_) => true,
        Cell::Text(t) => t.len() == 10 && t.contains(['-', '/']) && Day::parse(&value::narrow(t)).is_some(),
        _ => false,
    };
    let all = |test: &dyn Fn(&Cell) -> bool| said.clone().all(test);
    match () {
        () if all(&whole) => ValueType::Int,
        () if all(&decimal) => ValueType::Float,
        () if all(&day) => ValueType::Date,
        () if all(&|cell| matches!(cell, Cell::Bool(_))) => ValueType::Bool,
        () => ValueType::Text,
    }
}

impl Reader for Sheet {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn expected(&self) -> Option<u64> {
        Some(self.lines.len() as u64)
    }

    fn crs(&mut self) -> &mut Crs {
        &mut self.crs
    }

    fn read(&mut self, each: &mut Each<'_>) -> Result<(), Fault> {
        for flaw in self.flaws.drain(..) {
            each(Item::Flaw(flaw))?;
        }
        for line in self.lines.drain(..) {
            let mut one = Geometries::default();
            let place = match line.place {
                Ok(c) => {
                    one.part(true);
                    one.coord(c);
                    one.end_row(ShapeKind::Point);
                    Place::Shape(one.shape(0))
                }
                Err(code) => Place::Unknown(code),
            };
            each(Item::Row { row: line.number, cells: &line.cells, place })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_a_zero_before_it_is_no_number() {
        let cells = |list: &[&str]| list.iter().map(|t| Cell::text(t)).collect::<Vec<_>>();
        assert_eq!(infer(cells(&["012", "345"]).iter()), ValueType::Text);
        assert_eq!(infer(cells(&["12", "", "345"]).iter()), ValueType::Int);
        assert_eq!(infer(cells(&["12", "3.5"]).iter()), ValueType::Float);
        assert_eq!(infer(cells(&["2026-09-01", "2026-10-31"]).iter()), ValueType::Date);
        assert_eq!(infer(cells(&["120115199001011234"]).iter()), ValueType::Text);
    }

    #[test]
    fn a_line_of_sums_is_no_row() {
        let names = ["序号".to_owned(), "名称".to_owned()];
        assert_eq!(no_row(&[Cell::text("合 计"), Cell::Int(12)], &names), Some("flaw-total-row"));
        assert_eq!(no_row(&[Cell::text("序号"), Cell::text("名称")], &names), Some("flaw-header-row"));
        assert_eq!(no_row(&[Cell::Int(1), Cell::text("合计村")], &names), None);
    }
}
