//! An import from beginning to end.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::import::fields::Carried;
use crate::import::intake::{Fared, Intake, Opened};
use crate::import::lock::Lock;
use crate::import::report::{Progress, Report, Stage};
use crate::import::source::{self, Reader, Wanted};
use crate::import::{crs, encoding, flaw};
use crate::kind::{self, Kind, ValueType};
use crate::map::{MapFolder, Source};
use crate::store::{Arrival, FileMark, LayerInfo, Store, check_layer_name};
use crate::table::{Row, Value};
use crate::units::Day;

/// How many rows go by between two words of progress.
const STRIDE: u64 = 1024;

/// Imports a source's files into its layer: all of them, or nothing.
///
/// # Errors
/// What is wrong with the source or with a file as a whole; the map is then as it was. What is wrong with single rows is in
/// the report.
pub fn run(map: &MapFolder, job: &Source, progress: &mut dyn FnMut(Progress)) -> Result<Report, Fault> {
    check_layer_name(&job.layer)?;
    let parts: Vec<_> = job.files.iter().map(|file| source::split(file)).collect();
    for (path, _) in &parts {
        look(path, &map.store_path())?;
    }
    let _lock = Lock::take(&map.dir)?;
    let store = Store::open(&map.store_path(), &map.zone)?;
    let layer = store.layer(&job.layer)?;
    let kind = kind_of(job, layer.as_ref())?;
    let key = job.key.as_deref().or(layer.as_ref().and_then(|layer| layer.key.as_deref()));
    let stated = encoding::parse(job.encoding.as_deref())?;

    let columns: Vec<&str> = job.fields.values().map(String::as_str).chain(key).collect();
    let mut readers: Vec<(String, Box<dyn Reader>)> = Vec::new();
    for (path, part) in parts.iter().cloned() {
        let wanted = Wanted {
            path,
            part,
            crs: job.crs.as_deref(),
            encoding: stated,
            kind: &kind,
            columns: columns.clone(),
            zone: &map.zone,
        };
        readers.push((wanted.name(), source::open(&wanted)?));
    }
    let known = layer.as_ref().map(LayerInfo::foreign).unwrap_or_default();
    let mut carried = Carried::new(&kind, known);
    let mut mappings = Vec::new();
    for (name, reader) in &readers {
        mappings.push(carried.map(name, reader.columns(), job, key)?);
    }

    let mut intake = Intake::new(&kind, carried.attributes.clone(), store.salt()?);
    let dated = job.on_field.as_deref().map(|column| day_of_row(&carried, column)).transpose()?;
    if let Some(attribute) = dated {
        intake = intake.dated(attribute, map.today());
    }
    for ((name, reader), mapping) in readers.iter_mut().zip(&mappings) {
        let total = reader.expected();
        let columns = reader.columns().to_vec();
        let mut crs = std::mem::replace(reader.crs(), crs::Crs::lnglat());
        let file = Opened { name, columns: &columns, mapping, crs: &mut crs, fared: Fared::default() };
        let fared = read(reader.as_mut(), file, &mut intake, &mut |done| {
            progress(Progress { stage: Stage::Reading, done, total });
        })?;
        weigh(name, &crs, &fared)?;
    }
    if intake.len() == 0 {
        let (_, flaws) = intake.finish();
        let files = file_names(&readers).join(", ");
        let Some(first) = flaws.first() else { return Err(Fault::invalid("import-empty").with("file", files)) };
        return Err(Fault::invalid("import-nothing")
            .with("file", files)
            .with("rows", flaws.len())
            .with("row", first.row)
            .with("code", first.code)
            .with("value", &first.value));
    }

    let marks = parts.iter().map(|(path, _)| mark(path)).collect::<Result<Vec<_>, _>>()?;
    let (mapped, foreign) = carried.report();
    let rows = intake.rows;
    let (table, flaws) = intake.finish();
    let day = |row: Row<'_>, at: usize| if let Value::Date(day) = row.value(at) { Some(day) } else { None };
    let days: Option<Vec<Day>> = dated.map(|at| table.rows().filter_map(|row| day(row, at)).collect());
    let latest = days.as_ref().and_then(|days| days.iter().max().copied());
    let on = latest.or(job.on).unwrap_or_else(|| map.today());
    let report = Report {
        layer: job.layer.clone(),
        files: file_names(&readers),
        rows,
        flaws,
        mapped,
        foreign,
        ..Report::default()
    };
    progress(Progress { stage: Stage::Writing, done: u64::from(table.len()), total: Some(u64::from(table.len())) });
    let arrival = Arrival {
        layer: &job.layer,
        kind: kind.clone(),
        title: job.title.as_ref(),
        key,
        table: &table,
        on,
        days: days.as_deref(),
        // Nobody has an account yet.
        author: "",
        files: &marks,
        gate: (report.refused(), report.repaired()),
    };
    finish(map, report, &store, &arrival)
}

/// The attribute that a column of days is read into.
fn day_of_row(carried: &Carried<'_>, column: &str) -> Result<usize, Fault> {
    let pairs = || carried.attributes.iter().zip(&carried.sources);
    let days: Vec<&str> =
        pairs().filter(|(a, _)| a.value_type == ValueType::Date).map(|(_, source)| source.as_str()).collect();
    let found = pairs().position(|(a, source)| source == column.trim() && a.value_type == ValueType::Date);
    found.ok_or_else(|| Fault::invalid("import-no-days").with("column", column).with("columns", days.join(", ")))
}

/// Writes an arrival to the store, then its flaws beside it.
pub fn finish(map: &MapFolder, report: Report, store: &Store, arrival: &Arrival<'_>) -> Result<Report, Fault> {
    let mut report = report.tallied(store.import(arrival)?);
    report.flaws_file = flaw::write(&map.dir, &report.layer, &report.files, &report.flaws)?;
    Ok(report)
}

fn file_names(readers: &[(String, Box<dyn Reader>)]) -> Vec<String> {
    readers.iter().map(|(name, _)| name.clone()).collect()
}

/// Whether a file is there, and is not the store itself, which nothing else may open.
fn look(path: &Path, store: &Path) -> Result<(), Fault> {
    let missing = |_| Fault::not_found("import-missing").with("file", path.display());
    let real = path.canonicalize().map_err(missing)?;
    if store.canonicalize().is_ok_and(|store| store == real) {
        return Err(Fault::invalid("import-own-store").with("file", path.display()));
    }
    Ok(())
}

fn kind_of(job: &Source, layer: Option<&LayerInfo>) -> Result<Arc<Kind>, Fault> {
    match (&job.kind, layer) {
        (Some(id), _) => kind::kind(id),
        (None, Some(layer)) => Ok(layer.kind.clone()),
        (None, None) => kind::all().iter().find(|kind| kind.layer == job.layer).cloned().ok_or_else(|| {
            let known: Vec<&str> = kind::all().iter().map(|kind| kind.id.as_str()).collect();
            Fault::invalid("import-which-kind").with("layer", &job.layer).with("known", known.join(", "))
        }),
    }
}

fn read(
    reader: &mut dyn Reader,
    mut file: Opened<'_>,
    intake: &mut Intake<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<Fared, Fault> {
    let mut done = 0;
    reader.read(&mut |item| {
        if done % STRIDE == 0 {
            progress(done);
        }
        done += 1;
        intake.take(&mut file, item)
    })?;
    progress(done);
    Ok(file.fared)
}

/// Whether a file's coordinates can be of its reference at all.
fn weigh(file: &str, crs: &crs::Crs, fared: &Fared) -> Result<(), Fault> {
    let Some([x, y]) = fared.first else { return Ok(()) };
    let fault = |code| {
        Fault::invalid(code)
            .with("file", file)
            .with("crs", &crs.name)
            .with("x", x)
            .with("y", y)
            .with("hint", crs::hint(x, y))
    };
    if crs.is_degrees() && fared.beyond_degrees * 2 > fared.placed {
        return Err(fault("import-not-degrees"));
    }
    if !crs.is_degrees() && fared.beyond_degrees == 0 {
        return Err(fault("import-not-metres"));
    }
    let outside = fared.first_place.is_some_and(|place| !crs.may_hold(place));
    if outside || (!crs.is_degrees() && fared.refused == fared.placed && fared.first_place.is_none()) {
        let [lng, lat] = fared.first_place.unwrap_or([f64::NAN; 2]);
        return Err(fault("import-crs-elsewhere").with("lng", lng).with("lat", lat));
    }
    Ok(())
}

/// The name and digest of a file.
pub fn mark(path: &Path) -> Result<FileMark, Fault> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut hasher = Sha256::new();
    // A folder (a file geodatabase) has no bytes of its own.
    if path.is_file() {
        let mut file = std::fs::File::open(path)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                n => hasher.update(&buffer[..n]),
            }
        }
    }
    let sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(FileMark { name, sha256 })
}
