//! OGC API Features Part 1 (OGC 17-069r4), Annex A: each abstract test by its name. Where one of them holds elsewhere, it says so.

use std::collections::BTreeSet;

use serde_json::Value;

use super::server::Answer;
use super::town;

const PART_1: &str = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf";

fn json(path: &str) -> Value {
    let answer = town().get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.json()
}

fn link<'a>(document: &'a Value, rel: &str, media: &str) -> Option<&'a str> {
    let links = document["links"].as_array()?;
    links
        .iter()
        .find(|link| link["rel"] == rel && link["type"].as_str().is_some_and(|own| own.starts_with(media)))?["href"]
        .as_str()
}

fn follow(href: &str) -> Answer {
    let answer = town().get(town().path(href));
    assert_eq!(answer.status, 200, "{href}");
    answer
}

fn collections() -> Vec<Value> {
    json("/collections")["collections"].as_array().unwrap().clone()
}

/// The definition of a parameter of the items, as the API document has it.
fn definition(name: &str) -> Value {
    let api = json("/api");
    let of_items = &api["paths"]["/collections/{collectionId}/items"]["get"]["parameters"];
    of_items
        .as_array()
        .unwrap()
        .iter()
        .map(|one| match one["$ref"].as_str() {
            Some(at) => api.pointer(at.trim_start_matches('#')).unwrap().clone(),
            None => one.clone(),
        })
        .find(|one| one["name"] == name)
        .unwrap_or_else(|| panic!("{name} is not in the API document"))
}

fn is_optional_form_query(parameter: &Value) {
    assert_eq!((&parameter["in"], &parameter["required"]), (&"query".into(), &false.into()));
    assert_eq!((&parameter["style"], &parameter["explode"]), (&"form".into(), &false.into()));
}

/// Abstract tests 1 and 2: `/conf/core/http`, `/conf/core/root-op`, `/conf/core/root-success`.
#[test]
fn the_landing_page_links_to_the_api_its_conformance_and_the_collections() {
    let root = json("/?f=json");
    assert!(link(&root, "service-desc", "application/vnd.oai.openapi+json").is_some());
    assert!(link(&root, "conformance", "application/json").is_some());
    assert!(link(&root, "data", "application/json").is_some());
}

/// Abstract tests 3 and 4: `/conf/core/api-definition-op`, `/conf/core/api-definition-success`, `/conf/oas30/oas-definition-1`.
#[test]
fn every_service_desc_is_an_openapi_document() {
    let root = json("/?f=json");
    let api = follow(link(&root, "service-desc", "application/vnd.oai.openapi+json").unwrap());
    assert!(api.header("content-type").starts_with("application/vnd.oai.openapi+json;version=3.0"));
    assert!(api.json()["openapi"].as_str().unwrap().starts_with("3.0."));
}

/// Abstract tests 5 and 6: `/conf/core/conformance-op`, `/conf/core/conformance-success`.
#[test]
fn the_classes_that_are_declared_hold_the_core() {
    let root = json("/?f=json");
    let declared = follow(link(&root, "conformance", "application/json").unwrap()).json();
    let classes: BTreeSet<&str> =
        declared["conformsTo"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    for class in ["core", "geojson", "oas30"] {
        assert!(classes.contains(format!("{PART_1}/{class}").as_str()), "{class}");
    }
    assert!(classes.contains("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"));
}

/// Abstract tests 9 to 11: `/conf/core/fc-md-op`, `/conf/core/fc-md-success`, `/conf/core/fc-md-links`, `…/fc-md-items-links`.
#[test]
fn the_list_of_collections_leads_to_each_and_to_its_items_in_every_format() {
    let list = json("/collections");
    assert!(link(&list, "self", "application/json").is_some());
    for collection in collections() {
        assert!(!collection["id"].as_str().unwrap().is_empty());
        assert!(collection["links"].as_array().is_some_and(|links| !links.is_empty()));
        let items = follow(link(&collection, "items", "application/geo+json").unwrap());
        assert_eq!(items.json()["type"], "FeatureCollection");
        for link in collection["links"].as_array().unwrap() {
            assert!(link["rel"].is_string() && link["type"].is_string(), "{link}");
        }
    }
}

/// Abstract test 12: `/conf/core/fc-md-extent`, `/conf/core/crs84`.
#[test]
fn the_extent_of_a_collection_holds_all_of_its_features() {
    for collection in collections() {
        let id = collection["id"].as_str().unwrap();
        let Some(bbox) = collection["extent"]["spatial"]["bbox"][0].as_array() else { continue };
        let [w, s, e, n] = [0, 1, 2, 3].map(|k| bbox[k].as_f64().unwrap());
        let everywhere = json(&format!("/collections/{id}/items?limit=1&bbox={w},{s},{e},{n}"));
        let features = json(&format!("/collections/{id}/items?limit=100000"));
        let placed = features["features"].as_array().unwrap().iter().filter(|f| !f["geometry"].is_null()).count();
        assert_eq!(everywhere["numberMatched"].as_u64(), Some(placed as u64), "{id}");
    }
}

/// Abstract tests 13 and 14: `/conf/core/sfc-md-op`, `/conf/core/sfc-md-success`.
#[test]
fn a_collection_by_itself_is_what_the_list_says_of_it() {
    for listed in collections() {
        let id = listed["id"].as_str().unwrap();
        let own = json(&format!("/collections/{id}"));
        for member in ["id", "title", "extent", "crs", "storageCrs", "itemType", "links"] {
            assert_eq!(own[member], listed[member], "{member} of {id}");
        }
    }
    assert_eq!(town().get("/collections/unicorns").status, 404);
}

/// Abstract tests 15 and 16: `/conf/core/fc-op`, `/conf/core/fc-response`; `…/fc-links`, `…/fc-rel-type`, `…/fc-timeStamp`,
/// `…/fc-numberMatched`, `…/fc-numberReturned`.
#[test]
fn a_page_of_features_says_when_how_many_and_where_else() {
    for collection in collections() {
        let id = collection["id"].as_str().unwrap();
        let before = jiff::Timestamp::now();
        let page = json(&format!("/collections/{id}/items?limit=3"));
        assert_eq!(page["type"], "FeatureCollection");
        let at: jiff::Timestamp = page["timeStamp"].as_str().unwrap().parse().unwrap();
        assert!(at >= before - jiff::SignedDuration::from_secs(1) && at <= jiff::Timestamp::now());
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"], features.len());
        assert!(page["numberMatched"].as_u64() >= page["numberReturned"].as_u64());
        assert!(link(&page, "self", "application/geo+json").is_some());
        assert!(page["links"].as_array().unwrap().iter().any(|link| link["rel"] == "alternate"));
        for link in page["links"].as_array().unwrap() {
            assert!(link["rel"].is_string() && link["type"].is_string(), "{link}");
        }
    }
}

/// Abstract test 17: `/conf/core/fc-bbox-definition`.
#[test]
fn the_api_defines_bbox_as_the_standard_does() {
    let bbox = definition("bbox");
    is_optional_form_query(&bbox);
    assert_eq!((&bbox["schema"]["type"], &bbox["schema"]["items"]["type"]), (&"array".into(), &"number".into()));
    assert_eq!((bbox["schema"]["minItems"].as_u64(), bbox["schema"]["maxItems"].as_u64()), (Some(4), Some(6)));
}

/// Abstract test 18: `/conf/core/fc-bbox-response`. Held against PostGIS in `differential`.
#[test]
fn only_features_in_the_box_are_selected_and_heights_are_passed_over() {
    let count =
        |bbox: &str| json(&format!("/collections/farms/items?limit=1&bbox={bbox}"))["numberMatched"].as_u64().unwrap();
    let all = count("-180,-90,180,90");
    assert_eq!(all, 60);
    let (west, east) = (count("-180,-90,117.5,90"), count("117.5,-90,180,90"));
    assert!(west < all && east < all && west + east >= all);
    assert_eq!(count("117.49,39.59,0,117.51,39.61,9000"), count("117.49,39.59,117.51,39.61"));
    // Over the antimeridian: everything but what lies between.
    assert_eq!(count("170,-90,-170,90"), 0);
}

/// Abstract tests 19 and 20: `/conf/core/fc-limit-definition`, `/conf/core/fc-limit-response`.
#[test]
fn a_limit_is_kept_to_and_defined_with_its_bounds() {
    let limit = definition("limit");
    is_optional_form_query(&limit);
    let schema = &limit["schema"];
    assert_eq!(schema["type"], "integer");
    assert!(
        schema["minimum"].as_u64() <= schema["default"].as_u64()
            && schema["default"].as_u64() <= schema["maximum"].as_u64()
    );
    for limit in [1, 7, 60, 61] {
        let page = json(&format!("/collections/farms/items?limit={limit}"));
        assert_eq!(page["features"].as_array().unwrap().len(), limit.min(60));
    }
}

/// Abstract tests 21 and 22: `/conf/core/fc-time-definition`, `/conf/core/fc-time-response`. Times of features are held against
/// PostGIS in `differential`; what bears none matches every time.
#[test]
fn a_time_is_defined_and_leaves_features_without_one_alone() {
    let datetime = definition("datetime");
    is_optional_form_query(&datetime);
    assert_eq!(datetime["schema"]["type"], "string");
    for time in ["2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z/..", "../2018-02-12T23:20:50Z", "/2018-02-12T23:20:50Z"]
    {
        let page = json(&format!("/collections/farms/items?limit=1&datetime={time}"));
        assert_eq!(page["numberMatched"], 60, "{time}");
    }
}

/// Abstract tests 23 and 24: `/conf/core/query-param-unknown`, `/conf/core/query-param-invalid`.
#[test]
fn what_is_unknown_or_invalid_in_a_question_is_a_400() {
    for question in ["colour=red", "limit=many", "bbox=1,2,3", "datetime=soon", "bbox=1,2,3,4,5"] {
        assert_eq!(town().get(&format!("/collections/farms/items?{question}")).status, 400, "{question}");
    }
    for path in ["/collections?colour=red", "/conformance?colour=red", "/?f=json&colour=red", "/collections/farms?x=1"]
    {
        assert_eq!(town().get(path).status, 400, "{path}");
    }
}

/// Abstract tests 25 and 26: `/conf/core/f-op`, `/conf/core/f-success`, `/conf/core/f-links`.
#[test]
fn every_feature_of_a_collection_has_an_address_of_its_own() {
    for collection in collections() {
        let id = collection["id"].as_str().unwrap();
        for listed in json(&format!("/collections/{id}/items?limit=5"))["features"].as_array().unwrap() {
            let own = json(&format!("/collections/{id}/items/{}", listed["id"].as_str().unwrap()));
            for member in ["type", "id", "geometry", "properties"] {
                assert_eq!(own[member], listed[member], "{member} of {}", listed["id"]);
            }
            assert!(link(&own, "self", "application/geo+json").is_some());
            let home = follow(link(&own, "collection", "application/json").unwrap()).json();
            assert_eq!(home["id"], id);
        }
    }
}

/// `/conf/geojson/definition`, `/conf/geojson/content`.
#[test]
fn features_are_geojson_by_type_and_content() {
    let answer = town().get("/collections/ponds/items?limit=60");
    assert!(answer.header("content-type").starts_with("application/geo+json"));
    for feature in answer.json()["features"].as_array().unwrap() {
        assert_eq!(feature["type"], "Feature");
        assert!(feature["properties"].is_object() && feature.get("geometry").is_some());
    }
}

/// `/conf/oas30/completeness`: the document defines what the server answers, and the server answers what it defines.
#[test]
fn every_address_of_the_api_document_answers_as_it_says() {
    let api = json("/api");
    let farm = json("/collections/farms/items?limit=1")["features"][0]["id"].as_str().unwrap().to_owned();
    let mut asked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        let Some(get) = methods.get("get") else { continue };
        let filled = path
            .replace("{collectionId}", "farms")
            .replace("{featureId}", &farm)
            .replace("{processId}", "farms-near-schools")
            .replace("{file}", "zh.ftl")
            .replace("{tileMatrix}", "12")
            .replace("{tileMatrixSetId}", "WebMercatorQuad");
        if filled.contains('{') {
            continue;
        }
        let answer = town().get(&filled);
        let response = &get["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{filled} answers {}, which is not in the document", answer.status);
        if let Some(content) = response["content"].as_object().filter(|_| answer.status == 200) {
            let media = answer.header("content-type").split(';').next().unwrap();
            assert!(content.keys().any(|known| known.split(';').next() == Some(media)), "{filled} is {media}");
        }
        asked += 1;
    }
    assert!(asked > 15, "{asked} addresses were asked");
}

/// `/conf/oas30/exceptions-codes`.
#[test]
fn refusals_have_the_statuses_that_the_document_names_for_them() {
    let api = json("/api");
    for (path, of, status) in [
        ("/collections/unicorns/items", "/collections/{collectionId}/items", 404),
        ("/collections/farms/items?limit=0", "/collections/{collectionId}/items", 400),
        ("/collections/farms/items/none", "/collections/{collectionId}/items/{featureId}", 404),
        ("/processes/none", "/processes/{processId}", 404),
    ] {
        assert_eq!(town().get(path).status, status, "{path}");
        assert!(api["paths"][of]["get"]["responses"][status.to_string()].is_object(), "{of} {status}");
    }
}
