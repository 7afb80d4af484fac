//! A cache that forgets what was longest unused: where there is too much of it, or it takes too much room.

use std::collections::HashMap;
use std::hash::Hash;

/// So many that may be forgotten are kept at the most.
const KEPT: usize = 64;
/// And they take so many bytes together, beside the one that came last: a day of a province's farms, or some wide surfaces.
const ROOM: usize = 256 << 20;

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

    /// Keeps a value. `forever` says which keys do not count and do not go; `bytes`, what a value takes by now.
    pub fn put(&mut self, key: K, value: V, forever: impl Fn(&K) -> bool, bytes: impl Fn(&V) -> usize) {
        self.clock += 1;
        let mut passing: Vec<(u64, K, usize)> = self
            .entries
            .iter()
            .filter(|(known, _)| !forever(known) && **known != key)
            .map(|(known, (used, value))| (*used, known.clone(), bytes(value)))
            .collect();
        self.entries.insert(key, (self.clock, value));
        passing.sort_unstable_by_key(|(used, ..)| std::cmp::Reverse(*used));
        let mut room = ROOM;
        for (at, (_, key, bytes)) in passing.into_iter().enumerate() {
            match room.checked_sub(bytes).filter(|_| at + 1 < KEPT) {
                Some(left) => room = left,
                None => {
                    // What is longer unused than what found no room goes as well.
                    room = 0;
                    self.entries.remove(&key);
                }
            }
        }
    }

    /// Forgets all for which this does not hold.
    pub fn retain(&mut self, holds: impl Fn(&K, &V) -> bool) {
        self.entries.retain(|key, (_, value)| holds(key, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_longest_unused_goes_where_there_is_too_much_of_it() {
        let mut kept = Kept::default();
        (0..KEPT).for_each(|key| kept.put(key, (), |_| false, |()| 1));
        kept.get(&0);
        kept.put(KEPT, (), |_| false, |()| 1);
        let there: Vec<usize> = (0..=KEPT).filter(|key| kept.get(key).is_some()).collect();
        assert_eq!(there, [&[0][..], &(2..=KEPT).collect::<Vec<_>>()].concat(), "1 was unused longest");
    }

    #[test]
    fn what_takes_too_much_room_goes_and_what_does_not_count_stays() {
        let mut kept = Kept::default();
        for (key, bytes) in [(-1, 9 * ROOM), (1, ROOM / 2), (2, ROOM / 2), (3, ROOM / 4), (4, 5)] {
            kept.put(key, bytes, |key| *key < 0, |bytes| *bytes);
        }
        // 3 has room beside 2; 1 has none; the last one counts when the next comes.
        assert_eq!([-1, 1, 2, 3, 4].map(|key| kept.get(&key).is_some()), [true, false, true, true, true]);
    }
}
