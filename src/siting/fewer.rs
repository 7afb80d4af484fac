//! A cover made smaller by weighing what is missed: row weighting local search for set covering (Gao, Weise, Li 2015, RWLS).
//!
//! As soon as all rows are covered a site is left out; then one site goes and another, of a row that is missed, comes, again and
//! again. A row that stays missed weighs more with every step, until a choice covers it too.

use std::collections::BTreeMap;

use crate::stop;

/// Steps that may be taken for each row, and in all; each costs some microseconds.
const STEPS_A_ROW: u64 = 100;
const STEPS: u64 = 200_000;

/// Scatters steps over the rows that are missed.
const SCATTER: u64 = 0x9E37_79B9_7F4A_7C15;

/// A choice of sites that is on its way to a cover.
struct Choice<'a> {
    /// The sites of each row, by their place in `columns`.
    rows: &'a [Vec<usize>],
    /// The rows of each site.
    columns: Vec<Vec<usize>>,
    chosen: Vec<bool>,
    /// How many of the chosen cover a row.
    times: Vec<u32>,
    weight: Vec<i64>,
    /// What a chosen site covers alone, and what another would cover of what is missed: in weights.
    score: Vec<i64>,
    /// When a site last came or went, and whether one near it has done so since it went.
    at: Vec<u64>,
    may_come: Vec<bool>,
    missed: Vec<usize>,
}

impl<'a> Choice<'a> {
    fn new(rows: &'a [Vec<usize>], sites: usize, start: &[usize]) -> Self {
        let mut columns = vec![Vec::new(); sites];
        for (row, sites) in rows.iter().enumerate() {
            sites.iter().for_each(|&site| columns[site].push(row));
        }
        let score = columns.iter().map(|rows| rows.len() as i64).collect();
        let mut choice = Self {
            rows,
            columns,
            chosen: vec![false; sites],
            times: vec![0; rows.len()],
            weight: vec![1; rows.len()],
            score,
            at: vec![0; sites],
            may_come: vec![true; sites],
            missed: (0..rows.len()).collect(),
        };
        start.iter().for_each(|&site| choice.flip(site, 0));
        choice
    }

    /// Takes a site in, or leaves it out.
    fn flip(&mut self, site: usize, step: u64) {
        let comes = !self.chosen[site];
        self.chosen[site] = comes;
        self.at[site] = step;
        for &row in &self.columns[site] {
            let (before, weight) = (self.times[row], self.weight[row]);
            self.times[row] = if comes { before + 1 } else { before - 1 };
            let others = self.rows[row].iter().copied().filter(|&other| other != site);
            for other in others {
                self.may_come[other] = true;
                // Only one covers it now, or only one did; nobody does now, or nobody did.
                self.score[other] += match (comes, before) {
                    (true, 0) => -weight,
                    (false, 1) => weight,
                    (true, 1) if self.chosen[other] => -weight,
                    (false, 2) if self.chosen[other] => weight,
                    _ => 0,
                };
            }
        }
        self.may_come[site] = comes;
        if comes {
            self.missed.retain(|&row| self.times[row] == 0);
        } else {
            let alone = self.columns[site].iter().copied().filter(|&row| self.times[row] == 0);
            self.missed.extend(alone);
        }
    }

    fn sites(&self) -> Vec<usize> {
        (0..self.chosen.len()).filter(|&site| self.chosen[site]).collect()
    }

    /// The chosen site without which least is missed; of equals the one that has been there longest.
    fn least(&self, but: Option<usize>) -> Option<usize> {
        let may_go = self.sites().into_iter().filter(|&site| Some(site) != but);
        may_go.min_by_key(|&site| (self.score[site], self.at[site], site))
    }

    /// The site of a row that covers most of what is missed; of equals the one that went longest ago.
    fn best_of(&self, row: usize) -> Option<usize> {
        let all = self.rows[row].iter().copied();
        all.min_by_key(|&site| (!self.may_come[site], -self.score[site], self.at[site], site))
    }

    /// What is missed weighs more.
    fn weigh(&mut self) {
        for &row in &self.missed {
            self.weight[row] += 1;
            self.rows[row].iter().for_each(|&site| self.score[site] += 1);
        }
    }
}

/// A cover of no more sites than `start`, and of fewer if they are found within the work allowed or `least` are.
pub(super) fn fewer(rows: &[Vec<u32>], start: Vec<u32>, least: usize) -> Vec<u32> {
    let numbers: BTreeMap<u32, usize> = rows.iter().flatten().map(|&site| (site, 0)).collect();
    let sites: Vec<u32> = numbers.into_keys().collect();
    let number = |site: &u32| sites.binary_search(site).ok();
    let own: Vec<Vec<usize>> = rows.iter().map(|row| row.iter().filter_map(number).collect()).collect();
    let mut choice = Choice::new(&own, sites.len(), &start.iter().filter_map(number).collect::<Vec<_>>());
    let (mut best, mut came) = (start, None);
    for step in 1..=STEPS.min(STEPS_A_ROW * rows.len() as u64) {
        while choice.missed.is_empty() {
            best = choice.sites().into_iter().map(|site| sites[site]).collect();
            if best.len() <= least {
                return best;
            }
            match choice.least(None) {
                Some(site) => choice.flip(site, step),
                None => return best,
            }
        }
        if step.is_multiple_of(1_000) && stop::asked() {
            break;
        }
        if let Some(site) = choice.least(came) {
            choice.flip(site, step);
        }
        let row = choice.missed[(step.wrapping_mul(SCATTER) >> 20) as usize % choice.missed.len()];
        came = choice.best_of(row);
        if let Some(site) = came {
            choice.flip(site, step);
        }
        choice.weigh();
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a plane of order `p`, a prime: p² + p + 1 points and as many lines, of which p + 1 run through each point.
    fn plane(p: u32) -> Vec<Vec<u32>> {
        let mut points = vec![[0, 0, 1]];
        points.extend((0..p).map(|a| [0, 1, a]));
        points.extend((0..p * p).map(|ab| [1, ab / p, ab % p]));
        let on = |a: &[u32; 3], b: &[u32; 3]| (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]).is_multiple_of(p);
        let row = |line: &[u32; 3]| (0..).zip(&points).filter(|(_, point)| on(line, point)).map(|(n, _)| n).collect();
        points.iter().map(row).collect()
    }

    #[test]
    fn points_that_meet_every_line_of_a_plane_are_a_line() {
        for p in [3, 5, 7] {
            let rows = plane(p);
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            let found = fewer(&rows, all, 0);
            assert!(rows.iter().all(|row| row.iter().any(|site| found.contains(site))));
            // Fewer than the p + 1 points of a line meet no more than (p + 1) · p lines.
            assert_eq!(found.len() as u32, p + 1, "order {p}");
        }
    }

    #[test]
    fn what_is_enough_ends_the_search() {
        let rows = plane(7);
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        assert_eq!(fewer(&rows, all.clone(), all.len()), all);
        assert_eq!(fewer(&rows, all, 20).len(), 20);
    }
}
