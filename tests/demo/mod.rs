//! The demonstration town, imported as `make run` imports it: the counts of report-0, in the tables and on the ground.

mod logs;

use serde_json::Value;

use crate::support::{answer, town, xiangtu};

fn asked(question: &[&str]) -> Value {
    answer(&[&["query", town().to_str().unwrap()], question].concat())
}

fn count(question: &[&str]) -> u64 {
    let found = asked(question);
    let matched = found["numberMatched"].as_u64().unwrap();
    assert_eq!(found["features"].as_array().unwrap().len() as u64, matched);
    matched
}

#[test]
fn the_counts_are_those_of_the_report() {
    let figures: &[(&str, &str, u64)] = &[
        ("farms", "", 394),
        ("farms", "in_village = true", 154),
        ("farms", "in_village = false", 240),
        ("farms", "on_basic_farmland = true", 16),
        ("farms", "status = 'demolished'", 40),
        ("farms", "compound = '花牛村养殖小区'", 26),
        ("ponds", "", 113),
        ("households", "", 2608),
        ("households", "started_on IS NOT NULL", 2360),
        ("households", "completed_on IS NOT NULL", 1708),
        ("households", "accepted_on IS NOT NULL", 1392),
        ("households", "retrofit = 'accepted'", 1392),
        ("households", "old_pit = 'standing'", 1673),
        ("households", "old_pit_demolished_on >= DATE('2026-09-01')", 102),
        ("frontages", "class = 'enterprise'", 17),
        ("frontages", "class = 'enterprise' AND signboard = 'done'", 5),
        ("frontages", "contract = 'signed'", 218),
        ("frontages", "signed_on >= DATE('2026-09-01')", 218),
        ("patrols", "\"on\" >= DATE('2026-09-01')", 95),
        ("projects", "type = 'square' AND status = 'building'", 1),
        ("projects", "type = 'road_hardening' AND status = 'done'", 16),
        ("issues", "", 64),
    ];
    // As of the day of the report, and now: nothing has happened since.
    for day in ["@2026-10-31", ""] {
        for (layer, filter, expected) in figures {
            let collection = format!("{layer}{day}");
            let question: &[&str] = if filter.is_empty() { &[&collection] } else { &[&collection, "--filter", filter] };
            assert_eq!(count(question), *expected, "{collection} where {filter}");
        }
    }
}

#[test]
fn on_the_eve_of_the_campaign_less_was_done() {
    let on_the_eve: &[(&str, &str, u64)] = &[
        ("farms@2026-08-31", "", 394),
        ("farms@2026-08-31", "status = 'demolished'", 11),
        ("households@2026-08-31", "old_pit = 'standing'", 1673 + 102),
        ("frontages@2026-08-31", "contract = 'signed'", 0),
        ("frontages@2026-08-31", "signboard = 'done'", 0),
        ("projects@2026-08-31", "status = 'done'", 0),
        ("patrols@2026-08-31", "", 0),
        ("issues@2026-08-31", "", 0),
        ("events@2026-08-31", "", 0),
    ];
    for (collection, filter, expected) in on_the_eve {
        let question: &[&str] = if filter.is_empty() { &[collection] } else { &[collection, "--filter", filter] };
        assert_eq!(count(question), *expected, "{collection} where {filter}");
    }
    let funnel = ["started_on", "completed_on", "accepted_on"]
        .map(|stage| count(&["households@2026-08-31", "--filter", &format!("{stage} IS NOT NULL")]));
    assert!(funnel.is_sorted_by(|a, b| a > b), "{funnel:?}");
    assert!(funnel[0] < 2360 && funnel[1] < 1708 && funnel[2] < 1392, "{funnel:?}");
}

#[test]
fn some_thirty_villages_share_their_borders_and_bear_the_reports_names() {
    let villages = asked(&["villages"]);
    let villages = villages["features"].as_array().unwrap();
    assert_eq!(villages.len(), 30);
    let names: Vec<&str> = villages.iter().map(|v| v["properties"]["name"].as_str().unwrap()).collect();
    assert!(["花牛村", "张家庄"].iter().all(|place| names.iter().any(|name| name.contains(place))), "{names:?}");
    assert_eq!(count(&["schools", "--filter", "name LIKE '%第二小学%'"]), 1);
    assert!(count(&["roads", "--filter", "ref = 'G112'"]) > 0);
    assert_eq!(count(&["ponds", "--filter", "name LIKE '%北坑%'"]).min(1), 1);
    // Shared borders: a vertex of a village in the middle of the town is a vertex of another, to the last bit.
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for village in villages {
        let mut own: Vec<String> = Vec::new();
        for ring in village["geometry"]["coordinates"].as_array().unwrap() {
            own.extend(ring.as_array().unwrap().iter().map(Value::to_string));
        }
        own.sort();
        own.dedup();
        own.into_iter().for_each(|vertex| *seen.entry(vertex).or_default() += 1);
    }
    let shared = seen.values().filter(|&&villages| villages > 1).count();
    assert!(shared * 2 > seen.len(), "{shared} of {} vertices are shared", seen.len());
}

#[test]
fn the_three_questions_have_real_answers() {
    let near = asked(&["farms-near-schools", "--as-of", "2026-10-31"]);
    let near = near["features"].as_array().unwrap();
    assert_eq!(near.len(), 18);
    let second = near.iter().filter(|f| f["properties"]["school_name"].as_str().unwrap().contains("第二小学")).count();
    assert_eq!(second, 9);
    let distances: Vec<f64> = near.iter().map(|f| f["properties"]["distance_m"].as_f64().unwrap()).collect();
    assert!(distances.is_sorted() && distances.iter().all(|d| *d <= 500.0), "worst first: {distances:?}");
    assert!(near.iter().all(|f| f["properties"]["rule_force"] == "suspended"), "never shown as law in force");
    assert_eq!(count(&["uncleaned-waterbodies", "--as-of", "2026-10-31"]), 58);
    let gaps = asked(&["coverage-gaps"]);
    for gap in gaps["features"].as_array().unwrap() {
        let share = gap["properties"]["uncovered_share"].as_f64().unwrap();
        assert!(share > 0.0 && share <= 1.0, "{gap}");
    }
    assert!(count(&["coverage-gaps", "--demand", "households"]) > 100);
}

#[test]
fn a_second_import_of_everything_changes_nothing() {
    let list = || xiangtu(&["list", town().to_str().unwrap()]);
    let before = list();
    assert!(before.lines().count() >= 20, "{before}");
    xiangtu(&["import", town().to_str().unwrap()]);
    assert_eq!(list(), before);
}

#[test]
fn before_its_first_day_the_town_is_empty_and_after_it_is_as_it_is_now() {
    assert_eq!(count(&["ponds", "--as-of", "2026-08-30"]), 0);
    assert_eq!(count(&["ponds@2026-08-31"]), 113);
}

#[test]
fn of_a_day_before_all_records_nobody_says_that_all_is_well() {
    let catalog = xiangtu::catalog::Catalog::open(&town()).unwrap();
    for question in
        ["coverage-gaps", "service-areas", "farms-near-schools", "uncleaned-waterbodies", "corridor", "screening"]
    {
        let asked = |id: &str| catalog.resolve(id).unwrap().summary();
        let refused = asked(&format!("{question}@1990-01-01")).unwrap_err();
        assert_eq!(refused.code(), "nothing-on-record", "{question}");
        let said = xiangtu::text::Lang::Zh.say(&refused);
        assert!(said.contains("1990-01-01") && said.contains("请选2026-08-31 及以后的日期"), "{said}");
        assert!(asked(&format!("{question}@2026-10-31")).is_ok(), "{question}");
    }
    // No issue had been found that day, and that is an answer.
    let none = catalog.resolve("issue-board@1990-01-01").unwrap().features(&xiangtu::query::Query::default()).unwrap();
    assert_eq!(none.matched, 0);
}

#[test]
fn against_a_month_of_which_nothing_is_on_record_nothing_is_new() {
    let catalog = xiangtu::catalog::Catalog::open(&town()).unwrap();
    let figures = |period: &str| {
        let found = catalog.resolve(&format!("hotspots~{period}")).unwrap();
        let summary = found.summary().unwrap();
        ["counted_before", "hot_new"].map(|name| summary.figures.iter().find(|f| f.name == name).unwrap().value.clone())
    };
    let [before, new] = figures("from=2026-09-01~to=2026-09-30");
    assert_eq!((before, new), (0.into(), serde_json::Value::Null));
    let [before, new] = figures("from=2026-10-01~to=2026-10-31");
    assert!(before.as_i64().unwrap() > 0 && new.is_i64(), "{before} {new}");
}
