//! The state of a road by its chainage: section by section and side by side, what stands and what is open within its control zone.
//!
//! The zone is measured from the edge of the road's land, never from its centre line. A thing counts once, in the section where it
//! comes nearest to the road.

mod answer;
mod count;
mod ground;
mod strips;

use crate::analysis::Bound;
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::road::{self, Patrolled, Road, Stretch, text};
use crate::analysis::shared::{standing, terms};
use crate::fault::Fault;
use crate::geo::chainage::Side;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::rules::roads::{self as standard, Zone};
use crate::table::{Builder, Table};
use answer::{Common, Sum};
use count::{Tally, frontage, issue};
use ground::Ground;

/// How near to a section a track runs along it, metres.
const ALONG_M: f64 = 30.0;
/// The two sides, left first.
const SIDES: [Side; 2] = [Side::Left, Side::Right];

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "corridor",
    version: "2",
    parameters: &[
        road::ROAD,
        road::SECTION,
        // Nought: what the law says for the class of the road.
        Parameter {
            name: "zone",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 500.0, unit: "m", typical: [0.0, 100.0, 5.0] },
        },
        road::DAYS,
    ],
    inputs: &[
        Input { role: "roads", from: From::Kind("road"), required: true },
        Input { role: "land", from: From::Kind("road_land"), required: false },
        Input { role: "issues", from: From::Kind("issue"), required: false },
        Input { role: "frontages", from: From::Kind("frontage"), required: false },
        Input { role: "farms", from: From::All(&["farm"]), required: false },
        Input {
            role: "structures",
            from: From::All(&["school", "toilet", "waste_point", "sewage_facility"]),
            required: false,
        },
        Input { role: "patrols", from: From::Kind("patrol"), required: false },
    ],
    subject: |_| "roads",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Date, Float, Int, Text};
    vec![
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("chainage", Text, ""),
        Attribute::property("chainage_to", Text, ""),
        Attribute { domain: terms(&["left", "right", "axis"]), ..Attribute::property("side", Code, "") },
        Attribute { domain: terms(&["parcels", "partly", "estimated"]), ..Attribute::property("basis", Code, "") },
        Attribute::property("zone_m", Float, "m"),
        Attribute::property("zone_m2", Float, "m2"),
        Attribute::property("issues", Int, "{issue}"),
        Attribute::property("issues_closed", Int, "{issue}"),
        Attribute::property("illegal", Int, "{issue}"),
        Attribute::property("frontages", Int, "{front}"),
        Attribute::property("contracts", Int, "{front}"),
        Attribute::property("unsigned", Int, "{unsigned}"),
        Attribute::property("farms", Int, "{farm}"),
        Attribute::property("structures", Int, "{feature}"),
        Attribute::property("patrols", Int, "{patrol}"),
        Attribute::property("last_patrol", Date, ""),
        road::days_since(),
        Attribute::property("unpatrolled", Bool, ""),
        road::numbered_by(),
    ]
}

/// The distance that holds for a road: the one that was asked for, else that of its class.
fn distance(bound: &Bound, roads: &Table, road: &Road) -> Result<(f64, Option<&'static Zone>), Fault> {
    let class = road.rows.iter().map(|&row| text(roads, row, "class")).find(|class| !class.is_empty());
    let law = class.and_then(|class| standard::zone(class, bound.as_of));
    match (bound.number("zone"), law) {
        (asked, law) if asked > 0.0 => Ok((asked, law.filter(|law| law.distance_m == asked))),
        (_, Some(law)) => Ok((law.distance_m, Some(law))),
        (_, None) => Err(Fault::unprocessable("corridor-no-distance").with("road", &road.called)),
    }
}

/// One road with its sections and its ground.
struct Corridor<'a> {
    road: &'a Road,
    stretches: Vec<Stretch<'a>>,
    ground: Ground<'a>,
    zone_m: f64,
    axes: Geometries,
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let table = |role: &str| bound.layers(role).first().map(|layer| &**layer.table());
    let (patrols, land) = (table("patrols"), table("land"));
    let roads = road::roads(bound, layer.table(), patrols)?;
    let days = bound.number("days") as i64;
    let own = ["name", "ref"].iter().filter_map(|name| layer.kind().attribute(name).cloned());
    let mut builder = Builder::new(own.chain(properties()).collect());
    let mut sum = Sum::default();
    for road in &roads {
        let (zone_m, law) = distance(bound, layer.table(), road)?;
        let stretches = road::stretches(std::slice::from_ref(road), bound.number("section"));
        let mut axes = Geometries::default();
        for stretch in &stretches {
            axes.part(true);
            stretch.section.line.iter().for_each(|&c| axes.coord(c));
            axes.end_row(ShapeKind::Line);
        }
        let ground = Ground::new(road, layer.table(), land);
        let corridor = Corridor { road, stretches, ground, zone_m, axes };
        let mut tallies = vec![[Tally::default(); 2]; corridor.stretches.len()];
        for layer in bound.layers("issues") {
            corridor.count(layer.table(), &mut tallies, |row| issue(layer.table(), row));
        }
        for layer in bound.layers("frontages") {
            corridor.count(layer.table(), &mut tallies, |row| Some(frontage(layer.table(), row)));
        }
        for (role, counted) in [
            ("farms", Tally { farms: 1, ..Tally::default() }),
            ("structures", Tally { structures: 1, ..Tally::default() }),
        ] {
            for layer in bound.layers(role) {
                let stands = standing(layer.table());
                corridor.count(layer.table(), &mut tallies, |row| stands(row).then_some(counted));
            }
        }
        let walked = patrols.map(|patrols| road::patrolled(bound, patrols, &corridor.stretches, ALONG_M));
        let (walked, came) = walked.unwrap_or_else(|| (vec![Patrolled::default(); corridor.stretches.len()], 0));
        sum.roads(law, zone_m, came);
        sum.guessed(corridor.ground.guesses());
        let strips = corridor.strips();
        for (at, stretch) in corridor.stretches.iter().enumerate() {
            let (edge, estimated) = corridor.ground.edge(&stretch.section.line);
            let days_since = walked[at].last.map(|day| bound.as_of.days_since(day));
            let unpatrolled = days_since.is_none_or(|since| since > days);
            sum.section(stretch, estimated, unpatrolled);
            let common = Common { stretch, edge, zone_m, walked: walked[at], days_since, unpatrolled };
            for (side, geometry) in strips[at].iter().enumerate() {
                sum.all.add(&tallies[at][side]);
                common.push(&mut builder, side, &tallies[at][side], geometry);
            }
        }
    }
    let order = vec![
        SortKey::down("issues"),
        SortKey::down("unsigned"),
        SortKey::up("patrols"),
        SortKey::up("last_patrol"),
        SortKey::up("from_m"),
        SortKey::up("side"),
    ];
    Ok(Outcome { table: builder.finish(order), figures: sum.figures(road::names(&roads)) })
}
