//! What stands and what is open within the zone: each thing once, where it comes nearest to the road.

use super::strips::meets;
use super::{Corridor, ground};
use crate::analysis::road::text;
use crate::geo::chainage::{Place, Side};
use crate::geo::measure;
use crate::geo::shape::{Shape, ShapeKind};
use crate::table::{Table, Value};

/// What says that it belongs to the road does so within this distance of it, metres.
const NAMED_M: f64 = 200.0;
/// Farther than this from the axis nothing is in the zone, metres beyond its width.
const DEEPEST_M: f64 = 150.0;

/// What is counted on one side of a section.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Issues that are open.
    pub issues: i64,
    /// Issues that are closed.
    pub closed: i64,
    /// Open issues of illegal structures.
    pub illegal: i64,
    /// Frontages.
    pub frontages: i64,
    /// Those of them with a contract.
    pub contracts: i64,
    /// Farms.
    pub farms: i64,
    /// Schools, toilets and the like.
    pub structures: i64,
}

impl Tally {
    /// Adds what another counts.
    pub fn add(&mut self, other: &Self) {
        self.issues += other.issues;
        self.closed += other.closed;
        self.illegal += other.illegal;
        self.frontages += other.frontages;
        self.contracts += other.contracts;
        self.farms += other.farms;
        self.structures += other.structures;
    }
}

impl Corridor<'_> {
    /// Where a thing comes nearest to the road, and on which side.
    fn place(&self, shape: Shape<'_>, within_m: f64) -> Option<(usize, usize, Place)> {
        let point = if shape.kind == ShapeKind::Point {
            shape.coords().first().copied()?
        } else {
            self.nearest(shape, within_m)?
        };
        let (at, place) = ground::place(&self.stretches, point, within_m)?;
        // What stands on the axis is counted on the right: there one drives with the chainage.
        Some((at, usize::from(place.side != Side::Left), place))
    }

    /// The point of a shape that is nearest to the road.
    fn nearest(&self, shape: Shape<'_>, within_m: f64) -> Option<[f64; 2]> {
        let around = shape.bbox()?.padded(within_m + 1.0);
        let mut best: Option<(f64, [f64; 2])> = None;
        for at in 0..self.axes.len() as u32 {
            let axis = self.axes.shape(at);
            if axis.bbox().is_some_and(|own| meets(&own, &around))
                && let Some(near) = measure::nearest(shape, axis)
                && best.is_none_or(|(m, _)| near.distance_m < m)
            {
                best = Some((near.distance_m, near.from));
            }
        }
        best.map(|(_, point)| point)
    }

    /// Counts the things of a table, each once.
    pub fn count(&self, table: &Table, tallies: &mut [[Tally; 2]], one: impl Fn(u32) -> Option<Tally>) {
        let own_name = table.column("road").is_some();
        let mut rows = Vec::new();
        for axis in (0..self.axes.len() as u32).filter_map(|at| self.axes.shape(at).bbox()) {
            table.index().search(&axis.padded(NAMED_M.max(self.zone_m + DEEPEST_M) + 1.0), |row| rows.push(row));
        }
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let shape = table.shape(row);
            let Some(counted) = one(row).filter(|_| !shape.is_none()) else { continue };
            let named = if own_name { text(table, row, "road") } else { "" };
            let here = [&self.road.called, &self.road.name, &self.road.number];
            let names_it = here.iter().any(|name| !name.is_empty() && name.to_lowercase() == named.to_lowercase());
            // What names another road stands at that one.
            if !named.is_empty() && !names_it {
                continue;
            }
            let within_m = if names_it { NAMED_M } else { self.zone_m + DEEPEST_M };
            let Some((at, side, _)) = self.place(shape, within_m) else { continue };
            if names_it || self.ground.reaches(shape, self.zone_m) {
                tallies[at][side].add(&counted);
            }
        }
    }
}

/// An issue, unless it is none of ours or its place is nobody's business.
pub fn issue(table: &Table, row: u32) -> Option<Tally> {
    if table.row(row).named("private") == Value::Bool(true) {
        return None;
    }
    match text(table, row, "status") {
        "rejected" => None,
        "closed" | "held" => Some(Tally { closed: 1, ..Tally::default() }),
        _ => {
            let illegal = i64::from(text(table, row, "type") == "illegal_structure");
            Some(Tally { issues: 1, illegal, ..Tally::default() })
        }
    }
}

/// A frontage, with its contract where one is signed.
pub fn frontage(table: &Table, row: u32) -> Tally {
    let signed = matches!(text(table, row, "contract"), "signed" | "renewed" | "violated");
    Tally { frontages: 1, contracts: i64::from(signed), ..Tally::default() }
}
