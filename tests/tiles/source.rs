//! Tiles against their source, over all zooms.

use std::collections::BTreeMap;

use geo::{BoundingRect, Contains, CoordsIter, Distance, Euclidean, MapCoords};
use geo_types::{Coord, Geometry, Point};
use xiangtu::catalog::Catalog;
use xiangtu::collection::Collection;
use xiangtu::geo::mercator::lnglat_to_world;
use xiangtu::province;
use xiangtu::tile::{BUFFER, EXTENT, LEFT_OUT, Laid, MAX_ZOOM, PIXEL, TileId};
use xiangtu::units::AsOf;

use super::{Seen, decode, drawn, table, tiles};
use crate::support::town;

/// A source's geometry in units of a tile.
fn laid_out(geometry: &Geometry<f64>, tile: TileId) -> Geometry<f64> {
    let side = f64::from(1_u32 << tile.z);
    let extent = f64::from(EXTENT);
    geometry.map_coords(|Coord { x, y }| {
        let [x, y] = lnglat_to_world([x, y]);
        Coord { x: (x * side - f64::from(tile.col)) * extent, y: (y * side - f64::from(tile.row)) * extent }
    })
}

fn span(geometry: &Geometry<f64>) -> f64 {
    let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
    for c in geometry.coords_iter() {
        low = [low[0].min(c.x), low[1].min(c.y)];
        high = [high[0].max(c.x), high[1].max(c.y)];
    }
    (high[0] - low[0]).max(high[1] - low[1])
}

fn distance(at: Coord<f64>, to: &Geometry<f64>) -> f64 {
    Euclidean.distance(&Point(at), to)
}

/// Whether a place lies within the tile itself, a pixel from its edge.
fn well_within(at: Coord<f64>) -> bool {
    let room = f64::from(PIXEL)..=f64::from(EXTENT - PIXEL);
    room.contains(&at.x) && room.contains(&at.y)
}

/// Whether a shape is narrower than half a pixel about one of its corners, or ends there in a point: of a pixel's circle around
/// it, less than a fifth lies inside.
fn narrow(at: Coord<f64>, shape: &Geometry<f64>) -> bool {
    let areal = matches!(shape, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    let around = |k: i32| {
        let (s, c) = (f64::from(k) / 60.0 * std::f64::consts::TAU).sin_cos();
        Point::new(at.x + f64::from(PIXEL) * c, at.y + f64::from(PIXEL) * s)
    };
    areal && (0..60).filter(|&k| shape.contains(&around(k))).count() < 12
}

/// The middle of a shape's box.
fn middle(shape: &Geometry<f64>) -> Coord<f64> {
    shape.bounding_rect().unwrap().center()
}

/// Holds a tile against its source; gives how many features of it were compared.
fn check(collection: &dyn Collection, laid: &Laid, tile: TileId) -> usize {
    let mut faults = Vec::new();
    let seen = compare(collection, laid, tile, &mut faults);
    faults.truncate(20);
    assert!(faults.is_empty(), "{} {tile:?}: {faults:#?}", collection.about().id);
    seen
}

fn compare(collection: &dyn Collection, laid: &Laid, tile: TileId, faults: &mut Vec<String>) -> usize {
    let table = table(collection);
    let drawn = drawn(collection, &table, laid, tile);
    let mut layers = decode(&drawn.bytes, tile);
    let said = layers.remove(LEFT_OUT);
    match &said {
        Some(said) => {
            let figure = |name: &str| said[0].properties[name].clone();
            assert_eq!(figure("shown"), format!("IntegerValue({})", drawn.shown));
            assert_eq!(figure("left_out"), format!("IntegerValue({})", drawn.left_out));
        }
        None => assert_eq!(drawn.left_out, 0, "{tile:?}"),
    }
    assert!(tile.z < MAX_ZOOM || drawn.left_out == 0, "{tile:?}: nothing is left out on the last zoom");
    let seen: BTreeMap<String, Seen> =
        layers.remove(&collection.about().id).unwrap_or_default().into_iter().map(|s| (s.id.clone(), s)).collect();
    assert!(layers.is_empty());
    let mut missing = 0;
    for row in table.rows() {
        let Some(source) = row.shape().to_geo() else {
            assert!(!seen.contains_key(row.id()));
            continue;
        };
        let source = laid_out(&source, tile);
        let Some(one) = seen.get(row.id()) else {
            // What covers ground with others gives way to them where it is too narrow to be drawn.
            let covering = collection.about().kind.covering;
            let gives_way = |at: Coord<f64>| covering && tile.z < MAX_ZOOM && narrow(at, &source);
            let here = source.coords_iter().any(|at| well_within(at) && !gives_way(at));
            if here && (span(&source) > f64::from(4 * PIXEL) || tile.z == MAX_ZOOM) {
                faults.push(format!("{} is missing", row.id()));
            }
            missing += usize::from(well_within(middle(&source)));
            continue;
        };
        if !one.valid {
            faults.push(format!("{} is not valid: {:?}", one.id, one.geometry));
        }
        // What is smaller than a pixel is a pixel about where it lies.
        let reach = f64::from(PIXEL) * if span(&source) < f64::from(PIXEL) { 1.25 } else { 1.0 };
        for at in source.coords_iter().filter(|at| well_within(*at)) {
            if distance(at, &one.geometry) > reach && !narrow(at, &source) {
                faults.push(format!("{at:?} of {} is not drawn", one.id));
            }
        }
        let edge = f64::from(-BUFFER)..f64::from(EXTENT + BUFFER);
        for at in one.geometry.coords_iter() {
            assert!((edge.start..=edge.end).contains(&at.x) && (edge.start..=edge.end).contains(&at.y));
            if distance(at, &source) > reach {
                faults.push(format!("{at:?} of {} is no part of it", one.id));
            }
        }
    }
    assert!(missing == 0 || said.is_some(), "{tile:?}: {missing} are missing and nothing is said");
    seen.len()
}

#[test]
fn every_feature_of_a_province_larger_than_a_pixel_is_where_it_is() {
    for layer in province::make(1500, 5).unwrap() {
        let laid = Laid::default();
        let bbox = layer.summary().unwrap().bbox.unwrap();
        let mut seen = 0;
        for z in 0..=MAX_ZOOM {
            seen += tiles(bbox, z, 5).into_iter().map(|tile| check(&*layer, &laid, tile)).sum::<usize>();
        }
        assert!(seen > 30, "{}: {seen}", layer.name());
    }
}

#[test]
fn every_collection_of_the_town_gives_tiles_that_are_true_to_it() {
    let catalog = Catalog::open(&town()).unwrap();
    let collections = catalog.collections(AsOf::NOW).unwrap();
    assert!(collections.iter().filter(|one| one.about().analysis.is_some()).count() > 3);
    for collection in collections {
        let Some(bbox) = collection.summary().unwrap().bbox else { continue };
        let laid = Laid::default();
        let mut seen = 0;
        for z in [0, 5, 8, 10, 11, 12, 13, 14, 15, 16] {
            seen += tiles(bbox, z, 4).into_iter().map(|tile| check(&*collection, &laid, tile)).sum::<usize>();
        }
        assert!(seen > 0, "{}", collection.about().id);
    }
}

#[test]
fn each_feature_is_counted_once_at_each_zoom() {
    for layer in province::make(3000, 9).unwrap() {
        let (laid, table) = (Laid::default(), table(&*layer));
        let bbox = layer.summary().unwrap().bbox.unwrap();
        let mut before = 0;
        for z in 4..=11 {
            let all: Vec<_> =
                tiles(bbox, z, usize::MAX).into_iter().map(|tile| drawn(&*layer, &table, &laid, tile)).collect();
            let shown: usize = all.iter().map(|one| one.shown).sum();
            let left_out: usize = all.iter().map(|one| one.left_out).sum();
            assert_eq!(shown + left_out, table.len() as usize, "{} {z}", layer.name());
            assert!(shown >= before, "{} {z}: what is seen stays seen", layer.name());
            before = shown;
        }
    }
}
