//! The OpenAPI 3.0 document: the URL space for programs, its parameters and refusals, read off the collections and definitions.

mod components;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::analysis;
use crate::encode;
use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::landing::OPENAPI;
use crate::http::link::HTML;
use crate::http::negotiate::{self, Wanted};
use crate::http::query::ITEMS;
use crate::http::tiles::MVT;
use crate::http::{self, App, html, jobs, processes, session};
use crate::units::AsOf;
use components::{parameters, refer, responses, schemas};

/// `GET /api`
pub async fn api(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        let wanted = negotiate::document(asked)?;
        let document = document(app, asked)?;
        if wanted == Wanted::Html {
            return Ok(html::documents::api(app, asked, &document));
        }
        Ok(http::json(&document, OPENAPI))
    })
    .await
}

fn document(app: &App, asked: &Asked) -> Result<Value, Fault> {
    let ids: Vec<String> = app.shown(asked)?.collections(AsOf::NOW)?.iter().map(|one| one.about().id.clone()).collect();
    let map = app.catalog.map();
    Ok(json!({
        "openapi": "3.0.3",
        "info": {
            "title": map.title.get(asked.lang),
            "description": map.attribution,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": asked.base}],
        "paths": paths(app, asked)?,
        "components": {"parameters": parameters(&ids), "schemas": schemas(), "responses": responses(),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": session::COOKIE},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
        // Without accounts, or where the map is open to all viewers, nothing is needed.
        "security": [{}, {"session": []}, {"token": []}],
    }))
}

fn paths(app: &App, asked: &Asked) -> Result<Value, Fault> {
    let mut paths = Map::new();
    let mut put = |path: &str, id: &str, own: &[&str], media: &[&str], statuses: &[&str]| {
        paths.insert(path.to_owned(), json!({"get": operation(id, own, media, statuses)}));
    };
    let json_only = &["application/json"][..];
    put("/", "landing", &[], &["application/json", "text/html"], &["400"]);
    put("/conformance", "conformance", &[], json_only, &["400"]);
    put("/api", "api", &[], &[OPENAPI], &["400"]);
    put("/collections", "collections", &[], json_only, &["400"]);
    let one = &["400", "404"][..];
    // An analysis may refuse to answer: too few units, say.
    let answered = &["400", "404", "422"][..];
    put("/collections/{collectionId}", "collection", &["collectionId"], json_only, one);
    let schema = &["application/schema+json"][..];
    put("/collections/{collectionId}/queryables", "queryables", &["collectionId"], schema, answered);
    put("/collections/{collectionId}/schema", "schema", &["collectionId"], schema, answered);
    let asked_of_items: Vec<&str> =
        ["collectionId"].into_iter().chain(ITEMS.iter().copied()).chain(["queryables", "format"]).collect();
    let media: Vec<&str> = encode::ALL.iter().map(|format| format.media_type).collect();
    put("/collections/{collectionId}/items", "items", &asked_of_items, &media, &["400", "404", "406", "422"]);
    let item = &["collectionId", "featureId"];
    put(
        "/collections/{collectionId}/items/{featureId}",
        "item",
        &["collectionId", "featureId", "crs"],
        &["application/geo+json"],
        answered,
    );
    put("/collections/{collectionId}/items/{featureId}/events", "history", item, json_only, one);
    put("/collections/{collectionId}/tiles", "tilesets", &["collectionId"], json_only, answered);
    let scheme = &["collectionId", "tileMatrixSetId", "tile-properties"];
    put("/collections/{collectionId}/tiles/{tileMatrixSetId}", "tileset", scheme, json_only, answered);
    let tile = &["collectionId", "tileMatrixSetId", "tileMatrix", "tileRow", "tileCol", "tile-properties", "f-mvt"];
    let path = "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}";
    put(path, "tile", tile, &[MVT], answered);
    put("/tileMatrixSets", "tile-matrix-sets", &[], json_only, &["400"]);
    put("/tileMatrixSets/{tileMatrixSetId}", "tile-matrix-set", &["tileMatrixSetId"], json_only, one);
    put("/events/kinds", "event-kinds", &[], json_only, &["400"]);
    put("/functions", "functions", &[], json_only, &["400"]);
    put("/processes", "processes", &[], json_only, &["400"]);
    put("/processes/{processId}", "process", &["processId"], json_only, one);
    put("/checks", "checks", &["as-of"], json_only, &["400"]);
    put("/map", "map", &[], json_only, &["400"]);
    put("/text/{file}", "text", &["file"], &["text/plain"], &["404"]);
    put("/session", "session", &[], json_only, &["400"]);
    put("/health", "health", &[], json_only, &["400"]);
    put("/metrics", "metrics", &[], &["text/plain"], &[]);
    let photo = &["image/jpeg", "image/png", "image/webp"];
    put("/evidence/{evidenceId}", "evidence", &["evidenceId"], photo, &["401", "404"]);
    put("/evidence/{evidenceId}/thumbnail", "thumbnail", &["evidenceId"], &["image/jpeg"], &["401", "404"]);
    paths.insert("/evidence".to_owned(), json!({"post": sending(photo)}));
    session::describe(&mut paths["/session"], &refer("responses", "Problem"));
    writes(&mut paths);
    jobs::document(&mut paths);
    for definition in analysis::ALL {
        let execution = execution(app, definition, asked)?;
        paths.insert(format!("/processes/{}/execution", definition.name), json!({"post": execution}));
        let form = processes::form(app, definition, asked)?;
        paths.insert(format!("/processes/{}/collection", definition.name), json!({"get": form}));
    }
    Ok(paths.into())
}

/// What there is as a page as well.
const PAGES: &[&str] = &[
    "landing",
    "conformance",
    "api",
    "collections",
    "collection",
    "queryables",
    "schema",
    "items",
    "item",
    "processes",
    "process",
];

fn operation(id: &str, parameters: &[&str], media: &[&str], statuses: &[&str]) -> Value {
    let mut all: Vec<Value> = parameters.iter().map(|name| refer("parameters", name)).collect();
    let paged = PAGES.contains(&id);
    if !parameters.contains(&"format") && !matches!(id, "text" | "metrics" | "evidence" | "thumbnail" | "tile") {
        let f = match id {
            "item" => "f-feature",
            _ if paged => "f-page",
            _ => "f-json",
        };
        all.push(refer("parameters", f));
    }
    if id == "items" {
        let wish = json!({"type": "string", "example": "respond-async"});
        all.push(json!({"name": "Prefer", "in": "header", "required": false, "schema": wish}));
    }
    all.push(refer("parameters", "lang"));
    let page = (paged && !media.contains(&HTML)).then_some(HTML);
    let content: Map<String, Value> = media
        .iter()
        .copied()
        .chain(page)
        .map(|media| (media.to_owned(), json!({"schema": answer(id, media)})))
        .collect();
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({"description": id, "content": content}));
    if id == "items" {
        let location = json!({"Location": {"schema": {"type": "string"}}});
        responses.insert("202".to_owned(), json!({"description": "Put in line as a job", "headers": location}));
        responses.insert("429".to_owned(), refer("responses", "Problem"));
    }
    if matches!(id, "evidence" | "thumbnail") {
        responses.insert("206".to_owned(), json!({"description": "A part", "content": content}));
        responses.insert("416".to_owned(), refer("responses", "Problem"));
    }
    if paged {
        responses.insert("406".to_owned(), refer("responses", "Problem"));
    }
    if matches!(id, "collection" | "items" | "item" | "evidence" | "thumbnail" | "tile") {
        responses.insert("304".to_owned(), json!({"description": "Not modified"}));
    }
    if id == "tile" {
        responses.insert("204".to_owned(), json!({"description": "Nothing lies in the tile"}));
    }
    if parameters.contains(&"collectionId") {
        responses.insert("308".to_owned(), refer("responses", "Elsewhere"));
    }
    let open = matches!(id, "text" | "session" | "health");
    for status in
        statuses.iter().chain(if open { &[][..] } else { &["401", "403"] }).chain(&["400", "414", "431", "500", "503"])
    {
        responses.insert((*status).to_owned(), refer("responses", "Problem"));
    }
    json!({"operationId": id, "parameters": all, "responses": responses})
}

fn answer(id: &str, media: &str) -> Value {
    match (id, media) {
        ("items", "application/geo+json") => refer("schemas", "FeatureCollection"),
        ("item", media) if media != HTML => refer("schemas", "Feature"),
        ("items" | "evidence" | "thumbnail" | "tile", media) if !media.starts_with("text/") => {
            json!({"type": "string", "format": "binary"})
        }
        ("items" | "text" | "metrics", _) | (_, "text/html") => json!({"type": "string"}),
        _ => json!({"type": "object"}),
    }
}

/// Sending a photograph: one of the media types, as it is.
fn sending(media: &[&str]) -> Value {
    let binary = json!({"schema": {"type": "string", "format": "binary"}});
    let content: Map<String, Value> = media.iter().map(|media| ((*media).to_owned(), binary.clone())).collect();
    let kept = json!({"application/json": {"schema": refer("schemas", "Evidence")}});
    let mut responses = Map::new();
    let location = json!({"Location": {"schema": {"type": "string"}}});
    responses.insert("201".to_owned(), json!({"description": "Kept", "content": kept, "headers": location}));
    for status in ["400", "401", "403", "413", "415", "422", "500", "503"] {
        responses.insert(status.to_owned(), refer("responses", "Problem"));
    }
    json!({
        "operationId": "add-evidence",
        "parameters": [refer("parameters", "lang")],
        "requestBody": {"required": true, "content": content},
        "responses": responses,
    })
}

fn execution(app: &App, definition: &'static analysis::Definition, asked: &Asked) -> Result<Value, Fault> {
    let mut inputs = Map::new();
    for parameter in definition.parameters {
        let input = processes::input(app, definition, parameter, asked)?;
        let mut schema = input["schema"].clone();
        schema["title"] = input["title"].clone();
        inputs.insert(parameter.name.to_owned(), schema);
    }
    let body = json!({
        "type": "object",
        "properties": {
            "inputs": {"type": "object", "properties": inputs, "additionalProperties": false},
            "asOf": {"type": "string", "format": "date"},
            "known": {"type": "string", "format": "date"},
        },
    });
    let problem = refer("responses", "Problem");
    Ok(json!({
        "operationId": format!("execute-{}", definition.name),
        "summary": definition.title().get(asked.lang),
        "parameters": [refer("parameters", "f-json"), refer("parameters", "lang")],
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {
            "303": refer("responses", "Elsewhere"),
            "400": problem, "401": problem, "403": problem, "413": problem, "415": problem, "500": problem, "503": problem,
        },
    }))
}

/// What changes something: edits (Part 4), events, dispatches.
fn writes(paths: &mut Map<String, Value>) {
    let mut put = |path: &str, method: &str, id: &str, media: &[&str], (status, answer): (&str, Option<&str>)| {
        let item = path.contains("{featureId}");
        let edits = matches!(method, "put" | "patch" | "delete");
        let names = [("collectionId", path.contains("{collectionId}")), ("featureId", item)];
        let mut all: Vec<Value> =
            names.iter().filter(|(_, there)| *there).map(|(name, _)| refer("parameters", name)).collect();
        all.push(json!({"name": "Idempotency-Key", "in": "header", "required": false, "schema": {"type": "string"}}));
        if item {
            let condition =
                json!({"name": "If-Match", "in": "header", "required": edits, "schema": {"type": "string"}});
            all.push(condition);
        }
        if id == "create" {
            let day = json!({"type": "string", "format": "date"});
            all.push(json!({"name": "on", "in": "query", "required": false, "schema": day}));
        }
        if matches!(id, "create" | "replace" | "update") {
            let about = "The reference of the body's coordinates, in angle brackets; CRS84 without";
            let text = json!({"type": "string"});
            let crs =
                json!({"name": "Content-Crs", "in": "header", "required": false, "description": about, "schema": text});
            all.push(crs);
        }
        all.push(refer("parameters", "lang"));
        let content = answer.map(|media| json!({media: {"schema": {"type": "object"}}}));
        let mut responses = Map::new();
        responses
            .insert(status.to_owned(), json!({"description": id, "content": content.unwrap_or_else(|| json!({}))}));
        let refusals = ["400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "500", "503"];
        for refusal in refusals.into_iter().filter(|refusal| edits || *refusal != "428") {
            let answer = if refusal == "422" { "Unfit" } else { "Problem" };
            responses.insert(refusal.to_owned(), refer("responses", answer));
        }
        if path.contains("{collectionId}") {
            responses.insert("308".to_owned(), refer("responses", "Elsewhere"));
        }
        let content: Map<String, Value> =
            media.iter().map(|media| ((*media).to_owned(), json!({"schema": {"type": "object"}}))).collect();
        let operation = json!({
            "operationId": id,
            "parameters": all,
            "requestBody": {"required": method != "delete", "content": content},
            "responses": responses,
        });
        let known = paths.entry(path).or_insert_with(|| json!({}));
        known[method] = operation;
    };
    let (items, item) = ("/collections/{collectionId}/items", "/collections/{collectionId}/items/{featureId}");
    let feature = &["application/geo+json", "application/json"];
    let geojson = Some("application/geo+json");
    let (plain, json) = (&["application/json"], Some("application/json"));
    put(items, "post", "create", feature, ("201", json));
    put(item, "put", "replace", feature, ("200", geojson));
    put(item, "patch", "update", &["application/merge-patch+json", "application/json"], ("200", geojson));
    put(item, "delete", "withdraw", plain, ("204", None));
    put(&format!("{item}/events"), "post", "record", plain, ("201", json));
    put("/events", "post", "record-many", plain, ("201", json));
    put("/collections/{collectionId}/dispatch", "post", "dispatch", plain, ("200", json));
}
