//! `xiangtu new DIR --from FILE.osm.pbf`: a whole map or none.

use std::path::Path;

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::import::crs::Crs;
use crate::import::fields::Carried;
use crate::import::intake::{Fared, Intake, Opened};
use crate::import::osm::classes::{self, TARGETS, Target};
use crate::import::osm::extract::{self, Extract, Pile};
use crate::import::osm::ground;
use crate::import::report::Report;
use crate::import::run;
use crate::import::source::{Cell, Column, Item, Place};
use crate::kind::{self, ValueType};
use crate::map::{MapFolder, Source};
use crate::store::{Arrival, FileMark, Store};
use crate::text::Title;

/// Whom OpenStreetMap's licence wants named.
const ATTRIBUTION: &str = "© OpenStreetMap contributors, ODbL 1.0";

/// Makes a map folder from an extract of OpenStreetMap. It is made beside `dir` and then moved there, so that a run that
/// breaks off leaves nothing behind.
///
/// # Errors
/// `map-dir-not-empty`, `import-missing`, `import-unreadable`, `import-not-osm`.
pub fn new_map(dir: &Path, file: &Path, bbox: Option<Bbox>, title: Option<Title>) -> Result<Vec<Report>, Fault> {
    if !file.exists() {
        return Err(Fault::not_found("import-missing").with("file", file.display()));
    }
    if dir.exists() && dir.read_dir().map_or(true, |mut entries| entries.next().is_some()) {
        return Err(Fault::conflict("map-dir-not-empty").with("dir", dir.display()));
    }
    let extract = extract::read(file, bbox)?;
    let nothing = || Fault::invalid("import-not-osm").with("file", file.display());
    let extent = extract.extent.ok_or_else(nothing)?;
    if extract.piles.iter().all(|pile| pile.cells.is_empty()) {
        return Err(nothing());
    }

    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let workshop = tempfile::Builder::new().prefix(".xiangtu-new-").tempdir_in(parent)?;
    let made = workshop.path().join("map");
    let stem = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = stem.trim_end_matches(".pbf").trim_end_matches(".osm").to_owned();
    let title = title.unwrap_or(Title { zh: stem.clone(), en: stem });
    let map = MapFolder::create(&made, &title, ATTRIBUTION)?;
    let mut reports = fill(&map, extract, &extent, run::mark(file)?)?;
    std::fs::rename(&made, dir)?;
    for report in &mut reports {
        let inside = report.flaws_file.as_deref().and_then(|path| path.strip_prefix(&made).ok());
        report.flaws_file = inside.map(|path| dir.join(path));
    }
    Ok(reports)
}

/// Makes the layers of a new map.
fn fill(map: &MapFolder, mut extract: Extract, extent: &Bbox, mark: FileMark) -> Result<Vec<Report>, Fault> {
    settle(&mut extract, extent);
    belong(&mut extract.piles[3]);
    let store = Store::open(&map.store_path(), &map.zone)?;
    TARGETS.iter().zip(&extract.piles).map(|(target, pile)| layer(map, &store, target, pile, &mark)).collect()
}

/// Gives the villages their ground in the place of their points.
fn settle(extract: &mut Extract, extent: &Bbox) {
    let villages = &mut extract.piles[0];
    let rows = 0..villages.cells.len() as u32;
    let sites: Vec<[f64; 2]> =
        rows.map(|row| villages.geometries.shape(row).coords().first().copied().unwrap_or_default()).collect();
    let (grounds, estimated) = ground::of(&sites, &extract.boundaries, extent);
    villages.geometries = grounds;
    let at = TARGETS[0].columns.iter().position(|column| *column == "estimated").unwrap_or_default();
    for (cells, estimated) in villages.cells.iter_mut().zip(estimated) {
        cells[at] = Cell::Bool(estimated);
    }
}

/// Leaves out the buildings that stand in a farmyard: they belong to it, and are not a farm of their own.
fn belong(farms: &mut Pile) {
    let tag = |cells: &[Cell]| cells.last().map(Cell::words).unwrap_or_default();
    let rows: Vec<u32> = (0..farms.cells.len() as u32).collect();
    let (buildings, yards): (Vec<u32>, Vec<u32>) =
        rows.into_iter().partition(|&row| classes::is_building(&tag(&farms.cells[row as usize])));
    let inside = |row: u32| {
        let place = farms.geometries.shape(row).coords().first().copied();
        place.is_some_and(|place| yards.iter().any(|&yard| farms.geometries.shape(yard).contains(place)))
    };
    let alone: Vec<u32> = buildings.into_iter().filter(|&row| !inside(row)).collect();
    let mut kept = Pile::default();
    for row in yards.iter().copied().chain(alone) {
        kept.cells.push(farms.cells[row as usize].clone());
        kept.geometries.push_shape(farms.geometries.shape(row));
    }
    *farms = kept;
}

fn layer(map: &MapFolder, store: &Store, target: &Target, pile: &Pile, mark: &FileMark) -> Result<Report, Fault> {
    let kind = kind::kind(target.kind)?;
    let columns: Vec<Column> =
        target.columns.iter().map(|name| Column { name: (*name).to_owned(), value_type: ValueType::Text }).collect();
    let mut carried = Carried::new(&kind, &[]);
    let mapping = carried.map(&mark.name, &columns, &Source::default(), Some("osm_id"))?;
    let mut intake = Intake::new(&kind, carried.attributes.clone(), store.salt()?);
    let mut crs = Crs::lnglat();
    let mut file =
        Opened { name: &mark.name, columns: &columns, mapping: &mapping, crs: &mut crs, fared: Fared::default() };
    for (row, cells) in (0..).zip(&pile.cells) {
        let place = Place::Shape(pile.geometries.shape(row));
        intake.take(&mut file, Item::Row { row: u64::from(row) + 1, cells, place })?;
    }
    let rows = intake.rows;
    let (table, flaws) = intake.finish();
    let (mapped, foreign) = carried.report();
    let files = vec![mark.name.clone()];
    let report = Report { layer: target.layer.to_owned(), files, rows, flaws, mapped, foreign, ..Report::default() };
    let arrival = Arrival {
        layer: target.layer,
        kind: kind.clone(),
        title: None,
        key: Some("osm_id"),
        table: &table,
        on: map.today(),
        days: None,
        author: "",
        files: std::slice::from_ref(mark),
        gate: (report.refused(), report.repaired()),
    };
    run::finish(map, report, store, &arrival)
}
