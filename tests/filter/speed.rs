//! How long filters take over a million points, beside PostGIS with its index, in one run:
//! `cargo test --release --test tests filter::speed -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::Instant;

use xiangtu::filter::Filter;
use xiangtu::geo::shape::ShapeKind;
use xiangtu::kind::{Attribute, ValueType};
use xiangtu::query::Query;
use xiangtu::table::{Builder, Value};

use crate::api::differential::Dice;
use crate::support::postgis;

const POINTS: usize = 1_000_000;
const RUNS: usize = 7;

/// A star of so many points about the middle: a boundary with much to go around.
fn star(corners: usize, radius: f64) -> String {
    let corner = |k: usize| {
        let (sin, cos) = (k as f64 / corners as f64 * std::f64::consts::TAU).sin_cos();
        let r = radius * if k.is_multiple_of(2) { 1.0 } else { 0.6 };
        format!("{} {}", 117.5 + r * cos, 39.5 + r * sin)
    };
    format!("POLYGON(({}, {}))", (0..corners).map(corner).collect::<Vec<_>>().join(", "), corner(0))
}

#[test]
#[ignore = "a measurement, not a test: see the head of this file"]
fn filters_over_a_million_points() {
    let dice = &mut Dice(1);
    let attributes = vec![Attribute::foreign("kind", ValueType::Text), Attribute::foreign("head", ValueType::Int)];
    let mut builder = Builder::new(attributes);
    let mut rows = Vec::with_capacity(POINTS);
    for k in 0..POINTS {
        let at = [dice.between(117.0, 118.0), dice.between(39.0, 40.0)];
        let (kind, head) = (["pig", "hen", "cow", "sheep"][dice.one_of(4)], dice.one_of(1_000));
        let id = format!("f{k:07}");
        builder.push(&id, [Value::Text(kind), Value::Int(head as i64)]);
        builder.geometries.part(true);
        builder.geometries.coord(at);
        builder.geometries.end_row(ShapeKind::Point);
        rows.push(format!("{id}\t{kind}\t{head}\tSRID=4326;POINT({} {})", at[0], at[1]));
    }
    let table = Arc::new(builder.finish(Vec::new()));
    let db = postgis::database("speed");
    db.run("CREATE TABLE t (id text, kind text, head int, geom geometry(Point, 4326))");
    db.copy("t (id, kind, head, geom)", &rows);
    db.run(
        "CREATE INDEX ON t USING gist (geom); CREATE INDEX ON t USING gist ((geom::geography)); CLUSTER t USING t_geom_idx;
         VACUUM ANALYZE t",
    );
    let (small, large) = (star(60, 0.1), star(60, 0.4));
    let road = "LINESTRING(117.2 39.2, 117.4 39.5, 117.7 39.55, 117.8 39.8)";
    let geography = |wkt: &str| format!("ST_GeogFromText('SRID=4326;{wkt}')");
    let geometry = |wkt: &str| format!("ST_GeomFromText('{wkt}', 4326)");
    let cases = [
        (
            "a polygon of 60 corners, 1.9 % of the points",
            format!("S_INTERSECTS(geom, {small})"),
            format!("ST_Intersects(geom, {})", geometry(&small)),
        ),
        (
            "the same, 30 % of the points",
            format!("S_INTERSECTS(geom, {large})"),
            format!("ST_Intersects(geom, {})", geometry(&large)),
        ),
        (
            "within 800 m of a point",
            "S_DWITHIN(geom, POINT(117.5 39.5), 800)".to_owned(),
            format!("ST_DWithin(geom::geography, {}, 800)", geography("POINT(117.5 39.5)")),
        ),
        (
            "within 20 km of a point",
            "S_DWITHIN(geom, POINT(117.5 39.5), 20000)".to_owned(),
            format!("ST_DWithin(geom::geography, {}, 20000)", geography("POINT(117.5 39.5)")),
        ),
        (
            "within 800 m of a road of 90 km",
            format!("S_DWITHIN(geom, {road}, 800)"),
            format!("ST_DWithin(geom::geography, {}, 800)", geography(road)),
        ),
        (
            "pigs, more than 500, in the polygon, within 2 km of the road",
            format!("kind = 'pig' AND head > 500 AND S_INTERSECTS(geom, {large}) AND S_DWITHIN(geom, {road}, 2000)"),
            format!(
                "kind = 'pig' AND head > 500 AND ST_Intersects(geom, {}) AND ST_DWithin(geom::geography, {}, 2000)",
                geometry(&large),
                geography(road)
            ),
        ),
        (
            "no place: a pattern and a calculation",
            "kind LIKE '%e%' AND head * 2 + 1 > 1500".to_owned(),
            "kind LIKE '%e%' AND head * 2 + 1 > 1500".to_owned(),
        ),
    ];
    // The index is made when it is first asked for.
    table.index();
    table.sorted();
    for (what, cql, sql) in cases {
        let filter = Filter::parse(&cql).unwrap();
        let query = Query { filter: Some(filter), ..Query::default() };
        let mut ours = Vec::new();
        let mut found = 0;
        for _ in 0..RUNS {
            let start = Instant::now();
            found = table.ask(&query).unwrap().matched;
            ours.push(start.elapsed().as_secs_f64() * 1e3);
        }
        let asked = format!("SELECT count(*) FROM t WHERE {sql};\n").repeat(RUNS);
        let said = db.rows(&format!("\\timing on\n{asked}"));
        let time = |line: &String| line.strip_prefix("Time: ")?.split(' ').next()?.parse::<f64>().ok();
        let mut theirs: Vec<f64> = said.iter().filter_map(time).collect();
        let counted: usize = said.iter().find_map(|line| line.parse().ok()).unwrap();
        ours.sort_by(f64::total_cmp);
        theirs.sort_by(f64::total_cmp);
        let (a, b) = (ours[RUNS / 2], theirs[RUNS / 2]);
        println!("{what}: {found} found ({counted} by PostGIS); {a:.1} ms, PostGIS {b:.1} ms, {:.1} ×", b / a);
    }
}
