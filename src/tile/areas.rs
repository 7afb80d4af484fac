//! The areas of a tile, all in one arrangement: each border is cut, brought onto the grid and put together again.

use std::ops::Range;

use rayon::prelude::*;

use crate::geo::mercator::WORLD_WIDTH_M;
use crate::geo::shape::Shape;
use crate::threads;
use crate::tile::clip::{self, Point};
use crate::tile::joints::{Joints, REACH_M};
use crate::tile::matrix::Frame;
use crate::tile::mvt;
use crate::tile::rings::{self, Rings, side};
use crate::tile::snap::{Cells, Node, node, route, walk};

/// From so many areas on all cores draw them.
const MANY: usize = 2048;

/// What an area comes to.
#[derive(Clone)]
pub enum Area {
    /// Which of the commands write its polygons.
    Drawn(Range<usize>),
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
        let points = shapes.iter().map(|shape| shape.coords().len()).sum();
        let mut sketch = Self { points: Vec::with_capacity(points), rings: Vec::with_capacity(shapes.len()) };
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

/// Some of the areas, drawn by one hand.
struct Part {
    /// How many areas there are.
    count: usize,
    sketch: Sketch,
    /// The cell of each point of the sketch.
    nodes: Vec<Node>,
    rings: Rings,
    /// Those that are drawn, with their rings.
    drawn: Vec<(usize, Range<usize>)>,
    /// Those that have fallen together, with their rings in the sketch.
    fallen: Vec<(usize, Range<usize>)>,
}

/// Areas that were drawn by one hand, and what each came to.
pub struct Areas {
    /// The commands of all, as a tile has them.
    pub commands: Vec<u8>,
    /// What they came to, in the order of the shapes.
    pub areas: Vec<Area>,
}

/// Does with each part what is to be done.
fn each<T: Send>(parts: &mut [Part], work: impl Fn(&mut Part) -> T + Send + Sync) -> Vec<T> {
    match parts {
        [only] => vec![work(only)],
        many => many.par_iter_mut().map(work).collect(),
    }
}

/// The cells that are marked in any of the maps.
fn together(maps: Vec<Cells>, frame: &Frame) -> Cells {
    maps.into_iter().reduce(Cells::with).unwrap_or_else(|| Cells::new(frame.ends()))
}

/// Draws areas onto a tile's grid, in cells. `covering`: they share their borders and cover ground together, so that a corner
/// of one on an edge of another is a corner of both, and where one falls together its neighbours meet. Any other area that
/// falls together is the cells that it lies in. `last`: nothing may be left out. What comes out stands in the order of the
/// shapes, and does not depend on how many hands there were.
pub fn draw(shapes: &[Shape<'_>], frame: &Frame, covering: bool, last: bool) -> Vec<Areas> {
    if covering || shapes.len() < MANY {
        return drawn(shapes, shapes.len(), frame, covering, last);
    }
    // Among the hands themselves, so that the steps between them are short.
    threads::short(|| drawn(shapes, shapes.len().div_ceil(rayon::current_num_threads()), frame, covering, last))
}

/// Draws areas, up to `share` of them to a hand. In as few steps as can be: after each, the hands wait for one another.
fn drawn(shapes: &[Shape<'_>], share: usize, frame: &Frame, covering: bool, last: bool) -> Vec<Areas> {
    let start = |shapes: &[Shape<'_>]| {
        let part = Part::of(shapes, frame, covering);
        let vertices = part.vertices(frame);
        (part, vertices)
    };
    let (mut parts, vertices): (Vec<Part>, Vec<Cells>) = match shapes.len() {
        many if many > share => shapes.par_chunks(share).map(start).unzip(),
        _ => std::iter::once(start(shapes)).unzip(),
    };
    let hot = together(vertices, frame);
    let corners = each(&mut parts, |part| {
        part.round(&hot);
        part.corners(frame)
    });
    let corners = together(corners, frame);
    each(&mut parts, |part| {
        part.rings.retain(|cell| corners.has(cell));
        part.finish(&hot, frame, covering, last)
    })
}

impl Part {
    fn of(shapes: &[Shape<'_>], frame: &Frame, covering: bool) -> Self {
        let mut sketch = Sketch::of(shapes, frame);
        if covering {
            sketch = sketch.joined(frame);
        }
        let sketch = sketch.cut(frame);
        let nodes: Vec<Node> = sketch.points.iter().map(|&point| node(point)).collect();
        let rings = Rings::with_capacity(sketch.points.len(), sketch.rings.len());
        let (drawn, fallen) = (Vec::with_capacity(shapes.len()), Vec::new());
        Self { count: shapes.len(), sketch, nodes, rings, drawn, fallen }
    }

    /// Brings the borders onto the grid: each area is drawn, or has fallen together.
    fn round(&mut self, hot: &Cells) {
        let (sketch, nodes) = (&self.sketch, &self.nodes);
        let mut at = 0;
        for same in sketch.rings.chunk_by(|one, other| one.owner == other.owner) {
            let from = self.rings.len();
            for outline in same {
                self.rings.add(|cells| border(hot, sketch.ring(outline), &nodes[outline.at.clone()], cells));
            }
            self.rings.make_valid(from);
            if self.rings.len() == from {
                self.fallen.push((same[0].owner, at..at + same.len()));
            } else {
                self.drawn.push((same[0].owner, from..self.rings.len()));
            }
            at += same.len();
        }
    }

    /// The cells of what is left of the borders' points.
    fn vertices(&self, frame: &Frame) -> Cells {
        let mut hot = Cells::new(frame.ends());
        for outline in &self.sketch.rings {
            self.nodes[outline.at.clone()].iter().for_each(|&node| hot.mark(node));
        }
        hot
    }

    /// The cells that borders of drawn areas pass: there none that has fallen together has to stand in for the ground between.
    fn taken(&self, areas: &[Area], hot: &Cells, frame: &Frame) -> Cells {
        let mut taken = Cells::new(frame.ends());
        let mut cells = Vec::new();
        for outline in &self.sketch.rings {
            if matches!(areas[outline.owner], Area::Drawn(..)) {
                cells.clear();
                border(hot, self.sketch.ring(outline), &self.nodes[outline.at.clone()], &mut cells);
                cells.iter().for_each(|&cell| taken.mark(cell));
            }
        }
        taken
    }

    /// The cells at which a border turns. One that is a corner of any area stays in all, and others are left out.
    fn corners(&self, frame: &Frame) -> Cells {
        let mut corners = Cells::new(frame.ends());
        for ring in self.rings.all() {
            let [.., mut before, mut at] = *ring else { continue };
            for &after in ring {
                if side(before, at, after) != 0 {
                    corners.mark(at);
                }
                (before, at) = (at, after);
            }
        }
        corners
    }

    /// Writes what is drawn, and draws and writes what has fallen together.
    fn finish(&mut self, hot: &Cells, frame: &Frame, covering: bool, last: bool) -> Areas {
        let mut areas = vec![Area::Outside; self.count];
        let mut commands = Vec::with_capacity(self.sketch.points.len() * 3);
        for (owner, rings) in std::mem::take(&mut self.drawn) {
            let from = commands.len();
            mvt::polygons(self.rings.some(rings), frame.step, 0, &mut commands);
            areas[owner] = Area::Drawn(from..commands.len());
        }
        // Where areas cover ground together, the cells that have something; mostly none has fallen together.
        let mut taken = (covering && !self.fallen.is_empty()).then(|| self.taken(&areas, hot, frame));
        let (mut cells, mut rings) = (Vec::new(), Rings::default());
        for (owner, outlines) in std::mem::take(&mut self.fallen) {
            let outlines = &self.sketch.rings[outlines];
            passed(
                outlines.iter().map(|outline| (self.sketch.ring(outline), &self.nodes[outline.at.clone()])),
                &mut cells,
            );
            let [low, high] = frame.ends();
            // None where they only touch the edge of what is drawn.
            cells.retain(|cell| cell.iter().all(|&c| c > low && c < high));
            if cells.is_empty() {
                continue;
            }
            if let Some(taken) = &mut taken {
                if !last && cells.iter().any(|&cell| taken.has(cell)) {
                    areas[owner] = Area::Covered;
                    continue;
                }
                cells.iter().for_each(|&cell| taken.mark(cell));
            }
            let from = commands.len();
            stand_in(&cells, covering, frame, &mut rings, &mut commands);
            areas[owner] = Area::Drawn(from..commands.len());
        }
        Areas { commands, areas }
    }
}

/// A ring from cell to cell.
fn border(hot: &Cells, ring: &[Point], nodes: &[Node], cells: &mut Vec<Node>) {
    let (Some(&last), Some(&at)) = (ring.last(), nodes.last()) else { return };
    let begin = cells.len();
    let mut from = (last, at);
    for to in ring.iter().copied().zip(nodes.iter().copied()) {
        route(hot, from, to, cells);
        from = to;
    }
    if cells.len() == begin {
        cells.push(at);
    }
}

/// The cells that rings pass through, each once.
fn passed<'a>(rings: impl Iterator<Item = (&'a [Point], &'a [Node])>, cells: &mut Vec<Node>) {
    cells.clear();
    for (ring, nodes) in rings {
        // Well within one cell it passes through that alone.
        let within = |p: &Point| (0..2).all(|k| (p[k] - f64::from(nodes[0][k])).abs() < 0.4999);
        if ring.iter().all(within) {
            cells.push(nodes[0]);
            continue;
        }
        let mut from = ring[ring.len() - 1];
        for &to in ring {
            walk(from, to, 0.0, |cell| cells.push(cell));
            from = to;
        }
    }
    if cells.len() > 1 {
        cells.sort_unstable();
        cells.dedup();
    }
}

/// Writes what is drawn of an area that has fallen together: the cells that it lies in; one alone is a pixel, to be seen.
fn stand_in(cells: &[Node], covering: bool, frame: &Frame, rings: &mut Rings, commands: &mut Vec<u8>) {
    rings.clear();
    let shift = match *cells {
        [[x, y]] if !covering => {
            rings.push(&[[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1]]);
            0
        }
        // A cell reaches half a cell to either side of its middle.
        _ => {
            rings::fill(cells, rings);
            -frame.step / 2
        }
    };
    mvt::polygons(rings.all(), frame.step, shift, commands);
}
