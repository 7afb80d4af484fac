//! Village indicators.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xiangtu::analysis;
use xiangtu::query::Query;
use xiangtu::rules::indicators;
use xiangtu::table;

use super::{area, features, figure, opened, small, told};
use crate::support::town;

pub fn villages() -> String {
    let village = |id: &str, west: f64, more: Value| {
        let mut properties = json!({"id": id, "name": format!("村{id}"), "code": format!("99000020{id}")});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        area(properties, west, 39.60, west + 0.01, 39.61)
    };
    let exactly = json!({
        "households": 10, "water_num": 9, "water_den": 10, "sewage_num": 6, "sewage_den": 10,
        "waste_num": 7, "waste_den": 10, "manure_num": 7, "manure_den": 10,
    });
    features(&[
        // Exactly at every target.
        village("0201", 117.40, exactly.clone()),
        village("0202", 117.41, exactly),
        // Nothing to be a rate of; the others as rates alone.
        village(
            "0203",
            117.42,
            json!({"water_num": 0, "water_den": 0, "sewage_rate": 60.0, "waste_rate": 70.0, "manure_rate": 70.0}),
        ),
        village("0204", 117.43, json!({})),
        village(
            "0205",
            117.44,
            json!({"households": 200, "estimated": true, "water_num": 899, "water_den": 1000, "sewage_rate": 59.9,
                   "waste_rate": 70.0, "manure_rate": 70.0}),
        ),
        // Merged into another on the first of October.
        village(
            "0206",
            117.45,
            json!({"water_rate": 100.0, "sewage_rate": 100.0, "waste_rate": 100.0, "manure_rate": 100.0,
                   "valid_to": "2026-09-30"}),
        ),
    ])
}

pub const HOUSES: &str = "\
id,village,retrofit,started_on,completed_on,accepted_on,old_pit,lon,lat
h1,村0201,accepted,2026-03-01,2026-04-01,2026-05-01,standing,117.401,39.605
h2,村0201,started,2026-03-01,,,standing,117.402,39.605
h3,不知道,enrolled,,,,none,117.415,39.605
h4,,enrolled,,,,none,117.300,39.605
h5,村0201,accepted,2026-03-01,,2026-05-01,none,117.403,39.605
h6,村0201,none,,,,none,117.404,39.605
h7,村0201,enrolled,,,,none,117.416,39.605
";

const OCTOBER: &str = "village-indicators@2026-10-31";

#[test]
fn exactly_at_the_target_is_passed_and_nothing_to_be_a_rate_of_is_missing() {
    let map = small();
    let found = told(
        &map,
        OCTOBER,
        &[
            "water_rate",
            "water_num",
            "water_den",
            "water_pass",
            "water_short",
            "rates_passed",
            "rates_failed",
            "rates_unknown",
            "rates_estimated",
        ],
    );
    let rows = [
        ["0205", "89.9", "899", "1000", "false", "1", "2", "2", "0", "3"],
        ["0201", "90", "9", "10", "true", "0", "4", "0", "0", "0"],
        ["0202", "90", "9", "10", "true", "0", "4", "0", "0", "0"],
        ["0203", "", "0", "0", "", "", "3", "0", "1", "3"],
        ["0204", "", "", "", "", "", "0", "0", "4", "0"],
    ];
    assert_eq!(found, rows);
    // 899 and 9 and 9 of 1000 and 10 and 10; the village of no households counts nothing to either.
    assert_eq!(figure(&map, OCTOBER, "water_rate"), json!(89.9));
    assert_eq!(figure(&map, OCTOBER, "water_den"), json!(1020));
    assert_eq!((figure(&map, OCTOBER, "water_passed"), figure(&map, OCTOBER, "water_unknown")), (json!(2), json!(2)));
}

#[test]
fn toilets_are_counted_where_they_say_or_else_where_they_stand() {
    let map = small();
    let funnel =
        ["task", "started", "completed", "accepted", "old_pits", "accepted_with_pit", "funnel_breaks", "funnel_ok"];
    let found = told(&map, OCTOBER, &funnel);
    let of = |id: &str| found.iter().find(|row| row[0] == id).unwrap()[1..].to_vec();
    // h5 is accepted without ever having been completed by a day; its state says that it was.
    assert_eq!(of("0201"), ["4", "3", "2", "2", "2", "1", "1", "true"]);
    assert_eq!(of("0202"), ["1", "0", "0", "0", "0", "0", "0", "true"]);
    assert_eq!(of("0204"), ["0", "0", "0", "0", "0", "0", "0", "true"]);
    // The town is the sum of its villages, and who is in none is told apart.
    assert_eq!((figure(&map, OCTOBER, "task"), figure(&map, OCTOBER, "unplaced_households")), (json!(5), json!(1)));
    assert_eq!(figure(&map, OCTOBER, "open"), Value::Null, "no issues are kept here: that is not none");
}

#[test]
fn scores_ranks_and_lists_follow_the_sheet() {
    let map = small();
    let found = told(&map, OCTOBER, &["score", "scored_share", "rank", "rank_change", "board", "board_why"]);
    // 0201: 60 for the rates, 15 − 50 × 0.15 for the toilets, 5 − 0.5 for the pit: 72 of 80 that could be scored.
    let rows = [
        ["0205", "99.85", "65", "1", "1", "black", "rates"],
        ["0201", "90", "80", "2", "1", "red", "top"],
        ["0202", "81.25", "80", "3", "1", "red", "top"],
        ["0203", "", "50", "", "", "", ""],
        ["0204", "", "5", "", "", "", ""],
    ];
    assert_eq!(found, rows);
    assert_eq!(figure(&map, OCTOBER, "unranked"), json!(2));
}

#[test]
fn the_list_of_villages_is_that_of_the_closing_day_and_says_so() {
    let map = small();
    let september = "village-indicators~period=2026-09@2026-10-31";
    assert_eq!(told(&map, september, &["rank"])[0], ["0206", "1"]);
    let list = |id: &str| ["villages_listed", "list_as_of", "villages_estimated"].map(|name| figure(&map, id, name));
    assert_eq!(list(september), [json!(6), json!("2026-09-30"), json!(1)]);
    assert_eq!(list(OCTOBER), [json!(5), json!("2026-10-31"), json!(1)]);
    assert_ne!(figure(&map, september, "list_digest"), figure(&map, OCTOBER, "list_digest"));
    // Asked on the day that it closed, a period says the same of itself as later.
    let then = told(&map, "village-indicators@2026-09-30", &["score", "rank"]);
    assert_eq!(told(&map, september, &["score", "rank"]), then);
}

#[test]
fn masked_names_tell_no_village() {
    let map = small();
    let masked = "village-indicators~names=masked@2026-10-31";
    let found = told(&map, masked, &["name", "rank", "water_num", "water_den", "water_short"]);
    let letters: Vec<&str> = found.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(letters, ["A", "B", "C", "D", "E"]);
    assert_eq!(found[1], ["B", "某村B", "2", "", "", ""]);
    let answer = opened(&map, masked).features(&Query::default()).unwrap();
    assert!(answer.rows().all(|row| row.shape().is_none()));
    let all = format!("{found:?}");
    assert!(!all.contains("020"), "{all}");
    assert!(
        answer
            .table()
            .attributes()
            .iter()
            .all(|a| !["code", "households", "leader", "phone"].contains(&a.name.as_str()))
    );
}

#[test]
fn a_period_is_refused_where_it_is_none_or_has_not_begun() {
    let map = small();
    let catalog = xiangtu::catalog::Catalog::open(&map).unwrap();
    let refused = |id: &str| catalog.resolve(id).err().unwrap().code().to_owned();
    assert_eq!(refused("village-indicators~period=2026-13@2026-10-31"), "parameter-not-period");
    assert_eq!(refused("village-indicators~period=2026-11@2026-10-31"), "parameter-period-ahead");
    assert_eq!(refused("village-indicators~indicators=other@2026-10-31"), "parameter-not-one-of");
}

#[test]
fn every_file_of_indicators_reads_and_scores_what_there_is() {
    let files =
        std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("maps/indicators")).unwrap().count();
    assert_eq!(indicators::all().len(), files);
    for one in indicators::all() {
        assert!(!one.citation.is_empty() && one.rates.iter().all(|rate| !rate.citation.is_empty()), "{}", one.id);
        for item in &one.items {
            assert!(analysis::is_measure(&item.of), "{}: {} is no measure", one.id, item.of);
            assert!(
                item.of.ends_with("_rate") || item.below.is_some() != item.above.is_some(),
                "{}: {}",
                one.id,
                item.of
            );
        }
        for event in &one.cleaning {
            assert!(xiangtu::event::all().iter().any(|known| known.id == *event), "{}: {event}", one.id);
        }
    }
}

/// The demonstration town against a replay of its ledgers in Python (`tests/oracle/villages/indicators.py`).
#[test]
fn the_demonstration_town_comes_to_what_a_replay_of_its_ledgers_comes_to() {
    let text = include_str!("../oracle/villages/indicators.jsonl");
    let mut compared = 0;
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let question = case["question"].as_str().unwrap();
        let expected: BTreeMap<String, BTreeMap<String, Value>> =
            serde_json::from_value(case["villages"].clone()).unwrap();
        let answer = opened(&town(), question).features(&Query::default()).unwrap();
        assert_eq!(answer.rows().count(), expected.len(), "{question}");
        for row in answer.rows() {
            for (property, value) in &expected[row.id()] {
                let ours = match row.named(property) {
                    table::Value::Null => Value::Null,
                    table::Value::Int(n) => json!(n as f64),
                    table::Value::Float(x) => json!(x),
                    table::Value::Bool(b) => json!(b),
                    other => json!(other.to_text()),
                };
                let theirs = value.as_f64().map_or(value.clone(), |x| json!(x));
                assert_eq!(ours, theirs, "{question} {} {property}", row.id());
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 5 * 30 * 33);
}

#[test]
fn the_town_is_the_sum_of_its_villages() {
    let question = "village-indicators~period=2026-09-01..@2026-10-31";
    let answer = opened(&town(), question).features(&Query::default()).unwrap();
    let names = [
        "task",
        "started",
        "completed",
        "accepted",
        "old_pits",
        "pits_demolished",
        "open",
        "overdue",
        "cleanings",
        "water_num",
        "water_den",
        "manure_num",
        "manure_den",
        "found",
        "closed",
    ];
    for name in names {
        let sum: f64 = answer.rows().filter_map(|row| row.named(name).number()).sum();
        assert_eq!(figure(&town(), question, name).as_f64(), Some(sum), "{name}");
    }
    // And the sum is what the report says.
    let told = ["task", "started", "completed", "accepted", "old_pits", "pits_demolished"];
    assert_eq!(told.map(|name| figure(&town(), question, name)), [2608, 2360, 1708, 1392, 1673, 102].map(|n| json!(n)));
}
