//! Tile matrix sets: WebMercatorQuad, as OGC 17-083r4 (Annex D) defines it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::geo::mercator::WORLD_WIDTH_M;
use crate::http::asked::Asked;
use crate::http::link::{JSON, Link};
use crate::http::{self, App};

/// Its id in addresses.
pub const SCHEME: &str = "WebMercatorQuad";

/// What it is known by.
pub const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

/// Its coordinate reference system.
pub const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

/// What it is to a tileset.
pub const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

/// The matrices of the definition; tiles are made for the first of them.
const MATRICES: u32 = 25;

/// A pixel of the standard is so many metres wide.
const STANDARD_PIXEL_M: f64 = 0.000_28;

/// `GET /tileMatrixSets`
pub async fn list(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |_, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        let here = format!("{}/tileMatrixSets", asked.base);
        let links = [Link::new("self", JSON, format!("{here}/{SCHEME}"))];
        let one = json!({"id": SCHEME, "title": "Google Maps Compatible for the World", "uri": URI, "crs": CRS,
            "links": links});
        let body = json!({"links": [Link::new("self", JSON, here)], "tileMatrixSets": [one]});
        Ok(http::json(&body, JSON))
    })
    .await
}

/// `GET /tileMatrixSets/{id}`
pub async fn one(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |_, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        match asked.segment(0) {
            SCHEME => Ok(http::json(&definition(), JSON)),
            other => Err(Fault::not_found("tile-scheme-unknown").with("value", other).with("known", SCHEME)),
        }
    })
    .await
}

fn definition() -> Value {
    let matrices: Vec<Value> = (0..MATRICES)
        .map(|z| {
            let side = 1_u32 << z;
            let cell_m = WORLD_WIDTH_M / 256.0 / f64::from(side);
            json!({
                "id": z.to_string(),
                "scaleDenominator": cell_m / STANDARD_PIXEL_M,
                "cellSize": cell_m,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-WORLD_WIDTH_M / 2.0, WORLD_WIDTH_M / 2.0],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": side,
                "matrixHeight": side,
            })
        })
        .collect();
    json!({
        "id": SCHEME,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices,
    })
}
