//! The R-tree over boxes and rows: it finds candidates, and answers in row numbers.

use std::sync::Arc;

use rstar::{AABB, RStarInsertionStrategy, RTree, RTreeObject, RTreeParams};

use crate::geo::bbox::{Bbox, outward};

/// A box and the row it belongs to: 20 bytes, the box in single precision rounded outward, so that nothing is missed.
#[derive(Clone, Copy, Debug)]
struct Entry {
    envelope: AABB<[f32; 2]>,
    row: u32,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

/// Nodes of 16: half again as many queries a second as the default 6 at a million entries.
struct Wide;

impl RTreeParams for Wide {
    const MIN_SIZE: usize = 6;
    const MAX_SIZE: usize = 16;
    const REINSERTION_COUNT: usize = 4;
    type DefaultInsertionStrategy = RStarInsertionStrategy;
}

type Tree = RTree<Entry, Wide>;

/// An R-tree over the boxes of a table's rows.
pub struct Index {
    tree: Arc<Tree>,
    later: Option<Later>,
}

/// What a patched table has otherwise than the one whose tree it shares.
struct Later {
    /// A row number from here on, or one that does not stand at its own place, is not what the shared tree knows by it.
    from: u32,
    rows: Arc<[u32]>,
    tree: Tree,
}

fn envelope(window: [f64; 4]) -> AABB<[f32; 2]> {
    let [west, south, east, north] = outward(window);
    AABB::from_corners([west, south], [east, north])
}

fn load(boxes: impl Iterator<Item = (u32, Bbox)>) -> Tree {
    let entries = boxes.map(|(row, bbox)| Entry { envelope: envelope(bbox.to_array()), row }).collect();
    RTree::bulk_load_with_params(entries)
}

/// Calls `each` once with each row of a tree whose box may touch `bbox`.
#[inline]
fn search(tree: &Tree, bbox: &Bbox, mut each: impl FnMut(u32)) {
    let mut windows = bbox.windows().map(|window| tree.locate_in_envelope_intersecting(envelope(window)));
    let Some(first) = windows.next() else { return };
    let Some(second) = windows.next() else {
        return first.for_each(|entry| each(entry.row));
    };
    // Across the antimeridian a wide box lies in both windows.
    let mut rows: Vec<u32> = first.chain(second).map(|entry| entry.row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.into_iter().for_each(each);
}

impl Index {
    /// Loads the boxes of rows, in bulk.
    pub fn new(boxes: impl Iterator<Item = (u32, Bbox)>) -> Self {
        Self { tree: Arc::new(load(boxes)), later: None }
    }

    /// The index of a table that shares its first `from` places with this one's: `rows` says where each of its rows stands,
    /// `boxes` are those of the rows that stand behind them.
    pub fn patched(&self, from: u32, rows: Arc<[u32]>, boxes: impl Iterator<Item = (u32, Bbox)>) -> Self {
        Self { tree: self.tree.clone(), later: Some(Later { from, rows, tree: load(boxes) }) }
    }

    /// Calls `each` once with each row whose box may touch `bbox`.
    #[inline]
    pub fn search(&self, bbox: &Bbox, mut each: impl FnMut(u32)) {
        let Some(later) = &self.later else { return search(&self.tree, bbox, each) };
        let holds = |row: u32| row < later.from && later.rows.get(row as usize) == Some(&row);
        search(&self.tree, bbox, |row| {
            if holds(row) {
                each(row);
            }
        });
        search(&later.tree, bbox, each);
    }
}
