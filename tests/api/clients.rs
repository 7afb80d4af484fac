//! Real clients: what GDAL, OWSLib and QGIS read is what there is.

use std::path::Path;
use std::process::Command;

use super::town;

fn ogrinfo(args: &[&str]) -> String {
    let out = Command::new("ogrinfo").args(args).output().expect("gdal-bin is installed (.ci/deps)");
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && complaint.is_empty(), "{args:?}: {complaint}");
    String::from_utf8(out.stdout).unwrap()
}

/// How many features a collection says that it has.
fn count(id: &str) -> Option<u64> {
    town().get(&format!("/collections/{id}")).json()["count"].as_u64()
}

#[test]
fn gdal_reads_every_collection_with_the_right_count() {
    let source = format!("OAPIF:{}", town().base);
    let all = town().get("/collections").json();
    for collection in all["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        // Small pages, so that it has to follow the links.
        let read = ogrinfo(&["-ro", "-q", "-oo", "PAGE_SIZE=11", &source, id]);
        let features = read.matches("OGRFeature(").count();
        assert_eq!(Some(features as u64), count(id), "{id}");
    }
}

#[test]
fn gdal_finds_the_types_of_attributes_in_a_geopackage() {
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
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schools.zip");
    std::fs::write(&file, town().get("/collections/schools/items?f=shp").body).unwrap();
    let said = ogrinfo(&["-ro", "-so", "-al", &format!("/vsizip/{}", file.display())]);
    let counts = said.lines().filter_map(|line| line.strip_prefix("Feature Count: ")?.parse::<u64>().ok());
    let counts: Vec<u64> = counts.collect();
    assert_eq!((counts.len(), counts.iter().sum()), (2, 8), "{said}");
}

#[test]
fn a_shapefile_says_what_its_cut_names_stand_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ponds.zip");
    std::fs::write(&file, town().get("/collections/ponds/items?f=shp").body).unwrap();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let mut told = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("fields.csv").unwrap(), &mut told).unwrap();
    let rows: Vec<&str> = told.strip_prefix('\u{feff}').unwrap().lines().collect();
    assert_eq!(&rows[..2], ["field,name,title", "id,id,"]);
    let schema = town().get("/collections/ponds/schema?lang=zh").json();
    let said = ogrinfo(&["-ro", "-so", &format!("/vsizip/{}", file.display()), "ponds"]);
    let mut cut = 0;
    for row in &rows[2..] {
        let [field, name, title] = row.splitn(3, ',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        assert!(said.contains(&format!("{field}: ")), "{field} in {said}");
        assert_eq!(schema["properties"][name]["title"], title.trim_matches('"'), "{row}");
        cut += usize::from(field != name);
    }
    assert_eq!(rows.len() - 2, schema["properties"].as_object().unwrap().len() - 2, "{told}");
    assert!(cut > 0);
}

/// How many features a GDAL tool finds in a layer of ours under conditions.
fn counted(layer: &str, conditions: &[&str]) -> u64 {
    let source = format!("OAPIF:{}", town().base);
    let said = ogrinfo(&[&["-ro", "-so", &source, layer][..], conditions].concat());
    let count = said.lines().find_map(|line| line.strip_prefix("Feature Count: ")?.parse().ok());
    count.unwrap_or_else(|| panic!("{said}"))
}

fn matched(path: &str) -> u64 {
    let answer = town().get(path);
    assert_eq!(answer.status, 200, "{path}");
    answer.json()["numberMatched"].as_u64().unwrap()
}

#[test]
fn gdal_asks_for_a_window_and_for_a_condition_and_gets_what_we_say() {
    let window = matched("/collections/farms/items?limit=1&bbox=117.49,39.59,117.51,39.61");
    assert!(window > 0 && window < 60);
    assert_eq!(counted("farms", &["-spat", "117.49", "39.59", "117.51", "39.61"]), window);
    for (condition, filter) in [
        ("species = 'pig'", "species%20%3D%20%27pig%27"),
        ("head > 300", "head%20%3E%20300"),
        (
            "species IN ('pig', 'sheep') AND NOT (head <= 100)",
            "species%20IN%20(%27pig%27,%27sheep%27)%20AND%20NOT%20(head%20%3C%3D%20100)",
        ),
    ] {
        let ours = matched(&format!("/collections/farms/items?limit=1&filter={filter}"));
        assert!(ours > 0, "{condition}");
        assert_eq!(counted("farms", &["-where", condition]), ours, "{condition}");
    }
}

#[test]
fn ogr2ogr_takes_an_analysis_home_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("near.gpkg").display().to_string();
    let source = format!("OAPIF:{}", town().base);
    let out = Command::new("ogr2ogr")
        .args(["-f", "GPKG", &file, &source, "farms-near-schools", "-oo", "PAGE_SIZE=3"])
        .output()
        .expect("gdal-bin is installed (.ci/deps)");
    assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    let taken = ogrinfo(&["-ro", "-so", "-al", &file]);
    let count = matched("/collections/farms-near-schools/items?limit=1");
    assert!(taken.contains(&format!("Feature Count: {count}")), "{count} in {taken}");
}

/// Runs a script of `tests/api` with Debian's own Python, which has the client; what it prints is JSON.
fn script(name: &str) -> serde_json::Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api").join(name);
    let out = Command::new("/usr/bin/python3")
        .arg(file)
        .arg(&town().base)
        .env("QT_QPA_PLATFORM", "offscreen")
        .output()
        .expect("Debian's python3 is installed (.ci/deps)");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let last = String::from_utf8(out.stdout).unwrap();
    serde_json::from_str(last.lines().last().expect("the client says what it read")).unwrap()
}

/// What a client read of each collection is what the list says of it.
fn agrees(read: &serde_json::Value) {
    let list = town().get("/collections").json();
    let collections = list["collections"].as_array().unwrap();
    assert_eq!(read.as_object().unwrap().len(), collections.len());
    for collection in collections {
        let id = collection["id"].as_str().unwrap();
        assert_eq!(read[id].as_u64(), count(id), "{id}");
    }
}

#[test]
fn owslib_finds_every_collection_with_its_schema_and_its_features() {
    agrees(&script("owslib_client.py"));
}

#[test]
fn qgis_opens_every_collection_as_a_layer() {
    agrees(&script("qgis_client.py"));
}

/// Schemathesis makes questions of our API document, sound and broken ones, and holds the answers against it.
#[test]
fn nothing_that_the_api_document_allows_or_forbids_is_answered_otherwise_than_it_says() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/schemathesis");
    assert!(program.exists(), "schemathesis is not installed: make tools");
    // A town of its own, for it writes too.
    let town = super::server::start();
    let out = Command::new(program)
        .args(["run", &format!("{}/api", town.base), "--seed", "112", "--max-examples", "12", "--workers", "1"])
        .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"])
        .args(["--request-timeout", "30", "--no-color"])
        .current_dir(tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}");
    assert!(said.contains("Test cases:"), "{said}");
}
