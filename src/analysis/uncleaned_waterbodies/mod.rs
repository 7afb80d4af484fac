//! Which ponds and ditches were not cleaned in the last N days, worst first; which are due for a look-back, and which are black.
//!
//! Cleaned on day C counts as cleaned within N days of day A when A − C ≤ N. A cleaning dated after day A has not happened yet.

mod surroundings;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::water::bodies::{self, Body};
use crate::analysis::water::flow::Network;
use crate::analysis::water::judge::{self, Judged, Samples};
use crate::analysis::water::{Waters, date, number, terms, text, word};
use crate::analysis::{Bound, columns, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::laid::Laid;
use crate::kind::{self, Attribute, Term, ValueType};
use crate::query::SortKey;
use crate::stop;
use crate::table::Value;
use crate::units::{Day, SQUARE_METRES_PER_MU};
use surroundings::{Found, Sources, Surroundings};

/// What lets waste into water.
const SOURCES: &[&str] = &["farm", "toilet", "waste_point", "outfall"];

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "uncleaned-waterbodies",
    version: "2",
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
        Parameter {
            name: "show",
            domain: Domain::Choice { options: &["uncleaned", "look-back", "black-odorous", "surveyed"] },
        },
        Parameter {
            name: "look_back",
            // What `maps/rules/limits/water.toml` says; a test holds the two together.
            domain: Domain::Whole { default: 30, min: 0, max: 3_650, unit: "d", typical: [7.0, 90.0, 1.0] },
        },
        Parameter {
            name: "upstream",
            domain: Domain::Number {
                default: 1_000.0,
                min: 0.0,
                max: 100_000.0,
                unit: "m",
                typical: [200.0, 5_000.0, 100.0],
            },
        },
        Parameter {
            name: "sample_distance",
            domain: Domain::Number { default: 20.0, min: 0.0, max: 1_000.0, unit: "m", typical: [0.0, 100.0, 5.0] },
        },
        Parameter {
            name: "min_area",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 1e6, unit: "m2", typical: [0.0, 1_000.0, 50.0] },
        },
    ],
    inputs: &[
        Input { role: "waterbodies", from: From::Parameter("waterbodies"), required: true },
        Input { role: "sources", from: From::All(SOURCES), required: false },
        Input { role: "samples", from: From::All(&["water_sample"]), required: false },
        Input { role: "villages", from: From::Kind("village"), required: false },
    ],
    subject: |_| "waterbodies",
    properties,
    dated: true,
    // What flows in may come from far off.
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Date, Float, Int, Text};
    let mut all = vec![
        Attribute::property("last_cleaned", Date, ""),
        Attribute::property("days_since", Int, "d"),
        Attribute::property("area_m2", Float, "m2"),
        Attribute::property("sources", Int, "{feature}"),
        Attribute {
            domain: [super::terms(&["national", "provincial"]), terms("list", &["below"])].concat(),
            ..Attribute::property("list", Code, "")
        },
        Attribute::property("priority", Float, ""),
        Attribute {
            domain: terms("basis", &["drawn", "width", "unknown"]),
            ..Attribute::property("area_basis", Code, "")
        },
        Attribute::property("last_inspected", Date, ""),
        Attribute {
            domain: terms("look-back", &["waiting", "due", "done", "relapsed"]),
            ..Attribute::property("look_back", Code, "")
        },
        Attribute::property("look_back_on", Date, ""),
    ];
    all.extend(judge::properties());
    all.extend([
        Attribute::property("source_id", Text, ""),
        Attribute { domain: source_kinds(), ..Attribute::property("source_kind", Code, "") },
        Attribute::property("source_m", Float, "m"),
        Attribute {
            domain: terms("upstream", &["known", "partial", "unknown", "none"]),
            ..Attribute::property("upstream", Code, "")
        },
        Attribute::property("upstream_sources", Int, "{feature}"),
        Attribute::property("connected", Int, "{waterbody}"),
        Attribute::property("connected_sources", Int, "{feature}"),
    ]);
    all
}

fn source_kinds() -> Vec<Term> {
    let term = |kind: &kind::Kind| Term {
        value: kind.id.clone(),
        zh: kind.singular.zh.clone(),
        en: kind.singular.en.clone(),
        aliases: Vec::new(),
    };
    SOURCES.iter().filter_map(|id| kind::kind(id).ok()).map(|kind| term(&kind)).collect()
}

/// How pressing a body is, 0–100: 40 for what it is (black 40, poor 20), 30 for how long it has waited (a year or more,
/// or never cleaned: 30), 30 for how many sources stand by (ten or more: 30).
fn priority(black: bool, condition: &str, days_since: Option<i64>, sources: u32) -> f64 {
    let what = match condition {
        _ if black => 40.0,
        "poor" => 20.0,
        _ => 0.0,
    };
    let waited = days_since.map_or(1.0, |days| (days as f64 / 365.0).min(1.0));
    let beside = (f64::from(sources) / 10.0).min(1.0);
    ((what + 30.0 * waited + 30.0 * beside) * 10.0).round() / 10.0
}

/// What is known of the look-back (回头看) at a body.
#[derive(Clone, Copy, Default)]
struct LookBack {
    state: Option<&'static str>,
    on: Option<Day>,
}

/// Reads when bodies were cleaned and looked at.
struct Diary {
    cleaned: Option<usize>,
    inspected: Option<usize>,
    result: Option<usize>,
    look_back_days: i32,
}

impl Diary {
    /// After a cleaning a look-back falls due on day C + N; an inspection on day C or later is one, unless nobody got in; where
    /// no cleaning is told, any is: what was surveyed is looked back at. A relapse
    /// stands until the body is cleaned on a later day.
    fn look_back(&self, waters: &Waters<'_>, row: u32, cleaned: Option<Day>, inspected: Option<Day>) -> LookBack {
        let result = text(waters.table, row, self.result);
        let looked = inspected.is_some_and(|on| cleaned.is_none_or(|cleaned| cleaned <= on)) && result != "refused";
        let on = cleaned.map(|cleaned| Day(cleaned.0.saturating_add(self.look_back_days)));
        match on {
            _ if looked => LookBack { state: Some(if result == "relapsed" { "relapsed" } else { "done" }), on: None },
            Some(day) => LookBack { state: Some(if day <= waters.as_of { "due" } else { "waiting" }), on },
            None => LookBack::default(),
        }
    }
}

/// What is known of one body before anything is measured.
struct Known<'a> {
    row: u32,
    condition: &'a str,
    last_cleaned: Option<Day>,
    last_inspected: Option<Day>,
    look_back: LookBack,
    /// Apart, for most bodies have no sample.
    judged: Option<Box<Judged<'a>>>,
    black: bool,
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let waters = &Waters::of(bound, bound.layer("waterbodies")?.table());
    let samples = Samples::join(waters, bound.layers("samples"), bound.number("sample_distance"));
    let all = known(bound, waters, &samples);
    let (days, wanted) = (bound.number("days") as i64, bound.several("condition"));
    let is_wanted = |one: &Known<'_>| {
        let wants = |condition: &str| wanted.iter().any(|word| word == condition);
        wants(one.condition) || one.black && wants("black")
    };
    let recent = |one: &Known<'_>| one.last_cleaned.is_some_and(|day| bound.as_of.days_since(day) <= days);
    let uncleaned: Vec<&Known<'_>> = all.iter().filter(|one| is_wanted(one) && !recent(one)).collect();
    let shown: Vec<&Known<'_>> = match bound.text("show") {
        "look-back" => all.iter().filter(|one| matches!(one.look_back.state, Some("due" | "relapsed"))).collect(),
        "black-odorous" => all.iter().filter(|one| one.black).collect(),
        "surveyed" => all.iter().collect(),
        _ => uncleaned.clone(),
    };
    let sources: Vec<Sources<'_>> = bound.layers("sources").iter().map(|layer| Sources::of(layer)).collect();
    let network = Network::of(waters);
    let (reach_m, upstream_m) = (bound.number("source_distance"), bound.number("upstream"));
    let around = Surroundings { waters, sources: &sources, network: &network, reach_m, upstream_m };
    let stop = stop::current();
    let found: Vec<Found<'_>> = shown
        .par_chunks(128)
        .flat_map_iter(|chunk| {
            let mut buffers = (Laid::default(), Laid::default());
            let chunk = chunk.iter().take_while(|_| !stop.is_raised());
            chunk.map(|one| around.of(one.row, &mut buffers)).collect::<Vec<_>>()
        })
        .collect();
    let black: Vec<u32> = all.iter().filter(|one| one.black).map(|one| one.row).collect();
    let bodies = bodies::bodies(bound, waters, &black);
    let lists = bodies::lists(&bodies);
    let said: Vec<_> = shown.par_iter().zip(&found).map(|(one, found)| values(bound, one, found, &lists)).collect();
    let columns = columns(properties(), &said);
    let figures =
        figures(&Told { all: &all, uncleaned: &uncleaned, found: &found, bodies: &bodies, samples: &samples });
    let rows = shown.iter().map(|one| one.row).collect();
    Ok(Outcome { table: waters.table.derive(rows, columns, vec![SortKey::down("priority")]), figures })
}

/// What is known of each body that is there.
fn known<'a>(bound: &Bound, waters: &Waters<'a>, samples: &Samples<'a>) -> Vec<Known<'a>> {
    let column = |name: &str| waters.table.column(name);
    let diary = Diary {
        cleaned: column("cleaned"),
        inspected: column("inspected"),
        result: column("look_back_result"),
        look_back_days: bound.number("look_back") as i32,
    };
    let one = |row: u32| {
        let condition = waters.condition(row);
        let judged = samples.newest(waters, row).map(Box::new);
        let (last_cleaned, last_inspected) = (waters.day(row, diary.cleaned), waters.day(row, diary.inspected));
        Known {
            row,
            condition,
            last_cleaned,
            last_inspected,
            look_back: diary.look_back(waters, row, last_cleaned, last_inspected),
            black: condition == "black" || judged.as_ref().is_some_and(|judged| judged.is_black()),
            judged,
        }
    };
    (0..waters.table.len()).into_par_iter().filter(|&row| (waters.stands)(row)).map(one).collect()
}

fn values<'v>(
    bound: &Bound,
    one: &'v Known<'_>,
    found: &'v Found<'_>,
    lists: &HashMap<u32, Option<&'static str>>,
) -> Vec<Value<'v>> {
    let days_since = one.last_cleaned.map(|day| bound.as_of.days_since(day));
    let count = |n: usize| Value::Int(n as i64);
    let mut all = vec![
        date(one.last_cleaned),
        days_since.map_or(Value::Null, Value::Int),
        number(found.area.m2),
        Value::Int(i64::from(found.near.sources)),
        word(lists.get(&one.row).copied().flatten()),
        Value::Float(priority(one.black, one.condition, days_since, found.near.sources)),
        Value::Text(found.area.basis),
        date(one.last_inspected),
        word(one.look_back.state),
        date(one.look_back.on),
    ];
    all.extend(judge::values(one.judged.as_deref(), one.condition));
    all.extend([
        word(found.near.nearest.map(|(_, _, id)| id)),
        word(found.near.nearest.map(|(_, kind, _)| kind)),
        number(found.near.nearest.map(|(m, ..)| m)),
    ]);
    all.extend(match found.upstream {
        // Which way the water runs nobody knows, so that nobody knows what is upstream.
        Some((state @ "unknown", _, connected, beside)) => {
            [Value::Text(state), Value::Null, count(connected), count(beside)]
        }
        Some((state, above, connected, beside)) => [Value::Text(state), count(above), count(connected), count(beside)],
        None => [Value::Text("none"), Value::Int(0), Value::Int(0), Value::Int(0)],
    });
    all
}

/// What the figures are made of.
struct Told<'a> {
    all: &'a [Known<'a>],
    uncleaned: &'a [&'a Known<'a>],
    found: &'a [Found<'a>],
    bodies: &'a [Body],
    samples: &'a Samples<'a>,
}

fn figures(told: &Told<'_>) -> Vec<Figure> {
    let area_m2: f64 = told.found.iter().filter_map(|found| found.area.m2).sum();
    let count = |test: &dyn Fn(&Known<'_>) -> bool| told.all.iter().filter(|one| test(one)).count();
    let stands = |state: &'static str| count(&|one| one.look_back.state == Some(state));
    let never = told.uncleaned.iter().filter(|one| one.last_cleaned.is_none()).count();
    let unit = "{waterbody}";
    let mut figures = vec![
        Figure::new("waterbodies", told.uncleaned.len(), unit),
        Figure::new("water_mu", round_mm(area_m2 / SQUARE_METRES_PER_MU), "mu"),
        Figure::new("never_cleaned", never, unit),
        Figure::new("with_sources", told.found.iter().filter(|found| found.near.sources > 0).count(), unit),
        // From here on of all that stand, whatever is shown.
        Figure::new("surveyed", told.all.len(), unit),
        Figure::new("looked_back", stands("done") + stands("relapsed"), unit),
        Figure::new("look_back_due", stands("due"), unit),
        Figure::new("relapsed", stands("relapsed"), unit),
        Figure::new(
            "black_by_samples",
            count(&|one| one.judged.as_ref().is_some_and(|judged| judged.is_black())),
            unit,
        ),
        Figure::new(
            "differing",
            count(&|one| judge::differs(one.judged.as_deref(), one.condition) == Some(true)),
            unit,
        ),
    ];
    figures.extend(bodies::figures(told.bodies));
    figures.push(Figure::new("samples", told.samples.count, "{sample}"));
    figures.push(Figure::new("samples_unjoined", told.samples.unjoined, "{sample}"));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::limits;

    #[test]
    fn the_look_back_falls_due_when_the_data_say() {
        let days = limits::limits("water").unwrap().on("look-back", Day::parse("2026-10-31").unwrap()).unwrap().value;
        let domain = DEFINITION.parameter("look_back").map(|parameter| &parameter.domain);
        assert!(matches!(domain, Some(Domain::Whole { default, .. }) if *default as f64 == days));
    }
}
