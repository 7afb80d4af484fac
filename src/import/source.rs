//! What all readers have in common: columns, then rows and flaws, one after another.

use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::geo::shape::Shape;
use crate::import::crs::Crs;
use crate::import::flaw::Flaw;
use crate::import::{delimited, gpx, track, vector, workbook};
use crate::kind::{Kind, ValueType};
use crate::table::Value;
use crate::units::Day;

/// One value of a row, as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number, finite.
    Float(f64),
    /// Text, trimmed and not empty.
    Text(String),
    /// A day.
    Day(Day),
    /// Bytes that are no text in the file's encoding; what could be made of them.
    Undecodable(String),
}

impl Cell {
    /// Text without the blanks around it (full-width ones too); nothing where nothing is left.
    pub fn text(text: &str) -> Self {
        let text = text.trim();
        match text {
            "" => Self::Null,
            _ if text.contains('\u{fffd}') => Self::Undecodable(text.to_owned()),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// A number; nothing where it is none.
    pub fn float(x: f64) -> Self {
        if x.is_finite() { Self::Float(x) } else { Self::Null }
    }

    /// As a column takes it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Self::Null | Self::Undecodable(_) => Value::Null,
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(n) => Value::Int(*n),
            Self::Float(x) => Value::Float(*x),
            Self::Text(t) => Value::Text(t),
            Self::Day(day) => Value::Date(*day),
        }
    }

    /// As people read it. A whole number that a spreadsheet keeps as a decimal one is still whole.
    pub fn words(&self) -> String {
        match self {
            Self::Undecodable(text) => text.clone(),
            Self::Float(x) if x.fract() == 0.0 && x.abs() < 1e15 => format!("{x:.0}"),
            other => other.value().to_text(),
        }
    }
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it would be kept as, if no kind knows it.
    pub value_type: ValueType,
}

/// Where a row is, in the file's own coordinates.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// Here.
    Shape(Shape<'a>),
    /// Nowhere that can be read: the code of the flaw.
    Unknown(&'static str),
}

/// What a reader comes upon.
pub enum Item<'a> {
    /// A row; the cells in the order of the columns.
    Row {
        /// Its number in the file.
        row: u64,
        /// Its values.
        cells: &'a [Cell],
        /// Where it is.
        place: Place<'a>,
    },
    /// Something wrong that is not about a feature: a line of totals, a doubtful encoding.
    Flaw(Flaw),
}

/// Takes what a reader comes upon.
pub type Each<'f> = dyn FnMut(Item<'_>) -> Result<(), Fault> + 'f;

/// A file, opened.
pub trait Reader {
    /// Its columns, those that hold the coordinates apart.
    fn columns(&self) -> &[Column];

    /// How many rows it says to have.
    fn expected(&self) -> Option<u64>;

    /// The reference of its coordinates.
    fn crs(&mut self) -> &mut Crs;

    /// Hands over everything in it, in its own order.
    ///
    /// # Errors
    /// What `each` finds unbearable, and a file that breaks off.
    fn read(&mut self, each: &mut Each<'_>) -> Result<(), Fault>;
}

/// What is known of a file before it is opened.
#[derive(Clone)]
pub struct Wanted<'a> {
    /// The file.
    pub path: PathBuf,
    /// The one of its layers or sheets that is meant.
    pub part: Option<String>,
    /// The coordinate reference system that the user states.
    pub crs: Option<&'a str>,
    /// The encoding that the user states; None: find out.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// What the rows are, to know a header by its names.
    pub kind: &'a Kind,
    /// Column names that the user has stated.
    pub columns: Vec<&'a str>,
    /// The map's own clock.
    pub zone: &'a jiff::tz::TimeZone,
}

impl Wanted<'_> {
    /// The file's name, without its folder.
    pub fn name(&self) -> String {
        self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// A fault that names the file.
    pub fn fault(&self, code: &'static str) -> Fault {
        Fault::invalid(code).with("file", self.path.display())
    }
}

/// Splits `file.gpkg:layer`, unless there is a file of the whole name.
pub fn split(path: &Path) -> (PathBuf, Option<String>) {
    let text = path.to_string_lossy();
    if !path.exists()
        && let Some((file, part)) = text.rsplit_once(':')
        && Path::new(file).exists()
    {
        return (PathBuf::from(file), Some(part.to_owned()));
    }
    (path.to_owned(), None)
}

/// Opens a file with the reader of its format.
pub fn open(wanted: &Wanted<'_>) -> Result<Box<dyn Reader>, Fault> {
    if !wanted.path.exists() {
        return Err(wanted.fault("import-missing"));
    }
    let extension = wanted.path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" | "tsv" | "txt" => track::or_rows(wanted, delimited::open(wanted)?),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => track::or_rows(wanted, workbook::open(wanted)?),
        "gpx" if wanted.kind.id == "patrol" && wanted.part.is_none() => gpx::open(wanted),
        _ => vector::open(wanted),
    }
}
