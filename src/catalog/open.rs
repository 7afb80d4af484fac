//! The catalogue of an open map.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::account::Scope;
use crate::analysis::{self, Bound, Definition, Derivation, Fit, Inputs, Layers};
use crate::catalog::CollectionId;
use crate::catalog::kept::Kept;
use crate::catalog::rights::Areas;
use crate::catalog::shown::Masks;
use crate::catalog::snapshot::Snapshot;
use crate::collection::{Collection, Revision};
use crate::fault::Fault;
use crate::geo::chainage;
use crate::kind::Kind;
use crate::layer::Layer;
use crate::map::MapFolder;
use crate::store::{LayerInfo, Store};
use crate::units::{AsOf, Day};

/// A map's collections by name.
pub struct Catalog {
    map: MapFolder,
    store: Store,
    salt: OnceLock<[u8; 32]>,
    /// Held by whoever takes notice of what was written.
    turn: Mutex<()>,
    state: Mutex<State>,
}

/// What an id comes to.
pub enum Named {
    /// The collection.
    Here(Arc<dyn Collection>),
    /// Its canonical spelling, where the id was another.
    Elsewhere(String),
}

/// A layer or a derivation, as it stands.
pub(super) enum Found {
    Layer(Arc<Layer>),
    Derivation(Arc<Derivation>),
}

impl Found {
    pub(super) fn collection(self) -> Arc<dyn Collection> {
        match self {
            Self::Layer(layer) => layer,
            Self::Derivation(derivation) => derivation,
        }
    }
}

#[derive(Default)]
pub(super) struct State {
    stamp: Option<u64>,
    pub(super) infos: Vec<Arc<LayerInfo>>,
    layers: Kept<(String, AsOf), Arc<Snapshot>>,
    derived: Kept<String, Arc<Derivation>>,
    pub(super) masks: Masks,
    pub(super) scopes: Kept<Areas, (Vec<Revision>, Arc<Scope>)>,
}

/// The layers of a catalogue as of one day, as an analysis sees them.
struct View<'a> {
    catalog: &'a Catalog,
    as_of: AsOf,
}

impl Layers for View<'_> {
    fn named(&self) -> Vec<(String, Arc<Kind>)> {
        self.catalog.state().infos.iter().map(|info| (info.name.clone(), info.kind.clone())).collect()
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault> {
        self.catalog.layer(name, self.as_of)
    }

    fn chainages(&self) -> &[chainage::Declared] {
        &self.catalog.map.chainages
    }

    fn layer_on(&self, name: &str, day: Day) -> Result<Arc<Layer>, Fault> {
        self.catalog.layer(name, AsOf { day: Some(day), known: self.as_of.known })
    }
}

impl Catalog {
    /// Opens the map in `dir`; layers are loaded when first asked for.
    ///
    /// # Errors
    /// What the map or its store could not be opened for.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let map = MapFolder::open(dir)?;
        let store = Store::open(&map.store_path(), &map.zone)?;
        let catalog = Self { map, store, salt: OnceLock::new(), turn: Mutex::default(), state: Mutex::default() };
        catalog.refresh()?;
        Ok(catalog)
    }

    /// The map it is of.
    pub fn map(&self) -> &MapFolder {
        &self.map
    }

    /// The file that keeps it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What the features of a stored layer are; None where there is no such layer.
    pub fn kind_of(&self, layer: &str) -> Option<Arc<Kind>> {
        self.state().infos.iter().find(|info| info.name == layer).map(|info| info.kind.clone())
    }

    /// Today, in the map's own calendar.
    pub fn today(&self) -> Day {
        self.map.today()
    }

    /// The last day whose state any layer shows; None for an empty map.
    pub fn data_date(&self) -> Option<Day> {
        self.state().infos.iter().filter_map(|info| info.data_date).max()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // What a panicking holder left behind is caches: whole entries, put in at one stroke.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes notice of what anyone has written to the store since; cheap where nothing was.
    ///
    /// # Errors
    /// What the store could not do.
    pub fn refresh(&self) -> Result<(), Fault> {
        let stamp = self.store.stamp()?;
        if self.state().stamp == Some(stamp) {
            return Ok(());
        }
        // One after another: what one has read must not take the place of what a later one has.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.store.stamp()?;
        if self.state().stamp == Some(stamp) {
            return Ok(());
        }
        let infos: Vec<_> = self.store.layers()?.into_iter().map(Arc::new).collect();
        let mut state = self.state();
        let current: HashMap<&str, i64> = infos.iter().map(|info| (info.name.as_str(), info.change)).collect();
        state.layers.retain(|(name, _), snapshot| current.get(name.as_str()) == Some(&snapshot.change));
        state.infos = infos;
        state.stamp = Some(stamp);
        Ok(())
    }

    /// A layer as of a day, with all that has been taken notice of.
    ///
    /// # Errors
    /// `collection-unknown`, or what the store could not do.
    pub fn layer(&self, name: &str, as_of: AsOf) -> Result<Arc<Layer>, Fault> {
        let key = (name.to_owned(), as_of);
        let mut state = self.state();
        let info = state.infos.iter().find(|info| info.name == name).cloned();
        let info = info.ok_or_else(|| self.unknown(name, &state))?;
        let snapshot = match state.layers.get(&key) {
            Some(snapshot) => snapshot.clone(),
            None => {
                let snapshot = Arc::new(Snapshot::new(&info, as_of));
                let now = |(_, as_of): &(String, AsOf)| *as_of == AsOf::NOW;
                state.layers.put(key, snapshot.clone(), now, |snapshot| snapshot.bytes());
                snapshot
            }
        };
        drop(state);
        snapshot.layer(&self.store, &info)
    }

    fn unknown(&self, name: &str, state: &State) -> Fault {
        let layers = state.infos.iter().map(|info| info.name.as_str());
        let known: Vec<&str> = layers.chain(analysis::ALL.iter().map(|definition| definition.name)).collect();
        Fault::not_found("collection-unknown").with("name", name).with("known", known.join(", "))
    }

    /// Whether an analysis can run on this map.
    pub fn fit(&self, definition: &Definition) -> Fit {
        definition.fit(&Inputs { layers: &View { catalog: self, as_of: AsOf::NOW } })
    }

    /// A secret of the map's own, for fingerprints from which nobody can guess back.
    pub(super) fn salt(&self) -> Result<[u8; 32], Fault> {
        if let Some(salt) = self.salt.get() {
            return Ok(*salt);
        }
        let salt = self.store.salt()?;
        Ok(*self.salt.get_or_init(|| salt))
    }

    /// The layers, in the order they were made; then the analyses that fit, at their defaults.
    ///
    /// # Errors
    /// What the store could not do.
    pub fn collections(&self, as_of: AsOf) -> Result<Vec<Arc<dyn Collection>>, Fault> {
        Ok(self.found(as_of)?.into_iter().map(Found::collection).collect())
    }

    /// The layers and the analyses that fit, as `collections` has them.
    pub(super) fn found(&self, as_of: AsOf) -> Result<Vec<Found>, Fault> {
        let names: Vec<String> = self.state().infos.iter().map(|info| info.name.clone()).collect();
        let mut all = Vec::new();
        for name in names {
            all.push(Found::Layer(self.layer(&name, as_of)?));
        }
        for definition in analysis::ALL {
            if self.fit(definition) == Fit::Fits {
                all.push(Found::Derivation(self.derivation(definition, &BTreeMap::new(), as_of)?));
            }
        }
        Ok(all)
    }

    /// The collection of an id, or the id's canonical spelling where it was another.
    ///
    /// # Errors
    /// `id-malformed`, `collection-unknown`, and what binding found wrong.
    pub fn get(&self, id: &str) -> Result<Named, Fault> {
        let collection = self.find(id)?.collection();
        let canonical = &collection.about().id;
        Ok(if canonical == id { Named::Here(collection) } else { Named::Elsewhere(canonical.clone()) })
    }

    /// What an id means, in whatever spelling.
    pub(super) fn find(&self, id: &str) -> Result<Found, Fault> {
        let CollectionId { name, parameters, as_of } = CollectionId::parse(id)?;
        if self.state().infos.iter().any(|info| info.name == name) {
            if let Some(parameter) = parameters.keys().next() {
                return Err(Fault::invalid("parameter-unknown").with("parameter", parameter).with("known", ""));
            }
            return Ok(Found::Layer(self.layer(&name, as_of)?));
        }
        let definition = analysis::find(&name).map_err(|_| self.unknown(&name, &self.state()))?;
        Ok(Found::Derivation(self.derivation(definition, &parameters, as_of)?))
    }

    /// The collection of an id in any spelling.
    ///
    /// # Errors
    /// As `get`.
    pub fn resolve(&self, id: &str) -> Result<Arc<dyn Collection>, Fault> {
        match self.get(id)? {
            Named::Here(collection) => Ok(collection),
            Named::Elsewhere(canonical) => match self.get(&canonical)? {
                Named::Here(collection) => Ok(collection),
                Named::Elsewhere(other) => Err(Fault::internal(format!("{canonical} and {other} name each other"))),
            },
        }
    }

    /// The canonical id of an analysis with parameters as they were typed.
    ///
    /// # Errors
    /// `analysis-unknown`, and what binding found wrong.
    pub fn bind(&self, name: &str, typed: &BTreeMap<String, String>, as_of: AsOf) -> Result<String, Fault> {
        let derivation = self.derivation(analysis::find(name)?, typed, as_of)?;
        Ok(derivation.about().id.clone())
    }

    pub(super) fn derivation(
        &self,
        definition: &'static Definition,
        typed: &BTreeMap<String, String>,
        as_of: AsOf,
    ) -> Result<Arc<Derivation>, Fault> {
        let layers = View { catalog: self, as_of };
        let day = as_of.day.unwrap_or_else(|| self.today());
        let bound = Bound::new(definition, typed, Inputs { layers: &layers }, day)?;
        let id = CollectionId::spell(definition.name, bound.spelled(), as_of);
        let fresh = Arc::new(Derivation::new(id.clone(), as_of, bound)?);
        let mut state = self.state();
        // The same id may mean another question by now: an input was edited, or a day has passed.
        if let Some(kept) = state.derived.get(&id).filter(|kept| kept.revision() == fresh.revision()) {
            return Ok(kept.clone());
        }
        state.derived.put(id, fresh.clone(), |_| false, |derived| derived.bytes());
        Ok(fresh)
    }
}
