//! Ponds and ditches on the eve, and what was done to them since: cleaned, looked back at, plugged, fenced, sampled.

use geo::Area;

use super::{Entry, FIRST, LAST, Staff, busy_day, office_day};
use crate::houses::{day, number};
use crate::laboratory;
use crate::names::{person, phone};
use crate::rng::Rng;
use crate::row;
use crate::shape::length_m;
use crate::sheet::Kind::{Day, Real, Text, Whole};
use crate::sheet::{Shape, Sheet};
use crate::town::Town;
use crate::water::Water;

const LAYER: &str = "坑塘沟渠";

/// Every pond and ditch as it stood on the eve; the rest goes to the log.
pub fn keep(seed: u64, town: &Town, staff: &Staff, log: &mut Vec<Entry>) -> Sheet {
    let columns = vec![
        ("编号", Text(6)),
        ("名称", Text(24)),
        ("类型", Text(6)),
        ("水质", Text(8)),
        ("清理日期", Day),
        ("所在村", Text(20)),
        ("面积", Real(0)),
        ("排污口", Whole),
        ("围网", Text(2)),
        ("责任人", Text(10)),
        ("电话", Text(16)),
        ("汇入", Text(6)),
    ];
    let into = laboratory::flows(seed, &town.waters);
    let mut rng = Rng::new(seed, "water table");
    let mut rows = Vec::new();
    for (i, water) in town.waters.iter().enumerate() {
        // What was reported is not what is drawn: within a tenth of it, to the next ten.
        let reported = (water.ground.unsigned_area() * rng.between(0.9, 1.1) / 10.0).round() * 10.0;
        let outfalls = match water.condition {
            "黑臭" => rng.whole(1, 4),
            "较差" => rng.whole(0, 2),
            _ => 0,
        };
        let fenced = rng.chance(0.2);
        let (keeper, phone) = (person(&mut rng), phone(&mut rng));
        let id = format!("p-{:03}", i + 1);

        let mut own = Rng::keyed(seed, "water log", i, 0);
        let done = Done { id: &id, water, keeper: &keeper, staff };
        let (cleaned, last) = done.clean(&mut own, i == 0, log);
        let condition = done.look_back(&mut own, last, log);
        let plugged = done.plug(&mut own, outfalls, log);
        let open = done.fence(&mut own, fenced, log);
        done.sample(&mut own, log);
        rows.push(row![Shape::Area(water.ground.clone()); id, &water.name, if water.ditch { "沟渠" } else { "坑塘" },
            condition, cleaned, town.names[water.village], reported, outfalls + plugged, fenced && !open, keeper, phone,
            into[i].map(laboratory::id)]);
    }
    Sheet { columns, rows }
}

/// What is done about one body of water.
struct Done<'a> {
    id: &'a str,
    water: &'a Water,
    keeper: &'a str,
    staff: &'a Staff,
}

impl Done<'_> {
    fn row(&self, day: i64, event: &'static str, by: &str) -> Entry {
        Entry::new(day, LAYER, self.id, event, by)
    }

    /// The length of its edge in metres.
    fn around_m(&self) -> f64 {
        length_m(&self.water.ground.exterior().0)
    }

    /// When it was cleaned last before September, and since; the cleanings since are logged.
    fn clean(&self, rng: &mut Rng, desilted: bool, log: &mut Vec<Entry>) -> (Option<String>, Option<i64>) {
        let last = self.water.cleaned.as_deref().map(number);
        let Some(last) = last.filter(|last| *last >= FIRST) else { return (self.water.cleaned.clone(), None) };
        let length = (self.around_m() / 2.0) as i64;
        let much = |rng: &mut Rng| match self.water.ditch {
            true => (length / rng.whole(1, 3), "米"),
            false => (2 + (self.water.ground.unsigned_area() / rng.between(120.0, 260.0)) as i64, "方"),
        };
        if last > FIRST + 8 && rng.chance(0.4) {
            let (number, unit) = much(rng);
            log.push(self.row(busy_day(rng, FIRST, last - 7), "清理", self.keeper).of(number, unit));
        }
        let (number, unit) = much(rng);
        let row = if desilted {
            self.row(last, "清淤", self.keeper).of(1860, "方").note("湿地公园施工，清淤外运")
        } else {
            self.row(last, "清理", self.keeper).of(number, unit).note(*rng.pick(&[
                "水面和周边垃圾清运",
                "打捞漂浮物",
                "",
            ]))
        };
        log.push(row);
        (rng.chance(0.6).then(|| day(rng.whole(70, 240))), Some(last))
    }

    /// Its condition on the eve; the look-back (回头看) since is logged, and finds what it is now.
    fn look_back(&self, rng: &mut Rng, cleaned: Option<i64>, log: &mut Vec<Entry>) -> &'static str {
        let now = self.water.condition;
        let from = cleaned.map_or(FIRST + 3, |cleaned| cleaned + 1);
        if from > LAST - 1 || !rng.chance(0.66) {
            return now;
        }
        let (eve, result) = match now {
            "良好" if cleaned.is_some() && rng.chance(0.5) => ("较差", "保持"),
            "良好" => (now, "保持"),
            "较差" if cleaned.is_none() && rng.chance(0.15) => ("良好", "反弹"),
            "较差" | "黑臭" if rng.chance(0.2) => ("待核查", ""),
            "待核查" => (now, "无法进入"),
            _ => (now, ""),
        };
        let by = rng.pick(&self.staff.inspectors).clone();
        let mut row = self.row(office_day(rng, from, LAST - 1), "检查", &by).field("水质状况", now);
        if !result.is_empty() {
            row = row.field("回头看结果", result);
        }
        log.push(row);
        eve
    }

    /// How many outfalls were plugged since, with `left` of them left.
    fn plug(&self, rng: &mut Rng, left: i64, log: &mut Vec<Entry>) -> i64 {
        if !matches!(self.water.condition, "较差" | "黑臭") || !rng.chance(0.25) {
            return 0;
        }
        let plugged = rng.whole(1, 2);
        let on = office_day(rng, FIRST + 5, LAST - 5);
        log.push(self.row(on, "封堵排污口", self.keeper).of(plugged, "处").field("排污口", left.to_string()));
        plugged
    }

    /// Whether its fence was put up since.
    fn fence(&self, rng: &mut Rng, fenced: bool, log: &mut Vec<Entry>) -> bool {
        let since = fenced && rng.chance(0.3);
        if since {
            let around = self.around_m() as i64;
            let on = office_day(rng, FIRST + 10, LAST - 2);
            log.push(self.row(on, "设置围网", self.keeper).of(around, "米").note("铁质围网"));
        }
        since
    }

    /// A sample of what is black and odorous, and of some that is poor.
    fn sample(&self, rng: &mut Rng, log: &mut Vec<Entry>) {
        let black = self.water.condition == "黑臭";
        if !(black || self.water.condition == "较差" && rng.chance(0.12)) {
            return;
        }
        let (clarity, oxygen, ammonia) = if black {
            (rng.whole(8, 24), rng.between(0.3, 1.9), rng.between(15.4, 28.0))
        } else {
            (rng.whole(26, 48), rng.between(2.2, 4.8), rng.between(4.0, 13.0))
        };
        let by = rng.pick(&self.staff.inspectors).clone();
        let row = self.row(office_day(rng, FIRST + 3, LAST - 8), "水质采样", &by);
        let row = row.field("透明度", clarity.to_string()).field("溶解氧", format!("{oxygen:.1}"));
        log.push(row.field("氨氮", format!("{ammonia:.1}")));
    }
}
