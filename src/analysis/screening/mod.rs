//! What the rules say of each thing on the ground: every rule that it is up against, by how much, with what force, and what
//! that asks for.
//!
//! One result for each pair of a feature and a rule that it hits, with the nearest target (or that of which it covers most).
//! Distances are inclusive: at exactly the metres it is hit; where something has to be near by, at exactly the metres it is.

mod advice;
pub(super) mod hits;

use std::sync::Arc;

use crate::analysis::Bound;
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{rule_term, standing, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::filter::Filter;
use crate::kind::{Attribute, Term, ValueType};
use crate::layer::Layer;
use crate::query::SortKey;
use crate::rules::{self, Action, Compensation, Force, Limit, MeasuredFrom, Rule};
use crate::table::{ColumnBuilder, Ids, Table, Value};
use crate::text::Title;
use advice::{Advice, Adviser};
use hits::{Hit, RoadLands, Targets};
use rayon::prelude::*;

/// The kinds that rules bind, the usual one first; `tests/house/rules.rs` holds it against the packs.
const SUBJECTS: &[&str] =
    &["farm", "village", "household", "toilet", "waste_point", "school", "frontage", "project", "sensitive_site"];

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "screening",
    version: "1",
    parameters: &[
        Parameter { name: "subject", domain: Domain::Layer { kinds: SUBJECTS } },
        Parameter { name: "rules", domain: Domain::RulePacks { default: &["national"] } },
        Parameter { name: "force", domain: Domain::Choice { options: &["any-force", "in-force", "mandatory"] } },
    ],
    inputs: &[
        Input { role: "subject", from: From::Parameter("subject"), required: true },
        Input { role: "targets", from: From::Rules { packs: "rules", of: "subject" }, required: true },
    ],
    subject: |_| "subject",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

/// A hit with what is said of it.
struct Said<'a> {
    row: &'a Row<'a>,
    subject: crate::table::Row<'a>,
    advice: Advice,
    /// How many rules the subject hits, and the weightiest force among them.
    hits: i64,
    worst: Option<Force>,
}

impl Said<'_> {
    fn rule(&self) -> &'static Rule {
        self.row.applied.rule
    }
}

/// What a property says of a hit.
type Tells = for<'s> fn(&'s Said<'_>) -> Value<'s>;

fn properties() -> Vec<Attribute> {
    columns().into_iter().map(|(attribute, _)| attribute).collect()
}

/// The properties, each with what it says.
fn columns() -> Vec<(Attribute, Tells)> {
    use ValueType::{Bool, Code, Float, Int, Text};
    let code = |name: &str, domain: Vec<Term>| Attribute { domain, ..Attribute::property(name, Code, "") };
    let forces = || terms(&Force::ALL.map(Force::word));
    let titled =
        |key: &str, attribute: Attribute| Attribute { title: Title::of(&format!("property-{key}")), ..attribute };
    vec![
        (Attribute::property("subject_id", Text, ""), |said| Value::Text(said.subject.id())),
        (code("rule", rules::all().iter().flat_map(|pack| &pack.rules).map(rule_term).collect()), |said| {
            Value::Text(&said.rule().id)
        }),
        (code("rule_force", forces()), |said| Value::Text(said.row.applied.force.word())),
        (Attribute::property("force_rank", Int, ""), |said| Value::Int(said.row.applied.force.rank())),
        (Attribute::property("target_layer", Text, ""), |said| {
            said.row.target().map_or(Value::Null, |(layer, _)| Value::Text(layer.name()))
        }),
        (Attribute::property("target_id", Text, ""), |said| {
            said.row.target().map_or(Value::Null, |(layer, at)| Value::Text(layer.table().row(at).id()))
        }),
        (Attribute::property("target_name", Text, ""), |said| {
            said.row.target().map_or(Value::Null, |(layer, at)| layer.table().row(at).named(&layer.kind().name))
        }),
        (titled("target_distance", Attribute::property("distance_m", Float, "m")), |said| {
            said.row.hit.distance_m.map_or(Value::Null, Value::Float)
        }),
        (Attribute::property("limit_m", Float, "m"), |said| match said.row.applied.limit {
            Limit::Apart(metres) | Limit::Within(metres) => Value::Float(metres),
            Limit::Off => Value::Null,
        }),
        (code("measured_from", terms(&MeasuredFrom::ALL.map(MeasuredFrom::word))), |said| {
            Value::Text(said.rule().measured_from.word())
        }),
        (code("edge_basis", terms(&["as-mapped", "estimated-edge"])), |said| {
            Value::Text(if said.row.hit.estimated { "estimated-edge" } else { "as-mapped" })
        }),
        (Attribute::property("overlap_m2", Float, "m2"), |said| {
            said.row.hit.overlap_m2.map_or(Value::Null, Value::Float)
        }),
        (Attribute::property("bearing_deg", Float, "deg"), |said| {
            said.row.hit.bearing_deg.map_or(Value::Null, Value::Float)
        }),
        (Attribute::property("targets_within", Int, "{target}"), |said| Value::Int(i64::from(said.row.hit.within))),
        (Attribute::property("rules_hit", Int, "{rule}"), |said| Value::Int(said.hits)),
        (code("worst_force", forces()), |said| said.worst.map_or(Value::Null, |force| Value::Text(force.word()))),
        (code("scale", terms(&["above", "below", "unknown-scale"])), |said| {
            said.advice.scale.map_or(Value::Null, Value::Text)
        }),
        (code("action", terms(&Action::ALL.map(Action::word))), |said| Value::Text(said.advice.action.word())),
        (code("compensation", terms(&Compensation::ALL.map(Compensation::word))), |said| {
            Value::Text(said.advice.compensation.word())
        }),
        (Attribute::property("legal_basis", Text, ""), |said| Value::Text(&said.advice.legal_basis)),
        (Attribute::property("citation", Text, ""), |said| Value::Text(&said.rule().citation)),
        (Attribute::property("region", Text, ""), |said| Value::Text(&said.rule().region)),
        (Attribute::property("unverified", Bool, ""), |said| Value::Bool(said.rule().unverified)),
    ]
}

/// A rule as it is applied on a day.
struct Applied {
    rule: &'static Rule,
    force: Force,
    limit: Limit,
}

/// A rule that was hit: by which subject, and how.
struct Row<'a> {
    applied: &'a Applied,
    targets: &'a [Arc<Layer>],
    hit: Hit,
}

impl Row<'_> {
    fn target(&self) -> Option<(&Layer, u32)> {
        let (layer, row) = self.hit.target?;
        Some((self.targets.get(layer)?, row))
    }
}

/// The rules that count on the day and under the parameter.
fn applied(bound: &Bound, kind: &str) -> Vec<Applied> {
    let wanted = bound.text("force");
    let counts = |force: Force| match wanted {
        "mandatory" => force == Force::Mandatory,
        "in-force" => force != Force::Suspended,
        _ => true,
    };
    let all = rules::binding(bound.several("rules"), kind).into_iter();
    all.filter_map(|rule| Some(Applied { rule, force: rule.force_on(bound.as_of)?, limit: rule.limit()? }))
        .filter(|applied| counts(applied.force))
        .collect()
}

/// The rows of a table that stand and for which a condition holds; None where the table cannot be asked it.
fn chosen(table: &Table, condition: Option<&str>) -> Option<Vec<bool>> {
    let test = match condition {
        Some(text) => Some(Filter::parse(text).and_then(|filter| filter.compile(table.attributes())).ok()?),
        None => None,
    };
    let stands = standing(table);
    let passes = |row: u32| test.as_ref().is_none_or(|test| test.holds(table.row(row)) == Some(true));
    Some((0..table.len()).map(|row| stands(row) && passes(row)).collect())
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let subject = bound.layer("subject")?;
    let table = subject.table();
    let kind = &subject.kind().id;
    let packs = bound.several("rules");
    let all = applied(bound, kind);
    let road_lands = RoadLands::of(packs);
    let adviser = Adviser::new(packs, kind);
    let mut by_kind: Vec<(&str, Vec<Arc<Layer>>)> = Vec::new();
    for layer in bound.layers("targets") {
        match by_kind.iter_mut().find(|(kind, _)| *kind == layer.kind().id) {
            Some((_, layers)) => layers.push(layer.clone()),
            None => by_kind.push((&layer.kind().id, vec![layer.clone()])),
        }
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut unchecked: Vec<&str> = Vec::new();
    for applied in &all {
        let rule = applied.rule;
        let of_kind =
            |wanted: &str| by_kind.iter().find(|(kind, _)| *kind == wanted).map_or(&[][..], |(_, layers)| layers);
        let layers = of_kind(&rule.to);
        let asked = chosen(table, rule.from_where.as_deref());
        let targets = Targets::of(layers, rule, (&road_lands, of_kind(rules::ROAD_LAND)), subject.name());
        // What a layer does not keep cannot be judged by; such a rule is said to be unchecked, not kept.
        let (Some(asked), Some(targets)) = (asked, targets) else {
            unchecked.push(&rule.id);
            continue;
        };
        let found = hits::find(table, &asked, &targets, applied.limit);
        rows.extend(found.into_iter().map(|hit| Row { applied, targets: layers, hit }));
    }
    // In the order of the answer, all but ties: the table's own order is then checked and not made.
    let key = |row: &Row<'_>| (row.applied.force.rank(), row.hit.distance_m.unwrap_or(f64::INFINITY));
    rows.par_sort_by(|a, b| {
        let ((a_rank, a_m), (b_rank, b_m)) = (key(a), key(b));
        a_rank.cmp(&b_rank).then(a_m.total_cmp(&b_m))
    });
    Ok(told(table, &rows, &adviser, (all.len() - unchecked.len(), &unchecked)))
}

/// The rows as a table of the subject's features, and what they come to.
fn told(table: &Table, rows: &[Row<'_>], adviser: &Adviser, (checked, unchecked): (usize, &[&str])) -> Outcome {
    // Of each subject: how many rules it hits, and the weightiest force among them.
    let mut of: Vec<(i64, Option<Force>)> = vec![(0, None); table.len() as usize];
    for row in rows {
        let (count, worst) = &mut of[row.hit.subject as usize];
        *count += 1;
        *worst = Some(worst.map_or(row.applied.force, |worst| worst.min(row.applied.force)));
    }
    let all: Vec<Said<'_>> = rows
        .par_iter()
        .map(|row| {
            let Row { hit, applied, .. } = row;
            let (subject, (hits, worst)) = (table.row(hit.subject), of[hit.subject as usize]);
            Said { row, subject, advice: adviser.of(subject, applied.rule, applied.force), hits, worst }
        })
        .collect();
    let fill = |(attribute, tells): (Attribute, Tells)| {
        let mut column = ColumnBuilder::new(attribute.value_type);
        all.iter().for_each(|said| column.push(tells(said)));
        (attribute, column)
    };
    let columns = columns().into_par_iter().map(fill).collect();
    let mut ids = Ids::default();
    let mut id = String::new();
    for said in &all {
        id.clear();
        id.extend([said.subject.id(), ":", &said.rule().id]);
        ids.push(&id);
    }
    let worst = |force: Force| of.iter().filter(|(_, worst)| *worst == Some(force)).count();
    let mut figures = vec![
        Figure::new("subjects_hit", of.iter().filter(|(count, _)| *count > 0).count(), "{feature}"),
        Figure::new("worst_mandatory", worst(Force::Mandatory), "{feature}"),
        Figure::new("worst_local", worst(Force::Local), "{feature}"),
        Figure::new("worst_recommended", worst(Force::Recommended), "{feature}"),
        Figure::new("worst_suspended", worst(Force::Suspended), "{feature}"),
        Figure::new("rules_checked", checked, "{rule}"),
        Figure::new("rules_unchecked", unchecked.len(), "{rule}"),
    ];
    if !unchecked.is_empty() {
        figures.push(Figure::new("unchecked", unchecked.join(", "), ""));
    }
    let order = vec![SortKey::up("force_rank"), SortKey::up("distance_m")];
    let chosen = rows.iter().map(|row| row.hit.subject).collect();
    Outcome { table: table.derive(chosen, columns, order).with_ids(ids), figures }
}
