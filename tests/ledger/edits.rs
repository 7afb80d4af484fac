//! Part 4: edits that are events, and lose nothing to who was slower.

use serde_json::{Value, json};

use super::{day, first, properties, record, send, send_with};
use crate::api::server::{Server, start};

fn etag(server: &Server, path: &str) -> String {
    server.get(path).header("etag").to_owned()
}

fn point(lng: f64, lat: f64) -> Value {
    json!({"type": "Point", "coordinates": [lng, lat]})
}

#[test]
fn a_feature_is_made_changed_moved_and_withdrawn_and_all_of_it_is_in_its_history() {
    let server = start();
    let made = json!({"type": "Feature", "id": "t-new", "geometry": point(117.501, 39.601), "properties": {"name": "新公厕", "seats": 4}});
    let answer = send(&server, "POST", "/collections/toilets/items", &made);
    assert_eq!(
        (answer.status, answer.header("location")),
        (201, "/collections/toilets/items/t-new"),
        "{}",
        answer.json()
    );
    let path = "/collections/toilets/items/t-new";
    assert_eq!(properties(&server, "toilets", "t-new")["seats"], 4);
    assert_eq!(send(&server, "POST", "/collections/toilets/items", &made).status, 409);

    let patch = json!({"properties": {"seats": 6}});
    let answer = send_with(&server, "PATCH", path, &[("if-match", &etag(&server, path))], &patch);
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.header("etag"), etag(&server, path));
    assert_eq!(
        (answer.json()["properties"]["seats"].clone(), answer.json()["properties"]["name"].clone()),
        (json!(6), json!("新公厕"))
    );

    let mut whole = server.get(path).json();
    whole["geometry"] = point(117.502, 39.602);
    whole["properties"]["name"] = Value::Null;
    let answer = send_with(&server, "PUT", path, &[("if-match", &etag(&server, path))], &whole);
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.json()["properties"]["name"], Value::Null);
    let near = server.get("/collections/toilets/items?bbox=117.5019,39.6019,117.5021,39.6021").json();
    assert_eq!(near["numberMatched"], 1, "the R-tree has moved with it");

    let answer = send_with(&server, "DELETE", path, &[("if-match", &etag(&server, path))], &json!({"note": "拆迁"}));
    assert_eq!(answer.status, 204);
    assert_eq!(server.get(path).status, 404);
    assert_eq!(
        server.get("/collections/toilets/items?bbox=117.5019,39.6019,117.5021,39.6021").json()["numberMatched"],
        0
    );
    let history = server.get(&format!("{path}/events")).json();
    let events: Vec<&str> =
        history["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["withdrawn", "changed", "changed", "created"]);
    assert_eq!(history["events"][0]["note"], "拆迁");
    record(&server, "toilets", "t-new", &json!({"event": "restored"}));
    assert_eq!(properties(&server, "toilets", "t-new")["seats"], 6);
}

#[test]
fn of_two_who_edit_one_feature_the_slower_loses_nothing() {
    let server = start();
    let id = first(&server, "toilets");
    let path = format!("/collections/toilets/items/{id}");
    let seen = etag(&server, &path);
    let edit =
        |name: &str| send_with(&server, "PATCH", &path, &[("if-match", &seen)], &json!({"properties": {"name": name}}));
    assert_eq!(edit("甲").status, 200);
    let slower = edit("乙");
    assert_eq!(slower.status, 412);
    let problem = slower.json();
    assert_eq!(problem["code"], "edit-conflict");
    assert_eq!(problem["yours"]["properties"]["name"], "乙");
    assert_eq!(problem["current"]["properties"]["name"], "甲");
    assert_eq!(problem["etag"], json!(etag(&server, &path)), "with which she can go on");
    let blind = send(&server, "PATCH", &path, &json!({"properties": {"name": "丙"}}));
    assert_eq!((blind.status, blind.json()["code"].clone()), (428, json!("if-match-missing")));
    assert_eq!(properties(&server, "toilets", &id)["name"], "甲");
}

#[test]
fn clients_that_all_edit_one_feature_at_once_lose_no_update() {
    let server = start();
    let id = first(&server, "toilets");
    let path = format!("/collections/toilets/items/{id}");
    send_with(&server, "PATCH", &path, &[("if-match", "*")], &json!({"properties": {"seats": 0}}));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    loop {
                        let now = server.get(&path);
                        let seats = now.json()["properties"]["seats"].as_i64().unwrap();
                        let more = json!({"properties": {"seats": seats + 1}});
                        match send_with(&server, "PATCH", &path, &[("if-match", now.header("etag"))], &more).status {
                            200 => break,
                            412 => {}
                            other => panic!("{other}"),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(properties(&server, "toilets", &id)["seats"], 40);
}

#[test]
fn what_is_no_feature_of_its_layer_is_refused_by_name() {
    let server = start();
    let at = |geometry: Value, properties: Value| {
        let answer = send(
            &server,
            "POST",
            "/collections/toilets/items",
            &json!({"type": "Feature", "geometry": geometry, "properties": properties}),
        );
        (answer.status, answer.json()["code"].as_str().unwrap_or("").to_owned())
    };
    let bow = json!({"type": "Polygon", "coordinates": [[[117.5, 39.6], [117.6, 39.7], [117.6, 39.6], [117.5, 39.7], [117.5, 39.6]]]});
    let line = json!({"type": "LineString", "coordinates": [[117.5, 39.6], [117.6, 39.6]]});
    assert_eq!(at(Value::Null, json!({})), (422, "geometry-malformed".to_owned()));
    assert_eq!(at(bow, json!({})), (422, "geometry-malformed".to_owned()));
    assert_eq!(at(line, json!({})), (422, "geometry-kind".to_owned()));
    assert_eq!(at(point(500.0, 0.0), json!({})), (422, "geometry-malformed".to_owned()));
    assert_eq!(at(point(117.5, 39.6), json!({"colour": "green"})), (422, "property-unknown".to_owned()));
    assert_eq!(at(point(117.5, 39.6), json!({"seats": "many"})), (422, "field-value".to_owned()));
    assert_eq!(at(point(117.5, 39.6), json!({"seats": 4000})), (422, "field-value".to_owned()));
    let derived = send(
        &server,
        "POST",
        "/collections/farms-near-schools/items",
        &json!({"type": "Feature", "geometry": point(117.5, 39.6)}),
    );
    assert_eq!((derived.status, derived.json()["code"].clone()), (405, json!("method-not-allowed")));
}

#[test]
fn a_collection_of_features_is_made_whole_or_not_at_all() {
    let server = start();
    let count = || server.get("/collections/toilets/items?limit=1").json()["numberMatched"].as_u64().unwrap();
    let before = count();
    let one =
        |lng: f64, seats: i64| json!({"type": "Feature", "geometry": point(lng, 39.6), "properties": {"seats": seats}});
    let send_all = |features: Value| {
        send(&server, "POST", "/collections/toilets/items", &json!({"type": "FeatureCollection", "features": features}))
    };
    let answer = send_all(json!([one(117.5, 2), one(117.51, -1), one(999.0, 2)]));
    assert_eq!(answer.status, 400);
    let rows: Vec<u64> =
        answer.json()["rows"].as_array().unwrap().iter().map(|row| row["row"].as_u64().unwrap()).collect();
    assert_eq!((rows, count()), (vec![1, 2], before));
    let answer = send_all(json!([one(117.5, 2), one(117.51, 3)]));
    assert_eq!(answer.status, 201);
    assert_eq!((answer.json()["created"].as_array().unwrap().len(), count()), (2, before + 2));
}

#[test]
fn a_feature_read_and_sent_back_as_it_was_is_no_event() {
    let server = start();
    let id = first(&server, "ponds");
    let path = format!("/collections/ponds/items/{id}");
    let read = server.get(&path);
    let answer = send_with(&server, "PUT", &path, &[("if-match", read.header("etag"))], &read.json());
    assert_eq!((answer.status, answer.header("etag")), (200, read.header("etag")));
    assert_eq!(server.get(&format!("{path}/events")).json()["events"], json!([]));
    // On a day before it was made a feature is not there.
    let made = json!({"type": "Feature", "id": "t-2", "geometry": point(117.5, 39.6), "properties": {}});
    assert_eq!(send(&server, "POST", &format!("/collections/toilets/items?on={}", day(-5)), &made).status, 201);
    assert_eq!(server.get(&format!("/collections/toilets@{}/items/t-2", day(-6))).status, 404);
    assert_eq!(server.get(&format!("/collections/toilets@{}/items/t-2", day(-5))).status, 200);
}
