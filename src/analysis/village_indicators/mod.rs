//! Each village against the targets, scored, ranked, and put on the red or the black list.
//!
//! Everything is judged as it stood on the closing day of the period: its last day, or the day of the question where that comes
//! first. The rank before is what the same question would have answered on the eve of the period.

mod facts;
mod score;

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Moment, Outcome, Parameter};
use crate::analysis::{Bound, said, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::rules::indicators::{self, Indicators};
use crate::stop;
use crate::table::{Builder, Row, Value};
use crate::text::Title;
use crate::units::Day;
use facts::{Facts, Funnel, Issues, RATES, Rate, Told};
use score::{Listed, Score};

pub use facts::is_measure;

const fn at(role: &'static str, kind: &'static str, moment: Moment, required: bool) -> Input {
    Input { role, from: From::At { kind, period: "period", moment }, required }
}

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "village-indicators",
    version: "1",
    parameters: &[
        Parameter { name: "period", domain: Domain::Period },
        Parameter { name: "indicators", domain: Domain::Indicators { default: "village" } },
        Parameter { name: "names", domain: Domain::Choice { options: &["shown", "masked"] } },
    ],
    inputs: &[
        at("villages", "village", Moment::Closing, true),
        at("households", "household", Moment::Closing, false),
        at("farms", "farm", Moment::Closing, false),
        at("issues", "issue", Moment::Closing, false),
        at("events", "event", Moment::Closing, false),
        at("villages-before", "village", Moment::Eve, true),
        at("households-before", "household", Moment::Eve, false),
        at("farms-before", "farm", Moment::Eve, false),
        at("issues-before", "issue", Moment::Eve, false),
        at("events-before", "event", Moment::Eve, false),
    ],
    subject: |_| "villages",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Int};
    let mut all = vec![
        Attribute { title: Title::of("property-village_rank"), ..Attribute::property("rank", Int, "") },
        Attribute::property("score", Float, "{mark}"),
        Attribute::property("scored_share", Float, "%"),
        Attribute::property("rank_change", Int, "{place}"),
        Attribute { domain: terms(&["red", "black"]), ..Attribute::property("board", Code, "") },
        Attribute { domain: terms(&["top", "rates", "bottom"]), ..Attribute::property("board_why", Code, "") },
        Attribute::property("rates_passed", Int, "{rate}"),
        Attribute::property("rates_failed", Int, "{rate}"),
        Attribute::property("rates_unknown", Int, "{rate}"),
        Attribute::property("rates_estimated", Int, "{rate}"),
    ];
    for rate in RATES {
        let counted = counted(rate);
        all.extend([
            Attribute::property(&format!("{rate}_rate"), Float, "%"),
            Attribute::property(&format!("{rate}_num"), Int, counted),
            Attribute::property(&format!("{rate}_den"), Int, counted),
            Attribute::property(&format!("{rate}_pass"), Bool, ""),
            Attribute::property(&format!("{rate}_short"), Int, counted),
        ]);
    }
    all.extend(TOILETS.map(|(name, _)| Attribute::property(name, Int, "{household}")));
    all.push(Attribute::property("funnel_ok", Bool, ""));
    all.extend(ISSUES.map(|(name, _)| match name {
        // On the board it says of one issue whether it is.
        "overdue" => {
            Attribute { title: Title::of("property-overdue_issues"), ..Attribute::property(name, Int, "{issue}") }
        }
        name => Attribute::property(name, Int, "{issue}"),
    }));
    all.push(Attribute::property("cleanings", Int, "{time}"));
    all
}

/// A property by its name, and what it tells of a count.
type Counted<T> = (&'static str, fn(&T) -> i64);

/// Properties of the toilet funnel, and what they tell.
const TOILETS: [Counted<Funnel>; 8] = [
    ("task", |t| t.task),
    ("started", |t| t.started),
    ("completed", |t| t.completed),
    ("accepted", |t| t.accepted),
    ("old_pits", |t| t.old_pits),
    ("accepted_with_pit", |t| t.accepted_with_pit),
    ("pits_demolished", |t| t.pits_demolished),
    ("funnel_breaks", |t| t.breaks),
];

const ISSUES: [Counted<Issues>; 4] =
    [("found", |i| i.registered), ("closed", |i| i.closed), ("open", |i| i.open), ("overdue", |i| i.overdue)];

fn layers<'a>(bound: &'a Bound, suffix: &str) -> Option<facts::Layers<'a>> {
    let role = |role: &str| facts::first(bound.layers(&format!("{role}{suffix}")));
    Some(facts::Layers {
        villages: role("villages")?,
        households: role("households"),
        farms: role("farms"),
        issues: role("issues"),
        events: role("events"),
    })
}

fn judged(told: &Told, by: &Indicators, from: Day, to: Day) -> Vec<Score> {
    score::scores(&told.facts, by, to.days_since(from) + 1)
}

/// Ranks on the eve of the period, by village.
fn ranks_before(bound: &Bound, by: &Indicators) -> HashMap<String, i64> {
    let (from, to) = bound.period("period").before(bound.as_of);
    let Some(layers) = layers(bound, "-before") else { return HashMap::new() };
    let told = facts::read(&layers, by, from, to);
    let ranks = judged(&told, by, from, to).into_iter().map(|score| score.rank);
    let ids = told.rows.iter().map(|&row| layers.villages.row(row).id().to_owned());
    ids.zip(ranks).filter_map(|(id, rank)| Some((id, rank?))).collect()
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("villages")?;
    let villages = layer.table();
    let name = bound.text("indicators");
    let by = indicators::named(name).ok_or_else(|| Fault::internal(format!("no indicators {name}")))?;
    let Some(layers) = layers(bound, "") else { return Err(Fault::internal("no villages")) };
    let period = bound.period("period");
    let (from, to) = (period.first(), period.closing(bound.as_of));
    let told = facts::read(&layers, by, from, to);
    stop::check()?;
    let scores = judged(&told, by, from, to);
    let before = ranks_before(bound, by);
    stop::check()?;
    let masked = bound.text("names") == "masked";
    let shown: &[&str] = if masked { &["name"] } else { &["name", "code", "households", "estimated"] };
    let own: Vec<Attribute> = shown.iter().filter_map(|name| layer.kind().attribute(name).cloned()).collect();
    let mut builder = Builder::new(own.iter().cloned().chain(properties()).collect());
    // Best first; villages of one rank in an order that says nothing of them.
    let mut order: Vec<usize> = (0..told.rows.len()).collect();
    let id = |at: usize| villages.row(told.rows[at]).id();
    order.sort_by_key(|&at| (scores[at].rank.unwrap_or(i64::MAX), xxh3_64(id(at).as_bytes()), id(at)));
    for (place, &at) in order.iter().enumerate() {
        let row = villages.row(told.rows[at]);
        let change = before.get(row.id()).zip(scores[at].rank).map(|(before, now)| before - now);
        let letter = letters(place);
        let alias = format!("某村{letter}");
        let named = |attribute: &Attribute| match (masked, attribute.name.as_str()) {
            (true, "name") => Value::Text(&alias),
            (true, _) => Value::Null,
            (false, name) => row.named(name),
        };
        let values = own.iter().map(named).chain(values(&told.facts[at], &scores[at], change, masked));
        builder.push(if masked { &letter } else { row.id() }, values);
        // Where a village lies says which it is.
        if masked { builder.geometries.push(None) } else { builder.geometries.push_shape(row.shape()) }
    }
    let mut figures = vec![
        Figure::new("villages_listed", told.rows.len(), "{village}"),
        Figure::new("period", period.to_string(), ""),
        Figure::new("period_from", from.to_string(), ""),
        Figure::new("period_to", to.to_string(), ""),
        // The list as it stood on the closing day.
        Figure::new("list_as_of", to.to_string(), ""),
        Figure::new("list_digest", digest(told.rows.iter().map(|&row| villages.row(row))), ""),
    ];
    figures.extend(totals(&told, &scores, by));
    let estimated = |row: &&u32| villages.row(**row).named("estimated") == Value::Bool(true);
    figures.push(Figure::new("villages_estimated", told.rows.iter().filter(estimated).count(), "{village}"));
    Ok(Outcome { table: builder.finish(vec![SortKey::up("rank")]), figures })
}

/// `A` to `Z`, `AA`, `AB` and so on.
fn letters(mut place: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'A' + (place % 26) as u8));
        if place < 26 {
            return text;
        }
        place = place / 26 - 1;
    }
}

/// A fingerprint of a list of villages: which they are, under what codes and names.
fn digest<'a>(rows: impl Iterator<Item = Row<'a>>) -> String {
    let mut text = String::new();
    for row in rows {
        let words = [Some(row.id()), said(row, "code"), said(row, "name")];
        text += &words.map(Option::unwrap_or_default).join("\t");
        text.push('\n');
    }
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

fn values(facts: &Facts, score: &Score, change: Option<i64>, masked: bool) -> Vec<Value<'static>> {
    let whole = |n: Option<i64>| n.map_or(Value::Null, Value::Int);
    let word = |word: Option<&'static str>| word.map_or(Value::Null, Value::Text);
    let rates = |test: &dyn Fn(&Rate) -> bool| Value::Int(facts.rates.iter().filter(|rate| test(rate)).count() as i64);
    let mut all = vec![
        whole(score.rank),
        score.points.map_or(Value::Null, Value::Float),
        Value::Float(score.scored),
        whole(change),
        word(score.board.map(Listed::board)),
        word(score.board.map(Listed::why)),
        rates(&|rate| rate.pass == Some(true)),
        rates(&|rate| rate.pass == Some(false)),
        rates(&|rate| rate.pass.is_none()),
        rates(&|rate| rate.estimated),
    ];
    for rate in &facts.rates {
        // How many households there are says which village it is.
        let count = |n: Option<i64>| whole(n.filter(|_| !masked));
        all.extend([
            rate.percent.map_or(Value::Null, Value::Float),
            count(rate.num),
            count(rate.den),
            rate.pass.map_or(Value::Null, Value::Bool),
            count(rate.short),
        ]);
    }
    all.extend(TOILETS.map(|(_, of)| whole(facts.toilets.as_ref().map(of))));
    all.push(facts.toilets.map_or(Value::Null, |toilets| Value::Bool(toilets.is_monotone())));
    all.extend(ISSUES.map(|(_, of)| whole(facts.issues.as_ref().map(of))));
    all.push(whole(facts.cleanings));
    all
}

/// A rate's figures: percent, numerator, denominator, villages that pass, villages of which it is not known, the target.
const RATE_FIGURES: [[&str; 6]; 4] = [
    ["water_rate", "water_num", "water_den", "water_passed", "water_unknown", "water_target"],
    ["sewage_rate", "sewage_num", "sewage_den", "sewage_passed", "sewage_unknown", "sewage_target"],
    ["waste_rate", "waste_num", "waste_den", "waste_passed", "waste_unknown", "waste_target"],
    ["manure_rate", "manure_num", "manure_den", "manure_passed", "manure_unknown", "manure_target"],
];

/// What a rate counts.
fn counted(rate: &str) -> &'static str {
    if rate == "manure" { "{farm}" } else { "{household}" }
}

/// The town's row: what stands in the columns, added up; and what could be put in no village.
fn totals(told: &Told, scores: &[Score], by: &Indicators) -> Vec<Figure> {
    let listed = |board: &str| scores.iter().filter(|s| s.board.is_some_and(|b| b.board() == board)).count();
    let mut all = vec![
        Figure::new("red", listed("red"), "{village}"),
        Figure::new("black", listed("black"), "{village}"),
        Figure::new("unranked", scores.iter().filter(|score| score.rank.is_none()).count(), "{village}"),
    ];
    for (nth, names) in RATE_FIGURES.into_iter().enumerate() {
        let rates = || told.facts.iter().map(move |facts| &facts.rates[nth]);
        // Both or neither, or the rate of the sums would be of two lists.
        let both: Vec<(i64, i64)> = rates().filter_map(|rate| rate.num.zip(rate.den)).collect();
        let (num, den): (i64, i64) = both.iter().fold((0, 0), |(num, den), (n, d)| (num + n, den + d));
        let percent = (den > 0).then(|| (num as f64 * 10_000.0 / den as f64).round() / 100.0);
        let target = by.rates.iter().find(|rate| rate.id == RATES[nth]).map(|rate| rate.target);
        all.extend([
            Figure::new(names[0], percent, "%"),
            Figure::new(names[1], (!both.is_empty()).then_some(num), counted(RATES[nth])),
            Figure::new(names[2], (!both.is_empty()).then_some(den), counted(RATES[nth])),
            Figure::new(names[3], rates().filter(|rate| rate.pass == Some(true)).count(), "{village}"),
            Figure::new(names[4], rates().filter(|rate| rate.pass.is_none()).count(), "{village}"),
            Figure::new(names[5], target, "%"),
        ]);
    }
    // None, where the map keeps none of them: no list of villages has some that know and some that do not.
    let toilets = told.facts.iter().filter_map(|facts| facts.toilets).reduce(|mut sum, one| {
        sum.add(&one);
        sum
    });
    let issues = told.facts.iter().filter_map(|facts| facts.issues).reduce(|mut sum, one| {
        sum.add(&one);
        sum
    });
    let cleanings = told.facts.iter().filter_map(|facts| facts.cleanings).reduce(|sum, one| sum + one);
    all.extend(TOILETS.map(|(name, of)| Figure::new(name, toilets.as_ref().map(of), "{household}")));
    all.extend(ISSUES.map(|(name, of)| Figure::new(name, issues.as_ref().map(of), "{issue}")));
    let rest = &told.unplaced;
    all.extend([
        Figure::new("cleanings", cleanings, "{time}"),
        Figure::new("unplaced_households", rest.toilets.map(|toilets| toilets.task), "{household}"),
        Figure::new("unplaced_issues", rest.issues.map(|issues| issues.open), "{issue}"),
        Figure::new("unplaced_cleanings", rest.cleanings, "{time}"),
    ]);
    all
}
