//! Periods of reporting: a day, a week, a month, a quarter, half a year, a year, a stretch of days, or since a day.

use std::fmt;

use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::units::Day;

/// A period, by its first day and what it is a period of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    of: Of,
    first: Day,
}

/// What a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Day,
    /// An ISO week, from Monday.
    Week,
    /// So many months, from the first of one: 1, 3, 6 or 12.
    Months(i8),
    /// To a day, included.
    Until(Day),
    /// It goes on.
    Since,
}

impl Period {
    /// The month of a day.
    pub fn month_of(day: Day) -> Self {
        Self { of: Of::Months(1), first: Day::from_date(day.date().first_of_month()) }
    }

    /// Reads `2026-10-05`, `2026-W44`, `2026-10`, `2026-Q4`, `2026-H2`, `2026`, `2026-09-01..2026-10-31`, `2026-09-01..`.
    /// None where it is none of them, or ends before it begins.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((from, to)) = text.split_once("..") {
            let first = Day::parse(from)?;
            return match to.trim() {
                "" => Some(Self { of: Of::Since, first }),
                to => Day::parse(to).filter(|to| *to >= first).map(|to| Self { of: Of::Until(to), first }),
            };
        }
        let (year, rest) = text.split_once('-').map_or((text, ""), |(year, rest)| (year, rest));
        let year: i16 = Some(year).filter(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
        let (mark, digits) = match rest.chars().next() {
            Some(mark) if mark.is_ascii_alphabetic() => (mark.to_ascii_uppercase(), &rest[1..]),
            _ => (' ', rest),
        };
        let number = || Some(digits).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?.parse::<i8>().ok();
        let months = |of: i8, nth: i8| {
            let nth = Some(nth).filter(|nth| (1..=12 / of).contains(nth))?;
            let first = Date::new(year, (nth - 1) * of + 1, 1).ok()?;
            Some(Self { of: Of::Months(of), first: Day::from_date(first) })
        };
        match (mark, digits.len()) {
            (' ', 0) => months(12, 1),
            (' ', 2) => months(1, number()?),
            ('Q', 1) => months(3, number()?),
            ('H', 1) => months(6, number()?),
            ('W', 2) => {
                let monday = ISOWeekDate::new(year, number()?, Weekday::Monday).ok()?;
                Some(Self { of: Of::Week, first: Day::from_date(monday.date()) })
            }
            (' ', _) => Day::parse(text).map(|first| Self { of: Of::Day, first }),
            _ => None,
        }
    }

    /// Its first day.
    pub fn first(self) -> Day {
        self.first
    }

    /// Its last day; None where it goes on.
    pub fn last(self) -> Option<Day> {
        match self.of {
            Of::Day => Some(self.first),
            Of::Week => Some(Day(self.first.0 + 6)),
            Of::Months(months) => Some(Day(shifted(self.first, months).0 - 1)),
            Of::Until(last) => Some(last),
            Of::Since => None,
        }
    }

    /// The last of its days that has come by a day.
    pub fn closing(self, by: Day) -> Day {
        self.last().map_or(by, |last| last.min(by))
    }

    /// The first and the last day of the period before: the calendar's, or as many days as this one has had by a day. It ends
    /// on the eve of this one.
    pub fn before(self, by: Day) -> (Day, Day) {
        let days = self.closing(by).0 - self.first.0 + 1;
        let from = match self.of {
            Of::Day => Day(self.first.0 - 1),
            Of::Week => Day(self.first.0 - 7),
            Of::Months(months) => shifted(self.first, -months),
            Of::Until(_) | Of::Since => Day(self.first.0 - days.max(1)),
        };
        (from, Day(self.first.0 - 1))
    }
}

/// The same day of the month so many months on. First days alone are shifted, so every month has it.
fn shifted(first: Day, months: i8) -> Day {
    let date = first.date();
    let moved = date.checked_add(jiff::Span::new().months(months));
    Day::from_date(moved.unwrap_or(date))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.first.date();
        let (year, month) = (date.year(), date.month());
        match self.of {
            Of::Day => write!(f, "{}", self.first),
            Of::Week => {
                let week = date.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Of::Months(1) => write!(f, "{year:04}-{month:02}"),
            Of::Months(3) => write!(f, "{year:04}-Q{}", (month + 2) / 3),
            Of::Months(6) => write!(f, "{year:04}-H{}", (month + 5) / 6),
            Of::Months(_) => write!(f, "{year:04}"),
            Of::Until(last) => write!(f, "{}..{last}", self.first),
            Of::Since => write!(f, "{}..", self.first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_period_is_read_from_its_spelling_and_spelled_as_it_was_read() {
        for (text, first, last, eve_from) in [
            ("2026-10-05", "2026-10-05", "2026-10-05", "2026-10-04"),
            ("2026-W44", "2026-10-26", "2026-11-01", "2026-10-19"),
            ("2026-W01", "2025-12-29", "2026-01-04", "2025-12-22"),
            ("2026-10", "2026-10-01", "2026-10-31", "2026-09-01"),
            ("2026-01", "2026-01-01", "2026-01-31", "2025-12-01"),
            ("2024-03", "2024-03-01", "2024-03-31", "2024-02-01"),
            ("2026-Q4", "2026-10-01", "2026-12-31", "2026-07-01"),
            ("2026-H1", "2026-01-01", "2026-06-30", "2025-07-01"),
            ("2026", "2026-01-01", "2026-12-31", "2025-01-01"),
            ("2026-09-01..2026-10-31", "2026-09-01", "2026-10-31", "2026-07-02"),
        ] {
            let period = Period::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((period.first(), period.last()), (day(first), Some(day(last))), "{text}");
            assert_eq!(period.to_string(), text);
            assert_eq!(period.before(day("2030-01-01")), (day(eve_from), Day(day(first).0 - 1)), "{text}");
        }
        assert_eq!(Period::parse("2026-q4"), Period::parse("2026-Q4"));
    }

    #[test]
    fn since_a_day_goes_on_and_the_period_before_is_as_long_as_it_has_been() {
        let since = Period::parse("2026-09-01..").unwrap();
        assert_eq!((since.last(), since.to_string().as_str()), (None, "2026-09-01.."));
        assert_eq!(since.closing(day("2026-09-30")), day("2026-09-30"));
        assert_eq!(since.before(day("2026-09-30")), (day("2026-08-02"), day("2026-08-31")));
        assert_eq!(Period::parse("2026-10").unwrap().closing(day("2026-10-07")), day("2026-10-07"));
    }

    #[test]
    fn what_is_no_period_is_none() {
        for text in [
            "",
            "2026-13",
            "2026-Q5",
            "2026-H3",
            "2026-W54",
            "2026-00",
            "26-10",
            "2026-1",
            "2026-10-32",
            "2026-10-31..2026-10-01",
            "..2026-10-01",
            "2026-Ü1",
            "soon",
            "2026-Q04",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
