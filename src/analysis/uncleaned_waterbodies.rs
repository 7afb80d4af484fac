//! Which ponds and ditches were not cleaned in the last N days, worst first.
//!
//! Cleaned on day C counts as cleaned within N days of day A when A − C ≤ N. A cleaning dated after day A has not happened yet.

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{Bound, RowTest, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::laid::Laid;
use crate::geo::measure::{self, Probe};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{ColumnBuilder, Table, Value};
use crate::units::{Day, SQUARE_METRES_PER_MU};

/// From this area on a black-odorous body stands on the national list, below it on the provincial one
/// (农村黑臭水体治理工作指南, revised January 2024).
const NATIONAL_LIST_FROM_M2: f64 = 2000.0;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "uncleaned-waterbodies",
    version: "1",
    parameters: &[
        Parameter {
            name: "days",
            domain: Domain::Whole { default: 30, min: 0, max: 36_500, unit: "d", typical: [7.0, 180.0, 1.0] },
        },
        Parameter {
            name: "condition",
            domain: Domain::Terms { of: ("waterbody", "condition"), default: &["poor", "black", "unknown"] },
        },
        Parameter {
            name: "source_distance",
            domain: Domain::Number { default: 200.0, min: 0.0, max: 20_000.0, unit: "m", typical: [50.0, 500.0, 50.0] },
        },
        Parameter { name: "waterbodies", domain: Domain::Layer { kinds: &["waterbody"] } },
    ],
    inputs: &[
        Input { role: "waterbodies", from: From::Parameter("waterbodies"), required: true },
        Input { role: "sources", from: From::All(&["farm", "toilet", "waste_point"]), required: false },
    ],
    subject: |_| "waterbodies",
    properties,
    dated: true,
    influence: Influence::Parameter("source_distance"),
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Date, Float, Int};
    vec![
        Attribute::property("last_cleaned", Date, ""),
        Attribute::property("days_since", Int, "d"),
        Attribute::property("area_m2", Float, "m2"),
        Attribute::property("sources", Int, "{feature}"),
        Attribute { domain: super::terms(&["national", "provincial"]), ..Attribute::property("list", Code, "") },
        Attribute::property("priority", Float, ""),
    ]
}

/// How pressing a body is, 0–100: 40 for what it is (black 40, poor 20), 30 for how long it has waited (a year or more,
/// or never cleaned: 30), 30 for how many sources stand by (ten or more: 30).
fn priority(condition: Value<'_>, days_since: Option<i64>, sources: u32) -> f64 {
    let what = match condition {
        Value::Text("black") => 40.0,
        Value::Text("poor") => 20.0,
        _ => 0.0,
    };
    let waited = days_since.map_or(1.0, |days| (days as f64 / 365.0).min(1.0));
    let beside = (f64::from(sources) / 10.0).min(1.0);
    ((what + 30.0 * waited + 30.0 * beside) * 10.0).round() / 10.0
}

/// What was found of one body.
struct Found {
    row: u32,
    last_cleaned: Option<Day>,
    days_since: Option<i64>,
    area_m2: f64,
    sources: u32,
}

/// How many sources of all tables stand within the probe's reach.
fn count(probe: &mut Probe<'_>, sources: &[(&Table, RowTest<'_>)]) -> u32 {
    let search = probe.search;
    let mut found = 0;
    for (table, counts) in sources {
        table.index().search(&search, |row| {
            if counts(row) && probe.reaches(table.shape(row)) {
                found += 1;
            }
        });
    }
    found
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let bodies = bound.layer("waterbodies")?.table();
    let (days, reach_m) = (bound.number("days") as i64, bound.number("source_distance"));
    let wanted = bound.several("condition");
    let stands = standing(bodies);
    let (condition, cleaned) = (bodies.column("condition"), bodies.column("cleaned"));
    let condition_of = |row: u32| match condition.map(|at| bodies.row(row).value(at)) {
        // Nobody said: that is what `unknown` means.
        None | Some(Value::Null) => Value::Text("unknown"),
        Some(value) => value,
    };
    let due: Vec<(u32, Option<Day>)> = (0..bodies.len())
        .filter(|&row| {
            stands(row) && matches!(condition_of(row), Value::Text(word) if wanted.iter().any(|w| w == word))
        })
        .filter_map(|row| {
            let last = match cleaned.map(|at| bodies.row(row).value(at)) {
                Some(Value::Date(day)) if day <= bound.as_of => Some(day),
                _ => None,
            };
            let recent = last.is_some_and(|day| bound.as_of.days_since(day) <= days);
            (!recent).then_some((row, last))
        })
        .collect();
    let sources: Vec<_> =
        bound.layers("sources").iter().map(|layer| (&**layer.table(), standing(layer.table()))).collect();
    let found: Vec<Found> = due
        .par_chunks(128)
        .flat_map_iter(|chunk| {
            let mut buffers = (Laid::default(), Laid::default());
            let mut found = Vec::with_capacity(chunk.len());
            for &(row, last_cleaned) in chunk {
                let shape = bodies.shape(row);
                let (laid, other) = std::mem::take(&mut buffers);
                let mut near = 0;
                if let Some(mut probe) = Probe::reuse(shape, reach_m, laid, other) {
                    near = count(&mut probe, &sources);
                    buffers = probe.buffers();
                }
                let days_since = last_cleaned.map(|day| bound.as_of.days_since(day));
                found.push(Found { row, last_cleaned, days_since, area_m2: measure::area_m2(shape), sources: near });
            }
            found
        })
        .collect();
    let mut columns: Vec<(Attribute, ColumnBuilder)> =
        properties().into_iter().map(|a| (a.clone(), ColumnBuilder::new(a.value_type))).collect();
    for one in &found {
        let condition = condition_of(one.row);
        let list = match condition {
            Value::Text("black") if one.area_m2 >= NATIONAL_LIST_FROM_M2 => Value::Text("national"),
            Value::Text("black") => Value::Text("provincial"),
            _ => Value::Null,
        };
        let values = [
            one.last_cleaned.map_or(Value::Null, Value::Date),
            one.days_since.map_or(Value::Null, Value::Int),
            Value::Float(one.area_m2),
            Value::Int(i64::from(one.sources)),
            list,
            Value::Float(priority(condition, one.days_since, one.sources)),
        ];
        columns.iter_mut().zip(values).for_each(|((_, column), value)| column.push(value));
    }
    let area_m2: f64 = found.iter().map(|one| one.area_m2).sum();
    let figures = vec![
        Figure::new("waterbodies", found.len(), "{waterbody}"),
        Figure::new("water_mu", super::round_mm(area_m2 / SQUARE_METRES_PER_MU), "mu"),
        Figure::new("never_cleaned", found.iter().filter(|one| one.last_cleaned.is_none()).count(), "{waterbody}"),
        Figure::new("with_sources", found.iter().filter(|one| one.sources > 0).count(), "{waterbody}"),
    ];
    let rows = found.iter().map(|one| one.row).collect();
    Ok(Outcome { table: bodies.derive(rows, columns, vec![SortKey::down("priority")]), figures })
}
