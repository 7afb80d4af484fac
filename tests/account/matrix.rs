//! Everybody asks for everything in every format: what is kept from them is in none of the bytes, and what is theirs is.

use std::io::Read as _;

use serde_json::Value;

use super::town::{HOMES, PEOPLE, done, town};
use crate::api::server::{Answer, Server};

/// Nobody in particular.
const ANONYMOUS: &str = "";

/// Something that not everybody may know.
struct Secret {
    layer: &'static str,
    needles: Vec<String>,
    /// In which of the areas it is: village A, cell 1 in it, or village B.
    areas: &'static [&'static str],
    word: String,
}

const CELL: &[&str] = &["village", "grid_worker"];
const A: &[&str] = &["village"];
const B: &[&str] = &["foreign"];

impl Secret {
    fn text(layer: &'static str, areas: &'static [&'static str], word: impl Into<String>) -> Self {
        let word = word.into();
        let (gbk, _, _) = encoding_rs::GBK.encode(&word);
        Self { layer, areas, needles: vec![letters(word.as_bytes()), letters(&gbk)], word }
    }

    /// A place, as text with five decimals and as the bytes of a number.
    fn place(layer: &'static str, areas: &'static [&'static str], [lng, lat]: [f64; 2]) -> Self {
        let digits = |x: f64| x.to_string().as_bytes()[..if x > 100.0 { 9 } else { 8 }].to_vec();
        let bytes = [digits(lng), digits(lat), lng.to_le_bytes().to_vec(), lat.to_le_bytes().to_vec()];
        let needles = bytes.iter().map(|bytes| letters(bytes)).collect();
        Self { layer, areas, needles, word: format!("{lng} {lat}") }
    }

    fn is_in(&self, text: &str) -> bool {
        self.needles.iter().any(|needle| text.contains(needle.as_str()))
    }

    fn known_to(&self, person: &str) -> bool {
        matches!(person, "administrator" | "planner") || self.areas.contains(&person)
    }
}

fn secrets() -> Vec<Secret> {
    let mut all = Vec::new();
    for layer in ["households", "homesteads"] {
        for (n, areas) in [CELL, A, B, B].into_iter().enumerate() {
            all.push(Secret::place(layer, areas, HOMES[n]));
            let n = n + 1;
            all.push(Secret::text(layer, areas, format!("户主甲{n}")));
            all.push(Secret::text(layer, areas, format!("1391111000{n}")));
            if layer == "households" {
                all.push(Secret::text(layer, areas, format!("11010519800101001{n}")));
                all.push(Secret::text(layer, areas, format!("幸福街{n}17号")));
                all.push(Secret::text(layer, areas, format!("老人乙{n}")));
            }
        }
    }
    for (n, areas) in [CELL, A, B, B].into_iter().enumerate() {
        all.push(Secret::place("events", areas, HOMES[n]));
        all.push(Secret::place("issues", areas, HOMES[n]));
        all.push(Secret::place("issue-board", areas, HOMES[n]));
        let n = n + 1;
        for word in ["备忘己", "经办庚", "派发壬"] {
            all.push(Secret::text("events", areas, format!("{word}{n}")));
        }
    }
    for (n, areas) in [(1, CELL), (2, B)] {
        all.push(Secret::text("farms", areas, format!("场主丙{n}")));
        all.push(Secret::text("farms", areas, format!("1391111002{n}")));
        all.push(Secret::text("farms", areas, format!("1391111003{n}")));
        all.push(Secret::text("frontages", areas, format!("店主丁{n}")));
        all.push(Secret::text("frontages", areas, format!("1391111005{n}")));
        all.push(Secret::text("schools", areas, format!("1391111006{n}")));
        all.push(Secret::text("ponds", areas, format!("1391111010{n}")));
        all.push(Secret::text("villages", if n == 1 { A } else { B }, format!("1391111008{n}")));
        all.push(Secret::text("grid-cells", areas, format!("1391111009{n}")));
    }
    for (n, areas) in [(1, CELL), (2, B)] {
        all.push(Secret::text("toilets", areas, format!("1391111007{n}")));
        all.push(Secret::text("toilets", areas, format!("老李 1391111011{n}")));
    }
    all.push(Secret::text("farms", CELL, "找老王 13911110041 问"));
    all
}

/// Questions beside the defaults.
const QUESTIONS: &[&str] = &[
    "coverage-gaps~demand=households",
    "coverage-gaps~demand=households~reach=300",
    "coverage-gaps~facility=schools~demand=households",
    "farms-near-schools~distance=2000",
    "uncleaned-waterbodies~days=0~source_distance=2000",
    "tallies~by=village",
    "hotspots~of=households~cell=200",
    "density~of=households~bandwidth=500",
    "clusters~of=households~eps=5000~min_points=2",
    "clusters~of=households~eps=1500~min_points=2~show=things",
    "hotspots~of=farms~cell=200",
    "screening~rules=livestock-2010",
    "village-indicators~names=masked",
    "grid-check~tolerance=0",
    "responsible~of=households",
    "responsible~reach=5000~of=households",
    "responsible~at=117.505,39.605",
    "responsible~at=117.525,39.605",
];

/// Documents that are for programs alone.
const PROGRAMS: &[&str] = &["/map", "/session", "/checks", "/events/kinds"];

fn cookie(person: &str) -> Vec<(&'static str, &'static str)> {
    let found = town().1.iter().find(|(name, _)| *name == person);
    found.map(|(_, cookie)| vec![("cookie", cookie.as_str())]).unwrap_or_default()
}

fn get(person: &str, path: &str) -> Answer {
    town().0.get_with(path, &cookie(person))
}

/// A letter for each byte: texts are searched quickly.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// The bytes of an answer; of a packed one, those of all that is in it as well.
fn bytes(answer: Answer) -> String {
    let mut all = answer.body;
    if all.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(all.clone())).unwrap();
        for at in 0..archive.len() {
            archive.by_index(at).unwrap().read_to_end(&mut all).unwrap();
        }
    }
    letters(&all)
}

/// Each collection with the addresses of its items in every format, off the server's own links.
fn collections() -> Vec<(String, Vec<(String, String)>)> {
    let server: &Server = &town().0;
    let listed = get("administrator", "/collections").json();
    let mut ids: Vec<String> =
        listed["collections"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    ids.extend(QUESTIONS.iter().map(|id| (*id).to_owned()));
    let today = get("administrator", "/map").json()["today"].as_str().unwrap().to_owned();
    ids.push(format!("households@{today}"));
    ids.push(format!("farms@{today}"));
    // What refuses to answer tells nothing: of so few issues there are no hot spots.
    ids.into_iter()
        .filter(|id| get("administrator", &format!("/collections/{id}/items?limit=1")).status != 422)
        .map(|id| {
            let about = get("administrator", &format!("/collections/{id}")).json();
            let links = about["links"].as_array().unwrap();
            let items = links.iter().filter(|link| matches!(link["rel"].as_str(), Some("items" | "enclosure")));
            let of = |link: &Value| {
                let text = |name: &str| link[name].as_str().unwrap().to_owned();
                (text("title"), server.path(&text("href")).to_owned())
            };
            (id, items.map(of).collect())
        })
        .collect()
}

#[test]
fn what_is_kept_from_somebody_is_in_no_format_and_what_is_theirs_is_in_each() {
    let secrets = secrets();
    let collections = collections();
    assert!(collections.len() > 12 && collections.iter().all(|(_, formats)| formats.len() >= 9));
    let mut looked = 0;
    for person in PEOPLE.iter().map(|(name, _)| *name).chain([ANONYMOUS]) {
        for (id, formats) in &collections {
            for (format, path) in formats {
                let answer = get(person, path);
                // What has no place is refused by the one format that would lose it.
                if *format == "fgb" && answer.status == 400 {
                    assert_eq!(answer.json()["code"], "format-needs-places", "{person}: {path}");
                    continue;
                }
                assert_eq!(answer.status, 200, "{person}: {path}");
                let bytes = bytes(answer);
                for secret in &secrets {
                    let found = secret.is_in(&bytes);
                    looked += 1;
                    if !secret.known_to(person) {
                        assert!(!found, "{person} reads {} in {id} as {format}", secret.word);
                    } else if secret.layer == id {
                        assert!(found, "{person} does not read {} in {id} as {format}", secret.word);
                    }
                }
            }
        }
    }
    assert!(looked > 30_000, "{looked}");
}

#[test]
fn a_tile_holds_no_more_than_who_asks_may_read() {
    let (secrets, collections) = (secrets(), collections());
    let mut read = 0;
    for person in PEOPLE.iter().map(|(name, _)| *name).chain([ANONYMOUS]) {
        for (id, _) in &collections {
            let about = get(person, &format!("/collections/{id}")).json();
            let names = about["attributes"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
            let all = names.collect::<Vec<_>>().join(",");
            // The tiles of zoom 12 about the middle of the town.
            for (row, col) in [(1555, 3384), (1555, 3385), (1556, 3384), (1556, 3385)] {
                let path = format!("/collections/{id}/tiles/WebMercatorQuad/12/{row}/{col}?properties={all}");
                let answer = get(person, &path);
                assert!(matches!(answer.status, 200 | 204), "{person}: {path}: {}", answer.status);
                let bytes = bytes(answer);
                for secret in &secrets {
                    let found = secret.is_in(&bytes);
                    read += usize::from(found);
                    assert!(!found || secret.known_to(person), "{person} reads {} in a tile of {id}", secret.word);
                }
            }
        }
    }
    assert!(read > 20, "{read}: tiles hold what may be read");
}

#[test]
fn no_document_about_the_map_tells_what_is_kept_back() {
    let secrets = secrets();
    let mut paths: Vec<String> = [
        "/",
        "/collections",
        "/map",
        "/api",
        "/processes",
        "/processes/coverage-gaps",
        "/conformance",
        "/session",
        "/checks",
        "/events/kinds",
    ]
    .map(str::to_owned)
    .to_vec();
    for (id, _) in collections() {
        let home = format!("/collections/{id}");
        for feature in get("administrator", &format!("{home}/items")).json()["features"].as_array().unwrap() {
            let path = format!("{home}/items/{}", feature["id"].as_str().unwrap());
            if matches!(id.as_str(), "households" | "issues" | "farms") {
                paths.push(format!("{path}/events"));
            }
            paths.push(path);
        }
        paths.extend([format!("{home}/queryables"), format!("{home}/schema"), home]);
    }
    // The same for people.
    let pages = paths.iter().filter(|path| !path.ends_with("/events") && !PROGRAMS.contains(&path.as_str()));
    let pages: Vec<String> = pages.map(|path| format!("{path}?f=html")).collect();
    paths.extend(pages);
    assert!(paths.len() > 60, "{paths:?}");
    let mut told = 0;
    for person in ["village", "foreign", "grid_worker", "viewer", ANONYMOUS] {
        for path in &paths {
            let answer = get(person, path);
            // What a sharper question leaves out is not there to be looked at.
            assert!(matches!(answer.status, 200 | 404), "{person}: {path}: {}", answer.status);
            let bytes = bytes(answer);
            for secret in &secrets {
                let found = secret.is_in(&bytes);
                told += usize::from(found);
                assert!(!found || secret.known_to(person), "{person} reads {} at {path}", secret.word);
            }
        }
    }
    assert!(told > 30, "those who may read it do: {told}");
}

#[test]
fn every_file_that_left_is_written_down() {
    let map = town().0.folder().join("town");
    for (_, path) in &collections().iter().find(|(id, _)| id == "farms").unwrap().1 {
        get("viewer", path);
    }
    get(ANONYMOUS, "/collections/ponds/items?f=csv&limit=1");
    get("planner", "/collections/schools/items?limit=1");
    let log = done(&map, &["audit", "--json"], "");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let noted = |account: &str, collection: &str, format: &str, features: i64| {
        lines.iter().any(|line| {
            line["action"] == "export"
                && line["account"] == account
                && line["subject"] == collection
                && line["format"] == format
                && line["features"] == features
                && line["peer"] == "127.0.0.1"
        })
    };
    for format in ["geojson", "geojsonseq", "csv", "fgb", "gpkg", "shp", "xlsx", "kml"] {
        assert!(noted("viewer", "farms", format, 2), "{format}");
    }
    assert!(noted("", "ponds", "csv", 1));
    assert!(!noted("planner", "schools", "geojson", 1), "a look at a page is no export");
    assert!(lines.iter().any(|line| line["action"] == "sign-in" && line["account"] == "viewer"));
}
