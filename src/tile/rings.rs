//! From borders that go from cell to cell to valid polygons: what is walked there and back goes, rings that touch themselves
//! are parted, holes find their shells.

use std::collections::HashMap;
use std::ops::Range;

use crate::tile::snap::Node;

/// A closed ring, its first cell not repeated. A shell has its interior on the left of (x, y) as they are written, so that its
/// area by the surveyor's formula is positive, as MVT 2.1 wants it where y runs down; a hole's is negative.
type Ring = Vec<Node>;

/// A shell and its holes.
type Polygon = Vec<Ring>;

/// In a ring of so many cells it is quicker to look for one that comes twice than to sort them.
const FEW: usize = 24;

/// Rings one after another, each shell before its holes.
#[derive(Default)]
pub struct Rings {
    cells: Vec<Node>,
    ends: Vec<usize>,
}

/// Of so many edges it is quicker to look for a cell on the path than to keep a table.
const SHORT: usize = 64;

impl Rings {
    /// None, with room for so many cells and rings.
    pub fn with_capacity(cells: usize, rings: usize) -> Self {
        Self { cells: Vec::with_capacity(cells), ends: Vec::with_capacity(rings) }
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.ends.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn place(&self, at: usize) -> Range<usize> {
        at.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[at]
    }

    /// Some of them.
    pub fn some(&self, at: Range<usize>) -> impl Iterator<Item = &[Node]> {
        at.map(|at| &self.cells[self.place(at)])
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &[Node]> {
        self.some(0..self.len())
    }

    /// Adds what is written.
    pub fn add(&mut self, write: impl FnOnce(&mut Vec<Node>)) {
        write(&mut self.cells);
        self.ends.push(self.cells.len());
    }

    /// Adds a ring.
    pub fn push(&mut self, ring: &[Node]) {
        self.add(|cells| cells.extend_from_slice(ring));
    }

    /// Leaves out cells of all rings.
    pub fn retain(&mut self, keep: impl Fn(Node) -> bool) {
        let (mut read, mut kept) = (0, 0);
        for end in &mut self.ends {
            for at in read..*end {
                let cell = self.cells[at];
                if keep(cell) {
                    self.cells[kept] = cell;
                    kept += 1;
                }
            }
            read = *end;
            *end = kept;
        }
        self.cells.truncate(kept);
    }

    /// Makes of the borders of one area, which are all rings from number `from` on, the rings of valid polygons; none where all
    /// of it has fallen together.
    pub fn make_valid(&mut self, from: usize) {
        let begin = self.place(from).start;
        if self.len() == from + 1 && self.cells.len() - begin <= FEW {
            without_spikes(&mut self.cells, begin);
            self.ends[from] = self.cells.len();
            let ring = &self.cells[begin..];
            if (1..ring.len()).all(|k| !ring[..k].contains(&ring[k])) {
                let stays = area(ring) > 0;
                self.cut(if stays { from + 1 } else { from });
                return;
            }
        }
        let borders = self.some(from..self.len()).map(<[Node]>::to_vec).collect();
        self.cut(from);
        polygons(borders).iter().flatten().for_each(|ring| self.push(ring));
    }

    /// Keeps the first rings, the last of them to the last cell.
    fn cut(&mut self, rings: usize) {
        let end = if rings == self.len() { self.cells.len() } else { self.place(rings).start };
        self.ends.truncate(rings);
        self.cells.truncate(end);
        if let Some(last) = self.ends.last_mut() {
            *last = end;
        }
    }
}

/// Takes out of the ring from `begin` to the end what is walked there and straight back.
fn without_spikes(cells: &mut Vec<Node>, begin: usize) {
    let mut kept = begin;
    for at in begin..cells.len() {
        let cell = cells[at];
        if kept >= begin + 2 && cells[kept - 2] == cell {
            kept -= 1;
        } else if kept == begin || cells[kept - 1] != cell {
            cells[kept] = cell;
            kept += 1;
        }
    }
    // And where it closes.
    let mut first = begin;
    while kept >= first + 2 {
        if cells[kept - 1] == cells[first] {
            kept -= 1;
        } else if kept > first + 2 && cells[kept - 2] == cells[first] {
            kept -= 2;
        } else if kept > first + 2 && cells[kept - 1] == cells[first + 1] {
            first += 1;
        } else {
            break;
        }
    }
    cells.truncate(kept);
    cells.drain(begin..first);
}

/// Twice a ring's area.
fn area(ring: &[Node]) -> i64 {
    let Some(&[x0, y0]) = ring.first() else { return 0 };
    let from = |[x, y]: Node| [i64::from(x - x0), i64::from(y - y0)];
    // The edge that closes the ring ends at the origin and adds nothing.
    let edges = ring.windows(2).map(|edge| (from(edge[0]), from(edge[1])));
    edges.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
}

/// On which side of a → b a cell lies: positive to the left where y runs up.
pub fn side(a: Node, b: Node, c: Node) -> i64 {
    let from = |p: Node| [i64::from(p[0]) - i64::from(a[0]), i64::from(p[1]) - i64::from(a[1])];
    let (b, c) = (from(b), from(c));
    b[0] * c[1] - b[1] * c[0]
}

/// The polygons that borders enclose: their shells run with, their holes against the surveyor's formula. Empty where all of it
/// has fallen together.
fn polygons(borders: Vec<Ring>) -> Vec<Polygon> {
    let mut cells: Vec<Node> = borders.iter().flatten().copied().collect();
    cells.sort_unstable();
    let simple = cells.windows(2).all(|two| two[0] != two[1]);
    if simple && borders.len() == 1 {
        return if area(&borders[0]) > 0 { vec![borders] } else { Vec::new() };
    }
    let rings = if simple { borders } else { parted(&borders) };
    let (shells, holes): (Vec<_>, Vec<_>) = rings
        .into_iter()
        .map(|ring| (area(&ring), ring))
        .filter(|(area, _)| *area != 0)
        .partition(|(area, _)| *area > 0);
    let mut shells: Vec<(i64, Polygon)> = shells.into_iter().map(|(area, ring)| (area, vec![ring])).collect();
    for (_, hole) in holes {
        let home = match &mut shells[..] {
            [only] => Some(only),
            many => many.iter_mut().filter(|(_, rings)| holds(&rings[0], &hole)).min_by_key(|(area, _)| *area),
        };
        // A hole whose shell has fallen together has nothing to be a hole of.
        if let Some((_, rings)) = home {
            rings.push(hole);
        }
    }
    shells.into_iter().map(|(_, rings)| rings).collect()
}

/// Whether a ring holds another that does not cross it: whether the middle of one of its edges lies within.
fn holds(ring: &[Node], inner: &[Node]) -> bool {
    let [a, b] = [inner[0], inner[1 % inner.len()]];
    let (x, y) = (i64::from(a[0]) + i64::from(b[0]), i64::from(a[1]) + i64::from(b[1]));
    let mut inside = false;
    let mut from = ring[ring.len() - 1];
    for &to in ring {
        let [p, q] = [from, to].map(|n| [2 * i64::from(n[0]), 2 * i64::from(n[1])]);
        if (p[1] > y) != (q[1] > y) {
            let turn = (q[0] - p[0]) * (y - p[1]) - (x - p[0]) * (q[1] - p[1]);
            inside ^= (turn > 0) == (q[1] > p[1]);
        }
        from = to;
    }
    inside
}

/// The edges that remain when those walked there and back are struck out.
fn remaining(borders: &[Ring]) -> Vec<(Node, Node)> {
    let mut all: Vec<(Node, Node, i32)> = Vec::new();
    for ring in borders.iter().filter(|ring| ring.len() > 1) {
        let ends = ring.iter().zip(ring.iter().cycle().skip(1));
        all.extend(ends.map(|(&a, &b)| if a < b { (a, b, 1) } else { (b, a, -1) }));
    }
    all.sort_unstable();
    let same = all.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
    same.filter_map(|same| match same.iter().map(|(_, _, way)| way).sum::<i32>() {
        0 => None,
        1.. => Some((same[0].0, same[0].1)),
        _ => Some((same[0].1, same[0].0)),
    })
    .collect()
}

/// Rings of the edges that remain, each visiting no cell twice: at every cell the way goes on along the same piece of interior,
/// and a loop that is closed on the way is a ring of its own.
fn parted(borders: &[Ring]) -> Vec<Ring> {
    let mut edges = remaining(borders);
    edges.sort_unstable();
    let mut used = vec![false; edges.len()];
    let mut rings = Vec::new();
    // Where on the path a cell stands; on a short one it is looked for.
    let mut place: HashMap<Node, usize, foldhash::fast::RandomState> = HashMap::default();
    let short = edges.len() <= SHORT;
    for first in 0..edges.len() {
        let mut edge = first;
        if used[first] {
            continue;
        }
        let mut path = vec![edges[first].0];
        if !short {
            place.clear();
            place.insert(path[0], 0);
        }
        loop {
            used[edge] = true;
            let (from, at) = edges[edge];
            let seen = if short { path.iter().position(|&cell| cell == at) } else { place.get(&at).copied() };
            if let Some(start) = seen {
                let ring: Ring = path.drain(start..).collect();
                if !short {
                    ring.iter().for_each(|cell| {
                        place.remove(cell);
                    });
                }
                rings.push(ring);
                if start == 0 {
                    break;
                }
            }
            if !short {
                place.insert(at, path.len());
            }
            path.push(at);
            let Some(next) = onward(&edges, &used, from, at) else { break };
            edge = next;
        }
    }
    rings
}

/// The edge by which the interior on the left goes on: the first clockwise from where one came.
fn onward(edges: &[(Node, Node)], used: &[bool], from: Node, at: Node) -> Option<usize> {
    let start = edges.partition_point(|(a, _)| *a < at);
    let leaving = (start..edges.len()).take_while(|&k| edges[k].0 == at).filter(|&k| !used[k]);
    // Whether `one` comes before `other`, turning clockwise from the way back.
    let half = |to: Node| side(at, from, to) > 0;
    let before = |one: Node, other: Node| match (half(one), half(other)) {
        (false, true) => true,
        (true, false) => false,
        _ => side(at, one, other) < 0,
    };
    leaving.reduce(|best, k| if before(edges[k].1, edges[best].1) { k } else { best })
}

/// Adds the rings of the polygons that a set of cells fills, each cell a square from its own number to the next.
pub fn fill(cells: &[Node], rings: &mut Rings) {
    let ends = |axis: usize| {
        let all = cells.iter().map(|cell| cell[axis]);
        all.fold((i32::MAX, i32::MIN), |(least, most), c| (least.min(c), most.max(c + 1)))
    };
    let ((west, east), (north, south)) = (ends(0), ends(1));
    if (east - west) as usize * (south - north) as usize == cells.len() {
        return rings.push(&[[west, north], [east, north], [east, south], [west, south]]);
    }
    let squares = cells.iter().map(|&[x, y]| vec![[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]).collect();
    polygons(squares).iter().flatten().for_each(|ring| rings.push(ring));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rings of all polygons, each from its least cell.
    fn shown(polygons: Vec<Polygon>) -> Vec<Vec<Ring>> {
        let turned = |mut ring: Ring| {
            let least = ring.iter().enumerate().min_by_key(|(_, cell)| **cell).map_or(0, |(at, _)| at);
            ring.rotate_left(least);
            ring
        };
        let mut all: Vec<Vec<Ring>> =
            polygons.into_iter().map(|rings| rings.into_iter().map(turned).collect()).collect();
        all.sort();
        all
    }

    #[test]
    fn a_spike_goes_and_a_waist_parts() {
        let spike = vec![[0, 0], [4, 0], [9, 0], [4, 0], [4, 4], [0, 4]];
        assert_eq!(shown(polygons(vec![spike])), [[[[0, 0], [4, 0], [4, 4], [0, 4]]]]);
        let waist = vec![[0, 0], [2, 2], [4, 0], [4, 4], [2, 2], [0, 4]];
        assert_eq!(shown(polygons(vec![waist])), [[[[0, 0], [2, 2], [0, 4]]], [[[2, 2], [4, 0], [4, 4]]]]);
        assert!(polygons(vec![vec![[0, 0], [3, 0], [1, 0]]]).is_empty());
    }

    #[test]
    fn a_hole_that_touches_its_shell_stays_a_hole_and_two_shells_have_their_own() {
        let (shell, hole) = (vec![[0, 0], [9, 0], [9, 9], [0, 9]], vec![[0, 0], [2, 6], [6, 2]]);
        let both = shown(polygons(vec![shell.clone(), hole.clone()]));
        assert_eq!(both, [vec![shell.clone(), hole.clone()]]);
        let far = |ring: &Ring| ring.iter().map(|[x, y]| [x + 20, *y]).collect::<Ring>();
        let two = polygons(vec![shell.clone(), far(&shell), far(&hole)]);
        assert_eq!(shown(two), [vec![shell.clone()], vec![far(&shell), far(&hole)]]);
    }

    #[test]
    fn cells_beside_each_other_are_one_polygon() {
        let filled = |cells: &[Node]| {
            let mut rings = Rings::default();
            fill(cells, &mut rings);
            rings.all().map(area).collect::<Vec<_>>()
        };
        assert_eq!(filled(&[[0, 0], [1, 0], [2, 0], [2, 1]]), [8]);
        assert_eq!(filled(&[[0, 0], [1, 0]]), [4]);
        assert_eq!(filled(&[[0, 0], [1, 1]]), [2, 2]);
    }

    /// The rings that are made of one border, each from its least cell.
    fn valid(border: &[Node]) -> Vec<Ring> {
        let mut rings = Rings::default();
        rings.push(&[[90, 90], [91, 90], [91, 91]]);
        rings.push(border);
        rings.make_valid(1);
        assert_eq!(rings.all().next().map(<[Node]>::len), Some(3), "what stands before is left alone");
        shown(vec![rings.some(1..rings.len()).map(<[Node]>::to_vec).collect()]).concat()
    }

    #[test]
    fn a_small_ring_comes_to_what_any_other_comes_to() {
        let mut state = 7_u32;
        for round in 0..20_000 {
            let mut draw = |n: u32| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) % n
            };
            let (count, side) = (2 + draw(10), 2 + draw(4));
            let mut ring: Ring = (0..count).map(|_| [draw(side) as i32, draw(side) as i32]).collect();
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            let mut expected = shown(polygons(vec![ring.clone()])).concat();
            let mut found = valid(&ring);
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{round}: {ring:?}");
        }
    }
}
