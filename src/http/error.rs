//! A fault becomes a status and `application/problem+json` (RFC 9457) here, and nowhere else.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::fault::{Class, Fault};
use crate::text::Lang;

/// When somebody who was told "not now" should ask again, seconds.
const RETRY_AFTER_S: &str = "10";

fn status(class: Class) -> (StatusCode, &'static str) {
    match class {
        Class::Invalid => (StatusCode::BAD_REQUEST, "problem-invalid"),
        Class::NotFound => (StatusCode::NOT_FOUND, "problem-not-found"),
        Class::Conflict => (StatusCode::CONFLICT, "problem-conflict"),
        Class::Busy => (StatusCode::SERVICE_UNAVAILABLE, "problem-busy"),
        Class::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "problem-too-large"),
        Class::NotAcceptable => (StatusCode::NOT_ACCEPTABLE, "problem-not-acceptable"),
        Class::Unauthorized => (StatusCode::UNAUTHORIZED, "problem-unauthorized"),
        Class::Forbidden => (StatusCode::FORBIDDEN, "problem-forbidden"),
        Class::UnsupportedMedia => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "problem-unsupported-media"),
        Class::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "problem-too-many-requests"),
        Class::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, "problem-precondition-failed"),
        Class::PreconditionRequired => (StatusCode::PRECONDITION_REQUIRED, "problem-precondition-required"),
        Class::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, "problem-unprocessable"),
        Class::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "problem-internal"),
    }
}

/// The answer to a fault, in the asker's language. The cause of an internal one is logged and never sent.
pub fn problem(fault: &Fault, lang: Lang) -> Response {
    problem_with(fault, lang, Map::new())
}

/// The answer to a fault with members of its own beside the usual ones, such as the `current` state that a 412 shows.
pub fn problem_with(fault: &Fault, lang: Lang, members: Map<String, Value>) -> Response {
    let (status, title) = status(fault.class());
    problem_as(fault, (status, title), lang, members)
}

/// The answer where rows of a request were refused and none was written: each row with what is wrong with it.
pub fn rows(refused: &[(usize, Fault)], lang: Lang) -> Response {
    let rows: Vec<Value> = refused
        .iter()
        .map(|(row, fault)| {
            let (status, _) = status(fault.class());
            let internal = fault.class() == Class::Internal;
            let detail = if internal { lang.word("problem-internal-detail") } else { lang.say(fault) };
            let fields = if internal { json!({}) } else { json!(fault.fields()) };
            json!({"row": row, "code": fault.code(), "status": status.as_u16(), "detail": detail, "fields": fields})
        })
        .collect();
    // A row outside the writer's ground is forbidden among others as it is alone.
    let forbidden = refused.iter().all(|(_, fault)| fault.class() == Class::Forbidden);
    let fault = if forbidden { Fault::forbidden("rows-refused") } else { Fault::invalid("rows-refused") };
    let fault = fault.with("count", refused.len());
    problem_with(&fault, lang, Map::from_iter([("rows".to_owned(), rows.into())]))
}

/// A method that an address does not take; HTTP alone knows of such.
pub fn method(method: &str, allowed: &str, lang: Lang) -> Response {
    let fault = Fault::invalid("method-not-allowed").with("method", method).with("allowed", allowed);
    problem_as(&fault, (StatusCode::METHOD_NOT_ALLOWED, "problem-method"), lang, Map::new())
}

/// An address that is longer than any that is read, in bytes.
pub fn too_long(length: usize, limit: usize, lang: Lang) -> Response {
    let fault = Fault::invalid("address-too-long").with("value", length).with("limit", limit);
    problem_as(&fault, (StatusCode::URI_TOO_LONG, "problem-too-long"), lang, Map::new())
}

/// Headers that come to more than is read, in bytes.
pub fn headers_too_large(length: usize, limit: usize, lang: Lang) -> Response {
    let fault = Fault::invalid("headers-too-large").with("value", length).with("limit", limit);
    problem_as(&fault, (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "problem-too-large"), lang, Map::new())
}

/// A part that lies behind the end of something of this length, in bytes.
pub fn range(range: &str, length: u64, lang: Lang) -> Response {
    let fault = Fault::invalid("range-unsatisfiable").with("value", range).with("length", length);
    problem_as(&fault, (StatusCode::RANGE_NOT_SATISFIABLE, "problem-range"), lang, Map::new())
}

fn problem_as(fault: &Fault, (status, title): (StatusCode, &str), lang: Lang, members: Map<String, Value>) -> Response {
    let internal = fault.class() == Class::Internal;
    if internal {
        tracing::error!(%fault, "request failed");
    }
    let mut body = Map::new();
    body.insert("type".to_owned(), format!("/problems/{}", fault.code()).into());
    body.insert("title".to_owned(), lang.word(title).into());
    body.insert("status".to_owned(), status.as_u16().into());
    let detail = if internal { lang.word("problem-internal-detail") } else { lang.say(fault) };
    body.insert("detail".to_owned(), detail.into());
    body.insert("code".to_owned(), fault.code().into());
    if !internal {
        for (name, value) in fault.fields() {
            body.entry(*name).or_insert_with(|| json!(value));
        }
    }
    body.extend(members);
    let mut response = (status, Value::Object(body).to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match fault.class() {
        Class::Busy => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        Class::TooManyRequests => {
            let seconds = fault.fields().get("seconds").and_then(|seconds| seconds.parse().ok());
            headers.insert(header::RETRY_AFTER, seconds.unwrap_or(HeaderValue::from_static(RETRY_AFTER_S)));
        }
        Class::Unauthorized => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"xiangtu\""));
        }
        _ => {}
    }
    response
}
