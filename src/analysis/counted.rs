//! What is counted where it lies: the places of a layer that hotspots, densities and clusters are made of.
//!
//! A feature counts once, at its anchor. Without a period, what stands on the day (of issues: what is not closed); with one,
//! what began in it, whatever became of it since. Of issues, those that were rejected never count.

use rayon::prelude::*;

use crate::analysis::definition::{Domain, Parameter};
use crate::analysis::{Bound, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::kind::Attribute;
use crate::table::{Table, Value};
use crate::units::Day;

/// What may be counted, issues first.
const KINDS: &[&str] = &[
    "issue",
    "farm",
    "waterbody",
    "toilet",
    "waste_point",
    "sewage_facility",
    "street_light",
    "camera",
    "frontage",
    "school",
    "household",
    "settlement",
    "project",
    "road",
    "patrol",
    "event",
];

/// Of issues: no longer open, and never to be counted.
const CLOSED: &[&str] = &["closed", "held"];
const REJECTED: &str = "rejected";

/// What is counted.
pub const OF: Parameter = Parameter { name: "of", domain: Domain::Layer { kinds: KINDS } };
/// Which of it.
pub const WHERE: Parameter = Parameter { name: "where", domain: Domain::Filter { on: "of" } };
/// First and last day of the period in which it began.
pub const FROM: Parameter = Parameter { name: "from", domain: Domain::Day };
/// The last day; without one, the day as of which it is asked.
pub const TO: Parameter = Parameter { name: "to", domain: Domain::Day };

/// What each counts; without one, each counts once.
pub const VALUE: Parameter = Parameter { name: "value", domain: Domain::Attribute { on: "of" } };

/// Values are added up as whole thousandths, so that no order of adding makes a difference.
const PARTS: f64 = 1_000.0;
/// Nothing counts more than this.
const MOST: f64 = 1e12;

/// Something that is counted.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its row in the layer.
    pub row: u32,
    /// Longitude and latitude of its anchor.
    pub at: [f64; 2],
    /// When it began, where it says.
    pub on: Option<Day>,
    /// Whether it is of the period before.
    pub before: bool,
    /// What it counts: 1, or thousandths of its value.
    pub value: i64,
}

/// From the first to the last day of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    from: Option<Day>,
    to: Day,
}

impl Period {
    /// The period that is asked for; None where none is.
    fn of(bound: &Bound) -> Result<Option<Self>, Fault> {
        let (from, to) = (bound.day("from"), bound.day("to"));
        let last = to.unwrap_or(bound.as_of);
        match from {
            Some(first) if first > last => {
                Err(Fault::invalid("period-upside-down").with("from", first).with("to", last))
            }
            None if to.is_none() => Ok(None),
            _ => Ok(Some(Self { from, to: last })),
        }
    }

    /// As many days just before it; None where it has no first day.
    fn before(self) -> Option<Self> {
        let from = self.from?;
        let days = (self.to.days_since(from) + 1) as i32;
        Some(Self { from: Some(Day(from.0 - days)), to: Day(from.0 - 1) })
    }

    fn holds(self, day: Day) -> bool {
        day <= self.to && self.from.is_none_or(|from| from <= day)
    }
}

/// What is counted, and what is not for want of something.
pub struct Counted {
    /// In the order of the layer's rows.
    pub places: Vec<Place>,
    /// Whether there is a period before to hold it against.
    pub compares: bool,
    /// Left out because their place is nobody's business.
    pub private: usize,
    /// Left out because they do not say where they are.
    pub unplaced: usize,
    /// Left out because they do not say when they began.
    pub undated: usize,
    /// Left out because they do not say what they count, or something below nothing.
    pub unvalued: usize,
    /// What a value of 1 is in places.
    pub scale: f64,
    /// The unit of values, as their attribute has it: of a sum of heads, heads.
    pub unit: String,
}

/// Why a row does not count, or how it does.
enum Verdict {
    Counts(Place),
    Passed,
    Private,
    Unplaced,
    Undated,
    Unvalued,
}

/// What a question counts.
///
/// # Errors
/// `period-upside-down`; `period-undated` for a period of what has no days.
pub fn counted(bound: &Bound) -> Result<Counted, Fault> {
    let layer = bound.layer("of")?;
    let table: &Table = layer.table();
    let period = Period::of(bound)?;
    let before = period.and_then(Period::before);
    let time = table.time();
    if period.is_some() && !time.are() {
        return Err(Fault::unprocessable("period-undated").with("layer", layer.name()));
    }
    // A compiled filter stays on its thread.
    let test = bound.filter("where")?.map(|filter| filter.compile(table.attributes())).transpose()?;
    let passes: Option<Vec<bool>> = test.map(|test| table.rows().map(|row| test.holds(row) == Some(true)).collect());
    let stands = standing(table);
    let (is_issue, status, private) = (layer.kind().id == "issue", table.column("status"), table.column("private"));
    let value = weighed(bound).then(|| table.column(bound.text("value"))).flatten();
    let verdict = |row: u32| -> Verdict {
        let status = match status.map(|at| table.row(row).value(at)) {
            Some(Value::Text(word)) if is_issue => word,
            _ => "",
        };
        let on = time.span(table.row(row)).from;
        let over = period.is_none() && CLOSED.contains(&status);
        let to_come = on.is_some_and(|day| day > bound.as_of);
        if !stands(row) || status == REJECTED || over || to_come {
            return Verdict::Passed;
        }
        if passes.as_ref().is_some_and(|passes| !passes[row as usize]) {
            return Verdict::Passed;
        }
        let mut is_before = false;
        if let Some(period) = period {
            let Some(day) = on else { return Verdict::Undated };
            is_before = before.is_some_and(|before| before.holds(day));
            if !is_before && !period.holds(day) {
                return Verdict::Passed;
            }
        }
        if private.is_some_and(|at| table.row(row).value(at) == Value::Bool(true)) {
            return Verdict::Private;
        }
        let value = match value {
            None => 1,
            Some(at) => match table.row(row).value(at).number().filter(|x| (0.0..=MOST).contains(x)) {
                Some(x) => (x * PARTS).round() as i64,
                None => return Verdict::Unvalued,
            },
        };
        match table.shape(row).anchor() {
            Some(at) => Verdict::Counts(Place { row, at, on, before: is_before, value }),
            None => Verdict::Unplaced,
        }
    };
    let verdicts: Vec<Verdict> = (0..table.len()).into_par_iter().map(verdict).collect();
    let mut all = Counted {
        places: Vec::new(),
        compares: before.is_some(),
        private: 0,
        unplaced: 0,
        undated: 0,
        unvalued: 0,
        scale: if value.is_some() { PARTS } else { 1.0 },
        unit: value.map(|at| table.attributes()[at].unit.clone()).unwrap_or_default(),
    };
    for verdict in verdicts {
        match verdict {
            Verdict::Counts(place) => all.places.push(place),
            Verdict::Passed => {}
            Verdict::Private => all.private += 1,
            Verdict::Unplaced => all.unplaced += 1,
            Verdict::Undated => all.undated += 1,
            Verdict::Unvalued => all.unvalued += 1,
        }
    }
    Ok(all)
}

impl Counted {
    /// Only what is of the period itself.
    pub fn now(mut self) -> Self {
        self.places.retain(|place| !place.before);
        self
    }

    /// How many were left out, and why; nothing of what was not.
    pub fn left_out(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        if self.private > 0 {
            figures.push(Figure::new("private_left_out", self.private, "{feature}"));
        }
        if self.unplaced > 0 {
            figures.push(Figure::new("unplaced", self.unplaced, "{feature}"));
        }
        if self.undated > 0 {
            figures.push(Figure::new("undated", self.undated, "{feature}"));
        }
        if self.unvalued > 0 {
            figures.push(Figure::new("unvalued", self.unvalued, "{feature}"));
        }
        figures
    }

    /// What the places of the period, or of that before, come to.
    pub fn sum(&self, before: bool) -> f64 {
        let sum: i128 = self.places.iter().filter(|p| p.before == before).map(|p| i128::from(p.value)).sum();
        sum as f64 / self.scale
    }

    /// Attributes of an answer, with the values' own unit for those that are sums of them.
    pub fn in_units(&self, mut attributes: Vec<Attribute>) -> Vec<Attribute> {
        let sums = attributes.iter_mut().filter(|attribute| attribute.name.starts_with("sum"));
        sums.for_each(|attribute| {
            attribute.unit = if attribute.name == "sum_km2" { self.per_km2() } else { self.unit.clone() }
        });
        attributes
    }

    /// The unit of a density of values.
    pub fn per_km2(&self) -> String {
        format!("{}/km2", if self.unit.is_empty() { "1" } else { &self.unit })
    }

    /// How much more sums vary by chance than numbers of things do: Σx² ÷ Σx, in thousandths as they are; 1 where each counts 1.
    pub fn dispersion(&self) -> f64 {
        let all = |power: u32| self.places.iter().map(|place| i128::from(place.value).pow(power)).sum::<i128>();
        if self.scale == 1.0 { 1.0 } else { all(2) as f64 / all(1).max(1) as f64 }
    }
}

/// Whether things count by a value of theirs.
pub fn weighed(bound: &Bound) -> bool {
    !bound.text("value").is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_is_as_long_and_ends_the_day_before() {
        let day = |text: &str| Day::parse(text).unwrap();
        let october = Period { from: Some(day("2026-10-01")), to: day("2026-10-31") };
        let before = october.before().unwrap();
        assert_eq!(before, Period { from: Some(day("2026-08-31")), to: day("2026-09-30") });
        assert!(october.holds(day("2026-10-01")) && october.holds(day("2026-10-31")));
        assert!(!october.holds(day("2026-11-01")) && !before.holds(day("2026-10-01")));
        assert_eq!(Period { from: None, to: day("2026-10-31") }.before(), None);
    }
}
