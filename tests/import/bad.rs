//! Bad input: a clear fault, and the map as before; or a flaw with its row, and the rest is in.

use std::process::Command;

use xiangtu::import::{Lock, Outcome};

use super::{Place, Source, codes, of, text};

const GOOD: &str = "编号,名称,经度,纬度\np1,一,117.30,39.70\np2,二,117.31,39.71\n";

fn degrees(job: Source) -> Source {
    Source { crs: text("EPSG:4490"), key: text("编号"), ..job }
}

/// GeoJSON of features, one for each geometry.
fn geojson(geometries: &[&str]) -> String {
    let features: Vec<String> = geometries
        .iter()
        .enumerate()
        .map(|(k, g)| format!(r#"{{"type":"Feature","properties":{{"编号":"p{k}","名称":"坑{k}"}},"geometry":{g}}}"#))
        .collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

#[test]
fn every_bad_file_has_its_own_fault_and_changes_nothing() {
    let place = Place::new();
    let good = place.file("好.csv", GOOD);
    place.run(&degrees(Source { kind: text("school"), ..of("schools", &good) })).unwrap();
    let before = place.state();
    let absent = place.dir.path().join("absent.csv");
    let metres = place.file("metres.csv", "名称,x,y\n一,39512345,4390000\n");
    let nowhere = place.file("nowhere.csv", "名称,地址\n一,东街\n");
    let garbage = place.file("garbage.geojson", "{\"type\":");
    let empty = place.file("empty.csv", "");
    let shp = place.file("lonely.shp", [0; 100]);
    let cases = [
        (degrees(of("schools", &absent)), "import-missing"),
        (degrees(of("schools", &metres)), "import-no-column"),
        (Source { key: None, kind: text("school"), ..degrees(of("新", &metres)) }, "import-not-degrees"),
        (Source { crs: text("EPSG:4549"), ..degrees(of("schools", &good)) }, "import-not-metres"),
        (
            Source { crs: text("EPSG:4549"), key: None, kind: text("school"), ..of("新", &metres) },
            "import-crs-elsewhere",
        ),
        (Source { crs: text("EPSG:424242"), ..degrees(of("schools", &good)) }, "crs-unknown"),
        (Source { crs: text("EPSG:2384"), ..degrees(of("schools", &good)) }, "crs-no-shift"),
        (Source { crs: None, ..degrees(of("schools", &good)) }, "import-crs-missing"),
        (Source { key: text("代码"), ..degrees(of("schools", &good)) }, "import-no-column"),
        (Source { fields: [("name".into(), "村".into())].into(), ..degrees(of("schools", &good)) }, "import-no-column"),
        (
            Source { fields: [("nome".into(), "名称".into())].into(), ..degrees(of("schools", &good)) },
            "import-no-attribute",
        ),
        (Source { encoding: text("klingon"), ..degrees(of("schools", &good)) }, "encoding-unknown"),
        (Source { kind: text("pond"), ..degrees(of("新", &good)) }, "kind-unknown"),
        (Source { kind: text("farm"), ..degrees(of("schools", &good)) }, "layer-kind-differs"),
        (degrees(of("不知道", &good)), "import-which-kind"),
        (Source { kind: text("school"), ..degrees(of("a b", &good)) }, "layer-name"),
        (degrees(of("schools", &nowhere)), "import-no-coordinates"),
        (degrees(of("schools", &garbage)), "import-unreadable"),
        (degrees(of("schools", &empty)), "import-empty"),
        (degrees(of("schools", &shp)), "import-shapefile-part"),
        (degrees(of("schools", &place.map.store_path())), "import-own-store"),
        (Source { kind: text("village"), key: None, ..degrees(of("villages", &good)) }, "import-nothing"),
    ];
    for (job, code) in cases {
        let fault = place.run(&job).expect_err(code);
        assert_eq!(fault.code(), code, "{fault:?}");
        for lang in [xiangtu::text::Lang::Zh, xiangtu::text::Lang::En] {
            let said = lang.say(&fault);
            assert!(!said.starts_with(code) && !said.contains('$'), "{said}");
        }
        assert_eq!(place.state(), before, "{code}");
    }
}

#[test]
fn a_map_that_another_process_imports_into_is_busy() {
    let place = Place::new();
    let good = place.file("好.csv", GOOD);
    let held = Lock::take(&place.map.dir).unwrap();
    let wanted = degrees(of("schools", &good));
    assert_eq!(place.run(&wanted).unwrap_err().code(), "import-busy");
    drop(held);
    assert_eq!(place.run(&wanted).unwrap().added, 2);
}

#[test]
fn nasty_shapes_are_repaired_or_refused_and_said_to_be() {
    let place = Place::new();
    let square = "[[117.30,39.70],[117.31,39.70],[117.31,39.71],[117.30,39.71],[117.30,39.70]]";
    let bowtie = "[[117.30,39.70],[117.31,39.71],[117.31,39.70],[117.30,39.71],[117.30,39.70]]";
    let flat = "[[117.30,39.70],[117.31,39.70],[117.30,39.70],[117.30,39.70]]";
    let far = "[[217.30,39.70],[217.31,39.70],[217.31,39.71],[217.30,39.70]]";
    let polygon = |ring: &str| format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#);
    let shapes = [polygon(square), polygon(bowtie), polygon(flat), polygon(far)];
    let mut list: Vec<&str> = shapes.iter().map(String::as_str).collect();
    list.extend(["null", r#"{"type":"Point","coordinates":[117.3,39.7]}"#]);
    list.push(r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[117.3,39.7]}]}"#);
    let file = place.file("坑塘.geojson", geojson(&list));
    let report = place.run(&Source { key: text("编号"), ..of("ponds", &file) }).unwrap();
    assert_eq!((report.added, report.repaired(), report.refused()), (2, 1, 5), "{:#?}", report.flaws);
    let wanted = [
        "flaw-invalid",
        "flaw-too-few-points",
        "flaw-out-of-range",
        "flaw-empty",
        "flaw-wrong-geometry",
        "flaw-unsupported",
    ];
    assert_eq!(codes(&report), wanted);
    assert_eq!(report.flaws.iter().map(|flaw| flaw.row).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7]);
    let list_back = std::fs::read_to_string(report.flaws_file.unwrap()).unwrap();
    assert!(list_back.starts_with('\u{feff}') && list_back.contains("坑3"), "{list_back}");
    // Mended and handed in again, the file has nothing wrong with it, and its list of flaws goes away.
    std::fs::write(&file, geojson(&list[..1])).unwrap();
    let again = place.run(&Source { key: text("编号"), ..of("ponds", &file) }).unwrap();
    assert_eq!((again.flaws_file, again.unchanged, again.absent), (None, 1, 1));
}

#[test]
fn of_two_rows_with_one_key_the_second_is_refused() {
    let place = Place::new();
    let file = place.file("a.csv", "编号,名称,经度,纬度\np1,一,117.3,39.7\np1,二,117.4,39.8\n,三,117.5,39.9\n");
    let report = place.run(&degrees(of("schools", &file))).unwrap();
    assert_eq!((report.added, codes(&report)), (1, vec!["flaw-duplicate-key", "flaw-no-key"]));
    assert!(report.flaws.iter().all(|flaw| flaw.outcome == Outcome::Refused && flaw.lnglat.is_some()));
}

#[test]
fn an_import_killed_in_the_middle_leaves_the_map_as_before() {
    let place = Place::new();
    let good = place.file("好.csv", GOOD);
    place.run(&degrees(of("schools", &good))).unwrap();
    let before = place.state();
    let mut many = String::from("编号,名称,经度,纬度\n");
    for k in 0..120_000 {
        many += &format!("q{k},校{k},{},{}\n", 117.0 + f64::from(k % 400) * 1e-3, 39.0 + f64::from(k / 400) * 1e-3);
    }
    let many = place.file("多.csv", many);
    let map = place.map.dir.to_str().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiangtu"))
        .args(["--quiet", "import", map, "schools", many.to_str().unwrap(), "--crs", "EPSG:4490", "--key", "编号"])
        .spawn()
        .unwrap();
    // Until it writes: its pages go to the log beside the store.
    let log = place.map.dir.join("store.gpkg-wal");
    for _ in 0..1000 {
        if std::fs::metadata(&log).is_ok_and(|log| log.len() > 200_000) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(place.state(), before);
    assert_eq!(place.run(&degrees(of("schools", &many))).unwrap().added, 120_000);
}
