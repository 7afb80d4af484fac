//! OGC API Features Part 4: features made, replaced, changed and withdrawn. Each is an event of the ledger.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::analysis;
use crate::catalog::CollectionId;
use crate::fault::{Class, Fault};
use crate::geo::reference::Reference;
use crate::http::asked::Asked;
use crate::http::events::read;
use crate::http::link::{self, JSON};
use crate::http::{self, App, body, error, item, matches};
use crate::ledger::{Asked as Wanted, Edit, fresh_id, single};
use crate::store::LOG;
use crate::store::Refused;
use crate::units::{AsOf, Day};

/// The largest body of features, bytes.
const BODY_LIMIT: usize = 64 << 20;

/// `POST /collections/{id}/items`: a Feature, or a FeatureCollection of which all are made or none.
pub async fn create(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    let lang = asked.lang;
    let bytes = match body::read(request, BODY_LIMIT).await {
        Ok(bytes) => bytes,
        Err(fault) => return error::problem(&fault, lang),
    };
    app.answer(asked, move |app, asked| {
        asked.typed.only(&["on"])?;
        let on = match asked.typed.get("on") {
            Some(value) => {
                Some(Day::parse(value).ok_or_else(|| Fault::invalid("date-malformed").with("value", value))?)
            }
            None => None,
        };
        let mut document = read(&bytes, FEATURE)?;
        let many = document.get("type").is_some_and(|kind| kind == "FeatureCollection");
        let features = match document.remove("features") {
            Some(Value::Array(features)) if many => features,
            _ if many => return Err(malformed("features")),
            _ => vec![Value::Object(document)],
        };
        let layer = asked.segment(0);
        let (mut wanted, mut refused) = (Vec::with_capacity(features.len()), Vec::new());
        for (at, feature) in features.into_iter().enumerate() {
            match made(app, asked, feature, on) {
                Ok(one) => wanted.push(one),
                Err(fault) => refused.push((at, fault)),
            }
        }
        let ids: Vec<String> = wanted.iter().map(|one| one.feature.clone()).collect();
        let written = if refused.is_empty() {
            app.ledger.edit(&app.rights(asked)?, wanted, matches::request(asked, &bytes)?)
        } else {
            Err(Refused::Steps(refused))
        };
        let written = match written {
            Ok(written) => written,
            Err(Refused::Steps(refused)) if many => return Ok(error::rows(&refused, asked.lang)),
            Err(refused) => return unwritten(app, asked, single(refused)),
        };
        // A request that comes again made its features under the ids of the first time.
        let made = written.events.iter().zip(ids).map(|(event, id)| event.as_ref().map_or(id, |e| e.feature.clone()));
        let links: Vec<String> =
            made.map(|id| format!("{}/items/{}", link::collection(layer), link::segment(&id))).collect();
        app.catalog.refresh()?;
        let mut response = http::json(&json!({"created": links}), JSON);
        *response.status_mut() = StatusCode::CREATED;
        let headers = response.headers_mut();
        if let ([one], false) = (&links[..], many) {
            headers.insert(header::LOCATION, one.parse().map_err(Fault::internal)?);
        }
        if written.again {
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        Ok(response)
    })
    .await
}

/// A feature to be made, out of GeoJSON.
fn made(app: &App, asked: &Asked, feature: Value, on: Option<Day>) -> Result<Wanted, Fault> {
    let Value::Object(mut feature) = feature else { return Err(malformed("feature")) };
    let id = match feature.remove("id") {
        None | Some(Value::Null) => fresh_id(app.catalog.today())?,
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        Some(_) => return Err(malformed("id")),
    };
    let (properties, geometry) = parts(asked, feature)?;
    Ok(Wanted::new(asked.segment(0), &id, Edit::Create { properties, geometry: geometry.unwrap_or_default(), on }))
}

/// What an answer or a past day takes, at an address that is also that of a layer's items.
const READ_ONLY: &str = "GET, HEAD";

/// Whether an address is one of items or of an item that are read and never written, whoever asks: those of an analysis's answer, of a
/// past day and of the log.
pub fn is_read_only(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').splitn(4, '/');
    let (Some("collections"), Some(id), Some("items")) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    if parts.next().is_some_and(|rest| rest.contains('/')) {
        return false;
    }
    let id = percent_decode_str(id).decode_utf8_lossy();
    let Ok(id) = CollectionId::parse(&id) else { return false };
    id.as_of != AsOf::NOW || id.name == LOG || analysis::find(&id.name).is_ok()
}

/// Why nothing was written. What is there to be read but is no layer takes no such method.
fn unwritten(app: &App, asked: &Asked, fault: Fault) -> Result<Response, Fault> {
    if fault.code() != "layer-unknown" || !matches!(app.collection(asked), Ok(Ok(_))) {
        return Err(fault);
    }
    let mut response = error::method(asked.method.as_str(), READ_ONLY, asked.lang);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(READ_ONLY));
    Ok(response)
}

/// How a reason for taking a feature out is written.
const NOTE: &str = r#"{"note": "…"}"#;

/// How a feature is written, for who has written something else.
const FEATURE: &str = r#"{"type": "Feature", "properties": {…}, "geometry": {…}}"#;

fn malformed(cause: &str) -> Fault {
    Fault::invalid("body-malformed").with("expected", FEATURE).with("cause", cause)
}

/// The properties and the geometry of a Feature. Its id, links and what else it says of itself are not what is edited.
fn parts(asked: &Asked, mut feature: Map<String, Value>) -> Result<(Map<String, Value>, Option<Value>), Fault> {
    if feature.get("type").is_some_and(|kind| kind != "Feature") {
        return Err(malformed("type"));
    }
    let properties = match feature.remove("properties") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(properties)) => properties,
        Some(_) => return Err(malformed("properties")),
    };
    let mut geometry = feature.remove("geometry");
    let sent_in = sent_in(asked)?;
    if let Some(coordinates) = geometry.as_mut().and_then(|geometry| geometry.get_mut("coordinates"))
        && sent_in != Reference::CRS84
    {
        bring(coordinates, &mut sent_in.reader()?)?;
    }
    Ok((properties, geometry))
}

/// The reference of the coordinates in a body: `Content-Crs: <http://www.opengis.net/def/crs/EPSG/0/4548>`, CRS84 without.
fn sent_in(asked: &Asked) -> Result<Reference, Fault> {
    let Some(header) = asked.headers.get("content-crs") else { return Ok(Reference::CRS84) };
    let uri = header.to_str().unwrap_or_default().trim().trim_start_matches('<').trim_end_matches('>');
    Reference::parse(uri).map_err(|fault| fault.or_with("parameter", "Content-Crs"))
}

/// Brings the positions of a GeoJSON geometry to longitude and latitude. What is no position is left to whoever reads it.
fn bring(coordinates: &mut Value, read: &mut impl FnMut([f64; 2]) -> Result<[f64; 2], Fault>) -> Result<(), Fault> {
    let Value::Array(items) = coordinates else { return Ok(()) };
    if let [Some(a), Some(b)] = [0, 1].map(|at| items.get(at).and_then(Value::as_f64)) {
        let [lng, lat] = read([a, b])?;
        (items[0], items[1]) = (lng.into(), lat.into());
        return Ok(());
    }
    items.iter_mut().try_for_each(|item| bring(item, read))
}

/// `PUT /collections/{id}/items/{fid}`
pub async fn replace(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    edit(app, asked, request, |asked, bytes| {
        let (properties, geometry) = parts(asked, read(bytes, FEATURE)?)?;
        Ok(Edit::Replace { properties, geometry: geometry.unwrap_or_default() })
    })
    .await
}

/// `PATCH /collections/{id}/items/{fid}`: a merge patch (RFC 7396) of the feature.
pub async fn patch(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    edit(app, asked, request, |asked, bytes| {
        let (properties, geometry) = parts(asked, read(bytes, FEATURE)?)?;
        Ok(Edit::Patch { properties, geometry })
    })
    .await
}

/// `DELETE /collections/{id}/items/{fid}`: the feature leaves the layer; its past stays.
pub async fn withdraw(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    edit(app, asked, request, |_, bytes| {
        let note = if bytes.is_empty() { None } else { read(bytes, NOTE)?.remove("note") };
        match note {
            None | Some(Value::Null) => Ok(Edit::Withdraw { note: String::new() }),
            Some(Value::String(note)) => Ok(Edit::Withdraw { note }),
            Some(_) => Err(malformed("note").with("expected", NOTE)),
        }
    })
    .await
}

async fn edit(
    app: Arc<App>,
    asked: Asked,
    request: Request,
    meant: impl FnOnce(&Asked, &[u8]) -> Result<Edit, Fault> + Send + 'static,
) -> Response {
    let lang = asked.lang;
    let bytes = match body::read(request, BODY_LIMIT).await {
        Ok(bytes) => bytes,
        Err(fault) => return error::problem(&fault, lang),
    };
    app.answer(asked, move |app, asked| {
        asked.typed.only(&[])?;
        let (layer, id) = (asked.segment(0), asked.segment(1));
        let rights = app.rights(asked)?;
        let edit = meant(asked, &bytes)?;
        let yours = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let withdraws = matches!(edit, Edit::Withdraw { .. });
        let wanted = Wanted { matches: matches::required(asked)?, ..Wanted::new(layer, id, edit) };
        match app.ledger.edit(&rights, vec![wanted], matches::request(asked, &bytes)?).map_err(single) {
            Ok(_) if withdraws => Ok(StatusCode::NO_CONTENT.into_response()),
            Ok(_) => {
                app.catalog.refresh()?;
                item::feature(app, asked)
            }
            Err(fault) if fault.class() == Class::PreconditionFailed => {
                // Both versions, so that nothing is lost and whoever edits can choose.
                app.catalog.refresh()?;
                let (current, etag) = item::current(app, asked)?;
                let both = [("yours".to_owned(), yours), ("current".to_owned(), current), ("etag".to_owned(), etag)];
                Ok(error::problem_with(&fault, asked.lang, Map::from_iter(both)))
            }
            Err(fault) => unwritten(app, asked, fault),
        }
    })
    .await
}
