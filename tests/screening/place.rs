//! A small place in memory: layers written as JSON, asked without a store.

use std::collections::BTreeMap;
use std::sync::Arc;

use geographiclib_rs::{DirectGeodesic, Geodesic};
use serde_json::{Map, Value, json};
use xiangtu::analysis::{self, Bound, Derivation, Inputs, Layers};
use xiangtu::collection::Collection;
use xiangtu::fault::Fault;
use xiangtu::geo::shape::ShapeKind;
use xiangtu::kind::{self, Attribute, Kind, ValueType};
use xiangtu::layer::Layer;
use xiangtu::query::Query;
use xiangtu::table::Builder;
use xiangtu::units::{AsOf, Day};

/// Layers by name.
#[derive(Default)]
pub struct Place(Vec<Arc<Layer>>);

impl Layers for Place {
    fn named(&self) -> Vec<(String, Arc<Kind>)> {
        self.0.iter().map(|layer| (layer.name().to_owned(), layer.about().kind.clone())).collect()
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault> {
        self.0.iter().find(|layer| layer.name() == name).cloned().ok_or_else(|| Fault::not_found("collection-unknown"))
    }
}

/// What was answered: rows in their order, and the figures.
pub struct Answer {
    pub rows: Vec<(String, Map<String, Value>)>,
    figures: BTreeMap<&'static str, Value>,
}

impl Answer {
    pub fn ids(&self) -> Vec<&str> {
        self.rows.iter().map(|(id, _)| id.as_str()).collect()
    }

    pub fn row(&self, id: &str) -> &Map<String, Value> {
        &self.rows.iter().find(|(found, _)| found == id).unwrap_or_else(|| panic!("{id} among {:?}", self.ids())).1
    }

    pub fn figure(&self, name: &str) -> Value {
        self.figures[name].clone()
    }
}

impl Place {
    /// A layer with all attributes of its kind, in place of one of that name. A feature is at a point (`at`), along a `line`, or
    /// within `rings`.
    pub fn layer(&mut self, name: &str, kind: &str, features: &[Value]) {
        let known = kind::kind(kind).unwrap();
        let all: Vec<&str> = known.attributes.iter().map(|a| a.name.as_str()).collect();
        self.bare(name, kind, features, &all);
    }

    /// A layer that keeps only these attributes.
    pub fn bare(&mut self, name: &str, kind: &str, features: &[Value], names: &[&str]) {
        let kind = kind::kind(kind).unwrap();
        let attributes: Vec<Attribute> = names.iter().map(|name| kind.attribute(name).unwrap().clone()).collect();
        let mut builder = Builder::new(attributes.clone());
        for feature in features {
            let values = attributes.iter().map(|a| value(&feature[a.name.as_str()], a.value_type));
            builder.push(feature["id"].as_str().unwrap(), values);
            let mut part = |shell: bool, points: &Value| {
                builder.geometries.part(shell);
                for point in points.as_array().unwrap() {
                    builder.geometries.coord([point[0].as_f64().unwrap(), point[1].as_f64().unwrap()]);
                }
            };
            let kind = if !feature["at"].is_null() {
                part(true, &json!([feature["at"]]));
                ShapeKind::Point
            } else if !feature["line"].is_null() {
                part(true, &feature["line"]);
                ShapeKind::Line
            } else {
                for (k, ring) in feature["rings"].as_array().unwrap().iter().enumerate() {
                    let mut ring = ring.clone();
                    if k > 0 {
                        ring.as_array_mut().unwrap().reverse();
                    }
                    part(k == 0, &ring);
                }
                ShapeKind::Polygon
            };
            builder.geometries.end_row(kind);
        }
        let layer = Layer::new(name, kind.title.clone(), kind, AsOf::NOW, builder.finish(Vec::new()));
        self.0.retain(|other| other.name() != name);
        self.0.push(Arc::new(layer));
    }

    fn bind(&self, day: &str, name: &str, parameters: &[(&str, &str)]) -> Result<Bound, Fault> {
        let typed = parameters.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Bound::new(analysis::find(name).unwrap(), &typed, Inputs { layers: self }, Day::parse(day).unwrap())
    }

    pub fn ask_on(&self, day: &str, name: &str, parameters: &[(&str, &str)]) -> Answer {
        let bound = self.bind(day, name, parameters).unwrap();
        let derivation = Derivation::new(name.to_owned(), AsOf::NOW, bound).unwrap();
        let found = derivation.features(&Query::default()).unwrap();
        let table = found.table();
        let rows = table.sorted().iter().map(|&row| {
            let row = table.row(row);
            let all = table.attributes().iter().enumerate().map(|(at, a)| (a.name.clone(), row.value(at).to_json()));
            (row.id().to_owned(), all.collect())
        });
        let figures = derivation.summary().unwrap().figures.iter().map(|f| (f.name, f.value.clone())).collect();
        Answer { rows: rows.collect(), figures }
    }

    pub fn ask(&self, name: &str, parameters: &[(&str, &str)]) -> Answer {
        self.ask_on("2026-11-01", name, parameters)
    }

    pub fn refused(&self, name: &str, parameters: &[(&str, &str)]) -> Fault {
        self.bind("2026-11-01", name, parameters).err().expect("it is refused")
    }
}

fn value(json: &Value, value_type: ValueType) -> xiangtu::table::Value<'_> {
    use xiangtu::table::Value as Cell;
    match (json, value_type) {
        (Value::Bool(yes), _) => Cell::Bool(*yes),
        (Value::Number(n), ValueType::Int) => Cell::Int(n.as_i64().unwrap()),
        (Value::Number(n), _) => Cell::Float(n.as_f64().unwrap()),
        (Value::String(text), _) => Cell::Text(text),
        _ => Cell::Null,
    }
}

/// The point so many metres off in a direction, by GeographicLib.
pub fn to([lng, lat]: [f64; 2], azimuth_deg: f64, metres: f64) -> [f64; 2] {
    let (lat, lng) = DirectGeodesic::<(f64, f64)>::direct(&Geodesic::wgs84(), lat, lng, azimuth_deg, metres);
    [lng, lat]
}

/// The point so many metres to the east.
pub fn east_of(from: [f64; 2], metres: f64) -> [f64; 2] {
    to(from, 90.0, metres)
}

/// A closed square about a point, its sides so long, from its south-western corner against the clock. Opposite sides lie on the same
/// degrees.
pub fn square(middle: [f64; 2], side_m: f64) -> Vec<[f64; 2]> {
    let (east, north) = (east_of(middle, side_m / 2.0)[0], to(middle, 0.0, side_m / 2.0)[1]);
    let (west, south) = (2.0 * middle[0] - east, 2.0 * middle[1] - north);
    vec![[west, south], [east, south], [east, north], [west, north], [west, south]]
}
