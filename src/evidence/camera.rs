//! What the camera wrote into a photograph (EXIF): where it stood, and when.

use std::io::Cursor;

use exif::{DateTime, Exif, Field, In, Reader, Tag, Value};
use jiff::tz::TimeZone;

/// What a photograph says of itself. It is the camera's word, no proof: clocks are wrong, and notes can be written anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Longitude and latitude (WGS 84).
    pub position: Option<[f64; 2]>,
    /// When it was taken.
    pub taken_at: Option<jiff::Timestamp>,
}

/// Reads the notes; none where there are none, or where they do not read. A time that does not say its offset was told by a
/// clock of `zone`.
pub fn notes(bytes: &[u8], zone: &TimeZone) -> Notes {
    let read = Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}));
    match read {
        Ok(exif) => Notes { position: position(&exif), taken_at: taken_at(&exif, zone) },
        Err(_) => Notes::default(),
    }
}

fn field(exif: &Exif, tag: Tag) -> Option<&Field> {
    exif.get_field(tag, In::PRIMARY)
}

/// A receiver without a fix writes zeros: no photograph is kept as taken in the Gulf of Guinea.
fn position(exif: &Exif) -> Option<[f64; 2]> {
    let lng = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W', 180.0)?;
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S', 90.0)?;
    (lng != 0.0 || lat != 0.0).then_some([lng, lat])
}

/// Degrees, minutes and seconds, in range; negative on the `minus` side.
fn degrees(exif: &Exif, tag: Tag, side: Tag, minus: u8, most: f64) -> Option<f64> {
    let Value::Rational(parts) = &field(exif, tag)?.value else { return None };
    let [d, m, s] = parts.get(..3)? else { return None };
    let angle = d.to_f64() + m.to_f64() / 60.0 + s.to_f64() / 3600.0;
    // A fraction over nothing is no number, and fails here too.
    if !(0.0..=most).contains(&angle) {
        return None;
    }
    let side = field(exif, side).and_then(|field| ascii(field)?.first().copied())?;
    Some(if side.eq_ignore_ascii_case(&minus) { -angle } else { angle })
}

fn ascii(field: &Field) -> Option<&[u8]> {
    match &field.value {
        Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _ => None,
    }
}

fn taken_at(exif: &Exif, zone: &TimeZone) -> Option<jiff::Timestamp> {
    let [(at, offset), digitized] =
        [(Tag::DateTimeOriginal, Tag::OffsetTimeOriginal), (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized)];
    let (at, offset) = if field(exif, at).is_some() { (at, offset) } else { digitized };
    let mut told = DateTime::from_ascii(ascii(field(exif, at)?)?).ok()?;
    if let Some(offset) = field(exif, offset).and_then(ascii) {
        // One that does not read leaves the time as a clock on the wall told it.
        let _ = told.parse_offset(offset);
    }
    let clock = jiff::civil::DateTime::new(
        told.year.try_into().ok()?,
        told.month.try_into().ok()?,
        told.day.try_into().ok()?,
        told.hour.try_into().ok()?,
        told.minute.try_into().ok()?,
        told.second.try_into().ok()?,
        0,
    )
    .ok()?;
    let zone = match told.offset {
        Some(minutes) => TimeZone::fixed(jiff::tz::Offset::from_seconds(i32::from(minutes) * 60).ok()?),
        None => zone.clone(),
    };
    zone.to_timestamp(clock).ok()
}
