//! Items: pages, formats, freshness.

use std::collections::BTreeSet;

use serde_json::Value;

use super::server::LAYERS;
use super::town;

fn ids(page: &Value) -> Vec<String> {
    page["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect()
}

/// Walks the pages of a path to the end.
fn walk(path: &str) -> (Vec<String>, u64) {
    let (mut all, mut path) = (Vec::new(), path.to_owned());
    loop {
        let page = town().get(&path).json();
        all.extend(ids(&page));
        assert_eq!(page["numberReturned"], page["features"].as_array().unwrap().len());
        let links = page["links"].as_array().unwrap();
        match links.iter().find(|link| link["rel"] == "next") {
            Some(link) => path = town().path(link["href"].as_str().unwrap()).to_owned(),
            None => return (all, page["numberMatched"].as_u64().unwrap()),
        }
    }
}

#[test]
fn pages_joined_are_the_whole_in_any_order() {
    for (layer, count) in LAYERS {
        for order in ["", "&sortby=-name", "&sortby=-id"] {
            let (all, matched) = walk(&format!("/collections/{layer}/items?limit=7{order}"));
            let unlike: BTreeSet<_> = all.iter().collect();
            assert_eq!((all.len(), unlike.len(), matched as usize), (*count, *count, *count), "{layer} {order}");
        }
    }
    let (near, matched) = walk("/collections/farms-near-schools~distance=800/items?limit=5");
    assert!(near.len() > 5 && near.len() == matched as usize);
}

#[test]
fn a_page_past_the_largest_limit_is_full_and_not_refused() {
    let page = town().get("/collections/farms/items?limit=99999999").json();
    assert_eq!(page["numberReturned"], 60);
}

#[test]
fn an_answer_that_is_held_already_is_not_sent_again() {
    for path in ["/collections/farms", "/collections/farms/items?limit=3", "/collections/farms/items/f-001"] {
        let etag = town().get(path).header("etag").to_owned();
        let again = town().get_with(path, &[("if-none-match", &etag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = town().get_with(
            &format!("{path}{}lang=en", if path.contains('?') { '&' } else { '?' }),
            &[("if-none-match", "\"another\"")],
        );
        assert_eq!(other.status, 200, "{path}");
    }
}

#[test]
fn every_format_comes_whole_and_under_its_name() {
    let begins: [(&str, &[u8]); 8] = [
        ("geojson", b"{\"type\":\"FeatureCollection\""),
        ("geojsonseq", b"\x1e{\"type\":\"Feature\""),
        ("csv", b"\xEF\xBB\xBFid,"),
        ("fgb", b"fgb"),
        ("gpkg", b"SQLite format 3\0"),
        ("shp", b"PK"),
        ("xlsx", b"PK"),
        ("kml", b"<?xml"),
    ];
    for (format, begin) in begins {
        let answer = town().get(&format!("/collections/ponds/items?f={format}"));
        assert_eq!(answer.status, 200, "{format}: {}", String::from_utf8_lossy(&answer.body));
        assert!(answer.body.starts_with(begin), "{format}");
        assert_eq!(answer.header("ogc-numbermatched"), "60");
        let saved = answer.header("content-disposition").starts_with("attachment");
        assert_eq!(saved, format != "geojson", "{format}");
    }
    let csv = town().get("/collections/ponds/items?f=csv&limit=2&properties=name");
    let text = String::from_utf8(csv.body).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(text.starts_with("\u{feff}id,name,lon,lat"), "{text}");
    let sequence = town().get_with("/collections/ponds/items", &[("accept", "application/geo+json-seq")]);
    assert_eq!(sequence.body.iter().filter(|&&byte| byte == 0x1e).count(), 60);
}

#[test]
fn another_spelling_of_an_id_redirects_with_its_query() {
    let answer = town().get("/collections/farms-near-schools~distance=500.0/items?limit=3&sortby=name");
    assert_eq!(answer.status, 308);
    assert_eq!(answer.header("location"), "/collections/farms-near-schools/items?limit=3&sortby=name");
    // What means nothing beside the rest of a question is no part of its address.
    for (asked, meant) in [
        ("coverage-gaps~classes=track", "coverage-gaps"),
        ("coverage-gaps~reach=800~minutes=5~off_road=300", "coverage-gaps~reach=800"),
        ("siting~reach=800~measure=drive~oneway=obeyed", "siting~measure=drive"),
        ("hotspots~k=5", "hotspots"),
    ] {
        let answer = town().get(&format!("/collections/{asked}"));
        assert_eq!((answer.status, answer.header("location")), (308, &*format!("/collections/{meant}")), "{asked}");
    }
    let answer = town().post("/processes/farms-near-schools/execution", r#"{"inputs":{"distance":800}}"#);
    assert_eq!((answer.status, answer.header("location")), (303, "/collections/farms-near-schools~distance=800"));
    let inputs = r#"{"inputs":{"where":"name LIKE 't%'","facility":"toilets"},"asOf":"2026-06-30"}"#;
    let answer = town().post("/processes/coverage-gaps/execution", inputs);
    let location = answer.header("location");
    assert!(
        location.starts_with("/collections/coverage-gaps~where=") && location.ends_with("@2026-06-30"),
        "{location}"
    );
    let found = town().get(location).json();
    assert_eq!(found["parameters"]["where"], "name LIKE 't%'");
    assert_eq!(found["asOf"], "2026-06-30");
    let known = r#"{"asOf":"2026-06-30","known":"2026-07-02"}"#;
    let answer = town().post("/processes/farms-near-schools/execution", known);
    assert_eq!(answer.header("location"), "/collections/farms-near-schools@2026-06-30@2026-07-02");
    let found = town().get(answer.header("location")).json();
    assert_eq!((&found["asOf"], &found["known"]), (&"2026-06-30".into(), &"2026-07-02".into()));
    let alone = town().post("/processes/farms-near-schools/execution", r#"{"known":"2026-07-02"}"#);
    assert_eq!((alone.status, &alone.json()["code"]), (400, &"known-without-day".into()));
}

#[test]
fn a_window_shows_what_lies_in_it_and_no_more() {
    let all = town().get("/collections/farms/items?limit=1000").json();
    let seen = town().get("/collections/farms/items?bbox=117.48,39.58,117.50,39.60&limit=1000").json();
    let (all, seen) = (ids(&all), ids(&seen));
    assert!(!seen.is_empty() && seen.len() < all.len());
    assert!(seen.iter().all(|id| all.contains(id)));
}
