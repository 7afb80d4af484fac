//! DBSCAN over pairs that somebody has found.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

/// Things within reach of each other, in lists as they were found: their numbers, and how far apart they are, in one measure for all.
pub type Pairs = Vec<Vec<(u32, u32, f64)>>;

/// What becomes of each thing.
pub struct Grouped {
    /// Whether it is a core.
    pub core: Vec<bool>,
    /// The first thing of its group; None: it stands alone.
    pub group: Vec<Option<u32>>,
}

/// Groups that grow together on all cores. A thing's parent has a smaller number or is itself, so the root of a group is its
/// smallest number, whatever comes first.
struct Groups(Vec<AtomicU32>);

impl Groups {
    fn root(&self, mut n: u32) -> u32 {
        loop {
            let parent = self.0[n as usize].load(Ordering::Relaxed);
            let above = self.0[parent as usize].load(Ordering::Relaxed);
            if above == parent {
                return parent;
            }
            // Shortens the path; where another was quicker, theirs is as good.
            let _ = self.0[n as usize].compare_exchange(parent, above, Ordering::Relaxed, Ordering::Relaxed);
            n = above;
        }
    }

    fn unite(&self, a: u32, b: u32) {
        loop {
            let (a, b) = (self.root(a), self.root(b));
            let (small, large) = (a.min(b), a.max(b));
            // Fails where the larger is no root any more.
            if small == large
                || self.0[large as usize].compare_exchange(large, small, Ordering::Relaxed, Ordering::Relaxed).is_ok()
            {
                return;
            }
        }
    }
}

/// DBSCAN over things in the order of their ids.
pub fn group(things: usize, pairs: &Pairs, min_points: usize) -> Grouped {
    let near: Vec<AtomicU32> = (0..things).map(|_| AtomicU32::new(1)).collect();
    let one_more = |n: u32| near[n as usize].fetch_add(1, Ordering::Relaxed);
    pairs.par_iter().flatten_iter().for_each(|&(a, b, _)| {
        one_more(a);
        one_more(b);
    });
    let core: Vec<bool> = near.into_iter().map(|near| near.into_inner() as usize >= min_points).collect();
    let groups = Groups((0..things as u32).map(AtomicU32::new).collect());
    // What is no core, with a core that it is near to.
    let edges = |pairs: &Vec<(u32, u32, f64)>| {
        let mut edges = Vec::new();
        for &(a, b, apart) in pairs {
            match (core[a as usize], core[b as usize]) {
                (true, true) => groups.unite(a, b),
                (false, false) => {}
                (true, false) => edges.push((b, a, apart)),
                (false, true) => edges.push((a, b, apart)),
            }
        }
        edges
    };
    let edges: Pairs = pairs.par_iter().map(edges).collect();
    let mut nearest: Vec<Option<(f64, u32)>> = vec![None; things];
    for (own, core, apart) in edges.into_iter().flatten() {
        let best = &mut nearest[own as usize];
        if best.is_none_or(|(least, first)| apart < least || (apart == least && core < first)) {
            *best = Some((apart, core));
        }
    }
    let group = (0..things as u32).map(|n| match (core[n as usize], nearest[n as usize]) {
        (true, _) => Some(groups.root(n)),
        (false, Some((_, core))) => Some(groups.root(core)),
        (false, None) => None,
    });
    let group = group.collect();
    Grouped { core, group }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(things: usize, pairs: &[(u32, u32, f64)], min_points: usize) -> (Vec<bool>, Vec<Option<u32>>) {
        let Grouped { core, group } = group(things, &pairs.chunks(2).map(<[_]>::to_vec).collect(), min_points);
        (core, group)
    }

    #[test]
    fn a_thing_counts_among_those_about_it() {
        let (core, group) = groups(3, &[(0, 1, 1.0), (1, 2, 1.0)], 3);
        assert_eq!(core, [false, true, false]);
        assert_eq!(group, [Some(1), Some(1), Some(1)]);
        assert_eq!(groups(3, &[(0, 1, 1.0), (1, 2, 1.0)], 4).1, [None, None, None], "no core, no group");
        assert_eq!(groups(1, &[], 2).1, [None]);
        assert_eq!(groups(0, &[], 2).1, []);
    }

    #[test]
    fn what_two_groups_reach_goes_to_the_nearer_core_and_of_equals_to_the_smaller_id() {
        // 0 1 2 and 4 5 6 are groups; 3 lies between 2 and 4.
        let own = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (4, 5, 1.0), (4, 6, 1.0), (5, 6, 1.0)];
        let with = |to_2: f64, to_4: f64| groups(7, &[&own[..], &[(2, 3, to_2), (3, 4, to_4)]].concat(), 4);
        // Four are needed, so 2 and 4 alone are cores: 3 of each triangle, and the one between.
        let (core, group) = with(1.0, 2.0);
        assert_eq!(core, [false, false, true, false, true, false, false]);
        assert_eq!(group[3], group[2]);
        assert_eq!(with(2.0, 1.0).1[3], Some(4));
        assert_eq!(with(1.0, 1.0).1[3], Some(2));
    }

    #[test]
    fn cores_in_reach_of_each_other_are_one_group_however_long_the_chain() {
        let chain: Vec<(u32, u32, f64)> = (0..99).map(|k| (k, k + 1, 1.0)).collect();
        let mut other = chain.clone();
        other.reverse();
        for pairs in [chain, other] {
            assert!(groups(100, &pairs, 2).1.iter().all(|group| *group == Some(0)));
        }
    }
}
