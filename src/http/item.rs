//! One feature.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::encode::geojson;
use crate::fault::Fault;
use crate::geo::reference::Reference;
use crate::http::asked::Asked;
use crate::http::items::content_crs;
use crate::http::link::{self, JSON, Link};
use crate::http::{App, html, negotiate, unchanged};
use crate::query::Query;

/// `GET /collections/{id}/items/{fid}`
pub async fn item(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&["crs"])?;
        if negotiate::items(asked, &[&geojson::FORMAT])?.is_none() {
            return match app.collection(asked)? {
                Ok(collection) => html::items::item(app, asked, &*collection),
                Err(redirect) => Ok(redirect),
            };
        }
        feature(app, asked)
    })
    .await
}

/// The feature that the path names, as an answer; 304 where the asker has it.
pub fn feature(app: &App, asked: &Asked) -> Result<Response, Fault> {
    let collection = match app.collection(asked)? {
        Ok(collection) => collection,
        Err(redirect) => return Ok(redirect),
    };
    let (about, id) = (collection.about(), asked.segment(1));
    let answer = collection.features(&Query { limit: Some(1), ..Query::default() })?;
    let table = answer.table();
    let row = table.find(id).ok_or_else(|| unknown(&about.id, id))?;
    // Of this feature's state alone: a change to another leaves it as it is.
    let etag = format!("\"{:032x}\"", row.digest());
    if asked.method.is_safe() && asked.holds(&etag) {
        return Ok(unchanged(&etag));
    }
    let home = format!("{}{}", asked.base, link::collection(&about.id));
    let links = [
        Link::new("self", geojson::FORMAT.media_type, format!("{home}/items/{}", link::segment(id))),
        Link::page(&format!("{home}/items/{}", link::segment(id))),
        Link::new("collection", JSON, home.clone()).titled(about.title.get(asked.lang)),
    ];
    let crs = asked.typed.reference("crs")?;
    let mut members = Map::new();
    members.insert("links".to_owned(), json!(links));
    let body = geojson::document(row, table.attributes(), crs, &members)?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(geojson::FORMAT.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("content-crs", content_crs(crs)?);
    headers.insert(header::ETAG, etag.parse().map_err(Fault::internal)?);
    for link in &links {
        if let Some(value) = link.header() {
            headers.append(header::LINK, value);
        }
    }
    Ok(response)
}

/// The feature that the path names as it is now, with its ETag, for whoever edits it; nulls where it has gone in between.
pub fn current(app: &App, asked: &Asked) -> Result<(Value, Value), Fault> {
    let Ok(collection) = app.collection(asked)? else { return Ok((Value::Null, Value::Null)) };
    let answer = collection.features(&Query { limit: Some(1), ..Query::default() })?;
    let table = answer.table();
    let Some(row) = table.find(asked.segment(1)) else { return Ok((Value::Null, Value::Null)) };
    let document = geojson::document(row, table.attributes(), Reference::CRS84, &Map::new())?;
    let document = serde_json::from_slice(&document).map_err(Fault::internal)?;
    Ok((document, format!("\"{:032x}\"", row.digest()).into()))
}

fn unknown(collection: &str, id: &str) -> Fault {
    Fault::not_found("feature-unknown").with("collection", collection).with("id", id)
}
