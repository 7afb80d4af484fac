//! The three laws, over every collection of a made province, of the demonstration town and of a real place, and over
//! random layers, made at once or change by change.

mod maps;
mod patched;
mod random;

use std::collections::HashSet;

use geo::{Intersects, MapCoords, Rect, Validation};
use xiangtu::collection::Collection;
use xiangtu::filter::Filter;
use xiangtu::geo::bbox::Bbox;
use xiangtu::kind::ValueType;
use xiangtu::query::{Query, SortKey, Token};
use xiangtu::table::{Row, Value};

/// A feature as text, everything of it.
fn whole(row: Row<'_>, columns: usize) -> String {
    let values: Vec<String> = (0..columns).map(|at| row.value(at).to_json().to_string()).collect();
    format!("{} {values:?} {:?}", row.id(), row.shape().to_geo())
}

/// The ids that a query gives.
fn ids(collection: &dyn Collection, query: &Query) -> Vec<String> {
    let answer = collection.features(query).unwrap();
    let ids: Vec<String> = answer.rows().map(|row| row.id().to_owned()).collect();
    if query.limit.is_none() && query.after.is_none() {
        assert_eq!(answer.matched, ids.len(), "{}: numberMatched is exact", collection.about().id);
    }
    ids
}

/// Some windows over a collection: quarters, slivers, a point, one far off, one over everything.
fn windows(collection: &dyn Collection) -> Vec<Bbox> {
    let Some([w, s, e, n]) = collection.summary().unwrap().bbox else { return Vec::new() };
    let at = |x: f64, y: f64| [w + (e - w) * x, s + (n - s) * y];
    let boxed = |[west, south]: [f64; 2], [east, north]: [f64; 2]| Bbox { west, south, east, north };
    vec![
        boxed(at(0.0, 0.0), at(0.5, 0.5)),
        boxed(at(0.3, 0.2), at(0.35, 0.9)),
        boxed(at(0.5, 0.5), at(0.5, 0.5)),
        boxed(at(0.71, 0.13), at(0.93, 0.44)),
        boxed(at(2.0, 2.0), at(2.1, 2.1)),
        Bbox { west: -180.0, south: -90.0, east: 180.0, north: 90.0 },
    ]
}

/// A filter that some rows pass and some do not, where the values allow, with the same test in plain Rust.
type Plain = Box<dyn Fn(&Value<'_>) -> bool>;

fn filters(collection: &dyn Collection) -> Vec<(usize, String, Plain)> {
    let summary = collection.summary().unwrap();
    let answer = collection.features(&Query::default()).unwrap();
    let mut filters: Vec<(usize, String, Plain)> = Vec::new();
    for (at, attribute) in summary.attributes.iter().enumerate() {
        // The parser is the standard's: names that are not plain words would have to be quoted.
        let name = format!("\"{}\"", attribute.name);
        filters.push((at, format!("{name} IS NULL"), Box::new(|value| value.is_null())));
        let Some(middle) = answer.rows().map(|row| row.value(at)).filter(|v| !v.is_null()).nth(answer.matched / 3)
        else {
            continue;
        };
        match (attribute.value_type, middle) {
            (ValueType::Text | ValueType::Code, Value::Text(text)) => {
                let wanted = text.to_owned();
                let spelled = text.replace('\'', "''");
                filters.push((
                    at,
                    format!("{name} = '{spelled}'"),
                    Box::new(move |value| *value == Value::Text(&wanted)),
                ));
            }
            (_, Value::Int(_) | Value::Float(_)) => {
                let bound = middle.number().unwrap();
                filters.push((
                    at,
                    format!("NOT ({name} < {bound})"),
                    Box::new(move |value| value.number().is_some_and(|x| x >= bound)),
                ));
            }
            (_, Value::Date(day)) => filters.push((
                at,
                format!("{name} <= DATE('{day}')"),
                Box::new(move |value| matches!(value, Value::Date(d) if *d <= day)),
            )),
            _ => {}
        }
    }
    filters
}

/// **Filter law**: asking with a bbox or a filter equals asking for everything and then filtering.
fn filter_law(collection: &dyn Collection) {
    let id = &collection.about().id;
    let all = collection.features(&Query::default()).unwrap();
    for bbox in windows(collection) {
        let rect = Rect::new((bbox.west, bbox.south), (bbox.east, bbox.north)).to_polygon();
        let expected: Vec<String> = all
            .rows()
            .filter(|row| row.shape().to_geo().is_some_and(|geometry| geometry.intersects(&rect)))
            .map(|row| row.id().to_owned())
            .collect();
        let asked = ids(collection, &Query { bbox: Some(bbox), ..Query::default() });
        assert_eq!(asked, expected, "{id} in {bbox:?}");
        // The same as a filter, which the R-tree answers; and what is not so, which it cannot.
        let [w, s, e, n] = bbox.to_array();
        let filter = |text: &str| Query { filter: Some(Filter::parse(text).unwrap()), ..Query::default() };
        let within = format!("S_INTERSECTS(geom, BBOX({w}, {s}, {e}, {n}))");
        assert_eq!(ids(collection, &filter(&within)), expected, "{id} where {within}");
        let inside: HashSet<&str> = expected.iter().map(String::as_str).collect();
        let without: Vec<String> = all
            .rows()
            .filter(|row| !row.shape().is_none() && !inside.contains(row.id()))
            .map(|row| row.id().to_owned())
            .collect();
        assert_eq!(ids(collection, &filter(&format!("NOT {within}"))), without, "{id} where NOT {within}");
        let near = format!("S_DWITHIN(geom, POINT({w} {s}), 2000) OR S_WITHIN(geom, BBOX({w}, {s}, {e}, {n}))");
        let everywhere = format!("({near}) OR (id IS NULL)");
        assert_eq!(ids(collection, &filter(&near)), ids(collection, &filter(&everywhere)), "{id} where {near}");
    }
    for (at, text, test) in filters(collection) {
        let expected: Vec<String> =
            all.rows().filter(|row| test(&row.value(at))).map(|row| row.id().to_owned()).collect();
        let query = Query { filter: Some(Filter::parse(&text).unwrap()), ..Query::default() };
        assert_eq!(ids(collection, &query), expected, "{id} where {text}");
    }
}

/// **Page law**: pages joined equal the whole, under the collection's own order and under any other.
fn page_law(collection: &dyn Collection) {
    let id = &collection.about().id;
    let summary = collection.summary().unwrap();
    let mut orders = vec![Vec::new(), vec![SortKey::down("id")]];
    for attribute in &summary.attributes {
        orders.push(vec![SortKey::up(&attribute.name)]);
        orders.push(vec![SortKey::down(&attribute.name)]);
    }
    for sort in orders {
        let expected = ids(collection, &Query { sort: sort.clone(), ..Query::default() });
        let mut seen = expected.clone();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), summary.count, "{id}: no feature twice, none missing");
        let limit = (expected.len() / 3).max(1);
        let (mut joined, mut after) = (Vec::new(), None);
        loop {
            let query = Query { sort: sort.clone(), limit: Some(limit), after, ..Query::default() };
            let answer = collection.features(&query).unwrap();
            assert_eq!(answer.matched, expected.len(), "{id}: numberMatched does not depend on the page");
            joined.extend(answer.rows().map(|row| row.id().to_owned()));
            // As a link carries it.
            let Some(next) = &answer.next else { break };
            after = Some(Token::parse(&next.spell()).unwrap());
        }
        assert_eq!(joined, expected, "{id} by {sort:?}");
    }
}

/// **Revision law**, its first half: equal revisions give equal features.
fn same_features(one: &dyn Collection, other: &dyn Collection) {
    assert_eq!(one.revision(), other.revision(), "{}: the same revision after a restart", one.about().id);
    let columns = one.summary().unwrap().attributes.len();
    let (a, b) = (one.features(&Query::default()).unwrap(), other.features(&Query::default()).unwrap());
    let all = |answer: &xiangtu::table::Answer| answer.rows().map(|row| whole(row, columns)).collect::<Vec<_>>();
    assert_eq!(all(&a), all(&b), "{}: the same features in the same order", one.about().id);
}

/// No number without a unit: not of a figure, and not of what an analysis itself says of a feature. Places in an order and
/// numbers of things have none, and an amount whose unit stands beside it in the row has its own.
fn unit_law(collection: &dyn Collection) {
    const BARE: [&str; 7] = ["rank", "force_rank", "order", "priority", "cluster", "score", "quantity"];
    let (about, summary) = (collection.about(), collection.summary().unwrap());
    let Some(analysis) = about.analysis else { return };
    for figure in summary.figures.iter().filter(|figure| figure.value.is_number()) {
        assert!(!figure.unit.is_empty(), "{}: {} is {} of what?", about.id, figure.name, figure.value);
    }
    let own = (xiangtu::analysis::find(analysis).unwrap().properties)();
    let answer = collection.features(&Query::default()).unwrap();
    for attribute in summary.attributes.iter().filter(|attribute| own.iter().any(|own| own.name == attribute.name)) {
        let number = matches!(attribute.value_type, ValueType::Int | ValueType::Float);
        let said = answer.rows().any(|row| !row.named(&attribute.name).is_null());
        let bare = attribute.unit.is_empty() && !BARE.contains(&&attribute.name[..]);
        assert!(!(number && said && bare), "{}: {} of what?", about.id, attribute.name);
    }
}

/// Ground that a question draws is valid as OGC Simple Features has it, with as many digits as GeoJSON gives.
fn valid_law(collection: &dyn Collection) {
    let about = collection.about();
    let Some(analysis) = about.analysis else { return };
    let answer = collection.features(&Query::default()).unwrap();
    for row in answer.rows().filter(|row| row.shape().kind.dimension() == Some(2)) {
        // Asked for without a tolerance, grid-check lists pieces that are thinner than the last digit.
        let round = analysis != "grid-check";
        let nine = |degrees: f64| if round { (degrees * 1e9).round() / 1e9 } else { degrees };
        let drawn = row.shape().to_geo().unwrap().map_coords(|c| geo::coord! { x: nine(c.x), y: nine(c.y) });
        assert!(drawn.is_valid(), "{}: {}: {:?}", about.id, row.id(), drawn.validation_errors());
    }
}

/// No nothing bears a sign: neither in the figures nor anywhere in the answer, lists and coordinates included.
fn zero_law(collection: &dyn Collection) {
    fn signed(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Number(n) => n.as_f64().is_some_and(|x| x == 0.0 && x.is_sign_negative()),
            serde_json::Value::Array(items) => items.iter().any(signed),
            serde_json::Value::Object(members) => members.values().any(signed),
            _ => false,
        }
    }
    let id = &collection.about().id;
    for figure in &collection.summary().unwrap().figures {
        assert!(!signed(&figure.value), "{id}: {} is {}", figure.name, figure.value);
    }
    let mut bytes = Vec::new();
    let format = xiangtu::encode::find("geojson").unwrap();
    format.write(collection, &Query::default(), xiangtu::geo::reference::Reference::CRS84, &mut bytes).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    for feature in told["features"].as_array().unwrap() {
        assert!(!signed(feature), "{id}: {feature}");
    }
}
