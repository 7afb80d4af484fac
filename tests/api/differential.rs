//! The same data in PostGIS, asked the same: boxes and places in any reference, and times.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::server::{Server, serve};
use crate::support::{postgis, xiangtu};

/// Features of the layer.
const FEATURES: usize = 2_000;

/// Random numbers of a seed (SplitMix64; Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `low` up to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of so many.
    pub fn one_of(&mut self, many: usize) -> usize {
        (self.next() % many as u64) as usize
    }

    /// A day of 2026, or none.
    pub fn day(&mut self) -> Option<String> {
        let (month, day) = (1 + self.one_of(12), 1 + self.one_of(28));
        (self.one_of(4) > 0).then(|| format!("2026-{month:02}-{day:02}"))
    }
}

/// A point, a short line or a triangle near 117.5 E 39.7 N; coordinates with seven decimals, which both sides read alike.
fn shape(dice: &mut Dice) -> Value {
    let round = |x: f64| (x * 1e7).round() / 1e7;
    let (x, y) = (dice.between(117.2, 117.8), dice.between(39.5, 39.9));
    let mut near = || [round(x + dice.between(-0.003, 0.003)), round(y + dice.between(-0.003, 0.003))];
    let (a, b, c) = (near(), near(), near());
    match dice.one_of(3) {
        0 => json!({"type": "Point", "coordinates": a}),
        1 => json!({"type": "LineString", "coordinates": [a, b, c]}),
        _ => json!({"type": "Polygon", "coordinates": [[a, b, c, a]]}),
    }
}

struct Both {
    server: Server,
    db: postgis::Database,
}

/// The layer `findings`, served by us and standing in PostGIS.
fn both() -> &'static Both {
    static BOTH: OnceLock<Both> = OnceLock::new();
    BOTH.get_or_init(|| {
        let mut dice = Dice(20_261_122);
        let mut features = Vec::new();
        for k in 0..FEATURES {
            let properties = json!({"number": format!("f-{k}"), "found_on": dice.day(), "closed_on": dice.day()});
            features.push(json!({"type": "Feature", "geometry": shape(&mut dice), "properties": properties}));
        }
        let db = postgis::database("differential");
        db.run("CREATE TABLE findings (id text, geom geometry(Geometry, 4490), found date, closed date)");
        let rows: Vec<String> = features
            .iter()
            .map(|feature| {
                let own = &feature["properties"];
                let text = |name: &str| own[name].as_str().unwrap_or("\\N").to_owned();
                let mut row = text("number");
                // GeoJSON is quoted for COPY's text format: it holds no tabs and no backslashes.
                write!(row, "\tSRID=4490;{}\t{}\t{}", wkt(&feature["geometry"]), text("found_on"), text("closed_on"))
                    .unwrap();
                row
            })
            .collect();
        db.copy("findings", &rows);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("findings.geojson");
        std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
        let map = folder.path().join("map").display().to_string();
        xiangtu(&["new", &map]);
        let file = file.display().to_string();
        xiangtu(&["import", &map, "findings", &file, "--kind", "issue", "--key", "number", "--on", "2026-01-01"]);
        Both { server: serve(folder, "map", "127.0.0.1:0").until_the_tests_end(), db }
    })
}

fn wkt(geometry: &Value) -> String {
    let at = |c: &Value| format!("{} {}", c[0], c[1]);
    let run = |cs: &Value| cs.as_array().unwrap().iter().map(at).collect::<Vec<_>>().join(",");
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str().unwrap() {
        "Point" => format!("POINT({})", at(coordinates)),
        "LineString" => format!("LINESTRING({})", run(coordinates)),
        _ => format!("POLYGON(({}))", run(&coordinates[0])),
    }
}

impl Both {
    /// What we answer to a question.
    fn ours(&self, question: &str) -> BTreeSet<String> {
        let answer = self.server.get(&format!("/collections/findings/items?limit=100000{question}"));
        assert_eq!(answer.status, 200, "{question}: {}", String::from_utf8_lossy(&answer.body));
        let page = answer.json();
        let ids: BTreeSet<String> =
            page["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(page["numberMatched"].as_u64(), Some(ids.len() as u64), "{question}");
        ids
    }

    /// What PostGIS answers to many conditions, each in its own place.
    fn theirs(&self, conditions: &[String]) -> Vec<BTreeSet<String>> {
        let sql: String = conditions
            .iter()
            .map(|one| format!("SELECT coalesce(string_agg(id, ','), '') FROM findings WHERE {one};\n"))
            .collect();
        let ids = |row: String| row.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        self.db.rows(&sql).into_iter().map(ids).collect()
    }

    fn agree(&self, questions: &[(String, String)]) {
        let conditions: Vec<String> = questions.iter().map(|(_, condition)| condition.clone()).collect();
        let mut found = 0;
        for ((question, condition), theirs) in questions.iter().zip(self.theirs(&conditions)) {
            let ours = self.ours(question);
            let unlike: Vec<_> = ours.symmetric_difference(&theirs).take(5).collect();
            assert!(unlike.is_empty(), "{question} and {condition}: {unlike:?}");
            found += ours.len();
        }
        assert!(found > questions.len(), "the questions found something");
    }
}

#[test]
fn boxes_in_every_reference_find_what_postgis_finds_in_it() {
    let mut dice = Dice(7);
    let questions: Vec<(String, String)> = (0..600)
        .map(|k| {
            let (w, s) = (dice.between(117.1, 117.8), dice.between(39.4, 39.9));
            let (dx, dy) = (dice.between(0.0, 0.1), dice.between(0.0, 0.1));
            let metres = |dice: &mut Dice, x0: f64, x1: f64, y0: f64, y1: f64| {
                let (x, y) = (dice.between(x0, x1), dice.between(y0, y1));
                [x, y, x + dice.between(0.0, 9e3), y + dice.between(0.0, 9e3)]
            };
            // The box as the reference's authority orders it, and as PostGIS wants it: x before y.
            let (code, [x0, y0, x1, y1]) = match k % 6 {
                0 => (4326, [w, s, w + dx, s + dy]),
                1 => (4490, [w, s, w + dx, s + dy]),
                2 => (3857, metres(&mut dice, 13.04e6, 13.11e6, 4.79e6, 4.85e6)),
                3 => (4548, metres(&mut dice, 5.17e5, 5.68e5, 4.373e6, 4.418e6)),
                4 => (4527, metres(&mut dice, 39.517e6, 39.568e6, 4.373e6, 4.418e6)),
                _ => (4549, metres(&mut dice, 2.5e5, 3.1e5, 4.37e6, 4.42e6)),
            };
            let north_first = code != 3857;
            let [a, b, c, d] = if north_first { [y0, x0, y1, x1] } else { [x0, y0, x1, y1] };
            let uri = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
            let question = format!("&bbox={a},{b},{c},{d}&bbox-crs={uri}");
            let own =
                if code == 4326 { "ST_SetSRID(geom, 4326)".to_owned() } else { format!("ST_Transform(geom, {code})") };
            (question, format!("ST_Intersects({own}, ST_MakeEnvelope({x0}, {y0}, {x1}, {y1}, {code}))"))
        })
        .collect();
    both().agree(&questions);
}

#[test]
fn times_find_what_postgis_finds_in_them() {
    let mut dice = Dice(8);
    let questions: Vec<(String, String)> = (0..300)
        .map(|_| {
            let (from, to) = loop {
                match (dice.day(), dice.day()) {
                    (None, None) => {}
                    (Some(from), Some(to)) if to < from => {}
                    ends => break ends,
                }
            };
            let meets = |from: &str, to: &str| {
                format!("(closed IS NULL OR closed >= {from}) AND (found IS NULL OR found <= {to})")
            };
            let day = |day: &Option<String>, open: &str| day.as_ref().map_or(open.to_owned(), |day| format!("'{day}'"));
            let condition = meets(&day(&from, "'-infinity'"), &day(&to, "'infinity'"));
            let end = |day: &Option<String>| day.clone().unwrap_or("..".to_owned());
            let question = match (&from, &to) {
                (Some(from), Some(to)) if from == to => format!("&datetime={from}"),
                // Noon in Beijing is four in the morning at Greenwich.
                (Some(from), Some(to)) if from.ends_with('5') => {
                    format!("&datetime={from}T04:00:00Z/{to}T23:59:59%2B08:00")
                }
                _ => format!("&datetime={}/{}", end(&from), end(&to)),
            };
            (question, condition)
        })
        .collect();
    both().agree(&questions);
}

#[test]
fn places_in_every_reference_are_where_postgis_puts_them() {
    for code in [4326, 4490, 3857, 4548, 4527, 4549, 4513] {
        let turned = if code == 3857 { "geom" } else { "ST_FlipCoordinates(geom)" };
        // PostGIS turns lines around with the rings.
        let wound = "CASE WHEN ST_Dimension(geom) = 2 THEN ST_ForcePolygonCCW(geom) ELSE geom END";
        let there = if code == 4326 { wound.to_owned() } else { format!("ST_Transform({wound}, {code})") };
        let own = format!("(SELECT id, {there} AS geom FROM findings) AS t");
        let theirs = both().db.rows(&format!("SELECT id, ST_AsGeoJSON({turned}, 12) FROM {own} ORDER BY id"));
        let path = format!(
            "/collections/findings/items?limit=100000&sortby=id&crs=http://www.opengis.net/def/crs/EPSG/0/{code}"
        );
        let answer = both().server.get(&path);
        assert_eq!(answer.header("content-crs"), format!("<http://www.opengis.net/def/crs/EPSG/0/{code}>"));
        let page = answer.json();
        let ours = page["features"].as_array().unwrap();
        assert_eq!(ours.len(), FEATURES);
        let near = if matches!(code, 4326 | 4490) { 1e-9 } else { 2e-4 };
        let mut by_id: std::collections::BTreeMap<&str, Vec<f64>> = Default::default();
        for feature in ours {
            by_id.insert(feature["id"].as_str().unwrap(), numbers(&feature["geometry"]["coordinates"]));
        }
        for row in theirs {
            let (id, text) = row.split_once('\t').unwrap();
            let expected = numbers(&serde_json::from_str::<Value>(text).unwrap()["coordinates"]);
            let own = &by_id[id];
            let close = own.len() == expected.len() && own.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= near);
            assert!(close, "{id} in {code}: {own:?} and {expected:?}");
        }
    }
}

fn numbers(json: &Value) -> Vec<f64> {
    match json {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

#[test]
fn an_area_typed_in_any_reference_finds_the_same() {
    let mut dice = Dice(9);
    let areas: Vec<String> = (0..120)
        .map(|_| {
            let (x, y) = (dice.between(117.2, 117.8), dice.between(39.5, 39.9));
            let mut near = || format!("{:.6} {:.6}", x + dice.between(-0.05, 0.05), y + dice.between(-0.05, 0.05));
            let (a, b, c) = (near(), near(), near());
            format!("POLYGON(({a},{b},{c},{a}))")
        })
        .collect();
    let mut questions = Vec::new();
    for code in [4326, 4490, 4548, 3857] {
        let there = if code == 4326 { "g" } else { "ST_Transform(g, %)" }.replace('%', &code.to_string());
        let turned = if code == 3857 { there } else { format!("ST_FlipCoordinates({there})") };
        let sql: String = areas
            .iter()
            .map(|area| {
                format!("SELECT ST_AsText({turned}, 12) FROM (SELECT '{area}'::geometry(Polygon, 4490)) AS t(g);\n")
                    .replace("'POLYGON", "'SRID=4490;POLYGON")
            })
            .collect();
        for (area, spelled) in areas.iter().zip(both().db.rows(&sql)) {
            let uri = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
            let question = format!("&filter=S_INTERSECTS(geom,{})&filter-crs={uri}", spelled.replace(' ', "%20"));
            questions.push((question, format!("ST_Intersects(geom, 'SRID=4490;{area}'::geometry)")));
        }
    }
    both().agree(&questions);
}
