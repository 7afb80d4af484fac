//! Held against trying everything, on problems small enough for that.

use proptest::prelude::*;
use xiangtu::siting::capacity::{self, Allotted, Goal, Outcome, Served};
use xiangtu::siting::least::{self, Warm};
use xiangtu::siting::{Costs, Entry, centre, cover, rough};

/// All choices of so many of these.
fn choices(sites: u32, count: usize) -> Vec<Vec<u32>> {
    (0_u32..1 << sites)
        .filter(|mask| mask.count_ones() as usize == count)
        .map(|mask| (0..sites).filter(|site| mask >> site & 1 == 1).collect())
        .collect()
}

/// How many sites there are; clients as (base, (cost, where the pair is there) for each site), few values, so that many are
/// equal; how many sites are to be opened.
type Problem = (usize, Vec<(u8, Vec<Option<u8>>)>, usize);

fn problem() -> impl Strategy<Value = Problem> {
    (1_usize..8).prop_flat_map(|sites| {
        let client = (5_u8..40, proptest::collection::vec(proptest::option::weighted(0.7, 0_u8..30), sites));
        (Just(sites), proptest::collection::vec(client, 0..12), 1_usize..5)
    })
}

fn costs(sites: usize, clients: &[(u8, Vec<Option<u8>>)], scale: f64) -> Costs {
    let mut costs = Costs::new(sites);
    for (base, row) in clients {
        let pairs = row.iter().enumerate().filter_map(|(site, cost)| Some((site as u32, (*cost)?)));
        costs.push(f64::from(*base) * scale, pairs.map(|(site, cost)| Entry { cost: f64::from(cost) * scale, site }));
    }
    costs
}

/// Clients of one each, who may be divided between sites that take so many, the first of them there already.
fn served(sites: usize, clients: &[(u8, Vec<Option<u8>>)], capacity: u8, kept: usize) -> Served {
    let row = |row: &[Option<u8>]| {
        let pairs = row.iter().enumerate().filter_map(|(site, cost)| Some((site as u32, (*cost)?)));
        pairs.map(|(site, cost)| Entry { cost: f64::from(cost), site }).collect()
    };
    let clients = clients.iter().map(|(weight, pairs)| (f64::from(*weight), row(pairs))).collect();
    Served { clients, capacity: vec![f64::from(capacity); sites], kept: kept.min(sites) }
}

/// What is wrong with who goes where.
fn flaw(served: &Served, count: usize, found: &Allotted) -> Option<String> {
    let mut into = vec![0.0; served.capacity.len()];
    let mut out = vec![0.0; served.clients.len()];
    for &(client, site, amount) in &found.flows {
        into[site as usize] += amount;
        out[client] += amount;
        let open = (site as usize) < served.kept || found.sites.contains(&site);
        if !open || !served.clients[client].1.iter().any(|entry| entry.site == site) {
            return Some(format!("{client} goes to {site}"));
        }
    }
    let full = into.iter().zip(&served.capacity).any(|(into, capacity)| *into > capacity + 1e-6);
    let more = out.iter().zip(&served.clients).any(|(out, (weight, _))| *out > weight + 1e-6);
    (full || more || found.sites.len() > count).then(|| format!("{found:?}"))
}

/// Once: a pair that no better choice uses was struck out, the best one needed it, and another took its place.
#[test]
fn what_is_struck_out_makes_no_worse_choice_the_best() {
    let clients: Vec<(u8, Vec<Option<u8>>)> = vec![
        (24, vec![None, None, Some(23), None, Some(16), None]),
        (15, vec![None, Some(2), None, Some(10), Some(9), None]),
        (29, vec![None, Some(12), None, Some(23), Some(5), None]),
        (8, vec![None, Some(1), Some(2), None, None, None]),
        (9, vec![None, None, None, Some(2), Some(7), None]),
        (25, vec![None, None, Some(0), None, Some(3), None]),
        (31, vec![None, Some(15), None, Some(23), Some(26), None]),
        (17, vec![None, None, Some(13), Some(6), None, None]),
        (28, vec![None, None, Some(5), Some(2), Some(8), None]),
    ];
    let costs = costs(6, &clients, 1.0);
    let best = choices(6, 2).iter().map(|choice| costs.of(choice)).fold(f64::INFINITY, f64::min);
    assert_eq!(least::least(&costs, 2, 1.0, &mut Warm::default()).cost, best);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_choice_costs_less_than_the_least((sites, clients, count) in problem(), grained: bool) {
        let scale = if grained { 1.0 } else { 0.37 };
        let costs = costs(sites, &clients, scale);
        let found = least::least(&costs, count, if grained { 1.0 } else { 0.0 }, &mut Warm::default());
        let tried = choices(sites as u32, count.min(sites));
        let best = tried.iter().map(|choice| costs.of(choice)).fold(f64::INFINITY, f64::min);
        prop_assert!(found.proven);
        prop_assert!((found.cost - best).abs() <= 1e-9 * best.max(1.0), "{} of {}", found.cost, best);
        prop_assert_eq!(costs.of(&found.sites), found.cost);
    }

    #[test]
    fn no_choice_has_a_shorter_farthest_way((sites, clients, count) in problem()) {
        let costs = costs(sites, &clients, 1.0);
        let found = centre::farthest(&costs, count);
        let tried = choices(sites as u32, count.min(sites));
        let best = tried.iter().map(|choice| costs.most(choice)).fold(f64::INFINITY, f64::min);
        prop_assert!(found.proven);
        prop_assert_eq!(found.cost, best);
        prop_assert_eq!(costs.most(&found.sites), best);
    }

    #[test]
    fn no_fewer_sites_reach_all((sites, clients, _) in problem()) {
        let rows: Vec<Vec<u32>> = clients
            .iter()
            .map(|(_, row)| (0..sites as u32).filter(|&site| row[site as usize].is_some()).collect())
            .collect();
        let found = cover::fewest(&rows, sites, None);
        let reachable = || rows.iter().filter(|row| !row.is_empty());
        let covers = |choice: &Vec<u32>| reachable().all(|row| row.iter().any(|site| choice.contains(site)));
        let best = (0..=sites).find(|&count| choices(sites as u32, count).iter().any(covers)).unwrap();
        prop_assert!(covers(&found.sites));
        prop_assert_eq!((found.sites.len(), found.bound), (best, best));
    }

    #[test]
    fn what_was_asked_before_does_not_change_the_value((sites, clients, count) in problem()) {
        let costs = costs(sites, &clients, 1.0);
        let mut warm = Warm::default();
        let steps: Vec<f64> = (1..=count).map(|n| least::least(&costs, n, 1.0, &mut warm).cost).collect();
        let cold = least::least(&costs, count, 1.0, &mut Warm::default());
        prop_assert_eq!(steps.last().copied().unwrap(), cold.cost);
        prop_assert!(steps.windows(2).all(|pair| pair[1] <= pair[0]));
    }

    #[test]
    fn a_rough_choice_can_be_made_and_its_bound_is_none_that_the_best_is_beyond(
        (sites, clients, count) in problem(),
        capacity in 10_u8..80,
        kept in 0_usize..3,
    ) {
        let served = served(sites, &clients, capacity, kept);
        for goal in [Goal::Most, Goal::Least, Goal::Fewest] {
            let near = |a: f64, b: f64| a <= b + 1e-6 * b.abs().max(1.0);
            match (rough::best(&served, count, goal), capacity::best(&served, count, goal)) {
                (Outcome::Found(rough), Outcome::Found(exact)) => {
                    prop_assert_eq!(flaw(&served, count, &rough), None);
                    let (low, high) = if goal == Goal::Most { (rough.value, rough.bound) } else { (rough.bound, rough.value) };
                    prop_assert!(near(low, exact.value) && near(exact.value, high), "{:?} {} {} {}", goal, rough.value, exact.value, rough.bound);
                    prop_assert!(!rough.proven || (rough.value - exact.value).abs() <= 1e-6 * exact.value.max(1.0));
                }
                (Outcome::Found(rough), _) => prop_assert!(false, "{goal:?} found {rough:?} where nothing does"),
                // It may not find what there is, and says so; it must not say that there is nothing.
                (Outcome::Impossible, Outcome::Found(exact)) => prop_assert!(false, "{goal:?} misses {exact:?}"),
                _ => {}
            }
        }
    }
}
