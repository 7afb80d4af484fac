//! Features for people: pages of a table, and one feature with all that is known of it.

use axum::http::{HeaderValue, Method};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value as Json;

use crate::account::Export;
use crate::collection::{About, Collection};
use crate::fault::{Class, Fault};
use crate::geo::shape::{Shape, ShapeKind};
use crate::http::asked::Asked;
use crate::http::html::collections::{plain, site};
use crate::http::html::{Page, on_map, say, tell, to, values};
use crate::http::{App, events, link};
use crate::kind::Attribute;
use crate::query::Query;
use crate::table::{Answer, Row};

/// Features on a page when nothing is said: as many as one looks through.
pub const DEFAULT_LIMIT: usize = 50;

/// Features on a page at the most: a table of more is no reading matter.
const MAX_LIMIT: usize = 1000;

/// `GET /collections/{id}/items` as a page.
///
/// # Errors
/// What the query may not ask.
pub fn items(app: &App, asked: &Asked, collection: &dyn Collection, mut query: Query) -> Result<Response, Fault> {
    query.limit = match asked.typed.get("limit") {
        Some(_) => query.limit.map(|limit| limit.min(MAX_LIMIT)),
        None => Some(DEFAULT_LIMIT),
    };
    let answer = collection.features(&query)?;
    let about = collection.about();
    let home = link::collection(&about.id);
    let returned = answer.rows().len();
    // One page is a look; who turns pages takes part of much with them.
    if asked.typed.get("next").is_some() && asked.method == Method::GET {
        let export = Export { collection: &about.id, format: "html", features: returned, file: false };
        app.accounts.note_export(&asked.principal, &asked.peer, &export)?;
    }
    let told =
        tell(asked, "html-items-told", [("shown", values::count(returned)), ("number", values::count(answer.matched))]);
    let title = about.title.get(asked.lang).to_owned();
    let page = Page {
        asked,
        site: site(app, asked),
        title: format!("{title} · {}", say(asked, "html-items")),
        summary: format!("{title}：{told}"),
        above: vec![
            (to(asked, "/collections", &[]), say(asked, "html-collections")),
            (to(asked, &home, &[]), title.clone()),
        ],
        map: on_map(asked, about, collection.summary()?.bbox, None),
        data: None,
        alternates: Vec::new(),
    };
    let body = html! {
        h1 { (title) }
        p .lead { (told) }
        (asking(about, asked))
        @if returned == 0 { p .empty { (say(asked, "html-items-none")) } } @else { (table(about, &answer, asked)) }
        (pager(&home, &answer, asked))
    };
    let mut response = page.show(&body);
    response.headers_mut().insert("ogc-numbermatched", HeaderValue::from(answer.matched));
    response.headers_mut().insert("ogc-numberreturned", HeaderValue::from(returned));
    Ok(response)
}

/// The same question with some parameters left out and others put in.
fn again(asked: &Asked, without: &[&str], with: &[(&str, &str)]) -> String {
    let kept = asked.typed.pairs().filter(|(name, _)| !without.contains(name));
    format!("{}{}", asked.uri.path(), link::query(kept.chain(with.iter().copied())))
}

/// The form of a filter; what else was asked is kept.
fn asking(about: &About, asked: &Asked) -> Markup {
    let example = about.kind.attributes.iter().find(|a| !a.domain.is_empty());
    let example = example.map_or("name LIKE '%1%'".to_owned(), |a| format!("{} = '{}'", a.name, a.domain[0].value));
    html! {
        form .filter method="get" action=(asked.uri.path()) {
            @for (name, value) in asked.typed.pairs().filter(|(name, _)| !matches!(*name, "filter" | "next" | "filter-lang")) {
                input type="hidden" name=(name) value=(value);
            }
            label for="filter" { (say(asked, "html-filter")) }
            input #filter type="text" name="filter" required placeholder=(example) value=[asked.typed.get("filter")] autocomplete="off" spellcheck="false";
            button .button { (say(asked, "html-filter-go")) }
            @if asked.typed.get("filter").is_some() {
                a href=(again(asked, &["filter", "filter-lang", "next"], &[])) { (say(asked, "html-filter-clear")) }
            }
        }
    }
}

fn pager(home: &str, answer: &Answer, asked: &Asked) -> Markup {
    let later = asked.typed.get("next").is_some();
    html! {
        nav .pager aria-label=(say(asked, "html-pages")) {
            @if later { a rel="first" href=(again(asked, &["next"], &[])) { (say(asked, "html-first")) } }
            @if let Some(next) = &answer.next {
                a .button rel="next" href=(again(asked, &["next"], &[("next", &next.spell())])) { (say(asked, "html-next")) }
            }
            @if later || answer.next.is_some() {
                a href=(to(asked, &format!("{home}/items"), &[("f", "csv")])) { (say(asked, "html-all-csv")) }
            }
        }
    }
}

/// The rows, without the columns that are empty on this page; they are named below it.
fn table(about: &About, answer: &Answer, asked: &Asked) -> Markup {
    let attributes = answer.table().attributes();
    let filled =
        |at: usize| answer.rows().any(|row| values::shown(&attributes[at], row.value(at), asked.lang).is_some());
    let (shown, empty): (Vec<usize>, Vec<usize>) = answer.columns.iter().copied().partition(|&at| filled(at));
    let home = link::collection(&about.id);
    let title = |at: &usize| attributes[*at].title.get(asked.lang);
    html! {
        div .scroll.tall tabindex="0" role="region" aria-label=(say(asked, "html-items")) {
            table .items {
                thead { tr {
                    (heading("id", &say(asked, "html-id"), "", asked))
                    @for &at in &shown {
                        @let attribute = &attributes[at];
                        (heading(&attribute.name, attribute.title.get(asked.lang), if values::is_number(attribute) { "number" } else { "" }, asked))
                    }
                    th scope="col" { (say(asked, "html-map")) }
                } }
                tbody {
                    @for row in answer.rows() {
                        tr {
                            th scope="row" { a href=(to(asked, &format!("{home}/items/{}", link::segment(row.id())), &[])) { (row.id()) } }
                            @for &at in &shown { (cell(&attributes[at], row, at, asked)) }
                            td {
                                @if let Some(bbox) = row.shape().bbox() {
                                    a href=(on_map(asked, about, Some(bbox.to_array()), Some(row.id()))) aria-label=(tell(asked, "html-row-on-map", [("id", row.id().to_owned())])) { (say(asked, "html-locate")) }
                                } @else { span .quiet { (say(asked, "html-no-place")) } }
                            }
                        }
                    }
                }
            }
        }
        @if !empty.is_empty() {
            p .quiet { (tell(asked, "html-empty-columns", [("titles", empty.iter().map(title).collect::<Vec<_>>().join(&say(asked, "html-comma")))])) }
        }
    }
}

fn cell(attribute: &Attribute, row: Row<'_>, at: usize, asked: &Asked) -> Markup {
    let text = values::shown(attribute, row.value(at), asked.lang);
    html! {
        td .number[values::is_number(attribute)] {
            @match text { Some(text) => span .cut title=[(text.chars().count() > 24).then_some(&text)] { (text) }, None => span .quiet { "–" } }
        }
    }
}

/// A heading that sorts: upward first, downward where it does already.
fn heading(name: &str, title: &str, class: &str, asked: &Asked) -> Markup {
    let sorted = asked.typed.get("sortby").unwrap_or_default();
    let (up, down) = (sorted.trim_start_matches('+') == name, sorted.strip_prefix('-') == Some(name));
    let order = if up { format!("-{name}") } else { name.to_owned() };
    let state = if up { Some("ascending") } else { down.then_some("descending") };
    html! {
        th scope="col" class=[(!class.is_empty()).then_some(class)] aria-sort=[state] {
            a rel="nofollow" href=(again(asked, &["sortby", "next"], &[("sortby", &order)])) title=(name) {
                (title) @if up { " ↑" } @else if down { " ↓" }
            }
        }
    }
}

/// `GET /collections/{id}/items/{fid}` as a page.
///
/// # Errors
/// `feature-unknown`.
pub fn item(app: &App, asked: &Asked, collection: &dyn Collection) -> Result<Response, Fault> {
    let (about, id) = (collection.about(), asked.segment(1));
    let answer = collection.features(&Query { limit: Some(1), ..Query::default() })?;
    let table = answer.table();
    let unknown = || Fault::not_found("feature-unknown").with("collection", &about.id).with("id", id);
    let row = table.find(id).ok_or_else(unknown)?;
    let home = link::collection(&about.id);
    let known: Vec<(&Attribute, Option<String>)> = table
        .attributes()
        .iter()
        .enumerate()
        .map(|(at, attribute)| (attribute, values::shown(attribute, row.value(at), asked.lang)))
        .collect();
    let name = known.iter().find(|(attribute, _)| attribute.name == about.kind.name).and_then(|(_, text)| text.clone());
    let name = name.unwrap_or_else(|| id.to_owned());
    let title = about.title.get(asked.lang);
    let bbox = row.shape().bbox().map(|bbox| bbox.to_array());
    let facts = known.iter().filter_map(|(a, text)| Some(format!("{} {}", a.title.get(asked.lang), text.as_ref()?)));
    let page = Page {
        asked,
        site: site(app, asked),
        title: format!("{name} · {title}"),
        summary: facts.take(6).collect::<Vec<_>>().join(asked.lang.comma()),
        above: vec![
            (to(asked, "/collections", &[]), say(asked, "html-collections")),
            (to(asked, &home, &[]), title.to_owned()),
            (to(asked, &format!("{home}/items"), &[]), say(asked, "html-items")),
        ],
        map: on_map(asked, about, bbox, bbox.is_some().then_some(id)),
        data: None,
        alternates: Vec::new(),
    };
    let empty: Vec<&str> =
        known.iter().filter(|(_, text)| text.is_none()).map(|(attribute, _)| attribute.title.get(asked.lang)).collect();
    let body = html! {
        h1 { (name) }
        p .lead { (about.kind.singular.get(asked.lang)) " " code { (id) } }
        @if bbox.is_some() { p .actions { a .button href=(page.map) { (say(asked, "html-on-map")) } } }
        section {
            h2 { (say(asked, "html-attributes")) }
            dl .facts {
                @for (attribute, text) in &known {
                    @if let Some(text) = text { dt title=(attribute.name) { (attribute.title.get(asked.lang)) } dd { (text) } }
                }
                (place(row.shape(), asked))
            }
            @if !empty.is_empty() { p .quiet { (tell(asked, "html-empty-attributes", [("titles", empty.join(&say(asked, "html-comma")))])) } }
        }
        @if let Some(subject) = subject(app, asked, about, id)? {
            p { a href=(subject) { (say(asked, "html-subject")) } }
        }
        (history(app, asked, about, id)?)
    };
    Ok(page.show(&body))
}

/// Where it lies, as far as whoever asks may know.
fn place(shape: Shape<'_>, asked: &Asked) -> Markup {
    let word = match shape.kind {
        ShapeKind::None => "html-no-place",
        ShapeKind::Point | ShapeKind::MultiPoint => "html-geometry-point",
        ShapeKind::Line | ShapeKind::MultiLine => "html-geometry-line",
        ShapeKind::Polygon | ShapeKind::MultiPolygon => "html-geometry-polygon",
    };
    html! {
        dt { (say(asked, "html-place")) }
        dd {
            (say(asked, word))
            @if let Some([lng, lat]) = shape.inside_point() {
                @let (east, north) = (if lng < 0.0 { "W" } else { "E" }, if lat < 0.0 { "S" } else { "N" });
                " " span .quiet { (format!("{:.5}°{east} {:.5}°{north}", lng.abs(), lat.abs())) }
            }
        }
    }
}

/// The page of the feature that a result is about; None for a layer's own, and where the result is about none.
fn subject(app: &App, asked: &Asked, about: &About, id: &str) -> Result<Option<String>, Fault> {
    if about.analysis.is_none() {
        return Ok(None);
    }
    let Ok(crate::catalog::Named::Here(layer)) = app.shown(asked)?.get(&about.layer) else { return Ok(None) };
    let answer = layer.features(&Query { limit: Some(1), ..Query::default() })?;
    let there = answer.table().find(id).is_some();
    let path = format!("{}/items/{}", link::collection(&about.layer), link::segment(id));
    Ok(there.then(|| to(asked, &path, &[])))
}

/// What has happened to it, the latest first; nothing for what the ledger does not keep.
fn history(app: &App, asked: &Asked, about: &About, id: &str) -> Result<Markup, Fault> {
    if about.analysis.is_some() {
        return Ok(html! {});
    }
    let happened = match app.ledger.history(&about.layer, id) {
        Ok(happened) => happened,
        Err(fault) if fault.class() == Class::NotFound => return Ok(html! {}),
        Err(fault) => return Err(fault),
    };
    let clear = match happened.is_empty() {
        true => false,
        false => app.ledger.sees(&app.rights(asked)?, &about.layer, id)?,
    };
    let told: Vec<Json> = happened.iter().map(|event| events::describe(app, event, clear)).collect();
    let lang = asked.lang.code();
    Ok(html! {
        section {
            h2 { (say(asked, "html-history")) }
            @if told.is_empty() { p .quiet { (say(asked, "html-history-none")) } }
            @else {
                ol .history {
                    @for event in &told {
                        li .undone[event["undone"] == true] {
                            time datetime=(plain(&event["on"])) { (plain(&event["on"])) }
                            div {
                                strong { @if event["titles"].is_null() { (plain(&event["event"])) } @else { (plain(&event["titles"][lang])) } }
                                @let quantity = plain(&event["quantity"]["text"][lang]);
                                @if !quantity.is_empty() { " " (quantity) }
                                @if event["undone"] == true { " " span .demo { (say(asked, "html-undone")) } }
                                @let note = plain(&event["note"]);
                                @if !note.is_empty() { p { (note) } }
                                p .quiet { (plain(&event["author"])) @let by = plain(&event["by"]); @if !by.is_empty() { " · " (by) } }
                            }
                        }
                    }
                }
            }
        }
    })
}
