//! A query answered by a table: filter law and page law are kept here, for stored and derived collections alike.

use std::ops::Range;
use std::sync::Arc;

use geo::{PreparedGeometry, Relate};
use rayon::prelude::*;

use crate::fault::Fault;
use crate::filter::{Test, Where};
use crate::geo::shape::Shape;
use crate::kind::ValueType;
use crate::query::{Query, SortKey, Token};
use crate::table::Table;
use crate::table::column::Value;
use crate::table::order::order_nulls_last;
use crate::table::rows::Row;
use crate::table::time::TimeColumns;
use crate::threads;
use crate::units::{Day, Span};

/// From so many rows on all cores look at them.
const MANY: usize = 16_384;

/// What a query comes to: which rows, in which order, and where to go on.
pub struct Answer {
    table: Arc<Table>,
    rows: Rows,
    page: Range<usize>,
    /// The columns asked for, in the order of the schema.
    pub columns: Vec<usize>,
    /// How many features match, whatever the page.
    pub matched: usize,
    /// Where the next page begins; None on the last.
    pub next: Option<Token>,
}

/// The rows that match, in their order.
enum Rows {
    /// All, as the table has them.
    All,
    /// These.
    Some(Arc<[u32]>),
}

impl Rows {
    fn of<'a>(&'a self, table: &'a Table) -> &'a [u32] {
        match self {
            Self::All => table.sorted(),
            Self::Some(rows) => rows,
        }
    }

    fn count(&self, table: &Table) -> usize {
        match self {
            Self::All => table.len() as usize,
            Self::Some(rows) => rows.len(),
        }
    }
}

impl Answer {
    /// The features of this page.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.of(&self.table)[self.page.clone()].iter().map(|&row| self.table.row(row))
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
        let rows = self.matches(query, order)?;
        // Who asks for all of them need not know their order yet.
        let matched = rows.count(self);
        let start = query.after.as_ref().map_or(Ok(0), |token| self.start(order, rows.of(self), token))?;
        let end = query.limit.map_or(matched, |limit| start.saturating_add(limit).min(matched));
        let last = (start..end).next_back().filter(|_| end < matched);
        let next = last.map(|last| self.token(order, rows.of(self)[last]));
        Ok(Answer { table: self.clone(), rows, page: start..end, columns, matched, next })
    }

    /// The rows that match, in order; a question of which pages are asked for is answered once.
    fn matches(&self, query: &Query, order: &[SortKey]) -> Result<Rows, Fault> {
        let question = Query { limit: None, after: None, properties: None, ..query.clone() };
        if question == Query::default() {
            return Ok(Rows::All);
        }
        if let Some(rows) = self.made.kept.find(&question) {
            return Ok(Rows::Some(rows));
        }
        let mut rows = self.matching(query)?;
        if !query.sort.is_empty() {
            self.sort(&mut rows, order);
        }
        let rows: Arc<[u32]> = rows.into();
        if query.limit.is_some_and(|limit| limit < rows.len()) {
            self.made.kept.keep(question, &rows);
        }
        Ok(Rows::Some(rows))
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
        let eye = Eye::of(self, query)?;
        let filtered = eye.test.as_ref().map_or(Where::Everywhere, Test::place);
        let boxed = query.bbox.map_or(Where::Everywhere, |bbox| Where::Boxes(vec![bbox]));
        let Where::Boxes(boxes) = boxed.and(filtered) else {
            return self.passing(self.sorted().to_vec(), query, eye);
        };
        let mut candidates = Vec::new();
        boxes.iter().for_each(|bbox| self.index().search(bbox, |row| candidates.push(row)));
        if boxes.len() > 1 {
            candidates.sort_unstable();
            candidates.dedup();
        }
        let mut rows = self.passing(candidates, query, eye)?;
        // A few are sorted among themselves; many are read off the order that the table has already.
        if rows.len() * 20 > self.len() as usize {
            let mut hit = vec![false; self.len() as usize];
            rows.iter().for_each(|&row| hit[row as usize] = true);
            return Ok(self.sorted().iter().copied().filter(|&row| hit[row as usize]).collect());
        }
        self.sort(&mut rows, self.order());
        Ok(rows)
    }

    /// Those of `candidates` that a query asks for, in the order given. Many are looked at on all cores, each with an eye of its
    /// own: what a test prepares is not shared.
    fn passing(&self, candidates: Vec<u32>, query: &Query, eye: Eye) -> Result<Vec<u32>, Fault> {
        if candidates.len() < MANY {
            return Ok(candidates.into_iter().filter(|&row| eye.passes(self.row(row))).collect());
        }
        let eye = || Eye::of(self, query);
        let look = |eye: &mut Result<Eye, Fault>, part: &[u32]| match eye {
            Ok(eye) => Ok(part.iter().copied().filter(|&row| eye.passes(self.row(row))).collect()),
            Err(fault) => Err(fault.clone()),
        };
        let parts: Result<Vec<Vec<u32>>, Fault> =
            threads::short(|| candidates.par_chunks(MANY / 4).map_init(eye, look).collect());
        Ok(parts?.concat())
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

/// All that a query asks of a row.
struct Eye {
    windows: Option<Vec<[f64; 4]>>,
    during: Option<(Span, TimeColumns)>,
    outline: Option<PreparedGeometry<'static, geo_types::Polygon<f64>>>,
    test: Option<Test>,
}

impl Eye {
    fn of(table: &Table, query: &Query) -> Result<Self, Fault> {
        Ok(Self {
            windows: query.bbox.map(|bbox| bbox.windows().collect()),
            during: query.during.map(|asked| (asked, table.time())),
            outline: query.outline.clone().map(PreparedGeometry::from),
            test: query.filter.as_ref().map(|filter| filter.compile(table.attributes())).transpose()?,
        })
    }

    fn passes(&self, row: Row<'_>) -> bool {
        self.windows.as_ref().is_none_or(|all| all.iter().any(|&w| row.shape().intersects_window(w)))
            && self.during.as_ref().is_none_or(|(asked, time)| time.span(row).meets(*asked))
            && self.outline.as_ref().is_none_or(|outline| meets(row.shape(), outline))
            && self.test.as_ref().is_none_or(|test| test.holds(row) == Some(true))
    }
}

/// Whether a shape has a point in common with an area.
fn meets(shape: Shape<'_>, area: &PreparedGeometry<'_, geo_types::Polygon<f64>>) -> bool {
    shape.to_geo().is_some_and(|shape| area.relate(&shape).is_intersects())
}

fn from_json(value_type: ValueType, json: &serde_json::Value) -> Option<Value<'_>> {
    if json.is_null() {
        return Some(Value::Null);
    }
    Some(match value_type {
        ValueType::Text | ValueType::Code | ValueType::Instant => Value::Text(json.as_str()?),
        ValueType::Int => Value::Int(json.as_i64()?),
        ValueType::Float => Value::Float(json.as_f64()?),
        ValueType::Bool => Value::Bool(json.as_bool()?),
        ValueType::Date => Value::Date(Day::parse(json.as_str()?)?),
    })
}
