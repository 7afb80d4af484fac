//! One allocation shared by many tables: seen whole, through a choice of its rows, or with later rows behind it.

use std::collections::HashMap;
use std::sync::Arc;

/// Something shared, seen whole or through a choice of its rows. Rows that were written later stand in a tail behind it.
#[derive(Debug)]
pub struct Pick<T> {
    base: Arc<T>,
    rows: Option<Arc<[u32]>>,
    /// The places from the number on lie in it.
    tail: Option<(u32, Arc<T>)>,
}

impl<T> Clone for Pick<T> {
    fn clone(&self) -> Self {
        Self { base: self.base.clone(), rows: self.rows.clone(), tail: self.tail.clone() }
    }
}

impl<T> Pick<T> {
    /// The whole of it.
    pub fn whole(base: T) -> Self {
        Self { base: Arc::new(base), rows: None, tail: None }
    }

    /// About how many bytes it takes of its own: the choice of rows, or the thing where it is whole.
    pub fn bytes(&self, whole: impl Fn(&T) -> usize) -> usize {
        let tail = self.tail.as_ref().map_or(0, |(_, tail)| whole(tail));
        tail + self.rows.as_ref().map_or_else(|| whole(&self.base), |rows| rows.len() * size_of::<u32>())
    }

    /// The shared thing, without its tail.
    pub fn base(&self) -> &T {
        &self.base
    }

    /// Where row `row` stands: in which part, and at which place of it.
    #[inline]
    pub fn at(&self, row: u32) -> (&T, u32) {
        let place = match &self.rows {
            Some(rows) => rows[row as usize],
            None => row,
        };
        match &self.tail {
            Some((from, tail)) if place >= *from => (tail, place - from),
            _ => (&self.base, place),
        }
    }

    /// The same, seen through `rows`. `through` remembers what a choice of rows comes to, for it is the same for all
    /// the columns of a table that share one.
    pub fn choose(&self, rows: &Arc<[u32]>, through: &mut Through) -> Self {
        let rows = match &self.rows {
            None => rows.clone(),
            Some(own) => through.compose(own, rows),
        };
        Self { base: self.base.clone(), rows: Some(rows), tail: self.tail.clone() }
    }

    /// The base seen through `rows`, of which the places from `from`, the length of the base, on lie in `tail`.
    pub fn with_tail(&self, rows: &Arc<[u32]>, from: u32, tail: &Self) -> Self {
        Self { base: self.base.clone(), rows: Some(rows.clone()), tail: Some((from, tail.base.clone())) }
    }
}

/// Compositions of row choices already made.
#[derive(Default)]
pub struct Through(HashMap<usize, Arc<[u32]>>);

impl Through {
    fn compose(&mut self, own: &Arc<[u32]>, rows: &Arc<[u32]>) -> Arc<[u32]> {
        self.0
            .entry(own.as_ptr() as usize)
            .or_insert_with(|| rows.iter().map(|&row| own[row as usize]).collect())
            .clone()
    }
}
