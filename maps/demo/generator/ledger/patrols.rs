//! Ninety-five patrols of road 112 and 蓟海路: where they went, what they found, and what was cleared on the way.

use super::{Entry, FIRST, LAST, Staff, fronts::road_of, office_day, share_out};
use crate::rng::Rng;
use crate::row;
use crate::shape::{Pt, along, left, length_m, mm};
use crate::sheet::Kind::{Day, Text};
use crate::sheet::{Shape, Sheet};
use crate::town::Town;

/// How many there were.
pub const PATROLS: usize = 95;
const LAYER: &str = "道路";

/// What was cleared along the roads: in how many rows, how much in all, and the unit.
const ITEMS: [(&str, usize, i64, &str); 4] = [
    ("收缴广告牌", 5, 9, "块"),
    ("清理广告条幅", 7, 13, "条"),
    ("清除商品外溢", 13, 23, "处"),
    ("制止在建违建", 2, 2, "处"),
];

/// A patrol of a stretch of a main road.
pub struct Patrol {
    /// The day of 2026.
    pub day: i64,
    /// 0: road 112, 1: 蓟海路.
    pub road: usize,
    /// Where it began and ended, in metres along the road's drawing.
    pub span: (f64, f64),
    /// Who went.
    pub officers: [String; 2],
    /// When it began and ended, in minutes of the day.
    pub minutes: (i64, i64),
    /// What was found.
    pub findings: Vec<String>,
}

impl Patrol {
    /// A place beside the road on the way, and how far along the road it is.
    pub fn beside(&self, rng: &mut Rng, town: &Town) -> (Pt, f64) {
        let at_m = rng.between(self.span.0 + 20.0, self.span.1 - 20.0);
        let road = &town.roads[self.road];
        let (p, d) = along(&road.line, at_m);
        let off = (road.clear_m() + rng.between(1.0, 6.0)) * if rng.chance(0.5) { 1.0 } else { -1.0 };
        (mm(p + left(d) * off), at_m)
    }
}

/// Sends out all patrols, in the order of their days. Road 112 is worked from east to west (自东向西).
pub fn send(seed: u64, town: &Town, staff: &Staff) -> Vec<Patrol> {
    let mut rng = Rng::new(seed, "patrols");
    let mut days: Vec<i64> = (0..PATROLS).map(|_| office_day(&mut rng, FIRST, LAST)).collect();
    days.sort_unstable();
    let lengths = [length_m(&town.roads[0].line), length_m(&town.roads[1].line)];
    days.into_iter()
        .map(|day| {
            let road = usize::from(rng.chance(0.32));
            let whole = lengths[road];
            let stretch = whole * rng.between(0.3, 0.75);
            let from = rng.between(5.0, whole - stretch - 5.0);
            let begun = if rng.chance(0.6) { rng.whole(500, 570) } else { rng.whole(840, 910) } / 5 * 5;
            let lasted = 30 + (stretch / rng.between(70.0, 110.0)) as i64;
            let first = rng.below(staff.officers.len());
            let second = (first + 1 + rng.below(staff.officers.len() - 1)) % staff.officers.len();
            Patrol {
                day,
                road,
                span: (from, from + stretch),
                officers: [staff.officers[first].clone(), staff.officers[second].clone()],
                minutes: (begun, begun + lasted / 5 * 5),
                findings: Vec::new(),
            }
        })
        .collect()
}

/// Logs what was cleared, each at its place and with the patrol that did it.
pub fn clear(seed: u64, town: &Town, patrols: &mut [Patrol], log: &mut Vec<Entry>) {
    let mut rng = Rng::new(seed, "corridor");
    for (event, rows, total, unit) in ITEMS {
        let weights: Vec<f64> = (0..rows).map(|_| rng.between(0.2, 1.6)).collect();
        for number in share_out(total, &weights) {
            let at = rng.below(patrols.len());
            let patrol = &mut patrols[at];
            let (place, at_m) = patrol.beside(&mut rng, town);
            patrol.findings.push(format!("{event}{number}{unit}"));
            let note = town.chainage(patrol.road, place, at_m);
            let row = Entry::new(patrol.day, LAYER, road_of(patrol.road), event, &patrol.officers[0]);
            log.push(row.of(number, unit).note(note).at(place));
        }
    }
}

/// The patrols as a table of tracks.
pub fn sheet(seed: u64, town: &Town, patrols: &[Patrol]) -> Sheet {
    let columns = vec![
        ("编号", Text(10)),
        ("名称", Text(40)),
        ("日期", Day),
        ("开始时间", Text(6)),
        ("结束时间", Text(6)),
        ("巡查人", Text(30)),
        ("道路", Text(20)),
        ("发现情况", Text(200)),
    ];
    let mut rng = Rng::new(seed, "tracks");
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let rows = patrols.iter().enumerate().map(|(n, patrol)| {
        let day = crate::houses::day(patrol.day);
        let before = patrols[..n].iter().filter(|p| p.day == patrol.day && p.road == patrol.road).count();
        let name = format!("{}巡查{}-{}", road_of(patrol.road), day.replace('-', ""), before + 1);
        let findings =
            if patrol.findings.is_empty() { "未发现新问题".to_owned() } else { patrol.findings.join("；") };
        row![Shape::Line(track(&mut rng, town, patrol)); format!("xc-{:03}", n + 1), name, day, clock(patrol.minutes.0),
            clock(patrol.minutes.1), patrol.officers.join("、"), road_of(patrol.road), findings]
    });
    Sheet { columns, rows: rows.collect() }
}

/// The track that a receiver wrote: on the right-hand carriageway, a few metres off here and there. Road 112 runs west.
fn track(rng: &mut Rng, town: &Town, patrol: &Patrol) -> Vec<Pt> {
    let line = &town.roads[patrol.road].line;
    let (from, to) = patrol.span;
    let steps = ((to - from) / 75.0).ceil() as usize;
    let mut points: Vec<Pt> = (0..=steps)
        .map(|i| {
            let (p, d) = along(line, from + (to - from) * i as f64 / steps as f64);
            mm(p + left(d) * (if patrol.road == 0 { 3.5 } else { -2.5 } + rng.between(-2.0, 2.0)))
        })
        .collect();
    if patrol.road == 0 {
        points.reverse();
    }
    points
}
