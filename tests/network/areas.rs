//! Service areas: what all facilities reach together, and what each reaches by itself.

use serde_json::json;

use super::cases;
use super::coverage::{BY_ROAD, TOWN, asked, asked_of, at, feature, hamlet, number, summed, ways};
use crate::support::run;

#[test]
fn service_areas_are_the_roads_that_networkx_and_pgrouting_reach() {
    for oneway in [false, true] {
        let reached = summed(
            &asked_of(TOWN.path(), "service-areas", &[&["--show", "roads"], &ways(oneway)[..]].concat()),
            "reached_m",
        );
        let mut looked_at = 0;
        for case in cases("areas.jsonl").iter().filter(|case| case["oneway"] == oneway) {
            let name = case["name"].as_str().unwrap();
            let here = reached.get(name).copied().unwrap_or_default();
            for theirs in ["reached_m", "pgrouting_m"] {
                // Pieces under a centimetre are not listed.
                assert!((here - case[theirs].as_f64().unwrap()).abs() < 0.03, "{name}: {here}, not {}", case[theirs]);
            }
            looked_at += 1;
        }
        assert!(looked_at > 20 && reached.values().any(|m| *m > 100.0));
    }
}

#[test]
fn service_areas_and_gaps_are_the_whole_of_each_village() {
    let drive: &[&str] = &["--measure", "drive", "--minutes", "0.5", "--off_road", "80"];
    let straight: &[&str] = &["--reach", "300"];
    for how in [straight, BY_ROAD, drive] {
        let (gaps, areas) = (asked(TOWN.path(), how), asked_of(TOWN.path(), "service-areas", how));
        let (out, within) = (summed(&gaps, "uncovered_m2"), summed(&areas, "reached_m2"));
        assert!(!out.is_empty() && !within.is_empty(), "{how:?}");
        for (village, properties) in areas.by_id() {
            let whole = properties["reached_m2"].as_f64().unwrap() / properties["reached_share"].as_f64().unwrap();
            let both = within[village] + out.get(village).copied().unwrap_or_default();
            assert!((both - whole).abs() < 2.0 + whole * 1e-6, "{village} {how:?}: {both} of {whole}");
        }
    }
}

/// What each toilet of a town reaches by itself.
const EACH: &[&str] = &["--show", "facilities"];

#[test]
fn each_facility_reaches_what_it_reaches_where_it_is_the_only_one() {
    let drive: &[&str] = &["--measure", "drive", "--minutes", "0.5", "--off_road", "80"];
    for how in [BY_ROAD, drive] {
        let each = asked_of(TOWN.path(), "service-areas", &[EACH, how].concat());
        assert!(each.features.len() > 3);
        let mut reached = 0;
        for (id, properties) in each.by_id() {
            let only = format!("id = '{id}'");
            let roads = [&["--show", "roads", "--where", &only], how].concat();
            let alone: f64 = summed(&asked_of(TOWN.path(), "service-areas", &roads), "reached_m").values().sum();
            let road_m = number(properties, "reached_m");
            // Pieces under a centimetre are not listed.
            assert!((road_m - alone).abs() < 0.03, "{id} {how:?}: {road_m}, not {alone}");
            reached += usize::from(road_m > 100.0);
            // A village has no more of it than there is.
            let ground = asked_of(TOWN.path(), "service-areas", &[&["--where", &only], how].concat());
            let in_villages: f64 = summed(&ground, "reached_m2").values().sum();
            assert!(in_villages <= number(properties, "reached_m2") * (1.0 + 1e-6) + 1.0, "{id} {how:?}");
        }
        assert!(reached > 1, "{how:?}");
    }
}

#[test]
fn a_facility_off_the_road_reaches_what_its_way_to_the_road_leaves() {
    let toilets = json!([
        feature("near", "Point", at(600.0, 40.0), &json!({})),
        feature("far", "Point", at(1500.0, 150.0), &json!({})),
        feature("shut", "Point", at(1000.0, 0.0), &json!({"access": "closed"})),
    ]);
    let home = hamlet(&[("toilets", "toilet", toilets)]);
    let asked = |more: &[&str]| asked_of(home.path(), "service-areas", &[EACH, &["--reach", "300"], more].concat());
    let straight = asked(&[]);
    assert_eq!(straight.features.len(), 2, "what is closed serves nobody");
    for properties in straight.by_id().values() {
        let (area_m2, disc_m2) = (number(properties, "reached_m2"), std::f64::consts::PI * 300.0 * 300.0);
        assert!((area_m2 - disc_m2).abs() < disc_m2 * 1e-4, "{area_m2}, not {disc_m2}");
        assert!(!properties.contains_key("snap_m"), "nobody asked for a road");
    }
    let by_road = asked(&["--measure", "road"]);
    let by_road = by_road.by_id();
    assert!((number(by_road["near"], "snap_m") - 40.0).abs() < 0.01);
    assert!((number(by_road["near"], "reached_m") - 2.0 * 260.0).abs() < 0.02);
    // Farther from the road than one walks: a disc of that walk, and no road.
    assert!(by_road["far"]["snap_m"].is_null());
    assert_eq!(number(by_road["far"], "reached_m"), 0.0);
    let walk_m2 = std::f64::consts::PI * 100.0 * 100.0;
    assert!((number(by_road["far"], "reached_m2") - walk_m2).abs() < walk_m2 * 1e-4);
    // All of what the nearer one reaches lies in the village: both ways of asking have the same ground.
    let ground = ["--reach", "300", "--measure", "road", "--where", "id = 'near'"];
    let ground = asked_of(home.path(), "service-areas", &ground);
    let (here, there) = (number(by_road["near"], "reached_m2"), number(ground.by_id()["v"], "reached_m2"));
    assert!((here - there).abs() < 1.0, "{here}, not {there}");
}

#[test]
fn facilities_of_several_layers_are_asked_for_layer_by_layer() {
    let toilets = json!([feature("t", "Point", at(600.0, 40.0), &json!({}))]);
    let schools = json!([feature("s", "Point", at(600.0, 40.0), &json!({}))]);
    let home = hamlet(&[("toilets", "toilet", toilets), ("schools", "school", schools)]);
    let town = home.path().join("m");
    let both =
        ["query", town.to_str().unwrap(), "service-areas", "--show", "facilities", "--facility", "toilets,schools"];
    let refused = run(&both);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("逐个设施") && said.contains("一个"), "{said}");
}
