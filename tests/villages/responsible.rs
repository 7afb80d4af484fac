//! Who answers for a place, and what nobody answers for.

use serde_json::json;

use xiangtu::text::Lang;

use super::{area, features, figure, opened, small, told};

pub fn cells() -> String {
    let (south, north) = (39.60, 39.61);
    let cell = |id: &str, level: &str, west: f64, east: f64, more: serde_json::Value| {
        let mut properties = json!({"id": id, "code": id, "name": format!("网格{id}"), "level": level});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        area(properties, west, south, east, north)
    };
    features(&[
        cell("990000200", "town", 117.40, 117.42, json!({"leader": "镇长甲", "worker": "干事乙"})),
        cell("p1", "patch", 117.40, 117.405, json!({"worker": "员丙", "leader": "长丁", "phone": "03161234567"})),
        cell("p2", "patch", 117.405, 117.41, json!({"leader": "长戊"})),
        cell("p3", "patch", 117.41, 117.42, json!({"valid_from": "2026-09-01"})),
        cell("p4", "patch", 117.41, 117.42, json!({"worker": "员己", "valid_to": "2026-08-31"})),
    ])
}

pub const FARMS: &str = "\
id,name,lon,lat
f1,东场,117.402,39.605
f2,西场,117.415,39.605
f3,外场,117.421,39.605
f4,远场,117.500,39.605
";

const SAID: &[&str] = &["level", "role", "person", "others", "shared"];

#[test]
fn each_level_names_who_answers() {
    let found = told(&small(), "responsible~at=117.402,39.605@2026-10-31", SAID);
    let rows = [
        ["patch:p1", "patch", "worker", "员丙", "负责人长丁", "false"],
        ["administrative:0201", "administrative", "", "", "", "false"],
        ["town:990000200", "town", "leader", "镇长甲", "网格员干事乙", "false"],
    ];
    assert_eq!(found, rows);
    assert_eq!(figure(&small(), "responsible~at=117.402,39.605@2026-10-31", "without_person"), json!(1));
}

#[test]
fn a_level_that_has_no_area_where_one_asks_is_named() {
    let missing = |place: &str| figure(&small(), &format!("responsible~at={place}@2026-10-31"), "levels_missing");
    assert_eq!(missing("117.402,39.605"), json!(""));
    // East of all cells, on the ground of a village.
    let far = missing("117.4201,39.605");
    assert_eq!(far, json!("patch,town"));
    let summary = opened(&small(), "responsible~at=117.4201,39.605@2026-10-31").summary().unwrap();
    let figure = summary.figures.iter().find(|figure| figure.name == "levels_missing").unwrap();
    assert_eq!([Lang::Zh, Lang::En].map(|lang| figure.said(lang)), ["片级、镇级", "Patch, Town"]);
}

#[test]
fn a_border_belongs_to_both_sides() {
    let found = told(&small(), "responsible~at=117.405,39.605@2026-10-31", SAID);
    let patches: Vec<_> = found.iter().filter(|row| row[1] == "patch").collect();
    assert_eq!(
        patches,
        [
            &["patch:p1", "patch", "worker", "员丙", "负责人长丁", "true"],
            &["patch:p2", "patch", "leader", "长戊", "", "true"],
        ]
    );
    // A millimetre beside it is still the border, a metre is not.
    let patches = |place: &str| {
        told(&small(), &format!("responsible~at={place}@2026-10-31"), &["level"])
            .iter()
            .filter(|r| r[1] == "patch")
            .count()
    };
    assert_eq!((patches("117.40500001,39.605"), patches("117.405012,39.605")), (2, 1));
}

#[test]
fn outside_of_all_cells_the_nearest_is_named_up_to_the_reach() {
    let near = told(&small(), "responsible~at=117.399,39.605@2026-10-31", &["distance_m", "shared"]);
    assert_eq!(
        near.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
        ["patch:p1", "administrative:0201", "town:990000200"]
    );
    let distance_m: f64 = near[0][1].parse().unwrap();
    assert!((distance_m - 85.884).abs() < 0.01, "{distance_m}");
    // No cell within fifty metres.
    let none = "responsible~at=117.399,39.605~reach=50@2026-10-31";
    assert!(told(&small(), none, &[]).is_empty());
    assert_eq!(figure(&small(), none, "answering"), json!(0));
}

#[test]
fn it_is_whoever_answered_on_the_day() {
    let patches = |day: &str| {
        let found = told(&small(), &format!("responsible~at=117.415,39.605@{day}"), &["person"]);
        found.into_iter().filter(|row| row[0].starts_with("patch")).collect::<Vec<_>>()
    };
    assert_eq!(patches("2026-08-31"), [["patch:p4", "员己"]]);
    assert_eq!(patches("2026-09-01"), [["patch:p3", ""]]);
}

#[test]
fn without_a_place_what_nobody_answers_for_is_listed() {
    let found = told(&small(), "responsible@2026-10-31", &["orphan", "nearest", "distance_m"]);
    // The town's cell holds all of them: that somebody leads the town is no answer.
    let rows = [["f3", "no_cell", "网格p3"], ["f2", "nobody", "网格p3"], ["f4", "no_cell", ""]];
    assert_eq!(found.iter().map(|row| &row[..3]).collect::<Vec<_>>(), rows);
    assert!((found[0][3].parse::<f64>().unwrap() - 85.884).abs() < 0.01);
    assert_eq!((found[1][3].as_str(), found[2][3].as_str()), ("0", ""));
    let counts = ["orphans", "in_no_cell", "with_nobody", "looked_at"]
        .map(|name| figure(&small(), "responsible@2026-10-31", name));
    assert_eq!(counts, [3, 2, 1, 4].map(|n| json!(n)));
}
