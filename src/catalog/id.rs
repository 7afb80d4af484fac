//! The address of every map that ever was: `name[~param=value]…[@YYYY-MM-DD[@YYYY-MM-DD]]`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::fault::Fault;
use crate::units::{AsOf, Day};

/// A collection's id, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionId {
    /// The layer or analysis.
    pub name: String,
    /// Parameters as they were typed.
    pub parameters: BTreeMap<String, String>,
    /// The day as of which it is asked, and the day by whose evening it was known.
    pub as_of: AsOf,
}

/// What stands in an id as it is; every other character is `!` and two hexadecimal digits for each byte of its UTF-8.
fn plain(c: char) -> bool {
    c.is_alphanumeric() || "-._=',()<>+:".contains(c)
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if plain(c) {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(out, "!{byte:02X}");
            }
        }
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = if *first == b'!' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            &tail[2..]
        } else {
            bytes.push(*first);
            tail
        };
    }
    String::from_utf8(bytes).ok()
}

/// A day as an id has it: in ten characters.
fn read_day(text: &str) -> Result<Day, Fault> {
    let day = Some(text).filter(|text| text.len() == 10).and_then(Day::parse);
    day.ok_or_else(|| Fault::invalid("date-malformed").with("value", text))
}

impl CollectionId {
    /// Takes an id apart.
    ///
    /// # Errors
    /// `id-malformed`, `date-malformed`.
    pub fn parse(id: &str) -> Result<Self, Fault> {
        let malformed = || Fault::invalid("id-malformed").with("value", id);
        let (rest, days) = id.split_once('@').map_or((id, None), |(rest, days)| (rest, Some(days)));
        let (day, known) = days.and_then(|days| days.split_once('@')).map_or((days, None), |(d, k)| (Some(d), Some(k)));
        let as_of = AsOf { day: day.map(read_day).transpose()?, known: known.map(read_day).transpose()? };
        let mut parts = rest.split('~');
        let name = parts.next().and_then(unescape).filter(|name| !name.is_empty()).ok_or_else(malformed)?;
        let mut parameters = BTreeMap::new();
        for part in parts {
            let (parameter, value) = part.split_once('=').ok_or_else(malformed)?;
            let value = unescape(value).ok_or_else(malformed)?;
            if parameters.insert(parameter.to_owned(), value).is_some() {
                return Err(malformed());
            }
        }
        Ok(Self { name, parameters, as_of })
    }

    /// What is asked as of a day, as known on another.
    ///
    /// # Errors
    /// `known-without-day`: an id cannot spell it.
    pub fn as_of(day: Option<Day>, known: Option<Day>) -> Result<AsOf, Fault> {
        match (day, known) {
            (None, Some(known)) => Err(Fault::invalid("known-without-day").with("value", known)),
            _ => Ok(AsOf { day, known }),
        }
    }

    /// The canonical spelling of a name with parameters, in the order given, as of a day.
    pub fn spell<'a>(name: &str, parameters: impl IntoIterator<Item = (&'a str, String)>, as_of: AsOf) -> String {
        let mut id = String::new();
        escape(name, &mut id);
        for (parameter, value) in parameters {
            id.push('~');
            id.push_str(parameter);
            id.push('=');
            escape(&value, &mut id);
        }
        let _ = write!(id, "{as_of}");
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_back_what_was_spelled() {
        let value = "kind='公厕' AND x~y@z/ä 100%";
        let [day, known] = ["2026-06-30", "2026-07-02"].map(Day::parse);
        for (as_of, days) in [(AsOf::NOW, 0), (AsOf { day, known: None }, 1), (AsOf { day, known }, 2)] {
            let id = CollectionId::spell("coverage-gaps", [("where", value.to_owned())], as_of);
            let read = CollectionId::parse(&id).unwrap();
            assert_eq!(read.parameters["where"], value);
            assert_eq!(read.as_of, as_of);
            assert!(!id[..id.len() - 11 * days].contains(['@', '/', ' ', '%']), "{id}");
        }
    }

    #[test]
    fn a_broken_id_is_refused() {
        let days =
            ["x@2026-13-01", "x@today", "x@", "x@2026-01-01@", "x@@2026-01-01", "x@2026-01-01@2026-01-02@2026-01-03"];
        for id in ["", "~a=1", "x~a", "x~a=!G1", "x~a=1~a=2"].iter().chain(&days) {
            assert!(CollectionId::parse(id).is_err(), "{id}");
        }
    }
}
