//! OGC API Features Part 2 (OGC 18-058r1): coordinate reference systems by reference.

use super::town;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

fn uri(code: u32) -> String {
    format!("http://www.opengis.net/def/crs/EPSG/0/{code}")
}

/// `/conf/crs/crs-uri`, `/conf/crs/fc-md-crs-list`, `/conf/crs/fc-md-storageCrs`, `/conf/crs/fc-md-storageCrs-valid-value`.
#[test]
fn a_collection_lists_its_references_the_one_it_is_stored_in_among_them() {
    for collection in town().get("/collections").json()["collections"].as_array().unwrap() {
        let list: Vec<&str> = collection["crs"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(list[0], CRS84);
        assert!(list.contains(&collection["storageCrs"].as_str().unwrap()));
        for code in [4326, 4490, 3857].into_iter().chain(4513..=4554) {
            assert!(list.contains(&&*uri(code)), "{code}");
        }
    }
}

/// `/conf/crs/crs-parameter`, `/conf/crs/ogc-crs-header`, `/conf/crs/ogc-crs-header-value`, `/conf/crs/geojson`.
#[test]
fn coordinates_come_in_the_reference_asked_for_and_say_so() {
    let path = "/collections/farms/items?limit=1";
    let plain = town().get(path);
    assert_eq!(plain.header("content-crs"), format!("<{CRS84}>"));
    let id = plain.json()["features"][0]["id"].as_str().unwrap().to_owned();
    for at in [path.to_owned() + "&", format!("/collections/farms/items/{id}?")] {
        for code in [4326, 4490, 3857, 4548, 4549] {
            let answer = town().get(&format!("{at}crs={}", uri(code)));
            assert_eq!(answer.header("content-crs"), format!("<{}>", uri(code)));
            assert_ne!(answer.body, plain.body);
        }
    }
}

/// `/conf/crs/crs-parameter-default`.
#[test]
fn without_a_reference_coordinates_are_longitude_and_latitude() {
    let features =
        |question: &str| town().get(&format!("/collections/farms/items?limit=9{question}")).json()["features"].clone();
    assert_eq!(features(""), features(&format!("&crs={CRS84}")));
}

/// `/conf/crs/crs-parameter-invalid`, `/conf/crs/bbox-crs-parameter-invalid`.
#[test]
fn a_reference_that_is_not_offered_is_refused_by_its_parameter() {
    for (parameter, extra) in [("crs", ""), ("bbox-crs", "&bbox=1,2,3,4")] {
        for value in [uri(4214), "mars".to_owned(), String::new()] {
            let answer = town().get(&format!("/collections/farms/items?{parameter}={value}{extra}"));
            assert_eq!(answer.status, 400);
            let problem = answer.json();
            assert_eq!(
                (problem["code"].as_str(), problem["parameter"].as_str()),
                (Some("crs-not-offered"), Some(parameter))
            );
        }
    }
}

/// `/conf/crs/fc-bbox-crs-definition`, `/conf/crs/bbox-crs-action`, `/conf/crs/bbox-crs-parameter-default`.
#[test]
fn one_box_spelled_in_several_references_finds_the_same() {
    let count = |question: &str| {
        town().get(&format!("/collections/farms/items?limit=1&{question}")).json()["numberMatched"].clone()
    };
    let plain = count("bbox=117.49,39.59,117.51,39.61");
    assert!(plain.as_u64().is_some_and(|n| n > 0 && n < 60), "{plain}");
    assert_eq!(count(&format!("bbox=117.49,39.59,117.51,39.61&bbox-crs={CRS84}")), plain);
    for code in [4326, 4490] {
        assert_eq!(count(&format!("bbox=39.59,117.49,39.61,117.51&bbox-crs={}", uri(code))), plain);
    }
    let (x, y) = (
        |lng: f64| lng.to_radians() * 6_378_137.0,
        |lat: f64| (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln() * 6_378_137.0,
    );
    let (w, s, e, n) = (x(117.49), y(39.59), x(117.51), y(39.61));
    assert_eq!(count(&format!("bbox={w},{s},{e},{n}&bbox-crs={}", uri(3857))), plain);
}

/// A page's link to the next keeps to the reference.
#[test]
fn the_next_page_is_in_the_same_reference() {
    let page = town().get(&format!("/collections/farms/items?limit=7&crs={}", uri(4548))).json();
    let next = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").unwrap();
    let answer = town().get(town().path(next["href"].as_str().unwrap()));
    assert_eq!(answer.header("content-crs"), format!("<{}>", uri(4548)));
}
