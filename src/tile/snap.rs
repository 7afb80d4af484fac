//! Snap rounding: vertices go to the middles of the cells that they lie in, and a segment that passes through a cell with a
//! vertex in it goes through that cell's middle. Two segments that did not cross do not cross then, and one that two
//! neighbours share runs through the same cells for both (Hobby 1999; Guibas and Marimont 1998).

use crate::tile::clip::Point;

/// A cell of the grid.
pub type Node = [i32; 2];

/// Cells are closed: what runs along their edge, but for the last bits of the arithmetic, passes through both.
const EDGE: f64 = 1e-7;

/// The greatest whole number not above `x`: what `floor` gives, without the call that it is on older processors.
#[inline]
fn below(x: f64) -> i32 {
    let towards_zero = x as i32;
    towards_zero - i32::from(f64::from(towards_zero) > x)
}

/// The least whole number not below `x`.
#[inline]
fn above(x: f64) -> i32 {
    -below(-x)
}

/// The cell that a point lies in.
#[inline]
pub fn node([x, y]: Point) -> Node {
    [below(x + 0.5), below(y + 0.5)]
}

/// Which cells of a square have something.
pub struct Cells {
    low: i32,
    side: i32,
    bits: Vec<u64>,
}

impl Cells {
    /// None of the cells from `low` to `high` either way.
    pub fn new([low, high]: [i32; 2]) -> Self {
        let side = high - low + 1;
        Self { low, side, bits: vec![0; (side * side) as usize / 64 + 1] }
    }

    #[inline]
    fn place(&self, [x, y]: Node) -> Option<usize> {
        let (x, y) = (x - self.low, y - self.low);
        (x >= 0 && y >= 0 && x < self.side && y < self.side).then_some((y * self.side + x) as usize)
    }

    /// Marks a cell; one outside is passed over. Whether it is new.
    #[inline]
    pub fn mark(&mut self, node: Node) -> bool {
        let Some(place) = self.place(node) else { return false };
        let (word, bit) = (&mut self.bits[place / 64], 1_u64 << (place % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Whether a cell is marked.
    #[inline]
    pub fn has(&self, node: Node) -> bool {
        self.place(node).is_some_and(|place| self.bits[place / 64] & (1 << (place % 64)) != 0)
    }
}

/// Calls `each` with every cell that a segment passes through, in the order of passing, and those `beside` it.
pub fn walk(p: Point, q: Point, beside: f64, mut each: impl FnMut(Node)) {
    let steep = (q[1] - p[1]).abs() > (q[0] - p[0]).abs();
    let (long, short) = if steep { (1, 0) } else { (0, 1) };
    let ahead = if q[long] >= p[long] { 1.0 } else { -1.0 };
    let run = q[long] - p[long];
    let slope = if run == 0.0 { 0.0 } else { (q[short] - p[short]) / run };
    let (first, last) = (node(p)[long], node(q)[long]);
    let steps = (last - first).abs();
    for step in 0..=steps {
        let at = first + step * ahead as i32;
        // The part of the segment in this row of cells, and the cells beside each other that it touches.
        let bound = |edge: f64| {
            let x = f64::from(at) + edge;
            if ahead > 0.0 { x.clamp(p[long], q[long]) } else { x.clamp(q[long], p[long]) }
        };
        let (enter, leave) = (bound(-0.5 * ahead), bound(0.5 * ahead));
        let (from, to) = (p[short] + slope * (enter - p[long]), p[short] + slope * (leave - p[long]));
        let lowest = above(from.min(to) - 0.5 - EDGE - beside);
        let highest = below(from.max(to) + 0.5 + EDGE + beside);
        let mut call = |other: i32| each(if steep { [other, at] } else { [at, other] });
        if to >= from {
            (lowest..=highest).for_each(&mut call);
        } else {
            (lowest..=highest).rev().for_each(&mut call);
        }
    }
}

/// Appends the cells through which the segment goes, its first cell left out: those marked that it passes, and its last.
pub fn route(hot: &Cells, p: Point, q: Point, out: &mut Vec<Node>) {
    let (a, b) = (node(p), node(q));
    if a == b {
        return;
    }
    // Nothing lies between two cells that share an edge, and between two that share a corner at most two others.
    let (dx, dy) = ((a[0] - b[0]).abs(), (a[1] - b[1]).abs());
    let bare = dx + dy < 2 || (dx == 1 && dy == 1 && !hot.has([a[0], b[1]]) && !hot.has([b[0], a[1]]));
    if !bare {
        let from = out.len();
        let forward = (p[0], p[1]) <= (q[0], q[1]);
        let (start, end) = if forward { (p, q) } else { (q, p) };
        walk(start, end, 0.0, |cell| {
            if cell != a && cell != b && hot.has(cell) {
                out.push(cell);
            }
        });
        if !forward {
            out[from..].reverse();
        }
    }
    out.push(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(hot: &[Node], p: Point, q: Point) -> Vec<Node> {
        let mut cells = Cells::new([-10, 110]);
        hot.iter().for_each(|&node| {
            cells.mark(node);
        });
        let mut out = Vec::new();
        route(&cells, p, q, &mut out);
        out
    }

    #[test]
    fn a_segment_goes_through_the_cells_that_it_passes() {
        assert_eq!(routed(&[[5, 5], [3, 9]], [0.2, 0.1], [10.0, 10.4]), [[5, 5], [10, 10]]);
        assert_eq!(routed(&[[2, 4]], [2.0, 9.0], [2.4, 1.0]), [[2, 4], [2, 1]]);
        assert!(routed(&[[0, 0]], [0.1, 0.1], [0.4, -0.4]).is_empty());
    }

    #[test]
    fn the_way_back_is_the_way_there_reversed() {
        let hot: Vec<Node> = (0..40).map(|k| [k * 7 % 41, k * 13 % 37]).collect();
        for k in 0..200 {
            let (p, q) = ([f64::from(k) * 0.21, 3.3], [40.0 - f64::from(k) * 0.17, 30.7]);
            let mut back = routed(&hot, q, p);
            back.pop();
            back.reverse();
            let mut there = routed(&hot, p, q);
            there.pop();
            assert_eq!(there, back, "{k}");
        }
    }
}
