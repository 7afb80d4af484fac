//! OGC API Features Part 4 (draft 20-002r1), by its conformance classes: Create/Replace/Delete, Update, Optimistic Locking with
//! ETags, Features. What the ledger makes of the edits is tested in `edits`.

use serde_json::{Value, json};

use super::{send, send_with};
use crate::api::server::{Server, start};

const ITEMS: &str = "/collections/toilets/items";

fn toilet(id: &str, lng: f64, lat: f64) -> Value {
    let geometry = json!({"type": "Point", "coordinates": [lng, lat]});
    json!({"type": "Feature", "id": id, "geometry": geometry, "properties": {"name": id, "seats": 4}})
}

fn made(server: &Server, id: &str) -> String {
    let answer = send(server, "POST", ITEMS, &toilet(id, 117.501, 39.601));
    assert_eq!(answer.status, 201);
    answer.header("location").to_owned()
}

fn tag(server: &Server, path: &str) -> String {
    server.get(path).header("etag").to_owned()
}

/// `create-replace-delete`, discovery: OPTIONS names the methods that an address takes.
#[test]
fn options_names_the_methods_of_collections_and_of_features() {
    let server = start();
    let path = made(&server, "t-1");
    for (path, methods) in [(ITEMS, &["GET", "HEAD", "POST"][..]), (&path, &["GET", "HEAD", "PUT", "PATCH", "DELETE"])]
    {
        let answer = server.request("OPTIONS", path, &[], "");
        let allowed: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
        assert!(methods.iter().all(|method| allowed.contains(method)), "{path}: {allowed:?}");
    }
}

/// `create-replace-delete`, POST: 201 with the address of the new feature, which is there; media types; an id is taken once.
#[test]
fn a_posted_feature_is_at_the_address_that_it_is_given() {
    let server = start();
    for media in ["application/geo+json", "application/json"] {
        let mut feature = toilet("", 117.501, 39.601);
        feature.as_object_mut().unwrap().remove("id");
        let answer = server.request("POST", ITEMS, &[("content-type", media)], &feature.to_string());
        assert_eq!(answer.status, 201);
        let there = server.get(answer.header("location")).json();
        assert_eq!((&there["properties"]["seats"], &there["geometry"]), (&json!(4), &feature["geometry"]));
    }
    let answer = server.request("POST", ITEMS, &[("content-type", "text/xml")], "<feature/>");
    assert_eq!(answer.status, 415);
    made(&server, "t-2");
    assert_eq!(send(&server, "POST", ITEMS, &toilet("t-2", 117.5, 39.6)).status, 409);
}

/// `create-replace-delete`, PUT: the whole is replaced, what is left out is gone; PUT of what there is not is 404.
#[test]
fn a_put_replaces_the_whole_feature() {
    let server = start();
    let path = made(&server, "t-1");
    let mut whole = toilet("t-1", 117.502, 39.602);
    whole["properties"].as_object_mut().unwrap().remove("seats");
    let answer = send_with(&server, "PUT", &path, &[("if-match", &tag(&server, &path))], &whole);
    assert_eq!(answer.status, 200);
    let there = server.get(&path).json();
    assert_eq!((&there["properties"]["seats"], &there["geometry"]), (&Value::Null, &whole["geometry"]));
    let none = format!("{ITEMS}/none");
    assert_eq!(send_with(&server, "PUT", &none, &[("if-match", "\"0\"")], &whole).status, 404);
}

/// `create-replace-delete`, DELETE: 204, then 404, and again 404.
#[test]
fn a_deleted_feature_is_not_found_and_cannot_be_deleted_again() {
    let server = start();
    let path = made(&server, "t-1");
    let held = tag(&server, &path);
    assert_eq!(send_with(&server, "DELETE", &path, &[("if-match", &held)], &json!({})).status, 204);
    assert_eq!(server.get(&path).status, 404);
    assert_eq!(send_with(&server, "DELETE", &path, &[("if-match", &held)], &json!({})).status, 404);
}

/// `update`, PATCH: a merge patch changes what it names, null takes away, the rest stays.
#[test]
fn a_patch_changes_what_it_names() {
    let server = start();
    let path = made(&server, "t-1");
    for media in ["application/merge-patch+json", "application/json"] {
        let held = tag(&server, &path);
        let headers = [("content-type", media), ("if-match", held.as_str())];
        let patch = json!({"properties": {"seats": null}});
        assert_eq!(server.request("PATCH", &path, &headers, &patch.to_string()).status, 200);
        let there = server.get(&path).json();
        assert_eq!((&there["properties"]["seats"], &there["properties"]["name"]), (&Value::Null, &json!("t-1")));
    }
}

/// `optimistic-locking-etags`: a strong tag on GET; a change needs it (428), and with another one is refused (412).
#[test]
fn a_change_needs_the_tag_of_the_state_that_it_changes() {
    let server = start();
    let path = made(&server, "t-1");
    let held = tag(&server, &path);
    assert!(held.starts_with('"'), "{held}");
    let patch = json!({"properties": {"seats": 5}});
    for (method, body) in [("PUT", &toilet("t-1", 117.5, 39.6)), ("PATCH", &patch), ("DELETE", &json!({}))] {
        assert_eq!(send(&server, method, &path, body).status, 428, "{method}");
        assert_eq!(send_with(&server, method, &path, &[("if-match", "\"0\"")], body).status, 412, "{method}");
    }
    assert_eq!(tag(&server, &path), held, "nothing of it was written");
    let answer = send_with(&server, "PATCH", &path, &[("if-match", &held)], &patch);
    assert_eq!(answer.status, 200);
    assert_ne!(tag(&server, &path), held);
}

/// `features`, with Part 2: `Content-Crs` says in which reference a body's coordinates are; one that is not offered is refused.
#[test]
fn coordinates_are_taken_in_the_reference_that_the_body_says() {
    let server = start();
    let near = |path: &str| {
        let there = server.get(path).json();
        let at = [0, 1].map(|k| there["geometry"]["coordinates"][k].as_f64().unwrap());
        (at[0] - 117.503).abs() < 1e-8 && (at[1] - 39.603).abs() < 1e-8
    };
    let plain = made(&server, "t-0");
    let held = tag(&server, &plain);
    let moved = json!({"geometry": {"type": "Point", "coordinates": [117.503, 39.603]}});
    assert_eq!(send_with(&server, "PATCH", &plain, &[("if-match", &held)], &moved).status, 200);
    for (k, code) in [4326, 4490, 4548, 3857].into_iter().enumerate() {
        let uri = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
        let mut feature = server.get(&format!("{plain}?crs={uri}")).json();
        let id = format!("t-{}", k + 1);
        feature["id"] = id.clone().into();
        let said = format!("<{uri}>");
        let answer = send_with(&server, "POST", ITEMS, &[("content-crs", &said)], &feature);
        assert_eq!(answer.status, 201, "{code}: {}", answer.json());
        assert!(near(answer.header("location")), "{code}");
    }
    let answer = send_with(&server, "POST", ITEMS, &[("content-crs", "<mars>")], &toilet("t-9", 117.5, 39.6));
    assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("crs-not-offered")));
}
