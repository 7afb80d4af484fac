//! Which ground, which households, or which stretches of road a service does not reach.
//!
//! `demand=villages`: per village its ground out of reach, with the largest circle in it; `demand=households`: those out of reach;
//! `demand=road`: the stretches of road out of reach. `measure=straight`: edge to edge; `measure=road`: the shortest way along the
//! roads, with a stated way off them; `measure=drive`: the time on them. At exactly the reach one is served.

pub(super) mod ground;
mod households;
pub(super) mod service;
pub(super) mod stretches;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Only, Outcome, Parameter};
use crate::analysis::{Bound, by_road, shared, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::kind::{Attribute, ValueType};
use service::{Roads, Service};

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "coverage-gaps",
    version: "2",
    parameters: &[
        by_road::FACILITY,
        Parameter { name: "where", domain: Domain::Filter { on: "facility" } },
        Parameter { name: "demand", domain: Domain::Choice { options: &["villages", "households", "road"] } },
        by_road::REACH,
        by_road::MEASURE,
        by_road::MINUTES,
        by_road::PLANNED,
        by_road::OFF_ROAD,
        by_road::ONEWAY,
        Parameter {
            name: "classes",
            domain: Domain::Terms {
                of: ("road", "class"),
                default: &["national", "provincial", "county", "township", "village"],
            },
        },
    ],
    inputs: &[
        Input { role: "facility", from: From::Parameter("facility"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: true },
        Input { role: "households", from: From::Kind("household"), required: false },
        Input { role: "roads", from: From::Kind("road"), required: false },
    ],
    subject: |bound| match bound.text("demand") {
        "households" => "households",
        "road" => "roads",
        _ => "villages",
    },
    properties,
    dated: false,
    influence: Influence::Whole,
    only: &{
        let [reach, minutes, off_road, oneway] = by_road::ONLY;
        [reach, minutes, off_road, oneway, Only { name: "classes", under: "demand", values: &["road"] }]
    },
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Int};
    vec![
        Attribute::property("uncovered_m2", Float, "m2"),
        Attribute::property("uncovered_share", Float, "1"),
        Attribute::property("uncovered_households", Int, "{household}"),
        Attribute { domain: terms(&["counted", "estimated"]), ..Attribute::property("households_basis", Code, "") },
        Attribute::property("hole_radius_m", Float, "m"),
        Attribute::property("hole_nearest_m", Float, "m"),
        Attribute::property("hole_nearest_min", Float, "min"),
        Attribute::property("hole_lng", Float, "deg"),
        Attribute::property("hole_lat", Float, "deg"),
        Attribute::property("uncovered_m", Float, "m"),
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("nearest_m", Float, "m"),
        Attribute::property("nearest_min", Float, "min"),
        Attribute::property("snap_m", Float, "m"),
        Attribute::property("unreachable", Bool, ""),
    ]
}

/// Those of the properties, in that order.
fn some(names: &[&str]) -> Vec<Attribute> {
    shared::some(&properties(), names)
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let roads = Roads::of(bound)?;
    let service = Service::of(bound, roads.as_ref())?;
    let mut outcome = match bound.text("demand") {
        "households" => households::unreached(bound, &service)?,
        "road" => stretches::unreached(bound, &service)?,
        _ => ground::uncovered(bound, &service)?,
    };
    outcome.figures.push(Figure::new("facilities", service.count(), "{facility}"));
    outcome.figures.extend(service.figures());
    outcome.figures.extend(by_road::figures(bound)?);
    Ok(outcome)
}
