//! Values for people to read: numbers with their units, days, the words of terms. The map page has the same in
//! `web/src/format.ts`.

use crate::kind::Attribute;
use crate::table::Value;
use crate::text::Lang;

/// Square metres to a 亩.
const MU_M2: f64 = 2000.0 / 3.0;

/// A number with so many decimals, its thousands apart.
pub fn number(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", if x == 0.0 { 0.0 } else { x });
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) = digits.split_once('.').map_or((digits, ""), |(whole, part)| (whole, part));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !part.is_empty() {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// A count.
pub fn count(n: usize) -> String {
    number(n as f64, 0)
}

/// A number and the word for its unit.
pub fn measure(x: f64, unit: &str, lang: Lang) -> (String, String) {
    let decimals = |x: f64| usize::from(x.fract() != 0.0);
    match unit {
        "m" if x.abs() < 1000.0 => (number(x, 0), "m".to_owned()),
        "m" => (number(x / 1000.0, 1), "km".to_owned()),
        "m2" => area(x, lang),
        "mu" => area(x * MU_M2, lang),
        "km2" => (number(x, usize::from(x < 100.0)), "km²".to_owned()),
        "%" => (number(x, decimals(x)), "%".to_owned()),
        "1" => (number(x * 100.0, 1), "%".to_owned()),
        // Numbers without a unit may be years or codes: their thousands stay together.
        "" if x.fract() == 0.0 => (format!("{x:.0}"), String::new()),
        _ => {
            let decimals = match x.fract() == 0.0 {
                true => 0,
                false if unit.ends_with("/km2") && x.abs() >= 10.0 => 0,
                false if x.abs() < 10.0 => 2,
                false => 1,
            };
            (number(x, decimals), counted(x, unit, lang))
        }
    }
}

/// 亩 in Chinese, hectares in English; small ones in square metres.
fn area(m2: f64, lang: Lang) -> (String, String) {
    let (whole, word, least) = match lang {
        Lang::Zh => (MU_M2, "亩", 0.1 * MU_M2),
        Lang::En => (10_000.0, "ha", 1000.0),
    };
    if m2 != 0.0 && m2 < least {
        return (number(m2, 0), "m²".to_owned());
    }
    let amount = m2 / whole;
    match lang {
        Lang::Zh if amount >= 100_000.0 => (number(amount / 10_000.0, 1), "万亩".to_owned()),
        Lang::En if amount >= 10_000.0 => (number(amount / 100.0, 0), "km²".to_owned()),
        _ => (number(amount, usize::from(amount < 1000.0)), word.to_owned()),
    }
}

/// The word for a UCUM-like unit of many; the unit itself where the catalogue has none.
pub fn unit_word(unit: &str, lang: Lang) -> String {
    counted(2.0, unit, lang)
}

/// The word for so many of a unit.
fn counted(x: f64, unit: &str, lang: Lang) -> String {
    match unit {
        "" | "1" => return String::new(),
        "m2" => return "m²".to_owned(),
        "mu" => return lang.word("html-unit-mu"),
        _ => {}
    }
    let bare: String = unit.chars().filter(|c| !"{}".contains(*c)).collect();
    let key: String = bare.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let key = format!("page-unit-{key}");
    if lang.knows(&key) {
        return lang.sentence(&key, &[("count", x.to_string())].into());
    }
    // So many of something to a square kilometre; what stands in brackets beside its word finds no room there.
    unit.strip_suffix("/km2").map_or(bare, |of| {
        let word = counted(x, of, lang);
        format!("{}/km²", word.split_once('（').map_or(&*word, |(word, _)| word))
    })
}

/// A number with its unit, as one text: Latin units stand a space apart, Chinese words close.
pub fn amount(x: f64, unit: &str, lang: Lang) -> String {
    let (number, word) = measure(x, unit, lang);
    let apart = word.starts_with(|c: char| c.is_ascii_alphabetic());
    if apart { format!("{number}\u{a0}{word}") } else { number + &word }
}

/// A value as its attribute shows it; None where there is none.
pub fn shown(attribute: &Attribute, value: Value<'_>, lang: Lang) -> Option<String> {
    let unit = match attribute.unit.as_str() {
        "" if attribute.name.ends_with("_share") => "1",
        unit => unit,
    };
    Some(match value {
        Value::Null | Value::Text("") => return None,
        Value::Bool(yes) => lang.word(if yes { "page-yes" } else { "page-no" }),
        Value::Int(n) => amount(n as f64, unit, lang),
        Value::Float(x) => amount(x, unit, lang),
        Value::Date(day) => day.to_string(),
        Value::Text(text) => {
            let term = attribute.domain.iter().find(|term| term.value == text);
            let word = term.map(|term| if lang == Lang::Zh { &term.zh } else { &term.en });
            word.filter(|word| !word.is_empty()).map_or_else(|| text.to_owned(), Clone::clone)
        }
    })
}

/// Whether a column of this attribute is set to the right, as numbers are.
pub fn is_number(attribute: &Attribute) -> bool {
    matches!(attribute.value_type, crate::kind::ValueType::Int | crate::kind::ValueType::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_said_as_people_say_them() {
        assert_eq!(number(-1_234_567.891, 1), "-1,234,567.9");
        assert_eq!(number(-0.0, 0), "0");
        assert_eq!(amount(812.4, "m", Lang::En), "812\u{a0}m");
        assert_eq!(amount(1500.0, "m", Lang::Zh), "1.5\u{a0}km");
        assert_eq!(amount(6666.67, "m2", Lang::Zh), "10.0亩");
        assert_eq!(amount(40.0, "m2", Lang::Zh), "40m²".replace('m', "\u{a0}m"));
        assert_eq!(amount(2019.0, "", Lang::Zh), "2019");
        assert_eq!(amount(12_345.0, "{household}", Lang::Zh), "12,345户");
        assert_eq!(amount(0.25, "1", Lang::En), "25.0%");
        assert_eq!(amount(17_353.4, "{head}/km2", Lang::Zh), "17,353头/km²");
        assert_eq!(amount(12.0, "1/km2", Lang::En), "12/km²");
        assert_eq!(amount(1.0, "{household}", Lang::En), "1\u{a0}household");
        assert_eq!(amount(2.0, "{household}", Lang::En), "2\u{a0}households");
    }
}
