//! Real clients: GDAL reads every collection, with the same count.

use std::process::Command;

use super::town;

fn ogrinfo(args: &[&str]) -> String {
    let out = Command::new("ogrinfo").args(args).output().unwrap();
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && complaint.is_empty(), "{args:?}: {complaint}");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn gdal_reads_every_collection_with_the_right_count() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        eprintln!("ogrinfo is not installed: skipped");
        return;
    }
    let source = format!("OAPIF:{}", town().base);
    let all = town().get("/collections").json();
    for collection in all["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        // Small pages, so that it has to follow the links.
        let read = ogrinfo(&["-ro", "-q", "-oo", "PAGE_SIZE=11", &source, id]);
        let features = read.matches("OGRFeature(").count();
        assert_eq!(Some(features as u64), collection["count"].as_u64(), "{id}");
    }
}

#[test]
fn gdal_finds_the_types_of_attributes_in_a_geopackage() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        eprintln!("ogrinfo is not installed: skipped");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ponds.gpkg");
    std::fs::write(&file, town().get("/collections/ponds/items?f=gpkg").body).unwrap();
    let said = ogrinfo(&["-ro", "-so", "-al", file.to_str().unwrap()]);
    for line in
        ["Feature Count: 60", "cleaned: Date", "fenced: Integer(Boolean)", "outfalls: Integer64", "ID[\"EPSG\",4326]"]
    {
        assert!(said.contains(line), "{line} in {said}");
    }
}

#[test]
fn a_shapefile_of_mixed_shapes_loses_none_of_them() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        eprintln!("ogrinfo is not installed: skipped");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schools.zip");
    std::fs::write(&file, town().get("/collections/schools/items?f=shp").body).unwrap();
    let said = ogrinfo(&["-ro", "-so", "-al", &format!("/vsizip/{}", file.display())]);
    let counts = said.lines().filter_map(|line| line.strip_prefix("Feature Count: ")?.parse::<u64>().ok());
    let counts: Vec<u64> = counts.collect();
    assert_eq!((counts.len(), counts.iter().sum()), (2, 8), "{said}");
}
