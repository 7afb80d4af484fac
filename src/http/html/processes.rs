//! The analyses for people: the questions there are, and the form of one of them. A form without a script: what is typed becomes
//! the address of the collection that answers.

use std::collections::BTreeMap;

use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;

use crate::analysis::{self, Definition, Domain, Parameter};
use crate::fault::Fault;
use crate::http::App;
use crate::http::asked::Asked;
use crate::http::html::collections::{plain, site, to_map};
use crate::http::html::{Page, say, to, values};
use crate::text::Title;
use crate::units::{AsOf, Day};

/// `GET /processes` as a page.
pub fn list(app: &App, asked: &Asked) -> Response {
    let told = say(asked, "html-processes-told");
    let page = Page {
        asked,
        site: site(app, asked),
        title: say(asked, "html-processes"),
        summary: told.clone(),
        above: Vec::new(),
        map: to_map(asked),
        data: None,
        alternates: Vec::new(),
    };
    page.show(&html! {
        h1 { (say(asked, "html-processes")) }
        p .lead { (told) }
        ul .cards {
            @for definition in analysis::ALL {
                li { div .card {
                    h3 { a href=(to(asked, &format!("/processes/{}", definition.name), &[])) { (definition.title().get(asked.lang)) } }
                    p .told { (Title::of(&format!("{}.question", definition.name)).get(asked.lang)) }
                } }
            }
        }
    })
}

/// `GET /processes/{name}` as a page; `described` is what programs are told of it.
pub fn one(app: &App, asked: &Asked, definition: &'static Definition, described: &Value) -> Response {
    let title = definition.title().get(asked.lang).to_owned();
    let question = Title::of(&format!("{}.question", definition.name)).get(asked.lang).to_owned();
    let page = Page {
        asked,
        site: site(app, asked),
        title: title.clone(),
        summary: question.clone(),
        above: vec![(to(asked, "/processes", &[]), say(asked, "html-processes"))],
        map: to_map(asked),
        data: None,
        alternates: Vec::new(),
    };
    let fits = described["fit"]["fits"] == true;
    page.show(&html! {
        h1 { (title) }
        p .lead { (question) }
        section {
            h2 { (say(asked, "html-method")) }
            p .prose { (Title::of(&format!("{}.method", definition.name)).get(asked.lang)) }
        }
        section {
            h2 { (say(asked, "html-ask")) }
            @if fits { (form(definition, described, asked)) }
            @else { p .empty { (plain(&described["fit"]["reasons"][asked.lang.code()])) } }
        }
        section {
            h2 { (say(asked, "html-results")) }
            (super::collections::attributes(&(definition.properties)(), asked))
        }
    })
}

fn form(definition: &'static Definition, described: &Value, asked: &Asked) -> Markup {
    html! {
        form .ask method="get" action=(format!("/processes/{}/collection", definition.name)) {
            @if let Some(lang) = asked.typed.get("lang") { input type="hidden" name="lang" value=(lang); }
            @for parameter in definition.parameters { (field(definition, parameter, &described["inputs"][parameter.name], asked)) }
            div .field {
                label for="as-of" { (say(asked, "html-as-of-field")) }
                input #as-of type="date" name="as-of";
            }
            button .button { (say(asked, "html-ask-go")) }
        }
    }
}

fn field(definition: &Definition, parameter: &Parameter, input: &Value, asked: &Asked) -> Markup {
    let (name, schema) = (parameter.name, &input["schema"]);
    let title = definition.parameter_title(parameter);
    let default = plain(&schema["default"]);
    let lang = asked.lang.code();
    let word = |value: &str| {
        let titles = &input["x-titles"][value];
        if titles.is_null() { value.to_owned() } else { plain(&titles[lang]) }
    };
    let choices: Vec<String> = schema["enum"].as_array().map(|all| all.iter().map(plain).collect()).unwrap_or_default();
    html! {
        @if let Domain::Terms { .. } | Domain::Layers { .. } | Domain::RulePacks { .. } = parameter.domain {
            fieldset .field {
                legend { (title.get(asked.lang)) }
                @for term in schema["items"]["enum"].as_array().into_iter().flatten().map(plain) {
                    label .tick {
                        input type="checkbox" name=(format!("{name}:{term}")) value="on" checked[schema["default"].as_array().is_some_and(|d| d.iter().any(|one| plain(one) == term))];
                        (word(&term))
                    }
                }
            }
        } @else {
            div .field {
                label for=(name) { (title.get(asked.lang)) @let unit = values::unit_word(input["x-unit"].as_str().unwrap_or_default(), asked.lang); @if !unit.is_empty() { " " small { (unit) } } }
                @match parameter.domain {
                    Domain::Number { .. } | Domain::Whole { .. } => {
                        input id=(name) type="number" name=(name) value=(default) min=(plain(&schema["minimum"])) max=(plain(&schema["maximum"])) step=(if matches!(parameter.domain, Domain::Whole { .. }) { "1" } else { "any" });
                    }
                    Domain::Choice { .. } | Domain::Layer { .. } | Domain::RulePack { .. } | Domain::Indicators { .. } => {
                        select id=(name) name=(name) {
                            @for choice in &choices { option value=(choice) selected[*choice == default] { (word(choice)) } }
                        }
                    }
                    Domain::Day => { input id=(name) type="date" name=(name); }
                    Domain::Period => { input id=(name) type="text" name=(name) placeholder="2026-10, 2026-W44, 2026-Q4, 2026-09-01.." spellcheck="false"; }
                    Domain::Filter { .. } => { input id=(name) type="text" name=(name) placeholder="CQL2" spellcheck="false"; }
                    Domain::Point => { input id=(name) type="text" name=(name) placeholder="117.42,39.61" spellcheck="false"; }
                    Domain::Chainage => { input id=(name) type="text" name=(name) placeholder="K12+300" spellcheck="false"; }
                    Domain::Feature { .. } | Domain::Attribute { .. } | Domain::Terms { .. } | Domain::Layers { .. } | Domain::RulePacks { .. } => { input id=(name) type="text" name=(name); }
                }
            }
        }
    }
}

/// What a form has sent: parameters as one would type them into an id, and the day. Left empty is left out; of a list, the
/// ticked ones are joined.
///
/// # Errors
/// `query-unknown`, `date-malformed`.
pub fn sent(definition: &Definition, asked: &Asked) -> Result<(BTreeMap<String, String>, AsOf), Fault> {
    let mut typed: BTreeMap<String, String> = BTreeMap::new();
    let mut day = None;
    for (name, value) in asked.typed.pairs().filter(|(name, value)| !value.is_empty() && !matches!(*name, "lang" | "f"))
    {
        if name == "as-of" {
            let malformed = || Fault::invalid("date-malformed").with("parameter", name).with("value", value);
            day = Some(Day::parse(value).ok_or_else(malformed)?);
            continue;
        }
        let (parameter, term) = name.split_once(':').map_or((name, None), |(name, term)| (name, Some(term)));
        if definition.parameter(parameter).is_none() {
            let known: Vec<&str> = definition.parameters.iter().map(|p| p.name).chain(["as-of", "f", "lang"]).collect();
            let fault = Fault::invalid("query-unknown").with("parameter", name).with("value", value);
            return Err(fault.with("known", known.join(", ")));
        }
        let list = typed.entry(parameter.to_owned()).or_default();
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(term.unwrap_or(value));
    }
    Ok((typed, AsOf { day, known: None }))
}
