//! One stretch one body; a pond is one body wherever it lies; the list by area, at its boundary.

use serde_json::json;

use super::{Hand, asked, figures};

fn villages(hand: &mut Hand) {
    hand.area("villages", "village", "v1", [-1000.0, -1000.0, 0.0, 1000.0], json!({"name": "西村"}));
    hand.area("villages", "village", "v2", [0.0, -1000.0, 1000.0, 0.0], json!({"name": "东南村"}));
    hand.area("villages", "village", "v3", [0.0, 0.0, 1000.0, 1000.0], json!({"name": "东北村"}));
}

#[test]
fn a_pond_over_three_villages_is_one_body_and_names_them_by_their_shares() {
    let mut hand = Hand::new();
    villages(&mut hand);
    // 30 m of 100 in the west; of the rest 40 m north of the border and 20 m south of it.
    hand.pond("p", [-30.0, -20.0, 70.0, 40.0], json!({"condition": "black", "type": "pond", "name": "三村坑"}));
    let map = hand.map();
    let found = asked(&map, &["black-odorous-list"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found["p"]["lies_in"], "东北村、西村、东南村");
    assert_eq!((&found["p"]["list"], &found["p"]["drawn_parts"]), (&json!("national"), &json!(1)));
    assert!((found["p"]["area_m2"].as_f64().unwrap() - 6000.0).abs() < 0.01);
    assert_eq!(figures(&map, "uncleaned-waterbodies")["national"], 1);
}

#[test]
fn a_ditch_is_as_many_bodies_as_it_has_black_stretches_in_villages() {
    let mut hand = Hand::new();
    villages(&mut hand);
    let ditch = |condition: &str| json!({"condition": condition, "type": "ditch", "name": "长沟"});
    // Black, black, good, black: two stretches, of which the second crosses into the next village.
    hand.pond("d1", [-900.0, 500.0, -800.0, 505.0], ditch("black"));
    hand.pond("d2", [-799.5, 500.0, -700.0, 505.0], ditch("black"));
    hand.pond("d3", [-700.0, 500.0, -600.0, 505.0], ditch("good"));
    hand.pond("d4", [-600.0, 500.0, 200.0, 505.0], ditch("black"));
    // Of another name, though it touches: another ditch.
    hand.pond("e", [-700.0, 505.0, -695.0, 600.0], json!({"condition": "black", "type": "ditch", "name": "支沟"}));
    let found = asked(&hand.map(), &["black-odorous-list"]);
    let ids: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(ids, ["d1", "d4:v1", "d4:v3", "e"]);
    assert_eq!((&found["d1"]["drawn_as"], &found["d1"]["list"]), (&json!("d1,d2"), &json!("provincial")));
    assert_eq!(found["d4:v1"]["list"], "national", "600 m of 5 m");
    assert_eq!(found["d4:v3"]["list"], "provincial", "200 m of 5 m");
    assert_eq!(found["d4:v3"]["lies_in"], "东北村");
    let (from, to) = (found["d1"]["begins_at"].as_str().unwrap(), found["d1"]["ends_at"].as_str().unwrap());
    assert!(from < to && from.starts_with("117.389"), "{from} … {to}");
}

#[test]
fn a_ditch_drawn_as_a_line_has_the_area_of_its_width_and_without_one_none() {
    let mut hand = Hand::new();
    hand.line("wide", &[[0.0, 0.0], [500.0, 0.0]], json!({"condition": "black", "type": "ditch", "width_m": 4.0}));
    hand.line("bare", &[[0.0, 300.0], [500.0, 300.0]], json!({"condition": "black", "type": "ditch"}));
    let map = hand.map();
    let found = asked(&map, &["uncleaned-waterbodies"]);
    assert!((found["wide"]["area_m2"].as_f64().unwrap() - 2000.0).abs() < 0.01);
    assert_eq!(found["wide"]["area_basis"], "width");
    let bare = &found["bare"];
    assert!(bare["area_m2"].is_null() && bare["list"].is_null());
    assert_eq!(bare["area_basis"], "unknown");
    assert_eq!(figures(&map, "uncleaned-waterbodies")["area_unknown"], 1);
}

#[test]
fn two_thousand_square_metres_are_on_the_national_list() {
    let mut hand = Hand::new();
    let black = || json!({"condition": "black"});
    hand.pond("below", [0.0, 0.0, 99.999, 20.0], black());
    hand.pond("at", [0.0, 100.0, 100.0005, 120.0], black());
    hand.pond("small", [0.0, 200.0, 10.0, 210.0], black());
    let map = hand.map();
    let list = |question: &[&str]| {
        let found = asked(&map, question);
        ["at", "below", "small"].map(|id| found[id]["list"].as_str().unwrap_or("none").to_owned())
    };
    assert_eq!(list(&["uncleaned-waterbodies"]), ["national", "provincial", "provincial"]);
    assert_eq!(list(&["uncleaned-waterbodies", "--min_area", "101"]), ["national", "provincial", "below"]);
    assert_eq!(list(&["black-odorous-list", "--min_area", "99"]), ["national", "provincial", "provincial"]);
}
