//! Farms: 394 households that keep livestock, and the ground they stand on.

use geo::Polygon;

use crate::Made;
use crate::fields::Field;
use crate::names;
use crate::rng::Rng;
use crate::roads::Road;
use crate::settle::{Settlement, built_up};
use crate::shape::{Frame, Pt, apart, mm, off_area_m, off_line_m, pt, well_inside};
use crate::water::Water;

/// A farm as the ledger has it.
pub struct Farm {
    /// Where it stands.
    pub place: Pt,
    /// The village it belongs to.
    pub village: usize,
    /// Whether it stands within a settlement (村内).
    pub in_village: bool,
    /// Whether it stands on basic farmland.
    pub on_farmland: bool,
    /// Whether it is one of the compound's.
    pub in_compound: bool,
    /// 在养, 整改中, 空栏 or 已拆除.
    pub status: &'static str,
}

/// Within this distance of a school only the farms that are meant to be there may stand, in metres.
const SCHOOL_M: f64 = 512.0;

/// Near each school: farms in the settlement, farms outside it, and how many of them are demolished.
const NEAR_SCHOOLS: [(usize, usize, usize, usize); 5] =
    [(1, 5, 6, 2), (2, 2, 2, 0), (5, 1, 2, 1), (6, 1, 1, 0), (8, 0, 1, 0)];

/// What a farm may not stand on, or must.
pub struct Land<'a> {
    /// The villages' ground.
    pub cells: &'a [Polygon],
    /// The settlements.
    pub settlements: &'a [Settlement],
    /// The roads.
    pub roads: &'a [Road],
    /// The waters.
    pub waters: &'a [Water],
    /// The basic farmland.
    pub fields: &'a [Field],
    /// The school grounds.
    pub schools: &'a [Polygon],
    /// The compound's ground and frame, and its village.
    pub compound: (&'a Polygon, Frame, usize),
}

impl Land<'_> {
    fn school_m(&self, p: Pt) -> f64 {
        self.schools.iter().map(|s| off_area_m(s, p)).fold(f64::INFINITY, f64::min)
    }

    fn village(&self, p: Pt) -> Option<usize> {
        self.cells.iter().position(|c| well_inside(c, p, 8.0))
    }

    /// Open ground: off settlements, roads, waters and the compound.
    fn open(&self, p: Pt) -> bool {
        !built_up(self.settlements, p, 12.0)
            && self.roads.iter().all(|r| off_line_m(&r.line, p) > r.clear_m() + 6.0)
            && self.waters.iter().all(|w| off_area_m(&w.ground, p) > 8.0)
            && off_area_m(self.compound.0, p) > 25.0
    }

    fn off_fields(&self, p: Pt) -> bool {
        self.fields.iter().all(|f| off_area_m(&f.ground, p) > 8.0)
    }
}

/// Settles all 394.
pub fn stock(seed: u64, land: &Land) -> Made<Vec<Farm>> {
    let mut rng = Rng::new(seed, "farms");
    let mut farms: Vec<Farm> = Vec::new();
    let (_, frame, village) = land.compound;
    // The compound: two rows of sheds of thirteen each.
    for i in 0..26_u32 {
        let (x, y) = (f64::from(i % 13) * 22.0 - 132.0, f64::from(i / 13) * 60.0 - 30.0);
        let place = frame.at(x, y);
        farms.push(Farm { in_compound: true, ..farm(place, village) });
    }
    for (school, inside, outside, gone) in NEAR_SCHOOLS {
        let first = farms.len();
        let ground = &land.schools[school];
        let centre = ground.exterior().0[0];
        let here = |p: Pt| off_area_m(ground, p) < 488.0 && off_area_m(ground, p) > 25.0;
        add(&mut rng, &mut farms, inside, |rng| backyard(rng, land).filter(|f| here(f.place)))?;
        let half = pt(560.0, 560.0);
        add(&mut rng, &mut farms, outside, |rng| {
            let p = mm(rng.point(centre - half, centre + half));
            (here(p) && land.open(p) && land.off_fields(p)).then_some(())?;
            Some(farm(p, land.village(p)?))
        })?;
        for farm in &mut farms[first..first + gone] {
            farm.status = "已拆除";
        }
    }
    let clear = |f: &Farm| land.school_m(f.place) > SCHOOL_M;
    let inside = 154 - farms.iter().filter(|f| f.in_village).count();
    add(&mut rng, &mut farms, inside, |rng| backyard(rng, land).filter(clear))?;
    add(&mut rng, &mut farms, 16, |rng| {
        let field = rng.pick(land.fields);
        let corner = *rng.pick(&field.ground.exterior().0);
        let p = mm(rng.point(corner - pt(70.0, 70.0), corner + pt(70.0, 70.0)));
        (well_inside(&field.ground, p, 14.0) && land.open(p)).then_some(())?;
        Some(Farm { on_farmland: true, ..farm(p, field.village) }).filter(clear)
    })?;
    let outside = 394 - farms.len();
    add(&mut rng, &mut farms, outside, |rng| {
        let home = rng.pick(land.settlements);
        let half = home.size / 2.0 + pt(330.0, 330.0);
        let p = home.frame.at(rng.between(-half.x, half.x), rng.between(-half.y, half.y));
        (land.open(p) && land.off_fields(p)).then_some(())?;
        Some(farm(p, land.village(p)?)).filter(clear)
    })?;
    judge(&mut rng, &mut farms);
    Ok(farms)
}

fn farm(place: Pt, village: usize) -> Farm {
    Farm { place, village, in_village: false, on_farmland: false, in_compound: false, status: "" }
}

/// A farm in the yard of a house.
fn backyard(rng: &mut Rng, land: &Land) -> Option<Farm> {
    let home = rng.pick(land.settlements);
    let place = *rng.pick(&home.plots);
    Some(Farm { in_village: true, ..farm(place, home.village) })
}

/// Adds farms until `count` more stand, none nearer than 14 m to another.
fn add(rng: &mut Rng, farms: &mut Vec<Farm>, count: usize, mut next: impl FnMut(&mut Rng) -> Option<Farm>) -> Made<()> {
    let goal = farms.len() + count;
    for _ in 0..400_000 {
        if farms.len() == goal {
            return Ok(());
        }
        if let Some(farm) = next(rng)
            && farms.iter().all(|f| apart(f.place, farm.place) > 14.0)
        {
            farms.push(farm);
        }
    }
    Err(format!("no room for {} of {count} farms", goal - farms.len()).into())
}

/// Forty are demolished: none of the compound's, none on basic farmland.
fn judge(rng: &mut Rng, farms: &mut [Farm]) {
    let near_school = farms.iter().filter(|f| f.status == "已拆除").count();
    let first_far = 26 + NEAR_SCHOOLS.iter().map(|(_, inside, outside, _)| inside + outside).sum::<usize>();
    let mut open: Vec<usize> =
        (first_far..farms.len()).filter(|&i| !farms[i].on_farmland && !farms[i].in_compound).collect();
    rng.shuffle(&mut open);
    for &i in open.iter().take(40 - near_school) {
        farms[i].status = "已拆除";
    }
    for farm in farms.iter_mut().filter(|f| f.status.is_empty()) {
        let rectifying = if farm.in_compound || farm.on_farmland { 0.5 } else { 0.12 };
        farm.status = match (rng.chance(rectifying), rng.chance(0.04)) {
            (true, _) => "整改中",
            (false, true) => "空栏",
            (false, false) => "在养",
        };
    }
}

/// A livestock ledger's row of what is kept: kind, head now, head sold a year, ground in square metres.
pub fn herd(rng: &mut Rng, farm: &Farm) -> (&'static str, i64, i64, i64) {
    let (kind, low, high, turns, each_m2) = match rng.below(100) {
        _ if farm.in_compound && rng.chance(0.8) => ("奶牛", 18, 75, 0.25, 14.0),
        0..=37 => ("生猪", 6, 140, 1.7, 4.0),
        38..=55 => ("羊", 8, 160, 0.8, 3.0),
        56..=69 => ("蛋鸡", 200, 4200, 0.3, 0.3),
        70..=79 => ("肉牛", 3, 40, 0.6, 12.0),
        80..=88 => ("肉鸡", 300, 5200, 4.5, 0.25),
        89..=94 => ("鸭", 150, 1800, 2.5, 0.3),
        _ => ("兔", 30, 320, 3.0, 0.8),
    };
    let small = rng.unit().powi(2) * if farm.in_village { 0.5 } else { 1.0 };
    let head = low + ((high - low) as f64 * small) as i64;
    let ground = 60 + (head as f64 * each_m2 * rng.between(1.2, 2.2)) as i64;
    (kind, head, (head as f64 * turns) as i64, ground)
}

/// What the compound is called.
pub fn compound_name() -> String {
    format!("{}养殖小区", names::COMPOUND)
}
