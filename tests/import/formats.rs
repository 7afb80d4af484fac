//! One layer in every format and in several references: the same features each time.

use std::path::{Path, PathBuf};
use std::process::Command;

use xiangtu::geo::ellipsoid::distance_m;

use super::{Place, Source, of, text};

/// Ponds of a town near Tianjin: one with an island, one of two parts.
fn ponds() -> String {
    let ring = |x: f64, y: f64, d: f64| format!("[[{x},{y}],[{0},{y}],[{0},{1}],[{x},{1}],[{x},{y}]]", x + d, y + d);
    let hole = "[[117.303,39.703],[117.303,39.706],[117.306,39.706],[117.306,39.703],[117.303,39.703]]";
    let shapes = [
        format!(r#"{{"type":"Polygon","coordinates":[{},{hole}]}}"#, ring(117.3, 39.7, 0.01)),
        format!(
            r#"{{"type":"MultiPolygon","coordinates":[[{}],[{}]]}}"#,
            ring(117.4, 39.7, 0.01),
            ring(117.5, 39.7, 0.01)
        ),
        format!(r#"{{"type":"Polygon","coordinates":[{}]}}"#, ring(117.3, 39.8, 0.002)),
    ];
    let features: Vec<String> = shapes
        .iter()
        .enumerate()
        .map(|(k, g)| {
            let properties =
                format!(r#"{{"编号":"p{k}","名称":"坑{k}","水质":"黑臭","清理日期":"2026-09-0{}"}}"#, k + 1);
            format!(r#"{{"type":"Feature","properties":{properties},"geometry":{g}}}"#)
        })
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn convert(from: &Path, to: &Path, more: &[&str]) -> Option<PathBuf> {
    let out = Command::new("ogr2ogr").args(more).arg(to).arg(from).output().ok()?;
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(to.to_owned())
}

#[test]
fn every_format_and_reference_brings_the_same_features() {
    let place = Place::new();
    let source = place.file("坑塘.geojson", ponds());
    let wanted = |file: &Path| Source { key: text("编号"), kind: text("waterbody"), ..of("ponds", file) };
    place.run(&wanted(&source)).unwrap();
    let truth = place.table("ponds");
    let cases: [(&str, &[&str]); 8] = [
        ("a.gpkg", &[]),
        ("b.fgb", &["-nlt", "PROMOTE_TO_MULTI"]),
        ("c.kml", &["-mapFieldType", "Date=String"]),
        ("d.shp", &["-lco", "ENCODING=GBK"]),
        ("e.shp", &["-lco", "ENCODING=UTF-8", "-t_srs", "EPSG:4549"]),
        ("f.shp", &["-lco", "ENCODING=GBK", "-t_srs", "EPSG:4527"]),
        ("g.gpkg", &["-t_srs", "EPSG:4490"]),
        ("h.geojson", &["-t_srs", "EPSG:3857", "-lco", "RFC7946=NO"]),
    ];
    for (name, more) in cases {
        let other = Place::new();
        let Some(file) = convert(&source, &other.dir.path().join(name), more) else {
            return eprintln!("SKIPPED: ogr2ogr is not installed");
        };
        // Every KML has a column `Name`, which would be the name if nobody said otherwise.
        let fields = if name.ends_with("kml") { [("name".to_owned(), "名称".to_owned())].into() } else { [].into() };
        let report = other.run(&Source { fields, ..wanted(&file) }).unwrap_or_else(|f| panic!("{name}: {f:?}"));
        assert_eq!((report.added, report.flaws.len()), (3, 0), "{name}: {:?}", report.flaws);
        let table = other.table("ponds");
        for row in truth.rows() {
            let found = table.find(row.id()).unwrap_or_else(|| panic!("{name}: {}", row.id()));
            assert_eq!(found.named("name").to_text(), row.named("name").to_text(), "{name}");
            assert_eq!(found.named("condition").to_text(), "black", "{name}");
            assert_eq!(found.named("cleaned").to_text(), row.named("cleaned").to_text(), "{name}");
            assert_eq!(found.shape().coords().len(), row.shape().coords().len(), "{name}");
            // Rings may begin at another corner.
            for a in row.shape().coords() {
                let near = found.shape().coords().iter().map(|b| distance_m(*a, *b)).fold(f64::INFINITY, f64::min);
                assert!(near < 0.001, "{name}: {near} m");
            }
        }
    }
}

#[test]
fn of_several_layers_in_a_file_one_has_to_be_named() {
    let place = Place::new();
    let source = place.file("坑塘.geojson", ponds());
    let file = place.dir.path().join("two.gpkg");
    if convert(&source, &file, &["-nln", "east"]).is_none() {
        return eprintln!("SKIPPED: ogr2ogr is not installed");
    }
    convert(&source, &file, &["-nln", "west", "-update"]).unwrap();
    let wanted = |file: &Path| Source { key: text("编号"), ..of("ponds", file) };
    let fault = place.run(&wanted(&file)).unwrap_err();
    assert_eq!((fault.code(), fault.fields()["layers"].as_str()), ("import-which-layer", "east, west"));
    let named = |layer: &str| PathBuf::from(format!("{}:{layer}", file.display()));
    assert_eq!(place.run(&wanted(&named("north"))).unwrap_err().code(), "import-no-layer");
    assert_eq!(place.run(&wanted(&named("west"))).unwrap().added, 3);
}
