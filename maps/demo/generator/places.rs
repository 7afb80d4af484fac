//! What stands in and about the settlements: schools, toilets, waste points, lights, shop fronts.

use geo::Polygon;

use crate::Made;
use crate::names;
use crate::rng::Rng;
use crate::roads::Road;
use crate::settle::Settlement;
use crate::shape::{Pt, along, apart, left, length_m, mm, off_line_m};

/// A school and its ground.
pub struct School {
    /// Its name.
    pub name: String,
    /// Its level (学段).
    pub level: &'static str,
    /// How many pupils it has.
    pub pupils: i64,
    /// The village it stands in.
    pub village: usize,
    /// Its ground.
    pub ground: Polygon,
}

/// Builds ten schools, three of them at the seat, and keeps their ground free of houses.
pub fn teach(
    seed: u64,
    settlements: &mut [Settlement],
    names: &[&str],
    home: impl Fn(&str) -> usize,
) -> Made<Vec<School>> {
    let mut rng = Rng::new(seed, "schools");
    let (seat, second) = (home(names::SEAT), home(names::SECOND_SCHOOL));
    let played = [names::SEAT, names::SECOND_SCHOOL, names::COMPOUND];
    let mut others: Vec<usize> = (0..names.len()).filter(|v| !played.contains(&names[*v])).collect();
    rng.shuffle(&mut others);
    let village_school = |v: usize, what: &str| format!("{}{what}", names[v].trim_end_matches('村'));
    let plan = [
        ("第一小学".to_owned(), "小学", seat),
        ("第二小学".to_owned(), "小学", second),
        ("第三小学".to_owned(), "小学", others[0]),
        ("乡图镇中学".to_owned(), "初中", seat),
        ("乡图镇中心幼儿园".to_owned(), "幼儿园", seat),
        (village_school(others[1], "小学"), "小学", others[1]),
        (village_school(others[2], "小学"), "小学", others[2]),
        (village_school(others[3], "幼儿园"), "幼儿园", others[3]),
        (village_school(others[4], "小学"), "小学", others[4]),
        (village_school(others[5], "幼儿园"), "幼儿园", others[5]),
    ];
    let mut schools = Vec::new();
    for (name, level, village) in plan {
        let (pupils, size) = match level {
            "初中" => (rng.whole(480, 760), 95.0),
            "幼儿园" => (rng.whole(45, 160), 46.0),
            _ => (rng.whole(90, 420), 74.0),
        };
        let ground = reserve(&mut rng, &mut settlements[village], size)
            .ok_or_else(|| format!("no room for {name} in {}", names[village]))?;
        schools.push(School { name, level, pupils, village, ground });
    }
    Ok(schools)
}

/// Keeps a rectangle of about `size_m` by four fifths of it in a settlement free of houses.
pub fn reserve(rng: &mut Rng, home: &mut Settlement, size_m: f64) -> Option<Polygon> {
    for attempt in 0..800 {
        let size_m = size_m * (1.0 - f64::from(attempt) / 2000.0);
        let half = home.size / 2.0;
        let (x, y) = (rng.between(-half.x, half.x), rng.between(-half.y, half.y));
        let ground = home.frame.rectangle(x, y, size_m, size_m * 0.8);
        let free = home.reserved.iter().all(|r| geo::Distance::distance(&geo::Euclidean, r, &ground) > 20.0);
        if free && home.holds(x, y, size_m, size_m * 0.8) {
            home.reserved.push(ground.clone());
            return Some(ground);
        }
    }
    None
}

/// A point with a text for what it is and the village it stands in.
pub struct Spot {
    /// Where it stands.
    pub place: Pt,
    /// The settlement it serves.
    pub settlement: usize,
    /// What is particular about it.
    pub what: &'static str,
}

/// Forty public toilets: at most village crossings, a second one in large villages, some hamlets; four villages have none.
pub fn public_toilets(seed: u64, settlements: &[Settlement], villages: usize, seat: usize) -> Vec<Spot> {
    let mut rng = Rng::new(seed, "toilets");
    let mut without: Vec<usize> = (0..villages).filter(|v| *v != seat).collect();
    rng.shuffle(&mut without);
    without.truncate(4);
    let mut spots: Vec<Spot> = Vec::new();
    let mut by_size: Vec<usize> = (0..villages).filter(|v| !without.contains(v)).collect();
    for &i in &by_size {
        spots.push(Spot { place: settlements[i].frame.at(10.0, 4.5), settlement: i, what: "正常开放" });
    }
    by_size.sort_by_key(|i| std::cmp::Reverse(settlements[*i].plots.len()));
    let hamlets: Vec<usize> = (villages..settlements.len()).take(3).collect();
    for &i in hamlets.iter().chain(by_size.iter().take(10)).chain([&seat]) {
        let (end, outward) = settlements[i].ends()[if settlements[i].main { 0 } else { 2 }];
        let end = if i == seat && spots.len() == 39 { settlements[i].ends()[3].0 } else { end };
        spots.push(Spot { place: mm(end - outward * 16.0 + left(outward) * 5.0), settlement: i, what: "正常开放" });
    }
    for (i, what) in [(7, "停用"), (18, "停用"), (31, "停用"), (12, "内部使用")] {
        spots[i].what = what;
    }
    spots
}

/// Collection points at street ends: one or two a settlement, `count` in all.
pub fn collection_points(seed: u64, settlements: &[Settlement], count: usize) -> Vec<Spot> {
    let mut rng = Rng::new(seed, "waste");
    let mut ends: Vec<(usize, usize)> = (0..4).flat_map(|e| (0..settlements.len()).map(move |s| (e, s))).collect();
    let singles = settlements.len();
    ends.truncate(singles * 2);
    rng.shuffle(&mut ends[singles..]);
    ends.into_iter()
        .take(count)
        .map(|(end, settlement)| {
            let (place, outward) = settlements[settlement].ends()[(end + settlement) % 4];
            let place = mm(place - outward * rng.between(4.0, 14.0) - left(outward) * 4.5);
            Spot { place, settlement, what: "垃圾收集点" }
        })
        .collect()
}

/// Street lights on both streets of two villages in three, with gaps.
pub fn lights(seed: u64, settlements: &[Settlement]) -> Vec<Spot> {
    let mut rng = Rng::new(seed, "lights");
    let mut spots = Vec::new();
    for (i, settlement) in settlements.iter().enumerate() {
        if !settlement.main || rng.chance(0.33) {
            continue;
        }
        for street in settlement.streets() {
            let count = (length_m(&street) / 37.0) as usize;
            for n in 0..count {
                if rng.chance(0.12) {
                    continue;
                }
                let (p, d) = along(&street, 18.0 + 37.0 * n as f64);
                let what = if rng.chance(0.07) { "损坏" } else { "正常" };
                spots.push(Spot { place: mm(p + left(d) * 3.5), settlement: i, what });
            }
        }
    }
    spots
}

/// A shop, office or enterprise front on a main road.
pub struct Front {
    /// Where its door is.
    pub place: Pt,
    /// The number of the road in the list of roads: 0 is road 112, 1 is 蓟海路.
    pub road: usize,
    /// Its distance from the start of the road in metres.
    pub at_m: f64,
    /// Whether it stands left of the road's direction.
    pub left: bool,
    /// Whether it is one of the seventeen enterprises.
    pub enterprise: bool,
}

/// Two hundred and forty fronts where the main roads pass settlements; seventeen enterprises about `works` on road 112.
pub fn fronts(seed: u64, settlements: &[Settlement], roads: &[Road], works: Pt) -> Made<Vec<Front>> {
    let mut rng = Rng::new(seed, "fronts");
    let mut fronts: Vec<Front> = Vec::new();
    let free = |fronts: &[Front], p: Pt, gap: f64| {
        fronts.iter().all(|f| apart(f.place, p) > gap) && roads.iter().skip(2).all(|r| off_line_m(&r.line, p) > 8.0)
    };
    for _ in 0..60_000 {
        let enterprise = fronts.len() < 17;
        if fronts.len() == 240 {
            break;
        }
        let road = if enterprise || rng.chance(0.68) { 0 } else { 1 };
        let at_m = rng.between(15.0, length_m(&roads[road].line) - 15.0);
        let (p, d) = along(&roads[road].line, at_m);
        let on_left = rng.chance(0.5);
        let off_m = roads[road].clear_m() + rng.between(7.0, 11.0);
        let place = mm(p + left(d) * if on_left { off_m } else { -off_m });
        let near = if enterprise {
            apart(place, works) < 700.0
        } else {
            settlements.iter().any(|s| apart(s.middle(), place) < s.size.x.max(s.size.y) / 2.0 + 150.0)
        };
        let other = 1 - road;
        if near
            && free(&fronts, place, if enterprise { 40.0 } else { 11.0 })
            && off_line_m(&roads[other].line, place) > 30.0
        {
            fronts.push(Front { place, road, at_m, left: on_left, enterprise });
        }
    }
    if fronts.len() < 240 {
        return Err(format!("only {} fronts fit", fronts.len()).into());
    }
    fronts.sort_by(|a, b| (a.road, a.at_m).partial_cmp(&(b.road, b.at_m)).unwrap_or(std::cmp::Ordering::Equal));
    Ok(fronts)
}
