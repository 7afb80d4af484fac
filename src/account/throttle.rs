//! Failed sign-ins are slowed: a wait that doubles, for the account and for the address it is tried from.
//!
//! Kept in memory, and bounded: whoever tries many names from many addresses displaces entries that have failed least.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tries that cost no waiting, for an account and for an address: a town hall may share one.
const FREE_FOR_ACCOUNT: u32 = 5;
const FREE_FOR_PEER: u32 = 20;
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(300);
/// Failures are forgotten when nothing was tried for so long.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// Entries at the most.
const MOST: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Account(String),
    /// An account at an address from which it has signed in before: strangers cannot lock it out from there.
    Known(String, String),
    Peer(String),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    failures: u32,
    last: Instant,
}

impl Entry {
    fn wait(self, free: u32) -> Duration {
        match self.failures.checked_sub(free) {
            None => Duration::ZERO,
            Some(beyond) => Duration::from_secs(1 << beyond.min(16)).min(LONGEST),
        }
    }
}

#[derive(Default)]
struct State {
    entries: HashMap<Key, Entry>,
    known: HashSet<(String, String)>,
}

/// Counts failed sign-ins and says how long to wait.
#[derive(Default)]
pub struct Throttle(Mutex<State>);

impl Throttle {
    /// Lets a try in, and counts it as failed until `succeeded` says otherwise: of many at the same time no more come in
    /// than one after another.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn enter(&self, account: &str, peer: &str, now: Instant) -> Result<(), u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = state.keys(account, peer);
        for (key, free) in &keys {
            if let Some(entry) = state.entries.get(key).copied() {
                let since = now.saturating_duration_since(entry.last);
                let wait = entry.wait(*free).saturating_sub(since);
                if since < FORGOTTEN && !wait.is_zero() {
                    return Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
                }
            }
        }
        for (key, _) in keys {
            state.count(key, now);
        }
        Ok(())
    }

    /// Takes back what `enter` counted: the password was right. The address keeps what other tries from it have earned.
    pub fn succeeded(&self, account: &str, peer: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in state.keys(account, peer) {
            match key {
                Key::Peer(_) => {
                    if let Some(entry) = state.entries.get_mut(&key) {
                        entry.failures = entry.failures.saturating_sub(1);
                    }
                }
                Key::Account(_) | Key::Known(..) => {
                    state.entries.remove(&key);
                }
            }
        }
        if state.known.len() >= MOST {
            state.known.clear();
        }
        state.known.insert((account.to_lowercase(), peer.to_owned()));
    }
}

impl State {
    fn keys(&self, account: &str, peer: &str) -> [(Key, u32); 2] {
        let known = (account.to_lowercase(), peer.to_owned());
        let of_account = if self.known.contains(&known) { Key::Known(known.0, known.1) } else { Key::Account(known.0) };
        [(of_account, FREE_FOR_ACCOUNT), (Key::Peer(peer.to_owned()), FREE_FOR_PEER)]
    }

    fn count(&mut self, key: Key, now: Instant) {
        if !self.entries.contains_key(&key) && self.entries.len() >= MOST {
            self.entries.retain(|_, entry| now.saturating_duration_since(entry.last) < FORGOTTEN);
            let least = self.entries.iter().min_by_key(|(_, entry)| (entry.failures, entry.last));
            if self.entries.len() >= MOST
                && let Some(least) = least.map(|(key, _)| key.clone())
            {
                self.entries.remove(&least);
            }
        }
        let entry = self.entries.entry(key).or_insert(Entry { failures: 0, last: now });
        if now.saturating_duration_since(entry.last) >= FORGOTTEN {
            entry.failures = 0;
        }
        entry.failures = entry.failures.saturating_add(1);
        entry.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_forgotten() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for _ in 0..FREE_FOR_ACCOUNT {
            assert_eq!(throttle.enter("wang", "10.0.0.1", start), Ok(()));
        }
        assert_eq!(throttle.enter("WANG", "10.0.0.2", start), Err(1), "from wherever");
        let later = start + Duration::from_secs(1);
        assert_eq!(throttle.enter("wang", "10.0.0.1", later), Ok(()));
        assert_eq!(throttle.enter("wang", "10.0.0.1", later), Err(2));
        assert_eq!(throttle.enter("wang", "10.0.0.1", later + FORGOTTEN), Ok(()));
        assert_eq!(throttle.enter("wang", "10.0.0.1", later + FORGOTTEN), Ok(()), "forgotten");
    }

    #[test]
    fn many_names_from_one_address_are_one_address() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for n in 0..FREE_FOR_PEER {
            assert_eq!(throttle.enter(&format!("name {n}"), "10.0.0.1", now), Ok(()));
        }
        assert_eq!(throttle.enter("another", "10.0.0.1", now), Err(1));
        assert_eq!(throttle.enter("another", "10.0.0.2", now), Ok(()));
        throttle.succeeded("another", "10.0.0.2");
        assert_eq!(throttle.enter("another", "10.0.0.1", now), Err(1), "one success does not clear an address");
    }

    #[test]
    fn a_stranger_cannot_lock_somebody_out_of_where_they_have_been_in() {
        let throttle = Throttle::default();
        let now = Instant::now();
        assert_eq!(throttle.enter("wang", "home", now), Ok(()));
        throttle.succeeded("wang", "home");
        while throttle.enter("wang", "elsewhere", now).is_ok() {}
        assert_eq!(throttle.enter("wang", "home", now), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_keeps_those_that_failed_most() {
        let throttle = Throttle::default();
        let now = Instant::now();
        while throttle.enter("wang", "10.0.0.1", now).is_ok() {}
        for n in 0..MOST {
            let _ = throttle.enter(&format!("name {n}"), &format!("10.1.{n}"), now);
        }
        assert!(throttle.0.lock().unwrap().entries.len() <= MOST);
        assert!(throttle.enter("wang", "10.0.0.3", now).is_err());
    }
}
