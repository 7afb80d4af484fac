//! `demand=road`: the stretches of road that are out of reach, as where no street light shines.

use rayon::prelude::*;

use crate::analysis::coverage_gaps::service::{Service, place};
use crate::analysis::coverage_gaps::some;
use crate::analysis::definition::Outcome;
use crate::analysis::{Bound, round_mm, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::ellipsoid::between;
use crate::geo::linear::{Chain, stretches_near};
use crate::geo::shape::ShapeKind;
use crate::query::SortKey;
use crate::table::{Builder, Table, Value};

/// What is shorter than this is the arithmetic's, neither a gap nor what parts two.
const SLIVER_M: f64 = 0.01;
/// Longer edges are cut along their geodesic before they are laid into a plane.
const LONGEST_PLANE_EDGE_M: f64 = 2_000.0;

/// A stretch out of reach.
struct Gap {
    row: u32,
    part: u32,
    from_m: f64,
    to_m: f64,
    line: Vec<[f64; 2]>,
    nearest: Option<f64>,
}

/// The stretches of a line within a straight reach, in metres along it.
fn reached_straight(chain: &Chain, metres: &[f64], service: &Service<'_>) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    for (k, edge) in chain.line().windows(2).enumerate() {
        let bbox = Bbox::point(edge[0]).union(&Bbox::point(edge[1]));
        let mut near = Vec::new();
        service.near(&bbox.padded(service.reach * 1.002 + 1.0), |facility| near.push(facility));
        let (from_m, length_m) = (metres[k], metres[k + 1] - metres[k]);
        let along = |(from, to): (f64, f64)| (from_m + from * length_m, from_m + to * length_m);
        found.extend(stretches_near(edge[0], edge[1], &near, service.reach).into_iter().map(along));
    }
    found
}

/// What is left of a length when stretches of it are taken away.
fn left(length_m: f64, mut reached: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    reached.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gaps: Vec<(f64, f64)> = Vec::new();
    let mut at_m = 0.0_f64;
    for (from_m, to_m) in reached.into_iter().chain([(length_m, length_m)]) {
        if from_m - at_m > SLIVER_M {
            match gaps.last_mut() {
                Some(last) if at_m - last.1 <= SLIVER_M => last.1 = from_m,
                _ => gaps.push((at_m, from_m)),
            }
        }
        at_m = at_m.max(to_m);
    }
    gaps
}

/// A line with no edge too long for a plane.
fn cut_fine(part: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut line = Vec::with_capacity(part.len());
    for edge in part.windows(2) {
        line.push(edge[0]);
        line.extend(between(edge[0], edge[1], LONGEST_PLANE_EDGE_M));
    }
    line.extend(part.last());
    line
}

/// The parts of a road as they are measured, each with the stretches of it within reach, in metres along it. `edges`: those of
/// the network that are pieces of the road.
pub(in crate::analysis) fn reached(
    roads: &Table,
    row: u32,
    service: &Service<'_>,
    edges: &[u32],
) -> Vec<(Chain, Vec<(f64, f64)>)> {
    let of_part = |(part, (_, drawn)): (usize, (bool, &[[f64; 2]]))| {
        let chain = Chain::new(cut_fine(drawn));
        let reached = match service.road_reach() {
            None => reached_straight(&chain, chain.metres(), service),
            Some(reach) => {
                let own = edges.iter().filter(|&&edge| reach.network().edges()[edge as usize].part == part as u32);
                own.flat_map(|&edge| {
                    let from_m = reach.network().edges()[edge as usize].from_m;
                    reach.stretches(edge, service.reach).into_iter().map(move |(a, b)| (from_m + a, from_m + b))
                })
                .collect()
            }
        };
        (chain, reached)
    };
    roads.shape(row).parts().enumerate().map(of_part).collect()
}

/// How far it is to the nearest facility from a place along a part of a road, as it is told.
pub(in crate::analysis) fn nearest_at(
    chain: &Chain,
    part: u32,
    along_m: f64,
    service: &Service<'_>,
    edges: &[u32],
) -> Option<f64> {
    let Some(reach) = service.road_reach() else { return service.nearest(place(chain.at(along_m)).shape(0)) };
    edges.iter().find_map(|&edge| {
        let own = &reach.network().edges()[edge as usize];
        let on_edge_m = along_m - own.from_m;
        let holds = own.part == part && (0.0..=own.length_m).contains(&on_edge_m);
        if holds { reach.at(edge, on_edge_m).map(|near| service.measure.told(near.cost)) } else { None }
    })
}

/// The edges of the network by the road that they are pieces of.
pub(in crate::analysis) fn edges_of(roads: &Table, service: &Service<'_>) -> Vec<Vec<u32>> {
    let mut edges: Vec<Vec<u32>> = vec![Vec::new(); roads.len() as usize];
    if let Some(reach) = service.road_reach() {
        for (n, edge) in reach.network().edges().iter().enumerate() {
            edges[edge.row as usize].push(n as u32);
        }
    }
    edges
}

fn gaps_of(roads: &Table, row: u32, service: &Service<'_>, edges: &[u32]) -> (f64, Vec<Gap>) {
    let mut gaps = Vec::new();
    let mut total_m = 0.0;
    for (part, (chain, reached)) in (0..).zip(reached(roads, row, service, edges)) {
        let length_m = chain.length_m();
        total_m += length_m;
        for (from_m, to_m) in left(length_m, reached) {
            let line = chain.piece(from_m, to_m);
            let nearest = nearest_at(&chain, part, (from_m + to_m) / 2.0, service, edges);
            gaps.push(Gap { row, part, from_m, to_m, line, nearest });
        }
    }
    (total_m, gaps)
}

/// The roads that are meant: of these classes, and those of which nobody has said a class.
fn meant(bound: &Bound, roads: &Table) -> Vec<u32> {
    let classes = bound.several("classes");
    let stands = standing(roads);
    let column = roads.column("class");
    let of_class = |row: u32| match column.map(|at| roads.row(row).value(at)) {
        Some(Value::Text(class)) => classes.iter().any(|wanted| wanted == class),
        _ => true,
    };
    (0..roads.len())
        .filter(|&row| roads.shape(row).kind.dimension() == Some(1) && stands(row) && of_class(row))
        .collect()
}

/// The stretches of road out of reach.
pub(super) fn unreached(bound: &Bound, service: &Service<'_>) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let roads = layer.table();
    let edges = edges_of(roads, service);
    let found: Vec<(f64, Vec<Gap>)> =
        meant(bound, roads).into_par_iter().map(|row| gaps_of(roads, row, service, &edges[row as usize])).collect();
    let own: Vec<_> =
        ["name", "ref", "class"].iter().filter_map(|name| layer.kind().attribute(name).cloned()).collect();
    let kept: Vec<Option<usize>> = own.iter().map(|attribute| roads.column(&attribute.name)).collect();
    let by_road = service.road_reach().is_some();
    let mut added = vec!["uncovered_m", "from_m", "to_m", service.measure.named("nearest_m", "nearest_min")];
    added.extend(by_road.then_some("unreachable"));
    let mut builder = Builder::new(own.into_iter().chain(some(&added)).collect());
    let (mut uncovered_m, mut longest_m, mut count) = (0.0, 0.0_f64, 0_usize);
    for gap in found.iter().flat_map(|(_, gaps)| gaps) {
        let row = roads.row(gap.row);
        let length_m = gap.to_m - gap.from_m;
        (uncovered_m, longest_m, count) = (uncovered_m + length_m, longest_m.max(length_m), count + 1);
        let own = kept.iter().map(|at| at.map_or(Value::Null, |at| row.value(at)));
        let said = [
            Value::Float(length_m),
            Value::Float(gap.from_m),
            Value::Float(gap.to_m),
            gap.nearest.map_or(Value::Null, Value::Float),
            Value::Bool(gap.nearest.is_none()),
        ];
        builder.push(&format!("{}:{}:{:.2}", row.id(), gap.part + 1, gap.from_m), own.chain(said));
        builder.geometries.part(true);
        gap.line.iter().for_each(|&c| builder.geometries.coord(c));
        builder.geometries.end_row(ShapeKind::Line);
    }
    let road_m: f64 = found.iter().map(|(m, _)| m).sum();
    let figures = vec![
        Figure::new("uncovered_road_km", round_mm(uncovered_m / 1000.0), "km"),
        Figure::new("uncovered_share", if road_m > 0.0 { round_mm(uncovered_m / road_m) } else { 0.0 }, "1"),
        Figure::new("longest_gap_m", (count > 0).then(|| round_mm(longest_m)), "m"),
        Figure::new("gaps", count, "{stretch}"),
        Figure::new("road_km", round_mm(road_m / 1000.0), "km"),
    ];
    Ok(Outcome { table: builder.finish(vec![SortKey::down("uncovered_m")]), figures })
}
