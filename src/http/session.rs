//! Who asks: the cookie of a session or a token; signing in and out.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::account::{Accounts, Credentials, Principal};
use crate::fault::Fault;
use crate::http::asked::{Asked, Visited};
use crate::http::error::problem;
use crate::http::link::JSON;
use crate::http::{self, App, body};

/// The cookie that holds a session's secret.
pub const COOKIE: &str = "xiangtu_session";

/// The largest body of a sign-in, bytes.
const BODY_LIMIT: usize = 8 << 10;

/// Sign-ins whose passwords are being looked at, at the most: each takes 19 MiB.
pub const AT_A_TIME: usize = 2;

/// The token of an `Authorization` header; None for another scheme, which may be a proxy's own.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The secret of the session cookie.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE && !value.is_empty()).then_some(value)
    })
}

/// Who asks.
///
/// # Errors
/// A token that opens nothing; what the file of accounts does not yield.
pub async fn principal(app: Arc<App>, headers: &HeaderMap) -> Result<Principal, Fault> {
    let token = bearer(headers).map(str::to_owned);
    let session = cookie(headers).map(str::to_owned);
    let look = move || {
        let shown = match (&token, &session) {
            (Some(token), _) => Credentials::Token(token),
            (None, Some(session)) => Credentials::Session(session),
            (None, None) => Credentials::None,
        };
        app.accounts.who(shown, app.loopback)
    };
    tokio::task::spawn_blocking(look).await.map_err(Fault::internal)?
}

/// From where: the address at the other end; behind a proxy on this machine, the one that the proxy names last.
pub fn peer(parts: &Parts) -> String {
    let Some(ConnectInfo(address)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
        return String::new();
    };
    let own = address.ip().to_canonical();
    let last = || {
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        told.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    if own.is_loopback() { last().unwrap_or(own).to_string() } else { own.to_string() }
}

/// What the page needs to know of who looks at it.
fn shown(accounts: &Accounts, app: &App, principal: &Principal) -> Result<Value, Fault> {
    let account = principal.account().map(|account| {
        json!({
            "name": account.name,
            "role": account.role.word(),
            "villages": account.villages,
            "cells": account.cells,
        })
    });
    Ok(json!({
        "accounts": accounts.exist()?,
        "account": account,
        "may_read": app.check_reader(principal).is_ok(),
        "may_write": principal.may_write(),
    }))
}

fn answer(asked: &Asked, body: &Value, secret: Option<&str>) -> Result<Response, Fault> {
    let mut response = http::json(body, JSON);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(secret) = secret {
        let age = crate::account::SESSION_S;
        response.headers_mut().insert(header::SET_COOKIE, baked(asked, secret, age)?);
    }
    Ok(response)
}

/// The cookie, good for so many seconds: out of reach of scripts and of other sites, and of plain HTTP where ours is not.
fn baked(asked: &Asked, secret: &str, age_s: i64) -> Result<HeaderValue, Fault> {
    let secure = if asked.base.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={secret}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}");
    let mut value: HeaderValue = cookie.parse().map_err(Fault::internal)?;
    value.set_sensitive(true);
    Ok(value)
}

/// `GET /session`: who looks, and whether they may write.
pub async fn show(State(app): State<Arc<App>>, Visited(asked): Visited) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        answer(asked, &shown(&app.accounts, app, &asked.principal)?, None)
    })
    .await
}

/// `POST /session` with `{"name", "password"}`: signs in.
pub async fn sign_in(State(app): State<Arc<App>>, Visited(asked): Visited, request: Request) -> Response {
    let bytes = match body::read(request, BODY_LIMIT).await {
        Ok(bytes) => bytes,
        Err(fault) => return problem(&fault, asked.lang),
    };
    // Waiting in line costs no thread.
    let turn = app.signing.acquire().await;
    let response = app
        .clone()
        .answer(asked, move |app, asked| {
            asked.typed.only(&[])?;
            let read: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let text = |name: &str| read.get(name).and_then(Value::as_str);
            let (Some(name), Some(password)) = (text("name"), text("password")) else {
                return Err(Fault::invalid("sign-in-malformed"));
            };
            let (principal, secret) = app.accounts.sign_in(name, password, &asked.peer)?;
            // The session that was there before is not left behind.
            if let Some(former) = cookie(&asked.headers) {
                app.accounts.sign_out(former, &asked.peer)?;
            }
            answer(asked, &shown(&app.accounts, app, &principal)?, Some(&secret))
        })
        .await;
    drop(turn);
    response
}

/// `DELETE /session`: signs out.
pub async fn sign_out(State(app): State<Arc<App>>, Visited(asked): Visited) -> Response {
    app.answer(asked, |app, asked| {
        if let Some(session) = cookie(&asked.headers) {
            app.accounts.sign_out(session, &asked.peer)?;
        }
        Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, baked(asked, "", 0)?)]).into_response())
    })
    .await
}

/// Adds what signing in and out are to the description of `/session`.
pub fn describe(path: &mut Value, problem: &Value) {
    let text = json!({"type": "string"});
    let body = json!({
        "type": "object",
        "required": ["name", "password"],
        "properties": {"name": text, "password": {"type": "string", "format": "password"}},
    });
    let cookie = json!({"Set-Cookie": {"schema": text}});
    path["post"] = json!({
        "operationId": "sign-in",
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {"description": "Signed in", "headers": cookie},
            "400": problem, "401": problem, "403": problem, "409": problem, "413": problem, "415": problem, "429": problem,
        },
    });
    path["delete"] = json!({
        "operationId": "sign-out",
        "responses": {"204": {"description": "Signed out", "headers": cookie}, "403": problem},
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_a_token_under_its_scheme() {
        let headers = |name, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            headers
        };
        let read = |value: &str| cookie(&headers(header::COOKIE, value)).map(str::to_owned);
        assert_eq!(read("a=b; xiangtu_session=s3cret; c=d").as_deref(), Some("s3cret"));
        assert_eq!(read("xxiangtu_session=s3cret; xiangtu_session="), None);
        let token = |value: &str| bearer(&headers(header::AUTHORIZATION, value)).map(str::to_owned);
        assert_eq!(token("bearer xt_abc").as_deref(), Some("xt_abc"));
        assert_eq!(token("Basic eHQ6YWJj"), None);
    }
}
