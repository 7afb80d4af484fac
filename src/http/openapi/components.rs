//! What operations refer to: parameters, schemas, responses.

use serde_json::{Value, json};

use crate::analysis;
use crate::encode;
use crate::filter::Encoding;
use crate::geo::reference::Reference;
use crate::http::matrices::SCHEME;
use crate::http::query::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::tile::MAX_ZOOM;
/// What is said of the `filter` parameter.
const FILTER: &str = "CQL2 (OGC 21-065r2). Beside the standard's functions there is S_DWITHIN(geom, geometry, metres), on the \
    ellipsoid and edge to edge; see /functions. Spatial relations are those of the plane of longitude and latitude. A date is \
    a day of the map's calendar: beside DATE days are compared, beside TIMESTAMP the instant's day in the map's time zone. \
    Values of unlike types are refused; what is compared with null is unknown, and so is a division by zero.";

/// A reference to a component.
pub(super) fn refer(room: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{room}/{name}")})
}

/// The parameters that several operations take.
pub(super) fn parameters(ids: &[String]) -> Value {
    let path = |name: &str, more: Value| json!({"name": name, "in": "path", "required": true, "schema": more});
    let query = |name: &str, about: &str, schema: Value| {
        json!({"name": name, "in": "query", "required": false, "description": about, "schema": schema,
               "style": "form", "explode": false})
    };
    let formats: Vec<&str> = encode::ALL.iter().map(|format| format.name).chain(["json", "html"]).collect();
    let processes: Vec<&str> = analysis::ALL.iter().map(|definition| definition.name).collect();
    let text = || json!({"type": "string"});
    let references =
        json!({"type": "string", "format": "uri", "enum": Reference::all().map(Reference::uri).collect::<Vec<_>>()});
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    let mut collection = path("collectionId", json!({"type": "string", "example": ids.first()}));
    collection["description"] =
        format!("name[~param=value]…[@YYYY-MM-DD[@YYYY-MM-DD]]; listed here: {}", ids.join(", ")).into();
    json!({
        "collectionId": collection,
        "featureId": path("featureId", text()),
        "tileMatrixSetId": path("tileMatrixSetId", json!({"type": "string", "enum": [SCHEME]})),
        "tileMatrix": path("tileMatrix", json!({"type": "integer", "minimum": 0, "maximum": MAX_ZOOM})),
        "tileRow": path("tileRow", json!({"type": "integer", "minimum": 0, "maximum": (1 << MAX_ZOOM) - 1})),
        "tileCol": path("tileCol", json!({"type": "integer", "minimum": 0, "maximum": (1 << MAX_ZOOM) - 1})),
        "tile-properties": query(
            "properties",
            "Only these properties beside the id; else the name, what the style goes by, and what an analysis found",
            texts(),
        ),
        "f-mvt": query("f", "mvt", json!({"type": "string", "enum": ["mvt"]})),
        "processId": path("processId", json!({"type": "string", "enum": processes})),
        "evidenceId": path("evidenceId", json!({"type": "string", "pattern": "^[0-9a-f]{64}$"})),
        "file": path("file", json!({"type": "string", "enum": ["zh.ftl", "en.ftl"]})),
        "lang": query("lang", "zh, en; else by Accept-Language", json!({"type": "string", "enum": ["zh", "en"]})),
        "f-json": query("f", "json", json!({"type": "string", "enum": ["json"]})),
        "f-feature": query("f", "geojson (or json), html", json!({"type": "string", "enum": ["geojson", "json", "html"]})),
        "f-page": query("f", "json, html", json!({"type": "string", "enum": ["json", "html"]})),
        "format": query("f", "The format; else by Accept", json!({"type": "string", "enum": formats})),
        "limit": query(
            "limit",
            "Features on a page; a file without it holds all",
            json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        ),
        "bbox": query(
            "bbox",
            "west,south,east,north in degrees (or as bbox-crs has its axes); west > east crosses the antimeridian",
            json!({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}),
        ),
        "datetime": query("datetime", "An instant or interval (RFC 3339); what bears no time of its own matches any", text()),
        "crs": query("crs", "The reference of the coordinates in the answer; CRS84 without", references.clone()),
        "bbox-crs": query("bbox-crs", "The reference of bbox; CRS84 without", references.clone()),
        "filter-crs": query("filter-crs", "The reference of the places in filter; CRS84 without", references),
        "as-of": query("as-of", "As of the evening of this day", json!({"type": "string", "format": "date"})),
        "properties": query("properties", "Only these properties", texts()),
        "sortby": query("sortby", "Attributes in order, - before one for largest first", texts()),
        "filter": query("filter", FILTER, text()),
        "filter-lang": query(
            "filter-lang",
            "How the filter is written",
            json!({"type": "string", "enum": Encoding::NAMES, "default": Encoding::NAMES[0]}),
        ),
        "queryables": {
            "name": "queryables", "in": "query", "required": false, "style": "form", "explode": true,
            "description": "Each queryable of the collection by its own name: only features where it has this value. One \
                            that is named like another parameter is left to `filter`",
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "next": query("next", "Where a page goes on, as its link says", text()),
    })
}

/// The shapes of what is sent.
pub(super) fn schemas() -> Value {
    let links = json!({"type": "array", "items": refer("schemas", "Link")});
    json!({
        "Link": {
            "type": "object",
            "required": ["href", "rel"],
            "properties": {
                "href": {"type": "string"}, "rel": {"type": "string"},
                "type": {"type": "string"}, "title": {"type": "string"},
            },
        },
        "Feature": {
            "type": "object",
            "required": ["type", "geometry", "properties"],
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": {"type": "string"},
                "geometry": {"type": "object", "nullable": true},
                "properties": {"type": "object"},
                "links": links.clone(),
            },
        },
        "FeatureCollection": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": refer("schemas", "Feature")},
                "links": links,
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
        },
        "Evidence": {
            "type": "object",
            "required": ["id", "media_type", "size", "width", "height", "position", "taken_at", "url", "thumbnail"],
            "properties": {
                "id": {"type": "string"}, "media_type": {"type": "string"}, "size": {"type": "integer"},
                "width": {"type": "integer"}, "height": {"type": "integer"},
                "position": {"type": "array", "nullable": true, "items": {"type": "number"}},
                "taken_at": {"type": "string", "format": "date-time", "nullable": true},
                "url": {"type": "string"}, "thumbnail": {"type": "string"},
            },
        },
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail", "code"],
            "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"}, "code": {"type": "string"},
                "parameter": {"type": "string"}, "value": {"type": "string"},
            },
        },
    })
}

/// What several operations answer.
pub(super) fn responses() -> Value {
    let problem = json!({"application/problem+json": {"schema": refer("schemas", "Problem")}});
    let location = json!({"Location": {"schema": {"type": "string"}}});
    json!({
        "Problem": {"description": "What went wrong, and what to mend", "content": problem},
        "Unfit": {
            "description": "It can be read, and cannot be written: a property that the layer does not have, a value that its attribute cannot hold (400 is for what cannot be read)",
            "content": problem,
        },
        "Elsewhere": {"description": "The canonical address", "headers": location},
    })
}
