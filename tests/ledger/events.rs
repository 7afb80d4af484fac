//! Events over HTTP and on the command line.

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
        ("ponds", &pond, json!({"event": "inspected", "fields": {"condition": "lovely"}}), 400, "field-value"),
        ("ponds", &pond, json!({"event": "inspected", "fields": {"colour": "green"}}), 422, "field-unknown"),
        ("ponds", &pond, json!({"event": "cleaned", "position": [200, 0]}), 422, "position-malformed"),
        ("ponds", &pond, json!({"event": "cleaned", "evidence": ["ab"]}), 404, "evidence-unknown"),
        ("ponds", &pond, json!({"event": "cleaned", "colour": "green"}), 400, "member-unknown"),
        ("ponds", &pond, json!({"event": "undone", "undoes": "e-99"}), 422, "event-not-here"),
        ("farms", &farm, json!({"event": "inspected", "fields": {"inspection": 7}}), 400, "field-value"),
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
fn when_something_was_recorded_can_be_held_against_an_instant() {
    let server = start();
    let pond = first(&server, "ponds");
    record(&server, "ponds", &pond, &cleaned(&day(-1)));
    std::thread::sleep(std::time::Duration::from_millis(20));
    record(&server, "ponds", &pond, &cleaned(&day(0)));
    let schema = server.get("/collections/events/schema").json();
    assert_eq!(schema["properties"]["recorded_at"]["format"], "date-time", "{schema}");
    let log = server.get("/collections/events/items").json();
    let mut instants: Vec<&str> =
        log["features"].as_array().unwrap().iter().map(|f| f["properties"]["recorded_at"].as_str().unwrap()).collect();
    instants.sort_unstable();
    let [first, second] = instants[..] else { panic!("{log}") };
    let count = |filter: &str| {
        let coded = [(" ", "%20"), ("+", "%2B"), (">", "%3E"), ("<", "%3C")];
        let coded = coded.iter().fold(filter.to_owned(), |text, (from, to)| text.replace(from, to));
        let asked = server.get(&format!("/collections/events/items?filter={coded}"));
        asked.json()["numberMatched"].as_u64().unwrap_or_else(|| panic!("{filter}: {}", asked.json()))
    };
    assert_eq!(count(&format!("recorded_at > TIMESTAMP('{first}')")), 1);
    assert_eq!(count(&format!("recorded_at >= TIMESTAMP('{first}')")), 2);
    assert_eq!(count(&format!("T_AFTER(recorded_at, TIMESTAMP('{second}'))")), 0);
    assert_eq!(count(&format!("T_DURING(recorded_at, INTERVAL('2000-01-01T00:00:00Z', '{second}'))")), 1);
    assert_eq!(count("recorded_at < TIMESTAMP('2000-01-01T08:00:00+08:00')"), 0);
    let refused = server.get("/collections/events/items?filter=recorded_at%20%3E%205");
    assert_eq!(refused.status, 400, "{}", refused.json());
}
