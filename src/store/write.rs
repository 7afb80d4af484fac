//! Writing: decided inside the transaction, all or nothing for each batch, one commit for all batches that wait together.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::fault::Fault;
use crate::kind::Kind;
use crate::store::event::{self, Draft, Event, spell_instant};
use crate::store::fold::{self, State};
use crate::store::info::LayerInfo;
use crate::store::versions::{self, History};
use crate::store::{Store, arrival, info, load};
use crate::table::Table;
use crate::units::Day;

/// A feature as it stands inside the transaction that is about to write to it.
pub struct Standing<'a> {
    db: &'a Connection,
    /// Its layer.
    pub layer: &'a LayerInfo,
    /// Its id.
    pub id: &'a str,
    /// What is known of it; empty for one that never was.
    pub history: &'a History,
}

impl Standing<'_> {
    /// What it is; None: not there.
    pub fn state(&self) -> Option<&State> {
        fold::last(&self.history.versions)
    }

    /// Its row in a table of its own, as readers see it; empty where it is not there.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn row(&self) -> Result<Table, Fault> {
        load::some(self.db, self.layer, &[self.id])
    }
}

impl Standing<'_> {
    /// The event that was taken from the row of that number of a log.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn numbered(&self, number: &str) -> Result<Option<Event>, Fault> {
        event::numbered(self.db, number)
    }

    /// A number for people that no other feature bears: the day, and a place in the log.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn fresh_number(&self, on: Day) -> Result<String, Fault> {
        let sql = "SELECT coalesce(max(seq), 0) + 1 FROM xiangtu_event";
        let place: i64 = self.db.query_row(sql, [], |row| row.get(0))?;
        Ok(format!("{}-{place:04}", on.to_string().replace('-', "")))
    }
}

/// What becomes of a feature: an event to record, or a refusal. None: nothing needs to be recorded.
pub type Decide = Box<dyn FnOnce(&Standing<'_>) -> Result<Option<Draft>, Fault> + Send>;

/// One thing to be done to one feature.
pub struct Step {
    /// The layer; made where it is not there and `found` says of what.
    pub layer: String,
    /// The kind of a layer that may have to be made first.
    pub found: Option<Arc<Kind>>,
    /// The feature; one that there is not is made by an event that says so.
    pub feature: String,
    /// Decides, with nobody else writing.
    pub decide: Decide,
}

/// Steps that are done all or not at all.
pub struct Batch {
    /// What the request calls itself, so that a retried one writes once; with a fingerprint of what it asks.
    pub request: Option<Request>,
    /// The steps, done in this order: each sees what those before it did.
    pub steps: Vec<Step>,
}

/// A request that may be sent again.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who makes it: keys of two authors do not meet.
    pub author: String,
    /// Its key.
    pub key: String,
    /// A fingerprint of what it asks.
    pub asked: String,
}

/// What came of a batch: for each step, the event that it recorded.
#[derive(Clone, Debug)]
pub struct Written {
    /// In the order of the steps; None where a step recorded nothing.
    pub events: Vec<Option<Event>>,
    /// Whether it had been written before, by the same request.
    pub again: bool,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Refused {
    /// For reasons that are no single step's.
    Whole(Fault),
    /// For reasons of these steps, by their number.
    Steps(Vec<(usize, Fault)>),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Whole(fault)
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Whole(error.into())
    }
}

/// A batch on its way, and the place where its outcome is put.
struct Waiting {
    batch: Batch,
    outcome: Arc<Mutex<Option<Result<Written, Refused>>>>,
}

/// The batches that wait for the next commit.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<VecDeque<Waiting>>,
    /// Told after each commit: outcomes are there, and the connection is free.
    committed: Condvar,
}

/// How long a batch waits to be told before it looks for itself whether the connection is free: an import tells nobody.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Writes a batch and returns when it is durable. Whoever finds the connection free writes for all who wait, in one
    /// transaction with one synchronisation of the disk; each batch succeeds or fails by itself.
    ///
    /// # Errors
    /// What the steps decided, or `store-busy`, `store-disk-full` and the like; nothing of the batch is then written.
    pub fn write(&self, batch: Batch) -> Result<Written, Refused> {
        let outcome = Arc::new(Mutex::new(None));
        self.queue.waiting().push_back(Waiting { batch, outcome: outcome.clone() });
        loop {
            if let Some(done) = outcome.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return done;
            }
            match self.try_db() {
                Some(db) => {
                    let together: Vec<Waiting> = self.queue.waiting().drain(..).collect();
                    commit_together(&db, together);
                    drop(db);
                    self.queue.committed.notify_all();
                }
                None => {
                    let waiting = self.queue.waiting();
                    drop(
                        self.queue.committed.wait_timeout(waiting, LOOK_AGAIN).unwrap_or_else(PoisonError::into_inner),
                    );
                }
            }
        }
    }
}

fn commit_together(db: &Connection, waiting: Vec<Waiting>) {
    if waiting.is_empty() {
        return;
    }
    let mut outcomes = Vec::with_capacity(waiting.len());
    let written = (|| {
        db.execute_batch("BEGIN IMMEDIATE")?;
        let now = now();
        for Waiting { batch, outcome } in waiting {
            db.execute_batch("SAVEPOINT batch")?;
            // A decision that panics takes down its own batch and no other's.
            let done = catch_unwind(AssertUnwindSafe(|| write_batch(db, batch, &now)))
                .unwrap_or_else(|panic| Err(Fault::internal(words(&*panic)).into()));
            db.execute_batch(if done.is_ok() { "RELEASE batch" } else { "ROLLBACK TO batch; RELEASE batch" })?;
            outcomes.push((outcome, done));
        }
        db.execute_batch("COMMIT")
    })();
    if let Err(error) = written {
        // Nothing of it is durable, so nobody is told that theirs was.
        let fault = Fault::from(error);
        if !db.is_autocommit() {
            let _ = db.execute_batch("ROLLBACK");
        }
        outcomes.iter_mut().for_each(|(_, done)| *done = Err(Refused::Whole(fault.clone())));
    }
    for (outcome, done) in outcomes {
        *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").to_owned()
}

/// The present instant, as the log spells it.
pub(super) fn now() -> String {
    spell_instant(jiff::Timestamp::now())
}

/// Features by layer and id, as the steps before have left them.
type Touched = BTreeMap<(String, String), History>;

fn write_batch(db: &Connection, batch: Batch, now: &str) -> Result<Written, Refused> {
    if let Some(request) = &batch.request
        && let Some(written) = answered(db, request)?
    {
        return Ok(written);
    }
    let mut layers: BTreeMap<String, LayerInfo> = BTreeMap::new();
    let mut touched = Touched::new();
    let (mut events, mut refused) = (Vec::new(), Vec::new());
    for (at, step) in batch.steps.into_iter().enumerate() {
        match write_step(db, step, &mut layers, &mut touched, now) {
            Ok(event) => events.push(event),
            Err(fault) => refused.push((at, fault)),
        }
    }
    if !refused.is_empty() {
        return Err(Refused::Steps(refused));
    }
    for ((layer, id), history) in &touched {
        if let Some(layer) = layers.get(layer) {
            versions::write(db, layer, id, &history.versions)?;
        }
    }
    for layer in layers.values() {
        note_day(db, layer, events.iter().flatten())?;
    }
    if let Some(request) = &batch.request {
        note_answer(db, request, &events)?;
    }
    Ok(Written { events, again: false })
}

fn write_step(
    db: &Connection,
    step: Step,
    layers: &mut BTreeMap<String, LayerInfo>,
    touched: &mut Touched,
    now: &str,
) -> Result<Option<Event>, Fault> {
    if !layers.contains_key(&step.layer) {
        layers.insert(step.layer.clone(), layer(db, &step)?);
    }
    let layer = &layers[&step.layer];
    let key = (step.layer, step.feature);
    match touched.get(&key) {
        // A step before has changed it: this one is to see its row so.
        Some(history) => versions::write(db, layer, &key.1, &history.versions)?,
        None => {
            touched.insert(key.clone(), History::read(db, layer, &key.1)?);
        }
    }
    let Some(history) = touched.get_mut(&key) else { return Ok(None) };
    let decided = (step.decide)(&Standing { db, layer, id: &key.1, history });
    let Some(draft) = decided? else { return Ok(None) };
    versions::keep_base(db, &key.0, &key.1, history)?;
    let seq = event::append(db, &key.0, &key.1, &draft, now)?;
    let event =
        Event { seq, recorded_at: now.to_owned(), layer: key.0.clone(), feature: key.1.clone(), undone: false, draft };
    history.add(event.clone());
    Ok(Some(event))
}

/// The layer that a step writes to, with all the columns of its kind.
fn layer(db: &Connection, step: &Step) -> Result<LayerInfo, Fault> {
    let known = info::read(db)?.into_iter().find(|layer| layer.name == step.layer);
    let layer = match (known, &step.found) {
        (Some(layer), _) => layer,
        (None, Some(kind)) => arrival::make_layer(db, &step.layer, kind)?,
        (None, None) => {
            return Err(Fault::not_found("layer-unknown").with("layer", &step.layer));
        }
    };
    versions::add_missing_columns(db, &layer.name, &layer.attributes)?;
    Ok(layer)
}

/// Lets the layer know the latest day whose state it now shows.
fn note_day<'a>(db: &Connection, layer: &LayerInfo, events: impl Iterator<Item = &'a Event>) -> Result<(), Fault> {
    let latest = events.filter(|event| event.layer == layer.name).map(|event| event.draft.on).max();
    if latest > layer.data_date {
        db.prepare_cached("UPDATE xiangtu_layer SET data_date = ?2 WHERE name = ?1")?
            .execute(params![layer.name, latest.map(|day| day.to_string())])?;
    }
    Ok(())
}

/// What a request that comes again was answered.
fn answered(db: &Connection, request: &Request) -> Result<Option<Written>, Fault> {
    let known: Option<(String, String)> = db
        .prepare_cached("SELECT asked, events FROM xiangtu_request WHERE author = ?1 AND key = ?2")?
        .query_row([&request.author, &request.key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((asked, events)) = known else { return Ok(None) };
    if asked != request.asked {
        return Err(Fault::unprocessable("request-key-reused").with("value", &request.key));
    }
    let places: Vec<Option<i64>> = serde_json::from_str(&events).map_err(Fault::internal)?;
    let known: Vec<i64> = places.iter().flatten().copied().collect();
    let mut events = event::at(db, &known)?.into_iter();
    Ok(Some(Written { events: places.iter().map(|place| place.and_then(|_| events.next())).collect(), again: true }))
}

fn note_answer(db: &Connection, request: &Request, events: &[Option<Event>]) -> Result<(), Fault> {
    let places: Vec<Option<i64>> = events.iter().map(|event| event.as_ref().map(|event| event.seq)).collect();
    let places = serde_json::to_string(&places).map_err(Fault::internal)?;
    db.prepare_cached("INSERT INTO xiangtu_request (author, key, asked, events) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![request.author, request.key, request.asked, places])?;
    Ok(())
}
