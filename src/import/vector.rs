//! What GDAL reads: Shapefile, GeoPackage, GeoJSON, FlatGeobuf, KML, and its other vector formats.

use std::collections::HashSet;
use std::path::Path;

use gdal::vector::{Feature, LayerAccess, LayerCaps, OGRFieldType, OwnedLayer};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use crate::fault::Fault;
use crate::geo::gdal::{failure, listen};
use crate::geo::shape::Geometries;
use crate::geo::wkb::{self, Unreadable};
use crate::import::crs::{self, Crs};
use crate::import::encoding;
use crate::import::flaw::{Flaw, Outcome};
use crate::import::source::{Cell, Column, Each, Item, Place, Reader, Wanted};
use crate::kind::ValueType;

/// Opens a file, read-only.
pub fn dataset(path: &Path, drivers: Option<&[&str]>, options: &[&str]) -> Result<Dataset, Fault> {
    listen();
    failure();
    let how = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: drivers,
        open_options: Some(options),
        sibling_files: None,
    };
    Dataset::open_ex(path, how).map_err(|error| {
        let cause = failure().unwrap_or_else(|| error.to_string());
        Fault::invalid("import-unreadable").with("file", path.display()).with("cause", cause)
    })
}

/// A layer of a file.
struct Vector {
    layer: OwnedLayer,
    file: String,
    columns: Vec<Column>,
    /// Number and type of the field behind each column.
    fields: Vec<(usize, u32)>,
    /// Texts that are none in the file's encoding: record and field.
    broken: HashSet<(u64, usize)>,
    flaws: Vec<Flaw>,
    crs: Crs,
    /// Whether the feature's own number is a column, `fid`, as it is a key in a GeoPackage.
    numbered: bool,
}

/// Opens a file that GDAL reads.
pub fn open(wanted: &Wanted<'_>) -> Result<Box<dyn Reader>, Fault> {
    let shapefile = is_shapefile(&wanted.path);
    let mut options = Vec::new();
    let mut texts = None;
    if shapefile {
        let dbf = complete(wanted)?;
        let found = encoding::of_dbf(&dbf, encoding::declared(&wanted.path, &dbf), wanted.encoding);
        options.push(format!("ENCODING={}", found.encoding.name()));
        texts = Some(found);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let drivers: Option<&[&str]> = if shapefile { Some(&["ESRI Shapefile"]) } else { None };
    let dataset = dataset(&wanted.path, drivers, &options)?;
    let numbered = ["GPKG", "FlatGeobuf"].contains(&dataset.driver().short_name().as_str());
    let at = choose(&dataset, wanted)?;
    let layer = dataset.into_layer(at).map_err(Fault::internal)?;
    if shapefile && !layer.has_capability(LayerCaps::OLCStringsAsUTF8) {
        return Err(wanted.fault("import-encoding"));
    }
    let mut flaws = Vec::new();
    let broken = texts.map_or_else(HashSet::new, |texts| {
        if texts.contradicts {
            flaws.push(Flaw::new("flaw-encoding-contradicts", 0, Outcome::Kept).about("", texts.encoding.name()));
        }
        texts.broken
    });
    let crs = match wanted.crs {
        Some(stated) => Crs::parse(stated)?,
        None => match Crs::of_layer(layer.spatial_ref())? {
            Some(crs) => crs,
            None => return Err(homeless(wanted, &layer)),
        },
    };
    let (mut columns, fields) = columns(&layer, wanted);
    let numbered = numbered && columns.iter().all(|column| column.name != "fid");
    if numbered && wanted.columns.contains(&"fid") {
        columns.push(Column { name: "fid".to_owned(), value_type: ValueType::Int });
    }
    let numbered = columns.len() > fields.len();
    Ok(Box::new(Vector {
        layer,
        file: wanted.path.display().to_string(),
        columns,
        fields,
        broken,
        flaws,
        crs,
        numbered,
    }))
}

fn is_shapefile(path: &Path) -> bool {
    path.extension().is_some_and(|e| ["shp", "dbf", "shx", "prj", "cpg"].iter().any(|own| e.eq_ignore_ascii_case(own)))
}

/// A shapefile is three files: the bytes of its table, or which of the three is missing.
fn complete(wanted: &Wanted<'_>) -> Result<Vec<u8>, Fault> {
    let sibling = |ending: &str| {
        [ending.to_owned(), ending.to_uppercase()]
            .iter()
            .map(|ending| wanted.path.with_extension(ending))
            .find(|path| path.exists())
            .ok_or_else(|| wanted.fault("import-shapefile-part").with("missing", format!(".{ending}")))
    };
    sibling("shp")?;
    sibling("shx")?;
    Ok(std::fs::read(sibling("dbf")?)?)
}

/// Which of the file's layers is meant.
fn choose(dataset: &Dataset, wanted: &Wanted<'_>) -> Result<usize, Fault> {
    let names: Vec<String> = dataset.layers().map(|layer| layer.name()).collect();
    let listed = |code| wanted.fault(code).with("layers", names.join(", "));
    match &wanted.part {
        Some(part) => {
            names.iter().position(|name| name == part).ok_or_else(|| listed("import-no-layer").with("layer", part))
        }
        None if names.len() == 1 => Ok(0),
        None if names.is_empty() => Err(wanted.fault("import-empty")),
        None => Err(listed("import-which-layer")),
    }
}

/// The fault of a layer that does not say its reference, with a hint from its first coordinates.
fn homeless(wanted: &Wanted<'_>, layer: &OwnedLayer) -> Fault {
    let (x, y) = layer.get_extent().map_or((0.0, 0.0), |e| (e.MinX, e.MinY));
    wanted.fault("import-crs-missing").with("x", x).with("y", y).with("hint", crs::hint(x, y))
}

/// What GDAL's KML reader makes of a placemark's looks.
const LOOKS: [&str; 8] =
    ["altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet", "timestamp"];

/// The columns of a layer, each with the number and type of its field.
fn columns(layer: &OwnedLayer, wanted: &Wanted<'_>) -> (Vec<Column>, Vec<(usize, u32)>) {
    let kml = wanted.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("kml") || e.eq_ignore_ascii_case("kmz"));
    let looks = |name: &str| kml && LOOKS.contains(&name) && !wanted.columns.contains(&name);
    layer
        .defn()
        .fields()
        .enumerate()
        .filter(|(_, field)| !looks(&field.name()))
        .map(|(at, field)| {
            let value_type = match field.field_type() {
                OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => ValueType::Int,
                OGRFieldType::OFTReal => ValueType::Float,
                OGRFieldType::OFTDate => ValueType::Date,
                _ => ValueType::Text,
            };
            (Column { name: field.name().trim().to_owned(), value_type }, (at, field.field_type()))
        })
        .unzip()
}

impl Reader for Vector {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn expected(&self) -> Option<u64> {
        self.layer.try_feature_count()
    }

    fn crs(&mut self) -> &mut Crs {
        &mut self.crs
    }

    fn read(&mut self, each: &mut Each<'_>) -> Result<(), Fault> {
        for flaw in self.flaws.drain(..) {
            each(Item::Flaw(flaw))?;
        }
        let mut cells = Vec::with_capacity(self.columns.len());
        for (at, feature) in (0..).zip(self.layer.features()) {
            cells.clear();
            cells.extend(self.fields.iter().map(|&(k, of)| match cell(&feature, k, of) {
                Cell::Text(text) if self.broken.contains(&(at, k)) => Cell::Undecodable(text),
                cell => cell,
            }));
            if self.numbered {
                cells.push(feature.fid().map_or(Cell::Null, |fid| Cell::Int(fid as i64)));
            }
            let mut geometry = Geometries::default();
            let place = match place(&feature, &mut geometry) {
                Ok(()) => Place::Shape(geometry.shape(0)),
                Err(code) => Place::Unknown(code),
            };
            each(Item::Row { row: at + 1, cells: &cells, place })?;
        }
        match failure() {
            Some(cause) => Err(Fault::invalid("import-unreadable").with("file", &self.file).with("cause", cause)),
            None => Ok(()),
        }
    }
}

/// The geometry of a feature, or the code of what is wrong with it.
pub fn place(feature: &Feature<'_>, out: &mut Geometries) -> Result<(), &'static str> {
    let geometry = feature.geometry_by_index(0).map_err(|_| "flaw-empty")?;
    let bytes = geometry.wkb().map_err(|_| "flaw-unreadable")?;
    wkb::read(&bytes, out).map_err(|cause| match cause {
        Unreadable::Broken => "flaw-unreadable",
        Unreadable::Unsupported => "flaw-unsupported",
    })
}

/// A value of a feature. A field that the feature leaves out reads as 0 or as no text.
pub fn cell(feature: &Feature<'_>, at: usize, of: u32) -> Cell {
    let text = || feature.field_as_string(at).ok().flatten().unwrap_or_default();
    match of {
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => match feature.field_as_integer64(at) {
            Ok(Some(0)) if text().is_empty() => Cell::Null,
            Ok(Some(n)) => Cell::Int(n),
            _ => Cell::Null,
        },
        OGRFieldType::OFTReal => match feature.field_as_double(at) {
            Ok(Some(0.0)) if text().is_empty() => Cell::Null,
            Ok(Some(x)) => Cell::float(x),
            _ => Cell::Null,
        },
        _ => Cell::text(&text()),
    }
}
