//! What no choice can be below: the Lagrangean of "each client is served once" (Cornuéjols, Fisher and Nemhauser 1977), its
//! multipliers found by subgradients.
//!
//! At prices u the clients pay u to whoever serves them; a site is worth what it takes in less what serving costs it. The bound is
//! as good as the linear relaxation, and says of single sites and pairs that no better choice has them.

use super::costs::{Costs, Entry};
use crate::stop;

/// What is settled of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing yet.
    Free,
    /// Every better choice has it.
    In,
    /// No better choice has it.
    Out,
}

/// Prices, and what they prove.
#[derive(Clone, Debug)]
pub struct Prices {
    /// What each client pays.
    pub of: Vec<f64>,
    /// No choice of the settled kind is below it.
    pub bound: f64,
    /// How often each site was chosen, of late the more: near what the linear relaxation makes of it.
    pub often: Vec<f64>,
    /// How many rounds it took.
    pub rounds: usize,
}

/// What is worked out at some prices.
struct Round {
    bound: f64,
    /// What each site is worth, negative.
    worth: Vec<f64>,
    chosen: Vec<u32>,
    /// The worth of the last site chosen, and of the first one not chosen.
    last: f64,
    next: f64,
}

fn round(costs: &Costs, count: usize, states: &[State], prices: &[f64], worth: Vec<f64>) -> Round {
    let mut worth = worth;
    worth.clear();
    worth.resize(costs.sites(), 0.0);
    let mut bound = costs.settled();
    for (client, &price) in prices.iter().enumerate() {
        bound += price.min(costs.base(client));
        for entry in costs.row(client).iter().take_while(|entry| entry.cost < price) {
            worth[entry.site as usize] += entry.cost - price;
        }
    }
    let of = |state| (0..states.len() as u32).filter(move |&site| states[site as usize] == state);
    let mut chosen: Vec<u32> = of(State::In).collect();
    let mut free: Vec<u32> = of(State::Free).collect();
    let more = count.saturating_sub(chosen.len()).min(free.len());
    let by_worth = |a: &u32, b: &u32| worth[*a as usize].total_cmp(&worth[*b as usize]).then(a.cmp(b));
    let (mut last, mut next) = (f64::NEG_INFINITY, f64::INFINITY);
    if more < free.len() {
        free.select_nth_unstable_by(more, by_worth);
        next = worth[free[more] as usize];
    }
    free.truncate(more);
    if let Some(most) = free.iter().map(|&site| worth[site as usize]).max_by(f64::total_cmp) {
        last = most;
    }
    chosen.extend(free);
    chosen.sort_unstable();
    bound += chosen.iter().map(|&site| worth[site as usize]).sum::<f64>();
    Round { bound, worth, chosen, last, next }
}

/// Iterations without progress after which steps are halved, and the step at which it is given up.
const PATIENCE: usize = 25;
const SMALLEST_STEP: f64 = 0.004;
/// How much the last choice counts in how often a site was chosen.
const LATELY: f64 = 0.05;

/// Raises the bound from `start` in so many iterations at the most. `meet` is told of choices on the way, and answers with
/// what is the best that is known; done where the bound comes within `enough` of it.
pub fn ascend(
    costs: &Costs,
    count: usize,
    states: &[State],
    start: Vec<f64>,
    (iterations, first_step): (usize, f64),
    enough: f64,
    mut meet: impl FnMut(&[u32]) -> f64,
) -> Prices {
    let mut best = Prices { bound: f64::NEG_INFINITY, of: start.clone(), often: vec![0.5; costs.sites()], rounds: 0 };
    let mut prices = start;
    let (mut step, mut idle) = (first_step, 0);
    let mut target = f64::INFINITY;
    let mut slack = vec![0.0; costs.clients()];
    let mut worth = Vec::new();
    let mut open = vec![false; costs.sites()];
    for at in 0..iterations {
        if stop::asked() {
            break;
        }
        let now = round(costs, count, states, &prices, worth);
        best.rounds += 1;
        if now.bound > best.bound {
            // Only progress worth the name keeps the step as long as it is.
            let scale = (target - best.bound).abs();
            if now.bound > best.bound + 1e-4 * scale || !best.bound.is_finite() {
                idle = 0;
            }
            best.bound = now.bound;
            best.of.copy_from_slice(&prices);
            if at % 8 == 0 || target.is_infinite() {
                target = meet(&now.chosen);
            }
        } else if at % 16 == 0 {
            target = meet(&now.chosen);
        }
        if best.bound >= target - enough {
            break;
        }
        idle += 1;
        if idle > PATIENCE {
            step /= 2.0;
            idle = 0;
            prices.copy_from_slice(&best.of);
            if step < SMALLEST_STEP {
                break;
            }
        }
        now.chosen.iter().for_each(|&site| open[site as usize] = true);
        for (often, &open) in best.often.iter_mut().zip(&open) {
            *often += (f64::from(u8::from(open)) - *often) * LATELY;
        }
        let mut norm = 0.0;
        for (client, &price) in prices.iter().enumerate() {
            let paid = costs.row(client).iter().take_while(|entry| entry.cost < price);
            let times = paid.filter(|entry| open[entry.site as usize]).count() as f64;
            let slope = 1.0 - times;
            // Above what it costs as things are nobody pays, and below nothing neither: there the way does not go on.
            let ends = (slope > 0.0 && price >= costs.base(client)) || (slope < 0.0 && price <= 0.0);
            slack[client] = if ends { 0.0 } else { slope };
            norm += slack[client] * slack[client];
        }
        now.chosen.iter().for_each(|&site| open[site as usize] = false);
        if norm == 0.0 {
            // Nowhere is up: the bound is as good as it gets, and the choice most often as good as the bound.
            meet(&now.chosen);
            break;
        }
        let length = step * (target - now.bound).max(1e-12 * target.abs()) / norm.max(1.0);
        for (client, price) in prices.iter_mut().enumerate() {
            *price = (*price + length * slack[client]).clamp(0.0, costs.base(client));
        }
        worth = now.worth;
    }
    best
}

/// Settles what the prices settle, where only choices below `below` matter: sites, and pairs that a better choice does not use.
pub fn settle(costs: &Costs, count: usize, states: &mut [State], prices: &Prices, below: f64) -> Costs {
    let now = round(costs, count, states, &prices.of, Vec::new());
    let chosen = costs.open(&now.chosen);
    for (site, state) in states.iter_mut().enumerate().filter(|(_, state)| **state == State::Free) {
        let without = now.bound - now.worth[site] + now.next;
        let with = now.bound + now.worth[site] - now.last;
        if chosen[site] && without >= below {
            *state = State::In;
        } else if !chosen[site] && with >= below {
            *state = State::Out;
        }
    }
    let usable = |client: usize, entry: &Entry| {
        states[entry.site as usize] != State::Out && now.bound + (entry.cost - prices.of[client]).max(0.0) < below
    };
    costs.thinned(usable)
}
