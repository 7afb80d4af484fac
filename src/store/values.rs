//! Values between the columns of SQLite and those of a table.

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};

use crate::kind::ValueType;
use crate::table::Value;
use crate::units::Day;

/// A value as SQLite keeps it: days as ISO text, yes and no as 1 and 0.
pub fn to_sql(value: Value<'_>) -> ToSqlOutput<'_> {
    match value {
        Value::Null => ToSqlOutput::Owned(Owned::Null),
        Value::Bool(b) => ToSqlOutput::Owned(Owned::Integer(i64::from(b))),
        Value::Int(n) => ToSqlOutput::Owned(Owned::Integer(n)),
        Value::Float(x) => ToSqlOutput::Owned(Owned::Real(x)),
        Value::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
        Value::Date(day) => ToSqlOutput::Owned(Owned::Text(day.to_string())),
    }
}

/// A value out of SQLite; null where another program has written what the type does not allow.
#[inline]
pub fn from_sql(value: ValueRef<'_>, value_type: ValueType) -> Value<'_> {
    match (value_type, value) {
        (ValueType::Text | ValueType::Code | ValueType::Instant, ValueRef::Text(t)) => {
            std::str::from_utf8(t).map_or(Value::Null, Value::Text)
        }
        (ValueType::Int, ValueRef::Integer(n)) => Value::Int(n),
        (ValueType::Float, ValueRef::Real(x)) => Value::Float(x),
        (ValueType::Float, ValueRef::Integer(n)) => Value::Float(n as f64),
        (ValueType::Bool, ValueRef::Integer(n)) => Value::Bool(n != 0),
        (ValueType::Date, ValueRef::Text(t)) => day(t).map_or(Value::Null, Value::Date),
        _ => Value::Null,
    }
}

fn day(text: &[u8]) -> Option<Day> {
    std::str::from_utf8(text).ok().and_then(Day::parse)
}

/// A value out of JSON; null where it is not of the type.
pub fn from_json(json: &serde_json::Value, value_type: ValueType) -> Value<'_> {
    let value = match value_type {
        ValueType::Text | ValueType::Code | ValueType::Instant => json.as_str().map(Value::Text),
        ValueType::Int => json.as_i64().map(Value::Int),
        ValueType::Float => json.as_f64().map(Value::Float),
        ValueType::Bool => json.as_bool().map(Value::Bool),
        ValueType::Date => json.as_str().and_then(Day::parse).map(Value::Date),
    };
    value.unwrap_or(Value::Null)
}

/// Whether two values are the same to the bit (two NaN do not occur).
pub fn same(a: Value<'_>, b: Value<'_>) -> bool {
    a == b
}
