//! The laws of the fold, over made-up histories.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use xiangtu::store::fold::{Effect, Said, State, fold, last, on};
use xiangtu::units::Day;

/// Something said of one feature; `seq` is given by its place.
fn said() -> impl Strategy<Value = Said> {
    let sets = proptest::collection::btree_map(
        proptest::sample::select(vec!["status", "cleaned", "name"]),
        proptest::option::of(0_i64..4),
        0..3,
    );
    let present = proptest::option::weighted(0.15, any::<bool>());
    let undoes = proptest::option::weighted(0.2, 1_i64..12);
    let file = proptest::bool::weighted(0.3);
    (0_i32..8, sets, proptest::option::weighted(0.3, 0_u8..3), present, undoes, file).prop_map(
        |(day, sets, geom, present, undoes, file)| {
            let sets: Map<String, Value> =
                sets.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
            let effect = Effect { sets, geom: geom.map(|byte| vec![byte]), present, undoes };
            Said { seq: 0, on: Day(day), file, whole: false, effect }
        },
    )
}

fn history() -> impl Strategy<Value = Vec<Said>> {
    proptest::collection::vec(said(), 0..12).prop_map(|mut all| {
        for (at, one) in all.iter_mut().enumerate() {
            one.seq = at as i64 + 1;
            // An event can only revoke one before it.
            one.effect.undoes = one.effect.undoes.filter(|seq| *seq < at as i64 + 1);
        }
        let geom = Some(vec![9]);
        let base = Effect { geom, present: Some(true), ..Effect::default() };
        all.insert(0, Said { seq: 0, on: Day(3), file: true, whole: true, effect: base });
        all
    })
}

/// The state on a day, said the slow way: every attribute by itself, its last word looked for.
fn slowly(all: &[Said], day: Day) -> Option<State> {
    let gone = |seq: i64| {
        fn revoked(all: &[Said], seq: i64) -> bool {
            all.iter().any(|one| one.effect.undoes == Some(seq) && !revoked(all, one.seq))
        }
        revoked(all, seq)
    };
    let mut counts: Vec<&Said> = all.iter().filter(|one| one.on <= day && !gone(one.seq)).collect();
    counts.sort_by_key(|one| (one.on, one.seq));
    let present = word(&counts, |one| one.effect.present)?;
    let geom = word(&counts, |one| one.effect.geom.clone())?;
    let mut attributes = Map::new();
    for name in ["status", "cleaned", "name"] {
        let said = |one: &Said| one.effect.sets.get(name).cloned().or(one.whole.then_some(Value::Null));
        if let Some(value) = word(&counts, said).filter(|value| !value.is_null()) {
            attributes.insert(name.to_owned(), value);
        }
    }
    present.then_some(State { geom, attributes })
}

/// The last word on a thing: of a record, or of a file that the record before it was already in the log for.
fn word<T>(ordered: &[&Said], of: impl Fn(&Said) -> Option<T>) -> Option<T> {
    let speaks: Vec<&&Said> = ordered.iter().filter(|one| of(one).is_some()).collect();
    let holds = |at: usize| {
        let record = speaks[..at].iter().rev().find(|one| !one.file);
        !speaks[at].file || record.is_none_or(|record| record.seq < speaks[at].seq)
    };
    (0..speaks.len()).rev().find(|&at| holds(at)).and_then(|at| of(speaks[at]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_state_on_every_day_is_what_was_said_last_of_each_attribute(all in history()) {
        let versions = fold(&all);
        for day in -1..9 {
            prop_assert_eq!(on(&versions, Day(day)).cloned(), slowly(&all, Day(day)), "day {}", day);
        }
        prop_assert_eq!(last(&versions).cloned(), slowly(&all, Day(9)));
        prop_assert!(versions.windows(2).all(|pair| pair[0].from < pair[1].from && pair[0].state != pair[1].state));
    }

    #[test]
    fn the_order_in_which_it_is_read_does_not_matter(all in history(), seed in any::<u64>()) {
        let mut mixed = all.clone();
        let mut state = seed | 1;
        for at in (1..mixed.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            mixed.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(fold(&mixed), fold(&all));
    }

    #[test]
    fn what_is_said_for_a_later_day_changes_no_earlier_one(all in history(), more in said(), ahead in 1_i32..4) {
        let day = Day(7);
        let before = fold(&all);
        let mut longer = all.clone();
        longer.push(Said { seq: 99, on: Day(day.0 + ahead), effect: Effect { undoes: None, ..more.effect }, ..more });
        let after = fold(&longer);
        for day in 0..=7 {
            prop_assert_eq!(on(&after, Day(day)), on(&before, Day(day)));
        }
    }

    #[test]
    fn undoing_all_leaves_the_base(all in history()) {
        let mut undone = all.clone();
        // The latest first: revocations are revoked before what they revoked.
        for (at, one) in all.iter().filter(|one| one.seq > 0).rev().enumerate() {
            undone.push(Said {
                seq: 100 + at as i64,
                on: one.on,
                file: false,
                whole: false,
                effect: Effect { undoes: Some(one.seq), ..Effect::default() },
            });
        }
        prop_assert_eq!(fold(&undone), fold(&all[..1]));
    }
}
