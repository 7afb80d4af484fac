//! From metres along a line to what the kilometre stones say, over broken chainage (断链).

use crate::fault::Fault;
use crate::geo::chainage::station::spell;

/// Numbers nearer to each other than this run on, metres.
const SAME_M: f64 = 1e-6;
/// Stones are believed where what lies between them is measured to this share of it, or to so many metres.
const SLACK: f64 = 0.2;
const SLACK_M: f64 = 20.0;
/// Even numbers are counted this much farther than the line is long, metres.
const EVEN_M: f64 = 10_000.0;

/// Where the numbers jump: coming from the beginning the road says `at_m`, and goes on as `continues_m`. More: numbers are left
/// out, for the road was shortened (短链). Fewer: they come a second time, for it was lengthened (长链).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// The chainage on arriving.
    pub at_m: f64,
    /// The chainage on going on.
    pub continues_m: f64,
}

/// A stretch along a line on which numbers run evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Metres along the line to its beginning.
    pub from_m: f64,
    /// Metres along the line to its end.
    pub to_m: f64,
    /// The number at its beginning.
    pub first: f64,
    /// The number at its end.
    pub last: f64,
}

impl Stretch {
    /// The number so many metres along the line.
    pub fn number_at(&self, along_m: f64) -> f64 {
        self.first + (along_m - self.from_m) * self.scale()
    }

    /// The metres along the line to a number.
    pub fn along_to(&self, number: f64) -> f64 {
        if number == self.last { self.to_m } else { self.from_m + (number - self.first) / self.scale() }
    }

    /// Numbers to a metre: 1 unless a register gives both ends of what was measured otherwise.
    fn scale(&self) -> f64 {
        if self.to_m > self.from_m { (self.last - self.first) / (self.to_m - self.from_m) } else { 1.0 }
    }

    /// Whether the numbers of `next` run on from its own.
    pub fn runs_into(&self, next: &Self) -> bool {
        (next.first - self.last).abs() <= SAME_M && (next.from_m - self.to_m).abs() <= SAME_M
    }
}

/// Numbers for a line of `total_m`: `number` stands so many metres along it, and breaks follow each other along the road. A break
/// lies ahead of that place where its number on arriving is no less than `number`, else behind it.
///
/// # Errors
/// `chainage-break-astray`, where a break says a number that the road does not come to.
pub fn number(total_m: f64, along_m: f64, number: f64, breaks: &[Break]) -> Result<Vec<Stretch>, Fault> {
    let astray = |one: &Break| {
        let fault = Fault::unprocessable("chainage-break-astray").with("at", spell(one.at_m, 3));
        fault.with("continues", spell(one.continues_m, 3))
    };
    let (ahead, behind): (Vec<&Break>, Vec<&Break>) = breaks.iter().partition(|one| one.at_m >= number);
    // Metres along the line, and the numbers before and after.
    let mut cuts: Vec<(f64, f64, f64)> = Vec::new();
    let (mut here_m, mut now) = (along_m, number);
    for one in ahead {
        if one.at_m < now {
            return Err(astray(one));
        }
        here_m += one.at_m - now;
        now = one.continues_m;
        cuts.push((here_m, one.at_m, one.continues_m));
    }
    (here_m, now) = (along_m, number);
    for one in behind.into_iter().rev() {
        if one.continues_m > now {
            return Err(astray(one));
        }
        here_m -= now - one.continues_m;
        now = one.at_m;
        cuts.push((here_m, one.at_m, one.continues_m));
    }
    // What lies beyond the ends of the line as it is drawn is another township's.
    cuts.retain(|cut| cut.0 > 0.0 && cut.0 < total_m);
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut stretches = Vec::with_capacity(cuts.len() + 1);
    for at in 0..=cuts.len() {
        let (before, after) = (at.checked_sub(1).map(|k| cuts[k]), cuts.get(at));
        let (from_m, to_m) = (before.map_or(0.0, |cut| cut.0), after.map_or(total_m, |cut| cut.0));
        let (first, last) = match (before, after) {
            (Some((_, _, first)), _) if from_m >= along_m => (first, first + to_m - from_m),
            (_, Some(&(_, last, _))) if to_m <= along_m => (last - (to_m - from_m), last),
            _ => (number - (along_m - from_m), number + (to_m - along_m)),
        };
        stretches.push(Stretch { from_m, to_m, first, last });
    }
    // A number on arriving is said exactly.
    for (stretch, cut) in stretches.iter_mut().zip(&cuts) {
        stretch.last = cut.1;
    }
    Ok(stretches)
}

/// A stone of which it is known where along the line it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stone {
    /// Metres along the line.
    pub along_m: f64,
    /// What it says.
    pub number: f64,
}

/// Two stones that cannot both be right: what they say, and how far they lie from each other along the line.
pub fn contradict(at: f64, next: f64, metres: f64) -> Fault {
    let fault =
        Fault::unprocessable("chainage-stones-contradict").with("at", spell(at, 3)).with("next", spell(next, 3));
    fault.with("metres", metres.round())
}

/// Numbers for a line of `total_m` on which several stones are known, in the order in which one comes to them: between two the numbers
/// run evenly, over the breaks that lie there; before the first and after the last a metre is a metre.
///
/// # Errors
/// `chainage-break-astray`; `chainage-stones-contradict`, where two stones that follow each other do not do so along the line, or lie
/// farther from each other, or nearer, than anybody measures.
pub fn calibrated(total_m: f64, stones: &[Stone], breaks: &[Break]) -> Result<Vec<Stretch>, Fault> {
    let Some(first) = stones.first() else { return number(total_m, 0.0, 0.0, breaks) };
    // As if a metre were a metre all along: where each number stands then, and where it does stand.
    let even = number(2.0 * total_m + EVEN_M, first.along_m, first.number, breaks)?;
    let mut knots: Vec<(f64, f64)> = vec![(first.along_m, first.along_m)];
    for pair in stones.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let apart_m = to.along_m - from.along_m;
        let (before, _) = knots[knots.len() - 1];
        let holds = |s: &&Stretch| s.first - SAME_M <= to.number && to.number <= s.last + SAME_M;
        let places = even.iter().filter(holds).map(|s| s.along_to(to.number));
        // What comes twice is meant where it fits better.
        let fits = |at: &f64| (at - before - apart_m).abs();
        let there = places.min_by(|a, b| fits(a).total_cmp(&fits(b)));
        let sound = |at: &f64| apart_m > 0.0 && *at > before && fits(at) <= SLACK_M.max(SLACK * apart_m);
        match there.filter(sound) {
            Some(at) => knots.push((at, to.along_m)),
            None => return Err(contradict(from.number, to.number, apart_m)),
        }
    }
    let real = |at: f64| {
        let k = knots.partition_point(|(even, _)| *even < at);
        match (k.checked_sub(1).map(|k| knots[k]), knots.get(k)) {
            (Some((from, from_m)), Some(&(to, to_m))) => from_m + (at - from) / (to - from) * (to_m - from_m),
            (Some((from, from_m)), None) => from_m + at - from,
            (None, _) => at,
        }
    };
    let mut stretches = Vec::new();
    for stretch in &even {
        let inner = knots.iter().map(|knot| knot.0).filter(|at| *at > stretch.from_m && *at < stretch.to_m);
        let cuts: Vec<f64> = [stretch.from_m].into_iter().chain(inner).chain([stretch.to_m]).collect();
        for pair in cuts.windows(2) {
            let (from_m, to_m) = (real(pair[0]), real(pair[1]));
            let number = |at: f64| if at == stretch.to_m { stretch.last } else { stretch.number_at(at) };
            let (first, mut last) = (number(pair[0]), number(pair[1]));
            if from_m >= total_m {
                continue;
            }
            if to_m > total_m {
                last = first + (last - first) * (total_m - from_m) / (to_m - from_m);
            }
            stretches.push(Stretch { from_m, to_m: to_m.min(total_m), first, last });
        }
    }
    Ok(stretches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stretches: &[Stretch]) -> Vec<[f64; 4]> {
        stretches.iter().map(|s| [s.from_m, s.to_m, s.first, s.last]).collect()
    }

    #[test]
    fn numbers_jump_at_a_short_chain_and_come_again_at_a_long_one() {
        let short = Break { at_m: 12_300.0, continues_m: 12_345.0 };
        let long = Break { at_m: 13_000.0, continues_m: 12_900.0 };
        // K12+000 stands at the beginning; 3 km of road.
        let found = number(3_000.0, 0.0, 12_000.0, &[short, long]).unwrap();
        assert_eq!(
            said(&found),
            [
                [0.0, 300.0, 12_000.0, 12_300.0],
                [300.0, 955.0, 12_345.0, 13_000.0],
                [955.0, 3_000.0, 12_900.0, 14_945.0]
            ]
        );
        // The same road, known by the stone at its end: both breaks lie behind it.
        assert_eq!(said(&number(3_000.0, 3_000.0, 14_945.0, &[short, long]).unwrap()), said(&found));
        // And by one between the two.
        assert_eq!(said(&number(3_000.0, 400.0, 12_445.0, &[short, long]).unwrap()), said(&found));
        // A break beyond what is drawn changes nothing.
        assert_eq!(number(200.0, 0.0, 12_000.0, &[short]).unwrap().len(), 1);
    }

    #[test]
    fn a_break_that_the_road_does_not_come_to_is_refused() {
        let break_at = |at_m, continues_m| [Break { at_m, continues_m }];
        // The start would stand among the numbers that are left out.
        let fault = number(500.0, 0.0, 12_320.0, &break_at(12_300.0, 12_345.0)).unwrap_err();
        assert_eq!((fault.code(), fault.fields()["at"].as_str()), ("chainage-break-astray", "K12+300"));
        let twice = [break_at(12_300.0, 12_345.0), break_at(12_310.0, 12_400.0)].concat();
        assert_eq!(number(500.0, 0.0, 12_000.0, &twice).unwrap_err().fields()["continues"], "K12+400");
    }

    fn stones(all: &[[f64; 2]]) -> Vec<Stone> {
        all.iter().map(|&[along_m, number]| Stone { along_m, number }).collect()
    }

    #[test]
    fn between_stones_numbers_run_evenly_and_beyond_them_by_the_metre() {
        // From K10 to K11 it is 1040 m, from there to K12 980 m.
        let found = calibrated(2_500.0, &stones(&[[100.0, 10_000.0], [1_140.0, 11_000.0], [2_120.0, 12_000.0]]), &[]);
        let expected = [
            [0.0, 100.0, 9_900.0, 10_000.0],
            [100.0, 1_140.0, 10_000.0, 11_000.0],
            [1_140.0, 2_120.0, 11_000.0, 12_000.0],
            [2_120.0, 2_500.0, 12_000.0, 12_380.0],
        ];
        let found = found.unwrap();
        assert_eq!(said(&found), expected);
        assert!(found.windows(2).all(|pair| pair[0].runs_into(&pair[1])));
        assert_eq!((found[1].number_at(620.0), found[1].along_to(10_250.0)), (10_500.0, 360.0));
        // Stones that are right change nothing.
        let right = calibrated(900.0, &stones(&[[0.0, 10_000.0], [500.0, 10_500.0]]), &[]).unwrap();
        assert_eq!(said(&right), [[0.0, 500.0, 10_000.0, 10_500.0], [500.0, 900.0, 10_500.0, 10_900.0]]);
    }

    #[test]
    fn a_break_between_stones_is_no_contradiction_and_stands_where_the_scale_has_it() {
        let short = [Break { at_m: 10_500.0, continues_m: 10_600.0 }];
        // 900 numbers on 945 m: each takes 1.05 m.
        let found = calibrated(1_000.0, &stones(&[[0.0, 10_000.0], [945.0, 11_000.0]]), &short).unwrap();
        let close = |a: &[f64; 4], b: &[f64; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        let expected = [
            [0.0, 525.0, 10_000.0, 10_500.0],
            [525.0, 945.0, 10_600.0, 11_000.0],
            [945.0, 1_000.0, 11_000.0, 11_055.0],
        ];
        assert!(said(&found).iter().zip(&expected).all(|(a, b)| close(a, b)) && found.len() == 3, "{found:?}");
        // A number that comes twice is meant where it fits.
        let long = [Break { at_m: 10_500.0, continues_m: 10_400.0 }];
        let found = calibrated(1_000.0, &stones(&[[0.0, 10_000.0], [560.0, 10_460.0]]), &long).unwrap();
        assert!(found[1].from_m == 500.0 && found[1].last == 10_460.0, "{found:?}");
    }

    #[test]
    fn stones_that_contradict_each_other_are_refused() {
        let refused = |all: &[[f64; 2]]| calibrated(5_000.0, &stones(all), &[]).unwrap_err();
        // K11 stands before K10; two stones at one place; a digit that is wrong; 21 % too long.
        for all in [
            [[1_000.0, 10_000.0], [0.0, 11_000.0]],
            [[1_000.0, 10_000.0], [1_000.0, 10_001.0]],
            [[0.0, 10_000.0], [1_000.0, 12_000.0]],
            [[0.0, 10_000.0], [1_000.0, 9_000.0]],
            [[0.0, 10_000.0], [1_270.0, 11_000.0]],
        ] {
            assert_eq!(refused(&all).code(), "chainage-stones-contradict", "{all:?}");
        }
        let fault = refused(&[[0.0, 10_000.0], [1_000.0, 11_000.0], [1_300.0, 13_000.0]]);
        assert_eq!(
            (&fault.fields()["at"], &fault.fields()["next"], &fault.fields()["metres"]),
            (&"K11+000".into(), &"K13+000".into(), &"300".into())
        );
        assert!(calibrated(5_000.0, &stones(&[[0.0, 10_000.0], [1_240.0, 11_000.0]]), &[]).is_ok());
    }
}
