//! `xiangtu bench --ledger`: what it costs to remember. On a map of its own, made in a temporary folder.

use std::sync::Arc;
use std::time::Instant;

use clap::ArgMatches;
use serde_json::json;

use crate::account::Rights;
use crate::catalog::Catalog;
use crate::cli::{Voice, bench};
use crate::collection::Collection;
use crate::fault::Fault;
use crate::ledger::{Happening, Ledger, single};
use crate::map::MapFolder;
use crate::province;
use crate::store::{Arrival, FileMark, Store};
use crate::text::Title;
use crate::units::{AsOf, Day};

/// Writers that write at the same time.
const WRITERS: usize = 32;
/// Events that each writer records one by one.
const EACH: usize = 40;
/// Events of one request when many are recorded together.
const TOGETHER: usize = 1000;
/// Days over which the many are spread.
const DAYS: usize = 60;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let features: u32 = matches.get_one("features").copied().unwrap_or(100_000);
    let events: u32 = matches.get_one("events").copied().unwrap_or(100_000);
    let home = tempfile::tempdir()?;
    let map = MapFolder::create(&home.path().join("bench"), &Title::default(), "")?;
    let today = map.today();
    stock(&map, features, Day(today.0 - DAYS as i32))?;
    let catalog = Arc::new(Catalog::open(&map.dir)?);
    let ids: Vec<String> = catalog.layer("farms", AsOf::NOW)?.table().rows().map(|row| row.id().to_owned()).collect();
    let ledger = Ledger::new(catalog.clone());
    let say = |what: &str, body: serde_json::Value| {
        let mut line = json!({"engine": "xiangtu", "what": what, "features": ids.len()});
        if let (Some(line), Some(body)) = (line.as_object_mut(), body.as_object()) {
            line.extend(body.clone());
        }
        voice.answer(&line.to_string());
    };

    let one = |feature: &str, on: Day| Happening {
        layer: "farms".to_owned(),
        feature: feature.to_owned(),
        event: "inspected".to_owned(),
        on: Some(on),
        ..Happening::default()
    };
    let record = |happenings| ledger.record(&Rights::local(), happenings, None).map_err(single);

    // One by one, each waiting for the disk; then as many at once, sharing it.
    let start = Instant::now();
    for id in ids.iter().cycle().take(EACH * 4) {
        record(vec![one(id, today)])?;
    }
    let alone = (EACH * 4) as f64 / bench::seconds(start);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (ids, record) = (&ids, &record);
                scope.spawn(move || {
                    for k in 0..EACH {
                        record(vec![one(&ids[(writer * EACH + k) % ids.len()], today)])?;
                    }
                    Ok::<(), Fault>(())
                })
            })
            .collect();
        writers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|_| Err(Fault::internal("a writer panicked"))))
    })?;
    let together = (WRITERS * EACH) as f64 / bench::seconds(start);
    say("commits", json!({"one_by_one_per_s": alone.round(), "writers": WRITERS, "grouped_per_s": together.round()}));

    // From an acknowledged write to everybody's next request.
    let (mut writes, mut sights) = (Vec::new(), Vec::new());
    catalog.refresh()?;
    catalog.layer("farms", AsOf::NOW)?.summary()?;
    for id in ids.iter().step_by((ids.len() / 40).max(1)) {
        let start = Instant::now();
        record(vec![one(id, Day(today.0 - 1))])?;
        writes.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        catalog.refresh()?;
        let layer = catalog.layer("farms", AsOf::NOW)?;
        layer.summary()?;
        if layer.table().find(id).is_none_or(|row| row.named("inspected").is_null()) {
            return Err(Fault::internal("a write that was acknowledged is not to be seen"));
        }
        sights.push(start.elapsed().as_secs_f64() * 1e3);
    }
    say("visibility", json!({"write_ms": median(&mut writes), "seen_ms": median(&mut sights)}));

    // Many events, then the fold of all of them out of the log.
    let start = Instant::now();
    let mut left = events as usize;
    let mut at = 0;
    while left > 0 {
        let batch = left.min(TOGETHER);
        let day = |k: usize| Day(today.0 - (DAYS - k % DAYS) as i32);
        record((at..at + batch).map(|k| one(&ids[k * 7 % ids.len()], day(k))).collect())?;
        (at, left) = (at + batch, left - batch);
    }
    let recorded = bench::seconds(start);
    say("bulk", json!({"events": events, "s": recorded, "per_s": (f64::from(events) / recorded).round()}));
    let fresh = Catalog::open(&map.dir)?;
    let timed = |as_of: AsOf| {
        let start = Instant::now();
        fresh.layer("farms", as_of).map(|layer| (bench::seconds(start), layer.revision()))
    };
    let (now, _) = timed(AsOf::NOW)?;
    let middle = Day(today.0 - DAYS as i32 / 2);
    let (past, kept) = timed(AsOf::on(middle))?;
    let (folded, again) = timed(AsOf { day: Some(middle), known: Some(today) })?;
    if kept != again {
        return Err(Fault::internal("the fold of the log is not what is kept of it"));
    }
    say("fold", json!({"events": events, "load_now_s": now, "load_past_s": past, "fold_log_s": folded}));
    let start = Instant::now();
    let log = fresh.layer("events", AsOf::NOW)?;
    say("log", json!({"events": log.table().len(), "load_s": bench::seconds(start)}));
    Ok(())
}

/// A store of made farms.
fn stock(map: &MapFolder, features: u32, on: Day) -> Result<(), Fault> {
    let store = Store::open(&map.store_path(), &map.zone)?;
    let layers = province::make(features, 7)?;
    let farms = layers.iter().find(|layer| layer.name() == "farms").ok_or_else(|| Fault::internal("no farms"))?;
    let arrival = Arrival {
        layer: "farms",
        kind: farms.about().kind.clone(),
        title: None,
        key: None,
        table: farms.table(),
        on,
        days: None,
        author: "",
        files: &[FileMark { name: "province".to_owned(), sha256: String::new() }],
        gate: (0, 0),
    };
    store.import(&arrival)?;
    Ok(())
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    (times.get(times.len() / 2).copied().unwrap_or_default() * 100.0).round() / 100.0
}
