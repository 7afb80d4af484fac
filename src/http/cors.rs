//! Pages of other origins that `map.toml` lets read, and write with a token. Cookies are never theirs: no answer allows
//! credentials, and `guard` refuses changes that come with a session from another origin.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::App;

/// Headers of answers that a page of another origin may read beside the few that browsers always show.
const EXPOSED: &str = "Accept-Ranges, Allow, Content-Crs, Content-Disposition, Content-Language, Content-Length, Content-Range, \
     ETag, Idempotency-Replayed, Link, Location, OGC-NumberMatched, OGC-NumberReturned, Preference-Applied, Retry-After";

/// Headers that such a page may send.
const SENT: &str = "Accept, Accept-Language, Authorization, Content-Crs, Content-Type, Idempotency-Key, If-Match, \
     If-None-Match, If-Range, Prefer, Range";

/// How long a browser may go on with what a preflight told it, seconds.
const KEPT_S: &str = "600";

/// Adds what lets a page of another origin read an answer. What a preflight may ask for is what the address takes.
pub async fn cors(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let origins = &app.catalog.map().origins;
    if origins.is_empty() {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let Some(allowed) = allowed(origins, origin.as_ref(), headers) else { return response };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    if preflight {
        if let Some(methods) = headers.get(header::ALLOW).cloned() {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(KEPT_S));
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    response
}

/// The origin as the answer names it; None where it is not one that may. Where one of several may, the answer varies by it.
fn allowed(origins: &[String], origin: Option<&HeaderValue>, headers: &mut HeaderMap) -> Option<HeaderValue> {
    if origins.iter().any(|one| one == "*") {
        return Some(HeaderValue::from_static("*"));
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let origin = origin?;
    let own = origin.to_str().ok()?;
    origins.iter().any(|one| one.eq_ignore_ascii_case(own)).then(|| origin.clone())
}
