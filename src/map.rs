//! A map folder: `map.toml`, the sources it declares, and the store beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::geo::chainage;
use crate::text::Title;
use crate::units::Day;

/// The name of the file that makes a folder a map.
const DECLARATION: &str = "map.toml";

/// A map folder, opened.
#[derive(Clone, Debug)]
pub struct MapFolder {
    /// The folder.
    pub dir: PathBuf,
    /// What people call the place.
    pub title: Title,
    /// The calendar in which its days are counted.
    pub zone: jiff::tz::TimeZone,
    /// Whether its data is made up.
    pub synthetic: bool,
    /// Who is to be named for the data.
    pub attribution: String,
    /// What may be read without signing in, once there are accounts.
    pub anonymous: Anonymous,
    /// Origins of other sites' pages that may read, and write with a token; `*` alone for all.
    pub origins: Vec<String>,
    /// What the kilometre stones of its roads say.
    pub chainages: Vec<chainage::Declared>,
    /// What `xiangtu import MAP` takes in, in this order.
    pub sources: Vec<Source>,
    /// The work logs that it takes in after them.
    pub logs: Vec<LogSource>,
}

/// A file that the map declares, with what the command line would have to be told of it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The layer that it goes into.
    pub layer: String,
    /// What its features are; None: as the layer is, or as its usual name says.
    pub kind: Option<String>,
    /// The files, from the map's folder. `file.gpkg:layer` and `book.xlsx:sheet` name one of several.
    pub files: Vec<PathBuf>,
    /// The field that identifies a row from one import to the next.
    pub key: Option<String>,
    /// Its coordinate reference system, where the file does not say.
    pub crs: Option<String>,
    /// Its encoding, where the file does not say.
    pub encoding: Option<String>,
    /// The day whose state it shows.
    pub on: Option<Day>,
    /// The column that says from which day each row holds, where rows are facts of a day of their own: patrols.
    pub on_field: Option<String>,
    /// Attribute to column, where the names do not say.
    pub fields: BTreeMap<String, String>,
    /// What people call the layer, where it is not the kind's title.
    pub title: Option<Title>,
}

/// A work log that the map declares: a table of what happened, row by row.
#[derive(Clone, Debug, Default)]
pub struct LogSource {
    /// The file, from the map's folder. `book.xlsx:sheet` names one of several sheets.
    pub file: PathBuf,
    /// The reference of its coordinates, where it has any.
    pub crs: Option<String>,
    /// Its encoding, where the file does not say.
    pub encoding: Option<String>,
    /// The series that its numbers belong to, where several logs each begin with 1.
    pub series: Option<String>,
}

/// What may be read without signing in, once there are accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anonymous {
    /// Nothing.
    #[default]
    None,
    /// What a viewer reads: everything, with what is personal masked.
    Viewer,
}

/// `map.toml` as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    title: Title,
    #[serde(default = "shanghai")]
    timezone: String,
    #[serde(default)]
    synthetic: bool,
    #[serde(default)]
    attribution: String,
    #[serde(default)]
    access: Access,
    #[serde(default, rename = "chainage", skip_serializing_if = "Vec::is_empty")]
    chainages: Vec<DeclaredChainage>,
    #[serde(default, rename = "source", skip_serializing_if = "Vec::is_empty")]
    sources: Vec<DeclaredSource>,
    #[serde(default, rename = "ledger", skip_serializing_if = "Vec::is_empty")]
    logs: Vec<DeclaredLog>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredChainage {
    road: String,
    start: Option<[f64; 2]>,
    at: Option<String>,
    towards: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stones: Vec<DeclaredStone>,
    #[serde(default, rename = "break", skip_serializing_if = "Vec::is_empty")]
    breaks: Vec<DeclaredBreak>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredStone {
    at: String,
    point: [f64; 2],
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredBreak {
    at: String,
    continues: String,
}

impl DeclaredChainage {
    /// What it says; the text or the place that is none.
    fn meant(self) -> Result<chainage::Declared, String> {
        let number = |text: &str| chainage::parse(text).ok_or_else(|| format!("{text:?}: K12+300"));
        let place = |[lng, lat]: [f64; 2]| {
            let fits = lng.abs() <= 180.0 && lat.abs() <= 90.0;
            if fits { Ok([lng, lat]) } else { Err(format!("[{lng}, {lat}]: [lng, lat]")) }
        };
        let breaks = self
            .breaks
            .iter()
            .map(|one| Ok(chainage::Break { at_m: number(&one.at)?, continues_m: number(&one.continues)? }))
            .collect::<Result<_, String>>()?;
        let stones =
            self.stones.iter().map(|one| Ok(chainage::Known { at_m: number(&one.at)?, point: place(one.point)? }));
        let stones: Vec<_> = stones.collect::<Result<_, String>>()?;
        match (self.start, self.at, self.towards) {
            (Some(start), Some(at), Some(towards)) if stones.is_empty() => Ok(chainage::Declared {
                start: place(start)?,
                at_m: number(&at)?,
                towards: place(towards)?,
                breaks,
                road: self.road,
                stones,
            }),
            (None, None, None) => chainage::Declared::by_stones(self.road, stones, breaks)
                .ok_or_else(|| "two stones, or start, at and towards".to_owned()),
            _ => Err("either start, at and towards, or stones".to_owned()),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredLog {
    file: PathBuf,
    crs: Option<String>,
    encoding: Option<String>,
    series: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Access {
    #[serde(default)]
    anonymous: Anonymous,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    origins: Vec<String>,
}

impl Access {
    /// The first origin that is none: a scheme, a host and perhaps a port, as browsers say them, or `*` alone.
    fn wrong_origin(&self) -> Option<&str> {
        let alone = self.origins.len() == 1;
        let sound = |origin: &str| {
            let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let host = |rest: &str| {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
                !rest.is_empty() && rest.chars().all(plain)
            };
            (origin == "*" && alone) || rest.is_some_and(host)
        };
        self.origins.iter().map(String::as_str).find(|origin| !sound(origin))
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredSource {
    layer: String,
    kind: Option<String>,
    file: OneOrMore,
    key: Option<String>,
    crs: Option<String>,
    encoding: Option<String>,
    on: Option<String>,
    on_field: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    title: Option<Title>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

fn shanghai() -> String {
    "Asia/Shanghai".to_owned()
}

impl MapFolder {
    /// Opens the map in `dir`.
    ///
    /// # Errors
    /// `map-missing` where there is no `map.toml`, `map-malformed` where it does not read.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let file = dir.join(DECLARATION);
        let text = std::fs::read_to_string(&file)
            .map_err(|error| Fault::not_found("map-missing").with("file", file.display()).with("cause", error))?;
        let malformed =
            |cause: String| Fault::invalid("map-malformed").with("file", file.display()).with("cause", cause);
        let declared: Declared = toml::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        let zone = jiff::tz::TimeZone::get(&declared.timezone).map_err(|error| malformed(error.to_string()))?;
        if let Some(origin) = declared.access.wrong_origin() {
            let example = "https://gis.example.cn";
            return Err(Fault::invalid("origin-malformed").with("value", origin).with("example", example));
        }
        let meant = |one: DeclaredChainage| {
            let road = one.road.clone();
            one.meant().map_err(|cause| malformed(format!("chainage {road}: {cause}")))
        };
        let chainages = declared.chainages.into_iter().map(meant).collect::<Result<_, _>>()?;
        let sources = declared
            .sources
            .into_iter()
            .map(|source| source.meant(dir).map_err(|value| malformed(format!("on = {value:?}"))))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            dir: dir.to_owned(),
            title: declared.title,
            zone,
            synthetic: declared.synthetic,
            attribution: declared.attribution,
            anonymous: declared.access.anonymous,
            origins: declared.access.origins,
            chainages,
            sources,
            logs: declared
                .logs
                .into_iter()
                .map(|DeclaredLog { file, crs, encoding, series }| {
                    let file = dir.join(file);
                    LogSource { file, crs, encoding, series }
                })
                .collect(),
        })
    }

    /// Makes a new map in `dir`, which is made where it is not there.
    ///
    /// # Errors
    /// `map-exists` where there is one already.
    pub fn create(dir: &Path, title: &Title, attribution: &str) -> Result<Self, Fault> {
        let file = dir.join(DECLARATION);
        if file.exists() {
            return Err(Fault::conflict("map-exists").with("file", file.display()));
        }
        let declared = Declared {
            title: title.clone(),
            timezone: shanghai(),
            synthetic: false,
            attribution: attribution.to_owned(),
            access: Access::default(),
            chainages: Vec::new(),
            sources: Vec::new(),
            logs: Vec::new(),
        };
        let text = toml::to_string(&declared).map_err(Fault::internal)?;
        std::fs::create_dir_all(dir)?;
        std::fs::write(&file, text)?;
        Self::open(dir)
    }

    /// The GeoPackage that keeps its features and events.
    pub fn store_path(&self) -> PathBuf {
        self.dir.join("store.gpkg")
    }

    /// The file of its accounts, apart from the store because that one is handed around.
    pub fn accounts_path(&self) -> PathBuf {
        self.dir.join("accounts.sqlite")
    }

    /// Today, in the map's own calendar.
    pub fn today(&self) -> Day {
        Day::today(&self.zone)
    }
}

impl DeclaredSource {
    /// The source, its files from `dir` on; the text of a day that is none.
    fn meant(self, dir: &Path) -> Result<Source, String> {
        let on = match self.on {
            Some(text) => Some(Day::parse(&text).ok_or(text)?),
            None => None,
        };
        let files = match self.file {
            OneOrMore::One(file) => vec![file],
            OneOrMore::More(files) => files,
        };
        Ok(Source {
            layer: self.layer,
            kind: self.kind,
            files: files.into_iter().map(|file| dir.join(file)).collect(),
            key: self.key,
            crs: self.crs,
            encoding: self.encoding,
            on,
            on_field: self.on_field,
            fields: self.fields,
            title: self.title,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_says_of_a_page_and_a_star_stands_alone() {
        let wrong = |origins: &[&str]| {
            let origins = origins.iter().map(|&origin| origin.to_owned()).collect();
            Access { anonymous: Anonymous::None, origins }.wrong_origin().map(str::to_owned)
        };
        assert_eq!(wrong(&["https://gis.example.cn", "http://10.0.0.8:8080", "http://[::1]:3000"]), None);
        assert_eq!(wrong(&["*"]), None);
        for origin in
            ["gis.example.cn", "https://gis.example.cn/", "https://GIS.example.cn", "https://", "null", "*.cn"]
        {
            assert_eq!(wrong(&[origin]).as_deref(), Some(origin));
        }
        assert_eq!(wrong(&["https://gis.example.cn", "*"]).as_deref(), Some("*"));
    }
}
