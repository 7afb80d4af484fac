//! One rule: what must keep away from what, or have what near by; since when, by what force, and where that is written.

use serde::{Deserialize, Serialize};

use crate::text::Title;
use crate::units::Day;

/// What a rule binds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Force {
    /// Law in force.
    Mandatory,
    /// Set by a county or province, and binding there.
    Local,
    /// A standard that recommends.
    Recommended,
    /// Once in force, no longer applied.
    Suspended,
}

impl Force {
    /// All of them, the weightiest first.
    pub const ALL: [Self; 4] = [Self::Mandatory, Self::Local, Self::Recommended, Self::Suspended];

    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Local => "local",
            Self::Recommended => "recommended",
            Self::Suspended => "suspended",
        }
    }

    /// 1 for the weightiest, 4 for what no longer binds.
    pub fn rank(self) -> i64 {
        self as i64 + 1
    }
}

/// From what of the target the metres count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeasuredFrom {
    /// The edge of what it is.
    Edge,
    /// The boundary of a zone that an authority has drawn.
    Boundary,
    /// The outer edge of the road land (公路用地外缘).
    RoadLand,
    /// The outer edge of a road's building control zone (公路建筑控制区外缘).
    ControlZone,
    /// The toe of a railway's embankment, the top of its cutting or the outer side of its bridge (路堤坡脚、路堑坡顶、桥梁外侧).
    Embankment,
}

impl MeasuredFrom {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Edge, Self::Boundary, Self::RoadLand, Self::ControlZone, Self::Embankment];

    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Edge => "target-edge",
            Self::Boundary => "boundary",
            Self::RoadLand => "road-land",
            Self::ControlZone => "control-zone",
            Self::Embankment => "embankment",
        }
    }
}

/// When a subject is hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// It stands within so many metres (≤) of a target.
    Apart(f64),
    /// It stands on a target's ground.
    Off,
    /// It has no target within so many metres (≤).
    Within(f64),
}

/// What a rule asks to be done about a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Closed, or moved elsewhere.
    CloseOrRelocate,
    /// Taken down.
    Demolish,
    /// The land restored to what it was.
    RestoreLand,
    /// Mended where it stands.
    Rectify,
    /// Looked at by whoever is competent for it.
    Review,
    /// Something built that is missing.
    Provide,
    /// Looked at by its risk, not by metres.
    RiskAssessment,
    /// A small household: guided, not forced out.
    Guide,
    /// First its scale has to be found out.
    VerifyScale,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::CloseOrRelocate,
        Self::Demolish,
        Self::RestoreLand,
        Self::Rectify,
        Self::Review,
        Self::Provide,
        Self::RiskAssessment,
        Self::Guide,
        Self::VerifyScale,
    ];

    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::CloseOrRelocate => "close-or-relocate",
            Self::Demolish => "demolish",
            Self::RestoreLand => "restore-land",
            Self::Rectify => "rectify",
            Self::Review => "review",
            Self::Provide => "provide",
            Self::RiskAssessment => "risk-assessment",
            Self::Guide => "guide",
            Self::VerifyScale => "verify-scale",
        }
    }
}

/// Whether what is asked for has to be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compensation {
    /// A statute says so.
    Required,
    /// The rule does not say.
    Unstated,
    /// Nothing is taken from anybody.
    NotNeeded,
}

impl Compensation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Required, Self::Unstated, Self::NotNeeded];

    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Unstated => "unstated",
            Self::NotNeeded => "not-needed",
        }
    }
}

/// One rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, of which there is one in all packs.
    pub id: String,
    /// What it says, briefly.
    pub title: Title,
    /// The kinds that it binds.
    pub from: Vec<String>,
    /// Which of them: CQL2 on their attributes; None: all.
    #[serde(default)]
    pub from_where: Option<String>,
    /// The kind that it speaks of.
    pub to: String,
    /// Which of those: CQL2; None: all.
    #[serde(default)]
    pub to_where: Option<String>,
    /// Metres to keep away, inclusive: at exactly so many it is hit.
    #[serde(default)]
    pub distance_m: Option<f64>,
    /// Not to stand on its ground.
    #[serde(default)]
    pub overlap: bool,
    /// Metres within which there has to be one, inclusive: at exactly so many it is kept.
    #[serde(default)]
    pub within_m: Option<f64>,
    /// What the metres are measured from.
    pub measured_from: MeasuredFrom,
    /// Metres from the road land to what they are measured from; 0 for everything else.
    #[serde(default)]
    pub beyond_m: f64,
    /// Its force while valid.
    pub force: Force,
    /// That nobody could read the source: a default, and not law.
    #[serde(default)]
    pub unverified: bool,
    /// Where it stands.
    pub citation: String,
    /// First day in force, ISO; None where nobody could say, and then it is taken to have been there always.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Last day in force, ISO; afterwards it is suspended.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Where it holds.
    pub region: String,
    /// Whether it binds only farms of the scale that a province sets.
    #[serde(default)]
    pub above_scale: bool,
    /// What is to be done about a hit.
    pub action: Action,
    /// Whether that has to be paid for.
    pub compensation: Compensation,
    /// The statute that says what is to be done and how, where it is another.
    #[serde(default)]
    pub basis: Option<String>,
}

impl Rule {
    /// Its force on a day; None before it was made.
    pub fn force_on(&self, day: Day) -> Option<Force> {
        if self.valid_from.as_deref().and_then(Day::parse).is_some_and(|from| day < from) {
            return None;
        }
        let over = self.valid_to.as_deref().and_then(Day::parse).is_some_and(|to| day > to);
        Some(if over { Force::Suspended } else { self.force })
    }

    /// When a subject is hit; None for a rule that says not exactly one thing, which a test refuses.
    pub fn limit(&self) -> Option<Limit> {
        match (self.distance_m, self.overlap, self.within_m) {
            (Some(metres), false, None) => Some(Limit::Apart(metres)),
            (None, true, None) => Some(Limit::Off),
            (None, false, Some(metres)) => Some(Limit::Within(metres)),
            _ => None,
        }
    }

    /// Whether it counts from the edge of roads' land, or from what is counted from that.
    pub fn by_road_land(&self) -> bool {
        matches!(self.measured_from, MeasuredFrom::RoadLand | MeasuredFrom::ControlZone)
    }

    /// Whether it counts from an edge that lies beside the middle line as which most maps know a road or a railway.
    pub fn beside_the_middle(&self) -> bool {
        self.by_road_land() || self.measured_from == MeasuredFrom::Embankment
    }

    /// Whether it binds features of a kind.
    pub fn binds(&self, kind: &str) -> bool {
        self.from.iter().any(|from| from == kind)
    }
}

/// From which size on a farm is above scale, as a province has set it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The species, as the kind `farm` spells it.
    pub species: String,
    /// Animals sold in a year, inclusive.
    #[serde(default)]
    pub yearly_output: Option<i64>,
    /// Animals kept, inclusive.
    #[serde(default)]
    pub head: Option<i64>,
    /// Where it stands.
    pub citation: String,
    /// That nobody could read the source.
    #[serde(default)]
    pub unverified: bool,
    /// Where it holds.
    pub region: String,
}

/// How wide the land of a road, or the ground of a railway, is where only its centre line is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadLand {
    /// The class of road or railway, as its kind spells it; no two kinds share one.
    pub class: String,
    /// Metres of carriageway or formation, where the feature does not say its own.
    pub width_m: f64,
    /// Metres from there to the outer edge: shoulder, slope, ditch, and what lies beyond it.
    pub verge_m: f64,
    /// Where the numbers come from.
    pub citation: String,
}
