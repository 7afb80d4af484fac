//! The functions that a filter may use, our own among them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use crate::filter::function::{self, Argument, Function};
use crate::http::asked::Asked;
use crate::http::link::{JSON, Link};
use crate::http::{self, App};
use crate::text::Lang;

/// `GET /functions`
pub async fn list(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |_, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        let all: Vec<Value> = function::ALL.iter().map(|function| describe(function, asked.lang)).collect();
        let links = [Link::new("self", JSON, format!("{}/functions", asked.base))];
        Ok(http::json(&json!({"functions": all, "links": links}), JSON))
    })
    .await
}

fn describe(function: &Function, lang: Lang) -> Value {
    let argument = |argument: &Argument| {
        let about = lang.word(&format!("function-argument-{}", argument.name));
        json!({"title": argument.name, "description": about, "type": argument.types})
    };
    json!({
        "name": function.name,
        "description": lang.word(&format!("function-{}", function.name)),
        "arguments": function.arguments.iter().map(argument).collect::<Vec<_>>(),
        "returns": [function.returns],
    })
}
