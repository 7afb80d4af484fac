//! What is kept back cannot be guessed at, either: not by filters, orders, windows, tokens, fingerprints or questions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::town::{HOMES, town};
use crate::api::server::Answer;

fn get(person: &str, path: &str) -> Answer {
    let found = town().1.iter().find(|(name, _)| *name == person);
    let cookie: Vec<(&str, &str)> = found.map(|(_, cookie)| vec![("cookie", cookie.as_str())]).unwrap_or_default();
    town().0.get_with(path, &cookie)
}

fn ids(person: &str, path: &str) -> Vec<String> {
    let page = get(person, path).json();
    let features = page["features"].as_array().unwrap_or_else(|| panic!("{path}: {page}"));
    features.iter().map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_filter_finds_nobody_by_what_is_kept_back() {
    let items = "/collections/households/items?filter=";
    for (filter, all, village) in [
        ("phone%3D'13911110001'", 1, 1),
        ("phone%20LIKE%20'139%25'", 4, 2),
        ("owner%20LIKE%20'%E6%88%B7%E4%B8%BB%25'", 4, 2),
        ("id_card%20%3E%20'1101'", 4, 2),
        ("owner%3D'%E6%88%B7%E4%B8%BB%E7%94%B23'", 1, 0),
        ("S_INTERSECTS(geom,POINT(117.5037123%2039.6041357))", 1, 1),
        (
            "S_INTERSECTS(geom,POLYGON((117.537%2039.613,117.5372%2039.613,117.5372%2039.6135,117.537%2039.6135,117.537%2039.613)))",
            1,
            0,
        ),
    ] {
        let path = format!("{items}{filter}");
        assert_eq!(ids("planner", &path).len(), all, "{filter}");
        assert_eq!(ids("village", &path).len(), village, "{filter}");
        assert_eq!(ids("viewer", &path).len(), 0, "{filter}");
        assert_eq!(ids("", &path).len(), 0, "{filter}");
    }
    // It is there, under its mask: that alone can be asked for.
    assert_eq!(ids("viewer", &format!("{items}phone%3D'***'")).len(), 4);
}

#[test]
fn an_order_by_what_is_kept_back_is_the_order_of_the_ids() {
    let by_phone = "/collections/households/items?sortby=-phone";
    assert_eq!(ids("planner", by_phone), ["h-4", "h-3", "h-2", "h-1"]);
    assert_eq!(ids("viewer", by_phone), ["h-1", "h-2", "h-3", "h-4"]);
    let page = get("viewer", "/collections/households/items?sortby=phone&limit=1").json();
    let next = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").unwrap();
    let token = next["href"].as_str().unwrap().split("next=").nth(1).unwrap();
    let token = String::from_utf8(URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap();
    assert_eq!(token, r#"[["***"],"h-1"]"#);
    // A token of somebody else's opens nothing more.
    let forged = URL_SAFE_NO_PAD.encode(r#"[["13911110002"],"h-2"]"#);
    assert_eq!(ids("viewer", &format!("/collections/households/items?sortby=phone&next={forged}")).len(), 0);
}

#[test]
fn a_window_shows_a_household_in_its_wide_cell_and_not_where_it_stands() {
    let around = |[lng, lat]: [f64; 2], reach: f64| {
        format!("/collections/households/items?bbox={},{},{},{}", lng - reach, lat - reach, lng + reach, lat + reach)
    };
    assert_eq!(ids("planner", &around(HOMES[0], 1e-6)), ["h-1"]);
    assert_eq!(ids("grid_worker", &around(HOMES[0], 1e-6)), ["h-1"]);
    assert_eq!(ids("grid_worker", &around(HOMES[1], 1e-6)), Vec::<String>::new());
    for home in HOMES {
        assert_eq!(ids("viewer", &around(home, 1e-4)), Vec::<String>::new());
    }
    assert_eq!(ids("viewer", &around([117.505, 39.605], 1e-6)), ["h-1"]);
    let extent = |person: &str| get(person, "/collections/households").json()["extent"]["spatial"]["bbox"][0].clone();
    assert_eq!(extent("viewer"), serde_json::json!([117.505, 39.605, 117.535, 39.615]));
    assert_ne!(extent("planner"), extent("viewer"));
}

#[test]
fn a_question_may_not_filter_by_what_is_kept_back() {
    for (clause, personal) in [
        ("phone='13911110071'", "phone"),
        ("name='x' OR NOT phone LIKE '1%'", "phone"),
        ("remarks LIKE '%13911110111%'", "remarks"),
    ] {
        let body = serde_json::json!({"inputs": {"where": clause}}).to_string();
        let execute = |person: &str| {
            let cookie = &town().1.iter().find(|(name, _)| *name == person).unwrap().1;
            let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
            town().0.request("POST", "/processes/coverage-gaps/execution", &headers, &body)
        };
        let there = execute("planner");
        assert_eq!(there.status, 303, "{clause}: {}", String::from_utf8_lossy(&there.body));
        let address = there.header("location").to_owned();
        assert_eq!(get("planner", &address).status, 200);
        for person in ["viewer", "village", "grid_worker"] {
            for answer in [execute(person), get(person, &address), get(person, &format!("{address}/items"))] {
                let problem = answer.json();
                assert_eq!((answer.status, problem["code"].as_str()), (403, Some("where-personal")), "{clause}");
                assert_eq!(problem["attribute"], personal);
            }
        }
        assert_eq!(get("", &address).status, 403);
        // Another spelling is no way around.
        let spelled = address.replace("coverage-gaps~", "coverage-gaps~reach=500.0~");
        assert_eq!(get("viewer", &spelled).status, 403);
    }
    let open = "/collections/coverage-gaps~where=name%3D'%E5%85%AC%E5%8E%951'";
    assert!(matches!(get("viewer", open).status, 200 | 308), "what is not personal may be asked for");
}

#[test]
fn a_distance_to_a_home_is_not_told_and_cannot_be_closed_in_on() {
    let near = "/collections/coverage-gaps~demand=households";
    let of = |person: &str, path: &str| get(person, &format!("{path}/items")).json();
    let known: Vec<Value> = of("planner", near)["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["nearest_m"].clone())
        .collect();
    assert!(known.len() == 4 && known.iter().all(Value::is_f64), "{known:?}");
    let masked = of("viewer", near);
    let rows = masked["features"].as_array().unwrap();
    assert!(rows.len() == 4 && rows.iter().all(|feature| feature["properties"]["nearest_m"].is_null()));
    assert_eq!(ids("viewer", &format!("{near}/items")), ["h-1", "h-2", "h-3", "h-4"], "by id, not by distance");
    let figures = |person: &str, path: &str| {
        let about = get(person, path).json();
        let named = |one: &Value| (one["name"].as_str().unwrap().to_owned(), one["value"].clone());
        about["summary"].as_array().unwrap().iter().map(named).collect::<std::collections::BTreeMap<_, _>>()
    };
    assert!(figures("planner", near).contains_key("farthest_m"));
    assert!(!figures("viewer", near).contains_key("farthest_m"), "the farthest is somebody's");
    assert_eq!(figures("viewer", near)["uncovered_households"], 4);
    // With a reach of one's own, whether somebody is in the answer would be the distance, asked for bit by bit.
    let sharp = "/collections/coverage-gaps~demand=households~reach=300";
    assert_eq!(ids("planner", &format!("{sharp}/items")).len(), 4);
    let own = ids("village", &format!("{sharp}/items?sortby=id"));
    assert_eq!(own, ["h-1", "h-2"], "one's own ground may be asked about");
    assert_eq!(ids("viewer", &format!("{sharp}/items")), Vec::<String>::new());
    let told = figures("viewer", sharp);
    assert_eq!((&told["uncovered_households"], &told["withheld"], &told["count"]), (&4.into(), &4.into(), &0.into()));
    assert_eq!(get("viewer", &format!("{sharp}/items/h-3")).status, 404);
}

#[test]
fn a_fingerprint_tells_nothing_and_is_the_same_for_equal_eyes() {
    let revision = |person: &str, id: &str| get(person, &format!("/collections/{id}")).json()["revision"].clone();
    for id in ["households", "farms", "coverage-gaps", "farms-near-schools"] {
        assert_ne!(revision("planner", id), revision("viewer", id), "{id}");
        assert_eq!(revision("", id), revision("viewer", id), "{id}");
        assert_eq!(revision("administrator", id), revision("planner", id), "{id}");
        assert_ne!(revision("village", id), revision("foreign", id), "{id}");
    }
    let gaps = |person: &str| get(person, "/collections/coverage-gaps").json()["inputs"].clone();
    let clear = gaps("planner").to_string();
    for input in gaps("viewer").as_array().unwrap() {
        let (id, told) = (input["id"].as_str().unwrap(), input["revision"].as_str().unwrap());
        assert!(!clear.contains(told), "{id}");
        assert_eq!(told, revision("viewer", id), "as the collection itself has it");
    }
    for path in ["/collections/households", "/collections/households/items", "/collections/households/items/h-1"] {
        let (clear, masked) = (get("planner", path), get("viewer", path));
        assert_ne!(clear.header("etag"), masked.header("etag"), "{path}");
        let cookie = &town().1.iter().find(|(name, _)| *name == "viewer").unwrap().1;
        let held = [("cookie", cookie.as_str()), ("if-none-match", masked.header("etag"))];
        assert_eq!(town().0.get_with(path, &held).status, 304, "{path}");
        let stolen = [("cookie", cookie.as_str()), ("if-none-match", clear.header("etag"))];
        assert_eq!(town().0.get_with(path, &stolen).status, 200, "{path}");
    }
}

#[test]
fn an_id_is_nobodys_telephone() {
    let fronts = ids("planner", "/collections/frontages/items");
    assert!(fronts.len() == 2 && fronts.iter().all(|id| !id.contains("1391111")), "{fronts:?}");
    // Imported again, they are the same.
    assert_eq!(ids("viewer", "/collections/frontages/items"), fronts);
    assert_eq!(get("viewer", "/collections/frontages/items/13911110051").status, 404);
}

#[test]
fn no_path_leads_out_of_the_house() {
    let paths = [
        "/accounts.sqlite",
        "/store.gpkg",
        "/map.toml",
        "/assets/../accounts.sqlite",
        "/assets/%2e%2e/%2e%2e/accounts.sqlite",
        "/assets/..%2f..%2faccounts.sqlite",
        "/assets/..%5c..%5caccounts.sqlite",
        "/assets//etc/passwd",
        "/assets/%00",
        "/text/..%2faccounts.sqlite",
        "/evidence/..%2faccounts.sqlite",
        "/evidence/..%2faccounts.sqlite/thumbnail",
        "/collections/..%2faccounts.sqlite",
        "/collections/..%2f..%2fetc%2fpasswd/items",
        "/collections/accounts.sqlite/items",
        "/collections/session/items",
        "/collections/households%00/items",
        "/collections/households'%20OR%201=1--/items",
        "/collections/sqlite_master/items",
        "/collections/gpkg_contents/items",
        "/collections/xiangtu_salt/items",
        "/collections/farms/items/..%2f..%2fhouseholds%2fitems%2fh-1",
        "/processes/..%2faccounts",
    ];
    for person in ["administrator", ""] {
        for path in paths {
            let answer = get(person, path);
            assert!(matches!(answer.status, 400 | 401 | 404), "{path}: {}", answer.status);
            let text = String::from_utf8_lossy(&answer.body);
            assert!(!text.contains("SQLite format") && !text.contains("root:") && !text.contains("argon2"), "{path}");
        }
    }
}
