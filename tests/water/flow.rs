//! What is upstream, as far as the ledger says which way the water runs.

use serde_json::{Value, json};

use super::{Hand, asked};

/// Two reaches of a ditch that touch, a farm beside the western one, and a pond beside its western end.
fn ditch(flow: Option<&str>) -> Hand {
    let mut hand = Hand::new();
    let mut of = |id: &str, points: &[[f64; 2]]| {
        let mut properties = json!({"type": "ditch", "condition": "poor"});
        if let Some(flow) = flow {
            properties["flow"] = flow.into();
        }
        hand.line(id, points, properties);
    };
    of("west", &[[0.0, 0.0], [600.0, 0.0]]);
    of("east", &[[600.0, 0.0], [1200.0, 0.0]]);
    hand.pond("pond", [-40.0, -20.0, 0.0, 20.0], json!({"condition": "poor", "type": "pond"}));
    hand.point("farms", "farm", "f", [100.0, 150.0], json!({"name": "养殖户"}));
    hand
}

fn of(hand: &Hand, body: &str, question: &[&str]) -> [Value; 4] {
    let found = asked(&hand.map(), &[&["uncleaned-waterbodies"], question].concat());
    ["upstream", "upstream_sources", "connected", "connected_sources"].map(|name| found[body][name].clone())
}

#[test]
fn a_source_beside_the_reach_above_is_upstream_and_below_it_is_not() {
    let drawn = ditch(Some("drawn"));
    assert_eq!(of(&drawn, "east", &[]), ["known".into(), json!(1), json!(2), json!(1)]);
    assert_eq!(
        of(&drawn, "pond", &[]),
        ["known".into(), json!(0), json!(2), json!(0)],
        "the farm stands by the pond itself"
    );
    let against = ditch(Some("against"));
    assert_eq!(of(&against, "east", &[]), ["known".into(), json!(0), json!(2), json!(1)]);
}

#[test]
fn where_no_direction_is_known_none_is_guessed() {
    let unknown = ditch(None);
    assert_eq!(of(&unknown, "east", &[]), ["unknown".into(), Value::Null, json!(2), json!(1)]);
    let mut alone = Hand::new();
    alone.pond("p", [0.0, 0.0, 10.0, 10.0], json!({"condition": "poor"}));
    assert_eq!(of(&alone, "p", &[]), ["none".into(), json!(0), json!(0), json!(0)]);
}

#[test]
fn only_so_much_of_the_water_above_counts_as_was_asked_for() {
    let drawn = ditch(Some("drawn"));
    // The farm is 150 m from the ditch at its metre 100, 500 m above the eastern reach: 200 m of it reach to metre 232.3 (≤).
    let sources = |length: &str| of(&drawn, "east", &["--upstream", length])[1].clone();
    assert_eq!(sources("367"), json!(0));
    assert_eq!(sources("368"), json!(1));
}

#[test]
fn a_body_flows_into_the_one_that_it_names() {
    let mut hand = Hand::new();
    hand.pond("low", [0.0, 0.0, 20.0, 20.0], json!({"condition": "poor", "name": "下坑"}));
    hand.pond("high", [700.0, 0.0, 720.0, 20.0], json!({"condition": "poor", "flows_to": "下坑"}));
    hand.point("outfalls", "outfall", "o", [710.0, 100.0], json!({"status": "open"}));
    hand.point("outfalls", "outfall", "plugged", [710.0, 110.0], json!({"status": "plugged"}));
    assert_eq!(of(&hand, "low", &[]), ["known".into(), json!(1), json!(1), json!(1)]);
    assert_eq!(of(&hand, "high", &[])[1], json!(0));
}
