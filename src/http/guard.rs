//! What holds for every request: who may come in, how long it may take, what a browser may do with the answer.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::fault::Fault;
use crate::http::asked::language;
use crate::http::error::{self, problem};
use crate::http::negotiate::takes_coding;
use crate::http::tiles::MVT;
use crate::http::{App, edits, session};
use crate::text::Lang;

/// How long an answer may be in coming; what it was computing goes on and is there for the next who asks.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a photograph may be in coming, from a telephone at the edge of its network; who falls silent is cut off earlier.
const PATIENCE_WITH_PHOTOGRAPHS: Duration = Duration::from_secs(600);

/// The longest address that is read, bytes: a filter that holds a village's border fits.
const LONGEST_ADDRESS: usize = 32 << 10;

/// The most that the headers of a request may come to, bytes.
const LARGEST_HEADERS: usize = 64 << 10;

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

/// What an answer depends on where there are accounts.
const VARY_BY_PERSON: &str = "Accept, Accept-Language, Cookie, Authorization";

/// Whether a `Host` header names this machine. Another name on a loopback address is a web page that has its own name
/// resolve to us, to read what only this machine may (DNS rebinding).
fn is_own(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name.to_ascii_lowercase().as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

/// Types of bodies that are read. None of them can be sent by another site's form without the browser asking us first.
const READ: &[&str] = &["application/json", "application/geo+json", "application/merge-patch+json"];

/// Refuses a request that would change something and comes from a page of another site, or bears what no page of ours sends.
/// Who shows a token is no page: a browser adds cookies by itself, and tokens never.
fn check_change(request: &Request) -> Result<(), Fault> {
    if request.method().is_safe() {
        return Ok(());
    }
    let text = |name: HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    if session::bearer(request.headers()).is_none() {
        let site = request.headers().get("sec-fetch-site").map(|site| site.as_bytes());
        let own = match (site, text(header::ORIGIN)) {
            (Some(site), _) => matches!(site, b"same-origin" | b"none"),
            (None, Some(origin)) => {
                let name = origin.split_once("://").map(|(_, name)| name);
                name.zip(text(header::HOST)).is_some_and(|(name, host)| name.eq_ignore_ascii_case(host))
            }
            (None, None) => true,
        };
        if !own {
            let origin = text(header::ORIGIN).unwrap_or_default();
            return Err(Fault::forbidden("origin-foreign").with("value", origin));
        }
    }
    // Photographs are refused where their types are known, with words of their own.
    if request.uri().path() == "/evidence" {
        return Ok(());
    }
    let empty = text(header::CONTENT_LENGTH).is_none_or(|length| length.trim() == "0");
    if empty && text(header::TRANSFER_ENCODING).is_none() {
        return Ok(());
    }
    let media = text(header::CONTENT_TYPE).unwrap_or_default();
    let bare = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if READ.contains(&bare.as_str()) {
        return Ok(());
    }
    Err(Fault::unsupported_media("media-unsupported").with("value", media).with("known", READ.join(", ")))
}

/// Refuses strangers, loses patience, counts, and adds the headers that every answer bears.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = if let Some(refused) = check_size(&request, lang) {
        refused
    } else if app.loopback && !is_own(&host) {
        problem(&Fault::invalid("host-unknown").with("value", host), lang)
    } else if let Err(fault) = check_change(&request) {
        problem(&fault, lang)
    } else {
        let sent = request.method() == Method::POST && request.uri().path() == "/evidence";
        let patience = if sent { PATIENCE_WITH_PHOTOGRAPHS } else { PATIENCE };
        match tokio::time::timeout(patience, next.run(request)).await {
            Ok(response) => response,
            Err(_) => problem(&Fault::busy("took-too-long").with("seconds", patience.as_secs()), lang),
        }
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = wrong_method(&method, &path, response, lang);
    }
    app.counts.count(response.status());
    let headers = response.headers_mut();
    let varies = headers.remove(header::VARY);
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.accounts.may_exist() {
        keep_apart(headers);
    }
    if let Some(varies) = varies {
        headers.append(header::VARY, varies);
    }
    response
}

/// Where answers differ by who asks, no cache between us gives one person's to another.
fn keep_apart(headers: &mut HeaderMap) {
    headers.insert(header::VARY, HeaderValue::from_static(VARY_BY_PERSON));
    let caching = headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if caching.as_bytes() == b"no-cache" {
        *caching = HeaderValue::from_static("private, no-cache");
    }
}

/// Refuses what is longer than anything that is asked here.
fn check_size(request: &Request, lang: Lang) -> Option<Response> {
    let address = request.uri().path().len() + request.uri().query().map_or(0, str::len);
    if address > LONGEST_ADDRESS {
        return Some(error::too_long(address, LONGEST_ADDRESS, lang));
    }
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
    (headers > LARGEST_HEADERS).then(|| error::headers_too_large(headers, LARGEST_HEADERS, lang))
}

/// What stands in for an answer where an address does not take a method. The router, which alone knows, adds `Allow`.
pub async fn untaken() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// The answer to a method that an address has nothing for: to `OPTIONS`, what it does take.
fn wrong_method(method: &Method, path: &str, untaken: Response, lang: Lang) -> Response {
    let taken = untaken.headers().get(header::ALLOW).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let read_only = edits::is_read_only(path);
    let taken: Vec<&str> = taken.split(',').map(str::trim).chain(["OPTIONS"]).filter(|one| !one.is_empty()).collect();
    let taken: Vec<&str> =
        taken.into_iter().filter(|one| !read_only || matches!(*one, "GET" | "HEAD" | "OPTIONS")).collect();
    let taken = taken.join(", ");
    let mut response = match *method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => error::method(method.as_str(), &taken, lang),
    };
    if let Ok(taken) = HeaderValue::try_from(taken) {
        response.headers_mut().insert(header::ALLOW, taken);
    }
    response
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

/// Takes away what nobody can satisfy: who takes neither an answer as it is nor any way of packing that there is gets it as it is (RFC
/// 9110 §12.5.3), not a refusal with the answer in it.
pub async fn packing(mut request: Request) -> Request {
    let asked =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packed = ["gzip", "br", "zstd"].iter().any(|coding| takes_coding(asked, coding) == Some(true));
    if !packed && takes_coding(asked, "identity") == Some(false) {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request
}

/// Beginnings of the media types that are packed in themselves.
const PACKED: &[&str] =
    &["application/zip", "application/vnd.openxmlformats", "image/png", "image/jpeg", "image/webp", "font/", MVT];

/// Marks an answer that is sent as it is, so that its parts are parts of the same bytes whoever asks.
#[derive(Clone)]
pub struct AsItIs;

/// Which answers gain from packing: text and plain tables, not what is packed already.
pub fn compressible(_: StatusCode, _: Version, headers: &HeaderMap, marks: &Extensions) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !media.is_empty() && marks.get::<AsItIs>().is_none() && !PACKED.iter().any(|packed| media.starts_with(packed))
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
