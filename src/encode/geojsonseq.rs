//! GeoJSON text sequences (RFC 8142): a record separator, a feature, a line feed, over and over.

use std::io::Write;

use crate::encode::geojson::{CHUNK, Pen};
use crate::encode::{Format, Sheet};
use crate::fault::Fault;

/// A sequence of features.
pub static FORMAT: Format = Format {
    name: "geojsonseq",
    media_type: "application/geo+json-seq",
    extension: "geojsons",
    file: true,
    packed: false,
    passes: 1,
    encode,
};

/// Begins every record, so that a broken one does not spoil the next.
const RECORD_SEPARATOR: u8 = 0x1E;

fn encode(sheet: &Sheet<'_>, out: &mut dyn Write) -> Result<(), Fault> {
    let mut pen = Pen::new(sheet.answer.table().attributes(), &sheet.answer.columns, sheet.crs)?;
    let mut buffer = Vec::with_capacity(2 * CHUNK);
    for row in sheet.answer.rows() {
        buffer.push(RECORD_SEPARATOR);
        pen.feature(row, &mut buffer)?;
        buffer.push(b'\n');
        sheet.watch.wrote(1)?;
        if buffer.len() > CHUNK {
            out.write_all(&buffer)?;
            buffer.clear();
        }
    }
    out.write_all(&buffer)?;
    Ok(())
}
