//! The R-tree of a new layer, written packed: each node full, neighbours together, instead of a million single inserts.
//!
//! The shadow tables are part of SQLite's documented file format of the R-tree module (sqlite.org/rtree.html, §6.1):
//! a node is a depth (only in the root), a count, and cells of a 64-bit id and four 32-bit floats, all big-endian.

use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::geo::bbox::outward;
use crate::store::gpkg::{quote, rtree_of};

/// The root's number.
const ROOT: i64 = 1;
/// Depth and count before the cells; id and four edges of a cell.
const HEAD_BYTES: usize = 4;
const CELL_BYTES: usize = 24;

/// An id (a row, or a node below) and its box: min x, max x, min y, max y.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Row or node.
    pub id: i64,
    /// Rounded outward.
    pub edges: [f32; 4],
}

impl Cell {
    /// The cell of a row whose box is `[west, south, east, north]`.
    pub fn new(id: i64, window: [f64; 4]) -> Self {
        let [west, south, east, north] = outward(window);
        Self { id, edges: [west, east, south, north] }
    }

    fn around(id: i64, cells: &[Self]) -> Self {
        let start = [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY];
        let edges = cells.iter().fold(start, |[w, e, s, n], c| {
            [w.min(c.edges[0]), e.max(c.edges[1]), s.min(c.edges[2]), n.max(c.edges[3])]
        });
        Self { id, edges }
    }
}

/// Fills the empty R-tree of a layer with cells whose order keeps neighbours together.
pub fn fill(db: &Connection, layer: &str, cells: Vec<Cell>) -> Result<(), Fault> {
    if cells.is_empty() {
        return Ok(());
    }
    let shadow = |what: &str| quote(&format!("{}_{what}", rtree_of(layer)));
    let sql = format!("SELECT length(data) FROM {} WHERE nodeno = ?1", shadow("node"));
    let node_bytes: usize = db.query_row(&sql, [ROOT], |row| row.get::<_, i64>(0))? as usize;
    let most = (node_bytes - HEAD_BYTES) / CELL_BYTES;
    let mut put_node =
        db.prepare(&format!("INSERT OR REPLACE INTO {} (nodeno, data) VALUES (?1, ?2)", shadow("node")))?;
    let mut put_row = db.prepare(&format!("INSERT INTO {} (rowid, nodeno) VALUES (?1, ?2)", shadow("rowid")))?;
    let mut put_parent =
        db.prepare(&format!("INSERT INTO {} (nodeno, parentnode) VALUES (?1, ?2)", shadow("parent")))?;

    let mut level = cells;
    let mut depth: u16 = 0;
    let mut next = ROOT + 1;
    loop {
        let nodes = level.len().div_ceil(most);
        let mut above = Vec::with_capacity(nodes);
        for k in 0..nodes {
            // Spread evenly, so that no node is left nearly empty.
            let held = &level[k * level.len() / nodes..(k + 1) * level.len() / nodes];
            let number = if nodes == 1 { ROOT } else { next };
            next += i64::from(nodes > 1);
            let root_depth = if nodes == 1 { depth } else { 0 };
            put_node.execute(params![number, spell(root_depth, held, node_bytes)])?;
            for cell in held {
                if depth == 0 {
                    put_row.execute([cell.id, number])?;
                } else {
                    put_parent.execute([cell.id, number])?;
                }
            }
            above.push(Cell::around(number, held));
        }
        if nodes == 1 {
            return Ok(());
        }
        level = above;
        depth += 1;
    }
}

fn spell(depth: u16, cells: &[Cell], node_bytes: usize) -> Vec<u8> {
    let mut node = Vec::with_capacity(node_bytes);
    node.extend(depth.to_be_bytes());
    node.extend((cells.len() as u16).to_be_bytes());
    for cell in cells {
        node.extend(cell.id.to_be_bytes());
        cell.edges.iter().for_each(|edge| node.extend(edge.to_be_bytes()));
    }
    node.resize(node_bytes, 0);
    node
}
