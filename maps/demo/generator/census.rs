//! Counts on the finished ground every figure that the town owes to its report.

use geo::orient::{Direction, Orient};
use geo::{Area, Contains, Intersects, Point, Polygon, Validation, unary_union};

use crate::Made;
use crate::houses::TASK;
use crate::ledger::patrols::{PATROLS, Patrol};
use crate::ledger::{Entry, FIRST, LAST, Logs, houses};
use crate::names;
use crate::shape::{Pt, off_area_m, off_line_m, touches};
use crate::town::Town;
use crate::water::WATERS;

/// Figures, each with what was counted.
struct Census(Vec<String>);

impl Census {
    /// Notes a figure that is off.
    fn expect(&mut self, what: &str, expected: usize, counted: usize) {
        if counted != expected {
            self.0.push(format!("{what}: {expected} expected, {counted} counted"));
        }
    }
}

fn covers(grounds: &[&Polygon], p: Pt) -> bool {
    grounds.iter().any(|g| g.intersects(&Point(p)))
}

/// Counts all; the first run of a new seed may well end here.
pub fn count(town: &Town) -> Made<()> {
    let mut census = Census(Vec::new());
    farms(town, &mut census);
    waters(town, &mut census);
    others(town, &mut census);
    if census.0.is_empty() { Ok(()) } else { Err(census.0.join("\n").into()) }
}

/// What the logs have to come to: event, unit (none: rows are counted), and how much.
const LOGGED: [(&str, &str, i64); 15] = [
    ("签订三包责任书", "", 218),
    ("牌匾改造完成", "", 5),
    ("拆除旱厕", "", 102),
    ("收缴广告牌", "块", 9),
    ("清理广告条幅", "条", 13),
    ("清除商品外溢", "处", 23),
    ("制止在建违建", "处", 2),
    ("清垃圾", "方", 4309),
    ("清杂物、柴草垛", "处", 126),
    ("清塘沟", "米", 2405),
    ("清河道", "米", 1356),
    ("拆违建", "处", 46),
    ("清路域", "平", 1274),
    ("出动车次", "台班", 243),
    ("出动人次", "人次", 564),
];

/// Counts what the logs come to, and what the tables of the eve come to with them.
pub fn recount(town: &Town, logs: &Logs, patrols: &[Patrol]) -> Made<()> {
    let mut census = Census(Vec::new());
    let rows = |event: &str, log: &[Entry]| log.iter().filter(|row| row.event == event).count();
    for (event, unit, expected) in LOGGED {
        let rows = logs.rows().filter(|row| row.event == event);
        let counted: i64 = match unit {
            "" => rows.count() as i64,
            unit => rows.filter_map(|row| row.quantity).filter(|(_, own)| *own == unit).map(|(number, _)| number).sum(),
        };
        census.expect(event, expected as usize, counted as usize);
    }
    let area: i64 = logs
        .works
        .iter()
        .flat_map(|row| &row.fields)
        .filter(|(name, _)| *name == "拆违面积")
        .flat_map(|(_, m2)| m2.parse::<i64>())
        .sum();
    census.expect("square metres of structures demolished", 1324, area as usize);
    census.expect("patrols", PATROLS, patrols.len());
    let eve = houses::funnel(&town.houses);
    for (stage, event, expected) in [(1, "动工", 2360), (2, "完工", 1708), (3, "验收合格", 1392)] {
        census.expect(event, expected, eve[stage] + rows(event, &logs.toilets));
    }
    census.expect("a funnel on the eve", 1, usize::from(eve.is_sorted_by(|a, b| a >= b)));
    let early = logs.rows().filter(|row| !(FIRST..=LAST).contains(&row.day)).count();
    census.expect("rows outside September and October", 0, early);
    let issues = rows("发现", &logs.issues);
    census.expect("issues found", 64, issues);
    if census.0.is_empty() { Ok(()) } else { Err(census.0.join("\n").into()) }
}

fn farms(town: &Town, census: &mut Census) {
    let built: Vec<&Polygon> = town.settlements.iter().map(|s| &s.ground).collect();
    let fields: Vec<&Polygon> = town.fields.iter().map(|f| &f.ground).collect();
    let farms = &town.farms;
    let places = || farms.iter().map(|f| f.place);
    census.expect("farms", 394, farms.len());
    census.expect("farms in settlements", 154, places().filter(|p| covers(&built, *p)).count());
    census.expect("farms in settlements by the ledger", 154, farms.iter().filter(|f| f.in_village).count());
    census.expect("farms outside settlements", 240, places().filter(|p| !covers(&built, *p)).count());
    census.expect("farms on basic farmland", 16, places().filter(|p| covers(&fields, *p)).count());
    let claimed = farms.iter().filter(|f| f.on_farmland && covers(&fields, f.place));
    census.expect("farms on basic farmland by the ledger", 16, claimed.count());
    let active = |f: &&crate::farms::Farm| f.status != "已拆除";
    census.expect("farms demolished", 40, farms.iter().filter(|f| !active(f)).count());
    let compound = farms.iter().filter(|f| f.in_compound && town.compound.contains(&Point(f.place)));
    census.expect("farms in the compound", 26, compound.filter(active).count());
    census.expect("farms in the compound's ground", 26, places().filter(|p| covers(&[&town.compound], *p)).count());
    let near = |p: Pt, from: usize, to: usize| town.schools[from..to].iter().any(|s| off_area_m(&s.ground, p) <= 500.0);
    let all = town.schools.len();
    census.expect("farms near schools", 18, farms.iter().filter(active).filter(|f| near(f.place, 0, all)).count());
    census.expect(
        "farms near the second school",
        9,
        farms.iter().filter(active).filter(|f| near(f.place, 1, 2)).count(),
    );
    let home = |f: &&crate::farms::Farm| town.cells[f.village].contains(&Point(f.place));
    census.expect("farms in their villages", 394, farms.iter().filter(home).count());
}

fn waters(town: &Town, census: &mut Census) {
    let waters = &town.waters;
    census.expect("waters", WATERS, waters.len());
    census.expect(
        "waters in their villages",
        WATERS,
        waters.iter().filter(|w| town.cells[w.village].contains(&w.ground)).count(),
    );
    let dry = |w: &&crate::water::Water| {
        town.roads.iter().all(|r| !touches(&r.line, &w.ground))
            && town.settlements.iter().all(|s| !s.ground.intersects(&w.ground))
            && town.fields.iter().all(|f| !f.ground.intersects(&w.ground))
    };
    census.expect("waters off roads, houses and fields", WATERS, waters.iter().filter(dry).count());
    let uncleaned =
        waters.iter().filter(|w| w.condition != "良好" && w.cleaned.as_deref().is_none_or(|day| day < "2026-10-01"));
    census.expect("waters not good and not cleaned within 30 days", 58, uncleaned.count());
    let grounds: Vec<Polygon> = town.fields.iter().map(|f| f.ground.orient(Direction::Default)).collect();
    let apart: f64 = grounds.iter().map(|g| g.unsigned_area()).sum();
    let overlap_m2 = (apart - unary_union(&grounds).unsigned_area()).abs().round() as usize;
    census.expect("square metres of fields on fields", 0, overlap_m2);
    let valid = |ground: &Polygon| ground.is_valid();
    census.expect("valid waters", WATERS, waters.iter().filter(|w| valid(&w.ground)).count());
    census.expect("valid fields", town.fields.len(), town.fields.iter().filter(|f| valid(&f.ground)).count());
}

fn others(town: &Town, census: &mut Census) {
    let houses = &town.houses;
    census.expect("houses in the retrofit task", TASK, houses.len());
    census.expect("retrofits started", 2360, houses.iter().filter(|h| h.days[0].is_some()).count());
    census.expect("retrofits completed", 1708, houses.iter().filter(|h| h.days[1].is_some()).count());
    census.expect("retrofits accepted", 1392, houses.iter().filter(|h| h.days[2].is_some()).count());
    census.expect("old pits", 1673, houses.iter().filter(|h| h.demolished.is_none()).count());
    let since = |h: &&crate::houses::House| h.demolished.as_deref() >= Some("2026-09-01");
    census.expect("old pits demolished since September", 102, houses.iter().filter(since).count());
    let home = |h: &&crate::houses::House| town.cells[h.village].contains(&Point(h.place));
    census.expect("houses in their villages", TASK, houses.iter().filter(home).count());
    census.expect("fronts", 240, town.fronts.len());
    census.expect("enterprises", 17, town.fronts.iter().filter(|f| f.enterprise).count());
    census.expect("toilets", 40, town.toilets.len());
    census.expect("waste points", 60, town.waste.len());
    census.expect("schools", 10, town.schools.len());
    let named = |name: &&&str| {
        [names::SEAT, names::COMPOUND, names::PARK, names::SIGNBOARDS, names::SECOND_SCHOOL].contains(*name)
    };
    census.expect("villages with a part to play", 5, town.names.iter().filter(named).count());
    let mut different = town.names.clone();
    different.sort_unstable();
    different.dedup();
    census.expect("different village names", town.cells.len(), different.len());
    // Every end of a road is a vertex of another road, but for the main roads' ends at the town's border.
    let joined = |p: &Pt, own: usize| town.roads.iter().enumerate().any(|(i, r)| i != own && r.line.contains(p));
    let loose = town.roads.iter().enumerate().skip(2).filter(|(_, r)| r.joins.len() != 1);
    let loose = loose.filter(|(i, r)| ![&r.line[0], &r.line[r.line.len() - 1]].iter().all(|p| joined(p, *i)));
    census.expect("loose road ends", 0, loose.count());
    let beside = town.fronts.iter().filter(|f| off_line_m(&town.roads[f.road].line, f.place) < 26.0);
    census.expect("fronts beside their road", 240, beside.count());
}
