//! A sheet: the rows of one source, with their shapes, before they take the form of a file.

use geo::Polygon;

use crate::shape::Pt;

/// What stands in a column.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Text of at most this many bytes in GBK.
    Text(i32),
    /// A whole number.
    Whole,
    /// A number with this many decimals.
    Real(i32),
    /// A day.
    Day,
}

/// The value of one cell.
#[derive(Clone)]
pub enum Cell {
    /// Text; a day is text like 2026-10-31.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::from(if yes { "是" } else { "否" })
    }
}

impl Cell {
    /// The cell as text, with as many decimals as its column has.
    pub fn text(&self, kind: Kind) -> String {
        match (self, kind) {
            (Self::Text(text), _) => text.clone(),
            (Self::Whole(number), _) => number.to_string(),
            (Self::Real(number), Kind::Real(decimals)) => format!("{number:.*}", decimals.unsigned_abs() as usize),
            (Self::Real(number), _) => number.to_string(),
            (Self::Empty, _) => String::new(),
        }
    }
}

/// The shape of a row.
pub enum Shape {
    /// A place.
    Point(Pt),
    /// A line.
    Line(Vec<Pt>),
    /// A ground.
    Area(Polygon),
}

/// The rows of one source.
pub struct Sheet {
    /// Column names with what stands in them.
    pub columns: Vec<(&'static str, Kind)>,
    /// Rows: a shape, and one cell a column.
    pub rows: Vec<(Shape, Vec<Cell>)>,
}

/// Writes one row: `row![shape; cell, cell, …]`.
#[macro_export]
macro_rules! row {
    ($shape:expr; $($cell:expr),+ $(,)?) => {
        ($shape, vec![$($crate::sheet::Cell::from($cell)),+])
    };
}
