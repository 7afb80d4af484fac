//! How far a service reaches: the ground of each village, or the stretches of road, from which it is within reach, or the ground
//! that each facility reaches by itself. What `coverage-gaps` leaves out, measured by the same rules.

use rayon::prelude::*;

use crate::analysis::coverage_gaps::ground::Laid;
use crate::analysis::coverage_gaps::service::{Alone, Roads, Service};
use crate::analysis::coverage_gaps::stretches;
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{Bound, by_road, columns, round_mm, shared, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::cut::{self, Rings};
use crate::geo::frame::Frame;
use crate::geo::linear::Chain;
use crate::geo::measure;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::stop;
use crate::table::{Builder, Table, Value};

/// Ground smaller than this, and a stretch shorter than a centimetre, is the arithmetic's.
const SLIVER_M2: f64 = 1.0;
const SLIVER_M: f64 = 0.01;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "service-areas",
    version: "1",
    parameters: &[
        by_road::FACILITY,
        Parameter { name: "where", domain: Domain::Filter { on: "facility" } },
        Parameter { name: "show", domain: Domain::Choice { options: &["ground", "roads", "facilities"] } },
        by_road::REACH,
        by_road::MEASURE,
        by_road::MINUTES,
        by_road::PLANNED,
        by_road::OFF_ROAD,
        by_road::ONEWAY,
    ],
    inputs: &[
        Input { role: "facility", from: From::Parameter("facility"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: true },
        Input { role: "roads", from: From::Kind("road"), required: false },
    ],
    subject: |bound| match bound.text("show") {
        "roads" => "roads",
        "facilities" => "facility",
        _ => "villages",
    },
    properties,
    dated: false,
    influence: Influence::Whole,
    only: &by_road::ONLY,
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::Float;
    vec![
        Attribute::property("reached_m2", Float, "m2"),
        Attribute::property("reached_share", Float, "1"),
        Attribute::property("reached_m", Float, "m"),
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("nearest_m", Float, "m"),
        Attribute::property("nearest_min", Float, "min"),
        Attribute::property("snap_m", Float, "m"),
    ]
}

/// Those of the properties, in that order.
fn some(names: &[&str]) -> Vec<Attribute> {
    shared::some(&properties(), names)
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let roads = Roads::of(bound)?;
    let service = Service::of(bound, roads.as_ref())?;
    let mut outcome = match bound.text("show") {
        "roads" => along(bound, &service),
        "facilities" => by_facility(&service),
        _ => ground(bound, &service),
    }?;
    outcome.figures.push(Figure::new("facilities", service.count(), "{facility}"));
    outcome.figures.extend(service.figures());
    outcome.figures.extend(by_road::figures(bound)?);
    Ok(outcome)
}

/// The ground of a village within reach, in a plane of its own.
struct Reached {
    village: u32,
    reached_m2: f64,
    ground_m2: f64,
    frame: Frame,
    polygons: Vec<Rings>,
}

fn of_village(villages: &Table, village: u32, service: &Service<'_>, disc: &[[f64; 2]]) -> Option<Reached> {
    let laid = Laid::of(villages.shape(village), service, disc)?;
    let polygons = cut::intersection(&laid.ground, &laid.reached);
    let reached_m2 = laid.ground_m2 * laid.share(&polygons);
    let Laid { frame, ground_m2, .. } = laid;
    (reached_m2 >= SLIVER_M2).then_some(Reached { village, reached_m2, ground_m2, frame, polygons })
}

/// `show=ground`: what of each village is within reach.
fn ground(bound: &Bound, service: &Service<'_>) -> Result<Outcome, Fault> {
    let villages = bound.layer("villages")?.table();
    let stands = standing(villages);
    let disc = cut::unit_disc();
    let rows: Vec<u32> = (0..villages.len()).filter(|&village| stands(village)).collect();
    let found: Vec<Reached> =
        rows.into_par_iter().filter_map(|village| of_village(villages, village, service, &disc)).collect();
    let said = found.iter().map(|one| [Value::Float(one.reached_m2), Value::Float(one.reached_m2 / one.ground_m2)]);
    let columns = columns(some(&["reached_m2", "reached_share"]), &said.collect::<Vec<_>>());
    let mut geometries = Geometries::default();
    found.iter().for_each(|one| cut::push_polygons(&one.frame, &one.polygons, &mut geometries));
    let reached_m2: f64 = found.iter().map(|one| one.reached_m2).sum();
    let ground_m2: f64 = (0..villages.len()).map(|row| measure::area_m2(villages.shape(row))).sum();
    let figures = vec![
        Figure::new("reached_km2", round_mm(reached_m2 / 1e6), "km2"),
        Figure::new("reached_share", if ground_m2 > 0.0 { round_mm(reached_m2 / ground_m2) } else { 0.0 }, "1"),
        Figure::new("villages_reached", found.len(), "{village}"),
    ];
    let rows = found.iter().map(|one| one.village).collect();
    let order = vec![SortKey::up("reached_share"), SortKey::down("reached_m2")];
    Ok(Outcome { table: villages.derive(rows, columns, order).with_geometries(geometries), figures })
}

/// `show=facilities`: what each facility reaches as if there were no other.
fn by_facility(service: &Service<'_>) -> Result<Outcome, Fault> {
    let (facilities, rows) = service.only().ok_or_else(|| Fault::unprocessable("service-areas-several-layers"))?;
    let (disc, stop) = (cut::unit_disc(), stop::current());
    let of = |&row: &u32| -> Option<(Frame, Vec<Rings>, Alone)> {
        let facility = facilities.shape(row);
        let frame = Frame::at(facility.extent().filter(|_| !stop.is_raised())?.centre());
        let alone = service.alone(&frame, facility);
        let window = cut::window_about(&alone.covers);
        Some((frame, cut::union(&cut::rings_of(&alone.covers, &disc, &window)), alone))
    };
    let found: Vec<Option<_>> = rows.par_iter().map(of).collect();
    let (mut geometries, mut said, mut kept) = (Geometries::default(), Vec::new(), Vec::new());
    for (row, (frame, polygons, alone)) in rows.into_iter().zip(found).filter_map(|(row, one)| Some((row, one?))) {
        cut::push_polygons(&frame, &polygons, &mut geometries);
        let reached_m2 = measure::area_m2(geometries.shape(kept.len() as u32));
        kept.push(row);
        said.push([Some(reached_m2), alone.road_m, alone.snap_m].map(|m| m.map_or(Value::Null, Value::Float)));
    }
    let names = ["reached_m2", "reached_m", "snap_m"];
    let by_road = service.road_reach().is_some();
    let columns = columns(some(if by_road { &names } else { &names[..1] }), &said);
    let areas = || said.iter().filter_map(|[reached_m2, ..]| reached_m2.number());
    let figures = vec![
        Figure::new("reached_least_km2", areas().reduce(f64::min).map(|m2| round_mm(m2 / 1e6)), "km2"),
        Figure::new("reached_most_km2", areas().reduce(f64::max).map(|m2| round_mm(m2 / 1e6)), "km2"),
    ];
    let order = vec![SortKey::down("reached_m2")];
    Ok(Outcome { table: facilities.derive(kept, columns, order).with_geometries(geometries), figures })
}

/// Stretches that meet or overlap as one, in their order along a line.
fn joined(mut stretches: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut all: Vec<(f64, f64)> = Vec::new();
    for (from_m, to_m) in stretches {
        match all.last_mut() {
            Some(last) if from_m - last.1 <= SLIVER_M => last.1 = last.1.max(to_m),
            _ => all.push((from_m, to_m)),
        }
    }
    all.retain(|(from_m, to_m)| to_m - from_m > SLIVER_M);
    all
}

/// A stretch of road within reach: its road and part, from and to, its line, and how far its middle is from the nearest.
type Stretch = (u32, u32, (f64, f64), Vec<[f64; 2]>, Option<f64>);

/// `show=roads`: the stretches of road within reach.
fn along(bound: &Bound, service: &Service<'_>) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let roads = layer.table();
    let edges = stretches::edges_of(roads, service);
    let stands = standing(roads);
    let lines = (0..roads.len()).filter(|&row| roads.shape(row).kind.dimension() == Some(1) && stands(row));
    let of_road = |row: u32| {
        let edges = &edges[row as usize];
        let parts = stretches::reached(roads, row, service, edges);
        let road_m: f64 = parts.iter().map(|(chain, _)| chain.length_m()).sum();
        let pieces = (0..).zip(parts).flat_map(|(part, (chain, reached)): (u32, (Chain, Vec<(f64, f64)>))| {
            let piece = |(from_m, to_m): (f64, f64)| {
                let nearest = stretches::nearest_at(&chain, part, (from_m + to_m) / 2.0, service, edges);
                (row, part, (from_m, to_m), chain.piece(from_m, to_m), nearest)
            };
            joined(reached).into_iter().map(piece).collect::<Vec<Stretch>>()
        });
        (road_m, pieces.collect::<Vec<Stretch>>())
    };
    let found: Vec<(f64, Vec<Stretch>)> = lines.collect::<Vec<u32>>().into_par_iter().map(of_road).collect();
    let own: Vec<Attribute> =
        ["name", "ref", "class"].iter().filter_map(|name| layer.kind().attribute(name).cloned()).collect();
    let kept: Vec<Option<usize>> = own.iter().map(|attribute| roads.column(&attribute.name)).collect();
    let added = ["reached_m", "from_m", "to_m", service.measure.named("nearest_m", "nearest_min")];
    let mut builder = Builder::new(own.into_iter().chain(some(&added)).collect());
    let (mut reached_m, mut count) = (0.0, 0_usize);
    for (row, part, (from_m, to_m), line, nearest) in found.iter().flat_map(|(_, stretches)| stretches) {
        let road = roads.row(*row);
        (reached_m, count) = (reached_m + to_m - from_m, count + 1);
        let own = kept.iter().map(|at| at.map_or(Value::Null, |at| road.value(at)));
        let said = [to_m - from_m, *from_m, *to_m].map(Value::Float);
        let nearest = nearest.map_or(Value::Null, Value::Float);
        builder.push(&format!("{}:{}:{from_m:.2}", road.id(), part + 1), own.chain(said).chain([nearest]));
        builder.geometries.part(true);
        line.iter().for_each(|&c| builder.geometries.coord(c));
        builder.geometries.end_row(ShapeKind::Line);
    }
    let road_m: f64 = found.iter().map(|(m, _)| m).sum();
    let figures = vec![
        Figure::new("reached_road_km", round_mm(reached_m / 1000.0), "km"),
        Figure::new("reached_share", if road_m > 0.0 { round_mm(reached_m / road_m) } else { 0.0 }, "1"),
        Figure::new("stretches", count, "{stretch}"),
        Figure::new("road_km", round_mm(road_m / 1000.0), "km"),
    ];
    Ok(Outcome { table: builder.finish(vec![SortKey::down("reached_m")]), figures })
}
