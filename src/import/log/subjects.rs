//! What the rows of a log are about: layers by the names that people give them, features by id or by name.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::fault::Fault;
use crate::kind::{self, Kind};
use crate::store::{LayerInfo, Store};
use crate::table::{Table, Value};
use crate::units::{AsOf, Day};

/// The layers of a map, and of their features what a log needs.
pub struct Subjects<'a> {
    store: &'a Store,
    layers: Vec<LayerInfo>,
    /// Ids and names, of now and of days past.
    known: HashMap<(String, Option<Day>), Known>,
    /// Features that the log itself makes.
    made: HashMap<String, HashSet<String>>,
    /// The kinds of the layers that the log has spoken of.
    kinds: BTreeMap<String, Arc<Kind>>,
}

#[derive(Default)]
struct Known {
    ids: HashSet<String>,
    names: HashMap<String, Vec<String>>,
}

impl Known {
    fn of(table: &Table, kind: &Kind) -> Self {
        let mut known = Self::default();
        let name = table.attributes().iter().position(|attribute| attribute.name == kind.name);
        for row in table.rows() {
            known.ids.insert(row.id().to_owned());
            if let Some(Value::Text(name)) = name.map(|at| row.value(at)) {
                known.names.entry(name.to_owned()).or_default().push(row.id().to_owned());
            }
        }
        known
    }

    /// The id that a text means; None: nothing of that name.
    fn find(&self, text: &str) -> Result<Option<String>, Fault> {
        if self.ids.contains(text) {
            return Ok(Some(text.to_owned()));
        }
        match self.names.get(text).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([id]) => Ok(Some(id.clone())),
            Some(several) => {
                let mut candidates = several.to_vec();
                candidates.sort();
                Err(Fault::invalid("log-object-several")
                    .with("value", text)
                    .with("count", candidates.len())
                    .with("known", candidates.join("、")))
            }
        }
    }
}

impl<'a> Subjects<'a> {
    /// Those of a map's store.
    pub fn of(store: &'a Store) -> Result<Self, Fault> {
        let mut layers = store.layers()?;
        layers.retain(|layer| !layer.is_log());
        Ok(Self { store, layers, known: HashMap::new(), made: HashMap::new(), kinds: BTreeMap::new() })
    }

    /// The layer that a text means, by its name or title, by the title of its kind where it is the only one of it, or the
    /// usual layer of a kind that the map has none of yet.
    ///
    /// # Errors
    /// `log-layer-unknown`.
    pub fn layer(&mut self, text: &str) -> Result<(String, Arc<Kind>), Fault> {
        let (name, kind) = self.find_layer(text).ok_or_else(|| {
            let known: Vec<&str> = self.layers.iter().map(|layer| layer.title.zh.as_str()).collect();
            Fault::invalid("log-layer-unknown").with("value", text).with("known", known.join("、"))
        })?;
        self.kinds.entry(name.clone()).or_insert_with(|| kind.clone());
        Ok((name, kind))
    }

    fn find_layer(&self, text: &str) -> Option<(String, Arc<Kind>)> {
        let means = |title: &crate::text::Title| title.zh == text || title.en.eq_ignore_ascii_case(text);
        let named = self.layers.iter().find(|layer| layer.name == text);
        let only = |test: &dyn Fn(&LayerInfo) -> bool| {
            let mut fitting = self.layers.iter().filter(|layer| test(layer));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        let of_kind = |kind: &Kind| means(&kind.title) || means(&kind.singular) || kind.id == text;
        named
            .or_else(|| only(&|layer| means(&layer.title)))
            .or_else(|| only(&|layer| of_kind(&layer.kind)))
            .map(|layer| (layer.name.clone(), layer.kind.clone()))
            .or_else(|| {
                let kind = kind::all().iter().find(|kind| kind.layer == text || of_kind(kind))?;
                let none = self.layers.iter().all(|layer| layer.kind.id != kind.id && layer.name != kind.layer);
                none.then(|| (kind.layer.clone(), kind.clone()))
            })
    }

    /// Takes notice of a feature that the log makes.
    pub fn made(&mut self, layer: &str, id: &str) {
        self.made.entry(layer.to_owned()).or_default().insert(id.to_owned());
    }

    /// The feature of a layer that a text means, by its id, or by its name where only one bears it; as it is now, or as it was
    /// on the day.
    ///
    /// # Errors
    /// `log-object-unknown`; `log-object-several`, naming them.
    pub fn feature(&mut self, layer: &str, text: &str, on: Day) -> Result<String, Fault> {
        if self.made.get(layer).is_some_and(|made| made.contains(text)) {
            return Ok(text.to_owned());
        }
        let Some(info) = self.layers.iter().find(|info| info.name == layer) else {
            return Err(Fault::invalid("log-object-unknown").with("layer", layer).with("value", text));
        };
        for day in [None, Some(on)] {
            let key = (layer.to_owned(), day);
            if !self.known.contains_key(&key) {
                let table = self.store.load(info, AsOf { day, known: None })?;
                self.known.insert(key.clone(), Known::of(&table, &info.kind));
            }
            if let Some(id) = self.known[&key].find(text)? {
                return Ok(id);
            }
        }
        Err(Fault::invalid("log-object-unknown").with("layer", &info.title.zh).with("value", text))
    }

    /// The kinds of the layers that the log has spoken of.
    pub fn spoken_of(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.values().map(|kind| &**kind)
    }
}
