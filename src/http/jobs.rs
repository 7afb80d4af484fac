//! Long exports: asked for with `Prefer: respond-async`, they are jobs of whoever asks, in the shape of OGC API Processes.

use std::sync::{Arc, OnceLock};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::account::Principal;
use crate::encode::{Format, Watch};
use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::guard::AsItIs;
use crate::http::items::Leaving;
use crate::http::link::{JSON, Link};
use crate::http::{self, App, range};
use crate::job::{self, Job, Status};

/// How much there may be: a township's largest exports, and no full disk.
pub const LIMITS: job::Limits =
    job::Limits { at_once: 2, of_one: 16, known: 128, bytes: 8 << 30, age: std::time::Duration::from_secs(3600) };

/// The preference that makes a job of a question.
const RESPOND_ASYNC: &str = "respond-async";

/// The link from a job to its results.
const RESULTS: &str = "http://www.opengis.net/def/rel/ogc/1.0/results";

/// An export as a job: what it makes.
pub struct Export {
    collection: String,
    format: &'static Format,
    made: OnceLock<Made>,
}

/// What is known of an export once its collection has answered.
struct Made {
    features: usize,
    /// The headers of the file.
    headers: HeaderMap,
}

/// Whether an export is wanted as a job. It is a wish: nobody in particular, who could not be told from others who are nobody
/// in particular, is answered at once.
pub fn wanted(asked: &Asked) -> bool {
    let all = asked.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let mut wishes = all.flat_map(|value| value.split([',', ';'])).map(str::trim);
    !matches!(asked.principal, Principal::Anonymous) && wishes.any(|wish| wish.eq_ignore_ascii_case(RESPOND_ASYNC))
}

/// Tells a job of the rows.
struct Rows<'a>(&'a Job<Export>);

impl Watch for Rows<'_> {
    fn wrote(&self, rows: usize) -> Result<(), Fault> {
        self.0.step(rows)
    }
}

/// Puts an export in line: 202, and where to ask how it goes. `leave`: asks the collection, which may take long, and notes what
/// leaves.
///
/// # Errors
/// `jobs-full` (429), `jobs-full-all`, `jobs-no-room` (503).
pub fn start(
    app: &App,
    asked: &Asked,
    (collection, format): (&str, &'static Format),
    leave: impl FnOnce() -> Result<Leaving, Fault> + Send + 'static,
) -> Result<Response, Fault> {
    let about = Export { collection: collection.to_owned(), format, made: OnceLock::new() };
    let write = move |job: &Job<Export>, out: &mut dyn std::io::Write| {
        let leaving = leave()?;
        let features = leaving.answer.rows().len();
        job.in_steps(features * format.passes);
        let made = Made { features, headers: leaving.headers()? };
        job.about.made.get_or_init(|| made);
        leaving.write(&Rows(job), out)
    };
    let job = app.jobs.start(asked.principal.author(), about, write)?;
    let mut response = http::json(&describe(&job, asked), JSON);
    *response.status_mut() = StatusCode::ACCEPTED;
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, format!("/jobs/{}", job.id).parse().map_err(Fault::internal)?);
    headers.insert("preference-applied", HeaderValue::from_static(RESPOND_ASYNC));
    Ok(response)
}

/// Whose jobs are asked for.
fn owner(asked: &Asked) -> Result<&str, Fault> {
    match asked.principal {
        Principal::Anonymous => Err(Fault::unauthorized("sign-in-needed")),
        _ => Ok(asked.principal.author()),
    }
}

/// A job as `statusInfo`.
fn describe(job: &Job<Export>, asked: &Asked) -> Value {
    let standing = job.standing();
    let here = format!("{}/jobs/{}", asked.base, job.id);
    let message = match &standing.fault {
        Some(fault) if fault.class() == crate::fault::Class::Internal => asked.lang.word("problem-internal-detail"),
        Some(fault) => asked.lang.say(fault),
        None => asked.lang.word(&format!("job-{}", standing.status.word())),
    };
    let mut links = vec![Link::new("self", JSON, here.clone())];
    if standing.status == Status::Successful {
        links.push(Link::new(RESULTS, job.about.format.media_type, format!("{here}/results")));
    }
    let mut body = json!({
        "jobID": job.id,
        "type": "process",
        "status": standing.status.word(),
        "message": message,
        "progress": job.progress(),
        "created": job.created.to_string(),
        "updated": standing.finished.or(standing.started).unwrap_or(job.created).to_string(),
        "collection": job.about.collection,
        "format": job.about.format.name,
        "links": links,
    });
    if let Some(made) = job.about.made.get() {
        body["features"] = made.features.into();
    }
    for (name, at) in [("started", standing.started), ("finished", standing.finished)] {
        if let Some(at) = at {
            body[name] = at.to_string().into();
        }
    }
    body
}

/// `GET /jobs`: one's own, the latest first.
pub async fn list(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        app.jobs.sweep();
        let jobs: Vec<Value> = app.jobs.of(owner(asked)?).iter().map(|job| describe(job, asked)).collect();
        let links = [Link::new("self", JSON, format!("{}/jobs", asked.base))];
        Ok(fleeting(&json!({"jobs": jobs, "links": links})))
    })
    .await
}

/// `GET /jobs/{id}`
pub async fn one(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        Ok(fleeting(&describe(&*app.jobs.get(owner(asked)?, asked.segment(0))?, asked)))
    })
    .await
}

/// What is another thing a moment later.
fn fleeting(body: &Value) -> Response {
    let mut response = http::json(body, JSON);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `DELETE /jobs/{id}`: calls it off, done or not.
pub async fn dismiss(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        Ok(fleeting(&describe(&*app.jobs.dismiss(owner(asked)?, asked.segment(0))?, asked)))
    })
    .await
}

/// `GET /jobs/{id}/results`: the file, or the part of it that is wanted.
pub async fn results(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        let job = app.jobs.get(owner(asked)?, asked.segment(0))?;
        let standing = job.standing();
        if let Some(fault) = standing.fault {
            return Err(fault);
        }
        let (Some((file, length)), Some(made)) = (job.result()?, job.about.made.get()) else {
            return Err(Fault::not_found("job-not-ready").with("id", &job.id).with("progress", job.progress()));
        };
        let etag = format!("\"{}\"", job.id);
        let mut headers = made.headers.clone();
        headers.insert(header::ETAG, etag.parse().map_err(Fault::internal)?);
        if asked.holds(&etag) {
            return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
        }
        let mut response = range::file(asked, headers, &etag, file, length)?;
        // A part must belong to what was sent before, byte by byte.
        response.extensions_mut().insert(AsItIs);
        Ok(response)
    })
    .await
}

/// Adds the jobs to the paths of the OpenAPI document.
pub fn document(paths: &mut Map<String, Value>) {
    let problem = json!({"$ref": "#/components/responses/Problem"});
    let status = json!({"description": "Where it stands", "content": {JSON: {"schema": {
        "type": "object",
        "required": ["jobID", "type", "status"],
        "properties": {
            "jobID": {"type": "string"},
            "type": {"type": "string", "enum": ["process"]},
            "status": {"type": "string", "enum": ["accepted", "running", "successful", "failed", "dismissed"]},
            "message": {"type": "string"},
            "progress": {"type": "integer", "minimum": 0, "maximum": 100},
            "created": {"type": "string", "format": "date-time"},
            "started": {"type": "string", "format": "date-time"},
            "finished": {"type": "string", "format": "date-time"},
            "updated": {"type": "string", "format": "date-time"},
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
        },
    }}}});
    let file =
        json!({"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}});
    let job = json!({"name": "jobId", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}});
    let lang = json!({"$ref": "#/components/parameters/lang"});
    let operation = |id: &str, own: bool, good: &[(&str, &Value)], bad: &[&str]| {
        let mut responses: Map<String, Value> =
            good.iter().map(|(status, what)| ((*status).to_owned(), (*what).clone())).collect();
        responses
            .extend(bad.iter().chain(&["400", "401", "500", "503"]).map(|one| ((*one).to_owned(), problem.clone())));
        let parameters: Vec<&Value> = [&job].into_iter().filter(|_| own).chain([&lang]).collect();
        json!({"operationId": id, "parameters": parameters, "responses": responses})
    };
    let list = json!({"description": "One's own", "content": {JSON: {"schema": {"type": "object"}}}});
    let held = json!({"description": "Not modified"});
    let part = json!({"description": "A part", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}});
    paths.insert("/jobs".to_owned(), json!({"get": operation("jobs", false, &[("200", &list)], &[])}));
    paths.insert(
        "/jobs/{jobId}".to_owned(),
        json!({
            "get": operation("job", true, &[("200", &status)], &["404"]),
            "delete": operation("dismiss-job", true, &[("200", &status)], &["403", "404"]),
        }),
    );
    let got = [("200", &file), ("206", &part), ("304", &held)];
    paths.insert(
        "/jobs/{jobId}/results".to_owned(),
        json!({"get": operation("job-results", true, &got, &["404", "409", "416"])}),
    );
}
