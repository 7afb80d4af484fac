//! Points, ranks and lists from what is known of villages, by the sheet in `maps/indicators`.

use std::collections::BTreeMap;

use crate::analysis::village_indicators::facts::Facts;
use crate::rules::indicators::{Indicators, Item};

/// What a village comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Of a hundred, to the hundredth; None where too little is known.
    pub points: Option<f64>,
    /// Points of the items that could be scored, of a hundred.
    pub scored: f64,
    /// 1 is first; who has as many points has the same rank, and the next rank is left out.
    pub rank: Option<i64>,
    pub board: Option<Listed>,
}

/// The list that a village is on, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Red: among the first.
    Top,
    /// Black: it fails too many rates.
    Rates,
    /// Black: among the last.
    Bottom,
}

impl Listed {
    /// The colour of the list.
    pub fn board(self) -> &'static str {
        if self == Self::Top { "red" } else { "black" }
    }

    /// Its word in data.
    pub fn why(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Rates => "rates",
            Self::Bottom => "bottom",
        }
    }
}

/// What an item of the sheet leaves of its points: never less than nothing, never more than all.
pub fn points(item: &Item, value: f64, target: Option<f64>) -> f64 {
    let units = match (item.above, item.below.or(target)) {
        (Some(above), _) => value - above,
        (None, Some(below)) => below - value,
        (None, None) => 0.0,
    };
    (item.max - item.deduct * units.max(0.0)).clamp(0.0, item.max)
}

/// Scores, ranks and lists villages.
pub fn scores(all: &[Facts], by: &Indicators, days: i64) -> Vec<Score> {
    let whole: f64 = by.items.iter().map(|item| item.max).sum();
    let score = |facts: &Facts| {
        let (mut got, mut of) = (0.0, 0.0);
        for item in &by.items {
            let target = by.rates.iter().find(|rate| item.of.strip_suffix("_rate") == Some(rate.id.as_str()));
            if let Some(value) = facts.measure(&item.of, days) {
                got += points(item, value, target.map(|rate| rate.target));
                of += item.max;
            }
        }
        let scored = if whole > 0.0 { of * 100.0 / whole } else { 0.0 };
        let enough = of > 0.0 && scored >= by.least_scored;
        Score { points: enough.then(|| (got * 10_000.0 / of).round() / 100.0), scored, ..Score::default() }
    };
    let mut scores: Vec<Score> = all.iter().map(score).collect();
    rank(&mut scores);
    let ranked = scores.iter().filter(|score| score.rank.is_some()).count() as i64;
    // How many have as few points, or fewer: the rank from the last.
    let from_last = from_last(&scores);
    for (score, facts) in scores.iter_mut().zip(all) {
        let failed = facts.rates.iter().filter(|rate| rate.pass == Some(false)).count();
        let last = score.points.and_then(|points| from_last.get(&cents(points)).copied());
        score.board = if failed >= by.board.failing {
            Some(Listed::Rates)
        } else if score.rank.is_some_and(|rank| rank <= by.board.top as i64) {
            Some(Listed::Top)
        } else if ranked > 0 && last.is_some_and(|last| last <= by.board.bottom as i64) {
            Some(Listed::Bottom)
        } else {
            None
        };
    }
    scores
}

/// Points as whole hundredths, which compare exactly.
fn cents(points: f64) -> i64 {
    (points * 100.0).round() as i64
}

fn rank(scores: &mut [Score]) {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for points in scores.iter().filter_map(|score| score.points) {
        *counts.entry(cents(points)).or_default() += 1;
    }
    let (mut before, mut ranks) = (0, BTreeMap::new());
    for (&points, &count) in counts.iter().rev() {
        ranks.insert(points, before + 1);
        before += count;
    }
    for score in scores {
        score.rank = score.points.and_then(|points| ranks.get(&cents(points)).copied());
    }
}

/// By points: 1 for the fewest, and one more for each village that has fewer.
fn from_last(scores: &[Score]) -> BTreeMap<i64, i64> {
    let mut all: Vec<i64> = scores.iter().filter_map(|score| score.points).map(cents).collect();
    all.sort_unstable();
    let mut found = BTreeMap::new();
    for (at, points) in all.into_iter().enumerate() {
        found.entry(points).or_insert(at as i64 + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::village_indicators::facts::Rate;
    use crate::rules::indicators;

    fn village(sewage: f64) -> Facts {
        let rate = |percent: f64, target: f64| Rate {
            percent: Some(percent),
            pass: Some(percent >= target),
            ..Rate::default()
        };
        Facts { rates: [rate(95.0, 90.0), rate(sewage, 60.0), rate(80.0, 70.0), rate(80.0, 70.0)], ..Facts::default() }
    }

    fn sheet() -> Indicators {
        indicators::named("village").unwrap().clone()
    }

    #[test]
    fn the_first_two_share_a_rank_and_the_third_is_third() {
        let all: Vec<Facts> = [70.0, 60.0, 50.0, 40.0, 40.0, 58.0, 59.0].map(village).to_vec();
        let ranks: Vec<Option<i64>> = scores(&all, &sheet(), 31).into_iter().map(|score| score.rank).collect();
        assert_eq!(ranks, [1, 1, 5, 6, 6, 4, 3].map(Some));
    }

    #[test]
    fn the_lists_take_ties_in_and_nobody_is_on_both() {
        let all: Vec<Facts> = [70.0, 60.0, 59.0, 58.0, 50.0, 40.0, 40.0].map(village).to_vec();
        let boards: Vec<&str> =
            scores(&all, &sheet(), 31).iter().map(|score| score.board.map_or("", Listed::board)).collect();
        assert_eq!(boards, ["red", "red", "red", "", "black", "black", "black"]);
        let few: Vec<Facts> = [70.0, 40.0].map(village).to_vec();
        assert!(scores(&few, &sheet(), 31).iter().all(|score| score.board == Some(Listed::Top)));
    }

    #[test]
    fn an_item_never_falls_below_nothing_and_a_rate_at_its_target_keeps_all() {
        let sheet = sheet();
        let item = |of: &str| sheet.items.iter().find(|item| item.of == of).unwrap();
        assert_eq!(points(item("sewage_rate"), 60.0, Some(60.0)), 15.0);
        assert_eq!(points(item("sewage_rate"), 58.0, Some(60.0)), 14.0);
        assert_eq!(points(item("sewage_rate"), 0.0, Some(60.0)), 0.0);
        assert_eq!(points(item("overdue"), 3.0, None), 4.0);
        assert_eq!(points(item("overdue"), 50.0, None), 0.0);
    }

    #[test]
    fn who_is_known_too_little_of_has_no_rank() {
        let mut unknown = village(70.0);
        unknown.rates[0] = Rate::default();
        let scored = scores(&[unknown, village(70.0)], &sheet(), 31);
        assert_eq!((scored[0].points, scored[0].rank, scored[0].scored), (None, None, 45.0));
        assert_eq!((scored[1].rank, scored[1].scored), (Some(1), 60.0));
    }
}
