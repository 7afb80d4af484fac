//! A tile: which features, their shapes on its grid, their properties, and what was left out.

use crate::geo::shape::Shape;
use crate::table::{Table, Value};
use crate::tile::areas::{self, Area};
use crate::tile::lines;
use crate::tile::matrix::{EXTENT, Frame, MAX_ZOOM, TileId};
use crate::tile::mvt::{self, Drawing, LEFT_OUT, LayerWriter};
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
    let mut areas = areas.iter().flat_map(|part| part.areas.iter().map(|area| (&part.commands, area)));
    let mut written = Vec::new();
    let keys = std::iter::once(ID).chain(plan.columns.iter().map(|(_, name)| name.as_str())).collect();
    let mut writer = LayerWriter::new(&plan.layer, keys, choice.rows.len());
    let mut covered = 0;
    for (&(row, here), shape) in choice.rows.iter().zip(&shapes) {
        written.clear();
        let (drawing, commands) = match shape.kind.dimension() {
            Some(2) => {
                let Some((commands, area)) = areas.next() else { continue };
                match area {
                    Area::Drawn(at) => (Drawing::Polygons, &commands[at.clone()]),
                    Area::Covered => {
                        covered += usize::from(here);
                        continue;
                    }
                    Area::Outside => continue,
                }
            }
            Some(1) => {
                let pieces = lines::lines(*shape, &frame);
                mvt::lines(&pieces, frame.step, &mut written);
                (Drawing::Lines, &written[..])
            }
            _ => {
                let points = lines::points(*shape, &frame);
                if !points.is_empty() {
                    mvt::points(&points, &mut written);
                }
                (Drawing::Points, &written[..])
            }
        };
        if commands.is_empty() {
            continue;
        }
        let feature = table.row(row);
        writer.begin();
        writer.tag(0, Value::Text(feature.id()), true);
        for (key, (column, _)) in plan.columns.iter().enumerate() {
            writer.tag(key as u32 + 1, feature.value(*column), false);
        }
        writer.end(drawing, commands);
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

/// The layer that says what was left out.
fn statement(shown: usize, left_out: usize, bytes: &mut Vec<u8>) {
    let mut writer = LayerWriter::new(LEFT_OUT, vec!["shown", "left_out"], 1);
    writer.begin();
    writer.tag(0, Value::Int(shown as i64), false);
    writer.tag(1, Value::Int(left_out as i64), false);
    let mut middle = Vec::new();
    mvt::points(&[[EXTENT / 2, EXTENT / 2]], &mut middle);
    writer.end(Drawing::Points, &middle);
    writer.finish(bytes);
}
