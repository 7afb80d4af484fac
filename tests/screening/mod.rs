//! Screening and farmland-overlap at their boundaries: small places worked by hand, asked of the library.

mod place;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xiangtu::catalog::Catalog;
use xiangtu::query::Query;
use xiangtu::table::Value as Cell;

use crate::support::town;
use place::{Place, east_of, square};

/// 39.6° N in the middle of a plain.
const HERE: [f64; 2] = [117.5, 39.6];

/// A farm that is a point.
fn farm(id: &str, at: [f64; 2]) -> Value {
    json!({"id": id, "at": at, "species": "pig", "yearly_output": 800})
}

#[test]
fn at_exactly_the_distance_a_farm_is_hit_and_a_millimetre_farther_it_is_not() {
    let school = |metres: f64| {
        let mut place = Place::default();
        place.layer("farms", "farm", &[farm("f", HERE)]);
        place.layer("schools", "school", &[json!({"id": "s", "name": "二小", "at": east_of(HERE, metres)})]);
        place.ask("screening", &[("rules", "livestock-2010")])
    };
    let at = school(500.0);
    assert_eq!(at.ids(), ["f:quarantine-2010-5-school"]);
    let hit = &at.rows[0].1;
    assert!((hit["distance_m"].as_f64().unwrap() - 500.0).abs() < 1e-6);
    assert!((hit["bearing_deg"].as_f64().unwrap() - 90.0).abs() < 1e-6);
    assert_eq!(
        (&hit["limit_m"], &hit["target_name"], &hit["targets_within"]),
        (&json!(500.0), &json!("二小"), &json!(1))
    );
    assert!(school(500.001).ids().is_empty());
    assert_eq!(school(499.999).ids().len(), 1);
}

#[test]
fn inside_and_touching_are_nought_metres_and_of_no_direction() {
    let mut place = Place::default();
    let school = json!({"id": "s", "rings": [square(HERE, 200.0)]});
    // One within the school's ground, one that shares an edge with it, one point on its border.
    let east = [square(HERE, 200.0)[1], square(HERE, 200.0)[2]];
    let beside = json!([east[0], east_of([east[0][0], HERE[1]], 50.0), east[1], east[0]]);
    place.layer("farms", "farm", &[farm("in", HERE), json!({"id": "beside", "rings": [beside]}), farm("on", east[0])]);
    place.layer("schools", "school", &[school]);
    for question in ["screening", "farms-near-schools"] {
        let rules = if question == "screening" { "livestock-2010" } else { "national" };
        let found = place.ask(question, &[("rules", rules)]);
        let near: Vec<_> = found.rows.iter().filter(|(_, row)| row["rule"] == "quarantine-2010-5-school").collect();
        assert_eq!(near.len(), 3, "{question}");
        for (id, row) in near {
            assert_eq!((&row["distance_m"], &row["bearing_deg"]), (&json!(0.0), &Value::Null), "{question} {id}");
        }
    }
}

#[test]
fn a_hole_of_a_zone_is_not_the_zone_and_its_border_belongs_to_it() {
    let mut place = Place::default();
    let zone = json!({"id": "z", "name": "禁养区", "class": "forbidden", "rings": [square(HERE, 1000.0), square(HERE, 400.0)]});
    let limited = json!({"id": "l", "class": "limited", "rings": [square(east_of(HERE, 2000.0), 400.0)]});
    let ground = |id: &str, metres: f64| json!({"id": id, "species": "pig", "yearly_output": 800, "rings": [square(east_of(HERE, metres), 20.0)]});
    place.layer("no-farm-zones", "no_farm_zone", &[zone, limited]);
    place.layer(
        "farms",
        "farm",
        &[
            farm("hole", HERE),
            farm("in", east_of(HERE, 350.0)),
            farm("border", square(HERE, 1000.0)[1]),
            farm("out", east_of(HERE, 500.5)),
            ground("half", 500.0),
            ground("touching", 510.0),
            ground("in-the-limited", 2000.0),
        ],
    );
    let found = place.ask("screening", &[("rules", "livestock")]);
    let on = |rule: &str| {
        let mut ids: Vec<&str> = found
            .rows
            .iter()
            .filter(|(_, row)| row["rule"] == rule)
            .map(|(_, row)| row["subject_id"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(on("pollution-2013-11-zone"), ["border", "half", "in"]);
    // HJ/T 81 counts metres from the boundary, and who is inside is at 0.
    assert_eq!(on("hjt-81-3-2-zone"), ["border", "half", "hole", "in", "out", "touching"]);
    let half = found.row("half:pollution-2013-11-zone");
    let overlap_m2 = half["overlap_m2"].as_f64().unwrap();
    assert!((overlap_m2 - 200.0).abs() < 0.5, "{overlap_m2}");
    assert_eq!(found.row("in:pollution-2013-11-zone")["overlap_m2"], Value::Null, "a point covers nobody knows what");
    assert_eq!(found.row("in:pollution-2013-11-zone")["distance_m"], 0.0);
}

#[test]
fn a_rule_counts_from_its_first_day_and_is_suspended_after_its_last() {
    let mut place = Place::default();
    place.layer("farms", "farm", &[farm("f", HERE)]);
    place.layer("schools", "school", &[json!({"id": "s", "at": east_of(HERE, 100.0)})]);
    let on = |day: &str| place.ask_on(day, "screening", &[("rules", "livestock-2010")]);
    assert!(on("2010-04-30").ids().is_empty(), "not yet made");
    assert_eq!(on("2010-05-01").rows[0].1["rule_force"], "mandatory");
    assert_eq!(on("2019-12-17").rows[0].1["rule_force"], "mandatory");
    let after = on("2019-12-18");
    assert_eq!(after.rows[0].1["rule_force"], "suspended");
    assert_eq!((&after.rows[0].1["action"], &after.rows[0].1["force_rank"]), (&json!("risk-assessment"), &json!(4)));
    assert!(
        place.ask_on("2026-11-01", "screening", &[("rules", "livestock-2010"), ("force", "in-force")]).ids().is_empty()
    );
    let near = place.ask_on("2026-11-01", "farms-near-schools", &[]);
    assert_eq!(near.rows[0].1["rule_force"], "suspended");
    assert!(near.rows[0].1["citation"].as_str().unwrap().contains("农牧发〔2019〕42号"));
    assert!((near.rows[0].1["bearing_deg"].as_f64().unwrap() - 90.0).abs() < 0.01);
}

#[test]
fn no_schools_no_hits_and_rules_without_a_layer_are_said_to_be_unchecked() {
    let mut place = Place::default();
    place.layer("farms", "farm", &[farm("f", HERE)]);
    place.layer("schools", "school", &[]);
    let found = place.ask("screening", &[("rules", "livestock-2010")]);
    assert!(found.ids().is_empty());
    // Of eleven rules two can be asked: of schools, of which there are none, and of farms among each other.
    assert_eq!((found.figure("rules_checked"), found.figure("rules_unchecked")), (json!(2), json!(9)));
    let unchecked = found.figure("unchecked");
    assert!(unchecked.as_str().unwrap().contains("quarantine-2010-5-market"), "{unchecked}");
    // What a layer does not keep cannot be judged by: settlements that do not say what they are.
    place.bare("settlements", "settlement", &[json!({"id": "t", "rings": [square(HERE, 100.0)]})], &["name"]);
    let found = place.ask("screening", &[("rules", "livestock-2010")]);
    assert!(found.figure("unchecked").as_str().unwrap().contains("quarantine-2010-5-town"));
    let fault = place.refused("screening", &[("rules", "waste")]);
    assert_eq!(fault.code(), "rules-bind-nothing");
    assert!(fault.fields()["known"].contains("livestock"));
    // Of a whole pack the map may lack all.
    let found = place.ask("screening", &[("rules", "water")]);
    assert_eq!((found.figure("rules_checked"), found.ids().len()), (json!(0), 0));
    assert!(found.figure("rules_unchecked").as_i64().unwrap() > 0);
    let fault = place.refused("screening", &[("rules", "livestock,nowhere")]);
    assert_eq!(fault.code(), "parameter-not-one-of");
}

#[test]
fn all_layers_of_a_kind_are_searched_and_nobody_is_too_near_to_himself() {
    let mut place = Place::default();
    place.layer("farms", "farm", &[farm("a", HERE), farm("b", east_of(HERE, 300.0)), farm("c", east_of(HERE, 600.0))]);
    place.layer("schools", "school", &[json!({"id": "s", "at": east_of(HERE, 400.0)})]);
    place.layer("kindergartens", "school", &[json!({"id": "k", "at": east_of(HERE, 100.0)})]);
    let found = place.ask("screening", &[("rules", "livestock-2010")]);
    let school = found.row("a:quarantine-2010-5-school");
    assert_eq!((&school["target_layer"], &school["target_id"]), (&json!("kindergartens"), &json!("k")));
    assert_eq!(school["targets_within"], 2);
    let own = found.row("a:quarantine-2010-5-farm");
    assert_eq!((&own["target_id"], &own["targets_within"]), (&json!("b"), &json!(1)));
    let middle = found.row("b:quarantine-2010-5-farm");
    assert_eq!(
        (&middle["target_id"], &middle["targets_within"]),
        (&json!("a"), &json!(2)),
        "of equals the first by id"
    );
    assert_eq!((&own["rules_hit"], &own["worst_force"]), (&json!(2), &json!("suspended")));
    // What is gone is no target and no subject.
    place.layer(
        "farms",
        "farm",
        &[
            farm("a", HERE),
            json!({"id": "b", "at": east_of(HERE, 300.0), "status": "demolished"}),
            farm("c", east_of(HERE, 600.0)),
        ],
    );
    assert!(
        place
            .ask("screening", &[("rules", "livestock-2010")])
            .rows
            .iter()
            .all(|(_, row)| row["rule"] != "quarantine-2010-5-farm")
    );
}

#[test]
fn the_land_of_a_road_is_estimated_from_its_middle_and_said_to_be() {
    let (a, b) = (east_of(HERE, -600.0), east_of(HERE, 600.0));
    let up = |metres: f64| place::to(HERE, 0.0, metres);
    // 14 m of carriageway, 5 m beyond its edge: the land ends at 12 m, the control zone of a national road at 32 m.
    let mut place = Place::default();
    place.layer(
        "roads",
        "road",
        &[json!({"id": "G112", "name": "112国道", "class": "national", "width_m": 14.0, "line": [a, b]})],
    );
    place.layer("farms", "farm", &[farm("at", up(31.99)), farm("beyond", up(32.01)), farm("on", up(3.0))]);
    let found = place.ask("screening", &[("rules", "highway")]);
    let ids: Vec<&str> = found.ids();
    assert_eq!(ids, ["on:highway-11-national", "at:highway-11-national"], "nearest first");
    let at = found.row("at:highway-11-national");
    let distance_m = at["distance_m"].as_f64().unwrap();
    assert!((distance_m - 19.99).abs() < 0.02, "{distance_m} m from the edge of the land");
    assert_eq!((&at["edge_basis"], &at["measured_from"]), (&json!("estimated-edge"), &json!("road-land")));
    assert_eq!(found.row("on:highway-11-national")["distance_m"], 0.0, "on the road's own land");
    // Where its land is known, that counts, and nothing is estimated: here it ends 25 m to the north.
    let land = |north: f64| {
        let (west, east) = (east_of(HERE, -300.0)[0], east_of(HERE, 300.0)[0]);
        let (south, north) = (up(-10.0)[1], up(north)[1]);
        json!({"id": "l", "rings": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]})
    };
    place.layer("road-land", "road_land", &[land(25.0)]);
    let found = place.ask("screening", &[("rules", "highway")]);
    assert_eq!(found.ids(), ["on:highway-11-national", "at:highway-11-national", "beyond:highway-11-national"]);
    let at = found.row("at:highway-11-national");
    assert!((at["distance_m"].as_f64().unwrap() - 6.99).abs() < 0.01, "{at:?}");
    assert_eq!(at["edge_basis"], "as-mapped");
    // A narrower parcel brings fewer into the zone than the estimate would.
    place.layer("road-land", "road_land", &[land(10.0)]);
    assert_eq!(place.ask("screening", &[("rules", "highway")]).ids(), ["on:highway-11-national"]);
    place.layer("road-land", "road_land", &[]);
    // A road that does not say how wide it is: 12 m for its class.
    place.layer("roads", "road", &[json!({"id": "G112", "class": "national", "line": [a, b]})]);
    assert_eq!(place.ask("screening", &[("rules", "highway")]).ids(), ["on:highway-11-national"]);
}

#[test]
fn a_railways_band_is_as_wide_as_its_surroundings_have_it_and_counts_from_the_toe_of_its_embankment() {
    let up = |metres: f64| place::to(HERE, 0.0, metres);
    let [a, b] = [-300.0, 300.0].map(|east| east_of(HERE, east));
    let line = |class: &str, surroundings: serde_json::Value| json!({"id": "r", "class": class, "surroundings": surroundings, "line": [a, b]});
    let mut place = Place::default();
    // Half the formation and the slope: 14.3 m from the middle of a high-speed railway, 8.5 m of another.
    let farms = [14.0, 8.4 + 12.0, 8.6 + 12.0, 14.2 + 15.0, 14.4 + 15.0, 14.2 + 20.0, 14.4 + 20.0];
    let farms: Vec<_> = farms.iter().map(|&metres| farm(&format!("f{metres:.1}"), up(metres))).collect();
    place.layer("farms", "farm", &farms);
    let mut hit = |railway: &serde_json::Value| {
        place.layer("railways", "railway", std::slice::from_ref(railway));
        let found = place.ask("screening", &[("rules", "railway")]);
        let last = found.rows.last().map(|(id, row)| (id.clone(), row["edge_basis"].clone()));
        assert!(
            found.rows.iter().all(|(_, row)| row["rule_force"] == "mandatory" && row["measured_from"] == "embankment")
        );
        (found.rows.len(), last.unwrap())
    };
    let estimated = json!("estimated-edge");
    let village = json!("village");
    let told = |id: &str, basis: &serde_json::Value| (id.to_owned(), basis.clone());
    assert_eq!(hit(&line("high_speed", village.clone())), (4, told("f29.2:railway-27-high-speed-village", &estimated)));
    assert_eq!(hit(&line("high_speed", json!(null))), (6, told("f34.2:railway-27-high-speed-elsewhere", &estimated)));
    assert_eq!(
        hit(&line("conventional", village.clone())),
        (2, told("f20.4:railway-27-conventional-village", &estimated))
    );
    // Where its ground is surveyed, nothing is estimated: here it ends 9 m to the north.
    let [(west, south), (east, north)] = [(a[0], up(-9.0)[1]), (b[0], up(9.0)[1])];
    let ring = json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]]);
    let ground = json!({"id": "r", "class": "high_speed", "surroundings": village, "rings": ring});
    assert_eq!(hit(&ground), (3, told("f20.6:railway-27-high-speed-village", &json!("as-mapped"))));
}

#[test]
fn something_that_has_to_be_near_by_is_missed_where_it_is_not() {
    let mut place = Place::default();
    let village = |id: &str, metres: f64, households: i64| json!({"id": id, "households": households, "rings": [square(east_of(HERE, metres), 1000.0)]});
    place.layer(
        "villages",
        "village",
        &[village("with", 0.0, 400), village("without", 1000.0, 400), village("small", 2000.0, 299)],
    );
    // On the border of both: each has it.
    place.layer("toilets", "toilet", &[json!({"id": "t", "access": "public", "at": HERE})]);
    let asked = [("subject", "villages"), ("rules", "toilets")];
    let found = place.ask("screening", &asked);
    assert_eq!(found.ids(), ["without:toilet-300-households"]);
    let row = found.row("without:toilet-300-households");
    assert!((row["distance_m"].as_f64().unwrap() - 500.0).abs() < 0.1);
    assert_eq!(
        (&row["target_id"], &row["targets_within"], &row["action"]),
        (&json!("t"), &json!(0), &json!("provide"))
    );
    place.layer("toilets", "toilet", &[json!({"id": "t", "access": "public", "at": square(HERE, 1000.0)[1]})]);
    assert!(place.ask("screening", &asked).ids().is_empty());
    // None anywhere: nobody says how far it is.
    place.layer("toilets", "toilet", &[json!({"id": "t", "access": "closed", "at": HERE})]);
    let none = place.ask("screening", &asked);
    assert_eq!((none.ids().len(), &none.rows[0].1["distance_m"]), (2, &Value::Null));
}

#[test]
fn small_households_are_guided_and_never_forced_out() {
    let mut place = Place::default();
    place.layer(
        "no-farm-zones",
        "no_farm_zone",
        &[json!({"id": "z", "class": "forbidden", "rings": [square(HERE, 1000.0)]})],
    );
    let pigs = |id: &str, output: Value| json!({"id": id, "at": HERE, "species": "pig", "yearly_output": output});
    place.layer(
        "farms",
        "farm",
        &[
            pigs("large", json!(500)),
            pigs("small", json!(499)),
            pigs("unknown", Value::Null),
            json!({"id": "geese", "at": HERE, "species": "goose", "head": 9000}),
        ],
    );
    let found = place.ask("screening", &[("rules", "livestock")]);
    let told = |farm: &str| {
        let row = found.row(&format!("{farm}:pollution-2013-11-zone"));
        assert_eq!(row["compensation"], "required");
        let basis = row["legal_basis"].as_str().unwrap().to_owned();
        assert!(basis.contains("第二十五条"), "{basis}");
        (
            row["scale"].as_str().unwrap().to_owned(),
            row["action"].as_str().unwrap().to_owned(),
            basis.contains("强行清退"),
        )
    };
    assert_eq!(told("large"), ("above".to_owned(), "close-or-relocate".to_owned(), false));
    assert_eq!(told("small"), ("below".to_owned(), "guide".to_owned(), true));
    assert_eq!(told("unknown"), ("unknown-scale".to_owned(), "verify-scale".to_owned(), true));
    assert_eq!(told("geese"), ("unknown-scale".to_owned(), "verify-scale".to_owned(), true));
    // Land law binds the small as well; the warning stands beside it.
    place.layer("basic-farmland", "basic_farmland", &[json!({"id": "b", "rings": [square(HERE, 100.0)]})]);
    let land = place.ask("screening", &[("rules", "livestock,farmland")]);
    let small = land.row("small:land-law-2019-35");
    assert_eq!((&small["scale"], &small["action"]), (&json!("below"), &json!("restore-land")));
    assert!(small["legal_basis"].as_str().unwrap().contains("强行清退"));
    assert!(!land.row("large:land-law-2019-35")["legal_basis"].as_str().unwrap().contains("强行清退"));
    // A province's own scale goes before the one that nobody could check.
    let beef = |id: &str| json!({"id": id, "at": HERE, "species": "beef", "yearly_output": 60});
    place.layer("farms", "farm", &[beef("cattle")]);
    let scale =
        |rules: &str| place.ask("screening", &[("rules", rules)]).row("cattle:pollution-2013-11-zone")["scale"].clone();
    assert_eq!((scale("livestock"), scale("livestock,scale-sichuan")), (json!("above"), json!("below")));
}

#[test]
fn ground_under_two_parcels_counts_once_and_a_point_has_none() {
    let mut place = Place::default();
    let parcel = |id: &str, metres: f64| json!({"id": id, "rings": [square(east_of(HERE, metres), 100.0)]});
    // The two parcels overlap by half; the farm of 20 m lies where they do, a quarter of it beyond them both.
    place.layer("basic-farmland", "basic_farmland", &[parcel("p1", 0.0), parcel("p2", 50.0)]);
    place.layer("settlements", "settlement", &[json!({"id": "v", "rings": [square(east_of(HERE, -100.0), 200.0)]})]);
    let ground = |id: &str, metres: f64| json!({"id": id, "rings": [square(east_of(HERE, metres), 20.0)], "in_village": false, "on_basic_farmland": true});
    place.layer(
        "farms",
        "farm",
        &[
            ground("both", 25.0),
            ground("edge", 95.0),
            ground("touching", 110.0),
            json!({"id": "point", "at": HERE, "in_village": true, "on_basic_farmland": true}),
            json!({"id": "gone", "at": HERE, "status": "demolished"}),
        ],
    );
    let found = place.ask("farmland-overlap", &[]);
    assert_eq!(found.ids(), ["both", "edge", "point"]);
    let area = |id: &str| found.row(id)["overlap_m2"].as_f64().unwrap();
    let square_m2 = found.row("both")["farm_m2"].as_f64().unwrap();
    assert!((square_m2 - 400.0).abs() < 0.5);
    assert!((area("both") - square_m2).abs() < 1e-6, "under both parcels, once");
    assert_eq!(found.row("both")["parcels"], 2);
    assert!((area("edge") - 300.0).abs() < 0.5, "{}", area("edge"));
    let point = found.row("point");
    assert_eq!(
        (&point["overlap_m2"], &point["ground"], &point["parcel_id"]),
        (&Value::Null, &json!("point-only"), &json!("p1"))
    );
    assert_eq!(
        (&point["in_village"], &point["in_village_told"], &point["differs"]),
        (&json!(true), &json!(true), &Value::Null),
        "on the settlement's border"
    );
    assert_eq!(point["rule_force"], "mandatory");
    assert_eq!(
        (found.figure("on_farmland"), found.figure("ground_unknown"), found.figure("farms_registered")),
        (json!(3), json!(1), json!(5))
    );
    let differing = place.ask("farmland-overlap", &[("list", "differing")]);
    assert_eq!(differing.ids(), ["touching"], "what touches a parcel is not on it");
    assert_eq!(differing.row("touching")["differs"], "differs-farmland");
}

#[test]
fn the_demonstration_town_yields_the_figures_of_the_report() {
    let catalog = Catalog::open(&town()).unwrap();
    let figures = |id: &str| -> BTreeMap<&'static str, Value> {
        let summary = catalog.resolve(id).unwrap().summary().unwrap();
        summary.figures.iter().map(|figure| (figure.name, figure.value.clone())).collect()
    };
    // 394 households = 154 in settlements + 240 outside, 16 on basic farmland; 40 of them are gone by then.
    let found = figures("farmland-overlap@2026-10-31");
    for (name, expected) in [
        ("farms_registered", 394),
        ("in_village", 154),
        ("out_of_village", 240),
        ("on_farmland", 16),
        ("farms_standing", 354),
        ("differing", 0),
        // The ledger of the town keeps points: nobody knows how much ground they cover, and nobody says 0.
        ("ground_unknown", 16),
    ] {
        assert_eq!(found[name], expected, "{name}");
    }
    let screened = catalog.resolve("screening@2026-10-31").unwrap().features(&Query::default()).unwrap();
    let table = screened.table();
    let of = |rule: &str| table.rows().filter(|row| row.named("rule") == Cell::Text(rule)).count();
    assert_eq!((of("quarantine-2010-5-school"), of("land-law-2019-35")), (18, 16));
    for row in table.rows().filter(|row| row.named("limit_m") != Cell::Null) {
        let (Cell::Text(rule), force) = (row.named("rule"), row.named("rule_force")) else { panic!() };
        assert!(force != Cell::Text("mandatory") || rule.starts_with("highway"), "{rule}: no metres are law");
    }
}
