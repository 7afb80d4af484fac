//! The file: opened, made where it is not there, locked no longer than a statement or a transaction takes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use jiff::tz::TimeZone;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::fault::Fault;
use crate::store::event::{self, Event, Touched, spell_instant};
use crate::store::info::{self, LayerInfo};
use crate::store::versions::History;
use crate::store::write::Queue;
use crate::store::{gpkg, load, log, upgrade};
use crate::table::Table;
use crate::units::AsOf;

/// "GPKG", and version 1.3 of it, in the header of the file.
const APPLICATION_ID: i32 = 0x4750_4B47;
const GEOPACKAGE_VERSION: i32 = 10_300;
/// Memory for pages of the writing connection, KiB (negative, as SQLite has it): the rows and trees of a township at work.
const WRITER_CACHE_KIB: i64 = -65_536;
/// Pages that gather in the log before they are moved to the file: at SQLite's thousand, a busy morning moves them all the time.
const CHECKPOINT_PAGES: i64 = 8_000;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// The GeoPackage of a map.
pub struct Store {
    path: PathBuf,
    /// The calendar in which its days are counted.
    zone: TimeZone,
    /// The one connection that writes.
    db: Mutex<Connection>,
    /// One that only looks, so that nobody who asks what there is waits for a writer's disk.
    eye: Mutex<Connection>,
    pub(super) queue: Queue,
}

impl Store {
    /// Opens the store, and makes an empty one where there is none. What it acknowledges survives a power cut. `zone`: the
    /// calendar in which its days are counted.
    ///
    /// # Errors
    /// `store-unreadable` where the file is no store of ours, `store-busy`.
    pub fn open(path: &Path, zone: &TimeZone) -> Result<Self, Fault> {
        let named = |fault: Fault| fault.with("file", path.display());
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).map_err(named)?;
        prepare(&db).map_err(named)?;
        let eye = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(named)?;
        Ok(Self {
            path: path.to_owned(),
            zone: zone.clone(),
            db: Mutex::new(db),
            eye: Mutex::new(eye),
            queue: Queue::default(),
        })
    }

    /// The layers, in the order in which they were made.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn layers(&self) -> Result<Vec<LayerInfo>, Fault> {
        info::read(&self.eye())
    }

    /// The layer of that name.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn layer(&self, name: &str) -> Result<Option<LayerInfo>, Fault> {
        Ok(self.layers()?.into_iter().find(|layer| layer.name == name))
    }

    /// Reads a layer whole, now or as of a day. Every call has a connection of its own, so that layers can be read side by
    /// side and no reader waits for a writer.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn load(&self, layer: &LayerInfo, as_of: AsOf) -> Result<Table, Fault> {
        let db = self.reader()?;
        let until = as_of.known.map(|day| spell_instant(day.evening(&self.zone)));
        if layer.is_log() {
            return log::table(&db, layer, as_of.day, until.as_deref(), &self.zone);
        }
        match (as_of.day, until) {
            (Some(day), Some(until)) => load::known(&db, layer, day, &until),
            (day, _) => load::table(&db, layer, day),
        }
    }

    /// Those of these features that a layer has now.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn load_some(&self, layer: &LayerInfo, ids: &[&str]) -> Result<Table, Fault> {
        let db = self.reader()?;
        if layer.is_log() { log::some(&db, layer, ids, &self.zone) } else { load::some(&db, layer, ids) }
    }

    /// The features of a layer to which something has happened behind a place in the log.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn touched(&self, layer: &LayerInfo, after: i64) -> Result<Vec<Touched>, Fault> {
        let eye = self.eye();
        if layer.is_log() { log::touched(&eye, after) } else { event::touched(&eye, &layer.name, after) }
    }

    /// The events of a feature, in the order in which they were recorded.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn events_of(&self, layer: &str, feature: &str) -> Result<Vec<Event>, Fault> {
        event::of_feature(&self.eye(), layer, feature)
    }

    /// What is known of a feature, with its versions.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn history(&self, layer: &LayerInfo, feature: &str) -> Result<History, Fault> {
        History::read(&self.eye(), layer, feature)
    }

    /// A number that changes whenever anyone, this process or another, has written to the store.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn stamp(&self) -> Result<u64, Fault> {
        let version: i64 = self.eye().pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok(version as u64)
    }

    fn reader(&self) -> Result<Connection, Fault> {
        connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// The writing connection. A thread that panicked while it held it has left no statement open: SQLite rolled it back.
    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writing connection, where nobody holds it.
    pub(super) fn try_db(&self) -> Option<MutexGuard<'_, Connection>> {
        match self.db.try_lock() {
            Ok(db) => Some(db),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    pub(super) fn eye(&self) -> MutexGuard<'_, Connection> {
        self.eye.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Fault> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(PATIENCE)?;
    Ok(db)
}

fn prepare(db: &Connection) -> Result<(), Fault> {
    let application: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(Fault::invalid("store-unreadable").with("cause", "not a GeoPackage"));
    }
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    gpkg::add_functions(db)?;
    if tables == 0 {
        create(db)?;
    }
    match db.query_row("SELECT count(*) FROM sqlite_master WHERE name = 'xiangtu_layer'", [], |row| row.get(0))? {
        1 => upgrade::upgrade(db),
        _ => Err(Fault::invalid("store-unreadable").with("cause", "a GeoPackage without xiangtu_layer")),
    }
}

/// Makes the empty store, unless another process was faster.
fn create(db: &Connection) -> Result<(), Fault> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let made = (|| {
        if db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))? > 0 {
            return Ok(());
        }
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
        db.pragma_update(None, "user_version", GEOPACKAGE_VERSION)?;
        db.execute_batch(include_str!("schema.sql"))?;
        db.execute_batch(include_str!("ledger.sql"))
    })();
    db.execute_batch(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    Ok(made?)
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::busy("store-busy"),
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::invalid("store-unreadable").with("file", "store.gpkg").with("cause", error)
            }
            Some(ErrorCode::CannotOpen) => {
                Self::invalid("store-unreadable").with("file", "store.gpkg").with("cause", error)
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::invalid("store-read-only").with("file", "store.gpkg").with("cause", error)
            }
            Some(ErrorCode::DiskFull) => {
                Self::invalid("store-disk-full").with("file", "store.gpkg").with("cause", error)
            }
            _ => Self::internal(error),
        }
    }
}
