//! The laws over whole maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use xiangtu::analysis::{self, Bound, Derivation, Inputs, Layers};
use xiangtu::collection::Collection;
use xiangtu::fault::Fault;
use xiangtu::kind::Kind;
use xiangtu::layer::Layer;
use xiangtu::province;
use xiangtu::units::Day;

use super::{filter_law, page_law, same_features};

/// Layers without a store.
struct InMemory(Vec<Arc<Layer>>);

impl Layers for InMemory {
    fn named(&self) -> Vec<(String, Arc<Kind>)> {
        self.0.iter().map(|layer| (layer.name().to_owned(), layer.about().kind.clone())).collect()
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault> {
        self.0.iter().find(|layer| layer.name() == name).cloned().ok_or_else(|| Fault::not_found("collection-unknown"))
    }
}

/// Every layer, and every analysis that fits, with a few parameters beside the defaults.
fn collections(layers: &InMemory) -> Vec<Arc<dyn Collection>> {
    let mut all: Vec<Arc<dyn Collection>> = Vec::new();
    for layer in &layers.0 {
        all.push(layer.clone());
    }
    let questions: &[(&str, &[(&str, &str)])] = &[
        ("farms-near-schools", &[]),
        ("farms-near-schools", &[("distance", "1200")]),
        ("uncleaned-waterbodies", &[]),
        ("uncleaned-waterbodies", &[("days", "90"), ("condition", "black")]),
        ("coverage-gaps", &[]),
        ("coverage-gaps", &[("reach", "1500"), ("where", "name LIKE 't%1'")]),
    ];
    let day = Day::parse("2026-11-01").unwrap();
    for (name, parameters) in questions {
        let typed: BTreeMap<String, String> =
            parameters.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let bound = Bound::new(analysis::find(name).unwrap(), &typed, Inputs { layers }, day).unwrap();
        all.push(Arc::new(Derivation::new(format!("{name} {parameters:?}"), None, bound).unwrap()));
    }
    all
}

#[test]
fn the_laws_hold_over_a_made_province() {
    let (one, again) = (InMemory(province::make(600, 3).unwrap()), InMemory(province::make(600, 3).unwrap()));
    let (one, again) = (collections(&one), collections(&again));
    assert_eq!(one.len(), 11);
    for (collection, other) in one.iter().zip(&again) {
        assert!(collection.summary().unwrap().count > 0, "{} has features", collection.about().id);
        filter_law(&**collection);
        page_law(&**collection);
        same_features(&**collection, &**other);
    }
}

#[test]
fn another_input_is_another_revision_of_everything_made_from_it() {
    let (one, other) = (InMemory(province::make(600, 3).unwrap()), InMemory(province::make(600, 4).unwrap()));
    for (a, b) in collections(&one).iter().zip(collections(&other)) {
        assert_ne!(a.revision(), b.revision(), "{}", a.about().id);
    }
}
