//! What takes long: work in a line of its own, with an owner, progress that is true, and a file as its result for an hour.
//!
//! A job is known by an id that nobody can guess and shown to its owner alone. Its file lies under no name that the job does
//! not hold: it goes with the job, and what a killed process left is swept away by its age.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tempfile::{NamedTempFile, TempPath};

use crate::fault::Fault;

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
    total: u64,
    done: AtomicU64,
    bytes: AtomicU64,
    dismissed: AtomicBool,
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
        let done = self.done.load(Ordering::Relaxed).min(self.total);
        (done * 100 / self.total.max(1)).min(99) as u8
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
        if self.dismissed.load(Ordering::Relaxed) {
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
        self.dismissed.store(true, Ordering::Relaxed);
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

    /// Puts work in line; `total` is how many steps it will tell [`Job::step`] of.
    ///
    /// # Errors
    /// `jobs-full` (429) for one's own, `jobs-full-all` and `jobs-no-room` (503) for everybody's.
    pub fn start(
        &self,
        owner: &str,
        about: T,
        total: u64,
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
            total,
            done: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            dismissed: AtomicBool::new(false),
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
    let written = catch_unwind(AssertUnwindSafe(|| write(job, work)));
    let written = written.unwrap_or_else(|_| Err(Fault::internal("a job panicked")));
    match written {
        Ok(path) => {
            let mut result = locked(&job.result);
            // Called off at the last moment, the file goes with its path.
            if !job.dismissed.load(Ordering::Relaxed) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { at_once: 1, of_one: 3, known: 4, bytes: 1 << 20, age: Duration::from_secs(3600) };

    fn wait(job: &Job<()>) -> Standing {
        for _ in 0..500 {
            if job.standing().status.is_over() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        job.standing()
    }

    fn files(dir: &Path) -> usize {
        std::fs::read_dir(dir).map_or(0, Iterator::count)
    }

    #[test]
    fn a_job_says_truly_how_far_it_is_and_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let jobs = Jobs::new(dir.path(), LIMITS);
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let job = jobs
            .start("ann", (), 4, move |job, out| {
                job.step(3)?;
                gate.recv().map_err(Fault::internal)?;
                out.write_all(b"whole")?;
                job.step(1)
            })
            .unwrap();
        while job.progress() < 75 {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!((job.progress(), job.standing().status), (75, Status::Running));
        assert!(job.result().unwrap().is_none());
        assert_eq!(jobs.get("bob", &job.id).map(|_| ()).map_err(|fault| fault.code()), Err("job-unknown"));
        assert!(jobs.of("bob").is_empty());
        go.send(()).unwrap();
        assert_eq!(wait(&job).status, Status::Successful);
        assert_eq!(job.progress(), 100);
        assert_eq!(job.result().unwrap().unwrap().1, 5);
        let id = job.id.clone();
        drop(job);
        assert_eq!(files(dir.path()), 1);
        drop(jobs.dismiss("ann", &id).unwrap());
        assert_eq!(files(dir.path()), 0);
    }

    #[test]
    fn what_is_called_off_stops_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let jobs = Jobs::new(dir.path(), LIMITS);
        let (told, ended) = std::sync::mpsc::channel();
        let job = jobs
            .start("ann", (), 1 << 40, move |job, out| {
                let done = std::iter::repeat(()).try_for_each(|()| {
                    out.write_all(b"x")?;
                    std::thread::sleep(Duration::from_millis(1));
                    job.step(1)
                });
                told.send(()).map_err(Fault::internal)?;
                done
            })
            .unwrap();
        while job.standing().status != Status::Running {
            std::thread::sleep(Duration::from_millis(5));
        }
        jobs.dismiss("ann", &job.id).unwrap();
        ended.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(job.standing().status, Status::Dismissed);
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(files(dir.path()), 0);
    }

    #[test]
    fn more_than_there_is_room_for_is_refused_and_a_panic_is_a_failure() {
        let dir = tempfile::tempdir().unwrap();
        let jobs = Jobs::new(dir.path(), LIMITS);
        let large = jobs.start("ann", (), 1, |_, out| Ok(out.write_all(&[0; 2 << 20])?)).unwrap();
        let failed = wait(&large);
        // The first write that is too much goes through: the next thing that is tried is refused.
        assert!(failed.status == Status::Successful || failed.fault.is_some_and(|f| f.code() == "jobs-no-room"));
        let full = jobs.start("ann", (), 1, |_, _| Ok(())).map(|_| ()).map_err(|fault| fault.code());
        assert_eq!(full, Err("jobs-no-room"));
        let id = large.id.clone();
        drop(large);
        drop(jobs.dismiss("ann", &id));
        let broken = jobs.start("ann", (), 1, |_, _| panic!("no")).unwrap();
        assert_eq!(wait(&broken).status, Status::Failed);
        for _ in 0..2 {
            jobs.start("ann", (), 1, |_, _| Ok(())).unwrap();
        }
        assert_eq!(jobs.start("ann", (), 1, |_, _| Ok(())).map(|_| ()).map_err(|f| f.code()), Err("jobs-full"));
        jobs.start("bob", (), 1, |_, _| Ok(())).unwrap();
        assert_eq!(jobs.start("bob", (), 1, |_, _| Ok(())).map(|_| ()).map_err(|f| f.code()), Err("jobs-full-all"));
    }
}
