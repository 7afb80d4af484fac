//! Documents: the landing page, the collections, the processes, OpenAPI, the words.

use super::server::LAYERS;
use super::town;

#[test]
fn every_link_of_every_document_leads_somewhere() {
    let mut paths = vec!["/".to_owned(), "/collections".to_owned(), "/processes".to_owned()];
    for (layer, _) in LAYERS {
        paths.push(format!("/collections/{layer}"));
    }
    let mut followed = 0;
    for path in paths {
        let document = town().get(&path).json();
        for link in document["links"].as_array().unwrap() {
            let href = link["href"].as_str().unwrap();
            let answer = town().get(town().path(href));
            assert_eq!(answer.status, 200, "{path} -> {href}");
            let (told, sent) = (link["type"].as_str().unwrap(), answer.header("content-type"));
            assert_eq!(told.split(';').next(), sent.split(';').next(), "{path} -> {href}");
            followed += 1;
        }
    }
    assert!(followed > 50, "{followed}");
}

#[test]
fn the_page_is_for_browsers_and_the_landing_page_for_programs() {
    let page = town().get_with("/", &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")]);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").starts_with("default-src 'self'"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let landing = town().get("/").json();
    assert_eq!(landing["titles"]["zh"], "试验镇");
    assert_eq!(town().get("/health").json()["status"], "ok");
}

#[test]
fn a_collection_says_what_the_page_needs_of_it() {
    let all = town().get("/collections").json();
    let all = all["collections"].as_array().unwrap();
    let fitting = |name: &str| town().get(&format!("/processes/{name}")).json()["fit"]["fits"] == true;
    let analyses = xiangtu::analysis::ALL.iter().filter(|definition| fitting(definition.name)).count();
    assert!(analyses > 8);
    assert_eq!(all.len(), LAYERS.len() + analyses);
    for (layer, count) in LAYERS {
        let one = all.iter().find(|one| one["id"] == *layer).unwrap();
        assert_eq!(one["count"], *count, "{layer}");
        assert!(one["kind"].is_string() && one["style"]["draw"].is_string() && one["analysis"].is_null());
        assert_eq!(one["extent"]["spatial"]["bbox"][0].as_array().unwrap().len(), 4);
    }
    let near = all.iter().find(|one| one["id"] == "farms-near-schools").unwrap();
    assert!(near["summary"].is_null() && near["count"].is_null(), "a list runs nothing");
    let near = town().get("/collections/farms-near-schools").json();
    assert_eq!((&near["subject_kind"], &near["parameters"]["distance"]), (&"farm".into(), &500.into()));
    assert!(near["summary"].as_array().unwrap().iter().any(|figure| figure["name"] == "nearest_m"));
}

#[test]
fn a_process_says_what_its_form_needs_of_it() {
    let process = town().get("/processes/uncleaned-waterbodies?lang=en").json();
    let inputs = &process["inputs"];
    assert_eq!(inputs["days"]["schema"]["type"], "integer");
    assert_eq!(inputs["days"]["x-unit"], "d");
    assert_eq!(inputs["days"]["x-control"]["step"], 1);
    assert_eq!(inputs["condition"]["schema"]["default"], serde_json::json!(["poor", "black", "unknown"]));
    assert_eq!(inputs["condition"]["x-titles"]["black"]["zh"], "黑臭");
    assert_eq!(inputs["waterbodies"]["schema"]["enum"], serde_json::json!(["ponds"]));
    assert_eq!(process["fit"]["fits"], true);
    assert_eq!((&process["subject"], &process["subject_parameter"]), (&"waterbody".into(), &"waterbodies".into()));
    assert_eq!(process["title"], process["titles"]["en"]);
}

#[test]
fn openapi_names_every_address_and_its_references_resolve() {
    let answer = town().get("/api");
    assert_eq!(answer.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let api = answer.json();
    assert_eq!(api["openapi"], "3.0.3");
    assert!(api["paths"].as_object().unwrap().len() > 15);
    let text = api.to_string();
    let mut resolved = 0;
    for rest in text.split("\"$ref\":\"#").skip(1) {
        let pointer = rest.split('"').next().unwrap();
        assert!(api.pointer(pointer).is_some(), "{pointer}");
        resolved += 1;
    }
    assert!(resolved > 50);
}

#[test]
fn the_words_are_those_of_the_command_line() {
    let words = town().get("/text/zh.ftl");
    assert!(String::from_utf8(words.body).unwrap().contains("farms-near-schools-distance ="));
    let map = town().get("/map?lang=en").json();
    assert_eq!(map["writable"], false);
    assert_eq!(map["bbox"].as_array().unwrap().len(), 4);
}

#[test]
fn a_day_and_a_road_are_asked_for_as_what_they_are() {
    let inputs = |process: &str| town().get(&format!("/processes/{process}")).json()["inputs"].clone();
    let from = &inputs("tallies")["from"];
    assert_eq!((&from["schema"]["type"], &from["schema"]["format"]), (&"string".into(), &"date".into()));
    assert!(from["schema"].get("default").is_none(), "{from}");
    let road = &inputs("patrol-coverage")["road"];
    assert_eq!((&road["x-input"], &road["x-kind"]), (&"feature".into(), &"road".into()));
    let execution = town().get("/api").json()["paths"]["/processes/tallies/execution"]["post"].clone();
    let schema = &execution["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(schema["properties"]["inputs"]["properties"]["from"]["format"], "date");
    let refused = town().post("/processes/tallies/execution", r#"{"inputs":{"from":"gestern"}}"#);
    assert_eq!((refused.status, &refused.json()["code"]), (400, &"parameter-not-day".into()));
}
