//! `demand=households`: those that are out of reach.

use rayon::prelude::*;

use crate::analysis::coverage_gaps::service::Service;
use crate::analysis::coverage_gaps::some;
use crate::analysis::definition::Outcome;
use crate::analysis::{Bound, columns, round_mm, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::laid::Laid;
use crate::query::SortKey;
use crate::stop;
use crate::table::{Table, Value};

/// What a probe is laid in.
pub(super) type Buffers = (Laid, Laid);

/// The households that no facility reaches.
fn rows_unreached(households: &Table, service: &Service<'_>) -> Vec<u32> {
    let stands = standing(households);
    let rows: Vec<u32> = (0..households.len()).filter(|&row| stands(row) && !households.shape(row).is_none()).collect();
    let stop = stop::current();
    rows.par_chunks(256)
        .flat_map_iter(|chunk| {
            let mut buffers = Buffers::default();
            let mut found = Vec::new();
            for &row in chunk.iter().filter(|_| !stop.is_raised()) {
                let shape = households.shape(row);
                let Some(mut probe) = service.probe(shape, std::mem::take(&mut buffers)) else { continue };
                if !service.reaches(shape, &mut probe) {
                    found.push(row);
                }
                buffers = probe.buffers();
            }
            found
        })
        .collect()
}

/// Households beyond the reach, counted by the village whose ground they stand on; None where the map keeps no households.
pub(super) fn by_village(bound: &Bound, villages: &Table, service: &Service<'_>) -> Option<Vec<i64>> {
    let households = bound.layers("households").first()?.table();
    let mut counts = vec![0; villages.len() as usize];
    for row in rows_unreached(households, service) {
        let Some(bbox) = households.shape(row).bbox() else { continue };
        // On a shared border the first village takes it, so that nobody is counted twice.
        let mut holder: Option<u32> = None;
        villages.index().search(&bbox, |village| {
            if villages.shape(village).contains(bbox.centre()) {
                holder = Some(holder.map_or(village, |other| other.min(village)));
            }
        });
        if let Some(village) = holder {
            counts[village as usize] += 1;
        }
    }
    Some(counts)
}

/// The households out of reach, with how far they are from the nearest facility.
pub(super) fn unreached(bound: &Bound, service: &Service<'_>) -> Result<Outcome, Fault> {
    let households = bound.layer("households")?.table();
    let rows = rows_unreached(households, service);
    let by_road = service.road_reach().is_some();
    // How far to the nearest facility, and metres to the nearest road.
    let measured: Vec<(Option<f64>, Option<f64>)> = rows
        .par_iter()
        .map(|&row| {
            let shape = households.shape(row);
            (service.nearest(shape), if by_road { service.to_road_m(shape) } else { None })
        })
        .collect();
    let near = service.measure.named("nearest_m", "nearest_min");
    let wanted = if by_road { vec![near, "snap_m", "unreachable"] } else { vec![near] };
    let number = |x: &Option<f64>| x.map_or(Value::Null, Value::Float);
    let said =
        measured.iter().map(|(nearest, snap_m)| [number(nearest), number(snap_m), Value::Bool(nearest.is_none())]);
    let columns = columns(some(&wanted), &said.collect::<Vec<_>>());
    let stands = standing(households);
    let all = (0..households.len()).filter(|&row| stands(row)).count();
    let farthest = measured.iter().filter_map(|(m, _)| *m).reduce(f64::max);
    let mut figures = vec![
        Figure::new("uncovered_households", rows.len(), "{household}"),
        Figure::new("uncovered_share", if all > 0 { round_mm(rows.len() as f64 / all as f64) } else { 0.0 }, "1"),
        Figure::new(
            service.measure.named("farthest_m", "farthest_min"),
            farthest.map(round_mm),
            service.measure.unit(),
        ),
    ];
    if by_road {
        let cut_off = measured.iter().filter(|(m, _)| m.is_none()).count();
        figures.push(Figure::new("unreachable", cut_off, "{household}"));
    }
    // Null (no way to any facility) comes last under either order; those go first by another key.
    let mut order = vec![SortKey::down(near)];
    if by_road {
        order.insert(0, SortKey::down("unreachable"));
    }
    Ok(Outcome { table: households.derive(rows, columns, order), figures })
}
