//! Instants as devices and ledgers write them.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::{Offset, TimeZone};

use crate::import::value::narrow;
use crate::units::Day;

/// Reads `2026-10-05T08:01:02Z`, `2026/10/5 8:01:02+08`, `2026年10月5日 8时1分`, and seconds or milliseconds since 1970.
/// A clock that does not say its offset is of `zone`. None for a day without a time, and for what is no instant.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = narrow(text);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            10 => Timestamp::from_second(text.parse().ok()?).ok(),
            13 => Timestamp::from_millisecond(text.parse().ok()?).ok(),
            _ => None,
        };
    }
    let (day, clock) = match text.split_once('日') {
        Some((day, clock)) => (day, clock),
        None => text.split_once(['T', 't', ' '])?,
    };
    let day = Day::parse(day)?;
    let (clock, zone) = offset(clock.trim(), zone)?;
    let clock = clock.replace(['时', '点', '分'], ":");
    let mut parts = clock.trim_end_matches('秒').trim_end_matches(':').split(':').map(str::trim);
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next().unwrap_or("0").parse().ok()?);
    let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
    if parts.next().is_some() || !(0.0..61.0).contains(&seconds) {
        return None;
    }
    // A leap second is the one before it.
    let (whole, nanos) = (seconds.min(59.999).trunc(), (seconds.fract() * 1e9) as i32);
    let time = Time::new(hour, minute, whole as i8, nanos).ok()?;
    zone.to_timestamp(day.date().to_datetime(time)).ok()
}

/// A clock without the offset behind it, and the zone that it stands for.
fn offset<'a>(clock: &'a str, zone: &TimeZone) -> Option<(&'a str, TimeZone)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock, TimeZone::UTC));
    }
    let Some(at) = clock.rfind(['+', '-']) else { return Some((clock, zone.clone())) };
    let (clock, text) = clock.split_at(at);
    let digits: String = text[1..].chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    let seconds = (hours * 60 + minutes) * 60 * if text.starts_with('-') { -1 } else { 1 };
    Some((clock, TimeZone::fixed(Offset::from_seconds(seconds).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_devices_write_it() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let read = |text: &str| parse(text, &zone).map(|at| at.to_string()).unwrap_or_default();
        for text in [
            "2026-10-05T08:01:02+08:00",
            "2026-10-05T00:01:02Z",
            "2026/10/05 00:01:02+00",
            "2026/10/5 8:01:02",
            "2026-10-05 08:01:02",
            "2026年10月5日 8时1分2秒",
            "２０２６－１０－０５　０８：０１：０２",
            "2026-10-04 19:01:02-0500",
            "1791158462",
            "1791158462000",
        ] {
            assert_eq!(read(text), "2026-10-05T00:01:02Z", "{text}");
        }
        assert_eq!(read("2026-10-05 08:01"), "2026-10-05T00:01:00Z");
        assert_eq!(read("2026/10/05 00:01:02.5+00"), "2026-10-05T00:01:02.5Z");
        for text in
            ["", "2026-10-05", "08:01:02", "2026-13-05 08:01", "2026-10-05 25:01", "2026-10-05 8:61", "昨天 8:00", "12"]
        {
            assert_eq!(read(text), "", "{text}");
        }
    }
}
