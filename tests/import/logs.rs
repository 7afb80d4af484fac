//! Work logs: what each row comes to, what comes back, and that nothing is taken in twice.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{answer, run, xiangtu};

/// A map of two ponds of one name and one of another, three villages and a farm, as they stood at the end of August.
struct Map {
    home: tempfile::TempDir,
}

impl Map {
    fn new() -> Self {
        let map = Self { home: tempfile::tempdir().unwrap() };
        xiangtu(&["new", map.dir()]);
        let square = |x: f64| format!("[[[{x},39.6],[{0},39.6],[{0},39.61],[{x},39.61],[{x},39.6]]]", x + 0.01);
        let ground = |id: &str, name: &str, x: f64| {
            format!(
                r#"{{"type":"Feature","properties":{{"编号":"{id}","名称":"{name}"}},"geometry":{{"type":"Polygon","coordinates":{}}}}}"#,
                square(x)
            )
        };
        let ponds = [ground("p-1", "北坑", 117.5), ground("p-2", "南坑", 117.52), ground("p-3", "南坑", 117.54)];
        let villages = [ground("v-1", "花牛村", 117.5), ground("v-2", "张家庄", 117.52)];
        map.layer("ponds", "geojson", &collection(&ponds));
        map.layer("villages", "geojson", &collection(&villages));
        map.layer("farms", "csv", "编号,名称,状态,经度,纬度\nf-1,甲,在养,117.51,39.605\n");
        map
    }

    fn dir(&self) -> &str {
        // The folder is made by `new`, inside.
        Box::leak(self.home.path().join("map").to_str().unwrap().to_owned().into_boxed_str())
    }

    fn layer(&self, layer: &str, format: &str, text: &str) {
        let file = self.file(&format!("{layer}.{format}"), text);
        let file = file.to_str().unwrap();
        let args = ["import", self.dir(), layer, file, "--key", "编号", "--on", "2026-08-31", "--crs", "EPSG:4490"];
        xiangtu(&args);
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Takes a log in; what the command says of it.
    fn take(&self, file: &Path, more: &[&str]) -> Value {
        answer(&[&["--json", "record", self.dir(), "--from", file.to_str().unwrap()], more].concat())
    }

    /// The flaws of logs: line, code and sentence, and the row's own number.
    fn flaws(&self) -> Vec<(String, String, String, String)> {
        let path = Path::new(self.dir()).join("flaws/xiangtu_ledger.csv");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().unwrap().clone();
        let at = |name: &str| header.iter().position(|column| column == name);
        let rows = reader.records().map(Result::unwrap);
        rows.map(|row| {
            let cell = |name: &str| at(name).map_or("", |at| &row[at]).to_owned();
            (cell("row"), cell("code"), cell("reason_zh"), cell("编号"))
        })
        .collect()
    }

    fn properties(&self, collection: &str, id: &str) -> Value {
        let found = answer(&["query", self.dir(), collection, "--filter", &format!("id = '{id}'")]);
        found["features"][0]["properties"].clone()
    }
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

const HEAD: &str = "编号,日期,图层,对象,事项,数量,单位,责任人,说明,水质状况,检查结果,拆违面积,天气,经度,纬度\n";

#[test]
fn a_log_is_understood_as_townships_write_it() {
    let map = Map::new();
    let log = format!(
        "乡图镇九月工作台账,,,,,,,,,,,,,,\n{HEAD}\
         1,2026/9/3,坑塘沟渠,北坑,清理,约30,方,王某,水面打捞,,,,晴,,\n\
         2,2026年9月4日,ponds,p-2,检查,,,李某,,黑臭,,,阴,,\n\
         3,2026-9-5,行政村,花牛村,清垃圾,550余吨,,王某,,,,,,,\n\
         4,20260906,行政村,张家庄,拆违建,2,处,王某,,,,29.5,,,\n\
         5,2026-09-07,养殖户,甲,检查,,,李某,大门上锁,,拒绝入场,,,,\n\
         6,2026-09-08,问题,W-1,发现,,,李某,门店占道,,,,,117.505,39.605\n\
         合计,6,,,,,,,,,,,,,\n"
    );
    let file = map.file("台账.csv", encoding_rs::GBK.encode(&log).0);
    let told = map.take(&file, &["--crs", "EPSG:4490"]);
    assert_eq!((&told["recorded"], &told["refused"]), (&6.into(), &1.into()), "{told} {:?}", map.flaws());
    assert_eq!(told["foreign"], serde_json::json!(["天气"]), "what no event has a use for is said");
    assert_eq!(map.properties("ponds", "p-1")["cleaned"], "2026-09-03");
    assert_eq!(map.properties("ponds", "p-2")["condition"], "black");
    assert_eq!(map.properties("ponds@2026-09-03", "p-2")["condition"], Value::Null, "not before its day");
    assert_eq!(map.properties("farms", "f-1")["inspection"], "refused");
    let issue = map.properties("issues", "W-1");
    assert_eq!(
        (&issue["status"], &issue["found_on"], &issue["village"]),
        (&"found".into(), &"2026-09-08".into(), &"花牛村".into())
    );
    let rubbish = answer(&["query", map.dir(), "events", "--filter", "event = 'rubbish-cleared'"]);
    let rubbish = &rubbish["features"][0]["properties"];
    assert_eq!(
        (&rubbish["quantity"], &rubbish["unit"], &rubbish["qualifier"]),
        (&550.0.into(), &"t".into(), &"at_least".into())
    );
}

#[test]
fn what_cannot_be_recorded_comes_back_with_its_reason_and_the_rest_is_in() {
    let map = Map::new();
    let log = format!(
        "{HEAD}\
         1,2026-09-03,水井,北坑,清理,,,,,,,,,,\n\
         2,2026-09-03,坑塘沟渠,西坑,清理,,,,,,,,,,\n\
         3,2026-09-03,坑塘沟渠,南坑,清理,,,,,,,,,,\n\
         4,2026-09-03,坑塘沟渠,北坑,拆除,,,,,,,,,,\n\
         5,九月初,坑塘沟渠,北坑,清理,,,,,,,,,,\n\
         6,2099-09-03,坑塘沟渠,北坑,清理,,,,,,,,,,\n\
         7,2026-09-03,坑塘沟渠,北坑,清理,若干,方,,,,,,,,\n\
         8,2026-09-03,坑塘沟渠,北坑,清理,3,处,,,,,,,,\n\
         9,2026-09-03,坑塘沟渠,北坑,检查,,,,,很好,,,,,\n\
         10,2026-09-03,坑塘沟渠,北坑,清理,,,,,黑臭,,,,,\n\
         ,2026-09-03,坑塘沟渠,北坑,清理,,,,,,,,,,\n\
         12,2026-09-03,坑塘沟渠,北坑,清理,3,方,,,,,,,,\n\
         12,2026-09-04,坑塘沟渠,北坑,清理,3,方,,,,,,,,\n\
         14,2026-09-03,问题,W-1,发现,,,,,,,,,,\n\
         15,2026-09-05,问题,W-1,登记,,,,,,,,,,\n\
         16,2026-08-01,坑塘沟渠,北坑,检查,,,,,良好,,,,,\n"
    );
    let told = map.take(&map.file("台账.csv", log), &[]);
    let flaws = map.flaws();
    let found: Vec<(&str, &str)> = flaws.iter().map(|(row, code, ..)| (row.as_str(), code.as_str())).collect();
    let expected = [
        ("2", "log-layer-unknown"),
        ("3", "log-object-unknown"),
        ("4", "log-object-several"),
        ("5", "event-unknown"),
        ("6", "flaw-not-a-day"),
        ("7", "flaw-future-day"),
        ("8", "quantity-malformed"),
        ("9", "log-unit"),
        ("10", "flaw-unknown-term"),
        ("11", "log-field-unknown"),
        ("12", "flaw-missing-value"),
        ("14", "flaw-duplicate-key"),
        ("15", "log-place-missing"),
    ];
    assert_eq!(found[..expected.len()], expected, "{flaws:#?}");
    assert!(flaws[2].2.contains("p-2、p-3"), "the candidates are named: {}", flaws[2].2);
    assert_eq!(flaws[3].3, "4", "the row comes back with its own columns");
    // The registration of an issue that never was, and an event before the map begins, are the ledger's to refuse.
    assert!(flaws[expected.len()..].iter().any(|(row, ..)| row == "16"), "{flaws:#?}");
    assert_eq!(told["recorded"].as_u64().unwrap() + told["refused"].as_u64().unwrap(), 16);
    assert_eq!(map.properties("ponds", "p-1")["cleaned"], "2026-09-03", "the good row is in");
}

#[test]
fn a_row_is_taken_in_once_and_never_changed_in_silence() {
    let map = Map::new();
    let row = |day: &str, quantity: &str| format!("{HEAD}甲1,{day},坑塘沟渠,北坑,清理,{quantity},方,王某,,,,,,,\n");
    let told = map.take(&map.file("台账.csv", row("2026-09-03", "3")), &[]);
    assert_eq!(told["recorded"], 1);
    let told = map.take(&map.file("台账.csv", row("2026-09-03", "3")), &[]);
    assert_eq!((&told["recorded"], &told["known"], &told["refused"]), (&0.into(), &1.into(), &0.into()));
    for changed in [row("2026-09-04", "3"), row("2026-09-03", "5")] {
        let told = map.take(&map.file("台账.csv", changed), &[]);
        assert_eq!((&told["recorded"], &told["refused"]), (&0.into(), &1.into()));
        assert_eq!(map.flaws()[0].1, "log-row-changed");
        assert!(map.flaws()[0].2.contains("甲1"), "{:?}", map.flaws());
    }
    assert_eq!(answer(&["query", map.dir(), "events"])["numberMatched"], 1);
    assert_eq!(map.properties("ponds", "p-1")["cleaned"], "2026-09-03");
    // Another log that numbers its rows in the same way is another series.
    let told = map.take(&map.file("十月.csv", row("2026-10-04", "5")), &["--series", "十月"]);
    assert_eq!(told["recorded"], 1);
    assert_eq!(map.properties("ponds", "p-1")["cleaned"], "2026-10-04");
}

#[test]
fn a_file_that_is_no_log_and_coordinates_of_no_reference_are_refused_whole() {
    let map = Map::new();
    let refused = |text: &str| {
        let file = map.file("台账.csv", text);
        let out = run(&["record", map.dir(), "--from", file.to_str().unwrap()]);
        assert!(!out.status.success());
        String::from_utf8(out.stderr).unwrap()
    };
    let told = refused("编号,日期,对象\n1,2026-09-03,北坑\n");
    assert!(told.contains("图层") && told.contains("事项"), "{told}");
    let told = refused(&format!("{HEAD}1,2026-09-03,坑塘沟渠,北坑,清理,,,,,,,,,117.5,39.6\n"));
    assert!(told.contains("坐标系"), "{told}");
    assert!(answer(&["query", map.dir(), "ponds"])["numberMatched"] == 3);
}

#[test]
fn rows_with_days_of_their_own_hold_from_them() {
    let map = Map::new();
    let track = |id: &str, day: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"编号":"{id}","日期":"{day}"}},"geometry":{{"type":"LineString","coordinates":[[117.5,39.6],[117.51,39.6]]}}}}"#
        )
    };
    let tracks = [track("x-1", "2026-09-01"), track("x-2", "2026/9/15"), track("x-3", ""), track("x-4", "2099-01-01")];
    let file = map.file("巡查.geojson", collection(&tracks));
    let import = ["import", map.dir(), "patrols", file.to_str().unwrap(), "--key", "编号", "--on-field", "日期"];
    let told = answer(&[&["--json"], &import[..]].concat());
    assert_eq!((&told["added"], &told["refused"]), (&2.into(), &2.into()), "{told}");
    let count = |id: &str| answer(&["query", map.dir(), id])["numberMatched"].as_u64().unwrap();
    let days = ["patrols@2026-08-31", "patrols@2026-09-01", "patrols@2026-09-14", "patrols@2026-09-15", "patrols"];
    assert_eq!(days.map(count), [0, 1, 1, 2, 2]);
    assert_eq!(answer(&[&["--json"], &import[..]].concat())["unchanged"], 2, "a second time changes nothing");
    let out = run(&["import", map.dir(), "patrols", file.to_str().unwrap(), "--key", "编号", "--on-field", "编号"]);
    assert!(
        !out.status.success() && String::from_utf8(out.stderr).unwrap().contains("日期"),
        "the days' column is named"
    );
}
