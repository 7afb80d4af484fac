//! `xiangtu record MAP LAYER ID EVENT`: writes an event into the ledger; `--from FILE`: a work log of them.

use clap::ArgMatches;
use serde_json::{Map, Value};

use crate::account::Rights;
use crate::catalog::Catalog;
use crate::cli::{Voice, args, import};
use crate::evidence::Evidence;
use crate::fault::Fault;
use crate::ledger::{Happening, Ledger, single};
use crate::map::LogSource;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    if let Some(file) = matches.get_one::<std::path::PathBuf>("from") {
        let text = |name| args::text(matches, name).map(str::to_owned);
        let (crs, encoding, series) = (text("crs"), text("encoding"), text("series"));
        let log = LogSource { file: file.clone(), crs, encoding, series };
        return import::take_log(args::path(matches, "map")?, &log, voice);
    }
    let catalog = std::sync::Arc::new(Catalog::open(args::path(matches, "map")?)?);
    let map = catalog.map();
    let folder = Evidence::of(&map.dir, &map.zone);
    let files = matches.get_many::<std::path::PathBuf>("evidence").into_iter().flatten();
    let evidence = files.map(|file| folder.take(file).map(|photo| photo.id)).collect::<Result<_, _>>()?;
    let mut fields = Map::new();
    for pair in matches.get_many::<String>("fields").into_iter().flatten() {
        let (name, value) = pair.split_once('=').ok_or_else(|| Fault::invalid("field-pair").with("value", pair))?;
        fields.insert(name.trim().to_owned(), Value::from(value));
    }
    let text = |name: &str| args::text(matches, name).unwrap_or_default().to_owned();
    let happening = Happening {
        layer: text("layer"),
        feature: text("id"),
        event: text("event"),
        on: args::day(matches, "on")?,
        by: text("by"),
        note: text("note"),
        quantity: args::text(matches, "quantity").map(str::to_owned),
        undoes: args::text(matches, "undoes").map(str::to_owned),
        evidence,
        fields,
        ..Happening::default()
    };
    let written = Ledger::new(catalog).record(&Rights::local(), vec![happening], None).map_err(single)?;
    for event in written.events.iter().flatten() {
        if voice.json {
            let line = serde_json::json!({
                "id": event.id(),
                "layer": event.layer,
                "feature": event.feature,
                "event": event.draft.event,
                "on": event.draft.on.to_string(),
                "changes": event.draft.effect.sets,
            });
            voice.answer(&line.to_string());
        } else {
            voice.answer(&format!("{}\t{}\t{}\t{}", event.id(), event.draft.on, event.feature, event.draft.event));
        }
    }
    Ok(())
}
