//! Units: what a number means stands in its name (`reach_m`, `area_m2`); the conversions stand here.

mod period;

use std::fmt;

pub use period::Period;

/// Square metres in one mu (亩): 10 000 m² / 15.
pub const SQUARE_METRES_PER_MU: f64 = 10_000.0 / 15.0;

/// A civil day of the map's own calendar, as days since 1970-01-01: 4 bytes in a column of millions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// The civil date.
    pub fn date(self) -> jiff::civil::Date {
        let span = jiff::Span::new().try_days(i64::from(self.0));
        span.and_then(|span| Self::EPOCH.checked_add(span)).unwrap_or(Self::EPOCH)
    }

    /// The last millisecond of the day in a time zone.
    pub fn evening(self, zone: &jiff::tz::TimeZone) -> jiff::Timestamp {
        let next = Self(self.0.saturating_add(1)).date().to_zoned(zone.clone());
        let last = next.map(|next| next.timestamp() - jiff::SignedDuration::from_millis(1));
        last.unwrap_or(jiff::Timestamp::MAX)
    }

    /// The day of an instant in a time zone.
    pub fn of_instant(instant: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> Self {
        Self::from_date(instant.to_zoned(zone.clone()).date())
    }

    /// Today in an IANA time zone, by the machine's clock.
    pub fn today(zone: &jiff::tz::TimeZone) -> Self {
        Self::of_instant(jiff::Timestamp::now(), zone)
    }

    /// Days from `earlier` to this day; negative when it lies before.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }
}

/// A span of days, both ends in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Its first day; None: it has always been.
    pub from: Option<Day>,
    /// Its last day; None: it goes on.
    pub to: Option<Day>,
}

impl Span {
    /// From the first day of either to the last.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            from: self.from.zip(other.from).map(|(a, b)| a.min(b)),
            to: self.to.zip(other.to).map(|(a, b)| a.max(b)),
        }
    }

    /// Whether the two have a day in common.
    pub fn meets(self, other: Self) -> bool {
        let before =
            |end: Option<Day>, start: Option<Day>| matches!((end, start), (Some(end), Some(start)) if end < start);
        !before(self.to, other.from) && !before(other.to, self.from)
    }
}

/// As of when something is asked: the state on a day, as it was known by the evening of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// The day whose state is asked for; None: now.
    pub day: Option<Day>,
    /// Only what had been imported and recorded by the end of this day counts; None: all that is known. Goes with a day.
    pub known: Option<Day>,
}

impl AsOf {
    /// Now, with all that is known.
    pub const NOW: Self = Self { day: None, known: None };

    /// On a day, with all that is known.
    pub fn on(day: Day) -> Self {
        Self { day: Some(day), known: None }
    }
}

impl fmt::Display for AsOf {
    /// As it ends an id: nothing for now, `@2026-09-30`, or `@2026-09-30@2026-10-02` with the day of knowing behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut days = self.day.into_iter().chain(self.known.filter(|_| self.day.is_some()));
        days.try_for_each(|day| write!(f, "@{day}"))
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
