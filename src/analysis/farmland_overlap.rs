//! Which farms stand on permanent basic farmland, on how much of it; and whether they stand in a settlement or outside, worked out
//! from the ground and held beside what the ledger says.
//!
//! A farm that is a point has no ground: it stands on a parcel or does not, and how much it covers is not known.

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::screening::hits::{Hit, Targets, stands_on};
use crate::analysis::{Bound, columns, round_mm, rule_term, standing, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::measure;
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::rules::{self, Rule};
use crate::table::{Table, Value};
use crate::units::SQUARE_METRES_PER_MU;

/// From this share of its ground on a farm is in a settlement.
const MOST: f64 = 0.5;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "farmland-overlap",
    version: "1",
    parameters: &[
        Parameter { name: "farms", domain: Domain::Layer { kinds: &["farm"] } },
        Parameter { name: "list", domain: Domain::Choice { options: &["on-farmland", "differing", "all-farms"] } },
        Parameter { name: "rules", domain: Domain::RulePack { default: "farmland" } },
    ],
    inputs: &[
        Input { role: "farms", from: From::Parameter("farms"), required: true },
        Input { role: "farmland", from: From::All(&["basic_farmland"]), required: true },
        Input { role: "settlements", from: From::All(&["settlement"]), required: false },
    ],
    subject: |_| "farms",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Int, Text};
    let code = |name: &str, domain| Attribute { domain, ..Attribute::property(name, Code, "") };
    let rules = rules::all().iter().flat_map(|pack| &pack.rules).filter(|rule| concerns(rule));
    vec![
        Attribute::property("overlap_m2", Float, "m2"),
        Attribute::property("overlap_share", Float, "1"),
        Attribute::property("farm_m2", Float, "m2"),
        code("ground", terms(&["area-known", "point-only"])),
        Attribute::property("parcels", Int, "{parcel}"),
        Attribute::property("parcel_id", Text, ""),
        Attribute::property("on_farmland", Bool, ""),
        Attribute::property("in_village", Bool, ""),
        Attribute::property("village_share", Float, "1"),
        Attribute::property("in_village_told", Bool, ""),
        code("differs", terms(&["differs-village", "differs-farmland", "differs-both"])),
        code("rule", rules.map(rule_term).collect()),
        code("rule_force", terms(&rules::Force::ALL.map(rules::Force::word))),
        Attribute::property("citation", Text, ""),
    ]
}

/// Whether a rule keeps farms off basic farmland.
fn concerns(rule: &Rule) -> bool {
    rule.binds("farm") && rule.to == "basic_farmland" && rule.overlap
}

/// How a farm stands, worked out from the ground.
struct Standing {
    farm: u32,
    /// Of few farms; beside them most of this would be empty.
    farmland: Option<Box<Hit>>,
    /// Share of its ground that lies in settlements; of a point 1 or 0.
    village_share: Option<f64>,
    farm_m2: Option<f64>,
    told: (Option<bool>, Option<bool>),
}

impl Standing {
    fn in_village(&self) -> Option<bool> {
        self.village_share.map(|share| share >= MOST)
    }

    /// Where the ledger says otherwise than the ground.
    fn differs(&self) -> Option<&'static str> {
        let other =
            |told: Option<bool>, found: Option<bool>| told.zip(found).is_some_and(|(told, found)| told != found);
        match (other(self.told.0, self.in_village()), other(self.told.1, Some(self.farmland.is_some()))) {
            (true, true) => Some("differs-both"),
            (true, false) => Some("differs-village"),
            (false, true) => Some("differs-farmland"),
            (false, false) => None,
        }
    }
}

/// How each farm that has a place stands.
fn standings(farms: &Table, farmland: &Targets, settlements: Option<&Targets>) -> Vec<Standing> {
    let told = |attribute: &str, row: u32| match farms.row(row).named(attribute) {
        Value::Bool(told) => Some(told),
        _ => None,
    };
    let placed: Vec<u32> = (0..farms.len()).filter(|&row| !farms.shape(row).is_none()).collect();
    placed
        .into_par_iter()
        .map(|farm| {
            let shape = farms.shape(farm);
            let farm_m2 = (shape.kind.dimension() == Some(2)).then(|| measure::area_m2(shape));
            let village_share = settlements.map(|settlements| match (stands_on(farms, farm, settlements), farm_m2) {
                (None, _) => 0.0,
                (Some(hit), Some(farm_m2)) => (hit.overlap_m2.unwrap_or(0.0) / farm_m2).clamp(0.0, 1.0),
                (Some(_), None) => 1.0,
            });
            let told = (told("in_village", farm), told("on_basic_farmland", farm));
            let farmland = stands_on(farms, farm, farmland).map(Box::new);
            Standing { farm, farmland, village_share, farm_m2, told }
        })
        .collect()
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let farms = bound.layer("farms")?.table();
    let (farmland, settlements) = (bound.layers("farmland"), bound.layers("settlements"));
    let parcels = Targets::all_of(farmland);
    let places = (!settlements.is_empty()).then(|| Targets::all_of(settlements));
    let all = standings(farms, &parcels, places.as_ref());
    let rule = rules::binding(&[bound.text("rules")], "farm")
        .into_iter()
        .filter(|rule| concerns(rule))
        .find_map(|rule| rule.force_on(bound.as_of).map(|force| (rule, force)));
    let there = standing(farms);
    let listed = |one: &&Standing| {
        there(one.farm)
            && match bound.text("list") {
                "differing" => one.differs().is_some(),
                "all-farms" => true,
                _ => one.farmland.is_some(),
            }
    };
    let listed: Vec<&Standing> = all.iter().filter(listed).collect();
    let said = listed.iter().map(|one| {
        let hit = one.farmland.as_deref();
        // A farm with ground that is on no parcel covers none; of a point nobody knows what it covers.
        let overlap_m2 = one.farm_m2.map(|_| hit.and_then(|hit| hit.overlap_m2).unwrap_or(0.0));
        let parcel = hit.and_then(|hit| hit.target).and_then(|(at, row)| Some(farmland.get(at)?.table().row(row).id()));
        let number = |x: Option<f64>| x.map_or(Value::Null, Value::Float);
        let truth = |x: Option<bool>| x.map_or(Value::Null, Value::Bool);
        let text = |x: Option<&'static str>| x.map_or(Value::Null, Value::Text);
        let on = rule.filter(|_| hit.is_some());
        [
            number(overlap_m2),
            number(overlap_m2.zip(one.farm_m2).map(|(part, whole)| part / whole)),
            number(one.farm_m2),
            Value::Text(if one.farm_m2.is_some() { "area-known" } else { "point-only" }),
            Value::Int(hit.map_or(0, |hit| i64::from(hit.within))),
            parcel.map_or(Value::Null, Value::Text),
            Value::Bool(hit.is_some()),
            truth(one.in_village()),
            number(one.village_share.filter(|_| one.farm_m2.is_some())),
            truth(one.told.0),
            text(one.differs()),
            on.map_or(Value::Null, |(rule, _)| Value::Text(&rule.id)),
            text(on.map(|(_, force)| force.word())),
            text(on.map(|(rule, _)| rule.citation.as_str())),
        ]
    });
    let columns = columns(properties(), &said.collect::<Vec<_>>());
    let rows = listed.iter().map(|one| one.farm).collect();
    let figures = figures(farms, &all, &there);
    let order = vec![SortKey::down("overlap_m2")];
    Ok(Outcome { table: farms.derive(rows, columns, order), figures })
}

/// What it comes to. The ledger's balance counts all farms that were ever registered; what stands on farmland counts what stands.
fn figures(farms: &Table, all: &[Standing], there: &dyn Fn(u32) -> bool) -> Vec<Figure> {
    let on: Vec<&Standing> = all.iter().filter(|one| there(one.farm) && one.farmland.is_some()).collect();
    // Of points alone no sum is known, and none is said.
    let overlap_m2 = on.iter().filter_map(|one| one.farmland.as_ref()?.overlap_m2).reduce(|sum, m2| sum + m2);
    let side = |wanted: bool| all.iter().filter(|one| one.in_village() == Some(wanted)).count();
    vec![
        Figure::new("on_farmland", on.len(), "{farm}"),
        Figure::new("overlap_mu", overlap_m2.map(|m2| round_mm(m2 / SQUARE_METRES_PER_MU)), "mu"),
        Figure::new("ground_unknown", on.iter().filter(|one| one.farm_m2.is_none()).count(), "{farm}"),
        Figure::new("farms_registered", farms.len(), "{farm}"),
        Figure::new("in_village", side(true), "{farm}"),
        Figure::new("out_of_village", side(false), "{farm}"),
        Figure::new("farms_standing", (0..farms.len()).filter(|&row| there(row)).count(), "{farm}"),
        Figure::new("differing", all.iter().filter(|one| there(one.farm) && one.differs().is_some()).count(), "{farm}"),
    ]
}
