//! Where every issue stands: overdue ones first, and those due for a look-back.
//!
//! Overdue is what had to be rectified before the day and is not yet verified; what is suspended or rejected has no deadline
//! that runs. On the last day of its deadline an issue is still in time.

use crate::analysis::definition::{Definition, From, Influence, Input, Outcome};
use crate::analysis::{Bound, columns, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{Table, Value};
use crate::units::Day;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "issue-board",
    version: "1",
    parameters: &[],
    inputs: &[Input { role: "issues", from: From::Kind("issue"), required: true }],
    subject: |_| "issues",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Int};
    vec![
        Attribute::property("overdue", Bool, ""),
        Attribute::property("days_open", Int, "d"),
        Attribute::property("days_over", Int, "d"),
        Attribute::property("look_back_due", Bool, ""),
    ]
}

/// What is to be known of one issue.
pub(super) struct Standing {
    /// A second entry of something registered already: it is shown, and counted nowhere.
    pub(super) duplicate: bool,
    pub(super) open: bool,
    pub(super) closed: bool,
    pub(super) overdue: bool,
    days_open: Option<i64>,
    days_over: Option<i64>,
    look_back_due: bool,
    /// Whether it was closed by its deadline; None where it is not closed, or the days are not both known.
    in_time: Option<bool>,
    looked_back: bool,
    relapsed: bool,
}

/// Reads rows by the attributes that a board needs; what a table lacks is null.
pub(super) struct Board<'a> {
    pub(super) table: &'a Table,
    pub(super) day: Day,
}

impl Board<'_> {
    fn text(&self, row: u32, attribute: &str) -> &str {
        match self.table.row(row).named(attribute) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    fn on(&self, row: u32, attribute: &str) -> Option<Day> {
        match self.table.row(row).named(attribute) {
            Value::Date(day) => Some(day),
            _ => None,
        }
    }

    pub(super) fn standing(&self, row: u32) -> Standing {
        let status = self.text(row, "status");
        let (closed, rejected) = (matches!(status, "closed" | "held"), status == "rejected");
        let due = self.on(row, "rectify_by");
        // Nobody said: it has been found.
        let unverified =
            matches!(status, "" | "found" | "registered" | "assigned" | "in_progress" | "rectified" | "relapsed");
        let days_over = due.filter(|due| unverified && *due < self.day).map(|due| self.day.days_since(due));
        let closed_on = self.on(row, "closed_on").filter(|_| closed);
        let until = match (closed, rejected) {
            (true, _) => closed_on,
            (_, true) => None,
            _ => Some(self.day),
        };
        let found_on = self.on(row, "found_on");
        // An issue that was closed before it was found is a slip of the pen, and has no age.
        let days_open = until.zip(found_on).map(|(until, found)| until.days_since(found)).filter(|days| *days >= 0);
        let round = self.table.row(row).named("round").number().unwrap_or(1.0);
        let relapsed = round > 1.0 || status == "relapsed";
        Standing {
            duplicate: rejected && self.text(row, "reject_reason") == "duplicate",
            open: !closed && !rejected,
            closed,
            overdue: days_over.is_some(),
            days_open,
            days_over,
            look_back_due: status == "closed" && self.on(row, "look_back_on").is_some_and(|on| on <= self.day),
            in_time: closed_on.zip(due).map(|(closed, due)| closed <= due),
            looked_back: relapsed || self.on(row, "looked_back_on").is_some(),
            relapsed,
        }
    }
}

/// The middle of some numbers, the mean of the two middle ones where there is none; None of none.
fn median(mut all: Vec<i64>) -> Option<f64> {
    all.sort_unstable();
    let (low, high) = (all.get(all.len().checked_sub(1)? / 2)?, all.get(all.len() / 2)?);
    Some((low + high) as f64 / 2.0)
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let issues = bound.layer("issues")?.table();
    let board = Board { table: issues, day: bound.as_of };
    let rows: Vec<u32> = (0..issues.len()).collect();
    let all: Vec<Standing> = rows.iter().map(|&row| board.standing(row)).collect();
    let say = |one: &Standing| {
        [
            Value::Bool(one.overdue),
            one.days_open.map_or(Value::Null, Value::Int),
            one.days_over.map_or(Value::Null, Value::Int),
            Value::Bool(one.look_back_due),
        ]
    };
    let columns = columns(properties(), &all.iter().map(say).collect::<Vec<_>>());
    let mut order = vec![SortKey::down("overdue"), SortKey::down("days_over")];
    order.extend(issues.column("rectify_by").map(|_| SortKey::up("rectify_by")));
    Ok(Outcome { table: issues.derive(rows, columns, order), figures: figures(&all) })
}

fn figures(all: &[Standing]) -> Vec<Figure> {
    let counted: Vec<&Standing> = all.iter().filter(|one| !one.duplicate).collect();
    let count = |test: &dyn Fn(&Standing) -> bool| counted.iter().filter(|one| test(one)).count();
    let rate = |part: usize, whole: usize| (whole > 0).then(|| round_mm(part as f64 / whole as f64));
    let (closed, timed) = (count(&|one| one.closed), count(&|one| one.in_time.is_some()));
    let (looked_back, relapsed) = (count(&|one| one.looked_back), count(&|one| one.relapsed));
    let days = counted.iter().filter(|one| one.closed).filter_map(|one| one.days_open).collect();
    vec![
        Figure::new("registered", counted.len(), "{issue}"),
        Figure::new("open", count(&|one| one.open), "{issue}"),
        Figure::new("overdue", count(&|one| one.overdue), "{issue}"),
        Figure::new("closed", closed, "{issue}"),
        Figure::new("closure_rate", rate(closed, counted.len()), "1"),
        Figure::new("on_time_rate", rate(count(&|one| one.in_time == Some(true)), timed), "1"),
        Figure::new("median_days", median(days), "d"),
        Figure::new("look_back_due", count(&|one| one.look_back_due), "{issue}"),
        Figure::new("looked_back", looked_back, "{issue}"),
        Figure::new("relapsed", relapsed, "{issue}"),
        Figure::new("relapse_rate", rate(relapsed, looked_back), "1"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middle_ones() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7.0));
        assert_eq!(median(vec![9, 1]), Some(5.0));
        assert_eq!(median(vec![9, 1, 2]), Some(2.0));
        assert_eq!(median(vec![4, 1, 2, 100]), Some(3.0));
    }
}
