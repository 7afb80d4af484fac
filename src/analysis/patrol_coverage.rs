//! Which stretches of a road were patrolled, by whom how often, and which not for too long.
//!
//! The pieces of a road that touch end to end are one chain, measured from its western end and cut into sections. A section was
//! patrolled when a track runs along at least half of it. On day C counts as within N days of day A when A − C ≤ N.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{Bound, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::linear::{self, Chain};
use crate::geo::shape::{Shape, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Index, Table, Value};
use crate::text::Title;
use crate::units::Day;

/// A section counts as patrolled from this share of its length on.
const ENOUGH: f64 = 0.5;
/// What is left over at the end of a road and is shorter than this belongs to the section before it, metres.
const REMNANT_M: f64 = 1.0;
/// The road that is meant where no patrol names one, and the class that is meant where there is no such road.
const USUAL: (&str, &str) = ("G112", "national");

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "patrol-coverage",
    version: "1",
    parameters: &[
        Parameter { name: "road", domain: Domain::Feature { kind: "road", by: &["ref", "name"] } },
        Parameter {
            name: "section",
            domain: Domain::Number {
                default: 100.0,
                min: 10.0,
                max: 5_000.0,
                unit: "m",
                typical: [50.0, 1000.0, 50.0],
            },
        },
        Parameter {
            name: "within",
            domain: Domain::Number { default: 30.0, min: 1.0, max: 500.0, unit: "m", typical: [10.0, 100.0, 5.0] },
        },
        Parameter {
            name: "days",
            domain: Domain::Whole { default: 7, min: 0, max: 36_500, unit: "d", typical: [1.0, 60.0, 1.0] },
        },
    ],
    inputs: &[
        Input { role: "roads", from: From::Kind("road"), required: true },
        Input { role: "patrols", from: From::Kind("patrol"), required: true },
    ],
    subject: |_| "roads",
    properties,
    dated: true,
    influence: Influence::Whole,
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Date, Float, Int};
    vec![
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("patrols", Int, "{patrol}"),
        Attribute::property("last_patrol", Date, ""),
        Attribute { title: Title::of("property-days_unpatrolled"), ..Attribute::property("days_since", Int, "d") },
        Attribute::property("unpatrolled", Bool, ""),
    ]
}

/// What a row says under an attribute; empty where it says nothing.
fn text<'a>(table: &'a Table, row: u32, attribute: &str) -> &'a str {
    match table.row(row).named(attribute) {
        Value::Text(text) => text.trim(),
        _ => "",
    }
}

/// Whether a road goes by that name or number.
fn is_called(roads: &Table, row: u32, name: &str) -> bool {
    let same = |own: &str| !own.is_empty() && own.to_lowercase() == name.to_lowercase();
    same(text(roads, row, "ref")) || same(text(roads, row, "name"))
}

/// The rows of the road that is meant: the one that is named; else that which most patrols name; else G112; else all national
/// roads.
fn meant(bound: &Bound, roads: &Table, patrols: &Table) -> Vec<u32> {
    let called = |name: &str| -> Vec<u32> { (0..roads.len()).filter(|&row| is_called(roads, row, name)).collect() };
    let wanted = bound.text("road");
    if !wanted.is_empty() {
        return called(wanted);
    }
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..patrols.len() {
        *named.entry(text(patrols, row, "road")).or_default() += 1;
    }
    named.remove("");
    let mut named: Vec<(&str, usize)> = named.into_iter().collect();
    // Of two that are named as often, the first by name.
    named.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (usual, class) = USUAL;
    let names = named.into_iter().map(|(name, _)| name).chain([usual]);
    let found = names.map(called).find(|rows| !rows.is_empty());
    found.unwrap_or_else(|| (0..roads.len()).filter(|&row| text(roads, row, "class") == class).collect())
}

/// A section of a road.
struct Section {
    id: String,
    name: String,
    number: String,
    from_m: f64,
    to_m: f64,
    line: Vec<[f64; 2]>,
}

/// The sections of roads, road by road, chain by chain from the west.
fn sections(roads: &Table, rows: &[u32], section_m: f64) -> Vec<Section> {
    let mut by_road: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for &row in rows {
        // A number holds a road together, whatever its stretches are called.
        let called = [text(roads, row, "ref"), text(roads, row, "name")];
        let road = called.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        by_road.entry(road).or_default().push(row);
    }
    let mut sections = Vec::new();
    for (road, rows) in by_road {
        let lines = rows.iter().flat_map(|&row| roads.shape(row).parts().map(|(_, part)| part));
        let first =
            |attribute: &str| rows.iter().map(|&row| text(roads, row, attribute)).filter(|n| !n.is_empty()).min();
        let (name, number) = (first("name").unwrap_or_default(), first("ref").unwrap_or_default());
        for (at, chain) in linear::chains(lines).iter().enumerate() {
            cut(chain, section_m, |from_m, to_m| {
                let id = format!("{road}:{}:{:06}", at + 1, from_m.round());
                let line = chain.piece(from_m, to_m);
                sections.push(Section { id, name: name.to_owned(), number: number.to_owned(), from_m, to_m, line });
            });
        }
    }
    sections
}

fn cut(chain: &Chain, section_m: f64, mut each: impl FnMut(f64, f64)) {
    let length_m = chain.length_m();
    let whole = ((length_m - REMNANT_M) / section_m).ceil().max(1.0) as u64;
    for at in 0..whole {
        let to_m = if at + 1 == whole { length_m } else { (at + 1) as f64 * section_m };
        each(at as f64 * section_m, to_m);
    }
}

/// The sections that a track runs along.
fn patrolled(track: Shape<'_>, sections: &[Section], index: &Index, within_m: f64) -> Vec<u32> {
    if track.kind.dimension() != Some(1) {
        return Vec::new();
    }
    let mut near: HashMap<u32, Vec<[[f64; 2]; 2]>> = HashMap::new();
    for edge in track.parts().flat_map(|(_, part)| part.windows(2)) {
        let bbox = Bbox::point(edge[0]).union(&Bbox::point(edge[1]));
        index.search(&bbox, |section| near.entry(section).or_default().push([edge[0], edge[1]]));
    }
    let along = |(section, edges): (u32, Vec<[[f64; 2]; 2]>)| {
        let line = &sections[section as usize].line;
        (linear::share_within(line, &edges, within_m) >= ENOUGH).then_some(section)
    };
    near.into_iter().filter_map(along).collect()
}

/// What is known of the patrols of a section.
#[derive(Clone, Default)]
struct Patrolled {
    patrols: i64,
    last: Option<Day>,
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let (roads, patrols) = (layer.table(), bound.layer("patrols")?.table());
    let (within_m, days) = (bound.number("within"), bound.number("days") as i64);
    let sections = sections(roads, &meant(bound, roads, patrols), bound.number("section"));
    let boxes = sections.iter().enumerate().filter_map(|(at, section)| {
        let all = section.line.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one))?;
        Some((at as u32, all.padded(within_m * 1.002 + 1.0)))
    });
    let index = Index::new(boxes);
    // A patrol of a later day has not happened yet.
    let walked: Vec<(Option<Day>, Vec<u32>)> = (0..patrols.len())
        .into_par_iter()
        .filter_map(|row| {
            let on = match patrols.row(row).named("on") {
                Value::Date(day) => Some(day),
                _ => None,
            };
            let happened = on.is_none_or(|day| day <= bound.as_of);
            happened.then(|| (on, patrolled(patrols.shape(row), &sections, &index, within_m)))
        })
        .collect();
    let mut found = vec![Patrolled::default(); sections.len()];
    for (on, along) in &walked {
        for &section in along {
            let one = &mut found[section as usize];
            one.patrols += 1;
            one.last = one.last.max(*on);
        }
    }
    let own = ["name", "ref"].iter().filter_map(|name| layer.kind().attribute(name).cloned());
    let mut builder = Builder::new(own.chain(properties()).collect());
    let (mut road_m, mut unpatrolled_m, mut never_m) = (0.0, 0.0, 0.0);
    for (section, one) in sections.iter().zip(&found) {
        let days_since = one.last.map(|day| bound.as_of.days_since(day));
        let unpatrolled = days_since.is_none_or(|since| since > days);
        let length_m = section.to_m - section.from_m;
        road_m += length_m;
        unpatrolled_m += if unpatrolled { length_m } else { 0.0 };
        never_m += if one.patrols == 0 { length_m } else { 0.0 };
        builder.push(
            &section.id,
            [
                said(&section.name),
                said(&section.number),
                Value::Float(section.from_m),
                Value::Float(section.to_m),
                Value::Int(one.patrols),
                one.last.map_or(Value::Null, Value::Date),
                days_since.map_or(Value::Null, Value::Int),
                Value::Bool(unpatrolled),
            ],
        );
        builder.geometries.part(true);
        section.line.iter().for_each(|&c| builder.geometries.coord(c));
        builder.geometries.end_row(ShapeKind::Line);
    }
    let came = walked.iter().filter(|(_, along)| !along.is_empty()).count();
    let km = |m: f64| round_mm(m / 1000.0);
    let figures = vec![
        Figure::new("road", road_names(&sections), ""),
        Figure::new("patrols", came, "{patrol}"),
        Figure::new("road_km", km(road_m), "km"),
        Figure::new("patrolled_km", km(road_m - unpatrolled_m), "km"),
        Figure::new("unpatrolled_km", km(unpatrolled_m), "km"),
        Figure::new("never_patrolled_km", km(never_m), "km"),
    ];
    // Never patrolled first; then the fewest times, and the longest ago; along the road.
    let order =
        vec![SortKey::down("unpatrolled"), SortKey::up("patrols"), SortKey::up("last_patrol"), SortKey::up("from_m")];
    Ok(Outcome { table: builder.finish(order), figures })
}

fn said(text: &str) -> Value<'_> {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

/// The roads that were looked at.
fn road_names(sections: &[Section]) -> String {
    let name =
        |section: &Section| if section.number.is_empty() { section.name.clone() } else { section.number.clone() };
    let mut names: Vec<String> = sections.iter().map(name).collect();
    names.dedup();
    names.join("、")
}
