//! A table with some of its columns or its geometries in other words: all else is shared.

use crate::geo::shape::Geometries;
use crate::table::column::ColumnBuilder;
use crate::table::pick::Pick;
use crate::table::rows::{Made, Table};

impl Table {
    /// The same features with other values in the columns of these numbers, and with other geometries where any are given;
    /// each for every row. What it had made of itself is made anew: nothing of it speaks of what was there before.
    #[must_use]
    pub fn altered(&self, columns: Vec<(usize, ColumnBuilder)>, geometries: Option<Geometries>) -> Self {
        let mut altered = Self {
            attributes: self.attributes.clone(),
            order: self.order.clone(),
            len: self.len,
            ids: self.ids.clone(),
            columns: self.columns.clone(),
            geometries: geometries.map_or_else(|| self.geometries.clone(), Pick::whole),
            late: None,
            made: Made::default(),
        };
        for (at, column) in columns {
            altered.columns[at] = Pick::whole(column.finish());
        }
        altered
    }
}
