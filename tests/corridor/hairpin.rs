//! A road that turns back on itself: no strip takes ground across it.

use serde_json::json;
use xiangtu::geo::frame::Frame;

use crate::support::{answer, xiangtu};

#[test]
fn the_strips_of_a_hairpin_part_the_ground_between_its_legs() {
    // 300 m east, a half circle with a radius of 12 m to the left, 300 m back; the edge of the land is estimated at 10.5 m.
    let frame = Frame::at([117.4, 39.6]);
    let mut line = vec![[0.0, 0.0]];
    line.extend((0..=12).map(|k| {
        let angle = f64::from(k).mul_add(15.0, -90.0).to_radians();
        [300.0 + 12.0 * angle.cos(), 12.0 + 12.0 * angle.sin()]
    }));
    line.push([0.0, 24.0]);
    let line: Vec<[f64; 2]> = line.into_iter().map(|p| frame.local_to_lnglat(p)).collect();
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    let declared = json!(line[0]).to_string();
    let towards = json!(line[1]).to_string();
    let toml = std::fs::read_to_string(home.path().join("m/map.toml")).unwrap();
    let stones = format!("\n[[chainage]]\nroad = \"G1\"\nstart = {declared}\nat = \"K0+000\"\ntowards = {towards}\n");
    std::fs::write(home.path().join("m/map.toml"), toml + &stones).unwrap();
    let road = json!({"type": "Feature", "properties": {"id": "g1", "ref": "G1", "class": "national"},
        "geometry": {"type": "LineString", "coordinates": line}});
    let file = home.path().join("roads.geojson");
    std::fs::write(&file, json!({"type": "FeatureCollection", "features": [road]}).to_string()).unwrap();
    xiangtu(&["import", map, "roads", file.to_str().unwrap(), "--kind", "road", "--key", "id", "--on", "2026-09-01"]);
    let found = answer(&["query", map, "corridor", "--section", "100"]);
    let mut all_m2 = 0.0;
    let mut straight = 0;
    for feature in found["features"].as_array().unwrap() {
        let properties = &feature["properties"];
        let number = |name: &str| properties[name].as_f64().unwrap();
        let (from_m, to_m, zone_m2) = (number("from_m"), number("to_m"), number("zone_m2"));
        all_m2 += zone_m2;
        // On the straight legs, clear of the bend: between them 1.5 m are left of each leg's land, outside all of 20 m.
        let bend_m = 12.0 * std::f64::consts::PI;
        let back = |m: f64| if m > 300.0 { 600.0 + bend_m - m } else { m };
        if back(from_m).max(back(to_m)) <= 201.0 && (to_m <= 201.0 || from_m >= 437.0) {
            let wide_m = if properties["side"] == "left" { 1.5 } else { 20.0 };
            let expected_m2 = wide_m * (to_m - from_m);
            assert!((zone_m2 - expected_m2).abs() < 3.0, "{properties}: not {expected_m2}");
            straight += 1;
        }
    }
    assert_eq!(straight, 8);
    // The zone as a whole: 300 m and the half ring outside, and between the legs what the land leaves, to the middle.
    let outside_m2 = 2.0 * 300.0 * 20.0 + std::f64::consts::PI / 2.0 * (42.5_f64.powi(2) - 22.5_f64.powi(2));
    let inside_m2 = 300.0 * 3.0 + std::f64::consts::PI / 2.0 * 1.5_f64.powi(2);
    assert!((all_m2 - outside_m2 - inside_m2).abs() < 25.0, "{all_m2}, not {outside_m2} + {inside_m2}");
}
