//! `xiangtu bench --tiles`: what a tile costs that nobody has asked for, on a made province or on a map.

use std::sync::Arc;
use std::time::Instant;

use clap::ArgMatches;
use serde_json::json;

use crate::cli::{Voice, bench};
use crate::collection::Collection;
use crate::fault::Fault;
use crate::tile::{TileId, Tiles};

/// The layers whose tiles are drawn, and the zooms.
const LAYERS: &[&str] = &["farms", "ponds", "villages", "toilets"];
const ZOOMS: std::ops::RangeInclusive<u8> = 5..=16;

/// Distinct tiles of a zoom, at the most.
const MOST: usize = 200;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let layers = bench::layers(matches)?;
    for layer in layers.iter().filter(|layer| LAYERS.contains(&layer.name())) {
        layer.table().index();
        let Some(bbox) = layer.summary()?.bbox else { continue };
        let collection: Arc<dyn Collection> = layer.clone();
        for z in ZOOMS {
            // What is worked out once for a revision is worked out by the first tile that needs it, and shown apart.
            let tiles = Tiles::default();
            let (mut times, mut bytes, mut shown, mut left_out) = (Vec::new(), Vec::new(), 0, 0);
            for tile in some(bbox, z) {
                let start = Instant::now();
                let drawn = tiles.tile(&*collection, tile, None)?;
                times.push(start.elapsed().as_secs_f64() * 1e3);
                bytes.push(drawn.packed.len() as f64);
                shown += drawn.shown;
                left_out += drawn.left_out;
            }
            let first = times.first().copied().map(rounded);
            let line = json!({
                "engine": "xiangtu", "layer": layer.name(), "z": z, "tiles": times.len(), "first_ms": first,
                "p50_ms": percentile(&mut times, 0.5), "p95_ms": percentile(&mut times, 0.95),
                "max_ms": percentile(&mut times, 1.0), "p50_bytes": percentile(&mut bytes, 0.5),
                "max_bytes": percentile(&mut bytes, 1.0), "shown": shown, "left_out": left_out,
            });
            voice.answer(&line.to_string());
        }
    }
    voice.answer(&json!({"engine": "xiangtu", "peak_mib": bench::peak_mib()}).to_string());
    Ok(())
}

fn rounded(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

fn percentile(of: &mut [f64], share: f64) -> Option<f64> {
    of.sort_by(f64::total_cmp);
    let at = ((of.len() as f64 * share).ceil() as usize).saturating_sub(1);
    of.get(at).copied().map(rounded)
}

/// Tiles of a zoom on which a box lies, evenly spread.
fn some(bbox: [f64; 4], z: u8) -> Vec<TileId> {
    let limits = TileId::limits(bbox, z);
    let (rows, cols) = (limits.rows[1] - limits.rows[0] + 1, limits.cols[1] - limits.cols[0] + 1);
    let all = rows as usize * cols as usize;
    // A step that shares nothing with the number of columns goes through all of them.
    let step = (all.div_ceil(MOST).max(1)) | 1;
    let at = |k: usize| TileId { z, row: limits.rows[0] + k as u32 / cols, col: limits.cols[0] + k as u32 % cols };
    (0..all).step_by(step).map(at).collect()
}
