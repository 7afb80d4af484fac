//! Links: where things are, and what they are to each other.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

/// What a path segment may not hold as it is (RFC 3986): the rest of an id, `~`, `=`, `@`, `,`, stays readable.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What a value in a query string may not hold as it is.
const VALUE: &AsciiSet = &SEGMENT.add(b'&').add(b'+').add(b'=').add(b';').add(b'\'');

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// Where.
    pub href: String,
    /// What it is to the document that bears it.
    pub rel: &'static str,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: &'static str,
    /// What people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The media type of JSON without a stricter one.
pub const JSON: &str = "application/json";

/// The media type of pages.
pub const HTML: &str = "text/html";

impl Link {
    /// To the page for people of what is at an address without a query.
    pub fn page(home: &str) -> Self {
        Self::new("alternate", HTML, format!("{home}?f=html"))
    }

    /// A link without a title.
    pub fn new(rel: &'static str, media_type: &'static str, href: String) -> Self {
        Self { href, rel, media_type, title: None }
    }

    /// With a title.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    /// As a value of the `Link` header; None where the address does not fit into one.
    pub fn header(&self) -> Option<axum::http::HeaderValue> {
        format!("<{}>; rel=\"{}\"; type=\"{}\"", self.href, self.rel, self.media_type).parse().ok()
    }
}

/// An id as one segment of a path.
pub fn segment(id: &str) -> String {
    utf8_percent_encode(id, SEGMENT).to_string()
}

/// The path of a collection.
pub fn collection(id: &str) -> String {
    format!("/collections/{}", segment(id))
}

/// A query string of these pairs, with its question mark; empty without any.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.extend(utf8_percent_encode(name, VALUE));
        text.push('=');
        text.extend(utf8_percent_encode(value, VALUE));
    }
    text
}
