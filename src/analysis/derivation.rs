//! A derivation: an analysis bound to collections and parameters, run once, off any reader's window.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use crate::analysis::bound::Bound;
use crate::collection::{About, Collection, Revision, Summary};
use crate::data;
use crate::fault::Fault;
use crate::layer::Layer;
use crate::query::Query;
use crate::stop::Once;
use crate::table::{Answer, Table};
use crate::units::AsOf;

/// What a run came to.
struct Ran {
    table: Arc<Table>,
    summary: Arc<Summary>,
}

/// The features of an analysis, as a collection like any other.
pub struct Derivation {
    about: About,
    revision: Revision,
    bound: Bound,
    outcome: Once<Result<Ran, Fault>>,
}

impl Derivation {
    /// A derivation under its canonical id. `as_of`: what the id names.
    ///
    /// # Errors
    /// `analysis-unfit` where the subject is not among the inputs.
    pub fn new(id: String, as_of: AsOf, bound: Bound) -> Result<Self, Fault> {
        let definition = bound.definition;
        let subject = bound.layer((definition.subject)(&bound))?;
        let inputs: Vec<(String, Revision)> =
            bound.all_layers().into_iter().map(|layer| (layer.about().id.clone(), layer.revision())).collect();
        let about = About {
            id,
            layer: subject.name().to_owned(),
            title: definition.title(),
            kind: subject.about().kind.clone(),
            analysis: Some(definition.name),
            parameters: bound.parameters().map(|(name, meant)| (name, meant.to_json())).collect(),
            as_of: as_of.day,
            known: as_of.known,
            inputs,
        };
        let mut spelled = format!("{} {}", definition.name, definition.version);
        for (name, value) in &about.parameters {
            spelled += &format!("\n{name}={value}");
        }
        for layer in bound.all_layers() {
            spelled += &format!("\n{} {}", layer.name(), layer.revision());
        }
        // Rules, limits and kinds are data: the same names may say something else in another build.
        spelled += &format!("\n{:032x}", data::fingerprint());
        if !bound.chainages().is_empty() {
            spelled += &format!("\n{:?}", bound.chainages());
        }
        if definition.dated {
            spelled += &format!("\n{}", bound.as_of);
        }
        let revision = Revision(xxh3_128(spelled.as_bytes()));
        Ok(Self { about, revision, bound, outcome: Once::default() })
    }

    /// The analysis with its parameters and inputs.
    pub fn bound(&self) -> &Bound {
        &self.bound
    }

    /// About how many bytes its answer takes; 0 where it has not been run.
    pub fn bytes(&self) -> usize {
        self.outcome.known().and_then(|ran| ran.as_ref().ok()).map_or(0, |ran| ran.table.bytes())
    }

    /// Refuses a past day on which nothing is on record of what is asked about, or of what it cannot be answered without: nobody
    /// knows then, and no problem is no answer. Of records themselves, which have a day of their own, none is an answer.
    fn is_on_record(&self) -> Result<(), Fault> {
        let Some(day) = self.about.as_of else { return Ok(()) };
        let definition = self.bound.definition;
        let is_record = |layer: &Layer| layer.kind().attributes.iter().any(|attribute| attribute.time.is_some());
        let subject = (definition.subject)(&self.bound);
        let needed = definition.inputs.iter().filter(|input| input.required).map(|input| input.role);
        for role in std::iter::once(subject).chain(needed) {
            let layers = self.bound.layers(role);
            let unknown = |layer: &Layer| layer.table().is_empty() && !is_record(layer);
            if let Some(layer) = layers.first()
                && layers.iter().all(|layer| unknown(layer))
            {
                // Of what is known today; the first file may have been of a later day than the one asked for, or known later.
                let first = layer
                    .first()
                    .filter(|first| *first > day)
                    .map_or_else(|| "none".to_owned(), |first| first.to_string());
                let fault = Fault::unprocessable("nothing-on-record");
                return Err(fault.with("layer", layer.name()).with("day", day).with("first", first));
            }
        }
        Ok(())
    }

    /// Runs the analysis unless it has been run: callers at the same time wait for one run, which ends when all of them have left.
    fn outcome(&self) -> Result<&Ran, Fault> {
        self.outcome
            .get(|| {
                self.is_on_record()?;
                let outcome = (self.bound.definition.run)(&self.bound)?;
                let summary = Summary::of(&outcome.table, outcome.figures);
                Ok(Ran { table: Arc::new(outcome.table), summary: Arc::new(summary) })
            })?
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl Collection for Derivation {
    fn about(&self) -> &About {
        &self.about
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn summary(&self) -> Result<Arc<Summary>, Fault> {
        Ok(self.outcome()?.summary.clone())
    }

    fn features(&self, query: &Query) -> Result<Answer, Fault> {
        self.outcome()?.table.ask(query)
    }
}
