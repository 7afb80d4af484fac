//! Vector tiles, decoded by GDAL and held against what they are of.

mod borders;
mod door;
mod source;

use std::collections::BTreeMap;

use gdal::vector::{FieldValue, LayerAccess};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::MapCoords;
use geo_types::{Coord, Geometry};
use xiangtu::collection::Collection;
use xiangtu::query::Query;
use xiangtu::table::Table;
use xiangtu::tile::{Drawn, EXTENT, Laid, Plan, TileId, draw};

/// Half the world's width in EPSG:3857.
const HALF: f64 = 20_037_508.342_789_244;

/// A feature as GDAL reads it out of a tile, its geometry in units of the tile.
pub struct Seen {
    pub id: String,
    pub properties: BTreeMap<String, String>,
    pub geometry: Geometry<f64>,
    pub valid: bool,
}

/// The layers of a tile, decoded by GDAL.
pub fn decode(bytes: &[u8], tile: TileId) -> BTreeMap<String, Vec<Seen>> {
    let mut layers = BTreeMap::new();
    // GDAL does not take a file without bytes for a tile.
    if bytes.is_empty() {
        return layers;
    }
    let folder = tempfile::tempdir().unwrap();
    // GDAL reads off the path where the tile lies.
    let path = folder.path().join(format!("{}/{}", tile.z, tile.col));
    std::fs::create_dir_all(&path).unwrap();
    let path = path.join(format!("{}.mvt", tile.row));
    std::fs::write(&path, bytes).unwrap();
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR,
        allowed_drivers: Some(&["MVT"]),
        open_options: Some(&["CLIP=NO"]),
        sibling_files: None,
    };
    let dataset = Dataset::open_ex(&path, options).unwrap();
    for mut layer in dataset.layers() {
        let name = layer.name();
        let mut seen = Vec::new();
        for feature in layer.features() {
            let geometry = feature.geometry().unwrap();
            let valid = geometry.is_valid();
            let geometry = geometry.to_geo().unwrap().map_coords(|at| units(at, tile));
            let mut one = Seen { id: String::new(), properties: BTreeMap::new(), geometry, valid };
            for (field, value) in feature.fields() {
                match (field.as_str(), value) {
                    (_, None) => {}
                    // GDAL's own: the number of a feature that has none is nought.
                    ("mvt_id", value) => assert_eq!(value.and_then(|number| number.into_int64()), Some(0)),
                    ("id", Some(FieldValue::StringValue(id))) => one.id = id,
                    // What a feature has not, GDAL reads as empty.
                    (_, Some(FieldValue::StringValue(text))) if text.is_empty() => {}
                    (_, Some(FieldValue::StringValue(text))) => drop(one.properties.insert(field, text)),
                    (_, Some(value)) => drop(one.properties.insert(field, format!("{value:?}"))),
                }
            }
            seen.push(one);
        }
        layers.insert(name, seen);
    }
    layers
}

/// A place in EPSG:3857 in units of a tile, where it is a whole number of them.
fn units(at: Coord<f64>, tile: TileId) -> Coord<f64> {
    let side = f64::from(1_u32 << tile.z) * f64::from(EXTENT);
    let x = (at.x + HALF) / (2.0 * HALF) * side - f64::from(tile.col) * f64::from(EXTENT);
    let y = (HALF - at.y) / (2.0 * HALF) * side - f64::from(tile.row) * f64::from(EXTENT);
    assert!((x - x.round()).abs() < 1e-3 && (y - y.round()).abs() < 1e-3, "{x} {y}");
    Coord { x: x.round(), y: y.round() }
}

/// A collection's table.
pub fn table(collection: &dyn Collection) -> std::sync::Arc<Table> {
    collection.features(&Query::default()).unwrap().shared().clone()
}

/// A tile of a collection, with the usual properties.
pub fn drawn(collection: &dyn Collection, table: &Table, laid: &Laid, tile: TileId) -> Drawn {
    let plan = Plan::new(collection.about(), table.attributes(), None).unwrap();
    draw(table, laid, &plan, tile)
}

/// The tiles of a zoom on which a box lies; of many some, evenly.
pub fn tiles(bbox: [f64; 4], z: u8, most: usize) -> Vec<TileId> {
    let limits = TileId::limits(bbox, z);
    let all: Vec<TileId> = (limits.rows[0]..=limits.rows[1])
        .flat_map(|row| (limits.cols[0]..=limits.cols[1]).map(move |col| TileId { z, row, col }))
        .collect();
    let step = all.len().div_ceil(most).max(1);
    all.into_iter().step_by(step).collect()
}
