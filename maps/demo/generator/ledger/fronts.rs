//! Shop fronts on the eve, and since: contracts signed (门前三包), signboards done.

use super::{Entry, Staff, office_day};
use crate::houses::number;
use crate::names::{person, phone};
use crate::rng::Rng;
use crate::row;
use crate::sheet::Kind::Text;
use crate::sheet::{Shape, Sheet};
use crate::town::Town;

const LAYER: &str = "门前三包";

/// Every front as it stood on the eve, when no contract was signed; the rest goes to the log.
pub fn keep(seed: u64, town: &Town, staff: &Staff, log: &mut Vec<Entry>) -> Sheet {
    const FIRST: [&str; 12] =
        ["宏达", "顺发", "兴旺", "永利", "福来", "鑫源", "万家", "金穗", "同心", "广源", "乐民", "三合"];
    const SHOPS: [&str; 12] =
        ["超市", "五金", "轮胎", "饭馆", "农资", "理发", "药店", "建材", "汽修", "烟酒", "家电", "早点"];
    const WORKS: [&str; 8] = ["建材厂", "机械厂", "木业", "纸箱厂", "塑料制品厂", "物流", "粮油加工厂", "铸造厂"];
    let columns = vec![
        ("编号", Text(8)),
        ("单位名称", Text(40)),
        ("类别", Text(20)),
        ("所在道路", Text(20)),
        ("地址", Text(60)),
        ("签订情况", Text(10)),
        ("签订日期", Text(10)),
        ("牌匾改造", Text(10)),
        ("所在村", Text(20)),
        ("负责人", Text(10)),
        ("联系电话", Text(16)),
    ];
    let mut rng = Rng::new(seed, "front table");
    let mut own = Rng::new(seed, "front log");
    let mut signed = rng.deal(&[(true, 218), (false, 22)]);
    let mut boards = rng.deal(&[("已完成", 5), ("已审定", 3), ("设计中", 4), ("未开始", 5)]);
    let mut rows = Vec::new();
    for (i, front) in town.fronts.iter().enumerate() {
        let first = *rng.pick(&FIRST);
        let (name, class) = match rng.below(40) {
            _ if front.enterprise => (format!("乡图{first}{}", rng.pick(&WORKS)), "企业"),
            0 => (format!("乡图镇{}站", rng.pick(&["农技", "供电", "林业", "畜牧"])), "机关单位"),
            1 => (format!("{first}废品回收站"), "废品回收站"),
            2 => ("废弃商铺".to_owned(), "废弃商铺"),
            _ => (format!("{first}{}", rng.pick(&SHOPS)), "商铺"),
        };
        let village = town.names[town.village_at(front.place)];
        let id = format!("q-{:03}", i + 1);
        if signed.pop() == Some(true) {
            let on = format!("2026-{:02}-{:02}", rng.whole(9, 10), rng.whole(1, 30));
            let by: &String = own.pick(&staff.officers);
            log.push(Entry::new(number(&on), LAYER, &id, "签订三包责任书", by));
        }
        let board = if front.enterprise { boards.pop().unwrap_or("未开始") } else { "" };
        let board = if board == "已完成" {
            let on = office_day(&mut own, 282, 302);
            let by: &String = own.pick(&staff.officers);
            log.push(Entry::new(on, LAYER, &id, "牌匾改造完成", by).note("统一样式"));
            "已审定"
        } else {
            board
        };
        rows.push(row![Shape::Point(front.place); id, name, class, road_of(front.road), town.address(front), "未签订",
            None::<String>, board, village, person(&mut rng), phone(&mut rng)]);
    }
    Sheet { columns, rows }
}

/// What the main road of that number is called.
pub fn road_of(road: usize) -> &'static str {
    if road == 0 { "112国道" } else { "蓟海路" }
}
