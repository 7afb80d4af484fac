//! The columns of a work log: those that every log has, coordinates, and one for each field of an event.

use crate::event;
use crate::import::log::subjects::Subjects;
use crate::import::place;
use crate::import::sheet::{DEEPEST_HEADER, Grid};

/// A column that every log has, or may have; by the names that people give it, the usual one first.
const NUMBER: [&str; 4] = ["编号", "记录编号", "流水号", "number"];
const ON: [&str; 5] = ["日期", "发生日期", "办理日期", "on", "date"];
const LAYER: [&str; 3] = ["图层", "对象类别", "layer"];
const OBJECT: [&str; 4] = ["对象", "对象编号", "对象名称", "feature"];
const EVENT: [&str; 4] = ["事项", "工作事项", "工作内容", "event"];
const QUANTITY: [&str; 3] = ["数量", "工程量", "quantity"];
const UNIT: [&str; 3] = ["单位", "计量单位", "unit"];
const BY: [&str; 4] = ["责任人", "经办人", "完成人", "by"];
const NOTE: [&str; 4] = ["说明", "备注", "情况说明", "note"];

/// Where the columns of a log stand.
pub struct Columns {
    /// The line of the header.
    pub at: usize,
    /// All names.
    pub names: Vec<String>,
    pub number: usize,
    pub on: usize,
    pub layer: usize,
    pub object: usize,
    pub event: usize,
    pub quantity: Option<usize>,
    pub unit: Option<usize>,
    pub by: Option<usize>,
    pub note: Option<usize>,
    /// The coordinates.
    pub place: Option<place::Columns>,
    /// All the others that have a name.
    pub fields: Vec<usize>,
}

impl Columns {
    /// Finds them in the line among the first that has most of them; or says which of those that must be there are not.
    pub fn find(grid: &Grid) -> Result<Self, Vec<&'static str>> {
        let mut least = vec![NUMBER[0], ON[0], LAYER[0], OBJECT[0], EVENT[0]];
        for at in 0..grid.lines.len().min(DEEPEST_HEADER) {
            match Self::of(at, grid.names(at)) {
                Ok(columns) => return Ok(columns),
                Err(missing) if missing.len() < least.len() => least = missing,
                Err(_) => {}
            }
        }
        Err(least)
    }

    fn of(at: usize, names: Vec<String>) -> Result<Self, Vec<&'static str>> {
        let find = |spellings: &[&str]| {
            spellings.iter().find_map(|own| names.iter().position(|name| name.eq_ignore_ascii_case(own)))
        };
        let must = [&NUMBER[..], &ON, &LAYER, &OBJECT, &EVENT].map(|spellings| (spellings[0], find(spellings)));
        let missing: Vec<&str> = must.iter().filter(|(_, column)| column.is_none()).map(|(name, _)| *name).collect();
        let [Some(number), Some(on), Some(layer), Some(object), Some(event)] = must.map(|(_, column)| column) else {
            return Err(missing);
        };
        let (quantity, unit, by, note) = (find(&QUANTITY), find(&UNIT), find(&BY), find(&NOTE));
        let place = place::Columns::find(&names);
        let own = [Some(number), Some(on), Some(layer), Some(object), Some(event), quantity, unit, by, note];
        let fields = (0..names.len())
            .filter(|column| !own.contains(&Some(*column)) && !names[*column].is_empty())
            .filter(|column| place.is_none_or(|place| !place.has(*column)))
            .collect();
        Ok(Self { at, names, number, on, layer, object, event, quantity, unit, by, note, place, fields })
    }

    /// What the column of the rows' own numbers is called.
    pub fn number_name(&self) -> &str {
        &self.names[self.number]
    }

    /// The columns that no event, and no attribute, of a layer that the log speaks of answers to.
    pub fn foreign(&self, subjects: &Subjects<'_>) -> Vec<String> {
        let means = |column: &&usize| {
            let name = &self.names[**column];
            subjects.spoken_of().any(|kind| {
                kind.attributes.iter().any(|attribute| attribute.answers_to(name))
                    || event::of(kind).any(|event| event.fields(kind).any(|field| field.answers_to(name)))
            })
        };
        self.fields.iter().filter(|column| !means(column)).map(|column| self.names[*column].clone()).collect()
    }
}
