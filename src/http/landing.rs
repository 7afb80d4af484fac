//! The landing page, for programs; people get the map page at the same address.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::http::asked::{Asked, Visited};
use crate::http::error::problem;
use crate::http::link::{HTML, JSON, Link};
use crate::http::negotiate::{self, Wanted};
use crate::http::{self, App, html, page};

/// The conformance classes that hold.
const CONFORMS_TO: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
];

/// The media type of OpenAPI 3.0 in JSON.
pub const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// `GET /`
pub async fn landing(State(app): State<Arc<App>>, Visited(asked): Visited) -> Response {
    match negotiate::document(&asked) {
        Ok(Wanted::Html) => return page::index(&asked),
        Ok(Wanted::Json) => {}
        Err(fault) => return problem(&fault, asked.lang),
    }
    app.answer(asked, |app, asked| {
        app.check_reader(&asked.principal)?;
        asked.typed.only(&[])?;
        let map = app.catalog.map();
        let at = |rel, media_type, path: &str| Link::new(rel, media_type, format!("{}{path}", asked.base));
        let links = [
            at("self", JSON, "/?f=json"),
            at("alternate", "text/html", "/?f=html"),
            at("service-desc", OPENAPI, "/api"),
            at("service-doc", HTML, "/api?f=html"),
            at("conformance", JSON, "/conformance"),
            at("data", JSON, "/collections"),
            at("http://www.opengis.net/def/rel/ogc/1.0/functions", JSON, "/functions"),
            at("http://www.opengis.net/def/rel/ogc/1.0/processes", JSON, "/processes"),
            at("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", JSON, "/tileMatrixSets"),
        ];
        let body = json!({
            "title": map.title.get(asked.lang),
            "titles": map.title,
            "description": map.attribution,
            "links": links,
        });
        Ok(http::json(&body, JSON))
    })
    .await
}

/// `GET /conformance`
pub async fn conformance(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        if negotiate::document(asked)? == Wanted::Html {
            return Ok(html::documents::conformance(app, asked, CONFORMS_TO));
        }
        Ok(http::json(&json!({"conformsTo": CONFORMS_TO}), JSON))
    })
    .await
}
