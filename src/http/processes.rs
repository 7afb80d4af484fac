//! The analyses as OGC processes: described from their definitions, executed by naming the collection that answers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::analysis::{self, Definition, Domain, Fit, Inputs, Layers, Parameter, Usual};
use crate::catalog::Named;
use crate::collection::{About, Collection};
use crate::fault::Fault;
use crate::http::asked::{Asked, language};
use crate::http::collections;
use crate::http::error::problem;
use crate::http::link::{self, JSON, Link};
use crate::http::negotiate::{self, Wanted};
use crate::http::{self, App, body, html, inputs};
use crate::kind::{self, Kind};
use crate::layer::Layer;
use crate::rules::{self, indicators};
use crate::text::{Lang, Title};
use crate::units::AsOf;

/// The largest body of an execution, bytes.
const BODY_LIMIT: usize = 1 << 20;

/// `GET /processes`
pub async fn list(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        if negotiate::document(asked)? == Wanted::Html {
            return Ok(html::processes::list(app, asked));
        }
        let processes: Vec<Value> = analysis::ALL
            .iter()
            .map(|definition| {
                let href = format!("{}/processes/{}", asked.base, definition.name);
                let mut head = head(definition, asked.lang);
                head["links"] = json!([Link::new("self", JSON, href)]);
                head
            })
            .collect();
        let home = format!("{}/processes", asked.base);
        let links = [Link::new("self", JSON, home.clone()), Link::page(&home)];
        Ok(http::json(&json!({"processes": processes, "links": links}), JSON))
    })
    .await
}

/// `GET /processes/{name}`
pub async fn one(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        asked.typed.only(&[])?;
        let wanted = negotiate::document(asked)?;
        let definition = analysis::find(asked.segment(0))?;
        let described = describe(app, definition, asked)?;
        if wanted == Wanted::Html {
            return Ok(html::processes::one(app, asked, definition, &described));
        }
        Ok(http::json(&described, JSON))
    })
    .await
}

/// `GET /processes/{name}/collection`: 303 to the collection that answers, its parameters given as a form without a script
/// gives them.
pub async fn collection(State(app): State<Arc<App>>, asked: Asked) -> Response {
    app.answer(asked, |app, asked| {
        let definition = analysis::find(asked.segment(0))?;
        let (typed, as_of) = html::processes::sent(definition, asked)?;
        let id = app.shown(asked)?.bind(definition.name, &typed, as_of)?;
        let kept = asked.typed.pairs().filter(|(name, _)| matches!(*name, "f" | "lang"));
        Ok(http::redirect(StatusCode::SEE_OTHER, &format!("{}{}", link::collection(&id), link::query(kept))))
    })
    .await
}

fn head(definition: &Definition, lang: Lang) -> Value {
    let question = Title::of(&format!("{}.question", definition.name));
    json!({
        "id": definition.name,
        "version": format!("{}.0.0", definition.version),
        "title": definition.title().get(lang),
        "titles": definition.title(),
        "description": question.get(lang),
        "question": question,
        "jobControlOptions": ["sync-execute"],
        "outputTransmission": ["reference"],
    })
}

fn describe(app: &App, definition: &'static Definition, asked: &Asked) -> Result<Value, Fault> {
    let mut inputs = Map::new();
    for parameter in definition.parameters {
        inputs.insert(parameter.name.to_owned(), input(app, definition, parameter, asked)?);
    }
    let fit = match app.catalog.fit(definition) {
        Fit::Fits => json!({"fits": true}),
        Fit::Unfit(fault) => {
            json!({"fits": false, "reasons": {"zh": Lang::Zh.say(&fault), "en": Lang::En.say(&fault)}})
        }
    };
    let (subject, parameter) = subject(app, definition, asked)?;
    let here = format!("{}/processes/{}", asked.base, definition.name);
    let mut body = head(definition, asked.lang);
    body["method"] = json!(Title::of(&format!("{}.method", definition.name)));
    body["inputs"] = inputs.into();
    body["outputs"] = json!({"collection": {
        "title": definition.title().get(asked.lang),
        "schema": {"type": "string", "format": "uri", "contentMediaType": "application/geo+json"},
    }});
    body["properties"] = (definition.properties)().iter().map(collections::attribute).collect();
    body["subject"] = json!(subject);
    body["subject_parameter"] = json!(parameter);
    body["dated"] = definition.dated.into();
    body["fit"] = fit;
    body["collection"] = definition.name.into();
    body["links"] = json!([
        Link::new("self", JSON, here.clone()),
        Link::page(&here),
        Link::new("http://www.opengis.net/def/rel/ogc/1.0/execute", JSON, format!("{here}/execution")),
        Link::new("collection", JSON, format!("{}/collections/{}", asked.base, definition.name)),
    ]);
    Ok(body)
}

/// What the results are features of, and the parameter that names their layer: read off the collection that answers at the
/// defaults; of what does not fit the map, neither.
fn subject(app: &App, definition: &Definition, asked: &Asked) -> Result<(Option<String>, Option<&'static str>), Fault> {
    if app.catalog.fit(definition) != Fit::Fits {
        return Ok((None, None));
    }
    let shown = app.shown(asked)?;
    let Named::Here(answer) = shown.get(definition.name)? else { return Ok((None, None)) };
    let about = answer.about();
    let names = |(name, value): &&(&'static str, Value)| {
        let layer = matches!(definition.parameter(name).map(|p| &p.domain), Some(Domain::Layer { .. }));
        layer && value.as_str() == Some(&about.layer)
    };
    let parameter = about.parameters.iter().find(names).map(|(name, _)| *name);
    Ok((Some(about.kind.id.clone()), parameter))
}

/// One parameter as a process's input.
///
/// # Errors
/// A kind that is not there; what the store could not do.
pub fn input(app: &App, definition: &Definition, parameter: &Parameter, asked: &Asked) -> Result<Value, Fault> {
    let titles = definition.parameter_title(parameter);
    let mut body = json!({"title": titles.get(asked.lang), "titles": titles, "minOccurs": 0});
    if let Some(only) = definition.only.iter().find(|only| only.name == parameter.name) {
        body["x-only"] = json!({"under": only.under, "values": only.values});
    }
    let mut number = |schema: Value, unit: &str, typical: &[f64; 3]| {
        body["schema"] = schema;
        body["x-unit"] = unit.into();
        let [min, max, step] = typical.map(tidy);
        body["x-control"] = json!({"min": min, "max": max, "step": step});
    };
    match &parameter.domain {
        Domain::Number { default, min, max, unit, typical } => {
            let [default, min, max] = [*default, *min, *max].map(tidy);
            number(json!({"type": "number", "minimum": min, "maximum": max, "default": default}), unit, typical);
        }
        Domain::Whole { default, min, max, unit, typical } => {
            number(json!({"type": "integer", "minimum": min, "maximum": max, "default": default}), unit, typical);
        }
        Domain::Choice { options } => {
            body["schema"] = json!({"type": "string", "enum": options, "default": options.first()});
            let title = |option: &&str| ((*option).to_owned(), json!(Title::of(&format!("option-{option}"))));
            body["x-titles"] = options.iter().map(title).collect::<Map<_, _>>().into();
        }
        Domain::Terms { of: (kind, attribute), default } => {
            let kind = kind::kind(kind)?;
            let domain = kind.attribute(attribute).map_or(&[][..], |attribute| &attribute.domain[..]);
            let words: Vec<&str> = domain.iter().map(|term| term.value.as_str()).collect();
            let items = json!({"type": "string", "enum": words});
            body["schema"] = json!({"type": "array", "items": items, "default": default, "minItems": 1});
            let title = |term: &kind::Term| (term.value.clone(), json!({"zh": term.zh, "en": term.en}));
            body["x-titles"] = domain.iter().map(title).collect::<Map<_, _>>().into();
        }
        Domain::Layer { kinds } => {
            let known = Known(app.shown(asked)?.collections(AsOf::NOW)?);
            let inputs = Inputs { layers: &known };
            let names: Vec<String> = inputs.layers_of(kinds).collect();
            body["schema"] = json!({"type": "string", "default": inputs.default_layer(kinds), "enum": names});
            body["x-input"] = "layer".into();
            body["x-kinds"] = json!(kinds);
            body["x-titles"] = known.titles(&names).into();
        }
        Domain::Layers { kinds, usual } => {
            let known = Known(app.shown(asked)?.collections(AsOf::NOW)?);
            let inputs = Inputs { layers: &known };
            let names: Vec<String> = inputs.layers_of(kinds).collect();
            let default = match usual {
                Usual::First => inputs.default_layer(kinds).into_iter().collect(),
                Usual::All => names.clone(),
                Usual::None => Vec::new(),
            };
            let items = json!({"type": "string", "enum": names});
            body["schema"] = json!({"type": "array", "items": items, "default": default});
            body["x-input"] = "layers".into();
            body["x-kinds"] = json!(kinds);
            body["x-titles"] = known.titles(&names).into();
        }
        Domain::Point => {
            body["schema"] = json!({"type": "string", "pattern": r"^-?\d+(\.\d+)?,-?\d+(\.\d+)?$"});
            body["x-input"] = "point".into();
        }
        Domain::Chainage => {
            body["schema"] =
                json!({"type": "string", "default": "", "pattern": r"^[Kk]?-?\d+(\.\d+)?(\+\d+(\.\d+)?)?$"});
            body["x-input"] = "chainage".into();
        }
        Domain::RulePack { default } => {
            let ids: Vec<&str> = rules::all().iter().map(|pack| pack.id.as_str()).collect();
            body["schema"] = json!({"type": "string", "default": default, "enum": ids});
            body["x-input"] = "rules".into();
            let title = |pack: &rules::Pack| (pack.id.clone(), json!(pack.title));
            body["x-titles"] = rules::all().iter().map(title).collect::<Map<_, _>>().into();
        }
        Domain::RulePacks { default } => {
            let ids: Vec<&str> = rules::all().iter().map(|pack| pack.id.as_str()).collect();
            let items = json!({"type": "string", "enum": ids});
            body["schema"] = json!({"type": "array", "items": items, "default": default, "minItems": 1});
            let title = |pack: &rules::Pack| (pack.id.clone(), json!(pack.title));
            body["x-titles"] = rules::all().iter().map(title).collect::<Map<_, _>>().into();
            let today = app.catalog.today();
            let force = |pack: &rules::Pack| Some((pack.id.clone(), pack.force_on(today)?.word().into()));
            body["x-forces"] = rules::all().iter().filter_map(force).collect::<Map<_, _>>().into();
        }
        Domain::Indicators { default } => {
            let ids: Vec<&str> = indicators::all().iter().map(|one| one.id.as_str()).collect();
            body["schema"] = json!({"type": "string", "default": default, "enum": ids});
            body["x-input"] = "indicators".into();
            let title = |one: &indicators::Indicators| (one.id.clone(), json!(one.title));
            body["x-titles"] = indicators::all().iter().map(title).collect::<Map<_, _>>().into();
        }
        Domain::Day => {
            body["schema"] = json!({"type": "string", "format": "date"});
            body["x-input"] = "day".into();
        }
        Domain::Period => {
            let forms =
                r"\d{4}(-\d{2}(-\d{2})?|-[Qq][1-4]|-[Hh][12]|-[Ww]\d{2})?|\d{4}-\d{2}-\d{2}\.\.(\d{4}-\d{2}-\d{2})?";
            body["schema"] = json!({"type": "string", "pattern": format!("^({forms})$")});
            body["x-input"] = "period".into();
        }
        Domain::Feature { kind, by } => {
            body["schema"] = json!({"type": "string", "default": ""});
            body["x-input"] = "feature".into();
            body["x-kind"] = json!(kind);
            body["x-by"] = json!(by);
        }
        Domain::Attribute { on } => {
            body["schema"] = json!({"type": "string", "default": ""});
            body["x-input"] = "attribute".into();
            body["x-on"] = json!(on);
        }
        Domain::Filter { on } => {
            body["schema"] = json!({"type": "string", "default": "", "format": "cql2-text"});
            body["x-input"] = "filter".into();
            body["x-on"] = json!(on);
        }
    }
    Ok(body)
}

/// The layers of a map by name, for choosing among them.
struct Known(Vec<Arc<dyn Collection>>);

impl Known {
    fn layers(&self) -> impl Iterator<Item = &About> {
        self.0.iter().map(|collection| collection.about()).filter(|about| about.analysis.is_none())
    }

    fn titles(&self, names: &[String]) -> Map<String, Value> {
        self.layers().filter(|a| names.contains(&a.id)).map(|a| (a.id.clone(), json!(a.title))).collect()
    }
}

impl Layers for Known {
    fn named(&self) -> Vec<(String, Arc<Kind>)> {
        self.layers().map(|about| (about.id.clone(), about.kind.clone())).collect()
    }

    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault> {
        Err(Fault::not_found("collection-unknown").with("name", name).with("known", ""))
    }
}

/// A whole number as one.
pub fn tidy(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 1e15 { (x as i64).into() } else { x.into() }
}

/// `POST /processes/{name}/execution`: 303 to the collection that spells the inputs.
pub async fn execute(State(app): State<Arc<App>>, asked: Asked, request: Request) -> Response {
    let lang = language(request.headers());
    let body = match body::read(request, BODY_LIMIT).await {
        Ok(body) => body,
        Err(fault) => return problem(&fault, lang),
    };
    app.answer(asked, move |app, asked| {
        asked.typed.only(&[])?;
        let (typed, as_of) = inputs::inputs(&body)?;
        let id = app.shown(asked)?.bind(asked.segment(0), &typed, as_of)?;
        Ok(http::redirect(StatusCode::SEE_OTHER, &link::collection(&id)))
    })
    .await
}

/// `GET /processes/{name}/collection` in the OpenAPI document: the parameters of the definition, each by its name.
///
/// # Errors
/// As [`input`].
pub fn form(app: &App, definition: &Definition, asked: &Asked) -> Result<Value, Fault> {
    let refer = |room: &str, name: &str| json!({"$ref": format!("#/components/{room}/{name}")});
    let mut parameters = vec![refer("parameters", "as-of"), refer("parameters", "f-page"), refer("parameters", "lang")];
    for parameter in definition.parameters {
        let input = input(app, definition, parameter, asked)?;
        let (name, about) = (parameter.name, &input["title"]);
        let query = json!({"name": name, "in": "query", "required": false, "description": about,
            "schema": input["schema"], "style": "form", "explode": false});
        parameters.push(query);
    }
    let mut responses = Map::from_iter([("303".to_owned(), refer("responses", "Elsewhere"))]);
    for status in ["400", "401", "403", "404", "414", "431", "500", "503"] {
        responses.insert(status.to_owned(), refer("responses", "Problem"));
    }
    Ok(json!({"operationId": format!("ask-{}", definition.name), "parameters": parameters, "responses": responses}))
}
