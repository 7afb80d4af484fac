//! The retrofit ledger on the eve, and what happened to the toilets since.

use super::{Entry, FIRST, Staff};
use crate::houses::{House, number};
use crate::names::{person, phone};
use crate::rng::Rng;
use crate::row;
use crate::sheet::Kind::{Day, Text, Whole};
use crate::sheet::{Shape, Sheet};
use crate::town::Town;

const LAYER: &str = "改厕农户";
const STAGES: [&str; 4] = ["未动工", "已动工", "已完工", "验收合格"];

/// Every house of the task as it stood on the eve; the rest goes to the log.
pub fn keep(seed: u64, town: &Town, staff: &Staff, log: &mut Vec<Entry>) -> Sheet {
    let columns = vec![
        ("编号", Text(8)),
        ("所在村", Text(20)),
        ("户主", Text(10)),
        ("联系电话", Text(16)),
        ("人口", Whole),
        ("改厕进度", Text(10)),
        ("改厕模式", Text(12)),
        ("动工日期", Day),
        ("完工日期", Day),
        ("验收日期", Day),
        ("旱厕", Text(8)),
        ("旱厕拆除日期", Day),
    ];
    let mut rng = Rng::new(seed, "house table");
    let mut rows = Vec::new();
    for (i, house) in town.houses.iter().enumerate() {
        let mode = *rng.pick(&["三格化粪池", "三格化粪池", "三格化粪池", "双瓮式", "完整下水道"]);
        let (owner, phone) = (person(&mut rng), phone(&mut rng));
        let people = rng.whole(1, 6);
        let id = format!("h-{:04}", i + 1);
        let mut own = Rng::keyed(seed, "house log", i, 0);
        since(&mut own, &id, house, staff, log);
        let [started, completed, accepted] = house.days.clone().map(before);
        let stage = STAGES[[&started, &completed, &accepted].into_iter().flatten().count()];
        let demolished = before(house.demolished.clone());
        let pit = if demolished.is_some() { "已拆除" } else { "未拆" };
        rows.push(
            row![Shape::Point(house.place); id, town.names[house.village], owner, phone, people, stage, mode, started,
            completed, accepted, pit, demolished],
        );
    }
    Sheet { columns, rows }
}

/// A day, where it lies before September.
fn before(day: Option<String>) -> Option<String> {
    day.filter(|day| number(day) < FIRST)
}

/// Logs what happened at a house since.
fn since(rng: &mut Rng, id: &str, house: &House, staff: &Staff, log: &mut Vec<Entry>) {
    let clerk = &staff.clerks[house.village];
    let acceptor = rng.pick(&staff.acceptors).clone();
    let late = |day: &Option<String>| day.as_deref().map(number).filter(|day| *day >= FIRST);
    let row = |day: i64, event: &'static str, by: &str| Entry::new(day, LAYER, id, event, by);
    let [started, completed, accepted] = &house.days;
    log.extend(late(started).map(|day| row(day, "动工", clerk)));
    log.extend(late(completed).map(|day| row(day, "完工", clerk)));
    if let Some(day) = late(accepted) {
        // Now and then the first visit finds something, and the second finds it mended.
        let done = completed.as_deref().map_or(day, number);
        if day - done >= 12 && done + 4 >= FIRST && rng.chance(0.2) {
            let fault = *rng.pick(&["渗漏，限期返工", "未接水，限期整改", "便器松动，返工"]);
            log.push(row(done + 4, "验收不合格", &acceptor).note(fault));
        }
        log.push(row(day, "验收合格", &acceptor));
    }
    log.extend(late(&house.demolished).map(|day| row(day, "拆除旱厕", clerk)));
}

/// How many stood at each stage or beyond it on the eve: in the task, started, completed, accepted.
pub fn funnel(houses: &[House]) -> [usize; 4] {
    let reached = |stage: usize| houses.iter().filter(|house| before(house.days[stage].clone()).is_some()).count();
    [houses.len(), reached(0), reached(1), reached(2)]
}
