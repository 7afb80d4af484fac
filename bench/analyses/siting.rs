//! Solves location problems that `siting.py` wrote, and says how long each took: the Rust half of that benchmark.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Instant;

use serde_json::{Value, json};
use xiangtu::siting::least::{self, Warm};
use xiangtu::siting::{Costs, Entry, centre, cover};

fn main() {
    for file in std::env::args().skip(1) {
        let problem: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let rows = |name: &str| -> Vec<Vec<f64>> { serde_json::from_value(problem[name].clone()).unwrap() };
        let (clients, sites) = (rows("clients"), rows("sites"));
        let (n, reach) = (problem["n"].as_u64().unwrap() as usize, problem["reach"].as_f64().unwrap());
        let started = Instant::now();
        let far = |client: &[f64], site: &[f64]| (client[0] - site[0]).hypot(client[1] - site[1]);
        let costs = |base: &dyn Fn(f64) -> f64, cost: &dyn Fn(f64, f64) -> f64| {
            let mut costs = Costs::new(sites.len());
            for client in &clients {
                let entry = |(site, at): (usize, &Vec<f64>)| Entry {
                    cost: cost(client[2], far(client, at)),
                    site: site as u32,
                };
                costs.push(base(client[2]), sites.iter().enumerate().map(entry));
            }
            costs
        };
        let all: f64 = clients.iter().map(|client| client[2]).sum();
        let (value, proven) = match problem["model"].as_str().unwrap() {
            "p-median" => {
                let solved = least::least(&costs(&|w| w * 1e6, &|w, d| w * d), n, 0.0, &mut Warm::default());
                (solved.cost, solved.proven)
            }
            "p-centre" => {
                let solved = centre::farthest(&costs(&|_| 1e6, &|_, d| d), n);
                (solved.cost, solved.proven)
            }
            "mclp" => {
                let missed = |w: f64, d: f64| if d <= reach { 0.0 } else { w };
                let solved = least::least(&costs(&|w| w, &missed), n, 1.0, &mut Warm::default());
                (all - solved.cost, solved.proven)
            }
            _ => {
                let near = |client: &Vec<f64>| {
                    (0..sites.len())
                        .filter(|&site| far(client, &sites[site]) <= reach)
                        .map(|site| site as u32)
                        .collect()
                };
                let found = cover::fewest(&clients.iter().map(near).collect::<Vec<_>>(), sites.len(), None);
                (found.sites.len() as f64, found.sites.len() == found.bound)
            }
        };
        println!("{}", json!({"seconds": started.elapsed().as_secs_f64(), "value": value, "proven": proven}));
    }
}
