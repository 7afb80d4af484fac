//! Lines and points of a tile.

use std::collections::HashSet;

use crate::geo::shape::Shape;
use crate::tile::clip::segment;
use crate::tile::matrix::Frame;
use crate::tile::rings::side;
use crate::tile::snap::{Node, node};

/// A shape's lines within the tile, from cell to cell. Empty where nothing of it lies in the tile.
pub fn lines(shape: Shape<'_>, frame: &Frame) -> Vec<Vec<Node>> {
    let ends = frame.ends().map(f64::from);
    let mut pieces: Vec<Vec<Node>> = Vec::new();
    for (_, part) in shape.parts() {
        let mut open = false;
        let mut from = part.first().map(|&c| frame.lnglat_to_cells(c));
        for &to in part.iter().skip(1) {
            let to = frame.lnglat_to_cells(to);
            let Some(start) = from.replace(to) else { continue };
            let Some((a, b)) = segment(start, to, ends) else {
                open = false;
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if open && piece.last() == Some(&node(a)) => add(piece, node(b)),
                _ => {
                    let mut piece = vec![node(a)];
                    add(&mut piece, node(b));
                    pieces.push(piece);
                }
            }
            open = b == to;
        }
    }
    // A part that has fallen into one cell is as long as that, unless another passes there.
    let (longer, fallen): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|piece| piece.len() > 1);
    let mut pieces = longer;
    let mut cells: Vec<Node> = fallen.into_iter().flatten().collect();
    cells.sort_unstable();
    cells.dedup();
    let taken: HashSet<Node> = pieces.iter().flatten().copied().collect();
    pieces.extend(cells.into_iter().filter(|cell| !taken.contains(cell)).map(|[x, y]| vec![[x, y], [x + 1, y]]));
    pieces
}

/// Goes on to a cell; where the way goes straight on, the cell between is left out.
fn add(piece: &mut Vec<Node>, to: Node) {
    if let [.., before, last] = piece[..] {
        let on = |axis: usize| (i64::from(last[axis] - before[axis])) * i64::from(to[axis] - last[axis]);
        if last != to && side(before, last, to) == 0 && on(0) + on(1) > 0 {
            piece.pop();
        }
    }
    if piece.last() != Some(&to) {
        piece.push(to);
    }
}

/// A shape's points within the tile, in units, each place once.
pub fn points(shape: Shape<'_>, frame: &Frame) -> Vec<Node> {
    let [low, high] = frame.ends().map(|end| end * frame.step);
    let step = f64::from(frame.step);
    let mut points: Vec<Node> = Vec::new();
    for &place in shape.coords() {
        let unit = node(frame.lnglat_to_cells(place).map(|c| c * step));
        if unit.iter().all(|&c| c >= low && c <= high) {
            points.push(unit);
        }
    }
    if points.len() > 1 {
        points.sort_unstable();
        points.dedup();
    }
    points
}
