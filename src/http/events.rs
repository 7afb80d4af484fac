//! What happened: the history of a feature, an event or many recorded, the kinds of event.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};
use xxhash_rust::xxh3::xxh3_128;

use crate::event::{self, Qualifier};
use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::link::{self, JSON};
use crate::http::{self, App, body, error, matches};
use crate::kind;
use crate::ledger::{Happening, single};
use crate::store::{self, Event, Refused};
use crate::text::Lang;
use crate::units::Day;

/// The largest body of events, bytes: some ten thousand of them.
const BODY_LIMIT: usize = 16 << 20;

/// `GET /events/kinds`
pub async fn kinds(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |_, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        let described: Vec<Value> =
            kind::all().iter().flat_map(|kind| event::of(kind).map(|event| event.describe(kind))).collect();
        let titled = |id: &str, titles: Value| json!({"value": id, "titles": titles});
        let units: Vec<Value> = event::units().iter().map(|unit| titled(&unit.id, json!(unit.title))).collect();
        let qualifiers = Qualifier::ALL.map(|one| {
            let title = |lang: Lang| lang.word(&format!("qualifier-{}", one.id().replace('_', "-")));
            titled(one.id(), json!({"zh": title(Lang::Zh), "en": title(Lang::En)}))
        });
        Ok(http::json(&json!({"events": described, "units": units, "qualifiers": qualifiers}), JSON))
    })
    .await
}

/// `GET /collections/{id}/items/{fid}/events`
pub async fn history(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        asked.typed.only_json()?;
        let (layer, id) = (asked.segment(0), asked.segment(1));
        let events = app.ledger.history(layer, id)?;
        let rights = app.rights(asked)?;
        let clear = match events.first() {
            _ if rights.sight().is_clear() => true,
            Some(_) => app.ledger.sees(&rights, layer, id)?,
            None => false,
        };
        let events: Vec<Value> = events.iter().map(|event| describe(app, event, clear)).collect();
        Ok(http::json(&json!({"events": events}), JSON))
    })
    .await
}

/// An event as JSON; what is personal only to those who see the feature in clear.
pub fn describe(app: &App, event: &Event, clear: bool) -> Value {
    let draft = &event.draft;
    let zone = &app.catalog.map().zone;
    let late = event.recorded_at.parse().is_ok_and(|at| Day::of_instant(at, zone) > draft.on);
    let known = app.catalog.kind_of(&event.layer).and_then(|kind| event::known(&kind, &draft.event));
    let quantity = draft.quantity.as_ref().map(|quantity| {
        let text = json!({"zh": quantity.text(Lang::Zh), "en": quantity.text(Lang::En)});
        json!({"value": quantity.value, "unit": quantity.unit.id, "qualifier": quantity.qualifier, "text": text})
    });
    let personal = |text: &str| if clear || text.is_empty() { text.to_owned() } else { "***".to_owned() };
    let evidence: Vec<Value> = if clear {
        draft.evidence.iter().map(|id| json!({"id": id, "url": format!("/evidence/{id}"), "thumbnail": format!("/evidence/{id}/thumbnail")})).collect()
    } else {
        Vec::new()
    };
    json!({
        "id": event.id(),
        "collection": event.layer,
        "feature": event.feature,
        "event": draft.event,
        "titles": known.map(|kind| json!(kind.title)),
        "on": draft.on.to_string(),
        "recorded_at": event.recorded_at,
        "author": draft.author,
        "by": personal(&draft.by),
        "note": personal(&draft.note),
        "quantity": quantity,
        "position": draft.position.filter(|_| clear),
        "evidence": evidence,
        "fields": if clear { draft.fields.clone() } else { Map::new() },
        "changes": if clear { draft.effect.sets.clone() } else { Map::new() },
        "moved": draft.effect.geom.is_some(),
        "late": late,
        "undone": event.undone,
        "undoes": draft.effect.undoes.map(|seq| format!("e-{seq}")),
    })
}

/// `POST /collections/{id}/items/{fid}/events`
pub async fn record(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    let lang = asked.lang;
    let bytes = match body::read(request, BODY_LIMIT).await {
        Ok(bytes) => bytes,
        Err(fault) => return error::problem(&fault, lang),
    };
    app.answer(asked, move |app, asked| {
        asked.typed.only(&[])?;
        let mut said = read(&bytes, EVENT)?;
        said.insert("collection".to_owned(), asked.segment(0).into());
        said.insert("feature".to_owned(), asked.segment(1).into());
        let mut happening = happening(said)?;
        happening.matches = matches::optional(asked)?;
        let request = matches::request(asked, &bytes)?;
        let written = app.ledger.record(&app.rights(asked)?, vec![happening], request).map_err(single)?;
        // What was recorded already has nothing to show: only rows of logs, which do not come here, are passed over.
        let event = written.events.first().and_then(Option::as_ref);
        let event = event.ok_or_else(|| Fault::internal("nothing was recorded"))?;
        let mut response = http::json(&describe(app, event, true), JSON);
        *response.status_mut() = StatusCode::CREATED;
        let headers = response.headers_mut();
        let to = format!("{}/items/{}", link::collection(store::LOG), event.id());
        headers.insert(header::LOCATION, to.parse().map_err(Fault::internal)?);
        if written.again {
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        Ok(response)
    })
    .await
}

/// `POST /events`: all or nothing.
pub async fn record_many(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    let lang = asked.lang;
    let bytes = match body::read(request, BODY_LIMIT).await {
        Ok(bytes) => bytes,
        Err(fault) => return error::problem(&fault, lang),
    };
    app.answer(asked, move |app, asked| {
        asked.typed.only(&[])?;
        let mut said = read(&bytes, EVENTS)?;
        let Some(Value::Array(rows)) = said.remove("events") else {
            return Err(Fault::invalid("events-missing"));
        };
        if let Some(name) = said.keys().next() {
            return Err(Fault::invalid("member-unknown").with("field", name).with("known", "events"));
        }
        let (mut happenings, mut refused) = (Vec::with_capacity(rows.len()), Vec::new());
        for (at, row) in rows.into_iter().enumerate() {
            let read = match row {
                Value::Object(row) => happening(row),
                _ => Err(Fault::invalid("body-malformed").with("expected", EVENT).with("cause", "not an object")),
            };
            match read {
                Ok(one) => happenings.push(one),
                Err(fault) => refused.push((at, fault)),
            }
        }
        if !refused.is_empty() {
            return Ok(error::rows(&refused, asked.lang));
        }
        let request = matches::request(asked, &bytes)?;
        match app.ledger.record(&app.rights(asked)?, happenings, request) {
            Ok(written) => {
                let events: Vec<Value> =
                    written.events.iter().flatten().map(|event| describe(app, event, true)).collect();
                let mut response = http::json(&json!({"events": events}), JSON);
                *response.status_mut() = StatusCode::CREATED;
                if written.again {
                    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
                }
                Ok(response)
            }
            Err(Refused::Whole(fault)) => Err(fault),
            Err(Refused::Steps(refused)) => Ok(error::rows(&refused, asked.lang)),
        }
    })
    .await
}

/// How one event, and how several are written, for who has written something else.
const EVENT: &str = r#"{"event": "…", "on": "YYYY-MM-DD"}"#;
const EVENTS: &str = r#"{"events": [{"collection": "…", "feature": "…", "event": "…"}]}"#;

/// A JSON object out of a body, which was to look as `expected` does.
pub fn read(bytes: &[u8], expected: &str) -> Result<Map<String, Value>, Fault> {
    serde_json::from_slice(bytes)
        .map_err(|error| Fault::invalid("body-malformed").with("expected", expected).with("cause", error))
}

const MEMBERS: &[&str] =
    &["collection", "feature", "event", "on", "by", "note", "quantity", "position", "evidence", "fields", "undoes"];

fn happening(mut said: Map<String, Value>) -> Result<Happening, Fault> {
    if let Some(name) = said.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(Fault::invalid("member-unknown").with("field", name).with("known", MEMBERS.join(", ")));
    }
    let wrong = |name: &'static str, value: &Value, accepted: &str| {
        Fault::unprocessable("field-value").with("field", name).with("value", value).with("accepted", accepted)
    };
    let mut text = |name: &'static str| match said.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(name, &other, "text")),
    };
    let on = match text("on")? {
        Some(on) => Some(Day::parse(&on).ok_or_else(|| wrong("on", &on.clone().into(), "YYYY-MM-DD"))?),
        None => None,
    };
    let mut happening = Happening {
        layer: text("collection")?.unwrap_or_default(),
        feature: text("feature")?.unwrap_or_default(),
        event: text("event")?.unwrap_or_default(),
        on,
        by: text("by")?.unwrap_or_default(),
        note: text("note")?.unwrap_or_default(),
        undoes: text("undoes")?,
        ..Happening::default()
    };
    happening.quantity = match said.remove("quantity") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text),
        Some(value) => Some(quantity(&value).ok_or_else(|| wrong("quantity", &value, "{value, unit, qualifier}"))?),
    };
    happening.position = match said.remove("position") {
        None | Some(Value::Null) => None,
        Some(value) => match serde_json::from_value(value.clone()) {
            Ok(position) => Some(position),
            Err(_) => return Err(wrong("position", &value, "[lng, lat]")),
        },
    };
    happening.evidence = match said.remove("evidence") {
        None | Some(Value::Null) => Vec::new(),
        Some(value) => {
            serde_json::from_value(value.clone()).map_err(|_| wrong("evidence", &value, "[\"<sha256>\", …]"))?
        }
    };
    happening.fields = match said.remove("fields") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(fields)) => fields,
        Some(value) => return Err(wrong("fields", &value, "{…}")),
    };
    Ok(happening)
}

/// A quantity given in its parts, as one would write it.
fn quantity(value: &Value) -> Option<String> {
    let object = value.as_object()?;
    let number = object.get("value")?.as_f64()?;
    let unit = object.get("unit").and_then(Value::as_str).unwrap_or_default();
    match object.get("qualifier").and_then(Value::as_str).map_or(Some(Qualifier::Exact), Qualifier::parse)? {
        Qualifier::Exact => Some(format!("{number}{unit}")),
        Qualifier::Approx => Some(format!("约{number}{unit}")),
        Qualifier::AtLeast => Some(format!("{number}余{unit}")),
    }
}

/// A fingerprint of what a request asks: its method, its address and its body.
pub fn fingerprint(method: &str, path: &str, bytes: &[u8]) -> String {
    let mut all = format!("{method} {path}\n").into_bytes();
    all.extend_from_slice(bytes);
    format!("{:032x}", xxh3_128(&all))
}
