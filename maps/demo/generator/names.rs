//! Names that sound like the plain, none of them anybody's.

use crate::rng::Rng;
use crate::shape::{Pt, agree, toward};

/// The seat of the town, at the crossing of the two main roads.
pub const SEAT: &str = "三岔口";
/// The village with the livestock compound (花牛村养殖小区).
pub const COMPOUND: &str = "花牛村";
/// The village of the wetland park at its north pond (北坑湿地公园).
pub const PARK: &str = "张家庄";
/// The village on road 112 whose enterprises get new signboards.
pub const SIGNBOARDS: &str = "马家铺";
/// The village of the second primary school.
pub const SECOND_SCHOOL: &str = "李家庄";

/// Twin villages and the direction (east, north) from the first to the second: 前 lies south of 后.
const TWINS: [(&str, &str, Pt); 4] = [
    ("前柳村", "后柳村", Pt { x: 0.0, y: 1.0 }),
    ("西河头", "东河头", Pt { x: 1.0, y: 0.0 }),
    ("大王庄", "小王庄", Pt { x: 0.7, y: -0.7 }),
    ("小孙庄", "大孙庄", Pt { x: 0.7, y: 0.7 }),
];

/// The other villages, in no order.
const OTHERS: [&str; 17] = [
    "北辛庄",
    "刘官屯",
    "沙窝村",
    "石桥村",
    "杨家场",
    "周庄村",
    "孟家楼",
    "赵各庄",
    "高各庄",
    "韩家洼",
    "田家铺",
    "双庙村",
    "窑上村",
    "郭家院",
    "梨园村",
    "槐树村",
    "新立村",
];

const SURNAMES: [&str; 30] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "孙", "周", "马", "高", "郭", "田", "孟", "韩", "徐", "宋", "于", "冯",
    "董", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
];

/// Names every village: the five that have a part to play at the places given, twins side by side, the rest at random.
pub fn villages(
    rng: &mut Rng,
    sites: &[Pt],
    neighbours: &[(usize, usize)],
    cast: &[(usize, &'static str)],
) -> Vec<&'static str> {
    let mut names: Vec<Option<&'static str>> = vec![None; sites.len()];
    for &(village, name) in cast {
        names[village] = Some(name);
    }
    for (first, second, direction) in TWINS {
        let fit = |&(a, b): &(usize, usize)| agree(toward(sites[a], sites[b]), direction);
        let free = neighbours
            .iter()
            .flat_map(|&(a, b)| [(a, b), (b, a)])
            .filter(|&(a, b)| names[a].is_none() && names[b].is_none());
        if let Some((a, b)) = free.max_by(|x, y| fit(x).total_cmp(&fit(y))) {
            names[a] = Some(first);
            names[b] = Some(second);
        }
    }
    let mut rest = OTHERS.to_vec();
    rng.shuffle(&mut rest);
    names.into_iter().map(|name| name.or_else(|| rest.pop()).unwrap_or("无名村")).collect()
}

/// A person whose name nobody can be found by: 王某某.
pub fn person(rng: &mut Rng) -> String {
    let surname = *rng.pick(&SURNAMES);
    let given = if rng.chance(0.75) { "某某" } else { "某" };
    format!("{surname}{given}")
}

/// Every name that a person of the plain can have here, each once.
pub fn persons() -> Vec<String> {
    SURNAMES.iter().flat_map(|surname| ["某", "某某"].map(|given| format!("{surname}{given}"))).collect()
}

/// A telephone number that is masked, so that it cannot be called.
pub fn phone(rng: &mut Rng) -> String {
    format!("155****{:04}", rng.below(10_000))
}

/// The side of the compass on which `there` lies, seen from `here`.
pub fn side(here: Pt, there: Pt) -> &'static str {
    let d = there - here;
    match (d.x.abs() > d.y.abs(), d.x > 0.0, d.y > 0.0) {
        (true, true, _) => "东",
        (true, false, _) => "西",
        (false, _, true) => "北",
        (false, _, false) => "南",
    }
}
