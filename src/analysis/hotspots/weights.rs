//! Which units are neighbours. On a lattice nobody writes that down: it is the same everywhere, and read off.

use std::sync::OnceLock;

use super::lattice::{Cell, Lattice};
use super::units::Slots;

/// Neighbours of units, none its own.
pub enum Weights {
    /// All cells of these offsets, for even and for odd rows.
    Band { slots: Slots, offsets: [Vec<Cell>; 2] },
    /// The nearest cells.
    Nearest(Nearest),
    /// Written down: unit `n` has `others[starts[n]..starts[n + 1]]`.
    Listed { starts: Vec<u32>, others: Vec<u32> },
}

/// Offsets with their squared distances, nearest first.
type Offsets = Vec<(i64, Cell)>;

/// The `k` nearest cells that there are; of equally near ones the southern before the northern, the western before the eastern.
pub struct Nearest {
    slots: Slots,
    lattice: Lattice,
    k: usize,
    /// Offsets by distance, for even and odd rows, within a radius that doubles from one to the next.
    levels: Vec<OnceLock<[Offsets; 2]>>,
}

/// The offsets from a cell in an even or an odd row to all within a distance, its own place left out, nearest first.
fn offsets(lattice: &Lattice, reach2: i64, odd: bool) -> Offsets {
    // A row of hexagons rises by less than their size, and may be shifted by half of it.
    let most = ((reach2 as f64).sqrt() * 1.16).ceil() as i32 + 1;
    let from = [0, i32::from(odd)];
    let cells = (-most..=most).flat_map(|dy| (-most..=most).map(move |dx| [dx, dy]));
    let mut found: Vec<(i64, Cell)> = cells
        .map(|[dx, dy]| (lattice.apart2(from, [dx, from[1] + dy]), [dx, dy]))
        .filter(|(apart2, _)| *apart2 > 0 && *apart2 <= reach2)
        .collect();
    found.sort_unstable_by_key(|(apart2, [dx, dy])| (*apart2, *dy, *dx));
    found
}

impl Weights {
    /// Cells whose middles are within a distance (≤) of each other.
    pub fn band(lattice: &Lattice, slots: Slots, band_m: f64) -> Self {
        let reach2 = lattice.reach2(band_m);
        let of = |odd| offsets(lattice, reach2, odd).into_iter().map(|(_, cell)| cell).collect();
        Self::Band { slots, offsets: [of(false), of(true)] }
    }

    /// The `k` cells whose middles are nearest.
    pub fn nearest(lattice: &Lattice, slots: Slots, k: usize) -> Self {
        Self::Nearest(Nearest { slots, lattice: *lattice, k, levels: (0..24).map(|_| OnceLock::new()).collect() })
    }

    /// Written down, unit by unit.
    pub fn listed(all: impl Iterator<Item = Vec<u32>>) -> Self {
        let (mut starts, mut others) = (vec![0], Vec::new());
        for list in all {
            others.extend(list);
            starts.push(others.len() as u32);
        }
        Self::Listed { starts, others }
    }

    /// Calls `each` with the neighbours of a unit.
    #[inline]
    pub fn each(&self, unit: u32, mut each: impl FnMut(u32)) {
        match self {
            Self::Band { slots, offsets } => {
                let [column, row] = slots.cell(unit);
                for [dx, dy] in &offsets[(row & 1) as usize] {
                    if let Some(other) = slots.unit([column + dx, row + dy]) {
                        each(other);
                    }
                }
            }
            Self::Nearest(nearest) => nearest.each(unit, each),
            Self::Listed { starts, others } => {
                let (from, to) = (starts[unit as usize] as usize, starts[unit as usize + 1] as usize);
                others[from..to].iter().for_each(|&other| each(other));
            }
        }
    }
}

impl Nearest {
    fn each(&self, unit: u32, mut each: impl FnMut(u32)) {
        let [column, row] = self.slots.cell(unit);
        let wanted = self.k.min(self.slots.len().saturating_sub(1));
        let first = (self.k as f64).sqrt().ceil() + 1.0;
        for (level, kept) in self.levels.iter().enumerate() {
            let radius = first * f64::from(1_u32 << level);
            let reach2 = (radius * radius) as i64;
            let all = kept.get_or_init(|| [false, true].map(|odd| offsets(&self.lattice, reach2, odd)));
            let there = all[(row & 1) as usize].iter();
            let found: Vec<u32> =
                there.filter_map(|(_, [dx, dy])| self.slots.unit([column + dx, row + dy])).take(wanted).collect();
            if found.len() == wanted {
                return found.into_iter().for_each(&mut each);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lattice::Form;
    use super::*;

    fn lattice(form: Form) -> Lattice {
        Lattice::about(form, 500.0, [117.4, 39.6])
    }

    fn of(weights: &Weights, unit: u32) -> Vec<u32> {
        let mut all = Vec::new();
        weights.each(unit, |other| all.push(other));
        all
    }

    /// A block of so many columns and rows, row by row from the south-west.
    fn block(columns: i32, rows: i32) -> Slots {
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| [column, row])).collect();
        Slots::new(cells).unwrap()
    }

    #[test]
    fn a_band_holds_exactly_what_is_within_it() {
        let squares = |band_m| of(&Weights::band(&lattice(Form::Square), block(5, 5), band_m), 12);
        assert!(squares(499.999).is_empty());
        assert_eq!(squares(500.0), [7, 11, 13, 17], "at exactly the band");
        assert_eq!(squares(500.0 * 2f64.sqrt()).len(), 8);
        assert_eq!(squares(707.1).len(), 4);
        let hexagons = |unit| of(&Weights::band(&lattice(Form::Hexagon), block(5, 5), 500.0), unit).len();
        assert_eq!((hexagons(12), hexagons(7)), (6, 6), "in odd rows and in even");
        assert_eq!(hexagons(0), 2, "in a corner that is not shifted");
    }

    #[test]
    fn of_equally_near_cells_the_southern_and_the_western_come_first() {
        let squares = |k, unit| of(&Weights::nearest(&lattice(Form::Square), block(5, 5), k), unit);
        assert_eq!(squares(1, 12), [7]);
        assert_eq!(squares(3, 12), [7, 11, 13]);
        assert_eq!(squares(4, 0), [1, 5, 6, 2], "two at the distance of two cells: the southern one");
        assert_eq!(squares(100, 0).len(), 24, "no more than there are");
    }

    #[test]
    fn an_island_finds_its_nearest_however_far() {
        let slots = Slots::new(vec![[0, 0], [1, 0], [900, 0], [901, 0], [902, 0]]).unwrap();
        assert_eq!(of(&Weights::nearest(&lattice(Form::Square), slots, 2), 1), [0, 2]);
        let slots = Slots::new(vec![[0, 0], [1, 0], [900, 0]]).unwrap();
        assert!(of(&Weights::band(&lattice(Form::Square), slots, 600.0), 2).is_empty(), "within a band it has none");
    }
}
