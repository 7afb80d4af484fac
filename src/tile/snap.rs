//! Snap rounding: vertices go to the middles of the cells that they lie in, and a segment that passes through a cell with a
//! vertex in it goes through that cell's middle. Two segments that did not cross do not cross then, and one that two
//! neighbours share runs through the same cells for both (Hobby 1999; Guibas and Marimont 1998).

use std::cell::RefCell;

use crate::tile::clip::Point;

/// A cell of the grid.
pub type Node = [i32; 2];

/// Cells are closed: what runs along their edge, but for the last bits of the arithmetic, passes through both.
const EDGE: f64 = 1e-7;

/// The greatest whole number not above `x`, of which the size is less than two to the 31st. Added to one and a half times two to
/// the 52nd, a number is rounded to a whole one, and its last bits are that: neither a call nor a check of the range.
#[inline]
fn below(x: f64) -> i32 {
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let shifted = x + WHOLE;
    shifted.to_bits() as i32 - i32::from(shifted - WHOLE > x)
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

/// Maps that a thread keeps for its next tile: memory had anew is cleared by the system page by page, as it is first touched.
const SPARE: usize = 2;

/// Maps of more words are not kept: the last zoom's, of two megabytes.
const SPARE_WORDS: usize = 1 << 15;

thread_local! {
    static SPARES: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
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
        let words = (side * side) as usize / 64 + 2;
        let spare = if words <= SPARE_WORDS { SPARES.with_borrow_mut(Vec::pop) } else { None };
        let mut bits = spare.unwrap_or_default();
        bits.clear();
        bits.resize(words, 0);
        Self { low, side, bits }
    }

    #[inline]
    fn place(&self, [x, y]: Node) -> Option<usize> {
        let (x, y) = (x - self.low, y - self.low);
        (x >= 0 && y >= 0 && x < self.side && y < self.side).then_some((y * self.side + x) as usize)
    }

    /// Marks a cell; one outside is passed over.
    #[inline]
    pub fn mark(&mut self, node: Node) {
        if let Some(place) = self.place(node) {
            self.bits[place / 64] |= 1 << (place % 64);
        }
    }

    /// These cells, and those marked in another map of the same square.
    pub fn with(mut self, other: Self) -> Self {
        self.bits.iter_mut().zip(&other.bits).for_each(|(own, other)| *own |= other);
        self
    }

    /// Whether a rectangle of cells holds none that is marked, but for `a` and `b`. One that is not small, or reaches out of the
    /// square, is not looked through.
    #[inline]
    fn is_bare(&self, low: Node, high: Node, a: Node, b: Node) -> bool {
        let width = high[0] - low[0] + 1;
        let whole = self.place(low).is_some() && self.place(high).is_some();
        if !whole || width > 63 || high[1] - low[1] > 31 {
            return false;
        }
        let mask = (1_u64 << width) - 1;
        (low[1]..=high[1]).all(|y| {
            let place = ((y - self.low) * self.side + low[0] - self.low) as usize;
            let (word, shift) = (place / 64, place % 64);
            let mut row = self.bits[word] >> shift;
            if shift > 0 {
                // The map is a word longer than its square.
                row |= self.bits[word + 1] << (64 - shift);
            }
            for own in [a, b] {
                if own[1] == y {
                    row &= !(1 << (own[0] - low[0]));
                }
            }
            row & mask == 0
        })
    }

    /// Whether a cell is marked.
    #[inline]
    pub fn has(&self, node: Node) -> bool {
        self.place(node).is_some_and(|place| self.bits[place / 64] & (1 << (place % 64)) != 0)
    }
}

impl Drop for Cells {
    fn drop(&mut self) {
        let bits = std::mem::take(&mut self.bits);
        // A thread that ends keeps nothing.
        let _ = SPARES.try_with(|spares| {
            let mut spares = spares.borrow_mut();
            if bits.len() <= SPARE_WORDS && spares.len() < SPARE {
                spares.push(bits);
            }
        });
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

/// Appends the cells through which the segment between two points goes, its first cell left out: those marked that it passes,
/// and its last. Each point comes with its cell.
#[inline]
pub fn route(hot: &Cells, (p, a): (Point, Node), (q, b): (Point, Node), out: &mut Vec<Node>) {
    if a == b {
        return;
    }
    // Nothing lies between two cells that share an edge.
    if (a[0] - b[0]).abs() + (a[1] - b[1]).abs() > 1 {
        let low = [0, 1].map(|k| above(p[k].min(q[k]) - 0.5 - EDGE));
        let high = [0, 1].map(|k| below(p[k].max(q[k]) + 0.5 + EDGE));
        if !hot.is_bare(low, high, a, b) {
            pass(hot, (p, a), (q, b), out);
        }
    }
    out.push(b);
}

/// Appends the marked cells that a segment passes, its ends' own left out.
fn pass(hot: &Cells, (p, a): (Point, Node), (q, b): (Point, Node), out: &mut Vec<Node>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(hot: &[Node], p: Point, q: Point) -> Vec<Node> {
        let mut cells = Cells::new([-10, 110]);
        hot.iter().for_each(|&node| cells.mark(node));
        let mut out = Vec::new();
        route(&cells, (p, node(p)), (q, node(q)), &mut out);
        out
    }

    #[test]
    fn a_number_is_rounded_down() {
        for x in [0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -1.5, 0.999_999_999, -1e-12, 7.0, -7.0, 4223.5, 4e8 + 0.5, -4e8 - 0.5]
        {
            assert_eq!((below(x), above(x)), (f64::floor(x) as i32, f64::ceil(x) as i32), "{x}");
        }
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
