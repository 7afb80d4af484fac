//! The demonstration town: its ledgers name the kilometre and the side of every front along road 112.

use xiangtu::catalog::Catalog;
use xiangtu::geo::chainage::{Declared, Piece, assemble, parse};
use xiangtu::map::MapFolder;
use xiangtu::query::Query;
use xiangtu::units::AsOf;

use crate::support::town;

#[test]
fn every_front_of_road_112_stands_where_its_address_says() {
    let (catalog, map) = (Catalog::open(&town()).unwrap(), MapFolder::open(&town()).unwrap());
    let declared: &Declared = &map.chainages[0];
    let roads = catalog.layer("roads", AsOf::NOW).unwrap();
    let line = roads.table().rows().find(|row| row.named("ref").to_text() == "G112").unwrap().shape();
    let pieces: Vec<Piece<'_>> = line.parts().map(|(_, line)| Piece { line, numbers: None, downward: false }).collect();
    let route = &assemble(&pieces, Some(declared)).unwrap().routes[0];
    let fronts = catalog.layer("frontages", AsOf::NOW).unwrap();
    let mut looked_at = 0;
    for front in fronts.table().rows() {
        // 112国道韩家洼段K0+182南侧
        let address = front.named("address").to_text();
        let Some((_, rest)) = address.split_once('K').filter(|_| address.starts_with("112")) else { continue };
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '+').collect();
        let place = route.locate(front.shape().coords()[0], 200.0).unwrap();
        // The ledger's clerk measured on the plane of the town's map, to the metre: 2.3 cm in a kilometre more than the ground has.
        assert!((place.number - parse(&digits).unwrap()).abs() < 1.0, "{address} {place:?}");
        assert_eq!(place.side.word(), if rest.contains("北侧") { "left" } else { "right" }, "{address}");
        looked_at += 1;
    }
    assert!(looked_at > 100, "{looked_at}");
}

#[test]
fn the_corridor_of_road_112_counts_all_its_fronts_and_shows_both_bases() {
    let catalog = Catalog::open(&town()).unwrap();
    let corridor = catalog.resolve("corridor@2026-10-31").unwrap();
    let figures = corridor.summary().unwrap();
    let figure = |name: &str| figures.figures.iter().find(|f| f.name == name).unwrap().value.clone();
    let fronts = catalog.resolve("frontages@2026-10-31").unwrap().features(&Query::default()).unwrap();
    let of_112: Vec<_> = fronts.rows().filter(|row| row.named("road").to_text() == "112国道").collect();
    let signed = of_112.iter().filter(|row| row.named("contract").to_text() != "unsigned").count();
    assert_eq!((figure("frontages"), figure("contracts")), (of_112.len().into(), signed.into()));
    assert_eq!((figure("zone_m"), figure("road")), (20.0.into(), "G112".into()));
    let (road, estimated) = (figure("road_km").as_f64().unwrap(), figure("estimated_km").as_f64().unwrap());
    assert!(estimated > 4.0 && road - estimated > 3.4, "{road} {estimated}");
    let rows = corridor.features(&Query::default()).unwrap();
    for basis in ["parcels", "partly", "estimated"] {
        assert!(rows.rows().any(|row| row.named("basis").to_text() == basis), "{basis}");
    }
    // Every strip is there, and none is deeper than the zone by more than bends and steps at the ends of parcels make it.
    for row in rows.rows() {
        let area_m2 = row.named("zone_m2").number().unwrap();
        let length_m = row.named("to_m").number().unwrap() - row.named("from_m").number().unwrap();
        assert!((area_m2 / length_m - 20.0).abs() < 2.5, "{} {area_m2} {length_m}", row.id());
    }
}

#[test]
fn what_the_corridor_comes_to_does_not_depend_on_how_it_is_cut() {
    let catalog = Catalog::open(&town()).unwrap();
    let told = |section: &str| {
        let summary = catalog.resolve(&format!("corridor~section={section}@2026-10-31")).unwrap().summary().unwrap();
        let figure = |name: &str| summary.figures.iter().find(|f| f.name == name).unwrap().value.clone();
        let counted =
            ["patrols", "issues", "issues_closed", "frontages", "contracts", "farms", "structures"].map(figure);
        (counted, ["road_km", "estimated_km"].map(|name| figure(name).as_f64().unwrap()))
    };
    let (counted, measured) = told("100");
    assert!(counted[0].as_i64().unwrap() > 50 && measured[1] > 4.0, "{counted:?} {measured:?}");
    for section in ["10", "37", "500", "5000"] {
        let (other, lengths) = told(section);
        assert_eq!(other, counted, "{section}");
        assert!(measured.iter().zip(lengths).all(|(a, b)| (a - b).abs() < 0.002), "{section} {measured:?} {lengths:?}");
    }
}
