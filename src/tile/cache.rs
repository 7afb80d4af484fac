//! Tiles that were drawn, packed once, kept as long as there is room.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_128;

use crate::collection::Collection;
use crate::fault::Fault;
use crate::query::Query;
use crate::table::Table;
use crate::tile::draw::draw;
use crate::tile::matrix::TileId;
use crate::tile::pack::{gunzip, gzip};
use crate::tile::plan::Plan;
use crate::tile::thin::Laid;

/// To be raised with everything that changes the bytes of a tile of the same features.
const VERSION: u32 = 3;

/// Packed tiles take so many bytes at the most; those longest unused go first.
const ROOM: usize = 64 << 20;

/// What a tile takes beside its bytes.
const OVERHEAD: usize = 256;

/// Tables of which something is kept, at the most.
const TABLES: usize = 32;

/// A tile as it is kept.
#[derive(Debug)]
pub struct Tile {
    /// Gzipped Mapbox Vector Tile; empty where the tile holds nothing.
    pub packed: Bytes,
    /// Of the features counted in it, how many are shown.
    pub shown: usize,
    /// And how many are not.
    pub left_out: usize,
}

impl Tile {
    /// The tile's own bytes.
    ///
    /// # Errors
    /// None but a defect of the memory.
    pub fn unpacked(&self) -> Result<Vec<u8>, Fault> {
        if self.packed.is_empty() { Ok(Vec::new()) } else { gunzip(&self.packed) }
    }
}

type Slot = Arc<OnceLock<Result<Arc<Tile>, Fault>>>;

struct Entry {
    used: u64,
    bytes: usize,
    slot: Slot,
}

/// A table whose tiles were asked for, under its collection's id and revision: what is worked out for it goes when it goes.
struct Known {
    key: u128,
    table: Weak<Table>,
    laid: Arc<Laid>,
}

#[derive(Default)]
struct State {
    clock: u64,
    bytes: usize,
    tiles: HashMap<u128, Entry>,
    tables: Vec<Known>,
}

/// The tiles of all collections.
pub struct Tiles {
    state: Mutex<State>,
    drawing: Mutex<usize>,
    done: Condvar,
    at_once: usize,
}

impl Default for Tiles {
    fn default() -> Self {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        Self { state: Mutex::default(), drawing: Mutex::new(0), done: Condvar::new(), at_once }
    }
}

/// A turn at drawing, given back when it is dropped.
struct Turn<'a>(&'a Tiles);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.drawing.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.done.notify_one();
    }
}

impl Tiles {
    /// The fingerprint of a tile: equal ones are equal bytes. `properties`: as they were asked for.
    pub fn fingerprint(collection: &dyn Collection, tile: TileId, properties: Option<&[String]>) -> u128 {
        let TileId { z, row, col } = tile;
        let (id, revision) = (&collection.about().id, collection.revision());
        xxh3_128(format!("{VERSION} {z}/{row}/{col} {revision} {id}\n{properties:?}").as_bytes())
    }

    /// A tile of a collection: kept, or drawn once, however many ask at the same time.
    ///
    /// # Errors
    /// `attribute-unknown`, and what the collection could not do.
    pub fn tile(
        &self,
        collection: &dyn Collection,
        tile: TileId,
        properties: Option<&[String]>,
    ) -> Result<Arc<Tile>, Fault> {
        let summary = collection.summary()?;
        let plan = Plan::new(collection.about(), &summary.attributes, properties)?;
        let key = Self::fingerprint(collection, tile, properties);
        let slot = self.slot(key);
        let mut drawn = false;
        let outcome = slot.get_or_init(|| {
            drawn = true;
            let (table, laid) = self.table(collection)?;
            let _turn = self.turn();
            pack(&table, &laid, &plan, tile).map(Arc::new)
        });
        if drawn {
            self.weigh(key, outcome.as_ref().map_or(0, |tile| tile.packed.len()), outcome.is_ok());
        }
        outcome.clone()
    }

    /// What is kept is caches, put in at one stroke: a panicking holder has left them whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, key: u128) -> Slot {
        let mut state = self.state();
        state.clock += 1;
        let used = state.clock;
        let entry = state.tiles.entry(key).or_insert_with(|| Entry { used, bytes: 0, slot: Slot::default() });
        entry.used = used;
        entry.slot.clone()
    }

    /// Notes what a new tile takes, and makes room. What failed is not kept.
    fn weigh(&self, key: u128, packed: usize, keep: bool) {
        let mut guard = self.state();
        let state = &mut *guard;
        if !keep {
            state.tiles.remove(&key);
            return;
        }
        if let Some(entry) = state.tiles.get_mut(&key) {
            entry.bytes = packed + OVERHEAD;
            state.bytes += entry.bytes;
        }
        if state.bytes <= ROOM {
            return;
        }
        // An eighth at once, so that not every tile pays for looking through all.
        let mut all: Vec<(u64, u128, usize)> =
            state.tiles.iter().filter(|(_, e)| e.bytes > 0).map(|(key, e)| (e.used, *key, e.bytes)).collect();
        all.sort_unstable();
        for (_, key, bytes) in all {
            if state.bytes <= ROOM / 8 * 7 {
                break;
            }
            state.tiles.remove(&key);
            state.bytes -= bytes;
        }
    }

    /// A collection's table, and what was worked out for it.
    fn table(&self, collection: &dyn Collection) -> Result<(Arc<Table>, Arc<Laid>), Fault> {
        let key = xxh3_128(format!("{} {}", collection.revision(), collection.about().id).as_bytes());
        {
            let mut state = self.state();
            state.tables.retain(|known| known.table.strong_count() > 0);
            if let Some(at) = state.tables.iter().position(|known| known.key == key) {
                let known = state.tables.remove(at);
                let found = known.table.upgrade().map(|table| (table, known.laid.clone()));
                state.tables.push(known);
                if let Some(found) = found {
                    return Ok(found);
                }
            }
        }
        let table = collection.features(&Query::default())?.shared().clone();
        let laid = Arc::new(Laid::default());
        let mut state = self.state();
        state.tables.retain(|known| known.key != key);
        if state.tables.len() >= TABLES {
            state.tables.remove(0);
        }
        state.tables.push(Known { key, table: Arc::downgrade(&table), laid: laid.clone() });
        Ok((table, laid))
    }

    /// Waits for a turn: as many tiles are drawn at once as there are processors, however many are asked for.
    fn turn(&self) -> Turn<'_> {
        let drawing = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut drawing =
            self.done.wait_while(drawing, |drawing| *drawing >= self.at_once).unwrap_or_else(PoisonError::into_inner);
        *drawing += 1;
        Turn(self)
    }
}

fn pack(table: &Table, laid: &Laid, plan: &Plan, tile: TileId) -> Result<Tile, Fault> {
    let drawn = draw(table, laid, plan, tile);
    let packed = if drawn.bytes.is_empty() { Vec::new() } else { gzip(&drawn.bytes)? };
    Ok(Tile { packed: packed.into(), shown: drawn.shown, left_out: drawn.left_out })
}
