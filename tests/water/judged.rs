//! Which sample belongs to which body, and which decides.

use serde_json::{Value, json};

use super::{Hand, asked, figures};

fn sample(hand: &mut Hand, id: &str, at: [f64; 2], on: &str, bad: bool, more: Value) {
    let mut values = if bad {
        json!({"on": on, "clarity_cm": 10, "oxygen_mg_l": 1, "ammonia_mg_l": 20})
    } else {
        json!({"on": on, "clarity_cm": 40, "oxygen_mg_l": 4, "ammonia_mg_l": 2})
    };
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    hand.point("water-samples", "water_sample", id, at, values);
}

#[test]
fn the_newest_sample_by_the_day_decides_and_a_later_one_does_not_count() {
    let mut hand = Hand::new();
    hand.pond("p", [0.0, 0.0, 50.0, 50.0], json!({"condition": "poor"}));
    sample(&mut hand, "s1", [10.0, 10.0], "2026-09-01", false, json!({}));
    sample(&mut hand, "s2", [10.0, 10.0], "2026-10-01", true, json!({}));
    sample(&mut hand, "s3", [10.0, 10.0], "2026-10-02", false, json!({}));
    let map = hand.map();
    let on = |day: &str| {
        let found = asked(&map, &["uncleaned-waterbodies", "--as-of", day]);
        (found["p"]["judgement"].clone(), found["p"]["sample_id"].clone(), found["p"]["differs"].clone())
    };
    assert_eq!(on("2026-08-31"), (Value::Null, Value::Null, Value::Null));
    assert_eq!(on("2026-09-30"), ("not-black-odorous".into(), "s1".into(), false.into()));
    assert_eq!(on("2026-10-01"), ("black-odorous".into(), "s2".into(), true.into()));
    assert_eq!(on("2026-10-02"), ("not-black-odorous".into(), "s3".into(), false.into()));
}

#[test]
fn what_its_samples_find_black_is_black_whatever_the_ledger_says() {
    let mut hand = Hand::new();
    hand.pond("p", [0.0, 0.0, 50.0, 50.0], json!({"condition": "good"}));
    hand.pond("q", [500.0, 0.0, 550.0, 50.0], json!({"condition": "black"}));
    sample(&mut hand, "s1", [10.0, 10.0], "2026-10-01", true, json!({}));
    sample(&mut hand, "s2", [510.0, 10.0], "2026-10-01", false, json!({}));
    let map = hand.map();
    let found = asked(&map, &["uncleaned-waterbodies", "--condition", "black"]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["p", "q"]);
    assert_eq!((&found["p"]["list"], &found["p"]["priority"]), (&json!("national"), &json!(70.0)));
    // What is on the list stays there until the ledger says otherwise; that they differ is shown.
    assert_eq!((&found["q"]["list"], &found["q"]["differs"]), (&json!("national"), &json!(true)));
    let figures = figures(&map, "uncleaned-waterbodies");
    assert_eq!((&figures["black_by_samples"], &figures["differing"]), (&json!(1), &json!(2)));
}

#[test]
fn a_sample_that_could_belong_to_two_or_contradicts_itself_belongs_to_none() {
    let mut hand = Hand::new();
    hand.pond("a", [0.0, 0.0, 50.0, 50.0], json!({"name": "同名坑"}));
    hand.pond("b", [70.0, 0.0, 120.0, 50.0], json!({"name": "同名坑"}));
    hand.pond("c", [500.0, 0.0, 550.0, 50.0], json!({"name": "独坑"}));
    sample(&mut hand, "name-of-two", [-900.0, 0.0], "2026-10-01", true, json!({"waterbody": "同名坑"}));
    sample(&mut hand, "unknown-id", [10.0, 10.0], "2026-10-01", true, json!({"waterbody": "x-9"}));
    sample(&mut hand, "other-pond", [510.0, 10.0], "2026-10-01", true, json!({"waterbody": "a"}));
    sample(&mut hand, "nowhere", [300.0, 300.0], "2026-10-01", true, json!({}));
    let map = hand.map();
    let asked_of = |map| asked(map, &["uncleaned-waterbodies", "--as-of", "2026-10-31"]);
    assert!(asked_of(&map).values().all(|one| one["judgement"].is_null()));
    let told = figures(&map, "uncleaned-waterbodies@2026-10-31");
    assert_eq!((&told["samples"], &told["samples_unjoined"]), (&json!(4), &json!(4)));
    // By a name of one, by an id off any water, and from 20 m beside it (≤).
    sample(&mut hand, "by-name", [-900.0, 0.0], "2026-10-02", true, json!({"waterbody": "独坑"}));
    sample(&mut hand, "by-id", [-900.0, 0.0], "2026-10-02", true, json!({"waterbody": "a"}));
    sample(&mut hand, "beside", [139.99, 20.0], "2026-10-02", false, json!({}));
    sample(&mut hand, "too-far", [140.5, 20.0], "2026-10-03", true, json!({}));
    let map = hand.map();
    let found = asked_of(&map);
    let of = |id: &str| found[id]["sample_id"].clone();
    assert_eq!([of("a"), of("b"), of("c")], ["by-id", "beside", "by-name"]);
    assert_eq!(figures(&map, "uncleaned-waterbodies@2026-10-31")["samples_unjoined"], 5);
}

#[test]
fn a_sampling_of_the_ledger_counts_as_a_sample_and_does_not_mix_with_the_one_before() {
    let mut hand = Hand::new();
    hand.pond("p", [0.0, 0.0, 50.0, 50.0], json!({"condition": "poor"}));
    let home = hand.map();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    let record = |day: &str, fields: &[&str]| {
        crate::support::xiangtu(&[&["record", map, "ponds", "p", "sampled", "--on", day], fields].concat());
    };
    record("2026-10-01", &["clarity_cm=8", "oxygen_mg_l=3", "ammonia_mg_l=2", "depth_cm=20"]);
    let found = asked(&home, &["uncleaned-waterbodies", "--as-of", "2026-10-05"]);
    assert_eq!(found["p"]["judgement"], "not-black-odorous", "8 cm are 40 % of 20 cm");
    assert_eq!(found["p"]["clarity_limit_cm"], 8.0);
    record("2026-10-10", &["clarity_cm=9", "ammonia_mg_l=2"]);
    let found = asked(&home, &["uncleaned-waterbodies", "--as-of", "2026-10-31"]);
    // The depth of the first sampling is not that of the second: 9 cm fail the 25.
    assert_eq!((&found["p"]["failed_limits"], &found["p"]["clarity_limit_cm"]), (&json!("clarity"), &json!(25.0)));
    assert!(found["p"]["oxygen_mg_l"].is_null());
}
