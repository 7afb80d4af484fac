//! Bodies, read up to a stated limit.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header;

use crate::fault::Fault;

/// Reads a body up to its limit, bytes; one that says that it is larger is not read at all.
///
/// # Errors
/// `body-too-large` (413), `request-body-unread`.
pub async fn read(request: Request<Body>, limit: usize) -> Result<Vec<u8>, Fault> {
    let too_large = || Fault::too_large("body-too-large").with("limit", limit);
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if told.is_some_and(|length: u64| length > limit as u64) {
        return Err(too_large());
    }
    match axum::body::to_bytes(request.into_body(), limit).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if format!("{error:?}").contains("LengthLimit") => Err(too_large()),
        Err(_) => Err(Fault::invalid("request-body-unread")),
    }
}
