//! A layer as of a day as it was last seen, brought up to date by whoever asks next.

use std::sync::{Arc, Mutex, PoisonError};

use crate::fault::Fault;
use crate::layer::Layer;
use crate::store::{LayerInfo, Store};
use crate::units::AsOf;

/// More features than this, and more than this share of the layer, are not patched in: the layer is loaded anew.
const PATCHED_AT_MOST: usize = 1000;
const PATCHED_SHARE: usize = 8;

/// A layer as of a day, since its last import.
pub struct Snapshot {
    /// The number of that import.
    pub change: i64,
    as_of: AsOf,
    /// The layer, and the place in the log up to which it holds everything.
    seen: Mutex<Option<(i64, Arc<Layer>)>>,
}

impl Snapshot {
    /// One that nobody has asked for yet.
    pub fn new(info: &LayerInfo, as_of: AsOf) -> Self {
        Self { change: info.change, as_of, seen: Mutex::default() }
    }

    /// The layer with everything that had happened by `info`. Loaded or patched once, however many ask at the same time; who
    /// has an earlier one goes on with it.
    ///
    /// # Errors
    /// What the store could not do; the next to ask tries again.
    pub fn layer(&self, store: &Store, info: &LayerInfo) -> Result<Arc<Layer>, Fault> {
        // It is replaced at one stroke: a panicking holder has left the one before.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let layer = match &*seen {
            Some((at, layer)) if *at >= info.last_event => return Ok(layer.clone()),
            Some((at, layer)) => self.follow(store, info, *at, layer)?,
            None => self.load(store, info)?,
        };
        *seen = Some((info.last_event, layer.clone()));
        Ok(layer)
    }

    /// About how many bytes it takes; 0 while it is being loaded.
    pub fn bytes(&self) -> usize {
        let seen = self.seen.try_lock();
        seen.map_or(0, |seen| seen.as_ref().map_or(0, |(_, layer)| layer.table().bytes()))
    }

    fn load(&self, store: &Store, info: &LayerInfo) -> Result<Arc<Layer>, Fault> {
        let table = Arc::new(store.load(info, self.as_of)?);
        table.prepare();
        let layer = Layer::new(&info.name, info.title.clone(), info.kind.clone(), self.as_of, table);
        Ok(Arc::new(layer.since(info.first_date)))
    }

    /// What a layer that holds everything up to a place in the log has become.
    fn follow(&self, store: &Store, info: &LayerInfo, at: i64, layer: &Arc<Layer>) -> Result<Arc<Layer>, Fault> {
        let touched = store.touched(info, at)?;
        if let Some(day) = self.as_of.day {
            // Of a past day all is loaded again, but only where the day was touched.
            let stays = touched.iter().all(|one| one.since > day);
            return if stays { Ok(layer.clone()) } else { self.load(store, info) };
        }
        if touched.len() > PATCHED_AT_MOST.max(layer.table().len() as usize / PATCHED_SHARE) {
            return self.load(store, info);
        }
        let ids: Vec<&str> = touched.iter().map(|one| one.id.as_str()).collect();
        let arriving = store.load_some(info, &ids)?;
        Ok(layer.patched(&arriving, &ids).map_or_else(|| layer.clone(), Arc::new))
    }
}
