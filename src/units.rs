//! Units: what a number means stands in its name (`reach_m`, `area_m2`); the conversions stand here.

use std::fmt;

/// Square metres in one mu (亩): 10 000 m² / 15.
pub const SQUARE_METRES_PER_MU: f64 = 10_000.0 / 15.0;

/// A civil day of the map's own calendar, as days since 1970-01-01: 4 bytes in a column of millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// 1970-01-01.
    const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

    /// Reads `2026-09-30`, and the other spellings that ledgers have: `2026/9/30`, `2026.9.30`, `2026年9月30日`,
    /// `20260930`, and an ISO date-time, whose day it takes. None where it is not a day of the calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.split_once(['T', ' ']).map_or(text, |(day, _)| day).trim_end_matches('日');
        let (year, month, day) = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
            (&text[..4], &text[4..6], &text[6..])
        } else {
            let mut parts = text.split(['-', '/', '.', '年', '月']);
            let three = (parts.next()?, parts.next()?, parts.next()?);
            if parts.next().is_some() || three.0.len() != 4 {
                return None;
            }
            three
        };
        let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        Some(Self::from_date(date))
    }

    /// The day of a civil date.
    pub fn from_date(date: jiff::civil::Date) -> Self {
        Self((date - Self::EPOCH).get_days())
    }

    /// Today in an IANA time zone, by the machine's clock.
    pub fn today(zone: &jiff::tz::TimeZone) -> Self {
        Self::from_date(jiff::Timestamp::now().to_zoned(zone.clone()).date())
    }

    /// Days from `earlier` to this day; negative when it lies before.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }
}

impl fmt::Display for Day {
    /// ISO 8601: `2026-09-30`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = jiff::Span::new().try_days(i64::from(self.0));
        match span.and_then(|span| Self::EPOCH.checked_add(span)) {
            Ok(date) => write!(f, "{date}"),
            Err(_) => write!(f, "0000-00-00"),
        }
    }
}
