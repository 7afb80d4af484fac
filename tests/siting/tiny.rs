//! Held against trying everything, on problems small enough for that.

use proptest::prelude::*;
use xiangtu::siting::least::{self, Warm};
use xiangtu::siting::{Costs, Entry, centre, cover};

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

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
}
