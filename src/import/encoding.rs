//! What a file's bytes are in. Never mojibake in silence: what is no text is a flaw of its row and field.

use std::collections::HashSet;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::fault::Fault;

/// Reads what a user states; None: find out.
///
/// # Errors
/// `encoding-unknown`.
pub fn parse(text: Option<&str>) -> Result<Option<&'static Encoding>, Fault> {
    let Some(text) = text else { return Ok(None) };
    match text.trim().to_lowercase().as_str() {
        "" | "auto" => Ok(None),
        // GB18030 holds all of GBK and GB 2312, and what later systems write beyond them.
        "gbk" | "gb2312" | "gb18030" | "cp936" => Ok(Some(GB18030)),
        label => Encoding::for_label(label.as_bytes())
            .map(Some)
            .ok_or_else(|| Fault::invalid("encoding-unknown").with("encoding", text)),
    }
}

/// The text of a whole file: by what the user states, else by its mark, else UTF-8 if it is that, else GB18030.
/// Bytes that are no text become U+FFFD, which the cell they stand in is flawed for.
pub fn decode(bytes: &[u8], stated: Option<&'static Encoding>) -> String {
    let found = || match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => GB18030,
    };
    stated.unwrap_or_else(found).decode(bytes).0.into_owned()
}

/// What is known of the texts in a shapefile's table.
pub struct Texts {
    /// The encoding to read them in.
    pub encoding: &'static Encoding,
    /// Whether the file says another one.
    pub contradicts: bool,
    /// Record (from 0) and field (from 0) of each text that is none in that encoding.
    pub broken: HashSet<(u64, usize)>,
}

/// Looks through the texts of a `.dbf`. `declared`: what its `.cpg` or its language byte says.
///
/// The order of belief: what the user states; what the file says, if its bytes agree; what the bytes are.
pub fn of_dbf(dbf: &[u8], declared: Option<&'static Encoding>, stated: Option<&'static Encoding>) -> Texts {
    let utf8 = broken_in(dbf, UTF_8);
    let alone = |encoding, broken| Texts { encoding, contradicts: false, broken };
    if let Some(encoding) = stated {
        return alone(encoding, broken_in(dbf, encoding));
    }
    if let Some(declared) = declared {
        let broken = broken_in(dbf, declared);
        if broken.is_empty() {
            return alone(declared, broken);
        }
    }
    let (encoding, broken) = if utf8.is_empty() {
        (UTF_8, utf8)
    } else {
        let gb = broken_in(dbf, GB18030);
        if gb.len() < utf8.len() { (GB18030, gb) } else { (UTF_8, utf8) }
    };
    Texts { encoding, contradicts: declared.is_some_and(|declared| declared != encoding), broken }
}

/// What a shapefile says of its encoding: `.cpg`, then the language byte of the `.dbf` (0x4D, 0x7A: code page 936).
pub fn declared(shp: &Path, dbf: &[u8]) -> Option<&'static Encoding> {
    let cpg = ["cpg", "CPG"].iter().find_map(|e| std::fs::read_to_string(shp.with_extension(e)).ok());
    if let Some(cpg) = cpg {
        let label = cpg.trim().trim_start_matches('\u{feff}').to_lowercase();
        let known = match label.as_str() {
            "936" | "cp936" | "gbk" | "gb2312" | "gb18030" => Some(GB18030),
            "65001" | "utf8" => Some(UTF_8),
            other => Encoding::for_label(other.as_bytes()),
        };
        if known.is_some() {
            return known;
        }
    }
    match dbf.get(29) {
        Some(0x4D | 0x7A) => Some(GB18030),
        _ => None,
    }
}

/// The texts of a table that are none in an encoding. One that a field's end has cut in the middle of a character is
/// let pass: that is how every program truncates.
fn broken_in(dbf: &[u8], encoding: &'static Encoding) -> HashSet<(u64, usize)> {
    let mut broken = HashSet::new();
    let number = |at: usize| dbf.get(at..at + 2).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let (head, length) = (number(8), number(10));
    // Field descriptors of 32 bytes follow the head's 32 bytes: name 11, type 1, address 4, length 1.
    let fields: Vec<(bool, usize)> = dbf
        .get(32..head.min(dbf.len()).max(32))
        .unwrap_or_default()
        .chunks_exact(32)
        .take_while(|d| d[0] != 0x0D)
        .map(|d| (d[11] == b'C', usize::from(d[16])))
        .collect();
    if length == 0 || head == 0 || head > dbf.len() {
        return broken;
    }
    for (record, bytes) in dbf[head..].chunks_exact(length).enumerate() {
        let mut at = 1;
        for (field, &(text, width)) in fields.iter().enumerate() {
            let value = bytes.get(at..at + width).unwrap_or_default();
            at += width;
            if text && !value.is_ascii() && !is_text(value, encoding) {
                broken.insert((record as u64, field));
            }
        }
    }
    broken
}

fn is_text(value: &[u8], encoding: &'static Encoding) -> bool {
    let end = value.iter().rposition(|b| !matches!(b, 0 | b' ')).map_or(0, |last| last + 1);
    let full = end == value.len();
    let value = &value[..end];
    if encoding == UTF_8 {
        return std::str::from_utf8(value).map_or_else(|e| full && e.error_len().is_none(), |_| true);
    }
    let fits = |bytes: &[u8]| !encoding.decode_without_bom_handling(bytes).1;
    fits(value) || (full && !value.is_empty() && fits(&value[..value.len() - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of one text field of ten bytes.
    fn dbf(values: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0; 65];
        bytes[8] = 65;
        bytes[10] = 11;
        bytes[43] = b'C';
        bytes[48] = 10;
        bytes[64] = 0x0D;
        for value in values {
            bytes.push(b' ');
            bytes.extend_from_slice(value);
            bytes.extend(std::iter::repeat_n(b' ', 10 - value.len()));
        }
        bytes
    }

    #[test]
    fn bytes_outweigh_a_declaration_that_they_contradict() {
        let gbk = GB18030.encode("坑塘").0.into_owned();
        let texts = of_dbf(&dbf(&[&gbk]), Some(UTF_8), None);
        assert!(texts.encoding == GB18030 && texts.contradicts && texts.broken.is_empty());
        let texts = of_dbf(&dbf(&["坑塘".as_bytes()]), None, None);
        assert!(texts.encoding == UTF_8 && !texts.contradicts);
    }

    #[test]
    fn a_character_cut_by_the_end_of_its_field_is_no_reason_to_doubt() {
        let cut = &"坑塘沟渠".as_bytes()[..10];
        assert!(of_dbf(&dbf(&[cut]), None, None).broken.is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_at_all_are_named_by_record_and_field() {
        let texts = of_dbf(&dbf(&["好".as_bytes(), &[0xff, 0xff, 0x41]]), Some(UTF_8), None);
        assert_eq!(texts.broken, HashSet::from([(1, 0)]));
    }
}
