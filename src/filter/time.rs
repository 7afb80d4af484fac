//! Dates, instants and intervals in a filter, and how they stand to each other.
//!
//! An attribute of type date is a day of the map's own calendar. Beside `DATE('…')` days are compared; beside
//! `TIMESTAMP('…')` the instant's day in the map's time zone stands for it, so `closed_on = TIMESTAMP('2026-09-29T17:00:00Z')`
//! means the 30th in Shanghai. Two instants are compared as instants. An interval includes both its ends; a single day or
//! instant is the interval from itself to itself.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::fault::Fault;
use crate::filter::expr::Expr;
use crate::filter::logic::{all, not};
use crate::filter::operand::{Operand, Scalar};
use crate::table::Row;
use crate::units::Day;

fn unreadable(text: &str, expected: &str) -> Fault {
    Fault::invalid("filter-value").with("parameter", "filter").with("value", text).with("expected", expected)
}

/// A day, `2026-09-30` and no other spelling.
pub fn day(text: &str) -> Result<Expr, Fault> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date = Some(text).filter(|_| plain).and_then(|text| text.parse::<Date>().ok());
    date.map(|date| Expr::Day(Day::from_date(date))).ok_or_else(|| unreadable(text, "YYYY-MM-DD"))
}

/// An instant, RFC 3339: `2026-09-30T08:00:00Z`, or with an offset.
pub fn instant(text: &str) -> Result<Expr, Fault> {
    text.parse::<Timestamp>().map(Expr::Instant).map_err(|_| unreadable(text, "YYYY-MM-DDThh:mm:ssZ"))
}

/// A day or an instant, as text beside one of them or in an interval has it.
pub fn either(text: &str) -> Result<Expr, Fault> {
    if text.contains(['T', 't', ' ']) { instant(text) } else { day(text) }
}

/// `INTERVAL(from, to)`.
///
/// # Errors
/// `filter-arguments`, `filter-value`.
pub fn interval(ends: &[Expr]) -> Result<Expr, Fault> {
    let [from, to] = ends else {
        return Err(Fault::invalid("filter-arguments")
            .with("parameter", "filter")
            .with("op", "INTERVAL")
            .with("expected", "INTERVAL(from, to)"));
    };
    let end = |expr: &Expr| match expr {
        Expr::Text(text) if text == ".." => Ok(None),
        Expr::Text(text) => either(text).map(Some),
        other => Ok(Some(other.clone())),
    };
    Ok(Expr::Interval(Box::new([end(from)?, end(to)?])))
}

/// What CQL2 text writes like a function and is a literal; None for any other.
pub fn literal(name: &str, args: &[Expr]) -> Option<Result<Expr, Fault>> {
    let usage = |usage: &str| {
        Err(Fault::invalid("filter-arguments")
            .with("parameter", "filter")
            .with("op", name.to_uppercase())
            .with("expected", usage))
    };
    Some(match (name, args) {
        ("date", [Expr::Text(text)]) => day(text),
        ("date", _) => usage("DATE('YYYY-MM-DD')"),
        ("timestamp", [Expr::Text(text)]) => instant(text),
        ("timestamp", _) => usage("TIMESTAMP('YYYY-MM-DDThh:mm:ssZ')"),
        ("interval", ends) => interval(ends),
        _ => return None,
    })
}

/// From when to when; None where it is open.
#[derive(Debug)]
pub struct Span(pub [Option<Operand>; 2]);

/// How two spans stand to each other (21-065r2, tables 7 and 8; Allen's relations).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Temporal {
    /// It begins after the other has ended.
    After,
    /// It has ended before the other begins.
    Before,
    /// It begins before the other and ends after it.
    Contains,
    /// They share nothing.
    Disjoint,
    /// It begins after the other and ends before it.
    During,
    /// They begin and end together.
    Equals,
    /// It begins before the other; they end together.
    FinishedBy,
    /// It begins after the other; they end together.
    Finishes,
    /// They share something.
    Intersects,
    /// It ends as the other begins.
    Meets,
    /// It begins as the other ends.
    MetBy,
    /// It begins within the other and ends after it.
    OverlappedBy,
    /// It begins before the other and ends within it.
    Overlaps,
    /// They begin together; it ends after the other.
    StartedBy,
    /// They begin together; it ends before the other.
    Starts,
}

impl Temporal {
    /// All, by their names in CQL2.
    pub const ALL: [(&str, Temporal); 15] = [
        ("t_after", Temporal::After),
        ("t_before", Temporal::Before),
        ("t_contains", Temporal::Contains),
        ("t_disjoint", Temporal::Disjoint),
        ("t_during", Temporal::During),
        ("t_equals", Temporal::Equals),
        ("t_finishedby", Temporal::FinishedBy),
        ("t_finishes", Temporal::Finishes),
        ("t_intersects", Temporal::Intersects),
        ("t_meets", Temporal::Meets),
        ("t_metby", Temporal::MetBy),
        ("t_overlappedby", Temporal::OverlappedBy),
        ("t_overlaps", Temporal::Overlaps),
        ("t_startedby", Temporal::StartedBy),
        ("t_starts", Temporal::Starts),
    ];

    /// The relation of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, relation)| *relation)
    }

    /// Whether the spans stand so for a row; None where an end is null and the others leave it open.
    pub fn holds(self, a: &Span, b: &Span, row: Option<Row<'_>>, zone: &Zone) -> Option<bool> {
        let edge = |span: &Span, at: usize, infinite: Edge| match &span.0[at] {
            None => Some(infinite),
            Some(operand) => Edge::of(&operand.eval(row)),
        };
        let (a0, a1) = (edge(a, 0, Edge::Past), edge(a, 1, Edge::Future));
        let (b0, b1) = (edge(b, 0, Edge::Past), edge(b, 1, Edge::Future));
        let is = |x: Option<Edge>, y: Option<Edge>, wanted: Ordering| Some(x?.order(y?, zone)? == wanted);
        use Ordering::{Equal, Greater, Less};
        match self {
            Self::After => is(a0, b1, Greater),
            Self::Before => is(a1, b0, Less),
            Self::Contains => all([is(a0, b0, Less), is(a1, b1, Greater)]),
            Self::During => all([is(a0, b0, Greater), is(a1, b1, Less)]),
            Self::Equals => all([is(a0, b0, Equal), is(a1, b1, Equal)]),
            Self::FinishedBy => all([is(a0, b0, Less), is(a1, b1, Equal)]),
            Self::Finishes => all([is(a0, b0, Greater), is(a1, b1, Equal)]),
            Self::Intersects => all([not(is(a0, b1, Greater)), not(is(a1, b0, Less))]),
            Self::Disjoint => not(Self::Intersects.holds(a, b, row, zone)),
            Self::Meets => is(a1, b0, Equal),
            Self::MetBy => is(a0, b1, Equal),
            Self::OverlappedBy => all([is(a0, b0, Greater), is(a0, b1, Less), is(a1, b1, Greater)]),
            Self::Overlaps => all([is(a0, b0, Less), is(a1, b0, Greater), is(a1, b1, Less)]),
            Self::StartedBy => all([is(a0, b0, Equal), is(a1, b1, Greater)]),
            Self::Starts => all([is(a0, b0, Equal), is(a1, b1, Less)]),
        }
    }
}

/// The time zone whose days a map counts; None where only days are compared with days.
pub type Zone = Option<jiff::tz::TimeZone>;

#[derive(Clone, Copy)]
enum Edge {
    Past,
    Day(Day),
    Instant(Timestamp),
    Future,
}

impl Edge {
    fn of(scalar: &Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Day(day) => Some(Self::Day(*day)),
            Scalar::Instant(instant) => Some(Self::Instant(*instant)),
            _ => None,
        }
    }

    fn order(self, other: Self, zone: &Zone) -> Option<Ordering> {
        let rank = |edge: Self| match edge {
            Self::Past => 0,
            Self::Day(_) | Self::Instant(_) => 1,
            Self::Future => 2,
        };
        match (self, other) {
            (Self::Day(a), Self::Day(b)) => Some(a.cmp(&b)),
            (Self::Instant(a), Self::Instant(b)) => Some(a.cmp(&b)),
            (Self::Day(a), Self::Instant(b)) => Some(a.cmp(&day_of(b, zone)?)),
            (Self::Instant(a), Self::Day(b)) => Some(day_of(a, zone)?.cmp(&b)),
            (a, b) => Some(rank(a).cmp(&rank(b))),
        }
    }
}

/// The day of an instant in the map's time zone.
pub fn day_of(instant: Timestamp, zone: &Zone) -> Option<Day> {
    zone.as_ref().map(|zone| Day::of_instant(instant, zone))
}
