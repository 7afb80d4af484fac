//! Rule packs: dated, cited thresholds with their legal force, read from `maps/rules`. Never a constant in code.

pub mod indicators;

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use crate::text::Title;
use crate::units::Day;

#[derive(RustEmbed)]
#[folder = "maps/rules"]
#[include = "*.toml"]
struct Files;

/// What a rule binds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Force {
    /// Law in force.
    Mandatory,
    /// A standard that recommends.
    Recommended,
    /// Once in force, no longer applied.
    Suspended,
    /// Set by a county or province.
    Local,
}

impl Force {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Recommended => "recommended",
            Self::Suspended => "suspended",
            Self::Local => "local",
        }
    }
}

/// One threshold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, unique within the pack.
    pub id: String,
    /// What it says, briefly.
    pub title: Title,
    /// The kind that must keep away.
    pub from: String,
    /// The kind that it must keep away from.
    pub to: String,
    /// Metres, inclusive.
    pub distance_m: f64,
    /// What the metres are measured from.
    pub measured_from: String,
    /// Its force while valid.
    pub force: Force,
    /// Where it stands.
    pub citation: String,
    /// First day in force, ISO.
    pub valid_from: String,
    /// Last day in force, ISO; afterwards it is suspended.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Where it holds.
    pub region: String,
}

impl Rule {
    /// Its force on a day; None before it was made.
    pub fn force_on(&self, day: Day) -> Option<Force> {
        if Day::parse(&self.valid_from).is_some_and(|from| day < from) {
            return None;
        }
        let over = self.valid_to.as_deref().and_then(Day::parse).is_some_and(|to| day > to);
        Some(if over { Force::Suspended } else { self.force })
    }
}

/// Rules that are applied together.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its id, as a parameter spells it.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// Its rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let mut packs: Vec<Pack> = Files::iter()
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .filter_map(|(name, file)| match toml::from_slice(&file.data) {
            Ok(pack) => Some(pack),
            // A pack that does not read is a fault of the build: `tests/kinds.rs` fails on it.
            Err(error) => {
                tracing::error!(%name, %error, "rule pack does not read");
                None
            }
        })
        .collect();
    packs.sort_by(|a, b| a.id.cmp(&b.id));
    packs
});

/// All packs, by id.
pub fn all() -> &'static [Pack] {
    &PACKS
}

/// The pack of that id; none of that id has no rules.
pub fn pack(id: &str) -> Option<&'static Pack> {
    PACKS.iter().find(|pack| pack.id == id)
}
