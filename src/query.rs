//! A question: bbox, filter, order, page. It filters what comes out of a collection and never reaches into one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::fault::Fault;
use crate::filter::Filter;
use crate::geo::bbox::Bbox;
use crate::units::Span;

/// What is asked of a collection. The default asks for everything, in the collection's own order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Only features that share a point with this box.
    pub bbox: Option<Bbox>,
    /// The outline of that box, where its edges are straight in another plane (`Reference::window`).
    pub outline: Option<geo_types::Polygon<f64>>,
    /// Only features that have to do with one of these days; those without a time of their own have to do with every day.
    pub during: Option<Span>,
    /// Only features for which this holds.
    pub filter: Option<Filter>,
    /// The order; empty: the collection's own. The id always has the last word.
    pub sort: Vec<SortKey>,
    /// At the most so many; None: all.
    pub limit: Option<usize>,
    /// Go on behind the feature where an earlier page ended.
    pub after: Option<Token>,
    /// Only these properties, in the order of the schema; None: all.
    pub properties: Option<Vec<String>>,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// An attribute, or `id`.
    pub attribute: String,
    /// Largest first. Null comes last either way.
    pub descending: bool,
}

impl SortKey {
    /// Smallest first.
    pub fn up(attribute: &str) -> Self {
        Self { attribute: attribute.to_owned(), descending: false }
    }

    /// Largest first.
    pub fn down(attribute: &str) -> Self {
        Self { attribute: attribute.to_owned(), descending: true }
    }

    /// Reads `-distance_m,+name,id` (OGC API Records' `sortby`).
    ///
    /// # Errors
    /// `sortby-malformed` for an empty key.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Fault> {
        text.split(',')
            .map(|key| {
                let key = key.trim();
                let (descending, attribute) = match key.strip_prefix('-') {
                    Some(rest) => (true, rest),
                    // A `+` that was not percent-encoded arrives as a space, which was trimmed.
                    None => (false, key.strip_prefix('+').unwrap_or(key)),
                };
                if attribute.is_empty() {
                    return Err(Fault::invalid("sortby-malformed").with("value", text));
                }
                Ok(Self { attribute: attribute.to_owned(), descending })
            })
            .collect()
    }
}

/// Where a page ended: the sort values and the id of its last feature. Stable under edits, for it names no position.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The values under the sort keys in force, as JSON.
    pub values: Vec<serde_json::Value>,
    /// The feature's id.
    pub id: String,
}

impl Token {
    /// The token as it stands in a link.
    pub fn spell(&self) -> String {
        let json = serde_json::json!([self.values, self.id]);
        URL_SAFE_NO_PAD.encode(json.to_string())
    }

    /// Reads a token that a link gave.
    ///
    /// # Errors
    /// `token-malformed`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (values, id) = serde_json::from_slice(&bytes).ok()?;
            Some(Self { values, id })
        };
        read().ok_or_else(|| Fault::invalid("token-malformed").with("parameter", "next").with("value", text))
    }
}
