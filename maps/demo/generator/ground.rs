//! The ground: villages that tile the town without a gap, with gently crooked borders that neighbours share exactly.

use std::collections::BTreeMap;

use geo::Area;
use geo::{Polygon, Validation, unary_union};

use crate::Made;
use crate::rng::Rng;
use crate::shape::{Pt, agree, apart, area, crooked, left, mm, pt, ring_area_m2, toward};

/// The middle of the town, near 117.5°E 39.6°N.
pub const MIDDLE: Pt = Pt { x: 543_000.0, y: 4_385_200.0 };

/// Half the town's width and height, more or less.
const HALF: Pt = Pt { x: 4800.0, y: 3500.0 };

/// How many villages the town has.
pub const VILLAGES: usize = 30;

/// Corners of the tiling nearer than this are one corner.
const ONE_CORNER_M: f64 = 90.0;

/// The tiling of the town.
pub struct Ground {
    /// The middle of each village.
    pub sites: Vec<Pt>,
    /// The open ring of each village, anticlockwise.
    pub rings: Vec<Vec<Pt>>,
    /// Pairs of villages that share a border.
    pub neighbours: Vec<(usize, usize)>,
    /// The town's outer border, an open ring.
    pub outline: Vec<Pt>,
}

/// Tiles the town.
pub fn tile(seed: u64) -> Made<Ground> {
    let mut rng = Rng::new(seed, "ground");
    let frame = hull(&mut rng);
    let sites = spread(&mut rng, &frame);
    let (corners, cells) = corners_of(&sites, &frame);

    // Each side of a cell is bent once, from its lower corner to its higher, so that both neighbours get the same line.
    let mut sides: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (village, cell) in cells.iter().enumerate() {
        for (a, b) in pairs(cell) {
            sides.entry((a.min(b), a.max(b))).or_default().push(village);
        }
    }
    let bent: BTreeMap<(usize, usize), Vec<Pt>> = sides
        .keys()
        .map(|&(a, b)| {
            let mut rng = Rng::keyed(seed, "border", a, b);
            let bend = if sides[&(a, b)].len() == 2 { 0.085 } else { 0.13 };
            ((a, b), crooked(&mut rng, corners[a], corners[b], bend, 75.0))
        })
        .collect();
    let walk = |cell: &[usize]| -> Vec<Pt> {
        let side = |(a, b): (usize, usize)| -> Vec<Pt> {
            let line = &bent[&(a.min(b), a.max(b))];
            let turned: Vec<Pt> = if a < b { line.clone() } else { line.iter().rev().copied().collect() };
            turned[..turned.len() - 1].to_vec()
        };
        pairs(cell).into_iter().flat_map(side).collect()
    };
    let rings: Vec<Vec<Pt>> = cells.iter().map(|cell| walk(cell)).collect();
    let neighbours = sides.values().filter(|v| v.len() == 2).map(|v| (v[0], v[1])).collect();
    let outline = outer(&rings)?;
    Ok(Ground { sites, rings, neighbours, outline })
}

/// The union of all villages: one ring without holes, as large as the villages together, or the tiling has a fault.
fn outer(rings: &[Vec<Pt>]) -> Made<Vec<Pt>> {
    let villages: Vec<Polygon> = rings.iter().map(|ring| area(ring)).collect();
    if let Some(bad) = villages.iter().position(|v| !v.is_valid()) {
        return Err(format!("village {bad} crosses its own border").into());
    }
    let together: f64 = rings.iter().map(|ring| ring_area_m2(ring)).sum();
    let union = unary_union(&villages);
    let [town] = union.0.as_slice() else {
        return Err("the villages are not one town".into());
    };
    if !town.interiors().is_empty() || (town.unsigned_area() - together).abs() > 1.0 {
        return Err("the villages leave gaps or overlap".into());
    }
    let mut ring = town.exterior().0.clone();
    ring.pop();
    Ok(ring)
}

/// A convex outline for the town, wider than high.
fn hull(rng: &mut Rng) -> Vec<Pt> {
    let around: Vec<Pt> = (0..9)
        .map(|i| {
            let turn = (f64::from(i) + rng.between(-0.35, 0.35)) / 9.0 * std::f64::consts::TAU;
            let reach = rng.between(0.9, 1.16);
            mm(MIDDLE + pt(HALF.x * reach * turn.cos(), HALF.y * reach * turn.sin()))
        })
        .collect();
    let mut ring = geo::ConvexHull::convex_hull(&area(&around)).exterior().0.clone();
    ring.pop();
    ring
}

/// Village middles, spread by moving each to the middle of its cell a few times: even, but not a lattice.
fn spread(rng: &mut Rng, frame: &[Pt]) -> Vec<Pt> {
    let mut sites: Vec<Pt> = Vec::new();
    while sites.len() < VILLAGES {
        let p = rng.point(MIDDLE - HALF * 1.16, MIDDLE + HALF * 1.16);
        if inside(frame, p) && sites.iter().all(|s| apart(*s, p) > 650.0) {
            sites.push(p);
        }
    }
    for _ in 0..4 {
        sites = (0..VILLAGES).map(|i| centroid(&cell(&sites, i, frame))).collect();
    }
    sites
}

/// The part of a convex outline that is nearer to one site than to any other.
fn cell(sites: &[Pt], own: usize, frame: &[Pt]) -> Vec<Pt> {
    let mut ring = frame.to_vec();
    for (other, &site) in sites.iter().enumerate() {
        if other != own {
            let middle = (sites[own] + site) / 2.0;
            let outward = site - sites[own];
            ring = cut(&ring, |p| agree(p - middle, outward));
        }
    }
    ring
}

/// Cuts a convex ring to where `beyond` is not positive (Sutherland-Hodgman).
fn cut(ring: &[Pt], beyond: impl Fn(Pt) -> f64) -> Vec<Pt> {
    let mut kept = Vec::new();
    for (i, &p) in ring.iter().enumerate() {
        let q = ring[(i + 1) % ring.len()];
        let (here, there) = (beyond(p), beyond(q));
        if here <= 0.0 {
            kept.push(p);
        }
        if (here <= 0.0) != (there <= 0.0) {
            kept.push(p + (q - p) * (here / (here - there)));
        }
    }
    kept
}

/// The corners of all cells, those nearly at one place joined into one, and each cell as corner numbers.
fn corners_of(sites: &[Pt], frame: &[Pt]) -> (Vec<Pt>, Vec<Vec<usize>>) {
    let mut corners: Vec<Pt> = Vec::new();
    let mut cells = Vec::new();
    for own in 0..sites.len() {
        let mut ring: Vec<usize> = Vec::new();
        for p in cell(sites, own, frame) {
            let known = corners.iter().position(|c| apart(*c, p) < ONE_CORNER_M);
            let corner = known.unwrap_or_else(|| {
                corners.push(mm(p));
                corners.len() - 1
            });
            if ring.last() != Some(&corner) {
                ring.push(corner);
            }
        }
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        cells.push(ring);
    }
    (corners, cells)
}

fn pairs(cell: &[usize]) -> Vec<(usize, usize)> {
    (0..cell.len()).map(|i| (cell[i], cell[(i + 1) % cell.len()])).collect()
}

fn inside(convex: &[Pt], p: Pt) -> bool {
    (0..convex.len()).all(|i| {
        let (a, b) = (convex[i], convex[(i + 1) % convex.len()]);
        agree(p - a, left(toward(a, b))) > 300.0
    })
}

fn centroid(ring: &[Pt]) -> Pt {
    let whole = ring_area_m2(ring);
    let zero = ring[0];
    let mut sum = pt(0.0, 0.0);
    for (i, &p) in ring.iter().enumerate() {
        let (a, b) = (p - zero, ring[(i + 1) % ring.len()] - zero);
        sum = sum + (a + b) * (a.x * b.y - b.x * a.y);
    }
    zero + sum / (6.0 * whole)
}

/// Cuts a village in two by a crooked line between two of its vertices, about across its longer side.
pub fn halve(rng: &mut Rng, ring: &[Pt]) -> Option<[Vec<Pt>; 2]> {
    let whole = ring_area_m2(ring);
    let count = ring.len();
    let mut best: Option<(f64, [Vec<Pt>; 2])> = None;
    for _ in 0..60 {
        let (i, j) = (rng.below(count), rng.below(count));
        let (i, j) = (i.min(j), i.max(j));
        if j - i < 3 || j - i > count - 3 {
            continue;
        }
        let line = crooked(rng, ring[i], ring[j], 0.06, 90.0);
        let between = &line[1..line.len() - 1];
        let mut one: Vec<Pt> = ring[i..=j].to_vec();
        one.extend(between.iter().rev());
        let mut two: Vec<Pt> = ring[j..].iter().chain(&ring[..=i]).copied().collect();
        two.extend(between);
        let share = ring_area_m2(&one) / whole;
        let valid = area(&one).is_valid() && area(&two).is_valid();
        // The shortest cut that leaves both parts a fair share.
        let cost = apart(ring[i], ring[j]);
        if valid && (0.38..0.62).contains(&share) && best.as_ref().is_none_or(|(c, _)| cost < *c) {
            best = Some((cost, [one, two]));
        }
    }
    best.map(|(_, parts)| parts)
}
