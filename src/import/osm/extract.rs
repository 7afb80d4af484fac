//! An extract of OpenStreetMap, read in one pass a geometry type.

use std::path::Path;

use gdal::vector::{Feature, LayerAccess};

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::gdal::failure;
use crate::geo::shape::{Geometries, Shape, ShapeKind};
use crate::import::osm::classes::{self, Found, TARGETS, Tags};
use crate::import::source::Cell;
use crate::import::vector;

/// Features of one layer to be: cells in the order of the target's columns, and their geometries.
#[derive(Default)]
pub struct Pile {
    /// Values.
    pub cells: Vec<Vec<Cell>>,
    /// Places, in the same order.
    pub geometries: Geometries,
}

/// What an extract holds for a map.
#[derive(Default)]
pub struct Extract {
    /// In the order of `TARGETS`; that of the villages has their points.
    pub piles: [Pile; TARGETS.len()],
    /// Grounds of communities: administrative boundaries of level 8 and below.
    pub boundaries: Geometries,
    /// What it reaches over: as asked, as it says, or as it is.
    pub extent: Option<Bbox>,
}

/// Reads an extract, and of it what touches `bbox`.
pub fn read(file: &Path, bbox: Option<Bbox>) -> Result<Extract, Fault> {
    let conf = tempfile::NamedTempFile::new()?;
    std::fs::write(conf.path(), include_str!("osmconf.ini"))?;
    let option = format!("CONFIG_FILE={}", conf.path().display());
    let mut extract = Extract { extent: bbox, ..Extract::default() };
    for layer in ["points", "lines", "multipolygons"] {
        let dataset = vector::dataset(file, Some(&["OSM"]), &[&option])?;
        let mut layer_read = dataset.layer_by_name(layer).map_err(Fault::internal)?;
        if extract.extent.is_none() {
            let said = layer_read.try_get_extent().ok().flatten();
            extract.extent = said.map(|e| Bbox { west: e.MinX, south: e.MinY, east: e.MaxX, north: e.MaxY });
        }
        let names: Vec<String> = layer_read.defn().fields().map(|field| field.name()).collect();
        for feature in layer_read.features() {
            extract.take(layer, &names, &feature, bbox.as_ref());
        }
        if let Some(cause) = failure() {
            return Err(Fault::invalid("import-unreadable").with("file", file.display()).with("cause", cause));
        }
    }
    Ok(extract)
}

impl Extract {
    fn take(&mut self, layer: &str, names: &[String], feature: &Feature<'_>, bbox: Option<&Bbox>) {
        let tag = |key: &str| {
            let at = names.iter().position(|name| name == key)?;
            feature.field_as_string(at).ok().flatten().filter(|text| !text.is_empty())
        };
        let tags = Tags(&tag);
        let mut boundary = false;
        let found: Vec<Found> = match layer {
            "points" => {
                let village = classes::place(&tags).map(|kind| {
                    let population = tag("population").map_or(Cell::Null, |text| Cell::text(&text));
                    (0, vec![population, Cell::Null, Cell::Text(kind)])
                });
                village.into_iter().chain(classes::site(&tags)).collect()
            }
            "lines" => {
                let found = [classes::road(&tags), classes::water_line(&tags), classes::railway(&tags)];
                found.into_iter().flatten().collect()
            }
            _ => {
                let level = tag("admin_level").and_then(|level| level.parse::<u8>().ok());
                boundary =
                    tag("boundary").as_deref() == Some("administrative") && level.is_some_and(|level| level >= 8);
                classes::water_area(&tags).into_iter().chain(classes::site(&tags)).collect()
            }
        };
        if found.is_empty() && !boundary {
            return;
        }
        let mut one = Geometries::default();
        if vector::place(feature, &mut one).is_err() {
            one = Geometries::default();
            one.push(None);
        }
        let one = single(one.shape(0));
        let shape = one.shape(0);
        if bbox.is_some_and(|bbox| !bbox.windows().any(|window| shape.intersects_window(window))) {
            return;
        }
        if boundary {
            self.boundaries.push_shape(shape);
        }
        let number = match (layer, tag("osm_way_id"), tag("osm_id")) {
            ("points", _, Some(id)) => format!("n{id}"),
            ("lines", _, Some(id)) | (_, Some(id), _) => format!("w{id}"),
            (_, None, Some(id)) => format!("r{id}"),
            _ => String::new(),
        };
        let name = tag("name").map_or(Cell::Null, |name| Cell::text(&name));
        for (target, rest) in found {
            let pile = &mut self.piles[target];
            pile.cells.push([Cell::text(&number), name.clone()].into_iter().chain(rest).collect());
            pile.geometries.push_shape(shape);
        }
    }
}

/// A polygon that came as the only one of several, as one. A feature without a place stays one.
fn single(shape: Shape<'_>) -> Geometries {
    let mut out = Geometries::default();
    let shells = shape.parts().filter(|(shell, _)| *shell).count();
    if shape.kind == ShapeKind::MultiPolygon && shells == 1 {
        for (shell, part) in shape.parts() {
            out.part(shell);
            part.iter().for_each(|&c| out.coord(c));
        }
        out.end_row(ShapeKind::Polygon);
    } else {
        out.push_shape(shape);
    }
    out
}
