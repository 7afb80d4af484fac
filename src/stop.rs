//! Work that nobody waits for any more ends.
//!
//! Whoever asks holds a [`Stop`] and raises it on leaving. It is lent to the thread that works for them, and loops that may take
//! long look whether it is raised: then they break off with whatever they have, for what has been stopped is thrown away where it
//! was begun, in [`Once`], and never taken for an answer.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use crate::fault::Fault;

/// How often those who wait for others look whether they are still to wait.
const LOOK: Duration = Duration::from_millis(20);

thread_local! {
    static LENT: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

/// A flag that is raised once and stays so: the work for it may end.
#[derive(Clone, Default)]
pub struct Stop(Arc<Flag>);

#[derive(Default)]
struct Flag {
    raised: AtomicBool,
    /// How many want the work that this is the flag of.
    wanting: AtomicUsize,
    /// The work that is done for whoever holds this.
    works: Mutex<Vec<Weak<Flag>>>,
}

/// Raises its flag when it is dropped.
pub struct Leaving(Stop);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.raise();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is under these locks is put in at one stroke.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Flag {
    fn raise(&self) {
        let works = {
            let mut works = locked(&self.works);
            self.raised.store(true, Ordering::Relaxed);
            std::mem::take(&mut *works)
        };
        works.iter().filter_map(Weak::upgrade).for_each(|work| work.lose());
    }

    /// One of those who wanted it has left.
    fn lose(&self) {
        if self.wanting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.raise();
        }
    }
}

impl Stop {
    /// Whoever asked has left.
    pub fn raise(&self) {
        self.0.raise();
    }

    /// Raises it as soon as what is returned is dropped.
    pub fn on_leaving(&self) -> Leaving {
        Leaving(self.clone())
    }

    /// Whether the work may end.
    pub fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed)
    }

    /// Whether the work may end.
    ///
    /// # Errors
    /// `stopped` (503).
    pub fn check(&self) -> Result<(), Fault> {
        if self.is_raised() { Err(Fault::busy("stopped")) } else { Ok(()) }
    }

    /// Works under this flag: it is what [`current`] is on this thread in the meantime.
    pub fn lend<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Back(Option<Stop>);
        impl Drop for Back {
            fn drop(&mut self) {
                LENT.set(self.0.take());
            }
        }
        let _back = Back(LENT.replace(Some(self.clone())));
        work()
    }

    /// A flag for work that somebody wants: raised when all have left who want it.
    fn wanted_by(asker: &Self) -> Self {
        let work = Self::default();
        work.0.wanting.store(1, Ordering::Relaxed);
        work.works_for(asker);
        work
    }

    /// Somebody else wants it too. Too late once all have left.
    fn join(&self, asker: &Self) {
        let one_more = |wanting: usize| (wanting > 0).then_some(wanting + 1);
        if self.0.wanting.fetch_update(Ordering::AcqRel, Ordering::Relaxed, one_more).is_ok() {
            self.works_for(asker);
        }
    }

    fn works_for(&self, asker: &Self) {
        let mut works = locked(&asker.0.works);
        if asker.is_raised() {
            drop(works);
            return self.0.lose();
        }
        works.retain(|work| work.strong_count() > 0);
        works.push(Arc::downgrade(&self.0));
    }
}

/// The flag lent to this thread; one that nobody raises where there is none. Work that is shared out among threads takes it along.
pub fn current() -> Stop {
    LENT.with_borrow(Clone::clone).unwrap_or_default()
}

/// Whether what this thread works on may end.
pub fn asked() -> bool {
    LENT.with_borrow(|lent| lent.as_ref().is_some_and(Stop::is_raised))
}

/// Whether what this thread works on may end.
///
/// # Errors
/// `stopped` (503).
pub fn check() -> Result<(), Fault> {
    LENT.with_borrow(|lent| lent.as_ref().map_or(Ok(()), Stop::check))
}

/// Does what cannot look for itself, beside this thread; None where it is not to be waited for any more. It ends by itself then.
pub fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    if LENT.with_borrow(Option::is_none) {
        return Some(work());
    }
    let (told, ended) = channel();
    let begun = std::thread::Builder::new().name("beside".to_owned()).spawn(move || {
        // Nobody may be there to be told any more.
        let _ = told.send(work());
    });
    begun.ok()?;
    loop {
        match ended.recv_timeout(LOOK) {
            Ok(done) => return Some(done),
            Err(RecvTimeoutError::Timeout) if !asked() => {}
            Err(_) => return None,
        }
    }
}

/// What is worked out once for all who ask, as long as one of them is there.
pub struct Once<T> {
    done: OnceLock<T>,
    running: Mutex<Option<Stop>>,
    ended: Condvar,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { done: OnceLock::new(), running: Mutex::new(None), ended: Condvar::new() }
    }
}

impl<T> Once<T> {
    /// What came out, where it is done.
    pub fn known(&self) -> Option<&T> {
        self.done.get()
    }

    /// What `work` makes. Who asks while somebody works it out waits for that, and whoever began goes on while one of them waits.
    ///
    /// # Errors
    /// `stopped` where whoever asks is gone.
    pub fn get(&self, work: impl Fn() -> T) -> Result<&T, Fault> {
        /// A run that is over, however it ended.
        struct Over<'a, T>(&'a Once<T>);
        impl<T> Drop for Over<'_, T> {
            fn drop(&mut self) {
                *locked(&self.0.running) = None;
                self.0.ended.notify_all();
            }
        }
        let asker = current();
        loop {
            if let Some(done) = self.done.get() {
                return Ok(done);
            }
            asker.check()?;
            let mut running = locked(&self.running);
            if let Some(run) = running.clone() {
                run.join(&asker);
                while running.as_ref().is_some_and(|now| Arc::ptr_eq(&now.0, &run.0)) && !asker.is_raised() {
                    running = self.ended.wait_timeout(running, LOOK).unwrap_or_else(PoisonError::into_inner).0;
                }
            } else if self.done.get().is_none() {
                let run = Stop::wanted_by(&asker);
                *running = Some(run.clone());
                drop(running);
                let _over = Over(self);
                let done = run.lend(&work);
                run.check()?;
                // Nobody else runs it.
                let _ = self.done.set(done);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Works until it is stopped or has worked for so many turns.
    fn long(turns: usize) -> usize {
        (0..turns).take_while(|_| !asked()).inspect(|_| std::thread::sleep(Duration::from_millis(2))).count()
    }

    #[test]
    fn what_is_stopped_is_no_answer_and_the_next_who_asks_gets_one() {
        let once = Once::default();
        let asker = Stop::default();
        std::thread::scope(|scope| {
            let first = scope.spawn(|| asker.lend(|| once.get(|| long(100_000)).copied()));
            while locked(&once.running).is_none() {
                std::thread::yield_now();
            }
            asker.raise();
            assert_eq!(first.join().unwrap().map_err(|fault| fault.code()), Err("stopped"));
        });
        assert_eq!(asker.lend(|| once.get(|| long(3)).copied()).map_err(|fault| fault.code()), Err("stopped"));
        assert_eq!(once.get(|| long(3)).copied(), Ok(3));
        assert_eq!(once.get(|| long(4)).copied(), Ok(3));
    }

    #[test]
    fn a_run_goes_on_while_one_of_those_who_ask_is_there() {
        let once = Once::default();
        let (first, second) = (Stop::default(), Stop::default());
        std::thread::scope(|scope| {
            let began = scope.spawn(|| first.lend(|| once.get(|| long(150)).copied()));
            while locked(&once.running).is_none() {
                std::thread::yield_now();
            }
            let joined = scope.spawn(|| second.lend(|| once.get(|| long(5)).copied()));
            let wanting = || locked(&once.running).as_ref().map(|run| run.0.wanting.load(Ordering::Relaxed));
            while wanting() == Some(1) {
                std::thread::yield_now();
            }
            first.raise();
            assert_eq!(joined.join().unwrap(), Ok(150));
            assert_eq!(began.join().unwrap(), Ok(150));
        });
    }

    #[test]
    fn a_run_that_panics_does_not_keep_others_waiting() {
        let once = Once::default();
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| once.get(|| panic!("no"))));
        assert!(broken.is_err());
        assert_eq!(once.get(|| 2_u8).copied(), Ok(2));
    }

    #[test]
    fn what_cannot_look_for_itself_is_left_behind() {
        let stop = Stop::default();
        stop.lend(|| {
            assert_eq!(beside(|| 7), Some(7));
            let leaving = stop.on_leaving();
            drop(leaving);
            assert_eq!(beside(|| std::thread::sleep(Duration::from_secs(3))), None);
        });
        assert!(!asked() && check().is_ok());
    }
}
