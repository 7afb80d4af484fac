//! What holds for every request: who may come in, how long it may take, what a browser may do with the answer.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::fault::Fault;
use crate::http::App;
use crate::http::asked::language;
use crate::http::error::{method, problem};
use crate::text::Lang;

/// How long an answer may be in coming; what it was computing goes on and is there for the next who asks.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a photograph may be in coming, from a telephone at the edge of its network; who falls silent is cut off earlier.
const PATIENCE_WITH_PHOTOGRAPHS: Duration = Duration::from_secs(600);

/// What a page of ours may load: nothing that is not ours.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; worker-src 'self'; img-src 'self' data: blob:; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/// Headers that every answer bears.
const ALWAYS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::VARY, "Accept, Accept-Language"),
];

/// Whether a `Host` header names this machine. Another name on a loopback address is a web page that has its own name
/// resolve to us, to read what only this machine may (DNS rebinding).
fn is_own(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name.to_ascii_lowercase().as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

/// Refuses strangers, loses patience, counts, and adds the headers that every answer bears.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let mut response = if app.loopback && !is_own(&host) {
        problem(&Fault::invalid("host-unknown").with("value", host), lang)
    } else {
        let sent = request.method() == Method::POST && request.uri().path() == "/evidence";
        let patience = if sent { PATIENCE_WITH_PHOTOGRAPHS } else { PATIENCE };
        match tokio::time::timeout(patience, next.run(request)).await {
            Ok(response) => response,
            Err(_) => problem(&Fault::busy("took-too-long").with("seconds", patience.as_secs()), lang),
        }
    };
    app.counts.count(response.status());
    for (name, value) in ALWAYS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The answer to a method that an address does not take; the router adds `Allow`.
pub async fn wrong_method(asked: Method, request: Request) -> Response {
    let path = request.uri().path();
    let allowed = if path.ends_with("/execution") || path == "/evidence" { "POST" } else { "GET, HEAD" };
    method(asked.as_str(), allowed, language(request.headers()))
}

/// The answer when a handler panics: logged, and said without details.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panic");
    problem(&Fault::internal(what), Lang::default())
}

/// Beginnings of the media types that are packed in themselves.
const PACKED: &[&str] =
    &["application/zip", "application/vnd.openxmlformats", "image/png", "image/jpeg", "image/webp", "font/"];

/// Which answers gain from gzip: text and plain tables, not what is packed already.
pub fn compressible(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !PACKED.iter().any(|packed| media.starts_with(packed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_names_are_its_own() {
        for host in ["localhost", "localhost:8112", "127.0.0.1:80", "[::1]:8112", "LOCALHOST"] {
            assert!(is_own(host), "{host}");
        }
        for host in ["", "example.com", "127.0.0.1.example.com", "localhost.example.com:8112", "[::1", "evil:127.0.0.1"]
        {
            assert!(!is_own(host), "{host}");
        }
    }
}
