//! The accounts of a map: who somebody is by what they show, signing in and out, and the log of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::account::throttle::Throttle;
use crate::account::{Account, Principal, Role, password, secret};
use crate::fault::Fault;
use crate::store::{AccountBook, AccountRecord, AuditRecord};

/// A session ends when it was not used for so long.
const IDLE_S: i64 = 12 * 3600;
/// And in any case after so long.
pub const WHOLE_S: i64 = 7 * 24 * 3600;
/// Use is noted no oftener than this.
const NOTED_S: i64 = 60;
/// Sessions of one account at the most: the longest unused ends.
const SESSIONS: usize = 20;
/// What is read in parts is noted once in so long, for so many at the most.
const HOUR: Duration = Duration::from_secs(3600);
const READ: usize = 10_000;

/// What somebody shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials<'a> {
    /// Nothing.
    None,
    /// The secret of a session, out of its cookie.
    Session(&'a str),
    /// A token.
    Token(&'a str),
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Features of village layers, by id.
    pub villages: Vec<String>,
    /// Features of grid-cell layers, by id.
    pub cells: Vec<String>,
    /// Its password.
    pub password: String,
}

/// Features that left.
#[derive(Clone, Debug)]
pub struct Export<'a> {
    /// The collection's id.
    pub collection: &'a str,
    /// The format's name.
    pub format: &'a str,
    /// How many features.
    pub features: usize,
    /// Whether it was asked for as a file. Else it is a part of much: pages turned, a map drawn; of that one line is noted
    /// for each hour in which somebody reads a collection so.
    pub file: bool,
}

/// The accounts of a map, as whoever serves it sees them: what another process changes is seen at the next request.
pub struct Accounts {
    path: PathBuf,
    open: Mutex<Option<Open>>,
    exist: AtomicBool,
    throttle: Throttle,
    /// Who has read what in parts, and when that was noted.
    read: Mutex<HashMap<(String, String), Instant>>,
}

/// The file, once it is there, and what was read of it.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) book: Arc<AccountBook>,
    stamp: u64,
    /// By name in lower case.
    pub(super) records: Arc<HashMap<String, AccountRecord>>,
}

pub(super) fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}

pub(super) fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| jiff::Timestamp::now()).to_string()
}

impl Accounts {
    /// The accounts kept in a file; there is none until somebody adds an account.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            open: Mutex::default(),
            exist: AtomicBool::new(false),
            throttle: Throttle::default(),
            read: Mutex::default(),
        }
    }

    /// The file as it is now; None where there is none.
    pub(super) fn open(&self) -> Result<Option<Open>, Fault> {
        let mut held = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.refresh(&mut held, false)?;
        Ok(held.clone())
    }

    fn refresh(&self, held: &mut MutexGuard<'_, Option<Open>>, make: bool) -> Result<(), Fault> {
        let book = match &**held {
            Some(open) => open.book.clone(),
            None => match AccountBook::open(&self.path, make)? {
                Some(book) => Arc::new(book),
                None => return Ok(()),
            },
        };
        let stamp = book.stamp()?;
        if held.as_ref().is_some_and(|open| open.stamp == stamp) {
            return Ok(());
        }
        let records: HashMap<_, _> =
            book.accounts()?.into_iter().map(|record| (record.name.to_lowercase(), record)).collect();
        self.exist.store(!records.is_empty(), Ordering::Relaxed);
        **held = Some(Open { book, stamp, records: Arc::new(records) });
        Ok(())
    }

    /// The file, made where there is none.
    pub(super) fn book(&self) -> Result<Arc<AccountBook>, Fault> {
        let mut held = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        self.refresh(&mut held, true)?;
        held.as_ref().map(|open| open.book.clone()).ok_or_else(|| Fault::internal("no file of accounts"))
    }

    /// Whether the map has accounts, so that who asks has to say who they are.
    ///
    /// # Errors
    /// Where the file is there and does not yield it.
    pub fn exist(&self) -> Result<bool, Fault> {
        Ok(self.open()?.is_some_and(|open| !open.records.is_empty()))
    }

    /// Whether the map had accounts when this was last looked at, which asks nothing of the file.
    pub fn may_exist(&self) -> bool {
        self.exist.load(Ordering::Relaxed)
    }

    /// Whether somebody could look after the map from elsewhere.
    ///
    /// # Errors
    /// As `exist`.
    pub fn have_administrator(&self) -> Result<bool, Fault> {
        let word = Role::Administrator.word();
        Ok(self.open()?.is_some_and(|open| open.records.values().any(|r| r.role == word && !r.disabled)))
    }

    /// Who shows this. `local`: whether they come from this machine, which is enough while there are no accounts.
    ///
    /// # Errors
    /// `token-not-known` (401) for a token that opens nothing. A session that has ended is nobody's.
    pub fn who(&self, shown: Credentials<'_>, local: bool) -> Result<Principal, Fault> {
        let Some(open) = self.open()?.filter(|open| !open.records.is_empty()) else {
            return Ok(if local { Principal::Local } else { Principal::Anonymous });
        };
        let name = match shown {
            Credentials::None => None,
            Credentials::Session(session) => open.session(session)?,
            Credentials::Token(token) => {
                let known = open.book.token(&secret::digest(token), now_s())?.filter(|name| open.may_come(name));
                Some(known.ok_or_else(|| Fault::unauthorized("token-not-known"))?)
            }
        };
        let account = name.and_then(|name| open.account(&name));
        Ok(account.map_or(Principal::Anonymous, |account| Principal::Account(Arc::new(account))))
    }

    /// Signs in: the account, and the secret of its new session. It takes a while on purpose: call it from a thread that may
    /// block, and from few at a time.
    ///
    /// # Errors
    /// `accounts-none`, `sign-in-failed` (401) whatever was wrong, `sign-in-slowed` (429).
    pub fn sign_in(&self, name: &str, password: &str, peer: &str) -> Result<(Principal, String), Fault> {
        let Some(open) = self.open()?.filter(|open| !open.records.is_empty()) else {
            return Err(Fault::conflict("accounts-none"));
        };
        let name = name.trim();
        let entered = self.throttle.enter(name, peer, Instant::now());
        entered.map_err(|seconds| Fault::too_many_requests("sign-in-slowed", seconds))?;
        let record = open.records.get(&name.to_lowercase());
        let right = password::verify(password, record.map(|record| record.password.as_str()))?;
        let account = open.account(name).filter(|_| right);
        // Of a name that nobody bears nothing is kept: it may be a password, typed into the wrong field.
        let known = record.map(|record| record.name.clone()).unwrap_or_default();
        let Some(account) = account else {
            open.note("sign-in-failed", &known, peer, "")?;
            return Err(Fault::unauthorized("sign-in-failed"));
        };
        self.throttle.succeeded(name, peer);
        let (session, at) = (secret::session()?, now_s());
        open.book.open_session((&secret::digest(&session), &account.name, peer), at, fresh(at), SESSIONS)?;
        open.note("sign-in", &account.name, peer, "")?;
        Ok((Principal::Account(Arc::new(account)), session))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn sign_out(&self, session: &str, peer: &str) -> Result<(), Fault> {
        let Some(open) = self.open()? else { return Ok(()) };
        if let Some(name) = open.session(session)? {
            open.note("sign-out", &name, peer, "")?;
        }
        open.book.close_session(&secret::digest(session))
    }

    /// Notes that features have left; without accounts there is nobody to note.
    ///
    /// # Errors
    /// What the file does not take.
    pub fn note_export(&self, principal: &Principal, peer: &str, export: &Export<'_>) -> Result<(), Fault> {
        let Some(open) = self.open()?.filter(|open| !open.records.is_empty()) else { return Ok(()) };
        if !export.file && !self.new_this_hour(principal, export) {
            return Ok(());
        }
        open.book.note(&AuditRecord {
            at: now(),
            action: "export".to_owned(),
            account: principal.author().to_owned(),
            peer: peer.to_owned(),
            subject: export.collection.to_owned(),
            format: export.format.to_owned(),
            features: i64::try_from(export.features).ok(),
        })
    }

    fn new_this_hour(&self, principal: &Principal, export: &Export<'_>) -> bool {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        read.retain(|_, at| now.saturating_duration_since(*at) < HOUR);
        if read.len() >= READ {
            read.clear();
        }
        let key = (principal.author().to_owned(), export.collection.to_owned());
        if read.contains_key(&key) {
            return false;
        }
        read.insert(key, now);
        true
    }
}

pub(super) fn note(book: &AccountBook, action: &str, account: &str, peer: &str, subject: &str) -> Result<(), Fault> {
    let [action, account, peer, subject] = [action, account, peer, subject].map(str::to_owned);
    book.note(&AuditRecord { at: now(), action, account, peer, subject, ..AuditRecord::default() })
}

/// Sessions opened and used after these times are good at `now`.
fn fresh(now: i64) -> (i64, i64) {
    (now - WHOLE_S, now - IDLE_S)
}

impl Open {
    /// Whose session it is. Its use is noted, so that it lasts.
    fn session(&self, session: &str) -> Result<Option<String>, Fault> {
        let (digest, at) = (secret::digest(session), now_s());
        let Some((name, used_at)) = self.book.session(&digest, fresh(at))? else { return Ok(None) };
        if !self.may_come(&name) {
            return Ok(None);
        }
        if at - used_at >= NOTED_S {
            self.book.use_session(&digest, at)?;
        }
        Ok(Some(name))
    }

    fn may_come(&self, name: &str) -> bool {
        self.account(name).is_some()
    }

    /// The account of that name, if it may come in.
    fn account(&self, name: &str) -> Option<Account> {
        let record = self.records.get(&name.to_lowercase()).filter(|record| !record.disabled)?;
        Account::of(record.clone())
    }

    fn note(&self, action: &str, account: &str, peer: &str, subject: &str) -> Result<(), Fault> {
        note(&self.book, action, account, peer, subject)
    }
}
