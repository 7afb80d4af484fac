//! The town as a whole: who plays which part, and what is built in which order.

use geo::{Distance, Euclidean, LineString, Polygon};

use crate::Made;
use crate::farms::{self, Farm, Land};
use crate::fields::{self, Field};
use crate::ground::{self, Ground};
use crate::houses::{self, House};
use crate::ledger::fronts::road_of;
use crate::names;
use crate::places::{self, Front, School, Spot};
use crate::rng::Rng;
use crate::roads::{self, Road};
use crate::settle::{self, Settlement, built_up};
use crate::shape::{
    Frame, Pt, agree, along, apart, area, left, length_m, meeting, mm, off_area_m, off_line_m, pt, ring_area_m2,
    well_inside,
};
use crate::water::{self, Water};

/// Everything in the town.
pub struct Town {
    /// The tiling.
    pub ground: Ground,
    /// The villages' ground.
    pub cells: Vec<Polygon>,
    /// The villages' names.
    pub names: Vec<&'static str>,
    /// The villages' 12-digit codes, made up: no province has the digits 99.
    pub codes: Vec<String>,
    /// Settlements: one a village, in the villages' order, then hamlets.
    pub settlements: Vec<Settlement>,
    /// Roads: road 112, 蓟海路, streets, connections.
    pub roads: Vec<Road>,
    /// Ponds and ditches.
    pub waters: Vec<Water>,
    /// The livestock compound.
    pub compound: Polygon,
    /// Parcels of basic farmland.
    pub fields: Vec<Field>,
    /// Farms.
    pub farms: Vec<Farm>,
    /// Schools.
    pub schools: Vec<School>,
    /// The square under construction.
    pub square: Polygon,
    /// The ground of the wetland park.
    pub park: Polygon,
    /// Public toilets.
    pub toilets: Vec<Spot>,
    /// Waste points: collection points, then the transfer station, then three dumps.
    pub waste: Vec<Spot>,
    /// Sewage facilities.
    pub sewage: Vec<Spot>,
    /// Street lights.
    pub lights: Vec<Spot>,
    /// Shop fronts and enterprises.
    pub fronts: Vec<Front>,
    /// Houses in the retrofit task.
    pub houses: Vec<House>,
}

impl Town {
    /// The village of that name, or the first one.
    pub fn home(&self, name: &str) -> usize {
        home(&self.names, name)
    }

    /// The address of a shop front: its road, the village, the chainage (桩号), the side.
    pub fn address(&self, front: &Front) -> String {
        self.chainage_of(front.road, front.place, front.at_m, front.left)
    }

    /// The address of a place beside a main road.
    pub fn chainage(&self, road: usize, place: Pt, at_m: f64) -> String {
        let (on, direction) = along(&self.roads[road].line, at_m);
        self.chainage_of(road, place, at_m, agree(left(direction), place - on) > 0.0)
    }

    fn chainage_of(&self, road: usize, place: Pt, at_m: f64, on_left: bool) -> String {
        let side = match (road, on_left) {
            (0, true) => "北侧",
            (0, false) => "南侧",
            (_, true) => "西侧",
            (_, false) => "东侧",
        };
        let (name, village) = (road_of(road), self.names[self.village_at(place)]);
        format!("{name}{village}段K{}+{:03}{side}", at_m as i64 / 1000, at_m as i64 % 1000)
    }

    /// The village whose ground a point lies in, or the nearest.
    pub fn village_at(&self, p: Pt) -> usize {
        let off = |v: &usize| off_area_m(&self.cells[*v], p);
        (0..self.cells.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(0)
    }
}

fn home(names: &[&str], name: &str) -> usize {
    names.iter().position(|n| *n == name).unwrap_or(0)
}

/// Builds the town of a seed.
pub fn build(seed: u64) -> Made<Town> {
    let ground = ground::tile(seed)?;
    let trunks = roads::trunks(seed, &ground)?;
    let cast = cast(&ground, &trunks)?;
    let names = names::villages(&mut Rng::new(seed, "names"), &ground.sites, &ground.neighbours, &cast);
    let home = |name: &str| home(&names, name);
    let cells: Vec<Polygon> = ground.rings.iter().map(|ring| area(ring)).collect();
    let mut settlements = settle::settle(seed, &ground, &[&trunks[0], &trunks[1]], home(names::SEAT))?;
    let schools = places::teach(seed, &mut settlements, &names, home)?;
    let mut rng = Rng::new(seed, "town");
    let square =
        places::reserve(&mut rng, &mut settlements[home(names::COMPOUND)], 44.0).ok_or("no room for the square")?;
    settlements.iter_mut().for_each(Settlement::build);
    let roads = roads::join(trunks, &settlements, &ground)?;
    let waters = water::dig(seed, &cells, &names, &settlements, &roads, home(names::PARK))?;
    let (compound, frame) = compound(&mut rng, &cells, &settlements, &roads, &waters, &schools, home(names::COMPOUND))?;
    let park = around(&waters[0].ground, 34.0);

    let mut taken: Vec<(Polygon, f64)> = Vec::new();
    taken.extend(settlements.iter().map(|s| (s.ground.clone(), rng.between(30.0, 75.0))));
    taken.extend(waters.iter().map(|w| (w.ground.clone(), if w.ditch { 13.0 } else { 9.0 })));
    taken.push((compound.clone(), 20.0));
    taken.push((park.clone(), 6.0));
    let frames: Vec<Frame> = settlements.iter().take(cells.len()).map(|s| s.frame).collect();
    let fields = fields::lay_out(seed, &ground.rings, &frames, &roads, &taken);

    let school_grounds: Vec<Polygon> = schools.iter().map(|s| s.ground.clone()).collect();
    let land = Land {
        cells: &cells,
        settlements: &settlements,
        roads: &roads,
        waters: &waters,
        fields: &fields,
        schools: &school_grounds,
        compound: (&compound, frame, home(names::COMPOUND)),
    };
    let farms = farms::stock(seed, &land)?;
    let open = |rng: &mut Rng, settlement: usize, what: &'static str, nearest_m: f64| -> Made<Spot> {
        let home = &settlements[settlement];
        for _ in 0..4000 {
            let reach = home.size / 2.0 + pt(240.0, 240.0);
            let place = home.frame.at(rng.between(-reach.x, reach.x), rng.between(-reach.y, reach.y));
            if !built_up(&settlements, place, nearest_m)
                && off_area_m(&park, place) > 40.0
                && roads.iter().all(|r| off_line_m(&r.line, place) > 15.0)
                && waters.iter().all(|w| off_area_m(&w.ground, place) > 6.0)
                && fields.iter().all(|f| off_area_m(&f.ground, place) > 6.0)
                && farms.iter().all(|f| apart(f.place, place) > 30.0)
            {
                return Ok(Spot { place: mm(place), settlement, what });
            }
        }
        Err(format!("no open ground for {what}").into())
    };
    let mut waste = places::collection_points(seed, &settlements, 56);
    waste.push(open(&mut rng, home(names::SEAT), "垃圾中转站", 120.0)?);
    for village in [home("窑上村"), home("梨园村"), home("韩家洼")] {
        waste.push(open(&mut rng, village, "非正规堆放点", 15.0)?);
    }
    let sewage = vec![
        open(&mut rng, home(names::SEAT), "集中处理站", 40.0)?,
        open(&mut rng, home(names::PARK), "一体化设备", 15.0)?,
    ];
    let taken: Vec<Pt> = farms.iter().map(|f| f.place).collect();
    let works = settlements[home(names::SIGNBOARDS)].middle();
    let codes = codes(&ground.sites);
    Ok(Town {
        toilets: places::public_toilets(seed, &settlements, cells.len(), home(names::SEAT)),
        lights: places::lights(seed, &settlements),
        fronts: places::fronts(seed, &settlements, &roads, works)?,
        houses: houses::retrofit(seed, &settlements, &taken),
        ground,
        cells,
        names,
        codes,
        settlements,
        roads,
        waters,
        compound,
        fields,
        farms,
        schools,
        square,
        park,
        waste,
        sewage,
    })
}

/// Gives the villages that the report names their places: the seat at the crossing, two on road 112, two with much ground.
fn cast(ground: &Ground, trunks: &[Vec<Pt>; 2]) -> Made<Vec<(usize, &'static str)>> {
    let crossing = meeting(&trunks[0], &trunks[1]).ok_or("the main roads do not cross")?;
    let mut cast: Vec<(usize, &'static str)> = Vec::new();
    let mut give = |name: &'static str, cost: &dyn Fn(usize) -> f64| {
        let free = (0..ground.sites.len()).filter(|v| cast.iter().all(|(taken, _)| taken != v));
        if let Some(village) = free.min_by(|a, b| cost(*a).total_cmp(&cost(*b))) {
            cast.push((village, name));
        }
    };
    let site = |v: usize| ground.sites[v];
    let off_national = |v: usize| off_line_m(&trunks[0], site(v));
    let half = length_m(&trunks[0]) / 2.0;
    give(names::SEAT, &|v| apart(site(v), crossing));
    give(names::SIGNBOARDS, &|v| apart(site(v), crossing - pt(half * 0.55, 0.0)) + 2.0 * off_national(v));
    give(names::PARK, &|v| apart(site(v), crossing + pt(half * 0.5, 0.0)) + off_national(v));
    give(names::COMPOUND, &|v| {
        apart(site(v), crossing + pt(-half * 0.6, 1900.0)) - ring_area_m2(&ground.rings[v]) / 2000.0
    });
    give(names::SECOND_SCHOOL, &|v| {
        apart(site(v), crossing + pt(half * 0.2, -2000.0)) - ring_area_m2(&ground.rings[v]) / 2000.0
    });
    Ok(cast)
}

/// Codes of the villages, from north-west to south-east: 99 is no province, 101 the made-up town, 2xx village committees.
fn codes(sites: &[Pt]) -> Vec<String> {
    let mut order: Vec<usize> = (0..sites.len()).collect();
    let rank = |v: &usize| sites[*v].x - 2.2 * sites[*v].y;
    order.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    let mut codes = vec![String::new(); sites.len()];
    for (number, village) in order.into_iter().enumerate() {
        codes[village] = format!("990000101{}", 201 + number);
    }
    codes
}

/// The compound's ground and frame: a rectangle in the fields of its village, well off houses and schools.
fn compound(
    rng: &mut Rng,
    cells: &[Polygon],
    settlements: &[Settlement],
    roads: &[Road],
    waters: &[Water],
    schools: &[School],
    village: usize,
) -> Made<(Polygon, Frame)> {
    let home = &settlements[village];
    for _ in 0..20_000 {
        let reach = pt(900.0, 900.0);
        let middle = rng.point(home.middle() - reach, home.middle() + reach);
        let frame = Frame { origin: mm(middle), ..home.frame };
        let ground = frame.rectangle(0.0, 0.0, 310.0, 130.0);
        let corners = &ground.exterior().0;
        if corners.iter().all(|c| well_inside(&cells[village], *c, 60.0))
            && settlements.iter().all(|s| Euclidean.distance(&ground, &s.ground) > 160.0)
            && schools.iter().all(|s| Euclidean.distance(&ground, &s.ground) > 560.0)
            && waters.iter().all(|w| Euclidean.distance(&ground, &w.ground) > 20.0)
            && roads.iter().all(|r| Euclidean.distance(&LineString::new(r.line.clone()), &ground) > 25.0)
        {
            return Ok((ground, frame));
        }
    }
    Err("no room for the compound".into())
}

/// A rounded ground about a pond.
fn around(pond: &Polygon, margin_m: f64) -> Polygon {
    let ring = &pond.exterior().0;
    let count = (ring.len() - 1) as f64;
    let middle = ring.iter().skip(1).fold(pt(0.0, 0.0), |sum, p| sum + *p) / count;
    let out = |p: &Pt| mm(*p + crate::shape::toward(middle, *p) * margin_m);
    area(&ring[1..].iter().map(out).collect::<Vec<_>>())
}
