//! A small cache that forgets what was longest unused.

use std::collections::HashMap;
use std::hash::Hash;

/// So many that may be forgotten are kept at the most.
const KEPT: usize = 64;

/// Values by key.
pub struct Kept<K, V> {
    entries: HashMap<K, (u64, V)>,
    clock: u64,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), clock: 0 }
    }
}

impl<K: Hash + Eq + Clone, V> Kept<K, V> {
    /// What is kept under a key.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.0 = self.clock;
        Some(&entry.1)
    }

    /// Keeps a value. `forever` says which keys do not count and do not go.
    pub fn put(&mut self, key: K, value: V, forever: impl Fn(&K) -> bool) {
        self.clock += 1;
        self.entries.insert(key, (self.clock, value));
        let passing = || self.entries.iter().filter(|(key, _)| !forever(key));
        if passing().count() > KEPT
            && let Some(oldest) = passing().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone())
        {
            self.entries.remove(&oldest);
        }
    }

    /// Forgets all for which this does not hold.
    pub fn retain(&mut self, holds: impl Fn(&K, &V) -> bool) {
        self.entries.retain(|key, (_, value)| holds(key, value));
    }
}
