//! Issues: a finding is one issue, its life has its steps, and who put it right is not who says so.

use serde_json::{Value, json};

use super::{day, first, properties, record, refused, send};
use crate::api::server::{Server, start};

fn dispatch(server: &Server, collection: &str, features: &[&str]) -> Value {
    let answer = send(
        server,
        "POST",
        &format!("/collections/{collection}/dispatch"),
        &json!({"features": features, "triage": "deadline"}),
    );
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

fn finding(server: &Server) -> String {
    let found = server.get("/collections/uncleaned-waterbodies/items?limit=1").json();
    found["features"][0]["id"].as_str().unwrap().to_owned()
}

/// Takes an issue from being assigned to being closed.
fn close(server: &Server, issue: &str) {
    let step =
        |event: &str, by: &str| record(server, "issues", issue, &json!({"event": event, "by": by, "note": "已办"}));
    step("started", "李某");
    step("rectified", "李某");
    step("verified", "赵某");
    step("closed", "赵某");
}

#[test]
fn the_same_finding_is_the_same_issue_until_it_is_closed_and_a_relapse_reopens_it_with_its_history() {
    let server = start();
    let pond = finding(&server);
    let opened = dispatch(&server, "uncleaned-waterbodies", &[&pond]);
    assert_eq!((&opened["opened"], &opened["known"]), (&json!(1), &json!(0)));
    let issue = opened["issues"][0]["id"].as_str().unwrap().to_owned();
    let about = properties(&server, "issues", &issue);
    assert_eq!((&about["status"], &about["subject"], &about["round"]), (&json!("assigned"), &json!(pond), &json!(1)));
    assert_eq!(about["rectify_by"], json!(day(7)));
    assert!(about["number"].as_str().unwrap().starts_with(&day(0).replace('-', "")), "{about}");
    assert!(about["village"].is_string(), "whose it is, the map says: {about}");
    // Another way of asking finds the same pond: it is known.
    let again = dispatch(&server, "uncleaned-waterbodies~days=60", &[&pond]);
    assert_eq!((&again["opened"], &again["known"]), (&json!(0), &json!(1)));
    assert_eq!(again["issues"][0]["id"], json!(issue));
    close(&server, &issue);
    assert_eq!(properties(&server, "issues", &issue)["status"], "closed");
    let relapse = dispatch(&server, "uncleaned-waterbodies", &[&pond]);
    assert_eq!(relapse["relapsed"], 1);
    let about = properties(&server, "issues", &issue);
    assert_eq!((&about["status"], &about["round"], &about["closed_on"]), (&json!("assigned"), &json!(2), &Value::Null));
    let history = server.get(&format!("/collections/issues/items/{issue}/events")).json();
    assert_eq!(history["events"].as_array().unwrap().len(), 8, "nothing of the first round is lost");
    assert_eq!(server.get("/collections/issues/items").json()["numberMatched"], 1);
}

#[test]
fn a_step_out_of_turn_is_refused_and_so_is_judging_ones_own_work() {
    let server = start();
    let pond = finding(&server);
    let opened = dispatch(&server, "uncleaned-waterbodies", &[&pond]);
    let issue = opened["issues"][0]["id"].as_str().unwrap().to_owned();
    let refuse = |body: Value| refused(&server, "issues", &issue, &body);
    assert_eq!(refuse(json!({"event": "verified"})), (409, "transition-not-allowed".to_owned()));
    assert_eq!(refuse(json!({"event": "closed"})), (409, "transition-not-allowed".to_owned()));
    assert_eq!(refuse(json!({"event": "rectified"})), (422, "event-needs-proof".to_owned()));
    record(&server, "issues", &issue, &json!({"event": "rectified", "by": "李某", "note": "已清运"}));
    assert_eq!(refuse(json!({"event": "verified", "by": "李某"})), (409, "same-person".to_owned()));
    assert_eq!(
        refuse(json!({"event": "verified", "by": "赵某", "on": day(-1)})),
        (422, "transition-too-early".to_owned())
    );
    let told = record(&server, "issues", &issue, &json!({"event": "verified", "by": "赵某"}));
    assert_eq!(told["changes"]["verified_by"], "赵某");
    let patch = super::send_with(
        &server,
        "PATCH",
        &format!("/collections/issues/items/{issue}"),
        &[("if-match", "*")],
        &json!({"properties": {"status": "closed"}}),
    );
    assert_eq!(
        (patch.status, patch.json()["code"].clone()),
        (422, json!("property-by-event")),
        "no way round the steps"
    );
}

#[test]
fn an_issue_found_on_a_walk_begins_its_life_where_it_lies() {
    let server = start();
    let pond = server.get(&format!("/collections/ponds/items/{}", first(&server, "ponds"))).json();
    let place = pond["geometry"]["coordinates"][0][0].clone();
    let found = json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": {"type": "rubbish", "note": "路口"}});
    let answer = send(&server, "POST", "/collections/issues/items", &found);
    assert_eq!(answer.status, 201, "{}", answer.json());
    let id = answer.header("location").rsplit('/').next().unwrap().to_owned();
    let about = properties(&server, "issues", &id);
    assert_eq!((&about["status"], &about["found_on"]), (&json!("found"), &json!(day(0))));
    assert!(about["village"].is_string(), "{about}");
    let told = record(&server, "issues", &id, &json!({"event": "registered"}));
    assert!(told["changes"]["number"].is_string());
    record(
        &server,
        "issues",
        &id,
        &json!({"event": "rejected", "fields": {"reject_reason": "duplicate", "duplicate_of": "x"}}),
    );
    assert_eq!(properties(&server, "issues", &id)["duplicate_of"], "x");
}

#[test]
fn a_finding_by_one_of_many_rules_is_about_the_farm_that_hits_it() {
    let server = start();
    let found = server.get("/collections/screening/items?limit=1").json();
    let (id, farm) = (&found["features"][0]["id"], &found["features"][0]["properties"]["subject_id"]);
    let opened = dispatch(&server, "screening", &[id.as_str().unwrap()]);
    let issue = opened["issues"][0]["id"].as_str().unwrap().to_owned();
    let about = properties(&server, "issues", &issue);
    assert_eq!((&about["subject_layer"], &about["subject"]), (&json!("farms"), farm));
}
