//! Which farms stand too near a school, worst first.
//!
//! Edge to edge and geodesic: a farm counts when the nearest points of its ground and a school's are within `distance` (≤).

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{Bound, columns, rule_term, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::laid::Laid;
use crate::geo::measure::Probe;
use crate::geo::sight::Sight;
use crate::kind::{Attribute, Term, ValueType};
use crate::query::SortKey;
use crate::rules::{self, Rule};
use crate::table::{Table, Value};

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "farms-near-schools",
    version: "2",
    parameters: &[
        Parameter {
            name: "distance",
            domain: Domain::Number {
                default: 500.0,
                min: 0.0,
                max: 20_000.0,
                unit: "m",
                typical: [100.0, 1000.0, 50.0],
            },
        },
        Parameter { name: "farms", domain: Domain::Layer { kinds: &["farm"] } },
        Parameter { name: "schools", domain: Domain::Layer { kinds: &["school"] } },
        Parameter { name: "rules", domain: Domain::RulePack { default: "national" } },
    ],
    inputs: &[
        Input { role: "farms", from: From::Parameter("farms"), required: true },
        Input { role: "schools", from: From::Parameter("schools"), required: true },
    ],
    subject: |_| "farms",
    properties,
    dated: true,
    influence: Influence::Parameter("distance"),
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Float, Int, Text};
    vec![
        Attribute::property("school_id", Text, ""),
        Attribute::property("school_name", Text, ""),
        Attribute::property("distance_m", Float, "m"),
        Attribute::property("schools_within", Int, "{school}"),
        Attribute { domain: rule_terms(), ..Attribute::property("rule", Code, "") },
        Attribute {
            domain: super::terms(&rules::Force::ALL.map(rules::Force::word)),
            ..Attribute::property("rule_force", Code, "")
        },
        Attribute::property("citation", Text, ""),
        Attribute::property("bearing_deg", Float, "deg"),
    ]
}

/// The rules that may be named, with what they say.
fn rule_terms() -> Vec<Term> {
    let rules = rules::all().iter().flat_map(|pack| &pack.rules).filter(|rule| concerns(rule));
    rules.map(rule_term).collect()
}

/// Whether a rule keeps farms away from schools.
fn concerns(rule: &Rule) -> bool {
    rule.binds("farm") && rule.to == "school"
}

/// A farm's nearest school so far.
struct Hit {
    farm: u32,
    school: u32,
    distance_m: f64,
    /// Where the school lies from the farm: the wind that blows from the farm to the school comes from the other side.
    bearing_deg: Option<f64>,
    within: u32,
}

/// For each farm within the reach of a school: the nearest school (of equals, the one with the smaller id) and how many;
/// nearest first.
fn join(farms: &Table, schools: &Table, reach_m: f64) -> Vec<Hit> {
    let counts = standing(farms);
    let index = farms.index();
    let school_stands = standing(schools);
    let rows: Vec<u32> = (0..schools.len()).filter(|&row| school_stands(row)).collect();
    let pairs: Vec<(u32, u32, Sight)> = rows
        .par_chunks(64)
        .flat_map_iter(|chunk| {
            let mut buffers = (Laid::default(), Laid::default());
            let mut found = Vec::new();
            for &school in chunk {
                let (laid, other) = std::mem::take(&mut buffers);
                let Some(mut probe) = Probe::reuse(schools.shape(school), reach_m, laid, other) else { continue };
                let search = probe.search;
                index.search(&search, |farm| {
                    if counts(farm)
                        && let Some(sight) = probe.sight(farms.shape(farm))
                    {
                        found.push((farm, school, sight));
                    }
                });
                buffers = probe.buffers();
            }
            found
        })
        .collect();
    const NONE: u32 = u32::MAX;
    let mut slots = vec![NONE; farms.len() as usize];
    let mut hits: Vec<Hit> = Vec::new();
    for (farm, school, Sight { distance_m, bearings_deg }) in pairs {
        let bearing_deg = bearings_deg.map(|[_, back]| back);
        let slot = &mut slots[farm as usize];
        if *slot == NONE {
            *slot = hits.len() as u32;
            hits.push(Hit { farm, school, distance_m, bearing_deg, within: 1 });
            continue;
        }
        let hit = &mut hits[*slot as usize];
        hit.within += 1;
        let tie = || schools.row(school).id() < schools.row(hit.school).id();
        if distance_m < hit.distance_m || (distance_m == hit.distance_m && tie()) {
            (hit.school, hit.distance_m, hit.bearing_deg) = (school, distance_m, bearing_deg);
        }
    }
    // Nearest first already here: the table's own order is then checked, not made.
    let by_id = |a: &Hit, b: &Hit| farms.row(a.farm).id().cmp(farms.row(b.farm).id());
    hits.sort_unstable_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then_with(|| by_id(a, b)));
    hits
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let (farms, schools) = (bound.layer("farms")?.table(), bound.layer("schools")?.table());
    let hits = join(farms, schools, bound.number("distance"));
    let rules: Vec<_> = rules::binding(&[bound.text("rules")], "farm")
        .into_iter()
        .filter(|rule| concerns(rule))
        .filter_map(|rule| rule.force_on(bound.as_of).map(|force| (rule, force)))
        .collect();
    let rows: Vec<u32> = hits.iter().map(|hit| hit.farm).collect();
    let say = |hit: &Hit| {
        let school = schools.row(hit.school);
        // Of several rules that reach so far, the first of the pack: packs list the weightiest first.
        let rule = rules.iter().find(|(rule, _)| rule.distance_m.is_some_and(|limit_m| hit.distance_m <= limit_m));
        [
            Value::Text(school.id()),
            school.named("name"),
            Value::Float(hit.distance_m),
            Value::Int(i64::from(hit.within)),
            rule.map_or(Value::Null, |(rule, _)| Value::Text(&rule.id)),
            rule.map_or(Value::Null, |(_, force)| Value::Text(force.word())),
            rule.map_or(Value::Null, |(rule, _)| Value::Text(&rule.citation)),
            hit.bearing_deg.map_or(Value::Null, Value::Float),
        ]
    };
    let said: Vec<_> = hits.par_iter().map(say).collect();
    let columns = columns(properties(), &said);
    let mut touched: Vec<u32> = hits.iter().map(|hit| hit.school).collect();
    touched.sort_unstable();
    touched.dedup();
    let nearest = hits.first().map(|hit| hit.distance_m);
    let figures = vec![
        Figure::new("farms", rows.len(), "{farm}"),
        Figure::new("schools", touched.len(), "{school}"),
        Figure::new("nearest_m", nearest.map(super::round_mm), "m"),
    ];
    Ok(Outcome { table: farms.derive(rows, columns, vec![SortKey::up("distance_m")]), figures })
}
