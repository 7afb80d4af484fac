//! The units that are compared: cells that lie in the ground, or villages; and what is counted in each.

use crate::analysis::counted::Place;
use crate::analysis::{Bound, standing};
use crate::fault::Fault;
use crate::geo::cut::{self, Rings};
use crate::geo::hull;
use crate::table::Table;

use super::lattice::{Cell, Form, Lattice};

/// Squares of the plane that are looked up in an array at the most; beyond, cells are too small for the ground.
const MOST_SLOTS: u64 = 60_000_000;

/// Cells in a row each, and where each stands.
#[derive(Clone)]
pub struct Slots {
    cells: Vec<Cell>,
    west: i32,
    south: i32,
    columns: i32,
    rows: i32,
    /// Unit + 1 by place; 0: none.
    units: Vec<u32>,
}

impl Slots {
    /// Cells, each once; None where they are spread too wide.
    pub fn new(cells: Vec<Cell>) -> Option<Self> {
        let range = |axis: usize| {
            let all = cells.iter().map(|cell| cell[axis]);
            (all.clone().min().unwrap_or(0), all.max().unwrap_or(-1))
        };
        let ((west, east), (south, north)) = (range(0), range(1));
        let (columns, rows) = (i64::from(east) - i64::from(west) + 1, i64::from(north) - i64::from(south) + 1);
        if columns as u64 * rows as u64 > MOST_SLOTS {
            return None;
        }
        let mut slots = Self { cells, west, south, columns: columns as i32, rows: rows as i32, units: Vec::new() };
        slots.units = vec![0; (columns * rows) as usize];
        for unit in 0..slots.cells.len() {
            if let Some(place) = slots.place(slots.cells[unit]) {
                slots.units[place] = unit as u32 + 1;
            }
        }
        Some(slots)
    }

    #[inline]
    fn place(&self, [column, row]: Cell) -> Option<usize> {
        let (x, y) = (column - self.west, row - self.south);
        let inside = x >= 0 && y >= 0 && x < self.columns && y < self.rows;
        inside.then(|| y as usize * self.columns as usize + x as usize)
    }

    /// The unit in a cell; None where there is none.
    #[inline]
    pub fn unit(&self, cell: Cell) -> Option<u32> {
        self.units.get(self.place(cell)?)?.checked_sub(1)
    }

    /// The cell of a unit.
    #[inline]
    pub fn cell(&self, unit: u32) -> Cell {
        self.cells[unit as usize]
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }
}

/// Units, what is counted in each, and the villages that each lies in.
pub struct Units {
    /// How many there are.
    pub len: usize,
    /// What they are.
    pub shape: UnitShape,
    /// What is counted in each: in the period, and in the one before.
    pub counts: [Vec<u32>; 2],
    /// What that comes to: [`Place::value`] added up.
    pub sums: [Vec<i64>; 2],
    /// What lies in none of them.
    pub outside: usize,
    /// Unit `n` lies in the villages `villages[starts[n]..starts[n + 1]]`, the one that has its middle first.
    starts: Vec<u32>,
    villages: Vec<u32>,
}

/// What units are.
pub enum UnitShape {
    /// Cells of a lattice.
    Cells(Lattice, Slots),
    /// Villages, by their rows, in the order of their ids.
    Villages(Vec<u32>),
}

impl Units {
    /// The villages that a unit lies in.
    pub fn villages_of(&self, unit: usize) -> &[u32] {
        match &self.shape {
            UnitShape::Villages(rows) => &rows[unit..=unit],
            UnitShape::Cells(..) => &self.villages[self.starts[unit] as usize..self.starts[unit + 1] as usize],
        }
    }
}

/// The rows of the villages that there are, in the order of their ids.
pub fn village_rows(villages: &Table) -> Vec<u32> {
    let stands = standing(villages);
    let is_ground = |row: u32| villages.shape(row).kind.dimension() == Some(2);
    villages.sorted().iter().copied().filter(|&row| stands(row) && is_ground(row)).collect()
}

/// The ground that is compared: the villages', each with its row; without villages, the hull of all that is counted.
pub fn ground(lattice: &Lattice, villages: Option<&Table>, places: &[Place]) -> Vec<(Option<u32>, Rings)> {
    let frame = lattice.frame();
    match villages {
        Some(table) => {
            village_rows(table).into_iter().map(|row| (Some(row), cut::lay_rings(frame, table.shape(row)))).collect()
        }
        None => {
            let points = places.iter().map(|place| frame.lnglat_to_local(place.at)).collect();
            vec![(None, vec![hull::convex(points)])]
        }
    }
}

/// The middle of the map: that of the villages' ground, else of all that is counted.
pub fn middle(villages: Option<&Table>, places: &[Place]) -> [f64; 2] {
    use crate::geo::bbox::Bbox;
    let of_places = || places.iter().map(|place| Bbox::point(place.at)).reduce(|all, one| all.union(&one));
    let ground = villages.filter(|table| !table.is_empty()).and_then(Table::bbox);
    ground.or_else(of_places).map_or([0.0; 2], |bbox| bbox.centre())
}

/// The villages of a map, where there are any with ground.
pub fn villages(bound: &Bound) -> Option<&Table> {
    let table: &Table = bound.layers("villages").first()?.table();
    (!village_rows(table).is_empty()).then_some(table)
}

/// Cells of the lattice that lie in the ground, and what is counted in each.
///
/// # Errors
/// `cells-too-many` where the cells are too small for the ground.
pub fn cells(form: Form, size_m: f64, villages: Option<&Table>, places: &[Place]) -> Result<Units, Fault> {
    let lattice = Lattice::about(form, size_m, middle(villages, places));
    let too_many = |cells: f64| {
        // So that they are as many as may be.
        let least = size_m * (cells / MOST_SLOTS as f64).sqrt() * 1.01;
        Fault::unprocessable("cells-too-many").with("cell", size_m).with("least", least.ceil())
    };
    let ground = ground(&lattice, villages, places);
    let window = ground
        .iter()
        .map(|(_, rings)| cut::window_of(rings))
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    if let Some([w, s, e, n]) = window.filter(|window| window.iter().all(|x| x.is_finite())) {
        let all = ((e - w) / size_m + 2.0) * ((n - s) / size_m + 2.0);
        if all > MOST_SLOTS as f64 {
            return Err(too_many(all));
        }
    }
    // Cell, whether the middle lies elsewhere, and the village's place in the order of the ids.
    let mut lies: Vec<(Cell, bool, u32)> = Vec::new();
    for (order, (_, rings)) in ground.iter().enumerate() {
        let from = lies.len();
        lattice.cover(rings, |cell, middle| lies.push((cell, !middle, order as u32)));
        lies[from..].sort_unstable();
        let mut last = None;
        let mut kept = from;
        for at in from..lies.len() {
            if last != Some(lies[at].0) {
                last = Some(lies[at].0);
                lies[kept] = lies[at];
                kept += 1;
            }
        }
        lies.truncate(kept);
    }
    if villages.is_none() {
        // A hull without area may lie along a border, and then reaches into no cell.
        lies.extend(places.iter().map(|place| (lattice.cell_at(lattice.frame().lnglat_to_local(place.at)), false, 0)));
    }
    lies.sort_unstable_by_key(|([column, row], elsewhere, order)| (*row, *column, *elsewhere, *order));
    let (mut all, mut starts, mut in_villages): (Vec<Cell>, Vec<u32>, Vec<u32>) = Default::default();
    for (cell, _, order) in lies {
        if all.last() != Some(&cell) {
            all.push(cell);
            starts.push(in_villages.len() as u32);
        }
        in_villages.extend(ground[order as usize].0);
    }
    starts.push(in_villages.len() as u32);
    let slots = Slots::new(all).ok_or_else(|| too_many(MOST_SLOTS as f64 * 2.0))?;
    let mut counts = [vec![0; slots.len()], vec![0; slots.len()]];
    let mut sums = [vec![0; slots.len()], vec![0; slots.len()]];
    let mut outside = 0;
    for place in places {
        match slots.unit(lattice.cell_at(lattice.frame().lnglat_to_local(place.at))) {
            Some(unit) => {
                let period = usize::from(place.before);
                counts[period][unit as usize] += 1;
                sums[period][unit as usize] += place.value;
            }
            None => outside += usize::from(!place.before),
        }
    }
    let len = slots.len();
    Ok(Units { len, shape: UnitShape::Cells(lattice, slots), counts, sums, outside, starts, villages: in_villages })
}

/// Villages, and what is counted in each; where two overlap, in that with the smaller id.
pub fn by_village(villages: &Table, places: &[Place]) -> Units {
    let rows = village_rows(villages);
    let mut unit_of = vec![u32::MAX; villages.len() as usize];
    rows.iter().enumerate().for_each(|(unit, &row)| unit_of[row as usize] = unit as u32);
    let mut counts = [vec![0; rows.len()], vec![0; rows.len()]];
    let mut sums = [vec![0; rows.len()], vec![0; rows.len()]];
    let mut outside = 0;
    for place in places {
        let mut found = u32::MAX;
        villages.index().search(&crate::geo::bbox::Bbox::point(place.at), |row| {
            if unit_of[row as usize] < found && villages.shape(row).contains(place.at) {
                found = unit_of[row as usize];
            }
        });
        let period = usize::from(place.before);
        match counts[period].get_mut(found as usize).zip(sums[period].get_mut(found as usize)) {
            Some((count, sum)) => {
                *count += 1;
                *sum += place.value;
            }
            None => outside += usize::from(!place.before),
        }
    }
    let len = rows.len();
    Units { len, shape: UnitShape::Villages(rows), counts, sums, outside, starts: Vec::new(), villages: Vec::new() }
}
