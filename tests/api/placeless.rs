//! What has no place is in every file all the same, and a file of many features is as long as it should be.

use std::process::Command;

use crate::support::{run, town, xiangtu};

/// How many features GDAL finds in a file.
fn found(file: &str) -> usize {
    let file = if file.ends_with(".zip") { format!("/vsizip/{file}") } else { file.to_owned() };
    let out = Command::new("ogrinfo").args(["-ro", "-al", "-so", "-oo", "HEADERS=FORCE", &file]).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let counts = text.lines().filter_map(|line| line.strip_prefix("Feature Count: "));
    counts.map(|count| count.parse::<usize>().unwrap()).sum()
}

const ENDINGS: [(&str, &str); 8] = [
    ("geojson", "geojson"),
    ("geojsonseq", "geojsonl"),
    ("fgb", "fgb"),
    ("gpkg", "gpkg"),
    ("shp", "zip"),
    ("kml", "kml"),
    ("csv", "csv"),
    ("xlsx", "xlsx"),
];

fn holds_in_every_format(map: &str, collection: &str, features: usize, but: &str) {
    let home = tempfile::tempdir().unwrap();
    for (format, ending) in ENDINGS.into_iter().filter(|(format, _)| *format != but) {
        let file = home.path().join(format!("a.{ending}"));
        let file = file.to_str().unwrap();
        xiangtu(&["query", map, collection, "-f", format, "-o", file]);
        assert_eq!(found(file), features, "{collection} as {format}");
    }
}

#[test]
fn no_format_loses_what_has_no_place_in_silence() {
    // Figures of the township's ledgers: of villages, not of places.
    holds_in_every_format(town().to_str().unwrap(), "tallies", 48, "fgb");
    // The one that cannot hold them says so, in words and without a file.
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("a.fgb");
    let out = run(&["query", town().to_str().unwrap(), "tallies", "-f", "fgb", "-o", file.to_str().unwrap()]);
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(!out.status.success() && said.contains("48") && said.contains("gpkg"), "{said}");
    assert!(!file.exists());
}

#[test]
fn thousands_of_households_are_a_file_in_every_format() {
    holds_in_every_format(town().to_str().unwrap(), "households", 2608, "");
}
