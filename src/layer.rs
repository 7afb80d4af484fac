//! A layer: stored features as of a date, with their R-tree.

use std::sync::{Arc, OnceLock};

use crate::collection::{About, Collection, Revision, Summary};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::query::Query;
use crate::table::{Answer, Row, Table};
use crate::text::Title;
use crate::units::{AsOf, Day};

/// An immutable snapshot of a stored layer.
pub struct Layer {
    about: About,
    revision: Revision,
    table: Arc<Table>,
    first: Option<Day>,
    summary: OnceLock<Arc<Summary>>,
}

impl Layer {
    /// A layer of these features, asked as of a day.
    pub fn new(name: &str, title: Title, kind: Arc<Kind>, as_of: AsOf, table: impl Into<Arc<Table>>) -> Self {
        let about = About {
            id: format!("{name}{as_of}"),
            layer: name.to_owned(),
            title,
            kind,
            analysis: None,
            parameters: Vec::new(),
            as_of: as_of.day,
            known: as_of.known,
            inputs: Vec::new(),
        };
        Self::of(about, table.into(), None)
    }

    /// The same layer, of which it is known since when files have brought it.
    #[must_use]
    pub fn since(self, first: Option<Day>) -> Self {
        Self { first, ..self }
    }

    fn of(about: About, table: Arc<Table>, first: Option<Day>) -> Self {
        let revision = Revision(table.digest());
        Self { about, revision, table, first, summary: OnceLock::new() }
    }

    /// The layer after something has happened to the features of these ids: `arriving` has those that there are now. None
    /// where they are what they were.
    pub fn patched(&self, arriving: &Table, ids: &[&str]) -> Option<Self> {
        let state = |table: &Table, id: &str| table.find(id).map(Row::digest);
        if ids.iter().all(|id| state(&self.table, id) == state(arriving, id)) {
            return None;
        }
        Some(Self::of(self.about.clone(), Arc::new(self.table.patched(arriving, ids)), self.first))
    }

    /// Its name, without a date.
    pub fn name(&self) -> &str {
        &self.about.layer
    }

    /// The day of the first file that was imported into it, where that is known.
    pub fn first(&self) -> Option<Day> {
        self.first
    }

    /// What its features are.
    pub fn kind(&self) -> &Kind {
        &self.about.kind
    }

    /// Its features.
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }
}

impl Collection for Layer {
    fn about(&self) -> &About {
        &self.about
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn summary(&self) -> Result<Arc<Summary>, Fault> {
        Ok(self.summary.get_or_init(|| Arc::new(Summary::of(&self.table, Vec::new()))).clone())
    }

    fn features(&self, query: &Query) -> Result<Answer, Fault> {
        self.table.ask(query)
    }
}
