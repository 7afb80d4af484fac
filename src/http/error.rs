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
        Class::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "problem-internal"),
    }
}

/// The answer to a fault, in the asker's language. The cause of an internal one is logged and never sent.
pub fn problem(fault: &Fault, lang: Lang) -> Response {
    let (status, title) = status(fault.class());
    problem_as(fault, status, title, lang)
}

/// A method that an address does not take; HTTP alone knows of such.
pub fn method(method: &str, allowed: &str, lang: Lang) -> Response {
    let fault = Fault::invalid("method-not-allowed").with("method", method).with("allowed", allowed);
    problem_as(&fault, StatusCode::METHOD_NOT_ALLOWED, "problem-method", lang)
}

fn problem_as(fault: &Fault, status: StatusCode, title: &str, lang: Lang) -> Response {
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
    let mut response = (status, Value::Object(body).to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if fault.class() == Class::Busy {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
    }
    response
}
