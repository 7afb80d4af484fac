//! Conditional and repeated requests: what a feature has to be (RFC 9110 §13), and the key under which a request writes once.

use axum::http::header;

use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::events::fingerprint;
use crate::ledger::Match;
use crate::store::Request;

/// Longest idempotency key, characters.
const KEY_LIMIT: usize = 255;

/// What `If-Match` says; whatever, where it says nothing.
///
/// # Errors
/// `if-match-malformed`.
pub fn optional(asked: &Asked) -> Result<Match, Fault> {
    let Some(value) = asked.headers.get(header::IF_MATCH) else { return Ok(Match::Any) };
    let malformed = || Fault::invalid("if-match-malformed").with("value", String::from_utf8_lossy(value.as_bytes()));
    let value = value.to_str().map_err(|_| malformed())?.trim();
    if value == "*" {
        return Ok(Match::Present);
    }
    let tags = value.split(',').map(|tag| {
        // A weak tag never matches (RFC 9110 §13.1.1).
        let bare = tag.trim();
        bare.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(str::to_owned).ok_or_else(malformed)
    });
    Ok(Match::States(tags.collect::<Result<_, _>>()?))
}

/// What `If-Match` says, which has to say something: an edit names the state that it was made from.
///
/// # Errors
/// `if-match-missing` (428), `if-match-malformed`.
pub fn required(asked: &Asked) -> Result<Match, Fault> {
    match optional(asked)? {
        Match::Any => Err(Fault::precondition_required("if-match-missing")),
        stated => Ok(stated),
    }
}

/// The request under its `Idempotency-Key`; None without one.
///
/// # Errors
/// `request-key-malformed`.
pub fn request(asked: &Asked, body: &[u8]) -> Result<Option<Request>, Fault> {
    let Some(value) = asked.headers.get("idempotency-key") else { return Ok(None) };
    let malformed = || Fault::invalid("request-key-malformed").with("limit", KEY_LIMIT);
    let key = value.to_str().map_err(|_| malformed())?.trim();
    if key.is_empty() || key.len() > KEY_LIMIT {
        return Err(malformed());
    }
    Ok(Some(Request {
        author: asked.principal.author().to_owned(),
        key: key.to_owned(),
        asked: fingerprint(asked.method.as_str(), asked.uri.path(), body),
    }))
}
