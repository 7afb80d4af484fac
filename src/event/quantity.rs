//! How much was done: a number, a unit of the trade, and how the ledger hedged it (余, 约).

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::kind::Files;
use crate::fault::Fault;
use crate::text::{Lang, Title};

/// A unit in which work is counted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// UCUM-like: `m3`, `{place}`.
    pub id: String,
    /// What people write: 方, 处.
    pub title: Title,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: Vec<Unit>,
}

static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(|| {
    let Some(file) = Files::get("units.toml") else { return Vec::new() };
    toml::from_slice::<File>(&file.data).map_or_else(
        |error| {
            tracing::error!(%error, "units do not read");
            Vec::new()
        },
        |file| file.unit,
    )
});

/// All units, in the order in which a form offers them.
pub fn units() -> &'static [Unit] {
    &UNITS
}

/// A unit by its id, title or alias.
pub fn unit(text: &str) -> Option<&'static Unit> {
    let text = text.trim();
    UNITS.iter().find(|unit| {
        unit.id == text
            || unit.title.zh == text
            || unit.title.en.eq_ignore_ascii_case(text)
            || unit.aliases.iter().any(|alias| alias == text)
    })
}

/// How exact a reported number says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// As counted.
    #[default]
    Exact,
    /// 约: about.
    Approx,
    /// 余, 多, 以上: at least.
    AtLeast,
}

impl Qualifier {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Approx, Self::AtLeast];

    /// As it is stored.
    pub fn id(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Approx => "approx",
            Self::AtLeast => "at_least",
        }
    }

    /// The one of that name.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.id() == id)
    }
}

/// How much was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, never negative.
    pub value: f64,
    /// Its unit.
    pub unit: &'static Unit,
    /// How exact it says it is.
    pub qualifier: Qualifier,
}

impl Quantity {
    /// A number with a unit.
    ///
    /// # Errors
    /// `quantity-malformed` for a negative or endless number, `unit-unknown`.
    pub fn new(value: f64, unit_text: &str, qualifier: Qualifier) -> Result<Self, Fault> {
        if !value.is_finite() || value < 0.0 {
            return Err(Fault::invalid("quantity-malformed").with("value", value));
        }
        let unit = unit(unit_text).ok_or_else(|| {
            let known: Vec<&str> = UNITS.iter().map(|unit| unit.title.zh.as_str()).collect();
            Fault::invalid("unit-unknown").with("value", unit_text).with("known", known.join("、"))
        })?;
        Ok(Self { value, unit, qualifier })
    }

    /// Reads `4309方`, `约30公里`, `550余吨`, `130处以上`, `12.5 m3`. Without a unit, `only` is meant where there is one.
    ///
    /// # Errors
    /// `quantity-malformed`, `unit-unknown`.
    pub fn parse(text: &str, only: Option<&str>) -> Result<Self, Fault> {
        let malformed = || Fault::invalid("quantity-malformed").with("value", text);
        let mut rest = text.trim();
        let mut qualifier = Qualifier::Exact;
        for word in ["约", "大约", "近", "~", "≈"] {
            if let Some(after) = rest.strip_prefix(word) {
                (rest, qualifier) = (after.trim_start(), Qualifier::Approx);
            }
        }
        for word in ["≥", ">="] {
            if let Some(after) = rest.strip_prefix(word) {
                (rest, qualifier) = (after.trim_start(), Qualifier::AtLeast);
            }
        }
        if let Some(before) = rest.strip_suffix("以上") {
            (rest, qualifier) = (before, Qualifier::AtLeast);
        }
        let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let end = rest.find(|c| !number(c)).unwrap_or(rest.len());
        let value: f64 = rest[..end].replace(',', "").parse().map_err(|_| malformed())?;
        let mut unit = rest[end..].trim_start();
        for word in ["余", "多", "+"] {
            if let Some(after) = unit.strip_prefix(word) {
                (unit, qualifier) = (after.trim_start(), Qualifier::AtLeast);
            }
        }
        let unit = if unit.is_empty() { only.ok_or_else(malformed)? } else { unit };
        Self::new(value, unit, qualifier)
    }

    /// As people write it.
    pub fn text(&self, lang: Lang) -> String {
        let (value, unit) = (self.value, self.unit.title.get(lang));
        match (lang, self.qualifier) {
            (Lang::Zh, Qualifier::Exact) => format!("{value}{unit}"),
            (Lang::Zh, Qualifier::Approx) => format!("约{value}{unit}"),
            (Lang::Zh, Qualifier::AtLeast) => format!("{value}余{unit}"),
            (Lang::En, Qualifier::Exact) => format!("{value} {unit}"),
            (Lang::En, Qualifier::Approx) => format!("about {value} {unit}"),
            (Lang::En, Qualifier::AtLeast) => format!("over {value} {unit}"),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::Zh))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_as_reports_write_them() {
        let read = |text: &str| {
            let q = Quantity::parse(text, Some("m3")).unwrap();
            (q.value, q.unit.id.as_str(), q.qualifier)
        };
        assert_eq!(read("4309方"), (4309.0, "m3", Qualifier::Exact));
        assert_eq!(read("550余吨"), (550.0, "t", Qualifier::AtLeast));
        assert_eq!(read("约30公里"), (30.0, "km", Qualifier::Approx));
        assert_eq!(read("130处以上"), (130.0, "{place}", Qualifier::AtLeast));
        assert_eq!(read("1,324 平"), (1324.0, "m2", Qualifier::Exact));
        assert_eq!(read("243台班"), (243.0, "{shift}", Qualifier::Exact));
        assert_eq!(read("12.5"), (12.5, "m3", Qualifier::Exact));
        for bad in ["", "方", "-3方", "3丈", "1.2.3米", "NaN米"] {
            assert!(Quantity::parse(bad, Some("m3")).is_err(), "{bad}");
        }
        assert!(Quantity::parse("3", None).is_err(), "no unit is guessed");
    }
}
