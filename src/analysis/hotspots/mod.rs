//! Where things cluster more than chance: Getis and Ord's Gi* over cells or villages, with a false discovery rate, and against
//! the period before.

mod gi;
pub(super) mod lattice;
pub(super) mod units;
mod weights;

use crate::analysis::counted::{self, counted};
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Only, Outcome, Parameter};
use crate::analysis::{Bound, round_mm, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::nearby::{self, Nearby};
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Table, Value};
use crate::text::Title;

use gi::Local;
use lattice::{Form, Lattice};
use units::{UnitShape, Units};
use weights::Weights;

/// Fewer units than this have no distribution to speak of (Esri's guidance for Gi*; Getis and Ord 1992 ask for "at least 30").
const FEWEST: usize = 30;
/// The band that is meant where none is given: a cell's own row, column and diagonals, or a hexagon's six sides.
const USUAL_BAND: f64 = 1.5;
/// Of two periods' sums about a unit, a difference that chance hardly makes (two-sided 5 %, sums as Poisson counts).
const CHANGED: f64 = 1.96;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "hotspots",
    version: "1",
    parameters: &[
        counted::OF,
        counted::WHERE,
        counted::VALUE,
        counted::FROM,
        counted::TO,
        Parameter { name: "cells", domain: Domain::Choice { options: &["square", "hexagon", "village"] } },
        Parameter {
            name: "cell",
            domain: Domain::Number {
                default: 500.0,
                min: 10.0,
                max: 50_000.0,
                unit: "m",
                typical: [100.0, 2000.0, 100.0],
            },
        },
        Parameter { name: "neighbours", domain: Domain::Choice { options: &["band", "nearest"] } },
        Parameter {
            name: "band",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 200_000.0, unit: "m", typical: [0.0, 5000.0, 250.0] },
        },
        Parameter {
            name: "k",
            domain: Domain::Whole { default: 8, min: 1, max: 500, unit: "{unit}", typical: [1.0, 24.0, 1.0] },
        },
        Parameter { name: "weights", domain: Domain::Choice { options: &["binary", "row"] } },
        Parameter {
            name: "fdr",
            domain: Domain::Number { default: 0.05, min: 0.0001, max: 0.5, unit: "1", typical: [0.01, 0.1, 0.01] },
        },
    ],
    inputs: &[
        Input { role: "of", from: From::Parameter("of"), required: true },
        Input { role: "villages", from: From::Kind("village"), required: false },
    ],
    subject: |_| "of",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[
        Only { name: "band", under: "neighbours", values: &["band"] },
        Only { name: "k", under: "neighbours", values: &["nearest"] },
    ],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Int, Text};
    let classes = terms(&["hot99", "hot95", "hot90", "plain", "cold90", "cold95", "cold99"]);
    vec![
        Attribute { title: Title::of("property-villages"), ..Attribute::property("village", Text, "") },
        Attribute { title: Title::of("property-counted"), ..Attribute::property("count", Int, "{feature}") },
        Attribute::property("sum", Float, ""),
        Attribute::property("gi_z", Float, "1"),
        Attribute::property("p", Float, "1"),
        Attribute::property("q", Float, "1"),
        Attribute::property("significant", Bool, ""),
        Attribute { domain: classes, ..Attribute::property("class", Code, "") },
        Attribute::property("around", Int, "{feature}"),
        Attribute { title: Title::of("property-by_chance"), ..Attribute::property("expected", Float, "{feature}") },
        Attribute::property("sum_around", Float, ""),
        Attribute::property("sum_expected", Float, ""),
        Attribute::property("members", Int, "{unit}"),
        Attribute::property("count_before", Int, "{feature}"),
        Attribute::property("change", Int, "{feature}"),
        Attribute::property("sum_before", Float, ""),
        Attribute::property("around_before", Int, "{feature}"),
        Attribute {
            domain: terms(&["new", "intensifying", "persistent", "diminishing"]),
            ..Attribute::property("trend", Code, "")
        },
    ]
}

/// How sure it is, at the false discovery rates of 1, 5 and 10 %.
fn class(z: Option<f64>, q: Option<f64>) -> &'static str {
    let (Some(z), Some(q)) = (z, q) else { return "plain" };
    let words = if z > 0.0 { ["hot99", "hot95", "hot90"] } else { ["cold99", "cold95", "cold90"] };
    [0.01, 0.05, 0.10].iter().zip(words).find(|(rate, _)| q <= **rate).map_or("plain", |(_, word)| word)
}

/// What has become of a hot spot since the period before; None where there is and was none. `dispersion`: the variance of a sum
/// in terms of itself.
fn trend(now: (bool, &Local), before: (bool, &Local), dispersion: f64) -> Option<&'static str> {
    let (sum, sum_before) = (now.1.around as f64, before.1.around as f64);
    let changed = (sum - sum_before).abs() > CHANGED * (dispersion * (sum + sum_before)).sqrt();
    match (now.0, before.0) {
        (true, false) => Some("new"),
        (true, true) if changed && sum > sum_before => Some("intensifying"),
        (true, true) if changed => Some("diminishing"),
        (true, true) => Some("persistent"),
        (false, true) => Some("diminishing"),
        (false, false) => None,
    }
}

/// Gi* of every unit with its two-sided p, its adjusted p, and whether that passes.
struct Judged {
    local: Vec<Local>,
    p: Vec<Option<f64>>,
    q: Vec<Option<f64>>,
    fdr: f64,
}

impl Judged {
    fn of(counts: &[i64], weights: &Weights, by_row: bool, fdr: f64) -> Self {
        let local = gi::star(counts, weights, by_row);
        let p: Vec<Option<f64>> = local.iter().map(|local| local.z.map(gi::two_sided)).collect();
        let q = gi::adjusted(&p);
        Self { local, p, q, fdr }
    }

    fn is_significant(&self, unit: usize) -> bool {
        self.q[unit].is_some_and(|q| q <= self.fdr)
    }

    fn is_hot(&self, unit: usize) -> bool {
        self.is_significant(unit) && self.local[unit].z.is_some_and(|z| z > 0.0)
    }
}

/// Who is whose neighbour, and within which distance where it is one.
fn weights(bound: &Bound, units: &mut Units, villages: Option<&Table>) -> (Weights, Option<f64>) {
    let (nearest, k) = (bound.text("neighbours") == "nearest", bound.number("k") as usize);
    let asked_m = Some(bound.number("band")).filter(|band_m| *band_m > 0.0);
    match &mut units.shape {
        UnitShape::Cells(lattice, slots) => {
            let slots = slots.clone();
            let band_m = asked_m.unwrap_or(USUAL_BAND * bound.number("cell"));
            match nearest {
                true => (Weights::nearest(lattice, slots, k), None),
                false => (Weights::band(lattice, slots, band_m), Some(band_m)),
            }
        }
        UnitShape::Villages(rows) => {
            let anchor = |&row: &u32| villages.and_then(|table| table.shape(row).anchor()).unwrap_or([0.0; 2]);
            let middles: Vec<[f64; 2]> = rows.iter().map(anchor).collect();
            if nearest {
                return (Weights::listed(nearby::nearest(&middles, k).into_iter()), None);
            }
            let band_m = asked_m.unwrap_or_else(|| farthest_nearest_m(&middles));
            let nearby = Nearby::new(middles, band_m);
            let mut all: Vec<Vec<u32>> = vec![Vec::new(); rows.len()];
            nearby.pairs(
                0..nearby.cubes(),
                |_| true,
                |a, b, _| {
                    all[a as usize].push(b);
                    all[b as usize].push(a);
                },
            );
            all.iter_mut().for_each(|near| near.sort_unstable());
            (Weights::listed(all.into_iter()), Some(band_m))
        }
    }
}

/// The smallest band in which every village has a neighbour, rounded up to a metre.
fn farthest_nearest_m(middles: &[[f64; 2]]) -> f64 {
    let nearest = nearby::nearest(middles, 1);
    let pairs = nearest.iter().zip(middles).filter_map(|(found, &own)| Some((own, middles[*found.first()? as usize])));
    pairs.map(|(a, b)| crate::geo::ellipsoid::distance_m(a, b)).fold(0.0, f64::max).ceil()
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let counted = counted(bound)?;
    let villages = units::villages(bound);
    let mut units = match bound.text("cells") {
        "village" => match villages {
            Some(table) => units::by_village(table, &counted.places),
            None => return Err(Fault::unprocessable("hotspots-no-villages")),
        },
        form => {
            let form = if form == "hexagon" { Form::Hexagon } else { Form::Square };
            units::cells(form, bound.number("cell"), villages, &counted.places)?
        }
    };
    let total: u64 = units.counts[0].iter().map(|&n| u64::from(n)).sum();
    let k = if bound.text("neighbours") == "nearest" { bound.number("k") as usize } else { 0 };
    let fewest = FEWEST.max(k + 2);
    if units.len < fewest {
        let code = if units.len == 0 { "hotspots-no-units" } else { "hotspots-too-few" };
        return Err(Fault::unprocessable(code).with("units", units.len).with("fewest", fewest));
    }
    let (weighed, scale, dispersion) = (counted::weighed(bound), counted.scale, counted.dispersion());
    let (mean, deviation) = gi::moments(&units.sums[0]);
    if deviation == 0.0 {
        return Err(Fault::unprocessable("hotspots-all-equal").with("units", units.len).with("each", mean / scale));
    }
    let (weights, band_m) = weights(bound, &mut units, villages);
    let (by_row, fdr) = (bound.text("weights") == "row", bound.number("fdr"));
    let now = Judged::of(&units.sums[0], &weights, by_row, fdr);
    let before = counted.compares.then(|| Judged::of(&units.sums[1], &weights, by_row, fdr));
    // What is judged by sums is told in numbers of things too.
    let tallies = |period: usize| -> Vec<i64> { units.counts[period].iter().map(|&n| i64::from(n)).collect() };
    let tallied = |period: usize| weighed.then(|| gi::star(&tallies(period), &weights, by_row));
    let (tallied, mean_count) = ([tallied(0), tallied(1)], gi::moments(&tallies(0)).0);
    let mut builder = Builder::new(counted.in_units(properties()));
    let name = |row: u32| {
        villages.map_or(Value::Null, |table| match table.row(row).named("name") {
            Value::Null => Value::Text(table.row(row).id()),
            name => name,
        })
    };
    let counted_before: u64 = units.counts[1].iter().map(|&n| u64::from(n)).sum();
    // Of a period of which nothing is on record nobody knows what was new after it.
    let known_before = before.as_ref().filter(|_| counted_before > 0);
    let mut trends = [0_usize; 4];
    for unit in 0..units.len {
        let (count, count_before) = (units.counts[0][unit], units.counts[1][unit]);
        let (local, p, q) = (now.local[unit], now.p[unit], now.q[unit]);
        let names: Vec<String> = units.villages_of(unit).iter().map(|&row| name(row).to_text()).collect();
        let names = names.join("、");
        let trend = known_before.and_then(|before| {
            trend((now.is_hot(unit), &local), (before.is_hot(unit), &before.local[unit]), dispersion)
        });
        let words = ["new", "intensifying", "persistent", "diminishing"];
        trends.iter_mut().zip(words).for_each(|(n, word)| *n += usize::from(trend == Some(word)));
        let than_before = |n: i64| before.as_ref().map_or(Value::Null, |_| Value::Int(n));
        let around = |period: usize, own: &Local| tallied[period].as_ref().map_or(own.around, |all| all[unit].around);
        let of_values = |x: f64| if weighed { Value::Float(x / scale) } else { Value::Null };
        let number = |x: Option<f64>| x.map_or(Value::Null, Value::Float);
        builder.push(
            &units_id(&units, unit, villages),
            [
                if names.is_empty() { Value::Null } else { Value::Text(&names) },
                Value::Int(i64::from(count)),
                of_values(units.sums[0][unit] as f64),
                number(local.z),
                number(p),
                number(q),
                Value::Bool(now.is_significant(unit)),
                Value::Text(class(local.z, q)),
                Value::Int(around(0, &local)),
                Value::Float(mean_count * f64::from(local.members)),
                of_values(local.around as f64),
                of_values(mean * f64::from(local.members)),
                Value::Int(i64::from(local.members)),
                than_before(i64::from(count_before)),
                than_before(i64::from(count) - i64::from(count_before)),
                before.as_ref().map_or(Value::Null, |_| of_values(units.sums[1][unit] as f64)),
                than_before(before.as_ref().map_or(0, |before| around(1, &before.local[unit]))),
                trend.map_or(Value::Null, Value::Text),
            ],
        );
        push_unit(&units, unit, villages, &mut builder.geometries);
    }
    let significant = (0..units.len).filter(|&unit| now.is_significant(unit)).count();
    let hot = (0..units.len).filter(|&unit| now.is_hot(unit)).count();
    let in_hot: u64 =
        (0..units.len).filter(|&unit| now.is_hot(unit)).map(|unit| u64::from(units.counts[0][unit])).sum();
    let mut figures = vec![
        Figure::new("hot", hot, "{unit}"),
        Figure::new("in_hot", in_hot, "{feature}"),
        Figure::new("counted", total, "{feature}"),
        Figure::new("cold", significant - hot, "{unit}"),
        Figure::new("units", units.len, "{unit}"),
        Figure::new("mean_count", round_mm(mean_count), "{feature}"),
    ];
    if weighed {
        let in_hot: i64 = (0..units.len).filter(|&unit| now.is_hot(unit)).map(|unit| units.sums[0][unit]).sum();
        figures.push(Figure::new("sum_in_hot", round_mm(in_hot as f64 / scale), counted.unit.clone()));
        figures.push(Figure::new("sum", round_mm(counted.sum(false)), counted.unit.clone()));
    }
    if before.is_some() {
        figures.push(Figure::new("counted_before", counted_before, "{feature}"));
        let names = ["hot_new", "hot_intensifying", "hot_persistent", "hot_diminishing"];
        let told = |n: usize| known_before.map(|_| n);
        figures.extend(names.into_iter().zip(trends).map(|(name, n)| Figure::new(name, told(n), "{unit}")));
    }
    figures.extend(band_m.map(|band_m| Figure::new("band_m", round_mm(band_m), "m")));
    if units.outside > 0 {
        figures.push(Figure::new("outside", units.outside, "{feature}"));
    }
    figures.extend(counted.left_out());
    Ok(Outcome { table: builder.finish(vec![SortKey::down("gi_z")]), figures })
}

/// What a unit is called.
fn units_id(units: &Units, unit: usize, villages: Option<&Table>) -> String {
    match &units.shape {
        UnitShape::Cells(lattice, slots) => lattice.id(slots.cell(unit as u32)),
        UnitShape::Villages(rows) => villages.map(|table| table.row(rows[unit]).id().to_owned()).unwrap_or_default(),
    }
}

fn push_unit(units: &Units, unit: usize, villages: Option<&Table>, out: &mut Geometries) {
    match (&units.shape, villages) {
        (UnitShape::Cells(lattice, slots), _) => push_cell(lattice, slots.cell(unit as u32), out),
        (UnitShape::Villages(rows), Some(table)) => out.push_shape(table.shape(rows[unit])),
        (UnitShape::Villages(_), None) => out.push(None),
    }
}

/// Adds a cell as the next row.
pub(super) fn push_cell(lattice: &Lattice, cell: lattice::Cell, out: &mut Geometries) {
    let corners = lattice.corners(cell);
    out.part(true);
    corners.iter().chain(corners.first()).for_each(|&p| out.coord(lattice.frame().local_to_lnglat(p)));
    out.end_row(ShapeKind::Polygon);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_the_strictest_rate_that_passes() {
        assert_eq!(class(Some(4.0), Some(0.01)), "hot99");
        assert_eq!(class(Some(4.0), Some(0.010_1)), "hot95");
        assert_eq!(class(Some(-3.0), Some(0.1)), "cold90");
        assert_eq!(class(Some(3.0), Some(0.2)), "plain");
        assert_eq!(class(None, None), "plain");
    }

    #[test]
    fn a_hot_spot_is_held_against_what_it_was() {
        let local = |around| Local { around, members: 9, z: None };
        let of =
            |now: (bool, i64), before: (bool, i64)| trend((now.0, &local(now.1)), (before.0, &local(before.1)), 1.0);
        assert_eq!(of((true, 20), (false, 18)), Some("new"));
        assert_eq!(of((true, 30), (true, 25)), Some("persistent"), "5 more of 55 are chance");
        assert_eq!(of((true, 40), (true, 20)), Some("intensifying"));
        assert_eq!(of((true, 20), (true, 40)), Some("diminishing"));
        assert_eq!(of((false, 3), (true, 20)), Some("diminishing"));
        assert_eq!(of((false, 3), (false, 20)), None);
    }
}
