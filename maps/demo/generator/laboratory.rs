//! What a laboratory found in October, where waste water runs out, and which ditch runs where.

use geo::{Distance, Euclidean};

use crate::names::{person, phone};
use crate::rng::Rng;
use crate::row;
use crate::shape::{Pt, left, toward};
use crate::sheet::Kind::{Day, Text};
use crate::sheet::{Cell, Shape, Sheet};
use crate::town::Town;
use crate::water::Water;

/// The id of a water.
pub fn id(at: usize) -> String {
    format!("p-{:03}", at + 1)
}

/// For each water the one that it runs into, where the ledger knows: of some ditches the nearest water within 500 m.
pub fn flows(seed: u64, waters: &[Water]) -> Vec<Option<usize>> {
    let mut into: Vec<Option<usize>> = vec![None; waters.len()];
    for (i, water) in waters.iter().enumerate().filter(|(_, water)| water.ditch) {
        let mut rng = Rng::keyed(seed, "flow", i, 0);
        let off = |j: usize| Euclidean.distance(&water.ground, &waters[j].ground);
        // No water runs in a ring: what runs into this one already is passed over.
        let others = (0..waters.len()).filter(|&j| j != i && into[j] != Some(i));
        let nearest = others.map(|j| (off(j), j)).min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((off_m, j)) = nearest
            && off_m < 500.0
            && rng.chance(0.7)
        {
            into[i] = Some(j);
        }
    }
    into
}

/// A place at the water's edge.
fn shore(rng: &mut Rng, water: &Water) -> Pt {
    let edge = &water.ground.exterior().0;
    edge[rng.below(edge.len() - 1)]
}

/// A place so many metres off the water's edge.
fn off(rng: &mut Rng, water: &Water, metres: f64) -> Pt {
    let edge = &water.ground.exterior().0;
    let at = rng.below(edge.len() - 1);
    // The edge runs anticlockwise: what lies on its right lies outside.
    edge[at] - left(toward(edge[at], edge[at + 1])) * metres
}

/// Samples of October: of the black waters, of some poor ones, of a few that are said to be good.
pub fn samples(seed: u64, town: &Town) -> Sheet {
    let columns = vec![
        ("样品编号", Text(16)),
        ("坑塘编号", Text(24)),
        ("所在村", Text(20)),
        ("采样日期", Day),
        ("水深(cm)", Text(8)),
        ("透明度(cm)", Text(8)),
        ("溶解氧(mg/L)", Text(8)),
        ("氨氮(mg/L)", Text(8)),
        ("气味", Text(12)),
        ("颜色", Text(12)),
        ("公众评议", Text(8)),
        ("采样人", Text(10)),
    ];
    let mut rng = Rng::new(seed, "laboratory");
    let people = [person(&mut rng), person(&mut rng)];
    let of = |condition: &str| -> Vec<usize> {
        (0..town.waters.len()).filter(|&i| town.waters[i].condition == condition).collect()
    };
    let (black, poor, good) = (of("黑臭"), of("较差"), of("良好"));
    let lately = |&i: &usize| town.waters[i].cleaned.as_deref() > Some("2026-10-04");
    let clean: Vec<usize> = good.iter().copied().filter(lately).take(2).collect();
    let mut taken: Vec<(usize, Found)> = Vec::new();
    taken.extend(black.iter().enumerate().map(|(n, &i)| (i, if n == 2 { Found::Better } else { Found::Black })));
    taken.extend(poor.iter().take(10).enumerate().map(|(n, &i)| {
        let found = match n {
            1 => Found::Ammonia,
            4 => Found::Shallow,
            6 => Found::Edge,
            8 => Found::Appraised,
            _ => Found::Better,
        };
        (i, found)
    }));
    taken.extend(clean.iter().enumerate().map(|(n, &i)| (i, if n == 0 { Found::Black } else { Found::Better })));
    let mut rows = Vec::new();
    for (n, (i, found)) in taken.into_iter().enumerate() {
        let water = &town.waters[i];
        // One goes by the pond's name, one by where it was taken, as village clerks hand them in.
        let stated = match n {
            3 => water.name.clone(),
            5 | 11 => String::new(),
            _ => id(i),
        };
        let place = shore(&mut rng, water);
        let on = format!("2026年10月{}日", rng.whole(26, 30));
        let values = found.values(&mut rng);
        rows.push(sample(n, &stated, town.names[water.village], on, values, rng.pick(&people).as_str(), place));
    }
    // One taken well off any water, one that names another pond than it was taken in.
    let (first, last) = (&town.waters[poor[0]], &town.waters[poor[poor.len() - 1]]);
    let (nowhere, elsewhere) = (off(&mut rng, first, 130.0), shore(&mut rng, last));
    for (stated, water, place) in [(String::new(), first, nowhere), (id(poor[12]), last, elsewhere)] {
        let values = Found::Black.values(&mut rng);
        let n = rows.len();
        rows.push(sample(n, &stated, town.names[water.village], "2026年10月29日".into(), values, &people[0], place));
    }
    Sheet { columns, rows }
}

fn sample(
    n: usize,
    stated: &str,
    village: &str,
    on: String,
    values: [String; 7],
    by: &str,
    place: Pt,
) -> (Shape, Vec<Cell>) {
    let mut cells =
        vec![Cell::from(format!("SZ2610-{:02}", n + 1)), Cell::from(stated), Cell::from(village), Cell::from(on)];
    cells.extend(values.map(Cell::from));
    cells.push(Cell::from(by));
    (Shape::Point(place), cells)
}

/// What the laboratory finds.
#[derive(Clone, Copy)]
enum Found {
    /// Black and odorous in all.
    Black,
    /// Within all limits.
    Better,
    /// Clear enough, and too much ammonia.
    Ammonia,
    /// 18 cm deep and 6 cm clear.
    Shallow,
    /// At each limit, and beyond none.
    Edge,
    /// Not all measured; the villagers say so.
    Appraised,
}

impl Found {
    /// Depth, clarity, oxygen, ammonia, odour, colour, and how many percent of those asked say that it is black.
    fn values(self, rng: &mut Rng) -> [String; 7] {
        let whole = |rng: &mut Rng, low, high| rng.whole(low, high).to_string();
        let real = |rng: &mut Rng, low: f64, high: f64| format!("{:.1}", rng.between(low, high));
        let none = String::new;
        match self {
            Self::Black => [
                whole(rng, 60, 160),
                whole(rng, 8, 22),
                real(rng, 0.4, 1.8),
                real(rng, 15.6, 26.0),
                "明显异味".into(),
                "明显异常".into(),
                whole(rng, 62, 95),
            ],
            Self::Better => [
                whole(rng, 70, 180),
                whole(rng, 27, 60),
                real(rng, 2.4, 6.5),
                real(rng, 1.2, 12.0),
                "无异味".into(),
                "正常".into(),
                none(),
            ],
            Self::Ammonia => [
                whole(rng, 80, 120),
                whole(rng, 30, 40),
                real(rng, 2.6, 3.4),
                real(rng, 16.0, 19.0),
                "轻微异味".into(),
                "正常".into(),
                none(),
            ],
            Self::Shallow => {
                ["18".into(), "6".into(), "2.3".into(), "9.4".into(), "轻微异味".into(), "正常".into(), none()]
            }
            Self::Edge => {
                ["20".into(), "8".into(), "2.0".into(), "15.0".into(), "轻微异味".into(), "正常".into(), none()]
            }
            Self::Appraised => [
                whole(rng, 60, 90),
                whole(rng, 26, 34),
                none(),
                none(),
                "轻微异味".into(),
                "正常".into(),
                whole(rng, 63, 81),
            ],
        }
    }
}

/// Outfalls at black and poor waters; some are plugged.
pub fn outfalls(seed: u64, town: &Town) -> Sheet {
    let columns = vec![
        ("编号", Text(8)),
        ("排污口名称", Text(40)),
        ("排污口类型", Text(20)),
        ("封堵情况", Text(10)),
        ("受纳水体", Text(8)),
        ("所在村", Text(20)),
        ("责任人", Text(10)),
        ("电话", Text(16)),
    ];
    let mut rng = Rng::new(seed, "outfalls");
    let mut rows = Vec::new();
    for (i, water) in town.waters.iter().enumerate() {
        let here = match water.condition {
            "黑臭" => rng.whole(1, 2),
            "较差" if rng.chance(0.2) => 1,
            _ => 0,
        };
        for n in 0..here {
            let kind = *rng.pick(&["生活污水", "生活污水", "养殖废水", "雨污混排", "农田退水"]);
            let status = *rng.pick(&["未封堵", "未封堵", "已封堵"]);
            let name = format!("{}{}排污口", water.name, ["", "二号"][n as usize]);
            let place = off(&mut rng, water, 1.5);
            rows.push(row![Shape::Point(place); format!("o-{:02}", rows.len() + 1), name, kind, status, id(i),
                town.names[water.village], person(&mut rng), phone(&mut rng)]);
        }
    }
    Sheet { columns, rows }
}
