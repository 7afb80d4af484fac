//! What neighbours share stays shared: no gap, no overlap, at any zoom.

use std::sync::Arc;

use geo::{Area, BoundingRect, unary_union};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use xiangtu::collection::Collection;
use xiangtu::kind;
use xiangtu::layer::Layer;
use xiangtu::province;
use xiangtu::table::{Builder, Value};
use xiangtu::tile::{Laid, MAX_ZOOM, TileId};
use xiangtu::units::AsOf;

use super::{decode, drawn, table, tiles};

/// A map of villages with wiggly borders: bricks, whose corners lie on the edges of the row below, and some edges of which one
/// neighbour alone knows the vertices.
struct Bricks {
    columns: usize,
    rows: usize,
    /// The side of a brick, degrees.
    side: f64,
    wiggles: usize,
    seed: u64,
}

struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const CORNER: [f64; 2] = [117.123_4, 39.567_8];

impl Bricks {
    fn at(&self, i: f64, j: f64) -> [f64; 2] {
        [CORNER[0] + i * self.side, CORNER[1] + j * self.side]
    }

    /// The bricks' rings. Upright borders wiggle, the same for both sides; level ones are straight, and only the bricks below
    /// know where those above have their corners, or the other way round, or both, or neither.
    fn rings(&self) -> Vec<Vec<[f64; 2]>> {
        let mut dice = Dice(self.seed);
        let shift = |j: usize| if j.is_multiple_of(2) { 0.0 } else { 0.37 };
        let mut upright: Vec<Vec<Vec<[f64; 2]>>> = Vec::new();
        for j in 0..self.rows {
            let mut lines = Vec::new();
            for i in 0..=self.columns {
                let x = if i == 0 || i == self.columns { i as f64 } else { i as f64 + shift(j) };
                let mut line = vec![self.at(x, j as f64)];
                for k in 1..self.wiggles {
                    let t = k as f64 / self.wiggles as f64;
                    let edge = i == 0 || i == self.columns;
                    let off = if edge { 0.0 } else { (dice.unit() - 0.5) * 0.5 * t.min(1.0 - t) };
                    line.push(self.at(x + off, j as f64 + t));
                }
                line.push(self.at(x, j as f64 + 1.0));
                lines.push(line);
            }
            upright.push(lines);
        }
        let mut rings = Vec::new();
        for j in 0..self.rows {
            // Corners of the rows beside, known to this one or not.
            let mut beside = |line: &[Vec<[f64; 2]>], top: bool, from: f64, to: f64| -> Vec<[f64; 2]> {
                let ends = line.iter().map(|l| if top { l[0] } else { l[l.len() - 1] });
                ends.filter(|c| c[0] > from && c[0] < to).filter(|_| dice.unit() < 0.5).collect()
            };
            for i in 0..self.columns {
                let (left, right) = (&upright[j][i], &upright[j][i + 1]);
                let (from, to) = (left[0][0], right[0][0]);
                let mut ring = Vec::new();
                ring.push(left[0]);
                if j > 0 {
                    ring.extend(beside(&upright[j - 1], false, from, to));
                }
                ring.extend(right);
                if j + 1 < self.rows {
                    let mut corners = beside(&upright[j + 1], true, from, to);
                    corners.reverse();
                    ring.extend(corners);
                }
                ring.extend(left.iter().rev());
                ring.dedup();
                rings.push(ring);
            }
        }
        rings
    }

    fn layer(&self) -> Arc<Layer> {
        villages(self.rings().into_iter().map(|ring| Geometry::Polygon(Polygon::new(line(ring), Vec::new()))))
    }
}

fn line(ring: Vec<[f64; 2]>) -> LineString<f64> {
    ring.into_iter().map(|[x, y]| Coord { x, y }).collect()
}

fn villages(geometries: impl Iterator<Item = Geometry<f64>>) -> Arc<Layer> {
    let kind = kind::kind("village").unwrap();
    let attributes = vec![kind.attribute("name").unwrap().clone()];
    let mut builder = Builder::new(attributes);
    for (n, geometry) in geometries.enumerate() {
        builder.geometries.push(Some(&geometry));
        let name = format!("砖{n}村");
        builder.push(&format!("v{n:04}"), [Value::Text(&name)]);
    }
    Arc::new(Layer::new("villages", kind.title.clone(), kind, AsOf::NOW, builder.finish(Vec::new())))
}

fn polygons(geometry: &Geometry<f64>) -> Vec<Polygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(many) => many.0.clone(),
        other => panic!("{other:?}"),
    }
}

/// A tile of a layer whose areas cover a rectangle: what is seen of it is one rectangle without holes, as large as its parts.
/// Gives how many parts there were.
fn check(layer: &Layer, laid: &Laid, tile: TileId) -> usize {
    let table = table(layer);
    let drawn = drawn(layer, &table, laid, tile);
    assert!(tile.z < MAX_ZOOM || drawn.left_out == 0, "{tile:?}");
    let mut layers = decode(&drawn.bytes, tile);
    let Some(seen) = layers.remove("villages") else { return 0 };
    for one in &seen {
        assert!(one.valid, "{tile:?} {}: {:?}", one.id, one.geometry);
    }
    let parts: Vec<Polygon<f64>> = seen.iter().flat_map(|one| polygons(&one.geometry)).collect();
    let sum: f64 = parts.iter().map(Area::unsigned_area).sum();
    let union: MultiPolygon<f64> = unary_union(&parts);
    let area = union.unsigned_area();
    assert!((sum - area).abs() < 1e-3, "{tile:?}: parts overlap by {}", sum - area);
    assert_eq!(union.0.len(), 1, "{tile:?}: in one piece");
    assert!(union.0[0].interiors().is_empty(), "{tile:?}: no gap within");
    let rect = union.bounding_rect().unwrap();
    assert!((rect.width() * rect.height() - area).abs() < 1e-3, "{tile:?}: {rect:?} holds {area}");
    seen.len()
}

fn check_all(layer: &Layer, most: usize) {
    let laid = Laid::default();
    let bbox = layer.summary().unwrap().bbox.unwrap();
    let mut seen = 0;
    for z in 0..=MAX_ZOOM {
        for tile in tiles(bbox, z, most) {
            seen += check(layer, &laid, tile);
        }
    }
    assert!(seen > 17, "{seen} parts were looked at");
}

#[test]
fn villages_of_a_made_province_leave_no_gap_and_do_not_overlap() {
    // Corners of four, inside; the province is a rectangle.
    let layers = province::make(3000, 7).unwrap();
    check_all(&layers[0], 12);
}

#[test]
fn bricks_leave_no_gap_whoever_knows_the_corners() {
    for (side, wiggles) in [(0.01, 12), (0.3, 40), (0.0004, 5), (0.01, 1)] {
        check_all(&Bricks { columns: 5, rows: 6, side, wiggles, seed: 11 }.layer(), 10);
    }
}

#[test]
fn an_enclave_and_an_exclave_fill_the_holes_that_they_lie_in() {
    let mut dice = Dice(5);
    let mut blob = |[x, y]: [f64; 2], radius: f64| -> Vec<[f64; 2]> {
        let turn = std::f64::consts::TAU / 60.0;
        let mut ring: Vec<[f64; 2]> = (0..60)
            .map(|k| {
                let (s, c) = (turn * f64::from(k)).sin_cos();
                let r = radius * (0.6 + 0.4 * dice.unit());
                [x + r * c, y + r * s]
            })
            .collect();
        ring.push(ring[0]);
        ring
    };
    let [x, y] = CORNER;
    let square = |west: f64| vec![[west, y], [west + 0.02, y], [west + 0.02, y + 0.02], [west, y + 0.02], [west, y]];
    let (one, other) = (blob([x + 0.005, y + 0.009], 0.003), blob([x + 0.0151, y + 0.012], 0.0031));
    let (tiny, east) = (blob([x + 0.0103, y + 0.003], 0.000_01), blob([x + 0.031, y + 0.01], 0.004));
    let holed = |west: f64, holes: &[&Vec<[f64; 2]>]| {
        Polygon::new(line(square(west)), holes.iter().map(|ring| line((*ring).clone())).collect())
    };
    let alone = |ring: &Vec<[f64; 2]>| Polygon::new(line(ring.clone()), Vec::new());
    let layer = villages(
        [
            Geometry::Polygon(holed(x, &[&one, &other, &tiny])),
            // A village with a part of it inside its neighbour.
            Geometry::MultiPolygon(MultiPolygon(vec![holed(x + 0.02, &[&east]), alone(&other)])),
            Geometry::Polygon(alone(&one)),
            Geometry::Polygon(alone(&tiny)),
            Geometry::Polygon(alone(&east)),
        ]
        .into_iter(),
    );
    check_all(&layer, 12);
}

proptest! {

    #[test]
    fn random_partitions_leave_no_gap(
        columns in 1_usize..6, rows in 1_usize..6, scale in -4.0_f64..0.3, wiggles in 1_usize..30, seed: u64, z in 0..=MAX_ZOOM,
    ) {
        let layer = Bricks { columns, rows, side: 10_f64.powf(scale), wiggles, seed }.layer();
        let (laid, bbox) = (Laid::default(), layer.summary().unwrap().bbox.unwrap());
        for tile in tiles(bbox, z, 4) {
            check(&layer, &laid, tile);
        }
    }
}
