//! GPX, as telephones and handheld receivers write it: the tracks of patrols.

use std::collections::HashMap;

use gdal::vector::LayerAccess;
use jiff::tz::TimeZone;

use crate::fault::Fault;
use crate::import::flaw::{Flaw, Outcome};
use crate::import::source::{Reader, Wanted};
use crate::import::track::{self, Named};
use crate::import::vector;

/// Opens the tracks of a GPX file as patrols.
pub fn open(wanted: &Wanted<'_>) -> Result<Box<dyn Reader>, Fault> {
    let mut points = vector::open(&Wanted { part: Some("track_points".to_owned()), ..wanted.clone() })?;
    let (named, flaws) = beside(wanted)?;
    // The times of GPX are of Greenwich, whether they say so or not.
    track::of_points(wanted, points.as_mut(), &named, &TimeZone::UTC, flaws)
}

/// What the file says of each track beside its points, by the track's number; and what it holds that is no track.
fn beside(wanted: &Wanted<'_>) -> Result<(HashMap<String, Named>, Vec<Flaw>), Fault> {
    let dataset = vector::dataset(&wanted.path, Some(&["GPX"]), &[])?;
    let mut named = HashMap::new();
    let mut flaws = Vec::new();
    for mut layer in dataset.layers() {
        let kind = layer.name();
        if kind == "tracks" {
            let fields: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
            let stem = wanted.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            for (at, feature) in layer.features().enumerate() {
                let said = |k: usize| feature.field_as_string(k).ok().flatten().unwrap_or_default().trim().to_owned();
                let all: Vec<(&str, String)> =
                    fields.iter().enumerate().map(|(k, name)| (&name[..], said(k))).collect();
                named.insert(feature.fid().unwrap_or(at as u64).to_string(), name(&all, wanted, &stem));
            }
        }
        // Routes are plans, and waypoints are places: neither was walked.
        if (kind == "routes" || kind == "waypoints") && layer.feature_count() > 0 {
            let count = layer.feature_count().to_string();
            flaws.push(Flaw::new("flaw-gpx-beside", 0, Outcome::Kept).about(kind, count));
        }
    }
    Ok((named, flaws))
}

/// The words of a track, from its fields: its own, and what an extension adds under the names of the kind.
fn name(fields: &[(&str, String)], wanted: &Wanted<'_>, stem: &str) -> Named {
    let own = |name: &str| fields.iter().find(|(field, said)| *field == name && !said.is_empty());
    let means = |name: &str| {
        let attribute = wanted.kind.attribute(name)?;
        // An extension's field has the prefix of its namespace: `xt_officer`.
        let bare = |field: &str| field.rsplit('_').next().unwrap_or_default().to_owned();
        let mut answers =
            fields.iter().filter(|(field, _)| attribute.answers_to(field) || attribute.answers_to(&bare(field)));
        answers.find(|(_, said)| !said.is_empty()).map(|(_, said)| said.clone())
    };
    let words = ["name", "desc", "cmt"].map(|field| own(field).map(|(_, said)| said.clone()).unwrap_or_default());
    Named {
        name: Some(words[0].clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| stem.to_owned()),
        officer: means("officer").unwrap_or_default(),
        road: means("road").or_else(|| words.iter().find_map(|text| road_number(text))).unwrap_or_default(),
    }
}

/// The route number in a text: `G112`, or `112国道` as people say it.
fn road_number(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    (0..chars.len()).find_map(|at| {
        let begins = at == 0 || !chars[at - 1].is_ascii_alphanumeric();
        let letter = chars[at].to_ascii_uppercase();
        if begins && "GSXYC".contains(letter) && (2..=5).contains(&digits(at + 1)) {
            let end = at + 1 + digits(at + 1);
            let ends = chars.get(end).is_none_or(|c| !c.is_ascii_alphanumeric());
            return ends.then(|| std::iter::once(letter).chain(chars[at + 1..end].iter().copied()).collect());
        }
        let end = at + digits(at);
        if begins && (1..=4).contains(&digits(at)) && chars.get(end + 1) == Some(&'道') {
            let letter = match chars[end] {
                '国' => 'G',
                '省' => 'S',
                '县' => 'X',
                '乡' => 'Y',
                '村' => 'C',
                _ => return None,
            };
            return Some(std::iter::once(letter).chain(chars[at..end].iter().copied()).collect());
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_is_known_by_its_number() {
        for (text, road) in [
            ("G112 晨巡", "G112"),
            ("112国道巡查", "G112"),
            ("巡查s301线", "S301"),
            ("沿301省道", "S301"),
            ("蓟海路", ""),
            ("LG112", ""),
            ("G112a", ""),
            ("2026年10月5日", ""),
            ("G1", ""),
        ] {
            assert_eq!(road_number(text).unwrap_or_default(), road, "{text}");
        }
    }
}
