//! Getis and Ord's local Gi*: how far the sum over a unit and its neighbours lies from what the whole would lead one to expect.
//!
//! With n units of mean x̄ and variance s² = Σx²/n − x̄², and a unit that has c neighbours counting itself (Ord and Getis 1995,
//! eq. 14): z = (Σ − c·x̄) / (s·√(c·(n − c) / (n − 1))). Weights that are divided by their sum leave that z as it is; what esda
//! (`G_Local`, 2.9) gives for them is (Σ/c − x̄) / s, the variance of a single unit: √((n − c) / ((n − 1)·c)) of the above.

use rayon::prelude::*;

use super::weights::Weights;
use crate::stop;

/// What stands about a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Local {
    /// The sum over it and its neighbours.
    pub around: i64,
    /// Neighbours, itself among them.
    pub members: u32,
    /// The standard score; None where it has none, for all units are its neighbours or all have the same.
    pub z: Option<f64>,
}

/// The mean and the standard deviation (of the population) of what units have.
pub fn moments(values: &[i64]) -> (f64, f64) {
    // Whole numbers add up exactly: no order of summation makes a difference.
    let (n, count) = (values.len() as f64, values.len() as i128);
    let sum: i128 = values.iter().map(|&x| i128::from(x)).sum();
    let mean = sum as f64 / n;
    let squares = values.iter().try_fold(0_i128, |sum, &x| sum.checked_add(i128::from(x).pow(2)));
    let spread = squares.and_then(|s| s.checked_mul(count)?.checked_sub(sum.checked_mul(sum)?));
    match spread {
        Some(spread) => (mean, (spread as f64).sqrt() / n),
        None => (mean, (values.iter().map(|&x| (x as f64 - mean).powi(2)).sum::<f64>() / n).sqrt()),
    }
}

/// Gi* of every unit. `by_row`: as esda has it for weights that are divided by their sum.
pub fn star(values: &[i64], weights: &Weights, by_row: bool) -> Vec<Local> {
    let n = values.len() as f64;
    let (mean, deviation) = moments(values);
    let stop = stop::current();
    let of = |unit: usize| {
        if stop.is_raised() {
            return Local { around: 0, members: 0, z: None };
        }
        let (mut around, mut members) = (values[unit], 1_u32);
        weights.each(unit as u32, |other| {
            around += values[other as usize];
            members += 1;
        });
        let c = f64::from(members);
        let scale = if by_row { deviation * c } else { deviation * (c * (n - c) / (n - 1.0)).sqrt() };
        let z = (around as f64 - c * mean) / scale;
        Local { around, members, z: Some(z).filter(|_| scale > 0.0) }
    };
    (0..values.len()).into_par_iter().with_min_len(256).map(of).collect()
}

/// The chance of a standard score so far from 0, to either side.
pub fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Benjamini and Hochberg's adjusted p: the smallest false discovery rate at which each would be reported.
pub fn adjusted(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = p.iter().enumerate().filter_map(|(n, p)| p.map(|p| (p, n))).collect();
    order.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let tests = order.len() as f64;
    let mut adjusted = vec![None; p.len()];
    let mut least = 1.0_f64;
    for (rank, &(p, unit)) in order.iter().enumerate().rev() {
        least = least.min(p * tests / (rank + 1) as f64);
        adjusted[unit] = Some(least);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units in a row, each the neighbour of those beside it.
    fn chain(n: u32) -> Weights {
        Weights::listed(
            (0..n).map(|k| [k.checked_sub(1), (k + 1 < n).then_some(k + 1)].into_iter().flatten().collect()),
        )
    }

    #[test]
    fn gi_star_worked_by_hand() {
        // 0 0 6 0 0: mean 1.2, s² = 7.2 − 1.44 = 5.76, s = 2.4. Two ends have c = 2, the others 3.
        let local = star(&[0, 0, 6, 0, 0], &chain(5), false);
        let z = |around: f64, c: f64| (around - c * 1.2) / (2.4 * (c * (5.0 - c) / 4.0).sqrt());
        let wanted = [z(0.0, 2.0), z(6.0, 3.0), z(6.0, 3.0), z(6.0, 3.0), z(0.0, 2.0)];
        for (local, wanted) in local.iter().zip(wanted) {
            assert!((local.z.unwrap() - wanted).abs() < 1e-14);
        }
        assert_eq!((local[0].around, local[0].members, local[1].around, local[1].members), (0, 2, 6, 3));
        // Divided by their sum: (2 − 1.2) / 2.4.
        let by_row = star(&[0, 0, 6, 0, 0], &chain(5), true);
        assert!((by_row[2].z.unwrap() - 1.0 / 3.0).abs() < 1e-14);
    }

    #[test]
    fn the_score_is_the_standard_one_of_all_orders_in_which_the_values_might_lie() {
        let values = [0_i64, 1, 1, 4, 9, 2];
        let mut orders = vec![vec![]];
        for _ in 0..values.len() {
            let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
                (0..6).filter(|k| !order.contains(k)).map(|k| [&order[..], &[k]].concat()).collect()
            };
            orders = orders.iter().flat_map(longer).collect();
        }
        // The sums about the unit that has three neighbours, itself among them.
        let sums: Vec<f64> = orders.iter().map(|o| o[1..4].iter().map(|&k| values[k]).sum::<i64>() as f64).collect();
        let mean = sums.iter().sum::<f64>() / 720.0;
        let deviation = (sums.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 720.0).sqrt();
        let z = star(&values, &chain(6), false)[2].z.unwrap();
        assert!((z - (6.0 - mean) / deviation).abs() < 1e-12);
    }

    #[test]
    fn where_all_are_neighbours_or_all_are_equal_there_is_no_score() {
        let all = Weights::listed([vec![1, 2], vec![0, 2], vec![0, 1]].into_iter());
        assert!(star(&[1, 2, 3], &all, false).iter().all(|local| local.z.is_none()));
        assert!(star(&[4, 4, 4, 4], &chain(4), false).iter().all(|local| local.z.is_none()));
        assert!(star(&[4, 4, 4, 4], &chain(4), true).iter().all(|local| local.z.is_none()));
        assert!(star(&[7], &chain(1), false)[0].z.is_none());
        assert!(star(&[], &chain(0), false).is_empty());
        // Two units that are no neighbours: each alone, 1 and −1 standard deviations off.
        let apart = Weights::listed([vec![], vec![]].into_iter());
        let z: Vec<f64> = star(&[3, 1], &apart, false).iter().map(|local| local.z.unwrap()).collect();
        assert_eq!(z, [1.0, -1.0]);
    }

    #[test]
    fn the_chance_is_that_of_the_normal_distribution() {
        assert_eq!(two_sided(0.0), 1.0);
        assert!((two_sided(1.959_963_984_540_054) - 0.05).abs() < 1e-15);
        assert_eq!(two_sided(-2.5), two_sided(2.5));
        // Far out: 2 · 7.619853024160527e-24 (scipy.stats.norm.sf(10)).
        assert!((two_sided(10.0) / 1.523_970_604_832_105_4e-23 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn benjamini_and_hochberg_worked_by_hand() {
        // 0.01·4/1, 0.02·4/2, 0.03·4/3, 0.5·4/4: from the largest down, none is more than the one above it.
        let q = adjusted(&[Some(0.5), Some(0.01), None, Some(0.03), Some(0.02)]);
        assert_eq!(q, [Some(0.5), Some(0.04), None, Some(0.04), Some(0.04)]);
        assert_eq!(adjusted(&[Some(0.9), Some(0.8)]), [Some(0.9), Some(0.9)]);
        assert_eq!(adjusted(&[]), []);
    }
}
