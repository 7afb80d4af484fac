//! The livestock ledger on the eve, and what happened at the farms since: told to rectify, inspected, demolished.

use super::{Entry, FIRST, LAST, Staff, office_day};
use crate::farms;
use crate::houses::day;
use crate::names::{person, phone};
use crate::rng::Rng;
use crate::row;
use crate::sheet::Kind::{Day, Text, Whole};
use crate::sheet::{Shape, Sheet};
use crate::town::Town;

const LAYER: &str = "养殖户";
const REFUSED: &str = "拒绝入场";

/// Every farm as it stood on the eve; the rest goes to the log.
pub fn keep(seed: u64, town: &Town, staff: &Staff, log: &mut Vec<Entry>) -> Sheet {
    let columns = vec![
        ("序号", Whole),
        ("编号", Text(8)),
        ("养殖户名称", Text(30)),
        ("户主", Text(10)),
        ("联系电话", Text(16)),
        ("所在村", Text(20)),
        ("养殖种类", Text(10)),
        ("存栏", Whole),
        ("年出栏", Whole),
        ("占地面积", Whole),
        ("村内养殖", Text(2)),
        ("占用基本农田", Text(2)),
        ("养殖小区", Text(30)),
        ("状态", Text(8)),
        ("状态日期", Day),
        ("粪污处理", Text(10)),
        ("检查结果", Text(10)),
        ("检查日期", Day),
    ];
    let mut rng = Rng::new(seed, "farm table");
    // A ledger goes village by village.
    let mut order: Vec<usize> = (0..town.farms.len()).collect();
    order.sort_by_key(|i| &town.codes[town.farms[*i].village]);
    let mut rows = Vec::new();
    for (n, i) in order.into_iter().enumerate() {
        let farm = &town.farms[i];
        let (kind, head, output, ground) = farms::herd(&mut rng, farm);
        let owner = person(&mut rng);
        let gone = (farm.status == "已拆除").then(|| rng.whole(200, 302));
        let result = match rng.below(10) {
            _ if gone.is_some() => None,
            0..=2 => Some(REFUSED),
            3..=4 => Some("不合格"),
            5..=8 => Some("合格"),
            _ => None,
        };
        let manure = *rng.pick(&["还田", "还田", "集中拉运", "储粪池", "储粪池", "沼气", "无设施"]);
        let phone = phone(&mut rng);
        let name = format!("{}{}养殖户", town.names[farm.village], owner);
        let compound = farm.in_compound.then(farms::compound_name);
        let id = format!("f-{:03}", n + 1);

        let mut own = Rng::keyed(seed, "farm log", n, 0);
        let status = state(&mut own, &id, farm.status, gone, ground, (staff, farm.village), log);
        let (result, inspected) = inspect(&mut own, &id, farm.in_compound, result, staff, log);
        let since = gone.filter(|gone| *gone < FIRST).map(day);
        let (head, output) = if since.is_some() { (0, 0) } else { (head, output) };
        rows.push(
            row![Shape::Point(farm.place); (n + 1) as i64, id, name, owner, phone, town.names[farm.village], kind,
            head, output, ground, farm.in_village, farm.on_farmland, compound, status, since, manure,
            result.map(str::to_owned), inspected],
        );
    }
    Sheet { columns, rows }
}

/// The status of a farm on the eve; what changed it since is logged.
fn state(
    rng: &mut Rng,
    id: &str,
    last: &'static str,
    gone: Option<i64>,
    ground: i64,
    (staff, village): (&Staff, usize),
    log: &mut Vec<Entry>,
) -> &'static str {
    let vet = rng.pick(&staff.vets).clone();
    let told = |day: i64| Entry::new(day, LAYER, id, "责令整改", &vet).note("粪污外溢，限期整改");
    match (last, gone) {
        (_, Some(gone)) if gone < FIRST => last,
        (_, Some(gone)) => {
            let note = *rng.pick(&["养殖户自行拆除", "镇村联合拆除", "签订退养协议后拆除"]);
            let by = &staff.clerks[village];
            if gone > FIRST + 6 && rng.chance(0.4) {
                log.push(told(office_day(rng, FIRST, gone - 4)));
            }
            log.push(Entry::new(gone, LAYER, id, "拆除", by).of(ground, "平").note(note));
            if rng.chance(0.3) { "整改中" } else { "在养" }
        }
        ("整改中", None) if rng.chance(0.5) => {
            log.push(told(office_day(rng, FIRST, LAST - 4)));
            "在养"
        }
        _ => last,
    }
}

/// What the last inspection before September found, and when; those since are logged, the last with `last`. The compound is
/// gone through every week or two, the others when their turn comes.
fn inspect(
    rng: &mut Rng,
    id: &str,
    in_compound: bool,
    last: Option<&'static str>,
    staff: &Staff,
    log: &mut Vec<Entry>,
) -> (Option<&'static str>, Option<String>) {
    let before = day(rng.whole(95, 240));
    let Some(last) = last else { return (None, None) };
    let times = if in_compound { rng.whole(3, 6) } else { i64::from(rng.chance(0.38)) + i64::from(rng.chance(0.1)) };
    if times == 0 {
        return (Some(last), Some(before));
    }
    let span = (LAST - 2 - FIRST) / times;
    for time in 0..times {
        let on = office_day(rng, FIRST + 1 + time * span, FIRST + (time + 1) * span);
        let result = match rng.below(4) {
            _ if time + 1 == times || last == REFUSED => last,
            0 => REFUSED,
            1 => "不合格",
            _ => last,
        };
        let vet = rng.pick(&staff.vets);
        let note = match result {
            REFUSED => *rng.pick(&["以防疫为由不让进入", "大门上锁，电话未接", "称需区里来人方可进入"]),
            "不合格" => *rng.pick(&["粪污无防渗", "雨污未分流", "粪便露天堆放"]),
            _ => "",
        };
        log.push(Entry::new(on, LAYER, id, "检查", vet).field("检查结果", result).note(note));
    }
    let earlier = *rng.pick(&[None, Some(REFUSED), Some("不合格"), Some("合格")]);
    (earlier, earlier.map(|_| before))
}
