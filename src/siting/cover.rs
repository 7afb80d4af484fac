//! The fewest sites that reach every client: set covering, made small first (Toregas and ReVelle 1973), then part by part through
//! a local search and HiGHS.

use std::collections::{BTreeMap, HashSet};

use super::fewer::fewer;
use super::milp::{Ended, Milp};
use crate::stop;

/// Nodes and factors, multiplied: the work that HiGHS may do on one part. A province's worth of clients, 1 400 rows of 16 sites after
/// all that is struck out, takes 20 seconds.
const WORK: usize = 5_000_000;
/// Comparisons that making it small may take.
const COMPARISONS: usize = 40_000_000;

/// The fewest sites, as far as is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// The sites, ascending.
    pub sites: Vec<u32>,
    /// No fewer do.
    pub bound: usize,
}

/// The fewest sites of which each row has one. Rows without sites are nobody's business here. `enough`: done as soon as it is
/// certain whether so many do.
pub fn fewest(rows: &[Vec<u32>], sites: usize, enough: Option<usize>) -> Cover {
    let mut small = Small::new(rows, sites);
    small.reduce();
    let taken = small.taken.len();
    let parts = small.parts();
    let greedy: Vec<Vec<u32>> = parts.iter().map(|part| greedily(part)).collect();
    let lower: Vec<usize> = parts.iter().map(|part| apart(part)).collect();
    let mut found: usize = taken + greedy.iter().map(Vec::len).sum::<usize>();
    let mut bound: usize = taken + lower.iter().sum::<usize>();
    let mut all = small.taken;
    for ((part, greedy), lower) in parts.iter().zip(greedy).zip(lower) {
        let certain = enough.is_some_and(|enough| found <= enough || bound > enough);
        if greedy.len() == lower || certain {
            all.extend(greedy);
            continue;
        }
        let count = greedy.len();
        let known = fewer(part, greedy, lower);
        let (solved, least) = if known.len() == lower { (known, lower) } else { exactly(part, known, lower) };
        found -= count - solved.len();
        bound += least - lower;
        all.extend(solved);
    }
    all.sort_unstable();
    Cover { sites: all, bound }
}

/// Rows and columns that are still in question.
struct Small {
    rows: Vec<Vec<u32>>,
    sites: usize,
    taken: Vec<u32>,
}

impl Small {
    fn new(rows: &[Vec<u32>], sites: usize) -> Self {
        let mut seen = HashSet::new();
        let mut own: Vec<Vec<u32>> = Vec::new();
        for row in rows.iter().filter(|row| !row.is_empty()) {
            let mut row = row.clone();
            row.sort_unstable();
            row.dedup();
            if seen.insert(row.clone()) {
                own.push(row);
            }
        }
        own.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        Self { rows: own, sites, taken: Vec::new() }
    }

    /// Takes what has to be taken and strikes out what another does as well, until nothing changes.
    fn reduce(&mut self) {
        let mut budget = COMPARISONS;
        loop {
            let before = (self.rows.len(), self.taken.len(), self.rows.iter().map(Vec::len).sum::<usize>());
            self.take();
            let implied = |rows: &[Vec<u32>], of: usize, budget: &mut usize| dominated(rows, of, budget);
            // Who covers a row with few sites covers every row that has those and more.
            let gone = implied(&self.rows, self.sites, &mut budget);
            let mut keep = gone.iter().map(|gone| !gone);
            self.rows.retain(|_| keep.next().unwrap_or(true));
            // A site that covers no more than another is not needed; of equals the lower number stays.
            let columns = transposed(&self.rows, self.sites);
            let mut order: Vec<u32> =
                (0..self.sites as u32).filter(|&site| !columns[site as usize].is_empty()).collect();
            order.sort_by_key(|&site| (std::cmp::Reverse(columns[site as usize].len()), site));
            let mut useless = vec![false; self.sites];
            for &site in order.iter().rev() {
                let own = &columns[site as usize];
                let Some(&rarest) = own.iter().min_by_key(|&&row| self.rows[row as usize].len()) else { continue };
                useless[site as usize] = self.rows[rarest as usize].iter().any(|&other| {
                    let theirs = &columns[other as usize];
                    let better = theirs.len() > own.len() || (theirs.len() == own.len() && other < site);
                    if other == site || useless[other as usize] || !better || budget < own.len() {
                        return false;
                    }
                    budget -= own.len();
                    subset(own, theirs)
                });
            }
            self.rows.iter_mut().for_each(|row| row.retain(|&site| !useless[site as usize]));
            self.rows.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            self.rows.dedup();
            let after = (self.rows.len(), self.taken.len(), self.rows.iter().map(Vec::len).sum::<usize>());
            if after == before || budget < 1_000 || stop::asked() {
                break;
            }
        }
        self.take();
    }

    /// Sites that are the only ones of a row.
    fn take(&mut self) {
        let mut only: Vec<u32> = self.rows.iter().filter(|row| row.len() == 1).map(|row| row[0]).collect();
        only.sort_unstable();
        only.dedup();
        if !only.is_empty() {
            let mut taken = vec![false; self.sites];
            only.iter().for_each(|&site| taken[site as usize] = true);
            self.rows.retain(|row| !row.iter().any(|&site| taken[site as usize]));
            self.taken.extend(only);
        }
    }

    /// The rows in parts that have no site in common.
    fn parts(&self) -> Vec<Vec<Vec<u32>>> {
        let mut root: Vec<u32> = (0..self.sites as u32).collect();
        fn find(root: &mut [u32], mut site: u32) -> u32 {
            while root[site as usize] != site {
                root[site as usize] = root[root[site as usize] as usize];
                site = root[site as usize];
            }
            site
        }
        for row in &self.rows {
            for pair in row.windows(2) {
                let (a, b) = (find(&mut root, pair[0]), find(&mut root, pair[1]));
                root[a.max(b) as usize] = a.min(b);
            }
        }
        let mut parts: BTreeMap<u32, Vec<Vec<u32>>> = BTreeMap::new();
        for row in &self.rows {
            parts.entry(find(&mut root, row[0])).or_default().push(row.clone());
        }
        parts.into_values().collect()
    }
}

/// The rows of each site, ascending.
fn transposed(rows: &[Vec<u32>], sites: usize) -> Vec<Vec<u32>> {
    let mut columns = vec![Vec::new(); sites];
    for (at, row) in rows.iter().enumerate() {
        row.iter().for_each(|&site| columns[site as usize].push(at as u32));
    }
    columns
}

/// Which rows have all the sites of another, shorter one.
fn dominated(rows: &[Vec<u32>], sites: usize, budget: &mut usize) -> Vec<bool> {
    let columns = transposed(rows, sites);
    let mut gone = vec![false; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        if gone[at] {
            continue;
        }
        let Some(&rarest) = row.iter().min_by_key(|&&site| columns[site as usize].len()) else { continue };
        for &other in &columns[rarest as usize] {
            let longer = &rows[other as usize];
            if other as usize == at || gone[other as usize] || longer.len() <= row.len() {
                continue;
            }
            if *budget < row.len() {
                return gone;
            }
            *budget -= row.len();
            gone[other as usize] = subset(row, longer);
        }
    }
    gone
}

/// Whether all of an ascending list stands in another.
fn subset(small: &[u32], large: &[u32]) -> bool {
    let mut rest = large;
    small.iter().all(|one| match rest.binary_search(one) {
        Ok(at) => {
            rest = &rest[at + 1..];
            true
        }
        Err(_) => false,
    })
}

/// A cover taken greedily, without what then turns out not to be needed.
fn greedily(rows: &[Vec<u32>]) -> Vec<u32> {
    let mut columns: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        row.iter().for_each(|&site| columns.entry(site).or_default().push(at as u32));
    }
    let mut times = vec![0_u32; rows.len()];
    let mut left = rows.len();
    let mut taken: Vec<u32> = Vec::new();
    let mut new: BTreeMap<u32, usize> = columns.iter().map(|(&site, rows)| (site, rows.len())).collect();
    while left > 0 {
        let best = new.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(&site, _)| site);
        let Some(site) = best else { break };
        new.remove(&site);
        taken.push(site);
        for &row in columns.get(&site).into_iter().flatten() {
            times[row as usize] += 1;
            if times[row as usize] == 1 {
                left -= 1;
                for other in &rows[row as usize] {
                    if let Some(count) = new.get_mut(other) {
                        *count -= 1;
                    }
                }
            }
        }
    }
    let mut needed = Vec::new();
    for &site in taken.iter().rev() {
        let own = columns.get(&site).map_or(&[][..], Vec::as_slice);
        if own.iter().all(|&row| times[row as usize] > 1) {
            own.iter().for_each(|&row| times[row as usize] -= 1);
        } else {
            needed.push(site);
        }
    }
    needed.sort_unstable();
    needed
}

/// How many rows have no site in common: so many sites are needed. Short rows first.
fn apart(rows: &[Vec<u32>]) -> usize {
    let mut used: HashSet<u32> = HashSet::new();
    let mut count = 0;
    for row in rows {
        if !row.iter().any(|site| used.contains(site)) {
            used.extend(row);
            count += 1;
        }
    }
    count
}

/// The fewest sites for one part, where they are fewer than those that are known to do, and how many are needed at least.
fn exactly(rows: &[Vec<u32>], known: Vec<u32>, lower: usize) -> (Vec<u32>, usize) {
    let mut milp = Milp::default();
    let mut columns = BTreeMap::new();
    for &site in rows.iter().flatten() {
        columns.entry(site).or_insert(None);
    }
    for column in columns.values_mut() {
        *column = Some(milp.binary(1.0));
    }
    for row in rows {
        let row: Vec<_> =
            row.iter().filter_map(|site| columns.get(site).copied().flatten()).map(|c| (c, 1.0)).collect();
        milp.at_least(1.0, &row);
    }
    // Only fewer are wanted: there are none, or they are found.
    let all: Vec<_> = columns.values().flatten().map(|&column| (column, 1.0)).collect();
    milp.at_most(known.len() as f64 - 1.0, &all);
    let nodes = (WORK / milp.entries().max(1)).clamp(20, 50_000);
    let take = |values: &[f64]| -> Vec<u32> {
        let found: Vec<u32> =
            columns.keys().zip(values).filter(|(_, value)| **value > 0.5).map(|(&site, _)| site).collect();
        let covers = rows.iter().all(|row| row.iter().any(|site| found.binary_search(site).is_ok()));
        if covers && found.len() < known.len() { found } else { known.clone() }
    };
    match milp.solve(nodes) {
        Some(Ended::Optimal(values)) => {
            let found = take(&values);
            let count = found.len();
            (found, count)
        }
        Some(Ended::Stopped(values, bound)) => {
            let found = values.map_or_else(|| known.clone(), |values| take(&values));
            let bound = if bound.is_finite() { (bound - 1e-6).ceil().max(0.0) as usize } else { 0 };
            let bound = bound.max(lower).min(found.len());
            (found, bound)
        }
        Some(Ended::Infeasible) => {
            let count = known.len();
            (known, count)
        }
        None => (known, lower),
    }
}
