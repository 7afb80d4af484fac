//! The state of a road by its chainage: section by section and side by side, what stands and what is open within its control zone.
//!
//! The zone is measured from the edge of the road's land, never from its centre line. A thing counts once, in the section where it
//! comes nearest to the road.

mod ground;
mod standard;

use rayon::prelude::*;

use crate::analysis::Bound;
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::road::{self, Patrolled, Road, Stretch, said, text};
use crate::analysis::shared::{round_mm, standing, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::chainage::{Place, Side};
use crate::geo::cut;
use crate::geo::frame::Frame;
use crate::geo::measure;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::geo::strip;
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::stop;
use crate::table::{Builder, Table, Value};
use crate::text::Title;
use ground::{Edge, Ground};
use standard::Zone;

/// What says that it belongs to the road does so within this distance of it, metres.
const NAMED_M: f64 = 200.0;
/// Farther than this from the axis nothing is in the zone, metres beyond its width.
const DEEPEST_M: f64 = 150.0;
/// How near to a section a track runs along it, metres.
const ALONG_M: f64 = 30.0;
/// The two sides, left first.
const SIDES: [Side; 2] = [Side::Left, Side::Right];

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "corridor",
    version: "1",
    parameters: &[
        Parameter { name: "road", domain: Domain::Feature { kind: "road", by: &["ref", "name"] } },
        Parameter {
            name: "section",
            domain: Domain::Number {
                default: 100.0,
                min: 10.0,
                max: 5_000.0,
                unit: "m",
                typical: [50.0, 1000.0, 50.0],
            },
        },
        // Nought: what the law says for the class of the road.
        Parameter {
            name: "zone",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 500.0, unit: "m", typical: [0.0, 100.0, 5.0] },
        },
        Parameter {
            name: "days",
            domain: Domain::Whole { default: 7, min: 0, max: 36_500, unit: "d", typical: [1.0, 60.0, 1.0] },
        },
    ],
    inputs: &[
        Input { role: "roads", from: From::Kind("road"), required: true },
        Input { role: "land", from: From::Kind("road_land"), required: false },
        Input { role: "issues", from: From::Kind("issue"), required: false },
        Input { role: "frontages", from: From::Kind("frontage"), required: false },
        Input { role: "farms", from: From::All(&["farm"]), required: false },
        Input {
            role: "structures",
            from: From::All(&["school", "toilet", "waste_point", "sewage_facility"]),
            required: false,
        },
        Input { role: "patrols", from: From::Kind("patrol"), required: false },
    ],
    subject: |_| "roads",
    properties,
    dated: true,
    influence: Influence::Whole,
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Date, Float, Int, Text};
    vec![
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("chainage", Text, ""),
        Attribute::property("chainage_to", Text, ""),
        Attribute { domain: terms(&["left", "right", "axis"]), ..Attribute::property("side", Code, "") },
        Attribute { domain: terms(&["parcels", "partly", "estimated"]), ..Attribute::property("basis", Code, "") },
        Attribute::property("zone_m", Float, "m"),
        Attribute::property("zone_m2", Float, "m2"),
        Attribute::property("issues", Int, "{issue}"),
        Attribute::property("issues_closed", Int, "{issue}"),
        Attribute::property("illegal", Int, "{issue}"),
        Attribute::property("frontages", Int, "{front}"),
        Attribute::property("contracts", Int, "{front}"),
        Attribute::property("unsigned", Int, "{unsigned}"),
        Attribute::property("farms", Int, ""),
        Attribute::property("structures", Int, ""),
        Attribute::property("patrols", Int, "{patrol}"),
        Attribute::property("last_patrol", Date, ""),
        Attribute { title: Title::of("property-days_unpatrolled"), ..Attribute::property("days_since", Int, "d") },
        Attribute::property("unpatrolled", Bool, ""),
        Attribute {
            domain: terms(&["declared", "recorded", "assumed"]),
            ..Attribute::property("numbered_by", Code, "")
        },
    ]
}

/// What is counted on one side of a section.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    issues: i64,
    closed: i64,
    illegal: i64,
    frontages: i64,
    contracts: i64,
    farms: i64,
    structures: i64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.issues += other.issues;
        self.closed += other.closed;
        self.illegal += other.illegal;
        self.frontages += other.frontages;
        self.contracts += other.contracts;
        self.farms += other.farms;
        self.structures += other.structures;
    }
}

/// The distance that holds for a road: the one that was asked for, else that of its class.
fn distance(bound: &Bound, roads: &Table, road: &Road) -> Result<(f64, Option<&'static Zone>), Fault> {
    let class = road.rows.iter().map(|&row| text(roads, row, "class")).find(|class| !class.is_empty());
    let law = class.and_then(|class| standard::zone(class, bound.as_of));
    match (bound.number("zone"), law) {
        (asked, law) if asked > 0.0 => Ok((asked, law.filter(|law| law.distance_m == asked))),
        (_, Some(law)) => Ok((law.distance_m, Some(law))),
        (_, None) => Err(Fault::unprocessable("corridor-no-distance").with("road", &road.called)),
    }
}

/// One road with its sections and its ground.
struct Corridor<'a> {
    road: &'a Road,
    stretches: Vec<Stretch<'a>>,
    ground: Ground<'a>,
    zone_m: f64,
    axes: Geometries,
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
    fn count(&self, table: &Table, tallies: &mut [[Tally; 2]], one: impl Fn(u32) -> Option<Tally>) {
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

    /// The strips of the zone, left and right of each section.
    fn strips(&self) -> Vec<[Geometries; 2]> {
        let depths = self.ground.depths(&self.stretches, self.zone_m);
        let after = |at: usize| {
            let here = &self.stretches[at];
            let end = here.section.line.last();
            let touches = |next: &&Stretch<'_>| next.route == here.route && next.section.line.first() == end;
            let first = self.stretches.iter().find(|one| one.route == here.route);
            let next = self.stretches.get(at + 1).filter(touches).or(first.filter(touches));
            next.and_then(|next| next.section.line.get(1).copied())
        };
        let boxed = |at: usize| {
            let all =
                self.stretches[at].section.line.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one));
            all.map(|bbox| bbox.padded(depths[at] * strip::LONGEST_CORNER))
        };
        let boxes: Vec<Option<Bbox>> = (0..self.stretches.len()).map(boxed).collect();
        let stop = stop::current();
        let strips = (0..self.stretches.len()).into_par_iter().map(|at| {
            let line = &self.stretches[at].section.line;
            let frame = Frame::at(line[line.len() / 2]);
            let cell = |k: usize, side: Side| {
                strip::cell(&frame, &self.stretches[k].section.line, after(k), side == Side::Left, depths[k])
            };
            let Some(bbox) = boxes[at].filter(|_| !stop.is_raised()) else {
                return [Geometries::default(), Geometries::default()];
            };
            // At sharp bends strips meet: what came first along the road has the ground.
            let before = (0..at).filter(|&k| boxes[k].is_some_and(|other| meets(&bbox, &other)));
            let mut taken: cut::Rings =
                before.flat_map(|k| SIDES.map(|side| cell(k, side)).into_iter().flatten()).collect();
            SIDES.map(|side| {
                let own = cell(at, side);
                let polygons = self.ground.zone(&frame, &bbox, &own, &taken, self.zone_m);
                taken.extend(own);
                let mut geometries = Geometries::default();
                cut::push_polygons(&frame, &polygons, &mut geometries);
                geometries
            })
        });
        strips.collect()
    }
}

fn meets(a: &Bbox, b: &Bbox) -> bool {
    a.west <= b.east && a.east >= b.west && a.south <= b.north && a.north >= b.south
}

/// An issue, unless it is none of ours or its place is nobody's business.
fn issue(table: &Table, row: u32) -> Option<Tally> {
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

fn frontage(table: &Table, row: u32) -> Tally {
    let signed = matches!(text(table, row, "contract"), "signed" | "renewed" | "violated");
    Tally { frontages: 1, contracts: i64::from(signed), ..Tally::default() }
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let table = |role: &str| bound.layers(role).first().map(|layer| &**layer.table());
    let (patrols, land) = (table("patrols"), table("land"));
    let roads = road::roads(bound, layer.table(), patrols)?;
    let days = bound.number("days") as i64;
    let own = ["name", "ref"].iter().filter_map(|name| layer.kind().attribute(name).cloned());
    let mut builder = Builder::new(own.chain(properties()).collect());
    let mut sum = Sum::default();
    for road in &roads {
        let (zone_m, law) = distance(bound, layer.table(), road)?;
        let stretches = road::stretches(std::slice::from_ref(road), bound.number("section"));
        let mut axes = Geometries::default();
        for stretch in &stretches {
            axes.part(true);
            stretch.section.line.iter().for_each(|&c| axes.coord(c));
            axes.end_row(ShapeKind::Line);
        }
        let ground = Ground::new(road, layer.table(), land);
        let corridor = Corridor { road, stretches, ground, zone_m, axes };
        let mut tallies = vec![[Tally::default(); 2]; corridor.stretches.len()];
        for layer in bound.layers("issues") {
            corridor.count(layer.table(), &mut tallies, |row| issue(layer.table(), row));
        }
        for layer in bound.layers("frontages") {
            corridor.count(layer.table(), &mut tallies, |row| Some(frontage(layer.table(), row)));
        }
        for (role, counted) in [
            ("farms", Tally { farms: 1, ..Tally::default() }),
            ("structures", Tally { structures: 1, ..Tally::default() }),
        ] {
            for layer in bound.layers(role) {
                let stands = standing(layer.table());
                corridor.count(layer.table(), &mut tallies, |row| stands(row).then_some(counted));
            }
        }
        let walked = patrols.map(|patrols| road::patrolled(bound, patrols, &corridor.stretches, ALONG_M));
        let (walked, came) = walked.unwrap_or_else(|| (vec![Patrolled::default(); corridor.stretches.len()], 0));
        sum.roads(law, zone_m, came);
        sum.guessed(corridor.ground.guesses());
        let strips = corridor.strips();
        for (at, stretch) in corridor.stretches.iter().enumerate() {
            let edge = corridor.ground.edge(&stretch.section.line);
            let days_since = walked[at].last.map(|day| bound.as_of.days_since(day));
            let unpatrolled = days_since.is_none_or(|since| since > days);
            sum.section(stretch, edge, unpatrolled);
            let common = Common { stretch, edge, zone_m, walked: walked[at], days_since, unpatrolled };
            for (side, geometry) in strips[at].iter().enumerate() {
                sum.all.add(&tallies[at][side]);
                common.push(&mut builder, side, &tallies[at][side], geometry);
            }
        }
    }
    let order = vec![
        SortKey::down("issues"),
        SortKey::down("unsigned"),
        SortKey::up("patrols"),
        SortKey::up("last_patrol"),
        SortKey::up("from_m"),
        SortKey::up("side"),
    ];
    Ok(Outcome { table: builder.finish(order), figures: sum.figures(road::names(&roads)) })
}

/// What both sides of a section have in common.
struct Common<'a> {
    stretch: &'a Stretch<'a>,
    edge: Edge,
    zone_m: f64,
    walked: Patrolled,
    days_since: Option<i64>,
    unpatrolled: bool,
}

impl Common<'_> {
    fn push(&self, builder: &mut Builder, side: usize, tally: &Tally, geometry: &Geometries) {
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
struct Sum {
    all: Tally,
    road_m: f64,
    estimated_m: f64,
    unpatrolled_m: f64,
    patrols: usize,
    zones: Vec<f64>,
    laws: Vec<String>,
    guesses: Vec<&'static str>,
}

impl Sum {
    fn roads(&mut self, law: Option<&'static Zone>, zone_m: f64, came: usize) {
        self.patrols += came;
        self.zones.push(zone_m);
        let said = law.map(Zone::said).filter(|said| !self.laws.contains(said));
        self.laws.extend(said);
    }

    fn guessed(&mut self, guesses: Vec<&'static str>) {
        let new: Vec<&str> = guesses.into_iter().filter(|one| !self.guesses.contains(one)).collect();
        self.guesses.extend(new);
    }

    fn section(&mut self, stretch: &Stretch<'_>, edge: Edge, unpatrolled: bool) {
        let length_m = stretch.section.to_m - stretch.section.from_m;
        self.road_m += length_m;
        self.estimated_m += if edge == Edge::Surveyed { 0.0 } else { length_m };
        self.unpatrolled_m += if unpatrolled { length_m } else { 0.0 };
    }

    fn figures(&self, road: String) -> Vec<Figure> {
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
            Figure::new("farms", all.farms, ""),
            Figure::new("structures", all.structures, ""),
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
