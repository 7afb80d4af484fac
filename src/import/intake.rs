//! Rows on their way into a table: placed, let through the gate, named, and their values read.

use crate::fault::Fault;
use crate::geo::gate::{self, Verdict};
use crate::geo::shape::{Geometries, Shape};
use crate::import::crs::Crs;
use crate::import::fields::Mapping;
use crate::import::flaw::{Flaw, Outcome};
use crate::import::ids::Ids;
use crate::import::source::{Cell, Column, Item, Place};
use crate::import::value;
use crate::kind::{Attribute, Dimension, Kind};
use crate::table::{Builder, Table};
use crate::units::Day;

/// What the rows of all files of an import become.
pub struct Intake<'k> {
    kind: &'k Kind,
    attributes: Vec<Attribute>,
    builder: Builder,
    ids: Ids,
    flaws: Vec<Flaw>,
    /// Rows seen.
    pub rows: u64,
    len: u32,
    values: Vec<Cell>,
    /// The attribute that says from which day a row holds, and today.
    day: Option<(usize, Day)>,
}

/// How the rows of one file fared, to see a file whose reference cannot be right.
#[derive(Clone, Debug, Default)]
pub struct Fared {
    /// Rows with coordinates.
    pub placed: u64,
    /// Rows of which those cannot be degrees.
    pub beyond_degrees: u64,
    /// Rows that the gate refused.
    pub refused: u64,
    /// The first coordinates, as the file has them.
    pub first: Option<[f64; 2]>,
    /// A place of the first row let in.
    pub first_place: Option<[f64; 2]>,
}

/// A file while it is read.
pub struct Opened<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its columns.
    pub columns: &'a [Column],
    /// What becomes of them.
    pub mapping: &'a Mapping,
    /// The reference of its coordinates.
    pub crs: &'a mut Crs,
    /// How it fared.
    pub fared: Fared,
}

impl<'k> Intake<'k> {
    /// Nothing yet. `salt`: the map's own, for ids that would be personal.
    pub fn new(kind: &'k Kind, attributes: Vec<Attribute>, salt: [u8; 32]) -> Self {
        Self {
            kind,
            builder: Builder::new(attributes.clone()),
            attributes,
            ids: Ids::new(salt),
            flaws: Vec::new(),
            rows: 0,
            len: 0,
            values: Vec::new(),
            day: None,
        }
    }

    /// Rows have days of their own: an attribute says from which day each holds, and none from a day to come.
    #[must_use]
    pub fn dated(mut self, attribute: usize, today: Day) -> Self {
        self.day = Some((attribute, today));
        self
    }

    /// The table and all that was wrong.
    pub fn finish(self) -> (Table, Vec<Flaw>) {
        (self.builder.finish(Vec::new()), self.flaws)
    }

    /// How many rows were let in.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Takes what a reader comes upon.
    pub fn take(&mut self, file: &mut Opened<'_>, item: Item<'_>) -> Result<(), Fault> {
        match item {
            Item::Flaw(flaw) => self.flaws.push(Flaw { file: file.name.to_owned(), ..flaw }),
            Item::Row { row, cells, place } => {
                self.rows += 1;
                if let Err(flaw) = self.row(file, row, cells, place) {
                    file.fared.refused += 1;
                    let columns = file.columns.iter().zip(cells);
                    let own = columns.map(|(column, cell)| (column.name.clone(), cell.words())).collect();
                    self.flaws.push(Flaw { file: file.name.to_owned(), own, ..*flaw });
                }
            }
        }
        Ok(())
    }

    fn row(&mut self, file: &mut Opened<'_>, row: u64, cells: &[Cell], place: Place<'_>) -> Result<(), Box<Flaw>> {
        let refused = |code| Flaw::new(code, row, Outcome::Refused);
        let raw = match place {
            Place::Shape(shape) => shape,
            Place::Unknown(code) => return Err(Box::new(refused(code))),
        };
        if let Some(&first) = raw.coords().first() {
            file.fared.placed += 1;
            file.fared.first.get_or_insert(first);
            file.fared.beyond_degrees += u64::from(first[0].abs() > 180.0 || first[1].abs() > 90.0);
        }
        let mut brought = Geometries::default();
        let shape = if file.crs.is_lnglat() {
            raw
        } else {
            file.crs.bring(raw, &mut brought);
            brought.shape(0)
        };
        let lnglat = shape.coords().first().copied().filter(|c| c[0].abs() <= 180.0 && c[1].abs() <= 90.0);
        let written =
            |shape: Shape<'_>| shape.coords().first().map_or_else(String::new, |c| format!("{} {}", c[0], c[1]));
        if !self.fits(shape) {
            return Err(Box::new(refused("flaw-wrong-geometry").about("", word(shape)).at(lnglat)));
        }
        self.has_its_day(file, row, cells, lnglat)?;
        let initial = self.kind.id.chars().next().unwrap_or('x');
        let id = match file.mapping.key {
            Some(key) => self.ids.by_key(initial, &cells[key], file.mapping.personal_key),
            None => {
                let name = file.mapping.name.map_or(&Cell::Null, |at| &cells[at]);
                let named = self.kind.attribute(&self.kind.name).is_some_and(|attribute| attribute.personal);
                self.ids.by_content((initial, named || self.kind.personal_place), shape, name, cells)
            }
        };
        let id = id.map_err(|nameless| {
            let (field, value) =
                file.mapping.key.map(|k| (file.columns[k].name.clone(), cells[k].words())).unwrap_or_default();
            Box::new(refused(nameless.code()).about(field, value).at(lnglat))
        })?;
        match gate::admit(shape, &mut self.builder.geometries) {
            Verdict::Accepted => {}
            Verdict::Repaired(finding) => {
                let flaw = Flaw::new(finding.code(), row, Outcome::Repaired).about("", &id).at(lnglat);
                self.flaws.push(Flaw { file: file.name.to_owned(), ..flaw });
            }
            Verdict::Refused(finding) => {
                return Err(Box::new(refused(finding.code()).about("", written(raw)).at(lnglat)));
            }
        }
        file.fared.first_place = file.fared.first_place.or(lnglat);
        self.values(file, row, cells, lnglat);
        self.builder.push(&id, self.values.iter().map(Cell::value));
        self.len += 1;
        Ok(())
    }

    /// A row that is to have a day of its own has one, and it has come.
    fn has_its_day(
        &self,
        file: &Opened<'_>,
        row: u64,
        cells: &[Cell],
        lnglat: Option<[f64; 2]>,
    ) -> Result<(), Box<Flaw>> {
        let Some((attribute, today)) = self.day else { return Ok(()) };
        let column = file.mapping.columns.get(attribute).copied().flatten();
        let cell = column.map_or(&Cell::Null, |column| &cells[column]);
        let code = match value::parse(cell, &self.attributes[attribute]) {
            Ok(Cell::Day(day)) if day <= today => return Ok(()),
            Ok(Cell::Day(_)) => "flaw-future-day",
            Ok(_) => "flaw-missing-value",
            Err(code) => code,
        };
        let name = column.map(|column| file.columns[column].name.clone()).unwrap_or_default();
        Err(Box::new(Flaw::new(code, row, Outcome::Refused).about(name, cell.words()).at(lnglat)))
    }

    /// Whether a shape may stand in a layer of this kind.
    fn fits(&self, shape: Shape<'_>) -> bool {
        let dimension = match shape.kind.dimension() {
            None => return true, // The gate says it better.
            Some(0) => Dimension::Point,
            Some(1) => Dimension::Line,
            Some(_) => Dimension::Polygon,
        };
        self.kind.geometry.contains(&dimension)
    }

    /// Reads the values of a row. One that cannot be read is a flaw, and null.
    fn values(&mut self, file: &Opened<'_>, row: u64, cells: &[Cell], lnglat: Option<[f64; 2]>) {
        self.values.clear();
        for (at, attribute) in self.attributes.iter().enumerate() {
            let Some(column) = file.mapping.columns.get(at).copied().flatten() else {
                self.values.push(Cell::Null);
                continue;
            };
            let read = value::parse(&cells[column], attribute).and_then(|value| match value {
                Cell::Null if attribute.required => Err("flaw-missing-value"),
                value => Ok(value),
            });
            self.values.push(read.unwrap_or_else(|code| {
                let flaw = Flaw::new(code, row, Outcome::Kept)
                    .about(&file.columns[column].name, cells[column].words())
                    .at(lnglat);
                self.flaws.push(Flaw { file: file.name.to_owned(), ..flaw });
                Cell::Null
            }));
        }
    }
}

fn word(shape: Shape<'_>) -> &'static str {
    match shape.kind.dimension() {
        Some(0) => "point",
        Some(1) => "line",
        Some(_) => "polygon",
        None => "",
    }
}
