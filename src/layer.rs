//! A layer: stored features as of a date, with their R-tree.

use std::sync::{Arc, OnceLock};

use crate::collection::{About, Collection, Revision, Summary};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::query::Query;
use crate::table::{Answer, Table};
use crate::text::Title;
use crate::units::Day;

/// An immutable snapshot of a stored layer.
pub struct Layer {
    name: String,
    about: About,
    revision: Revision,
    table: Arc<Table>,
    summary: OnceLock<Arc<Summary>>,
}

impl Layer {
    /// A layer of these features. `as_of`: the day it was asked as of; None: now.
    pub fn new(name: &str, title: Title, kind: Arc<Kind>, as_of: Option<Day>, table: Table) -> Self {
        let id = as_of.map_or_else(|| name.to_owned(), |day| format!("{name}@{day}"));
        let revision = Revision(table.digest());
        let about = About {
            id,
            layer: name.to_owned(),
            title,
            kind,
            analysis: None,
            parameters: Vec::new(),
            as_of,
            inputs: Vec::new(),
        };
        Self { name: name.to_owned(), about, revision, table: Arc::new(table), summary: OnceLock::new() }
    }

    /// Its name, without a date.
    pub fn name(&self) -> &str {
        &self.name
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
