//! Where a vertex of one ring lies on an edge of another, the edge is given that vertex: then neighbours that meet there share
//! every one of their edges, whoever drew the corner.

use crate::tile::clip::{Point, segment};
use crate::tile::snap::{Cells, Node, node, walk};

/// A vertex lies on an edge up to so many metres (at the equator) off it: more than what is lost where coordinates are
/// written with seven decimals of a degree.
pub const REACH_M: f64 = 0.02;

/// The vertices of rings that lie in a square, by cell.
pub struct Joints {
    cells: Cells,
    vertices: Vec<(Node, Point)>,
    ends: [f64; 2],
    /// In cells.
    reach: f64,
}

impl Joints {
    /// Of all these vertices.
    pub fn new(points: impl Iterator<Item = Point>, ends: [i32; 2], reach: f64) -> Self {
        let wide = [ends[0] - 1, ends[1] + 1];
        let mut cells = Cells::new(wide);
        let within = |n: Node| n.iter().all(|&c| c >= wide[0] && c <= wide[1]);
        let mut vertices: Vec<(Node, Point)> = points.map(|p| (node(p), p)).filter(|(n, _)| within(*n)).collect();
        vertices.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1[0].total_cmp(&b.1[0])).then(a.1[1].total_cmp(&b.1[1])));
        vertices.dedup();
        for (cell, _) in &vertices {
            cells.mark(*cell);
        }
        Self { cells, vertices, ends: wide.map(f64::from), reach }
    }

    fn at(&self, cell: Node) -> impl Iterator<Item = Point> {
        let from = self.vertices.partition_point(|(n, _)| *n < cell);
        self.vertices[from..].iter().take_while(move |(n, _)| *n == cell).map(|(_, p)| *p)
    }

    /// Appends the vertices that lie on the edge, in the order of walking it, and its last point.
    pub fn along(&self, a: Point, b: Point, out: &mut Vec<Point>) {
        // The same from either end.
        let forward = (a[0], a[1]) <= (b[0], b[1]);
        let (p, q) = if forward { (a, b) } else { (b, a) };
        if let Some((start, end)) = segment(p, q, self.ends) {
            let mut found: Vec<(f64, Point)> = Vec::new();
            let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
            let length = dx.hypot(dy);
            walk(start, end, self.reach, |cell| {
                if !self.cells.has(cell) {
                    return;
                }
                for v in self.at(cell) {
                    let (x, y) = (v[0] - p[0], v[1] - p[1]);
                    let ahead = (x * dx + y * dy) / length;
                    let off = (x * dy - y * dx).abs() / length;
                    if off <= self.reach && ahead > self.reach && ahead < length - self.reach {
                        found.push((ahead, v));
                    }
                }
            });
            found.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
            found.dedup();
            if forward {
                out.extend(found.into_iter().map(|(_, v)| v));
            } else {
                out.extend(found.into_iter().rev().map(|(_, v)| v));
            }
        }
        out.push(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_given_the_vertices_that_lie_on_it() {
        let corners = [[0.3, 0.2], [50.1, 25.1], [99.9, 50.0], [40.0, 30.0]];
        let joints = Joints::new(corners.into_iter(), [0, 100], 0.01);
        let mut there = Vec::new();
        joints.along(corners[0], corners[2], &mut there);
        assert_eq!(there, [[50.1, 25.1], [99.9, 50.0]]);
        let mut back = Vec::new();
        joints.along(corners[2], corners[0], &mut back);
        assert_eq!(back, [[50.1, 25.1], [0.3, 0.2]]);
    }
}
