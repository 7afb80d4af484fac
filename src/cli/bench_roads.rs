//! `xiangtu bench --roads`: a network of a made province's roads, and what is asked of it. `--out` writes the network for peers.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use clap::ArgMatches;
use rayon::prelude::*;
use serde_json::json;

use crate::cli::{Voice, bench};
use crate::fault::Fault;
use crate::network::{Heading, Network, Options, Snap};
use crate::province;

/// How many facilities have a service area, how far it reaches, and how many places are asked for their way to how many sites.
const FACILITIES: usize = 2_000;
const REACH_M: f64 = 5_000.0;
const PLACES: usize = 1_000;
const SITES: usize = 200;

/// Places in the middle of edges, evenly spread over the network.
fn spread(network: &Network, count: usize, shift: usize) -> Vec<Snap> {
    let edges = network.edges().len();
    let on = |n: usize| {
        let edge = (n * edges / count + shift) % edges;
        let along_m = network.edges()[edge].length_m / 2.0;
        Snap { edge: edge as u32, along_m, offset_m: 0.0, at: network.line(edge as u32).0[0] }
    };
    (0..count).map(on).collect()
}

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let layer = province::roads(matches.get_one("features").copied().unwrap_or(100_000), 7)?;
    let start = Instant::now();
    let network = Network::build(layer.table(), &Options::default());
    let built_s = bench::seconds(start);
    let (edges, nodes) = (network.edges().len(), network.nodes().len());
    voice.answer(&json!({"engine": "xiangtu", "build_s": built_s, "edges": edges, "nodes": nodes}).to_string());
    let (facilities, places, sites) =
        (spread(&network, FACILITIES, 0), spread(&network, PLACES, 1), spread(&network, SITES, 2));
    if let Some(dir) = matches.get_one::<std::path::PathBuf>("out") {
        write(&network, [("facilities", &facilities), ("places", &places), ("sites", &sites)], dir)?;
    }
    let runs: u32 = matches.get_one("runs").copied().unwrap_or(3);
    let time = |query: &str, ask: &dyn Fn(&Network) -> (usize, f64)| {
        let mut times = Vec::new();
        let mut answer = (0, 0.0);
        for _ in 0..runs {
            // A network of its own, so that no run finds what the one before it has worked out.
            let network = Network::build(layer.table(), &Options::default());
            let start = Instant::now();
            answer = ask(&network);
            times.push(bench::seconds(start));
        }
        times.sort_by(f64::total_cmp);
        let (best_s, median_s) = (times.first(), times.get(times.len() / 2));
        let line = json!({"engine": "xiangtu", "query": query, "best_s": best_s, "median_s": median_s, "rows": answer.0, "sum": answer.1.round()});
        voice.answer(&line.to_string());
    };
    // Metres of road within reach of any facility.
    time("service-areas", &|network| {
        let reach = network.reach(&facilities, Heading::To, REACH_M);
        let reached = |edge: u32| reach.stretches(edge, REACH_M).iter().map(|(from, to)| to - from).sum::<f64>();
        let metres: Vec<f64> = (0..edges as u32).into_par_iter().map(reached).collect();
        (metres.iter().filter(|m| **m > 0.0).count(), metres.iter().sum())
    });
    time("many-to-many", &|network| {
        let accesses: Vec<_> = places.iter().map(|place| network.by_snap(place)).collect();
        let rows = network.matrix(&accesses, &sites, f64::INFINITY);
        let found = rows.iter().flatten();
        (found.clone().count(), found.map(|(_, metres)| metres / 1000.0).sum())
    });
    voice.answer(&json!({"engine": "xiangtu", "peak_mib": bench::peak_mib()}).to_string());
    Ok(())
}

/// The network as two kinds of CSV: edges by their nodes, and places by their edge with the metres along it.
fn write(network: &Network, places: [(&str, &Vec<Snap>); 3], dir: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(dir).map_err(Fault::internal)?;
    let mut text = String::from("id,source,target,metres\n");
    for (n, edge) in network.edges().iter().enumerate() {
        let _ = writeln!(text, "{n},{},{},{}", edge.start, edge.end, edge.length_m);
    }
    std::fs::write(dir.join("edges.csv"), text).map_err(Fault::internal)?;
    for (name, snaps) in places {
        let mut text = String::from("edge,along\n");
        for snap in snaps {
            let _ = writeln!(text, "{},{}", snap.edge, snap.along_m);
        }
        std::fs::write(dir.join(format!("{name}.csv")), text).map_err(Fault::internal)?;
    }
    Ok(())
}
