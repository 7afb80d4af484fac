//! What the map's layers, as they stood on the closing day of a period, say of each village.

use std::collections::HashMap;
use std::sync::Arc;

use crate::analysis::issue_board::Board;
use crate::analysis::{in_force, said, standing};
use crate::geo::bbox::Bbox;
use crate::layer::Layer;
use crate::rules::indicators::{Indicators, Weight};
use crate::stop;
use crate::table::{Row, Table, Value};
use crate::units::Day;

/// The rates that there are properties for, by id.
pub const RATES: [&str; 4] = ["water", "sewage", "waste", "manure"];

/// The layers of one day; None: the map keeps none of the kind.
pub struct Layers<'a> {
    pub villages: &'a Table,
    pub households: Option<&'a Table>,
    pub farms: Option<&'a Table>,
    pub issues: Option<&'a Table>,
    pub events: Option<&'a Table>,
}

/// The first table of a role.
pub fn first(layers: &[Arc<Layer>]) -> Option<&Table> {
    layers.first().map(|layer| &**layer.table())
}

/// A rate: percent, and of what.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Percent; None where it is not known, or there is nothing to be a rate of.
    pub percent: Option<f64>,
    pub num: Option<i64>,
    pub den: Option<i64>,
    /// The village told the rate alone: what it is a rate of was taken from elsewhere.
    pub estimated: bool,
    /// Whether it reaches its target.
    pub pass: Option<bool>,
    /// How many more it would take.
    pub short: Option<i64>,
}

/// The toilet retrofit: how many houses have come how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    pub task: i64,
    pub started: i64,
    pub completed: i64,
    pub accepted: i64,
    /// Houses whose old pit still stands, and those of them that are accepted.
    pub old_pits: i64,
    pub accepted_with_pit: i64,
    /// Old pits demolished in the period.
    pub pits_demolished: i64,
    /// Houses of which a later step is told and an earlier is not, or on a later day.
    pub breaks: i64,
}

impl Funnel {
    /// Whether no step was taken by more houses than the one before it.
    pub fn is_monotone(&self) -> bool {
        self.task >= self.started && self.started >= self.completed && self.completed >= self.accepted
    }

    pub fn add(&mut self, other: &Self) {
        self.task += other.task;
        self.started += other.started;
        self.completed += other.completed;
        self.accepted += other.accepted;
        self.old_pits += other.old_pits;
        self.accepted_with_pit += other.accepted_with_pit;
        self.pits_demolished += other.pits_demolished;
        self.breaks += other.breaks;
    }
}

/// Issues: found and closed in the period, open and overdue at its close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Issues {
    pub registered: i64,
    pub closed: i64,
    pub open: i64,
    pub overdue: i64,
}

impl Issues {
    pub fn add(&mut self, other: &Self) {
        self.registered += other.registered;
        self.closed += other.closed;
        self.open += other.open;
        self.overdue += other.overdue;
    }
}

/// What is known of a village.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub rates: [Rate; 4],
    pub toilets: Option<Funnel>,
    pub issues: Option<Issues>,
    pub cleanings: Option<i64>,
}

impl Facts {
    /// What a line of the score sheet asks for; None where it is not known.
    pub fn measure(&self, name: &str, days: i64) -> Option<f64> {
        let share = |of: fn(&Funnel) -> i64| {
            let toilets = self.toilets.filter(|toilets| toilets.task > 0)?;
            Some(of(&toilets) as f64 * 100.0 / toilets.task as f64)
        };
        let toilet = |of: fn(&Funnel) -> i64| self.toilets.map(|toilets| of(&toilets) as f64);
        let issue = |of: fn(&Issues) -> i64| self.issues.map(|issues| of(&issues) as f64);
        match name {
            "started_share" => share(|t| t.started),
            "completed_share" => share(|t| t.completed),
            "accepted_share" => share(|t| t.accepted),
            "old_pits" => toilet(|t| t.old_pits),
            "accepted_with_pit" => toilet(|t| t.accepted_with_pit),
            "open" => issue(|i| i.open),
            "overdue" => issue(|i| i.overdue),
            "cleanings" => self.cleanings.map(|n| n as f64),
            "cleanings_per_week" => self.cleanings.map(|n| n as f64 * 7.0 / days.max(1) as f64),
            rate => {
                let at = RATES.iter().position(|id| rate.strip_suffix("_rate") == Some(id))?;
                self.rates[at].percent
            }
        }
    }
}

/// Whether there is such a measure.
pub fn is_measure(name: &str) -> bool {
    let known = |measure: &str| MEASURES.contains(&measure);
    known(name) || name.strip_suffix("_rate").is_some_and(|rate| RATES.contains(&rate))
}

const MEASURES: &[&str] = &[
    "started_share",
    "completed_share",
    "accepted_share",
    "old_pits",
    "accepted_with_pit",
    "open",
    "overdue",
    "cleanings",
    "cleanings_per_week",
];

/// The facts of a list of villages.
pub struct Told {
    /// Rows of the village table, in the order of their ids.
    pub rows: Vec<u32>,
    pub facts: Vec<Facts>,
    /// Records that name no village of the list and lie in none.
    pub unplaced: Facts,
}

/// Which village something belongs to: the one that it names, by id, code or name; else the one that it lies in.
struct Placer<'a> {
    villages: &'a Table,
    /// Place in the list by table row.
    listed: HashMap<u32, usize>,
    /// None: two villages go by it.
    by_word: HashMap<&'a str, Option<usize>>,
}

impl<'a> Placer<'a> {
    fn new(villages: &'a Table, rows: &[u32]) -> Self {
        let mut by_word: HashMap<&str, Option<usize>> = HashMap::new();
        for (at, &row) in rows.iter().enumerate() {
            let row = villages.row(row);
            let mut words = vec![row.id()];
            words.extend(["code", "name"].iter().filter_map(|name| said(row, name)));
            words.sort_unstable();
            words.dedup();
            for word in words {
                by_word.entry(word).and_modify(|known| *known = None).or_insert(Some(at));
            }
        }
        Self { villages, listed: rows.iter().enumerate().map(|(at, &row)| (row, at)).collect(), by_word }
    }

    fn of(&self, row: Row<'_>) -> Option<usize> {
        let words = ["village_code", "village"].iter().filter_map(|name| said(row, name));
        let named = words.filter_map(|word| self.by_word.get(word).copied().flatten()).next();
        named.or_else(|| self.around(row.shape().inside_point()?))
    }

    /// On a shared border the first of the list, so that nothing is counted twice.
    fn around(&self, place: [f64; 2]) -> Option<usize> {
        let mut holder: Option<usize> = None;
        self.villages.index().search(&Bbox::point(place), |row| {
            if let Some(&at) = self.listed.get(&row)
                && self.villages.shape(row).contains(place)
            {
                holder = Some(holder.map_or(at, |other| other.min(at)));
            }
        });
        holder
    }
}

/// Counts one layer by village, and apart what belongs to none.
fn count<T: Clone + Default>(
    placer: &Placer<'_>,
    table: &Table,
    counts: impl Fn(u32) -> bool,
    mut each: impl FnMut(&mut T, u32),
) -> (Vec<T>, T) {
    let (mut all, mut rest) = (vec![T::default(); placer.listed.len()], T::default());
    let stop = stop::current();
    for row in (0..table.len()).take_while(|_| !stop.is_raised()).filter(|&row| counts(row)) {
        match placer.of(table.row(row)) {
            Some(at) => each(&mut all[at], row),
            None => each(&mut rest, row),
        }
    }
    (all, rest)
}

fn on(row: Row<'_>, attribute: &str, by: Day) -> Option<Day> {
    match row.named(attribute) {
        Value::Date(day) if day <= by => Some(day),
        _ => None,
    }
}

fn toilet(funnel: &mut Funnel, row: Row<'_>, from: Day, to: Day) {
    let state = said(row, "retrofit").unwrap_or("enrolled");
    if state == "none" {
        return;
    }
    funnel.task += 1;
    let days = ["started_on", "completed_on", "accepted_on"].map(|name| on(row, name, to));
    // A step is taken when its day is told, or when the state says so.
    let at_least = |states: &[&str]| states.contains(&state);
    let started = days[0].is_some() || at_least(&["started", "completed", "accepted", "failed"]);
    let completed = days[1].is_some() || at_least(&["completed", "accepted", "failed"]);
    let accepted = days[2].is_some() || at_least(&["accepted"]);
    funnel.started += i64::from(started);
    funnel.completed += i64::from(completed);
    funnel.accepted += i64::from(accepted);
    let skipped = days.windows(2).any(|pair| match (pair[0], pair[1]) {
        (Some(earlier), Some(later)) => later < earlier,
        (None, Some(_)) => true,
        _ => false,
    });
    funnel.breaks += i64::from(skipped || (accepted && !completed) || (completed && !started));
    let stands = said(row, "old_pit") == Some("standing");
    funnel.old_pits += i64::from(stands);
    funnel.accepted_with_pit += i64::from(stands && accepted);
    funnel.pits_demolished += i64::from(on(row, "old_pit_demolished_on", to).is_some_and(|day| day >= from));
}

/// A rate of a village: from numerator and denominator where it tells both, else as it tells it.
fn rate(row: Row<'_>, id: &str, weight: Option<i64>) -> Rate {
    let whole = |part: &str| row.named(&format!("{id}_{part}")).number().map(|n| n.round() as i64);
    if let (Some(num), Some(den)) = (whole("num"), whole("den")) {
        let percent = (den > 0).then(|| num as f64 * 100.0 / den as f64);
        return Rate { percent, num: Some(num), den: Some(den), ..Rate::default() };
    }
    let Some(percent) = row.named(&format!("{id}_rate")).number() else { return Rate::default() };
    let num = weight.map(|den| (den as f64 * percent / 100.0).round() as i64);
    Rate { percent: Some(percent), num, den: weight, estimated: true, ..Rate::default() }
}

/// Holds a rate against its target: reached is passed.
fn judge(mut rate: Rate, target: f64) -> Rate {
    rate.pass = match (rate.estimated, rate.num, rate.den) {
        // Whole numbers, so that exactly at the target is at it.
        (false, Some(num), Some(den)) if den > 0 => Some(num as f64 * 100.0 >= target * den as f64),
        _ => rate.percent.map(|percent| percent >= target),
    };
    rate.short = rate.num.zip(rate.den).zip(rate.pass).map(|((num, den), pass)| {
        let wanted = (den as f64 * target / 100.0 - 1e-9).ceil() as i64;
        if pass { 0 } else { (wanted - num).max(1) }
    });
    rate
}

/// Reads a period off the layers of its closing day.
pub fn read(layers: &Layers<'_>, by: &Indicators, from: Day, to: Day) -> Told {
    let villages = layers.villages;
    let counts = in_force(villages, to);
    let mut rows: Vec<u32> = (0..villages.len()).filter(|&row| counts(row)).collect();
    rows.sort_by_key(|&row| villages.row(row).id());
    let placer = Placer::new(villages, &rows);
    let toilets = layers.households.map(|table| {
        let stands = standing(table);
        count(&placer, table, stands, |funnel, row| toilet(funnel, table.row(row), from, to))
    });
    let farms: Option<(Vec<i64>, i64)> = layers.farms.map(|table| {
        let stands = standing(table);
        count(&placer, table, stands, |farms: &mut i64, _| *farms += 1)
    });
    let issues = layers.issues.map(|table| {
        let board = Board { table, day: to };
        let all = |_| true;
        count(&placer, table, all, |issues: &mut Issues, row| issue(issues, &board, row, from, to))
    });
    let cleanings = layers.events.map(|table| {
        let counts = |row: u32| {
            let row = table.row(row);
            let event = said(row, "event").is_some_and(|event| by.cleaning.iter().any(|one| one == event));
            event && row.named("undone") != Value::Bool(true) && on(row, "on", to).is_some_and(|day| day >= from)
        };
        count(&placer, table, counts, |times: &mut i64, _| *times += 1)
    });
    let fact = |at: usize, row: Row<'_>| {
        let households = row.named("households").number().map(|n| n.round() as i64);
        let mut rates = [Rate::default(); 4];
        for target in &by.rates {
            let Some(nth) = RATES.iter().position(|id| *id == target.id) else { continue };
            let weight = match target.weight {
                Weight::Households => households,
                Weight::Farms => farms.as_ref().map(|(all, _)| all[at]),
            };
            rates[nth] = judge(rate(row, &target.id, weight), target.target);
        }
        Facts {
            rates,
            toilets: toilets.as_ref().map(|(all, _)| all[at]),
            issues: issues.as_ref().map(|(all, _)| all[at]),
            cleanings: cleanings.as_ref().map(|(all, _)| all[at]),
        }
    };
    let facts = rows.iter().enumerate().map(|(at, &row)| fact(at, villages.row(row))).collect();
    let unplaced = Facts {
        toilets: toilets.as_ref().map(|(_, rest)| *rest),
        issues: issues.as_ref().map(|(_, rest)| *rest),
        cleanings: cleanings.as_ref().map(|(_, rest)| *rest),
        ..Facts::default()
    };
    Told { rows, facts, unplaced }
}

fn issue(issues: &mut Issues, board: &Board<'_>, row: u32, from: Day, to: Day) {
    let one = board.standing(row);
    let row = board.table.row(row);
    let unfound = matches!(row.named("found_on"), Value::Date(day) if day > to);
    if one.duplicate || unfound {
        return;
    }
    let within = |attribute: &str| on(row, attribute, to).is_some_and(|day| day >= from);
    issues.registered += i64::from(within("found_on"));
    issues.closed += i64::from(one.closed && within("closed_on"));
    issues.open += i64::from(one.open);
    issues.overdue += i64::from(one.overdue);
}
