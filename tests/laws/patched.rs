//! A table that came about change by change is the table that was made at once.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use xiangtu::query::Query;
use xiangtu::table::Table;

use super::random::{Seed, layer_of, seed, table};
use super::{filter_law, ids, page_law, same_features, windows};

type Features = BTreeMap<u16, Seed>;

fn spelled(id: u16) -> String {
    format!("号-{id}")
}

fn made_of(features: &Features) -> Table {
    table(features.iter().map(|(&id, seed)| (spelled(id), seed)))
}

/// One step: what each id becomes, None for going away, and whether anyone has asked the table before.
type Step = (Vec<(u16, Option<Seed>)>, bool);

fn step() -> impl Strategy<Value = Step> {
    (vec((0..40_u16, proptest::option::weighted(0.6, seed())), 0..12), any::<bool>())
}

/// Takes a step in the model and in the table.
fn take((changes, asked): &Step, features: &mut Features, table: &Table) -> Table {
    if *asked {
        table.index();
        table.bbox();
        table.digest();
    }
    // Of several changes of one feature the last one counts.
    let changes: BTreeMap<u16, &Option<Seed>> = changes.iter().map(|(id, seed)| (*id, seed)).collect();
    let arriving: Features = changes.iter().filter_map(|(&id, seed)| seed.map(|seed| (id, seed))).collect();
    let gone: Vec<String> = changes.iter().filter(|(_, seed)| seed.is_none()).map(|(&id, _)| spelled(id)).collect();
    features.retain(|id, _| !gone.contains(&spelled(*id)));
    features.extend(&arriving);
    table.patched(&made_of(&arriving), &gone.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Everything that can be asked of a table, asked of both.
fn the_same(patched: Table, features: &Features) {
    let whole = made_of(features);
    assert_eq!(patched.len(), whole.len());
    assert_eq!(patched.bbox(), whole.bbox());
    for id in (0..40).map(spelled) {
        assert_eq!(patched.find(&id).map(|row| row.digest()), whole.find(&id).map(|row| row.digest()), "{id}");
    }
    let (patched, whole) = (layer_of(patched), layer_of(whole));
    same_features(&patched, &whole);
    for bbox in windows(&whole) {
        let query = Query { bbox: Some(bbox), ..Query::default() };
        assert_eq!(ids(&patched, &query), ids(&whole, &query), "in {bbox:?}");
    }
    filter_law(&patched);
    page_law(&patched);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sequence_of_patches_comes_to_the_table_made_at_once(
        first in vec(seed(), 0..40),
        steps in vec(step(), 1..8),
    ) {
        let mut features: Features = (0..).zip(first).collect();
        let mut patched = made_of(&features);
        for step in &steps {
            let before = (patched.len(), patched.digest());
            let next = take(step, &mut features, &patched);
            prop_assert_eq!((patched.len(), patched.digest()), before, "the table before stays as it is");
            prop_assert_eq!(next.digest(), made_of(&features).digest());
            patched = next;
        }
        the_same(patched, &features);
    }

    #[test]
    fn what_is_derived_from_a_patched_table_is_what_is_derived_from_the_whole(
        first in vec(seed(), 1..40),
        step in step(),
        from in any::<prop::sample::Index>(),
        twice in step(),
    ) {
        let mut features: Features = (0..).zip(first).collect();
        let whole = made_of(&features);
        let patched = take(&step, &mut features, &whole);
        prop_assume!(!features.is_empty());
        features = features.into_iter().skip(from.index(patched.len() as usize)).collect();
        let rows: Vec<u32> = features.keys().map(|&id| patched.find(&spelled(id)).unwrap().row).collect();
        let derived = patched.derive(rows, Vec::new(), Vec::new());
        prop_assert_eq!(derived.digest(), made_of(&features).digest());
        // A choice has no base of its own: it is written anew.
        let again = take(&twice, &mut features, &derived);
        the_same(again, &features);
    }
}

#[test]
fn a_table_of_which_much_has_changed_is_written_anew_and_answers_the_same() {
    let at = |k: u16, n: i64| -> Seed {
        ((117.0 + f64::from(k % 97) * 0.01, 39.0 + f64::from(k % 89) * 0.01), 0.001, 1, Some(1), Some(n), None, None)
    };
    let mut features: Features = (0..3000).map(|k| (k, at(k, 0))).collect();
    let mut patched = made_of(&features);
    for round in 0..9_u16 {
        let changes = (0..900).map(|k| (k * 5 + round * 7, (k % 10 > 0).then(|| at(k, i64::from(round))))).collect();
        patched = take(&(changes, true), &mut features, &patched);
        assert_eq!(patched.digest(), made_of(&features).digest());
    }
    let (patched, whole) = (layer_of(patched), layer_of(made_of(&features)));
    same_features(&patched, &whole);
    for bbox in windows(&whole) {
        let query = Query { bbox: Some(bbox), limit: Some(700), ..Query::default() };
        assert_eq!(ids(&patched, &query), ids(&whole, &query), "in {bbox:?}");
    }
}
