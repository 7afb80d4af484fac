//! Construction and street lights on the eve, and how they went on since.

use super::{Entry, FIRST, LAST, Staff, office_day};
use crate::Made;
use crate::names;
use crate::rng::Rng;
use crate::row;
use crate::sheet::Kind::{Day, Text, Whole};
use crate::sheet::{Shape, Sheet};
use crate::tables::road_name;
use crate::town::Town;

const LAYER: &str = "建设项目";

/// Every project as it stood on the eve; the rest goes to the log.
pub fn keep(seed: u64, town: &Town, staff: &Staff, log: &mut Vec<Entry>) -> Made<Sheet> {
    let columns = vec![
        ("编号", Text(8)),
        ("项目名称", Text(60)),
        ("类型", Text(20)),
        ("状态", Text(10)),
        ("进度", Whole),
        ("计划开工", Day),
        ("计划完工", Day),
        ("完工日期", Day),
        ("投资额", Whole),
        ("所在村", Text(20)),
    ];
    let mut rng = Rng::new(seed, "projects");
    let mut own = Rng::new(seed, "project log");
    let pipes =
        town.settlements[town.home(names::PARK)].streets().into_iter().next().ok_or("no street for the pipes")?;
    let mut rows = vec![
        row![Shape::Area(town.square.clone()); "x-01", "花牛村文化广场", "广场", "在建", 15, "2026-08-15", "2026-11-30",
            None::<String>, 480_000, names::COMPOUND],
        row![Shape::Area(town.park.clone()); "x-02", "北坑湿地公园", "湿地公园", "在建", 40, "2026-06-01", "2026-12-31",
            None::<String>, 2_600_000, names::PARK],
        row![Shape::Line(pipes); "x-03", "张家庄污水管网铺设", "管网铺设", "在建", 20, "2026-07-10", "2026-12-20",
            None::<String>, 1_350_000, names::PARK],
    ];
    let steps = [
        ("x-01", names::COMPOUND, [25, 45, 60]),
        ("x-02", names::PARK, [50, 60, 70]),
        ("x-03", names::PARK, [25, 35, 45]),
    ];
    for (id, village, shares) in steps {
        let by = &staff.clerks[town.home(village)];
        for (share, on) in shares.into_iter().zip([257, 272, 302]) {
            let on = office_day(&mut own, on - 4, on);
            log.push(Entry::new(on, LAYER, id, "进度更新", by).field("进度", share.to_string()));
        }
    }
    let mut streets: Vec<usize> = (2..2 + 2 * town.cells.len()).collect();
    rng.shuffle(&mut streets);
    for (i, street) in streets.into_iter().take(16).enumerate() {
        let road = &town.roads[street];
        let done = rng.whole(248, 300);
        let village = town.settlements[road.joins[0]].village;
        let id = format!("x-{:02}", i + 4);
        let eve = (90 - (done - FIRST)).max(10) / 5 * 5;
        let by = &staff.clerks[village];
        if done > FIRST + 16 {
            let half = Entry::new(office_day(&mut own, FIRST + 4, done - 8), LAYER, &id, "进度更新", by);
            log.push(half.field("进度", ((eve + 100) / 2).to_string()));
        }
        log.push(Entry::new(done, LAYER, &id, "完工", by).note("村、镇、监理三方验收"));
        rows.push(row![Shape::Line(road.line.clone()); id, format!("{}硬化", road_name(town, street)), "道路硬化", "在建", eve,
            "2026-07-01", "2026-10-31", None::<String>, (crate::shape::length_m(&road.line) * 420.0) as i64,
            town.names[village]]);
    }
    Ok(Sheet { columns, rows })
}

/// Every street light as it stood on the eve: of those broken now some broke since, and others were mended.
pub fn lights(seed: u64, town: &Town, log: &mut Vec<Entry>) -> Sheet {
    let columns =
        vec![("编号", Text(8)), ("状态", Text(8)), ("供电方式", Text(8)), ("杆高", Whole), ("所在村", Text(20))];
    let mut rng = Rng::new(seed, "light table");
    let mut own = Rng::new(seed, "light log");
    let by = names::person(&mut own);
    let rows = town.lights.iter().enumerate().map(|(i, spot)| {
        let power = if rng.chance(0.6) { "太阳能" } else { "市电" };
        let id = format!("l-{:03}", i + 1);
        let broken = spot.what == "损坏";
        let turned = own.chance(if broken { 0.45 } else { 0.03 });
        let on = office_day(&mut own, FIRST + 2, LAST - 2);
        if turned {
            let event = if broken { "报修" } else { "修复" };
            log.push(Entry::new(on, "路灯", &id, event, &by));
        }
        let eve = if broken != turned { "损坏" } else { "正常" };
        let village = town.names[town.settlements[spot.settlement].village];
        row![Shape::Point(spot.place); id, eve, power, rng.whole(6, 8), village]
    });
    Sheet { columns, rows: rows.collect() }
}
