//! Issues along road 112 and in the villages, each through its whole life: found, registered, assigned, rectified, verified
//! by somebody else, closed (销号), looked back at (回头看), or one of the other ways that it can go.

use super::patrols::Patrol;
use super::{Entry, FIRST, LAST, Staff, fronts::road_of, office_day};
use crate::houses::day;
use crate::rng::Rng;
use crate::shape::{Pt, mm, pt};
use crate::town::Town;

const LAYER: &str = "问题";

/// A step in the life of an issue.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Registered,
    Assigned,
    Started,
    Rectified,
    Verified,
    Returned,
    Closed,
    Held,
    Relapsed,
    Suspended(&'static str),
    Resumed,
    NotOurs,
    Duplicate,
}

use Step::{Assigned as A, Closed as C, Rectified as M, Registered as R, Started as S, Verified as V};

/// Ways that issues go: how many go it, found between which days of the ledger, the steps.
const WAYS: &[(usize, i64, i64, &[Step])] = &[
    (8, 0, 16, &[R, A, S, M, V, C, Step::Held]),
    (4, 0, 15, &[R, A, S, M, V, C]),
    (8, 24, 48, &[R, A, S, M, V, C]),
    (3, 0, 8, &[R, A, S, M, V, C, Step::Relapsed, A, S]),
    (2, 0, 5, &[R, A, S, M, V, C, Step::Relapsed, A, S, M, V, C]),
    (1, 0, 12, &[R, A, S, M, V, C, Step::Relapsed]),
    (3, 42, 50, &[R, A, S, M, V]),
    (5, 40, 52, &[R, A, S, M]),
    (2, 36, 46, &[R, A, S, M, Step::Returned]),
    (2, 20, 38, &[R, A, S, M, Step::Returned, S, M, V, C]),
    (5, 56, 59, &[R, A, S]),
    (4, 18, 38, &[R, A, S]),
    (3, 56, 59, &[R, A]),
    (2, 26, 40, &[R, A]),
    (3, 57, 60, &[R]),
    (2, 59, 60, &[]),
    (1, 20, 50, &[R, A, Step::Suspended("拒绝进入")]),
    (1, 20, 50, &[R, Step::Suspended("需协调")]),
    (1, 20, 50, &[R, A, S, Step::Suspended("缺资金")]),
    (1, 5, 22, &[R, A, Step::Suspended("天气"), Step::Resumed, A, S, M, V, C]),
    (2, 30, 52, &[Step::Duplicate]),
    (1, 20, 50, &[R, Step::NotOurs]),
];

/// What is found along a road: its type, what is said of it, and what is said when it is mended.
const ROADSIDE: [(&str, &str, &str); 7] = [
    ("商品外溢", "门店商品摆到路肩", "商品已收回店内"),
    ("商品外溢", "饭馆桌椅占道", "桌椅已搬离"),
    ("广告牌", "违规广告牌挡视线", "广告牌已拆除"),
    ("广告条幅", "行道树上挂条幅", "条幅已摘除"),
    ("乱堆乱放", "路边堆放砂石料", "砂石料已清走"),
    ("垃圾", "边沟内有生活垃圾", "垃圾已清运"),
    ("违建", "临路搭建彩钢棚", "彩钢棚已拆除"),
];

/// What is found in a village.
const INDOORS: [(&str, &str, &str); 8] = [
    ("垃圾", "村口垃圾堆未清", "垃圾已清运"),
    ("乱堆乱放", "街边柴草垛", "柴草已搬回院内"),
    ("乱堆乱放", "巷道堆放杂物", "杂物已清理"),
    ("残垣断壁", "空心院院墙倒塌", "断壁已拆除、平整"),
    ("旱厕", "街边露天旱厕", "旱厕已拆除填平"),
    ("畜禽粪污", "粪污流到街上", "粪污已清，建储粪池"),
    ("排污口", "污水直排坑塘", "排污口已封堵"),
    ("路灯损坏", "主街路灯不亮", "路灯已更换"),
];

/// An issue as it is found.
#[derive(Clone)]
struct Found {
    number: String,
    day: i64,
    place: Pt,
    village: usize,
    road: Option<usize>,
    what: (&'static str, &'static str, &'static str),
    by: String,
    /// The one that it repeats.
    twin: Option<usize>,
}

/// Logs all issues; those along the roads are findings of a patrol.
pub fn life(seed: u64, town: &Town, staff: &Staff, patrols: &mut [Patrol], log: &mut Vec<Entry>) {
    let mut rng = Rng::new(seed, "issues");
    let mut all: Vec<(Found, &[Step])> = Vec::new();
    for &(count, from, to, steps) in WAYS {
        for _ in 0..count {
            let days = (FIRST + from, FIRST + to);
            let again = steps.contains(&Step::Duplicate).then(|| again(&mut rng, &all, staff, days)).flatten();
            let found = again.unwrap_or_else(|| find(&mut rng, town, staff, patrols, days));
            all.push((found, steps));
        }
    }
    // Numbers go by the day of finding.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| all[*at].0.day);
    for (rank, at) in order.iter().enumerate() {
        let found = &mut all[*at].0;
        found.number = format!("{}-{}-{:04}", &town.codes[0][..9], day(found.day).replace('-', ""), rank + 1);
    }
    for at in order {
        let (found, steps) = &all[at];
        let original = found.twin.map(|twin| all[twin].0.number.as_str()).unwrap_or_default();
        Life { town, staff, found, original }.write(&mut Rng::keyed(seed, "issue", at, 0), steps, log);
    }
}

/// Finds an issue between two days: on a patrol of a road more often than in a village.
fn find(rng: &mut Rng, town: &Town, staff: &Staff, patrols: &mut [Patrol], (from, to): (i64, i64)) -> Found {
    let number = String::new();
    let some: Vec<usize> = (0..patrols.len()).filter(|at| (from..=to).contains(&patrols[*at].day)).collect();
    if !some.is_empty() && rng.chance(0.62) {
        let patrol = &mut patrols[*rng.pick(&some)];
        let (place, _) = patrol.beside(rng, town);
        let (village, road, what) = (town.village_at(place), Some(patrol.road), *rng.pick(&ROADSIDE));
        patrol.findings.push(format!("发现{}1处", what.0));
        return Found {
            number,
            day: patrol.day,
            place,
            village,
            road,
            what,
            by: patrol.officers[0].clone(),
            twin: None,
        };
    }
    let home = rng.pick(&town.settlements);
    let half = home.size / 2.0;
    let place = home.frame.at(rng.between(-half.x, half.x), rng.between(-half.y, half.y));
    let (what, by) = (*rng.pick(&INDOORS), rng.pick(&staff.inspectors).clone());
    Found { number, day: office_day(rng, from, to), place, village: home.village, road: None, what, by, twin: None }
}

/// Finds what was found along a road before, a few metres off.
fn again(rng: &mut Rng, all: &[(Found, &[Step])], staff: &Staff, (from, to): (i64, i64)) -> Option<Found> {
    let open: Vec<usize> = (0..all.len()).filter(|at| all[*at].0.road.is_some() && all[*at].0.day + 3 < to).collect();
    let twin = *open.get(rng.below(open.len()))?;
    let first = &all[twin].0;
    let aside = pt(rng.between(-6.0, 6.0), rng.between(-6.0, 6.0));
    let day = rng.whole(from.max(first.day + 3), to);
    let by = rng.pick(&staff.officers).clone();
    Some(Found { day, place: mm(first.place + aside), by, twin: Some(twin), ..first.clone() })
}

/// The life of one issue, while it is written down.
struct Life<'a> {
    town: &'a Town,
    staff: &'a Staff,
    found: &'a Found,
    /// The number of the one that this one repeats.
    original: &'a str,
}

impl Life<'_> {
    fn row(&self, day: i64, event: &'static str, by: &str) -> Entry {
        Entry::new(day, LAYER, &self.found.number, event, by)
    }

    fn write(&self, rng: &mut Rng, steps: &[Step], log: &mut Vec<Entry>) {
        let found = self.found;
        let village = self.town.names[found.village];
        let mut first = self.row(found.day, "发现", &found.by).note(found.what.1).at(found.place);
        first = first.field("类型", found.what.0).field("所在村", village);
        if let Some(road) = found.road {
            first = first.field("所在道路", road_of(road));
        }
        log.push(first);
        // The village mends it, the inspectors verify: no two of the staff have one name.
        let (worker, verifier) = (&self.staff.clerks[found.village], rng.pick(&self.staff.inspectors).clone());
        let mut today = found.day;
        let mut last_ok = LAST - steps.iter().map(|step| least(*step)).sum::<i64>();
        for step in steps {
            last_ok += least(*step);
            today = (today + least(*step) + rng.whole(0, slack(*step))).min(last_ok.max(today));
            log.push(self.step(rng, *step, today, worker, &verifier));
        }
    }

    fn step(&self, rng: &mut Rng, step: Step, today: i64, worker: &str, verifier: &str) -> Entry {
        let (head, clerk) = (&self.staff.head, &self.staff.clerk);
        let village = self.town.names[self.found.village];
        match step {
            Step::Registered => self.row(today, "登记", clerk),
            Step::Assigned => {
                let hard = matches!(self.found.what.0, "违建" | "畜禽粪污" | "排污口");
                let easy = matches!(self.found.what.0, "垃圾" | "商品外溢" | "广告条幅");
                let (triage, days) = match (hard, easy) {
                    (true, _) => ("难点问题", 15),
                    (_, true) => ("普遍问题", 5),
                    _ => ("重点问题", 7),
                };
                let unit = if hard {
                    "镇综合执法队".to_owned()
                } else {
                    format!("{village}村委会").replace("村村", "村")
                };
                let row = self.row(today, "派发", head).field("责任单位", unit);
                row.field("整改期限", day(today + days)).field("分级", triage)
            }
            Step::Started => self.row(today, "开始整改", worker),
            Step::Rectified => {
                let row = self.row(today, "整改完成", worker).note(self.found.what.2);
                match self.found.what.0 {
                    "垃圾" | "畜禽粪污" => row.of(rng.whole(1, 9), "方"),
                    "乱堆乱放" | "商品外溢" => row.of(1, "处"),
                    "违建" | "残垣断壁" => row.of(rng.whole(8, 60), "平"),
                    _ => row,
                }
            }
            Step::Verified => self.row(today, "核查通过", verifier),
            Step::Returned => self.row(today, "核查不通过", verifier).note("现场仍有残留，退回重做"),
            Step::Closed => self.row(today, "销号", head),
            Step::Held => self.row(today, "回头看：保持", verifier),
            Step::Relapsed => self.row(today, "回头看：反弹", verifier).note(format!("又见{}", self.found.what.1)),
            Step::Suspended(reason) => self.row(today, "挂起", head).field("挂起原因", reason),
            Step::Resumed => self.row(today, "恢复办理", head),
            Step::NotOurs => self.row(today, "退回", head).field("退回原因", "不属本镇，报县"),
            Step::Duplicate => {
                self.row(today, "退回", clerk).field("退回原因", "重复").field("与之重复", self.original)
            }
        }
    }
}

/// The fewest days before a step.
fn least(step: Step) -> i64 {
    match step {
        Step::Held | Step::Relapsed => 28,
        Step::Rectified | Step::Verified | Step::Returned => 1,
        Step::Resumed => 3,
        _ => 0,
    }
}

/// How many days more it may take.
fn slack(step: Step) -> i64 {
    match step {
        Step::Started | Step::Verified | Step::Closed | Step::Suspended(_) => 2,
        Step::Rectified => 4,
        Step::Resumed => 5,
        Step::Held | Step::Relapsed => 4,
        _ => 1,
    }
}
