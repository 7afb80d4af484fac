//! From metres along a line to what the kilometre stones say, over broken chainage (断链).

use crate::fault::Fault;
use crate::geo::chainage::station::spell;

/// Numbers nearer to each other than this run on, metres.
const SAME_M: f64 = 1e-6;

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
}
