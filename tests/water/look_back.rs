//! When a look-back falls due, and what comes of it.

use serde_json::json;

use super::{Hand, asked, figures};
use crate::support::xiangtu;

#[test]
fn a_look_back_falls_due_is_done_relapses_and_falls_due_again() {
    let mut hand = Hand::new();
    hand.pond("p", [0.0, 0.0, 50.0, 50.0], json!({"condition": "good", "cleaned": "2026-09-01"}));
    hand.pond("q", [500.0, 0.0, 550.0, 50.0], json!({"condition": "poor"}));
    let home = hand.map();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    let record = |event: &[&str]| xiangtu(&[&["record", map, "ponds", "p"], event].concat());
    record(&["inspected", "--on", "2026-10-02", "look_back_result=refused"]);
    record(&["inspected", "--on", "2026-10-03", "look_back_result=held"]);
    record(&["inspected", "--on", "2026-10-08", "look_back_result=relapsed"]);
    record(&["cleaned", "--on", "2026-10-09"]);
    record(&["inspected", "--on", "2026-10-20"]);
    let on = |day: &str| {
        let found = asked(&home, &["uncleaned-waterbodies", "--show", "surveyed", "--as-of", day]);
        assert!(found["q"]["look_back"].is_null(), "what was never cleaned is not looked back at");
        let one = &found["p"];
        [&one["look_back"], &one["look_back_on"], &one["last_inspected"]].map(|v| v.as_str().unwrap_or("-").to_owned())
    };
    assert_eq!(on("2026-09-30"), ["waiting", "2026-10-01", "-"]);
    assert_eq!(on("2026-10-01"), ["due", "2026-10-01", "-"]);
    assert_eq!(on("2026-10-02"), ["due", "2026-10-01", "2026-10-02"], "nobody got in");
    assert_eq!(on("2026-10-03"), ["done", "-", "2026-10-03"]);
    assert_eq!(on("2026-10-08"), ["relapsed", "-", "2026-10-08"]);
    assert_eq!(on("2026-10-09"), ["waiting", "2026-11-08", "2026-10-08"]);
    // An inspection without a result is a look-back that found no relapse.
    assert_eq!(on("2026-10-20"), ["done", "-", "2026-10-20"]);
    let due = asked(&home, &["uncleaned-waterbodies", "--show", "look-back", "--as-of", "2026-10-01"]);
    assert_eq!(due.keys().collect::<Vec<_>>(), ["p"], "good ones too");
    let told = figures(&home, "uncleaned-waterbodies@2026-10-08");
    let of = |name: &str| told[name].as_i64().unwrap();
    assert_eq!((of("surveyed"), of("looked_back"), of("look_back_due"), of("relapsed")), (2, 1, 0, 1));
    let early =
        asked(&home, &["uncleaned-waterbodies", "--show", "surveyed", "--look_back", "29", "--as-of", "2026-09-30"]);
    assert_eq!(early["p"]["look_back"], "due");
}
