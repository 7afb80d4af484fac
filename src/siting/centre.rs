//! The least farthest distance with so many sites (p-centre): the distance is sought by halves among those that occur, and each
//! is tried as a set covering (Minieka 1970).

use super::costs::Costs;
use super::cover;
use super::{Solved, least, search};
use crate::stop;

/// The choice of `count` sites with the least farthest distance. `distances`: metres, not weighted.
///
/// Where fewer sites do, the others go where they shorten the distances together most.
pub fn farthest(distances: &Costs, count: usize) -> Solved {
    let count = count.min(distances.sites());
    // At least as far as the farthest of all nearest sites.
    let floor = distances.rows().map(|(base, row)| row.first().map_or(base, |e| e.cost)).fold(0.0, f64::max);
    let first = least::quickly(distances, count);
    let mut best = (distances.most(&first), first);
    let mut steps: Vec<f64> = distances
        .rows()
        .flat_map(|(base, row)| row.iter().map(|e| e.cost).chain([base]))
        .filter(|&d| d >= floor && d < best.0)
        .collect();
    steps.push(floor);
    steps.sort_unstable_by(f64::total_cmp);
    steps.dedup();
    // So many of the steps, from the first on, are proven not to do.
    let (mut low, mut high, mut impossible) = (0, steps.len(), 0);
    while low < high && !stop::asked() {
        let middle = usize::midpoint(low, high);
        match within(distances, steps[middle], count) {
            Some(cover) if cover.sites.len() <= count => {
                let reached_m = distances.most(&cover.sites);
                if reached_m < best.0 {
                    best = (reached_m, cover.sites);
                }
                high = middle.min(steps.partition_point(|&step| step < reached_m));
            }
            cover => {
                if cover.is_none_or(|cover| cover.bound > count) {
                    impossible = middle + 1;
                }
                low = middle + 1;
            }
        }
    }
    let (cost, sites) = best;
    let bound = steps.get(impossible).map_or(cost, |&step| step.min(cost));
    let proven = bound >= cost;
    let columns = super::costs::Columns::of(distances);
    let mut rest = search::Search::new(distances, &columns, &sites);
    rest.greedy(count, |_| true);
    Solved { sites: rest.sites(), cost, bound, proven }
}

/// The fewest sites with nobody farther than that; None where no sites do.
fn within(distances: &Costs, within_m: f64, count: usize) -> Option<cover::Cover> {
    let far = distances.rows().filter(|(base, _)| *base > within_m);
    let rows: Vec<Vec<u32>> =
        far.map(|(_, row)| row.iter().take_while(|e| e.cost <= within_m).map(|e| e.site).collect()).collect();
    (!rows.iter().any(Vec::is_empty)).then(|| cover::fewest(&rows, distances.sites(), Some(count)))
}
