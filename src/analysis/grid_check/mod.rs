//! Gaps and overlaps between responsibility grids, cells outside their village, and codes that do not fit.
//!
//! Each level is held against itself: a village's cell on the town's is no overlap. Borders that nearly meet are joined before
//! anything is cut, so what remains is ground; pieces too small or too narrow to be ground are counted and left out.

mod ground;
mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{Bound, in_force, said, terms};
use crate::fault::Fault;
use crate::geo::measure::Probe;
use crate::geo::shape::Shape;
use crate::kind::{self, Attribute, ValueType};
use crate::query::SortKey;
use crate::stop;
use crate::table::{Builder, Row, Table};
use crate::text::Title;
use crate::units::Day;
use ground::Piece;
use told::figures;

/// The level whose cells hold whole villages.
const TOWN: &str = "town";
/// Digits of a village's code, and of a town's.
const VILLAGE_DIGITS: usize = 12;
const TOWN_DIGITS: usize = 9;

const FLAWS: &[&str] = &["gap", "overlap", "outside", "no_village", "no_cell", "code", "duplicate"];

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "grid-check",
    version: "1",
    parameters: &[
        Parameter {
            name: "tolerance",
            domain: Domain::Number { default: 1.0, min: 0.0, max: 1_000_000.0, unit: "m2", typical: [0.0, 100.0, 1.0] },
        },
        Parameter {
            name: "snap",
            domain: Domain::Number { default: 0.05, min: 0.0, max: 10.0, unit: "m", typical: [0.0, 1.0, 0.05] },
        },
    ],
    inputs: &[
        Input { role: "cells", from: From::Kind("grid_cell"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: true },
    ],
    subject: |_| "cells",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Float, Text};
    let level = kind::kind("grid_cell").ok().and_then(|kind| kind.attribute("level").cloned());
    let levels = level.map(|level| level.domain).unwrap_or_default();
    vec![
        Attribute { domain: terms(FLAWS), ..Attribute::property("flaw", Code, "") },
        Attribute { domain: levels, ..Attribute::property("level", Code, "") },
        Attribute { title: Title::of("property-flaw_m2"), ..Attribute::property("area_m2", Float, "m2") },
        Attribute::property("width_m", Float, "m"),
        Attribute::property("cells", Text, ""),
        Attribute::property("cell_names", Text, ""),
        Attribute::property("village", Text, ""),
        Attribute { title: Title::of("property-lies_in_village"), ..Attribute::property("lies_in", Text, "") },
        Attribute { title: Title::of("property-code_prefix"), ..Attribute::property("expected", Text, "") },
    ]
}

/// A flaw, before it has an id.
struct Flaw {
    flaw: &'static str,
    level: String,
    piece: Piece,
    /// Rows of the cells concerned.
    cells: Vec<u32>,
    /// Row of the village, and of the village that the piece lies in instead.
    village: Option<u32>,
    lies_in: Option<u32>,
    expected: Option<String>,
}

impl Flaw {
    fn new(flaw: &'static str, level: &str, piece: Piece) -> Self {
        Self { flaw, level: level.to_owned(), piece, cells: Vec::new(), village: None, lies_in: None, expected: None }
    }
}

/// A cell that is in force.
struct Cell {
    row: u32,
    level: String,
    /// The row of the village that it belongs to.
    home: Option<u32>,
}

struct Check<'a> {
    cells: &'a Table,
    villages: &'a Table,
    /// In the order of their ids, as the list below.
    listed: Vec<Cell>,
    /// Rows of the villages in force, in the order of their ids.
    grounds: Vec<u32>,
    /// Places in the two lists by table row.
    cell_at: HashMap<u32, usize>,
    ground_at: HashMap<u32, usize>,
    snap_m: f64,
}

/// The digits of a code that tell a village; None where it has none. Codes come with 12, 14, 15 or 19.
fn village_prefix(code: &str) -> Option<&str> {
    let prefix = code.get(..VILLAGE_DIGITS)?;
    prefix.bytes().all(|b| b.is_ascii_digit()).then_some(prefix)
}

/// Villages by what is said of them; None: two go by it.
type Words<'a> = HashMap<&'a str, Option<u32>>;

fn words<'a>(villages: &'a Table, rows: &[u32], say: impl Fn(Row<'a>) -> Vec<&'a str>) -> Words<'a> {
    let mut words = Words::new();
    for &row in rows {
        for word in BTreeSet::from_iter(say(villages.row(row))) {
            words.entry(word).and_modify(|known| *known = None).or_insert(Some(row));
        }
    }
    words
}

/// The areas of a table that are in force, in the order of their ids; and their places in that order.
fn in_order(table: &Table, day: Day) -> (Vec<u32>, HashMap<u32, usize>) {
    let there = in_force(table, day);
    let areal = |row: u32| table.shape(row).kind.dimension() == Some(2);
    let mut rows: Vec<u32> = (0..table.len()).filter(|&row| there(row) && areal(row)).collect();
    rows.sort_by_key(|&row| table.row(row).id());
    let places = rows.iter().enumerate().map(|(at, &row)| (row, at)).collect();
    (rows, places)
}

impl<'a> Check<'a> {
    fn new(bound: &'a Bound) -> Result<Self, Fault> {
        let (cells, villages) = (bound.layer("cells")?.table(), bound.layer("villages")?.table());
        let (grounds, ground_at) = in_order(villages, bound.as_of);
        let (rows, cell_at) = in_order(cells, bound.as_of);
        let snap_m = bound.number("snap");
        let mut check = Self { cells, villages, listed: Vec::new(), grounds, cell_at, ground_at, snap_m };
        let codes = |row: Row<'a>| {
            let code = said(row, "code");
            [Some(row.id()), code, code.and_then(village_prefix)].into_iter().flatten().collect()
        };
        let by_code = words(villages, &check.grounds, codes);
        let by_name = words(villages, &check.grounds, |row| said(row, "name").into_iter().collect());
        let cell = |row: u32| {
            let level = said(cells.row(row), "level").unwrap_or_default().to_owned();
            let home = if level == TOWN { None } else { check.home(row, &by_code, &by_name) };
            Cell { row, level, home }
        };
        let listed = rows.into_par_iter().map(cell).collect();
        check.listed = listed;
        Ok(check)
    }

    /// The village of a cell: the one that it names, the one that its code begins with, else that which has most of it.
    fn home(&self, cell: u32, by_code: &Words<'_>, by_name: &Words<'_>) -> Option<u32> {
        let row = self.cells.row(cell);
        let known = |words: &Words<'_>, word: &str| words.get(word).copied().flatten();
        let code = |code: &str| known(by_code, code).or_else(|| known(by_code, village_prefix(code)?));
        let told = said(row, "village_code").and_then(code);
        let told = told.or_else(|| said(row, "village").and_then(|name| known(by_name, name).or_else(|| code(name))));
        let told =
            told.or_else(|| said(row, "code").and_then(village_prefix).and_then(|prefix| known(by_code, prefix)));
        told.or_else(|| {
            let shape = self.cells.shape(cell);
            let shared_m2 = |village: u32| -> f64 {
                let ground = self.villages.shape(village);
                ground::common(shape, ground, self.snap_m).iter().map(|piece| piece.area_m2).sum()
            };
            let shares = self.touched(shape).into_iter().map(|village| (shared_m2(village), village));
            // Of two that have as much, the first.
            let most = shares.filter(|(m2, _)| *m2 > 0.0).reduce(|a, b| if b.0 > a.0 { b } else { a });
            most.map(|(_, village)| village)
        })
    }

    /// The villages in force whose boxes touch a shape's, in the order of their ids.
    fn touched(&self, shape: Shape<'_>) -> Vec<u32> {
        let near = near(self.villages, &self.ground_at, shape, self.snap_m);
        near.into_iter().map(|at| self.grounds[at]).collect()
    }

    /// The cells of a level whose boxes touch a shape's, in the order of their ids.
    fn around(&self, shape: Shape<'_>, level: &str) -> Vec<&Cell> {
        let near = near(self.cells, &self.cell_at, shape, self.snap_m);
        near.into_iter().map(|at| &self.listed[at]).filter(|cell| cell.level == level).collect()
    }

    /// Ground of a village that no cell of a level covers, where the level has cells in it at all.
    fn gaps(&self) -> Vec<Flaw> {
        let homes: BTreeSet<(Option<u32>, &str)> =
            self.listed.iter().map(|cell| (cell.home, cell.level.as_str())).collect();
        let levels: BTreeSet<&str> = self.listed.iter().map(|cell| cell.level.as_str()).collect();
        let all = self.grounds.iter().flat_map(|&village| levels.iter().map(move |&level| (village, level)));
        let asked = all.filter(|(village, level)| *level == TOWN || homes.contains(&(Some(*village), *level)));
        let asked: Vec<(u32, &str)> = asked.collect();
        let stop = stop::current();
        let gaps = |(village, level): (u32, &str)| {
            if stop.is_raised() {
                return Vec::new();
            }
            let shape = self.villages.shape(village);
            let near = self.around(shape, level);
            let covers: Vec<Shape<'_>> = near.iter().map(|cell| self.cells.shape(cell.row)).collect();
            let mut flaws = Vec::new();
            for piece in ground::beyond(shape, &covers, self.snap_m) {
                let beside = near.iter().filter(|cell| self.beside(&piece, cell.row)).map(|cell| cell.row);
                let cells = beside.collect();
                flaws.push(Flaw { cells, village: Some(village), ..Flaw::new("gap", level, piece) });
            }
            flaws
        };
        asked.into_par_iter().flat_map_iter(gaps).collect()
    }

    /// Whether a cell's border is one with a piece's.
    fn beside(&self, piece: &Piece, cell: u32) -> bool {
        let probe = Probe::new(piece.shape(), self.snap_m.max(0.01));
        probe.is_some_and(|mut probe| probe.reaches(self.cells.shape(cell)))
    }

    /// Ground that two cells of one level both cover.
    fn overlaps(&self) -> Vec<Flaw> {
        let overlaps = |at: usize| {
            let cell = &self.listed[at];
            let shape = self.cells.shape(cell.row);
            let mut flaws = Vec::new();
            for other in self.around(shape, &cell.level).into_iter().filter(|other| self.cell_at[&other.row] > at) {
                for piece in ground::common(shape, self.cells.shape(other.row), self.snap_m) {
                    let village = cell.home.filter(|home| other.home == Some(*home));
                    let cells = vec![cell.row, other.row];
                    flaws.push(Flaw { cells, village, ..Flaw::new("overlap", &cell.level, piece) });
                }
            }
            flaws
        };
        (0..self.listed.len()).into_par_iter().flat_map_iter(overlaps).collect()
    }

    /// Cells of no village, and what of the others lies outside their own: in which other, or in none.
    fn outside(&self) -> Vec<Flaw> {
        let outside = |cell: &Cell| {
            let shape = self.cells.shape(cell.row);
            let villages = self.touched(shape);
            let grounds: Vec<Shape<'_>> = villages.iter().map(|&village| self.villages.shape(village)).collect();
            let new = |flaw: &'static str, piece: Piece| Flaw {
                cells: vec![cell.row],
                village: cell.home,
                ..Flaw::new(flaw, &cell.level, piece)
            };
            if cell.home.is_none() && cell.level != TOWN {
                return Piece::whole(shape).map(|piece| new("no_village", piece)).into_iter().collect();
            }
            // Most cells lie in their village, and there is no more to ask.
            let home = cell.home.map(|home| self.villages.shape(home));
            if home.is_some_and(|home| ground::beyond(shape, &[home], self.snap_m).is_empty()) {
                return Vec::new();
            }
            let nowhere = ground::beyond(shape, &grounds, self.snap_m);
            let mut flaws: Vec<Flaw> = nowhere.into_iter().map(|piece| new("outside", piece)).collect();
            // A town's cell lies in all of its villages.
            for village in villages.into_iter().filter(|village| cell.home.is_some_and(|home| home != *village)) {
                let pieces = ground::common(shape, self.villages.shape(village), self.snap_m);
                flaws.extend(pieces.into_iter().map(|piece| Flaw { lies_in: Some(village), ..new("outside", piece) }));
            }
            flaws
        };
        self.listed.par_iter().flat_map_iter(outside).collect()
    }

    /// Villages that no cell belongs to, on a map that has cells of villages.
    fn without_cells(&self) -> Vec<Flaw> {
        let homes: BTreeSet<u32> = self.listed.iter().filter_map(|cell| cell.home).collect();
        let kept = self.listed.iter().any(|cell| cell.level != TOWN);
        let bare = self.grounds.iter().filter(|village| kept && !homes.contains(village));
        let flaw = |&village: &u32| {
            let piece = Piece::whole(self.villages.shape(village))?;
            Some(Flaw { village: Some(village), ..Flaw::new("no_cell", "", piece) })
        };
        bare.filter_map(flaw).collect()
    }

    /// Codes that two cells have, and codes that do not begin with their village's, or their town's.
    fn codes(&self) -> Vec<Flaw> {
        let mut by_code: BTreeMap<&str, Vec<&Cell>> = BTreeMap::new();
        for cell in &self.listed {
            if let Some(code) = said(self.cells.row(cell.row), "code") {
                by_code.entry(code).or_default().push(cell);
            }
        }
        let village_code = |village: u32| said(self.villages.row(village), "code").and_then(village_prefix);
        let towns: BTreeSet<&str> =
            self.grounds.iter().filter_map(|&village| village_code(village)).map(|code| &code[..TOWN_DIGITS]).collect();
        let town = towns.first().copied().filter(|_| towns.len() == 1);
        let mut flaws = Vec::new();
        for (code, cells) in by_code {
            let level = cells.first().map_or("", |cell| cell.level.as_str());
            let rows: Vec<u32> = cells.iter().map(|cell| cell.row).collect();
            if rows.len() > 1
                && let Some(piece) = Piece::together(rows.iter().map(|&row| self.cells.shape(row)))
            {
                flaws.push(Flaw { cells: rows, ..Flaw::new("duplicate", level, piece) });
            }
            for cell in cells {
                let expected = if cell.level == TOWN { town } else { cell.home.and_then(village_code) };
                let wrong = expected.filter(|prefix| !code.starts_with(prefix));
                if let Some((prefix, piece)) = wrong.zip(Piece::whole(self.cells.shape(cell.row))) {
                    let (cells, expected) = (vec![cell.row], Some(prefix.to_owned()));
                    flaws.push(Flaw { cells, village: cell.home, expected, ..Flaw::new("code", &cell.level, piece) });
                }
            }
        }
        flaws
    }
}

/// Places in a list of the rows whose boxes touch a shape's, in order.
fn near(table: &Table, places: &HashMap<u32, usize>, shape: Shape<'_>, snap_m: f64) -> BTreeSet<usize> {
    let mut near = BTreeSet::new();
    if let Some(bbox) = shape.extent() {
        table.index().search(&bbox.padded(snap_m + 1.0), |row| near.extend(places.get(&row).copied()));
    }
    near
}

/// What is cut out, rather than taken whole: it may be a sliver.
fn is_cut(flaw: &Flaw) -> bool {
    matches!(flaw.flaw, "gap" | "overlap" | "outside")
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let check = Check::new(bound)?;
    let tolerance_m2 = bound.number("tolerance");
    let mut flaws = check.gaps();
    flaws.extend(check.overlaps());
    flaws.extend(check.outside());
    let before = flaws.len();
    let sliver = |flaw: &Flaw| is_cut(flaw) && (flaw.piece.area_m2 < tolerance_m2 || flaw.piece.width_m < check.snap_m);
    let slivers_m2: f64 = flaws.iter().filter(|flaw| sliver(flaw)).map(|flaw| flaw.piece.area_m2).sum();
    flaws.retain(|flaw| !sliver(flaw));
    let slivers = before - flaws.len();
    flaws.extend(check.without_cells());
    flaws.extend(check.codes());
    let mut named: Vec<(String, &Flaw)> = flaws.iter().map(|flaw| (check.id(flaw), flaw)).collect();
    named.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.piece.area_m2.total_cmp(&a.1.piece.area_m2)));
    let mut builder = Builder::new(properties());
    let mut last: (String, usize) = Default::default();
    for (id, flaw) in named {
        // Two pieces within a metre of each other.
        last = if last.0 == id { (id, last.1 + 1) } else { (id, 1) };
        let id = if last.1 == 1 { last.0.clone() } else { format!("{}:{}", last.0, last.1) };
        builder.geometries.push_shape(flaw.piece.shape());
        check.push(&mut builder, &id, flaw);
    }
    let figures = figures(&check, &flaws, slivers, slivers_m2);
    Ok(Outcome { table: builder.finish(vec![SortKey::down("area_m2")]), figures })
}
