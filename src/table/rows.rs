//! A table of features: ids, typed columns, geometries; whole, or a choice of another table's rows.

use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::geo::bbox::Bbox;
use crate::geo::shape::{Geometries, Shape};
use crate::kind::Attribute;
use crate::query::SortKey;
use crate::table::column::{Column, ColumnBuilder, Ids, Value};
use crate::table::index::Index;
use crate::table::kept::Kept;
use crate::table::pick::{Pick, Through};
use crate::threads;

/// Features in columns. Never changed once made; what is derived from it is made once, when first asked for.
pub struct Table {
    pub(super) attributes: Vec<Attribute>,
    pub(super) order: Vec<SortKey>,
    pub(super) len: u32,
    pub(super) ids: Pick<Ids>,
    pub(super) columns: Vec<Pick<Column>>,
    pub(super) geometries: Pick<Geometries>,
    /// The rows that stand in the tail, in its order: every other row stands at its own number in the base. None where the
    /// columns have no base in common.
    pub(super) late: Option<Vec<u32>>,
    pub(super) made: Made,
}

/// What is made of a table when it is first asked for.
#[derive(Default)]
pub(super) struct Made {
    pub(super) sorted: OnceLock<Vec<u32>>,
    pub(super) by_id: OnceLock<Arc<Vec<u32>>>,
    pub(super) index: OnceLock<Index>,
    pub(super) bbox: OnceLock<Option<Bbox>>,
    pub(super) digest: OnceLock<u128>,
    pub(super) kept: Kept,
}

/// One feature of a table.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub(super) table: &'a Table,
    /// Its row number: good within the table, never shown.
    pub row: u32,
}

impl<'a> Row<'a> {
    /// The feature's id.
    #[inline]
    pub fn id(self) -> &'a str {
        let (ids, at) = self.table.ids.at(self.row);
        ids.get(at)
    }

    /// The value in column `at`.
    #[inline]
    pub fn value(self, at: usize) -> Value<'a> {
        let (column, at) = self.table.columns[at].at(self.row);
        column.get(at)
    }

    /// The value of the attribute of that name; null where the table has none.
    pub fn named(self, attribute: &str) -> Value<'a> {
        self.table.column(attribute).map_or(Value::Null, |at| self.value(at))
    }

    /// The geometry.
    #[inline]
    pub fn shape(self) -> Shape<'a> {
        self.table.shape(self.row)
    }

    /// The fingerprint of the feature's state (XXH3, 128 bits): its id, its values in the order of the attributes, and its
    /// geometry. Two states that differ in anything have different ones.
    pub fn digest(self) -> u128 {
        let mut hasher = Xxh3::new();
        tagged(&mut hasher, Value::Text(self.id()));
        (0..self.table.columns.len()).for_each(|at| tagged(&mut hasher, self.value(at)));
        let shape = self.shape();
        hasher.update(&[shape.kind as u8]);
        for (shell, part) in shape.parts() {
            hasher.update(&[u8::from(shell)]);
            hasher.update(&(part.len() as u32).to_le_bytes());
            for c in part {
                hasher.update(&c[0].to_bits().to_le_bytes());
                hasher.update(&c[1].to_bits().to_le_bytes());
            }
        }
        hasher.digest128()
    }
}

impl Table {
    /// How many features there are.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The attributes, in the order of the columns.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The keys of its own order; empty: by id.
    pub fn order(&self) -> &[SortKey] {
        &self.order
    }

    /// The column of an attribute.
    pub fn column(&self, attribute: &str) -> Option<usize> {
        self.attributes.iter().position(|a| a.name == attribute)
    }

    /// A feature by its row number.
    #[inline]
    pub fn row(&self, row: u32) -> Row<'_> {
        Row { table: self, row }
    }

    /// All features, in the order in which they are kept (neighbours together).
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len).map(|row| self.row(row))
    }

    /// The geometry of a row.
    #[inline]
    pub fn shape(&self, row: u32) -> Shape<'_> {
        let (geometries, at) = self.geometries.at(row);
        geometries.shape(at)
    }

    /// The feature of that id.
    pub fn find(&self, id: &str) -> Option<Row<'_>> {
        let at = self.place_by_id(id).ok()?;
        Some(self.row(self.by_id()[at]))
    }

    /// Where among the rows by id one stands, or would stand.
    pub(super) fn place_by_id(&self, id: &str) -> Result<usize, usize> {
        self.by_id().binary_search_by(|&row| self.row(row).id().cmp(id))
    }

    /// The rows by id.
    pub(super) fn by_id(&self) -> &Arc<Vec<u32>> {
        self.made.by_id.get_or_init(|| {
            let id = |row: u32| self.row(row).id().as_bytes();
            // Most ids begin alike, and differ in the eight bytes behind: those are held against each other as one number.
            let first = if self.len == 0 { &[] } else { id(0) };
            let alike =
                |alike: usize, row: u32| first.iter().zip(id(row)).take(alike).take_while(|(a, b)| a == b).count();
            let alike = (1..self.len).fold(first.len(), alike);
            let key = |row: u32| {
                let mut bytes = [0; 8];
                bytes.iter_mut().zip(&id(row)[alike..]).for_each(|(to, byte)| *to = *byte);
                (u64::from_be_bytes(bytes), row)
            };
            let mut keyed: Vec<(u64, u32)> = (0..self.len).map(key).collect();
            keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))));
            Arc::new(keyed.into_iter().map(|(_, row)| row).collect())
        })
    }

    /// The rows in the table's own order.
    pub fn sorted(&self) -> &[u32] {
        if self.order.is_empty() {
            return self.by_id();
        }
        self.made.sorted.get_or_init(|| {
            let mut rows: Vec<u32> = (0..self.len).collect();
            self.sort(&mut rows, &self.order);
            rows
        })
    }

    /// The R-tree over the boxes of its rows.
    pub fn index(&self) -> &Index {
        self.made.index.get_or_init(|| Index::new(self.boxes(0..self.len)))
    }

    /// Makes what nearly everybody asks of it, its R-tree and its fingerprint, each by a hand of its own.
    pub fn prepare(&self) {
        // Neither hands work to others: a hand that waits there could be given work that asks for the very same thing.
        threads::short(|| rayon::join(|| self.index(), || self.digest()));
    }

    /// Rows that have a place, with their boxes.
    pub(super) fn boxes(&self, rows: impl Iterator<Item = u32>) -> impl Iterator<Item = (u32, Bbox)> {
        rows.filter_map(|row| self.shape(row).bbox().map(|bbox| (row, bbox)))
    }

    /// The box of all its features; None when nothing has a place.
    pub fn bbox(&self) -> Option<Bbox> {
        let union = || self.boxes(0..self.len).map(|(_, bbox)| bbox).reduce(|all, one| all.union(&one));
        *self.made.bbox.get_or_init(union)
    }

    /// A fingerprint of all that it holds, whatever the order of its rows: the sum of the rows' digests, so that an edit is
    /// taken into it without reading the rest.
    pub fn digest(&self) -> u128 {
        *self.made.digest.get_or_init(|| {
            let schema: Vec<&str> = self.attributes.iter().map(|a| a.name.as_str()).collect();
            let schema = xxh3_128(schema.join("\n").as_bytes());
            self.rows().fold(schema, |sum, row| sum.wrapping_add(row.digest()))
        })
    }

    /// About how many bytes it takes of its own, without what it shares with the table that it came from.
    pub fn bytes(&self) -> usize {
        /// A box in the tree of an index, and a row in an order.
        const MADE: usize = 64;
        let columns: usize = self.columns.iter().map(|column| column.bytes(Column::bytes)).sum();
        columns + self.ids.bytes(Ids::bytes) + self.geometries.bytes(Geometries::bytes) + self.len as usize * MADE
    }

    /// A table of some of its rows with columns added, in an order of its own: how most analyses answer.
    ///
    /// Nothing is copied but the row numbers. `added` has a value for each of `rows`, in the same order.
    pub fn derive(&self, rows: Vec<u32>, added: Vec<(Attribute, ColumnBuilder)>, order: Vec<SortKey>) -> Self {
        let rows: Arc<[u32]> = rows.into();
        let mut through = Through::default();
        let mut attributes = self.attributes.clone();
        let mut columns: Vec<_> = self.columns.iter().map(|column| column.choose(&rows, &mut through)).collect();
        for (attribute, column) in added {
            let column = Pick::whole(column.finish());
            // A property of the analysis takes the place of an attribute of the same name.
            match attributes.iter().position(|a| a.name == attribute.name) {
                Some(at) => {
                    attributes[at] = attribute;
                    columns[at] = column;
                }
                None => {
                    attributes.push(attribute);
                    columns.push(column);
                }
            }
        }
        Self {
            attributes,
            order,
            len: rows.len() as u32,
            ids: self.ids.choose(&rows, &mut through),
            columns,
            geometries: self.geometries.choose(&rows, &mut through),
            late: None,
            made: Made::default(),
        }
    }

    /// The same rows under ids of their own, each of which there must be once: where a feature is the subject of several rows.
    #[must_use]
    pub fn with_ids(mut self, ids: Ids) -> Self {
        self.ids = Pick::whole(ids);
        self.late = None;
        self.made = Made::default();
        self
    }

    /// The same features with other geometries, row by row.
    #[must_use]
    pub fn with_geometries(mut self, geometries: Geometries) -> Self {
        self.geometries = Pick::whole(geometries);
        self.late = None;
        self.made = Made::default();
        self
    }
}

/// Takes a value into a digest. Each says what it is, and a text how long, so that none reads like two others.
fn tagged(hasher: &mut Xxh3, value: Value<'_>) {
    let mut feed = |tag: u8, bytes: &[u8]| {
        hasher.update(&[tag]);
        hasher.update(bytes);
    };
    match value {
        Value::Null => feed(0, &[]),
        Value::Bool(b) => feed(1, &[u8::from(b)]),
        Value::Int(n) => feed(2, &n.to_le_bytes()),
        Value::Float(x) => feed(3, &x.to_bits().to_le_bytes()),
        Value::Date(day) => feed(4, &day.0.to_le_bytes()),
        Value::Text(text) => {
            feed(5, &(text.len() as u32).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
}

/// A table being filled, row by row: `push` the id and the values, and write the geometry into `geometries`.
pub struct Builder {
    attributes: Vec<Attribute>,
    ids: Ids,
    columns: Vec<ColumnBuilder>,
    /// One row of it must be written for each `push`.
    pub geometries: Geometries,
}

impl Builder {
    /// An empty table of these attributes.
    pub fn new(attributes: Vec<Attribute>) -> Self {
        let columns = attributes.iter().map(|a| ColumnBuilder::new(a.value_type)).collect();
        Self { attributes, ids: Ids::default(), columns, geometries: Geometries::default() }
    }

    /// Adds a feature; `values` in the order of the attributes.
    pub fn push<'v>(&mut self, id: &str, values: impl IntoIterator<Item = Value<'v>>) {
        self.ids.push(id);
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// Adds a feature as it stands in another table, of which `columns` has the place of each attribute; None: it has none.
    pub(super) fn copy(&mut self, row: Row<'_>, columns: &[Option<usize>]) {
        self.push(row.id(), columns.iter().map(|at| at.map_or(Value::Null, |at| row.value(at))));
        self.geometries.push_shape(row.shape());
    }

    /// The table. `order`: its own order; empty for that of the ids.
    pub fn finish(mut self, order: Vec<SortKey>) -> Table {
        self.geometries.shrink();
        self.ids.shrink();
        Table {
            attributes: self.attributes,
            order,
            len: self.ids.len() as u32,
            ids: Pick::whole(self.ids),
            columns: self.columns.into_iter().map(|column| Pick::whole(column.finish())).collect(),
            geometries: Pick::whole(self.geometries),
            late: Some(Vec::new()),
            made: Made::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::ValueType;

    #[test]
    fn a_state_that_differs_in_where_a_value_stands_has_another_digest() {
        let attributes: Vec<Attribute> =
            (0..4).map(|k| Attribute::foreign(&format!("a{k}"), ValueType::Text)).collect();
        let mut builder = Builder::new(attributes);
        let states =
            [[Some(""), None, None, None], [None, None, None, Some("")], [None; 4], [Some("a"), Some(""), None, None]];
        for values in states {
            builder.push("x", values.map(|value| value.map_or(Value::Null, Value::Text)));
            builder.geometries.push(None);
        }
        let table = builder.finish(Vec::new());
        let mut digests: Vec<u128> = table.rows().map(Row::digest).collect();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), states.len());
    }

    #[test]
    fn rows_stand_by_id_byte_by_byte_however_alike_the_ids_begin() {
        let beginnings = ["", "农户-", "农户-0", "农户-0000000000", "\u{10ffff}"];
        let endings = ["", "\0", "\0\0", "1", "12", "2", "10", "a", "é", "户", "0000000012", "0000000011"];
        for count in 1..=beginnings.len() {
            // Of fewer and fewer beginnings, down to one that all share.
            let mut ids: Vec<String> =
                beginnings[count - 1..].iter().flat_map(|a| endings.iter().map(move |b| format!("{a}{b}"))).collect();
            ids.sort_unstable();
            ids.dedup();
            let mut builder = Builder::new(Vec::new());
            for k in 0..ids.len() {
                // In an order of no meaning: 7 and the number of ids have no divisor in common.
                builder.push(&ids[(k * 7 + 3) % ids.len()], []);
                builder.geometries.push(None);
            }
            let table = builder.finish(Vec::new());
            let found: Vec<&str> = table.by_id().iter().map(|&row| table.row(row).id()).collect();
            assert_eq!(found, ids);
            assert!(
                ids.iter().all(|id| table.find(id).is_some_and(|row| row.id() == id)) && table.find("没有").is_none()
            );
        }
        assert!(Builder::new(Vec::new()).finish(Vec::new()).by_id().is_empty());
    }
}
