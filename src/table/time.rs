//! When features are: the days that they have to do with, for `datetime`.

use crate::kind::Time;
use crate::table::{Row, Table, Value};
use crate::units::{Day, Span};

/// The columns that say when a feature is.
pub struct TimeColumns {
    start: Option<usize>,
    end: Option<usize>,
    /// Whether both ends are the one day.
    instant: bool,
}

impl TimeColumns {
    /// Whether features have a time of their own at all.
    pub fn are(&self) -> bool {
        self.start.is_some() || self.end.is_some()
    }

    /// The days that a feature has to do with: every day, where it does not say.
    pub fn span(&self, row: Row<'_>) -> Span {
        let day = |at: Option<usize>| match at.map(|at| row.value(at)) {
            Some(Value::Date(day)) => Some(day),
            _ => None,
        };
        let from = day(self.start);
        Span { from, to: if self.instant { from } else { day(self.end) } }
    }
}

impl Table {
    /// The columns that say when its features are.
    pub fn time(&self) -> TimeColumns {
        let of = |role: Time| self.attributes().iter().position(|attribute| attribute.time == Some(role));
        match of(Time::Instant) {
            Some(at) => TimeColumns { start: Some(at), end: None, instant: true },
            None => TimeColumns { start: of(Time::Start), end: of(Time::End), instant: false },
        }
    }

    /// From the first day that any feature has to do with to the last; None where they have no time of their own.
    pub fn span(&self) -> Option<Span> {
        let time = self.time();
        if !time.are() {
            return None;
        }
        let mut open = false;
        let (mut first, mut last): (Option<Day>, Option<Day>) = (None, None);
        for row in self.rows() {
            let Span { from, to } = time.span(row);
            // One that does not say when it is, is not when the layer is.
            if from.is_none() && to.is_none() {
                continue;
            }
            first = [first, from.or(to)].into_iter().flatten().min();
            last = [last, to.or(from)].into_iter().flatten().max();
            open |= to.is_none();
        }
        first.map(|first| Span { from: Some(first), to: last.filter(|_| !open) })
    }
}
