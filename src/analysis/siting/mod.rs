//! Where the next facilities should go, so that most are reached, all are reached by few, or the ways are short.
//!
//! Four classic questions over one set of candidate sites: maximal covering (Church and ReVelle 1974), set covering (Toregas and
//! others 1971), p-median (Hakimi 1964) and p-centre. Solved in `crate::siting`; here it is said who is served, where one may
//! build, and what the answer means.

mod answer;
mod demand;
mod ground;
mod limited;
mod models;
mod question;
mod ways;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter, Usual};
use crate::analysis::{Bound, by_road};
use crate::fault::Fault;
use crate::kind::{Attribute, ValueType};
use crate::stop;
use crate::text::Title;

/// Pairs of a household and a candidate that are worked with at the most.
const PAIRS: usize = 4_000_000;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "siting",
    version: "2",
    parameters: &[
        Parameter {
            name: "facility",
            domain: Domain::Layer {
                kinds: &["toilet", "waste_point", "sewage_facility", "school", "street_light", "camera"],
            },
        },
        Parameter { name: "where", domain: Domain::Filter { on: "facility" } },
        Parameter { name: "model", domain: Domain::Choice { options: &["mclp", "lscp", "p-median", "p-centre"] } },
        Parameter {
            name: "n",
            domain: Domain::Whole { default: 3, min: 1, max: 50, unit: "{site}", typical: [1.0, 15.0, 1.0] },
        },
        by_road::REACH,
        by_road::MEASURE,
        by_road::MINUTES,
        by_road::OFF_ROAD,
        by_road::ONEWAY,
        Parameter { name: "keep", domain: Domain::Choice { options: &["yes", "no"] } },
        Parameter { name: "forbid", domain: Domain::Layers { kinds: FORBIDDING, usual: Usual::None } },
        Parameter {
            name: "clearance",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 10_000.0, unit: "m", typical: [0.0, 500.0, 10.0] },
        },
        Parameter { name: "candidates", domain: Domain::Layers { kinds: OFFERING, usual: Usual::None } },
        Parameter {
            name: "spacing",
            domain: Domain::Number {
                default: 200.0,
                min: 20.0,
                max: 10_000.0,
                unit: "m",
                typical: [50.0, 1000.0, 50.0],
            },
        },
        Parameter { name: "demand", domain: Domain::Choice { options: &["households", "by-village"] } },
        Parameter { name: "weight", domain: Domain::Choice { options: &["each", "people"] } },
        Parameter {
            name: "capacity",
            domain: Domain::Whole {
                default: 0,
                min: 0,
                max: 1_000_000,
                unit: "{household}",
                typical: [0.0, 500.0, 10.0],
            },
        },
    ],
    inputs: &[
        Input { role: "facility", from: From::Parameter("facility"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: true },
        Input { role: "households", from: From::Kind("household"), required: false },
        Input { role: "settlements", from: From::Kind("settlement"), required: false },
        Input { role: "roads", from: From::Kind("road"), required: false },
        Input { role: "candidates", from: From::Parameter("candidates"), required: false },
        Input { role: "forbid", from: From::Parameter("forbid"), required: false },
    ],
    subject: |_| "facility",
    properties,
    dated: false,
    influence: Influence::Whole,
    only: &by_road::ONLY,
    run,
};

/// What ground may be closed to building. No kind whose places are personal: what is left out would show them.
const FORBIDDING: &[&str] = &[
    "basic_farmland",
    "no_farm_zone",
    "waterbody",
    "school",
    "farm",
    "road",
    "project",
    "frontage",
    "settlement",
    "toilet",
    "waste_point",
    "sewage_facility",
];

/// What may offer candidate sites. No kind whose places are personal.
const OFFERING: &[&str] = &[
    "project",
    "settlement",
    "toilet",
    "waste_point",
    "sewage_facility",
    "school",
    "street_light",
    "camera",
    "frontage",
    "waterbody",
];

fn properties() -> Vec<Attribute> {
    use ValueType::{Float, Int, Text};
    vec![
        Attribute { title: Title::of("property-site_rank"), ..Attribute::property("rank", Int, "") },
        Attribute::property("village", Text, ""),
        Attribute::property("gain_households", Int, "{household}"),
        Attribute::property("gain_people", Int, "{person}"),
        Attribute::property("covered_households", Int, "{household}"),
        Attribute::property("covered_share", Float, "1"),
        Attribute::property("assigned_households", Int, "{household}"),
        Attribute::property("assigned_mean_m", Float, "m"),
        Attribute::property("assigned_mean_min", Float, "min"),
        Attribute::property("capacity_use", Float, "1"),
        Attribute::property("nearest_facility", Text, ""),
        Attribute::property("facility_m", Float, "m"),
        Attribute::property("facility_min", Float, "min"),
        Attribute::property("candidate", Text, ""),
    ]
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let demand = demand::Demand::of(bound)?;
    let (sites, barred) = ground::sites(bound)?;
    let facilities = demand::Facilities::of(bound)?;
    let question = question::Question::new(bound, &demand, &sites, &facilities)?;
    stop::check()?;
    let plan = models::solve(&question)?;
    stop::check()?;
    answer::outcome(bound, &question, &plan, barred)
}
