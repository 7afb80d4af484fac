//! Ponds and ditches: ponds about the settlements, ditches beside the roads.

use geo::{Distance, Euclidean, Polygon, Validation};

use crate::Made;
use crate::names;
use crate::rng::Rng;
use crate::roads::{Rank, Road};
use crate::settle::Settlement;
use crate::shape::{
    Frame, Pt, along, area, blob, cross, left, length_m, mm, nearest, off_area_m, off_line_m, well_inside,
};

/// How many bodies of water the survey found, and how many of them are ditches.
pub const WATERS: usize = 113;
const DITCHES: usize = 27;

/// A pond or a ditch as the survey has it.
pub struct Water {
    /// Its name.
    pub name: String,
    /// The village it lies in.
    pub village: usize,
    /// Whether it is a ditch.
    pub ditch: bool,
    /// Its water's edge.
    pub ground: Polygon,
    /// 良好, 较差, 黑臭 or 待核查.
    pub condition: &'static str,
    /// The day on which it was last cleaned, if it ever was.
    pub cleaned: Option<String>,
}

/// What is known of the 113: condition, how many cleaned within 30 days of 31 October, how many before, how many never.
const STATES: [(&str, usize, usize, usize); 4] =
    [("良好", 26, 12, 0), ("较差", 14, 22, 10), ("黑臭", 1, 4, 4), ("待核查", 2, 5, 13)];

/// Digs ponds and ditches. `park` is the settlement whose north pond becomes the wetland park.
pub fn dig(
    seed: u64,
    cells: &[Polygon],
    names: &[&str],
    settlements: &[Settlement],
    roads: &[Road],
    park: usize,
) -> Made<Vec<Water>> {
    let mut rng = Rng::new(seed, "water");
    let mut waters: Vec<Water> = Vec::new();
    let home = &settlements[park];
    let north = home.frame.at(0.0, home.size.y / 2.0);
    let frame = Frame { origin: north, along: home.frame.along };
    for _ in 0..400 {
        let centre = frame.at(rng.between(-260.0, 260.0), rng.between(90.0, 190.0));
        let pond = blob(&mut rng, centre, home.frame.along, 27_500.0, 1.7);
        if fits(&pond, &cells[home.village], settlements, roads, &waters) {
            waters.push(Water { name: "北坑".into(), ..body(home.village, false, pond) });
            break;
        }
    }
    if waters.is_empty() {
        return Err("no room for the north pond".into());
    }
    for attempt in 0..200_000 {
        if waters.len() == WATERS - DITCHES {
            break;
        }
        // Every settlement gets one in turn, so that no village is without.
        let home = &settlements[attempt % settlements.len()];
        let area_m2 =
            if rng.chance(0.06) { rng.between(8200.0, 14_000.0) } else { 300.0 + 7700.0 * rng.unit().powi(2) };
        let half = home.size / 2.0;
        let round = rng.turn();
        let out = rng.between(1.0, 1.25);
        let gap = rng.between(0.0, 90.0) + (area_m2 / std::f64::consts::PI).sqrt();
        let x = (round.cos() * 1.4).clamp(-1.0, 1.0) * (half.x * out + gap);
        let y = (round.sin() * 1.4).clamp(-1.0, 1.0) * (half.y * out + gap);
        let stretch = rng.between(1.0, 2.2);
        let pond = blob(&mut rng, home.frame.at(x, y), home.frame.along, area_m2, stretch);
        if fits(&pond, &cells[home.village], settlements, roads, &waters) {
            let kinds = ["坑", "坑", "坑", "老坑", "大坑", "小坑", "苇坑", "窑坑", "鱼塘"];
            let side = names::side(home.middle(), home.frame.at(x, y));
            let name = free_name(&waters, |i| format!("{}{side}{}", names[home.village], kinds[2 + i]));
            waters.push(Water { name, ..body(home.village, false, pond) });
        }
    }
    let joining: Vec<&Road> = roads.iter().filter(|r| r.joins.len() != 1 || r.rank == Rank::Township).collect();
    for _ in 0..200_000 {
        if waters.len() == WATERS {
            break;
        }
        let road = *rng.pick(&joining);
        if let Some((village, ditch)) = ditch(&mut rng, road, cells)
            && fits(&ditch, &cells[village], settlements, roads, &waters)
        {
            let kinds = ["排水沟", "路边沟", "东沟", "西沟", "南沟", "北沟"];
            let name = free_name(&waters, |i| format!("{}{}", names[village], kinds[i % kinds.len()]));
            waters.push(Water { name, ..body(village, true, ditch) });
        }
    }
    if waters.len() != WATERS {
        return Err(format!("only {} bodies of water fit", waters.len()).into());
    }
    judge(&mut rng, &mut waters);
    Ok(waters)
}

fn body(village: usize, ditch: bool, ground: Polygon) -> Water {
    Water { name: String::new(), village, ditch, ground, condition: "待核查", cleaned: None }
}

/// The first name that no other water bears.
fn free_name(waters: &[Water], name: impl Fn(usize) -> String) -> String {
    (0..6).map(&name).find(|n| waters.iter().all(|w| w.name != *n)).unwrap_or_else(|| format!("{}二", name(0)))
}

/// A thin polygon beside a stretch of road.
fn ditch(rng: &mut Rng, road: &Road, cells: &[Polygon]) -> Option<(usize, Polygon)> {
    let whole = length_m(&road.line);
    let (from, stretch) = (rng.between(30.0, whole), rng.between(120.0, 620.0));
    let (near, width) = (road.clear_m() + rng.between(3.0, 7.0), rng.between(2.6, 5.2));
    let side = if rng.chance(0.5) { 1.0 } else { -1.0 };
    if from + stretch > whole - 30.0 {
        return None;
    }
    let steps = (stretch / 40.0).ceil() as usize;
    let edge = |off: f64| -> Vec<Pt> {
        (0..=steps)
            .map(|i| {
                let (p, d) = along(&road.line, from + stretch * i as f64 / steps as f64);
                mm(p + left(d) * (side * off))
            })
            .collect()
    };
    let mut ring = edge(near);
    ring.extend(edge(near + width).into_iter().rev());
    let village = cells.iter().position(|c| well_inside(c, ring[0], 8.0))?;
    Some((village, area(&ring)))
}

/// Whether a water lies in its village, off roads and settlements, apart from the others.
fn fits(water: &Polygon, cell: &Polygon, settlements: &[Settlement], roads: &[Road], others: &[Water]) -> bool {
    let edge = &water.exterior().0;
    let middle = edge[0];
    let near_road = |r: &Road| edge.iter().any(|p| off_line_m(&r.line, *p) < r.clear_m()) || cross(&r.line, edge);
    edge.iter().all(|p| well_inside(cell, *p, 8.0))
        && water.is_valid()
        && !settlements
            .iter()
            .any(|s| off_area_m(&s.ground, middle) < 900.0 && Euclidean.distance(water, &s.ground) < 6.0)
        && !roads.iter().any(|r| crate::shape::apart(nearest(&r.line, middle).1, middle) < 900.0 && near_road(r))
        && !others.iter().any(|o| Euclidean.distance(water, &o.ground) < 14.0)
}

/// Deals out conditions and days of cleaning; the two days either side of the 30-day limit are both among them.
fn judge(rng: &mut Rng, waters: &mut [Water]) {
    let mut states: Vec<(&str, Option<String>)> = Vec::new();
    for (condition, lately, before, never) in STATES {
        for i in 0..lately {
            let day = if condition == "较差" && i == 0 { 1 } else { rng.whole(1, 30) };
            states.push((condition, Some(format!("2026-10-{day:02}"))));
        }
        for i in 0..before {
            let edge = condition == "较差" && i == 0;
            let (month, day) = if edge { (9, 30) } else { (rng.whole(3, 9), rng.whole(1, 29)) };
            states.push((condition, Some(format!("2026-{month:02}-{day:02}"))));
        }
        states.extend(std::iter::repeat_n((condition, None), never));
    }
    // The north pond is being made into a park: poor, cleaned lately.
    let first = states.iter().position(|(c, day)| *c == "较差" && day.as_deref() > Some("2026-10-01"));
    if let Some(first) = first {
        states.swap(0, first);
    }
    rng.shuffle(&mut states[1..]);
    for (water, (condition, cleaned)) in waters.iter_mut().zip(states) {
        (water.condition, water.cleaned) = (condition, cleaned);
    }
}
