//! The line in which jobs wait, and those who work on them.

use std::collections::VecDeque;
use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tempfile::{NamedTempFile, TempPath};

use super::{Counted, Job, Standing, Status, Store, locked};
use crate::fault::Fault;
use crate::stop::Stop;

/// When somebody who has as many jobs as one may have should ask again, seconds.
const AGAIN_S: u64 = 60;

/// How much there may be of it all.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Jobs that are worked on at a time; the others wait in line.
    pub at_once: usize,
    /// Jobs that are known of one owner.
    pub of_one: usize,
    /// Jobs that are known altogether.
    pub known: usize,
    /// Bytes of all results together.
    pub bytes: u64,
    /// How long a job is known once it has ended.
    pub age: Duration,
}

type Work = Box<dyn FnOnce() + Send>;

struct Line<T> {
    known: Vec<Arc<Job<T>>>,
    waiting: VecDeque<Work>,
    workers: usize,
}

/// All jobs of a server.
pub struct Jobs<T> {
    limits: Limits,
    store: Arc<Store>,
    line: Arc<Mutex<Line<T>>>,
}

impl<T: Send + Sync + 'static> Jobs<T> {
    /// Jobs whose results lie in `dir`, which is made when the first of them is written.
    pub fn new(dir: &Path, limits: Limits) -> Self {
        let store = Store { dir: dir.to_owned(), used: AtomicU64::new(0), limit: limits.bytes };
        let line = Line { known: Vec::new(), waiting: VecDeque::new(), workers: 0 };
        Self { limits, store: Arc::new(store), line: Arc::new(Mutex::new(line)) }
    }

    /// Forgets jobs that ended long ago, and removes files that no process has touched for as long.
    pub fn sweep(&self) {
        let age = self.limits.age;
        let now = Timestamp::now();
        let old = |job: &Arc<Job<T>>| {
            let finished = job.standing().finished;
            finished.is_some_and(|at| now.duration_since(at).unsigned_abs() > age)
        };
        locked(&self.line).known.retain(|job| !old(job));
        // Where the folder is not there, nothing is in it.
        let Ok(entries) = std::fs::read_dir(&self.store.dir) else { return };
        for entry in entries.flatten() {
            let touched = entry.metadata().and_then(|meta| meta.modified()).unwrap_or(SystemTime::now());
            let held = locked(&self.line).known.iter().any(|job| {
                locked(&job.result).as_ref().is_some_and(|path| path.file_name() == Some(entry.file_name().as_os_str()))
            });
            if !held && touched.elapsed().is_ok_and(|for_so_long| for_so_long > age) {
                // What cannot be removed now is tried again by the next sweep.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// Puts work in line.
    ///
    /// # Errors
    /// `jobs-full` (429) for one's own, `jobs-full-all` and `jobs-no-room` (503) for everybody's.
    pub fn start(
        &self,
        owner: &str,
        about: T,
        work: impl FnOnce(&Job<T>, &mut dyn Write) -> Result<(), Fault> + Send + 'static,
    ) -> Result<Arc<Job<T>>, Fault> {
        self.sweep();
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(Fault::internal)?;
        let job = Arc::new(Job {
            id: random.iter().map(|byte| format!("{byte:02x}")).collect(),
            about,
            created: Timestamp::now(),
            owner: owner.to_owned(),
            total: AtomicU64::new(0),
            done: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            stop: Stop::default(),
            standing: Mutex::new(Standing { status: Status::Accepted, started: None, finished: None, fault: None }),
            result: Mutex::new(None),
            store: self.store.clone(),
        });
        job.check()?;
        let mut line = locked(&self.line);
        let own = line.known.iter().filter(|job| job.owner == owner).count();
        if own >= self.limits.of_one {
            return Err(Fault::too_many_requests("jobs-full", AGAIN_S)
                .with("own", own)
                .with("limit", self.limits.of_one));
        }
        if line.known.len() >= self.limits.known {
            return Err(Fault::busy("jobs-full-all").with("limit", self.limits.known));
        }
        line.known.push(job.clone());
        let own = job.clone();
        line.waiting.push_back(Box::new(move || run(&own, work)));
        if line.workers < self.limits.at_once {
            let shared = self.line.clone();
            // It waits for the line, which is held here.
            std::thread::Builder::new().name("job".to_owned()).spawn(move || labour(&shared))?;
            line.workers += 1;
        }
        Ok(job)
    }

    /// An owner's job.
    ///
    /// # Errors
    /// `job-unknown`, for another's as for none.
    pub fn get(&self, owner: &str, id: &str) -> Result<Arc<Job<T>>, Fault> {
        let found = locked(&self.line).known.iter().find(|job| job.id == id && job.owner == owner).cloned();
        found.ok_or_else(|| Fault::not_found("job-unknown").with("id", id))
    }

    /// An owner's jobs, the latest first.
    pub fn of(&self, owner: &str) -> Vec<Arc<Job<T>>> {
        locked(&self.line).known.iter().rev().filter(|job| job.owner == owner).cloned().collect()
    }

    /// Calls a job off: what it has written is removed, and it is known no more.
    ///
    /// # Errors
    /// `job-unknown`.
    pub fn dismiss(&self, owner: &str, id: &str) -> Result<Arc<Job<T>>, Fault> {
        let job = self.get(owner, id)?;
        job.dismiss();
        locked(&self.line).known.retain(|one| one.id != id);
        Ok(job)
    }

    /// Calls all of them off, for the process is to end.
    pub fn stop(&self) {
        let known = std::mem::take(&mut locked(&self.line).known);
        known.iter().for_each(|job| job.dismiss());
    }
}

/// Takes work from the line until there is none.
fn labour<T>(line: &Mutex<Line<T>>) {
    loop {
        let next = {
            let mut line = locked(line);
            let next = line.waiting.pop_front();
            line.workers -= usize::from(next.is_none());
            next
        };
        match next {
            Some(work) => work(),
            None => return,
        }
    }
}

/// Does the work of a job, whatever comes of it.
fn run<T>(job: &Job<T>, work: impl FnOnce(&Job<T>, &mut dyn Write) -> Result<(), Fault>) {
    if job.check().is_err() && job.standing().status == Status::Dismissed {
        return;
    }
    job.stands(Status::Running, None);
    let written = catch_unwind(AssertUnwindSafe(|| job.stop.lend(|| write(job, work))));
    let written = written.unwrap_or_else(|_| Err(Fault::internal("a job panicked")));
    match written {
        Ok(path) => {
            let mut result = locked(&job.result);
            // Called off at the last moment, the file goes with its path.
            if !job.stop.is_raised() {
                *result = Some(path);
            }
            drop(result);
            job.stands(Status::Successful, None);
        }
        // What was called off, or found no room, failed of that and not of the write that it broke.
        Err(fault) => job.stands(Status::Failed, Some(job.check().err().unwrap_or(fault))),
    }
}

fn write<T>(job: &Job<T>, work: impl FnOnce(&Job<T>, &mut dyn Write) -> Result<(), Fault>) -> Result<TempPath, Fault> {
    std::fs::create_dir_all(&job.store.dir)?;
    let (file, path) = NamedTempFile::new_in(&job.store.dir)?.into_parts();
    let mut out = BufWriter::with_capacity(1 << 16, Counted { file, job });
    work(job, &mut out)?;
    out.flush()?;
    Ok(path)
}
