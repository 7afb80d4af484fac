//! By what villages are judged: rates with their targets, a score sheet, the red and the black list; from `maps/indicators`.

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use crate::rules::Force;
use crate::text::Title;

#[derive(RustEmbed)]
#[folder = "maps/indicators"]
#[include = "*.toml"]
struct Files;

/// A way to judge villages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    /// Its id, as a parameter spells it.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// Where it stands.
    pub citation: String,
    /// Its force.
    pub force: Force,
    /// First day in force, ISO.
    pub valid_from: String,
    /// Last day in force, ISO.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Of a hundred points, so many at least must have been scored for a rank.
    pub least_scored: f64,
    /// The kinds of event that count as cleaning.
    pub cleaning: Vec<String>,
    /// The rates with their targets.
    #[serde(rename = "rate")]
    pub rates: Vec<RateTarget>,
    /// The score sheet.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
    /// Who is put on which list.
    pub board: Board,
}

/// A rate and what it has to reach.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTarget {
    /// Its id: a village says it as `<id>_rate`, or as `<id>_num` of `<id>_den`.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// Percent, inclusive.
    pub target: f64,
    /// What stands for its denominator where a village tells the rate alone: `households` or `farms`.
    pub weight: Weight,
    /// Its force.
    pub force: Force,
    /// Where it stands.
    pub citation: String,
    /// First day in force, ISO.
    pub valid_from: String,
    /// Last day in force, ISO.
    #[serde(default)]
    pub valid_to: Option<String>,
}

/// What a rate is a rate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The village's households.
    Households,
    /// The farms that stand in it.
    Farms,
}

/// A line of the score sheet: points off for each unit that a measure lies below, or above, a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The measure.
    pub of: String,
    /// Its points at the most.
    pub max: f64,
    /// Points off for each unit.
    pub deduct: f64,
    /// Units are counted downward from here; of a rate, from its target where it says neither.
    #[serde(default)]
    pub below: Option<f64>,
    /// Units are counted upward from here.
    #[serde(default)]
    pub above: Option<f64>,
}

/// Who is put on which list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Red: this rank and better.
    pub top: usize,
    /// Black: this rank and worse, counted from the last.
    pub bottom: usize,
    /// Black: so many failed rates and more.
    pub failing: usize,
}

static ALL: LazyLock<Vec<Indicators>> = LazyLock::new(|| {
    let mut all: Vec<Indicators> = Files::iter()
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .filter_map(|(name, file)| match toml::from_slice(&file.data) {
            Ok(one) => Some(one),
            // A file that does not read is a fault of the build: `tests/villages` fails on it.
            Err(error) => {
                tracing::error!(%name, %error, "indicators do not read");
                None
            }
        })
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
});

/// All there are, by id.
pub fn all() -> &'static [Indicators] {
    &ALL
}

/// Those of that id.
pub fn named(id: &str) -> Option<&'static Indicators> {
    ALL.iter().find(|one| one.id == id)
}
