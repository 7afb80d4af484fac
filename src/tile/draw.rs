//! A tile: which features, their shapes on its grid, their properties, and what was left out.

use xxhash_rust::xxh3::xxh3_64;

use crate::geo::shape::Shape;
use crate::table::{Table, Value};
use crate::tile::areas::{self, Area};
use crate::tile::lines;
use crate::tile::matrix::{EXTENT, Frame, MAX_ZOOM, TileId};
use crate::tile::mvt::{Drawing, LEFT_OUT, LayerWriter};
use crate::tile::plan::{ID, Plan};
use crate::tile::thin::Laid;

/// A tile, drawn.
#[derive(Debug)]
pub struct Drawn {
    /// Mapbox Vector Tile 2.1; empty where the tile holds nothing.
    pub bytes: Vec<u8>,
    /// Of the features counted in this tile (those with the middle of their box in it), how many are shown.
    pub shown: usize,
    /// And how many are not: they were thinned out, or have fallen together with what surrounds them.
    pub left_out: usize,
}

/// Draws a tile of a table.
pub fn draw(table: &Table, laid: &Laid, plan: &Plan, tile: TileId) -> Drawn {
    let frame = Frame::of(tile);
    let choice = laid.choose(table, tile, plan.covering);
    let shapes: Vec<Shape<'_>> = choice.rows.iter().map(|&(row, _)| table.shape(row)).collect();
    let is_area = |shape: &Shape<'_>| shape.kind.dimension() == Some(2);
    let flat: Vec<Shape<'_>> = shapes.iter().copied().filter(is_area).collect();
    let areas = areas::draw(&flat, &frame, plan.covering, tile.z == MAX_ZOOM);
    let mut areas = areas.iter().flat_map(|part| part.areas.iter().map(|area| (&part.rings, area)));
    let keys = std::iter::once(ID).chain(plan.columns.iter().map(|(_, name)| name.as_str())).collect();
    let mut writer = LayerWriter::new(&plan.layer, keys, choice.rows.len());
    let mut covered = 0;
    for (&(row, here), shape) in choice.rows.iter().zip(&shapes) {
        let (pieces, points);
        let (drawing, scale, shift) = match shape.kind.dimension() {
            Some(2) => {
                let Some((rings, area)) = areas.next() else { continue };
                match area {
                    Area::Drawn(at, shift) => (Drawing::Polygons(rings, at.clone()), frame.step, *shift),
                    Area::Covered => {
                        covered += usize::from(here);
                        continue;
                    }
                    Area::Outside => continue,
                }
            }
            Some(1) => {
                pieces = lines::lines(*shape, &frame);
                if pieces.is_empty() {
                    continue;
                }
                (Drawing::Lines(&pieces), frame.step, 0)
            }
            _ => {
                points = lines::points(*shape, &frame);
                if points.is_empty() {
                    continue;
                }
                (Drawing::Points(&points), 1, 0)
            }
        };
        let feature = table.row(row);
        writer.begin();
        writer.tag(0, Value::Text(feature.id()), true);
        for (key, (column, _)) in plan.columns.iter().enumerate() {
            writer.tag(key as u32 + 1, feature.value(*column), false);
        }
        writer.end(feature_id(feature.id()), &drawing, scale, shift);
    }
    let shown = choice.rows.iter().filter(|(_, here)| *here).count() - covered;
    let left_out = choice.counted - shown;
    let mut bytes = Vec::new();
    writer.finish(&mut bytes);
    if left_out > 0 {
        statement(shown, left_out, &mut bytes);
    }
    Drawn { bytes, shown, left_out }
}

/// A number for a feature, always the same: of its id's XXH3 the upper 53 bits, which every client can hold.
pub fn feature_id(id: &str) -> u64 {
    xxh3_64(id.as_bytes()) >> 11
}

/// The layer that says what was left out.
fn statement(shown: usize, left_out: usize, bytes: &mut Vec<u8>) {
    let mut writer = LayerWriter::new(LEFT_OUT, vec!["shown", "left_out"], 1);
    writer.begin();
    writer.tag(0, Value::Int(shown as i64), false);
    writer.tag(1, Value::Int(left_out as i64), false);
    writer.end(0, &Drawing::Points(&[[EXTENT / 2, EXTENT / 2]]), 1, 0);
    writer.finish(bytes);
}
