//! The ledger, from outside and from inside: what was recorded is there, as of any day, and nothing is lost.

mod crash;
mod edits;
mod events;
mod fold;
mod issues;
mod part4;

use serde_json::{Value, json};

use crate::api::server::{Answer, Server};

/// Sends JSON, which is how everything is written.
fn send(server: &Server, method: &str, path: &str, body: &Value) -> Answer {
    send_with(server, method, path, &[], body)
}

fn send_with(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend_from_slice(headers);
    server.request(method, path, &all, &body.to_string())
}

/// Records an event, which must be taken.
fn record(server: &Server, layer: &str, id: &str, body: &Value) -> Value {
    let answer = send(server, "POST", &format!("/collections/{layer}/items/{id}/events"), body);
    assert_eq!(answer.status, 201, "{body}: {}", answer.json());
    answer.json()
}

/// The refusal of an event: status and code.
fn refused(server: &Server, layer: &str, id: &str, body: &Value) -> (u16, String) {
    let answer = send(server, "POST", &format!("/collections/{layer}/items/{id}/events"), body);
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// A feature's properties, as of a day where one is given.
fn properties(server: &Server, collection: &str, id: &str) -> Value {
    server.get(&format!("/collections/{collection}/items/{id}")).json()["properties"].clone()
}

/// The id of a layer's first feature.
fn first(server: &Server, layer: &str) -> String {
    let items = server.get(&format!("/collections/{layer}/items?limit=1")).json();
    items["features"][0]["id"].as_str().unwrap().to_owned()
}

/// The day in the town's calendar, so many days from today.
fn day(offset: i64) -> String {
    let today = xiangtu::units::Day::today(&jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
    xiangtu::units::Day(today.0 + offset as i32).to_string()
}

fn cleaned(on: &str) -> Value {
    json!({"event": "cleaned", "on": on})
}
