//! The toilet retrofit: 2608 houses in the task, each at its stage, with the old pit as a state of its own.

use crate::rng::Rng;
use crate::settle::Settlement;
use crate::shape::Pt;

/// A house in the retrofit task.
pub struct House {
    /// Where it stands.
    pub place: Pt,
    /// The village it belongs to.
    pub village: usize,
    /// The days on which work started, was completed and was accepted, as far as it came.
    pub days: [Option<String>; 3],
    /// The day on which the old pit was demolished; none where it stands.
    pub demolished: Option<String>,
}

/// How many houses the task has.
pub const TASK: usize = 2608;

/// Each stage with the houses that stand at it, and how many of these still have their old pit. Started in all:
/// 652 + 316 + 1392 = 2360; completed 316 + 1392 = 1708; accepted 1392; old pits 248 + 600 + 250 + 575 = 1673.
const STAGES: [(&str, usize, usize); 4] =
    [("未动工", 248, 248), ("已动工", 652, 600), ("已完工", 316, 250), ("验收合格", 1392, 575)];

/// Old pits demolished since September (拆旱厕 102 个).
const DEMOLISHED_LATELY: usize = 102;

/// Picks the houses of the task, more in some villages than in others, and brings each to its stage.
pub fn retrofit(seed: u64, settlements: &[Settlement], taken: &[Pt]) -> Vec<House> {
    let mut rng = Rng::new(seed, "houses");
    let mut drawn: Vec<(f64, usize, Pt)> = Vec::new();
    for settlement in settlements {
        let share = Rng::keyed(seed, "share", settlement.village, 0).between(0.35, 1.0);
        for plot in settlement.plots.iter().filter(|p| !taken.contains(*p)) {
            drawn.push((rng.unit() / share, settlement.village, *plot));
        }
    }
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    drawn.truncate(TASK);
    drawn.sort_by(|a, b| (a.1, -a.2.y, a.2.x).partial_cmp(&(b.1, -b.2.y, b.2.x)).unwrap_or(std::cmp::Ordering::Equal));

    let hand: Vec<((&str, bool), usize)> = STAGES
        .iter()
        .flat_map(|&(stage, count, standing)| [((stage, true), standing), ((stage, false), count - standing)])
        .collect();
    let cards = rng.deal(&hand);
    let gone = cards.iter().filter(|(_, standing)| !standing).count();
    let mut lately = rng.deal(&[(true, DEMOLISHED_LATELY), (false, gone - DEMOLISHED_LATELY)]);
    drawn
        .into_iter()
        .zip(cards)
        .map(|((_, village, place), (stage, standing))| {
            let demolished = (!standing)
                .then(|| lately.pop() == Some(true))
                .map(|lately| day(if lately { rng.whole(243, 302) } else { rng.whole(62, 242) }));
            House { place, village, days: days(&mut rng, stage), demolished }
        })
        .collect()
}

/// The days of a house's stages, in order, none after 31 October 2026.
fn days(rng: &mut Rng, stage: &str) -> [Option<String>; 3] {
    let started = rng.whole(60, 255);
    let completed = started + rng.whole(10, 38);
    let accepted = (completed + rng.whole(4, 25)).min(303);
    match stage {
        "未动工" => [None, None, None],
        "已动工" => [Some(day(started + 40)), None, None],
        "已完工" => [Some(day(started)), Some(day(completed)), None],
        _ => [Some(day(started)), Some(day(completed)), Some(day(accepted))],
    }
}

/// The number of a day of 2026, 1 January being 0: what `day` wrote, read again.
pub fn number(day: &str) -> i64 {
    (0..365).find(|n| self::day(*n) == day).unwrap_or(-1)
}

/// The day of 2026 with the number given, 1 January being 0.
pub fn day(number: i64) -> String {
    let mut rest = number;
    for (month, days) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
        if rest < days {
            return format!("2026-{:02}-{:02}", month + 1, rest + 1);
        }
        rest -= days;
    }
    "2026-12-31".into()
}
