//! The ground on which a density is at least so high: contours between the middles of cells, drawn as areas.

use crate::geo::cut::{self, Rings};

use super::{Lattice, Surface};

/// A corner of the surface, with what it has.
type Corner = ([f64; 2], f64);

/// What of a triangle is at least `least`, where the density is a plane over its corners.
fn clipped(triangle: [Corner; 3], least: f64) -> Vec<[f64; 2]> {
    let mut ring = Vec::new();
    for (k, &(p, at_p)) in triangle.iter().enumerate() {
        let (q, at_q) = triangle[(k + 1) % 3];
        if at_p >= least {
            ring.push(p);
        }
        if (at_p >= least) != (at_q >= least) {
            // From the lower end always, so that both triangles of an edge have the same point.
            let (low, high, from, to) = if at_p < at_q { (at_p, at_q, p, q) } else { (at_q, at_p, q, p) };
            let t = (least - low) / (high - low);
            ring.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);
        }
    }
    ring
}

/// The ground on which a surface has at least `least`, as polygons of a shell and holes.
pub fn at_least(surface: &Surface, lattice: &Lattice, least: f64) -> Vec<Rings> {
    let (columns, rows) = (surface.columns, surface.values.len() / surface.columns.max(1));
    let corner = |column: usize, row: usize| -> Corner {
        let cell = [surface.from[0] + column as i32, surface.from[1] + row as i32];
        (lattice.middle(cell), surface.values[row * columns + column])
    };
    let mut pieces = Rings::new();
    for row in 0..rows.saturating_sub(1) {
        // Where all four corners are high enough, one rectangle for as many squares as stand beside each other.
        let mut run: Option<usize> = None;
        for column in 0..columns.saturating_sub(1) {
            let [a, b, c, d] = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(i, j)| corner(column + i, row + j));
            let high = [a, b, c, d].iter().filter(|corner| corner.1 >= least).count();
            if high == 4 {
                run.get_or_insert(column);
                continue;
            }
            if let Some(start) = run.take() {
                pieces.push(rectangle(corner(start, row).0, corner(column, row + 1).0));
            }
            if high > 0 {
                let parts = [clipped([a, b, c], least), clipped([a, c, d], least)];
                pieces.extend(parts.into_iter().filter(|ring| ring.len() > 2));
            }
        }
        if let Some(start) = run {
            pieces.push(rectangle(corner(start, row).0, corner(columns - 1, row + 1).0));
        }
    }
    if pieces.is_empty() { Vec::new() } else { cut::difference(&pieces, &Rings::new()) }
}

fn rectangle([west, south]: [f64; 2], [east, north]: [f64; 2]) -> Vec<[f64; 2]> {
    vec![[west, south], [east, south], [east, north], [west, north]]
}

/// The ground between two of these: at least as high as the one, and not as high as the other.
pub fn between(ground: Vec<Rings>, higher: &[Rings]) -> Vec<Rings> {
    if higher.is_empty() {
        return ground;
    }
    cut::difference(&ground.concat(), &higher.concat())
}

#[cfg(test)]
mod tests {
    use super::super::{Kernel, surface};
    use super::*;
    use crate::analysis::hotspots::lattice::Form;

    #[test]
    fn contours_of_one_hill_are_circles_within_each_other() {
        let lattice = Lattice::about(Form::Square, 10.0, [117.4, 39.6]);
        let h = 400.0;
        let hill = surface(&lattice, 10.0, vec![([5.0, 5.0], 1.0)], Kernel::Quartic, h).unwrap();
        let levels: Vec<Vec<Rings>> =
            [0.2, 0.5, 0.8].iter().map(|share| at_least(&hill, &lattice, share * hill.peak())).collect();
        for (level, share) in levels.iter().zip([0.2_f64, 0.5, 0.8]) {
            // (1 − d²/h²)² = share.
            let circle = std::f64::consts::PI * h * h * (1.0 - share.sqrt());
            assert_eq!(level.len(), 1);
            assert!((cut::rings_area_m2(&level[0]) / circle - 1.0).abs() < 2e-3, "{share}");
        }
        let ring = between(levels[0].clone(), &levels[1]);
        assert_eq!((ring.len(), ring[0].len()), (1, 2), "a shell and a hole");
        let all: f64 = [&ring[0], &levels[1][0]].map(cut::rings_area_m2).iter().sum();
        assert!((all - cut::rings_area_m2(&levels[0][0])).abs() < 0.1);
        assert!(at_least(&hill, &lattice, 2.0 * hill.peak()).is_empty());
    }
}
