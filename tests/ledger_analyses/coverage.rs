//! Which stretches of a road were patrolled.

use serde_json::{Value, json};
use xiangtu::catalog::Catalog;
use xiangtu::geo::ellipsoid::{destination, distance_m};
use xiangtu::query::Query;

use super::{features, figure, opened, told, town};

/// The western end of the road.
const WEST: [f64; 2] = [117.40, 39.6];

/// So many metres along the road and beside it, to the north.
fn at(along_m: f64, beside_m: f64) -> [f64; 2] {
    let on_road = destination(WEST, 90.0, along_m);
    if beside_m == 0.0 { on_road } else { destination(on_road, 0.0, beside_m) }
}

fn line(properties: Value, points: &[[f64; 2]]) -> Value {
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "LineString", "coordinates": points}})
}

/// 1050 m of G112 in two pieces, the second drawn towards the west; and 250 m of another road.
pub fn roads() -> String {
    features(&[
        line(
            json!({"id": "r1", "ref": "G112", "name": "112国道", "class": "national"}),
            &[at(0.0, 0.0), at(600.0, 0.0)],
        ),
        line(json!({"id": "r2", "ref": "G112", "class": "national"}), &[at(1050.0, 0.0), at(600.0, 0.0)]),
        line(json!({"id": "r3", "name": "蓟海路", "class": "county"}), &[at(0.0, 900.0), at(250.0, 900.0)]),
    ])
}

/// Five patrols.
pub fn patrols() -> String {
    let patrol = |id: &str, on: &str, points: &[[f64; 2]]| line(json!({"id": id, "on": on, "road": "G112"}), points);
    let stood = json!({"type": "Feature", "properties": {"id": "q5", "on": "2026-10-31", "road": "蓟海路"},
                       "geometry": {"type": "Point", "coordinates": at(500.0, 0.0)}});
    features(&[
        // The first 355 m, ten metres beside the road's middle.
        patrol("q1", "2026-10-30", &[at(-20.0, 10.0), at(100.0, 10.0), at(355.0, 10.0)]),
        // All of it.
        patrol("q2", "2026-10-01", &[at(-50.0, 0.0), at(1100.0, 0.0)]),
        // Only across it, at 700 m.
        patrol("q3", "2026-10-31", &[at(700.0, -200.0), at(700.0, 200.0)]),
        // All of it, two days later.
        patrol("q4", "2026-11-02", &[at(-50.0, 0.0), at(1100.0, 0.0)]),
        stood,
    ])
}

#[test]
fn a_section_is_patrolled_by_those_who_went_along_half_of_it() {
    let found = told("patrol-coverage@2026-10-31", &["from_m", "patrols", "last_patrol", "days_since", "unpatrolled"]);
    assert_eq!(found.len(), 11);
    // Unpatrolled first; a track's end reaches to 383 m, which is most of the fourth section.
    assert_eq!(found[0], ["G112:1:000400", "400", "1", "2026-10-01", "30", "true"]);
    assert_eq!(found[6], ["G112:1:001000", "1000", "1", "2026-10-01", "30", "true"]);
    assert_eq!(found[7], ["G112:1:000000", "0", "2", "2026-10-30", "1", "false"]);
    assert_eq!(found[10], ["G112:1:000300", "300", "2", "2026-10-30", "1", "false"]);
    for (name, value) in [
        ("road", json!("G112")),
        ("patrols", json!(2)),
        ("road_km", json!(1.05)),
        ("patrolled_km", json!(0.4)),
        ("unpatrolled_km", json!(0.65)),
        ("never_patrolled_km", json!(0.0)),
    ] {
        assert_eq!(figure("patrol-coverage@2026-10-31", name), value, "{name}");
    }
}

#[test]
fn sections_follow_each_other_from_the_western_end() {
    let answer = opened("patrol-coverage@2026-10-31").features(&Query::default()).unwrap();
    for row in answer.rows() {
        let (from_m, to_m) = (row.named("from_m").number().unwrap(), row.named("to_m").number().unwrap());
        let coords = row.shape().coords();
        let (first, last) = (coords[0], coords[coords.len() - 1]);
        assert!(distance_m(first, at(from_m, 0.0)) < 1e-3 && distance_m(last, at(to_m, 0.0)) < 1e-3, "{}", row.id());
        assert!((distance_m(first, last) - (to_m - from_m)).abs() < 1e-3);
        assert_eq!(row.named("name").to_text(), "112国道");
    }
}

#[test]
fn the_last_day_of_the_interval_still_counts_and_a_later_patrol_does_not_yet() {
    let unpatrolled = |id: &str| figure(id, "unpatrolled_km");
    assert_eq!(unpatrolled("patrol-coverage~days=30@2026-10-31"), 0.0);
    assert_eq!(unpatrolled("patrol-coverage~days=29@2026-10-31"), 0.65);
    assert_eq!(unpatrolled("patrol-coverage~days=0@2026-10-30"), 0.65);
    assert_eq!(unpatrolled("patrol-coverage@2026-11-02"), 0.0);
    // The one who crossed it was within 360 m of most of the road.
    assert_eq!(unpatrolled("patrol-coverage~within=360@2026-10-31"), 0.0);
}

#[test]
fn a_road_is_found_by_its_name_or_number_in_one_spelling() {
    let spelled = |id: &str| opened(id).about().id.clone();
    assert_eq!(spelled("patrol-coverage~road=g112"), "patrol-coverage~road=G112");
    let by_name = "patrol-coverage~road=蓟海路@2026-10-31";
    assert_eq!(told(by_name, &["patrols", "last_patrol"])[0], ["蓟海路:1:000000", "0", ""]);
    assert_eq!((figure(by_name, "never_patrolled_km"), figure(by_name, "count")), (json!(0.25), json!(3)));
    // Only the piece that bears the name.
    assert_eq!(figure("patrol-coverage~road=112国道@2026-10-31", "road_km"), 0.6);
    let unknown = Catalog::open(&town()).unwrap().resolve("patrol-coverage~road=G1").err().unwrap();
    assert_eq!((unknown.code(), unknown.fields()["known"].as_str()), ("parameter-not-one-of", "112国道, G112, 蓟海路"));
}
