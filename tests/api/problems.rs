//! What is asked wrongly is refused by name, and nothing breaks of it.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::town;

/// The refusal of a path: its status, its code, and the parameter it names.
fn refused(path: &str) -> (u16, String, String) {
    let answer = town().get(path);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    let problem = answer.json();
    let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(problem["status"], answer.status, "{path}");
    assert!(!text("detail").is_empty() && !text("detail").contains(&text("code")), "{path}: {}", text("detail"));
    (answer.status, text("code"), text("parameter"))
}

#[test]
fn every_malformed_question_names_its_parameter() {
    let cases = [
        ("/collections/farms-near-schools~distance=-5", 400, "parameter-out-of-range", "distance"),
        ("/collections/farms-near-schools~distance=-5/items", 400, "parameter-out-of-range", "distance"),
        ("/collections/farms-near-schools~distance=abc/items", 400, "parameter-not-number", "distance"),
        ("/collections/farms-near-schools~colour=red", 400, "parameter-unknown", "colour"),
        ("/collections/farms@2026-02-30", 400, "date-malformed", ""),
        ("/collections/nowhere", 404, "collection-unknown", ""),
        ("/collections/nowhere/items", 404, "collection-unknown", ""),
        ("/collections/farms/items/nobody", 404, "feature-unknown", ""),
        ("/collections/farms/items?limit=0", 400, "limit-malformed", "limit"),
        ("/collections/farms/items?limit=-1", 400, "limit-malformed", "limit"),
        ("/collections/farms/items?limit=1e3", 400, "limit-malformed", "limit"),
        ("/collections/farms/items?bbox=117,40,118,39", 400, "bbox-upside-down", "bbox"),
        ("/collections/farms/items?bbox=117,39,118", 400, "bbox-malformed", "bbox"),
        ("/collections/farms/items?bbox=117,39,118,99", 400, "bbox-out-of-range", "bbox"),
        ("/collections/farms/items?bbox=nan,39,118,40", 400, "bbox-malformed", "bbox"),
        ("/collections/farms/items?colour=red", 400, "query-unknown", "colour"),
        ("/collections/farms/items?limit=1&limit=2", 400, "query-twice", "limit"),
        ("/collections/farms/items?f=docx", 400, "format-unknown", "f"),
        ("/collections/farms/items?next=nonsense", 400, "token-malformed", "next"),
        ("/collections/farms/items?sortby=colour", 400, "attribute-unknown", "sortby"),
        ("/collections/farms/items?properties=colour", 400, "attribute-unknown", "properties"),
        ("/collections/farms/items?filter=colour%3D1", 400, "filter-no-attribute", "filter"),
        ("/collections/farms/items?filter=%28%28", 400, "filter-malformed", "filter"),
        ("/collections/farms/items?filter=%FF", 400, "query-malformed", ""),
        ("/collections/farms/items?datetime=yesterday", 400, "datetime-malformed", "datetime"),
        ("/collections/farms/items?datetime=2026-10-01/2026-09-01", 400, "datetime-reversed", "datetime"),
        ("/collections?f=xml", 400, "format-unknown", "f"),
        ("/collections?lang=fr", 400, "parameter-not-one-of", "lang"),
        ("/processes/nothing", 404, "analysis-unknown", ""),
        ("/text/fr.ftl", 404, "text-unknown", ""),
        ("/nowhere", 404, "path-unknown", ""),
        ("/assets/../Cargo.toml", 404, "path-unknown", ""),
    ];
    for (path, status, code, parameter) in cases {
        assert_eq!(refused(path), (status, code.to_owned(), parameter.to_owned()), "{path}");
    }
}

#[test]
fn a_refusal_speaks_the_askers_language() {
    let detail = |path: &str, accept: &str| {
        let answer = town().get_with(path, &[("accept-language", accept)]);
        answer.json()["detail"].as_str().unwrap().to_owned()
    };
    let path = "/collections/farms/items?limit=0";
    assert!(detail(path, "en-GB,en;q=0.9").starts_with("limit must be"));
    assert!(detail(path, "fr,zh;q=0.5").contains("之间的整数"));
    assert!(detail(&format!("{path}&lang=en"), "zh").starts_with("limit must be"));
}

#[test]
fn an_execution_is_refused_as_an_id_would_be() {
    let cases = [
        (r#"{"inputs":{"distance":-5}}"#, "parameter-out-of-range"),
        (r#"{"inputs":{"distance":"abc"}}"#, "parameter-not-number"),
        (r#"{"inputs":{"colour":"red"}}"#, "parameter-unknown"),
        (r#"{"inputs":{"distance":{}}}"#, "input-type"),
        (r#"{"inputs":"#, "body-malformed"),
        ("[]", "body-malformed"),
    ];
    for (body, code) in cases {
        let answer = town().post("/processes/farms-near-schools/execution", body);
        assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some(code)), "{body}");
    }
    assert_eq!(town().post("/collections", "{}").status, 405);
    let answer = town().get("/processes/farms-near-schools/execution");
    assert_eq!((answer.status, answer.header("allow")), (405, "POST, OPTIONS"));
}

/// Sends bytes as they stand and reads the first line of what comes back.
fn raw(bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(town().base.trim_start_matches("http://")).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = [0; 512];
    let read = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..read]).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_body_of_a_gigabyte_is_refused_unread() {
    let head = "POST /processes/farms-near-schools/execution HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n";
    assert_eq!(raw(head.as_bytes()), "HTTP/1.1 413 Payload Too Large");
}

#[test]
fn a_strangers_name_for_this_machine_is_refused() {
    assert_eq!(raw(b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "HTTP/1.1 400 Bad Request");
    assert_eq!(raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP/1.1 200 OK");
}
