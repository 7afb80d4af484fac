//! The HTTP door: OGC API resources, the map page, and errors that say what to mend. Nothing below here knows HTTP.

mod asked;
mod body;
mod checks;
mod collections;
mod cors;
mod dispatch;
mod edits;
mod error;
mod events;
mod evidence;
mod functions;
mod guard;
mod health;
mod html;
mod inputs;
mod item;
mod items;
mod jobs;
mod landing;
mod link;
mod matches;
mod matrices;
mod negotiate;
mod openapi;
mod page;
mod processes;
mod query;
mod range;
mod session;
mod stream;
mod text;
mod tiles;
mod turns;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_request};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::sync::{Semaphore, oneshot};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::trace::TraceLayer;

use crate::account::{Accounts, Principal, Rights};
use crate::catalog::{Catalog, Named, Shown};
use crate::collection::Collection;
use crate::evidence::Evidence;
use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::health::Counts;
use crate::http::turns::Turns;
use crate::job::Jobs;
use crate::ledger::Ledger;
use crate::map::Anonymous;
use crate::stop::Stop;
use crate::tile::Tiles;

/// How long an open connection may finish what it is at when the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Answers that are being worked out at a time; more of them wait a little. What lost patience counts until its work is done.
static ANSWERS: Turns = Turns::new(48, Duration::from_secs(15));

/// How often what jobs have left is looked through.
const SWEEP: Duration = Duration::from_secs(300);

/// What every request can reach.
pub struct App {
    catalog: Arc<Catalog>,
    ledger: Ledger,
    accounts: Accounts,
    jobs: Jobs<jobs::Export>,
    tiles: Tiles,
    /// Whether only this machine can come in.
    loopback: bool,
    started: Instant,
    counts: Counts,
    /// Turns at looking at a password.
    signing: Semaphore,
}

/// The URL space.
fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(landing::landing))
        .route("/conformance", get(landing::conformance))
        .route("/api", get(openapi::api))
        .route("/collections", get(collections::list))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/queryables", get(collections::queryables))
        .route("/collections/{collection}/schema", get(collections::schema))
        .route("/collections/{collection}/items", get(items::items).post(edits::create))
        .route(
            "/collections/{collection}/items/{feature}",
            get(item::item).put(edits::replace).patch(edits::patch).delete(edits::withdraw),
        )
        .route("/collections/{collection}/items/{feature}/events", get(events::history).post(events::record))
        .route("/collections/{collection}/tiles", get(tiles::tilesets))
        .route("/collections/{collection}/tiles/{scheme}", get(tiles::tileset))
        .route("/collections/{collection}/tiles/{scheme}/{matrix}/{row}/{col}", get(tiles::tile))
        .route("/tileMatrixSets", get(matrices::list))
        .route("/tileMatrixSets/{scheme}", get(matrices::one))
        .route("/collections/{collection}/dispatch", post(dispatch::dispatch))
        .route("/events", post(events::record_many))
        .route("/events/kinds", get(events::kinds))
        .route("/functions", get(functions::list))
        .route("/processes", get(processes::list))
        .route("/processes/{process}", get(processes::one))
        .route("/processes/{process}/execution", post(processes::execute))
        .route("/processes/{process}/collection", get(processes::collection))
        .route("/jobs", get(jobs::list))
        .route("/jobs/{job}", get(jobs::one).delete(jobs::dismiss))
        .route("/jobs/{job}/results", get(jobs::results))
        .route("/evidence", post(evidence::add))
        .route("/evidence/{id}", get(evidence::one))
        .route("/evidence/{id}/thumbnail", get(evidence::thumbnail))
        .route("/checks", get(checks::checks))
        .route("/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/map", get(text::map))
        .route("/text/{file}", get(text::catalogue))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/style/{file}", get(html::style))
        .route("/assets/{*file}", get(page::asset))
        .fallback(page::other)
        .method_not_allowed_fallback(guard::untaken)
        .with_state(app)
}

/// The URL space with what holds for all of it. That is laid around the routes as a whole, for only then does it see what each
/// of them says that it takes.
fn router(app: Arc<App>) -> Router {
    Router::new()
        .fallback_service(routes(app.clone()))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(guard::compressible))
        .layer(map_request(guard::packing))
        .layer(from_fn_with_state(app, cors::cors))
        .layer(TraceLayer::new_for_http())
}

/// Serves a map until the process is told to stop (ctrl-c, SIGTERM). `ready` is told the address, once it is bound.
///
/// # Errors
/// `listen-failed` where the address cannot be had.
pub async fn serve(
    catalog: Arc<Catalog>,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr) + Send,
) -> Result<(), Fault> {
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|error| Fault::busy("listen-failed").with("value", listen).with("cause", error))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "listening");
    ready(address);
    let loopback = address.ip().is_loopback();
    Evidence::of(&catalog.map().dir, &catalog.map().zone).sweep();
    let app = Arc::new(App {
        accounts: Accounts::at(&catalog.map().accounts_path()),
        ledger: Ledger::new(catalog.clone()),
        jobs: Jobs::new(&catalog.map().dir.join("jobs"), jobs::LIMITS),
        tiles: Tiles::default(),
        catalog,
        loopback,
        started: Instant::now(),
        counts: Counts::default(),
        signing: Semaphore::new(session::AT_A_TIME),
    });
    app.jobs.sweep();
    let jobs = app.clone();
    let sweeping = tokio::spawn(async move {
        loop {
            tokio::time::sleep(SWEEP).await;
            let jobs = jobs.clone();
            // A sweep that panicked has been logged; the next is tried all the same.
            let _ = tokio::task::spawn_blocking(move || jobs.jobs.sweep()).await;
        }
    });
    let ending = app.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let stop = Arc::new(tokio::sync::Notify::new());
    let stopped = stop.clone();
    // The last, short segment of an answer is not held back until the client has acknowledged those before it.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        asked_to_stop().await;
        stopped.notify_one();
    });
    let served = tokio::select! {
        served = async { server.await } => served,
        () = async { stop.notified().await; tokio::time::sleep(FAREWELL).await } => Ok(()),
    };
    sweeping.abort();
    ending.jobs.stop();
    served?;
    Ok(())
}

/// Waits for ctrl-c or SIGTERM.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}

impl App {
    /// Answers a request on a thread that may block, after what was written to the store since has been taken notice of.
    async fn answer<F>(self: Arc<Self>, asked: Asked, answer: F) -> Response
    where
        F: FnOnce(&Self, &Asked) -> Result<Response, Fault> + Send + 'static,
    {
        let lang = asked.lang;
        let turn = match ANSWERS.take().await {
            Ok(turn) => turn,
            Err(fault) => return error::problem(&fault, lang),
        };
        let stop = Stop::default();
        // Where the client goes away before it is answered, this is dropped and with it what nobody else waits for.
        let _leaving = stop.on_leaving();
        let (to, answered) = oneshot::channel();
        let work = tokio::task::spawn_blocking(move || {
            let answered = stop.lend(|| {
                self.catalog.refresh()?;
                answer(&self, &asked)
            });
            drop(turn);
            match answered {
                Ok(response) => stream::give(response, to),
                // Who has gone away needs no refusal.
                Err(fault) => drop(to.send(Err(fault))),
            }
        });
        match answered.await {
            Ok(Ok(response)) => response,
            Ok(Err(fault)) => error::problem(&fault, lang),
            // Nothing was sent: it panicked.
            Err(silent) => match work.await {
                Ok(()) => error::problem(&Fault::internal(silent), lang),
                Err(panicked) => error::problem(&Fault::internal(panicked), lang),
            },
        }
    }

    /// Whether somebody may read at all.
    fn check_reader(&self, principal: &Principal) -> Result<(), Fault> {
        let open = self.catalog.map().anonymous == Anonymous::Viewer && self.accounts.exist()?;
        match principal {
            Principal::Anonymous if !open => Err(Fault::unauthorized("sign-in-needed")),
            _ => Ok(()),
        }
    }

    /// What whoever asks may do, on the map as it is today.
    fn rights(&self, asked: &Asked) -> Result<Rights, Fault> {
        self.catalog.rights(&asked.principal)
    }

    /// The map's collections as whoever asks sees them. What is read leaves through it and through nothing else.
    fn shown(&self, asked: &Asked) -> Result<Shown<'_>, Fault> {
        Ok(self.catalog.shown(self.rights(asked)?.sight()))
    }

    /// The collection that the path names; a redirect where it is spelled another way.
    fn collection(&self, asked: &Asked) -> Result<Result<Arc<dyn Collection>, Response>, Fault> {
        match self.shown(asked)?.get(asked.segment(0))? {
            Named::Here(collection) => Ok(Ok(collection)),
            Named::Elsewhere(id) => Ok(Err(elsewhere(asked, &id))),
        }
    }
}

/// Redirects to a collection's canonical id; what follows in the path, and the query, stay.
fn elsewhere(asked: &Asked, id: &str) -> Response {
    let behind = asked.uri.path().trim_start_matches("/collections/").split_once('/');
    let mut to = link::collection(id);
    if let Some((_, rest)) = behind {
        to = format!("{to}/{rest}");
    }
    if let Some(query) = asked.uri.query() {
        to = format!("{to}?{query}");
    }
    redirect(StatusCode::PERMANENT_REDIRECT, &to)
}

fn redirect(status: StatusCode, to: &str) -> Response {
    (status, [(header::LOCATION, to)]).into_response()
}

/// Nothing new for who has this already; it is to be asked for again, as what it stands for said.
fn unchanged(etag: &str) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache")]).into_response()
}

/// A JSON document.
fn json(body: &serde_json::Value, media_type: &'static str) -> Response {
    let mut response = body.to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
