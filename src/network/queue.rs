//! What a search has still to look at, nearest first, but only roughly: nodes wait in buckets of so much cost each.
//!
//! Within a bucket they come in any order, so one may come, and be gone on from, before its least cost is known; it comes again
//! then. Costs only fall, and end where Dijkstra's do; that few come twice costs less than keeping all in order (Dial 1969;
//! Meyer and Sanders 2003).

/// Buckets that there are at a time: a power of two. What costs more waits in the last of them.
const BUCKETS: usize = 512;

/// Buckets to what an arc costs.
const TO_AN_ARC: f64 = 6.0;

/// Things that wait, by what they cost.
pub(super) struct Queue<T> {
    /// One over what a bucket spans.
    per_cost: f64,
    buckets: Vec<Vec<(f64, T)>>,
    /// The bucket that is being emptied, counted from nought.
    now: usize,
    waiting: usize,
}

impl<T> Queue<T> {
    /// None; `arc`: what an arc costs, most of them.
    pub fn new(arc: f64) -> Self {
        let per_cost = if arc > 0.0 && arc.is_finite() { TO_AN_ARC / arc } else { 1.0 };
        Self { per_cost, buckets: (0..BUCKETS).map(|_| Vec::new()).collect(), now: 0, waiting: 0 }
    }

    /// Forgets what waits.
    pub fn clear(&mut self) {
        if self.waiting > 0 {
            self.buckets.iter_mut().for_each(Vec::clear);
        }
        (self.now, self.waiting) = (0, 0);
    }

    /// Adds what costs no less than what came last.
    #[inline]
    pub fn push(&mut self, cost: f64, what: T) {
        self.waiting += 1;
        self.put(cost, what);
    }

    #[inline]
    fn put(&mut self, cost: f64, what: T) {
        let bucket = ((cost * self.per_cost) as usize).clamp(self.now, self.now + BUCKETS - 1);
        self.buckets[bucket % BUCKETS].push((cost, what));
    }

    /// Something of the least bucket that has any.
    #[inline]
    pub fn pop(&mut self) -> Option<(f64, T)> {
        while self.waiting > 0 {
            match self.buckets[self.now % BUCKETS].pop() {
                // It was too far off for the buckets that there were.
                Some((cost, what)) if (cost * self.per_cost) as usize > self.now => self.put(cost, what),
                Some(next) => {
                    self.waiting -= 1;
                    return Some(next);
                }
                None => self.now += 1,
            }
        }
        None
    }

    /// What everything that is still to come costs at the least.
    pub fn floor(&self) -> f64 {
        self.now as f64 / self.per_cost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_after_bucket_everything_comes_once_however_far_it_is() {
        let mut state = 5_u64;
        let mut draw = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f64
        };
        let mut queue = Queue::new(10.0);
        for round in 0..3 {
            let mut costs: Vec<f64> = (0..2000).map(|_| draw() / if round == 1 { 1.0 } else { 5e3 }).collect();
            costs.iter().for_each(|&cost| queue.push(cost, cost.to_bits()));
            let mut came = Vec::new();
            let mut least = 0.0;
            while let Some((cost, bits)) = queue.pop() {
                assert_eq!(cost.to_bits(), bits);
                assert!(
                    queue.floor() >= least
                        && cost >= queue.floor() - 1e-6
                        && cost < queue.floor() + 10.0 / TO_AN_ARC + 1e-6,
                    "{cost}"
                );
                least = queue.floor();
                came.push(cost);
            }
            came.sort_by(f64::total_cmp);
            costs.sort_by(f64::total_cmp);
            assert_eq!(came, costs);
            queue.push(1.0, 0);
            queue.clear();
            assert!(queue.pop().is_none());
        }
    }

    #[test]
    fn where_arcs_cost_nothing_things_wait_too() {
        let mut queue = Queue::new(0.0);
        queue.push(0.0, 7);
        assert_eq!(queue.pop(), Some((0.0, 7)));
    }
}
