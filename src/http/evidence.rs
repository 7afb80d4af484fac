//! Photographs over HTTP: sent as they are, served as what they were found to be and as nothing else.

use std::sync::Arc;
use std::time::Duration;

use axum::body::BodyDataStream;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio_stream::StreamExt;

use crate::account::Principal;
use crate::evidence::{Evidence, Incoming, MAX_BYTES, MediaType, Photo, too_large};
use crate::fault::Fault;
use crate::http::App;
use crate::http::asked::Asked;
use crate::http::error::problem;
use crate::http::link::JSON;
use crate::http::{self, range};

/// How long a sender may be silent in the middle of a photograph.
const SILENCE: Duration = Duration::from_secs(30);

/// Bytes that are gathered before they are written.
const GATHERED: usize = 256 << 10;

/// Bytes of a refused body that are read, and thrown away, before the refusal is sent.
const HEARD_OUT: usize = 64 << 20;

/// A photograph is its id: it never changes. Only those who may see it may keep it.
const CACHING: &str = "private, max-age=31536000, immutable";

/// A photograph is no page: whatever else its bytes could be taken for, they run nothing and load nothing.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Whether the asker may add photographs: whoever may write anything may.
fn may_add(app: &App, asked: &Asked) -> Result<(), Fault> {
    app.rights(asked)?.check_writer()
}

/// Whether the asker may look at them: whoever is known. What a photograph shows cannot be masked.
fn may_look(asked: &Asked) -> Result<(), Fault> {
    match asked.principal {
        Principal::Anonymous => Err(Fault::unauthorized("sign-in-needed")),
        Principal::Local | Principal::Account(_) => Ok(()),
    }
}

/// The photographs of the map.
fn folder(app: &App) -> Evidence {
    let map = app.catalog.map();
    Evidence::of(&map.dir, &map.zone)
}

/// What the ledger and the page are told of a photograph.
pub fn told(photo: &Photo) -> Value {
    let url = format!("/evidence/{}", photo.id);
    let mut body = json!(photo);
    body["thumbnail"] = format!("{url}/thumbnail").into();
    body["url"] = url.into();
    body
}

/// `POST /evidence`: the bytes as they are, with the `Content-Type` that they have.
pub async fn add(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    let lang = asked.lang;
    let declared = ready(&app, &asked, request.headers());
    let mut body = request.into_body().into_data_stream();
    let received = match declared {
        Ok(declared) => receive(&app, &mut body).await.map(|incoming| (declared, incoming)),
        Err(fault) => Err(fault),
    };
    let (declared, incoming) = match received {
        Ok(received) => received,
        Err(fault) => {
            hear_out(body).await;
            return problem(&fault, lang);
        }
    };
    app.answer(asked, move |app, _| {
        let photo = folder(app).keep(incoming, Some(declared))?;
        let body = told(&photo);
        let location = format!("/evidence/{}", photo.id);
        let mut response = http::json(&body, JSON);
        *response.status_mut() = StatusCode::CREATED;
        response.headers_mut().insert(header::LOCATION, location.parse().map_err(Fault::internal)?);
        Ok(response)
    })
    .await
}

/// What can be refused before the body is read.
fn ready(app: &App, asked: &Asked, headers: &HeaderMap) -> Result<MediaType, Fault> {
    asked.typed.only(&[])?;
    may_add(app, asked)?;
    let declared = MediaType::declared(asked.header(header::CONTENT_TYPE))?;
    let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if told.is_some_and(|length: u64| length > MAX_BYTES) {
        return Err(too_large());
    }
    Ok(declared)
}

/// Takes the body in as it comes: a few hundred kilobytes in memory, the rest on the disk.
async fn receive(app: &Arc<App>, body: &mut BodyDataStream) -> Result<Incoming, Fault> {
    let app = app.clone();
    let mut incoming = blocking(move || folder(&app).begin()).await?;
    let mut gathered: Vec<u8> = Vec::new();
    loop {
        let unread = || Fault::invalid("request-body-unread");
        let next = tokio::time::timeout(SILENCE, body.next()).await.map_err(|_| unread())?;
        let chunk = next.transpose().map_err(|_| unread())?;
        let ended = chunk.is_none();
        gathered.extend_from_slice(&chunk.unwrap_or_default());
        if ended || gathered.len() >= GATHERED {
            let bytes = std::mem::take(&mut gathered);
            incoming = blocking(move || incoming.write(&bytes).map(|()| incoming)).await?;
        }
        if ended {
            return Ok(incoming);
        }
    }
}

/// Lets who is refused finish: a browser that is cut off in the middle of a sentence does not hear why.
async fn hear_out(mut body: BodyDataStream) {
    let mut heard = 0;
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(SILENCE, body.next()).await {
        heard += chunk.len();
        if heard > HEARD_OUT {
            return;
        }
    }
}

/// Does what may block on a thread that may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(Fault::internal)?
}

/// `GET /evidence/{id}`
pub async fn one(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        let id = admitted(asked)?;
        let (photo, of, file) = folder(app).open(id)?;
        if asked.holds(&etag(id)) {
            return Ok((StatusCode::NOT_MODIFIED, headers(id, of)?).into_response());
        }
        range::file(asked, headers(id, of)?, &etag(id), file, photo.size)
    })
    .await
}

/// `GET /evidence/{id}/thumbnail`
pub async fn thumbnail(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        let id = admitted(asked)?;
        let thumb = folder(app).thumbnail(id)?;
        if asked.holds(&etag(id)) {
            return Ok((StatusCode::NOT_MODIFIED, headers(id, MediaType::Jpeg)?).into_response());
        }
        Ok(range::bytes(asked, headers(id, MediaType::Jpeg)?, &etag(id), thumb.into()))
    })
    .await
}

/// The id that is asked for, once it is known that the asker may look.
fn admitted(asked: &Asked) -> Result<&str, Fault> {
    asked.typed.only(&[])?;
    may_look(asked)?;
    Ok(asked.segment(0))
}

fn etag(id: &str) -> String {
    format!("\"{id}\"")
}

fn headers(id: &str, of: MediaType) -> Result<HeaderMap, Fault> {
    let mut headers = HeaderMap::new();
    let fixed = [
        (header::CONTENT_TYPE, of.name()),
        (header::CACHE_CONTROL, CACHING),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    let disposition = format!("inline; filename=\"{}.{}\"", &id[..12], of.extension());
    headers.insert(header::CONTENT_DISPOSITION, disposition.parse().map_err(Fault::internal)?);
    headers.insert(header::ETAG, etag(id).parse().map_err(Fault::internal)?);
    Ok(headers)
}
