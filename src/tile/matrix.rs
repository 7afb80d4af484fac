//! The tile matrix set WebMercatorQuad: which tile lies where.

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::mercator::{lnglat_to_world, world_to_lnglat};

/// Units to the side of a tile.
pub const EXTENT: i32 = 4096;

/// Units to a pixel: a vector tile is drawn 512 pixels wide.
pub const PIXEL: i32 = 8;

/// Units beyond each edge that a tile holds too, so that outlines and symbols run on into the next.
pub const BUFFER: i32 = 64;

/// The last zoom: a unit is 15 cm at the equator, and whoever looks closer enlarges its tiles.
pub const MAX_ZOOM: u8 = 16;

/// One tile of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileId {
    /// The tile matrix: 0 is the world.
    pub z: u8,
    /// From the north, 0 up.
    pub row: u32,
    /// From the west, 0 up.
    pub col: u32,
}

/// The tiles of one matrix that hold anything: first and last row, first and last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The matrix.
    pub z: u8,
    /// First and last row.
    pub rows: [u32; 2],
    /// First and last column.
    pub cols: [u32; 2],
}

impl TileId {
    /// Reads the three segments of a path.
    ///
    /// # Errors
    /// `tile-out-of-range` (not found), naming the segment and what it may be.
    pub fn parse(z: &str, row: &str, col: &str) -> Result<Self, Fault> {
        let read = |name: &str, text: &str, max: u32| {
            let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
            let number = if plain { text.parse::<u32>().ok() } else { None };
            number.filter(|n| *n <= max).ok_or_else(|| {
                let fault = Fault::not_found("tile-out-of-range").with("parameter", name).with("value", text);
                fault.with("min", 0).with("max", max)
            })
        };
        let zoom = read("tileMatrix", z, u32::from(MAX_ZOOM))?;
        let last = (1_u32 << zoom) - 1;
        Ok(Self { z: zoom as u8, row: read("tileRow", row, last)?, col: read("tileCol", col, last)? })
    }

    /// The tile with so many units around it, as longitude and latitude; the world has no more east than 180°.
    pub fn window(self, around: f64) -> Bbox {
        let side = f64::from(1_u32 << self.z);
        let margin = around / f64::from(EXTENT);
        let corner = |dx: f64, dy: f64| {
            let at = [(f64::from(self.col) + dx) / side, (f64::from(self.row) + dy) / side];
            world_to_lnglat(at.map(|share| share.clamp(-0.5, 1.5)))
        };
        let ([west, north], [east, south]) = (corner(-margin, -margin), corner(1.0 + margin, 1.0 + margin));
        Bbox { west: west.max(-180.0), south: south.max(-90.0), east: east.min(180.0), north: north.min(90.0) }
    }

    /// The tiles of a zoom on which a box lies.
    pub fn limits(bbox: [f64; 4], z: u8) -> Limits {
        let last = (1_u32 << z) - 1;
        let at = |share: f64| ((share * f64::from(1_u32 << z)).floor().max(0.0) as u32).min(last);
        let ([west, north], [east, south]) = (lnglat_to_world([bbox[0], bbox[3]]), lnglat_to_world([bbox[2], bbox[1]]));
        Limits { z, rows: [at(north), at(south)], cols: [at(west), at(east)] }
    }
}

/// The grid of one tile: cells of `step` units, with the tile's corner in the middle of the first.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Units to a cell.
    pub step: i32,
    scale: f64,
    origin: [f64; 2],
}

impl Frame {
    /// The grid on which a tile is drawn: half a pixel wide; on the last zoom a unit, for nobody draws it finer.
    pub fn of(tile: TileId) -> Self {
        let step = if tile.z == MAX_ZOOM { 1 } else { PIXEL / 2 };
        let side = f64::from(EXTENT / step);
        let scale = f64::from(1_u32 << tile.z) * side;
        Self { step, scale, origin: [f64::from(tile.col) * side, f64::from(tile.row) * side] }
    }

    /// Where a place lies in the grid; whole numbers are the middles of cells.
    #[inline]
    pub fn lnglat_to_cells(&self, lnglat: [f64; 2]) -> [f64; 2] {
        let [x, y] = lnglat_to_world(lnglat);
        [x * self.scale - self.origin[0], y * self.scale - self.origin[1]]
    }

    /// Cells to the world's width.
    pub fn world_cells(&self) -> f64 {
        self.scale
    }

    /// The first and the last cell that are drawn, either way.
    pub fn ends(&self) -> [i32; 2] {
        [-BUFFER / self.step, (EXTENT + BUFFER) / self.step]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_that_there_is_not_is_refused_by_segment() {
        assert_eq!(TileId::parse("2", "3", "0").unwrap(), TileId { z: 2, row: 3, col: 0 });
        for (z, row, col, parameter) in [
            ("17", "0", "0", "tileMatrix"),
            ("-1", "0", "0", "tileMatrix"),
            ("x", "0", "0", "tileMatrix"),
            ("2", "4", "0", "tileRow"),
            ("2", "+1", "0", "tileRow"),
            ("2", "0", "99999999999", "tileCol"),
            ("2", "0", "", "tileCol"),
        ] {
            let fault = TileId::parse(z, row, col).unwrap_err();
            assert_eq!(fault.fields()["parameter"], parameter, "{z}/{row}/{col}");
        }
    }

    #[test]
    fn a_tiles_window_holds_what_its_limits_say() {
        let tile = TileId { z: 12, row: 1548, col: 3382 };
        let window = tile.window(0.0);
        let [lng, lat] = window.centre();
        let limits = TileId::limits([lng, lat, lng, lat], 12);
        assert_eq!((limits.rows, limits.cols), ([1548, 1548], [3382, 3382]));
        let wide = tile.window(64.0);
        assert!(wide.west < window.west && wide.north > window.north);
    }
}
