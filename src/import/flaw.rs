//! What was wrong with a row: a value with a code, a place and the row's own words; and the file in which it goes back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::fault::Fault;
use crate::text::Lang;

/// What became of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not in the layer.
    Refused,
    /// It is in, with its geometry mended.
    Repaired,
    /// It is in; a value of it may be missing.
    Kept,
}

impl Outcome {
    /// Its word in data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Repaired => "repaired",
            Self::Kept => "kept",
        }
    }
}

/// One thing that was wrong. Its sentence stands in `maps/text` under the code.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// What is wrong.
    pub code: &'static str,
    /// The file's name.
    pub file: String,
    /// The row: a spreadsheet's line, or a feature's number from 1 on; 0: the file as a whole.
    pub row: u64,
    /// The column, where it is about one.
    pub field: String,
    /// The value as the file has it.
    pub value: String,
    /// Where it is.
    pub lnglat: Option<[f64; 2]>,
    /// What became of the row.
    pub outcome: Outcome,
    /// Column and value of a refused row, so that it can be mended and handed in again.
    pub own: Vec<(String, String)>,
    /// A fault that says it better than the code alone.
    pub fault: Option<Fault>,
}

impl Flaw {
    /// A flaw of a row, with nothing more known of it.
    pub fn new(code: &'static str, row: u64, outcome: Outcome) -> Self {
        Self {
            code,
            file: String::new(),
            row,
            field: String::new(),
            value: String::new(),
            lnglat: None,
            outcome,
            own: Vec::new(),
            fault: None,
        }
    }

    /// A row refused for a fault.
    pub fn refused(fault: Fault, row: u64) -> Self {
        let field = |name: &str| fault.fields().get(name).cloned().unwrap_or_default();
        let (column, value) = (field("field"), field("value"));
        Self { fault: Some(fault.clone()), ..Self::new(fault.code(), row, Outcome::Refused).about(column, value) }
    }

    /// Names the column and the value.
    #[must_use]
    pub fn about(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        (self.field, self.value) = (field.into(), value.into());
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, lnglat: Option<[f64; 2]>) -> Self {
        self.lnglat = lnglat;
        self
    }

    /// The sentence that people read.
    pub fn say(&self, lang: Lang) -> String {
        if let Some(fault) = &self.fault {
            return lang.say(fault);
        }
        let fields = BTreeMap::from([
            ("file", self.file.clone()),
            ("row", self.row.to_string()),
            ("field", self.field.clone()),
            ("value", self.value.clone()),
        ]);
        lang.sentence(self.code, &fields)
    }

    fn head(&self) -> [String; HEAD.len()] {
        let [lng, lat] = self.lnglat.map_or_else(Default::default, |place| place.map(|c| format!("{c:.7}")));
        [
            self.file.clone(),
            self.row.to_string(),
            self.outcome.word().to_owned(),
            self.code.to_owned(),
            self.field.clone(),
            self.value.clone(),
            lng,
            lat,
            self.say(Lang::Zh),
            self.say(Lang::En),
        ]
    }
}

const HEAD: [&str; 10] = ["file", "row", "outcome", "code", "field", "value", "lng", "lat", "reason_zh", "reason_en"];

/// The file that hands a layer's flaws back.
pub fn file_of(dir: &Path, layer: &str) -> PathBuf {
    dir.join("flaws").join(format!("{layer}.csv"))
}

/// Writes the flaws of `files` in the place of those that these files had before; those of other files stay.
/// The place of the file, or None when nothing is wrong any more.
pub fn write(dir: &Path, layer: &str, files: &[String], flaws: &[Flaw]) -> Result<Option<PathBuf>, Fault> {
    let path = file_of(dir, layer);
    let (mut columns, before) = others(&path, files);
    for (column, _) in flaws.iter().flat_map(|flaw| &flaw.own) {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    if before.is_empty() && flaws.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(None),
        };
    }
    let folder = dir.join("flaws");
    std::fs::create_dir_all(&folder)?;
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    // Spreadsheet programs take a file for GBK unless it begins with the mark.
    std::io::Write::write_all(&mut file, "\u{feff}".as_bytes())?;
    let mut out = csv::Writer::from_writer(file);
    let own = |name: &String, row: &[(String, String)]| {
        row.iter().find(|(column, _)| column == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let header = HEAD.iter().map(|name| (*name).to_owned()).chain(columns.iter().cloned());
    out.write_record(header).map_err(Fault::internal)?;
    for row in &before {
        let head = HEAD.iter().map(|name| own(&(*name).to_owned(), row));
        out.write_record(head.chain(columns.iter().map(|name| own(name, row)))).map_err(Fault::internal)?;
    }
    for flaw in flaws {
        let tail = columns.iter().map(|name| own(name, &flaw.own));
        out.write_record(flaw.head().into_iter().chain(tail)).map_err(Fault::internal)?;
    }
    let file = out.into_inner().map_err(Fault::internal)?;
    file.persist(&path).map_err(Fault::internal)?;
    Ok(Some(path))
}

/// How many flaws a layer's imports have left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FlawCount {
    /// The layer; of work logs, `ledger`.
    pub layer: String,
    /// Rows that were not let in.
    pub refused: usize,
    /// Rows whose geometry was mended.
    pub repaired: usize,
    /// Rows let in without a value, and doubts about whole files.
    pub kept: usize,
}

/// The flaws that a map's imports have handed back, counted layer by layer.
///
/// # Errors
/// Where the files cannot be read.
pub fn flaws(dir: &Path) -> Result<Vec<FlawCount>, Fault> {
    let entries = match std::fs::read_dir(dir.join("flaws")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut counts = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some(layer) = path.file_stem().filter(|_| path.extension().is_some_and(|e| e == "csv")) else { continue };
        let layer = layer.to_string_lossy().trim_start_matches("xiangtu_").to_owned();
        let mut count = FlawCount { layer, ..FlawCount::default() };
        for row in others(&path, &[]).1 {
            let outcome = row.iter().find(|(column, _)| column == "outcome").map(|(_, word)| word.as_str());
            match outcome {
                Some("refused") => count.refused += 1,
                Some("repaired") => count.repaired += 1,
                _ => count.kept += 1,
            }
        }
        counts.push(count);
    }
    counts.sort_by(|a, b| a.layer.cmp(&b.layer));
    Ok(counts)
}

type OwnRow = Vec<(String, String)>;

/// What a file of flaws says about files other than `files`: the columns behind the head, and the rows.
fn others(path: &Path, files: &[String]) -> (Vec<String>, Vec<OwnRow>) {
    let Ok(text) = std::fs::read_to_string(path) else { return (Vec::new(), Vec::new()) };
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let Ok(header) = reader.headers().cloned() else { return (Vec::new(), Vec::new()) };
    let rows = reader
        .records()
        .flatten()
        .filter(|record| !files.iter().any(|file| Some(file.as_str()) == record.get(0)))
        .map(|record| header.iter().zip(record.iter()).map(|(n, v)| (n.to_owned(), v.to_owned())).collect())
        .collect();
    (header.iter().skip(HEAD.len()).map(str::to_owned).collect(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flaws_of_another_file_stay() {
        let dir = tempfile::tempdir().unwrap();
        let flaw = |file: &str, row| Flaw {
            file: file.to_owned(),
            own: vec![("名称".to_owned(), format!("{file}{row}"))],
            ..Flaw::new("flaw-empty", row, Outcome::Refused)
        };
        write(dir.path(), "ponds", &["a".to_owned()], &[flaw("a", 1), flaw("a", 2)]).unwrap();
        write(dir.path(), "ponds", &["b".to_owned()], &[flaw("b", 7)]).unwrap();
        let path = write(dir.path(), "ponds", &["a".to_owned()], &[flaw("a", 3)]).unwrap().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with('\u{feff}') && text.contains("b7") && text.contains("a3") && !text.contains("a1"));
        write(dir.path(), "ponds", &["a".to_owned()], &[]).unwrap();
        assert_eq!(write(dir.path(), "ponds", &["b".to_owned()], &[]).unwrap(), None);
        assert!(!path.exists());
    }
}
