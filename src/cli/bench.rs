//! `xiangtu bench`: the three headline queries on a made province, or on a map.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use clap::ArgMatches;
use serde_json::json;

use crate::analysis::{self, Bound, Derivation, Inputs, Layers};
use crate::catalog::Catalog;
use crate::cli::{Voice, bench_chainage, bench_ledger, bench_roads, bench_tiles};
use crate::collection::Collection;
use crate::fault::Fault;
use crate::kind::Kind;
use crate::layer::Layer;
use crate::province;
use crate::query::Query;
use crate::table::Value;
use crate::units::{AsOf, Day};

/// A headline query: its analysis, its parameters, the layers that it is to see, and the property that is summed up.
struct Headline {
    analysis: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    layers: &'static [&'static str],
    sum: Option<(&'static str, f64)>,
    /// Count only features with more than none of this.
    having: Option<&'static str>,
}

/// What `bench/peers.py` of the yardsticks asks of the other engines: of ponds, those with a farm near.
const HEADLINES: &[Headline] = &[
    Headline {
        analysis: "farms-near-schools",
        parameters: &[("distance", "500")],
        layers: &["farms", "schools"],
        sum: Some(("distance_m", 1.0)),
        having: None,
    },
    Headline {
        analysis: "uncleaned-waterbodies",
        parameters: &[("days", "30"), ("condition", "poor,black"), ("source_distance", "200")],
        layers: &["ponds", "farms"],
        sum: None,
        having: Some("sources"),
    },
    Headline {
        analysis: "coverage-gaps",
        parameters: &[("facility", "toilets"), ("reach", "500")],
        layers: &["villages", "toilets"],
        sum: Some(("uncovered_m2", 1e-6)),
        having: None,
    },
];

/// The day as of which the made ponds are asked.
const AS_OF: &str = "2026-11-01";

/// Some of a map's layers.
struct Only<'a> {
    all: &'a [Arc<Layer>],
    names: &'a [&'a str],
}

impl Layers for Only<'_> {
    fn named(&self) -> Vec<(String, Arc<Kind>)> {
        let seen = self.all.iter().filter(|layer| self.names.contains(&layer.name()));
        seen.map(|layer| (layer.name().to_owned(), layer.about().kind.clone())).collect()
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault> {
        let found = self.all.iter().find(|layer| layer.name() == name).cloned();
        found.ok_or_else(|| Fault::not_found("collection-unknown").with("name", name).with("known", ""))
    }
}

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    if let Some(dir) = matches.get_one::<std::path::PathBuf>("chainage") {
        return bench_chainage::run(matches, dir, voice);
    }
    if matches.get_flag("ledger") {
        return bench_ledger::run(matches, voice);
    }
    if matches.get_flag("tiles") {
        return bench_tiles::run(matches, voice);
    }
    if matches.get_flag("roads") {
        return bench_roads::run(matches, voice);
    }
    let start = Instant::now();
    let layers = layers(matches)?;
    // The R-trees are part of loading, as the peers' indexes are.
    for layer in &layers {
        layer.table().index();
    }
    voice.answer(&json!({"engine": "xiangtu", "load_s": seconds(start)}).to_string());
    let runs: u32 = matches.get_one("runs").copied().unwrap_or(3);
    for headline in HEADLINES {
        let mut times = Vec::new();
        let mut answer = (0, 0.0);
        for _ in 0..runs {
            let start = Instant::now();
            answer = ask(headline, &layers)?;
            times.push(seconds(start));
        }
        times.sort_by(f64::total_cmp);
        let line = json!({
            "engine": "xiangtu",
            "query": headline.analysis,
            "best_s": times.first(),
            "median_s": times.get(times.len() / 2),
            "rows": answer.0,
            "sum": headline.sum.map(|_| (answer.1 * 100.0).round() / 100.0),
        });
        voice.answer(&line.to_string());
    }
    voice.answer(&json!({"engine": "xiangtu", "peak_mib": peak_mib()}).to_string());
    Ok(())
}

/// The layers of the map that is named, or of a made province.
pub(super) fn layers(matches: &ArgMatches) -> Result<Vec<Arc<Layer>>, Fault> {
    let Some(map) = matches.get_one::<std::path::PathBuf>("map") else {
        return province::make(matches.get_one("features").copied().unwrap_or(100_000), 7);
    };
    let catalog = Catalog::open(map)?;
    let names = ["villages", "ponds", "farms", "schools", "toilets"];
    names.iter().map(|name| catalog.layer(name, AsOf::NOW)).collect()
}

pub(super) fn seconds(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1e4).round() / 1e4
}

/// Binds, runs and reads the whole answer, as a client would: nothing is kept from an earlier run but the R-trees.
fn ask(headline: &Headline, layers: &[Arc<Layer>]) -> Result<(usize, f64), Fault> {
    let seen = Only { all: layers, names: headline.layers };
    let mut typed: BTreeMap<String, String> =
        headline.parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    // The yardstick's toilets are public ones and households' in one layer, told apart by an attribute of the file.
    let told_apart = layers.iter().any(|layer| layer.name() == "toilets" && layer.table().column("kind").is_some());
    if headline.analysis == "coverage-gaps" && told_apart {
        typed.insert("where".to_owned(), "kind='public'".to_owned());
    }
    let as_of = Day::parse(AS_OF).unwrap_or(Day(0));
    let bound = Bound::new(analysis::find(headline.analysis)?, &typed, Inputs { layers: &seen }, as_of)?;
    let derivation = Derivation::new(headline.analysis.to_owned(), AsOf::on(as_of), bound)?;
    let answer = derivation.features(&Query::default())?;
    let column = |name: &str| answer.table().column(name);
    let (sum, having) = (headline.sum.and_then(|(name, _)| column(name)), headline.having.and_then(column));
    let scale = headline.sum.map_or(1.0, |(_, scale)| scale);
    let counted = answer.rows().filter(|row| having.is_none_or(|at| row.value(at) != Value::Int(0)));
    Ok(counted.fold((0, 0.0), |(count, total), row| {
        (count + 1, total + sum.and_then(|at| row.value(at).number()).unwrap_or(0.0) * scale)
    }))
}

/// The process's largest resident set so far, MiB; None where the system does not tell.
pub(super) fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
