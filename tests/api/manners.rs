//! How the door behaves whatever is asked: methods, headers, packing, parts, other origins, formats, limits.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;

use super::server::{Answer, Server, serve};
use super::town;
use crate::account::town::{PASSWORD, account, done};
use crate::support;

/// An address of the OpenAPI document with something in the place of what varies.
fn filled(path: &str) -> String {
    let noughts = |n: usize| "0".repeat(n);
    path.replace("{collectionId}", "farms")
        .replace("{featureId}", "f-001")
        .replace("{processId}", "farms-near-schools")
        .replace("{jobId}", &noughts(32))
        .replace("{evidenceId}", &noughts(64))
        .replace("{file}", "zh.ftl")
        .replace("{tileMatrixSetId}", "WebMercatorQuad")
        .replace("{tileMatrix}", "0")
        .replace("{tileRow}", "0")
        .replace("{tileCol}", "0")
        .replace("{functionId}", "S_DWITHIN")
}

fn set(allow: &str) -> BTreeSet<String> {
    allow.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

#[test]
fn every_address_takes_the_methods_that_the_openapi_document_says_and_tells_them() {
    let api = town().get("/api").json();
    let mut looked = 0;
    for (path, operations) in api["paths"].as_object().unwrap() {
        let address = filled(path);
        let mut expected: BTreeSet<String> =
            operations.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        if expected.contains("GET") {
            expected.insert("HEAD".to_owned());
        }
        expected.insert("OPTIONS".to_owned());
        let told = town().request("OPTIONS", &address, &[], "");
        assert_eq!((told.status, set(told.header("allow"))), (204, expected.clone()), "{path}");
        for method in ["GET", "PUT", "POST", "PATCH", "DELETE", "TRACE"] {
            if expected.contains(method) {
                continue;
            }
            let wrong = town().request(method, &address, &[("content-type", "application/json")], "");
            assert_eq!((wrong.status, set(wrong.header("allow"))), (405, expected.clone()), "{method} {path}");
            assert_eq!(wrong.header("content-type"), "application/problem+json", "{method} {path}");
        }
        looked += 1;
    }
    assert!(looked > 25, "{looked}");
    assert_eq!(town().request("OPTIONS", "/nowhere", &[], "").status, 404);
}

#[test]
fn headers_are_the_same_whether_the_body_is_asked_for_or_not() {
    let mut addresses: Vec<String> = town().get("/api").json()["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, operations)| operations.get("get").is_some())
        .map(|(path, _)| filled(path))
        .collect();
    for format in ["geojson", "csv", "gpkg", "shp", "html"] {
        addresses.push(format!("/collections/farms/items?f={format}"));
    }
    addresses.push("/collections?f=html".to_owned());
    for address in addresses {
        let (get, head) = (town().get(&address), town().head(&address));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{address}");
        let same = [
            "content-type",
            "etag",
            "content-disposition",
            "ogc-numbermatched",
            "cache-control",
            "link",
            "content-crs",
        ];
        for name in same {
            let all = |answer: &Answer| answer.headers.get_all(name).iter().cloned().collect::<Vec<_>>();
            assert_eq!(all(&head), all(&get), "{name} of {address}");
        }
        let told = head.header("content-length");
        let moving = ["/metrics", "/jobs"].contains(&address.as_str());
        assert!(told.is_empty() || moving || told == get.body.len().to_string(), "{told} of {address}");
    }
}

#[test]
fn what_is_text_is_packed_as_the_asker_can_unpack_and_what_is_packed_is_not() {
    for (accept, expected) in
        [("br", "br"), ("zstd", "zstd"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")]
    {
        let answer = town().get_with("/collections/farms/items", &[("accept-encoding", accept)]);
        assert_eq!(answer.header("content-encoding"), expected, "{accept}");
        assert!(answer.headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().contains("accept-encoding")));
    }
    for format in ["shp", "xlsx"] {
        let path = format!("/collections/farms/items?f={format}");
        assert_eq!(town().get_with(&path, &[("accept-encoding", "gzip")]).header("content-encoding"), "");
    }
}

#[test]
fn f_beats_accept_and_what_cannot_be_given_is_refused_with_what_can() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    let media = |path: &str, accept: &str| {
        let answer = town().get_with(path, &[("accept", accept)]);
        (answer.status, answer.header("content-type").split(';').next().unwrap().to_owned())
    };
    let items = "/collections/farms/items";
    for path in [
        "/collections",
        "/collections/farms",
        items,
        "/collections/farms/items/f-001",
        "/processes",
        "/api",
        "/conformance",
    ] {
        assert_eq!(media(path, browser), (200, "text/html".to_owned()), "{path}");
        assert_ne!(media(&format!("{path}?f=json"), browser).1, "text/html", "{path}");
        assert_ne!(media(path, "*/*").1, "text/html", "{path}");
        let refused = town().get_with(path, &[("accept", "image/png")]);
        assert_eq!((refused.status, &refused.json()["code"]), (406, &"format-not-acceptable".into()), "{path}");
        assert!(refused.json()["known"].as_str().unwrap().ends_with("html"), "{path}");
    }
    assert_eq!(media(items, "text/csv;q=0.5, application/geo+json;q=0.4").1, "text/csv");
    assert_eq!(media(items, "application/json").1, "application/geo+json");
    assert_eq!(media("/collections/farms/schema", "application/schema+json").1, "application/schema+json");
    let gdal = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;q=0.9, application/json;q=0.8";
    assert_eq!(media("/api", gdal).1, "application/vnd.oai.openapi+json");
}

/// Sends bytes as they stand; the first line of what comes back, and all of it.
fn raw(server: &Server, bytes: &[u8]) -> (String, String) {
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.lines().next().unwrap_or_default().to_owned(), answer)
}

#[test]
fn what_nobody_should_send_is_answered_as_a_problem() {
    let ask = |head: &str| raw(town(), format!("{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
    let long = format!("GET /collections/farms/items?filter={} HTTP/1.1", "a".repeat(40_000));
    let headers = format!("GET /collections HTTP/1.1\r\nX-Long: {}", "a".repeat(80_000));
    let cases = [
        (long.as_str(), "414", "address-too-long"),
        (headers.as_str(), "431", "headers-too-large"),
        ("GET /collections/%FF/items HTTP/1.1", "400", "path-malformed"),
        ("GET /collections/farms/items?filter=%FF HTTP/1.1", "400", "query-malformed"),
        ("GET /%zz HTTP/1.1", "404", "path-unknown"),
        ("BREW /collections HTTP/1.1", "405", "method-not-allowed"),
    ];
    for (head, status, code) in cases {
        let (line, all) = ask(head);
        assert!(line.contains(status), "{}: {line}", &head[..40.min(head.len())]);
        assert!(all.contains("application/problem+json") && all.contains(code), "{code}: {all}");
    }
}

/// A map with nothing in it but what `[access]` says.
fn map_with(access: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("town");
    support::xiangtu(&["new", map.to_str().unwrap(), "--title", "试验镇"]);
    let file = map.join("map.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("[access]", &format!("[access]\n{access}"))).unwrap();
    (folder, map)
}

const GIS: &str = "https://gis.example.cn";

#[test]
fn a_page_of_an_origin_that_may_reads_and_writes_with_a_token_and_others_do_not() {
    let (folder, map) = map_with(&format!("origins = [\"{GIS}\"]"));
    done(&map, &["add", "planner", "--role", "planner"], PASSWORD);
    let token = format!("Bearer {}", done(&map, &["token", "planner"], "").trim());
    let server = serve(folder, "town", "127.0.0.1:0");
    let with = |origin: &str| server.get_with("/collections", &[("origin", origin), ("authorization", &token)]);
    let read = with(GIS);
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, GIS));
    for name in ["ETag", "Link", "Location", "Content-Crs", "OGC-NumberMatched", "Retry-After"] {
        assert!(read.header("access-control-expose-headers").contains(name), "{name}");
    }
    assert_eq!(read.header("access-control-allow-credentials"), "");
    assert!(read.headers.get_all("vary").iter().any(|vary| vary == "Origin"));
    let other = with("https://evil.example");
    assert_eq!(other.header("access-control-allow-origin"), "");
    assert!(other.headers.get_all("vary").iter().any(|vary| vary == "Origin"), "or a cache gives one the other's");
    // What the browser asks before it writes, and the write.
    let path = "/processes/farms-near-schools/execution";
    let asks =
        [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization,content-type")];
    let preflight = server.request("OPTIONS", path, &[&[("origin", GIS)], &asks[..]].concat(), "");
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, GIS));
    assert!(set(preflight.header("access-control-allow-methods")).contains("POST"));
    assert!(preflight.header("access-control-allow-headers").contains("Authorization"));
    let evil = server.request("OPTIONS", path, &[&[("origin", "https://evil.example")], &asks[..]].concat(), "");
    assert_eq!(evil.header("access-control-allow-origin"), "");
    let json = ("content-type", "application/json");
    let write = |with: (&str, &str)| server.request("POST", path, &[json, ("origin", GIS), with], "{}");
    let session = crate::account::town::sign_in(&server, "planner", PASSWORD).1;
    assert_eq!(write(("cookie", &session)).json()["code"], "origin-foreign", "a cookie is not a page's to use");
    let passed = write(("authorization", &token));
    assert_ne!(passed.status, 403, "{}", String::from_utf8_lossy(&passed.body));
    assert_eq!(passed.header("access-control-allow-origin"), GIS);
}

#[test]
fn a_star_is_for_maps_with_accounts_and_never_for_credentials() {
    let (folder, map) = map_with("origins = [\"*\"]");
    let refused = support::run(&["serve", map.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("origins"));
    assert!(account(&map, &["add", "planner", "--role", "planner"], PASSWORD).status.success());
    let server = serve(folder, "town", "127.0.0.1:0");
    let answer = server.get_with("/health", &[("origin", GIS)]);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(
        town().get_with("/health", &[("origin", GIS)]).header("access-control-allow-origin"),
        "",
        "none by default"
    );
    let (_folder, map) = map_with("origins = [\"gis.example.cn\"]");
    let refused = support::run(&["list", map.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("gis.example.cn"));
}

#[test]
fn an_answer_and_a_past_day_are_read_and_not_written() {
    for id in ["farms-near-schools", "farms@2026-09-30"] {
        assert_eq!(town().get(&format!("/collections/{id}/items?limit=1")).status, 200, "{id}");
        let feature = r#"{"type":"Feature","id":"x","properties":{},"geometry":null}"#;
        let refused = town().post(&format!("/collections/{id}/items"), feature);
        assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD, OPTIONS"), "{id}");
        assert_eq!(refused.json()["code"], "method-not-allowed");
        for path in ["items", "items/nj-001", "items?limit=1"] {
            let told = town().request("OPTIONS", &format!("/collections/{id}/{path}"), &[], "");
            assert_eq!((told.status, told.header("allow")), (204, "GET, HEAD, OPTIONS"), "{id}/{path}");
        }
    }
    let told = |path: &str| set(town().request("OPTIONS", path, &[], "").header("allow"));
    assert_eq!(told("/collections/events/items"), set("GET, HEAD, OPTIONS"), "the log is written by events");
    assert_eq!(told("/collections/farms/items"), set("GET, HEAD, POST, OPTIONS"));
    assert_eq!(told("/collections/farms/items/x"), set("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
    assert_eq!(told("/collections/farms-near-schools"), set("GET, HEAD, OPTIONS"));
    assert_eq!(town().post("/collections/no-such/items", r#"{"type":"Feature","properties":{}}"#).status, 404);
}

#[test]
fn who_takes_no_way_of_packing_and_not_the_thing_itself_gets_the_thing_itself() {
    for accepted in ["identity;q=0", "*;q=0", "deflate, identity;q=0"] {
        let answer = town().get_with("/collections/farms/items?limit=1", &[("accept-encoding", accepted)]);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, ""), "{accepted}");
        assert_eq!(answer.json()["numberReturned"], 1);
    }
    let packed = town().get_with("/collections/farms/items", &[("accept-encoding", "identity;q=0, gzip")]);
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    let tag = town().get("/collections/farms/items?limit=1").header("etag").to_owned();
    let same = town().get_with("/collections/farms/items?limit=1", &[("if-none-match", &tag)]);
    assert_eq!((same.status, same.header("cache-control")), (304, "no-cache"));
}

#[test]
fn what_is_unchanged_is_to_be_asked_for_again_like_what_it_stands_for() {
    let item = town().get("/collections/farms/items?limit=1").json()["features"][0]["id"].as_str().unwrap().to_owned();
    let one = format!("/collections/farms/items/{item}");
    for path in ["/collections/farms", "/collections/farms?f=html", "/collections/farms/items", &one, "/text/zh.ftl"] {
        let first = town().get(path);
        assert_eq!(first.status, 200, "{path}");
        let again = town().get_with(path, &[("if-none-match", first.header("etag"))]);
        assert_eq!((again.status, again.header("etag")), (304, first.header("etag")), "{path}");
        assert_eq!((again.header("cache-control"), first.header("cache-control")), ("no-cache", "no-cache"), "{path}");
    }
}
