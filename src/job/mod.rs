//! What takes long: work in a line of its own, with an owner, progress that is true, and a file as its result for an hour.
//!
//! A job is known by an id that nobody can guess and shown to its owner alone. Its file lies under no name that the job does
//! not hold: it goes with the job, and what a killed process left is swept away by its age.

mod line;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tempfile::TempPath;

use crate::fault::Fault;
use crate::stop::Stop;

pub use line::{Jobs, Limits};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// In line.
    Accepted,
    /// Being worked on.
    Running,
    /// Done: the result is there.
    Successful,
    /// It could not be done.
    Failed,
    /// Its owner has called it off.
    Dismissed,
}

impl Status {
    /// Its word in OGC API Processes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Running => "running",
            Self::Successful => "successful",
            Self::Failed => "failed",
            Self::Dismissed => "dismissed",
        }
    }

    /// Whether nothing more will come of it.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Accepted | Self::Running)
    }
}

/// What is known of a job at one moment.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Where it stands.
    pub status: Status,
    /// When it was begun.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// Why it could not be done.
    pub fault: Option<Fault>,
}

/// One job. `T`: what whoever started it wants to know of it later.
pub struct Job<T> {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub about: T,
    /// When it was asked for.
    pub created: Timestamp,
    owner: String,
    total: AtomicU64,
    done: AtomicU64,
    bytes: AtomicU64,
    stop: Stop,
    standing: Mutex<Standing>,
    result: Mutex<Option<TempPath>>,
    store: Arc<Store>,
}

/// What all jobs share: the folder, and the bytes that lie in it.
struct Store {
    dir: PathBuf,
    used: AtomicU64,
    limit: u64,
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.store.used.fetch_sub(self.bytes.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

fn locked<V>(mutex: &Mutex<V>) -> MutexGuard<'_, V> {
    // What is put in under these locks is whole entries, at one stroke.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Job<T> {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        locked(&self.standing).clone()
    }

    /// How much of it is done, per cent: steps of all steps, and 100 not before the result is there.
    pub fn progress(&self) -> u8 {
        if self.standing().status == Status::Successful {
            return 100;
        }
        let total = self.total.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed).min(total);
        (done * 100 / total.max(1)).min(99) as u8
    }

    /// Says how many steps there will be, as soon as that is known.
    pub fn in_steps(&self, steps: usize) {
        self.total.store(steps as u64, Ordering::Relaxed);
    }

    /// Takes notice of steps that are done.
    ///
    /// # Errors
    /// `job-dismissed`, `jobs-no-room`: the rest need not be done.
    pub fn step(&self, steps: usize) -> Result<(), Fault> {
        self.done.fetch_add(steps as u64, Ordering::Relaxed);
        self.check()
    }

    fn check(&self) -> Result<(), Fault> {
        if self.stop.is_raised() {
            return Err(Fault::conflict("job-dismissed"));
        }
        if self.store.used.load(Ordering::Relaxed) > self.store.limit {
            return Err(Fault::busy("jobs-no-room").with("limit", self.store.limit));
        }
        Ok(())
    }

    /// The result and its length in bytes; None where there is none.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn result(&self) -> Result<Option<(File, u64)>, Fault> {
        let result = locked(&self.result);
        let Some(path) = result.as_ref() else { return Ok(None) };
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Some((file, length)))
    }

    fn stands(&self, status: Status, fault: Option<Fault>) {
        let mut standing = locked(&self.standing);
        // What was called off stays so, however the work ended.
        if standing.status == Status::Dismissed {
            return;
        }
        let now = Timestamp::now();
        match status {
            Status::Running => standing.started = Some(now),
            _ if status.is_over() => standing.finished = Some(now),
            _ => {}
        }
        standing.status = status;
        standing.fault = fault;
    }

    fn dismiss(&self) {
        self.stop.raise();
        self.stands(Status::Dismissed, None);
        // The file is removed with its path.
        drop(locked(&self.result).take());
    }
}

/// The writing end of a result: it counts bytes and stops where nobody wants them any more.
struct Counted<'a, T> {
    file: File,
    job: &'a Job<T>,
}

impl<T> Write for Counted<'_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.job.check().map_err(io::Error::other)?;
        let written = self.file.write(bytes)?;
        self.job.bytes.fetch_add(written as u64, Ordering::Relaxed);
        self.job.store.used.fetch_add(written as u64, Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
