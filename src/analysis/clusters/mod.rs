//! Which things lie in dense groups, and which alone: DBSCAN (Ester et al. 1996) over true shapes, edge to edge.
//!
//! A thing is a core when at least `min_points` things, itself among them, are within `eps` (≤). Cores within `eps` of each other
//! are of one group; what is no core but within `eps` of one is of the group of its nearest core, of equally near ones that with
//! the smaller id. So no group depends on the order of the rows; in DBSCAN as it was published such a thing goes to whichever
//! group is grown first.

mod group;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::analysis::counted::{self, Place, counted};
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::hotspots::units;
use crate::analysis::{Bound, columns, round_mm, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::frame::Frame;
use crate::geo::hull;
use crate::geo::laid::Laid;
use crate::geo::measure::{self, Probe};
use crate::geo::nearby::Nearby;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::stop;
use crate::table::{Builder, Table, Value};
use crate::text::Title;
use crate::units::Day;
use group::{Grouped, Pairs, group};

/// Pairs within reach of each other at the most, 0.8 GB of them: beyond, `eps` is too wide for so many. Ten thousand things may all
/// be within reach of each other.
const MOST_PAIRS: usize = 50_000_000;
/// Cubes of points that are looked at in one go.
const CUBES: usize = 1024;
/// A group's ground reaches so far beyond its members: this share of `eps`, and at least so many metres.
const MARGIN: (f64, f64) = (0.1, 5.0);

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "clusters",
    version: "1",
    parameters: &[
        counted::OF,
        counted::WHERE,
        counted::FROM,
        counted::TO,
        Parameter {
            name: "eps",
            domain: Domain::Number {
                default: 300.0,
                min: 1.0,
                max: 50_000.0,
                unit: "m",
                typical: [50.0, 2000.0, 50.0],
            },
        },
        Parameter {
            name: "min_points",
            domain: Domain::Whole { default: 5, min: 2, max: 10_000, unit: "{feature}", typical: [2.0, 30.0, 1.0] },
        },
        Parameter { name: "show", domain: Domain::Choice { options: &["groups", "things"] } },
    ],
    inputs: &[
        Input { role: "of", from: From::Parameter("of"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: false },
    ],
    subject: |_| "of",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Date, Float, Int, Text};
    vec![
        Attribute::property("cluster", Int, ""),
        Attribute { title: Title::of("property-villages"), ..Attribute::property("village", Text, "") },
        Attribute { title: Title::of("property-counted"), ..Attribute::property("count", Int, "{feature}") },
        Attribute::property("cores", Int, "{feature}"),
        Attribute { title: Title::of("property-ground_m2"), ..Attribute::property("area_m2", Float, "m2") },
        Attribute::property("first_on", Date, ""),
        Attribute::property("last_on", Date, ""),
        Attribute::property("span_days", Int, "d"),
        Attribute {
            domain: terms(&["core", "border", "alone"]),
            title: Title::of("property-cluster_role"),
            ..Attribute::property("role", Code, "")
        },
    ]
}

/// All pairs within `eps_m` of each other, edge to edge.
///
/// # Errors
/// `clusters-too-dense` where there are more than `most`.
fn pairs(table: &Table, places: &[Place], eps_m: f64, most: usize) -> Result<Pairs, Fault> {
    let found = AtomicUsize::new(0);
    let too_many = || found.load(Ordering::Relaxed) > most;
    let is_point = |place: &Place| table.shape(place.row).kind == ShapeKind::Point;
    let pairs: Pairs = if places.iter().all(is_point) {
        let nearby = Nearby::new(places.iter().map(|place| place.at).collect(), eps_m);
        let stop = stop::current();
        let go_on = |pairs: usize| {
            found.fetch_add(pairs, Ordering::Relaxed);
            !too_many() && !stop.is_raised()
        };
        let of = |from: usize| {
            let mut own = Vec::new();
            if go_on(0) {
                nearby.pairs(from..(from + CUBES).min(nearby.cubes()), go_on, |a, b, chord2| own.push((a, b, chord2)));
            }
            own
        };
        (0..nearby.cubes()).into_par_iter().step_by(CUBES).map(of).collect()
    } else {
        let mut number = vec![u32::MAX; table.len() as usize];
        places.iter().enumerate().for_each(|(n, place)| number[place.row as usize] = n as u32);
        let (index, stop) = (table.index(), stop::current());
        let of = |chunk: &[(usize, &Place)]| {
            let mut buffers = (Laid::default(), Laid::default());
            let mut own = Vec::new();
            for &(n, place) in chunk.iter().filter(|_| !too_many() && !stop.is_raised()) {
                let (laid, other) = std::mem::take(&mut buffers);
                let Some(mut probe) = Probe::reuse(table.shape(place.row), eps_m, laid, other) else { continue };
                let (search, before) = (probe.search, own.len());
                index.search(&search, |row| {
                    let other = number[row as usize];
                    // Each pair is measured once, from that with the smaller number: so both say the same.
                    if other != u32::MAX
                        && other as usize > n
                        && let Some(apart_m) = probe.within(table.shape(row))
                    {
                        own.push((n as u32, other, apart_m));
                    }
                });
                found.fetch_add(own.len() - before, Ordering::Relaxed);
                buffers = probe.buffers();
            }
            own
        };
        let numbered: Vec<(usize, &Place)> = places.iter().enumerate().collect();
        numbered.par_chunks(64).map(of).collect()
    };
    if too_many() {
        return Err(Fault::unprocessable("clusters-too-dense").with("eps", eps_m).with("places", places.len()));
    }
    Ok(pairs)
}

/// A group.
#[derive(Default)]
struct Group {
    members: Vec<u32>,
    cores: usize,
    first_on: Option<Day>,
    last_on: Option<Day>,
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let table: &Table = bound.layer("of")?.table();
    let counted = counted(bound)?.now();
    let left_out = counted.left_out();
    let places = counted.places;
    if places.is_empty() {
        return Err(Fault::unprocessable("nothing-counted").with("layer", bound.text("of")));
    }
    // In the order of their ids, so that a smaller number is a smaller id.
    let mut of_row = vec![u32::MAX; table.len() as usize];
    places.iter().zip(0..).for_each(|(place, n)| of_row[place.row as usize] = n);
    let places: Vec<Place> =
        table.sorted().iter().filter_map(|&row| places.get(of_row[row as usize] as usize).copied()).collect();
    let eps_m = bound.number("eps");
    let pairs = pairs(table, &places, eps_m, MOST_PAIRS)?;
    let grouped = group(places.len(), &pairs, bound.number("min_points") as usize);
    let mut groups: Vec<(u32, Group)> = Vec::new();
    let mut of_first = vec![u32::MAX; places.len()];
    for (n, place) in places.iter().enumerate() {
        let Some(first) = grouped.group[n] else { continue };
        let at = &mut of_first[first as usize];
        if *at == u32::MAX {
            *at = groups.len() as u32;
            groups.push((first, Group::default()));
        }
        let one = &mut groups[*at as usize].1;
        one.members.push(n as u32);
        one.cores += usize::from(grouped.core[n]);
        one.first_on = [one.first_on, place.on].into_iter().flatten().min();
        one.last_on = one.last_on.max(place.on);
    }
    // The largest is number 1; of equals, that with the smaller id.
    groups.sort_by_key(|(first, one)| (std::cmp::Reverse(one.members.len()), *first));
    let in_groups: usize = groups.iter().map(|(_, one)| one.members.len()).sum();
    let mut figures = vec![
        Figure::new("clusters", groups.len(), "{cluster}"),
        Figure::new("in_clusters", in_groups, "{feature}"),
        Figure::new("alone", places.len() - in_groups, "{feature}"),
        Figure::new("largest", groups.first().map(|(_, one)| one.members.len()), "{feature}"),
        Figure::new("counted", places.len(), "{feature}"),
    ];
    figures.extend(left_out);
    let table = match bound.text("show") {
        "things" => things(table, &places, &grouped, &groups),
        _ => hulls(bound, table, &places, &groups, eps_m),
    };
    Ok(Outcome { table, figures })
}

/// The things themselves, each with the number of its group.
fn things(table: &Table, places: &[Place], grouped: &Grouped, groups: &[(u32, Group)]) -> Table {
    let number: BTreeMap<u32, i64> = groups.iter().zip(1..).map(|((first, _), n)| (*first, n)).collect();
    let added = properties().into_iter().filter(|a| matches!(a.name.as_str(), "cluster" | "role"));
    let said = (0..places.len()).map(|n| {
        let cluster = grouped.group[n].and_then(|first| number.get(&first));
        let role = match (grouped.core[n], cluster) {
            (true, _) => "core",
            (false, Some(_)) => "border",
            (false, None) => "alone",
        };
        [cluster.map_or(Value::Null, |&n| Value::Int(n)), Value::Text(role)]
    });
    let columns = columns(added.collect(), &said.collect::<Vec<_>>());
    let rows = places.iter().map(|place| place.row).collect();
    table.derive(rows, columns, vec![SortKey::up("cluster")])
}

/// The ground of a group, and the villages in which it lies.
struct Hull {
    outline: Geometries,
    area_m2: f64,
    names: String,
}

/// The groups as ground: the convex hull of their members' shapes, with a margin.
fn hulls(bound: &Bound, table: &Table, places: &[Place], groups: &[(u32, Group)], eps_m: f64) -> Table {
    let villages = units::villages(bound);
    let margin_m = (eps_m * MARGIN.0).max(MARGIN.1);
    let hull = |(_, one): &(u32, Group)| -> Option<Hull> {
        let shapes = || one.members.iter().map(|&n| table.shape(places[n as usize].row));
        let boxes = shapes().filter_map(|shape| shape.extent());
        let bbox = boxes.reduce(|all, one| all.union(&one))?;
        let frame = Frame::at(bbox.centre());
        let points = shapes().flat_map(|shape| shape.coords().iter().map(|&c| frame.lnglat_to_local(c))).collect();
        let ring: Vec<[f64; 2]> =
            hull::with_margin(points, margin_m).into_iter().map(|p| frame.local_to_lnglat(p)).collect();
        let mut own = Geometries::default();
        own.part(true);
        ring.iter().chain(ring.first()).for_each(|&c| own.coord(c));
        own.end_row(ShapeKind::Polygon);
        let names = villages.map(|villages| village_names(villages, one, places)).unwrap_or_default();
        Some(Hull { area_m2: round_mm(measure::area_m2(own.shape(0))), outline: own, names })
    };
    let hulls: Vec<Option<Hull>> = groups.par_iter().with_min_len(16).map(hull).collect();
    let mut builder = Builder::new(properties());
    for (((first, one), hull), number) in groups.iter().zip(&hulls).zip(1..) {
        let Some(Hull { outline, area_m2, names }) = hull else { continue };
        let day = |day: Option<Day>| day.map_or(Value::Null, Value::Date);
        let span = one.first_on.zip(one.last_on).map(|(first, last)| last.days_since(first) + 1);
        builder.push(
            &format!("cluster:{}", table.row(places[*first as usize].row).id()),
            [
                Value::Int(number),
                if names.is_empty() { Value::Null } else { Value::Text(names) },
                Value::Int(one.members.len() as i64),
                Value::Int(one.cores as i64),
                Value::Float(*area_m2),
                day(one.first_on),
                day(one.last_on),
                span.map_or(Value::Null, Value::Int),
                Value::Null,
            ],
        );
        builder.geometries.push_shape(outline.shape(0));
    }
    builder.finish(vec![SortKey::up("cluster")])
}

/// The villages in which a group's members lie, those with most of them first.
fn village_names(villages: &Table, group: &Group, places: &[Place]) -> String {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for &n in &group.members {
        let at = places[n as usize].at;
        let mut own: Option<u32> = None;
        villages.index().search(&Bbox::point(at), |row| {
            let before = own.is_none_or(|own| villages.row(row).id() < villages.row(own).id());
            if before && villages.shape(row).contains(at) {
                own = Some(row);
            }
        });
        if let Some(row) = own.map(|row| villages.row(row)) {
            let name = match row.named("name") {
                Value::Text(name) => name,
                _ => row.id(),
            };
            *found.entry(name).or_default() += 1;
        }
    }
    let mut names: Vec<(&str, usize)> = found.into_iter().collect();
    names.sort_by_key(|(_, members)| std::cmp::Reverse(*members));
    names.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_beyond_what_memory_holds_are_refused_and_not_left_out() {
        // Ten things within 90 m, once as points and once with a line among them.
        for line in [false, true] {
            let mut builder = Builder::new(Vec::new());
            for n in 0..10_u32 {
                builder.push(&format!("t-{n}"), []);
                builder.geometries.part(true);
                builder.geometries.coord([117.4 + f64::from(n) * 1e-4, 39.6]);
                if line && n == 0 {
                    builder.geometries.coord([117.4, 39.6001]);
                }
                builder.geometries.end_row(if line && n == 0 { ShapeKind::Line } else { ShapeKind::Point });
            }
            let table = builder.finish(Vec::new());
            let place = |row: u32| Place { row, at: table.shape(row).coords()[0], on: None, before: false, value: 1 };
            let places: Vec<Place> = (0..10).map(place).collect();
            let count = |most: usize| pairs(&table, &places, 100.0, most).map(|found| found.iter().flatten().count());
            assert_eq!(count(45).unwrap(), 45, "{line}");
            let fault = count(44).unwrap_err();
            assert_eq!((fault.code(), fault.fields()["places"].as_str()), ("clusters-too-dense", "10"), "{line}");
        }
    }
}
