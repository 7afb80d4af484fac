//! Rule packs: dated, cited thresholds with their legal force, read from `maps/rules`. Never a constant in code.

pub mod indicators;
pub mod limits;
pub mod roads;
mod rule;

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

pub use rule::{Action, Compensation, Force, Limit, MeasuredFrom, RoadLand, Rule, Scale};

use crate::text::Title;
use crate::units::Day;

#[derive(RustEmbed)]
#[folder = "maps/rules"]
#[include = "*.toml"]
#[exclude = "limits/*"]
struct Files;

/// Rules that are applied together.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its id, as a parameter spells it.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// Packs that are applied with it, the weightiest first.
    #[serde(default)]
    pub include: Vec<String>,
    /// What the law says of those who keep few animals, where a rule would close them.
    #[serde(default)]
    pub smallholders: Option<String>,
    /// Its own rules, the weightiest first.
    #[serde(rename = "rule", default)]
    pub rules: Vec<Rule>,
    /// From which size on a farm is above scale.
    #[serde(rename = "scale", default)]
    pub scales: Vec<Scale>,
    /// How wide the land of a road is.
    #[serde(default)]
    pub road_land: Vec<RoadLand>,
}

impl Pack {
    /// The weightiest force that any of its rules has on a day; where it has none of its own, of those it includes. None: it binds
    /// nobody by itself.
    pub fn force_on(&self, day: Day) -> Option<Force> {
        let weightiest =
            |rules: &[Rule]| rules.iter().filter_map(|rule| rule.force_on(day)).min_by_key(|force| force.rank());
        weightiest(&self.rules).or_else(|| {
            gathered(&self.include).iter().filter_map(|pack| weightiest(&pack.rules)).min_by_key(|force| force.rank())
        })
    }
}

/// Reads a pack.
///
/// # Errors
/// What does not read: a key that is not known, one that is missing, a word that is none.
pub fn read(text: &str) -> Result<Pack, toml::de::Error> {
    toml::from_str(text)
}

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let mut packs: Vec<Pack> = Files::iter()
        .filter_map(|name| Files::get(&name).map(|file| (name, file)))
        .filter_map(|(name, file)| match read(&String::from_utf8_lossy(&file.data)) {
            Ok(pack) => Some(pack),
            // A pack that does not read is a fault of the build: `tests/house/rules.rs` fails on it.
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

/// The pack of that id, without what it includes; none of that id has no rules.
pub fn pack(id: &str) -> Option<&'static Pack> {
    PACKS.iter().find(|pack| pack.id == id)
}

/// The packs of these ids with all that they include, each once, in the order in which they are named.
pub fn gathered<S: AsRef<str>>(ids: &[S]) -> Vec<&'static Pack> {
    fn take(id: &str, all: &mut Vec<&'static Pack>) {
        if let Some(pack) = pack(id).filter(|pack| all.iter().all(|other| other.id != pack.id)) {
            all.push(pack);
            pack.include.iter().for_each(|id| take(id, all));
        }
    }
    let mut all = Vec::new();
    ids.iter().for_each(|id| take(id.as_ref(), &mut all));
    all
}

/// The rules of these packs that bind a kind, in their order.
pub fn binding<S: AsRef<str>>(ids: &[S], kind: &str) -> Vec<&'static Rule> {
    gathered(ids).into_iter().flat_map(|pack| &pack.rules).filter(|rule| rule.binds(kind)).collect()
}

/// The kind of what is known of roads' land.
pub const ROAD_LAND: &str = "road_land";

/// The kinds that any of these packs' rules for a kind speak of, each once.
pub fn spoken_of<S: AsRef<str>>(ids: &[S], kind: &str) -> Vec<&'static str> {
    let rules = binding(ids, kind);
    let mut kinds: Vec<&str> = rules.iter().map(|rule| rule.to.as_str()).collect();
    kinds.extend(rules.iter().any(|rule| rule.by_road_land()).then_some(ROAD_LAND));
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
