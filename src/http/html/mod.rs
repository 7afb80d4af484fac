//! The same resources for people and for search engines: pages that the server writes, in both languages. They show what the
//! masked readers give and nothing else, need no script, and lead to the map page and back.

pub mod collections;
pub mod documents;
pub mod items;
pub mod processes;
mod values;

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::collection::About;
use crate::fault::Fault;
use crate::http::asked::{Asked, Visited};
use crate::http::error::problem;
use crate::http::link::{self, JSON};
use crate::http::unchanged;
use crate::text::Lang;

const STYLE: &str = include_str!("page.css");

/// The stylesheet's name, which changes with its content.
static STYLE_NAME: LazyLock<String> = LazyLock::new(|| format!("pages-{:016x}.css", xxh3_64(STYLE.as_bytes())));

/// The mark of the house: the icon of the map page.
const MARK: &str = include_str!("../../../web/src/icon.svg");

/// `GET /style/{file}`: the stylesheet of the pages, and their icon.
pub async fn style(Visited(asked): Visited) -> Response {
    if asked.segment(0) == "mark.svg" {
        let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
        return (headers, MARK).into_response();
    }
    if asked.segment(0) != *STYLE_NAME {
        return problem(&Fault::not_found("path-unknown").with("path", asked.uri.path()), asked.lang);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLE).into_response()
}

/// A page before its body is written.
pub struct Page<'a> {
    /// What was asked: the page's language and address.
    pub asked: &'a Asked,
    /// What people call the map.
    pub site: &'a str,
    /// What the page is about.
    pub title: String,
    /// In a sentence or two, for lists of search results.
    pub summary: String,
    /// Addresses and titles of the pages above it.
    pub above: Vec<(String, String)>,
    /// Where the map page shows it.
    pub map: String,
    /// What it is in the words of schema.org.
    pub data: Option<Value>,
    /// Addresses of the same in other formats, with their media types.
    pub alternates: Vec<(String, &'static str)>,
}

/// An address of ours with these parameters, and the language where the asker has chosen one by name.
pub fn to(asked: &Asked, path: &str, pairs: &[(&str, &str)]) -> String {
    let lang = asked.typed.get("lang").map(|lang| ("lang", lang));
    format!("{path}{}", link::query(pairs.iter().copied().chain(lang)))
}

/// A word of the catalogue.
pub fn say(asked: &Asked, key: &str) -> String {
    asked.lang.word(key)
}

/// A sentence of the catalogue.
pub fn tell<const N: usize>(asked: &Asked, key: &str, fields: [(&'static str, String); N]) -> String {
    asked.lang.sentence(key, &fields.into_iter().collect())
}

/// The fingerprint of a page of a collection: it says the same as long as the collection, the question and the program do.
pub fn etag(revision: &str, asked: &Asked) -> String {
    let (version, query) = (env!("CARGO_PKG_VERSION"), link::query(asked.typed.pairs()));
    let path = asked.uri.path();
    let all = format!("html {version} {} {revision} {} {} {path}{query}", *STYLE_NAME, asked.lang.code(), asked.base);
    format!("W/\"{:032x}\"", xxh3_128(all.as_bytes()))
}

/// The page under a tag that is known before it is made, or 304 without making it.
///
/// # Errors
/// What the page could not be made of.
pub fn fresh(asked: &Asked, revision: &str, page: impl FnOnce() -> Result<Response, Fault>) -> Result<Response, Fault> {
    let etag = etag(revision, asked);
    if asked.holds(&etag) {
        return Ok(unchanged(&etag));
    }
    let mut response = page()?;
    response.headers_mut().insert(header::ETAG, etag.parse().map_err(Fault::internal)?);
    Ok(response)
}

/// Where the map page shows a collection, or a feature of it: the question in the query, the window in the hash, as
/// `web/src/hash.ts` spells them.
pub fn on_map(asked: &Asked, about: &About, bbox: Option<[f64; 4]>, feature: Option<&str>) -> String {
    let undated = about.id.split('@').next().unwrap_or_default();
    let day = about.as_of.map(|day| day.to_string());
    let selected = feature.map(|id| format!("{}/{id}", about.analysis.unwrap_or(undated)));
    let mut pairs = vec![(if about.analysis.is_some() { "q" } else { "on" }, undated)];
    pairs.extend(day.as_deref().map(|day| ("day", day)));
    pairs.extend(selected.as_deref().map(|selected| ("sel", selected)));
    pairs.extend((asked.lang == Lang::En).then_some(("lang", "en")));
    format!("/{}{}", link::query(pairs), bbox.map(window).unwrap_or_default())
}

/// The hash that shows a box `[west, south, east, north]` in a window of a usual size.
fn window([west, south, east, north]: [f64; 4]) -> String {
    const WINDOW_PX: f64 = 560.0;
    let (lng, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
    // The world is 512 pixels wide at zoom 0, and a degree of latitude drawn longer the farther north it lies.
    let degrees = (east - west).abs().max((north - south).abs() / lat.to_radians().cos().max(0.05)).max(1e-9);
    let zoom = (WINDOW_PX * 360.0 / (512.0 * degrees)).log2().clamp(1.0, 16.5);
    format!("#{zoom:.2}/{lat:.5}/{lng:.5}")
}

impl Page<'_> {
    /// The whole page, under a tag of what it says; 304 for whoever has the same.
    pub fn show(self, body: &Markup) -> Response {
        let text = self.markup(body).into_string();
        let etag = format!("W/\"{:032x}\"", xxh3_128(text.as_bytes()));
        if self.asked.holds(&etag) {
            return unchanged(&etag);
        }
        let mut response = text.into_response();
        let headers = response.headers_mut();
        headers.extend(HeaderValue::try_from(etag).map(|etag| (header::ETAG, etag)));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.asked.lang.code()));
        response
    }

    /// This page in another language, or under the name that search engines keep it by.
    fn here(&self, lang: Option<Lang>) -> String {
        let kept = self.asked.typed.pairs().filter(|(name, _)| !matches!(*name, "f" | "lang"));
        let query = link::query(kept.chain(lang.map(|lang| ("lang", lang.code()))));
        format!("{}{}{query}", self.asked.base, self.asked.uri.path())
    }

    fn markup(&self, body: &Markup) -> Markup {
        let asked = self.asked;
        let (tag, other) = match asked.lang {
            Lang::Zh => ("zh-CN", Lang::En),
            Lang::En => ("en", Lang::Zh),
        };
        let json = link::query(asked.typed.pairs().filter(|(name, _)| *name != "f").chain([("f", "json")]));
        let json = format!("{}{json}", asked.uri.path());
        let nav = [
            (self.map.clone(), "html-map", false),
            (to(asked, "/collections", &[]), "html-collections", asked.uri.path().starts_with("/collections")),
            (to(asked, "/processes", &[]), "html-processes", asked.uri.path().starts_with("/processes")),
            (to(asked, "/api", &[("f", "html")]), "html-api", matches!(asked.uri.path(), "/api" | "/conformance")),
        ];
        html! {
            (DOCTYPE)
            html lang=(tag) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " – " (self.site) }
                    meta name="description" content=(self.summary);
                    link rel="canonical" href=(self.here(asked.typed.get("lang").map(|_| asked.lang)));
                    link rel="alternate" hreflang="zh-CN" href=(self.here(Some(Lang::Zh)));
                    link rel="alternate" hreflang="en" href=(self.here(Some(Lang::En)));
                    link rel="alternate" type=(JSON) href=(json);
                    @for (href, media) in &self.alternates { link rel="alternate" type=(media) href=(href); }
                    link rel="icon" type="image/svg+xml" href="/style/mark.svg";
                    link rel="stylesheet" href={ "/style/" (*STYLE_NAME) };
                    @if let Some(data) = &self.data {
                        // A block of data, which no browser runs. `<` is spelled so that no name can end it.
                        script type="application/ld+json" { (PreEscaped(data.to_string().replace('<', "\\u003c"))) }
                    }
                }
                body {
                    a .skip href="#main" { (say(asked, "html-skip")) }
                    header .top {
                        a .brand href=(to(asked, "/collections", &[])) {
                            span .mark aria-hidden="true" { (PreEscaped(MARK)) }
                            span { (self.site) }
                        }
                        nav aria-label=(say(asked, "html-nav")) {
                            @for (href, word, here) in nav {
                                a href=(href) aria-current=[here.then_some("page")] { (say(asked, word)) }
                            }
                        }
                        a .language href=(self.here(Some(other))) hreflang=(other.code()) lang=(other.code()) { (other.word("html-language")) }
                    }
                    main #main {
                        @if !self.above.is_empty() {
                            nav .above aria-label=(say(asked, "html-above")) {
                                @for (at, (href, title)) in self.above.iter().enumerate() {
                                    @if at > 0 { span aria-hidden="true" { "/" } }
                                    a href=(href) { (title) }
                                }
                            }
                        }
                        (body)
                    }
                    footer { a href=(json) { "JSON" } span { (self.site) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_its_box_and_a_point_is_not_looked_at_through_a_microscope() {
        assert_eq!(window([117.0, 40.0, 117.0, 40.0]), "#16.50/40.00000/117.00000");
        assert_eq!(window([-180.0, -60.0, 180.0, 60.0]), "#1.00/0.00000/0.00000");
        let town = window([117.4, 39.9, 117.6, 40.1]);
        assert!(town.starts_with("#10.") && town.ends_with("/40.00000/117.50000"), "{town}");
    }
}
