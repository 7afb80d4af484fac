//! Which stretches of a road were patrolled, by whom how often, and which not for too long.
//!
//! A road is cut where its stones say that a section ends. A section was patrolled when a track runs along at least half of it.
//! On day C counts as within N days of day A when A − C ≤ N.

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::road::{self, said};
use crate::analysis::{Bound, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::shape::ShapeKind;
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Value};

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "patrol-coverage",
    version: "2",
    parameters: &[
        road::ROAD,
        road::SECTION,
        Parameter {
            name: "within",
            domain: Domain::Number { default: 30.0, min: 1.0, max: 500.0, unit: "m", typical: [10.0, 100.0, 5.0] },
        },
        road::DAYS,
    ],
    inputs: &[
        Input { role: "roads", from: From::Kind("road"), required: true },
        Input { role: "patrols", from: From::Kind("patrol"), required: true },
    ],
    subject: |_| "roads",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Date, Float, Int, Text};
    vec![
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("chainage", Text, ""),
        Attribute::property("patrols", Int, "{patrol}"),
        Attribute::property("last_patrol", Date, ""),
        road::days_since(),
        Attribute::property("unpatrolled", Bool, ""),
    ]
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let patrols = bound.layer("patrols")?.table();
    let days = bound.number("days") as i64;
    let roads = road::roads(bound, layer.table(), Some(patrols))?;
    let stretches = road::stretches(&roads, bound.number("section"));
    let (found, came) = road::patrolled(bound, patrols, &stretches, bound.number("within"));
    let own = ["name", "ref"].iter().filter_map(|name| layer.kind().attribute(name).cloned());
    let mut builder = Builder::new(own.chain(properties()).collect());
    let (mut road_m, mut unpatrolled_m, mut never_m) = (0.0, 0.0, 0.0);
    for (stretch, one) in stretches.iter().zip(&found) {
        let days_since = one.last.map(|day| bound.as_of.days_since(day));
        let unpatrolled = days_since.is_none_or(|since| since > days);
        let section = &stretch.section;
        let length_m = section.to_m - section.from_m;
        road_m += length_m;
        unpatrolled_m += if unpatrolled { length_m } else { 0.0 };
        never_m += if one.patrols == 0 { length_m } else { 0.0 };
        builder.push(
            &stretch.id,
            [
                said(&stretch.road.name),
                said(&stretch.road.number),
                Value::Float(section.first),
                Value::Float(section.last),
                Value::Text(&stretch.chainage()),
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
    let km = |m: f64| round_mm(m / 1000.0);
    let figures = vec![
        Figure::new("road", road::names(&roads), ""),
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
