//! A table with some of its features changed: what has not changed is shared with the table before.
//!
//! The columns of the table before become the base; the features that changed stand behind them in a tail, and an array says
//! for each row where it stands. So a change costs what changed, and an array of row numbers, however large the table is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::geo::bbox::Bbox;
use crate::table::Table;
use crate::table::rows::{Builder, Made, Row};

/// The tail may have so many rows, or this share of the base; then the table is written anew.
const TAIL_ROWS: usize = 4096;
const TAIL_SHARE: usize = 64;

impl Table {
    /// This table with the features of `arriving` added, or in the place of those of the same ids, and without those of the
    /// ids in `gone` that do not arrive. The attributes of `arriving` are the same, found by name.
    ///
    /// Costs what changes and an array of row numbers. What this table has made of itself is taken over, patched.
    #[must_use]
    pub fn patched(&self, arriving: &Self, gone: &[&str]) -> Self {
        let patch = Patch::new(self, arriving, gone);
        let room = TAIL_ROWS.max(self.ids.base().len() / TAIL_SHARE);
        let table = match &self.late {
            Some(_) if patch.late.len() <= room => patch.beside(arriving),
            _ => patch.copy(arriving, (0..patch.len).map(|number| patch.source(number))),
        };
        // Nobody else has the new table yet: nothing of it can have been made.
        let _ = table.made.by_id.set(patch.by_id());
        if let Some(bbox) = patch.bbox(&table) {
            let _ = table.made.bbox.set(bbox);
        }
        if let Some(digest) = patch.digest(&table) {
            let _ = table.made.digest.set(digest);
        }
        table
    }
}

/// Where a row of the patched table comes from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Old(Row<'a>),
    Arriving(Row<'a>),
}

/// What becomes of which row.
struct Patch<'a> {
    old: &'a Table,
    /// How many rows there are then.
    len: u32,
    /// The rows that do not stand at their own number in the base.
    late: BTreeMap<u32, Source<'a>>,
    /// The old rows whose features go, or are replaced.
    displaced: Vec<u32>,
    /// How the order by id differs, in that order.
    edits: Vec<Edit<'a>>,
}

/// A change of the order by id: at a place of it, a row is put in before the one that is there, or in its stead.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Edit<'a> {
    at: usize,
    drop: bool,
    id: &'a str,
    put: Option<u32>,
}

impl<'a> Patch<'a> {
    fn new(old: &'a Table, arriving: &'a Table, gone: &[&'a str]) -> Self {
        let late = old.late.iter().flatten().map(|&row| (row, Source::Old(old.row(row)))).collect();
        let mut patch = Self { old, len: old.len, late, displaced: Vec::new(), edits: Vec::new() };
        let mut free = BTreeSet::new();
        for id in gone.iter().filter(|id| arriving.find(id).is_none()) {
            if let Ok(at) = old.place_by_id(id)
                && free.insert(old.by_id()[at])
            {
                patch.displaced.push(old.by_id()[at]);
                patch.edits.push(Edit { at, drop: true, id, put: None });
            }
        }
        for row in arriving.rows() {
            let known = old.find(row.id()).map(|row| row.row);
            patch.displaced.extend(known);
            let number = known.or_else(|| free.pop_first()).unwrap_or(patch.len);
            patch.len = patch.len.max(number + 1);
            patch.late.insert(number, Source::Arriving(row));
        }
        // The last rows take the numbers that were left free.
        while let Some(number) = free.pop_last() {
            patch.len -= 1;
            let last = patch.source(patch.len);
            patch.late.remove(&patch.len);
            if number < patch.len {
                patch.late.insert(number, last);
            }
        }
        patch.note_numbers();
        patch
    }

    /// Notes the rows whose numbers are new.
    fn note_numbers(&mut self) {
        for (&number, source) in &self.late {
            let row = match source {
                Source::Old(row) if row.row == number => continue,
                Source::Old(row) | Source::Arriving(row) => row,
            };
            let (at, drop) = match self.old.place_by_id(row.id()) {
                Ok(at) if self.old.by_id()[at] == number => continue,
                Ok(at) => (at, true),
                Err(at) => (at, false),
            };
            self.edits.push(Edit { at, drop, id: row.id(), put: Some(number) });
        }
        self.edits.sort_unstable();
    }

    fn source(&self, number: u32) -> Source<'a> {
        self.late.get(&number).copied().unwrap_or_else(|| Source::Old(self.old.row(number)))
    }

    /// A table of copies.
    fn copy(&self, arriving: &Table, rows: impl Iterator<Item = Source<'a>>) -> Table {
        let own: Vec<Option<usize>> = (0..self.old.columns.len()).map(Some).collect();
        let other: Vec<Option<usize>> = self.old.attributes.iter().map(|a| arriving.column(&a.name)).collect();
        let mut builder = Builder::new(self.old.attributes.clone());
        rows.for_each(|source| match source {
            Source::Old(row) => builder.copy(row, &own),
            Source::Arriving(row) => builder.copy(row, &other),
        });
        builder.finish(self.old.order.clone())
    }

    /// A table that shares the old one's base, with what differs behind it.
    fn beside(&self, arriving: &Table) -> Table {
        let (old, tail) = (self.old, self.copy(arriving, self.late.values().copied()));
        let from = old.ids.base().len() as u32;
        let mut places: Arc<[u32]> = (0..self.len).collect();
        let own = Arc::make_mut(&mut places);
        self.late.keys().zip(from..).for_each(|(&number, place)| own[number as usize] = place);
        let table = Table {
            attributes: old.attributes.clone(),
            order: old.order.clone(),
            len: self.len,
            ids: old.ids.with_tail(&places, from, &tail.ids),
            columns: old.columns.iter().zip(&tail.columns).map(|(o, t)| o.with_tail(&places, from, t)).collect(),
            geometries: old.geometries.with_tail(&places, from, &tail.geometries),
            late: Some(self.late.keys().copied().collect()),
            made: Made::default(),
        };
        if let Some(index) = old.made.index.get() {
            let index = index.patched(from, places, table.boxes(self.late.keys().copied()));
            let _ = table.made.index.set(index);
        }
        table
    }

    /// The order by id: the old one's, shared where no number is new.
    fn by_id(&self) -> Arc<Vec<u32>> {
        let old = self.old.by_id();
        if self.edits.is_empty() {
            return old.clone();
        }
        let mut rows = Vec::with_capacity(self.len as usize);
        let mut from = 0;
        for edit in &self.edits {
            rows.extend_from_slice(&old[from..edit.at]);
            rows.extend(edit.put);
            from = edit.at + usize::from(edit.drop);
        }
        rows.extend_from_slice(&old[from..]);
        Arc::new(rows)
    }

    /// The box of all, where the old one is known and still tells: no box that held an edge of it has gone.
    fn bbox(&self, table: &Table) -> Option<Option<Bbox>> {
        let all = (*self.old.made.bbox.get()?)?;
        let held = |b: Bbox| b.west <= all.west || b.south <= all.south || b.east >= all.east || b.north >= all.north;
        let stays = |row: u32| {
            let before = self.old.shape(row).bbox();
            !before.is_some_and(held) || (row < table.len && table.shape(row).bbox() == before)
        };
        let came = self.late.iter().filter(|(_, source)| matches!(source, Source::Arriving(_)));
        self.displaced
            .iter()
            .all(|&row| stays(row))
            .then(|| Some(table.boxes(came.map(|(&number, _)| number)).fold(all, |all, (_, one)| all.union(&one))))
    }

    /// The digest, where the old one is known.
    fn digest(&self, table: &Table) -> Option<u128> {
        let less = |sum: u128, &row: &u32| sum.wrapping_sub(self.old.row(row).digest());
        let rest = self.displaced.iter().fold(*self.old.made.digest.get()?, less);
        let more = |sum: u128, (&number, source): (&u32, &Source<'_>)| match source {
            Source::Arriving(_) => sum.wrapping_add(table.row(number).digest()),
            Source::Old(_) => sum,
        };
        Some(self.late.iter().fold(rest, more))
    }
}
