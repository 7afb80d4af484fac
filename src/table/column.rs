//! Typed columns with interned strings.

use std::collections::HashMap;

use crate::kind::ValueType;
use crate::units::Day;

/// One value, borrowed from its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Not known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number, always finite.
    Float(f64),
    /// Text or a code.
    Text(&'a str),
    /// A day.
    Date(Day),
}

impl Value<'_> {
    /// Whether nothing is known.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// As a number, where it is one.
    pub fn number(&self) -> Option<f64> {
        match *self {
            Self::Int(n) => Some(n as f64),
            Self::Float(x) => Some(x),
            _ => None,
        }
    }

    /// The order of values of one column: null first, then as one would expect; text by code point.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match (self, other) {
            (Self::Null, Self::Null) => Equal,
            (Self::Null, _) => Less,
            (_, Self::Null) => Greater,
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => a.rank().cmp(&b.rank()),
            },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Int(_) | Self::Float(_) => 2,
            Self::Date(_) => 3,
            Self::Text(_) => 4,
        }
    }

    /// As people and CSV read it; null is empty.
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(b) => b.to_string(),
            Self::Int(n) => n.to_string(),
            Self::Float(x) => x.to_string(),
            Self::Text(t) => (*t).to_owned(),
            Self::Date(day) => day.to_string(),
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(b) => (*b).into(),
            Self::Int(n) => (*n).into(),
            Self::Float(x) => serde_json::Number::from_f64(*x).map_or(serde_json::Value::Null, Into::into),
            Self::Text(t) => (*t).into(),
            Self::Date(day) => day.to_string().into(),
        }
    }
}

/// Strings one after another in one allocation.
#[derive(Debug, Default)]
pub struct Ids {
    text: String,
    ends: Vec<u32>,
}

impl Ids {
    /// About how many bytes they take.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<u32>()
    }

    /// Adds one.
    pub fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len() as u32);
    }

    /// The string at `at`.
    #[inline]
    pub fn get(&self, at: u32) -> &str {
        let at = at as usize;
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[from..self.ends[at] as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

const NO_WORD: u32 = u32::MAX;
const NO_INT: i64 = i64::MIN;
const NO_DAY: i32 = i32::MIN;
const NO_BOOL: u8 = 2;

/// A column of one type; null is a value out of the type's use.
#[derive(Debug)]
pub enum Column {
    /// Text and codes: numbers into a list of the words that occur.
    Words {
        /// Row to word.
        codes: Vec<u32>,
        /// The words that occur.
        words: Ids,
    },
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Decimal numbers; NaN is null.
    Floats(Vec<f64>),
    /// Yes and no.
    Bools(Vec<u8>),
    /// Days.
    Days(Vec<i32>),
}

impl Column {
    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Words { codes, words } => codes.len() * size_of::<u32>() + words.bytes(),
            Self::Ints(all) => all.len() * size_of::<i64>(),
            Self::Floats(all) => all.len() * size_of::<f64>(),
            Self::Bools(all) => all.len(),
            Self::Days(all) => all.len() * size_of::<i32>(),
        }
    }

    /// The value at `at`.
    #[inline]
    pub fn get(&self, at: u32) -> Value<'_> {
        let at = at as usize;
        match self {
            Self::Words { codes, words } => match codes[at] {
                NO_WORD => Value::Null,
                code => Value::Text(words.get(code)),
            },
            Self::Ints(all) => {
                if all[at] == NO_INT {
                    Value::Null
                } else {
                    Value::Int(all[at])
                }
            }
            Self::Floats(all) => {
                if all[at].is_nan() {
                    Value::Null
                } else {
                    Value::Float(all[at])
                }
            }
            Self::Bools(all) => {
                if all[at] == NO_BOOL {
                    Value::Null
                } else {
                    Value::Bool(all[at] == 1)
                }
            }
            Self::Days(all) => {
                if all[at] == NO_DAY {
                    Value::Null
                } else {
                    Value::Date(Day(all[at]))
                }
            }
        }
    }
}

/// A column being filled.
pub struct ColumnBuilder {
    column: Column,
    /// A fast hash: the words come from the map's own store, not from whoever asks.
    seen: HashMap<Box<str>, u32, foldhash::fast::RandomState>,
}

impl ColumnBuilder {
    /// An empty column for values of this type.
    pub fn new(value_type: ValueType) -> Self {
        let column = match value_type {
            ValueType::Text | ValueType::Code | ValueType::Instant => {
                Column::Words { codes: Vec::new(), words: Ids::default() }
            }
            ValueType::Int => Column::Ints(Vec::new()),
            ValueType::Float => Column::Floats(Vec::new()),
            ValueType::Bool => Column::Bools(Vec::new()),
            ValueType::Date => Column::Days(Vec::new()),
        };
        Self { column, seen: HashMap::default() }
    }

    /// Adds a value; one of another type is null, for the columns are typed where they are written.
    pub fn push(&mut self, value: Value<'_>) {
        match (&mut self.column, value) {
            (Column::Words { codes, words }, Value::Text(text)) => {
                let code = match self.seen.get(text) {
                    Some(&code) => code,
                    None => {
                        let code = words.len() as u32;
                        words.push(text);
                        self.seen.insert(text.into(), code);
                        code
                    }
                };
                codes.push(code);
            }
            (Column::Words { codes, .. }, _) => codes.push(NO_WORD),
            (Column::Ints(all), Value::Int(n)) => all.push(n),
            (Column::Ints(all), _) => all.push(NO_INT),
            // A sum of nothing is 0, without a sign.
            (Column::Floats(all), value) => all.push(value.number().map_or(f64::NAN, |x| x + 0.0)),
            (Column::Bools(all), Value::Bool(b)) => all.push(u8::from(b)),
            (Column::Bools(all), _) => all.push(NO_BOOL),
            (Column::Days(all), Value::Date(day)) => all.push(day.0),
            (Column::Days(all), _) => all.push(NO_DAY),
        }
    }

    /// The column, in no more memory than it needs.
    pub fn finish(mut self) -> Column {
        match &mut self.column {
            Column::Words { codes, words } => {
                codes.shrink_to_fit();
                words.shrink();
            }
            Column::Ints(all) => all.shrink_to_fit(),
            Column::Floats(all) => all.shrink_to_fit(),
            Column::Bools(all) => all.shrink_to_fit(),
            Column::Days(all) => all.shrink_to_fit(),
        }
        self.column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_once_and_null_stays_null() {
        let mut builder = ColumnBuilder::new(ValueType::Text);
        for value in [Value::Text("poor"), Value::Null, Value::Text("good"), Value::Text("poor")] {
            builder.push(value);
        }
        let column = builder.finish();
        assert!(matches!(&column, Column::Words { words, .. } if words.len() == 2));
        assert_eq!(column.get(0), column.get(3));
        assert_eq!(column.get(1), Value::Null);
        assert_eq!(column.get(2), Value::Text("good"));
    }
}
