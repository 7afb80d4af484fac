//! `xiangtu bench --chainage DIR`: the chainage, offset and side of many points, of `DIR/road.csv` and `DIR/points.csv` (lng,lat).

use std::path::Path;
use std::time::Instant;

use clap::ArgMatches;
use rayon::prelude::*;
use serde_json::json;

use crate::cli::{Voice, bench};
use crate::fault::Fault;
use crate::geo::chainage::{Declared, FARTHEST_M, Piece, assemble};

fn read(file: &Path) -> Result<Vec<[f64; 2]>, Fault> {
    let text = std::fs::read_to_string(file)?;
    let place = |line: &str| {
        let (lng, lat) = line.split_once(',')?;
        Some([lng.trim().parse().ok()?, lat.trim().parse().ok()?])
    };
    Ok(text.lines().filter_map(place).collect())
}

pub fn run(matches: &ArgMatches, dir: &Path, voice: Voice) -> Result<(), Fault> {
    let (line, points) = (read(&dir.join("road.csv"))?, read(&dir.join("points.csv"))?);
    let nowhere = || Fault::not_found("collection-unknown").with("name", "road.csv").with("known", "");
    let (start, towards) = line.first().copied().zip(line.last().copied()).ok_or_else(nowhere)?;
    let declared = Declared { road: String::new(), start, at_m: 0.0, towards, breaks: Vec::new(), stones: Vec::new() };
    let (mut times, mut sum) = (Vec::new(), 0.0);
    for _ in 0..matches.get_one::<u32>("runs").copied().unwrap_or(3) {
        let begun = Instant::now();
        let lines = assemble(&[Piece { line: &line, numbers: None, downward: false }], Some(&declared))?;
        let located: Vec<f64> = points
            .par_iter()
            .filter_map(|&point| lines.routes.first()?.locate(point, FARTHEST_M).map(|place| place.number))
            .collect();
        sum = located.iter().sum();
        times.push(bench::seconds(begun));
    }
    times.sort_by(f64::total_cmp);
    let line = json!({
        "engine": "xiangtu", "query": "chainage", "points": points.len(), "edges": line.len().saturating_sub(1),
        "best_s": times.first(), "median_s": times.get(times.len() / 2), "sum_km": (sum / 1000.0).round(),
    });
    voice.answer(&line.to_string());
    Ok(())
}
