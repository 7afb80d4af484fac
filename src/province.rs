//! A made province for benchmarks and law tests: the same seed, the same features. Nothing here is a real place.
//!
//! In the proportions of a northern plain: for each 1000 farms 48 villages, 300 ponds, 30 schools and 60 public toilets.

use std::sync::Arc;

use crate::fault::Fault;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{self, Attribute};
use crate::layer::Layer;
use crate::table::{Builder, Value};
use crate::units::{AsOf, Day};

/// South-western corner and the side of a village's cell, degrees.
const ORIGIN: [f64; 2] = [115.0, 36.0];
const CELL_DEG: f64 = 0.018;

/// Sebastiano Vigna's splitmix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly in 0 … 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[(self.next() % of.len() as u64) as usize]
    }
}

/// A layer being made: its builder and where each wanted attribute stands.
struct Making {
    kind: Arc<crate::kind::Kind>,
    attributes: Vec<Attribute>,
    builder: Builder,
}

impl Making {
    fn of(kind: &str, names: &[&str]) -> Result<Self, Fault> {
        let kind = kind::kind(kind)?;
        let attributes: Vec<Attribute> = names.iter().filter_map(|name| kind.attribute(name).cloned()).collect();
        Ok(Self { kind, builder: Builder::new(attributes.clone()), attributes })
    }

    fn ring(&mut self, ring: &[[f64; 2]]) {
        let geometries: &mut Geometries = &mut self.builder.geometries;
        geometries.part(true);
        ring.iter().chain(ring.first()).for_each(|&c| geometries.coord(c));
        geometries.end_row(ShapeKind::Polygon);
    }

    fn point(&mut self, at: [f64; 2]) {
        self.builder.geometries.part(true);
        self.builder.geometries.coord(at);
        self.builder.geometries.end_row(ShapeKind::Point);
    }

    fn layer(self, name: &str) -> Arc<Layer> {
        debug_assert!(!self.attributes.is_empty());
        Arc::new(Layer::new(name, self.kind.title.clone(), self.kind, AsOf::NOW, self.builder.finish(Vec::new())))
    }
}

/// A star about a point: radius in degrees of latitude, corners in order, always valid.
fn star(dice: &mut Dice, [x, y]: [f64; 2], radius: f64, corners: usize) -> Vec<[f64; 2]> {
    let turn = std::f64::consts::TAU / corners as f64;
    (0..corners)
        .map(|k| {
            let (s, c) = (turn * (k as f64 + dice.between(-0.35, 0.35))).sin_cos();
            let r = radius * dice.between(0.6, 1.0);
            [x + r * c / 0.8, y + r * s]
        })
        .collect()
}

/// The villages, ponds, farms, schools and public toilets of a province with so many farms.
///
/// # Errors
/// `kind-unknown` where `maps/kinds` lacks one of them.
pub fn make(farms: u32, seed: u64) -> Result<Vec<Arc<Layer>>, Fault> {
    let mut dice = Dice(seed);
    let side = ((f64::from(farms) * 0.048).sqrt().round() as usize).max(3);
    let span = side as f64 * CELL_DEG;
    // Neighbours share their corners, so that the cells leave no gaps.
    let corner: Vec<[f64; 2]> = (0..=side)
        .flat_map(|i| (0..=side).map(move |j| (i, j)))
        .map(|(i, j)| {
            let mut shift = |k: usize| if k == 0 || k == side { 0.0 } else { dice.between(-0.3, 0.3) };
            [ORIGIN[0] + (i as f64 + shift(i)) * CELL_DEG, ORIGIN[1] + (j as f64 + shift(j)) * CELL_DEG]
        })
        .collect();
    let mut villages = Making::of("village", &["name", "households"])?;
    for i in 0..side {
        for j in 0..side {
            let at = |di: usize, dj: usize| corner[(i + di) * (side + 1) + j + dj];
            villages.ring(&[at(0, 0), at(1, 0), at(1, 1), at(0, 1)]);
            let households = 60 + (dice.next() % 840) as i64;
            let id = format!("v{:06}", i * side + j);
            villages.builder.push(&id, [Value::Text(&id), Value::Int(households)]);
        }
    }
    // A share of them near the middle of a village, the rest anywhere.
    let scatter = |dice: &mut Dice, near: f64| -> [f64; 2] {
        let (i, j) = (dice.next() as usize % side, dice.next() as usize % side);
        let bell = |dice: &mut Dice| (dice.unit() + dice.unit() + dice.unit() - 1.5) * 0.24;
        if dice.unit() < near {
            let (dx, dy) = (bell(dice), bell(dice));
            [ORIGIN[0] + (i as f64 + 0.5 + dx) * CELL_DEG, ORIGIN[1] + (j as f64 + 0.5 + dy) * CELL_DEG]
        } else {
            [ORIGIN[0] + dice.unit() * span, ORIGIN[1] + dice.unit() * span]
        }
    };
    let mut ponds = Making::of("waterbody", &["condition", "cleaned"])?;
    let last = Day::parse("2026-11-01").unwrap_or(Day(0));
    for n in 0..farms * 3 / 10 {
        let (at, radius) = (scatter(&mut dice, 0.5), 5e-5 + 6e-4 * dice.unit().powi(3));
        ponds.ring(&star(&mut dice, at, radius, 24));
        let condition = dice.pick(&["good", "good", "good", "good", "good", "good", "poor", "poor", "poor", "black"]);
        let cleaned = Day(last.0 - (dice.next() % 400) as i32);
        let cleaned = if dice.unit() < 0.25 { Value::Null } else { Value::Date(cleaned) };
        ponds.builder.push(&format!("p{n:07}"), [Value::Text(condition), cleaned]);
    }
    let mut all_farms = Making::of("farm", &["species"])?;
    for n in 0..farms {
        let (at, radius) = (scatter(&mut dice, 0.45), dice.between(8e-5, 6e-4));
        all_farms.ring(&star(&mut dice, at, radius, 7));
        all_farms.builder.push(&format!("f{n:07}"), [Value::Text(dice.pick(&["pig", "cattle", "sheep", "poultry"]))]);
    }
    let mut points = |kind: &str, letter: &str, count: u32, near: f64| -> Result<Making, Fault> {
        let mut making = Making::of(kind, &["name"])?;
        for n in 0..count {
            making.point(scatter(&mut dice, near));
            let id = format!("{letter}{n:07}");
            making.builder.push(&id, [Value::Text(&id)]);
        }
        Ok(making)
    };
    let schools = points("school", "s", farms * 3 / 100, 0.8)?;
    let toilets = points("toilet", "t", farms * 6 / 100, 0.9)?;
    Ok(vec![
        villages.layer("villages"),
        ponds.layer("ponds"),
        all_farms.layer("farms"),
        schools.layer("schools"),
        toilets.layer("toilets"),
    ])
}

/// The roads of a province, about so many pieces: a crooked grid whose corners are joined, of which a tenth is missing.
///
/// # Errors
/// `kind-unknown` where `maps/kinds` lacks them.
pub fn roads(pieces: u32, seed: u64) -> Result<Arc<Layer>, Fault> {
    let mut dice = Dice(seed);
    let side = ((f64::from(pieces) / 1.8).sqrt().round() as usize).max(3);
    let corner: Vec<[f64; 2]> = (0..=side * side + 2 * side)
        .map(|n| {
            let (i, j) = (n / (side + 1), n % (side + 1));
            let mut at = |k: usize| (k as f64 + dice.between(-0.2, 0.2)) * CELL_DEG;
            [ORIGIN[0] + at(i), ORIGIN[1] + at(j)]
        })
        .collect();
    let mut roads = Making::of("road", &["class"])?;
    for i in 0..=side {
        for j in 0..=side {
            for [k, l] in [[i + 1, j], [i, j + 1]] {
                if k > side || l > side || dice.unit() < 0.1 {
                    continue;
                }
                let [a, b] = [corner[i * (side + 1) + j], corner[k * (side + 1) + l]];
                let geometries = &mut roads.builder.geometries;
                geometries.part(true);
                for step in 0..=5 {
                    let t = f64::from(step) / 5.0;
                    let mut shift = || if step % 5 == 0 { 0.0 } else { dice.between(-0.04, 0.04) * CELL_DEG };
                    let (dx, dy) = (shift(), shift());
                    // To the last digit where roads meet.
                    let at = |k: usize| if step == 5 { b[k] } else { a[k] + t * (b[k] - a[k]) };
                    geometries.coord([at(0) + dx, at(1) + dy]);
                }
                geometries.end_row(ShapeKind::Line);
                let class = if i % 5 == 0 || j % 5 == 0 { "township" } else { "village" };
                roads.builder.push(&format!("r{i:04}-{j:04}-{k:04}"), [Value::Text(class)]);
            }
        }
    }
    Ok(roads.layer("roads"))
}
