//! The cleaning campaign (八清四化): what each village cleared, week by week, most of it on Fridays.

use super::{Entry, FIRST, LAST, Staff, busy_day, share_out};
use crate::rng::Rng;
use crate::town::Town;

const LAYER: &str = "行政村";

/// What was cleared: in how many rows, how much in all, in which unit, and by how many of the villages (0: by all).
const ITEMS: [(&str, usize, i64, &str, usize); 7] = [
    ("清垃圾", 188, 4309, "方", 0),
    ("清杂物、柴草垛", 66, 126, "处", 0),
    ("清塘沟", 31, 2405, "米", 14),
    ("清河道", 9, 1356, "米", 4),
    ("清路域", 17, 1274, "平", 9),
    ("出动车次", 118, 243, "台班", 0),
    ("出动人次", 118, 564, "人次", 0),
];
/// Illegal structures: rows, how many, and their area in square metres.
const STRUCTURES: (usize, i64, i64) = (24, 46, 1324);

/// Logs the campaign.
pub fn campaign(seed: u64, town: &Town, staff: &Staff, log: &mut Vec<Entry>) {
    let mut rng = Rng::new(seed, "campaign");
    let sizes: Vec<f64> = (0..town.cells.len())
        .map(|v| town.settlements.iter().filter(|s| s.village == v).map(|s| s.plots.len()).sum::<usize>() as f64)
        .collect();
    // Machines and people come out for the rubbish: the first outings of the list are theirs too.
    let outings = outings(&mut rng, &sizes, ITEMS[0].1, 0);
    for (event, count, total, unit, villages) in ITEMS {
        let own;
        let days = if villages == 0 && event != "清杂物、柴草垛" {
            &outings[..count]
        } else {
            own = self::outings(&mut rng, &sizes, count, villages);
            &own[..]
        };
        let weights: Vec<f64> = days.iter().map(|(v, _)| sizes[*v].sqrt() * rng.between(0.4, 1.6)).collect();
        for ((village, day), number) in days.iter().zip(share_out(total, &weights)) {
            log.push(row(town, staff, *village, *day, event).of(number, unit));
        }
    }
    let (rows, count, area) = STRUCTURES;
    let days = self::outings(&mut rng, &sizes, rows, 17);
    let weights: Vec<f64> = days.iter().map(|_| rng.between(0.3, 1.7)).collect();
    let counts = share_out(count, &weights);
    let weights: Vec<f64> = counts.iter().map(|n| *n as f64 * rng.between(0.7, 1.3)).collect();
    for (((village, day), number), area) in days.iter().zip(counts).zip(share_out(area, &weights)) {
        let row = row(town, staff, *village, *day, "拆违建").of(number, "处");
        log.push(row.field("拆违面积", area.to_string()).note(*rng.pick(&["彩钢棚", "砖混房", "简易棚", "院外搭建"])));
    }
}

fn row(town: &Town, staff: &Staff, village: usize, day: i64, event: &'static str) -> Entry {
    Entry::new(day, LAYER, town.names[village], event, &staff.clerks[village])
}

/// Villages and days, each pair once: larger villages more often, of `among` villages only where that is not 0.
fn outings(rng: &mut Rng, sizes: &[f64], count: usize, among: usize) -> Vec<(usize, i64)> {
    let mut villages: Vec<usize> = (0..sizes.len()).collect();
    rng.shuffle(&mut villages);
    if among > 0 {
        villages.truncate(among);
    }
    let largest = sizes.iter().copied().fold(1.0, f64::max);
    let mut out: Vec<(usize, i64)> = Vec::new();
    // Each village once; then as it comes.
    let mut turn = villages.clone();
    while out.len() < count {
        let village = turn.pop().unwrap_or_else(|| {
            let village = *rng.pick(&villages);
            if rng.chance(0.3 + 0.7 * sizes[village] / largest) { village } else { *rng.pick(&villages) }
        });
        let day = busy_day(rng, FIRST, LAST);
        if !out.contains(&(village, day)) {
            out.push((village, day));
        }
    }
    out
}
