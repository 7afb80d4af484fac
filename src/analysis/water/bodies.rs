//! Black-odorous bodies as the lists count them: a pond is one body wherever it lies; of a ditch or river each continuous stretch
//! is one, and ends at the border of its village.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::analysis::Bound;
use crate::analysis::water::{Area, JOINED_M, Waters, judge, text};
use crate::collection::Figure;
use crate::geo::bbox::Bbox;
use crate::geo::measure::nearest;
use crate::geo::shape::{Geometries, Shape};
use crate::geo::split::{covered_m2, pieces};
use crate::stop;
use crate::table::Table;

/// A black-odorous body.
pub struct Body {
    /// Its id: its feature's, with the village's behind it where the feature is cut at a border.
    pub id: String,
    /// The features that it is drawn by, in the order of their ids.
    pub rows: Vec<u32>,
    /// The villages that it lies in, that with the largest share first.
    pub villages: Vec<u32>,
    /// Its area.
    pub area: Area,
    /// `national`, `provincial` or `below`; None where its area is not known.
    pub list: Option<&'static str>,
    /// Whether it runs along.
    pub runs: bool,
    /// What it is drawn as, one row a piece.
    pub pieces: Geometries,
}

/// Part of a feature, in one village.
struct Part {
    row: u32,
    village: Option<u32>,
    /// Among those of its feature in its village, from the west.
    number: usize,
    /// Square metres, of a line metres.
    size: f64,
    cut: Option<Geometries>,
}

impl Part {
    fn shape<'s>(&'s self, waters: &'s Waters<'_>) -> Shape<'s> {
        self.cut.as_ref().map_or_else(|| waters.table.shape(self.row), |cut| cut.shape(0))
    }
}

/// The list that a body of an area stands on.
fn list(area: Area, national_from_m2: Option<f64>, least_m2: f64) -> Option<&'static str> {
    let (m2, from_m2) = area.m2.zip(national_from_m2)?;
    Some(match m2 {
        m2 if m2 < least_m2 => "below",
        m2 if m2 >= from_m2 => "national",
        _ => "provincial",
    })
}

/// The villages whose boxes a shape touches, in the order of their ids.
fn about(villages: Option<&Table>, shape: Shape<'_>) -> Vec<u32> {
    let (Some(table), Some(bbox)) = (villages, shape.bbox()) else { return Vec::new() };
    let mut found = Vec::new();
    table.index().search(&bbox, |row| found.push(row));
    found.sort_unstable_by(|&a, &b| table.row(a).id().cmp(table.row(b).id()));
    found
}

/// A feature in the pieces in which it lies in villages.
fn parts(waters: &Waters<'_>, villages: Option<&Table>, row: u32) -> Vec<Part> {
    let shape = waters.table.shape(row);
    let about = about(villages, shape);
    let areas: Vec<Shape<'_>> =
        villages.map(|table| about.iter().map(|&village| table.shape(village)).collect()).unwrap_or_default();
    let mut parts: Vec<Part> = pieces(shape, &areas)
        .into_iter()
        .map(|piece| Part {
            row,
            village: piece.area.and_then(|at| about.get(at).copied()),
            number: 0,
            size: piece.size,
            cut: piece.cut,
        })
        .collect();
    let west = |part: &Part| part.shape(waters).coords().iter().copied().reduce(|a, b| if b < a { b } else { a });
    parts.sort_by(|a, b| (a.village, west(a)).partial_cmp(&(b.village, west(b))).unwrap_or(std::cmp::Ordering::Equal));
    for at in 1..parts.len() {
        if parts[at].village == parts[at - 1].village {
            parts[at].number = parts[at - 1].number + 1;
        }
    }
    parts
}

/// The black-odorous bodies among `rows`, in the order of their ids.
pub fn bodies(bound: &Bound, waters: &Waters<'_>, rows: &[u32]) -> Vec<Body> {
    let villages = bound.layers("villages").first().map(|layer| &**layer.table());
    let (from_m2, least_m2) = (judge::value_of("national-list", waters.as_of), bound.number("min_area"));
    let (running, still): (Vec<u32>, Vec<u32>) = rows.iter().partition(|&&row| waters.runs(row));
    let stop = stop::current();
    let goes_on = |_: &&u32| !stop.is_raised();
    let mut all: Vec<Body> = still.par_iter().filter(goes_on).map(|&row| pond(waters, villages, row)).collect();
    let cut: Vec<Part> =
        running.par_iter().filter(goes_on).flat_map_iter(|&row| parts(waters, villages, row)).collect();
    all.extend(stretches(waters, villages, cut));
    for body in &mut all {
        body.list = list(body.area, from_m2, least_m2);
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn pond(waters: &Waters<'_>, villages: Option<&Table>, row: u32) -> Body {
    let mut shares: BTreeMap<u32, f64> = BTreeMap::new();
    if villages.is_some() {
        for part in parts(waters, villages, row) {
            if let Some(village) = part.village {
                *shares.entry(village).or_default() += part.size;
            }
        }
    }
    let mut pieces = Geometries::default();
    pieces.push_shape(waters.table.shape(row));
    Body {
        id: waters.table.row(row).id().to_owned(),
        rows: vec![row],
        villages: by_share(villages, shares),
        area: waters.area(row, None),
        list: None,
        runs: false,
        pieces,
    }
}

/// Villages with the largest share first; of equal ones the first by id.
fn by_share(villages: Option<&Table>, shares: BTreeMap<u32, f64>) -> Vec<u32> {
    let Some(table) = villages else { return Vec::new() };
    let mut all: Vec<(u32, f64)> = shares.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| table.row(a.0).id().cmp(table.row(b.0).id())));
    all.into_iter().map(|(village, _)| village).collect()
}

/// The first of a part's stretch, as far as that is known.
fn first_of(heads: &mut [usize], mut at: usize) -> usize {
    while heads[at] != at {
        heads[at] = heads[heads[at]];
        at = heads[at];
    }
    at
}

/// Parts of one name in one village that touch, put together.
fn stretches(waters: &Waters<'_>, villages: Option<&Table>, mut parts: Vec<Part>) -> Vec<Body> {
    let id = |part: &Part| waters.table.row(part.row).id();
    let village_id = |part: &Part| part.village.zip(villages).map_or("", |(row, table)| table.row(row).id());
    parts.sort_by(|a, b| (id(a), village_id(a), a.number).cmp(&(id(b), village_id(b), b.number)));
    let name = waters.table.column("name");
    let mut of_row: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, part) in parts.iter().enumerate() {
        of_row.entry(part.row).or_default().push(at);
    }
    let key = |at: usize| {
        let part = &parts[at];
        (part.village, text(waters.table, part.row, name), part.shape(waters).kind.dimension())
    };
    let mut heads: Vec<usize> = (0..parts.len()).collect();
    for at in 0..parts.len() {
        let shape = parts[at].shape(waters);
        let Some(window) = shape.bbox().map(|bbox: Bbox| bbox.padded(JOINED_M + 1.0)) else { continue };
        let mut beside = Vec::new();
        waters.table.index().search(&window, |row| beside.extend(of_row.get(&row).into_iter().flatten().copied()));
        for other in beside.into_iter().filter(|&other| other > at) {
            let meet = || nearest(shape, parts[other].shape(waters)).is_some_and(|near| near.distance_m <= JOINED_M);
            let (one, two) = (first_of(&mut heads, at), first_of(&mut heads, other));
            if one != two && key(at) == key(other) && meet() {
                heads[one.max(two)] = one.min(two);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..parts.len() {
        let head = first_of(&mut heads, at);
        groups.entry(head).or_default().push(at);
    }
    let body = |(head, members): (usize, Vec<usize>)| {
        let first = &parts[head];
        let id = match (&first.cut, first.number) {
            (None, _) => id(first).to_owned(),
            (Some(_), 0) => format!("{}:{}", id(first), village_id(first)),
            (Some(_), number) => format!("{}:{}:{}", id(first), village_id(first), number + 1),
        };
        let mut drawn = Geometries::default();
        members.iter().for_each(|&at| drawn.push_shape(parts[at].shape(waters)));
        let mut rows: Vec<u32> = members.iter().map(|&at| parts[at].row).collect();
        rows.dedup();
        Body {
            id,
            rows,
            villages: first.village.into_iter().collect(),
            area: area(waters, &parts, &members),
            list: None,
            runs: true,
            pieces: drawn,
        }
    };
    groups.into_iter().map(body).collect()
}

/// The area of parts that are one stretch. Where it is not known of one of them, it is not known.
fn area(waters: &Waters<'_>, parts: &[Part], members: &[usize]) -> Area {
    let lines = members.iter().any(|&at| parts[at].shape(waters).kind.dimension() == Some(1));
    if !lines {
        let shapes: Vec<Shape<'_>> = members.iter().map(|&at| parts[at].shape(waters)).collect();
        return Area { m2: Some(covered_m2(&shapes)), basis: "drawn" };
    }
    let one = |&at: &usize| waters.line_area(parts[at].row, parts[at].size).m2;
    match members.iter().map(one).sum::<Option<f64>>() {
        Some(m2) => Area { m2: Some(m2), basis: "width" },
        None => Area { m2: None, basis: "unknown" },
    }
}

/// For each feature that is black the list that it is on: of several that its stretches are on, the weightiest.
pub fn lists(bodies: &[Body]) -> HashMap<u32, Option<&'static str>> {
    let rank = |list: Option<&str>| match list {
        Some("national") => 3,
        Some("provincial") => 2,
        Some(_) => 1,
        None => 0,
    };
    let mut found: HashMap<u32, Option<&'static str>> = HashMap::new();
    for body in bodies {
        for &row in &body.rows {
            let known = found.entry(row).or_default();
            if rank(body.list) > rank(*known) {
                *known = body.list;
            }
        }
    }
    found
}

/// How many bodies there are, and how many and how large on each list.
pub fn figures(bodies: &[Body]) -> Vec<Figure> {
    let on = |list: &'static str| bodies.iter().filter(move |body| body.list == Some(list));
    let m2 = |list: &'static str| super::super::round_mm(on(list).filter_map(|body| body.area.m2).sum());
    vec![
        Figure::new("black_bodies", bodies.len(), "{waterbody}"),
        Figure::new("national", on("national").count(), "{waterbody}"),
        Figure::new("national_m2", m2("national"), "m2"),
        Figure::new("provincial", on("provincial").count(), "{waterbody}"),
        Figure::new("provincial_m2", m2("provincial"), "m2"),
        Figure::new("area_unknown", bodies.iter().filter(|body| body.area.m2.is_none()).count(), "{waterbody}"),
    ]
}
