//! The cross-foot of the map's figures.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::check;
use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::link::JSON;
use crate::http::{self, App};
use crate::import;
use crate::units::{AsOf, Day};

/// `GET /checks`: every check that has something to look at, now or `as-of` a day.
pub async fn checks(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&["as-of"])?;
        asked.typed.only_json()?;
        let day = |text: &str| {
            Day::parse(text)
                .ok_or_else(|| Fault::invalid("date-malformed").with("parameter", "as-of").with("value", text))
        };
        let as_of = asked.typed.get("as-of").map(day).transpose()?;
        let findings = check::run(app.shown(asked)?.collections(AsOf { day: as_of, known: None })?)?;
        let checks: Vec<Value> = findings.iter().map(|finding| finding.to_json(asked.lang)).collect();
        let flaws = import::flaws(&app.catalog.map().dir)?;
        let as_of = as_of.map(|day| day.to_string());
        Ok(http::json(&json!({"as_of": as_of, "checks": checks, "flaws": flaws}), JSON))
    })
    .await
}
