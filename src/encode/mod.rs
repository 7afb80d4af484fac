//! The ways out: one file a format, each defined once. An encoder knows a collection, a query and a table, and no door.

mod csv;
mod gdal;
pub mod geojson;
mod geojsonseq;
mod shapefile;
mod text;

use std::io::Write;

use serde_json::{Map, Value};

use crate::collection::{About, Collection};
use crate::fault::Fault;
use crate::geo::reference::Reference;
use crate::query::Query;
use crate::stop;
use crate::table::Answer;

/// A format in which features leave.
pub struct Format {
    /// Its word for `f` and `-f`.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// The ending of its files.
    pub extension: &'static str,
    /// Whether it is a file to keep: without a limit it holds everything, and a browser is told to save it.
    pub file: bool,
    /// Whether packing it again gains nothing.
    pub packed: bool,
    /// How often each row is written on the way: once, or into a package and then into a copy of that.
    pub passes: usize,
    encode: fn(&Sheet<'_>, &mut dyn Write) -> Result<(), Fault>,
}

/// Who is told of rows as they are written, and may call the writing off.
pub trait Watch: Sync {
    /// So many rows more have been written, once.
    ///
    /// # Errors
    /// That the rest need not be written; it ends the encoder.
    fn wrote(&self, rows: usize) -> Result<(), Fault>;
}

/// Nobody watches but whoever asked, who may have left.
pub struct Unwatched;

impl Watch for Unwatched {
    fn wrote(&self, _: usize) -> Result<(), Fault> {
        stop::check()
    }
}

/// What an encoder is given: a collection's features as a query chose them.
pub struct Sheet<'a> {
    /// The collection.
    pub about: &'a About,
    /// The features, in their order.
    pub answer: &'a Answer,
    /// The reference in which the coordinates leave.
    pub crs: Reference,
    /// What a document says of itself beside its features (links, a time stamp), where the format has room for it.
    pub members: &'a Map<String, Value>,
    /// Who is told of each row.
    pub watch: &'a dyn Watch,
}

/// Every format, the usual one first.
pub static ALL: &[&Format] = &[
    &geojson::FORMAT,
    &geojsonseq::FORMAT,
    &csv::FORMAT,
    &gdal::FLATGEOBUF,
    &gdal::GEOPACKAGE,
    &shapefile::FORMAT,
    &gdal::XLSX,
    &gdal::KML,
];

/// The names of all formats, for whoever asked for another.
pub fn names() -> String {
    ALL.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}

/// The format of that name.
///
/// # Errors
/// `format-unknown`, naming those that there are.
pub fn find(name: &str) -> Result<&'static Format, Fault> {
    ALL.iter().copied().find(|format| format.name == name).ok_or_else(|| {
        Fault::invalid("format-unknown").with("parameter", "f").with("value", name).with("known", names())
    })
}

impl Format {
    /// Asks a collection and writes the answer.
    ///
    /// # Errors
    /// What the query may not ask, and what `out` could not take.
    pub fn write(
        &self,
        collection: &dyn Collection,
        query: &Query,
        crs: Reference,
        out: &mut dyn Write,
    ) -> Result<(), Fault> {
        let answer = collection.features(query)?;
        self.encode(
            &Sheet { about: collection.about(), answer: &answer, crs, members: &Map::new(), watch: &Unwatched },
            out,
        )
    }

    /// Writes what was asked already.
    ///
    /// # Errors
    /// What `out` could not take.
    pub fn encode(&self, sheet: &Sheet<'_>, out: &mut dyn Write) -> Result<(), Fault> {
        (self.encode)(sheet, out)?;
        out.flush()?;
        Ok(())
    }
}

/// What tables call the axes of a reference: east, then north.
fn axes(crs: Reference) -> [&'static str; 2] {
    if crs.is_degrees() { ["lon", "lat"] } else { ["x", "y"] }
}

/// Column names for formats that have one flat row a feature: `id`, the attributes, then `more`; each made unlike the others,
/// whatever the case of its letters.
fn headings(sheet: &Sheet<'_>, more: &[&str]) -> Vec<String> {
    let attributes = sheet.answer.table().attributes();
    let own = sheet.answer.columns.iter().map(|&at| attributes[at].name.as_str());
    let mut names: Vec<String> = Vec::new();
    for name in std::iter::once("id").chain(own).chain(more.iter().copied()) {
        let mut unlike = name.to_owned();
        while names.iter().any(|known| known.eq_ignore_ascii_case(&unlike)) {
            unlike.push('_');
        }
        names.push(unlike);
    }
    names
}
