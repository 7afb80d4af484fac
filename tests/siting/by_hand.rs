//! Small maps, worked out by hand.
//!
//! Along a parallel, metres from its western end: three households about 10 (a), two at 1000 (b), two at 2000 (c), one at 6000.
//! Candidates stand at 10, 1000, 2000, and at 20 000, where nobody is.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use xiangtu::catalog::Catalog;
use xiangtu::geo::ellipsoid::destination;
use xiangtu::query::Query;

use crate::support::{town, xiangtu};

fn at(east_m: f64, north_m: f64) -> [f64; 2] {
    destination(destination([117.4, 39.6], 90.0, east_m), 0.0, north_m)
}

fn point(id: &str, east_m: f64, more: Value) -> Value {
    let mut properties = json!({ "id": id });
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": at(east_m, 0.0)}})
}

/// A road 50 m north of all.
fn road(id: &str, [west, east]: [f64; 2]) -> Value {
    let mut feature = point(id, 0.0, json!({"class": "village"}));
    feature["geometry"] = json!({"type": "LineString", "coordinates": [at(west, 50.0), at(east, 50.0)]});
    feature
}

fn square(id: &str, [west, east]: [f64; 2], [south, north]: [f64; 2], more: Value) -> Value {
    let ring = [at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)];
    let mut feature = point(id, 0.0, more);
    feature["geometry"] = json!({"type": "Polygon", "coordinates": [ring]});
    feature
}

fn layers() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    let household = |id: &str, east_m: f64, people: i64| point(id, east_m, json!({"owner": "某某", "people": people}));
    vec![
        (
            "villages",
            "village",
            vec![
                square(
                    "v1",
                    [-400.0, 500.0],
                    [-300.0, 300.0],
                    json!({"name": "东庄", "households": 30, "population": 90}),
                ),
                square(
                    "v2",
                    [600.0, 2600.0],
                    [-300.0, 300.0],
                    json!({"name": "西庄", "households": 50, "population": 60}),
                ),
                square("v3", [5000.0, 7000.0], [-300.0, 300.0], json!({"name": "南庄"})),
            ],
        ),
        (
            "households",
            "household",
            vec![
                household("h1", 0.0, 1),
                household("h2", 10.0, 1),
                household("h3", 20.0, 1),
                household("h4", 990.0, 4),
                household("h5", 1010.0, 4),
                household("h6", 1990.0, 2),
                household("h7", 2010.0, 2),
                household("h8", 6000.0, 9),
            ],
        ),
        (
            "projects",
            "project",
            vec![
                point("a", 10.0, json!({})),
                point("b", 1000.0, json!({})),
                point("c", 2000.0, json!({})),
                point("z", 20_000.0, json!({})),
            ],
        ),
        (
            "toilets",
            "toilet",
            vec![
                point("t1", 1_020.0, json!({"name": "一号", "status": "demolished"})),
                point("t2", 2_020.0, json!({"name": "二号"})),
            ],
        ),
        ("roads", "road", vec![road("west", [-100.0, 1500.0]), road("east", [1900.0, 3000.0])]),
        ("farmland", "basic_farmland", vec![square("f1", [900.0, 1100.0], [-50.0, 50.0], json!({}))]),
        ("zones", "no_farm_zone", vec![square("n1", [-1e3, 21e3], [-500.0, 500.0], json!({}))]),
    ]
}

/// The map, from files whose rows stand in their order or the other way round.
fn made(backward: bool) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    for (layer, kind, mut features) in layers() {
        if backward {
            features.reverse();
        }
        let file = home.path().join(format!("{layer}.geojson"));
        std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
        xiangtu(&["import", map, layer, file.to_str().unwrap(), "--kind", kind, "--key", "id", "--on", "2026-08-01"]);
    }
    home
}

fn map() -> PathBuf {
    static MAP: LazyLock<TempDir> = LazyLock::new(|| made(false));
    MAP.path().join("m")
}

struct Answer {
    rows: Vec<Vec<String>>,
    figures: Vec<(&'static str, Value)>,
}

impl Answer {
    fn figure(&self, name: &str) -> &Value {
        &self.figures.iter().find(|(one, _)| *one == name).unwrap_or_else(|| panic!("no figure {name}")).1
    }

    /// Candidate and one property of each, in the order of building.
    fn ids(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row[0].strip_prefix("projects:").unwrap_or(&row[0])).collect()
    }

    fn gains(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row[1].as_str()).collect()
    }
}

fn answer_of(map: &Path, question: &str) -> Answer {
    let found = Catalog::open(map).unwrap().resolve(&format!("siting~{question}")).unwrap();
    let answer = found.features(&Query::default()).unwrap();
    let row = |row: xiangtu::table::Row<'_>| {
        let more = ["gain_households", "covered_share", "village", "nearest_facility", "capacity_use", "gain_people"];
        std::iter::once(row.id().to_owned()).chain(more.map(|name| row.named(name).to_text())).collect()
    };
    let rows = answer.rows().map(row).collect();
    let figures = found.summary().unwrap().figures.iter().map(|figure| (figure.name, figure.value.clone())).collect();
    Answer { rows, figures }
}

fn asked(question: &str) -> Answer {
    answer_of(&map(), question)
}

/// The code of the refusal.
fn refused(question: &str) -> &'static str {
    let found = Catalog::open(&map()).unwrap().resolve(&format!("siting~{question}")).unwrap();
    found.summary().unwrap_err().code()
}

#[test]
fn most_are_reached_first_and_of_equals_the_lower_id() {
    // Nothing there: c's toilet is not kept.
    let found = asked("n=10~reach=100~keep=no~candidates=projects");
    assert_eq!((found.ids(), found.gains()), (vec!["a", "b", "c"], vec!["3", "2", "2"]));
    // z reaches nobody and is not built; h8 is reached by nobody.
    assert_eq!(found.figure("sites"), 3);
    assert_eq!(found.figure("candidates"), 4);
    assert_eq!(found.figure("unreachable_households"), 1);
    assert_eq!(found.figure("covered_share"), 0.875);
    assert_eq!((found.figure("gap"), found.figure("proven")), (&json!(0.0), &json!(true)));
    assert_eq!(found.rows[0][3], "东庄");
    let curve = found.figure("curve").as_array().unwrap();
    let covered: Vec<_> = curve.iter().map(|at| at["covered"].as_i64().unwrap()).collect();
    assert_eq!(covered, [3, 5, 7, 7]);
}

#[test]
fn what_is_there_serves_on_and_what_is_gone_does_not() {
    // t2 reaches h6 and h7; t1 was demolished.
    let found = asked("n=2~reach=100~candidates=projects");
    assert_eq!((found.ids(), found.gains()), (vec!["a", "b"], vec!["3", "2"]));
    assert_eq!(found.figure("covered_before"), 0.25);
    assert_eq!(found.figure("covered_share"), 0.875);
    assert_eq!(found.rows[0][4], "t2");
    // All who can be reached.
    let all = asked("model=lscp~reach=100~candidates=projects");
    assert_eq!(all.ids(), ["a", "b"]);
    // Nothing more to gain: the answer is empty and says what is reached.
    let enough = asked("reach=7000~candidates=projects");
    assert_eq!((enough.rows.len(), enough.figure("covered_share")), (0, &json!(1.0)));
}

#[test]
fn at_the_reach_one_is_reached() {
    // h1 and h3 stand 10 m from a.
    let at_it = asked("n=1~reach=10.000001~keep=no~candidates=projects");
    assert_eq!((at_it.ids(), at_it.gains()), (vec!["a"], vec!["3"]));
    // Short of it only h2; b and c reach both of theirs at 10 m as well, so all have one or none: a by its id.
    let short = asked("n=1~reach=9.999999~keep=no~candidates=projects");
    assert_eq!((short.ids(), short.gains()), (vec!["a"], vec!["1"]));
}

#[test]
fn nothing_is_built_on_forbidden_ground_or_nearer_to_it_than_the_clearance() {
    let found = asked("n=1~reach=100~forbid=farmland~weight=people~candidates=projects");
    // By people b would be first, and c has a toilet.
    assert_eq!((found.ids(), found.figure("barred")), (vec!["a"], &json!(1)));
    assert_eq!(asked("n=1~reach=100~weight=people~candidates=projects").ids(), ["b"]);
    // a stands 890 m from the farmland's edge, c 900 m.
    let ids = |clearance: &str| {
        let found = asked(&format!("n=3~reach=100~keep=no~forbid=farmland~clearance={clearance}~candidates=projects"));
        found.ids().join("")
    };
    assert_eq!((ids("889"), ids("891"), ids("899")), ("ac".to_owned(), "c".to_owned(), "c".to_owned()));
    assert_eq!(refused("n=1~forbid=zones~candidates=projects"), "siting-no-candidates");
}

#[test]
fn a_full_site_takes_no_more() {
    let found = asked("n=3~reach=100~keep=no~candidates=projects~capacity=2");
    assert_eq!((found.ids(), found.gains()), (vec!["a", "b", "c"], vec!["2", "2", "2"]));
    assert_eq!(found.rows.iter().map(|row| row[5].as_str()).collect::<Vec<_>>(), ["1", "1", "1"]);
    // Each takes two: a alone cannot serve its three.
    assert_eq!(refused("model=lscp~reach=100~keep=no~candidates=projects~capacity=2"), "siting-too-little-capacity");
    assert_eq!(asked("model=lscp~reach=100~keep=no~candidates=projects~capacity=3").ids(), ["a", "b", "c"]);
    assert_eq!(refused("model=p-median~n=1~keep=no~candidates=projects~capacity=7"), "siting-too-little-capacity");
}

#[test]
fn what_is_gained_is_what_is_served_more_than_before_whatever_a_site_takes() {
    let town = town();
    for question in ["capacity=1", "capacity=60~n=5", "capacity=100", "n=5", "model=lscp~capacity=300"] {
        let found = answer_of(&town, question);
        let of = |name: &str| found.figure(name).as_f64().unwrap();
        let gained = of("gain_households") / of("households");
        assert!((of("covered_before") + gained - of("covered_share")).abs() < 2e-3, "{question}: {:?}", found.figures);
    }
}

#[test]
fn whom_coverage_gaps_finds_out_of_reach_siting_counts_as_not_served_by_whatever_measure() {
    let town = town();
    let measures = ["reach=400", "reach=1500"].into_iter().flat_map(|reach| {
        let by_road = [100, 300].into_iter().flat_map(move |off| {
            ["ignored", "obeyed"].map(|way| format!("{reach}~measure=road~off_road={off}~oneway={way}"))
        });
        by_road.chain([reach.to_owned()])
    });
    let drives = [100, 300].map(|off| format!("measure=drive~minutes=2~off_road={off}"));
    let mut seen = std::collections::BTreeSet::new();
    for measure in measures.chain(drives) {
        let sited = answer_of(&town, &format!("n=1~spacing=2000~{measure}"));
        let gaps =
            Catalog::open(&town).unwrap().resolve(&format!("coverage-gaps~demand=households~{measure}")).unwrap();
        let summary = gaps.summary().unwrap();
        let unreached = &summary.figures.iter().find(|f| f.name == "uncovered_households").unwrap().value;
        let of = |name: &str| sited.figure(name).as_i64().unwrap();
        assert_eq!(unreached.as_i64(), Some(of("households") - of("covered_households_before")), "{measure}");
        seen.insert(of("covered_households_before"));
    }
    assert!(seen.len() > 5, "{seen:?}");
}

#[test]
fn a_town_is_not_too_large_for_sites_that_can_be_full() {
    let found = answer_of(&town(), "model=p-median~capacity=150~n=4");
    let gap = found.figure("gap").as_f64().unwrap();
    assert!(found.rows.len() <= 4 && !found.rows.is_empty());
    assert!((0.0..0.5).contains(&gap) && (found.figure("proven") == false || gap == 0.0), "{gap}");
    let loads: Vec<f64> = found.rows.iter().map(|row| row[5].parse().unwrap()).collect();
    assert!(loads.iter().all(|load| *load <= 1.0 + 1e-9), "{loads:?}");
}

#[test]
fn ways_are_short_together_or_at_the_farthest() {
    // The middle of eight on a line is where most ways are short: b, at 6990 m in all.
    let median = asked("model=p-median~n=1~keep=no~candidates=projects");
    assert_eq!(median.ids(), ["b"]);
    let mean_m = (3.0 * 990.0 + 2.0 * 10.0 + 2.0 * 1_000.0 + 5_000.0) / 8.0;
    // Told to ten metres.
    assert_eq!(median.figure("mean_m").as_f64().unwrap(), (mean_m / 10.0_f64).round() * 10.0);
    // c is 4000 m from h8 and 2000 m from h1.
    let centre = asked("model=p-centre~n=1~keep=no~candidates=projects");
    assert_eq!((centre.ids(), centre.figure("farthest_m")), (vec!["c"], &json!(4_000.0)));
}

#[test]
fn along_the_roads_a_way_is_over_the_ground_to_the_road_along_it_and_from_it() {
    // Who stands within a walk of a site needs no road: h1 and h3 are 10 m from a, h2 is there.
    let found = asked("n=5~reach=10.001~measure=road~keep=no~candidates=projects");
    assert_eq!((found.ids(), found.gains()), (vec!["a", "b", "c"], vec!["3", "2", "2"]));
    let short = asked("n=5~reach=9.999~measure=road~keep=no~candidates=projects");
    assert_eq!((short.ids(), short.gains()), (vec!["a"], vec!["1"]));
    // From h4 to a, 980 m apart: 100 m straight to the road, which is 50 m off, √(100² − 50²) farther along it; the rest
    // along it, and 50 m from it.
    let way_m = 100.0 + (980.0 - 7_500_f64.sqrt()) + 50.0;
    let question = |reach_m: f64| format!("n=1~reach={reach_m}~measure=road~keep=no~candidates=projects");
    assert_eq!(asked(&question(way_m + 0.01)).gains(), ["4"]);
    assert_eq!(asked(&question(way_m - 0.01)).gains(), ["3"]);
    // No way leads from the west to the east, nor from h8 to anywhere: the mean is of those who have one.
    let median = asked("model=p-median~n=1~measure=road~keep=no~candidates=projects");
    let mean_m = (10.0 + 0.0 + 10.0 + way_m + way_m + 20.0) / 5.0;
    assert_eq!((median.ids(), median.figure("mean_m")), (vec!["a"], &json!((mean_m / 10.0).round() * 10.0)));
    let two = asked("model=p-median~n=2~measure=road~keep=no~candidates=projects");
    assert_eq!(two.ids(), ["a", "c"]);
}

#[test]
fn without_households_villages_stand_for_theirs() {
    let found = asked("n=1~reach=2000~demand=by-village~candidates=projects~keep=no");
    assert_eq!(found.figure("basis"), "villages");
    assert_eq!(found.figure("households"), 80);
    // Without candidates a grid: no village with a count is out of reach of its own ground.
    let grid = asked("n=2~reach=300~demand=by-village~keep=no");
    assert_eq!((grid.figure("covered_share"), grid.figure("unreachable_households")), (&json!(1.0), &json!(0)));
    assert!(grid.rows.iter().all(|row| row[0].starts_with("grid:") || row[0].starts_with("villages:")));
}

#[test]
fn the_order_of_rows_in_a_file_does_not_matter() {
    let other = made(true);
    for question in ["n=2~reach=1000~spacing=100", "model=p-median~n=3~spacing=300", "model=p-centre~n=2~spacing=300"] {
        let (one, two) = (asked(question), answer_of(&other.path().join("m"), question));
        assert_eq!(one.rows, two.rows, "{question}");
        assert_eq!(one.figures, two.figures, "{question}");
    }
}
