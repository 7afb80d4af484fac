//! The map page: `web/dist`, built into the binary. Without it the interface works all the same, and a notice says so.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::fault::Fault;
use crate::http::asked::{Asked, Visited};
use crate::http::error::problem;
use crate::http::{guard, range};

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// What stands in for the page where it was not built.
const NOTICE: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>乡图</title>\
     <p>地图页面没有编进这个程序。数据接口照常可用：<a href=\"/?f=json\">/?f=json</a></p>\
     <p lang=\"en\">The map page was not built into this program. Its data is here: <a href=\"/?f=json\">/?f=json</a></p>";

/// Assets are named by their content.
const FOREVER: &str = "public, max-age=31536000, immutable";

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn send(path: &str, file: EmbeddedFile, caching: &'static str, asked: &Asked) -> Response {
    let hash = file.metadata.sha256_hash();
    let etag = hash[..16].iter().fold(String::from("W/\""), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::try_from(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if asked.holds(&etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    range::bytes(asked, headers, &etag, Bytes::from(file.data.into_owned()))
}

/// The page itself.
pub fn index(asked: &Asked) -> Response {
    match Files::get("index.html") {
        Some(file) => send("index.html", file, "no-cache", asked),
        None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], NOTICE).into_response(),
    }
}

/// `GET /assets/…`
pub async fn asset(Visited(asked): Visited) -> Response {
    let path = format!("assets/{}", asked.segment(0));
    match Files::get(&path) {
        Some(file) => send(&path, file, FOREVER, &asked),
        None => unknown(&asked),
    }
}

/// Any other address: a file beside the page (its icon), or nothing.
pub async fn other(Visited(asked): Visited) -> Response {
    let path = asked.uri.path().trim_start_matches('/');
    match Files::get(path).filter(|_| path != "index.html") {
        Some(_) if !matches!(asked.method, Method::GET | Method::HEAD) => {
            (guard::untaken().await, [(header::ALLOW, "GET, HEAD")]).into_response()
        }
        Some(file) => send(path, file, "no-cache", &asked),
        None => unknown(&asked),
    }
}

fn unknown(asked: &Asked) -> Response {
    let path = Uri::path(&asked.uri);
    problem(&Fault::not_found("path-unknown").with("path", path), asked.lang)
}
