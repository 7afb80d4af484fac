//! The memory: who may record what of which feature, issues and their life, edits that lose nothing.
//!
//! Everything is decided inside the writing transaction, over the feature as it then stands; what is decided is an event, and an
//! event is all that is ever written.

mod admit;
mod dispatch;
mod edit;
mod happening;
mod log;
mod responsible;

use std::sync::Arc;

pub use dispatch::{Dispatch, Dispatched, Opened};
pub use edit::{Asked, Edit, ISSUES, Match, fresh_id};
pub use happening::Happening;
pub use responsible::Responsible;

use crate::account::Rights;
use crate::catalog::Catalog;
use crate::fault::Fault;
use crate::store::{Batch, Event, LayerInfo, Refused, Request, Step, Written};

/// Writes to a map.
pub struct Ledger {
    catalog: Arc<Catalog>,
}

impl Ledger {
    /// The ledger of a catalogue's map.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self { catalog }
    }

    /// The map's collections.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The events of a feature, newest first: by the day of their effect, then by their place in the log.
    ///
    /// # Errors
    /// `layer-unknown`; `feature-unknown` for one of which nothing was ever known.
    pub fn history(&self, layer: &str, id: &str) -> Result<Vec<Event>, Fault> {
        let info = self.layer(layer)?;
        let history = self.catalog.store().history(&info, id)?;
        if history.base.is_none() && history.events.is_empty() {
            return Err(Fault::not_found("feature-unknown").with("collection", layer).with("id", id));
        }
        let mut events = history.events;
        events.sort_by_key(|event| std::cmp::Reverse((event.draft.on, event.seq)));
        Ok(events)
    }

    /// Whether somebody sees in clear what is personal about a feature: they work where it stands, or stood.
    ///
    /// # Errors
    /// `layer-unknown`, or what the store could not do.
    pub fn sees(&self, who: &Rights, layer: &str, id: &str) -> Result<bool, Fault> {
        let sight = who.sight();
        if sight.is_clear() {
            return Ok(true);
        }
        let history = self.catalog.store().history(&self.layer(layer)?, id)?;
        let Some(state) = history.versions.iter().rev().find_map(|version| version.state.as_ref()) else {
            return Ok(false);
        };
        Ok(sight.sees(happening::shape_of(&state.geom)?.shape(0)))
    }

    /// A stored layer, which is what can be written to.
    fn layer(&self, name: &str) -> Result<LayerInfo, Fault> {
        let known = self.catalog.store().layer(name)?.filter(|layer| !layer.is_log());
        known.ok_or_else(|| Fault::not_found("layer-unknown").with("layer", name))
    }

    fn write(&self, steps: Vec<Step>, request: Option<Request>) -> Result<Written, Refused> {
        if steps.is_empty() {
            return Ok(Written { events: Vec::new(), again: false });
        }
        self.catalog.store().write(Batch { request, steps })
    }
}

/// A refusal of a single step, as the fault that it is.
pub fn single(refused: Refused) -> Fault {
    match refused {
        Refused::Whole(fault) => fault,
        Refused::Steps(mut steps) if !steps.is_empty() => steps.swap_remove(0).1,
        Refused::Steps(_) => Fault::internal("refused without a reason"),
    }
}
