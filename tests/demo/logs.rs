//! What the town's work logs come to, once they are taken in: the report's tallies, and issues with whole lives.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::asked;

/// The events of one kind, each with its properties.
fn happened(event: &str) -> Vec<Value> {
    let found = asked(&["events@2026-10-31", "--filter", &format!("event = '{event}' AND undone = false")]);
    found["features"].as_array().unwrap().iter().map(|feature| feature["properties"].clone()).collect()
}

#[test]
fn the_tallies_of_the_campaign_are_those_of_the_report() {
    let sums: &[(&str, &str, f64)] = &[
        ("rubbish-cleared", "m3", 4309.0),
        ("clutter-cleared", "{place}", 126.0),
        ("ditch-cleared", "m", 2405.0),
        ("river-cleared", "m", 1356.0),
        ("structures-demolished", "{place}", 46.0),
        ("roadside-cleared", "m2", 1274.0),
        ("vehicles-out", "{shift}", 243.0),
        ("people-out", "{person_time}", 564.0),
        ("ad-boards-seized", "{board}", 9.0),
        ("banners-cleared", "{strip}", 13.0),
        ("overflow-cleared", "{place}", 23.0),
        ("construction-stopped", "{place}", 2.0),
    ];
    let number = |row: &Value, name: &str| row[name].as_f64().unwrap();
    for (event, unit, expected) in sums {
        let rows = happened(event);
        assert!(rows.len() > 1 && rows.iter().all(|row| row["unit"] == *unit), "{event} in several rows of {unit}");
        assert_eq!(rows.iter().map(|row| number(row, "quantity")).sum::<f64>(), *expected, "{event}");
    }
    let structures = happened("structures-demolished");
    assert_eq!(structures.iter().map(|row| number(row, "area_m2")).sum::<f64>(), 1324.0);
    for (event, expected) in [("old-pit-demolished", 102), ("contract-signed", 218), ("signboard-done", 5)] {
        assert_eq!(happened(event).len(), expected, "{event}");
    }
    // The analysis that adds them up says the same.
    let tallies = asked(&["tallies~from=2026-09-01@2026-10-31"]);
    let told = |event: &str| {
        let rows = tallies["features"].as_array().unwrap().iter().map(|feature| &feature["properties"]);
        rows.filter(|row| row["event"] == event).map(|row| number(row, "quantity")).sum::<f64>()
    };
    assert!(sums.iter().all(|(event, _, expected)| told(event) == *expected), "{tallies}");
    // Many villages take part, most of all on Fridays (周五集中整治).
    let rubbish = happened("rubbish-cleared");
    let villages: BTreeSet<&str> = rubbish.iter().map(|row| row["village"].as_str().unwrap()).collect();
    assert_eq!(villages.len(), 30);
    let friday = |row: &&Value| {
        let on: jiff::civil::Date = row["on"].as_str().unwrap().parse().unwrap();
        on.weekday() == jiff::civil::Weekday::Friday
    };
    assert!(rubbish.iter().filter(friday).count() * 3 > rubbish.len());
}

#[test]
fn nothing_of_the_logs_is_lost_but_the_line_of_sums() {
    let events = asked(&["events"]);
    assert_eq!(events["numberMatched"], 1366 + 1069 + 375);
    let map = crate::support::town();
    let flaws = std::fs::read_to_string(map.join("flaws/xiangtu_ledger.csv")).unwrap();
    let codes: Vec<&str> = flaws.lines().skip(1).map(|line| line.split(',').nth(3).unwrap()).collect();
    assert_eq!(codes, ["flaw-total-row"]);
}

#[test]
fn issues_live_through_every_step_and_nobody_verifies_their_own_work() {
    let issues = asked(&["issues@2026-10-31"]);
    let issues = issues["features"].as_array().unwrap();
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for issue in issues {
        let own = &issue["properties"];
        *states.entry(own["status"].as_str().unwrap()).or_default() += 1;
        assert!(own["type"].is_string() && own["village"].is_string() && own["found_on"].is_string(), "{issue}");
        assert!(own["verified_by"].is_null() || own["verified_by"] != own["rectified_by"], "{issue}");
    }
    let every =
        ["found", "registered", "assigned", "in_progress", "rectified", "verified", "closed", "held", "relapsed"];
    assert!(every.iter().chain(&["suspended", "rejected"]).all(|state| states.contains_key(state)), "{states:?}");
    let filtered = |filter: &str| asked(&["issues@2026-10-31", "--filter", filter])["numberMatched"].as_u64().unwrap();
    assert!(filtered("round = 2") >= 3, "some came back");
    assert!(
        filtered("status IN ('assigned', 'in_progress') AND rectify_by < DATE('2026-10-31')") >= 4,
        "some are overdue"
    );
    assert!(filtered("status = 'closed' AND look_back_on <= DATE('2026-10-31')") >= 1, "some are to be looked back at");
    assert!(filtered("road = '112国道'") > 15, "most lie along road 112");
    let twins = asked(&["issues", "--filter", "reject_reason = 'duplicate'"]);
    for twin in twins["features"].as_array().unwrap() {
        let first = twin["properties"]["duplicate_of"].as_str().unwrap();
        assert_eq!(filtered(&format!("number = '{first}'")), 1, "a duplicate names what it repeats");
    }
}

#[test]
fn owners_who_let_nobody_in_are_a_result_and_not_a_gap() {
    let inspected = happened("inspected");
    assert!(inspected.iter().filter(|row| row["layer"] == "farms").count() > 150);
    let refused = asked(&["farms", "--filter", "inspection = 'refused' AND inspected >= DATE('2026-09-01')"]);
    assert!(refused["numberMatched"].as_u64().unwrap() > 10);
}
