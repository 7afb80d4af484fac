//! The laws over whole maps.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use xiangtu::analysis::{self, Bound, Derivation, Inputs, Layers};
use xiangtu::catalog::Catalog;
use xiangtu::collection::{Collection, summary_or_refusal};
use xiangtu::fault::Fault;
use xiangtu::kind::Kind;
use xiangtu::layer::Layer;
use xiangtu::province;
use xiangtu::units::{AsOf, Day};

use crate::support::{bayreuth, town, xiangtu};

use super::{filter_law, page_law, same_features, unit_law, valid_law, zero_law};

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
        ("uncleaned-waterbodies", &[("show", "look-back"), ("look_back", "60"), ("min_area", "500")]),
        ("black-odorous-list", &[("min_area", "1000")]),
        ("coverage-gaps", &[]),
        ("coverage-gaps", &[("reach", "1500"), ("where", "name LIKE 't%1'")]),
        ("screening", &[("rules", "livestock-2010")]),
        ("screening", &[]),
        ("hotspots", &[("of", "farms")]),
        ("hotspots", &[("of", "ponds"), ("cells", "hexagon"), ("neighbours", "nearest"), ("weights", "row")]),
        ("density", &[("of", "schools"), ("kernel", "gaussian"), ("cell", "400")]),
        ("density", &[("of", "farms"), ("show", "bands")]),
        ("clusters", &[("of", "farms"), ("eps", "150")]),
        ("clusters", &[("of", "toilets"), ("min_points", "3"), ("show", "things")]),
        ("siting", &[("n", "4"), ("spacing", "2000"), ("demand", "by-village"), ("keep", "no"), ("reach", "5000")]),
    ];
    let day = Day::parse("2026-11-01").unwrap();
    for (name, parameters) in questions {
        let typed: BTreeMap<String, String> =
            parameters.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let bound = Bound::new(analysis::find(name).unwrap(), &typed, Inputs { layers }, day).unwrap();
        all.push(Arc::new(Derivation::new(format!("{name} {parameters:?}"), AsOf::NOW, bound).unwrap()));
    }
    all
}

#[test]
fn the_laws_hold_over_a_made_province() {
    let (one, again) = (InMemory(province::make(600, 3).unwrap()), InMemory(province::make(600, 3).unwrap()));
    let (one, again) = (collections(&one), collections(&again));
    assert!(one.len() > 17, "layers and questions: {}", one.len());
    for (collection, other) in one.iter().zip(&again) {
        assert!(collection.summary().unwrap().count > 0, "{} has features", collection.about().id);
        filter_law(&**collection);
        page_law(&**collection);
        zero_law(&**collection);
        unit_law(&**collection);
        valid_law(&**collection);
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

/// Every collection of a map and some more of its addresses, held to the laws, and to itself after a restart.
fn hold(dir: &Path, more: &[&str]) {
    let (one, again) = (Catalog::open(dir).unwrap(), Catalog::open(dir).unwrap());
    let mut ids: Vec<String> =
        one.collections(AsOf::NOW).unwrap().iter().map(|collection| collection.about().id.clone()).collect();
    assert!(ids.len() > 5, "{ids:?}");
    ids.extend(more.iter().map(|&id| id.to_owned()));
    for id in ids {
        let (collection, other) = (one.resolve(&id).unwrap(), again.resolve(&id).unwrap());
        // What refuses to answer, refuses again in the same words.
        if let (_, Some(refusal)) = summary_or_refusal(&*collection).unwrap() {
            assert_eq!(summary_or_refusal(&*other).unwrap().1, Some(refusal), "{id}");
            continue;
        }
        filter_law(&*collection);
        page_law(&*collection);
        zero_law(&*collection);
        unit_law(&*collection);
        valid_law(&*collection);
        same_features(&*collection, &*other);
    }
}

#[test]
fn the_laws_hold_over_every_collection_of_the_demonstration_town() {
    hold(
        &town(),
        &[
            "ponds@2026-10-31",
            "ponds@2026-10-30",
            "events@2026-09-30",
            "issues@2026-10-15",
            "patrols@2026-09-15",
            "farms-near-schools~distance=1000@2026-10-31",
            "uncleaned-waterbodies~days=0",
            "uncleaned-waterbodies~condition=black~source_distance=500@2026-11-05",
            "uncleaned-waterbodies~show=surveyed~look_back=20~upstream=3000~sample_distance=0@2026-10-31",
            "black-odorous-list~min_area=500~sample_distance=50@2026-10-31",
            "coverage-gaps~facility=waste-points~reach=200",
            "service-areas~reach=800",
            "service-areas~facility=toilets,waste-points~show=roads~measure=road~reach=900",
            "service-areas~facility=schools~measure=drive~minutes=2.5",
            "service-areas~show=facilities",
            "service-areas~facility=schools~show=facilities~measure=road~reach=900",
            "coverage-gaps~reach=600~measure=road",
            "coverage-gaps~demand=households",
            "screening~force=in-force@2026-10-31",
            "screening~subject=households~rules=farmland,waste",
            "farmland-overlap~list=all-farms@2026-10-31",
            "coverage-gaps~facility=toilets,waste-points~reach=800~measure=road~off_road=200",
            "coverage-gaps~demand=households~reach=700~measure=road~oneway=obeyed",
            "coverage-gaps~facility=street-lights~demand=road~reach=60~planned=with_planned",
            "coverage-gaps~demand=road~reach=1000~measure=road~classes=village",
            "coverage-gaps~facility=schools~measure=drive~minutes=2.5",
            "coverage-gaps~demand=households~measure=drive~minutes=1.2~facility=toilets,schools",
            "hotspots~cells=hexagon@2026-10-31",
            "hotspots~from=2026-10-01~cell=300~fdr=0.1@2026-10-31",
            "hotspots~of=farms~value=head",
            "density~of=farms~value=head",
            "tallies~by=village",
            "density~of=households",
            "density~show=bands@2026-10-31",
            "clusters~of=frontages~eps=60",
            "clusters~of=farms~min_points=3~show=things",
            "siting",
            "siting~model=lscp~forbid=basic-farmland~clearance=20@2026-10-31",
            "siting~model=p-median~n=2~measure=road~spacing=800",
            "siting~model=p-median~n=2~measure=drive~spacing=800",
            "siting~model=p-centre~n=2~spacing=800~demand=by-village",
            "siting~n=2~spacing=500~demand=by-village~capacity=400",
            "corridor~section=250~zone=35@2026-10-31",
            "corridor~road=X301@2026-10-31",
            "chainage~at=K4+300",
            "chainage~road=蓟海路~point=117.5,39.6",
            "village-indicators~period=2026-09-01..@2026-10-31",
            "village-indicators~period=2026-W44~names=masked@2026-10-31",
            "grid-check~tolerance=0~snap=0@2026-10-31",
            "responsible~at=117.52,39.6",
            "responsible~of=farms@2026-10-31",
        ],
    );
}

#[test]
fn the_laws_hold_over_what_is_asked_of_a_ledger() {
    hold(
        &crate::ledger_analyses::town(),
        &[
            "issue-board@2026-10-31",
            "tallies~from=2026-09-01~by=village~events=work-log@2026-10-31",
            "patrol-coverage~section=37~days=20@2026-10-31",
        ],
    );
}

#[test]
fn the_laws_hold_over_every_collection_of_a_real_place() {
    if let Some(place) = bayreuth() {
        hold(&place, &["farms-near-schools~distance=5000", "coverage-gaps~facility=waste-points~reach=2000"]);
    }
}

#[test]
fn a_changed_input_changes_what_is_made_from_it_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let map = home.path().join("m");
    let map = map.to_str().unwrap();
    xiangtu(&["new", map]);
    let file = home.path().join("f.geojson");
    let write = |x: f64| {
        let point = |id: &str, lng: f64| {
            format!(
                r#"{{"type":"Feature","properties":{{"id":"{id}","name":"{id}"}},"geometry":{{"type":"Point","coordinates":[{lng},39.6]}}}}"#
            )
        };
        let features = [point("a", 117.5), point("b", x)].join(",");
        std::fs::write(&file, format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)).unwrap();
    };
    let import = |layer: &str, kind: &str| {
        xiangtu(&["import", map, layer, file.to_str().unwrap(), "--kind", kind, "--key", "id", "--on", "2026-01-01"])
    };
    write(117.501);
    ["farms", "schools", "toilets"].iter().zip(["farm", "school", "toilet"]).for_each(|(l, k)| {
        import(l, k);
    });
    let catalog = Catalog::open(Path::new(map)).unwrap();
    let revision = |id: &str| catalog.resolve(id).unwrap().revision();
    let before = ["farms", "schools", "toilets", "farms-near-schools"].map(revision);
    // Another process writes; this one takes notice at its next request.
    write(117.502);
    import("schools", "school");
    catalog.refresh().unwrap();
    let after = ["farms", "schools", "toilets", "farms-near-schools"].map(revision);
    let changed: Vec<bool> = before.iter().zip(after).map(|(a, b)| *a != b).collect();
    assert_eq!(changed, [false, true, false, true]);
    let near = catalog.resolve("farms-near-schools").unwrap().features(&xiangtu::query::Query::default()).unwrap();
    assert_eq!(near.matched, 2);
}
