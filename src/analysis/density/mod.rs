//! How dense things lie, evened out by a kernel: the number of them per square kilometre about each cell's middle.

mod bands;

use rayon::prelude::*;

use crate::analysis::counted::{self, Counted, Place, counted};
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::hotspots::lattice::{Cell, Form, Lattice};
use crate::analysis::hotspots::{push_cell, units};
use crate::analysis::{Bound, round_mm, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::cut;
use crate::geo::measure;
use crate::geo::shape::Geometries;
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::stop;
use crate::table::{Builder, Table, Value};
use crate::text::Title;

/// A bell goes on for ever: what is farther off than so many bandwidths adds less than 1.6e-8 of the middle, and is left out.
const BELL_REACH: f64 = 6.0;
/// Cells with less than this share of the highest density are not shown.
const SHOWN: f64 = 0.01;
/// Classes, each a fifth of the highest density.
const CLASSES: [&str; 5] = ["fifth1", "fifth2", "fifth3", "fifth4", "fifth5"];
/// Cells at the most.
const MOST_CELLS: f64 = 40_000_000.0;
/// Rows of cells that are worked out together.
const STRIP: usize = 32;
const M2_PER_KM2: f64 = 1e6;

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "density",
    version: "1",
    parameters: &[
        counted::OF,
        counted::WHERE,
        counted::VALUE,
        counted::FROM,
        counted::TO,
        Parameter { name: "kernel", domain: Domain::Choice { options: &["quartic", "gaussian"] } },
        Parameter {
            name: "bandwidth",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 100_000.0, unit: "m", typical: [0.0, 5000.0, 100.0] },
        },
        Parameter {
            name: "cell",
            domain: Domain::Number {
                default: 100.0,
                min: 5.0,
                max: 20_000.0,
                unit: "m",
                typical: [50.0, 1000.0, 50.0],
            },
        },
        Parameter { name: "show", domain: Domain::Choice { options: &["cells", "bands"] } },
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
    vec![
        Attribute::property("density_km2", ValueType::Float, "{feature}/km2"),
        Attribute::property("sum_km2", ValueType::Float, "1/km2"),
        Attribute::property("of_peak", ValueType::Float, "1"),
        Attribute { domain: terms(&CLASSES), ..Attribute::property("class", ValueType::Code, "") },
        Attribute { title: Title::of("property-ground_m2"), ..Attribute::property("area_m2", ValueType::Float, "m2") },
    ]
}

/// How a thing is spread over the ground about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// 3/(πh²) · (1 − d²/h²)² within h.
    Quartic,
    /// 1/(2πh²) · exp(−d²/2h²).
    Gaussian,
}

impl Kernel {
    fn reach_m(self, bandwidth_m: f64) -> f64 {
        match self {
            Self::Quartic => bandwidth_m,
            Self::Gaussian => BELL_REACH * bandwidth_m,
        }
    }

    /// What the middle of one thing adds, per square metre.
    fn height(self, bandwidth_m: f64) -> f64 {
        let h2 = bandwidth_m * bandwidth_m;
        match self {
            Self::Quartic => 3.0 / (std::f64::consts::PI * h2),
            Self::Gaussian => 1.0 / (std::f64::consts::TAU * h2),
        }
    }
}

/// A density over a block of cells, row by row from the south-west, per square metre.
pub struct Surface {
    from: Cell,
    columns: usize,
    values: Vec<f64>,
}

/// The bandwidth that is meant where none is given: 0.9 · min(standard distance, median distance from the middle · √(1/ln 2)) ·
/// n^−1/5 (Silverman 1986, eq. 3.31, for two dimensions as in ArcGIS). None where all lie in one place.
pub fn rule_of_thumb(points: &[[f64; 2]]) -> Option<f64> {
    let n = points.len() as f64;
    let mean = [0, 1].map(|axis| points.iter().map(|p| p[axis]).sum::<f64>() / n);
    let mut far: Vec<f64> = points.iter().map(|p| (p[0] - mean[0]).hypot(p[1] - mean[1])).collect();
    let standard = (far.iter().map(|d| d * d).sum::<f64>() / n).sqrt();
    far.sort_unstable_by(f64::total_cmp);
    let (low, high) = (far.get(far.len().checked_sub(1)? / 2)?, far.get(far.len() / 2)?);
    let median = (low + high) / 2.0 * (1.0 / std::f64::consts::LN_2).sqrt();
    // Where half lie in one place, the median says nothing.
    let spread = if median > 0.0 { standard.min(median) } else { standard };
    Some(0.9 * spread * n.powf(-0.2)).filter(|h| *h > 1e-3)
}

/// The density of points of the plane, each as high as its weight. They are added up in the order of their coordinates, whatever theirs was.
///
/// # Errors
/// `cells-too-many`.
pub fn surface(
    lattice: &Lattice,
    cell_m: f64,
    mut points: Vec<([f64; 2], f64)>,
    kernel: Kernel,
    h: f64,
) -> Result<Surface, Fault> {
    points.sort_unstable_by(|(a, v), (b, w)| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])).then(v.total_cmp(w)));
    let reach_m = kernel.reach_m(h);
    let bounds = |axis: usize| {
        let all = points.iter().map(|(p, _)| p[axis]);
        (all.clone().fold(f64::INFINITY, f64::min) - reach_m, all.fold(f64::NEG_INFINITY, f64::max) + reach_m)
    };
    let ((west, east), (south, north)) = (bounds(0), bounds(1));
    let cells = ((east - west) / cell_m + 4.0) * ((north - south) / cell_m + 4.0);
    if cells > MOST_CELLS {
        let least = (cell_m * (cells / MOST_CELLS).sqrt() * 1.01).ceil();
        return Err(Fault::unprocessable("cells-too-many").with("cell", cell_m).with("least", least));
    }
    // One more on each side, in which there is nothing: so every contour is closed.
    let (from, to) =
        (lattice.cell_at([west - cell_m, south - cell_m]), lattice.cell_at([east + cell_m, north + cell_m]));
    let columns = (to[0] - from[0] + 1) as usize;
    let rows = (to[1] - from[1] + 1) as usize;
    let mut values = vec![0.0; columns * rows];
    let (height, stop) = (kernel.height(h), stop::current());
    values.par_chunks_mut(columns * STRIP).enumerate().for_each(|(strip, values)| {
        let first = from[1] + (strip * STRIP) as i32;
        let middles = (0..values.len() / columns).map(|k| lattice.middle([0, first + k as i32])[1]);
        let middles: Vec<f64> = middles.collect();
        let (Some(low), Some(high)) = (middles.first(), middles.last()) else { return };
        let start = points.partition_point(|(p, _)| p[1] < low - reach_m);
        let mut across: Vec<f64> = Vec::new();
        for (p, weight) in points[start..].iter().take_while(|(p, _)| p[1] <= high + reach_m && !stop.is_raised()) {
            let column = ((p[0] - reach_m) / cell_m - 0.5).ceil() as i32;
            let last = ((p[0] + reach_m) / cell_m - 0.5).floor() as i32;
            let offset = (column - from[0]).max(0) as usize;
            let xs = (column..=last).map(|c| lattice.middle([c, 0])[0] - p[0]);
            let height = height * weight;
            across.clear();
            match kernel {
                Kernel::Quartic => across.extend(xs.map(|x| x * x / (h * h))),
                Kernel::Gaussian => across.extend(xs.map(|x| (-x * x / (2.0 * h * h)).exp())),
            }
            for (k, y) in middles.iter().map(|middle| middle - p[1]).enumerate() {
                let row = &mut values[k * columns + offset..];
                match kernel {
                    Kernel::Quartic => {
                        let up = y * y / (h * h);
                        row.iter_mut().zip(&across).for_each(|(value, x2)| {
                            let rest = (1.0 - x2 - up).max(0.0);
                            *value += height * rest * rest;
                        });
                    }
                    Kernel::Gaussian if y.abs() <= reach_m => {
                        let up = height * (-y * y / (2.0 * h * h)).exp();
                        row.iter_mut().zip(&across).for_each(|(value, x)| *value += up * x);
                    }
                    Kernel::Gaussian => {}
                }
            }
        }
    });
    Ok(Surface { from, columns, values })
}

impl Surface {
    /// The cells and their densities.
    pub fn cells(&self) -> impl Iterator<Item = (Cell, f64)> {
        let place = |n: usize| [self.from[0] + (n % self.columns) as i32, self.from[1] + (n / self.columns) as i32];
        self.values.iter().enumerate().map(move |(n, &value)| (place(n), value))
    }

    /// The highest density.
    pub fn peak(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let counted = counted(bound)?.now();
    let figures = counted.left_out();
    if counted.places.is_empty() {
        return Err(Fault::unprocessable("nothing-counted").with("layer", bound.text("of")));
    }
    let cell_m = bound.number("cell");
    let lattice = Lattice::about(Form::Square, cell_m, units::middle(units::villages(bound), &counted.places));
    let points: Vec<[f64; 2]> = counted.places.iter().map(|place| lattice.frame().lnglat_to_local(place.at)).collect();
    let kernel = if bound.text("kernel") == "gaussian" { Kernel::Gaussian } else { Kernel::Quartic };
    let asked_m = Some(bound.number("bandwidth")).filter(|h| *h > 0.0);
    let bandwidth_m = asked_m.map_or_else(
        || {
            // Added up in one order always: the bandwidth is the same whatever that of the rows.
            let mut points = points.clone();
            points.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
            let usual = rule_of_thumb(&points).map(|h| h.round().max(1.0));
            usual.ok_or_else(|| Fault::unprocessable("density-one-place").with("places", points.len()))
        },
        Ok,
    )?;
    let weighed = counted::weighed(bound);
    let weight = |place: &Place| place.value as f64 / counted.scale;
    let points = points.into_iter().zip(counted.places.iter().map(weight)).collect();
    let surface = surface(&lattice, cell_m, points, kernel, bandwidth_m)?;
    let peak = surface.peak();
    if peak <= 0.0 {
        return Err(Fault::unprocessable("density-too-coarse").with("cell", cell_m).with("bandwidth", bandwidth_m));
    }
    // Shown is the ground that hotspots are looked for on; what spills over its edge is counted in the peak and left out.
    let mut ground: Vec<Cell> = Vec::new();
    for (_, rings) in units::ground(&lattice, units::villages(bound), &counted.places) {
        lattice.cover(&rings, |cell, _| ground.push(cell));
    }
    ground.extend(counted.places.iter().map(|place| lattice.cell_at(lattice.frame().lnglat_to_local(place.at))));
    ground.sort_unstable();
    ground.dedup();
    let cell_m2 = cell_m * cell_m;
    let cells: Vec<(Cell, f64)> = surface
        .cells()
        .filter(|(cell, density)| *density >= SHOWN * peak && ground.binary_search(cell).is_ok())
        .collect();
    let shown: f64 = cells.iter().map(|(_, density)| density).sum();
    let densest = cells.iter().filter(|(_, density)| class(density / peak) == CLASSES[4]).count();
    let table = match bound.text("show") {
        "bands" => by_band(&surface, &lattice, &counted, weighed),
        _ => by_cell(&cells, peak, &lattice, &counted, (cell_m2, weighed)),
    };
    let mut all = vec![
        match weighed {
            false => Figure::new("peak_km2", round_mm(peak * M2_PER_KM2), "{feature}/km2"),
            true => Figure::new("sum_peak_km2", round_mm(peak * M2_PER_KM2), counted.per_km2()),
        },
        Figure::new("densest_km2", round_mm(densest as f64 * cell_m2 / M2_PER_KM2), "km2"),
        Figure::new("counted", counted.places.len(), "{feature}"),
        Figure::new("bandwidth_m", bandwidth_m, "m"),
        Figure::new("shown_share", round_mm(shown * cell_m2 / counted.sum(false)), "1"),
    ];
    all.extend(weighed.then(|| Figure::new("sum", round_mm(counted.sum(false)), counted.unit.clone())));
    all.extend(figures);
    Ok(Outcome { table, figures: all })
}

/// The fifth of the highest density in which a share of it lies.
fn class(share: f64) -> &'static str {
    CLASSES[((share * 5.0).ceil() as usize).clamp(1, 5) - 1]
}

/// A density per square kilometre: of numbers, or of sums.
fn dense(density: f64, weighed: bool) -> [Value<'static>; 2] {
    let value = Value::Float(density * M2_PER_KM2);
    if weighed { [Value::Null, value] } else { [value, Value::Null] }
}

fn by_cell(
    cells: &[(Cell, f64)],
    peak: f64,
    lattice: &Lattice,
    counted: &Counted,
    (cell_m2, weighed): (f64, bool),
) -> Table {
    let mut builder = Builder::new(counted.in_units(properties()));
    for &(cell, density) in cells {
        let share = density / peak;
        let [number, sum] = dense(density, weighed);
        let values = [number, sum, Value::Float(share), Value::Text(class(share)), Value::Float(cell_m2)];
        builder.push(&lattice.id(cell), values);
        push_cell(lattice, cell, &mut builder.geometries);
    }
    builder.finish(vec![SortKey::down("density_km2"), SortKey::down("sum_km2")])
}

/// A feature for each fifth: the ground on which the density lies in it, and what it is there at least.
fn by_band(surface: &Surface, lattice: &Lattice, counted: &Counted, weighed: bool) -> Table {
    let peak = surface.peak();
    let least = |k: usize| if k == 0 { SHOWN } else { k as f64 / 5.0 };
    let ground: Vec<_> = (0..5).into_par_iter().map(|k| bands::at_least(surface, lattice, least(k) * peak)).collect();
    let mut builder = Builder::new(counted.in_units(properties()));
    for (k, word) in CLASSES.iter().enumerate() {
        let own = bands::between(ground[k].clone(), ground.get(k + 1).map_or(&[], Vec::as_slice));
        if own.is_empty() {
            continue;
        }
        let mut shape = Geometries::default();
        cut::push_polygons(lattice.frame(), &own, &mut shape);
        let [number, sum] = dense(least(k) * peak, weighed);
        let values = [
            number,
            sum,
            Value::Float(least(k)),
            Value::Text(word),
            Value::Float(round_mm(measure::area_m2(shape.shape(0)))),
        ];
        builder.push(word, values);
        builder.geometries.push_shape(shape.shape(0));
    }
    builder.finish(vec![SortKey::down("density_km2")])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lattice() -> Lattice {
        Lattice::about(Form::Square, 50.0, [117.4, 39.6])
    }

    fn scatter() -> Vec<[f64; 2]> {
        (0..97).map(|k| [f64::from(k * 37 % 97) * 31.0 - 1400.0, f64::from(k * 53 % 89) * 29.0 - 1300.0]).collect()
    }

    fn once(points: Vec<[f64; 2]>) -> Vec<([f64; 2], f64)> {
        points.into_iter().map(|p| (p, 1.0)).collect()
    }

    #[test]
    fn what_counts_twice_is_as_dense_as_two() {
        let twice: Vec<([f64; 2], f64)> = scatter().into_iter().map(|p| (p, 2.0)).collect();
        let two = once([scatter(), scatter()].concat());
        let of = |points| surface(&lattice(), 50.0, points, Kernel::Quartic, 400.0).unwrap();
        let (a, b) = (of(twice), of(two));
        assert!(a.values.iter().zip(&b.values).all(|(a, b)| (a - b).abs() <= 1e-12 * b));
    }

    #[test]
    fn every_cell_has_the_sum_of_all_kernels() {
        let points = scatter();
        for (kernel, h) in [(Kernel::Quartic, 400.0), (Kernel::Gaussian, 150.0)] {
            let surface = surface(&lattice(), 50.0, once(points.clone()), kernel, h).unwrap();
            for (cell, density) in surface.cells().step_by(17) {
                let middle = lattice().middle(cell);
                let directly: f64 = points
                    .iter()
                    .map(|p| ((p[0] - middle[0]).powi(2) + (p[1] - middle[1]).powi(2)) / (h * h))
                    .map(|d2| match kernel {
                        Kernel::Quartic => 3.0 / (std::f64::consts::PI * h * h) * (1.0 - d2).max(0.0).powi(2),
                        Kernel::Gaussian => 1.0 / (std::f64::consts::TAU * h * h) * (-d2 / 2.0).exp(),
                    })
                    .sum();
                assert!((density - directly).abs() < 2e-8 * surface.peak() * 97.0_f64.min(3.0), "{kernel:?} {cell:?}");
            }
        }
    }

    #[test]
    fn all_density_together_is_the_number_of_things() {
        for (kernel, h, slack) in [(Kernel::Quartic, 400.0, 1e-4), (Kernel::Gaussian, 150.0, 1e-7)] {
            let surface = surface(&lattice(), 50.0, once(scatter()), kernel, h).unwrap();
            let mass: f64 = surface.cells().map(|(_, density)| density * 2500.0).sum();
            assert!((mass / 97.0 - 1.0).abs() < slack, "{kernel:?}: {mass}");
        }
    }

    #[test]
    fn the_order_of_the_things_makes_no_difference_to_the_last_digit() {
        let mut other = scatter();
        other.reverse();
        let of = |points| surface(&lattice(), 50.0, once(points), Kernel::Gaussian, 200.0).unwrap().values;
        assert_eq!(of(scatter()), of(other));
    }

    #[test]
    fn the_rule_of_thumb_worked_by_hand() {
        // Four corners of a square about its middle, 5 m off: both distances are 5 m, the standard one is the smaller.
        let corners = [[3.0, 4.0], [-3.0, 4.0], [3.0, -4.0], [-3.0, -4.0]];
        assert!((rule_of_thumb(&corners).unwrap() - 0.9 * 5.0 * 4f64.powf(-0.2)).abs() < 1e-12);
        assert_eq!(rule_of_thumb(&[[1.0, 1.0], [1.0, 1.0]]), None);
        assert_eq!(rule_of_thumb(&[]), None);
    }
}
