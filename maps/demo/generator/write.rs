//! The forms in which townships keep their data: shapefiles in GBK, GeoPackage, GeoJSON, CSV and Excel.

use std::fs;
use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{Feature, FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DriverManager};
use geo::Polygon;
use geo::orient::{Direction, Orient};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};
use serde_json::{Map, Value, json};

use crate::Made;
use crate::houses::day;
use crate::ledger::{EVE, Entry, LAST};
use crate::shape::Pt;
use crate::sheet::{Cell, Kind, Shape, Sheet};

/// How a shapefile tells the encoding of its text, which is GBK in any case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// By a .cpg file.
    Cpg,
    /// By the language driver byte of its DBF (0x4D).
    DriverByte,
    /// Not at all, and its .prj is missing too: the receiver has to know.
    Nowhere,
}

/// The writer: it knows the plane and its longitudes and latitudes.
pub struct Writer<'a> {
    directory: &'a Path,
    to_degrees: CoordTransform,
}

/// A spatial reference whose axes are always east or longitude first.
fn reference(epsg: u32) -> Made<SpatialRef> {
    let mut reference = SpatialRef::from_epsg(epsg)?;
    reference.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Ok(reference)
}

/// CGCS2000, 3-degree Gauss-Krüger, central meridian 117°E.
const PLANE: u32 = 4548;
/// CGCS2000 longitude and latitude.
const DEGREES: u32 = 4490;

impl<'a> Writer<'a> {
    /// Writes into a directory, which is made if need be.
    pub fn new(directory: &'a Path) -> Made<Self> {
        fs::create_dir_all(directory)?;
        gdal::config::set_config_option("OGR_CURRENT_DATE", &format!("{EVE}T00:00:00.000Z"))?;
        let to_degrees = CoordTransform::new(&reference(PLANE)?, &reference(DEGREES)?)?;
        Ok(Self { directory, to_degrees })
    }

    /// Longitude and latitude to seven decimals, about a centimetre.
    fn degrees(&self, points: &[Pt]) -> Made<Vec<Pt>> {
        let mut x: Vec<f64> = points.iter().map(|p| p.x).collect();
        let mut y: Vec<f64> = points.iter().map(|p| p.y).collect();
        self.to_degrees.transform_coords(&mut x, &mut y, &mut [])?;
        let seven = |v: f64| (v * 1e7).round() / 1e7;
        Ok(x.into_iter().zip(y).map(|(x, y)| Pt { x: seven(x), y: seven(y) }).collect())
    }

    fn remove(&self, name: &str, endings: &[&str]) -> Made<()> {
        for ending in endings {
            let path = self.directory.join(format!("{name}.{ending}"));
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Writes a shapefile on the plane with its text in GBK.
    pub fn shapefile(&self, name: &str, sheet: &Sheet, told: Told) -> Made<()> {
        self.remove(name, &["shp", "shx", "dbf", "prj", "cpg"])?;
        let date = format!("DBF_DATE_LAST_UPDATE={EVE}");
        let encoding = if told == Told::DriverByte { "ENCODING=LDID/77" } else { "ENCODING=GBK" };
        let path = self.directory.join(format!("{name}.shp"));
        let mut file = DriverManager::get_driver_by_name("ESRI Shapefile")?.create_vector_only(&path)?;
        fill(&mut file, name, sheet, PLANE, &[encoding, &date], |points| Ok(points.to_vec()))?;
        file.close()?;
        let dbf = self.directory.join(format!("{name}.dbf"));
        let mut bytes = fs::read(&dbf)?;
        bytes[29] = if told == Told::DriverByte { 0x4D } else { 0 };
        fs::write(&dbf, bytes)?;
        match told {
            Told::Cpg => Ok(()),
            Told::DriverByte => self.remove(name, &["cpg"]),
            Told::Nowhere => self.remove(name, &["cpg", "prj"]),
        }
    }

    /// Writes a GeoPackage in longitude and latitude.
    pub fn geopackage(&self, name: &str, sheet: &Sheet) -> Made<()> {
        self.remove(name, &["gpkg"])?;
        let path = self.directory.join(format!("{name}.gpkg"));
        let mut file = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(&path)?;
        fill(&mut file, name, sheet, DEGREES, &["SPATIAL_INDEX=YES"], |points| self.degrees(points))?;
        file.close()?;
        Ok(())
    }

    /// Writes GeoJSON, one feature a line.
    pub fn geojson(&self, name: &str, sheet: &Sheet) -> Made<()> {
        let mut lines = Vec::new();
        for (shape, cells) in &sheet.rows {
            let ring = |points: &[Pt]| -> Made<Value> {
                Ok(self.degrees(points)?.iter().map(|p| json!([p.x, p.y])).collect())
            };
            let geometry = match shape {
                Shape::Point(p) => json!({"type": "Point", "coordinates": ring(&[*p])?[0]}),
                Shape::Line(line) => json!({"type": "LineString", "coordinates": ring(line)?}),
                Shape::Area(ground) => json!({"type": "Polygon", "coordinates": [ring(&rings(ground)[0])?]}),
            };
            let properties: Map<String, Value> =
                sheet.columns.iter().zip(cells).map(|((name, _), cell)| ((*name).to_owned(), value(cell))).collect();
            let feature = json!({"type": "Feature", "properties": properties, "geometry": geometry});
            lines.push(feature.to_string());
        }
        let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n"));
        fs::write(self.directory.join(format!("{name}.geojson")), text)?;
        Ok(())
    }

    /// Writes a CSV file with longitude and latitude as its last two columns; lines end as Excel ends them.
    pub fn csv(&self, name: &str, sheet: &Sheet, gbk: bool) -> Made<()> {
        let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let names = sheet.columns.iter().map(|(name, _)| *name);
        file.write_record(names.chain(["经度", "纬度"]))?;
        for (shape, cells) in &sheet.rows {
            let place = self.place(shape)?;
            let texts = sheet.columns.iter().zip(cells).map(|((_, kind), cell)| cell.text(*kind));
            file.write_record(texts.chain([format!("{:.7}", place.x), format!("{:.7}", place.y)]))?;
        }
        self.text(name, file.into_inner()?, gbk)
    }

    /// Writes lines of text, in GBK or in UTF-8 with a byte order mark.
    fn text(&self, name: &str, bytes: Vec<u8>, gbk: bool) -> Made<()> {
        let text = String::from_utf8(bytes)?;
        let bytes =
            if gbk { encoding_rs::GBK.encode(&text).0.into_owned() } else { format!("\u{feff}{text}").into_bytes() };
        fs::write(self.directory.join(format!("{name}.csv")), bytes)?;
        Ok(())
    }

    /// Writes a work log as CSV: its rows numbered, its days as Excel writes them (2026/9/3), a column for each field.
    pub fn log_csv(&self, name: &str, log: &[Entry], initials: &str, gbk: bool) -> Made<()> {
        let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let fields = field_columns(log);
        file.write_record(LOG_COLUMNS.iter().chain(&fields).chain(&["经度", "纬度"]))?;
        for (n, entry) in log.iter().enumerate() {
            let own = fields.iter().map(|column| field(entry, column));
            let place = match entry.place {
                Some(place) => {
                    self.degrees(&[place])?.iter().flat_map(|p| [p.x, p.y].map(|c| format!("{c:.7}"))).collect()
                }
                None => vec![String::new(); 2],
            };
            let on = day(entry.day).replace("-0", "-").replace('-', "/");
            file.write_record(head(entry, n, initials, on).into_iter().chain(own).chain(place))?;
        }
        self.text(name, file.into_inner()?, gbk)
    }

    /// Writes a work log as an Excel ledger: a title over all columns, days as Excel keeps them.
    pub fn log_excel(&self, name: &str, title: &str, log: &[Entry], initials: &str) -> Made<()> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::parse_from_str(&day(LAST))?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let page = book.add_worksheet();
        page.set_name("工作台账")?;
        let strong = Format::new().set_bold().set_align(FormatAlign::Center);
        let date = Format::new().set_num_format("yyyy/m/d");
        let fields = field_columns(log);
        let columns: Vec<&str> = LOG_COLUMNS.iter().chain(&fields).copied().collect();
        page.merge_range(0, 0, 0, columns.len() as u16 - 1, title, &strong)?;
        for (column, name) in columns.iter().enumerate() {
            page.write_with_format(1, column as u16, *name, &strong)?;
        }
        for (n, entry) in log.iter().enumerate() {
            let row = n as u32 + 2;
            let own = fields.iter().map(|column| field(entry, column));
            for (column, text) in head(entry, n, initials, day(entry.day)).into_iter().chain(own).enumerate() {
                let column = column as u16;
                match columns[usize::from(column)] {
                    _ if text.is_empty() => continue,
                    "日期" => page.write_with_format(row, column, &ExcelDateTime::parse_from_str(&text)?, &date)?,
                    _ => page.write_string(row, column, text)?,
                };
            }
        }
        page.write_with_format(log.len() as u32 + 2, 0, "合计", &strong)?;
        page.write_number(log.len() as u32 + 2, 1, log.len() as f64)?;
        book.save(self.directory.join(format!("{name}.xlsx")))?;
        Ok(())
    }

    /// Writes an Excel ledger: a title over all columns, the header under it, a line of sums (合计) at the end.
    pub fn excel(&self, name: &str, title: &str, sheet: &Sheet, summed: &[&str]) -> Made<()> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::parse_from_str(EVE)?));
        let page = book.add_worksheet();
        page.set_name("台账")?;
        let head = Format::new().set_bold().set_align(FormatAlign::Center);
        let last = sheet.columns.len() as u16 + 1;
        page.merge_range(0, 0, 0, last, title, &head)?;
        let names = sheet.columns.iter().map(|(name, _)| *name).chain(["经度", "纬度"]);
        for (column, name) in names.enumerate() {
            page.write_with_format(1, column as u16, name, &head)?;
        }
        let mut row = 2;
        for (shape, cells) in &sheet.rows {
            for (column, cell) in cells.iter().enumerate() {
                match cell {
                    Cell::Text(text) => page.write_string(row, column as u16, text)?,
                    Cell::Whole(number) => page.write_number(row, column as u16, *number as f64)?,
                    Cell::Real(number) => page.write_number(row, column as u16, *number)?,
                    Cell::Empty => continue,
                };
            }
            let place = self.place(shape)?;
            page.write_number(row, last - 1, place.x)?;
            page.write_number(row, last, place.y)?;
            row += 1;
        }
        page.write_with_format(row, 0, "合计", &head)?;
        for (column, (name, _)) in sheet.columns.iter().enumerate() {
            if !summed.contains(name) {
                continue;
            }
            let sum = sheet.rows.iter().map(|(_, cells)| if let Cell::Whole(n) = cells[column] { n } else { 0 });
            page.write_number(row, column as u16, sum.sum::<i64>() as f64)?;
        }
        book.save(self.directory.join(format!("{name}.xlsx")))?;
        Ok(())
    }

    /// Writes a laboratory's report: title and reference line merged over all columns, a header of two lines in which what was
    /// measured stands under one heading, numbers and places as text.
    pub fn laboratory(&self, name: &str, sheet: &Sheet) -> Made<()> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::parse_from_str(&day(LAST))?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let page = book.add_worksheet();
        page.set_name("检测结果")?;
        let strong = Format::new().set_bold().set_align(FormatAlign::Center);
        let last = sheet.columns.len() as u16;
        page.merge_range(0, 0, 0, last, "青禾县乡图镇农村坑塘沟渠水质检测结果（虚构）", &strong)?;
        page.merge_range(1, 0, 1, last, "检测单位：青禾环境检测站（虚构）    报告编号：QH-2026-1031", &Format::new())?;
        let measured: Vec<u16> = (0..last).filter(|&at| sheet.columns[usize::from(at)].0.contains('(')).collect();
        if let (Some(&from), Some(&to)) = (measured.first(), measured.last()) {
            page.merge_range(2, from, 2, to, "检测指标", &strong)?;
        }
        let names = sheet.columns.iter().map(|(name, _)| *name).chain(["经纬度"]);
        for (column, name) in names.enumerate() {
            let column = column as u16;
            if measured.contains(&column) {
                page.write_with_format(3, column, name, &strong)?;
            } else {
                page.merge_range(2, column, 3, column, name, &strong)?;
            }
        }
        for (n, (shape, cells)) in sheet.rows.iter().enumerate() {
            let row = n as u32 + 4;
            for (column, cell) in cells.iter().enumerate() {
                let text = cell.text(sheet.columns[column].1);
                if !text.is_empty() {
                    page.write_string(row, column as u16, text)?;
                }
            }
            let place = self.place(shape)?;
            page.write_string(row, last, format!("{:.6}，{:.6}", place.x, place.y))?;
        }
        book.save(self.directory.join(format!("{name}.xlsx")))?;
        Ok(())
    }

    fn place(&self, shape: &Shape) -> Made<Pt> {
        match shape {
            Shape::Point(p) => Ok(self.degrees(&[*p])?[0]),
            _ => Err("only points have a place in a table".into()),
        }
    }
}

/// The columns that every work log has.
const LOG_COLUMNS: [&str; 9] = ["编号", "日期", "图层", "对象", "事项", "数量", "单位", "责任人", "说明"];

/// The field columns of a log, in the order in which they first come up.
fn field_columns(log: &[Entry]) -> Vec<&'static str> {
    let mut columns = Vec::new();
    for (column, _) in log.iter().flat_map(|entry| &entry.fields) {
        if !columns.contains(column) {
            columns.push(*column);
        }
    }
    columns
}

fn field(entry: &Entry, column: &str) -> String {
    entry.fields.iter().find(|(name, _)| *name == column).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// What stands in the columns that every log has.
fn head(entry: &Entry, n: usize, initials: &str, on: String) -> Vec<String> {
    let (number, unit) = entry.quantity.map(|(n, unit)| (n.to_string(), unit.to_owned())).unwrap_or_default();
    let texts = [format!("{initials}-{:04}", n + 1), on, entry.layer.into(), entry.object.clone(), entry.event.into()];
    texts.into_iter().chain([number, unit, entry.by.clone(), entry.note.clone()]).collect()
}

/// Fills the one layer of a dataset with a sheet.
fn fill(
    file: &mut Dataset,
    name: &str,
    sheet: &Sheet,
    epsg: u32,
    options: &[&str],
    place: impl Fn(&[Pt]) -> Made<Vec<Pt>>,
) -> Made<()> {
    let ty = match sheet.rows.first() {
        Some((Shape::Area(_), _)) => OGRwkbGeometryType::wkbPolygon,
        Some((Shape::Line(_), _)) => OGRwkbGeometryType::wkbLineString,
        _ => OGRwkbGeometryType::wkbPoint,
    };
    let srs = reference(epsg)?;
    let layer = file.create_layer(LayerOptions { name, srs: Some(&srs), ty, options: Some(options) })?;
    for (column, kind) in &sheet.columns {
        let (ty, width, precision) = match kind {
            Kind::Text(bytes) => (OGRFieldType::OFTString, *bytes, 0),
            Kind::Whole => (OGRFieldType::OFTInteger, 9, 0),
            Kind::Real(decimals) => (OGRFieldType::OFTReal, 15, *decimals),
            Kind::Day => (OGRFieldType::OFTDate, 0, 0),
        };
        let field = FieldDefn::new(column, ty)?;
        field.set_width(width);
        field.set_precision(precision);
        field.add_to_layer(&layer)?;
    }
    for (shape, cells) in &sheet.rows {
        let mut feature = Feature::new(layer.defn())?;
        feature.set_geometry(geometry(shape, ty, &place)?)?;
        for (i, cell) in cells.iter().enumerate() {
            match cell {
                Cell::Text(text) => feature.set_field_string(i, text)?,
                Cell::Whole(number) => feature.set_field_integer64(i, *number)?,
                Cell::Real(number) => feature.set_field_double(i, *number)?,
                Cell::Empty => feature.set_field_null(i)?,
            }
        }
        feature.create(&layer)?;
    }
    Ok(())
}

fn geometry(shape: &Shape, ty: u32, place: impl Fn(&[Pt]) -> Made<Vec<Pt>>) -> Made<Geometry> {
    let mut whole = Geometry::empty(ty)?;
    let points = match shape {
        Shape::Point(p) => vec![*p],
        Shape::Line(line) => line.clone(),
        Shape::Area(ground) => {
            for ring in rings(ground) {
                let mut part = Geometry::empty(OGRwkbGeometryType::wkbLinearRing)?;
                place(&ring)?.iter().for_each(|p| part.add_point_2d((p.x, p.y)));
                whole.add_geometry(part)?;
            }
            return Ok(whole);
        }
    };
    place(&points)?.iter().for_each(|p| whole.add_point_2d((p.x, p.y)));
    Ok(whole)
}

/// The closed rings of a ground, the outer one anticlockwise.
fn rings(ground: &Polygon) -> Vec<Vec<Pt>> {
    let ground = ground.orient(Direction::Default);
    std::iter::once(ground.exterior()).chain(ground.interiors()).map(|ring| ring.0.clone()).collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Whole(number) => json!(number),
        Cell::Real(number) => json!(number),
        Cell::Empty => Value::Null,
    }
}
