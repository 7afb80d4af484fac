//! The same features in PostGIS, asked the same filters: the same ids.

use std::collections::BTreeSet;
use std::sync::Arc;

use geo_types::Geometry;
use xiangtu::filter::{Encoding, Filter};
use xiangtu::kind::{Attribute, ValueType};
use xiangtu::query::Query;
use xiangtu::table::{Builder, Table, Value};
use xiangtu::units::Day;

use super::questions::{DAYS, Question, WORDS, geometry, question, written};
use crate::api::differential::Dice;
use crate::support::postgis::{self, Database};

const FEATURES: usize = 600;
const FILTERS: usize = 3_000;
/// Distances are asked for at which no feature stands within so much of the threshold: PostGIS measures to the millimetre.
const DOUBT_M: f64 = 0.02;

/// The features, in a table and as rows for COPY.
fn features(dice: &mut Dice) -> (Arc<Table>, Vec<String>) {
    use ValueType::{Bool, Date, Float, Int, Text};
    let columns = [("name", Text), ("n", Int), ("x", Float), ("flag", Bool), ("d1", Date), ("d2", Date)];
    let mut builder = Builder::new(columns.iter().map(|(name, kind)| Attribute::foreign(name, *kind)).collect());
    let mut rows = Vec::new();
    for k in 0..FEATURES {
        let id = format!("f{k:04}");
        let some = |dice: &mut Dice, many: usize| (dice.one_of(6) > 0).then(|| dice.one_of(many));
        let name = some(dice, WORDS.len()).map(|at| WORDS[at]);
        let n = some(dice, 7).map(|n| n as i64 - 3);
        let x = some(dice, 25).map(|x| (x as f64 - 12.0) / 2.0);
        let flag = some(dice, 2).map(|b| b == 1);
        let days = [0, 1].map(|_| some(dice, DAYS.len()).map(|at| DAYS[at]));
        let place: Option<Geometry<f64>> = (dice.one_of(12) > 0).then(|| geometry(dice));
        let day = |day: Option<&str>| day.map_or(Value::Null, |day| Value::Date(Day::parse(day).unwrap()));
        builder.push(
            &id,
            [
                name.map_or(Value::Null, Value::Text),
                n.map_or(Value::Null, Value::Int),
                x.map_or(Value::Null, Value::Float),
                flag.map_or(Value::Null, Value::Bool),
                day(days[0]),
                day(days[1]),
            ],
        );
        builder.geometries.push(place.as_ref());
        let null = || r"\N".to_owned();
        let fields = [
            id,
            name.map_or_else(null, |name| name.replace('\\', r"\\")),
            n.map_or_else(null, |n| n.to_string()),
            x.map_or_else(null, |x| x.to_string()),
            flag.map_or_else(null, |b| b.to_string()),
            days[0].map_or_else(null, str::to_owned),
            days[1].map_or_else(null, str::to_owned),
            place.map_or_else(null, |place| format!("SRID=4326;{}", wkt::ToWkt::wkt_string(&place))),
        ];
        rows.push(fields.join("\t"));
    }
    (Arc::new(builder.finish(Vec::new())), rows)
}

fn database(name: &str, rows: &[String]) -> Database {
    let db = postgis::database(name);
    db.run(
        "CREATE TABLE t (id text, name text, n int, x float8, flag bool, d1 date, d2 date, geom geometry(Geometry, 4326));
         CREATE FUNCTION remains(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS
           'SELECT (a::numeric % NULLIF(b::numeric, 0))::float8';
         CREATE FUNCTION raised(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS
           'SELECT CASE WHEN a = 0 AND b < 0 OR a < 0 AND b <> trunc(b) THEN NULL ELSE power(a, b) END'",
    );
    db.copy("t (id, name, n, x, flag, d1, d2, geom)", rows);
    db
}

/// Distances to ask for, of which PostGIS says that none is a matter of opinion.
fn distances(dice: &mut Dice, db: &Database) -> Vec<Question> {
    let mut asked = Vec::new();
    for _ in 0..80 {
        let (place, metres) =
            (written(&geometry(dice)), [0.0, 300.0, 1_200.0, 1_700.0, 4_000.0, 9_000.0][dice.one_of(6)]);
        let metres = metres + if metres > 0.0 { dice.between(0.0, 100.0) } else { 0.0 };
        asked.push((place, metres));
    }
    let check: String = asked
        .iter()
        .map(|(place, metres)| {
            format!(
                "SELECT count(*) FILTER (WHERE d > 0 AND abs(d - {metres}) < {DOUBT_M}) FROM
                 (SELECT ST_Distance(geom::geography, {}::geography) AS d FROM t) AS all_of_them;\n",
                place.sql
            )
        })
        .collect();
    let doubtful = db.rows(&check);
    let sure = asked.into_iter().zip(doubtful).filter(|(_, count)| count == "0");
    let questions: Vec<Question> = sure
        .map(|((place, metres), _)| Question {
            cql: format!("S_DWITHIN(geom, {}, {metres})", place.cql),
            // PostGIS allows a distance to be off by a ten-millionth of a metre, and calls what it does so within.
            sql: format!("ST_DWithin(geom::geography, {}::geography, {metres}, true)", place.sql),
        })
        .collect();
    assert!(questions.len() > 40, "{} distances are beyond doubt", questions.len());
    questions
}

fn ours(table: &Arc<Table>, cql: &str) -> BTreeSet<String> {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let filter = Filter::parse(cql).unwrap_or_else(|fault| panic!("{cql}: {fault}")).in_zone(&zone);
    let query = Query { filter: Some(filter), ..Query::default() };
    let answer = table.ask(&query).unwrap_or_else(|fault| panic!("{cql}: {fault}"));
    answer.rows().map(|row| row.id().to_owned()).collect()
}

#[test]
fn thousands_of_random_filters_find_what_postgis_finds() {
    let dice = &mut Dice(2_026);
    let (table, rows) = features(dice);
    let db = database("filters", &rows);
    let near = distances(dice, &db);
    let questions: Vec<Question> = (0..FILTERS).map(|_| question(dice, &near, 2)).collect();
    let sql: String = questions
        .iter()
        .map(|q| format!("SELECT coalesce(string_agg(id, ','), '') FROM t WHERE {};\n", q.sql))
        .collect();
    let theirs = db.rows(&sql);
    assert_eq!(theirs.len(), questions.len());
    let (mut wrong, mut telling) = (Vec::new(), 0);
    for (question, theirs) in questions.iter().zip(theirs) {
        let theirs: BTreeSet<String> = theirs.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        let ours = ours(&table, &question.cql);
        telling += usize::from(!theirs.is_empty() && theirs.len() < FEATURES);
        if ours != theirs {
            let more: Vec<_> = ours.difference(&theirs).take(3).collect();
            let less: Vec<_> = theirs.difference(&ours).take(3).collect();
            wrong.push(format!("{}\n  {}\n  more {more:?} less {less:?}", question.cql, question.sql));
        }
    }
    assert!(telling > FILTERS / 2, "only {telling} filters pass some features and not others");
    assert!(wrong.is_empty(), "{} of {FILTERS} differ:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn random_filters_are_the_same_in_text_and_in_the_json_that_the_cql2_crate_writes() {
    let dice = &mut Dice(65);
    let near = [Question { cql: "S_DWITHIN(geom, POINT(117.5 39.5), 800)".to_owned(), sql: String::new() }];
    for _ in 0..1_500 {
        let cql = question(dice, &near, 3).cql;
        let theirs = cql2::parse_text(&cql).unwrap_or_else(|error| panic!("{cql}: {error}"));
        let json = serde_json::to_string(&theirs).unwrap();
        let from_json = Filter::read(&json, Encoding::Json).unwrap_or_else(|fault| panic!("{json}: {fault}"));
        assert_eq!(from_json, Filter::parse(&cql).unwrap(), "{cql}\n{json}");
    }
}
