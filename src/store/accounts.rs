//! The file of accounts, sessions, tokens and the audit log: `accounts.sqlite` beside the map's store, for its owner's eyes.
//!
//! It knows no rules: what a role may, how a password is hashed and when a session has expired is said above.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use crate::fault::Fault;

/// "XTAC" in the header of the file.
const APPLICATION_ID: i32 = 0x5854_4143;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// An account as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its name.
    pub name: String,
    /// The word of its role.
    pub role: String,
    /// The password's hash, a PHC string.
    pub password: String,
    /// Whether it may no longer come in.
    pub disabled: bool,
    /// When it was made, UTC.
    pub created_at: String,
    /// Features of village layers that it is responsible for.
    pub villages: Vec<String>,
    /// Features of grid-cell layers that it is responsible for.
    pub cells: Vec<String>,
}

/// A token as it is kept, without its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub account: String,
    /// When it was made, UTC.
    pub created_at: String,
    /// Until when it is good, seconds since 1970; None: until it is revoked.
    pub expires_at: Option<i64>,
}

/// A line of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRecord {
    /// When, UTC.
    pub at: String,
    /// What was done.
    pub action: String,
    /// Who did it; empty where that is not known.
    pub account: String,
    /// From where: an address, or `cli`.
    pub peer: String,
    /// To what: another account, a token's name, a collection.
    pub subject: String,
    /// In which format.
    pub format: String,
    /// How many features.
    pub features: Option<i64>,
}

/// The open file.
pub struct AccountBook {
    path: PathBuf,
    db: Mutex<Connection>,
}

impl AccountBook {
    /// Opens the file; None where there is none and it is not to be made. A file that is there and does not open is a fault,
    /// never an absence: else nobody would be asked who they are.
    ///
    /// # Errors
    /// `store-unreadable`, `store-busy`.
    pub fn open(path: &Path, make: bool) -> Result<Option<Self>, Fault> {
        if !path.try_exists()? {
            if !make {
                return Ok(None);
            }
            create_private(path)?;
        }
        let named = |fault: Fault| fault.with("file", path.display());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(Fault::from).map_err(named)?;
        keep_private(path);
        prepare(&db).map_err(named)?;
        Ok(Some(Self { path: path.to_owned(), db: Mutex::new(db) }))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A number that changes whenever anyone, this process or another, has written to it.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn stamp(&self) -> Result<u64, Fault> {
        let db = self.db();
        let others: i64 = db.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok((others as u64) << 40 ^ db.total_changes())
    }

    /// The accounts, in the order in which they were made.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn accounts(&self) -> Result<Vec<AccountRecord>, Fault> {
        read_accounts(&self.db(), None)
    }

    /// The account of that name, in any case of its letters.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn account(&self, name: &str) -> Result<Option<AccountRecord>, Fault> {
        Ok(read_accounts(&self.db(), Some(name))?.pop())
    }

    /// Adds an account; false where its name is taken.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn add(&self, account: &AccountRecord) -> Result<bool, Fault> {
        self.write(|db| {
            if !read_accounts(db, Some(&account.name))?.is_empty() {
                return Ok(false);
            }
            db.execute(
                include_str!("accounts/add.sql"),
                params![account.name, account.role, account.password, account.created_at],
            )?;
            let areas = account.villages.iter().map(|id| ("village", id));
            for (kind, id) in areas.chain(account.cells.iter().map(|id| ("grid_cell", id))) {
                db.execute(include_str!("accounts/area.sql"), params![account.name, kind, id])?;
            }
            Ok(true)
        })
    }

    /// Gives an account another password and ends its sessions; false where there is no such account.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn set_password(&self, name: &str, password: &str) -> Result<bool, Fault> {
        self.write(|db| {
            db.execute(include_str!("accounts/session_end.sql"), [name])?;
            Ok(db.execute(include_str!("accounts/password.sql"), params![name, password])? > 0)
        })
    }

    /// Lets an account in no longer, which ends its sessions, or again; false where there is no such account.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn set_disabled(&self, name: &str, disabled: bool) -> Result<bool, Fault> {
        self.write(|db| {
            db.execute(include_str!("accounts/session_end.sql"), [name])?;
            Ok(db.execute(include_str!("accounts/disabled.sql"), params![name, disabled])? > 0)
        })
    }

    /// Opens a session, and forgets those that have expired (`opened_after`, `used_after`) and the account's oldest beyond
    /// `most`. All times are seconds since 1970.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn open_session(
        &self,
        (digest, account, peer): (&[u8], &str, &str),
        now: i64,
        (opened_after, used_after): (i64, i64),
        most: usize,
    ) -> Result<(), Fault> {
        self.write(|db| {
            db.execute(include_str!("accounts/session_sweep.sql"), params![opened_after, used_after])?;
            db.execute(include_str!("accounts/session_open.sql"), params![digest, account, now, peer])?;
            db.execute(include_str!("accounts/session_spare.sql"), params![account, most as i64])?;
            Ok(())
        })
    }

    /// Whose session it is and when it was last used, if it was opened and used after these times.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn session(&self, digest: &[u8], after: (i64, i64)) -> Result<Option<(String, i64)>, Fault> {
        let db = self.db();
        let mut statement = db.prepare_cached(include_str!("accounts/session_account.sql"))?;
        Ok(statement.query_row(params![digest, after.0, after.1], |r| Ok((r.get(0)?, r.get(1)?))).optional()?)
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn use_session(&self, digest: &[u8], now: i64) -> Result<(), Fault> {
        self.db().execute(include_str!("accounts/session_used.sql"), params![digest, now])?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn close_session(&self, digest: &[u8]) -> Result<(), Fault> {
        self.db().execute(include_str!("accounts/session_close.sql"), [digest])?;
        Ok(())
    }

    /// Adds a token; false where its name is taken.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn add_token(&self, digest: &[u8], token: &TokenRecord) -> Result<bool, Fault> {
        self.write(|db| {
            if read_tokens(db)?.iter().any(|known| known.name == token.name) {
                return Ok(false);
            }
            db.execute(
                include_str!("accounts/token_add.sql"),
                params![digest, token.name, token.account, token.created_at, token.expires_at],
            )?;
            Ok(true)
        })
    }

    /// Whose token it is, if it is good at `now`.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn token(&self, digest: &[u8], now: i64) -> Result<Option<String>, Fault> {
        let db = self.db();
        let mut statement = db.prepare_cached(include_str!("accounts/token_account.sql"))?;
        Ok(statement.query_row(params![digest, now], |row| row.get(0)).optional()?)
    }

    /// The tokens.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>, Fault> {
        read_tokens(&self.db())
    }

    /// Revokes the token of that name; whose it was, None where there is none.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn revoke(&self, name: &str) -> Result<Option<String>, Fault> {
        let db = self.db();
        Ok(db.query_row(include_str!("accounts/token_revoke.sql"), [name], |row| row.get(0)).optional()?)
    }

    /// Writes a line of the audit log.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn note(&self, line: &AuditRecord) -> Result<(), Fault> {
        let AuditRecord { at, action, account, peer, subject, format, features } = line;
        let values = params![at, action, account, peer, subject, format, features];
        self.db().prepare_cached(include_str!("accounts/audit_note.sql"))?.execute(values)?;
        Ok(())
    }

    /// The last `most` lines of the audit log, oldest first.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn audit(&self, most: i64) -> Result<Vec<AuditRecord>, Fault> {
        let db = self.db();
        let mut statement = db.prepare(include_str!("accounts/audit_list.sql"))?;
        let lines = statement.query_map([most], |row| {
            Ok(AuditRecord {
                at: row.get(0)?,
                action: row.get(1)?,
                account: row.get(2)?,
                peer: row.get(3)?,
                subject: row.get(4)?,
                format: row.get(5)?,
                features: row.get(6)?,
            })
        })?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    fn write<T>(&self, change: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut db = self.db();
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changed = change(&transaction)?;
        transaction.commit()?;
        Ok(changed)
    }

    /// The connection. A thread that panicked while it held it has left no statement open: SQLite rolled it back.
    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the empty file so that only its owner can read it; the files that SQLite puts beside it take after it.
fn create_private(path: &Path) -> Result<(), Fault> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

/// Takes back what others were given since: a copy or a restored backup may be readable by everybody.
fn keep_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
        if open && let Err(cause) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)) {
            tracing::warn!(%cause, "the file of accounts is readable by others");
        }
    }
}

fn prepare(db: &Connection) -> Result<(), Fault> {
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    let application = |db: &Connection| db.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0));
    if application(db)? == APPLICATION_ID {
        return Ok(());
    }
    db.execute_batch("BEGIN IMMEDIATE")?;
    let made = (|| -> Result<(), Fault> {
        // Another process may have been faster.
        if application(db)? == APPLICATION_ID {
            return Ok(());
        }
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        if tables > 0 {
            return Err(Fault::invalid("store-unreadable").with("cause", "not a file of accounts"));
        }
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
        Ok(db.execute_batch(include_str!("accounts/schema.sql"))?)
    })();
    db.execute_batch(if made.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    made
}

fn read_accounts(db: &Connection, name: Option<&str>) -> Result<Vec<AccountRecord>, Fault> {
    let mut statement = db.prepare_cached(include_str!("accounts/list.sql"))?;
    let mut rows = statement.query([name])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let list = |at: usize| -> Result<Vec<String>, Fault> {
            serde_json::from_str(&row.get::<_, String>(at)?).map_err(Fault::internal)
        };
        all.push(AccountRecord {
            name: row.get(0)?,
            role: row.get(1)?,
            password: row.get(2)?,
            disabled: row.get(3)?,
            created_at: row.get(4)?,
            villages: list(5)?,
            cells: list(6)?,
        });
    }
    Ok(all)
}

fn read_tokens(db: &Connection) -> Result<Vec<TokenRecord>, Fault> {
    let mut statement = db.prepare(include_str!("accounts/token_list.sql"))?;
    let tokens = statement.query_map([], |row| {
        Ok(TokenRecord { name: row.get(0)?, account: row.get(1)?, created_at: row.get(2)?, expires_at: row.get(3)? })
    })?;
    Ok(tokens.collect::<Result<_, _>>()?)
}
