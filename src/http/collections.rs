//! The collections: what they are, what they hold, what may be asked of them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::analysis;
use crate::catalog::Named;
use crate::collection::{Collection, Summary, summary_or_refusal};
use crate::encode;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::reference::Reference;
use crate::http::asked::Asked;
use crate::http::link::{self, HTML, JSON, Link};
use crate::http::negotiate::{self, Wanted};
use crate::http::tiles::TILESETS;
use crate::http::{self, App, html};
use crate::kind::{Attribute, Dimension, Time, ValueType};
use crate::text::Lang;
use crate::units::{AsOf, Day, Span};

/// The media type of a JSON schema.
const SCHEMA: &str = "application/schema+json";

/// `GET /collections`: the layers, then the analyses that fit, at their defaults.
pub async fn list(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        let wanted = negotiate::document(asked)?;
        let all = app.shown(asked)?.collections(AsOf::NOW)?;
        if wanted == Wanted::Html {
            return html::collections::list(app, asked, &all);
        }
        let told = |one: &dyn Collection| match one.about().analysis {
            // A list must not ask every question that there is: what an answer holds, its own description says.
            Some(_) => head(app, one, asked),
            None => describe(app, one, asked),
        };
        let described = all.iter().map(|one| told(&**one)).collect::<Result<Vec<_>, Fault>>()?;
        let home = format!("{}/collections", asked.base);
        let links = [Link::new("self", JSON, home.clone()), Link::page(&home)];
        Ok(http::json(&json!({"links": links, "collections": described}), JSON))
    })
    .await
}

/// `GET /collections/{id}`
pub async fn one(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        let wanted = negotiate::document(asked)?;
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        if wanted == Wanted::Html {
            // The page of what is now says which day that is.
            let revision = format!("{} {}", collection.revision(), app.catalog.today());
            return html::fresh(asked, &revision, || html::collections::one(app, asked, &*collection));
        }
        let etag = format!("W/\"{}-{}\"", collection.revision(), asked.lang.code());
        if asked.holds(&etag) {
            return Ok(http::unchanged(&etag));
        }
        let mut response = http::json(&describe(app, &*collection, asked)?, JSON);
        response.headers_mut().insert(header::ETAG, etag.parse().map_err(Fault::internal)?);
        Ok(response)
    })
    .await
}

/// `GET /collections/{id}/queryables`: what a filter may speak of.
pub async fn queryables(State(app): State<Arc<App>>, asked: Asked) -> Response {
    described_as(app, asked, "queryables").await
}

/// `GET /collections/{id}/schema`: what its features hold.
pub async fn schema(State(app): State<Arc<App>>, asked: Asked) -> Response {
    described_as(app, asked, "schema").await
}

async fn described_as(app: Arc<App>, asked: Asked, which: &'static str) -> Response {
    app.answer(asked, move |app, asked| {
        asked.typed.only(&[])?;
        let wanted = negotiate::document(asked)?;
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        if wanted == Wanted::Html {
            return html::collections::described(app, asked, &*collection, which);
        }
        let about = collection.about();
        let mut properties = Map::new();
        let role = (which == "schema").then_some("id");
        let mut id = json!({"type": "string", "title": "id"});
        if let Some(role) = role {
            id["x-ogc-role"] = role.into();
        }
        properties.insert("id".to_owned(), id);
        let mut geometry = json!({"title": "geometry", "format": geometry_format(&about.kind.geometry)});
        if which == "schema" {
            geometry["x-ogc-role"] = "primary-geometry".into();
        }
        properties.insert("geometry".to_owned(), geometry);
        for attribute in &collection.summary()?.attributes {
            properties.insert(attribute.name.clone(), attribute_schema(attribute, asked.lang));
        }
        let body = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": format!("{}{}/{which}", asked.base, link::collection(&about.id)),
            "type": "object",
            "title": about.title.get(asked.lang),
            "properties": properties,
            "additionalProperties": false,
        });
        Ok(http::json(&body, SCHEMA))
    })
    .await
}

fn geometry_format(dimensions: &[Dimension]) -> &'static str {
    match dimensions {
        [Dimension::Point] => "geometry-point-or-multipoint",
        [Dimension::Line] => "geometry-linestring-or-multilinestring",
        [Dimension::Polygon] => "geometry-polygon-or-multipolygon",
        _ => "geometry-any",
    }
}

/// The JSON schema of an attribute's values.
pub fn attribute_schema(attribute: &Attribute, lang: Lang) -> Value {
    let mut schema = match attribute.value_type {
        ValueType::Text | ValueType::Code => json!({"type": "string"}),
        ValueType::Int => json!({"type": "integer"}),
        ValueType::Float => json!({"type": "number"}),
        ValueType::Bool => json!({"type": "boolean"}),
        ValueType::Date => json!({"type": "string", "format": "date"}),
        ValueType::Instant => json!({"type": "string", "format": "date-time"}),
    };
    schema["title"] = attribute.title.get(lang).into();
    match attribute.time {
        Some(Time::Instant) => schema["x-ogc-role"] = "primary-instant".into(),
        Some(Time::Start) => schema["x-ogc-role"] = "primary-interval-start".into(),
        Some(Time::End) => schema["x-ogc-role"] = "primary-interval-end".into(),
        None => {}
    }
    if !attribute.domain.is_empty() {
        schema["enum"] = attribute.domain.iter().map(|term| term.value.as_str()).collect();
    }
    if let Some([low, high]) = attribute.range {
        schema["minimum"] = low.into();
        schema["maximum"] = high.into();
    }
    if !attribute.unit.is_empty() {
        schema["x-ogc-unit"] = attribute.unit.as_str().into();
    }
    schema
}

/// An attribute as the page reads it.
pub fn attribute(attribute: &Attribute) -> Value {
    json!({
        "name": attribute.name,
        "type": attribute.value_type,
        "titles": attribute.title,
        "unit": Some(&attribute.unit).filter(|unit| !unit.is_empty()),
        "domain": Some(&attribute.domain).filter(|domain| !domain.is_empty()),
        "range": attribute.range,
        "personal": attribute.personal,
    })
}

/// What is known of a collection before it is run.
fn head(app: &App, collection: &dyn Collection, asked: &Asked) -> Result<Value, Fault> {
    let about = collection.about();
    let home = format!("{}{}", asked.base, link::collection(&about.id));
    let mut links = vec![
        Link::new("self", JSON, home.clone()),
        Link::page(&home),
        Link::new("http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA, format!("{home}/queryables")),
        Link::new("describedby", SCHEMA, format!("{home}/schema")),
        Link::new(TILESETS, JSON, format!("{home}/tiles")),
    ];
    for format in encode::ALL {
        let rel = if format.file && format.name != "geojsonseq" { "enclosure" } else { "items" };
        links.push(Link::new(rel, format.media_type, format!("{home}/items?f={}", format.name)).titled(format.name));
    }
    links.push(Link::new("items", HTML, format!("{home}/items?f=html")).titled("html"));
    let mut body = json!({
        "id": about.id,
        "title": about.title.get(asked.lang),
        "titles": about.title,
        "itemType": "feature",
        "crs": Reference::all().map(Reference::uri).collect::<Vec<_>>(),
        "storageCrs": Reference::CRS84.uri(),
        "links": links,
        "group": about.kind.group,
        "revision": collection.revision().to_string(),
        "asOf": about.as_of.map(|day| day.to_string()),
        "known": about.known.map(|day| day.to_string()),
        "synthetic": app.catalog.map().synthetic,
        "name": about.kind.name,
        "style": about.kind.style,
    });
    match about.analysis {
        None => body["kind"] = about.kind.id.as_str().into(),
        Some(name) => {
            body["analysis"] = name.into();
            body["version"] = analysis::find(name)?.version.into();
            body["subject_kind"] = about.kind.id.as_str().into();
            let parameters: Map<String, Value> =
                about.parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            body["parameters"] = parameters.into();
            let inputs = about.inputs.iter().map(|(id, revision)| json!({"id": id, "revision": revision.to_string()}));
            body["inputs"] = inputs.collect();
        }
    }
    if let Some(extent) = extent(app, collection, asked)? {
        body["extent"] = extent;
    }
    Ok(body)
}

/// Where and when a collection's features lie. For an answer that is what it is made from: the list and the answer's own
/// description have to say the same (Part 1, `/req/core/sfc-md-success`), and the list does not run it.
fn extent(app: &App, collection: &dyn Collection, asked: &Asked) -> Result<Option<Value>, Fault> {
    let about = collection.about();
    let mut all: Vec<Arc<Summary>> = Vec::new();
    if about.analysis.is_none() {
        all.push(collection.summary()?);
    } else {
        let shown = app.shown(asked)?;
        for (id, _) in &about.inputs {
            if let Named::Here(input) = shown.get(id)? {
                all.push(input.summary()?);
            }
        }
    }
    let boxes = all.iter().filter_map(|one| one.bbox);
    let bbox = boxes.map(|[west, south, east, north]| Bbox { west, south, east, north }).reduce(|a, b| a.union(&b));
    let Some(bbox) = bbox else { return Ok(None) };
    let mut extent = json!({"spatial": {"bbox": [bbox.to_array()], "crs": Reference::CRS84.uri()}});
    if let Some(Span { from, to }) = all.iter().filter_map(|one| one.during).reduce(Span::and) {
        let zone = &app.catalog.map().zone;
        let start = |day: Day| day.date().to_zoned(zone.clone()).ok().map(|start| start.timestamp().to_string());
        let (from, to) = (from.and_then(start), to.map(|day| day.evening(zone).to_string()));
        extent["temporal"] = json!({
            "interval": [[from, to]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        });
    }
    Ok(Some(extent))
}

/// A collection with what is known once it has been run: its figures and attributes, or why it refuses to answer.
fn describe(app: &App, collection: &dyn Collection, asked: &Asked) -> Result<Value, Fault> {
    let (summary, refusal) = summary_or_refusal(collection)?;
    let mut body = head(app, collection, asked)?;
    let figures = summary.figures.iter().map(|figure| {
        let title = if figure.name == "count" { collection.about().title.clone() } else { figure.title() };
        let unit = Some(&figure.unit).filter(|unit| !unit.is_empty());
        let mut said = json!({"name": figure.name, "titles": title, "value": figure.value, "unit": unit});
        if let Some(words) = &figure.words {
            said["words"] = json!(words);
        }
        said
    });
    body["count"] = refusal.is_none().then_some(summary.count).into();
    body["attributes"] = summary.attributes.iter().map(attribute).collect();
    body["summary"] = figures.collect();
    if let Some(fault) = &refusal {
        body["refusal"] = json!({"zh": Lang::Zh.say(fault), "en": Lang::En.say(fault)});
    }
    Ok(body)
}
