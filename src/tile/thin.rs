//! What is left out where it is too dense, by one rule: **of features smaller than four pixels, one in each square of four
//! pixels is shown, the largest; of equally large ones, points above all, one by lot (its id decides, always the same)**.
//!
//! Whoever wins a square wins every smaller square within it, so what is seen at a zoom is seen at the next. On the last zoom
//! everything is shown. Kinds that cover ground together are never thinned.

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::geo::bbox::Bbox;
use crate::geo::mercator::lnglat_to_world;
use crate::table::{Index, Row, Table};
use crate::threads;
use crate::tile::matrix::{BUFFER, EXTENT, MAX_ZOOM, PIXEL, TileId};

/// Pixels to the side of a square that shows one small feature; what is larger is always shown.
pub const CELL_PIXELS: i32 = 4;

/// Squares to the side of a tile: two to the power of it.
const CELL_BITS: u8 = 7;

/// Places are told apart to two to the power of this, a unit of the last zoom.
const PLACE_BITS: u8 = 28;

/// Up to so many features in a tile's window compete there and then; of more it is worked out once for the whole table.
const FEW: usize = 30_000;

/// From so many on all cores look at them.
const MANY: usize = 2000;

/// Where a feature is counted and competes.
#[derive(Clone, Copy)]
struct Anchor {
    /// The middle of its box, as a path down the quadtree.
    code: u64,
    /// The larger side of its box, then a lot drawn by its id.
    weight: u64,
    /// The zoom from which it is too large to be left out.
    large: u8,
    row: u32,
}

/// Bits of `x`, each followed by a gap.
fn spread(x: u64) -> u64 {
    let x = (x | (x << 16)) & 0x0000_FFFF_0000_FFFF;
    let x = (x | (x << 8)) & 0x00FF_00FF_00FF_00FF;
    let x = (x | (x << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    let x = (x | (x << 2)) & 0x3333_3333_3333_3333;
    (x | (x << 1)) & 0x5555_5555_5555_5555
}

impl Anchor {
    fn of(row: Row<'_>) -> Option<Self> {
        let bbox = row.shape().bbox()?;
        let [west, north] = lnglat_to_world([bbox.west, bbox.north]);
        let [east, south] = lnglat_to_world([bbox.east, bbox.south]);
        let places = f64::from(1_u32 << PLACE_BITS);
        let at = |share: f64| ((share * places) as u64).min((1 << PLACE_BITS) - 1);
        let code = spread(at((west + east) / 2.0)) | (spread(at((north + south) / 2.0)) << 1);
        let span = ((east - west).max(south - north)) as f32;
        let weight = (u64::from(span.to_bits()) << 32) | (xxh3_64(row.id().as_bytes()) >> 32);
        let pixels = f64::from(EXTENT / PIXEL) * f64::from(span);
        let large = (f64::from(CELL_PIXELS) / pixels).log2().ceil().clamp(0.0, f64::from(MAX_ZOOM)) as u8;
        Some(Self { code, weight, large, row: row.row })
    }

    fn within(&self, tile: TileId) -> bool {
        self.code >> (2 * (PLACE_BITS - tile.z)) == prefix(tile)
    }
}

/// The path down the quadtree to a tile.
fn prefix(tile: TileId) -> u64 {
    spread(u64::from(tile.col)) | (spread(u64::from(tile.row)) << 1)
}

/// Bits below those that tell the squares of a zoom apart.
fn shift(z: u8) -> u8 {
    2 * (PLACE_BITS - CELL_BITS).saturating_sub(z)
}

/// The features of a tile: which to draw, and how many are counted here.
pub struct Choice {
    /// The rows that may show in the tile, in the order of the table, and whether each is counted here.
    pub rows: Vec<(u32, bool)>,
    /// How many features are counted in this tile: those with the middle of their box in it. So each is counted once at each
    /// zoom.
    pub counted: usize,
}

/// What is worked out for a table when its tiles are first asked for.
#[derive(Default)]
pub struct Laid {
    pyramid: OnceLock<Pyramid>,
}

/// For each feature of a table, the first zoom at which it shows.
struct Pyramid {
    /// By row; what has no place is never asked for.
    first: Vec<u8>,
    /// All anchors' codes, sorted.
    codes: Vec<u64>,
    /// The features that show at a zoom, where they are few among all.
    levels: Vec<OnceLock<Option<Index>>>,
}

impl Laid {
    /// The features of a tile. `whole`: nothing is to be left out.
    pub fn choose(&self, table: &Table, tile: TileId, whole: bool) -> Choice {
        if whole || tile.z == MAX_ZOOM {
            return all(table, tile);
        }
        if self.pyramid.get().is_none() {
            // Whatever competes with what shows in the tile lies within two squares of it.
            let window = tile.window(f64::from(BUFFER + 2 * CELL_PIXELS * PIXEL));
            let mut rows = Vec::new();
            table.index().search(&window, |row| rows.push(row));
            if rows.len() <= FEW {
                return among(table, tile, rows);
            }
        }
        self.pyramid.get_or_init(|| threads::short(|| Pyramid::of(table))).choose(table, tile)
    }
}

fn window(tile: TileId) -> Bbox {
    tile.window(f64::from(BUFFER))
}

fn counted(table: &Table, tile: TileId, row: u32) -> (u32, bool) {
    (row, Anchor::of(table.row(row)).is_some_and(|anchor| anchor.within(tile)))
}

fn choice(mut rows: Vec<(u32, bool)>, counted: Option<usize>) -> Choice {
    rows.sort_unstable();
    let counted = counted.unwrap_or_else(|| rows.iter().filter(|(_, here)| *here).count());
    Choice { rows, counted }
}

fn all(table: &Table, tile: TileId) -> Choice {
    let mut rows = Vec::new();
    table.index().search(&window(tile), |row| rows.push(counted(table, tile, row)));
    choice(rows, None)
}

/// The features that show, among these.
fn among(table: &Table, tile: TileId, rows: Vec<u32>) -> Choice {
    let anchors: Vec<Anchor> = if rows.len() < MANY {
        rows.into_iter().filter_map(|row| Anchor::of(table.row(row))).collect()
    } else {
        threads::short(|| rows.into_par_iter().filter_map(|row| Anchor::of(table.row(row))).collect())
    };
    let mut best: HashMap<u64, (u64, u32), foldhash::fast::RandomState> =
        HashMap::with_capacity_and_hasher(anchors.len(), foldhash::fast::RandomState::default());
    for anchor in &anchors {
        let own = (anchor.weight, anchor.row);
        let best = best.entry(anchor.code >> shift(tile.z)).or_insert(own);
        *best = own.max(*best);
    }
    let counted = anchors.iter().filter(|anchor| anchor.within(tile)).count();
    let shown = anchors.iter().filter(|anchor| {
        anchor.large <= tile.z || best.get(&(anchor.code >> shift(tile.z))) == Some(&(anchor.weight, anchor.row))
    });
    choice(shown.map(|anchor| (anchor.row, anchor.within(tile))).collect(), Some(counted))
}

impl Pyramid {
    fn of(table: &Table) -> Self {
        let mut anchors: Vec<Anchor> =
            (0..table.len()).into_par_iter().filter_map(|row| Anchor::of(table.row(row))).collect();
        anchors.par_sort_unstable_by_key(|anchor| (anchor.code, anchor.row));
        let mut first = vec![MAX_ZOOM; table.len() as usize];
        // In the order of the quadtree a square is a run; who is beaten in it is beaten by the next heavier on either side.
        let mut beaten = vec![0_u8; anchors.len()];
        let mut heavier: Vec<usize> = Vec::new();
        for (at, anchor) in anchors.iter().enumerate() {
            while let Some(&last) = heavier.last() {
                let other = &anchors[last];
                let until = first_apart(anchor.code, other.code);
                if (other.weight, other.row) < (anchor.weight, anchor.row) {
                    beaten[last] = beaten[last].max(until);
                    heavier.pop();
                } else {
                    beaten[at] = until;
                    break;
                }
            }
            heavier.push(at);
        }
        for (anchor, beaten) in anchors.iter().zip(beaten) {
            first[anchor.row as usize] = beaten.min(anchor.large).min(MAX_ZOOM);
        }
        let levels = (0..=MAX_ZOOM).map(|_| OnceLock::new()).collect();
        Self { first, codes: anchors.iter().map(|anchor| anchor.code).collect(), levels }
    }

    fn choose(&self, table: &Table, tile: TileId) -> Choice {
        let shows = |row: u32| self.first[row as usize] <= tile.z;
        let level = self.levels[usize::from(tile.z)].get_or_init(|| {
            let rows: Vec<u32> = (0..table.len()).filter(|&row| shows(row)).collect();
            let few = rows.len() * 2 < table.len() as usize;
            let boxes = || rows.iter().filter_map(|&row| Some((row, table.shape(row).bbox()?)));
            few.then(|| Index::new(boxes()))
        });
        let mut rows = Vec::new();
        level.as_ref().unwrap_or_else(|| table.index()).search(&window(tile), |row| {
            if shows(row) {
                rows.push(counted(table, tile, row));
            }
        });
        let bits = 2 * (PLACE_BITS - tile.z);
        let below = |end: u64| self.codes.partition_point(|code| code >> bits < end);
        let here = prefix(tile);
        choice(rows, Some(below(here + 1) - below(here)))
    }
}

/// The first zoom at which two places lie in squares of their own.
fn first_apart(a: u64, b: u64) -> u8 {
    let alike = (2 * PLACE_BITS) as u32 - (u64::BITS - (a ^ b).leading_zeros()).min(2 * u32::from(PLACE_BITS));
    (alike / 2 + 1).saturating_sub(u32::from(CELL_BITS)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::province;

    #[test]
    fn what_is_worked_out_for_all_is_what_a_tile_works_out_by_itself_and_stays_seen() {
        let layers = province::make(4000, 7).unwrap();
        for name in ["farms", "ponds", "toilets"] {
            let layer = layers.iter().find(|layer| layer.name() == name).unwrap();
            let table = layer.table();
            let pyramid = Pyramid::of(table);
            let bbox = table.bbox().unwrap().to_array();
            let mut before: Vec<u32> = Vec::new();
            for z in 5..=13 {
                let limits = TileId::limits(bbox, z);
                let mut shown = Vec::new();
                let mut all = 0;
                for row in limits.rows[0]..=limits.rows[1] {
                    for col in limits.cols[0]..=limits.cols[1] {
                        let tile = TileId { z, row, col };
                        let (one, other) = (Laid::default().choose(table, tile, false), pyramid.choose(table, tile));
                        let touching = |choice: &Choice| -> Vec<(u32, bool)> {
                            let window = window(tile).to_array();
                            let touches = |row: u32| table.shape(row).intersects_window(window);
                            choice.rows.iter().copied().filter(|(row, _)| touches(*row)).collect()
                        };
                        assert_eq!(touching(&one), touching(&other), "{name} {tile:?}");
                        assert_eq!(one.counted, other.counted, "{name} {tile:?}");
                        all += one.counted;
                        shown.extend(one.rows.iter().filter(|(_, here)| *here).map(|(row, _)| *row));
                    }
                }
                shown.sort_unstable();
                assert_eq!(all, table.len() as usize, "{name} {z}: each is counted once");
                assert!(before.iter().all(|row| shown.binary_search(row).is_ok()), "{name} {z}");
                before = shown;
            }
            assert!(before.len() > table.len() as usize / 2, "{name}");
        }
    }
}
