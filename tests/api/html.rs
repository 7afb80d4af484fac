//! The pages for people: in their language, leading everywhere and to the map, and running nothing that a name says.

use std::collections::BTreeSet;

use serde_json::Value;

use super::server::{Server, serve};
use super::town;
use crate::support;

fn page(path: &str) -> String {
    let answer = town().get(path);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
    String::from_utf8(answer.body).unwrap()
}

/// Addresses that a page links to, as they are meant.
fn links(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.map(|href| href.replace("&amp;", "&")).collect()
}

/// The block of data for search engines.
fn data(page: &str) -> Value {
    let block = page.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    serde_json::from_str(block.split("</script>").next().unwrap()).unwrap()
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next = vec!["/collections?f=html".to_owned(), "/processes?f=html".to_owned(), "/api?f=html".to_owned()];
    let mut pages = 0;
    while let Some(path) = next.pop() {
        let bare = town().path(&path).split('#').next().unwrap().to_owned();
        // Pages of pages, each sorted each way, go on for long: the first few hundred will do.
        if !bare.starts_with('/') || !seen.insert(bare.clone()) || seen.len() > 400 {
            continue;
        }
        let answer = town().get_with(&bare, &[("accept", "text/html,*/*;q=0.8")]);
        assert_eq!(answer.status, 200, "{bare}");
        // The map page and the style are no pages of ours.
        if answer.header("content-type").starts_with("text/html") && !bare.starts_with("/?") && bare != "/" {
            pages += 1;
            next.extend(links(&String::from_utf8(answer.body).unwrap()));
        }
    }
    assert!(pages > 40, "{pages}");
}

#[test]
fn a_page_says_its_language_its_address_and_what_it_is() {
    for (lang, tag, word) in [("zh", "zh-CN", "数据目录"), ("en", "en", "Data")] {
        let page = page(&format!("/collections/farms?f=html&lang={lang}"));
        assert!(page.contains(&format!("<html lang=\"{tag}\">")) && page.contains(word));
        let canonical = format!("<link rel=\"canonical\" href=\"{}/collections/farms?lang={lang}\">", town().base);
        assert!(page.contains(&canonical), "{page}");
        let data = data(&page);
        assert_eq!((&data["@type"], &data["inLanguage"]), (&"Dataset".into(), &lang.into()));
        assert_eq!(data["url"], format!("{}/collections/farms", town().base));
        assert!(data["distribution"].as_array().unwrap().len() >= 8);
        assert!(data["spatialCoverage"]["geo"]["box"].is_string());
        // Nothing but that block stands in a script.
        assert_eq!(page.matches("<script").count(), 1);
    }
    let preferred = town().get_with("/collections/farms", &[("accept", "text/html"), ("accept-language", "en-GB")]);
    assert_eq!(preferred.header("content-language"), "en");
    assert!(preferred.header("content-security-policy").starts_with("default-src 'self'"));
    let held = town().get_with(
        "/collections/farms?f=html",
        &[("if-none-match", town().get("/collections/farms?f=html").header("etag"))],
    );
    assert_eq!((held.status, held.body.len()), (304, 0));
}

#[test]
fn pages_of_items_joined_are_the_whole_and_keep_the_question() {
    let asked = "/collections/farms/items?f=html&limit=7&sortby=-name&filter=id%20%3C%3E%20%27f-001%27&lang=en";
    let (mut path, mut ids, mut turned) = (asked.to_owned(), BTreeSet::new(), 0);
    loop {
        let page = page(&path);
        assert!(page.contains("59 in all"), "{path}");
        let own = links(&page).into_iter().filter(|href| href.starts_with("/collections/farms/items/"));
        ids.extend(own.map(|href| href.split('?').next().unwrap().to_owned()));
        turned += 1;
        let next =
            page.split("rel=\"next\" href=\"").nth(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!((ids.len(), turned), (59, 9));
    assert!(!ids.contains("/collections/farms/items/f-001"));
    assert_eq!(town().get("/collections/farms/items?f=html&filter=colour%3D1").json()["code"], "filter-no-attribute");
    assert!(page("/collections/farms/items?f=html&filter=id%3D%27none%27&lang=en").contains("No features match"));
}

#[test]
fn a_feature_is_told_with_titles_units_and_its_place_on_the_map() {
    let feature = page("/collections/farms/items/f-001?f=html&lang=en");
    assert!(feature.contains("<code>f-001</code>") && feature.contains("History"));
    let on_map = links(&feature).into_iter().find(|href| {
        href.starts_with("/?on=farms&sel=farms/f-001") || href.starts_with("/?on=farms&sel=farms%2Ff-001")
    });
    assert!(on_map.is_some_and(|href| href.contains('#') && href.contains("lang=en")), "{feature}");
    let row = page("/collections/farms-near-schools~distance=800/items?f=html&lang=zh");
    assert!(row.contains("/?q=farms-near-schools~distance%3D800&amp;sel=farms-near-schools%2F"), "{row}");
    assert_eq!(town().get("/collections/farms/items/nobody?f=html").status, 404);
    let path = "/collections/farms/items/f-001?f=html&lang=en";
    let tag = town().get(path).header("etag").to_owned();
    assert_eq!(town().get_with(path, &[("if-none-match", &tag)]).status, 304);
    assert_eq!(
        town().get_with("/collections/farms/items/f-002?f=html&lang=en", &[("if-none-match", &tag)]).status,
        200
    );
}

#[test]
fn a_form_without_a_script_leads_to_the_collection_that_answers() {
    let process = page("/processes/uncleaned-waterbodies?f=html&lang=en");
    assert!(process.contains("action=\"/processes/uncleaned-waterbodies/collection\""));
    let asked = "/processes/uncleaned-waterbodies/collection?lang=en&days=45&condition:poor=on&condition:black=on&source_distance=200&as-of=";
    let answer = town().get(asked);
    assert_eq!(answer.status, 303);
    let location = answer.header("location");
    assert!(location.starts_with("/collections/uncleaned-waterbodies~days=45~condition="), "{location}");
    assert!(location.ends_with("?lang=en") && town().get(location).status == 200, "{location}");
    let wrong = town().get("/processes/uncleaned-waterbodies/collection?colour=red").json();
    assert_eq!((&wrong["code"], &wrong["parameter"]), (&"query-unknown".into(), &"colour".into()));
    let wrong = town().get("/processes/uncleaned-waterbodies/collection?days=-5").json();
    assert_eq!(wrong["code"], "parameter-out-of-range");
}

/// A map whose names are not nice.
fn nasty() -> Server {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("town");
    support::xiangtu(&["new", map.to_str().unwrap(), "--title", "<script>alert(0)</script>"]);
    let file = folder.path().join("toilets.geojson");
    let name = "<script>alert(1)</script>";
    let feature = serde_json::json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [117.5, 39.6]},
        "properties": {"id": "\"><img src=x onerror=alert(2)>", "name": name, "</script><script>alert(3)": "'\"&<"}});
    std::fs::write(&file, serde_json::json!({"type": "FeatureCollection", "features": [feature]}).to_string()).unwrap();
    support::run(&["import", map.to_str().unwrap(), "toilets", file.to_str().unwrap(), "--key", "id"]);
    serve(folder, "town", "127.0.0.1:0")
}

#[test]
fn a_feature_that_is_named_like_a_script_runs_nowhere() {
    let server = nasty();
    let id = server.get("/collections/toilets/items").json()["features"][0]["id"].as_str().unwrap().to_owned();
    let item = server.get("/collections/toilets/items?f=html");
    let item = links(&String::from_utf8(item.body).unwrap());
    let item = item.into_iter().find(|href| href.starts_with("/collections/toilets/items/")).unwrap();
    for path in
        ["/collections", "/collections/toilets", "/collections/toilets/items", "/collections/toilets/schema", &item]
    {
        let answer = server.get_with(path, &[("accept", "text/html")]);
        let page = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{path}");
        for what in ["<script>", "<img"] {
            assert!(!page.contains(what), "{what} at {path}");
        }
        if let Some(rest) = page.split("application/ld+json\">").nth(1) {
            assert!(!rest.split("</script>").next().unwrap().contains('<'), "{path}");
        }
    }
    assert!(id.contains("<img"), "the name was kept as it came: {id}");
}
