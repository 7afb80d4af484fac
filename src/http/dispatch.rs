//! `POST /collections/{id}/dispatch`: findings become issues.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::link::{self, JSON};
use crate::http::{self, App, body, error, matches};
use crate::ledger::{Dispatch, Opened};
use crate::store::Refused;
use crate::units::Day;

/// The largest body of a dispatch, bytes.
const BODY_LIMIT: usize = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    features: Vec<String>,
    #[serde(rename = "type")]
    issue_type: Option<String>,
    triage: Option<String>,
    rectify_by: Option<String>,
    assignee: Option<String>,
    #[serde(default)]
    note: String,
}

/// `POST /collections/{id}/dispatch`
pub async fn dispatch(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    let lang = asked.lang;
    let bytes = match body::read(request, BODY_LIMIT).await {
        Ok(bytes) => bytes,
        Err(fault) => return error::problem(&fault, lang),
    };
    app.answer(asked, move |app, asked| {
        asked.typed.only(&[])?;
        let wanted: Wanted = serde_json::from_slice(&bytes).map_err(|error| {
            let expected = r#"{"features": ["…"], "rectify_by": "YYYY-MM-DD"}"#;
            Fault::invalid("body-malformed").with("expected", expected).with("cause", error)
        })?;
        let day = |text: String| Day::parse(&text).ok_or_else(|| Fault::invalid("date-malformed").with("value", text));
        let meant = Dispatch {
            features: wanted.features,
            issue_type: wanted.issue_type,
            triage: wanted.triage,
            rectify_by: wanted.rectify_by.map(day).transpose()?,
            assignee: wanted.assignee.filter(|name| !name.trim().is_empty()),
            note: wanted.note,
        };
        let collection = match app.collection(asked)? {
            Ok(collection) => collection,
            Err(redirect) => return Ok(redirect),
        };
        let request = matches::request(asked, &bytes)?;
        match app.ledger.dispatch(&app.rights(asked)?, &*collection, &meant, request) {
            Ok(dispatched) => {
                let count = |outcome: Opened| dispatched.iter().filter(|one| one.outcome == outcome).count();
                let issues: Vec<Value> = dispatched
                    .iter()
                    .map(|one| {
                        let href = format!("{}/items/{}", link::collection("issues"), link::segment(&one.id));
                        json!({"id": one.id, "subject": one.subject, "outcome": one.outcome.word(), "href": href})
                    })
                    .collect();
                let body = json!({
                    "issues": issues,
                    "opened": count(Opened::Opened),
                    "known": count(Opened::Known),
                    "relapsed": count(Opened::Relapsed),
                });
                Ok(http::json(&body, JSON))
            }
            Err(Refused::Whole(fault)) => Err(fault),
            Err(Refused::Steps(refused)) => Ok(error::rows(&refused, asked.lang)),
        }
    })
    .await
}
