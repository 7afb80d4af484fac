//! The least total cost with so many sites: p-median, and with costs of "not covered" and nothing, maximal covering.
//!
//! Greedy and exchanges give a choice, the Lagrangean a bound; what cannot be in a better choice is struck out, and the rest is
//! searched site by site, each branch with a bound of its own that starts from its parent's prices. Deciding a site settles the
//! clients around it, so that a branch is smaller than its parent. Where the linear relaxation leaves a gap that is more than a
//! hundred times as fast as HiGHS with the radius formulation.

use super::costs::{Columns, Costs};
use super::lagrange::{self, Prices, State};
use super::{Solved, search::Search};
use crate::stop;

/// Iterations of one ascent; of the first, which has all pairs to look at and is there to strike most of them out.
const ITERATIONS: usize = 1_500;
const OPENING: usize = 250;
/// How often sites are struck out and the bound raised again.
const ROUNDS: usize = 4;
/// How many of the choices that come up on the way are improved by exchanges, good or not.
const MET: usize = 24;
/// How often the best choice is shaken, where pairs are few enough that this takes no time to speak of.
const SHAKES: usize = 40;
const SHAKEN_PAIRS: usize = 20_000_000;
/// The step with which the first ascent begins.
const STEP: f64 = 1.5;
/// Iterations and first step in the tree, where prices are near their best from the start.
const NODE_ITERATIONS: usize = 100;
const NODE_STEP: f64 = 0.6;
/// Pairs of a client and a site that may be looked at where nobody says less: some ten seconds.
pub const WORK: usize = 1_000_000_000;
/// Few iterations say nothing: so many are always made.
const FEWEST: usize = 60;
/// Of equal values to this part, neither is better.
const SAME: f64 = 1e-9;

/// What was found for fewer sites, from which the next count starts; and how much work it may be.
#[derive(Clone, Debug)]
pub struct Warm {
    /// About so many pairs of a client and a site may be looked at for one count. What is not settled then is said as a gap: the
    /// same every time, on whatever machine.
    pub work: usize,
    sites: Vec<u32>,
    prices: Vec<f64>,
}

impl Default for Warm {
    fn default() -> Self {
        Self::within(WORK)
    }
}

impl Warm {
    /// Nothing found yet, and so much work.
    pub fn within(work: usize) -> Self {
        Self { work, sites: Vec::new(), prices: Vec::new() }
    }
}

/// What an iteration looks at: each client, and of its pairs those that are cheaper than its price.
fn looked_at(costs: &Costs) -> usize {
    costs.clients() + costs.pairs() / 4
}

/// The choice of `count` sites at the least cost. `grain`: what all costs are multiples of; 0: nothing in particular.
pub fn least(costs: &Costs, count: usize, grain: f64, warm: &mut Warm) -> Solved {
    let count = count.min(costs.sites());
    let columns = Columns::of(costs);
    let scale = costs.rows().map(|(base, _)| base).sum::<f64>();
    let mut best = start(costs, &columns, count, &warm.sites, scale * SAME);
    let mut cost = costs.of(&best);
    if count == costs.sites() || cost == 0.0 {
        warm.sites.clone_from(&best);
        return Solved { sites: best, cost, bound: cost, proven: true };
    }
    // Only what is cheaper by so much is better.
    let margin = |cost: f64| if grain > 0.0 { grain * (1.0 - 1e-6) } else { cost * SAME };
    let mut prices = Prices { of: warm.prices.clone(), bound: f64::NEG_INFINITY, often: Vec::new(), rounds: 0 };
    if prices.of.len() != costs.clients() {
        prices.of = opening_prices(costs, &columns, &best);
    }
    let mut states = vec![State::Free; costs.sites()];
    let mut rest = costs.clone();
    let mut bound = f64::NEG_INFINITY;
    let mut met: Vec<Vec<u32>> = Vec::new();
    for at in 0..ROUNDS {
        let rest_columns = Columns::of(&rest);
        let open = |site: u32| states[site as usize] != State::Out;
        let enough = margin(cost);
        let meet = |chosen: &[u32]| {
            if !met.iter().any(|one| one == chosen)
                && (met.len() < MET.min(1 + warm.work / 32 / rest.pairs().max(1)) || costs.of(chosen) < cost)
            {
                met.push(chosen.to_vec());
                let mut search = Search::new(&rest, &rest_columns, chosen);
                search.exchange(scale * SAME, open);
                let found = search.sites();
                let found_cost = costs.of(&found);
                if found.len() == count && found_cost < cost - cost * SAME {
                    (best, cost) = (found, found_cost);
                }
            }
            cost
        };
        let affordable = (warm.work / 4 / looked_at(&rest)).max(FEWEST);
        let iterations = affordable.min(if at == 0 { OPENING } else { ITERATIONS });
        prices = lagrange::ascend(&rest, count, &states, prices.of, (iterations, STEP), enough, meet);
        if at == 0 {
            warm.prices.clone_from(&prices.of);
        }
        // What was struck out is no better than the best.
        bound = f64::max(bound, prices.bound.min(cost));
        if bound >= cost - margin(cost) {
            break;
        }
        let before = rest.pairs();
        rest = lagrange::settle(&rest, count, &mut states, &prices, cost - margin(cost));
        if at == 0 {
            let found = shaken(&rest, best.clone(), &prices.often, scale * SAME);
            // The rest has lost what the best itself may need: what is better there need not be better.
            let found_cost = costs.of(&found);
            if found_cost < cost - cost * SAME {
                (best, cost) = (found, found_cost);
            }
        } else if rest.pairs() * 10 > before * 9 {
            break;
        }
    }
    warm.sites.clone_from(&best);
    if bound >= cost - margin(cost) {
        return Solved { sites: best, cost, bound: cost, proven: true };
    }
    let mut tree = Tree { costs, count, best, cost, grain, left: warm.work, unsettled: f64::INFINITY };
    tree.branch(&rest, states, prices);
    let (best, cost) = (tree.best, tree.cost);
    let bound = bound.max(tree.unsettled.min(cost));
    let proven = bound >= cost - margin(cost);
    warm.sites.clone_from(&best);
    Solved { sites: best, cost, bound: if proven { cost } else { bound }, proven }
}

/// What is searched when the bound alone does not settle it: sites decided one by one, each time with a bound of its own.
struct Tree<'a> {
    costs: &'a Costs,
    count: usize,
    best: Vec<u32>,
    cost: f64,
    grain: f64,
    /// Pairs that may still be looked at.
    left: usize,
    /// The lowest bound of what was not looked into.
    unsettled: f64,
}

impl Tree<'_> {
    fn below(&self) -> f64 {
        self.cost - if self.grain > 0.0 { self.grain * (1.0 - 1e-6) } else { self.cost * SAME }
    }

    fn meet(&mut self, chosen: &[u32]) {
        let cost = self.costs.of(chosen);
        if chosen.len() == self.count && cost < self.cost - self.cost * SAME {
            (self.best, self.cost) = (chosen.to_vec(), cost);
        }
    }

    fn branch(&mut self, rest: &Costs, mut states: Vec<State>, prices: Prices) {
        let taken = |states: &[State], wanted| states.iter().filter(|&&state| state == wanted).count();
        let (inside, free) = (taken(&states, State::In), taken(&states, State::Free));
        if inside > self.count || inside + free < self.count || prices.bound >= self.below() || stop::asked() {
            return;
        }
        if inside == self.count || inside + free == self.count {
            let open = |state: State| state == State::In || (inside < self.count && state == State::Free);
            let chosen: Vec<u32> = (0..states.len() as u32).filter(|&site| open(states[site as usize])).collect();
            return self.meet(&chosen);
        }
        let before = prices.bound;
        let enough = self.cost - self.below();
        let mut prices =
            lagrange::ascend(rest, self.count, &states, prices.of, (NODE_ITERATIONS, NODE_STEP), enough, |chosen| {
                self.meet(chosen);
                self.cost
            });
        prices.bound = prices.bound.max(before);
        self.left = self.left.saturating_sub(prices.rounds * looked_at(rest));
        if prices.bound >= self.below() {
            return;
        }
        if self.left == 0 {
            self.unsettled = self.unsettled.min(prices.bound);
            return;
        }
        let rest = lagrange::settle(rest, self.count, &mut states, &prices, self.below());
        // The site of which the bound is least sure.
        let sure = |site: &u32| (prices.often[*site as usize] - 0.5).abs();
        let free = (0..states.len() as u32).filter(|&site| states[site as usize] == State::Free);
        let Some(site) = free.min_by(|a, b| sure(a).total_cmp(&sure(b)).then(a.cmp(b))) else {
            return self.branch(&rest, states, prices);
        };
        for state in [State::In, State::Out] {
            let mut states = states.clone();
            states[site as usize] = state;
            let is = |site: u32, wanted| states[site as usize] == wanted;
            let price = |client: usize, base| prices.of[client].min(base);
            let (rest, of) = rest.decided(|site| is(site, State::In), |site| is(site, State::Out), price);
            self.branch(&rest, states, Prices { of, ..prices.clone() });
        }
    }
}

/// The best choice after a few of its sites were exchanged at random, and then others for others as long as that helped; again and
/// again from the better one (Hansen and Mladenović 1997). Only sites that the prices ever chose come in. The same every time.
fn shaken(costs: &Costs, mut best: Vec<u32>, often: &[f64], least: f64) -> Vec<u32> {
    let columns = Columns::of(costs);
    let mut random = fastrand::Rng::with_seed(1);
    let mut cost = costs.of(&best);
    for at in 0..SHAKES.min(SHAKEN_PAIRS / costs.pairs().max(1)) {
        let mut closed: Vec<u32> =
            (0..costs.sites() as u32).filter(|site| !best.contains(site) && often[*site as usize] > 0.0).collect();
        let mut sites = best.clone();
        random.shuffle(&mut sites);
        random.shuffle(&mut closed);
        let changed = (2 + at % 4).min(sites.len()).min(closed.len());
        sites.splice(..changed, closed.drain(..changed));
        let mut search = Search::new(costs, &columns, &sites);
        search.exchange(least, |_| true);
        if search.cost() < cost - least {
            (best, cost) = (search.sites(), search.cost());
        }
    }
    best
}

/// A good choice, without proof.
pub fn quickly(costs: &Costs, count: usize) -> Vec<u32> {
    start(costs, &Columns::of(costs), count, &[], 0.0)
}

/// A good choice to start from: greedy, or what was found for fewer and more of them; exchanged until nothing helps.
fn start(costs: &Costs, columns: &Columns, count: usize, warm: &[u32], least: f64) -> Vec<u32> {
    let from = |sites: &[u32]| {
        let mut search = Search::new(costs, columns, sites);
        search.greedy(count, |_| true);
        search.exchange(least, |_| true);
        (search.cost(), search.sites())
    };
    let fresh = from(&[]);
    let warmed = (!warm.is_empty() && warm.len() <= count).then(|| from(warm));
    // Of equals the fresh one, so that what was asked before does not matter.
    warmed.filter(|warmed| warmed.0 < fresh.0 - least).unwrap_or(fresh).1
}

/// Prices to begin with: what a client's second best costs, which is what the best saves it.
fn opening_prices(costs: &Costs, columns: &Columns, sites: &[u32]) -> Vec<f64> {
    let search = Search::new(costs, columns, sites);
    search.seconds()
}
