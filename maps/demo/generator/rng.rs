//! A random source of our own: the same seed gives the same town on every machine and after every dependency update.

use crate::shape::Pt;

/// A SplitMix64 stream (Steele, Lea and Flood, 2014).
pub struct Rng(u64);

impl Rng {
    /// Starts the stream of `seed` for one purpose, so that a change in one part of the town leaves the others alone.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self::keyed(seed, purpose, 0, 0)
    }

    /// Starts the stream of `seed` for one purpose and one pair of numbers, such as the two ends of a border.
    pub fn keyed(seed: u64, purpose: &str, a: usize, b: usize) -> Self {
        // FNV-1a over the purpose, then both numbers folded in.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let numbers = [a as u64, b as u64, seed];
        for byte in purpose.bytes().chain(numbers.iter().flat_map(|n| n.to_le_bytes())) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws from 0 (included) to 1 (excluded).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws from `low` (included) to `high` (excluded).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Draws an angle, in radians.
    pub fn turn(&mut self) -> f64 {
        self.between(0.0, std::f64::consts::TAU)
    }

    /// Draws a whole number below `count`, which is at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    /// Draws a whole number from `low` to `high`, both included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).unsigned_abs() as usize) as i64
    }

    /// Answers yes with the probability given.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Draws a point of the box between two corners.
    pub fn point(&mut self, low: Pt, high: Pt) -> Pt {
        Pt { x: self.between(low.x, high.x), y: self.between(low.y, high.y) }
    }

    /// Picks one of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Brings a list into a random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// Deals out each value as often as it says, in a random order.
    pub fn deal<T: Clone>(&mut self, hand: &[(T, usize)]) -> Vec<T> {
        let mut cards: Vec<T> =
            hand.iter().flat_map(|(value, times)| std::iter::repeat_n(value.clone(), *times)).collect();
        self.shuffle(&mut cards);
        cards
    }
}
