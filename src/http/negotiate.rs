//! In which of the formats that there are an asker wants the answer: by `f`, else by `Accept` (RFC 9110 §12.5.1).

use axum::http::header;

use crate::encode::Format;
use crate::fault::Fault;
use crate::http::asked::Asked;

/// A format that an address answers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its word for `f`.
    pub name: &'static str,
    /// The media types that ask for it; their parameters say nothing here.
    pub media: &'static [&'static str],
}

/// HTML, for people.
pub const HTML: Offer = Offer { name: "html", media: &["text/html", "application/xhtml+xml"] };

/// JSON of any kind, for programs.
const JSON: Offer = Offer {
    name: "json",
    media: &[
        "application/json",
        "application/schema+json",
        "application/openapi+json",
        "application/vnd.oai.openapi+json",
    ],
};

/// What a document is wanted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// For programs.
    Json,
    /// For people.
    Html,
}

/// How a document that there is as JSON and as HTML is wanted: programs that take anything get JSON, browsers HTML.
///
/// # Errors
/// As [`choose`].
pub fn document(asked: &Asked) -> Result<Wanted, Fault> {
    let chosen = choose(asked.typed.get("f"), asked.header(header::ACCEPT), &[JSON, HTML])?;
    Ok(if chosen == HTML { Wanted::Html } else { Wanted::Json })
}

/// The format that items are wanted in; None: as a page. Programs that take anything get GeoJSON.
///
/// # Errors
/// As [`choose`].
pub fn items(asked: &Asked, formats: &[&'static Format]) -> Result<Option<&'static Format>, Fault> {
    let offer = |format: &&'static Format| {
        let media: &'static [&'static str] = match format.name {
            // What says JSON and no more means the JSON of features.
            "geojson" => &["application/geo+json", "application/json"],
            _ => std::slice::from_ref(&format.media_type),
        };
        Offer { name: format.name, media }
    };
    let offers: Vec<Offer> = formats.iter().map(offer).chain([HTML]).collect();
    let f = asked.typed.get("f").map(|f| if f == "json" { "geojson" } else { f });
    let chosen = choose(f, asked.header(header::ACCEPT), &offers)?;
    Ok(formats.iter().copied().find(|format| format.name == chosen.name))
}

/// The offer that is wanted; among those that are wanted alike, the first.
///
/// # Errors
/// `format-unknown` (400) for an `f` that is none of them, `format-not-acceptable` (406) for an `Accept` that takes none.
pub fn choose(f: Option<&str>, accept: &str, offers: &[Offer]) -> Result<Offer, Fault> {
    let known = || offers.iter().map(|offer| offer.name).collect::<Vec<_>>().join(", ");
    if let Some(f) = f {
        let unknown =
            || Fault::invalid("format-unknown").with("parameter", "f").with("value", f).with("known", known());
        return offers.iter().copied().find(|offer| offer.name == f).ok_or_else(unknown);
    }
    let ranges = ranges(accept);
    let bare = |media: &&'static str| media.split(';').next().unwrap_or_default();
    // What names one of its types says more of an offer than what takes anything.
    let weigh = |offer: &Offer| {
        let weights = offer.media.iter().map(bare).map(|media| weight(&ranges, media));
        weights.max_by(|a, b| (a.0).cmp(&b.0).then(a.1.total_cmp(&b.1))).map_or(0.0, |(_, q)| q)
    };
    let mut best: Option<(f32, Offer)> = None;
    for offer in offers {
        let weight = if ranges.is_empty() { 1.0 } else { weigh(offer) };
        if weight > best.map_or(0.0, |(best, _)| best) {
            best = Some((weight, *offer));
        }
    }
    let refused = || Fault::not_acceptable("format-not-acceptable").with("value", accept).with("known", known());
    best.map(|(_, offer)| offer).ok_or_else(refused)
}

/// The media ranges of an `Accept` header, or the codings of an `Accept-Encoding`, with their weights. Parameters other than `q`
/// say nothing here.
fn ranges(accept: &str) -> Vec<(String, f32)> {
    let one = |range: &str| {
        let (media, parameters) = range.split_once(';').unwrap_or((range, ""));
        let q = parameters.split(';').find_map(|one| {
            let (name, value) = one.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().unwrap_or(0.0))
        });
        (media.trim().to_ascii_lowercase(), q.unwrap_or(1.0_f32).clamp(0.0, 1.0))
    };
    accept.split(',').filter(|range| !range.trim().is_empty()).map(one).collect()
}

/// Whether an `Accept-Encoding` takes a coding (RFC 9110 §12.5.3): by name, or as any other, and not with the weight 0; None
/// where it does not speak of it.
pub fn takes_coding(accepted: &str, coding: &str) -> Option<bool> {
    let codings = ranges(accepted);
    let weight = |name: &str| codings.iter().find(|(one, _)| one == name).map(|(_, q)| *q > 0.0);
    weight(coding).or_else(|| weight("*"))
}

/// How narrow the narrowest range is that takes a media type in (3 to 1, 0: none does), and what it says.
fn weight(ranges: &[(String, f32)], media: &str) -> (u8, f32) {
    let narrow = |range: &str| match range.split_once('/') {
        _ if range == media => 3,
        Some(("*", "*")) => 1,
        Some((of, "*")) if media.split('/').next() == Some(of) => 2,
        _ => 0,
    };
    let fitting = ranges.iter().map(|(range, q)| (narrow(range), *q)).filter(|(narrow, _)| *narrow > 0);
    fitting.max_by_key(|(narrow, _)| *narrow).unwrap_or((0, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Offer = Offer { name: "csv", media: &["text/csv"] };

    #[test]
    fn accept_is_obeyed_by_weight_and_f_beats_it() {
        let name = |f: Option<&str>, accept: &str| {
            choose(f, accept, &[JSON, CSV, HTML]).map(|offer| offer.name).map_err(|fault| fault.code())
        };
        let cases = [
            ("", Ok("json")),
            ("*/*", Ok("json")),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Ok("html")),
            ("text/csv;q=0.5, text/html;q=0.4", Ok("csv")),
            ("text/*", Ok("csv")),
            ("text/*, text/csv;q=0", Ok("html")),
            ("application/vnd.oai.openapi+json;version=3.0", Ok("json")),
            ("*/*, application/json;q=0.1", Ok("csv")),
            ("TEXT/HTML; Q=1", Ok("html")),
            ("image/png", Err("format-not-acceptable")),
            ("text/html;q=0", Err("format-not-acceptable")),
        ];
        for (accept, expected) in cases {
            assert_eq!(name(None, accept), expected, "{accept}");
        }
        assert_eq!(name(Some("csv"), "text/html"), Ok("csv"));
        assert_eq!(name(Some("xml"), "text/html"), Err("format-unknown"));
    }
}
