//! The catalogue of an open map.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::account::Scope;
use crate::analysis::{self, Bound, Definition, Derivation, Fit, Inputs, Layers};
use crate::catalog::CollectionId;
use crate::catalog::rights::Areas;
use crate::catalog::view::Views;
use crate::collection::{Collection, Revision};
use crate::fault::Fault;
use crate::kind::Kind;
use crate::layer::Layer;
use crate::map::MapFolder;
use crate::store::{LayerInfo, Store};
use crate::units::{AsOf as AsOfDays, Day};

/// Derivations, and layers as of a past day, that are kept at the most; the one longest unused goes first.
const KEPT: usize = 64;

/// A map's collections by name.
pub struct Catalog {
    map: MapFolder,
    store: Store,
    salt: OnceLock<[u8; 32]>,
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

type Slot = Arc<OnceLock<Result<Arc<Layer>, Fault>>>;

#[derive(Default)]
pub(super) struct State {
    stamp: Option<u64>,
    pub(super) infos: Vec<LayerInfo>,
    layers: Kept<(String, Option<Day>), (i64, Slot)>,
    derived: Kept<String, Arc<Derivation>>,
    pub(super) views: Views,
    pub(super) scopes: Kept<Areas, (Vec<Revision>, Arc<Scope>)>,
}

/// A small cache that forgets what was longest unused.
pub(super) struct Kept<K, V> {
    entries: HashMap<K, (u64, V)>,
    clock: u64,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), clock: 0 }
    }
}

impl<K: std::hash::Hash + Eq + Clone, V> Kept<K, V> {
    pub(super) fn get(&mut self, key: &K) -> Option<&V> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.0 = self.clock;
        Some(&entry.1)
    }

    /// Keeps a value. `forever` says which keys do not count and do not go.
    pub(super) fn put(&mut self, key: K, value: V, forever: impl Fn(&K) -> bool) {
        self.clock += 1;
        self.entries.insert(key, (self.clock, value));
        let passing = || self.entries.iter().filter(|(key, _)| !forever(key));
        if passing().count() > KEPT
            && let Some(oldest) = passing().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone())
        {
            self.entries.remove(&oldest);
        }
    }
}

/// The layers of a catalogue as of one day, as an analysis sees them.
struct AsOf<'a> {
    catalog: &'a Catalog,
    day: Option<Day>,
}

impl Layers for AsOf<'_> {
    fn named(&self) -> Vec<(String, Arc<Kind>)> {
        self.catalog.state().infos.iter().map(|info| (info.name.clone(), info.kind.clone())).collect()
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault> {
        self.catalog.layer(name, self.day)
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
        let catalog = Self { map, store, salt: OnceLock::new(), state: Mutex::default() };
        catalog.refresh()?;
        Ok(catalog)
    }

    /// The map it is of.
    pub fn map(&self) -> &MapFolder {
        &self.map
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
        let infos = self.store.layers()?;
        let mut state = self.state();
        let current: HashMap<&str, i64> = infos.iter().map(|info| (info.name.as_str(), info.change)).collect();
        state.layers.entries.retain(|(name, _), (_, (change, _))| current.get(name.as_str()) == Some(change));
        state.infos = infos;
        state.stamp = Some(stamp);
        Ok(())
    }

    /// A layer as of a day; None: now. Loaded once, however many ask at the same time.
    ///
    /// # Errors
    /// `collection-unknown`, or what the store could not do.
    pub fn layer(&self, name: &str, day: Option<Day>) -> Result<Arc<Layer>, Fault> {
        let key = (name.to_owned(), day);
        let (info, slot) = {
            let mut state = self.state();
            let info = state.infos.iter().find(|info| info.name == name).cloned();
            let info = info.ok_or_else(|| self.unknown(name, &state))?;
            let slot = match state.layers.get(&key) {
                Some((_, slot)) => slot.clone(),
                None => {
                    let slot = Slot::default();
                    state.layers.put(key.clone(), (info.change, slot.clone()), |(_, day)| day.is_none());
                    slot
                }
            };
            (info, slot)
        };
        let loaded = slot.get_or_init(|| {
            let table = self.store.load(&info, AsOfDays { day, known: None })?;
            Ok(Arc::new(Layer::new(&info.name, info.title.clone(), info.kind.clone(), day, table)))
        });
        if loaded.is_err() {
            self.state().layers.entries.remove(&key);
        }
        loaded.clone()
    }

    fn unknown(&self, name: &str, state: &State) -> Fault {
        let layers = state.infos.iter().map(|info| info.name.as_str());
        let known: Vec<&str> = layers.chain(analysis::ALL.iter().map(|definition| definition.name)).collect();
        Fault::not_found("collection-unknown").with("name", name).with("known", known.join(", "))
    }

    /// Whether an analysis can run on this map.
    pub fn fit(&self, definition: &Definition) -> Fit {
        definition.fit(&Inputs { layers: &AsOf { catalog: self, day: None } })
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
    pub fn collections(&self, day: Option<Day>) -> Result<Vec<Arc<dyn Collection>>, Fault> {
        Ok(self.found(day)?.into_iter().map(Found::collection).collect())
    }

    /// The layers and the analyses that fit, as `collections` has them.
    pub(super) fn found(&self, day: Option<Day>) -> Result<Vec<Found>, Fault> {
        let names: Vec<String> = self.state().infos.iter().map(|info| info.name.clone()).collect();
        let mut all = Vec::new();
        for name in names {
            all.push(Found::Layer(self.layer(&name, day)?));
        }
        for definition in analysis::ALL {
            if self.fit(definition) == Fit::Fits {
                all.push(Found::Derivation(self.derivation(definition, &BTreeMap::new(), day)?));
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
    pub fn bind(&self, name: &str, typed: &BTreeMap<String, String>, day: Option<Day>) -> Result<String, Fault> {
        let derivation = self.derivation(analysis::find(name)?, typed, day)?;
        Ok(derivation.about().id.clone())
    }

    pub(super) fn derivation(
        &self,
        definition: &'static Definition,
        typed: &BTreeMap<String, String>,
        day: Option<Day>,
    ) -> Result<Arc<Derivation>, Fault> {
        let layers = AsOf { catalog: self, day };
        let bound = Bound::new(definition, typed, Inputs { layers: &layers }, day.unwrap_or_else(|| self.today()))?;
        let id = CollectionId::spell(definition.name, bound.spelled(), day);
        let fresh = Arc::new(Derivation::new(id.clone(), day, bound)?);
        let mut state = self.state();
        // The same id may mean another question by now: an input was edited, or a day has passed.
        if let Some(kept) = state.derived.get(&id).filter(|kept| kept.revision() == fresh.revision()) {
            return Ok(kept.clone());
        }
        state.derived.put(id, fresh.clone(), |_| false);
        Ok(fresh)
    }
}
