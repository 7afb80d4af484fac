//! Cutting rings and lines at a square. Where a border leaves it depends on the border alone, not on the way it is walked:
//! neighbours are cut at the same point.

/// A point in cells of the grid.
pub type Point = [f64; 2];

/// Where the segment between two points meets the line on which coordinate `axis` is `at`.
fn crossing(a: Point, b: Point, axis: usize, at: f64) -> Point {
    // From the lesser end, whichever way it is walked.
    let (a, b) = if (a[0], a[1]) <= (b[0], b[1]) { (a, b) } else { (b, a) };
    let other = 1 - axis;
    let share = (at - a[axis]) / (b[axis] - a[axis]);
    let mut point = [at; 2];
    point[other] = a[other] + share * (b[other] - a[other]);
    point
}

/// The part of a closed ring within `[low, high]` either way, by Sutherland and Hodgman; parts are joined along the edges of
/// the square. Without its first point again at the end; empty where nothing lies within.
pub fn ring(ring: &[Point], [low, high]: [f64; 2], out: &mut Vec<Point>, spare: &mut Vec<Point>) {
    out.clear();
    out.extend_from_slice(ring);
    for (axis, at, sign) in [(0, low, 1.0), (0, high, -1.0), (1, low, 1.0), (1, high, -1.0)] {
        std::mem::swap(out, spare);
        out.clear();
        let within = |p: Point| (p[axis] - at) * sign >= 0.0;
        let Some(&last) = spare.last() else { return };
        let mut from = last;
        for &to in spare.iter() {
            match (within(from), within(to)) {
                (true, true) => out.push(to),
                (true, false) => out.push(crossing(from, to, axis, at)),
                (false, true) => out.extend([crossing(from, to, axis, at), to]),
                (false, false) => {}
            }
            from = to;
        }
    }
}

/// The part of a segment within `[low, high]` either way; None where it stays outside.
pub fn segment(a: Point, b: Point, [low, high]: [f64; 2]) -> Option<(Point, Point)> {
    let (mut a, mut b) = (a, b);
    for (axis, at, sign) in [(0, low, 1.0), (0, high, -1.0), (1, low, 1.0), (1, high, -1.0)] {
        let within = |p: Point| (p[axis] - at) * sign >= 0.0;
        match (within(a), within(b)) {
            (true, true) => {}
            (true, false) => b = crossing(a, b, axis, at),
            (false, true) => a = crossing(a, b, axis, at),
            (false, false) => return None,
        }
    }
    Some((a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_is_cut_at_one_point_whichever_way_it_is_walked() {
        let (a, b) = ([-7.3, 2.1], [13.7, 9.9]);
        let window = [0.0, 10.0];
        let there = segment(a, b, window).unwrap();
        let back = segment(b, a, window).unwrap();
        assert_eq!(there, (back.1, back.0));
        assert_eq!(segment([-1.0, 0.0], [-1.0, 9.0], window), None);
    }

    #[test]
    fn a_ring_is_cut_to_the_square() {
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        ring(&[[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]], [0.0, 10.0], &mut out, &mut spare);
        out.sort_by(|a, b| a.partial_cmp(b).unwrap());
        out.dedup();
        assert_eq!(out, [[0.0, 0.0], [0.0, 10.0], [10.0, 0.0], [10.0, 10.0]]);
        ring(&[[-5.0, 1.0], [-2.0, 1.0], [-2.0, 3.0]], [0.0, 10.0], &mut out, &mut spare);
        assert!(out.is_empty());
    }
}
