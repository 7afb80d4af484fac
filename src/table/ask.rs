//! A query answered by a table: filter law and page law are kept here, for stored and derived collections alike.

use std::sync::Arc;

use rayon::prelude::*;

use crate::fault::Fault;
use crate::filter::{Test, Where};
use crate::kind::ValueType;
use crate::query::{Query, SortKey, Token};
use crate::table::Table;
use crate::table::column::Value;
use crate::table::rows::{Row, order_nulls_last};
use crate::units::Day;

/// From so many rows on all cores look at them.
const MANY: usize = 16_384;

/// What a query comes to: which rows, in which order, and where to go on.
pub struct Answer {
    table: Arc<Table>,
    rows: Vec<u32>,
    /// The columns asked for, in the order of the schema.
    pub columns: Vec<usize>,
    /// How many features match, whatever the page.
    pub matched: usize,
    /// Where the next page begins; None on the last.
    pub next: Option<Token>,
}

impl Answer {
    /// The features of this page.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|&row| self.table.row(row))
    }

    /// The table they stand in.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// That table, to be kept.
    pub fn shared(&self) -> &Arc<Table> {
        &self.table
    }
}

impl Table {
    /// Answers a query.
    ///
    /// # Errors
    /// `attribute-unknown` for a sort key or property that is not there; what a filter cannot ask; `token-malformed`.
    pub fn ask(self: &Arc<Self>, query: &Query) -> Result<Answer, Fault> {
        let order = if query.sort.is_empty() { self.order() } else { &query.sort[..] };
        for key in order {
            if key.attribute != "id" {
                self.check(&key.attribute, "sortby")?;
            }
        }
        let columns = self.columns_of(query)?;
        let mut rows = self.matching(query)?;
        if !query.sort.is_empty() {
            let keys = self.keys(order);
            rows.sort_unstable_by(|&a, &b| self.compare(&keys, a, b));
        }
        let matched = rows.len();
        if let Some(token) = &query.after {
            let start = self.start(order, &rows, token)?;
            rows.drain(..start);
        }
        let mut next = None;
        if let Some(limit) = query.limit
            && rows.len() > limit
        {
            rows.truncate(limit);
            next = rows.last().map(|&last| self.token(order, last));
        }
        Ok(Answer { table: self.clone(), rows, columns, matched, next })
    }

    fn check(&self, attribute: &str, parameter: &str) -> Result<usize, Fault> {
        self.column(attribute).ok_or_else(|| {
            let known: Vec<&str> = self.attributes().iter().map(|a| a.name.as_str()).collect();
            Fault::invalid("attribute-unknown")
                .with("parameter", parameter)
                .with("value", attribute)
                .with("known", known.join(", "))
        })
    }

    fn columns_of(&self, query: &Query) -> Result<Vec<usize>, Fault> {
        let Some(names) = &query.properties else { return Ok((0..self.attributes().len()).collect()) };
        let mut columns: Vec<usize> =
            names.iter().map(|name| self.check(name, "properties")).collect::<Result<_, _>>()?;
        columns.sort_unstable();
        columns.dedup();
        Ok(columns)
    }

    /// The rows that match, in the table's own order. The box and the filter's spatial part say where to look.
    fn matching(&self, query: &Query) -> Result<Vec<u32>, Fault> {
        let test = query.filter.as_ref().map(|filter| filter.compile(self.attributes())).transpose()?;
        let filtered = test.as_ref().map_or(Where::Everywhere, Test::place);
        let boxed = query.bbox.map_or(Where::Everywhere, |bbox| Where::Boxes(vec![bbox]));
        drop(test);
        let Where::Boxes(boxes) = boxed.and(filtered) else { return self.passing(self.sorted().to_vec(), query) };
        let mut hit = vec![false; self.len() as usize];
        let mut candidates = Vec::new();
        for bbox in &boxes {
            self.index().search(bbox, |row| {
                if !std::mem::replace(&mut hit[row as usize], true) {
                    candidates.push(row);
                }
            });
        }
        let mut rows = self.passing(candidates, query)?;
        // A few are sorted among themselves; many are read off the order that the table has already.
        if rows.len() * 20 > self.len() as usize {
            hit.fill(false);
            rows.iter().for_each(|&row| hit[row as usize] = true);
            return Ok(self.sorted().iter().copied().filter(|&row| hit[row as usize]).collect());
        }
        let keys = self.keys(self.order());
        rows.sort_unstable_by(|&a, &b| self.compare(&keys, a, b));
        Ok(rows)
    }

    /// Those of `candidates` that lie in the box and for which the filter holds, in the order given. Many are looked at on all
    /// cores, each with a test of its own: what a test prepares is not shared.
    fn passing(&self, candidates: Vec<u32>, query: &Query) -> Result<Vec<u32>, Fault> {
        let windows: Option<Vec<[f64; 4]>> = query.bbox.map(|bbox| bbox.windows().collect());
        let compiled = || query.filter.as_ref().map(|filter| filter.compile(self.attributes())).transpose();
        let look = |test: &Option<Test>, row: u32| {
            windows.as_ref().is_none_or(|all| all.iter().any(|&w| self.shape(row).intersects_window(w)))
                && test.as_ref().is_none_or(|test| test.holds(self.row(row)) == Some(true))
        };
        if windows.is_none() && query.filter.is_none() {
            return Ok(candidates);
        }
        if candidates.len() < MANY {
            let test = compiled()?;
            return Ok(candidates.into_iter().filter(|&row| look(&test, row)).collect());
        }
        let parts: Vec<Vec<u32>> = candidates
            .par_chunks(MANY / 4)
            .map_init(compiled, |test, part| match test {
                Ok(test) => Ok(part.iter().copied().filter(|&row| look(test, row)).collect()),
                Err(fault) => Err(fault.clone()),
            })
            .collect::<Result<_, Fault>>()?;
        Ok(parts.concat())
    }

    fn token(&self, order: &[SortKey], row: u32) -> Token {
        let row = self.row(row);
        let values = self
            .keys(order)
            .iter()
            .map(|(column, _)| column.map_or(serde_json::Value::Null, |at| row.value(at).to_json()))
            .collect();
        Token { values, id: row.id().to_owned() }
    }

    /// Where in `rows`, which run in `order`, the features behind `token` begin.
    fn start(&self, order: &[SortKey], rows: &[u32], token: &Token) -> Result<usize, Fault> {
        let malformed = || Fault::invalid("token-malformed").with("parameter", "next").with("value", token.spell());
        if token.values.len() != order.len() {
            return Err(malformed());
        }
        let mut bounds = Vec::new();
        for ((column, descending), json) in self.keys(order).into_iter().zip(&token.values) {
            let value = match column {
                Some(at) => from_json(self.attributes()[at].value_type, json).ok_or_else(malformed)?,
                None => Value::Text(&token.id),
            };
            bounds.push((column, descending, value));
        }
        Ok(rows.partition_point(|&row| {
            let row = self.row(row);
            for &(column, descending, value) in &bounds {
                let own = column.map_or(Value::Text(row.id()), |at| row.value(at));
                let order = order_nulls_last(own, value, descending);
                if order.is_ne() {
                    return order.is_lt();
                }
            }
            row.id() <= token.id.as_str()
        }))
    }
}

fn from_json(value_type: ValueType, json: &serde_json::Value) -> Option<Value<'_>> {
    if json.is_null() {
        return Some(Value::Null);
    }
    Some(match value_type {
        ValueType::Text | ValueType::Code => Value::Text(json.as_str()?),
        ValueType::Int => Value::Int(json.as_i64()?),
        ValueType::Float => Value::Float(json.as_f64()?),
        ValueType::Bool => Value::Bool(json.as_bool()?),
        ValueType::Date => Value::Date(Day::parse(json.as_str()?)?),
    })
}
