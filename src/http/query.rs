//! From the raw query string to what is meant. Only meant values reach a collection.

use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;

use crate::encode::Format;
use crate::fault::Fault;
use crate::filter::{Encoding, Filter};
use crate::geo::reference::Reference;
use crate::kind::{Attribute, ValueType};
use crate::query::{Query, SortKey, Token};
use crate::text::Lang;
use crate::units::{Day, Span};

/// Features on a page when nothing is said. A township's layers are smaller, so that clients which never turn a page have them
/// whole; and a walk through a large layer in such pages costs little more than one stream of it (`bench/doors.py`).
pub const DEFAULT_LIMIT: usize = 10_000;

/// Features on a page at the most.
pub const MAX_LIMIT: usize = 1_000_000;

/// The parameters that every address takes.
const EVERYWHERE: &[&str] = &["f", "lang"];

/// The parameters of `items`, beside those.
pub const ITEMS: &[&str] = &[
    "limit",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "properties",
    "sortby",
    "filter",
    "filter-lang",
    "filter-crs",
    "next",
];

/// The parameters as they were typed, each once.
#[derive(Clone, Debug, Default)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// Reads a raw query string.
    ///
    /// # Errors
    /// `query-malformed` for what is not UTF-8, `query-twice` for a parameter that was given again.
    pub fn read(raw: &str) -> Result<Self, Fault> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in raw.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Fault::invalid("query-twice").with("parameter", name).with("value", value));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// What was typed for a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of it, in the order of typing.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Refuses what an address does not take; `own` are its parameters beside those that every address takes.
    ///
    /// # Errors
    /// `query-unknown`, naming the parameter and the known ones.
    pub fn only(&self, own: &[&str]) -> Result<(), Fault> {
        let known = || own.iter().chain(EVERYWHERE).copied();
        match self.0.iter().find(|(name, _)| !known().any(|k| k == name)) {
            Some((name, value)) => Err(Fault::invalid("query-unknown")
                .with("parameter", name)
                .with("value", value)
                .with("known", known().collect::<Vec<_>>().join(", "))),
            None => Ok(()),
        }
    }

    /// The language asked for by `lang`; None where it was left out.
    ///
    /// # Errors
    /// `parameter-not-one-of`.
    pub fn lang(&self) -> Result<Option<Lang>, Fault> {
        match self.get("lang") {
            None => Ok(None),
            Some(value) => Lang::preferred(value).map(Some).ok_or_else(|| not_one_of("lang", value, "zh, en")),
        }
    }

    /// For addresses that answer in JSON alone: `f`, where it is given, must say so.
    ///
    /// # Errors
    /// `format-unknown`.
    pub fn only_json(&self) -> Result<(), Fault> {
        match self.get("f") {
            None | Some("json") => Ok(()),
            Some(value) => {
                Err(Fault::invalid("format-unknown").with("parameter", "f").with("value", value).with("known", "json"))
            }
        }
    }

    /// The reference that a parameter names; longitude and latitude where it was left out.
    ///
    /// # Errors
    /// `crs-not-offered`.
    pub fn reference(&self, parameter: &'static str) -> Result<Reference, Fault> {
        let asked = self.get(parameter).map_or(Ok(Reference::CRS84), Reference::parse);
        asked.map_err(|fault| fault.or_with("parameter", parameter))
    }

    /// What is asked of a collection's items in a format, by a map whose days are those of `zone`.
    ///
    /// # Errors
    /// What is malformed or out of range, with the parameter, its value and what would be taken.
    pub fn items(&self, format: &Format, zone: &TimeZone) -> Result<Query, Fault> {
        let named = |name: &'static str| move |fault: Fault| fault.or_with("parameter", name);
        let encoding = self.get("filter-lang").map_or(Ok(Encoding::default()), Encoding::named)?;
        let places = self.reference("filter-crs")?;
        let filter = |text: &str| {
            let filter = Filter::read(text, encoding)?.in_zone(zone);
            if places == Reference::CRS84 { Ok(filter) } else { filter.map_places(places.reader()?) }
        };
        let boxes = self.reference("bbox-crs")?;
        let window = self.get("bbox").map(|text| boxes.window(text)).transpose().map_err(named("bbox"))?;
        let (bbox, outline) = window.map_or((None, None), |window| (Some(window.bbox), window.outline));
        Ok(Query {
            bbox,
            outline,
            during: self.get("datetime").map(|text| days(text, zone)).transpose()?,
            filter: self.get("filter").map(filter).transpose().map_err(named("filter"))?,
            sort: self.get("sortby").map_or(Ok(Vec::new()), SortKey::parse_list).map_err(named("sortby"))?,
            limit: self.limit(format)?,
            after: self.get("next").map(Token::parse).transpose().map_err(named("next"))?,
            properties: self.get("properties").map(|list| {
                list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
            }),
        })
    }

    /// What the queryables that were typed as parameters ask for (Part 3, `queryables-query-parameters`): each equals its value.
    /// A queryable whose name another parameter bears is not offered, nor is the geometry, for which there is `bbox`.
    ///
    /// # Errors
    /// `filter-value`, naming the queryable and what could stand there; `query-unknown` for what is none.
    pub fn queryables(&self, own: &[&str], attributes: &[Attribute]) -> Result<Option<Filter>, Fault> {
        let taken = |name: &str| own.contains(&name) || EVERYWHERE.contains(&name);
        let offered = |name: &str| {
            let found = attributes.iter().find(|a| a.name == name).map(|a| a.value_type);
            found.or((name == "id").then_some(ValueType::Text)).filter(|_| !taken(name))
        };
        let mut asked = None::<Filter>;
        for (name, value) in self.pairs().filter(|(name, _)| !taken(name)) {
            let Some(value_type) = offered(name) else {
                let mut known: Vec<&str> = own.iter().chain(EVERYWHERE).copied().collect();
                known.extend(attributes.iter().map(|a| a.name.as_str()).chain(["id"]).filter(|name| !taken(name)));
                return Err(Fault::invalid("query-unknown")
                    .with("parameter", name)
                    .with("value", value)
                    .with("known", known.join(", ")));
            };
            let one = Filter::equals(name, value_type, value)?;
            asked = Some(match asked {
                Some(all) => all.and(one),
                None => one,
            });
        }
        Ok(asked)
    }

    /// A page's limit. More than a page holds is no error (Part 1, `fc-limit-response`): the page is full and links to the
    /// next. A file has no pages, so that whatever was asked for is given.
    fn limit(&self, format: &Format) -> Result<Option<usize>, Fault> {
        let Some(value) = self.get("limit") else {
            return Ok(if format.file { None } else { Some(DEFAULT_LIMIT) });
        };
        let limit: usize = value.parse().ok().filter(|&n| n > 0).ok_or_else(|| {
            Fault::invalid("limit-malformed")
                .with("parameter", "limit")
                .with("value", value)
                .with("min", 1)
                .with("max", MAX_LIMIT)
        })?;
        Ok(Some(if format.file { limit } else { limit.min(MAX_LIMIT) }))
    }
}

fn not_one_of(parameter: &str, value: &str, known: &str) -> Fault {
    Fault::invalid("parameter-not-one-of").with("parameter", parameter).with("value", value).with("known", known)
}

fn decode(text: &str) -> Result<String, Fault> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned);
    decoded.map_err(|_| Fault::invalid("query-malformed").with("value", text))
}

/// The days that an RFC 3339 instant, a day, or an interval of two of which one may be open, has to do with, in the map's own
/// calendar: features are dated to the day.
fn days(text: &str, zone: &TimeZone) -> Result<Span, Fault> {
    let malformed = || Fault::invalid("datetime-malformed").with("parameter", "datetime").with("value", text);
    let one = |part: &str| {
        let day = || part.parse::<jiff::civil::Date>().ok().map(Day::from_date);
        let instant =
            part.parse::<jiff::Timestamp>().ok().map(|instant| (Day::of_instant(instant, zone), Some(instant)));
        instant.or_else(|| Some((day()?, None))).ok_or_else(malformed)
    };
    let end = |part: &str| if matches!(part, "" | "..") { Ok(None) } else { one(part).map(Some) };
    let Some((from, to)) = text.split_once('/') else {
        let (day, _) = one(text)?;
        return Ok(Span { from: Some(day), to: Some(day) });
    };
    match (end(from)?, end(to)?) {
        (None, None) => Err(malformed()),
        (Some((start, after)), Some((end, before)))
            if end < start || (after.is_some() && before.is_some() && before < after) =>
        {
            let fault = Fault::invalid("datetime-reversed").with("parameter", "datetime").with("value", text);
            Err(fault.with("from", from).with("to", to))
        }
        (from, to) => Ok(Span { from: from.map(|(day, _)| day), to: to.map(|(day, _)| day) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;

    fn asked(raw: &str) -> Result<Query, Fault> {
        let typed = Typed::read(raw)?;
        typed.queryables(ITEMS, &[])?;
        typed.reference("crs")?;
        typed.items(encode::find(typed.get("f").unwrap_or("geojson"))?, &TimeZone::UTC)
    }

    #[test]
    fn what_is_malformed_is_refused_by_name() {
        let cases = [
            ("limit=0", "limit-malformed"),
            ("limit=-1", "limit-malformed"),
            ("limit=abc", "limit-malformed"),
            ("bbox=1,2,3", "bbox-malformed"),
            ("bbox=1,9,3,2", "bbox-upside-down"),
            ("bbox=1,2,3,95", "bbox-out-of-range"),
            ("colour=red", "query-unknown"),
            ("limit=1&limit=2", "query-twice"),
            ("filter=%FF", "query-malformed"),
            ("next=!!", "token-malformed"),
            ("sortby=,", "sortby-malformed"),
            ("datetime=yesterday", "datetime-malformed"),
            ("datetime=../..", "datetime-malformed"),
            ("datetime=2026-10-01/2026-09-01", "datetime-reversed"),
            ("filter-lang=sql", "parameter-not-one-of"),
            ("filter-lang=cql2-json&filter=a%3D1", "filter-not-json"),
            ("filter-lang=cql2-json&filter={\"op\":1}", "filter-json"),
            ("bbox=1,2,3,4&bbox-crs=mars", "crs-not-offered"),
            ("bbox=9,1,2,3&bbox-crs=EPSG:4326", "bbox-upside-down"),
            ("f=docx", "format-unknown"),
        ];
        for (raw, code) in cases {
            assert_eq!(asked(raw).map(|_| ()).map_err(|fault| fault.code()), Err(code), "{raw}");
        }
    }

    #[test]
    fn a_queryable_is_a_parameter_unless_its_name_is_taken() {
        let attributes = [("condition", ValueType::Text), ("limit", ValueType::Int), ("area", ValueType::Float)]
            .map(|(name, value_type)| Attribute::foreign(name, value_type));
        let asked = |raw: &str| Typed::read(raw).unwrap().queryables(ITEMS, &attributes);
        let both = Filter::parse("condition = 'poor' AND area = 2").unwrap();
        assert_eq!(asked("condition=poor&limit=5&area=2&f=csv").unwrap(), Some(both));
        assert_eq!(asked("limit=5").unwrap(), None);
        assert_eq!(asked("area=much").unwrap_err().fields()["parameter"], "area");
        assert_eq!(asked("geom=1").unwrap_err().code(), "query-unknown");
    }

    #[test]
    fn a_page_is_limited_and_a_file_is_whole() {
        let limit = |raw: &str| asked(raw).unwrap().limit;
        assert_eq!(limit(""), Some(DEFAULT_LIMIT));
        assert_eq!(limit("limit=99999999"), Some(MAX_LIMIT));
        assert_eq!(limit("f=csv"), None);
        assert_eq!(limit("f=csv&limit=5"), Some(5));
        assert!(asked("datetime=2026-09-01/..").is_ok() && asked("datetime=2026-09-30T10:00:00Z").is_ok());
    }
}
