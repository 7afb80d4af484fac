//! Files that GDAL writes: a new temporary file from the answer's rows, passed on and removed. The store is never opened here.

use std::io::{self, Write};
use std::path::Path;

use ::gdal::vector::sql::Dialect;
use ::gdal::vector::{
    Feature, FieldDefn, Geometry, Layer, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType,
};
use ::gdal::{Dataset, DriverManager};

use crate::encode::csv::tame;
use crate::encode::{Format, Sheet, axes, headings};
use crate::fault::Fault;
use crate::geo::reference::{Carrier, Order, Reference};
use crate::geo::shape::{Shape, ShapeKind};
use crate::geo::wkb;
use crate::kind::ValueType;
use crate::table::{Row, Value};

/// FlatGeobuf: fast to read over a network, one layer a file.
pub static FLATGEOBUF: Format = Format {
    name: "fgb",
    media_type: "application/flatgeobuf",
    extension: "fgb",
    file: true,
    packed: false,
    passes: 2,
    encode: flatgeobuf,
};

/// GeoPackage.
pub static GEOPACKAGE: Format = Format {
    name: "gpkg",
    media_type: "application/geopackage+sqlite3",
    extension: "gpkg",
    file: true,
    packed: false,
    passes: 1,
    encode: |sheet, out| {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("answer.gpkg");
        geopackage(sheet, true, &path)?;
        pour(&path, out)
    },
};

/// An Excel workbook, with a point of each feature.
pub static XLSX: Format = Format {
    name: "xlsx",
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension: "xlsx",
    file: true,
    packed: true,
    passes: 2,
    encode: |sheet, out| copied(sheet, "XLSX", "xlsx", false, out),
};

/// KML, for earth viewers and phones.
pub static KML: Format = Format {
    name: "kml",
    media_type: "application/vnd.google-earth.kml+xml",
    extension: "kml",
    file: true,
    packed: false,
    passes: 1,
    encode: |sheet, out| {
        if sheet.crs != Reference::CRS84 {
            let fault = Fault::invalid("format-crs-fixed").with("parameter", "crs").with("format", "kml");
            return Err(fault.with("crs", sheet.crs.name()));
        }
        // Not LIBKML, which takes longer for each feature the more there are. KML knows no dates: they are told as ISO 8601.
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("answer.kml");
        let file = File { driver: "KML", path: &path, layer: &layer_name(&sheet.about.id), options: &[] };
        written(
            sheet,
            || sheet.answer.rows(),
            &file,
            &headings(sheet, &[]),
            |ty| match ty {
                ValueType::Date => OGRFieldType::OFTString,
                other => field_type(other),
            },
        )?;
        pour(&path, out)
    },
};

pub(super) fn failed(error: ::gdal::errors::GdalError) -> Fault {
    Fault::internal(error)
}

/// Passes a finished file on.
fn pour(path: &Path, out: &mut dyn Write) -> Result<(), Fault> {
    io::copy(&mut std::fs::File::open(path)?, out)?;
    Ok(())
}

/// A name that tables, layers and file systems all take: letters and digits of any script, `-` and `_`.
pub(super) fn layer_name(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// What the shapes of some rows come to: one geometry type for the layer, and whether single ones are promoted to it.
struct Cast {
    ty: OGRwkbGeometryType::Type,
    promote: bool,
}

fn cast<'a>(rows: impl Iterator<Item = Row<'a>>) -> Cast {
    use OGRwkbGeometryType as T;
    let mut seen = [false; 3];
    let mut many = false;
    for row in rows {
        let kind = row.shape().kind;
        if let Some(dimension) = kind.dimension() {
            seen[usize::from(dimension)] = true;
            many |= matches!(kind, ShapeKind::MultiPoint | ShapeKind::MultiLine | ShapeKind::MultiPolygon);
        }
    }
    let ty = match (seen, many) {
        ([true, false, false], false) => T::wkbPoint,
        ([true, false, false], true) => T::wkbMultiPoint,
        ([false, true, false], false) => T::wkbLineString,
        ([false, true, false], true) => T::wkbMultiLineString,
        ([false, false, true], false) => T::wkbPolygon,
        ([false, false, true], true) => T::wkbMultiPolygon,
        _ => T::wkbUnknown,
    };
    Cast { ty, promote: many && ty != T::wkbUnknown }
}

/// The shape as GDAL holds it; a single one as the only member of a multiple one, where the layer wants those.
fn geometry(shape: Shape<'_>, promote: bool, buffer: &mut Vec<u8>) -> Result<Option<Geometry>, Fault> {
    if shape.is_none() {
        return Ok(None);
    }
    buffer.clear();
    let multiple: u32 = match shape.kind {
        ShapeKind::Point => 4,
        ShapeKind::Line => 5,
        ShapeKind::Polygon => 6,
        _ => 0,
    };
    if promote && multiple > 0 {
        buffer.push(1);
        buffer.extend(multiple.to_le_bytes());
        buffer.extend(1_u32.to_le_bytes());
    }
    wkb::write(shape, buffer);
    Geometry::from_wkb(buffer).map(Some).map_err(failed)
}

/// Puts rows into a layer whose fields stand in the order of `headings`, from the number `first` on.
fn fill<'a>(
    layer: &Layer<'_>,
    sheet: &Sheet<'_>,
    rows: impl Iterator<Item = Row<'a>>,
    shapes: Option<&Cast>,
    first: usize,
) -> Result<(), Fault> {
    let mut buffer = Vec::new();
    let mut carrier = sheet.crs.carrier(Order::EastFirst)?;
    for row in rows {
        let mut feature = Feature::new(layer.defn()).map_err(failed)?;
        values(&mut feature, sheet, row, shapes.is_none(), first).map_err(failed)?;
        if shapes.is_none() {
            point(&mut feature, sheet, row, &mut carrier)?;
        }
        if let Some(cast) = shapes
            && let Some(geometry) = geometry(carrier.carry(row.shape())?, cast.promote, &mut buffer)?
        {
            feature.set_geometry(geometry).map_err(failed)?;
        }
        feature.create(layer).map_err(failed)?;
        sheet.watch.wrote(1)?;
    }
    Ok(())
}

/// `flat`: for a sheet without geometries, which might run formulas.
fn values(
    feature: &mut Feature<'_>,
    sheet: &Sheet<'_>,
    row: Row<'_>,
    flat: bool,
    first: usize,
) -> ::gdal::errors::Result<()> {
    // GDAL takes C strings: a text ends where it holds a NUL.
    let clean = |text: &str| match text.contains('\0') {
        true => text.replace('\0', ""),
        false => text.to_owned(),
    };
    let clean = |text: &str| clean(if flat { tame(text) } else { text.into() }.as_ref());
    feature.set_field_string(first, &clean(row.id()))?;
    for (k, &at) in (first..).zip(&sheet.answer.columns) {
        match row.value(at) {
            Value::Null => feature.set_field_null(k + 1)?,
            Value::Bool(b) => feature.set_field_integer(k + 1, b.into())?,
            Value::Int(n) => feature.set_field_integer64(k + 1, n)?,
            Value::Float(x) => feature.set_field_double(k + 1, x)?,
            Value::Text(text) => feature.set_field_string(k + 1, &clean(text))?,
            Value::Date(day) => feature.set_field_string(k + 1, &day.to_string())?,
        }
    }
    Ok(())
}

/// A point of the feature, for a sheet without geometries.
fn point(feature: &mut Feature<'_>, sheet: &Sheet<'_>, row: Row<'_>, carrier: &mut Carrier) -> Result<(), Fault> {
    let Some(inside) = row.shape().inside_point() else { return Ok(()) };
    let first = sheet.answer.columns.len() + 1;
    for (k, x) in carrier.point(inside)?.into_iter().enumerate() {
        feature.set_field_double(first + k, x).map_err(failed)?;
    }
    Ok(())
}

/// Writes the answer as a new GeoPackage. Columns are declared in the package's own words, for GDAL's interface has none for
/// yes and no.
fn geopackage(sheet: &Sheet<'_>, shapes: bool, path: &Path) -> Result<(), Fault> {
    let cast = cast(sheet.answer.rows());
    let name = layer_name(&sheet.about.id);
    let axes = axes(sheet.crs);
    let more: &[&str] = if shapes { &[] } else { &axes };
    // The package's own columns come first, so that an attribute of their name is the one to give way.
    let mut taken = vec!["fid".to_owned(), "geom".to_owned()];
    let attributes = sheet.answer.table().attributes();
    let of_columns = sheet.answer.columns.iter().map(|&at| match attributes[at].value_type {
        ValueType::Text | ValueType::Code => "TEXT",
        ValueType::Int => "INTEGER",
        ValueType::Float => "REAL",
        ValueType::Bool => "BOOLEAN",
        ValueType::Date => "DATE",
        // A cell of a sheet has no offset, and would lose it.
        ValueType::Instant => {
            if shapes {
                "DATETIME"
            } else {
                "TEXT"
            }
        }
    });
    let types = std::iter::once("TEXT").chain(of_columns).chain(more.iter().map(|_| "REAL"));
    let driver = DriverManager::get_driver_by_name("GPKG").map_err(failed)?;
    let srs = sheet.crs.spatial_ref()?;
    let options = ["FID=fid", "GEOMETRY_NAME=geom"];
    let mut package = driver.create_vector_only(path).map_err(failed)?;
    let ty = if shapes { cast.ty } else { OGRwkbGeometryType::wkbNone };
    package
        .create_layer(LayerOptions { name: &name, srs: shapes.then_some(&srs), ty, options: Some(&options) })
        .map_err(failed)?;
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    for (mut heading, ty) in headings(sheet, more).into_iter().zip(types) {
        while taken.iter().any(|known| known.eq_ignore_ascii_case(&heading)) {
            heading.push('_');
        }
        let declare = format!("ALTER TABLE {} ADD COLUMN {} {ty}", quoted(&name), quoted(&heading));
        package.execute_sql(declare, None, Dialect::DEFAULT).map_err(failed)?;
        taken.push(heading);
    }
    package.close().map_err(failed)?;
    let mut package = open(path, true)?;
    let transaction = package.start_transaction().map_err(failed)?;
    fill(&transaction.layer(0).map_err(failed)?, sheet, sheet.answer.rows(), shapes.then_some(&cast), 0)?;
    transaction.commit().map_err(failed)?;
    package.close().map_err(failed)
}

fn open(path: &Path, update: bool) -> Result<Dataset, Fault> {
    let mut flags = ::gdal::GdalOpenFlags::GDAL_OF_VECTOR;
    flags.set(::gdal::GdalOpenFlags::GDAL_OF_UPDATE, update);
    let options = ::gdal::DatasetOptions { open_flags: flags, allowed_drivers: Some(&["GPKG"]), ..Default::default() };
    Dataset::open_ex(path, options).map_err(failed)
}

/// Writes the answer as a GeoPackage and has GDAL copy that, with its exact types, into another format.
fn copied(sheet: &Sheet<'_>, driver: &str, ending: &str, shapes: bool, out: &mut dyn Write) -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let (package, copy) = (folder.path().join("answer.gpkg"), folder.path().join("answer").with_extension(ending));
    geopackage(sheet, shapes, &package)?;
    let driver = DriverManager::get_driver_by_name(driver).map_err(failed)?;
    let package = open(&package, false)?;
    package.create_copy(&driver, &copy, &Default::default()).map_err(failed)?.close().map_err(failed)?;
    // GDAL says nothing while it copies.
    sheet.watch.wrote(sheet.answer.rows().len())?;
    pour(&copy, out)
}

/// A FlatGeobuf, where everything has a place: GDAL leaves out what has none, and nothing may be lost in silence.
fn flatgeobuf(sheet: &Sheet<'_>, out: &mut dyn Write) -> Result<(), Fault> {
    match sheet.answer.rows().filter(|row| row.shape().is_none()).count() {
        0 => copied(sheet, "FlatGeobuf", "fgb", true, out),
        count => Err(Fault::invalid("format-needs-places").with("format", "fgb").with("count", count)),
    }
}

/// A file that is written feature by feature.
pub(super) struct File<'a> {
    pub driver: &'a str,
    pub path: &'a Path,
    pub layer: &'a str,
    pub options: &'a [&'a str],
}

pub(super) fn field_type(ty: ValueType) -> OGRFieldType::Type {
    match ty {
        // KML and .dbf know days, and no instants.
        ValueType::Text | ValueType::Code | ValueType::Instant => OGRFieldType::OFTString,
        ValueType::Int => OGRFieldType::OFTInteger64,
        ValueType::Float => OGRFieldType::OFTReal,
        ValueType::Bool => OGRFieldType::OFTInteger,
        ValueType::Date => OGRFieldType::OFTDate,
    }
}

/// Writes rows, the id first, under these names.
pub(super) fn written<'a, R: Iterator<Item = Row<'a>>>(
    sheet: &Sheet<'_>,
    rows: impl Fn() -> R,
    file: &File<'_>,
    names: &[String],
    types: impl Fn(ValueType) -> OGRFieldType::Type,
) -> Result<(), Fault> {
    let cast = cast(rows());
    let driver = DriverManager::get_driver_by_name(file.driver).map_err(failed)?;
    let mut files = driver.create_vector_only(file.path).map_err(failed)?;
    let srs = sheet.crs.spatial_ref()?;
    let options = LayerOptions { name: file.layer, srs: Some(&srs), ty: cast.ty, options: Some(file.options) };
    let layer = files.create_layer(options).map_err(failed)?;
    // KML has fields of its own, which stand before ours.
    let first = layer.defn().fields().count();
    let attributes = sheet.answer.table().attributes();
    let types = sheet.answer.columns.iter().map(|&at| types(attributes[at].value_type));
    for (name, ty) in names.iter().zip(std::iter::once(OGRFieldType::OFTString).chain(types)) {
        FieldDefn::new(name, ty).and_then(|field| field.add_to_layer(&layer)).map_err(failed)?;
    }
    fill(&layer, sheet, rows(), Some(&cast), first)?;
    files.close().map_err(failed)
}
