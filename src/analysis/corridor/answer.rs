//! What the corridor comes to: a row a section and side, and the figures of the whole.

use super::SIDES;
use super::count::Tally;
use super::ground::Edge;
use crate::analysis::road::{Patrolled, Stretch, said};
use crate::analysis::shared::round_mm;
use crate::collection::Figure;
use crate::geo::measure;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::rules::roads::Zone;
use crate::table::{Builder, Value};

/// What both sides of a section have in common.
pub struct Common<'a> {
    /// The section.
    pub stretch: &'a Stretch<'a>,
    /// On what the edge of the road land rests.
    pub edge: Edge,
    /// How deep the zone is.
    pub zone_m: f64,
    /// Who went along it.
    pub walked: Patrolled,
    /// Days since the last patrol.
    pub days_since: Option<i64>,
    /// Whether that is too long.
    pub unpatrolled: bool,
}

impl Common<'_> {
    /// The row of one side.
    pub fn push(&self, builder: &mut Builder, side: usize, tally: &Tally, geometry: &Geometries) {
        let Self { stretch, edge, zone_m, walked, days_since, unpatrolled } = self;
        let section = &stretch.section;
        let shape = if geometry.is_empty() { None } else { Some(geometry.shape(0)) };
        builder.push(
            &format!("{}:{}", stretch.id, ["L", "R"][side]),
            [
                said(&stretch.road.name),
                said(&stretch.road.number),
                Value::Float(section.first),
                Value::Float(section.last),
                Value::Text(&stretch.chainage()),
                Value::Text(&stretch.chainage_to()),
                Value::Text(SIDES[side].word()),
                Value::Text(edge.word()),
                Value::Float(*zone_m),
                Value::Float(shape.map_or(0.0, measure::area_m2)),
                Value::Int(tally.issues),
                Value::Int(tally.closed),
                Value::Int(tally.illegal),
                Value::Int(tally.frontages),
                Value::Int(tally.contracts),
                Value::Int(tally.frontages - tally.contracts),
                Value::Int(tally.farms),
                Value::Int(tally.structures),
                Value::Int(walked.patrols),
                walked.last.map_or(Value::Null, Value::Date),
                days_since.map_or(Value::Null, Value::Int),
                Value::Bool(*unpatrolled),
                Value::Text(stretch.basis.word()),
            ],
        );
        match shape {
            Some(shape) => builder.geometries.push_shape(shape),
            None => builder.geometries.end_row(ShapeKind::None),
        }
    }
}

/// What the whole comes to.
#[derive(Default)]
pub struct Sum {
    /// All that is counted.
    pub all: Tally,
    road_m: f64,
    estimated_m: f64,
    unpatrolled_m: f64,
    patrols: usize,
    zones: Vec<f64>,
    laws: Vec<String>,
    guesses: Vec<&'static str>,
}

impl Sum {
    /// Takes in a road: its law, the depth of its zone, how many patrols came.
    pub fn roads(&mut self, law: Option<&'static Zone>, zone_m: f64, came: usize) {
        self.patrols += came;
        self.zones.push(zone_m);
        let said = law.map(Zone::said).filter(|said| !self.laws.contains(said));
        self.laws.extend(said);
    }

    /// Takes in what estimates rest on.
    pub fn guessed(&mut self, guesses: Vec<&'static str>) {
        let new: Vec<&str> = guesses.into_iter().filter(|one| !self.guesses.contains(one)).collect();
        self.guesses.extend(new);
    }

    /// Takes in a section; `estimated`: along which part of it the edge is an estimate.
    pub fn section(&mut self, stretch: &Stretch<'_>, estimated: f64, unpatrolled: bool) {
        let length_m = stretch.section.to_m - stretch.section.from_m;
        self.road_m += length_m;
        self.estimated_m += estimated * length_m;
        self.unpatrolled_m += if unpatrolled { length_m } else { 0.0 };
    }

    /// The figures.
    pub fn figures(&self, road: String) -> Vec<Figure> {
        let km = |m: f64| round_mm(m / 1000.0);
        let all = &self.all;
        let share = (all.frontages > 0).then(|| round_mm(all.contracts as f64 / all.frontages as f64));
        vec![
            Figure::new("issues", all.issues, "{issue}"),
            Figure::new("unsigned", all.frontages - all.contracts, "{front}"),
            Figure::new("unpatrolled_km", km(self.unpatrolled_m), "km"),
            Figure::new("signed_share", share, "1"),
            Figure::new("frontages", all.frontages, "{front}"),
            Figure::new("contracts", all.contracts, "{front}"),
            Figure::new("issues_closed", all.closed, "{issue}"),
            Figure::new("illegal", all.illegal, "{issue}"),
            Figure::new("farms", all.farms, "{farm}"),
            Figure::new("structures", all.structures, "{feature}"),
            Figure::new("patrols", self.patrols, "{patrol}"),
            Figure::new("road", road, ""),
            Figure::new("road_km", km(self.road_m), "km"),
            Figure::new("estimated_km", km(self.estimated_m), "km"),
            Figure::new("zone_m", self.zones.iter().copied().reduce(f64::max), "m"),
            Figure::new("zone_law", self.laws.join("；"), ""),
            Figure::new("edge_basis", self.guesses.join("；"), ""),
        ]
    }
}
