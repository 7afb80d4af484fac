//! What a ledger wrote, as the value that its attribute keeps; or the code of why it cannot be one.

use crate::import::source::Cell;
use crate::kind::{Attribute, ValueType};
use crate::units::{Day, SQUARE_METRES_PER_MU};

/// Days that a spreadsheet's serial number may mean: 1954 to 2119.
const SERIALS: std::ops::Range<i64> = 20_000..80_000;
/// The serial number of 1970-01-01 in a spreadsheet that counts from 1900.
const EPOCH_SERIAL: i64 = 25_569;
/// Whole numbers from here on have lost digits in a spreadsheet's decimal number.
const LOST_DIGITS: f64 = 1e15;

/// Full-width letters, digits and signs as their narrow twins; an ideographic full stop between digits as a point.
pub fn narrow(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            '。' => '.',
            _ => c,
        })
        .collect()
}

/// The value of a cell for an attribute; null for an empty one.
pub fn parse(cell: &Cell, attribute: &Attribute) -> Result<Cell, &'static str> {
    if let Cell::Undecodable(_) = cell {
        return Err("flaw-undecodable");
    }
    if *cell == Cell::Null {
        return Ok(Cell::Null);
    }
    match attribute.value_type {
        ValueType::Text => text(cell),
        ValueType::Code => attribute.term(&cell.words()).map(|t| Cell::Text(t.to_owned())).ok_or("flaw-unknown-term"),
        ValueType::Float => number(cell, &attribute.unit).and_then(|x| sensible(x, attribute)).map(Cell::Float),
        ValueType::Int => {
            if let Cell::Int(n) = cell {
                return sensible(*n as f64, attribute).map(|_| Cell::Int(*n));
            }
            let x = number(cell, &attribute.unit).and_then(|x| sensible(x, attribute))?;
            if x.fract() == 0.0 && x.abs() < LOST_DIGITS { Ok(Cell::Int(x as i64)) } else { Err("flaw-not-whole") }
        }
        ValueType::Bool => yes_or_no(cell),
        ValueType::Date => day(cell),
        ValueType::Instant => instant(cell),
    }
}

fn text(cell: &Cell) -> Result<Cell, &'static str> {
    match cell {
        Cell::Float(x) if x.abs() >= LOST_DIGITS => Err("flaw-digits-lost"),
        _ => Ok(Cell::Text(cell.words())),
    }
}

/// Only what says its offset: here nobody knows whose clock it is.
fn instant(cell: &Cell) -> Result<Cell, &'static str> {
    let at = narrow(&cell.words()).parse::<jiff::Timestamp>().map_err(|_| "flaw-not-an-instant")?;
    Ok(Cell::Text(at.to_string()))
}

fn sensible(x: f64, attribute: &Attribute) -> Result<f64, &'static str> {
    match attribute.range {
        Some([least, most]) if x < least || x > most => Err("flaw-value-out-of-range"),
        _ => Ok(x),
    }
}

fn number(cell: &Cell, unit: &str) -> Result<f64, &'static str> {
    match cell {
        Cell::Int(n) => return Ok(*n as f64),
        Cell::Float(x) => return Ok(*x),
        Cell::Text(_) => {}
        _ => return Err("flaw-not-a-number"),
    }
    let text = narrow(&cell.words());
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '+')).unwrap_or(text.len());
    let (digits, behind) = text.split_at(end);
    let digits = ungrouped(digits).ok_or("flaw-not-a-number")?;
    let x: f64 = digits.parse().map_err(|_| "flaw-not-a-number")?;
    let factor = factor(behind.trim(), unit).ok_or("flaw-not-a-number")?;
    Ok(x * factor)
}

/// Digits without the commas of thousands; None where a comma stands where none of those can.
fn ungrouped(digits: &str) -> Option<String> {
    let whole = digits.split('.').next().unwrap_or(digits);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches(['-', '+']);
    let grouped = whole.contains(',');
    if grouped && (first.is_empty() || first.len() > 3 || groups.any(|group| group.len() != 3)) {
        return None;
    }
    Some(digits.replace(',', ""))
}

/// What a number with `suffix` behind it is to be multiplied by to be in `unit`; None where it is another thing.
fn factor(suffix: &str, unit: &str) -> Option<f64> {
    if suffix.is_empty() {
        return Some(1.0);
    }
    let suffix = suffix.to_lowercase();
    let table: &[(&str, f64)] = match unit {
        "m" => &[("m", 1.0), ("米", 1.0), ("km", 1000.0), ("公里", 1000.0), ("千米", 1000.0), ("里", 500.0)],
        "cm" => &[("cm", 1.0), ("厘米", 1.0), ("公分", 1.0)],
        "m2" => &[
            ("m2", 1.0),
            ("m²", 1.0),
            ("㎡", 1.0),
            ("平方米", 1.0),
            ("平米", 1.0),
            ("平方", 1.0),
            ("亩", SQUARE_METRES_PER_MU),
            ("公顷", 1e4),
            ("平方公里", 1e6),
        ],
        "m3" => &[("m3", 1.0), ("m³", 1.0), ("立方米", 1.0), ("立方", 1.0), ("方", 1.0), ("万方", 1e4)],
        "mg/L" => &[("mg/l", 1.0), ("毫克/升", 1.0)],
        "%" => &[("%", 1.0), ("百分点", 1.0)],
        "CNY" => &[("元", 1.0), ("万元", 1e4)],
        "d" => &[("天", 1.0), ("日", 1.0)],
        "{household}" => &[("户", 1.0)],
        "{person}" => &[("人", 1.0), ("名", 1.0)],
        "{head}" => &[("头", 1.0), ("只", 1.0), ("羽", 1.0), ("匹", 1.0)],
        "{seat}" | "{bin}" | "{outfall}" | "{group}" => &[("个", 1.0), ("处", 1.0), ("只", 1.0)],
        "/wk" => &[("次", 1.0), ("次/周", 1.0)],
        _ => &[],
    };
    table.iter().find(|(name, _)| *name == suffix).map(|(_, factor)| *factor)
}

fn yes_or_no(cell: &Cell) -> Result<Cell, &'static str> {
    let yes = match cell {
        Cell::Bool(b) => *b,
        _ => match narrow(&cell.words()).to_lowercase().as_str() {
            "是" | "有" | "√" | "✓" | "已" | "对" | "村内" | "yes" | "y" | "true" | "t" | "1" => true,
            "否" | "无" | "×" | "✗" | "未" | "不是" | "没有" | "村外" | "no" | "n" | "false" | "f" | "0" => {
                false
            }
            _ => return Err("flaw-not-yes-or-no"),
        },
    };
    Ok(Cell::Bool(yes))
}

fn day(cell: &Cell) -> Result<Cell, &'static str> {
    let serial = |n: i64| SERIALS.contains(&n).then(|| Day((n - EPOCH_SERIAL) as i32));
    let found = match cell {
        Cell::Day(day) => Some(*day),
        Cell::Int(n) => serial(*n).or_else(|| Day::parse(&n.to_string())),
        Cell::Float(x) => serial(x.floor() as i64).or_else(|| Day::parse(&cell.words())),
        Cell::Text(text) => {
            let text = narrow(text);
            Day::parse(&text).or_else(|| text.parse().ok().and_then(serial))
        }
        _ => None,
    };
    found.map(Cell::Day).ok_or("flaw-not-a-day")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(text: &str, unit: &str) -> Result<Cell, &'static str> {
        parse(&Cell::text(text), &Attribute::property("x", ValueType::Float, unit))
    }

    #[test]
    fn a_number_with_a_unit_is_read_where_it_can_mean_one_thing_only() {
        assert_eq!(float("1。5公里", "m"), Ok(Cell::Float(1500.0)));
        assert_eq!(float("１，２３４．５", "m2"), Ok(Cell::Float(1234.5)));
        assert_eq!(float("3亩", "m2"), Ok(Cell::Float(3.0 * SQUARE_METRES_PER_MU)));
        assert_eq!(float("85%", "%"), Ok(Cell::Float(85.0)));
        for bad in ["约300", "300-400", "3,5", "12头", "1.2.3", "-"] {
            assert_eq!(float(bad, "m"), Err("flaw-not-a-number"), "{bad}");
        }
    }

    #[test]
    fn a_day_is_read_from_text_and_from_a_serial_number() {
        let attribute = Attribute::property("x", ValueType::Date, "");
        let day = Cell::Day(Day::parse("2026-09-01").unwrap());
        for cell in [Cell::text("2026年9月1日"), Cell::text("2026.9.1"), Cell::Float(46266.0), Cell::Int(20260901)] {
            assert_eq!(parse(&cell, &attribute), Ok(day.clone()), "{cell:?}");
        }
        assert_eq!(parse(&Cell::text("2026年9月"), &attribute), Err("flaw-not-a-day"));
    }

    #[test]
    fn a_telephone_kept_as_a_number_is_whole_and_an_identity_card_kept_so_is_a_flaw() {
        let attribute = Attribute::property("x", ValueType::Text, "");
        assert_eq!(parse(&Cell::Float(13_800_000_000.0), &attribute), Ok(Cell::text("13800000000")));
        assert_eq!(parse(&Cell::Float(1.20115199001011e17), &attribute), Err("flaw-digits-lost"));
        assert_eq!(parse(&Cell::text("012345"), &attribute), Ok(Cell::text("012345")));
    }
}
