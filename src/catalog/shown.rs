//! A map's collections as they are shown to somebody. The doors read what is shown and nothing else.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::account::{Seen, Sight, Terms};
use crate::analysis::{self, Derivation, Domain};
use crate::catalog::open::Found;
use crate::catalog::{Catalog, Named};
use crate::collection::{Collection, Revision};
use crate::fault::Fault;
use crate::layer::Layer;
use crate::units::AsOf;

/// Masked collections that are kept at the most, and features of them all together.
const MOST: usize = 2048;
const MOST_FEATURES: usize = 4_000_000;

/// A collection's id and revision, and the sight that it is seen with.
type Key = (String, Revision, u128);

/// Masked collections, kept while pages of them are turned: those longest unused go first. None: nothing is kept back.
#[derive(Default)]
pub(super) struct Masks {
    entries: HashMap<Key, Entry>,
    clock: u64,
}

struct Entry {
    used: u64,
    features: usize,
    seen: Option<Arc<Seen>>,
}

impl Masks {
    fn get(&mut self, key: &Key) -> Option<Option<Arc<Seen>>> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.clock;
        Some(entry.seen.clone())
    }

    fn put(&mut self, key: Key, features: usize, seen: Option<Arc<Seen>>) {
        self.clock += 1;
        self.entries.insert(key, Entry { used: self.clock, features, seen });
        let mut all: usize = self.entries.values().map(|entry| entry.features).sum();
        while self.entries.len() > 1 && (self.entries.len() > MOST || all > MOST_FEATURES) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
            let gone = oldest.and_then(|key| self.entries.remove(&key));
            all -= gone.map_or(0, |entry| entry.features);
        }
    }
}

/// A catalogue as it is shown to somebody.
pub struct Shown<'a> {
    catalog: &'a Catalog,
    sight: Sight,
}

impl Catalog {
    /// The map's collections as they are shown to whoever has this sight.
    pub fn shown(&self, sight: Sight) -> Shown<'_> {
        Shown { catalog: self, sight }
    }
}

impl Shown<'_> {
    /// As [`Catalog::get`].
    ///
    /// # Errors
    /// As there; `where-personal` (403) for a question that asks for what is kept back.
    pub fn get(&self, id: &str) -> Result<Named, Fault> {
        let collection = self.seen(self.catalog.find(id)?)?;
        let canonical = &collection.about().id;
        Ok(if canonical == id { Named::Here(collection) } else { Named::Elsewhere(canonical.clone()) })
    }

    /// As [`Catalog::collections`].
    ///
    /// # Errors
    /// As there.
    pub fn collections(&self, as_of: AsOf) -> Result<Vec<Arc<dyn Collection>>, Fault> {
        self.catalog.found(as_of)?.into_iter().map(|found| self.seen(found)).collect()
    }

    /// As [`Catalog::bind`].
    ///
    /// # Errors
    /// As there; `where-personal` (403) for a question that asks for what is kept back.
    pub fn bind(&self, name: &str, typed: &BTreeMap<String, String>, as_of: AsOf) -> Result<String, Fault> {
        let derivation = self.catalog.derivation(analysis::find(name)?, typed, as_of)?;
        Ok(self.seen(Found::Derivation(derivation))?.about().id.clone())
    }

    fn seen(&self, found: Found) -> Result<Arc<dyn Collection>, Fault> {
        if self.sight.is_clear() {
            return Ok(found.collection());
        }
        let seen = match &found {
            Found::Layer(layer) => self.layer(layer)?,
            Found::Derivation(derivation) => {
                self.check_filters(derivation)?;
                self.derivation(derivation)?
            }
        };
        Ok(seen.map_or_else(|| found.collection(), |seen| seen as Arc<dyn Collection>))
    }

    /// A layer's masked view; None where nothing of it is kept back.
    fn layer(&self, layer: &Arc<Layer>) -> Result<Option<Arc<Seen>>, Fault> {
        let kind = layer.about().kind.clone();
        let terms = || Terms { kind, subject: None, added: Vec::new(), sharp: false };
        self.kept(layer.clone(), layer.table().len() as usize, terms, Seen::hides_anything)
    }

    /// A derivation's masked view; None where nothing is kept back of any layer that it reads. It is not run for that.
    fn derivation(&self, derivation: &Arc<Derivation>) -> Result<Option<Arc<Seen>>, Fault> {
        let bound = derivation.bound();
        let mut keeps_back = false;
        for layer in bound.all_layers() {
            keeps_back = keeps_back || self.layer(layer)?.is_some();
        }
        let definition = bound.definition;
        let subject = bound.layer((definition.subject)(bound))?;
        let free = |name: &str| {
            let domain = definition.parameter(name).map(|parameter| &parameter.domain);
            matches!(domain, Some(Domain::Number { .. } | Domain::Whole { .. } | Domain::Filter { .. } | Domain::Point))
        };
        let terms = || Terms {
            kind: subject.about().kind.clone(),
            subject: Some(subject.table().clone()),
            added: (definition.properties)().into_iter().map(|attribute| attribute.name).collect(),
            sharp: bound.spelled().any(|(name, _)| free(name)),
        };
        self.kept(derivation.clone(), subject.table().len() as usize, terms, |_| Ok(keeps_back))
    }

    /// The view that is kept, or a new one, if it `counts`.
    fn kept(
        &self,
        clear: Arc<dyn Collection>,
        features: usize,
        terms: impl FnOnce() -> Terms,
        counts: impl FnOnce(&Seen) -> Result<bool, Fault>,
    ) -> Result<Option<Arc<Seen>>, Fault> {
        let key = (clear.about().id.clone(), clear.revision(), self.sight.key());
        if let Some(kept) = self.catalog.state().masks.get(&key) {
            return Ok(kept);
        }
        let seen = Seen::new(clear, terms(), self.sight.clone(), &self.catalog.salt()?);
        let seen = if counts(&seen)? { Some(Arc::new(seen)) } else { None };
        let weight = if seen.is_some() { features } else { 0 };
        self.catalog.state().masks.put(key, weight, seen.clone());
        Ok(seen)
    }

    /// A filter inside a question runs before anything is masked: it may not ask for what is kept back.
    fn check_filters(&self, derivation: &Derivation) -> Result<(), Fault> {
        let bound = derivation.bound();
        for parameter in bound.definition.parameters {
            let (on, filter) = match parameter.domain {
                Domain::Filter { on } => (on, bound.filter(parameter.name)?),
                Domain::Attribute { on } => (on, None),
                _ => continue,
            };
            let named = if filter.is_none() { bound.text(parameter.name) } else { "" };
            let named = Some(named).filter(|name| !name.is_empty());
            for layer in bound.layers(on) {
                let Some(seen) = self.layer(layer)? else { continue };
                for attribute in filter.iter().flat_map(|filter| filter.attributes()).chain(named) {
                    let kept_back = if attribute == "geom" { seen.hides_places()? } else { seen.hides(attribute)? };
                    let personal = layer.table().attributes().iter().any(|a| a.name == attribute && a.personal);
                    if kept_back || personal {
                        return Err(Fault::forbidden("where-personal")
                            .with("parameter", parameter.name)
                            .with("attribute", attribute));
                    }
                }
            }
        }
        Ok(())
    }
}
