//! Held against spopt with CBC (`tests/oracle/siting/make.py`), and against what is printed of the OR-Library's pmed1.

use std::path::Path;

use serde_json::Value;
use xiangtu::siting::capacity::{self, Goal, Outcome, Served};
use xiangtu::siting::least::{self, Warm};
use xiangtu::siting::{Costs, Entry, centre, cover};

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/siting");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// A frozen problem. Sites are numbered from the first that is not there yet.
struct Problem {
    clients: Vec<[f64; 3]>,
    sites: Vec<[f64; 2]>,
    existing: usize,
}

impl Problem {
    fn read(line: &Value) -> Self {
        let numbers = |of: &Value| -> Vec<f64> { of.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect() };
        let rows = |name: &str| line[name].as_array().unwrap().iter().map(numbers).collect::<Vec<_>>();
        Self {
            clients: rows("clients").iter().map(|c| [c[0], c[1], c[2]]).collect(),
            sites: rows("sites").iter().map(|s| [s[0], s[1]]).collect(),
            existing: line["existing"].as_u64().unwrap() as usize,
        }
    }

    fn far(&self, client: usize, site: usize) -> f64 {
        let ([x, y, _], [a, b]) = (self.clients[client], self.sites[site]);
        (x - a).hypot(y - b)
    }

    fn new_sites(&self) -> usize {
        self.sites.len() - self.existing
    }

    /// What `cost` makes of each distance; the best of what is there is the base, else `nowhere`.
    fn costs(&self, nowhere: f64, cost: impl Fn(usize, f64) -> f64) -> Costs {
        let mut costs = Costs::new(self.new_sites());
        for client in 0..self.clients.len() {
            let there =
                (0..self.existing).map(|site| cost(client, self.far(client, site))).fold(f64::INFINITY, f64::min);
            let base = if there.is_finite() { there } else { cost(client, nowhere) };
            let row = (self.existing..self.sites.len())
                .map(|site| Entry { cost: cost(client, self.far(client, site)), site: (site - self.existing) as u32 });
            costs.push(base, row);
        }
        costs
    }

    /// Clients not reached by what is there, each with the sites that would.
    fn rows(&self, reach: f64) -> Vec<Vec<u32>> {
        (0..self.clients.len())
            .filter(|&client| (0..self.existing).all(|site| self.far(client, site) > reach))
            .map(|client| {
                let new = self.existing..self.sites.len();
                new.filter(|&site| self.far(client, site) <= reach).map(|site| (site - self.existing) as u32).collect()
            })
            .collect()
    }

    fn served(&self, reach: Option<f64>, capacity: f64) -> Served {
        let row = |client: usize| {
            (0..self.sites.len())
                .map(|site| Entry { cost: self.far(client, site), site: site as u32 })
                .filter(|entry| reach.is_none_or(|reach| entry.cost <= reach))
                .collect::<Vec<_>>()
        };
        let clients = (0..self.clients.len()).map(|client| (self.clients[client][2], row(client)));
        Served {
            clients: clients.filter(|(_, row)| !row.is_empty()).collect(),
            capacity: vec![capacity; self.sites.len()],
            kept: self.existing,
        }
    }
}

/// Our optimum of a frozen question; None where there is no solution.
fn ours(problem: &Problem, question: &Value) -> Option<f64> {
    let (model, n) = (question["model"].as_str().unwrap(), question["n"].as_u64().unwrap() as usize);
    let reach = question["reach"].as_f64().unwrap();
    if let Some(capacity) = question["capacity"].as_f64() {
        let (goal, within, n) = match model {
            "mclp" => (Goal::Most, Some(reach), n),
            "lscp" => (Goal::Fewest, Some(reach), problem.new_sites()),
            _ => (Goal::Least, None, n),
        };
        return match capacity::best(&problem.served(within, capacity), n, goal) {
            Outcome::Found(found) => {
                assert!(found.proven, "{question}");
                Some(found.value)
            }
            Outcome::Impossible => None,
            Outcome::TooLarge => panic!("{question} is too large"),
        };
    }
    let weight = |client: usize| problem.clients[client][2];
    let solved = match model {
        "mclp" => {
            let missed = |client: usize, far: f64| if far <= reach { 0.0 } else { weight(client) };
            least::least(&problem.costs(f64::INFINITY, missed), n, 1.0, &mut Warm::default())
        }
        "p-median" => {
            least::least(&problem.costs(1e6, |client, far| weight(client) * far), n, 0.0, &mut Warm::default())
        }
        "p-centre" => centre::farthest(&problem.costs(1e6, |_, far| far), n),
        _ => {
            let found = cover::fewest(&problem.rows(reach), problem.new_sites(), None);
            assert_eq!(found.sites.len(), found.bound, "{question}");
            return Some(found.bound as f64);
        }
    };
    assert!(solved.proven && solved.bound == solved.cost, "{question}");
    assert_eq!(solved.sites.len(), n.min(problem.new_sites()), "{question}");
    let all: f64 = (0..problem.clients.len()).map(weight).sum();
    Some(if model == "mclp" { all - solved.cost } else { solved.cost })
}

#[test]
fn our_optima_are_those_of_spopt_with_cbc() {
    let mut held = 0;
    for line in file("optima.jsonl").lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let problem = Problem::read(&line);
        for question in line["questions"].as_array().unwrap() {
            let (theirs, ours) = (question["value"].as_f64(), ours(&problem, question));
            match (theirs, ours) {
                (Some(theirs), Some(ours)) => {
                    assert!((theirs - ours).abs() <= 1e-6 * theirs.max(1.0), "{question}: {ours}");
                }
                _ => assert_eq!(theirs, ours, "{question}"),
            }
            held += 1;
        }
    }
    assert!(held > 60, "{held} questions");
}

/// Shortest ways between all nodes of an OR-Library graph; of an edge that stands twice the later counts.
fn pmed(text: &str) -> (Vec<Vec<f64>>, usize) {
    let mut numbers = text.split_whitespace().map(|word| word.parse::<usize>().unwrap());
    let mut next = || numbers.next().unwrap();
    let (nodes, edges, p) = (next(), next(), next());
    let mut far = vec![vec![f64::INFINITY; nodes]; nodes];
    (0..nodes).for_each(|node| far[node][node] = 0.0);
    for _ in 0..edges {
        let (a, b, length) = (next() - 1, next() - 1, next() as f64);
        far[a][b] = length;
        far[b][a] = length;
    }
    for via in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                far[from][to] = far[from][to].min(far[from][via] + far[via][to]);
            }
        }
    }
    (far, p)
}

#[test]
fn pmed1_of_the_or_library_comes_to_what_is_printed() {
    let (far, p) = pmed(&file("pmed1.txt"));
    let mut costs = Costs::new(far.len());
    for row in &far {
        costs.push(1e6, row.iter().enumerate().map(|(site, &cost)| Entry { cost, site: site as u32 }));
    }
    // Beasley, pmedopt: 5819. The p-centre optimum of the same graph: 127 (Daskin 2000).
    let median = least::least(&costs, p, 1.0, &mut Warm::default());
    assert_eq!((median.cost, median.proven), (5819.0, true));
    let centre = centre::farthest(&costs, p);
    assert_eq!((centre.cost, centre.proven), (127.0, true));
}
