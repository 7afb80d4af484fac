//! Distances, areas and the gate.

use serde_json::Value;
use xiangtu::geo::ellipsoid;
use xiangtu::geo::frame::Frame;
use xiangtu::geo::gate::{Verdict, admit};
use xiangtu::geo::measure::{Probe, area_m2, length_m, nearest};
use xiangtu::geo::shape::Geometries;

use super::{cases, folder, laid, name};

/// What a distance may be off: 2 mm, or a millionth of a long one.
fn slack(metres: f64) -> f64 {
    (1e-6 * metres).max(0.002)
}

/// The names of the cases of which `off` tells something, held against the list of those known.
fn assert_exactly(known: &[&str], found: Vec<(String, String)>) {
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, known, "{found:#?}");
}

fn disagreements(file: &str, at_least: usize, off: impl Fn(&Value) -> Option<String>) -> Vec<(String, String)> {
    let cases = cases(file);
    assert!(cases.len() >= at_least, "only {} cases in {file}", cases.len());
    cases.iter().filter_map(|case| Some((name(case).to_owned(), off(case)?))).collect()
}

#[test]
fn distances_agree_with_the_brute_force_to_two_millimetres() {
    let found = disagreements("distances.jsonl", 400, |case| {
        let (a, b) = (laid(&case["a"]), laid(&case["b"]));
        let expected = case["distance_m"].as_f64()?;
        let there = nearest(a.shape(0), b.shape(0)).map(|n| n.distance_m);
        let back = nearest(b.shape(0), a.shape(0)).map(|n| n.distance_m);
        let agrees = |d: Option<f64>| d.is_some_and(|d| (d - expected).abs() <= slack(expected));
        (!agrees(there) || !agrees(back)).then(|| format!("expected {expected}, there {there:?}, back {back:?}"))
    });
    assert_exactly(&[], found);
}

#[test]
fn the_nearest_points_stand_as_far_apart_as_the_distance_says() {
    let found = disagreements("distances.jsonl", 400, |case| {
        let (a, b) = (laid(&case["a"]), laid(&case["b"]));
        let near = nearest(a.shape(0), b.shape(0))?;
        let apart = ellipsoid::distance_m(near.from, near.to);
        ((apart - near.distance_m).abs() > slack(apart)).then(|| format!("{near:?} but {apart} m"))
    });
    assert_exactly(&[], found);
}

#[test]
fn a_reach_a_centimetre_longer_than_the_distance_finds_and_one_shorter_does_not() {
    let found = disagreements("distances.jsonl", 400, |case| {
        let (a, b) = (laid(&case["a"]), laid(&case["b"]));
        let expected = case["distance_m"].as_f64()?;
        let step = 0.01 + 1e-6 * expected;
        let within = |reach| Probe::new(a.shape(0), reach).and_then(|mut probe| probe.within(b.shape(0)));
        let longer = within(expected + step);
        let shorter = if expected > step { within(expected - step) } else { None };
        let agrees = longer.is_some_and(|d| (d - expected).abs() <= slack(expected));
        (!agrees || shorter.is_some()).then(|| format!("expected {expected}, longer {longer:?}, shorter {shorter:?}"))
    });
    assert_exactly(&[], found);
}

#[test]
fn postgis_differs_from_the_brute_force_exactly_where_the_list_says() {
    let found = disagreements("distances.jsonl", 400, |case| {
        let (ours, theirs) = (case["distance_m"].as_f64()?, case["postgis_m"].as_f64()?);
        ((ours - theirs).abs() > slack(ours)).then(|| format!("{ours} and {theirs}"))
    });
    let list = std::fs::read_to_string(folder().join("divergences.txt")).unwrap();
    let known: Vec<_> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(known.iter().all(|line| line.ends_with(" sphere")), "each is explained");
    let names: Vec<_> = known.iter().map(|line| line[..58].trim_end()).collect();
    assert_exactly(&names, found);
}

#[test]
fn points_agree_with_geographiclib_to_a_micrometre() {
    let mut count = 0;
    for case in cases("distances.jsonl") {
        if case["a"]["type"] == "Point" && case["b"]["type"] == "Point" {
            let (a, b) = (laid(&case["a"]), laid(&case["b"]));
            let apart = ellipsoid::distance_m(a.shape(0).coords()[0], b.shape(0).coords()[0]);
            assert!((apart - case["distance_m"].as_f64().unwrap()).abs() < 1e-6, "{}: {apart}", name(&case));
            count += 1;
        }
    }
    assert!(count >= 36, "only {count}");
}

#[test]
fn areas_and_lengths_agree_with_geographiclib_to_a_millionth() {
    let found = disagreements("areas.jsonl", 120, |case| {
        let shape = laid(&case["geometry"]);
        let (area, length) = (area_m2(shape.shape(0)), length_m(shape.shape(0)));
        let (area_there, length_there) = (case["area_m2"].as_f64()?, case["length_m"].as_f64()?);
        let agrees = (area - area_there).abs() <= 1e-6 * area_there + 1e-4
            && (length - length_there).abs() <= 1e-6 * length_there;
        (!agrees).then(|| format!("area {area} for {area_there}, length {length} for {length_there}"))
    });
    assert_exactly(&[], found);
}

#[test]
fn the_gate_accepts_repairs_and_refuses_as_geos_would() {
    let found = disagreements("nasty.jsonl", 40, |case| {
        let mut out = Geometries::default();
        let geometry = laid(&case["geometry"]);
        let verdict = admit(geometry.shape(0), &mut out);
        let agrees = matches!(
            (case["expect"].as_str()?, verdict),
            ("accept", Verdict::Accepted) | ("repair", Verdict::Repaired(_)) | ("refuse", Verdict::Refused(_))
        );
        if !agrees || matches!(verdict, Verdict::Refused(_)) {
            return (!agrees).then(|| format!("expected {}, found {verdict:?}", case["expect"]));
        }
        // Edges are straight on the map to GEOS and geodesics to the measure: 1e-5 of a shape of a few hundred metres.
        let area = area_m2(out.shape(0));
        let like = |key: &str| case[key].as_f64().is_some_and(|there| (area - there).abs() <= 1e-5 * there);
        (!like("area_m2") && !like("area_structure_m2")).then(|| format!("{verdict:?} with {area} m² for {case}"))
    });
    assert_exactly(&[], found);
}

#[test]
fn a_refused_shape_adds_no_row() {
    let mut refused = 0;
    for case in cases("nasty.jsonl") {
        let mut out = Geometries::default();
        let refusal = matches!(admit(laid(&case["geometry"]).shape(0), &mut out), Verdict::Refused(_));
        assert_eq!(out.len(), usize::from(!refusal), "{}", name(&case));
        refused += usize::from(refusal);
    }
    assert!(refused > 10, "only {refused}");
}

#[test]
fn what_the_gate_let_in_it_accepts_unchanged_the_second_time() {
    let mut count = 0;
    for case in cases("nasty.jsonl") {
        let (mut once, mut twice) = (Geometries::default(), Geometries::default());
        if matches!(admit(laid(&case["geometry"]).shape(0), &mut once), Verdict::Refused(_)) {
            continue;
        }
        assert_eq!(admit(once.shape(0), &mut twice), Verdict::Accepted, "{}", name(&case));
        assert_eq!(once.shape(0).coords(), twice.shape(0).coords(), "{}", name(&case));
        count += 1;
    }
    assert!(count > 20, "only {count}");
}

#[test]
fn the_plane_is_as_exact_as_its_description_says() {
    let mut count = 0;
    for latitude in (-50..=55).step_by(5).map(f64::from) {
        let origin = [117.5, latitude];
        let frame = Frame::at(origin);
        for (radius, promise) in [(5_000.0, 4e-7), (20_000.0, 5e-6), (50_000.0, 4e-5)] {
            for azimuth in (0..360).step_by(20).map(f64::from) {
                let a = ellipsoid::destination(origin, azimuth, radius * 0.9);
                for (turn, step) in [(0.0, 0.09), (70.0, 0.05), (90.0, 0.02), (160.0, 0.5)] {
                    let b = ellipsoid::destination(a, azimuth + turn, radius * step);
                    let [p, q] = [a, b].map(|c| frame.lnglat_to_local(c));
                    let planar = (p[0] - q[0]).hypot(p[1] - q[1]);
                    let exact = ellipsoid::distance_m(a, b);
                    assert!(
                        (planar - exact).abs() <= promise * exact,
                        "{latitude} {radius} {azimuth}: {planar} for {exact}"
                    );
                    count += 1;
                }
            }
        }
    }
    assert!(count > 1_000, "only {count}");
}

#[test]
fn the_way_into_the_plane_and_back_loses_less_than_a_micrometre() {
    for latitude in [-40.0, 0.0, 18.0, 39.6, 53.0, 65.0] {
        let frame = Frame::at([117.5, latitude]);
        for xy in [[0.0, 0.0], [4_000.0, -3_000.0], [-20_000.0, 15_000.0], [179.0, 0.001]] {
            let back = frame.lnglat_to_local(frame.local_to_lnglat(xy));
            assert!((xy[0] - back[0]).hypot(xy[1] - back[1]) < 1e-6, "{latitude}: {xy:?} came back as {back:?}");
        }
    }
}
