//! Liveness, and figures for Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::http::asked::{Asked, Visited};
use crate::http::link::JSON;
use crate::http::{self, App};
use crate::units::AsOf;

/// Answers by status.
#[derive(Debug, Default)]
pub struct Counts(Mutex<BTreeMap<u16, u64>>);

impl Counts {
    /// Counts one answer.
    pub fn count(&self, status: StatusCode) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(status.as_u16()).or_default() += 1;
    }

    fn all(&self) -> BTreeMap<u16, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// `GET /health`: the store answers.
pub async fn health(State(app): State<Arc<App>>, Visited(asked): Visited) -> Response {
    app.answer(asked, |_, asked| {
        asked.typed.only(&[])?;
        Ok(http::json(&json!({"status": "ok"}), JSON))
    })
    .await
}

/// `GET /metrics`: Prometheus text, for administrators.
pub async fn metrics(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        app.rights(asked)?.check_administrator()?;
        let mut text = String::from("# TYPE xiangtu_requests_total counter\n");
        for (status, count) in app.counts.all() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "xiangtu_requests_total{{status=\"{status}\"}} {count}");
        }
        let collections = app.shown(asked)?.collections(AsOf::NOW)?.len();
        let _ = writeln!(text, "# TYPE xiangtu_collections gauge\nxiangtu_collections {collections}");
        let uptime = app.started.elapsed().as_secs();
        let _ = writeln!(text, "# TYPE xiangtu_uptime_seconds counter\nxiangtu_uptime_seconds {uptime}");
        Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
    })
    .await
}
