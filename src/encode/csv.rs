//! CSV that spreadsheets open rightly: UTF-8 with its mark, a point to find the feature by, and nothing that runs.

use std::io::Write;

use crate::encode::text::{ordinate, wkt};
use crate::encode::{Format, Sheet, axes, headings};
use crate::fault::Fault;
use crate::geo::reference::Order;
use crate::geo::shape::ShapeKind;
use crate::table::Value;

/// Comma-separated values: `id`, the attributes, `lon` and `lat` of a point of the feature (`x` and `y`, east and north, in a
/// projected reference), and its `wkt` where any is not a point.
pub static FORMAT: Format = Format {
    name: "csv",
    media_type: "text/csv; charset=utf-8; header=present",
    extension: "csv",
    file: true,
    packed: false,
    passes: 1,
    encode,
};

/// Without it, Excel takes the file for the machine's own code page.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Whether a spreadsheet would run a text as a formula (OWASP: CSV injection). Signed numbers and telephone numbers are left.
pub(super) fn runs(text: &str) -> bool {
    match text.as_bytes() {
        [b'=' | b'@' | b'\t' | b'\r', ..] => true,
        [b'+' | b'-', rest @ ..] => !rest.iter().all(|b| b.is_ascii_digit() || b" .,-".contains(b)),
        _ => false,
    }
}

/// The text with an apostrophe before it, if it would run.
pub(super) fn tame(text: &str) -> std::borrow::Cow<'_, str> {
    if runs(text) { format!("'{text}").into() } else { text.into() }
}

fn encode(sheet: &Sheet<'_>, out: &mut dyn Write) -> Result<(), Fault> {
    let answer = sheet.answer;
    let shapes = answer.rows().any(|row| !matches!(row.shape().kind, ShapeKind::Point | ShapeKind::None));
    let [east, north] = axes(sheet.crs);
    let more = [east, north, "wkt"];
    let names = headings(sheet, if shapes { &more } else { &more[..2] });
    let (mut carrier, places) = (sheet.crs.carrier(Order::EastFirst)?, sheet.crs.decimals());
    out.write_all(BYTE_ORDER_MARK)?;
    let mut writer = csv::WriterBuilder::new().buffer_capacity(32 * 1024).from_writer(out);
    writer.write_record(&names).map_err(Fault::internal)?;
    let mut cell = Vec::new();
    for row in answer.rows() {
        let mut put = |bytes: &[u8]| writer.write_field(bytes).map_err(Fault::internal);
        put(tame(row.id()).as_bytes())?;
        for &at in &answer.columns {
            match row.value(at) {
                Value::Text(text) => put(tame(text).as_bytes())?,
                value => put(value.to_text().as_bytes())?,
            }
        }
        let point = row.shape().inside_point().map(|point| carrier.point(point)).transpose()?;
        for x in point.map_or([None, None], |[x, y]| [Some(x), Some(y)]) {
            cell.clear();
            x.into_iter().for_each(|x| ordinate(x, places, &mut cell));
            put(&cell)?;
        }
        if shapes {
            cell.clear();
            wkt(carrier.carry(row.shape())?, places, &mut cell);
            put(&cell)?;
        }
        writer.write_record(None::<&[u8]>).map_err(Fault::internal)?;
        sheet.watch.wrote(1)?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_tamed_and_telephone_numbers_are_not() {
        assert_eq!(tame("=1+1"), "'=1+1");
        assert_eq!(tame("-2+cmd|' /C calc'!A0"), "'-2+cmd|' /C calc'!A0");
        for text in ["+86 138-0013-8000", "-5", "公厕", "", "a=b"] {
            assert_eq!(tame(text), text);
        }
    }
}
