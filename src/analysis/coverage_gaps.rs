//! Which ground, or which households, a service does not reach.
//!
//! `demand=villages`: per village, its ground farther than `reach` from every facility (edge to edge, straight).
//! `demand=households`: the households farther than `reach` from every facility. At exactly the reach one is served.

use rayon::prelude::*;

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::{Bound, round_mm, standing, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::cut::{self, Rings};
use crate::geo::frame::Frame;
use crate::geo::laid::Laid;
use crate::geo::measure::{self, Probe};
use crate::geo::shape::{Geometries, Shape};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{ColumnBuilder, Table, Value};

/// Uncovered ground smaller than this is a sliver of the arithmetic, not a gap.
const SLIVER_M2: f64 = 1.0;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "coverage-gaps",
    version: "1",
    parameters: &[
        Parameter {
            name: "facility",
            domain: Domain::Layer {
                kinds: &["toilet", "waste_point", "sewage_facility", "street_light", "camera", "school"],
            },
        },
        Parameter { name: "where", domain: Domain::Filter { on: "facility" } },
        Parameter { name: "demand", domain: Domain::Choice { options: &["villages", "households"] } },
        Parameter {
            name: "reach",
            domain: Domain::Number {
                default: 500.0,
                min: 1.0,
                max: 50_000.0,
                unit: "m",
                typical: [100.0, 2000.0, 50.0],
            },
        },
        Parameter { name: "measure", domain: Domain::Choice { options: &["straight"] } },
    ],
    inputs: &[
        Input { role: "facility", from: From::Parameter("facility"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: true },
        Input { role: "households", from: From::Kind("household"), required: false },
    ],
    subject: |bound| if bound.text("demand") == "households" { "households" } else { "villages" },
    properties,
    dated: false,
    influence: Influence::Parameter("reach"),
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Float, Int};
    vec![
        Attribute::property("uncovered_m2", Float, "m2"),
        Attribute::property("uncovered_share", Float, "1"),
        Attribute::property("uncovered_households", Int, "{household}"),
        Attribute { domain: terms(&["counted", "estimated"]), ..Attribute::property("households_basis", Code, "") },
        Attribute::property("nearest_m", Float, "m"),
    ]
}

/// The facilities that serve: standing, and passing the filter.
fn serving(bound: &Bound) -> Result<Vec<bool>, Fault> {
    let table = bound.layer("facility")?.table();
    let stands = standing(table);
    let test = bound.filter("where")?.map(|filter| filter.compile(table.attributes())).transpose()?;
    let passes = |row: u32| test.as_ref().is_none_or(|test| test.holds(table.row(row)) == Some(true));
    Ok((0..table.len()).map(|row| stands(row) && passes(row)).collect())
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    match bound.text("demand") {
        "households" => uncovered_households(bound),
        _ => uncovered_ground(bound),
    }
}

/// The ground within `reach_m` of a shape, as overlapping rings: its polygons, a disc about each vertex, a strip along each edge.
fn push_cover(frame: &Frame, shape: Shape<'_>, reach_m: f64, disc: &[[f64; 2]], window: &[f64; 4], out: &mut Rings) {
    if shape.kind.dimension() == Some(2) {
        out.extend(cut::lay_rings(frame, shape));
    }
    for (_, part) in shape.parts() {
        let mut last: Option<[f64; 2]> = None;
        for &lnglat in part {
            let p = frame.lnglat_to_local(lnglat);
            cut::push_clipped(
                disc.iter().map(|d| [p[0] + reach_m * d[0], p[1] + reach_m * d[1]]).collect(),
                window,
                out,
            );
            if let Some(q) = last.filter(|_| shape.kind.dimension() != Some(0)) {
                let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
                let length = dx.hypot(dy);
                if length > 0.0 {
                    let (nx, ny) = (-dy / length * reach_m, dx / length * reach_m);
                    // Anticlockwise, as the discs run.
                    out.push(vec![
                        [q[0] - nx, q[1] - ny],
                        [p[0] - nx, p[1] - ny],
                        [p[0] + nx, p[1] + ny],
                        [q[0] + nx, q[1] + ny],
                    ]);
                }
            }
            last = Some(p);
        }
    }
}

/// What one village lacks.
struct Gap {
    village: u32,
    uncovered_m2: f64,
    ground_m2: f64,
    households: i64,
    counted: bool,
    frame: Frame,
    polygons: Vec<Rings>,
}

fn uncovered_ground(bound: &Bound) -> Result<Outcome, Fault> {
    let villages = bound.layer("villages")?.table();
    let facilities = bound.layer("facility")?.table();
    let serves = serving(bound)?;
    let reach_m = bound.number("reach");
    let per_village = households_beyond(bound, villages, facilities, &serves, reach_m)?;
    let disc = cut::unit_disc();
    let at_households = villages.column("households");
    let stands = standing(villages);
    let gaps: Vec<Gap> = (0..villages.len())
        .into_par_iter()
        .filter(|&village| stands(village))
        .filter_map(|village| {
            let shape = villages.shape(village);
            if shape.kind.dimension() != Some(2) {
                return None;
            }
            let bbox = shape.extent()?;
            let frame = Frame::at(bbox.centre());
            let ground = cut::lay_rings(&frame, shape);
            let mut covers = Rings::new();
            let window = cut::window_of(&ground);
            facilities.index().search(&bbox.padded(reach_m * 1.002 + 1.0), |row| {
                if serves[row as usize] {
                    push_cover(&frame, facilities.shape(row), reach_m, &disc, &window, &mut covers);
                }
            });
            let polygons = if covers.is_empty() { vec![ground.clone()] } else { cut::difference(&ground, &covers) };
            let left_m2: f64 = polygons.iter().map(cut::rings_area_m2).sum();
            let plane_m2 = cut::rings_area_m2(&ground);
            // The plane's areas are off by its scale; the ground's own geodesic area says by how much.
            let ground_m2 = measure::area_m2(shape);
            let share = (left_m2 / plane_m2).clamp(0.0, 1.0);
            let uncovered_m2 = ground_m2 * share;
            let (households, counted) = match &per_village {
                Some(counts) => (counts[village as usize], true),
                None => {
                    let all = at_households.and_then(|at| villages.row(village).value(at).number()).unwrap_or(0.0);
                    ((all * share).round() as i64, false)
                }
            };
            (uncovered_m2 > SLIVER_M2).then_some(Gap {
                village,
                uncovered_m2,
                ground_m2,
                households,
                counted,
                frame,
                polygons,
            })
        })
        .collect();
    let mut columns: Vec<(Attribute, ColumnBuilder)> =
        properties().into_iter().take(4).map(|a| (a.clone(), ColumnBuilder::new(a.value_type))).collect();
    let mut geometries = Geometries::default();
    for gap in &gaps {
        let values = [
            Value::Float(gap.uncovered_m2),
            Value::Float(gap.uncovered_m2 / gap.ground_m2),
            Value::Int(gap.households),
            Value::Text(if gap.counted { "counted" } else { "estimated" }),
        ];
        columns.iter_mut().zip(values).for_each(|((_, column), value)| column.push(value));
        // Ground of several polygons that nothing reaches comes as it stands: its rings say which are shells.
        if gap.polygons.len() == 1 && gap.uncovered_m2 >= gap.ground_m2 {
            geometries.push_shape(villages.shape(gap.village));
        } else {
            cut::push_polygons(&gap.frame, &gap.polygons, &mut geometries);
        }
    }
    let uncovered_m2: f64 = gaps.iter().map(|gap| gap.uncovered_m2).sum();
    let ground_m2: f64 = (0..villages.len()).map(|row| measure::area_m2(villages.shape(row))).sum();
    let figures = vec![
        Figure::new("uncovered_km2", round_mm(uncovered_m2 / 1e6), "km2"),
        Figure::new("uncovered_share", if ground_m2 > 0.0 { round_mm(uncovered_m2 / ground_m2) } else { 0.0 }, "1"),
        Figure::new("uncovered_households", gaps.iter().map(|gap| gap.households).sum::<i64>(), "{household}"),
        Figure::new("villages", gaps.len(), "{village}"),
        Figure::new("facilities", serves.iter().filter(|&&s| s).count(), "{facility}"),
    ];
    let rows = gaps.iter().map(|gap| gap.village).collect();
    let order = vec![SortKey::down("uncovered_households"), SortKey::down("uncovered_m2")];
    Ok(Outcome { table: villages.derive(rows, columns, order).with_geometries(geometries), figures })
}

/// Whether any serving facility is within the probe's reach.
fn reached(probe: &mut Probe<'_>, facilities: &Table, serves: &[bool]) -> bool {
    let search = probe.search;
    let mut found = false;
    facilities.index().search(&search, |row| {
        found = found || (serves[row as usize] && probe.reaches(facilities.shape(row)));
    });
    found
}

/// The households that no facility reaches.
fn unreached(households: &Table, facilities: &Table, serves: &[bool], reach_m: f64) -> Vec<u32> {
    let stands = standing(households);
    let rows: Vec<u32> = (0..households.len()).filter(|&row| stands(row) && !households.shape(row).is_none()).collect();
    rows.par_chunks(256)
        .flat_map_iter(|chunk| {
            let mut buffers = (Laid::default(), Laid::default());
            let mut found = Vec::new();
            for &row in chunk {
                let (laid, other) = std::mem::take(&mut buffers);
                let Some(mut probe) = Probe::reuse(households.shape(row), reach_m, laid, other) else { continue };
                if !reached(&mut probe, facilities, serves) {
                    found.push(row);
                }
                buffers = probe.buffers();
            }
            found
        })
        .collect()
}

/// Households beyond the reach, counted by the village whose ground they stand on; None where the map keeps no households.
fn households_beyond(
    bound: &Bound,
    villages: &Table,
    facilities: &Table,
    serves: &[bool],
    reach_m: f64,
) -> Result<Option<Vec<i64>>, Fault> {
    let Some(layer) = bound.layers("households").first() else { return Ok(None) };
    let households = layer.table();
    let mut counts = vec![0; villages.len() as usize];
    for row in unreached(households, facilities, serves, reach_m) {
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
    Ok(Some(counts))
}

/// Metres to the nearest serving facility, sought in windows that double; None where there is none at all.
fn nearest_m(shape: Shape<'_>, facilities: &Table, serves: &[bool], from_m: f64) -> Option<f64> {
    let mut reach_m = from_m * 2.0;
    loop {
        let mut probe = Probe::new(shape, reach_m)?;
        let search = probe.search;
        let mut best: Option<f64> = None;
        facilities.index().search(&search, |row| {
            if serves[row as usize]
                && let Some(distance_m) = probe.within(facilities.shape(row))
            {
                best = Some(best.map_or(distance_m, |b: f64| b.min(distance_m)));
            }
        });
        // Half the earth's girth: farther nothing lies.
        if best.is_some() || reach_m > 2.1e7 {
            return best;
        }
        reach_m *= 2.0;
    }
}

fn uncovered_households(bound: &Bound) -> Result<Outcome, Fault> {
    let households = bound.layer("households")?.table();
    let facilities = bound.layer("facility")?.table();
    let serves = serving(bound)?;
    let reach_m = bound.number("reach");
    let any = serves.contains(&true);
    let rows = unreached(households, facilities, &serves, reach_m);
    let nearest: Vec<Option<f64>> = rows
        .par_iter()
        .map(|&row| if any { nearest_m(households.shape(row), facilities, &serves, reach_m) } else { None })
        .collect();
    let mut column = ColumnBuilder::new(ValueType::Float);
    nearest.iter().for_each(|m| column.push(m.map_or(Value::Null, Value::Float)));
    let stands = standing(households);
    let all = (0..households.len()).filter(|&row| stands(row)).count();
    let figures = vec![
        Figure::new("uncovered_households", rows.len(), "{household}"),
        Figure::new("uncovered_share", if all > 0 { round_mm(rows.len() as f64 / all as f64) } else { 0.0 }, "1"),
        Figure::new("farthest_m", nearest.iter().flatten().copied().reduce(f64::max).map(round_mm), "m"),
        Figure::new("facilities", serves.iter().filter(|&&s| s).count(), "{facility}"),
    ];
    let added = properties().into_iter().skip(4).zip([column]).collect();
    // Null (no facility anywhere) comes last under either order; then all are null, and the id decides.
    Ok(Outcome { table: households.derive(rows, added, vec![SortKey::down("nearest_m")]), figures })
}
