//! Events over HTTP and on the command line.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{cleaned, day, first, properties, record, refused, send, send_with};
use crate::api::server::start;
use crate::support::{run, xiangtu};

#[test]
fn a_pond_that_was_cleaned_is_clean_at_the_next_request_and_was_not_the_day_before() {
    let server = start();
    let pond = first(&server, "ponds");
    let before = server.get("/collections/ponds").json()["revision"].clone();
    let told = record(
        &server,
        "ponds",
        &pond,
        &json!({
            "event": "清理", "on": day(-3), "by": "王某某", "note": "水面和岸边", "quantity": "约3方", "position": [117.5, 39.6],
        }),
    );
    assert_eq!(told["event"], "cleaned");
    assert_eq!(told["quantity"]["unit"], "m3");
    assert_eq!(told["quantity"]["qualifier"], "approx");
    assert_eq!(told["late"], true, "recorded three days after it happened, and says so");
    assert_ne!(server.get("/collections/ponds").json()["revision"], before, "every descendant knows");
    assert_eq!(properties(&server, "ponds", &pond)["cleaned"], json!(day(-3)));
    let on = |offset| properties(&server, &format!("ponds@{}", day(offset)), &pond)["cleaned"].clone();
    assert_eq!(on(-3), json!(day(-3)));
    assert_ne!(on(-4), json!(day(-3)));
    let history = server.get(&format!("/collections/ponds/items/{pond}/events")).json();
    assert_eq!(history["events"].as_array().unwrap().len(), 1);
    assert_eq!(history["events"][0]["changes"], json!({"cleaned": day(-3)}));
    let log = server.get("/collections/events/items").json();
    assert_eq!(log["features"][0]["properties"]["feature"], json!(pond));
    assert_eq!(log["features"][0]["properties"]["title"], "清理");
    assert_eq!(log["features"][0]["geometry"]["coordinates"], json!([117.5, 39.6]));
}

#[test]
fn what_is_recorded_late_takes_its_place_by_its_day_and_what_was_known_can_be_asked() {
    let server = start();
    let pond = first(&server, "ponds");
    record(&server, "ponds", &pond, &cleaned(&day(-1)));
    record(&server, "ponds", &pond, &cleaned(&day(-10)));
    assert_eq!(properties(&server, "ponds", &pond)["cleaned"], json!(day(-1)), "the later day has the last word");
    assert_eq!(properties(&server, &format!("ponds@{}", day(-5)), &pond)["cleaned"], json!(day(-10)));
}

#[test]
fn a_file_that_knows_nothing_of_it_does_not_unsay_what_is_recorded_after_it_came() {
    let server = start();
    let pond = first(&server, "ponds");
    // The file shows the state of 25 August; what happened the day before is told only now.
    record(&server, "ponds", &pond, &cleaned("2026-08-24"));
    assert_eq!(properties(&server, "ponds", &pond)["cleaned"], "2026-08-24");
    assert_eq!(server.get(&format!("/collections/ponds@2026-08-24/items/{pond}")).status, 404, "not on the map yet");
}

#[test]
fn an_event_that_was_undone_never_was_and_stays_in_the_history() {
    let server = start();
    let pond = first(&server, "ponds");
    let before = properties(&server, "ponds", &pond);
    let told = record(&server, "ponds", &pond, &cleaned(&day(0)));
    assert_ne!(properties(&server, "ponds", &pond), before);
    let undone = record(&server, "ponds", &pond, &json!({"event": "undone", "undoes": told["id"]}));
    assert_eq!(properties(&server, "ponds", &pond), before);
    let history = server.get(&format!("/collections/ponds/items/{pond}/events")).json();
    let states: Vec<&Value> = history["events"].as_array().unwrap().iter().map(|event| &event["undone"]).collect();
    assert_eq!(states, [&json!(false), &json!(true)]);
    assert_eq!(
        refused(&server, "ponds", &pond, &json!({"event": "undone", "undoes": told["id"]})).1,
        "event-undone-already"
    );
    // The undoing can be undone.
    record(&server, "ponds", &pond, &json!({"event": "undone", "undoes": undone["id"]}));
    assert_eq!(properties(&server, "ponds", &pond)["cleaned"], json!(day(0)));
}

#[test]
fn what_cannot_be_recorded_is_refused_by_name_and_nothing_is_written() {
    let server = start();
    let pond = first(&server, "ponds");
    let farm = first(&server, "farms");
    let cases: &[(&str, &str, Value, u16, &str)] = &[
        ("ponds", &pond, json!({"event": "washed"}), 400, "event-unknown"),
        ("ponds", &pond, json!({"event": "created"}), 400, "event-unknown"),
        ("ponds", &pond, json!({"event": "demolished"}), 400, "event-unknown"),
        ("ponds", "no-such", cleaned(&day(0)), 404, "feature-unknown"),
        ("lakes", "p", cleaned(&day(0)), 404, "layer-unknown"),
        ("events", "e-1", cleaned(&day(0)), 404, "layer-unknown"),
        ("ponds", &pond, cleaned(&day(1)), 422, "event-in-future"),
        ("ponds", &pond, json!({"event": "cleaned", "quantity": "3台班"}), 422, "unit-not-for-event"),
        ("ponds", &pond, json!({"event": "cleaned", "quantity": "三方"}), 400, "quantity-malformed"),
        ("ponds", &pond, json!({"event": "inspected", "fields": {"condition": "lovely"}}), 422, "field-value"),
        ("ponds", &pond, json!({"event": "inspected", "fields": {"colour": "green"}}), 422, "field-unknown"),
        ("ponds", &pond, json!({"event": "cleaned", "position": [200, 0]}), 422, "position-malformed"),
        ("ponds", &pond, json!({"event": "cleaned", "evidence": ["ab"]}), 404, "evidence-unknown"),
        ("ponds", &pond, json!({"event": "cleaned", "colour": "green"}), 400, "member-unknown"),
        ("ponds", &pond, json!({"event": "undone", "undoes": "e-99"}), 422, "event-not-here"),
        ("farms", &farm, json!({"event": "inspected", "fields": {"inspection": 7}}), 422, "field-value"),
    ];
    for (layer, id, body, status, code) in cases {
        assert_eq!(refused(&server, layer, id, body), (*status, (*code).to_owned()), "{body}");
    }
    assert_eq!(server.get("/collections/events/items").status, 404, "the log is empty, so there is no such layer");
    // Refused entry is a result of its own.
    let told = record(&server, "farms", &farm, &json!({"event": "inspected", "fields": {"inspection": "拒绝入场"}}));
    assert_eq!(told["changes"]["inspection"], "refused");
}

#[test]
fn many_events_are_recorded_all_or_none_with_a_reason_for_each_row() {
    let server = start();
    let pond = first(&server, "ponds");
    let one = |feature: &str, event: &str| json!({"collection": "ponds", "feature": feature, "event": event});
    let answer = send(
        &server,
        "POST",
        "/events",
        &json!({"events": [one(&pond, "cleaned"), one("gone", "cleaned"), one(&pond, "x")]}),
    );
    assert_eq!(answer.status, 400);
    let rows = answer.json()["rows"].clone();
    let seen: Vec<(u64, &str)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["row"].as_u64().unwrap(), row["code"].as_str().unwrap()))
        .collect();
    assert_eq!(seen, [(1, "feature-unknown"), (2, "event-unknown")]);
    assert_eq!(server.get(&format!("/collections/ponds/items/{pond}/events")).json()["events"], json!([]));
    let answer = send(&server, "POST", "/events", &json!({"events": [one(&pond, "cleaned"), one(&pond, "fenced")]}));
    assert_eq!(answer.status, 201, "{}", answer.json());
    assert_eq!(answer.json()["events"].as_array().unwrap().len(), 2);
    assert_eq!(properties(&server, "ponds", &pond)["fenced"], true);
}

#[test]
fn events_come_to_the_same_however_they_are_batched() {
    let (singly, together) = (start(), start());
    let ponds: Vec<String> = singly.get("/collections/ponds/items?limit=5").json()["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pond| pond["id"].as_str().unwrap().to_owned())
        .collect();
    let event = |k: usize| {
        let name = ["cleaned", "fenced", "desilted"][k % 3];
        json!({"collection": "ponds", "feature": ponds[k * 3 % 5], "event": name, "on": day(-((k * 7 % 20) as i64))})
    };
    let events: Vec<Value> = (0..30).map(event).collect();
    for event in &events {
        assert_eq!(send(&singly, "POST", "/events", &json!({"events": [event]})).status, 201);
    }
    assert_eq!(send(&together, "POST", "/events", &json!({"events": events})).status, 201);
    for id in ["ponds".to_owned(), format!("ponds@{}", day(-5)), format!("ponds@{}", day(-15))] {
        let revision =
            |server: &crate::api::server::Server| server.get(&format!("/collections/{id}")).json()["revision"].clone();
        assert_eq!(revision(&singly), revision(&together), "{id}");
    }
}

#[test]
fn a_retried_request_writes_once() {
    let server = start();
    let pond = first(&server, "ponds");
    let path = format!("/collections/ponds/items/{pond}/events");
    let key = [("idempotency-key", "3f1c")];
    let first = send_with(&server, "POST", &path, &key, &cleaned(&day(0)));
    let second = send_with(&server, "POST", &path, &key, &cleaned(&day(0)));
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(server.get(&path).json()["events"].as_array().unwrap().len(), 1);
    let other = send_with(&server, "POST", &path, &key, &cleaned(&day(-1)));
    assert_eq!((other.status, other.json()["code"].clone()), (422, json!("request-key-reused")));
}

#[test]
fn a_file_imported_again_does_not_undo_what_was_recorded_since() {
    let server = start();
    let pond = first(&server, "ponds");
    record(&server, "ponds", &pond, &cleaned(&day(0)));
    let map = server.folder().join("town");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/analyses/ponds.geojson");
    xiangtu(&["import", map.to_str().unwrap(), "ponds", file, "--key", "id"]);
    assert_eq!(properties(&server, "ponds", &pond)["cleaned"], json!(day(0)));
    assert_eq!(
        server.get(&format!("/collections/ponds/items/{pond}/events")).json()["events"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn the_command_line_records_what_the_server_shows() {
    let server = start();
    let pond = first(&server, "ponds");
    let map = server.folder().join("town");
    let map = map.to_str().unwrap();
    let said =
        xiangtu(&["record", map, "ponds", &pond, "inspected", "--on", &day(-2), "condition=黑臭", "--note", "回头看"]);
    assert!(said.starts_with("e-1\t"), "{said}");
    assert_eq!(properties(&server, "ponds", &pond)["condition"], "black");
    let bad = run(&["record", map, "ponds", &pond, "inspected", "condition=发光"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&bad.stderr).contains("发光"));
}

#[test]
fn when_an_event_was_recorded_is_an_instant_that_a_filter_compares_and_gdal_reads() {
    let server = start();
    let pond = first(&server, "ponds");
    record(&server, "ponds", &pond, &cleaned(&day(-1)));
    std::thread::sleep(std::time::Duration::from_millis(20));
    record(&server, "ponds", &pond, &cleaned(&day(-10)));
    for about in ["schema", "queryables"] {
        let told = server.get(&format!("/collections/events/{about}")).json();
        assert_eq!(told["properties"]["recorded_at"]["format"], "date-time", "{about}");
    }
    let all = server.get("/collections/events/items?limit=100000").json();
    let instant = |feature: &Value| feature["properties"]["recorded_at"].as_str().unwrap().to_owned();
    let instants: Vec<String> = all["features"].as_array().unwrap().iter().map(instant).collect();
    let last = instants.iter().max().unwrap();
    let read = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let found = |filter: String| {
        let filter = utf8_percent_encode(&filter, NON_ALPHANUMERIC);
        let answer = server.get(&format!("/collections/events/items?limit=100000&filter={filter}"));
        assert_eq!(answer.status, 200, "{filter}: {}", answer.json());
        answer.json()["numberMatched"].as_u64().unwrap() as usize
    };
    let count = |test: &dyn Fn(jiff::Timestamp) -> bool| instants.iter().filter(|text| test(read(text))).count();
    let bound = read(last);
    assert!(count(&|at| at < bound) > 0);
    // Any offset means the same instant.
    let there = bound.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
    let spelled = there.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
    assert_ne!(spelled, *last);
    for spelled in [last.as_str(), &spelled] {
        let stamp = format!("TIMESTAMP('{spelled}')");
        assert_eq!(found(format!("recorded_at < {stamp}")), count(&|at| at < bound));
        assert_eq!(found(format!("recorded_at >= {stamp}")), count(&|at| at >= bound));
        assert_eq!(found(format!("recorded_at = {stamp}")), count(&|at| at == bound));
        assert_eq!(found(format!("T_BEFORE(recorded_at, {stamp})")), count(&|at| at < bound));
        assert_eq!(found(format!("T_AFTER(recorded_at, {stamp})")), 0);
    }
    assert_eq!(
        found(format!("recorded_at = DATE('{}')", day(0))) + found(format!("recorded_at = DATE('{}')", day(-1))),
        instants.len()
    );
    let wrong = server.get("/collections/events/items?filter=recorded_at%20LIKE%20'2026%25'");
    assert_eq!((wrong.status, &wrong.json()["code"]), (400, &json!("filter-kind")));

    let folder = tempfile::tempdir().unwrap();
    for (format, kind) in [("gpkg", "DateTime"), ("shp", "String"), ("kml", "String")] {
        let name = folder.path().join(format!("events.{}", if format == "shp" { "zip" } else { format }));
        std::fs::write(&name, server.get(&format!("/collections/events/items?f={format}")).body).unwrap();
        let file = if format == "shp" { format!("/vsizip/{}", name.display()) } else { name.display().to_string() };
        let out = std::process::Command::new("ogrinfo").args(["-ro", "-al", &file]).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let field = text.lines().find(|line| {
            line.trim_start().starts_with("recorded_1 (")
                || line.trim_start().starts_with("recorded_a (")
                || line.trim_start().starts_with("recorded_at")
        });
        assert!(field.is_some_and(|line| line.contains(kind)), "{format}: {field:?}");
        let clock = last.split(['T', '.']).nth(1).unwrap();
        assert!(text.contains(clock), "{format}: {last} is told to the second");
    }
}
