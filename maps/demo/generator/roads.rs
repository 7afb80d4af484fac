//! Roads: national road 112 and 蓟海路 through the town, village streets, and the roads that join them at shared vertices.

use geo::Polygon;

use crate::Made;
use crate::ground::{Ground, MIDDLE};
use crate::rng::Rng;
use crate::settle::Settlement;
use crate::shape::{
    Pt, agree, apart, area, cross, insert, left, length_m, meeting, mm, nearest, off_area_m, pt, touches, toward,
    well_inside,
};

/// The rank of a road, as its class in the kind `road`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// 国道
    National,
    /// 县道
    County,
    /// 乡道
    Township,
    /// 村道
    Village,
}

/// A road: its line, and the settlements that it joins.
pub struct Road {
    /// Its rank.
    pub rank: Rank,
    /// Its vertices, in drawing direction: 112 from west to east, 蓟海路 from south to north.
    pub line: Vec<Pt>,
    /// The settlements at its ends: one for a street, two for a connection, none for a main road.
    pub joins: Vec<usize>,
}

impl Road {
    /// How far from the centre line nothing else stands, in metres.
    pub fn clear_m(&self) -> f64 {
        match self.rank {
            Rank::National => 14.0,
            Rank::County => 11.0,
            Rank::Township => 7.0,
            Rank::Village => 5.0,
        }
    }
}

/// Draws the two main roads through the town, with their crossing as a vertex of both.
pub fn trunks(seed: u64, ground: &Ground) -> Made<[Vec<Pt>; 2]> {
    let mut rng = Rng::new(seed, "trunks");
    let town = area(&ground.outline);
    let (one, two, three, four) = (rng.turn(), rng.turn(), rng.turn(), rng.turn());
    let mut national = through(&town, |t| {
        pt(t, -260.0 + 0.03 * t + 260.0 * (t / 2300.0 + one).sin() + 60.0 * (t / 900.0 + two).sin())
    });
    let mut county = through(&town, |t| {
        pt(820.0 - 0.12 * t + 170.0 * (t / 1900.0 + three).sin() + 45.0 * (t / 700.0 + four).sin(), t)
    });
    let crossing = meeting(&national, &county).ok_or("the main roads do not cross")?;
    insert(&mut national, crossing);
    insert(&mut county, crossing);
    Ok([national, county])
}

/// The part of a curve about the town's middle that lies in the town, ending on its border.
fn through(town: &Polygon, curve: impl Fn(f64) -> Pt) -> Vec<Pt> {
    let at = |step: i32| mm(MIDDLE + curve(f64::from(step) * 65.0));
    let outward = |sign: i32| {
        let inside = (1..).map(|step| at(step * sign)).take_while(|p| well_inside(town, *p, 0.5));
        let mut line: Vec<Pt> = inside.collect();
        let beyond = at((line.len() as i32 + 1) * sign);
        if let Some(&last) = line.last() {
            line.extend(meeting(&[last, beyond], &town.exterior().0));
        }
        line
    };
    let mut line = outward(-1);
    line.reverse();
    line.push(at(0));
    line.extend(outward(1));
    line
}

/// A road that could be built between a settlement and another, or a main road.
struct Wish {
    length_m: f64,
    from: usize,
    to: Goal,
}

#[derive(Clone, Copy)]
enum Goal {
    Settlement(usize),
    Trunk(usize),
}

/// Lays streets and joins every settlement to the main roads.
pub fn join(trunks: [Vec<Pt>; 2], settlements: &[Settlement], ground: &Ground) -> Made<Vec<Road>> {
    let town = area(&ground.outline);
    let [national, county] = trunks;
    let main = |rank, line| Road { rank, line, joins: vec![] };
    let mut roads = vec![main(Rank::National, national), main(Rank::County, county)];
    for (i, settlement) in settlements.iter().enumerate() {
        let street = |line| Road { rank: Rank::Village, line, joins: vec![i] };
        roads.extend(settlement.streets().map(street));
    }

    // Shortest first (Kruskal); both main roads count as joined from the start, under the number after the last settlement.
    let root = settlements.len();
    let mut group: Vec<usize> = (0..=root).collect();
    let mut reach: Vec<Vec<f64>> = vec![vec![f64::INFINITY; root + 1]; root + 1];
    for pass in 0..2 {
        for wish in wishes(settlements, &roads) {
            let to = match wish.to {
                Goal::Settlement(s) => s,
                Goal::Trunk(_) => root,
            };
            let apart_already = group[wish.from] != group[to];
            // The second pass adds short cuts: roads that spare a long way round.
            let detour =
                pass == 1 && to != root && wish.length_m < 2100.0 && reach[wish.from][to] > 1.9 * wish.length_m;
            if !(apart_already || detour) {
                continue;
            }
            if let Some(line) = lay(&wish, settlements, &roads, &town) {
                let (old, new) = (group[wish.from], group[to]);
                group.iter_mut().filter(|g| **g == old).for_each(|g| *g = new);
                note(&mut reach, wish.from, to, length_m(&line));
                if let (Goal::Trunk(trunk), Some(&end)) = (wish.to, line.last()) {
                    insert(&mut roads[trunk].line, end);
                }
                let joins = if to == root { vec![wish.from] } else { vec![wish.from, to] };
                roads.push(Road { rank: Rank::Village, line, joins });
            }
        }
    }
    if group.iter().any(|g| *g != group[0]) {
        return Err("a settlement is joined to no road".into());
    }
    promote(&mut roads, root);
    Ok(roads)
}

/// Every connection worth thinking of, shortest first.
fn wishes(settlements: &[Settlement], roads: &[Road]) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for (from, settlement) in settlements.iter().enumerate() {
        let middle = settlement.middle();
        for (trunk, road) in roads.iter().enumerate().take(2) {
            let (_, foot) = nearest(&road.line, middle);
            wishes.push(Wish { length_m: apart(foot, middle), from, to: Goal::Trunk(trunk) });
        }
        for (to, other) in settlements.iter().enumerate().skip(from + 1) {
            wishes.push(Wish { length_m: apart(other.middle(), middle), from, to: Goal::Settlement(to) });
        }
    }
    wishes.retain(|w| w.length_m < 3200.0);
    wishes.sort_by(|a, b| a.length_m.total_cmp(&b.length_m));
    wishes
}

/// Draws one connection, if one of its shapes crosses no road, no other settlement and not the town's border.
fn lay(wish: &Wish, settlements: &[Settlement], roads: &[Road], town: &Polygon) -> Option<Vec<Pt>> {
    let home = &settlements[wish.from];
    let goals: Vec<(Pt, Pt)> = match wish.to {
        Goal::Settlement(other) => settlements[other].ends().to_vec(),
        Goal::Trunk(trunk) => gates(&roads[trunk].line, roads, home.middle()),
    };
    let mut shapes: Vec<(f64, Vec<Pt>)> = Vec::new();
    for (start, leaving) in home.ends() {
        for &(end, arriving) in &goals {
            let line = curve(start, leaving, end, arriving);
            // Bends cost: a street end that faces the goal is better than a shorter way with a hook.
            let facing = agree(leaving, toward(start, end)) + agree(arriving, toward(end, start));
            shapes.push((length_m(&line) + 250.0 * (2.0 - facing), line));
        }
    }
    shapes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let fits = |line: &[Pt]| {
        let inner = &line[1..line.len() - 1];
        inner.iter().all(|p| well_inside(town, *p, 25.0) && settlements.iter().all(|s| off_area_m(&s.ground, *p) > 6.0))
            && settlements.iter().all(|s| !touches(inner, &s.ground))
            && roads.iter().all(|road| !cross(line, &road.line))
    };
    shapes.into_iter().take(6).map(|(_, line)| line).find(|line| fits(line))
}

/// Where a road may join a main road near a settlement: at junctions that stand there, or else at the nearest point.
fn gates(trunk: &[Pt], roads: &[Road], from: Pt) -> Vec<(Pt, Pt)> {
    let (segment, foot) = nearest(trunk, from);
    let foot = mm(foot);
    let out = left(toward(trunk[segment], trunk[segment + 1]));
    let out = if agree(out, toward(foot, from)) < 0.0 { out * -1.0 } else { out };
    let junction = |p: &&Pt| roads.iter().skip(2).any(|road| road.line.last() == Some(*p)) || **p == trunk[0];
    let near = trunk.iter().filter(junction).find(|p| apart(**p, foot) < 130.0);
    vec![(near.copied().unwrap_or(foot), out)]
}

/// A road that leaves and arrives in the directions given (a cubic Bézier curve).
fn curve(start: Pt, leaving: Pt, end: Pt, arriving: Pt) -> Vec<Pt> {
    let handle = apart(start, end) * 0.3;
    let (one, two) = (start + leaving * handle, end + arriving * handle);
    let steps = (apart(start, end) / 75.0).ceil().max(3.0) as i32;
    (0..=steps)
        .map(|i| {
            let t = f64::from(i) / f64::from(steps);
            let u = 1.0 - t;
            mm(start * (u * u * u) + one * (3.0 * u * u * t) + two * (3.0 * u * t * t) + end * (t * t * t))
        })
        .collect()
}

/// Keeps the shortest ways between all places after a road of `length_m` is built.
fn note(reach: &mut [Vec<f64>], a: usize, b: usize, length_m: f64) {
    let count = reach.len();
    let way = |reach: &[Vec<f64>], i: usize, j: usize| if i == j { 0.0 } else { reach[i][j] };
    for i in 0..count {
        for j in 0..count {
            let there = way(reach, i, a) + length_m + way(reach, b, j);
            let back = way(reach, i, b) + length_m + way(reach, a, j);
            reach[i][j] = way(reach, i, j).min(there).min(back);
        }
    }
}

/// Makes township roads (乡道) of the connections with the most settlements behind them.
fn promote(roads: &mut [Road], root: usize) {
    let ends = |road: &Road| (road.joins[0], road.joins.get(1).copied().unwrap_or(root));
    let connections: Vec<usize> = (2 + 2 * root..roads.len()).collect();
    for &cut in &connections {
        // Everything that reaches the main roads without this connection.
        let mut reached = vec![false; root + 1];
        reached[root] = true;
        for _ in 0..=root {
            for &other in connections.iter().filter(|c| **c != cut) {
                let (a, b) = ends(&roads[other]);
                let either = reached[a] || reached[b];
                (reached[a], reached[b]) = (either, either);
            }
        }
        let behind = reached.iter().filter(|r| !**r).count();
        if behind >= 2 || length_m(&roads[cut].line) > 950.0 {
            roads[cut].rank = Rank::Township;
        }
    }
}
