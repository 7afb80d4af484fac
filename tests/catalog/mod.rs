//! The catalogue: what is recorded is seen at the next look, as of every day that it touches and no other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use geo_types::Point;
use serde_json::json;
use tempfile::TempDir;
use xiangtu::catalog::Catalog;
use xiangtu::collection::Collection;
use xiangtu::geo::shape::Geometries;
use xiangtu::geo::wkb;
use xiangtu::layer::Layer;
use xiangtu::query::Query;
use xiangtu::store::fold::Effect;
use xiangtu::store::{Batch, Draft, Step, Store};
use xiangtu::units::{AsOf, Day};

use crate::support::{answer, run, xiangtu};

/// A map with one layer of toilets, `t-000` and so on, as they were on 1 September.
struct Place {
    _home: TempDir,
    map: String,
    catalog: Catalog,
    /// What somebody else writes through.
    store: Store,
}

impl Place {
    fn new(toilets: usize) -> Self {
        let home = tempfile::tempdir().unwrap();
        let map = home.path().join("m").to_str().unwrap().to_owned();
        xiangtu(&["new", &map]);
        let feature = |k: usize| {
            let (x, y) = (117.0 + (k % 40) as f64 * 0.001, 39.0 + (k / 40) as f64 * 0.001);
            json!({
                "type": "Feature",
                "properties": {"id": format!("t-{k:03}"), "name": "旧"},
                "geometry": {"type": "Point", "coordinates": [x, y]},
            })
        };
        let all = json!({"type": "FeatureCollection", "features": (0..toilets).map(feature).collect::<Vec<_>>()});
        let file = home.path().join("toilets.geojson");
        std::fs::write(&file, all.to_string()).unwrap();
        let file = file.to_str().unwrap();
        xiangtu(&["import", &map, "toilets", file, "--kind", "toilet", "--key", "id", "--on", "2026-09-01"]);
        let catalog = Catalog::open(Path::new(&map)).unwrap();
        let store = Store::open(&catalog.map().store_path(), &catalog.map().zone).unwrap();
        Self { _home: home, map, catalog, store }
    }

    /// Records effects on toilets, all or none.
    fn record(&self, on: &str, effects: Vec<(String, Effect)>) -> Vec<i64> {
        let on = day(on);
        let steps = effects.into_iter().map(|(feature, effect)| Step {
            layer: "toilets".to_owned(),
            found: None,
            feature,
            decide: Box::new(move |_| {
                Ok(Some(Draft { on, author: "李四".into(), event: "changed".into(), effect, ..Draft::default() }))
            }),
        });
        let written = self.store.write(Batch { request: None, steps: steps.collect() }).unwrap();
        written.events.iter().flatten().map(|event| event.seq).collect()
    }

    fn rename(&self, on: &str, id: &str, name: &str) -> i64 {
        self.record(on, vec![(id.to_owned(), named(name))])[0]
    }

    /// The layer at the next look.
    fn look(&self, as_of: AsOf) -> Arc<Layer> {
        self.catalog.refresh().unwrap();
        self.catalog.layer("toilets", as_of).unwrap()
    }

    /// That what a catalogue sees which has been open all the time is what one sees which is opened now.
    fn as_if_opened_now(&self, as_of: AsOf) {
        let (kept, anew) = (self.look(as_of), Catalog::open(Path::new(&self.map)).unwrap());
        let anew = anew.layer("toilets", as_of).unwrap();
        assert_eq!(kept.revision(), anew.revision(), "as of {as_of}");
        let ids = |layer: &Layer| {
            let answer = layer.features(&Query::default()).unwrap();
            answer.rows().map(|row| (row.id().to_owned(), row.digest())).collect::<Vec<_>>()
        };
        assert_eq!(ids(&kept), ids(&anew));
        assert_eq!(kept.summary().unwrap().bbox, anew.summary().unwrap().bbox);
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn on(text: &str) -> AsOf {
    AsOf::on(day(text))
}

fn named(name: &str) -> Effect {
    Effect { sets: json!({"name": name}).as_object().unwrap().clone(), ..Effect::default() }
}

fn placed(x: f64, y: f64) -> Effect {
    let mut shape = Geometries::default();
    shape.push(Some(&Point::new(x, y).into()));
    let (blob, _) = wkb::write_gpkg(shape.shape(0), 4326).unwrap();
    Effect { geom: Some(blob), present: Some(true), ..named("新") }
}

fn name_of(layer: &Layer, id: &str) -> Option<String> {
    layer.table().find(id).map(|row| row.named("name").to_text())
}

#[test]
fn what_is_recorded_is_seen_at_the_next_look_and_the_rest_of_the_layer_is_not_read_again() {
    let place = Place::new(100);
    let before = place.look(AsOf::NOW);
    let was = before.revision();
    place.rename("2026-10-05", "t-042", "新");
    let after = place.look(AsOf::NOW);
    assert_eq!((name_of(&before, "t-042").as_deref(), name_of(&after, "t-042").as_deref()), (Some("旧"), Some("新")));
    assert_eq!(before.revision(), was, "who has the layer of before keeps it");
    assert_ne!(after.revision(), was);
    let untouched = |layer: &Layer| layer.table().find("t-007").unwrap().id().as_ptr();
    assert_eq!(untouched(&before), untouched(&after), "shared, not loaded");
    place.as_if_opened_now(AsOf::NOW);
}

#[test]
fn features_come_move_and_go_at_the_next_look() {
    let place = Place::new(50);
    place.look(AsOf::NOW).table().index();
    let gone = Effect { present: Some(false), ..Effect::default() };
    let effects = vec![
        ("t-003".to_owned(), gone.clone()),
        ("t-049".to_owned(), gone),
        ("t-010".to_owned(), placed(117.5, 39.5)),
        ("t-999".to_owned(), placed(116.5, 38.5)),
    ];
    place.record("2026-10-05", effects);
    let layer = place.look(AsOf::NOW);
    assert_eq!(layer.table().len(), 49);
    assert!(layer.table().find("t-003").is_none());
    assert_eq!(layer.summary().unwrap().bbox, Some([116.5, 38.5, 117.5, 39.5]));
    place.as_if_opened_now(AsOf::NOW);
    // What went comes back, under the number of another by now.
    place.record("2026-10-06", vec![("t-003".to_owned(), placed(117.2, 39.2))]);
    assert_eq!(place.look(AsOf::NOW).table().len(), 50);
    place.as_if_opened_now(AsOf::NOW);
}

#[test]
fn a_revoked_event_leaves_the_revision_that_was() {
    let place = Place::new(10);
    let was = place.look(AsOf::NOW).revision();
    let seq = place.rename("2026-10-05", "t-004", "新");
    assert_ne!(place.look(AsOf::NOW).revision(), was);
    place.record("2026-10-06", vec![("t-004".to_owned(), Effect { undoes: Some(seq), ..Effect::default() })]);
    assert_eq!(place.look(AsOf::NOW).revision(), was);
}

#[test]
fn an_event_that_changes_no_state_leaves_the_snapshot_as_it_is() {
    let place = Place::new(10);
    let before = place.look(AsOf::NOW);
    place.record("2026-10-05", vec![("t-004".to_owned(), Effect::default())]);
    assert!(Arc::ptr_eq(&before, &place.look(AsOf::NOW)));
}

#[test]
fn only_the_days_that_an_event_touches_are_read_again() {
    let place = Place::new(10);
    let days = ["2026-10-04", "2026-10-05", "2026-11-01"].map(on);
    let before = days.map(|as_of| place.look(as_of));
    place.rename("2026-10-05", "t-004", "新");
    let after = days.map(|as_of| place.look(as_of));
    assert!(Arc::ptr_eq(&before[0], &after[0]), "the day before");
    assert_eq!(after.map(|layer| name_of(&layer, "t-004").unwrap()), ["旧", "新", "新"]);
    days.iter().for_each(|as_of| place.as_if_opened_now(*as_of));
    // Recorded late: it takes its place by its day, and what was said for a later day is not disturbed.
    place.rename("2026-09-20", "t-004", "早");
    let names = ["2026-09-19", "2026-10-04", "2026-10-05"].map(|text| name_of(&place.look(on(text)), "t-004").unwrap());
    assert_eq!(names, ["旧", "早", "新"]);
    assert_eq!(name_of(&place.look(AsOf::NOW), "t-004").as_deref(), Some("新"));
}

#[test]
fn many_events_at_once_come_to_the_same_as_few() {
    let place = Place::new(1200);
    place.look(AsOf::NOW);
    let all = |name: &str, step| (0..1200).step_by(step).map(|k| (format!("t-{k:03}"), named(name))).collect();
    place.record("2026-10-05", all("一", 2));
    place.as_if_opened_now(AsOf::NOW);
    place.record("2026-10-06", all("二", 1));
    place.as_if_opened_now(AsOf::NOW);
}

#[test]
fn whoever_reads_while_others_write_sees_what_was_acknowledged_and_never_goes_back() {
    let place = Place::new(200);
    let done = AtomicBool::new(false);
    let seen = |layer: &Layer| name_of(layer, "t-100").unwrap().parse::<u32>().unwrap_or(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let now = seen(&place.look(AsOf::NOW));
                    assert!(now >= last, "{now} after {last}");
                    last = now;
                }
            });
        }
        for n in 1..=40 {
            place.rename("2026-10-05", "t-100", &n.to_string());
            assert_eq!(seen(&place.look(AsOf::NOW)), n, "at the next look");
        }
        done.store(true, Ordering::Relaxed);
    });
    place.as_if_opened_now(AsOf::NOW);
}

#[test]
fn an_id_says_as_of_which_day_and_by_which_evening_it_was_known() {
    let place = Place::new(3);
    place.rename("2026-10-05", "t-001", "新");
    let today = place.catalog.today();
    let id = format!("toilets@2026-10-05@{today}");
    let known = place.catalog.resolve(&id).unwrap();
    assert_eq!((known.about().id.as_str(), known.about().known), (id.as_str(), Some(today)));
    let count = |args: &[&str]| {
        let all = answer(&[&["query", &place.map], args].concat());
        all["numberMatched"].as_u64().unwrap()
    };
    assert_eq!(count(&["toilets", "--as-of", "2026-10-05", "--known-by", &today.to_string()]), 3);
    // Nobody had told this map anything by then.
    assert_eq!(count(&["toilets@2026-10-05", "--known-by", "2020-01-01"]), 0);
    let alone = run(&["query", &place.map, "toilets", "--known-by", "2026-10-06"]);
    let said = String::from_utf8_lossy(&alone.stderr);
    assert!(!alone.status.success() && said.contains("2026-10-06"), "{said}");
}

#[test]
fn why_an_analysis_cannot_run_names_all_that_is_missing_and_what_may_stand_for_what() {
    use xiangtu::analysis::{ALL, Fit};
    use xiangtu::text::Lang;
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("empty").to_str().unwrap().to_owned();
    xiangtu(&["new", &map]);
    let reason = |map: &str, name: &str| {
        let catalog = Catalog::open(Path::new(map)).unwrap();
        match catalog.fit(ALL.iter().find(|definition| definition.name == name).unwrap()) {
            Fit::Unfit(fault) => (Lang::Zh.say(&fault), Lang::En.say(&fault)),
            Fit::Fits => (String::new(), String::new()),
        }
    };
    let (zh, en) = reason(&map, "siting");
    assert!(zh.contains('或') && zh.contains("；行政村"), "{zh}");
    assert!(en.contains(" or ") && en.contains("; Villages"), "{en}");
    // With toilets it is the villages alone that are missing; an analysis that needs nothing else fits.
    let place = Place::new(1);
    let (zh, _) = reason(&place.map, "siting");
    assert!(zh.ends_with("：行政村"), "{zh}");
    assert_eq!(reason(&place.map, "clusters").0, "");
}
