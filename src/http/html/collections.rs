//! The collections for people: what there is, what one of them is, what its features hold.

use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::analysis::{self, Domain};
use crate::collection::{About, Collection, Summary, summary_or_refusal};
use crate::encode;
use crate::fault::Fault;
use crate::http::asked::Asked;
use crate::http::html::{Page, on_map, say, tell, to, values};
use crate::http::{App, link};
use crate::kind::{Attribute, Dimension, ValueType};
use crate::text::Title;

/// The map's title, in the asker's language.
pub fn site<'a>(app: &'a App, asked: &Asked) -> &'a str {
    app.catalog.map().title.get(asked.lang)
}

/// What a collection is, in a sentence: an analysis's question, or what a layer keeps and how much of it.
pub fn sentence(about: &About, summary: &Summary, asked: &Asked) -> String {
    let title = about.title.get(asked.lang).to_owned();
    let mut text = match about.analysis {
        Some(name) => Title::of(&format!("{name}.question")).get(asked.lang).to_owned(),
        None => tell(asked, "html-layer-is", [("title", title)]),
    };
    text.push_str(&tell(asked, "html-holds", [("number", values::count(summary.count))]));
    if let Some(day) = about.as_of {
        text.push_str(&tell(asked, "html-as-of", [("day", day.to_string())]));
    }
    text
}

fn title(about: &About, asked: &Asked) -> String {
    let title = about.title.get(asked.lang);
    match about.as_of {
        Some(day) => format!("{title} @ {day}"),
        None => title.to_owned(),
    }
}

/// `GET /collections` as a page.
///
/// # Errors
/// What a collection could not do.
pub fn list(app: &App, asked: &Asked, all: &[std::sync::Arc<dyn Collection>]) -> Result<Response, Fault> {
    let map = app.catalog.map();
    let mut rows = Vec::new();
    for one in all {
        // A list must not ask every question that there is.
        let summary = one.about().analysis.is_none().then(|| one.summary()).transpose()?;
        rows.push((one.about(), summary));
    }
    let (analyses, layers): (Vec<_>, Vec<_>) = rows.iter().partition(|(about, _)| about.analysis.is_some());
    let datasets: Vec<Value> = rows
        .iter()
        .map(|(about, _)| {
            let url = format!("{}{}", asked.base, link::collection(&about.id));
            json!({"@type": "Dataset", "name": about.title.get(asked.lang), "url": url})
        })
        .collect();
    let summary = tell(
        asked,
        "html-collections-told",
        [("layers", layers.len().to_string()), ("analyses", analyses.len().to_string())],
    );
    let page = Page {
        asked,
        site: site(app, asked),
        title: say(asked, "html-collections"),
        summary: summary.clone(),
        above: Vec::new(),
        map: to_map(asked),
        data: Some(json!({
            "@context": "https://schema.org/",
            "@type": "DataCatalog",
            "name": site(app, asked),
            "url": format!("{}/collections", asked.base),
            "inLanguage": asked.lang.code(),
            "dataset": datasets,
        })),
        alternates: Vec::new(),
    };
    let body = html! {
        h1 { (site(app, asked)) @if map.synthetic { " " (synthetic(asked)) } }
        p .lead { (summary) }
        @for (word, rows) in [("html-layers", &layers), ("html-analyses", &analyses)] {
            @if !rows.is_empty() {
                section {
                    h2 { (say(asked, word)) }
                    ul .cards { @for (about, summary) in rows { li { (card(about, summary.as_deref(), asked)) } } }
                }
            }
        }
        @if !map.attribution.is_empty() { p .quiet { (map.attribution) } }
    };
    Ok(page.show(&body))
}

/// The map page itself.
pub fn to_map(asked: &Asked) -> String {
    let lang = (asked.lang == crate::text::Lang::En).then_some(("lang", "en"));
    format!("/{}", link::query(lang))
}

fn synthetic(asked: &Asked) -> Markup {
    html! { span .demo { (say(asked, "page-demo-data")) } }
}

fn card(about: &About, summary: Option<&Summary>, asked: &Asked) -> Markup {
    let home = link::collection(&about.id);
    let told = match about.analysis {
        Some(name) => Title::of(&format!("{name}.question")).get(asked.lang).to_owned(),
        None => say(asked, geometry(&about.kind.geometry)),
    };
    html! {
        div .card {
            h3 { a href=(to(asked, &home, &[])) { (about.title.get(asked.lang)) } }
            @if let Some(summary) = summary {
                p .big { (values::count(summary.count)) small { (values::unit_word("{feature}", asked.lang)) } }
            }
            p .told { (told) }
            p .links {
                a href=(to(asked, &format!("{home}/items"), &[])) { (say(asked, "html-browse")) }
                a href=(on_map(asked, about, summary.and_then(|summary| summary.bbox), None)) { (say(asked, "html-map")) }
            }
        }
    }
}

fn geometry(dimensions: &[Dimension]) -> &'static str {
    match dimensions {
        [Dimension::Point] => "html-geometry-point",
        [Dimension::Line] => "html-geometry-line",
        [Dimension::Polygon] => "html-geometry-polygon",
        _ => "html-geometry-any",
    }
}

/// `GET /collections/{id}` as a page.
///
/// # Errors
/// What the collection could not do.
pub fn one(app: &App, asked: &Asked, collection: &dyn Collection) -> Result<Response, Fault> {
    let (about, (summary, refusal)) = (collection.about(), summary_or_refusal(collection)?);
    let home = link::collection(&about.id);
    let revision = collection.revision().to_string();
    let told = sentence(about, &summary, asked);
    let page = Page {
        asked,
        site: site(app, asked),
        title: title(about, asked),
        summary: told.clone(),
        above: vec![(to(asked, "/collections", &[]), say(asked, "html-collections"))],
        map: on_map(asked, about, summary.bbox, None),
        data: Some(dataset(app, asked, about, &summary, &revision, &told)),
        alternates: Vec::new(),
    };
    let body = html! {
        h1 { (title(about, asked)) @if app.catalog.map().synthetic { " " (synthetic(asked)) } }
        p .lead { (told) }
        p .actions {
            a .button href=(page.map) { (say(asked, "html-on-map")) }
            a .button.plain href=(to(asked, &format!("{home}/items"), &[])) { (say(asked, "html-browse-items")) }
        }
        @match &refusal {
            Some(fault) => p .prose { (asked.lang.say(fault)) },
            None => (figures(about, &summary, asked)),
        }
        @if let Some(name) = about.analysis {
            section {
                h2 { (say(asked, "html-method")) }
                p .prose { (Title::of(&format!("{name}.method")).get(asked.lang)) }
                dl .facts {
                    @for (parameter, value) in &about.parameters {
                        @let value = parameter_value(name, parameter, value, asked);
                        dt { (Title::of(&format!("{name}-{parameter}")).get(asked.lang)) " " code { (parameter) } }
                        dd { @if value.is_empty() { span .quiet { (say(asked, "html-none")) } } @else { (value) } }
                    }
                    @if !about.inputs.is_empty() {
                        dt { (say(asked, "html-inputs")) }
                        dd { @for (id, _) in &about.inputs { a .each href=(to(asked, &link::collection(id), &[])) { (id) } } }
                    }
                }
                p { a href=(to(asked, &format!("/processes/{name}"), &[])) { (say(asked, "html-ask-otherwise")) } }
            }
        }
        section {
            h2 { (say(asked, "html-files")) }
            ul .formats {
                @for format in encode::ALL {
                    li {
                        a href=(to(asked, &format!("{home}/items"), &[("f", format.name)])) { strong { (say(asked, &format!("html-format-{}", format.name))) } }
                        span { (say(asked, &format!("html-format-{}.for", format.name))) }
                    }
                }
            }
        }
        section {
            h2 { (say(asked, "html-schema")) }
            (attributes(&summary.attributes, asked))
            p .quiet {
                a href=(to(asked, &format!("{home}/schema"), &[("f", "json")])) { "JSON Schema" } " · "
                a href=(to(asked, &format!("{home}/queryables"), &[])) { (say(asked, "html-queryables")) }
            }
        }
        section {
            h2 { (say(asked, "html-facts")) }
            dl .facts {
                dt { (say(asked, "html-id")) } dd { code { (about.id) } }
                dt { (say(asked, "html-day")) }
                dd { @match about.as_of { Some(day) => (day), None => (tell(asked, "html-now", [("day", app.catalog.today().to_string())])) } }
                @if let Some(day) = about.known { dt { (say(asked, "html-known")) } dd { (day) } }
                @if let Some([west, south, east, north]) = summary.bbox {
                    dt { (say(asked, "html-extent")) }
                    dd { (format!("{west:.4}–{east:.4}°E, {south:.4}–{north:.4}°N")) }
                }
                dt { (say(asked, "html-revision")) } dd { code .long { (revision) } }
            }
        }
    };
    Ok(page.show(&body))
}

fn figures(about: &About, summary: &Summary, asked: &Asked) -> Markup {
    html! {
        dl .figures {
            // A curve is drawn by the page; here it would be a heap of numbers.
            @for figure in summary.figures.iter().filter(|figure| !figure.value.is_array()) {
                @let title = if figure.name == "count" { about.title.clone() } else { figure.title() };
                @let (number, unit) = match figure.value.as_f64() {
                    Some(x) => values::measure(x, &figure.unit, asked.lang),
                    None => (figure.said(asked.lang), String::new()),
                };
                div {
                    dt { (title.get(asked.lang)) }
                    dd { @if number.is_empty() { "–" } @else { (number) small { (unit) } } }
                }
            }
        }
    }
}

/// A parameter's value with its unit, or in the words of its choices.
fn parameter_value(analysis: &str, name: &str, value: &Value, asked: &Asked) -> String {
    let parameter = analysis::find(analysis).ok().and_then(|definition| definition.parameter(name));
    match (parameter.map(|parameter| &parameter.domain), value.as_f64()) {
        (Some(Domain::Number { unit, .. } | Domain::Whole { unit, .. }), Some(x)) => {
            let word = values::unit_word(unit, asked.lang);
            let apart = if word.starts_with(|c: char| c.is_ascii_alphabetic()) { "\u{a0}" } else { "" };
            format!("{x}{apart}{word}")
        }
        (Some(Domain::Choice { .. }), _) => say(asked, &format!("option-{}", plain(value))),
        _ => plain(value),
    }
}

/// A JSON value as text.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What features hold, as a table.
pub fn attributes(attributes: &[Attribute], asked: &Asked) -> Markup {
    html! {
        div .scroll {
            table {
                thead { tr {
                    @for word in ["html-attribute", "html-title", "html-type", "html-unit", "html-terms"] { th scope="col" { (say(asked, word)) } }
                } }
                tbody {
                    @for attribute in attributes {
                        tr {
                            th scope="row" { code { (attribute.name) } }
                            td { (attribute.title.get(asked.lang)) @if attribute.personal { " " span .demo { (say(asked, "html-personal")) } } }
                            td { (say(asked, kind_of_value(attribute.value_type))) }
                            td { (values::unit_word(&attribute.unit, asked.lang)) }
                            td .terms {
                                @for (at, term) in attribute.domain.iter().enumerate() {
                                    @if at > 0 { (say(asked, "html-comma")) }
                                    @let word = if asked.lang == crate::text::Lang::Zh { &term.zh } else { &term.en };
                                    span title=(term.value) { (word) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn kind_of_value(of: ValueType) -> &'static str {
    match of {
        ValueType::Text => "html-type-text",
        ValueType::Code => "html-type-code",
        ValueType::Int => "html-type-int",
        ValueType::Float => "html-type-float",
        ValueType::Bool => "html-type-bool",
        ValueType::Date => "html-type-date",
        ValueType::Instant => "html-type-instant",
    }
}

/// `GET /collections/{id}/queryables` and `…/schema` as a page.
///
/// # Errors
/// What the collection could not do.
pub fn described(app: &App, asked: &Asked, collection: &dyn Collection, which: &str) -> Result<Response, Fault> {
    let (about, summary) = (collection.about(), collection.summary()?);
    let told = say(asked, if which == "schema" { "html-schema-told" } else { "html-queryables-told" });
    let page = Page {
        asked,
        site: site(app, asked),
        title: format!("{} · {}", title(about, asked), say(asked, &format!("html-{which}"))),
        summary: told.clone(),
        above: vec![
            (to(asked, "/collections", &[]), say(asked, "html-collections")),
            (to(asked, &link::collection(&about.id), &[]), title(about, asked)),
        ],
        map: on_map(asked, about, summary.bbox, None),
        data: None,
        alternates: Vec::new(),
    };
    let body = html! {
        h1 { (say(asked, &format!("html-{which}"))) }
        p .lead { (told) }
        (attributes(&summary.attributes, asked))
    };
    Ok(page.show(&body))
}

/// A collection in the words of schema.org, for search engines of data.
fn dataset(app: &App, asked: &Asked, about: &About, summary: &Summary, revision: &str, told: &str) -> Value {
    let url = format!("{}{}", asked.base, link::collection(&about.id));
    let files: Vec<Value> = encode::ALL
        .iter()
        .map(|format| {
            json!({
                "@type": "DataDownload",
                "encodingFormat": format.media_type,
                "contentUrl": format!("{url}/items?f={}", format.name),
            })
        })
        .collect();
    let mut data = json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": url,
        "url": url,
        "name": about.title.get(asked.lang),
        "alternateName": about.id,
        "description": told,
        "inLanguage": asked.lang.code(),
        "version": revision,
        "variableMeasured": summary.attributes.iter().map(|a| a.title.get(asked.lang)).collect::<Vec<_>>(),
        "distribution": files,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": site(app, asked), "url": format!("{}/collections", asked.base)},
    });
    if !app.catalog.map().attribution.is_empty() {
        data["creditText"] = app.catalog.map().attribution.as_str().into();
    }
    if let Some(day) = about.as_of {
        data["temporalCoverage"] = day.to_string().into();
    }
    if let Some([west, south, east, north]) = summary.bbox {
        let shape = json!({"@type": "GeoShape", "box": format!("{south} {west} {north} {east}")});
        data["spatialCoverage"] = json!({"@type": "Place", "geo": shape});
    }
    data
}
