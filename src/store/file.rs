//! The file: opened, made where it is not there, locked no longer than a statement or a transaction takes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::fault::Fault;
use crate::store::info::{self, LayerInfo};
use crate::store::{gpkg, load};
use crate::table::Table;
use crate::units::Day;

/// "GPKG", and version 1.3 of it, in the header of the file.
const APPLICATION_ID: i32 = 0x4750_4B47;
const GEOPACKAGE_VERSION: i32 = 10_300;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// The GeoPackage of a map.
pub struct Store {
    path: PathBuf,
    db: Mutex<Connection>,
}

impl Store {
    /// Opens the store, and makes an empty one where there is none. What it acknowledges survives a power cut.
    ///
    /// # Errors
    /// `store-unreadable` where the file is no store of ours, `store-busy`.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let named = |fault: Fault| fault.with("file", path.display());
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE).map_err(named)?;
        prepare(&db).map_err(named)?;
        Ok(Self { path: path.to_owned(), db: Mutex::new(db) })
    }

    /// The layers, in the order in which they were made.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn layers(&self) -> Result<Vec<LayerInfo>, Fault> {
        info::read(&self.db())
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
    pub fn load(&self, layer: &LayerInfo, as_of: Option<Day>) -> Result<Table, Fault> {
        load::table(&connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?, layer, as_of)
    }

    /// A number that changes whenever anyone, this process or another, has written to the store.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn stamp(&self) -> Result<u64, Fault> {
        let db = self.db();
        let others: i64 = db.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok((others as u64) << 40 ^ db.total_changes())
    }

    /// The connection. A thread that panicked while it held it has left no statement open: SQLite rolled it back.
    pub(super) fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
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
    gpkg::add_functions(db)?;
    if tables == 0 {
        create(db)?;
    }
    match db.query_row("SELECT count(*) FROM sqlite_master WHERE name = 'xiangtu_layer'", [], |row| row.get(0))? {
        1 => Ok(()),
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
        db.execute_batch(include_str!("schema.sql"))
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
