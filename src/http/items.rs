//! The items of a collection: the one place where a query meets it.

use std::io::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use xxhash_rust::xxh3::xxh3_128;

use crate::account::Export;
use crate::collection::Collection;
use crate::encode::{self, Format, Sheet, Unwatched, Watch};
use crate::fault::Fault;
use crate::filter::Filter;
use crate::geo::reference::Reference;
use crate::http::asked::Asked;
use crate::http::link::{self, HTML, JSON, Link};
use crate::http::query::ITEMS;
use crate::http::{App, html, jobs, negotiate, stream, unchanged};
use crate::query::Query;
use crate::table::Answer;

/// Features up to which one page that nobody asked for as a file is a look, and is not noted as something taken.
const LOOK: usize = 1000;

/// `GET /collections/{id}/items`
pub async fn items(State(app): State<Arc<App>>, asked: Asked) -> Response {
    let shared = app.clone();
    app.answer(asked, move |app, asked| {
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        let Some(format) = negotiate::items(asked, encode::ALL)? else {
            let query = question(app, asked, &*collection, &encode::geojson::FORMAT)?;
            let revision = collection.revision().to_string();
            return html::fresh(asked, &revision, || html::items::items(app, asked, &*collection, query));
        };
        let query = question(app, asked, &*collection, format)?;
        let crs = asked.typed.reference("crs")?;
        let etag = etag(&*collection, format, asked);
        if asked.holds(&etag) {
            return Ok(unchanged(&etag));
        }
        // What has to be worked out first is, in a job, worked out there.
        if asked.method == Method::GET && jobs::wanted(asked) {
            let (about, asks) = (collection.about().clone(), asked.clone());
            let leave = move || {
                let leaving = Leaving::of(&asks, collection, &query, format, crs)?;
                note(&shared, &asks, &leaving)?;
                Ok(leaving)
            };
            if about.analysis.is_some() {
                return jobs::start(app, asked, (&about.id, format), leave);
            }
            let leaving = leave()?;
            return jobs::start(app, asked, (&about.id, format), || Ok(leaving));
        }
        let leaving = Leaving::of(asked, collection, &query, format, crs)?;
        // Who asks for the headers alone takes nothing away, and has nothing written.
        if asked.method == Method::GET {
            note(app, asked, &leaving)?;
        }
        let told =
            leaving.links.iter().filter(|link| link.rel != "alternate").filter_map(Link::header).collect::<Vec<_>>();
        let headers = leaving.headers()?;
        let mut response = match asked.method {
            Method::HEAD => (headers, stream::unsent()).into_response(),
            _ => stream::unwritten(headers.into_response(), move |out| leaving.write(&Unwatched, out)),
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, etag.parse().map_err(Fault::internal)?);
        headers.extend(told.into_iter().map(|link| (header::LINK, link)));
        Ok(response)
    })
    .await
}

/// What is asked of a collection's items.
///
/// # Errors
/// What is malformed, out of range or unknown, with the parameter, its value and what would be taken.
fn question(app: &App, asked: &Asked, collection: &dyn Collection, format: &Format) -> Result<Query, Fault> {
    // What the attributes are is known after running; only who asks by their names has to know.
    let named = match asked.typed.only(ITEMS) {
        Ok(()) => None,
        Err(_) => asked.typed.queryables(ITEMS, &collection.summary()?.attributes)?,
    };
    let mut query = asked.typed.items(format, &app.catalog.map().zone)?;
    query.filter = [query.filter.take(), named].into_iter().flatten().reduce(Filter::and);
    Ok(query)
}

/// Features on their way out.
pub struct Leaving {
    /// Of which collection.
    pub collection: Arc<dyn Collection>,
    /// Which of them.
    pub answer: Answer,
    /// As what.
    pub format: &'static Format,
    crs: Reference,
    links: Vec<Link>,
}

impl Leaving {
    /// What a collection answers; it may have to be worked out.
    fn of(
        asked: &Asked,
        collection: Arc<dyn Collection>,
        query: &Query,
        format: &'static Format,
        crs: Reference,
    ) -> Result<Self, Fault> {
        let answer = collection.features(query)?;
        let links = links(&*collection, &answer, format, asked);
        Ok(Self { collection, answer, format, crs, links })
    }

    /// Writes them; `watch` is told of each.
    ///
    /// # Errors
    /// What `out` could not take, and what `watch` calls off.
    pub fn write(&self, watch: &dyn Watch, out: &mut dyn Write) -> Result<(), Fault> {
        let mut members = Map::<String, Value>::new();
        members.insert("timeStamp".to_owned(), jiff::Timestamp::now().to_string().into());
        members.insert("links".to_owned(), json!(self.links));
        let (about, answer, crs) = (self.collection.about(), &self.answer, self.crs);
        self.format.encode(&Sheet { about, answer, crs, members: &members, watch }, out)
    }

    /// What is said of the file that they make.
    ///
    /// # Errors
    /// None that a sound id could meet.
    pub fn headers(&self) -> Result<HeaderMap, Fault> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.format.media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert("ogc-numbermatched", self.answer.matched.into());
        headers.insert("ogc-numberreturned", self.answer.rows().len().into());
        headers.insert("content-crs", content_crs(self.crs)?);
        if self.format.file {
            let name = format!("{}.{}", self.collection.about().id, self.format.extension);
            let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
            let disposition = format!("attachment; filename*=UTF-8''{name}");
            headers.insert(header::CONTENT_DISPOSITION, disposition.parse().map_err(Fault::internal)?);
        }
        Ok(headers)
    }
}

/// Notes what leaves, before it does: a file, or a part of much. A page of a few is a look.
fn note(app: &App, asked: &Asked, leaving: &Leaving) -> Result<(), Fault> {
    let Leaving { collection, format, .. } = leaving;
    let features = leaving.answer.rows().len();
    let part = asked.typed.get("next").is_some();
    let file = !part && (format.file || asked.typed.get("f").is_some());
    if file || part || features > LOOK {
        let export = Export { collection: &collection.about().id, format: format.name, features, file };
        app.accounts.note_export(&asked.principal, &asked.peer, &export)?;
    }
    Ok(())
}

/// Weak, for the bytes are packed by whoever asks for it; equal revisions and equal questions give equal features.
fn etag(collection: &dyn Collection, format: &Format, asked: &Asked) -> String {
    let query = link::query(asked.typed.pairs());
    let all = format!("{} {} {} {} {query}", collection.revision(), format.name, asked.lang.code(), asked.base);
    format!("W/\"{:032x}\"", xxh3_128(all.as_bytes()))
}

fn links(collection: &dyn Collection, answer: &Answer, format: &'static Format, asked: &Asked) -> Vec<Link> {
    let about = collection.about();
    let home = format!("{}{}", asked.base, link::collection(&about.id));
    // The same question with some parameters left out and one put in.
    let with = |without: &[&str], name: &'static str, value: &str| {
        let kept = asked.typed.pairs().filter(|(known, _)| !without.contains(known));
        format!("{home}/items{}", link::query(kept.chain([(name, value)])))
    };
    let here = format!("{home}/items{}", link::query(asked.typed.pairs()));
    let mut links = vec![Link::new("self", format.media_type, here)];
    if let Some(next) = &answer.next {
        links.push(Link::new("next", format.media_type, with(&["next"], "next", &next.spell())));
    }
    for other in encode::ALL.iter().filter(|other| other.name != format.name) {
        links.push(Link::new("alternate", other.media_type, with(&["next", "limit", "f"], "f", other.name)));
    }
    links.push(Link::new("alternate", HTML, with(&["next", "limit", "f"], "f", "html")));
    links.push(Link::new("collection", JSON, home.clone()).titled(about.title.get(asked.lang)));
    links
}

/// The reference of what is sent, for its header (Part 2, `ogc-crs-header`).
pub fn content_crs(crs: Reference) -> Result<HeaderValue, Fault> {
    format!("<{}>", crs.uri()).parse().map_err(Fault::internal)
}
