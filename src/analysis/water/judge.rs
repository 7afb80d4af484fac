//! Whether a body is black and odorous, by its newest sample; and the limit that the sample fails.
//!
//! A sample belongs to the body that it names, else to the one in which or beside which it was taken. What could belong to two, or
//! contradicts itself, belongs to none and is counted. What was measured decides; where not all of it was, what villagers say
//! of it, then what was seen and smelled.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::analysis::standing;
use crate::analysis::water::{Waters, date, number, terms, text, word};
use crate::geo::measure::Probe;
use crate::kind::{Attribute, ValueType};
use crate::layer::Layer;
use crate::rules::limits::{self, Limit};
use crate::table::{Table, Value};
use crate::units::Day;

/// What was found of a body on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample<'a> {
    /// The day; None: a reading that is in the ledger without one.
    pub on: Option<Day>,
    /// Its id; empty: it was recorded with the body itself.
    pub id: &'a str,
    /// Clarity (Secchi depth), cm.
    pub clarity_cm: Option<f64>,
    /// Dissolved oxygen, mg/L.
    pub oxygen_mg_l: Option<f64>,
    /// Ammonia nitrogen, mg/L.
    pub ammonia_mg_l: Option<f64>,
    /// Depth, cm.
    pub depth_cm: Option<f64>,
    /// How many of the villagers who were asked say that it is black and odorous, %.
    pub appraisal_percent: Option<f64>,
    /// Whether it smells strongly or its colour is clearly abnormal; None: nobody looked.
    pub offends: Option<bool>,
}

impl Sample<'_> {
    fn says_something(&self) -> bool {
        let measured = [self.clarity_cm, self.oxygen_mg_l, self.ammonia_mg_l, self.appraisal_percent];
        measured.iter().any(Option::is_some) || self.offends.is_some()
    }
}

/// What a sample comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged<'a> {
    /// The sample.
    pub sample: Sample<'a>,
    /// `black-odorous`, `not-black-odorous` or `incomplete`.
    pub judgement: &'static str,
    /// What it fails, one of `FAILED`; None: nothing.
    pub failed: Option<&'static str>,
    /// How clear it must be, given its depth.
    pub clarity_limit_cm: Option<f64>,
    /// How many limits it fails.
    fails: u32,
}

impl Judged<'_> {
    /// Whether the body is black and odorous.
    pub fn is_black(&self) -> bool {
        self.judgement == "black-odorous"
    }
}

/// What a sample can fail: the measured limits that fail, by their bits; then what decides where not all was measured.
const FAILED: [&str; 9] = [
    "clarity",
    "oxygen",
    "clarity-oxygen",
    "ammonia",
    "clarity-ammonia",
    "oxygen-ammonia",
    "clarity-oxygen-ammonia",
    "appraisal",
    "senses",
];

/// The limits in force on the day of a sample.
fn limit(id: &str, day: Day) -> Option<&'static Limit> {
    limits::limits("water").and_then(|limits| limits.on(id, day))
}

/// The value of a limit in force on a day.
pub fn value_of(id: &str, day: Day) -> Option<f64> {
    limit(id, day).map(|limit| limit.value)
}

/// Judges a sample by the limits in force on its day; `today`: the day that stands for one that is not known.
pub fn judge(sample: Sample<'_>, today: Day) -> Judged<'_> {
    let day = sample.on.unwrap_or(today);
    let measured = [("clarity", sample.clarity_cm), ("oxygen", sample.oxygen_mg_l), ("ammonia", sample.ammonia_mg_l)];
    let (mut failed, mut fails, mut passed) = (0_usize, 0, 0);
    for (bit, (id, value)) in measured.into_iter().enumerate() {
        let Some((limit, value)) = limit(id, day).zip(value) else { continue };
        if limit.fails(value, sample.depth_cm) {
            failed |= 1 << bit;
            fails += 1;
        } else {
            passed += 1;
        }
    }
    let appraised = || {
        let (limit, percent) = limit("appraisal", day).zip(sample.appraisal_percent)?;
        limit.fails(percent, None).then_some("appraisal")
    };
    let (judgement, failed) = match failed.checked_sub(1) {
        Some(at) => ("black-odorous", FAILED.get(at).copied()),
        None if passed == measured.len() => ("not-black-odorous", None),
        None => match appraised().or((sample.offends == Some(true)).then_some("senses")) {
            Some(found) => ("black-odorous", Some(found)),
            None => ("incomplete", None),
        },
    };
    let clarity_limit_cm = limit("clarity", day).map(|limit| limit.value_at(sample.depth_cm));
    Judged { sample, judgement, failed, clarity_limit_cm, fails: fails + u32::from(fails == 0 && failed.is_some()) }
}

/// The samples of a map, joined to their bodies.
pub struct Samples<'a> {
    newest: HashMap<u32, Judged<'a>>,
    own: Own,
    today: Day,
    /// How many there are, taken by the day.
    pub count: usize,
    /// How many of them belong to no body.
    pub unjoined: usize,
}

/// Where the bodies' own table keeps what the ledger's samplings found.
struct Own([Option<usize>; 5]);

/// The later of two, of one day the one that fails more, then the first by its id.
fn newer<'a>(one: Judged<'a>, other: Judged<'a>) -> Judged<'a> {
    let rank = |judged: &Judged<'a>| (judged.sample.on, judged.fails, Reverse(judged.sample.id));
    if rank(&other) > rank(&one) { other } else { one }
}

impl<'a> Samples<'a> {
    /// Joins the samples of `layers` to the bodies; `near_m`: how far beside a body a sample of it may have been taken (≤).
    pub fn join(waters: &Waters<'_>, layers: &'a [Arc<Layer>], near_m: f64) -> Self {
        let column = |name: &str| waters.table.column(name);
        let own = Own(["sampled", "clarity_cm", "oxygen_mg_l", "ammonia_mg_l", "depth_cm"].map(column));
        let mut all = Self { newest: HashMap::new(), own, today: waters.as_of, count: 0, unjoined: 0 };
        let names = if layers.is_empty() { HashMap::new() } else { by_name(waters) };
        for layer in layers {
            let table: &'a Table = layer.table();
            let stands = standing(table);
            let read = Reading::of(table);
            for row in (0..table.len()).filter(|&row| stands(row)) {
                let on = match read.on.map(|at| table.row(row).value(at)) {
                    Some(Value::Date(day)) => Some(day),
                    _ => None,
                };
                if on.is_some_and(|day| day > waters.as_of) {
                    continue;
                }
                all.count += 1;
                // Of a sample without a day nobody can say whether it is the newest.
                let body = on.and_then(|_| body_of(waters, &names, &read, row, near_m));
                match body {
                    Some(body) => {
                        let judged = judge(read.sample(row, on), waters.as_of);
                        let best = all.newest.get(&body).map_or(judged, |known| newer(*known, judged));
                        all.newest.insert(body, best);
                    }
                    None => all.unjoined += 1,
                }
            }
        }
        all
    }

    /// The newest sample of a body, judged; None where there is none.
    pub fn newest(&self, waters: &Waters<'a>, row: u32) -> Option<Judged<'a>> {
        let joined = self.newest.get(&row).copied();
        match (joined, self.own(waters, row)) {
            (Some(one), Some(other)) => Some(newer(one, other)),
            (one, other) => one.or(other),
        }
    }

    /// What the ledger has recorded with the body itself.
    fn own(&self, waters: &Waters<'a>, row: u32) -> Option<Judged<'a>> {
        let Own([sampled, clarity, oxygen, ammonia, depth]) = self.own;
        let value = |at: Option<usize>| at.and_then(|at| waters.table.row(row).value(at).number());
        let sample = Sample {
            on: match sampled.map(|at| waters.table.row(row).value(at)) {
                Some(Value::Date(day)) if day > self.today => return None,
                Some(Value::Date(day)) => Some(day),
                _ => None,
            },
            clarity_cm: value(clarity),
            oxygen_mg_l: value(oxygen),
            ammonia_mg_l: value(ammonia),
            depth_cm: value(depth),
            ..Sample::default()
        };
        sample.says_something().then(|| judge(sample, self.today))
    }
}

/// The bodies that are there by id and by name; None: two bear that name.
pub fn by_name<'a>(waters: &Waters<'a>) -> HashMap<&'a str, Option<u32>> {
    let column = waters.table.column("name");
    let mut names: HashMap<&str, Option<u32>> = HashMap::new();
    for row in (0..waters.table.len()).filter(|&row| (waters.stands)(row)) {
        let name = text(waters.table, row, column);
        if !name.is_empty() {
            names.entry(name).and_modify(|known| *known = None).or_insert(Some(row));
        }
    }
    // An id is a name that nobody else bears.
    for row in (0..waters.table.len()).filter(|&row| (waters.stands)(row)) {
        names.insert(waters.table.row(row).id(), Some(row));
    }
    names
}

/// The body that a sample belongs to.
fn body_of(
    waters: &Waters<'_>,
    names: &HashMap<&str, Option<u32>>,
    read: &Reading<'_>,
    row: u32,
    near_m: f64,
) -> Option<u32> {
    let near = beside(waters, read.table, row, near_m);
    let stated = text(read.table, row, read.waterbody);
    if stated.is_empty() {
        return match near.as_slice() {
            [(body, m), rest @ ..] if rest.first().is_none_or(|(_, other_m)| other_m > m) => Some(*body),
            _ => None,
        };
    }
    let body = names.get(stated).copied().flatten()?;
    // It names one body and was taken in another: one of the two is wrong, and nobody can say which.
    (near.is_empty() || near.iter().any(|(other, _)| *other == body)).then_some(body)
}

/// The bodies within reach of a sample's place, the nearest first.
fn beside(waters: &Waters<'_>, samples: &Table, row: u32, near_m: f64) -> Vec<(u32, f64)> {
    let Some(mut probe) = Probe::new(samples.shape(row), near_m) else { return Vec::new() };
    let mut found = Vec::new();
    let search = probe.search;
    waters.table.index().search(&search, |body| {
        if (waters.stands)(body)
            && let Some(distance_m) = probe.within(waters.table.shape(body))
        {
            found.push((body, distance_m));
        }
    });
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found
}

/// A table of samples, and where it keeps what.
struct Reading<'a> {
    table: &'a Table,
    on: Option<usize>,
    waterbody: Option<usize>,
    numbers: [Option<usize>; 5],
    senses: [Option<usize>; 2],
}

impl<'a> Reading<'a> {
    fn of(table: &'a Table) -> Self {
        let column = |name: &str| table.column(name);
        Self {
            table,
            on: column("on"),
            waterbody: column("waterbody"),
            numbers: ["clarity_cm", "oxygen_mg_l", "ammonia_mg_l", "depth_cm", "appraisal_percent"].map(column),
            senses: ["odour", "colour"].map(column),
        }
    }

    fn sample(&self, row: u32, on: Option<Day>) -> Sample<'a> {
        let value = |at: Option<usize>| at.and_then(|at| self.table.row(row).value(at).number());
        let [clarity_cm, oxygen_mg_l, ammonia_mg_l, depth_cm, appraisal_percent] = self.numbers.map(value);
        let [odour, colour] = self.senses.map(|at| text(self.table, row, at));
        let offends = (!odour.is_empty() || !colour.is_empty()).then(|| odour == "strong" || colour == "abnormal");
        let id = self.table.row(row).id();
        Sample { on, id, clarity_cm, oxygen_mg_l, ammonia_mg_l, depth_cm, appraisal_percent, offends }
    }
}

/// The properties that tell of a judgement, in the order of `values`.
pub fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Date, Float, Text};
    let samples = ["black-odorous", "not-black-odorous", "incomplete"];
    vec![
        Attribute { domain: terms("judgement", &samples), ..Attribute::property("judgement", Code, "") },
        Attribute { domain: terms("failed", &FAILED), ..Attribute::property("failed_limits", Code, "") },
        Attribute::property("differs", Bool, ""),
        // From here on these take the place of the body's own of the same name: they are the deciding sample's.
        Attribute::property("sampled", Date, ""),
        Attribute::property("sample_id", Text, ""),
        Attribute::property("clarity_cm", Float, "cm"),
        Attribute::property("clarity_limit_cm", Float, "cm"),
        Attribute::property("oxygen_mg_l", Float, "mg/L"),
        Attribute::property("ammonia_mg_l", Float, "mg/L"),
        Attribute::property("depth_cm", Float, "cm"),
    ]
}

/// Whether a judgement is another than the condition that the ledger states; None where one of them is silent.
pub fn differs(judged: Option<&Judged<'_>>, condition: &str) -> Option<bool> {
    let judged = judged.filter(|judged| judged.judgement != "incomplete")?;
    (condition != "unknown").then(|| judged.is_black() != (condition == "black"))
}

/// What is told of a judgement.
pub fn values<'v>(judged: Option<&Judged<'v>>, condition: &str) -> [Value<'v>; 10] {
    let sample = judged.map_or(Sample::default(), |judged| judged.sample);
    [
        word(judged.map(|judged| judged.judgement)),
        word(judged.and_then(|judged| judged.failed)),
        differs(judged, condition).map_or(Value::Null, Value::Bool),
        date(sample.on),
        word(sample.id),
        number(sample.clarity_cm),
        number(judged.and_then(|judged| judged.clarity_limit_cm)),
        number(sample.oxygen_mg_l),
        number(sample.ammonia_mg_l),
        number(sample.depth_cm),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn sample(clarity: f64, oxygen: f64, ammonia: f64, depth: Option<f64>) -> Sample<'static> {
        Sample {
            on: Some(day("2026-10-20")),
            id: "s",
            clarity_cm: Some(clarity),
            oxygen_mg_l: Some(oxygen),
            ammonia_mg_l: Some(ammonia),
            depth_cm: depth,
            ..Sample::default()
        }
    }

    #[test]
    fn at_a_limit_nothing_fails_and_beyond_it_each_limit_is_named() {
        let of = |s: Sample<'static>| (judge(s, day("2026-10-31")).judgement, judge(s, day("2026-10-31")).failed);
        assert_eq!(of(sample(25.0, 2.0, 15.0, None)), ("not-black-odorous", None));
        assert_eq!(of(sample(24.9, 2.0, 15.0, None)), ("black-odorous", Some("clarity")));
        assert_eq!(of(sample(25.0, 1.9, 15.0, None)), ("black-odorous", Some("oxygen")));
        assert_eq!(of(sample(25.0, 2.0, 15.1, None)), ("black-odorous", Some("ammonia")));
        assert_eq!(of(sample(8.0, 2.0, 15.0, Some(20.0))), ("not-black-odorous", None), "exactly 40 % of 20 cm");
        assert_eq!(of(sample(7.9, 1.0, 20.0, Some(20.0))), ("black-odorous", Some("clarity-oxygen-ammonia")));
        assert_eq!(of(sample(7.9, 2.0, 20.0, Some(20.0))), ("black-odorous", Some("clarity-ammonia")));
        assert_eq!(of(sample(30.0, 1.0, 20.0, None)), ("black-odorous", Some("oxygen-ammonia")));
    }

    #[test]
    fn what_was_measured_decides_before_what_was_said_and_seen() {
        let today = day("2026-10-31");
        let half = Sample { oxygen_mg_l: None, ..sample(30.0, 0.0, 3.0, None) };
        assert_eq!(judge(half, today).judgement, "incomplete");
        let said = Sample { appraisal_percent: Some(60.0), ..half };
        assert_eq!((judge(said, today).judgement, judge(said, today).failed), ("black-odorous", Some("appraisal")));
        let less = Sample { appraisal_percent: Some(59.9), offends: Some(true), ..half };
        assert_eq!(judge(less, today).failed, Some("senses"));
        let whole = Sample { appraisal_percent: Some(90.0), offends: Some(true), ..sample(30.0, 4.0, 3.0, None) };
        assert_eq!(judge(whole, today).judgement, "not-black-odorous");
        // Before the limits were made nothing measured can fail them.
        let early = Sample { on: Some(day("2023-12-31")), ..sample(5.0, 0.5, 30.0, None) };
        assert_eq!(judge(early, today).judgement, "incomplete");
    }

    #[test]
    fn of_one_day_the_sample_that_fails_more_decides() {
        let today = day("2026-10-31");
        let (good, bad) = (judge(sample(30.0, 4.0, 3.0, None), today), judge(sample(5.0, 4.0, 30.0, None), today));
        assert!(newer(good, bad).is_black() && newer(bad, good).is_black());
        let later = judge(Sample { on: Some(day("2026-10-21")), ..sample(30.0, 4.0, 3.0, None) }, today);
        assert!(!newer(bad, later).is_black());
    }
}
