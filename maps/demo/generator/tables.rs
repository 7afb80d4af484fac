//! The sources: what the town hall, the county and the villages each keep, column by column.

use std::path::Path;

use geo::{Area, Contains, Point, Polygon};

use crate::census;
use crate::ground::halve;
use crate::laboratory;
use crate::ledger::{Logs, Staff, farms, fronts, houses, issues, patrols, villages, waters, works};
use crate::names::{self, person, phone};
use crate::places::Spot;
use crate::rng::Rng;
use crate::roads::Rank;
use crate::shape::{Pt, along, area, left, mm};
use crate::sheet::{Kind, Shape, Sheet};
use crate::town::Town;
use crate::write::{Told, Writer};
use crate::{Made, row};

use Kind::{Day, Real, Text, Whole};

/// Writes all sources of the town.
pub fn write(seed: u64, town: &Town, directory: &Path) -> Made<()> {
    let writer = Writer::new(directory)?;
    let stream = |purpose: &str| Rng::new(seed, purpose);
    let households = households(&mut stream("households"), town);
    let staff = Staff::hire(seed, town.cells.len());
    let mut logs = Logs::default();
    writer.shapefile("行政村", &self::villages(&mut stream("village table"), town, &households), Told::Cpg)?;
    writer.geopackage("网格", &grid(&mut stream("grid"), town, &households))?;
    writer.geojson("村庄建设用地", &settlements(town))?;
    writer.shapefile("道路", &roads(&mut stream("road table"), town), Told::DriverByte)?;
    writer.shapefile("永久基本农田", &fields(town), Told::Cpg)?;
    writer.shapefile("坑塘沟渠", &waters::keep(seed, town, &staff, &mut logs.works), Told::Nowhere)?;
    writer.laboratory("水质检测", &laboratory::samples(seed, town))?;
    writer.csv("排污口", &laboratory::outfalls(seed, town), true)?;
    let summed = ["存栏", "年出栏", "占地面积"];
    let title = "青禾县乡图镇畜禽养殖台账（虚构，截至2026年8月31日）";
    writer.excel("养殖台账", title, &farms::keep(seed, town, &staff, &mut logs.works), &summed)?;
    writer.geojson("学校", &schools(town))?;
    writer.csv("公厕", &toilets(&mut stream("toilet table"), town), true)?;
    writer.geojson("垃圾收集点", &waste(&mut stream("waste table"), town))?;
    writer.geojson("污水设施", &sewage(town))?;
    writer.csv("路灯", &works::lights(seed, town, &mut logs.works), true)?;
    writer.geojson("高空瞭望", &cameras(town))?;
    writer.csv("门前三包", &fronts::keep(seed, town, &staff, &mut logs.works), true)?;
    writer.csv("改厕台账", &houses::keep(seed, town, &staff, &mut logs.toilets), false)?;
    writer.geojson("禁养区", &zone(town))?;
    writer.geojson("公路用地", &road_land(&mut stream("road land"), town))?;
    writer.geojson("建设项目", &works::keep(seed, town, &staff, &mut logs.works)?)?;

    villages::campaign(seed, town, &staff, &mut logs.works);
    let mut patrols = patrols::send(seed, town, &staff);
    patrols::clear(seed, town, &mut patrols, &mut logs.works);
    issues::life(seed, town, &staff, &mut patrols, &mut logs.issues);
    writer.geojson("巡查记录", &patrols::sheet(seed, town, &patrols))?;
    logs.sort();
    census::recount(town, &logs, &patrols)?;
    writer.log_csv("工作台账", &logs.works, "GZ", true)?;
    writer.log_excel(
        "改厕工作台账",
        "青禾县乡图镇改厕工作台账（虚构，2026年9月1日至10月31日）",
        &logs.toilets,
        "GC",
    )?;
    writer.log_csv("问题台账", &logs.issues, "WT", false)
}

/// Households of each village: some plots stand empty.
fn households(rng: &mut Rng, town: &Town) -> Vec<i64> {
    (0..town.cells.len())
        .map(|v| {
            let plots: usize = town.settlements.iter().filter(|s| s.village == v).map(|s| s.plots.len()).sum();
            (plots as f64 * rng.between(0.9, 0.98)) as i64
        })
        .collect()
}

fn villages(rng: &mut Rng, town: &Town, households: &[i64]) -> Sheet {
    let columns = vec![
        ("ZLDWDM", Text(12)),
        ("ZLDWMC", Text(20)),
        ("户数", Whole),
        ("估算", Text(2)),
        ("人口", Whole),
        ("组数", Whole),
        ("村支书", Text(10)),
        ("电话", Text(16)),
        ("饮水合格率", Real(1)),
        ("污水治理率", Real(1)),
        ("垃圾处理率", Real(1)),
        ("粪污利用率", Real(1)),
        ("示范村", Text(2)),
    ];
    let mut rate = |low: f64, high: f64| (rng.between(low, high) * 10.0).round() / 10.0;
    let mut people = Rng::new(rate(0.0, 1e6) as u64, "secretaries");
    let rows = (0..town.cells.len()).map(|v| {
        let persons = (households[v] as f64 * people.between(2.9, 3.5)) as i64;
        row![Shape::Area(town.cells[v].clone()); &town.codes[v], town.names[v], households[v], v % 11 == 4, persons,
            households[v] / 45 + 1, person(&mut people), phone(&mut people), rate(86.0, 100.0), rate(38.0, 88.0),
            rate(62.0, 98.0), rate(58.0, 95.0), town.names[v] == names::PARK]
    });
    Sheet { columns, rows: rows.collect() }
}

/// One to four grid cells a village, cut so that they tile it, numbered from west to east.
fn grid(rng: &mut Rng, town: &Town, households: &[i64]) -> Sheet {
    let columns = vec![
        ("网格编码", Text(15)),
        ("网格名称", Text(40)),
        ("层级", Text(10)),
        ("所属村代码", Text(12)),
        ("所属村", Text(20)),
        ("网格长", Text(10)),
        ("网格员", Text(10)),
        ("指导员", Text(10)),
        ("联系电话", Text(16)),
        ("户数", Whole),
    ];
    let mut rows = Vec::new();
    let seat = town.home(names::SEAT);
    for (v, ring) in town.ground.rings.iter().enumerate() {
        let mut parts = vec![ring.clone()];
        let rounds = if v == seat { 2 } else { usize::from(households[v] > 215) };
        for _ in 0..rounds {
            parts = parts.into_iter().flat_map(|p| halve(rng, &p).map_or(vec![p], Vec::from)).collect();
        }
        let west = |p: &Vec<Pt>| p.iter().map(|p| p.x).sum::<f64>() / p.len() as f64;
        parts.sort_by(|a, b| west(a).total_cmp(&west(b)));
        let plots: Vec<Pt> = town.settlements.iter().filter(|s| s.village == v).flat_map(|s| s.plots.clone()).collect();
        let (leader, instructor) = (person(rng), person(rng));
        let mut left = households[v];
        for (i, part) in parts.iter().enumerate() {
            let ground = area(part);
            let here = plots.iter().filter(|p| ground.contains(&Point(**p))).count() as i64;
            let share = if i + 1 == parts.len() { left } else { households[v] * here / plots.len().max(1) as i64 };
            left -= share;
            let name = format!("{}第{}网格", town.names[v], ["一", "二", "三", "四"][i]);
            rows.push(
                row![Shape::Area(ground); format!("{}{:03}", town.codes[v], i + 1), name, "村级", &town.codes[v],
                town.names[v], &leader, person(rng), &instructor, phone(rng), share],
            );
        }
    }
    Sheet { columns, rows }
}

/// What a settlement is called: a village's own like the village, a hamlet by where it lies.
fn settlement_name(town: &Town, i: usize) -> String {
    let settlement = &town.settlements[i];
    let village = town.names[settlement.village];
    if settlement.main {
        return village.to_owned();
    }
    let side = names::side(town.settlements[settlement.village].middle(), settlement.middle());
    format!("{}{side}小庄", village.trim_end_matches('村'))
}

fn settlements(town: &Town) -> Sheet {
    let columns =
        vec![("编号", Text(10)), ("名称", Text(30)), ("所在村", Text(20)), ("ZLDWDM", Text(12)), ("CZCSXM", Text(4))];
    let rows = town.settlements.iter().enumerate().map(|(i, s)| {
        let class = if town.names[s.village] == names::SEAT { "202" } else { "203" };
        row![Shape::Area(s.ground.clone()); format!("j-{:02}", i + 1), settlement_name(town, i), town.names[s.village],
            &town.codes[s.village], class]
    });
    Sheet { columns, rows: rows.collect() }
}

/// A name for a road of the town: by its number, its village, or the places at its ends.
pub fn road_name(town: &Town, i: usize) -> String {
    let road = &town.roads[i];
    let first = |s: usize| town.names[town.settlements[s].village].chars().next().unwrap_or('村');
    let short = |s: usize| settlement_name(town, s).chars().take(2).collect::<String>();
    match (road.rank, road.joins.as_slice()) {
        (Rank::National, _) => "112国道".into(),
        (_, []) => "蓟海路".into(),
        (_, [s]) if i < 2 + 2 * town.settlements.len() => {
            format!("{}{}", settlement_name(town, *s), if i.is_multiple_of(2) { "大街" } else { "中街" })
        }
        (_, [s]) => format!("{}路", short(*s)),
        (_, [a, b, ..]) if first(*a) == first(*b) => format!("{}连村路", short(*a)),
        (_, [a, b, ..]) => format!("{}{}路", first(*a), first(*b)),
    }
}

fn roads(rng: &mut Rng, town: &Town) -> Sheet {
    let columns = vec![
        ("标识码", Text(8)),
        ("路名", Text(30)),
        ("路线编号", Text(8)),
        ("等级", Text(6)),
        ("路面宽", Real(1)),
        ("路面", Text(6)),
        ("路长", Text(10)),
    ];
    let (mut township, mut village) = (0, 0);
    let rows = town.roads.iter().enumerate().map(|(i, road)| {
        let street = road.joins.len() == 1 && i < 2 + 2 * town.settlements.len();
        let (class, number, width, surface) = match road.rank {
            Rank::National => ("国道", "G112".to_owned(), 15.0, "沥青"),
            Rank::County => ("县道", "X301".to_owned(), 9.0, "沥青"),
            Rank::Township => {
                township += 1;
                ("乡道", format!("Y{township:03}"), 6.0, "沥青")
            }
            Rank::Village if street => ("村道", String::new(), 5.0, if rng.chance(0.1) { "砂石" } else { "水泥" }),
            Rank::Village => {
                village += 1;
                ("村道", format!("C{village:03}"), 4.5, "水泥")
            }
        };
        row![Shape::Line(road.line.clone()); format!("r-{:03}", i + 1), road_name(town, i), number, class, width, surface,
            person(rng)]
    });
    Sheet { columns, rows: rows.collect() }
}

/// The surveyed ground of national road 112 in its middle: three parcels, end to end. Of the rest nobody has parcels.
fn road_land(rng: &mut Rng, town: &Town) -> Sheet {
    let columns = vec![
        ("BSM", Text(18)),
        ("TBBH", Text(8)),
        ("所属道路", Text(8)),
        ("DLBM", Text(5)),
        ("DLMC", Text(10)),
        ("ZLDWMC", Text(20)),
        ("TBMJ", Real(2)),
        ("勘界日期", Day),
    ];
    let line = &town.roads[0].line;
    let mut rows = Vec::new();
    for (i, ends) in [3_600.0, 4_850.0, 6_020.0, 7_230.0].windows(2).enumerate() {
        let ground = along_line(line, ends[0], ends[1], rng.between(11.4, 13.6), rng.between(11.4, 13.6));
        let size = (ground.unsigned_area() * 100.0).round() / 100.0;
        let village = town.names[town.village_at(along(line, (ends[0] + ends[1]) / 2.0).0)];
        rows.push(
            row![Shape::Area(ground); format!("990000103{:09}", i + 1), format!("g-{:02}", i + 1), "G112", "1003",
            "公路用地", village, size, "2024-06-20"],
        );
    }
    Sheet { columns, rows }
}

/// The ground along a line between two places, so far to its left and to its right.
fn along_line(line: &[Pt], from_m: f64, to_m: f64, left_m: f64, right_m: f64) -> Polygon {
    let steps = ((to_m - from_m) / 25.0).ceil();
    let at = |k: f64, off_m: f64| {
        let (on, direction) = along(line, from_m + (to_m - from_m) * k / steps);
        mm(on + left(direction) * off_m)
    };
    let there = (0..=steps as i32).map(|k| at(f64::from(k), -right_m));
    let back = (0..=steps as i32).rev().map(|k| at(f64::from(k), left_m));
    area(&there.chain(back).collect::<Vec<_>>())
}

fn fields(town: &Town) -> Sheet {
    let columns = vec![
        ("BSM", Text(18)),
        ("YSDM", Text(10)),
        ("JBNTTBBH", Text(8)),
        ("DLBM", Text(5)),
        ("DLMC", Text(8)),
        ("ZLDWDM", Text(12)),
        ("ZLDWMC", Text(20)),
        ("TBMJ", Real(2)),
        ("JBNTMJ", Real(2)),
    ];
    let rows = town.fields.iter().enumerate().map(|(i, field)| {
        let size = (field.ground.unsigned_area() * 100.0).round() / 100.0;
        let (code, class) = if (i + field.village) % 7 == 0 { ("0103", "旱地") } else { ("0102", "水浇地") };
        row![Shape::Area(field.ground.clone()); format!("990000101{:09}", i + 1), "2005010300", format!("b-{:04}", i + 1),
            code, class, &town.codes[field.village], town.names[field.village], size, (size * 0.97).round()]
    });
    Sheet { columns, rows: rows.collect() }
}

fn schools(town: &Town) -> Sheet {
    let columns =
        vec![("编号", Text(8)), ("校名", Text(40)), ("学段", Text(10)), ("在校生", Whole), ("所在村", Text(20))];
    let rows = town.schools.iter().enumerate().map(|(i, s)| {
        row![Shape::Area(s.ground.clone()); format!("s-{:02}", i + 1), &s.name, s.level, s.pupils, town.names[s.village]]
    });
    Sheet { columns, rows: rows.collect() }
}

/// The village of a spot.
fn village<'a>(town: &'a Town, spot: &Spot) -> &'a str {
    town.names[town.settlements[spot.settlement].village]
}

fn toilets(rng: &mut Rng, town: &Town) -> Sheet {
    let columns = vec![
        ("编号", Text(8)),
        ("公厕名称", Text(30)),
        ("所在村", Text(20)),
        ("开放情况", Text(10)),
        ("厕所类型", Text(10)),
        ("蹲位", Whole),
        ("建成时间", Day),
        ("保洁员", Text(10)),
        ("联系电话", Text(16)),
    ];
    let rows = town.toilets.iter().enumerate().map(|(i, spot)| {
        let before = town.toilets[..i].iter().filter(|s| s.settlement == spot.settlement).count();
        let name = format!("{}第{}公厕", settlement_name(town, spot.settlement), ["一", "二", "三"][before.min(2)]);
        let kind = *rng.pick(&["水冲式", "水冲式", "三格式"]);
        let built = format!("20{:02}-{:02}-{:02}", rng.whole(17, 25), rng.whole(4, 11), rng.whole(1, 28));
        row![Shape::Point(spot.place); format!("t-{:02}", i + 1), name, village(town, spot), spot.what, kind, rng.whole(3, 8) * 2,
            built, person(rng), phone(rng)]
    });
    Sheet { columns, rows: rows.collect() }
}

fn waste(rng: &mut Rng, town: &Town) -> Sheet {
    let columns = vec![
        ("编号", Text(8)),
        ("名称", Text(40)),
        ("类型", Text(20)),
        ("桶数", Whole),
        ("周清运次数", Whole),
        ("所在村", Text(20)),
        ("责任人", Text(10)),
    ];
    let rows = town.waste.iter().enumerate().map(|(i, spot)| {
        let (name, bins, pickups) = match spot.what {
            "垃圾中转站" => ("东方新洁垃圾中转站（虚构）".to_owned(), 0, 7),
            "非正规堆放点" => (format!("{}堆放点", village(town, spot)), 0, 0),
            _ => (format!("{}收集点{}", settlement_name(town, spot.settlement), i + 1), rng.whole(2, 8), rng.whole(2, 7)),
        };
        row![Shape::Point(spot.place); format!("w-{:02}", i + 1), name, spot.what, bins, pickups, village(town, spot), person(rng)]
    });
    Sheet { columns, rows: rows.collect() }
}

fn sewage(town: &Town) -> Sheet {
    let columns = vec![
        ("编号", Text(8)),
        ("名称", Text(40)),
        ("处理方式", Text(20)),
        ("日处理能力", Whole),
        ("服务户数", Whole),
        ("运行状态", Text(10)),
        ("所在村", Text(20)),
        ("建成时间", Day),
    ];
    let facts = [("乡图镇污水处理站", 300, 460, "正常运行", "2022-10-18"), ("张家庄污水处理点", 60, 180, "在建", "")];
    let rows = town.sewage.iter().zip(facts).enumerate().map(|(i, (spot, (name, capacity, served, status, built)))| {
        let built = (!built.is_empty()).then(|| built.to_owned());
        row![Shape::Point(spot.place); format!("u-{}", i + 1), name, spot.what, i64::from(capacity), i64::from(served), status,
            village(town, spot), built]
    });
    Sheet { columns, rows: rows.collect() }
}

fn cameras(town: &Town) -> Sheet {
    let columns = vec![
        ("编号", Text(8)),
        ("名称", Text(40)),
        ("架设高度", Whole),
        ("覆盖半径", Whole),
        ("类型", Text(10)),
        ("状态", Text(8)),
        ("备案日期", Day),
        ("所在村", Text(20)),
    ];
    let facts =
        [(names::SEAT, "镇区通信塔", 42, 3000, "双光谱"), (names::COMPOUND, "养殖小区瞭望点", 28, 1500, "可见光")];
    let rows = facts.into_iter().enumerate().map(|(i, (home, name, height, range, kind))| {
        let settlement = &town.settlements[town.home(home)];
        let place = settlement.frame.at(-9.0, 5.0);
        row![Shape::Point(place); format!("c-{}", i + 1), name, i64::from(height), i64::from(range), kind, "在线", "2025-05-20", home]
    });
    Sheet { columns, rows: rows.collect() }
}

fn zone(town: &Town) -> Sheet {
    let columns =
        vec![("编号", Text(8)), ("名称", Text(40)), ("类别", Text(10)), ("划定依据", Text(80)), ("生效日期", Day)];
    let seat = &town.settlements[town.home(names::SEAT)];
    let ground = seat.frame.rectangle(0.0, 0.0, seat.size.x + 320.0, seat.size.y + 300.0);
    let reason = "镇区居民和文化教育集中区域（虚构）";
    Sheet {
        columns, rows: vec![row![Shape::Area(ground); "z-1", "镇区禁养区", "禁养区", reason, "2025-06-01"]]
    }
}
