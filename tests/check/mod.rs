//! The cross-foot: the demonstration town holds; a map with each kind of break names exactly its records.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::{answer, run, town, xiangtu};

/// Layer, and its file.
const BROKEN: [(&str, &str); 3] = [
    (
        "farms",
        "编号,名称,村内,状态,状态日期,经度,纬度\n\
         f-1,甲,是,在养,,117.51,39.61\n\
         f-2,乙,,在养,,117.52,39.61\n\
         f-3,丙,否,已拆除,,117.53,39.61\n\
         f-4,丁,否,已拆除,2026-09-03,117.54,39.61\n",
    ),
    (
        "households",
        "编号,户主,改厕进度,动工日期,完工日期,验收日期,旱厕,旱厕拆除日期,经度,纬度\n\
         h-1,张某,验收合格,2026-03-01,2026-04-01,2026-04-20,已拆除,2026-04-21,117.51,39.62\n\
         h-2,李某,验收合格,2026-03-01,2026-09-20,2026-09-12,未拆,,117.52,39.62\n\
         h-3,王某,验收合格,2026-03-01,,2026-09-12,未拆,,117.53,39.62\n\
         h-4,赵某,已完工,2026-05-02,2026-05-01,,未拆,2026-09-01,117.54,39.62\n\
         h-5,孙某,未动工,,,,,,117.55,39.62\n",
    ),
    (
        "issues",
        "编号,问题类型,状态,发现日期,整改日期,整改人,核查日期,核查人,销号日期,经度,纬度\n\
         w-1,垃圾,已销号,2026-09-01,2026-09-03,张某,2026-09-04,李某,2026-09-05,117.51,39.63\n\
         w-2,垃圾,已销号,2026-09-01,2026-09-03,张某,2026-09-04,张某,2026-09-05,117.52,39.63\n\
         w-3,垃圾,已发现,2026-09-01,,,,,2026-09-05,117.53,39.63\n\
         w-4,垃圾,已发现,2026-09-01,,,,,2026-09-05,117.54,39.63\n\
         w-5,垃圾,已发现,2026-09-01,,,,,2026-09-05,117.55,39.63\n\
         w-6,垃圾,退回,2026-09-01,,,,,,117.56,39.63\n",
    ),
];

fn checked(map: &Path, more: &[&str]) -> (bool, Value) {
    let out = run(&[&["--json", "check", map.to_str().unwrap()], more].concat());
    (out.status.success(), serde_json::from_slice(&out.stdout).unwrap())
}

/// The records behind each check that does not hold, with the reasons.
fn breaks(found: &Value) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let records = |check: &Value| -> BTreeMap<String, String> {
        let breaks = check["breaks"].as_array().unwrap();
        breaks.iter().map(|one| (text(&one["feature"]), text(&one["reason"]))).collect()
    };
    let broken = found["checks"].as_array().unwrap().iter().filter(|check| check["holds"] == false);
    broken.map(|check| (text(&check["id"]), records(check))).collect()
}

#[test]
fn the_town_holds_on_every_day_and_its_figures_are_those_of_the_report() {
    for day in ["2026-08-30", "2026-08-31", "2026-09-15", "2026-09-30", "2026-10-31"] {
        let (ok, found) = checked(&town(), &["--as-of", day]);
        assert!(ok, "{day}: {:#?}", breaks(&found));
    }
    let (_, found) = checked(&town(), &["--as-of", "2026-10-31"]);
    let figures = |id: &str| -> Vec<u64> {
        let check = found["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap();
        check["figures"].as_array().unwrap().iter().map(|figure| figure["value"].as_u64().unwrap()).collect()
    };
    assert_eq!(figures("farms-in-and-out-of-settlements"), [394, 154, 240]);
    assert_eq!(figures("retrofit-funnel"), [2608, 2360, 1708, 1392]);
    assert_eq!(figures("waters-by-type"), [113, 86, 27, 0]);
    assert_eq!(figures("contracts"), [240, 218, 22, 0]);
    // A figure says what yields it.
    let farms =
        found["checks"].as_array().unwrap().iter().find(|c| c["id"] == "farms-in-and-out-of-settlements").unwrap();
    for figure in farms["figures"].as_array().unwrap() {
        let (collection, filter) = (figure["collection"].as_str().unwrap(), figure["filter"].as_str().unwrap());
        let mut question =
            vec!["query", town().to_str().unwrap(), collection].into_iter().map(str::to_owned).collect::<Vec<_>>();
        if !filter.is_empty() {
            question.extend(["--filter".to_owned(), filter.to_owned()]);
        }
        let question: Vec<&str> = question.iter().map(String::as_str).collect();
        assert_eq!(answer(&question)["numberMatched"], figure["value"]);
    }
}

#[test]
fn each_kind_of_break_names_exactly_its_records() {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("map");
    xiangtu(&["new", map.to_str().unwrap()]);
    for (layer, text) in BROKEN {
        let file = home.path().join(format!("{layer}.csv"));
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        xiangtu(&[
            "import",
            map.to_str().unwrap(),
            layer,
            file,
            "--key",
            "编号",
            "--crs",
            "EPSG:4490",
            "--on",
            "2026-10-01",
        ]);
    }
    let (ok, found) = checked(&map, &[]);
    assert!(!ok, "a break fails the command");
    let broken = breaks(&found);
    let expected: [(&str, &[&str]); 10] = [
        ("accepted-before-completed", &["h-2"]),
        ("completed-before-started", &["h-4"]),
        ("farms-gone-without-a-day", &["f-3"]),
        ("farms-in-and-out-of-settlements", &["f-2"]),
        ("issues-closed-of-registered", &["w-3", "w-4", "w-5"]),
        ("issues-funnel", &["w-3", "w-4", "w-5"]),
        ("issues-rejected-with-a-reason", &["w-6"]),
        ("issues-verified-by-themselves", &["w-2"]),
        ("old-pits", &["h-4"]),
        ("retrofit-funnel", &["h-3"]),
    ];
    let expected: BTreeMap<String, BTreeSet<String>> = expected
        .into_iter()
        .map(|(id, records)| (id.to_owned(), records.iter().map(|record| (*record).to_owned()).collect()))
        .collect();
    let named = broken.iter().map(|(id, records)| (id.clone(), records.keys().cloned().collect())).collect();
    assert_eq!(expected, named);
    assert_eq!(broken["accepted-before-completed"]["h-2"], "验收早于完工：验收日期 2026-09-12，完工日期 2026-09-20");
    assert_eq!(broken["farms-in-and-out-of-settlements"]["f-2"], "不属于任何一项：村内养殖 空");
    assert!(broken["retrofit-funnel"]["h-3"].starts_with("算入“验收合格”，却不在“完工”之内"), "{broken:#?}");
    // The same to people: a line for each record, and nobody's name.
    let out = run(&["check", map.to_str().unwrap(), "--lang", "zh"]);
    let told = String::from_utf8(out.stdout).unwrap();
    assert!(told.contains("h-2") && told.contains("验收早于完工") && !told.contains("李某"), "{told}");
    assert!(String::from_utf8(out.stderr).unwrap().contains("勾稽不符"));
}

#[test]
fn what_happens_to_a_farm_after_its_demolition_is_named() {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("map");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    let file = home.path().join("farms.csv");
    let rows = "编号,名称,村内,状态,经度,纬度\nf-1,甲,是,在养,117.51,39.61\nf-2,乙,否,在养,117.52,39.61\nf-3,丙,否,在养,117.53,39.61\n";
    std::fs::write(&file, rows).unwrap();
    let file = file.to_str().unwrap();
    xiangtu(&["import", map, "farms", file, "--key", "编号", "--crs", "EPSG:4490", "--on", "2026-08-31"]);
    let steps = [
        ("f-1", "inspected", "2026-09-10"),
        ("f-1", "demolished", "2026-09-03"),
        ("f-2", "inspected", "2026-09-03"),
        ("f-2", "demolished", "2026-09-03"),
        ("f-3", "inspected", "2026-09-10"),
    ];
    for (farm, event, on) in steps {
        xiangtu(&["record", map, "farms", farm, event, "--on", on]);
    }
    let (ok, found) = checked(Path::new(map), &[]);
    let broken = breaks(&found);
    assert!(!ok && broken.len() == 1, "{broken:?}");
    let named = &broken["farms-after-demolition"];
    assert_eq!(
        named.iter().collect::<Vec<_>>(),
        [(&"f-1".to_owned(), &"2026-09-03“拆除”之后，2026-09-10 又有“检查”".to_owned())]
    );
    let (ok, _) = checked(Path::new(map), &["--as-of", "2026-09-09"]);
    assert!(ok, "on that day it had not happened yet");
}
