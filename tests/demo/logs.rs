//! The town's work logs as they read against the map: nothing is lost, and they come to the report's figures.

use xiangtu::import::log::{self, LogRow};
use xiangtu::map::MapFolder;
use xiangtu::store::Store;

use crate::support::town;

fn rows() -> Vec<LogRow> {
    let map = MapFolder::open(&town()).unwrap();
    let store = Store::open(&map.store_path(), &map.zone).unwrap();
    let mut rows = Vec::new();
    for source in &map.logs {
        let log = log::read(&map, &store, source).unwrap();
        let wrong: Vec<_> = log.flaws.iter().filter(|flaw| flaw.code != "flaw-total-row").collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", log.file);
        assert!(log.foreign.is_empty(), "{}: {:?}", log.file, log.foreign);
        assert_eq!(log.rows.len() + log.flaws.len(), log.seen as usize);
        assert!(log.rows.is_sorted_by_key(|row| row.on));
        rows.extend(log.rows);
    }
    rows
}

#[test]
fn the_logs_read_whole_and_come_to_the_reports_figures() {
    let rows = rows();
    let of = |layer: &str, event: &str| -> Vec<&LogRow> {
        rows.iter().filter(|row| row.layer == layer && row.event == event).collect()
    };
    let sums: &[(&str, &str, &str, f64)] = &[
        ("villages", "rubbish-cleared", "m3", 4309.0),
        ("villages", "clutter-cleared", "{place}", 126.0),
        ("villages", "ditch-cleared", "m", 2405.0),
        ("villages", "river-cleared", "m", 1356.0),
        ("villages", "structures-demolished", "{place}", 46.0),
        ("villages", "roadside-cleared", "m2", 1274.0),
        ("villages", "vehicles-out", "{shift}", 243.0),
        ("villages", "people-out", "{person_time}", 564.0),
        ("roads", "ad-boards-seized", "{board}", 9.0),
        ("roads", "banners-cleared", "{strip}", 13.0),
        ("roads", "overflow-cleared", "{place}", 23.0),
        ("roads", "construction-stopped", "{place}", 2.0),
    ];
    for (layer, event, unit, expected) in sums {
        let rows = of(layer, event);
        let quantities: Vec<_> = rows.iter().map(|row| row.quantity.as_ref().unwrap()).collect();
        assert!(quantities.iter().all(|quantity| quantity.unit.id == *unit), "{event} in {unit}");
        assert_eq!(quantities.iter().map(|quantity| quantity.value).sum::<f64>(), *expected, "{event}");
        assert!(rows.len() > 1, "{event} in several rows");
    }
    let area = |row: &&LogRow| row.fields["area_m2"].as_f64().unwrap();
    assert_eq!(of("villages", "structures-demolished").iter().map(area).sum::<f64>(), 1324.0);
    assert_eq!(of("households", "old-pit-demolished").len(), 102);
    assert_eq!(of("frontages", "contract-signed").len(), 218);
    assert_eq!(of("frontages", "signboard-done").len(), 5);
    assert!(of("farms", "inspected").iter().any(|row| row.fields["inspection"] == "refused"));
    // Fridays are for cleaning (周五集中整治). 1970-01-01 was a Thursday.
    let rubbish = of("villages", "rubbish-cleared");
    let friday = rubbish.iter().filter(|row| row.on.0 % 7 == 1).count();
    assert!(friday * 3 > rubbish.len(), "{friday} of {}", rubbish.len());
}

#[test]
fn an_issue_is_found_at_a_place_and_verified_by_somebody_else() {
    let rows = rows();
    let issues: Vec<&LogRow> = rows.iter().filter(|row| row.layer == "issues").collect();
    let found: Vec<&&LogRow> = issues.iter().filter(|row| row.event == "created").collect();
    assert!((55..=70).contains(&found.len()), "{}", found.len());
    for row in &found {
        assert!(row.place.is_some() && row.fields["status"] == "found" && row.fields["number"] == row.feature.as_str());
        let mut worker = "";
        for step in issues.iter().filter(|step| step.feature == row.feature) {
            match step.event {
                "rectified" => worker = &step.by,
                "verified" => assert!(!worker.is_empty() && step.by != worker, "{step:?}"),
                _ => {}
            }
        }
    }
    let gone = |event: &str| issues.iter().filter(|row| row.event == event).count();
    for event in ["held", "relapsed", "returned", "suspended", "rejected", "closed"] {
        assert!(gone(event) > 0, "no issue is {event}");
    }
}
