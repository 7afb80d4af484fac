//! What a request asks, before any resource looks at it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;

use crate::account::Principal;
use crate::fault::Fault;
use crate::http::error::problem;
use crate::http::query::Typed;
use crate::http::{App, session};
use crate::text::Lang;

/// A request, read: its language, its parameters, and the address it was sent to.
#[derive(Clone)]
pub struct Asked {
    /// By `lang`, else by `Accept-Language`; Chinese where neither says.
    pub lang: Lang,
    /// The query parameters.
    pub typed: Typed,
    /// Scheme and host as the asker knows them: links begin with it.
    pub base: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The method.
    pub method: Method,
    /// The address.
    pub uri: Uri,
    /// Who asks: the author of what is written.
    pub principal: Principal,
    /// From where.
    pub peer: String,
    segments: Vec<String>,
}

impl Asked {
    /// The path's variable segment number `at`, decoded once.
    pub fn segment(&self, at: usize) -> &str {
        self.segments.get(at).map_or("", String::as_str)
    }

    /// A header's value; empty where it is absent or no text.
    pub fn header(&self, name: header::HeaderName) -> &str {
        text(&self.headers, name)
    }

    /// Whether the asker holds this state already.
    pub fn holds(&self, etag: &str) -> bool {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let held = self.header(header::IF_NONE_MATCH);
        held.trim() == "*" || held.split(',').any(|one| bare(one) == bare(etag))
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The language of a request whose query string may not even read.
pub fn language(headers: &HeaderMap) -> Lang {
    Lang::preferred(text(headers, header::ACCEPT_LANGUAGE)).unwrap_or_default()
}

/// A request to what is open to everybody, signed in or not: the page itself, the words, whether the server is well.
pub struct Visited(pub Asked);

/// What is not open to everybody is asked by `Asked`, and refused before any resource looks at it.
impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let Visited(asked) = Visited::from_request_parts(parts, app).await?;
        app.check_reader(&asked.principal).map_err(|fault| problem(&fault, asked.lang))?;
        Ok(asked)
    }
}

impl FromRequestParts<Arc<App>> for Visited {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let preferred = language(&parts.headers);
        let refuse = |fault: Fault| problem(&fault, preferred);
        let typed = Typed::read(parts.uri.query().unwrap_or_default()).map_err(refuse)?;
        let lang = typed.lang().map_err(refuse)?.unwrap_or(preferred);
        let path = parts.uri.path().to_owned();
        let unreadable = |_| problem(&Fault::invalid("path-malformed").with("path", &path), lang);
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(unreadable)?;
        let segments = params.iter().map(|(_, value)| value.to_owned()).collect();
        let host = Some(text(&parts.headers, header::HOST)).filter(|host| !host.is_empty()).unwrap_or("localhost");
        let scheme = match parts.headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()) {
            Some("https") => "https",
            _ => "http",
        };
        let base = format!("{scheme}://{host}");
        let principal = session::principal(app.clone(), &parts.headers).await.map_err(|fault| problem(&fault, lang))?;
        let (headers, uri, peer) = (parts.headers.clone(), parts.uri.clone(), session::peer(parts));
        let method = parts.method.clone();
        Ok(Self(Asked { lang, typed, base, headers, method, uri, principal, peer, segments }))
    }
}
