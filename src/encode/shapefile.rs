//! Zipped Shapefiles, with a table of their fields' whole names.

use std::io::{self, Write};
use std::path::Path;

use crate::encode::csv::{BYTE_ORDER_MARK, tame};
use crate::encode::gdal::{File, field_type, layer_name, written};
use crate::encode::{Format, Sheet, headings};
use crate::fault::Fault;
use crate::table::{Row, Value};

/// A zipped Shapefile; GBK where every character of it has a place there, for the desktops that know nothing else.
pub static FORMAT: Format = Format {
    name: "shp",
    media_type: "application/zip",
    extension: "zip",
    file: true,
    packed: true,
    passes: 1,
    encode: shapefile,
};

/// Endings of the names of a Shapefile's parts, by dimension.
const PARTS: [&str; 3] = ["_points", "_lines", "_polygons"];

/// A Shapefile holds one kind of shape: what is mixed becomes several of them in one archive. What has no place goes into the
/// first.
fn shapefile(sheet: &Sheet<'_>, out: &mut dyn Write) -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let name = layer_name(&sheet.about.id);
    let dimension = |row: &Row<'_>| row.shape().kind.dimension();
    let mut parts: Vec<u8> = (0..3).filter(|&d| sheet.answer.rows().any(|row| dimension(&row) == Some(d))).collect();
    if parts.is_empty() {
        parts.push(0);
    }
    let whole = headings(sheet, &[]);
    let names = short(&whole);
    let encoding = if fits_gbk(sheet) { "ENCODING=GBK" } else { "ENCODING=UTF-8" };
    for &part in &parts {
        let own = |row: &Row<'_>| dimension(row).unwrap_or(parts[0]) == part;
        let ending = if parts.len() > 1 { PARTS[usize::from(part)] } else { "" };
        let layer = format!("{name}{ending}");
        let path = folder.path().join(&layer).with_extension("shp");
        let file = File { driver: "ESRI Shapefile", path: &path, layer: &layer, options: &[encoding] };
        written(sheet, || sheet.answer.rows().filter(own), &file, &names, field_type)?;
    }
    legend(sheet, &whole, &names, &folder.path().join("fields.csv"))?;
    zip(folder.path(), out)
}

/// What stands under each name of the archive's tables: the name that was cut, whole, and what people call it.
fn legend(sheet: &Sheet<'_>, whole: &[String], short: &[String], path: &Path) -> Result<(), Fault> {
    let attributes = sheet.answer.table().attributes();
    let titles = std::iter::once("").chain(sheet.answer.columns.iter().map(|&at| attributes[at].title.zh.as_str()));
    let mut file = std::fs::File::create(path)?;
    file.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(["field", "name", "title"]).map_err(Fault::internal)?;
    for ((short, whole), title) in short.iter().zip(whole).zip(titles) {
        writer
            .write_record([tame(short), tame(whole), tame(title)].map(std::borrow::Cow::into_owned))
            .map_err(Fault::internal)?;
    }
    Ok(writer.flush()?)
}

/// Names cut to what a .dbf has room for, 10 bytes in either encoding, and still unlike each other.
fn short(names: &[String]) -> Vec<String> {
    let fitting = |name: &str, room: usize| {
        let ends = name.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= room);
        name[..ends.last().unwrap_or(0)].to_owned()
    };
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let mut cut = fitting(name, 10);
        let mut number = 1;
        while all.iter().any(|known| known.eq_ignore_ascii_case(&cut)) {
            let ending = format!("_{number}");
            cut = fitting(name, 10 - ending.len()) + &ending;
            number += 1;
        }
        all.push(cut);
    }
    all
}

/// Whether GBK has a place for every text of the answer, so that nothing is lost in it.
fn fits_gbk(sheet: &Sheet<'_>) -> bool {
    let fits = |text: &str| text.is_ascii() || !encoding_rs::GBK.encode(text).2;
    let attributes = sheet.answer.table().attributes();
    sheet.answer.columns.iter().all(|&at| fits(&attributes[at].name))
        && sheet.answer.rows().all(|row| {
            let texts = sheet.answer.columns.iter().map(|&at| row.value(at));
            fits(row.id()) && texts.into_iter().all(|value| !matches!(value, Value::Text(text) if !fits(text)))
        })
}

/// Packs the files of a folder into one archive.
fn zip(folder: &Path, out: &mut dyn Write) -> Result<(), Fault> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    let mut archive = zip::ZipWriter::new(tempfile::tempfile()?);
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        archive.start_file(name, zip::write::SimpleFileOptions::default()).map_err(Fault::internal)?;
        io::copy(&mut std::fs::File::open(&path)?, &mut archive)?;
    }
    let mut file = archive.finish().map_err(Fault::internal)?;
    io::Seek::rewind(&mut file)?;
    io::copy(&mut file, out)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_to_ten_bytes_and_stay_unlike() {
        let names = ["id", "reported_area_m2", "reported_area_mu", "上报面积平方米", "ID"].map(str::to_owned);
        assert_eq!(short(&names), ["id", "reported_a", "reported_1", "上报面", "ID_1"].map(str::to_owned));
        assert!(short(&vec!["owner".to_owned(); 120]).iter().all(|name| name.len() <= 10));
    }
}
