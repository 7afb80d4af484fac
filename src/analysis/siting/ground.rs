//! Where one may build: the features of given layers, or the points of a grid over the settlements; nowhere on forbidden ground.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::demand::{placed, push_point};
use crate::analysis::Bound;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::frame::Frame;
use crate::geo::measure::Probe;
use crate::geo::shape::{Geometries, Shape};
use crate::layer::Layer;
use crate::table::Value;

/// More candidates than this are not worked with.
const CANDIDATES: usize = 20_000;

/// Candidate sites, in the order of their ids.
pub struct Sites {
    /// Id: of the grid's place, or of layer and feature.
    pub ids: Vec<String>,
    /// Where each is.
    pub places: Geometries,
    /// Whether they stand for features of the map.
    pub given: Vec<bool>,
}

/// The candidates of a question, and how many were struck out for forbidden ground.
pub fn sites(bound: &Bound) -> Result<(Sites, usize), Fault> {
    let layers = bound.layers("candidates");
    let mut points = BTreeMap::new();
    if layers.is_empty() {
        grid(bound, &mut points)?;
    } else {
        layers.iter().for_each(|layer| offered(layer, &mut points));
    }
    if points.len() > CANDIDATES {
        return Err(too_many(points.len()));
    }
    let all: Vec<(String, ([f64; 2], bool))> = points.into_iter().collect();
    let open: Vec<bool> = all.par_iter().map(|(_, (point, _))| allowed(bound, *point)).collect();
    let barred = open.iter().filter(|&&open| !open).count();
    let mut sites = Sites { ids: Vec::new(), places: Geometries::default(), given: Vec::new() };
    for ((id, (point, given)), _) in all.into_iter().zip(open).filter(|(_, open)| *open) {
        sites.ids.push(id);
        sites.given.push(given);
        push_point(&mut sites.places, point);
    }
    if sites.ids.is_empty() {
        return Err(Fault::unprocessable("siting-no-candidates")
            .with("barred", barred)
            .with("forbid", bound.several("forbid").join(", "))
            .with("spacing", bound.number("spacing")));
    }
    Ok((sites, barred))
}

fn too_many(count: usize) -> Fault {
    Fault::unprocessable("siting-too-many-candidates").with("count", count).with("most", CANDIDATES)
}

/// The features of a layer, each by a point of it. What is private offers nothing.
fn offered(layer: &Layer, points: &mut BTreeMap<String, ([f64; 2], bool)>) {
    let table = layer.table();
    for row in placed(table).into_iter().map(|row| table.row(row)) {
        if row.named("private") != Value::Bool(true)
            && let Some(point) = row.shape().inside_point()
        {
            points.insert(format!("{}:{}", layer.name(), row.id()), (point, true));
        }
    }
}

/// The points of a square grid that lie in settlements (in villages, where the map has no settlements), and a point of each that
/// lies between them. The grid stands about a round place near the middle, so it does not move with an edit.
fn grid(bound: &Bound, points: &mut BTreeMap<String, ([f64; 2], bool)>) -> Result<(), Fault> {
    let settlements = bound.layers("settlements").first().filter(|layer| !placed(layer.table()).is_empty());
    let layer = settlements.map_or_else(|| bound.layer("villages"), Ok)?;
    let table = layer.table();
    let Some(all) = table.bbox() else { return Ok(()) };
    let round = |degrees: f64| (degrees * 10.0).round() / 10.0;
    let [lng, lat] = all.centre();
    let frame = Frame::at([round(lng), round(lat)]);
    let spacing_m = bound.number("spacing");
    for row in placed(table) {
        let shape = table.shape(row);
        let mut hit = false;
        if shape.kind.dimension() == Some(2) {
            hit = fill(&frame, shape, spacing_m, points)?;
        }
        if !hit && let Some(point) = shape.inside_point() {
            points.insert(format!("{}:{}", layer.name(), table.row(row).id()), (point, false));
        }
    }
    Ok(())
}

/// Adds the grid's points in a shape; whether there were any.
fn fill(
    frame: &Frame,
    shape: Shape<'_>,
    spacing_m: f64,
    points: &mut BTreeMap<String, ([f64; 2], bool)>,
) -> Result<bool, Fault> {
    let local: Vec<[f64; 2]> = shape.coords().iter().map(|&lnglat| frame.lnglat_to_local(lnglat)).collect();
    let span = |axis: usize| {
        let (from, to) =
            local.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), p| (from.min(p[axis]), to.max(p[axis])));
        ((from / spacing_m).ceil() as i64, (to / spacing_m).floor() as i64)
    };
    let ((west, east), (south, north)) = (span(0), span(1));
    let cells = (east - west + 1).max(0).saturating_mul((north - south + 1).max(0));
    if cells as usize > CANDIDATES * 50 {
        return Err(too_many(cells as usize));
    }
    let mut hit = false;
    for x in west..=east {
        for y in south..=north {
            let point = frame.local_to_lnglat([x as f64 * spacing_m, y as f64 * spacing_m]);
            if shape.contains(point) {
                hit = true;
                points.insert(format!("grid:{x}:{y}"), (point, false));
            }
        }
    }
    Ok(hit)
}

/// Whether a point keeps clear of all that is forbidden: farther off than 0 m, or at least the clearance.
fn allowed(bound: &Bound, point: [f64; 2]) -> bool {
    let clearance_m = bound.number("clearance");
    let mut places = Geometries::default();
    push_point(&mut places, point);
    let shape = places.shape(0);
    bound.layers("forbid").iter().all(|layer| {
        let table = layer.table();
        let stands = crate::analysis::standing(table);
        let mut clear = true;
        let Some(mut probe) = Probe::new(shape, clearance_m) else { return true };
        let search: Bbox = probe.search;
        table.index().search(&search, |row| {
            if clear && stands(row) {
                let near_m = probe.within(table.shape(row));
                clear = near_m.is_none_or(|near_m| clearance_m > 0.0 && near_m >= clearance_m);
            }
        });
        clear
    })
}
