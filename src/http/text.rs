//! What the page needs beside collections: the words, and the map as a whole.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use xxhash_rust::xxh3::xxh3_64;

use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::http::asked::{Asked, Visited};
use crate::http::link::JSON;
use crate::http::{self, App};
use crate::text::Lang;
use crate::units::AsOf;

/// `GET /text/{lang}.ftl`: the Fluent catalogue.
pub async fn catalogue(Visited(asked): Visited) -> Response {
    let file = asked.segment(0);
    let found = [Lang::Zh, Lang::En].into_iter().find(|lang| file.strip_suffix(".ftl") == Some(lang.code()));
    let Some(lang) = found else {
        let fault = Fault::not_found("text-unknown").with("value", file).with("known", "zh.ftl, en.ftl");
        return http::error::problem(&fault, asked.lang);
    };
    let etag = format!("\"{:016x}\"", xxh3_64(lang.source().as_bytes()));
    if asked.holds(&etag) {
        return http::unchanged(&etag);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, etag),
    ];
    (headers, lang.source()).into_response()
}

/// `GET /map`: the place, its days and its extent.
pub async fn map(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        let catalog = &app.catalog;
        let map = catalog.map();
        let mut bbox: Option<Bbox> = None;
        for collection in app.shown(asked)?.collections(AsOf::NOW)? {
            // An analysis says nothing of where the map is that its layers do not.
            if collection.about().analysis.is_some() {
                continue;
            }
            if let Some([west, south, east, north]) = collection.summary()?.bbox {
                let own = Bbox { west, south, east, north };
                bbox = Some(bbox.map_or(own, |all| all.union(&own)));
            }
        }
        let body = json!({
            "title": map.title.get(asked.lang),
            "titles": map.title,
            "synthetic": map.synthetic,
            "today": catalog.today().to_string(),
            "dataDate": catalog.data_date().map(|day| day.to_string()),
            "bbox": bbox.map(|bbox| bbox.to_array()),
            "attribution": map.attribution,
            "writable": false,
        });
        Ok(http::json(&body, JSON))
    })
    .await
}
