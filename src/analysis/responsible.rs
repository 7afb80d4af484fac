//! Who answers for a place: the grid cells around it, level by level, and its village, each with its person. Without a place:
//! the features of a layer for which nobody answers.
//!
//! A border belongs to both sides: whoever lies within a centimetre of a place answers for it. Where no cell of a level does,
//! the nearest within the reach is named, with its distance.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::shared;
use crate::analysis::{Bound, RowTest, columns, in_force, said, standing, terms, word};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::measure::Probe;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::kind::{self, Attribute, Term, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Row, Table, Value};
use crate::text::Title;

/// A place lies in what is no farther from it: coordinates of seven decimals are a centimetre.
const ON_M: f64 = 0.01;

/// The level of the town.
const TOWN: &str = "town";
/// The level that villages have beside those of cells.
const VILLAGE: &str = "administrative";

/// Who answers for a cell, and for a village: the first of these that is told.
const OF_CELL: &[&str] = &["worker", "leader", "instructor"];
/// On a level of whole villages and the town it is whoever leads.
const OF_LED: &[&str] = &["leader", "worker", "instructor"];
const OF_VILLAGE: &[&str] = &["secretary", "leader"];

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "responsible",
    version: "2",
    parameters: &[
        Parameter { name: "at", domain: Domain::Point },
        Parameter {
            name: "reach",
            domain: Domain::Number {
                default: 500.0,
                min: 0.0,
                max: 50_000.0,
                unit: "m",
                typical: [0.0, 5000.0, 100.0],
            },
        },
        Parameter {
            name: "of",
            domain: Domain::Layer {
                kinds: &["waterbody", "issue", "farm", "toilet", "waste_point", "road", "household", "frontage"],
            },
        },
    ],
    inputs: &[
        Input { role: "cells", from: From::Kind("grid_cell"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: false },
        Input { role: "of", from: From::Parameter("of"), required: false },
    ],
    subject: |bound| if is_placed(bound) { "cells" } else { "of" },
    properties,
    dated: true,
    influence: Influence::Parameter("reach"),
    only: &[],
    run,
};

/// Whether a place is asked about, or the map keeps nothing that could be without somebody.
fn is_placed(bound: &Bound) -> bool {
    bound.point("at").is_some() || bound.layers("of").is_empty()
}

/// The levels, from the smallest ground to the largest: those of cells, and among them the village itself.
fn levels() -> Vec<Term> {
    let level = kind::kind("grid_cell").ok().and_then(|kind| kind.attribute("level").cloned());
    let mut all = level.map(|level| level.domain).unwrap_or_default();
    all.reverse();
    let town = all.iter().position(|term| term.value == TOWN).unwrap_or(all.len());
    all.splice(town..town, terms(&[VILLAGE]));
    all
}

/// An attribute under another name, as personal as its kind says.
fn person(name: &str, of: &[(&str, &str)]) -> Attribute {
    let personal = of.iter().any(|(kind, attribute)| {
        kind::kind(kind).ok().and_then(|kind| kind.attribute(attribute).map(|a| a.personal)).unwrap_or_default()
    });
    Attribute { personal, ..Attribute::property(name, ValueType::Text, "") }
}

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Int};
    let people = [
        ("grid_cell", "worker"),
        ("grid_cell", "leader"),
        ("grid_cell", "instructor"),
        ("village", "secretary"),
        ("village", "leader"),
    ];
    vec![
        Attribute { domain: levels(), ..Attribute::property("level", Code, "") },
        Attribute::property("order", Int, ""),
        Attribute {
            domain: terms(&["worker", "leader", "instructor", "secretary"]),
            title: Title::of("property-duty"),
            ..Attribute::property("role", Code, "")
        },
        person("person", &people),
        person("others", &people),
        person("phone", &[("grid_cell", "phone"), ("village", "phone")]),
        Attribute { title: Title::of("property-cell_m"), ..Attribute::property("distance_m", Float, "m") },
        Attribute::property("shared", Bool, ""),
        Attribute { domain: terms(&["no_cell", "nobody"]), ..Attribute::property("orphan", Code, "") },
        Attribute { title: Title::of("property-nearest_cell"), ..Attribute::property("nearest", ValueType::Text, "") },
    ]
}

/// How many of the properties tell of a place, in front; the others tell of orphans, with the distance between.
const OF_PLACE: usize = 8;
const OF_ORPHAN: [&str; 3] = ["orphan", "distance_m", "nearest"];

/// The areas of a table that are in force.
struct Areas<'a> {
    table: &'a Table,
    there: RowTest<'a>,
}

impl<'a> Areas<'a> {
    fn new(table: &'a Table, bound: &Bound) -> Self {
        Self { table, there: in_force(table, bound.as_of) }
    }

    /// Those within a reach of a shape, by distance and then by id.
    fn near(&self, shape: Shape<'_>, reach_m: f64) -> Vec<(f64, Row<'a>)> {
        let Some(mut probe) = Probe::new(shape, reach_m.max(ON_M)) else { return Vec::new() };
        let mut rows = Vec::new();
        self.table.index().search(&probe.search, |row| rows.push(row));
        let mut found: Vec<(f64, Row<'a>)> = rows
            .into_iter()
            .filter(|&row| (self.there)(row) && self.table.shape(row).kind.dimension() == Some(2))
            .filter_map(|row| Some((probe.within(self.table.shape(row))?, self.table.row(row))))
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id().cmp(b.1.id())));
        found
    }
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    match bound.point("at") {
        Some(place) => answer(bound, place),
        None if is_placed(bound) => Err(Fault::unprocessable("responsible-of-nothing")),
        None => orphans(bound),
    }
}

/// Those of the nearest that the place lies in; where it lies in none, the nearest alone.
fn holders<'a>(found: Vec<(f64, Row<'a>)>) -> Vec<(f64, Row<'a>)> {
    let on = found.iter().filter(|(distance_m, _)| *distance_m <= ON_M).count();
    found.into_iter().take(on.max(1)).collect()
}

/// Who is told of an area, under which of these roles: the first, and the others with their roles before them.
fn people(row: Row<'_>, roles: &'static [&'static str]) -> (Option<(&'static str, String)>, String) {
    let mut told = roles.iter().filter_map(|&role| Some((role, said(row, role)?.to_owned())));
    let first = told.next();
    let title = |role: &str| Title::of(&format!("option-{role}")).zh;
    let others: Vec<String> = told.map(|(role, name)| format!("{}{name}", title(role))).collect();
    (first, others.join("、"))
}

fn answer(bound: &Bound, place: [f64; 2]) -> Result<Outcome, Fault> {
    let layer = bound.layer("cells")?;
    let mut point = Geometries::default();
    point.part(true);
    point.coord(place);
    point.end_row(ShapeKind::Point);
    let (shape, reach_m) = (point.shape(0), bound.number("reach"));
    let mut by_level: BTreeMap<String, Vec<(f64, Row<'_>)>> = BTreeMap::new();
    let cells = Areas::new(layer.table(), bound);
    // The levels that the map keeps, and for each whether the place lies in an area of it.
    let mut kept: BTreeMap<&str, bool> = BTreeMap::new();
    for row in (0..cells.table.len()).filter(|&row| (cells.there)(row)) {
        kept.extend(said(cells.table.row(row), "level").map(|level| (level, false)));
    }
    for (distance_m, cell) in cells.near(shape, reach_m) {
        by_level.entry(said(cell, "level").unwrap_or_default().to_owned()).or_default().push((distance_m, cell));
    }
    if let Some(villages) = bound.layers("villages").first() {
        let near = Areas::new(villages.table(), bound).near(shape, reach_m);
        kept.insert(VILLAGE, false);
        by_level.insert(VILLAGE.to_owned(), near);
    }
    for (level, here) in &mut kept {
        *here = by_level.get(*level).is_some_and(|found| found.iter().any(|(distance_m, _)| *distance_m <= ON_M));
    }
    let levels = levels();
    let missing = levels.iter().filter(|term| kept.get(term.value.as_str()) == Some(&false));
    let missing: Vec<&Term> = missing.collect();
    let rank = |level: &str| levels.iter().position(|term| term.value == level).unwrap_or(levels.len());
    let ranked = by_level.into_iter().map(|(level, found)| (rank(&level), level, holders(found)));
    let mut all: Vec<_> = ranked.collect();
    all.sort_by_key(|(rank, _, _)| *rank);
    let own = ["name", "code"].iter().filter_map(|name| layer.kind().attribute(name).cloned());
    let told = properties().into_iter().take(OF_PLACE);
    let mut builder = Builder::new(own.chain(told).collect());
    let (mut inside, mut nearest, mut nobody) = (0_usize, 0_usize, 0_usize);
    for (order, level, found) in &all {
        let shared = found.iter().filter(|(distance_m, _)| *distance_m <= ON_M).count() > 1;
        for (distance_m, row) in found {
            let distance_m = if *distance_m <= ON_M { 0.0 } else { *distance_m };
            let roles = match level.as_str() {
                VILLAGE => OF_VILLAGE,
                TOWN => OF_LED,
                _ => OF_CELL,
            };
            let (first, others) = people(*row, roles);
            inside += usize::from(distance_m == 0.0);
            nearest += usize::from(distance_m > 0.0);
            nobody += usize::from(first.is_none());
            builder.push(
                &format!("{}:{}", if level.is_empty() { "cell" } else { level }, row.id()),
                [
                    row.named("name"),
                    row.named("code"),
                    word(level),
                    Value::Int(*order as i64),
                    first.as_ref().map_or(Value::Null, |(role, _)| Value::Text(role)),
                    first.as_ref().map_or(Value::Null, |(_, name)| Value::Text(name)),
                    word(&others),
                    row.named("phone"),
                    Value::Float(distance_m),
                    Value::Bool(shared && distance_m == 0.0),
                ],
            );
            builder.geometries.push_shape(row.shape());
        }
    }
    let figures = vec![
        Figure::new("answering", inside, "{feature}"),
        Figure::new("only_near", nearest, "{feature}"),
        Figure::new("without_person", nobody, "{feature}"),
        Figure::terms("levels_missing", &missing),
    ];
    Ok(Outcome { table: builder.finish(vec![SortKey::up("order"), SortKey::up("distance_m")]), figures })
}

/// A feature for which nobody answers.
struct Orphan {
    row: u32,
    why: &'static str,
    nearest: Option<(f64, String)>,
}

fn orphans(bound: &Bound) -> Result<Outcome, Fault> {
    let cells = Areas::new(bound.layer("cells")?.table(), bound);
    let table = bound.layer("of")?.table();
    let (stands, reach_m) = (standing(table), bound.number("reach"));
    let rows: Vec<u32> = (0..table.len()).filter(|&row| stands(row) && !table.shape(row).is_none()).collect();
    // That somebody leads the town is no answer, where there are cells below it.
    let is_town = |cell: Row<'_>| said(cell, "level") == Some(TOWN);
    let below = cells.table.rows().any(|cell| !is_town(cell));
    let orphan = |&row: &u32| {
        let mut near = cells.near(table.shape(row), reach_m);
        near.retain(|(_, cell)| !below || !is_town(*cell));
        let within: Vec<Row<'_>> = near.iter().filter(|(m, _)| *m <= ON_M).map(|(_, cell)| *cell).collect();
        if within.iter().any(|cell| OF_CELL.iter().any(|role| said(*cell, role).is_some())) {
            return None;
        }
        let why = if within.is_empty() { "no_cell" } else { "nobody" };
        let nearest =
            near.first().map(|(distance_m, cell)| (*distance_m, said(*cell, "name").unwrap_or(cell.id()).to_owned()));
        Some(Orphan { row, why, nearest })
    };
    let found: Vec<Orphan> = rows.par_iter().filter_map(orphan).collect();
    let told = properties();
    let said: Vec<_> = found
        .iter()
        .map(|one| {
            [
                Value::Text(one.why),
                one.nearest.as_ref().map_or(Value::Null, |(distance_m, _)| Value::Float(*distance_m)),
                one.nearest.as_ref().map_or(Value::Null, |(_, name)| Value::Text(name)),
            ]
        })
        .collect();
    let columns = columns(shared::some(&told, &OF_ORPHAN), &said);
    let count = |why: &str| found.iter().filter(|one| one.why == why).count();
    let figures = vec![
        Figure::new("orphans", found.len(), "{feature}"),
        Figure::new("in_no_cell", count("no_cell"), "{feature}"),
        Figure::new("with_nobody", count("nobody"), "{feature}"),
        Figure::new("looked_at", rows.len(), "{feature}"),
    ];
    let rows = found.iter().map(|one| one.row).collect();
    Ok(Outcome { table: table.derive(rows, columns, vec![SortKey::down("distance_m")]), figures })
}
