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
use advice::Adviser;
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

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Int, Text};
    let code = |name: &str, domain: Vec<Term>| Attribute { domain, ..Attribute::property(name, Code, "") };
    let forces = || terms(&Force::ALL.map(Force::word));
    let titled =
        |key: &str, attribute: Attribute| Attribute { title: Title::of(&format!("property-{key}")), ..attribute };
    vec![
        Attribute::property("subject_id", Text, ""),
        code("rule", rules::all().iter().flat_map(|pack| &pack.rules).map(rule_term).collect()),
        code("rule_force", forces()),
        Attribute::property("force_rank", Int, ""),
        Attribute::property("target_layer", Text, ""),
        Attribute::property("target_id", Text, ""),
        Attribute::property("target_name", Text, ""),
        titled("target_distance", Attribute::property("distance_m", Float, "m")),
        Attribute::property("limit_m", Float, "m"),
        code("measured_from", terms(&MeasuredFrom::ALL.map(MeasuredFrom::word))),
        code("edge_basis", terms(&["as-mapped", "estimated-edge"])),
        Attribute::property("overlap_m2", Float, "m2"),
        Attribute::property("bearing_deg", Float, "deg"),
        Attribute::property("targets_within", Int, "{target}"),
        Attribute::property("rules_hit", Int, "{rule}"),
        code("worst_force", forces()),
        code("scale", terms(&["above", "below", "unknown-scale"])),
        code("action", terms(&Action::ALL.map(Action::word))),
        code("compensation", terms(&Compensation::ALL.map(Compensation::word))),
        Attribute::property("legal_basis", Text, ""),
        Attribute::property("citation", Text, ""),
        Attribute::property("region", Text, ""),
        Attribute::property("unverified", Bool, ""),
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
    let advised = |row: &Row<'_>| adviser.of(table.row(row.hit.subject), row.applied.rule, row.applied.force);
    let advices: Vec<_> = rows.par_iter().map(advised).collect();
    let mut ids = Ids::default();
    let mut columns: Vec<(Attribute, ColumnBuilder)> =
        properties().into_iter().map(|a| (a.clone(), ColumnBuilder::new(a.value_type))).collect();
    for (row, advice) in rows.iter().zip(advices) {
        let Applied { rule, force, limit } = row.applied;
        let subject = table.row(row.hit.subject);
        ids.push(&format!("{}:{}", subject.id(), rule.id));
        let target = row.target().map(|(layer, at)| (layer, layer.table().row(at)));
        let (hits, worst) = of[row.hit.subject as usize];
        let values = [
            Value::Text(subject.id()),
            Value::Text(&rule.id),
            Value::Text(force.word()),
            Value::Int(force.rank()),
            target.map_or(Value::Null, |(layer, _)| Value::Text(layer.name())),
            target.map_or(Value::Null, |(_, row)| Value::Text(row.id())),
            target.map_or(Value::Null, |(layer, row)| row.named(&layer.kind().name)),
            row.hit.distance_m.map_or(Value::Null, Value::Float),
            match limit {
                Limit::Apart(metres) | Limit::Within(metres) => Value::Float(*metres),
                Limit::Off => Value::Null,
            },
            Value::Text(rule.measured_from.word()),
            Value::Text(if row.hit.estimated { "estimated-edge" } else { "as-mapped" }),
            row.hit.overlap_m2.map_or(Value::Null, Value::Float),
            row.hit.bearing_deg.map_or(Value::Null, Value::Float),
            Value::Int(i64::from(row.hit.within)),
            Value::Int(hits),
            worst.map_or(Value::Null, |force| Value::Text(force.word())),
            advice.scale.map_or(Value::Null, Value::Text),
            Value::Text(advice.action.word()),
            Value::Text(advice.compensation.word()),
            Value::Text(&advice.legal_basis),
            Value::Text(&rule.citation),
            Value::Text(&rule.region),
            Value::Bool(rule.unverified),
        ];
        columns.iter_mut().zip(values).for_each(|((_, column), value)| column.push(value));
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
