//! The ledger: what happened from 1 September to 31 October 2026. The tables show the town on the eve; this is the rest.

pub mod farms;
pub mod fronts;
pub mod houses;
pub mod issues;
pub mod patrols;
pub mod villages;
pub mod waters;
pub mod works;

use crate::names;
use crate::rng::Rng;
use crate::shape::Pt;

/// The first and the last day of the ledger: 1 September and 31 October, as days of 2026 (1 January being 0).
pub const FIRST: i64 = 243;
/// 31 October.
pub const LAST: i64 = 303;
/// The eve of it, whose state the tables show.
pub const EVE: &str = "2026-08-31";

/// One row of a work log.
#[derive(Clone)]
pub struct Entry {
    /// The day of 2026.
    pub day: i64,
    /// The layer, as people call it.
    pub layer: &'static str,
    /// The object's number, or its name.
    pub object: String,
    /// What happened.
    pub event: &'static str,
    /// How much, and its unit.
    pub quantity: Option<(i64, &'static str)>,
    /// Who did it.
    pub by: String,
    /// What else is to be said.
    pub note: String,
    /// Field columns.
    pub fields: Vec<(&'static str, String)>,
    /// Where it was.
    pub place: Option<Pt>,
}

impl Entry {
    /// A row with nothing but what every row has.
    pub fn new(day: i64, layer: &'static str, object: impl Into<String>, event: &'static str, by: &str) -> Self {
        let (object, by) = (object.into(), by.to_owned());
        let (note, fields) = (String::new(), Vec::new());
        Self { day, layer, object, event, quantity: None, by, note, fields, place: None }
    }

    /// Says how much.
    pub fn of(mut self, number: i64, unit: &'static str) -> Self {
        self.quantity = Some((number, unit));
        self
    }

    /// Says more.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Fills a field column.
    pub fn field(mut self, column: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((column, value.into()));
        self
    }

    /// Says where.
    pub fn at(mut self, place: Pt) -> Self {
        self.place = Some(place);
        self
    }
}

/// The three logs that the town hall keeps.
#[derive(Default)]
pub struct Logs {
    /// Of everything but the other two (工作台账).
    pub works: Vec<Entry>,
    /// Of the toilet retrofit (改厕工作台账).
    pub toilets: Vec<Entry>,
    /// Of issues (问题台账).
    pub issues: Vec<Entry>,
}

impl Logs {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Entry> {
        self.works.iter().chain(&self.toilets).chain(&self.issues)
    }

    /// Brings each log into the order of its days; what was written first on a day stays first.
    pub fn sort(&mut self) {
        for log in [&mut self.works, &mut self.toilets, &mut self.issues] {
            log.sort_by_key(|row| row.day);
        }
    }
}

/// Who does what at the town hall; no two have one name.
pub struct Staff {
    /// The head of the office (人居办主任), who assigns and closes.
    pub head: String,
    /// Its clerk, who registers.
    pub clerk: String,
    /// Those who verify (督查组).
    pub inspectors: Vec<String>,
    /// The road team (专班).
    pub officers: Vec<String>,
    /// The livestock office (农业农村办).
    pub vets: Vec<String>,
    /// Those who accept toilets (验收组).
    pub acceptors: Vec<String>,
    /// The clerk of each village (村文书).
    pub clerks: Vec<String>,
}

impl Staff {
    /// Fills the posts.
    pub fn hire(seed: u64, villages: usize) -> Self {
        let mut rng = Rng::new(seed, "staff");
        let mut free = names::persons();
        rng.shuffle(&mut free);
        let mut some = |count: usize| free.split_off(free.len().saturating_sub(count));
        let one = |mut list: Vec<String>| list.pop().unwrap_or_default();
        Self {
            head: one(some(1)),
            clerk: one(some(1)),
            inspectors: some(4),
            officers: some(6),
            vets: some(3),
            acceptors: some(3),
            clerks: some(villages),
        }
    }
}

/// How much is done on a day: most on Fridays (周五集中整治) and at the end of a month, little on Sundays and in the first
/// week of October.
fn zeal(day: i64) -> f64 {
    // 1 January 2026 is a Thursday.
    let weekday = (day + 3) % 7;
    let week = match weekday {
        4 => 6.0,
        5 => 0.8,
        6 => 0.2,
        _ => 1.0,
    };
    let holiday = if (273..=279).contains(&day) { 0.15 } else { 1.0 };
    let month = if matches!(day, 272 | LAST) { 3.0 } else { 1.0 };
    week * holiday * month
}

/// Draws a day of work from `from` to `to`, both included.
pub fn busy_day(rng: &mut Rng, from: i64, to: i64) -> i64 {
    let all: f64 = (from..=to).map(zeal).sum();
    let mut left = rng.unit() * all;
    for day in from..to {
        left -= zeal(day);
        if left < 0.0 {
            return day;
        }
    }
    to
}

/// Draws an office day: Monday to Friday alike, hardly a weekend.
pub fn office_day(rng: &mut Rng, from: i64, to: i64) -> i64 {
    for _ in 0..40 {
        let day = rng.whole(from, to);
        if (day + 3) % 7 < 5 && !(273..=279).contains(&day) {
            return day;
        }
    }
    from
}

/// Shares a total out in whole numbers, none below one, in proportion to the weights.
pub fn share_out(total: i64, weights: &[f64]) -> Vec<i64> {
    let all: f64 = weights.iter().sum();
    let spare = (total - weights.len() as i64).max(0);
    let exact: Vec<f64> = weights.iter().map(|w| spare as f64 * w / all).collect();
    let mut shares: Vec<i64> = exact.iter().map(|x| x.floor() as i64 + 1).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| {
        (exact[*b].fract(), *a).partial_cmp(&(exact[*a].fract(), *b)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let missing = total - shares.iter().sum::<i64>();
    for at in order.into_iter().cycle().take(missing.max(0) as usize) {
        shares[at] += 1;
    }
    shares
}
