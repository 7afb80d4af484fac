//! Limits by which something is judged: dated and cited like rules, read from `maps/rules/limits`.

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::rules::Force;
use crate::text::Title;
use crate::units::Day;

#[derive(RustEmbed)]
#[folder = "maps/rules/limits"]
#[include = "*.toml"]
struct Files;

/// On which side of its value a limit fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fails {
    /// What is less; the value itself does not.
    Below,
    /// What is more; the value itself does not.
    Above,
    /// What is as much or more.
    From,
}

/// Where a body is shallow, a share of its depth takes the value's place.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shallow {
    /// Less deep than this is shallow, cm.
    pub below_cm: f64,
    /// Of its depth, %.
    pub percent: f64,
}

/// One limit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What it is about; others of the same id hold at other times.
    pub id: String,
    /// What it says, briefly.
    pub title: Title,
    /// On which side it fails.
    pub fails: Fails,
    /// The limit, in its unit.
    pub value: f64,
    /// UCUM-like unit.
    pub unit: String,
    /// What holds for shallow water.
    #[serde(default)]
    pub shallow: Option<Shallow>,
    /// Its force; None: this project's default, no rule.
    #[serde(default)]
    pub force: Option<Force>,
    /// Where it stands.
    pub citation: String,
    /// Whether its text was read when it was written down here.
    pub verified: bool,
    /// First day in force, ISO.
    pub valid_from: Day8601,
    /// Last day in force, ISO.
    #[serde(default)]
    pub valid_to: Option<Day8601>,
    /// Where it holds.
    pub region: String,
}

/// A day as data files spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Day8601(pub Day);

impl TryFrom<String> for Day8601 {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Day::parse(&text).map(Self).ok_or_else(|| format!("{text} is not a day"))
    }
}

impl Limit {
    /// The value that holds for water of a depth.
    pub fn value_at(&self, depth_cm: Option<f64>) -> f64 {
        match (self.shallow, depth_cm) {
            (Some(shallow), Some(depth_cm)) if depth_cm < shallow.below_cm => depth_cm * shallow.percent / 100.0,
            _ => self.value,
        }
    }

    /// Whether something measured fails it.
    pub fn fails(&self, measured: f64, depth_cm: Option<f64>) -> bool {
        let value = self.value_at(depth_cm);
        match self.fails {
            Fails::Below => measured < value,
            Fails::Above => measured > value,
            Fails::From => measured >= value,
        }
    }
}

/// Limits that belong together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// The limits.
    #[serde(rename = "limit")]
    pub limits: Vec<Limit>,
}

impl Limits {
    /// The limit of that id that is in force on a day.
    pub fn on(&self, id: &str, day: Day) -> Option<&Limit> {
        let in_force = |limit: &&Limit| limit.valid_from.0 <= day && limit.valid_to.is_none_or(|to| day <= to.0);
        self.limits.iter().filter(|limit| limit.id == id).find(in_force)
    }
}

static ALL: LazyLock<Vec<Limits>> = LazyLock::new(|| {
    let mut all: Vec<Limits> = Files::iter()
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .filter_map(|(name, file)| match toml::from_slice(&file.data) {
            Ok(limits) => Some(limits),
            // A file that does not read is a fault of the build: `tests/water` fails on it.
            Err(error) => {
                tracing::error!(%name, %error, "limits do not read");
                None
            }
        })
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
});

/// The limits of that id; None where there are none.
pub fn limits(id: &str) -> Option<&'static Limits> {
    ALL.iter().find(|limits| limits.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_fails_on_its_own_side_and_in_its_own_time() {
        let water = limits("water").unwrap();
        let day = Day::parse("2026-10-31").unwrap();
        let clarity = water.on("clarity", day).unwrap();
        assert!(!clarity.fails(25.0, None) && clarity.fails(24.99, None));
        assert!(!clarity.fails(8.0, Some(20.0)), "exactly 40 % of the depth");
        assert!(clarity.fails(7.9, Some(20.0)));
        assert!(clarity.fails(24.0, Some(25.0)), "25 cm deep is not shallow");
        assert!(!water.on("oxygen", day).unwrap().fails(2.0, None));
        assert!(!water.on("ammonia", day).unwrap().fails(15.0, None));
        assert!(water.on("national-list", day).unwrap().fails(2000.0, None));
        assert!(water.on("clarity", Day::parse("2023-12-31").unwrap()).is_none());
        assert!(water.on("clarity", Day::parse("2024-01-01").unwrap()).is_some());
    }
}
