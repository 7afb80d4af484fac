//! What is laid down or taken for granted of roads by their class: how far the control zone reaches, where the edge of road land is
//! taken to be, how fast one drives. Data of `maps/roads`.

use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::rules::Force;
use crate::text::Title;
use crate::units::Day;

#[derive(RustEmbed)]
#[folder = "maps/roads"]
#[include = "*.toml"]
struct Files;

/// How far the control zone of a class of roads reaches.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The class of the road.
    pub class: String,
    /// Metres from the edge of the road land.
    pub distance_m: f64,
    /// Its legal force.
    pub force: Force,
    /// Where it stands.
    pub citation: String,
    /// First day in force, ISO.
    pub valid_from: String,
    /// Last day in force, ISO.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Where it holds.
    pub region: String,
}

/// From what the edge of the land of a class of roads is estimated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// The class of the road.
    pub class: String,
    /// The carriageway's width, where the layer has none.
    pub width_m: f64,
    /// The shoulder.
    pub shoulder_m: f64,
    /// The ditch.
    pub ditch_m: f64,
    /// What belongs to the road beyond the ditch.
    pub beyond_m: f64,
    /// What this rests on.
    pub basis: String,
}

/// How fast one drives on roads of a class.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    /// The class of the road.
    pub class: String,
    /// Kilometres an hour.
    pub kmh: f64,
    /// Where the speeds of such roads stand; None where nothing is laid down.
    #[serde(default)]
    pub citation: Option<String>,
    /// First day of what is cited, ISO.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// How this one follows from it.
    pub basis: String,
}

impl Zone {
    /// Where it stands, where it holds and how it binds.
    pub fn said(&self) -> String {
        let force = Title::of(&format!("option-{}", self.force.word()));
        format!("{}（{}，{}）", self.citation, self.region, force.zh)
    }
}

impl Edge {
    /// Metres from the centre line to the edge of the land.
    pub fn half_m(&self, width_m: Option<f64>) -> f64 {
        width_m.filter(|width| *width > 0.0).unwrap_or(self.width_m) / 2.0
            + self.shoulder_m
            + self.ditch_m
            + self.beyond_m
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Standard {
    #[serde(rename = "zone", default)]
    zones: Vec<Zone>,
    #[serde(rename = "edge", default)]
    edges: Vec<Edge>,
    #[serde(rename = "speed", default)]
    speeds: Vec<Speed>,
}

static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
    let mut all = Standard::default();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for (name, file) in names.into_iter().filter_map(|name| Files::get(&name).map(|file| (name, file))) {
        match toml::from_slice::<Standard>(&file.data) {
            Ok(read) => {
                all.zones.extend(read.zones);
                all.edges.extend(read.edges);
                all.speeds.extend(read.speeds);
            }
            // A fault of the build: a test of this file fails on it.
            Err(error) => tracing::error!(%name, %error, "road standard does not read"),
        }
    }
    all
});

/// The distance in force for a class of roads on a day.
pub fn zone(class: &str, on: Day) -> Option<&'static Zone> {
    let holds = |zone: &&Zone| {
        zone.class == class
            && Day::parse(&zone.valid_from).is_some_and(|from| from <= on)
            && zone.valid_to.as_deref().and_then(Day::parse).is_none_or(|to| on <= to)
    };
    STANDARD.zones.iter().find(holds)
}

/// What the edge of the land of a class of roads is estimated from; of a class that is not there, as a village road.
pub fn edge(class: &str) -> Option<&'static Edge> {
    let of = |class: &str| STANDARD.edges.iter().find(|edge| edge.class == class);
    of(class).or_else(|| of("village"))
}

/// How fast one drives on roads of a class; of a class that is not there, as on a village road.
pub fn speed(class: &str) -> Option<&'static Speed> {
    let of = |class: &str| STANDARD.speeds.iter().find(|speed| speed.class == class);
    of(class).or_else(|| of("village"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_regulation_and_dated() {
        let on = |class: &str, day: &str| zone(class, Day::parse(day).unwrap()).map(|zone| zone.distance_m);
        let today = "2026-11-01";
        let all = ["motorway", "national", "provincial", "county", "township", "village", "track"];
        assert_eq!(
            all.map(|class| on(class, today)),
            [Some(30.0), Some(20.0), Some(15.0), Some(10.0), Some(5.0), Some(3.0), None]
        );
        assert_eq!(on("national", "2011-06-30"), None);
        assert_eq!(zone("village", Day::parse(today).unwrap()).unwrap().force, Force::Local);
        // Half of 15 m, shoulder, ditch and the metre beyond it.
        assert_eq!(edge("national").unwrap().half_m(Some(15.0)), 12.0);
        assert_eq!(edge("national").unwrap().half_m(None), 10.5);
        assert_eq!(edge("track").unwrap().half_m(None), 4.0);
    }

    #[test]
    fn on_a_larger_road_one_drives_no_slower() {
        let all = ["motorway", "national", "provincial", "county", "township", "village", "track"];
        let speeds = all.map(|class| speed(class).unwrap().kmh);
        assert_eq!(speeds, [100.0, 60.0, 60.0, 40.0, 30.0, 20.0, 15.0]);
        assert_eq!(speed("").unwrap().kmh, 20.0);
        // The method says these numbers too.
        for (words, said) in [
            (
                include_str!("../../maps/text/coverage-gaps.zh.ftl"),
                "高速100、国道和省道60、县道40、乡道30、村道20、田间路15公里/小时",
            ),
            (
                include_str!("../../maps/text/coverage-gaps.en.ftl"),
                "motorway 100, national and provincial 60, county 40, township 30, village 20, track 15 km/h",
            ),
        ] {
            assert!(words.contains(said), "{said}");
        }
        for class in all {
            assert_eq!(STANDARD.speeds.iter().filter(|speed| speed.class == class).count(), 1, "{class}");
            let one = speed(class).unwrap();
            assert!(one.citation.is_some() == one.valid_from.is_some());
            assert!(one.valid_from.as_deref().is_none_or(|day| Day::parse(day).is_some()));
        }
    }
}
