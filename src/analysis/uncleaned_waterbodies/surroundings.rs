//! What stands beside a body and above it: sources of waste, the water that runs to it, its ground.

use std::collections::BTreeSet;

use crate::analysis::water::flow::{self, Network};
use crate::analysis::water::{Area, Waters, text};
use crate::analysis::{RowTest, standing};
use crate::geo::laid::Laid;
use crate::geo::measure::Probe;
use crate::geo::shape::Shape;
use crate::layer::Layer;
use crate::table::Table;

/// A layer of sources.
pub(super) struct Sources<'a> {
    kind: &'a str,
    table: &'a Table,
    counts: RowTest<'a>,
}

impl<'a> Sources<'a> {
    pub fn of(layer: &'a Layer) -> Self {
        let (table, kind) = (&**layer.table(), layer.kind().id.as_str());
        let (stands, status) = (standing(table), table.column("status").filter(|_| kind == "outfall"));
        // From an outfall that is plugged, or whose water is treated, nothing runs.
        let counts = move |row: u32| stands(row) && !matches!(text(table, row, status), "plugged" | "treated");
        Self { kind, table, counts: Box::new(counts) }
    }
}

/// The sources beside a body, and which stands nearest.
#[derive(Default)]
pub(super) struct Near<'a> {
    pub sources: u32,
    pub nearest: Option<(f64, &'a str, &'a str)>,
}

/// Looks about for sources within the probe's reach. Of two as near the first by its kind, then by its id.
fn look<'a>(probe: &mut Probe<'_>, sources: &'a [Sources<'a>]) -> Near<'a> {
    let search = probe.search;
    let mut near = Near::default();
    for Sources { kind, table, counts } in sources {
        table.index().search(&search, |row| {
            if !counts(row) {
                return;
            }
            let best_m = near.nearest.map_or(f64::INFINITY, |(m, ..)| m);
            let Some(told) = probe.tell(table.shape(row), best_m) else { return };
            near.sources += 1;
            let Some(m) = told else { return };
            let id = table.row(row).id();
            let nearer = |(other_m, other_kind, other_id)| m < other_m || other_kind == *kind && id < other_id;
            if near.nearest.is_none_or(nearer) {
                near.nearest = Some((m, kind, id));
            }
        });
    }
    near
}

/// The sources within reach of a shape: layer and row.
fn beside(shape: Shape<'_>, reach_m: f64, sources: &[Sources<'_>], found: &mut BTreeSet<(usize, u32)>) {
    let Some(mut probe) = Probe::new(shape, reach_m) else { return };
    let search = probe.search;
    for (layer, Sources { table, counts, .. }) in sources.iter().enumerate() {
        table.index().search(&search, |row| {
            if counts(row) && probe.reaches(table.shape(row)) {
                found.insert((layer, row));
            }
        });
    }
}

/// What was measured of one body.
pub(super) struct Found<'a> {
    pub area: Area,
    pub near: Near<'a>,
    pub upstream: Option<(&'static str, usize, usize, usize)>,
}

/// What is asked of the bodies' surroundings.
pub(super) struct Surroundings<'a> {
    pub waters: &'a Waters<'a>,
    pub sources: &'a [Sources<'a>],
    pub network: &'a Network,
    pub reach_m: f64,
    pub upstream_m: f64,
}

impl<'a> Surroundings<'a> {
    pub fn of(&self, row: u32, buffers: &mut (Laid, Laid)) -> Found<'a> {
        let shape = self.waters.table.shape(row);
        let (laid, other) = std::mem::take(buffers);
        let (mut near, mut drawn_m2) = (Near::default(), None);
        if let Some(mut probe) = Probe::reuse(shape, self.reach_m, laid, other) {
            near = look(&mut probe, self.sources);
            drawn_m2 = Some(probe.area_m2());
            *buffers = probe.buffers();
        }
        Found { area: self.waters.area(row, drawn_m2), near, upstream: self.upstream(row) }
    }

    /// What is known of the direction, and how many sources stand beside the water upstream and beside all that is connected,
    /// those not counted that stand by the body itself.
    fn upstream(&self, row: u32) -> Option<(&'static str, usize, usize, usize)> {
        if self.network.is_empty() {
            return None;
        }
        let upstream = self.network.upstream(self.waters, row, self.upstream_m);
        let (mut own, mut above, mut all) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        if !upstream.connected.is_empty() {
            beside(self.waters.table.shape(row), self.reach_m, self.sources, &mut own);
        }
        for reached in &upstream.reached {
            let piece = flow::lower_piece(self.waters, reached);
            let shape = piece.as_ref().map_or_else(|| self.waters.table.shape(reached.row), |piece| piece.shape(0));
            beside(shape, self.reach_m, self.sources, &mut above);
        }
        for &other in &upstream.connected {
            beside(self.waters.table.shape(other), self.reach_m, self.sources, &mut all);
        }
        let beyond = |found: &BTreeSet<(usize, u32)>| found.difference(&own).count();
        Some((upstream.state, beyond(&above), upstream.connected.len(), beyond(&all)))
    }
}
