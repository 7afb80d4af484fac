//! Tracks of patrols (GPX, CSV): points with times become lines, one for each patrol.
//!
//! A track is read in the order of its times. Where it is silent for more than half an hour another patrol begins. What
//! cannot be part of one is left out and counted: points without a time, points that nobody could have driven to, single
//! points. The segments of a GPX track are the parts of its line: what lies between them was not recorded.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::fault::Fault;
use crate::geo::ellipsoid::distance_m;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::import::crs::Crs;
use crate::import::flaw::{Flaw, Outcome};
use crate::import::instant;
use crate::import::source::{Cell, Column, Each, Item, Place, Reader, Wanted};
use crate::kind::{Kind, ValueType};
use crate::units::Day;

/// A longer silence ends a patrol.
const SILENCE: SignedDuration = SignedDuration::from_mins(30);
/// Faster than this nobody patrols, metres a second: 150 km/h.
const FASTEST_M_S: f64 = 150.0 / 3.6;
/// Runs of points that a point is held against at the most: where more lie apart, the latest.
const RUNS: usize = 16;

const TIME: [&str; 11] = [
    "time",
    "时间",
    "时刻",
    "定位时间",
    "采集时间",
    "记录时间",
    "日期时间",
    "gps时间",
    "datetime",
    "timestamp",
    "gpstime",
];
const TRACK: [&str; 8] = ["track", "track_id", "trackid", "track_fid", "轨迹", "轨迹编号", "轨迹号", "轨迹名称"];
const SEGMENT: [&str; 2] = ["track_seg_id", "segment"];
/// What becomes of a track, as the kind `patrol` names it.
const COLUMNS: [(&str, ValueType); 6] = [
    ("name", ValueType::Text),
    ("on", ValueType::Date),
    ("started_at", ValueType::Text),
    ("ended_at", ValueType::Text),
    ("officer", ValueType::Text),
    ("road", ValueType::Text),
];

/// What a file says of a track beside its points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// Who walked it.
    pub officer: String,
    /// Along which road.
    pub road: String,
}

/// Where the columns of a table of points stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    time: usize,
    /// Where the time is a clock's alone.
    day: Option<usize>,
    track: Option<usize>,
    segment: Option<usize>,
    officer: Option<usize>,
    road: Option<usize>,
}

impl Columns {
    fn find(columns: &[Column], kind: &Kind) -> Option<Self> {
        let of = |list: &[&str]| columns.iter().position(|c| list.contains(&c.name.trim().to_lowercase().as_str()));
        let means = |name: &str| {
            kind.attribute(name).and_then(|attribute| columns.iter().position(|c| attribute.answers_to(&c.name)))
        };
        // A list of patrols, one a line, says what was found or when each began.
        if means("findings").is_some() || means("started_at").is_some() {
            return None;
        }
        let (officer, road) = (means("officer"), means("road"));
        let (time, day) = (of(&TIME)?, means("on"));
        Some(Self { time, day, track: of(&TRACK), segment: of(&SEGMENT), officer, road })
    }

    /// When a point was passed.
    fn instant(self, cells: &[Cell], clock: &TimeZone) -> Option<Timestamp> {
        let time = cells[self.time].words();
        instant::parse(&time, clock).or_else(|| instant::parse(&format!("{} {time}", cells[self.day?].words()), clock))
    }
}

/// The patrols that the rows of a sheet are points of; the rows as they are, where they are something else.
pub fn or_rows(wanted: &Wanted<'_>, mut rows: Box<dyn Reader>) -> Result<Box<dyn Reader>, Fault> {
    if wanted.kind.id != "patrol" || Columns::find(rows.columns(), wanted.kind).is_none() {
        return Ok(rows);
    }
    of_points(wanted, rows.as_mut(), &HashMap::new(), wanted.zone, Vec::new())
}

/// A point of a track.
#[derive(Clone, Copy, Debug)]
struct Fix {
    at: Timestamp,
    /// As the file has it.
    xy: [f64; 2],
    lnglat: [f64; 2],
    segment: u64,
}

/// The points of a track, as they come.
#[derive(Default)]
struct Gathered {
    row: u64,
    named: Named,
    fixes: Vec<Fix>,
    untimed: usize,
}

/// A patrol, ready to be handed over.
struct Patrol {
    row: u64,
    cells: Vec<Cell>,
    line: Geometries,
}

/// Tracks, made of the points of another reader.
struct Tracks {
    columns: Vec<Column>,
    patrols: Vec<Patrol>,
    flaws: Vec<Flaw>,
    crs: Crs,
}

/// Makes patrols of points. `named`: what the file says elsewhere of the tracks that the points name. A clock that does not
/// say its offset is of `clock`. `flaws`: what was wrong before.
pub fn of_points(
    wanted: &Wanted<'_>,
    points: &mut dyn Reader,
    named: &HashMap<String, Named>,
    clock: &TimeZone,
    mut flaws: Vec<Flaw>,
) -> Result<Box<dyn Reader>, Fault> {
    let mut crs = std::mem::replace(points.crs(), Crs::lnglat());
    let names: Vec<String> = points.columns().iter().map(|column| column.name.clone()).collect();
    let Some(columns) = Columns::find(points.columns(), wanted.kind) else {
        return Err(wanted.fault("import-empty"));
    };
    let mut tracks: Vec<Gathered> = Vec::new();
    let mut at_track: HashMap<(String, String), usize> = HashMap::new();
    let stem = wanted.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    points.read(&mut |item| {
        let (row, cells, place) = match item {
            Item::Flaw(flaw) => {
                flaws.push(flaw);
                return Ok(());
            }
            Item::Row { row, cells, place } => (row, cells, place),
        };
        let word = |at: Option<usize>| at.map(|at| cells[at].words()).unwrap_or_default();
        let shape = match place {
            Place::Shape(shape) if shape.kind == ShapeKind::Point => shape,
            Place::Shape(_) => {
                flaws.push(Flaw::new("flaw-wrong-geometry", row, Outcome::Refused));
                return Ok(());
            }
            Place::Unknown(code) => {
                let own = names.iter().cloned().zip(cells.iter().map(Cell::words)).collect();
                flaws.push(Flaw { own, ..Flaw::new(code, row, Outcome::Refused) });
                return Ok(());
            }
        };
        let mut brought = Geometries::default();
        crs.bring(shape, &mut brought);
        let lnglat = brought.shape(0).coords().first().copied().unwrap_or([f64::NAN; 2]);
        let (track, officer) = (word(columns.track), word(columns.officer));
        let next = tracks.len();
        let at = *at_track.entry((track.clone(), officer.clone())).or_insert(next);
        if at == next {
            let own = Named {
                name: if track.is_empty() { stem.clone() } else { track.clone() },
                officer,
                ..Named::default()
            };
            tracks.push(Gathered { row, named: named.get(&track).cloned().unwrap_or(own), ..Gathered::default() });
        }
        let track = &mut tracks[at];
        if track.named.road.is_empty() {
            track.named.road = word(columns.road);
        }
        let segment = word(columns.segment).parse().unwrap_or_default();
        match (columns.instant(cells, clock), shape.coords().first()) {
            (Some(at), Some(&xy)) => track.fixes.push(Fix { at, xy, lnglat, segment }),
            _ => track.untimed += 1,
        }
        Ok(())
    })?;
    let mut patrols = Vec::new();
    for track in tracks {
        settle(track, wanted, &mut patrols, &mut flaws);
    }
    let columns = COLUMNS.iter().map(|&(name, value_type)| Column { name: name.to_owned(), value_type }).collect();
    Ok(Box::new(Tracks { columns, patrols, flaws, crs }))
}

/// Makes patrols of one track.
fn settle(track: Gathered, wanted: &Wanted<'_>, patrols: &mut Vec<Patrol>, flaws: &mut Vec<Flaw>) {
    let Gathered { row, named, mut fixes, untimed } = track;
    fixes.sort_by_key(|fix| fix.at);
    let before = patrols.len();
    let (mut jumped, mut single) = (Vec::new(), Vec::new());
    for patrol in fixes.chunk_by(|a, b| b.at.duration_since(a.at) <= SILENCE) {
        let (kept, left_out) = drivable(patrol);
        jumped.extend(left_out);
        let Some((line, alone)) = line(&kept) else {
            single.extend(kept);
            continue;
        };
        single.extend(alone);
        let (first, last) = (kept[0].at, kept[kept.len() - 1].at);
        let cells = vec![
            Cell::text(&named.name),
            Cell::Day(Day::of_instant(first, wanted.zone)),
            Cell::Text(first.to_string()),
            Cell::Text(last.to_string()),
            Cell::text(&named.officer),
            Cell::text(&named.road),
        ];
        patrols.push(Patrol { row, cells, line });
    }
    let made = patrols.len() - before;
    let outcome = if made == 0 { Outcome::Refused } else { Outcome::Kept };
    let mut flaw = |code, count: usize, at: Option<&Fix>| {
        let place = at.map(|fix| fix.lnglat).filter(|c| c[0].abs() <= 180.0 && c[1].abs() <= 90.0);
        let own = if made == 0 { vec![("name".to_owned(), named.name.clone())] } else { Vec::new() };
        flaws.push(Flaw { own, ..Flaw::new(code, row, outcome).about(&named.name, count.to_string()).at(place) });
    };
    if untimed > 0 {
        flaw("flaw-track-untimed", untimed, None);
    }
    if !jumped.is_empty() {
        flaw("flaw-track-jumps", jumped.len(), jumped.first());
    }
    if !single.is_empty() {
        flaw("flaw-track-single", single.len(), single.first());
    }
    if made > 1 {
        flaw("flaw-track-parted", made, None);
    }
}

/// Whether one can get from one point to the other in the time between them. Clocks tell whole seconds.
fn reachable(from: &Fix, to: &Fix) -> bool {
    let seconds = to.at.duration_since(from.at).as_secs_f64().max(1.0);
    let metres = distance_m(from.lnglat, to.lnglat);
    // Where there is no distance the file's reference is wrong, and the import will say so.
    metres.is_nan() || metres <= FASTEST_M_S * seconds
}

/// The longest run of points that one could have driven along, and the points beside it: a receiver that is lost for a
/// while, at the start or on the way, comes back to where it was.
fn drivable(fixes: &[Fix]) -> (Vec<Fix>, Vec<Fix>) {
    let mut runs: Vec<Vec<Fix>> = Vec::new();
    for fix in fixes {
        // The run that was added to last stands last.
        let near = (0..runs.len()).rev().take(RUNS).find(|&k| runs[k].last().is_some_and(|last| reachable(last, fix)));
        let mut run = near.map(|k| runs.remove(k)).unwrap_or_default();
        run.push(*fix);
        runs.push(run);
    }
    let longest = (0..runs.len()).rev().max_by_key(|&k| runs[k].len());
    let kept = longest.map(|k| runs.remove(k)).unwrap_or_default();
    (kept, runs.into_iter().flatten().collect())
}

/// The line through points, a part for each segment, and the points that are a segment of their own; None for a single point.
fn line(fixes: &[Fix]) -> Option<(Geometries, Vec<Fix>)> {
    let segments: Vec<&[Fix]> = fixes.chunk_by(|a, b| a.segment == b.segment).collect();
    let (whole, alone): (Vec<&[Fix]>, Vec<&[Fix]>) = segments.into_iter().partition(|segment| segment.len() > 1);
    let (parts, alone) = match (whole.is_empty(), fixes.len()) {
        (true, 0 | 1) => return None,
        // A device that begins a segment with every point has none.
        (true, _) => (vec![fixes], Vec::new()),
        (false, _) => (whole, alone.concat()),
    };
    let mut line = Geometries::default();
    for part in &parts {
        line.part(true);
        part.iter().for_each(|fix| line.coord(fix.xy));
    }
    line.end_row(if parts.len() == 1 { ShapeKind::Line } else { ShapeKind::MultiLine });
    Some((line, alone))
}

impl Reader for Tracks {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn expected(&self) -> Option<u64> {
        Some(self.patrols.len() as u64)
    }

    fn crs(&mut self) -> &mut Crs {
        &mut self.crs
    }

    fn read(&mut self, each: &mut Each<'_>) -> Result<(), Fault> {
        for flaw in self.flaws.drain(..) {
            each(Item::Flaw(flaw))?;
        }
        for patrol in self.patrols.drain(..) {
            each(Item::Row { row: patrol.row, cells: &patrol.cells, place: Place::Shape(patrol.line.shape(0)) })?;
        }
        Ok(())
    }
}
