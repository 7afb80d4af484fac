//! Settlements: compact blocks of south-facing rows of houses on two crossing streets.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

use geo::{Intersects, Point, Polygon};

use crate::Made;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::shape::{Frame, Pt, area, left, nearest, off_area_m, off_line_m, pt, touches, well_inside};

/// Ground that one house takes, with its share of lanes, in square metres.
const PLOT_M2: f64 = 370.0;

/// A settlement of a village.
pub struct Settlement {
    /// The village it belongs to.
    pub village: usize,
    /// Whether it is the village's own, and not a hamlet (自然村) of it.
    pub main: bool,
    /// Its streets' frame: the streets are the axes.
    pub frame: Frame,
    /// Its extent along the frame's axes, in metres.
    pub size: Pt,
    /// Its built-up ground.
    pub ground: Polygon,
    /// School grounds and squares, where no house stands.
    pub reserved: Vec<Polygon>,
    /// Where houses stand.
    pub plots: Vec<Pt>,
}

impl Settlement {
    /// The four street ends on the border with the directions in which they leave: east, north, west, south.
    pub fn ends(&self) -> [(Pt, Pt); 4] {
        let (w, h) = (self.size.x / 2.0, self.size.y / 2.0);
        let east = self.frame.along;
        let north = left(east);
        [
            (self.frame.at(w, 0.0), east),
            (self.frame.at(0.0, h), north),
            (self.frame.at(-w, 0.0), east * -1.0),
            (self.frame.at(0.0, -h), north * -1.0),
        ]
    }

    /// The crossing of its two streets.
    pub fn middle(&self) -> Pt {
        self.frame.at(0.0, 0.0)
    }

    /// The street from west to east, and the one from south to north, with the crossing as a vertex of both.
    pub fn streets(&self) -> [Vec<Pt>; 2] {
        let [east, north, west, south] = self.ends().map(|(p, _)| p);
        [vec![west, self.middle(), east], vec![south, self.middle(), north]]
    }

    /// Whether a ground of the size given, about (`x`, `y`) of the frame, lies in the settlement clear of its streets.
    pub fn holds(&self, x: f64, y: f64, width: f64, height: f64) -> bool {
        let corners = self.frame.rectangle(x, y, width, height);
        corners.exterior().0.iter().all(|c| well_inside(&self.ground, *c, 3.0))
            && x.abs() - width / 2.0 > 6.0
            && y.abs() - height / 2.0 > 6.0
    }

    /// Sets the houses in rows, leaving streets and reserved ground free.
    pub fn build(&mut self) {
        let (w, h) = (self.size.x / 2.0, self.size.y / 2.0);
        let columns = ((w - 8.0) / 15.5) as i32;
        let rows = ((h - 10.0) / 23.5) as i32;
        for row in -rows..=rows {
            for column in -columns..=columns {
                let x = (f64::from(column) + 0.5) * 15.5;
                let y = (f64::from(row) + 0.5) * 23.5;
                let p = self.frame.at(x, y);
                let free = self.reserved.iter().all(|r| off_area_m(r, p) > 9.0);
                if free && well_inside(&self.ground, p, 7.0) {
                    self.plots.push(p);
                }
            }
        }
    }
}

/// Places a settlement in every village, and a hamlet in each of the largest.
pub fn settle(seed: u64, ground: &Ground, trunks: &[&[Pt]], seat: usize) -> Made<Vec<Settlement>> {
    let mut settlements = Vec::new();
    for village in 0..ground.sites.len() {
        let mut rng = Rng::keyed(seed, "settlement", village, 0);
        let houses = if village == seat { 520.0 } else { rng.between(135.0, 360.0) };
        let placed = place(&mut rng, ground, trunks, village, houses, ground.sites[village], true);
        settlements.push(placed.ok_or_else(|| format!("no room for the settlement of village {village}"))?);
    }
    let mut by_size: Vec<usize> = (0..ground.sites.len()).filter(|v| *v != seat).collect();
    let size = |v: &usize| crate::shape::ring_area_m2(&ground.rings[*v]);
    by_size.sort_by(|a, b| size(b).total_cmp(&size(a)));
    for village in by_size {
        let mut rng = Rng::keyed(seed, "hamlet", village, 0);
        let houses = rng.between(38.0, 85.0);
        let half = pt(700.0, 700.0);
        let near = rng.point(ground.sites[village] - half, ground.sites[village] + half);
        let hamlets = settlements.len() - ground.sites.len();
        if hamlets < 7
            && let Some(hamlet) = place(&mut rng, ground, trunks, village, houses, near, false)
            && off_area_m(&settlements[village].ground, hamlet.middle()) > 420.0
        {
            settlements.push(hamlet);
        }
    }
    Ok(settlements)
}

/// Tries places about `near` until a settlement fits into its village, off the main roads.
fn place(
    rng: &mut Rng,
    ground: &Ground,
    trunks: &[&[Pt]],
    village: usize,
    houses: f64,
    near: Pt,
    main: bool,
) -> Option<Settlement> {
    let cell = area(&ground.rings[village]);
    let trunk = trunks.iter().min_by(|a, b| off_line_m(a, near).total_cmp(&off_line_m(b, near)))?;
    let (segment, foot) = nearest(trunk, near);
    let roadside = main && off_line_m(trunk, near) < 650.0;
    let own_turn = rng.between(-0.13, 0.13);
    for attempt in 0..600 {
        let wish = houses * (1.0 - f64::from(attempt) / 1200.0) * PLOT_M2 * 1.12;
        let aspect = rng.between(1.0, 1.65);
        let size = pt((wish * aspect).sqrt(), (wish / aspect).sqrt());
        let (turn, middle) = if roadside {
            let turn = quarter(trunk[segment + 1] - trunk[segment]);
            let out = crate::shape::toward(foot, near);
            let aside = left(out) * rng.between(-260.0, 260.0);
            (turn, foot + aside + out * (size.x.min(size.y) / 2.0 + rng.between(20.0, 190.0)))
        } else {
            let reach = pt(240.0, 240.0);
            (own_turn, rng.point(near - reach, near + reach))
        };
        let frame = Frame::new(middle, turn);
        let footprint = footprint(rng, &frame, size);
        let fits = footprint
            .exterior()
            .0
            .iter()
            .all(|p| well_inside(&cell, *p, 60.0) && trunks.iter().all(|t| off_line_m(t, *p) > 19.0));
        if fits && trunks.iter().all(|t| !touches(t, &footprint)) {
            let (reserved, plots) = (Vec::new(), Vec::new());
            return Some(Settlement { village, main, frame, size, ground: footprint, reserved, plots });
        }
    }
    None
}

/// The angle of a direction, turned by quarter circles into the eighth either side of east.
fn quarter(direction: Pt) -> f64 {
    let mut angle_rad = direction.y.atan2(direction.x);
    while angle_rad > FRAC_PI_4 {
        angle_rad -= FRAC_PI_2;
    }
    while angle_rad < -FRAC_PI_4 {
        angle_rad += FRAC_PI_2;
    }
    angle_rad
}

/// A rectangle with some of its corners cut out, as villages grow.
fn footprint(rng: &mut Rng, frame: &Frame, size: Pt) -> Polygon {
    let (w, h) = (size.x / 2.0, size.y / 2.0);
    let mut ring = Vec::new();
    for (x, y, first_along_x) in [(-w, -h, false), (w, -h, true), (w, h, false), (-w, h, true)] {
        if rng.chance(0.6) {
            let (dx, dy) = (x * rng.between(0.18, 0.62), y * rng.between(0.16, 0.6));
            let (by_x, by_y) = ((x - dx, y), (x, y - dy));
            let inner = (x - dx, y - dy);
            let steps = if first_along_x { [by_x, inner, by_y] } else { [by_y, inner, by_x] };
            ring.extend(steps.map(|(x, y)| frame.at(x, y)));
        } else {
            ring.push(frame.at(x, y));
        }
    }
    area(&ring)
}

/// Whether a point lies in or within `margin_m` of any settlement.
pub fn built_up(settlements: &[Settlement], p: Pt, margin_m: f64) -> bool {
    settlements.iter().any(|s| s.ground.intersects(&Point(p)) || off_area_m(&s.ground, p) < margin_m)
}
