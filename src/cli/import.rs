//! `xiangtu import` and `xiangtu new`: files in, and what became of each row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use serde_json::json;

use crate::account::Rights;
use crate::catalog::Catalog;
use crate::cli::{Voice, args};
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::import::{self, Report};
use crate::ledger::Ledger;
use crate::map::{LogSource, MapFolder, Source};
use crate::text::Title;

pub fn run(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let dir = args::path(matches, "map")?;
    let map = MapFolder::open(dir)?;
    let (jobs, logs) = match args::text(matches, "layer") {
        Some(layer) => (vec![typed(matches, layer)?], &[][..]),
        None => (declared(&map)?, &map.logs[..]),
    };
    for job in jobs {
        let mut progress = import::bar(&job.layer, voice.quiet);
        let report = import::run(&map, &job, &mut progress)?;
        said(&report, voice);
    }
    logs.iter().try_for_each(|log| take_log(dir, log, voice))
}

/// Takes in a work log.
pub fn take_log(dir: &Path, log: &LogSource, voice: Voice) -> Result<(), Fault> {
    let ledger = Ledger::new(Arc::new(Catalog::open(dir)?));
    let report = ledger.take_log(&Rights::local(), log)?;
    if voice.json {
        let line = json!({
            "log": report.file, "rows": report.rows, "recorded": report.recorded, "known": report.known,
            "refused": report.flaws.len(), "foreign": report.foreign, "flaws_file": report.flaws_file,
        });
        voice.answer(&line.to_string());
        return Ok(());
    }
    let fields = BTreeMap::from([
        ("file", report.file),
        ("recorded", report.recorded.to_string()),
        ("known", report.known.to_string()),
        ("refused", report.flaws.len().to_string()),
        ("columns", report.foreign.join("、")),
        ("flaws", report.flaws_file.as_ref().map(|file| file.display().to_string()).unwrap_or_default()),
    ]);
    let line = |code: &'static str| voice.note(&voice.lang.sentence(code, &fields));
    line("cli-log");
    if !report.flaws.is_empty() {
        line("cli-log-flaws");
    }
    if !report.foreign.is_empty() {
        line("cli-log-foreign");
    }
    Ok(())
}

/// Makes a map folder; from OpenStreetMap, if a file is given.
pub fn new(matches: &ArgMatches, voice: Voice) -> Result<(), Fault> {
    let dir = args::path(matches, "dir")?;
    let title = args::text(matches, "title").map(|title| Title { zh: title.to_owned(), en: title.to_owned() });
    let bbox = args::text(matches, "bbox").map(Bbox::parse).transpose()?;
    match matches.get_one::<PathBuf>("from") {
        Some(file) => {
            for report in import::osm::new_map(dir, file, bbox, title)? {
                said(&report, voice);
            }
        }
        None => {
            let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            MapFolder::create(dir, &title.unwrap_or(Title { zh: name.clone(), en: name }), "")?;
        }
    }
    Ok(())
}

/// What the command line says of one layer.
fn typed(matches: &ArgMatches, layer: &str) -> Result<Source, Fault> {
    let mut fields = BTreeMap::new();
    for pair in args::text(matches, "fields").into_iter().flat_map(|text| text.split(',')) {
        let (attribute, column) =
            pair.split_once('=').ok_or_else(|| Fault::invalid("fields-malformed").with("value", pair))?;
        fields.insert(attribute.trim().to_owned(), column.trim().to_owned());
    }
    let text = |name| args::text(matches, name).map(str::to_owned);
    Ok(Source {
        layer: layer.to_owned(),
        kind: text("kind"),
        files: matches.get_many::<PathBuf>("file").into_iter().flatten().cloned().collect(),
        key: text("key"),
        crs: text("crs"),
        encoding: text("encoding"),
        fields,
        on: args::day(matches, "on")?,
        on_field: text("on-field"),
        ..Source::default()
    })
}

/// What `map.toml` says of all of them.
fn declared(map: &MapFolder) -> Result<Vec<Source>, Fault> {
    if map.sources.is_empty() && map.logs.is_empty() {
        return Err(Fault::invalid("map-no-sources").with("file", map.dir.join("map.toml").display()));
    }
    Ok(map.sources.clone())
}

fn said(report: &Report, voice: Voice) {
    if voice.json {
        let line = json!({
            "layer": report.layer, "rows": report.rows, "added": report.added, "changed": report.changed,
            "unchanged": report.unchanged, "absent": report.absent, "refused": report.refused(),
            "repaired": report.repaired(), "flaws": report.flaws.len(), "foreign": report.foreign,
            "flaws_file": report.flaws_file,
        });
        voice.answer(&line.to_string());
        return;
    }
    let line = |code: &'static str| {
        let mut fields = BTreeMap::from([("layer", report.layer.clone())]);
        fields.extend([
            ("added", report.added.to_string()),
            ("changed", report.changed.to_string()),
            ("unchanged", report.unchanged.to_string()),
            ("absent", report.absent.to_string()),
            ("refused", report.refused().to_string()),
            ("repaired", report.repaired().to_string()),
            ("flaws", report.flaws.len().to_string()),
            ("columns", report.foreign.join("、")),
            ("file", report.flaws_file.as_ref().map(|file| file.display().to_string()).unwrap_or_default()),
        ]);
        voice.note(&voice.lang.sentence(code, &fields));
    };
    line("cli-imported");
    if report.absent > 0 {
        line("cli-imported-absent");
    }
    if !report.flaws.is_empty() {
        line("cli-imported-flaws");
    }
    if !report.foreign.is_empty() {
        line("cli-imported-foreign");
    }
}
