//! A lattice of squares or hexagons in the plane about a map's middle, always laid the same way: a cell is known by its column
//! and row, and nothing depends on what is looked at or counted.

use crate::geo::cut::Rings;
use crate::geo::frame::Frame;

/// Column and row of a cell.
pub type Cell = [i32; 2];

/// The shape of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Upright squares.
    Square,
    /// Hexagons that stand on a corner; every other row is half a cell further east.
    Hexagon,
}

/// The lattice.
#[derive(Clone, Copy, Debug)]
pub struct Lattice {
    form: Form,
    /// Of a square its side, of a hexagon from side to side: what neighbours' middles are apart.
    size_m: f64,
    frame: Frame,
}

/// From a row to the next, in cell sizes.
const HEXAGON_RISE: f64 = 0.866_025_403_784_438_6;
/// How deep an edge must reach into a cell to lie in it, metres: one along the border of two lies in neither.
const INTO_M: f64 = 1e-3;

impl Lattice {
    /// The lattice about the middle of a map, which is brought to a tenth of a degree: that it grows does not shift the cells.
    pub fn about(form: Form, size_m: f64, [lng, lat]: [f64; 2]) -> Self {
        let tenth = |degrees: f64| (degrees * 10.0).round() / 10.0;
        Self { form, size_m, frame: Frame::at([tenth(lng), tenth(lat)]) }
    }

    /// The plane that it lies in.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    fn rise_m(&self) -> f64 {
        match self.form {
            Form::Square => self.size_m,
            Form::Hexagon => self.size_m * HEXAGON_RISE,
        }
    }

    /// Whether a row is shifted by half a cell.
    fn is_shifted(&self, row: i32) -> bool {
        self.form == Form::Hexagon && row & 1 == 1
    }

    /// How a cell is called: `s500:3:-12`.
    pub fn id(&self, [column, row]: Cell) -> String {
        let letter = match self.form {
            Form::Square => 's',
            Form::Hexagon => 'h',
        };
        format!("{letter}{}:{column}:{row}", self.size_m)
    }

    /// The cell in which a point of the plane lies. One on the border of squares lies in that to the east or north; one on the
    /// border of hexagons in one of them, always the same.
    pub fn cell_at(&self, [x, y]: [f64; 2]) -> Cell {
        match self.form {
            Form::Square => [(x / self.size_m).floor() as i32, (y / self.size_m).floor() as i32],
            Form::Hexagon => {
                // Cube coordinates, of which the one that was rounded most follows from the others.
                let r = y / self.rise_m();
                let q = x / self.size_m - r / 2.0;
                let s = -q - r;
                let (mut q0, mut r0, s0) = (q.round(), r.round(), s.round());
                let (dq, dr, ds) = ((q - q0).abs(), (r - r0).abs(), (s - s0).abs());
                if dq > dr && dq > ds {
                    q0 = -r0 - s0;
                } else if dr > ds {
                    r0 = -q0 - s0;
                }
                let (q, r) = (q0 as i32, r0 as i32);
                [q + r.div_euclid(2), r]
            }
        }
    }

    /// The middle of a cell.
    pub fn middle(&self, [column, row]: Cell) -> [f64; 2] {
        match self.form {
            Form::Square => [(f64::from(column) + 0.5) * self.size_m, (f64::from(row) + 0.5) * self.size_m],
            Form::Hexagon => {
                let half = if self.is_shifted(row) { 0.5 } else { 0.0 };
                [(f64::from(column) + half) * self.size_m, f64::from(row) * self.rise_m()]
            }
        }
    }

    /// The corners of a cell, anticlockwise. Neighbours have theirs in common to the last digit.
    pub fn corners(&self, [column, row]: Cell) -> Vec<[f64; 2]> {
        match self.form {
            Form::Square => [[0, 0], [1, 0], [1, 1], [0, 1]]
                .map(|[i, j]| [f64::from(column + i) * self.size_m, f64::from(row + j) * self.size_m])
                .to_vec(),
            Form::Hexagon => {
                let (x, y) = (2 * column + i32::from(self.is_shifted(row)), 3 * row);
                let (across, up) = (self.size_m / 2.0, self.rise_m() / 3.0);
                [[0, -2], [1, -1], [1, 1], [0, 2], [-1, 1], [-1, -1]]
                    .map(|[i, j]| [f64::from(x + i) * across, f64::from(y + j) * up])
                    .to_vec()
            }
        }
    }

    /// The distance of two cells' middles, squared, in cell sizes: a whole number, so that equal distances are equal.
    pub fn apart2(&self, a: Cell, b: Cell) -> i64 {
        let (dx, dy) = (i64::from(b[0]) - i64::from(a[0]), i64::from(b[1]) - i64::from(a[1]));
        match self.form {
            Form::Square => dx * dx + dy * dy,
            Form::Hexagon => {
                let q = dx - (i64::from(b[1].div_euclid(2)) - i64::from(a[1].div_euclid(2)));
                q * q + q * dy + dy * dy
            }
        }
    }

    /// The largest of these whole numbers that is within so many metres (≤).
    pub fn reach2(&self, reach_m: f64) -> i64 {
        let sizes = reach_m / self.size_m;
        // A reach that was typed as a cell's distance means it: 707.1 m do not reach √2 · 500 m, √2 · 500 rounded does.
        (sizes * sizes * (1.0 + 1e-12)).floor() as i64
    }

    /// Calls `each` with every cell that ground lies in, some more than once, and whether its middle does.
    pub fn cover(&self, ground: &Rings, mut each: impl FnMut(Cell, bool)) {
        let edges = || ground.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
        for (&p, &q) in edges() {
            let pieces = ((q[0] - p[0]).hypot(q[1] - p[1]) / (2.0 * self.size_m)).ceil().max(1.0);
            let on_edge = |k: f64| [0, 1].map(|axis| p[axis] + (q[axis] - p[axis]) * k / pieces);
            for k in 0..pieces as u32 {
                self.cells_on(on_edge(f64::from(k)), on_edge(f64::from(k + 1)), |cell| each(cell, false));
            }
        }
        let heights = || ground.iter().flatten().map(|p| p[1]);
        let (south, north) = (heights().fold(f64::INFINITY, f64::min), heights().fold(f64::NEG_INFINITY, f64::max));
        if south.is_nan() || north.is_nan() || south > north {
            return;
        }
        let mut crossings = Vec::new();
        for row in self.cell_at([0.0, south])[1] - 1..=self.cell_at([0.0, north])[1] + 1 {
            let y = self.middle([0, row])[1];
            crossings.clear();
            crossings.extend(
                edges()
                    .filter(|(p, q)| (p[1] > y) != (q[1] > y))
                    .map(|(p, q)| p[0] + (q[0] - p[0]) * (y - p[1]) / (q[1] - p[1])),
            );
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let first = self.cell_at([pair[0], y])[0] - 1;
                for column in first..=self.cell_at([pair[1], y])[0] + 1 {
                    let x = self.middle([column, row])[0];
                    if pair[0] <= x && x < pair[1] {
                        each([column, row], true);
                    }
                }
            }
        }
    }

    /// The cells that a short stretch reaches into.
    fn cells_on(&self, p: [f64; 2], q: [f64; 2], mut each: impl FnMut(Cell)) {
        let [a, b] = [self.cell_at(p), self.cell_at(q)];
        for row in a[1].min(b[1]) - 1..=a[1].max(b[1]) + 1 {
            for column in a[0].min(b[0]) - 1..=a[0].max(b[0]) + 1 {
                if self.reaches_into([column, row], p, q) {
                    each([column, row]);
                }
            }
        }
    }

    /// Whether a stretch reaches into a cell (Cyrus and Beck).
    fn reaches_into(&self, cell: Cell, p: [f64; 2], q: [f64; 2]) -> bool {
        let corners = self.corners(cell);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (k, a) in corners.iter().enumerate() {
            let b = corners[(k + 1) % corners.len()];
            let length = (b[0] - a[0]).hypot(b[1] - a[1]);
            let depth = |c: [f64; 2]| ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / length - INTO_M;
            let (at_p, at_q) = (depth(p), depth(q));
            if at_p < 0.0 && at_q < 0.0 {
                return false;
            }
            let t = at_p / (at_p - at_q);
            if at_p < 0.0 {
                enter = enter.max(t);
            } else if at_q < 0.0 {
                leave = leave.min(t);
            }
        }
        enter <= leave
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMS: [Form; 2] = [Form::Square, Form::Hexagon];

    fn lattice(form: Form) -> Lattice {
        Lattice::about(form, 500.0, [117.4321, 39.5678])
    }

    #[test]
    fn a_cell_holds_its_middle_and_is_called_by_its_place() {
        for form in FORMS {
            let lattice = lattice(form);
            for row in -5..5 {
                for column in -5..5 {
                    assert_eq!(lattice.cell_at(lattice.middle([column, row])), [column, row], "{form:?}");
                }
            }
        }
        assert_eq!(lattice(Form::Square).id([3, -12]), "s500:3:-12");
        assert_eq!(lattice(Form::Hexagon).id([-1, 0]), "h500:-1:0");
    }

    #[test]
    fn a_point_lies_in_the_cell_whose_middle_is_nearest() {
        for form in FORMS {
            let lattice = lattice(form);
            for k in 0..5000 {
                let p = [f64::from(k % 71) * 43.7 - 1500.0, f64::from(k / 71) * 41.3 - 1400.0];
                let own = lattice.cell_at(p);
                let far = |cell: Cell| (lattice.middle(cell)[0] - p[0]).hypot(lattice.middle(cell)[1] - p[1]);
                for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)] {
                    assert!(far(own) <= far([own[0] + dx, own[1] + dy]) + 1e-9, "{form:?} {p:?}");
                }
            }
        }
    }

    #[test]
    fn a_point_on_a_border_lies_to_the_east_and_north() {
        let lattice = lattice(Form::Square);
        assert_eq!(lattice.cell_at([500.0, 250.0]), [1, 0]);
        assert_eq!(lattice.cell_at([0.0, 0.0]), [0, 0]);
        assert_eq!(lattice.cell_at([499.999_999, -0.000_001]), [0, -1]);
    }

    #[test]
    fn distances_of_cells_are_whole_numbers_and_theirs() {
        for form in FORMS {
            let lattice = lattice(form);
            for row in -4..4 {
                for column in -4..4 {
                    for from in [[0, 0], [1, 1], [-2, -3]] {
                        let to = [column, row];
                        let (a, b) = (lattice.middle(from), lattice.middle(to));
                        let apart_m = (a[0] - b[0]).hypot(a[1] - b[1]);
                        assert!((apart_m - 500.0 * (lattice.apart2(from, to) as f64).sqrt()).abs() < 1e-9);
                    }
                }
            }
        }
        // At exactly the distance is within it.
        let square = lattice(Form::Square);
        assert_eq!(square.reach2(500.0), 1);
        assert_eq!(square.reach2(499.99), 0);
        assert_eq!(square.reach2(500.0 * 2f64.sqrt()), 2);
        assert_eq!(square.reach2(1000.0), 4);
    }

    #[test]
    fn neighbours_share_their_corners_to_the_last_digit() {
        for form in FORMS {
            let lattice = lattice(form);
            let own = lattice.corners([2, 3]);
            for (dx, dy, shared) in [(1, 0, 2), (-1, 0, 2), (0, 1, 2), (0, -1, 2)] {
                let theirs = lattice.corners([2 + dx, 3 + dy]);
                assert_eq!(own.iter().filter(|p| theirs.contains(p)).count(), shared, "{form:?}");
            }
        }
    }

    #[test]
    fn ground_lies_in_the_cells_that_it_reaches_into_and_no_others() {
        let lattice = lattice(Form::Square);
        let cells = |ring: &[[f64; 2]]| {
            let mut found = Vec::new();
            lattice.cover(&vec![ring.to_vec()], |cell, middle| found.push((cell, middle)));
            found.sort_unstable();
            found.dedup();
            found
        };
        // Exactly one cell, border on border: no neighbour is touched.
        let exact = cells(&[[0.0, 0.0], [500.0, 0.0], [500.0, 500.0], [0.0, 500.0]]);
        assert_eq!(exact, [([0, 0], true)]);
        // A metre over the border on all sides.
        let wide = cells(&[[-1.0, -1.0], [501.0, -1.0], [501.0, 501.0], [-1.0, 501.0]]);
        let mut all: Vec<Cell> = wide.iter().map(|(cell, _)| *cell).collect();
        all.dedup();
        assert_eq!(all.len(), 9);
        // A field in a corner of a cell does not have its middle, and lies in it nevertheless.
        assert_eq!(cells(&[[10.0, 10.0], [60.0, 10.0], [60.0, 60.0]]), [([0, 0], false)]);
        assert_eq!(cells(&[]), []);
    }

    #[test]
    fn ground_has_every_cell_in_which_one_of_its_points_lies() {
        let ring: Vec<[f64; 2]> = (0..40)
            .map(|k| {
                let (s, c) = (f64::from(k) * std::f64::consts::TAU / 40.0).sin_cos();
                let r = if k % 2 == 0 { 3000.0 } else { 1300.0 };
                [r * c + 71.0, r * s - 33.0]
            })
            .collect();
        let closed: Vec<[f64; 2]> = ring.iter().copied().chain([ring[0]]).collect();
        for form in FORMS {
            let lattice = lattice(form);
            let mut found = std::collections::BTreeSet::new();
            lattice.cover(&vec![ring.clone()], |cell, _| {
                found.insert(cell);
            });
            let mut by_points = std::collections::BTreeSet::new();
            for k in 0..400 * 400 {
                let p = [f64::from(k % 400) * 16.0 - 3200.0, f64::from(k / 400) * 16.0 - 3200.0];
                if crate::geo::shape::crosses_odd(&closed, p) {
                    by_points.insert(lattice.cell_at(p));
                }
            }
            assert!(by_points.is_subset(&found), "{form:?}");
            assert!(found.len() < by_points.len() + 12, "{} for {}", found.len(), by_points.len());
        }
    }
}
