//! The areas of a tile, all in one arrangement: each border is cut, brought onto the grid and put together again.

use std::ops::Range;

use crate::geo::mercator::WORLD_WIDTH_M;
use crate::geo::shape::Shape;
use crate::tile::clip::{self, Point};
use crate::tile::joints::{Joints, REACH_M};
use crate::tile::matrix::Frame;
use crate::tile::rings::{self, Polygon, Ring, side};
use crate::tile::snap::{Cells, Node, node, route, walk};

/// What an area comes to.
pub enum Area {
    /// Polygons on the grid, and how far they are to be moved, units to the south-east.
    Drawn(Vec<Polygon>, i32),
    /// It has fallen together, and where it was there is another.
    Covered,
    /// Nothing of it lies in the tile.
    Outside,
}

/// The rings of areas in cells.
#[derive(Default)]
struct Sketch {
    points: Vec<Point>,
    rings: Vec<Outline>,
}

/// One ring of a sketch.
struct Outline {
    /// The number of its area; those of one stand together.
    owner: usize,
    /// Its points.
    at: Range<usize>,
    /// Whether all of it lies in the square.
    inside: bool,
}

impl Sketch {
    /// All rings that may reach into the square, the interior on their left.
    fn of(shapes: &[Shape<'_>], frame: &Frame) -> Self {
        let [low, high] = frame.ends().map(f64::from);
        let mut sketch = Self::default();
        for (owner, shape) in shapes.iter().enumerate() {
            for (shell, part) in shape.parts() {
                let open = if part.first() == part.last() { &part[..part.len().saturating_sub(1)] } else { part };
                let from = sketch.points.len();
                sketch.points.extend(open.iter().map(|&c| frame.lnglat_to_cells(c)));
                let ring = &mut sketch.points[from..];
                let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
                for [x, y] in ring.iter() {
                    least = [least[0].min(*x), least[1].min(*y)];
                    most = [most[0].max(*x), most[1].max(*y)];
                }
                if most.iter().any(|c| *c < low) || least.iter().any(|c| *c > high) {
                    sketch.points.truncate(from);
                    continue;
                }
                if (area(ring) > 0.0) != shell {
                    ring.reverse();
                }
                let inside = least.iter().all(|c| *c >= low) && most.iter().all(|c| *c <= high);
                sketch.rings.push(Outline { owner, at: from..sketch.points.len(), inside });
            }
        }
        sketch
    }

    fn ring(&self, outline: &Outline) -> &[Point] {
        &self.points[outline.at.clone()]
    }

    /// The same, with each vertex that lies on an edge made one of its own.
    fn joined(&self, frame: &Frame) -> Self {
        let reach = (REACH_M / WORLD_WIDTH_M * frame.world_cells()).max(1e-6);
        let joints = Joints::new(self.points.iter().copied(), frame.ends(), reach);
        let [low, high] = frame.ends().map(f64::from);
        let mut joined = Self::default();
        for outline in &self.rings {
            let from = joined.points.len();
            let ring = self.ring(outline);
            for (k, &b) in ring.iter().enumerate() {
                let a = ring[if k == 0 { ring.len() - 1 } else { k - 1 }];
                joints.along(a, b, &mut joined.points);
            }
            // What lies on its edge may lie a hair outside.
            let inside = outline.inside && joined.points[from..].iter().flatten().all(|c| *c >= low && *c <= high);
            joined.rings.push(Outline { owner: outline.owner, at: from..joined.points.len(), inside });
        }
        joined
    }

    /// What lies in the square; the points that were cut stay behind, unused.
    fn cut(mut self, frame: &Frame) -> Self {
        let ends = frame.ends().map(f64::from);
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        for outline in self.rings.iter_mut().filter(|outline| !outline.inside) {
            clip::ring(&self.points[outline.at.clone()], ends, &mut out, &mut spare);
            let from = self.points.len();
            self.points.extend_from_slice(&out);
            outline.at = from..self.points.len();
        }
        self.rings.retain(|outline| !outline.at.is_empty());
        self
    }
}

/// Twice a ring's area in cells, for the way it runs.
fn area(ring: &[Point]) -> f64 {
    let [x0, y0] = ring[0];
    ring.windows(2).map(|e| (e[0][0] - x0) * (e[1][1] - y0) - (e[1][0] - x0) * (e[0][1] - y0)).sum()
}

/// Draws areas onto a tile's grid, in cells. `covering`: they share their borders and cover ground together, so that a corner
/// of one on an edge of another is a corner of both, and where one falls together its neighbours meet. Any other area that
/// falls together is the cells that it lies in. `last`: nothing may be left out.
pub fn draw(shapes: &[Shape<'_>], frame: &Frame, covering: bool, last: bool) -> Vec<Area> {
    let mut sketch = Sketch::of(shapes, frame);
    if covering {
        sketch = sketch.joined(frame);
    }
    let sketch = sketch.cut(frame);
    let mut hot = Cells::new(frame.ends());
    for outline in &sketch.rings {
        for &point in sketch.ring(outline) {
            hot.mark(node(point));
        }
    }
    let mut areas: Vec<Area> = shapes.iter().map(|_| Area::Outside).collect();
    let mut taken = Cells::new(frame.ends());
    let mut fallen: Vec<(usize, Range<usize>)> = Vec::new();
    let mut at = 0;
    for same in sketch.rings.chunk_by(|one, other| one.owner == other.owner) {
        let owner = same[0].owner;
        let borders: Vec<Ring> = same.iter().map(|outline| border(&hot, sketch.ring(outline))).collect();
        if covering {
            // Where this one is drawn, no other has to stand in for the ground between.
            let polygons = rings::polygons(borders.clone());
            if polygons.is_empty() {
                fallen.push((owner, at..at + same.len()));
            } else {
                borders.iter().flatten().for_each(|&cell| {
                    taken.mark(cell);
                });
                areas[owner] = Area::Drawn(polygons, 0);
            }
        } else {
            let polygons = rings::polygons(borders);
            if polygons.is_empty() {
                fallen.push((owner, at..at + same.len()));
            } else {
                areas[owner] = Area::Drawn(polygons, 0);
            }
        }
        at += same.len();
    }
    straighten(&mut areas, frame);
    for (owner, rings) in fallen {
        let rings = &sketch.rings[rings];
        let cells = passed(rings.iter().map(|outline| sketch.ring(outline)), frame);
        areas[owner] = if cells.is_empty() {
            Area::Outside
        } else if covering && !last && cells.iter().any(|&cell| taken.has(cell)) {
            Area::Covered
        } else {
            if covering {
                cells.iter().for_each(|&cell| {
                    taken.mark(cell);
                });
            }
            stand_in(cells, covering, frame)
        };
    }
    areas
}

/// A ring from cell to cell.
fn border(hot: &Cells, ring: &[Point]) -> Ring {
    let mut cells = Vec::with_capacity(ring.len());
    let mut from = ring[ring.len() - 1];
    for &to in ring {
        route(hot, from, to, &mut cells);
        from = to;
    }
    if cells.is_empty() {
        cells.push(node(from));
    }
    cells
}

/// The cells that rings pass through, each once; none where they only touch the edge of what is drawn.
fn passed<'a>(rings: impl Iterator<Item = &'a [Point]>, frame: &Frame) -> Vec<Node> {
    let [low, high] = frame.ends();
    let mut cells = Vec::new();
    for ring in rings {
        let mut from = ring[ring.len() - 1];
        for &to in ring {
            walk(from, to, 0.0, |cell| cells.push(cell));
            from = to;
        }
    }
    cells.sort_unstable();
    cells.dedup();
    cells.retain(|cell| cell.iter().all(|&c| c > low && c < high));
    cells
}

/// What is drawn of an area that has fallen together: the cells that it lies in; one alone is a pixel, to be seen.
fn stand_in(cells: Vec<Node>, covering: bool, frame: &Frame) -> Area {
    match cells[..] {
        [[x, y]] if !covering => {
            Area::Drawn(vec![vec![vec![[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1]]]], 0)
        }
        // A cell reaches half a cell to either side of its middle.
        _ => Area::Drawn(rings::filled(&cells), -frame.step / 2),
    }
}

/// Leaves out the cells at which no border turns. One that is a corner of any area stays in all.
fn straighten(areas: &mut [Area], frame: &Frame) {
    let mut corners = Cells::new(frame.ends());
    let turns = |ring: &Ring, k: usize| {
        let n = ring.len();
        side(ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n]) != 0
    };
    for area in areas.iter() {
        let Area::Drawn(polygons, _) = area else { continue };
        for ring in polygons.iter().flatten() {
            (0..ring.len()).filter(|&k| turns(ring, k)).for_each(|k| {
                corners.mark(ring[k]);
            });
        }
    }
    for area in areas {
        let Area::Drawn(polygons, _) = area else { continue };
        for ring in polygons.iter_mut().flatten() {
            ring.retain(|&cell| corners.has(cell));
        }
    }
}
