//! The body of an execution: inputs as JSON, as one would type them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::catalog::CollectionId;
use crate::fault::Fault;
use crate::http::processes;
use crate::units::{AsOf, Day};

/// The inputs as text, as they would be typed into an id; and as of when they are asked.
pub fn inputs(body: &[u8]) -> Result<(BTreeMap<String, String>, AsOf), Fault> {
    let malformed =
        |cause: String| Fault::invalid("body-malformed").with("expected", r#"{"inputs": {…}}"#).with("cause", cause);
    let body: Value = match body {
        [] => json!({}),
        bytes => serde_json::from_slice(bytes).map_err(|error| malformed(error.to_string()))?,
    };
    let Value::Object(body) = body else { return Err(malformed("not an object".to_owned())) };
    let none = Map::new();
    let inputs = match body.get("inputs") {
        None | Some(Value::Null) => &none,
        Some(Value::Object(inputs)) => inputs,
        Some(_) => return Err(malformed("inputs: not an object".to_owned())),
    };
    let mut typed = BTreeMap::new();
    for (name, value) in inputs.iter().filter(|(_, value)| !value.is_null()) {
        let wrong = || Fault::invalid("input-type").with("parameter", name).with("value", value);
        let text = plain(value).ok_or_else(wrong)?;
        // A form sends a field that was left empty all the same.
        if !text.is_empty() {
            typed.insert(name.clone(), text);
        }
    }
    let day = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let day = value.as_str().and_then(Day::parse).map(Some);
            day.ok_or_else(|| Fault::invalid("date-malformed").with("parameter", name).with("value", value))
        }
    };
    Ok((typed, CollectionId::as_of(day("asOf")?, day("known")?)?))
}

/// A number, a text or a yes/no as text, a list joined by commas; None for what an id cannot spell.
fn plain(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(x) if !number.is_i64() && !number.is_u64() => processes::tidy(x).to_string(),
            _ => number.to_string(),
        },
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>()?.join(","),
        Value::Null | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_what_one_would_type() {
        let body = br#"{"inputs": {"distance": 800.0, "days": 30, "condition": ["poor", "black"], "farms": null, "where": ""}}"#;
        let (typed, as_of) = inputs(body).unwrap();
        let expected = [("condition", "poor,black"), ("days", "30"), ("distance", "800")];
        assert_eq!(typed, expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
        assert_eq!(as_of, AsOf::NOW);
        let [day, known] = ["2026-09-30", "2026-10-02"].map(Day::parse);
        let dated = inputs(br#"{"asOf": "2026-09-30", "known": "2026-10-02"}"#).unwrap();
        assert_eq!(dated.1, AsOf { day, known });
        assert_eq!(inputs(br#"{"known": "2026-10-02"}"#).map_err(|fault| fault.code()), Err("known-without-day"));
        assert_eq!(inputs(br#"{"inputs": {"distance": {}}}"#).map_err(|fault| fault.code()), Err("input-type"));
        for broken in [&b"{"[..], b"[]", b"{\"inputs\": 5}"] {
            assert_eq!(inputs(broken).map_err(|fault| fault.code()), Err("body-malformed"));
        }
    }
}
