//! The abstract tests of OGC 21-065r2 (Annex A) and of OGC API Features Part 3 (19-079r2), over HTTP, each named by its id, on a
//! small layer in the manner of the standard's own data. Each filter is asked in text and in JSON.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;

use super::examples;
use crate::api::server::{Server, serve};
use crate::support::xiangtu;

/// The layer `places`: four towns (p1–p4), two areas side by side (c1, c2), a river across the border of one (r1) and one
/// within it (r2).
fn places() -> &'static Server {
    static PLACES: OnceLock<Server> = OnceLock::new();
    PLACES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let map = folder.path().join("map").display().to_string();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/filter/places.json");
        let source = folder.path().join("places.geojson");
        std::fs::copy(file, &source).unwrap();
        xiangtu(&["new", &map]);
        xiangtu(&["import", &map, "places", source.to_str().unwrap(), "--kind", "project", "--key", "key"]);
        let yards = folder.path().join("yards.csv");
        std::fs::write(
            &yards,
            "key,lon,lat,name,in_village\ny1,117.1,39.1,甲,是\ny2,117.2,39.2,乙,否\ny3,117.3,39.3,丙,\n",
        )
        .unwrap();
        xiangtu(&[
            "import",
            &map,
            "yards",
            yards.to_str().unwrap(),
            "--kind",
            "farm",
            "--key",
            "key",
            "--crs",
            "EPSG:4326",
        ]);
        serve(folder, "map", "127.0.0.1:0").until_the_tests_end()
    })
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn get(question: &str) -> (u16, Value) {
    get_of("places", question)
}

fn get_of(layer: &str, question: &str) -> (u16, Value) {
    let answer = places().get(&format!("/collections/{layer}/items?{question}"));
    (answer.status, answer.json())
}

/// The ids of those for which a filter holds, or the code of the refusal.
fn asked(layer: &str, filter: &str, lang: &str) -> Result<BTreeSet<String>, String> {
    let (status, body) = get_of(layer, &format!("filter-lang={lang}&filter={}", encoded(filter)));
    if status != 200 {
        assert_eq!((status, body["parameter"].as_str()), (400, Some("filter")), "{filter}: {body}");
        return Err(body["code"].as_str().unwrap().to_owned());
    }
    Ok(body["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect())
}

/// As `asked`, in both encodings; the JSON is written by the cql2 crate.
fn found(layer: &str, filter: &str) -> Result<BTreeSet<String>, String> {
    let text = asked(layer, filter, "cql2-text");
    let theirs = cql2::parse_text(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
    assert_eq!(asked(layer, &serde_json::to_string(&theirs).unwrap(), "cql2-json"), text, "{filter} in JSON");
    text
}

/// Holds filters to the features for which they hold, parted by spaces.
fn hold(cases: &[(&str, &str)]) {
    hold_in("places", cases);
}

fn hold_in(layer: &str, cases: &[(&str, &str)]) {
    for (filter, ids) in cases {
        let wanted: BTreeSet<String> = ids.split_whitespace().map(str::to_owned).collect();
        assert_eq!(found(layer, filter), Ok(wanted), "{filter}");
    }
}

fn refuse(cases: &[(&str, &str)]) {
    for (filter, code) in cases {
        assert_eq!(found("places", filter), Err((*code).to_owned()), "{filter}");
    }
}

const ALL: &str = "p1 p2 p3 p4 c1 c2 r1 r2";

/// `/conf/basic-cql2/basic-test`, and Part 3's `/conf/queryables/get-queryables`.
#[test]
fn every_queryable_says_its_type() {
    let queryables = places().get("/collections/places/queryables");
    assert_eq!(queryables.header("content-type"), "application/schema+json");
    let properties = queryables.json()["properties"].as_object().unwrap().clone();
    for (name, about) in &properties {
        assert!(about["type"].is_string() || about["format"].as_str().unwrap().starts_with("geometry-"), "{name}");
    }
    assert!(properties.contains_key("pop_other") && properties.contains_key("id"));
}

/// `/conf/basic-cql2/comparison`
#[test]
fn comparisons_hold_as_the_standard_counts_them() {
    hold(&[
        ("name = 'Luxembourg'", "p2"),
        ("name >= 'Luxembourg'", "p2 p3 c1 c2 r1 r2"),
        ("name < 'Luxembourg'", "p1 p4"),
        ("name <> 'Luxembourg'", "p1 p3 p4 c1 c2 r1 r2"),
        ("pop_other = 1038288", "p1"),
        ("pop_other >= 1038288", "p1 p3"),
        ("pop_other <> 1038288", "p2 p3 p4"),
        ("pop_other < 3.14", ""),
        ("\"day\" = DATE('2022-04-16')", "p1"),
        ("\"day\" >= DATE('2022-04-16')", "p1 p3"),
        ("\"day\" <> DATE('2022-04-16')", "p2 p3"),
        // 16 April in Shanghai begins at 16:00 of the 15th.
        ("\"day\" = TIMESTAMP('2022-04-15T16:00:00Z')", "p1"),
        ("\"day\" < TIMESTAMP('2022-04-15T15:59:59Z')", "p2"),
        ("id = 'p3'", "p3"),
    ]);
}

/// `/conf/basic-cql2/is-null`, `/conf/basic-cql2/boolean`
#[test]
fn null_and_truth_are_what_they_are() {
    hold(&[
        ("\"day\" IS NULL", "p4 c1 c2 r1 r2"),
        ("\"day\" is not null", "p1 p2 p3"),
        ("geom IS NULL", ""),
        ("true", ALL),
        ("false", ""),
    ]);
    hold_in(
        "yards",
        &[
            ("in_village = true", "y1"),
            ("in_village = false", "y2"),
            ("in_village <> true", "y2"),
            ("in_village", "y1"),
            ("NOT in_village", "y2"),
            ("in_village IS NULL", "y3"),
            ("NOT in_village OR in_village IS NULL", "y2 y3"),
            ("(name = '甲') = in_village", "y1 y2"),
        ],
    );
    let (status, body) = get_of("yards", "in_village=true");
    assert_eq!((status, body["numberMatched"].as_u64()), (200, Some(1)));
}

/// `/conf/basic-cql2/logical`: three truth values under AND, OR and NOT.
#[test]
fn what_is_unknown_stays_unknown_under_not() {
    hold(&[
        ("NOT (pop_other > 1038288)", "p1 p2 p4"),
        ("pop_other > 1038288 OR \"day\" IS NULL", "p3 p4 c1 c2 r1 r2"),
        ("NOT (pop_other > 1038288 AND name = 'east')", "p1 p2 p4 p3 c1 r1 r2"),
        ("(NOT (name = 'Bern') AND pop_other < 300000) OR (name = 'east' AND \"day\" IS NULL)", "p2 c2"),
        ("name = 'east' OR name = 'river' AND false", "c2"),
    ]);
}

/// `/conf/advanced-comparison-operators/like`, `…/between`, `…/in`
#[test]
fn like_between_and_in_hold() {
    hold(&[
        ("name LIKE 'K%'", "p1"),
        ("name LIKE '_ern'", "p4"),
        ("name NOT LIKE '%r%'", "p1 c1 c2 r2"),
        (r"name LIKE '%\_100\%'", "c1"),
        ("pop_other BETWEEN 106219 AND 275329", "p2 p4"),
        ("pop_other NOT BETWEEN 106219 AND 275329", "p1 p3"),
        ("pop_other between 100.0 and 1.0", ""),
        ("name IN ('Bern', 'east', 'nowhere')", "p4 c2"),
        ("pop_other NOT IN (1038288, 106219)", "p3 p4"),
        ("\"day\" IN (DATE('2022-04-16'), DATE('2023-04-16'))", "p1 p3"),
    ]);
}

/// `/conf/case-insensitive-comparison/casei`, `/conf/accent-insensitive-comparison/accenti`
#[test]
fn capitals_and_accents_can_be_passed_over() {
    hold(&[
        ("CASEI(name) = casei('RiVeR')", "r1 r2"),
        ("CASEI(name) LIKE casei('K%')", "p1"),
        ("CASEI(name) IN (CASEI('bern'), CASEI('ZÜRICH'))", "p3 p4"),
        ("ACCENTI(name) = accenti('Zurich')", "p3"),
        ("ACCENTI(CASEI(name)) LIKE accenti(casei('ZÜ%'))", "p3"),
    ]);
}

/// `/conf/basic-spatial-functions/s_intersects`, `/conf/basic-spatial-functions-plus/s_intersects`
#[test]
fn what_shares_a_point_is_found() {
    hold(&[
        ("S_INTERSECTS(geom, BBOX(-180, -90, 180, 90))", ALL),
        ("S_INTERSECTS(geom, BBOX(0, 40, 10, 50))", "p2 p3 p4 c1 c2 r1 r2"),
        ("S_INTERSECTS(geom, BBOX(19, -90, -4, 90))", "c2 r1"),
        ("S_INTERSECTS(geom, POINT(10 45))", "c1 c2"),
        ("S_INTERSECTS(geom, MULTIPOINT(10 45, 5 45))", "c1 c2 r1 r2"),
        ("S_INTERSECTS(geom, LINESTRING(0 55, 15 55.9))", ""),
        ("S_INTERSECTS(geom, MULTILINESTRING((-4 44, -4 46), (11 41, 12 41)))", "r1 c2"),
        (
            "S_INTERSECTS(geom, POLYGON((1 41, 9 41, 9 49, 1 49, 1 41), (4 44, 6 44, 6 46, 4 46, 4 44)))",
            "p3 p4 c1 r1 r2",
        ),
        (
            "S_INTERSECTS(geom, MULTIPOLYGON(((12 55, 13 55, 13 56, 12 56, 12 55)), ((19 39, 21 39, 21 41, 19 39))))",
            "p1 c2",
        ),
        ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(6.1300028 49.6116604), LINESTRING(11 41, 12 41)))", "p2 c1 c2"),
    ]);
    refuse(&[
        ("S_INTERSECTS(geom, POINT(90 180))", "filter-geometry"),
        ("S_INTERSECTS(geom, MULTIPOINT(7.02 49.92, 90 180))", "filter-geometry"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "filter-geometry"),
        ("S_INTERSECTS(geom, BBOX(0, 91, 1, 92))", "bbox-out-of-range"),
    ]);
}

/// `/conf/spatial-functions/s_disjoint` … `/conf/spatial-functions/s_overlaps`
#[test]
fn the_other_spatial_relations_hold() {
    hold(&[
        ("S_DISJOINT(geom, BBOX(-180, -90, 180, 90))", ""),
        ("S_DISJOINT(geom, POLYGON((0 40, 10 40, 10 50, 0 50, 0 40)))", "p1"),
        ("NOT S_DISJOINT(geom, POINT(10 45))", "c1 c2"),
        ("S_EQUALS(geom, POINT(6.1300028 49.6116604))", "p2"),
        ("S_EQUALS(geom, POLYGON((10 50, 0 50, 0 45, 0 40, 10 40, 10 50)))", "c1"),
        ("S_TOUCHES(geom, POLYGON((10 40, 20 40, 20 50, 10 50, 10 40)))", "c1"),
        ("S_TOUCHES(geom, POINT(10 45))", "c1 c2"),
        ("S_TOUCHES(geom, LINESTRING(8 48, 9 49))", "r2"),
        ("S_CROSSES(geom, BBOX(0, 40, 10, 50))", "r1"),
        ("S_CROSSES(geom, LINESTRING(4 40, 4 60))", "c1 r1 r2"),
        ("S_WITHIN(geom, BBOX(0, 40, 10, 50))", "p2 p3 p4 c1 r2"),
        ("S_WITHIN(geom, MULTIPOINT(6.1300028 49.6116604, 0 0))", "p2"),
        ("S_CONTAINS(geom, BBOX(7, 41, 8, 42))", "c1"),
        ("S_CONTAINS(geom, LINESTRING(3 43, 4 44))", "c1 r2"),
        ("S_OVERLAPS(geom, BBOX(5, 41, 15, 42))", "c1 c2"),
        ("S_OVERLAPS(geom, LINESTRING(4 45, 9 45))", "r1"),
    ]);
}

/// `/conf/temporal-functions/temporal-functions-1` and `-2`, on dates.
#[test]
fn times_stand_to_each_other_as_allen_has_it() {
    hold(&[
        ("T_AFTER(\"day\", DATE('2022-04-16'))", "p3"),
        ("T_BEFORE(\"day\", DATE('2022-04-16'))", "p2"),
        ("T_DISJOINT(\"day\", DATE('2022-04-16'))", "p2 p3"),
        ("T_EQUALS(\"day\", DATE('2022-04-16'))", "p1"),
        ("T_INTERSECTS(\"day\", DATE('2022-04-16'))", "p1"),
        ("T_AFTER(\"day\", INTERVAL('2022-01-01', '2022-12-31'))", "p3"),
        ("T_EQUALS(\"day\", INTERVAL('2022-01-01', '2022-12-31'))", ""),
        ("T_EQUALS(\"day\", INTERVAL('2022-04-16', '2022-04-16'))", "p1"),
        ("T_INTERSECTS(\"day\", INTERVAL('2022-01-01T00:00:00Z', '2022-12-31T23:59:59Z'))", "p1"),
        ("T_AFTER(INTERVAL(begins, ends), INTERVAL('..', '2022-04-15'))", "p1 p3"),
        ("T_BEFORE(INTERVAL(begins, ends), INTERVAL('2023-01-01', '..'))", "p1 p2 p3"),
        ("T_EQUALS(INTERVAL(begins, ends), INTERVAL('2021-04-16', '2022-04-16'))", "p2"),
        ("T_CONTAINS(INTERVAL(begins, ends), INTERVAL('2022-04-17', '2022-04-19'))", "p1 p3"),
        ("T_DURING(INTERVAL(begins, ends), INTERVAL('2022-01-01', '2022-12-01'))", "p1"),
        ("T_FINISHES(INTERVAL(begins, ends), INTERVAL('2022-01-01', '2022-12-31'))", "p3"),
        ("T_FINISHEDBY(INTERVAL(begins, ends), INTERVAL('2022-01-01', '2022-04-16'))", "p2"),
        ("T_MEETS(INTERVAL(begins, ends), INTERVAL('2022-04-16', '2022-05-01'))", "p2"),
        ("T_METBY(INTERVAL(begins, ends), INTERVAL('2022-01-01', '2022-04-16'))", "p1 p3"),
        ("T_OVERLAPPEDBY(INTERVAL(begins, ends), INTERVAL('2022-04-01', '2022-04-18'))", "p1 p3"),
        ("T_OVERLAPS(INTERVAL(begins, ends), INTERVAL('2022-04-01', '2022-12-01'))", "p2"),
        ("T_STARTEDBY(INTERVAL(begins, ends), INTERVAL('2022-04-16', '2022-04-18'))", "p1 p3"),
        ("T_STARTS(INTERVAL(begins, ends), INTERVAL('2022-04-16', '2022-12-31'))", "p1"),
        ("T_INTERSECTS(INTERVAL(begins, ends), INTERVAL('2022-04-20', '2022-06-01'))", "p1 p3"),
        ("T_DISJOINT(INTERVAL(begins, ends), INTERVAL('2022-04-20', '2022-06-01'))", "p2"),
    ]);
}

/// `/conf/array-functions/array-predicates`: no queryable is a list, so lists are written out, of attributes too.
#[test]
fn lists_are_compared_as_sets() {
    hold(&[
        ("A_CONTAINS((name, nameascii), ('Bern'))", "p4"),
        ("A_OVERLAPS((name, nameascii), ('Zurich', 'east'))", "p3 c2"),
        ("A_CONTAINEDBY((name, 'east'), ('east', 'river'))", "c2 r1"),
        ("A_EQUALS((name, nameascii), ('Bern', 'Bern'))", "p4"),
        ("A_EQUALS((1, 'a', TRUE), (TRUE, 1, 'a', 'a'))", ALL),
    ]);
}

/// `/conf/property-property/comparison-value-property`, `…/comparison-property-property`, `…/comparison-value-value`
#[test]
fn either_side_may_be_anything() {
    hold(&[
        ("'København' = name", "p1"),
        ("1038288 <= pop_other", "p1 p3"),
        ("name = nameascii", "p2 p4"),
        ("name <> nameascii", "p1 p3"),
        ("pop_min = pop_max", "p4"),
        ("pop_other BETWEEN pop_min AND pop_max", "p1 p2 p3 p4"),
        ("begins < ends", "p1 p2 p3"),
        ("begins = \"day\"", "p1 p2"),
        ("'København' LIKE 'K_benhavn'", ALL),
        ("3.14 = 3.14 AND DATE('2022-04-14') <= DATE('2022-04-14')", ALL),
        ("TIMESTAMP('2022-04-14T14:48:46Z') < TIMESTAMP('2022-04-14T14:48:46Z')", ""),
        ("S_INTERSECTS(BBOX(12, 55, 13, 56), geom)", "p1"),
        ("S_CONTAINS(BBOX(0, 40, 10, 50), geom)", "p2 p3 p4 c1 r2"),
        ("S_WITHIN(POINT(7 41), geom)", "c1"),
        ("T_AFTER(DATE('2022-04-17'), \"day\")", "p1 p2"),
    ]);
}

/// `/conf/arithmetic/arithmetic`, `/conf/arithmetic/test-data`
#[test]
fn numbers_are_reckoned_with() {
    hold(&[
        ("pop_other = 1038280 + 8", "p1"),
        ("pop_other >= 1038290 - 2 * 2 ^ 0", "p1 p3"),
        ("pop_other > 1038290 - 20 / 10", "p3"),
        ("pop_other > 1038290 - 21 div 10", "p3"),
        ("pop_other <> 1038290 - 2 ^ 1", "p2 p3 p4"),
        ("pop_other % 10 = 9", "p2 p4"),
        ("pop_max - pop_min > pop_other / 2", "p3"),
        ("pop_other IN (275000 + 329, 1)", "p4"),
        ("pop_other / (pop_max - pop_min) IS NULL", "p4 c1 c2 r1 r2"),
        ("-pop_other < -1038288", "p3"),
    ]);
}

/// `/conf/functions/functions`: our own function is declared, and holds what it declares.
#[test]
fn the_functions_that_are_declared_are_there_and_no_others() {
    let body = places().get("/functions").json();
    let own = body["functions"].as_array().unwrap().iter().find(|f| f["name"] == "S_DWITHIN").unwrap();
    assert_eq!(own["arguments"].as_array().unwrap().len(), 3);
    assert_eq!(own["returns"], serde_json::json!(["boolean"]));
    // Luxembourg is some 305 km from Zürich and 316 km from Bern.
    hold(&[
        ("S_DWITHIN(geom, POINT(6.1300028 49.6116604), 0)", "p2 c1"),
        ("S_DWITHIN(POINT(6.1300028 49.6116604), geom, 310000) AND pop_other > 0", "p2 p3"),
        ("S_DWITHIN(geom, POINT(6.1300028 49.6116604), 320000) AND pop_other > 0", "p2 p3 p4"),
        ("S_DWITHIN(geom, GEOMETRYCOLLECTION(POINT(12.56 55.68), LINESTRING(21 41, 21 49)), 80000)", "p1 c2"),
    ]);
    refuse(&[
        ("avg(pop_other) > 1", "filter-unsupported"),
        ("S_WITHIN(geom, Buffer(geom, 10, 'm'))", "filter-unsupported"),
        ("S_DWITHIN(geom, POINT(1 1))", "filter-arguments"),
        ("S_DWITHIN(geom, POINT(1 1), -5)", "filter-metres"),
        ("S_DWITHIN(geom, POINT(1 1), pop_other)", "filter-metres"),
    ]);
}

/// `/req/basic-cql2/property` and type checks: what cannot be meant is refused by name.
#[test]
fn values_of_unlike_types_are_refused_and_not_found_unequal() {
    refuse(&[
        ("colour = 'red'", "filter-no-attribute"),
        ("pop_other = 'many'", "filter-unlike"),
        ("name = 5", "filter-unlike"),
        ("name = DATE('2022-04-16')", "filter-unlike"),
        ("pop_other = TRUE", "filter-unlike"),
        ("pop_other IN (1, 'two')", "filter-unlike"),
        ("name", "filter-kind"),
        ("name + 1 = 2", "filter-kind"),
        ("CASEI(pop_other) = 'x'", "filter-kind"),
        ("geom = 'x'", "filter-kind"),
        ("S_INTERSECTS(name, POINT(1 1))", "filter-kind"),
        ("A_CONTAINS(name, ('x'))", "filter-kind"),
        ("T_AFTER(name, DATE('2022-04-16'))", "filter-kind"),
        ("T_AFTER(\"day\", INTERVAL('2023-01-01', '2022-01-01'))", "filter-backwards"),
        ("pop_other LIKE 'x'", "filter-kind"),
        ("name LIKE nameascii", "filter-arguments"),
        (r"name LIKE 'x\'", "filter-pattern"),
    ]);
    let (_, body) = get(&format!("lang=en&filter={}", encoded("pop_other = 'many'")));
    let said = body["detail"].as_str().unwrap();
    assert!(said.contains("'many' is text") && said.contains("pop_other") && said.contains("a number"), "{said}");
}

/// Part 3: `/conf/filter/filter-lang-param`, `/conf/queryables-query-parameters/parameters`.
#[test]
fn a_queryable_is_a_parameter_and_goes_with_the_filter() {
    let ids = |question: &str| {
        let (status, body) = get(question);
        assert_eq!(status, 200, "{question}: {body}");
        body["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("begins=2022-04-16"), ["p1", "p3"]);
    assert_eq!(ids("begins=2022-04-16&filter=pop_other%20%3E%201100000"), ["p3"]);
    assert_eq!(ids("day=2021-04-16"), ["p2"]);
    assert_eq!(ids("id=c1"), ["c1"]);
    assert_eq!(ids("name=river&bbox=-10,40,0,50"), ["r1"]);
    let refused = |question: &str| {
        let (status, body) = get(question);
        (status, body["code"].as_str().unwrap().to_owned(), body["parameter"].as_str().unwrap().to_owned())
    };
    assert_eq!(refused("pop_other=many"), (400, "filter-value".to_owned(), "pop_other".to_owned()));
    assert_eq!(refused("colour=red"), (400, "query-unknown".to_owned(), "colour".to_owned()));
    assert_eq!(
        refused("filter-lang=sql&filter=true"),
        (400, "parameter-not-one-of".to_owned(), "filter-lang".to_owned())
    );
    assert_eq!(refused("filter-lang=cql2-json&filter=true1"), (400, "filter-not-json".to_owned(), "filter".to_owned()));
}

#[test]
fn what_conforms_is_said() {
    let classes = places().get("/conformance").json()["conformsTo"].to_string();
    for class in [
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/cql2-json",
        "cql2/1.0/conf/spatial-functions",
        "cql2/1.0/conf/temporal-functions",
        "cql2/1.0/conf/array-functions",
        "cql2/1.0/conf/arithmetic",
    ] {
        assert!(classes.contains(class), "{class}");
    }
}

/// The standard's examples ask for attributes that are not here: each is refused for that, or for what it cannot mean, by name.
#[test]
fn every_example_of_the_standard_is_answered_and_never_a_failure_of_ours() {
    for example in examples::all() {
        match asked("places", example.text, "cql2-text") {
            Ok(_) => {}
            Err(code) => assert!(code.starts_with("filter-") || code.starts_with("bbox-"), "{}: {code}", example.name),
        }
    }
}
