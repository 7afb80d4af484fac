//! `demand=villages`: the ground of each village that is out of reach.

use rayon::prelude::*;

use crate::analysis::coverage_gaps::households;
use crate::analysis::coverage_gaps::service::{Service, place};
use crate::analysis::coverage_gaps::some;
use crate::analysis::definition::Outcome;
use crate::analysis::{Bound, columns, round_mm, standing};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::cut::{self, Cover, Rings};
use crate::geo::frame::Frame;
use crate::geo::hole;
use crate::geo::measure;
use crate::geo::shape::{Geometries, Shape};
use crate::query::SortKey;
use crate::table::{Table, Value};

/// Uncovered ground smaller than this is a sliver of the arithmetic, not a gap.
const SLIVER_M2: f64 = 1.0;
/// No circle in the gap is larger than the one that is named by more than this.
const HOLE_ERROR_M: f64 = 1.0;

/// What one village lacks.
struct Gap {
    village: u32,
    uncovered_m2: f64,
    ground_m2: f64,
    households: i64,
    counted: bool,
    hole: Option<Hole>,
    frame: Frame,
    polygons: Vec<Rings>,
}

/// The largest circle in a gap.
struct Hole {
    centre: [f64; 2],
    radius_m: f64,
    nearest: Option<f64>,
}

/// What is known of the households: how many are out of reach, village by village, or how many a village has.
#[derive(Clone, Copy)]
enum Households<'a> {
    Counted(&'a [i64]),
    Of(Option<f64>),
}

/// Seven decimals of a degree, about a centimetre.
fn degrees(x: f64) -> f64 {
    (x * 1e7).round() / 1e7
}

fn hole(service: &Service<'_>, frame: &Frame, ground: &Rings, covers: &[Cover]) -> Option<Hole> {
    let (middle, radius_m) = hole::largest_circle(ground, covers, HOLE_ERROR_M)?;
    let centre = frame.local_to_lnglat(middle).map(degrees);
    Some(Hole { centre, radius_m: round_mm(radius_m), nearest: service.nearest(place(centre).shape(0)) })
}

/// The ground of a village in a plane of its own, and what of it is within reach.
pub(in crate::analysis) struct Laid {
    /// The plane, about the village's middle.
    pub frame: Frame,
    /// The village.
    pub ground: Rings,
    /// Its area on the ellipsoid.
    pub ground_m2: f64,
    covers: Vec<Cover>,
    /// The ground within reach, rings that may overlap.
    pub reached: Rings,
}

impl Laid {
    /// None for what has no ground.
    pub fn of(shape: Shape<'_>, service: &Service<'_>, disc: &[[f64; 2]]) -> Option<Self> {
        if shape.kind.dimension() != Some(2) {
            return None;
        }
        let bbox = shape.extent()?;
        let frame = Frame::at(bbox.centre());
        let ground = cut::lay_rings(&frame, shape);
        let covers = service.covers(&frame, &bbox);
        let reached = cut::rings_of(&covers, disc, &cut::window_of(&ground));
        Some(Self { frame, ground, ground_m2: measure::area_m2(shape), covers, reached })
    }

    /// The share of the village that polygons of its plane are. Areas of the plane are off by its scale, shares are not.
    pub fn share(&self, polygons: &[Rings]) -> f64 {
        let plane_m2: f64 = polygons.iter().map(cut::rings_area_m2).sum();
        (plane_m2 / cut::rings_area_m2(&self.ground)).clamp(0.0, 1.0)
    }
}

fn gap(
    villages: &Table,
    village: u32,
    service: &Service<'_>,
    disc: &[[f64; 2]],
    households: Households<'_>,
) -> Option<Gap> {
    let laid = Laid::of(villages.shape(village), service, disc)?;
    let whole = laid.reached.is_empty();
    let polygons = if whole { vec![laid.ground.clone()] } else { cut::difference(&laid.ground, &laid.reached) };
    let share = laid.share(&polygons);
    let uncovered_m2 = laid.ground_m2 * share;
    if uncovered_m2 < SLIVER_M2 {
        return None;
    }
    let (households, counted) = match households {
        Households::Counted(counts) => (counts[village as usize], true),
        Households::Of(all) => ((all.unwrap_or(0.0) * share).round() as i64, false),
    };
    let hole = hole(service, &laid.frame, &laid.ground, &laid.covers);
    let Laid { frame, ground_m2, .. } = laid;
    Some(Gap { village, uncovered_m2, ground_m2, households, counted, hole, frame, polygons })
}

/// The villages with ground out of reach.
pub(super) fn uncovered(bound: &Bound, service: &Service<'_>) -> Result<Outcome, Fault> {
    let villages = bound.layer("villages")?.table();
    let counts = households::by_village(bound, villages, service);
    let at_households = villages.column("households");
    let stands = standing(villages);
    let disc = cut::unit_disc();
    let gaps: Vec<Gap> = (0..villages.len())
        .into_par_iter()
        .filter(|&village| stands(village))
        .filter_map(|village| {
            let all = || at_households.and_then(|at| villages.row(village).value(at).number());
            let households = counts.as_deref().map_or_else(|| Households::Of(all()), Households::Counted);
            gap(villages, village, service, &disc, households)
        })
        .collect();
    let added = [
        "uncovered_m2",
        "uncovered_share",
        "uncovered_households",
        "households_basis",
        "hole_radius_m",
        service.measure.named("hole_nearest_m", "hole_nearest_min"),
        "hole_lng",
        "hole_lat",
    ];
    let mut geometries = Geometries::default();
    let mut said = Vec::with_capacity(gaps.len());
    for gap in &gaps {
        let of_hole = |f: fn(&Hole) -> Option<f64>| gap.hole.as_ref().and_then(f).map_or(Value::Null, Value::Float);
        said.push([
            Value::Float(gap.uncovered_m2),
            Value::Float(gap.uncovered_m2 / gap.ground_m2),
            Value::Int(gap.households),
            Value::Text(if gap.counted { "counted" } else { "estimated" }),
            of_hole(|hole| Some(hole.radius_m)),
            of_hole(|hole| hole.nearest),
            of_hole(|hole| Some(hole.centre[0])),
            of_hole(|hole| Some(hole.centre[1])),
        ]);
        // Ground of several polygons that nothing reaches comes as it stands: its rings say which are shells.
        if gap.polygons.len() == 1 && gap.uncovered_m2 >= gap.ground_m2 {
            geometries.push_shape(villages.shape(gap.village));
        } else {
            cut::push_polygons(&gap.frame, &gap.polygons, &mut geometries);
        }
    }
    let columns = columns(some(&added), &said);
    let uncovered_m2: f64 = gaps.iter().map(|gap| gap.uncovered_m2).sum();
    let ground_m2: f64 = (0..villages.len()).map(|row| measure::area_m2(villages.shape(row))).sum();
    let largest_m = gaps.iter().filter_map(|gap| Some(gap.hole.as_ref()?.radius_m)).reduce(f64::max);
    let figures = vec![
        Figure::new("uncovered_km2", round_mm(uncovered_m2 / 1e6), "km2"),
        Figure::new("uncovered_share", if ground_m2 > 0.0 { round_mm(uncovered_m2 / ground_m2) } else { 0.0 }, "1"),
        Figure::new("uncovered_households", gaps.iter().map(|gap| gap.households).sum::<i64>(), "{household}"),
        Figure::new("villages", gaps.len(), "{village}"),
        Figure::new("hole_radius_m", largest_m, "m"),
    ];
    let rows = gaps.iter().map(|gap| gap.village).collect();
    let order = vec![SortKey::down("uncovered_households"), SortKey::down("uncovered_m2")];
    Ok(Outcome { table: villages.derive(rows, columns, order).with_geometries(geometries), figures })
}
