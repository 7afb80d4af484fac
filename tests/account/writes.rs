//! Who may write what where, at every door that writes; and what the ledger tells to whom.

use serde_json::{Value, json};

use super::town::{PASSWORD, PEOPLE, own_town, sign_in};
use crate::api::server::{Answer, Server};

/// Everybody, with the cookie that they came by.
fn everybody(server: &Server) -> Vec<(&'static str, String)> {
    let mut all: Vec<_> = PEOPLE.iter().map(|(name, _)| (*name, sign_in(server, name, PASSWORD).1)).collect();
    all.push(("nobody", String::new()));
    all
}

fn send(server: &Server, cookie: &str, method: &str, path: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", "*"), ("cookie", cookie)];
    server.request(method, path, &headers, &body.to_string())
}

/// What somebody is told: written, or the status of the refusal. Place: 0 in cell 1 of village A, 1 in village B.
fn expected(person: &str, place: usize) -> u16 {
    match (person, place) {
        ("administrator" | "planner", _) | ("village" | "grid_worker", 0) | ("foreign", 1) => 200,
        ("nobody", _) => 401,
        _ => 403,
    }
}

#[test]
fn each_writes_where_the_role_says_at_every_door_that_writes() {
    let server = own_town("viewer");
    let made = |place: usize| {
        let at = [[117.504, 39.604], [117.534, 39.604]][place];
        json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": {"seats": 2}})
    };
    for (person, cookie) in everybody(&server) {
        for place in [0, 1] {
            let farm = format!("f-{}", place + 1);
            let toilet = format!("/collections/toilets/items/t-{}", place + 1);
            let note = |text: &str| json!({"note": format!("{text} {person}")});
            let pond = format!("p-{}", place + 1);
            let events = json!({"events": [{"collection": "farms", "feature": farm, "event": "noted"}]});
            let doors = [
                (
                    "POST",
                    format!("/collections/farms/items/{farm}/events"),
                    json!({"event": "inspected", "fields": {"inspection": "passed"}}),
                ),
                (
                    "POST",
                    format!("/collections/villages/items/v-{}/events", ["a", "b"][place]),
                    json!({"event": "rubbish-cleared", "quantity": "3方"}),
                ),
                ("POST", "/events".to_owned(), events),
                ("POST", "/collections/toilets/items".to_owned(), made(place)),
                (
                    "PATCH",
                    toilet.clone(),
                    json!({"properties": {"seats": PEOPLE.iter().position(|(name, _)| *name == person)}}),
                ),
                ("POST", "/collections/uncleaned-waterbodies/dispatch".to_owned(), json!({"features": [pond]})),
                ("DELETE", toilet.clone(), note("withdrawn")),
            ];
            for (method, path, body) in doors {
                // A grid worker's cell is a part of the village, and the village is not theirs.
                let village = path.contains("/villages/") && person == "grid_worker";
                // Ponds and toilets of the made town stand just inside the cell.
                let answer = send(&server, &cookie, method, &path, &body);
                let wanted = if village { 403 } else { expected(person, place) };
                let status = if answer.status < 300 { 200 } else { answer.status };
                assert_eq!(status, wanted, "{person} {method} {path}: {}", String::from_utf8_lossy(&answer.body));
            }
            if expected(person, place) == 200 {
                // Not there, it matches nothing: the condition of the other doors is left out.
                let headers = [("content-type", "application/json"), ("cookie", cookie.as_str())];
                let back = server.request("POST", &format!("{toilet}/events"), &headers, r#"{"event": "restored"}"#);
                assert_eq!(back.status, 201, "{person}: {}", String::from_utf8_lossy(&back.body));
            }
        }
    }
}

#[test]
fn nobody_moves_a_feature_off_their_ground_or_pulls_one_onto_it() {
    let server = own_town("viewer");
    let (_, clerk) = sign_in(&server, "village", PASSWORD);
    let to = |id: &str, at: [f64; 2]| {
        let moved = json!({"geometry": {"type": "Point", "coordinates": at}});
        send(&server, &clerk, "PATCH", &format!("/collections/toilets/items/{id}"), &moved).status
    };
    assert_eq!(to("t-1", [117.535, 39.604]), 403, "off");
    assert_eq!(to("t-2", [117.505, 39.604]), 403, "onto");
    assert_eq!(to("t-1", [117.505, 39.604]), 200);
}

#[test]
fn an_event_is_undone_by_who_recorded_it_or_by_those_who_answer_for_all() {
    let server = own_town("viewer");
    let cookie = |name| sign_in(&server, name, PASSWORD).1;
    let (clerk, worker, planner) = (cookie("village"), cookie("grid_worker"), cookie("planner"));
    let path = "/collections/farms/items/f-1/events";
    let told = send(&server, &clerk, "POST", path, &json!({"event": "noted", "note": "x"})).json();
    let undo = json!({"event": "undone", "undoes": told["id"]});
    assert_eq!(send(&server, &worker, "POST", path, &undo).status, 403);
    assert_eq!(send(&server, &planner, "POST", path, &undo).status, 201);
    let history = server.get_with(path, &[("cookie", &planner)]).json();
    assert_eq!(history["events"][0]["author"], "planner", "who did it is written down");
}

#[test]
fn the_history_of_a_home_tells_a_stranger_neither_what_was_said_there_nor_where() {
    let server = own_town("viewer");
    let said =
        json!({"event": "visited", "note": "13911119999 之家", "by": "王大娘", "position": [117.5037123, 39.6041357]});
    let path = "/collections/households/items/h-1/events";
    let (_, clerk) = sign_in(&server, "village", PASSWORD);
    assert_eq!(send(&server, &clerk, "POST", path, &said).status, 201);
    for (person, cookie) in everybody(&server) {
        let sees = matches!(person, "administrator" | "planner" | "village" | "grid_worker");
        for path in [
            path,
            "/collections/events/items",
            "/collections/events/items?f=csv",
            "/collections/events/items?f=kml",
            "/checks",
        ] {
            let body = server.get_with(path, &[("cookie", &cookie)]).body;
            let text = String::from_utf8_lossy(&body).into_owned();
            for secret in ["13911119999", "王大娘", "117.5037123"] {
                assert!(sees || !text.contains(secret), "{person} reads {secret} at {path}");
            }
            if sees && path.ends_with("/items") {
                assert!(text.contains("13911119999") && text.contains("王大娘"), "{person} at {path}: {text}");
            }
        }
    }
}
