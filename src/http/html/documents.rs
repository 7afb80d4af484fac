//! What the interface is, for people: its addresses, and the standards that it keeps.

use axum::response::Response;
use maud::html;
use serde_json::Value;

use crate::http::App;
use crate::http::asked::Asked;
use crate::http::html::collections::{plain, site, to_map};
use crate::http::html::{Page, say, to};

fn page<'a>(app: &'a App, asked: &'a Asked, title: &str, told: &str) -> Page<'a> {
    Page {
        asked,
        site: site(app, asked),
        title: say(asked, title),
        summary: say(asked, told),
        above: Vec::new(),
        map: to_map(asked),
        data: None,
        alternates: Vec::new(),
    }
}

/// `GET /conformance` as a page.
pub fn conformance(app: &App, asked: &Asked, classes: &[&str]) -> Response {
    page(app, asked, "html-conformance", "html-conformance-told").show(&html! {
        h1 { (say(asked, "html-conformance")) }
        p .lead { (say(asked, "html-conformance-told")) }
        ul .plain { @for class in classes { li { code { (class) } } } }
    })
}

/// `GET /api` as a page: every address with its methods and parameters, off the OpenAPI document.
pub fn api(app: &App, asked: &Asked, document: &Value) -> Response {
    let none = serde_json::Map::new();
    let paths = document["paths"].as_object().unwrap_or(&none);
    let parameter = |one: &Value| match one["$ref"].as_str().and_then(|at| document.pointer(at.trim_start_matches('#')))
    {
        Some(named) => plain(&named["name"]),
        None => plain(&one["name"]),
    };
    page(app, asked, "html-api", "html-api-told").show(&html! {
        h1 { (say(asked, "html-api")) }
        p .lead { (say(asked, "html-api-told")) }
        p .actions {
            a .button.plain href=(to(asked, "/api", &[("f", "json")])) { "OpenAPI 3.0" }
            a .button.plain href=(to(asked, "/conformance", &[("f", "html")])) { (say(asked, "html-conformance")) }
        }
        div .scroll {
            table {
                thead { tr { @for word in ["html-method-http", "html-address", "html-parameters", "html-statuses"] { th scope="col" { (say(asked, word)) } } } }
                tbody {
                    @for (path, operations) in paths {
                        @for (method, operation) in operations.as_object().into_iter().flatten() {
                            tr {
                                td { code .verb { (method.to_uppercase()) } }
                                th scope="row" {
                                    @if method == "get" && !path.contains('{') && !path.ends_with("/collection") { a href=(path) { code { (path) } } } @else { code { (path) } }
                                }
                                td .terms { (operation["parameters"].as_array().into_iter().flatten().map(parameter).collect::<Vec<_>>().join(", ")) }
                                td .terms { (operation["responses"].as_object().into_iter().flatten().map(|(status, _)| status.as_str()).collect::<Vec<_>>().join(" ")) }
                            }
                        }
                    }
                }
            }
        }
    })
}
