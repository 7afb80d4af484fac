//! One row of a log: its day, its object, its event, how much, and the fields that the event asks for.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::event::{self, EventKind, Quantity};
use crate::fault::Fault;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::import::crs::Crs;
use crate::import::flaw::{Flaw, Outcome};
use crate::import::log::columns::Columns;
use crate::import::log::subjects::Subjects;
use crate::import::log::{CREATED, LogRow};
use crate::import::sheet;
use crate::import::source::Cell;
use crate::import::value;
use crate::kind::{Attribute, Kind, ValueType};
use crate::units::Day;

/// What a log calls the event that makes a feature: 新增, and of an issue 发现.
const MAKING: [&str; 5] = [CREATED, "新增", "新建", "发现", "found"];

/// Reads the rows of a log.
pub struct Rows<'a, 's> {
    pub columns: &'a Columns,
    pub crs: Option<&'a mut Crs>,
    pub subjects: Subjects<'s>,
    /// The series that the numbers belong to.
    pub series: Option<&'a str>,
    pub today: Day,
}

/// What else a log may say of a feature of any kind: that it is gone, or there again.
const PRESENCE: [&str; 2] = ["withdrawn", "restored"];

/// The event that a log calls so.
fn find(kind: &Kind, said: &str) -> Result<&'static EventKind, Fault> {
    let presence = event::all().iter().filter(|event| PRESENCE.contains(&event.id.as_str()));
    let mut named = presence.filter(|event| event.id == said || event.title.zh == said || event.title.en == said);
    named.next().map_or_else(|| event::find(kind, said), Ok)
}

type Read<T> = Result<T, Box<Flaw>>;

/// One line while it is read.
struct Line<'a> {
    columns: &'a Columns,
    cells: &'a [Cell],
    number: u64,
}

impl Line<'_> {
    fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Null)
    }

    fn words(&self, column: Option<usize>) -> String {
        column.map(|column| self.cell(column).words()).unwrap_or_default()
    }

    fn flaw(&self, code: &'static str, column: usize) -> Box<Flaw> {
        let flaw = Flaw::new(code, self.number, Outcome::Refused);
        Box::new(flaw.about(&self.columns.names[column], self.cell(column).words()))
    }

    fn refused(&self, fault: Fault, column: usize) -> Box<Flaw> {
        let fault = fault.or_with("field", &self.columns.names[column]).or_with("value", self.cell(column).words());
        Box::new(Flaw::refused(fault, self.number))
    }

    /// The text of a cell that must have one.
    fn must(&self, column: usize) -> Read<String> {
        match self.cell(column) {
            Cell::Null => Err(self.flaw("flaw-missing-value", column)),
            Cell::Undecodable(_) => Err(self.flaw("flaw-undecodable", column)),
            cell => Ok(cell.words()),
        }
    }

    fn typed(&self, column: usize, attribute: &Attribute) -> Read<Option<Value>> {
        match value::parse(self.cell(column), attribute) {
            Ok(Cell::Null) => Ok(None),
            Ok(cell) => Ok(Some(cell.value().to_json())),
            Err(code) => Err(self.flaw(code, column)),
        }
    }
}

impl Rows<'_, '_> {
    /// Takes notice of a feature that a row makes, before the rows about it are read.
    pub fn announce(&mut self, cells: &[Cell]) {
        let words = |column: usize| cells.get(column).map(Cell::words).unwrap_or_default();
        if MAKING.contains(&words(self.columns.event).as_str())
            && let Ok((layer, _)) = self.subjects.layer(&words(self.columns.layer))
        {
            self.subjects.made(&layer, &words(self.columns.object));
        }
    }

    /// Reads a row; or says what is wrong with it.
    pub fn read(&mut self, number: u64, cells: &[Cell]) -> Read<LogRow> {
        let columns = self.columns;
        let line = Line { columns, cells, number };
        let own_number = line.must(columns.number)?;
        let own_number = self.series.map_or(own_number.clone(), |series| format!("{series}/{own_number}"));
        line.must(columns.on)?;
        let date = Attribute::property("on", ValueType::Date, "");
        let on = line.typed(columns.on, &date)?.and_then(|day| Day::parse(day.as_str()?));
        let on = on.ok_or_else(|| line.flaw("flaw-not-a-day", columns.on))?;
        if on > self.today {
            return Err(line.flaw("flaw-future-day", columns.on));
        }
        let (layer, kind) =
            self.subjects.layer(&line.must(columns.layer)?).map_err(|fault| line.refused(fault, columns.layer))?;
        let object = line.must(columns.object)?;
        let said = line.must(columns.event)?;
        let making = MAKING.contains(&said.as_str()) && event::find(&kind, &said).is_err();
        let place = self.place(&line)?;
        let note = line.words(columns.note);
        if making {
            if place.is_none() {
                return Err(line.refused(Fault::invalid("log-place-missing"), columns.object));
            }
            let fields = Self::attributes(&line, &kind, &object, &note)?;
            let (by, row) = (line.words(columns.by), number);
            let (feature, event, quantity) = (object, CREATED, None);
            return Ok(LogRow {
                number: own_number,
                on,
                layer,
                kind,
                feature,
                event,
                quantity,
                by,
                note,
                fields,
                place,
                row,
            });
        }
        let event = find(&kind, &said).map_err(|fault| line.refused(fault, columns.event))?;
        let feature =
            self.subjects.feature(&layer, &object, on).map_err(|fault| line.refused(fault, columns.object))?;
        let fields = Self::fields(&line, event.fields(&kind), &event.title.zh)?;
        Ok(LogRow {
            number: own_number,
            on,
            layer,
            feature,
            event: event.id.as_str(),
            quantity: Self::quantity(&line, &event.units, &event.title.zh)?,
            by: line.words(columns.by),
            note,
            fields,
            place,
            row: number,
            kind,
        })
    }

    /// The values of the field columns, each of a field that the event has.
    fn fields<'k>(
        line: &Line<'_>,
        known: impl Iterator<Item = &'k Attribute>,
        event: &str,
    ) -> Read<Map<String, Value>> {
        let known: Vec<&Attribute> = known.collect();
        let mut fields = Map::new();
        for &column in &line.columns.fields {
            let name = &line.columns.names[column];
            match known.iter().find(|field| field.answers_to(name)) {
                Some(field) => {
                    if let Some(value) = line.typed(column, field)? {
                        fields.insert(field.name.clone(), value);
                    }
                }
                // A column of another event's has nothing to say in this row.
                None if *line.cell(column) == Cell::Null || !Self::is_field(name) => {}
                None => {
                    let titles: Vec<&str> = known.iter().map(|field| field.title.zh.as_str()).collect();
                    let fault =
                        Fault::invalid("log-field-unknown").with("event", event).with("known", titles.join("、"));
                    return Err(line.refused(fault, column));
                }
            }
        }
        Ok(fields)
    }

    /// Whether any event asks for a field of that name; a column that none does is the township's own.
    fn is_field(name: &str) -> bool {
        crate::kind::all()
            .iter()
            .any(|kind| event::of(kind).any(|event| event.fields(kind).any(|field| field.answers_to(name))))
    }

    /// The attributes of a feature that a row makes.
    fn attributes(line: &Line<'_>, kind: &Arc<Kind>, id: &str, note: &str) -> Read<Map<String, Value>> {
        let mut fields = Map::new();
        for &column in &line.columns.fields {
            if let Some(attribute) = kind.attributes.iter().find(|a| a.answers_to(&line.columns.names[column]))
                && let Some(value) = line.typed(column, attribute)?
            {
                fields.insert(attribute.name.clone(), value);
            }
        }
        let mut also = |name: &str, value: Value| {
            if kind.attribute(name).is_some() && !fields.contains_key(name) {
                fields.insert(name.to_owned(), value);
            }
        };
        also(&kind.name, id.into());
        if !note.is_empty() {
            also("note", note.into());
        }
        Ok(fields)
    }

    /// How much: `3` `方`, `550余` `吨`, `约30公里`; the unit in its own column or behind the number.
    fn quantity(line: &Line<'_>, units: &[String], event: &str) -> Read<Option<Quantity>> {
        let Some(column) = line.columns.quantity.filter(|column| *line.cell(*column) != Cell::Null) else {
            return Ok(None);
        };
        let text = value::narrow(&line.words(Some(column)));
        let unit = line.words(line.columns.unit);
        let only = match (unit.as_str(), units) {
            ("", [only]) => Some(Cow::from(only)),
            ("", _) => None,
            (unit, _) => Some(Cow::from(unit)),
        };
        let quantity = Quantity::parse(&text, only.as_deref()).map_err(|fault| line.refused(fault, column))?;
        let contradicts = !unit.is_empty() && event::unit(&unit).is_none_or(|named| named.id != quantity.unit.id);
        if contradicts || !units.contains(&quantity.unit.id) {
            let titles = units.iter().filter_map(|unit| event::unit(unit)).map(|unit| unit.title.zh.as_str());
            let titles: Vec<&str> = titles.collect();
            let fault = Fault::invalid("log-unit").with("event", event).with("value", quantity.to_string());
            return Err(line.refused(fault.with("known", titles.join("、")), column));
        }
        Ok(Some(quantity))
    }

    /// Where it was, in longitude and latitude.
    fn place(&mut self, line: &Line<'_>) -> Read<Option<[f64; 2]>> {
        let Some(place) = line.columns.place else { return Ok(None) };
        let raw = match sheet::locate(line.cells, place) {
            Ok(raw) => raw,
            Err("flaw-no-coordinates") => return Ok(None),
            Err(code) => return Err(Box::new(Flaw::new(code, line.number, Outcome::Refused))),
        };
        let Some(crs) = self.crs.as_deref_mut() else { return Ok(None) };
        let (mut one, mut brought) = (Geometries::default(), Geometries::default());
        one.part(true);
        one.coord(raw);
        one.end_row(ShapeKind::Point);
        crs.bring(one.shape(0), &mut brought);
        match brought.shape(0).coords() {
            &[[lng, lat]] if lng.abs() <= 180.0 && lat.abs() <= 90.0 => Ok(Some([lng, lat])),
            _ => {
                let flaw = Flaw::new("flaw-out-of-range", line.number, Outcome::Refused);
                Err(Box::new(flaw.about("", format!("{} {}", raw[0], raw[1]))))
            }
        }
    }
}
