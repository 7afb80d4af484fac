//! Tiles: OGC API Tiles, with TileJSON in the same document as the tileset's metadata.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::collection::{About, Collection};
use crate::fault::Fault;
use crate::geo::reference::Reference;
use crate::http::asked::Asked;
use crate::http::collections::attribute_schema;
use crate::http::link::{self, JSON, Link};
use crate::http::matrices::{CRS, SCHEME, TILING_SCHEME, URI};
use crate::http::{self, App, negotiate};
use crate::kind::{Dimension, ValueType};
use crate::tile::{LEFT_OUT, MAX_ZOOM, Plan, Tile, TileId, Tiles};
use crate::units::Day;

/// The media type of a Mapbox Vector Tile.
pub const MVT: &str = "application/vnd.mapbox-vector-tile";

/// What a collection's vector tiles are to it.
pub const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

/// A year: as good as for ever.
const FOR_EVER: &str = "max-age=31536000, immutable";

/// `GET /collections/{id}/tiles`: the one tileset that there is.
pub async fn tilesets(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        let home = home(collection.about(), asked);
        let tileset = json!({
            "title": collection.about().title.get(asked.lang),
            "dataType": "vector",
            "crs": CRS,
            "tileMatrixSetURI": URI,
            "links": [
                Link::new("self", JSON, format!("{home}/{SCHEME}")),
                Link::new(TILING_SCHEME, JSON, format!("{}/tileMatrixSets/{SCHEME}", asked.base)),
            ],
        });
        let links = [Link::new("self", JSON, home)];
        Ok(http::json(&json!({"links": links, "tilesets": [tileset]}), JSON))
    })
    .await
}

/// `GET /collections/{id}/tiles/WebMercatorQuad`: what the tiles hold, as OGC tileset metadata and as TileJSON 3.0 at once.
pub async fn tileset(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&["properties"])?;
        asked.typed.only_json()?;
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        check_scheme(asked)?;
        Ok(http::json(&describe(app, &*collection, asked)?, JSON))
    })
    .await
}

/// `GET /collections/{id}/tiles/WebMercatorQuad/{z}/{row}/{col}`
pub async fn tile(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&["properties"])?;
        if let Some(value) = asked.typed.get("f").filter(|f| *f != "mvt") {
            let fault = Fault::invalid("format-unknown").with("parameter", "f").with("value", value);
            return Err(fault.with("known", "mvt"));
        }
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        check_scheme(asked)?;
        let tile = TileId::parse(asked.segment(2), asked.segment(3), asked.segment(4))?;
        let properties = properties(asked);
        // Each way of packing has bytes of its own, and so a tag of its own.
        let print = Tiles::fingerprint(&*collection, tile, properties.as_deref());
        let tags = [format!("\"{print:032x}\""), format!("\"{print:032x}-gzip\"")];
        let gzip = takes_gzip(asked.header(header::ACCEPT_ENCODING));
        let held = tags.iter().position(|tag| asked.holds(tag));
        let mut response = match held {
            Some(_) => StatusCode::NOT_MODIFIED.into_response(),
            None => send(&*app.tiles.tile(&*collection, tile, properties.as_deref())?, gzip)?,
        };
        let tag = held.unwrap_or(usize::from(gzip && response.status() != StatusCode::NO_CONTENT));
        let caching = caching(collection.about(), app.catalog.today(), app.accounts.may_exist());
        let headers = response.headers_mut();
        headers.insert(header::ETAG, tags[tag].parse().map_err(Fault::internal)?);
        headers.insert(header::CACHE_CONTROL, caching.parse().map_err(Fault::internal)?);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        Ok(response)
    })
    .await
}

fn send(tile: &Tile, gzip: bool) -> Result<Response, Fault> {
    let mut response = if tile.packed.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else if gzip {
        let mut response = tile.packed.clone().into_response();
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        tile.unpacked()?.into_response()
    };
    let headers = response.headers_mut();
    headers.insert("xiangtu-shown", tile.shown.into());
    headers.insert("xiangtu-left-out", tile.left_out.into());
    if !tile.packed.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MVT));
    }
    Ok(response)
}

/// How long a tile may be kept without asking. Only a layer as of a day, as it was known on an evening that is over, can never
/// change: what is recorded late changes a plain past day, and an analysis may be mended.
fn caching(about: &About, today: Day, accounts: bool) -> String {
    let settled = about.analysis.is_none() && about.as_of.is_some() && about.known.is_some_and(|known| known < today);
    let whose = if accounts { "private" } else { "public" };
    if settled { format!("{whose}, {FOR_EVER}") } else { "no-cache".to_owned() }
}

/// Whether somebody takes gzip.
fn takes_gzip(accepted: &str) -> bool {
    negotiate::takes_coding(accepted, "gzip") == Some(true)
}

fn check_scheme(asked: &Asked) -> Result<(), Fault> {
    match asked.segment(1) {
        SCHEME => Ok(()),
        other => Err(Fault::not_found("tile-scheme-unknown").with("value", other).with("known", SCHEME)),
    }
}

/// The properties asked for, in one order, so that one question has one tile.
fn properties(asked: &Asked) -> Option<Vec<String>> {
    let list = asked.typed.get("properties")?;
    let mut names: Vec<String> = list.split(',').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    Some(names)
}

fn home(about: &About, asked: &Asked) -> String {
    format!("{}{}/tiles", asked.base, link::collection(&about.id))
}

fn describe(app: &App, collection: &dyn Collection, asked: &Asked) -> Result<Value, Fault> {
    let (about, summary) = (collection.about(), collection.summary()?);
    let properties = properties(asked);
    let plan = Plan::new(about, &summary.attributes, properties.as_deref())?;
    let here = format!("{}/{SCHEME}", home(about, asked));
    let query = asked.typed.get("properties").map(|list| link::query([("properties", list)])).unwrap_or_default();
    let rule = asked.lang.word(if plan.covering { "tiles-whole" } else { "tiles-rule" });
    let mut fields = Map::from_iter([("id".to_owned(), json!("String"))]);
    let mut schema = Map::from_iter([("id".to_owned(), json!({"type": "string"}))]);
    for (column, name) in &plan.columns {
        let attribute = &summary.attributes[*column];
        fields.insert(name.clone(), field(attribute.value_type).into());
        schema.insert(name.clone(), attribute_schema(attribute, asked.lang));
    }
    let statement = json!({"shown": "Number", "left_out": "Number"});
    let title = about.title.get(asked.lang);
    let mut body = json!({
        "tilejson": "3.0.0",
        "name": title,
        "title": title,
        "description": rule,
        "attribution": app.catalog.map().attribution,
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [format!("{here}/{{z}}/{{y}}/{{x}}{query}")],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "fillzoom": MAX_ZOOM,
        "vector_layers": [
            {"id": plan.layer, "description": title, "fields": fields, "minzoom": 0, "maxzoom": MAX_ZOOM},
            {"id": LEFT_OUT, "description": rule, "fields": statement, "minzoom": 0, "maxzoom": MAX_ZOOM},
        ],
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": URI,
        "revision": collection.revision().to_string(),
        "layers": [{
            "id": plan.layer,
            "title": title,
            "dataType": "vector",
            "geometryDimension": dimension(&about.kind.geometry),
            "minTileMatrix": "0",
            "maxTileMatrix": MAX_ZOOM.to_string(),
            "propertiesSchema": {"type": "object", "properties": schema},
        }],
        "links": links(about, &here, &query, asked),
    });
    if let Some(bbox) = summary.bbox {
        let [west, south, east, north] = bbox;
        body["bounds"] = json!(bbox);
        let limits: Vec<_> = (0..=MAX_ZOOM).map(|z| TileId::limits(bbox, z)).collect();
        // The last zoom at which all of it still lies on four tiles.
        let whole = limits.iter().rev().find(|l| l.rows[1] - l.rows[0] < 2 && l.cols[1] - l.cols[0] < 2);
        let zoom = whole.map_or(0, |limits| limits.z);
        body["center"] = json!([(west + east) / 2.0, (south + north) / 2.0, zoom]);
        body["centerPoint"] =
            json!({"coordinates": [(west + east) / 2.0, (south + north) / 2.0], "tileMatrix": zoom.to_string()});
        body["boundingBox"] = json!({"lowerLeft": [west, south], "upperRight": [east, north],
            "crs": Reference::CRS84.uri(), "orderedAxes": ["Lon", "Lat"]});
        body["tileMatrixSetLimits"] = limits
            .iter()
            .map(|limits| {
                json!({
                    "tileMatrix": limits.z.to_string(),
                    "minTileRow": limits.rows[0], "maxTileRow": limits.rows[1],
                    "minTileCol": limits.cols[0], "maxTileCol": limits.cols[1],
                })
            })
            .collect();
    }
    Ok(body)
}

fn links(about: &About, here: &str, query: &str, asked: &Asked) -> Value {
    let template = format!("{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}");
    json!([
        Link::new("self", JSON, format!("{here}{query}")),
        Link::new(TILING_SCHEME, JSON, format!("{}/tileMatrixSets/{SCHEME}", asked.base)),
        Link::new("http://www.opengis.net/def/rel/ogc/1.0/geodata", JSON,
            format!("{}{}", asked.base, link::collection(&about.id))),
        {"rel": "item", "type": MVT, "href": template, "templated": true},
    ])
}

fn dimension(dimensions: &[Dimension]) -> Option<u8> {
    match dimensions {
        [Dimension::Point] => Some(0),
        [Dimension::Line] => Some(1),
        [Dimension::Polygon] => Some(2),
        _ => None,
    }
}

/// TileJSON's word for a type of values.
fn field(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Int | ValueType::Float => "Number",
        ValueType::Bool => "Boolean",
        ValueType::Text | ValueType::Code | ValueType::Date | ValueType::Instant => "String",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_goes_to_those_who_take_it() {
        for yes in ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "*", "deflate, *;q=0.1", "GZIP"] {
            assert!(takes_gzip(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "gzip;q=0, *", "br", "*;q=0"] {
            assert!(!takes_gzip(no), "{no}");
        }
    }
}
