//! What a parameter means: from what was typed, or from what is usual, to a value; and back into an id.

use std::collections::BTreeSet;

use crate::analysis::bound::Inputs;
use crate::analysis::definition::{Domain, Parameter, Usual};
use crate::fault::Fault;
use crate::filter::Filter;
use crate::geo::chainage;
use crate::kind;
use crate::rules::{self, indicators};
use crate::table::{Table, Value};
use crate::units::{Day, Period};
/// What a parameter means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// A number in the parameter's unit.
    Number(f64),
    /// A whole number in the parameter's unit.
    Whole(i64),
    /// A word, a layer's name, a rule pack's, or a filter's text.
    Text(String),
    /// Several words, in the order of their domain.
    Several(Vec<String>),
    /// A day, or none.
    Day(Option<Day>),
    /// A period, or none: the month of the day.
    Period(Option<Period>),
    /// A place, longitude and latitude in degrees, or none.
    Point(Option<[f64; 2]>),
}

impl Meant {
    /// As it stands in an id.
    pub fn spell(&self) -> String {
        match self {
            Self::Number(x) => x.to_string(),
            Self::Whole(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Several(all) => all.join(","),
            Self::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
            Self::Period(period) => period.map(|period| period.to_string()).unwrap_or_default(),
            Self::Point(place) => place.map(|[lng, lat]| format!("{lng},{lat}")).unwrap_or_default(),
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Number(x) if x.fract() == 0.0 && x.abs() < 1e15 => (*x as i64).into(),
            Self::Number(x) => (*x).into(),
            Self::Whole(n) => (*n).into(),
            Self::Text(text) => text.clone().into(),
            Self::Several(all) => all.clone().into(),
            Self::Day(day) => day.map(|day| day.to_string()).into(),
            Self::Period(period) => period.map(|period| period.to_string()).into(),
            Self::Point(_) => Some(self.spell()).filter(|text| !text.is_empty()).into(),
        }
    }
}

/// What is meant where nothing was typed.
pub(super) fn default(parameter: &Parameter, inputs: Inputs<'_>) -> Meant {
    match &parameter.domain {
        Domain::Number { default, .. } => Meant::Number(*default),
        Domain::Whole { default, .. } => Meant::Whole(*default),
        Domain::Choice { options } => Meant::Text(options.first().copied().unwrap_or_default().to_owned()),
        Domain::Terms { default, .. } => Meant::Several(default.iter().map(|&word| word.to_owned()).collect()),
        Domain::Layer { kinds } => Meant::Text(inputs.default_layer(kinds).unwrap_or_default()),
        Domain::Layers { kinds, usual } => Meant::Several(match usual {
            Usual::First => inputs.default_layer(kinds).into_iter().collect(),
            Usual::All => inputs.layers_of(kinds).collect(),
            Usual::None => Vec::new(),
        }),
        Domain::RulePack { default } | Domain::Indicators { default } => Meant::Text((*default).to_owned()),
        Domain::RulePacks { default } => Meant::Several(default.iter().map(|&id| id.to_owned()).collect()),
        Domain::Filter { .. } | Domain::Attribute { .. } | Domain::Feature { .. } | Domain::Chainage => {
            Meant::Text(String::new())
        }
        Domain::Day => Meant::Day(None),
        Domain::Period => Meant::Period(None),
        Domain::Point => Meant::Point(None),
    }
}

/// How many features a refusal names; how many there are it says behind them.
const NAMED: usize = 50;

/// All that these attributes of a table say, in order, each once.
fn said(table: &Table, attributes: &[&str]) -> Vec<String> {
    let columns: Vec<usize> = attributes.iter().filter_map(|name| table.column(name)).collect();
    let texts = table.rows().flat_map(|row| columns.iter().map(move |&at| row.value(at)));
    let all: BTreeSet<&str> =
        texts.filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None }).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// What is meant by what was typed.
///
/// # Errors
/// As [`crate::analysis::Bound::new`], of the one parameter.
pub(super) fn parse(parameter: &Parameter, text: &str, inputs: Inputs<'_>) -> Result<Meant, Fault> {
    let fault = |code| Fault::invalid(code).with("parameter", parameter.name).with("value", text);
    let not_one_of = |known: Vec<String>| fault("parameter-not-one-of").with("known", known.join(", "));
    let text = text.trim();
    match &parameter.domain {
        Domain::Number { min, max, unit, .. } => {
            let x: f64 =
                text.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| fault("parameter-not-number"))?;
            if !(*min..=*max).contains(&x) {
                return Err(fault("parameter-out-of-range").with("min", min).with("max", max).with("unit", unit));
            }
            Ok(Meant::Number(x))
        }
        Domain::Whole { min, max, unit, .. } => {
            let n: i64 = text.parse().map_err(|_| fault("parameter-not-number"))?;
            if !(*min..=*max).contains(&n) {
                return Err(fault("parameter-out-of-range").with("min", min).with("max", max).with("unit", unit));
            }
            Ok(Meant::Whole(n))
        }
        Domain::Choice { options } => {
            let known = || options.iter().map(|&o| o.to_owned()).collect();
            let found = options.iter().find(|&&o| o == text).ok_or_else(|| not_one_of(known()))?;
            Ok(Meant::Text((*found).to_owned()))
        }
        Domain::Terms { of: (kind, attribute), .. } => {
            let kind = kind::kind(kind)?;
            let domain = kind.attribute(attribute).map_or(&[][..], |a| &a.domain[..]);
            let wanted: Vec<&str> = text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
            let known = |word: &&str| domain.iter().any(|term| term.value == **word);
            if wanted.is_empty() || !wanted.iter().all(known) {
                return Err(not_one_of(domain.iter().map(|term| term.value.clone()).collect()));
            }
            let chosen = domain.iter().map(|term| term.value.clone()).filter(|v| wanted.contains(&v.as_str()));
            Ok(Meant::Several(chosen.collect()))
        }
        Domain::Layer { kinds } => {
            let known: Vec<String> = inputs.layers_of(kinds).collect();
            if known.iter().any(|name| name == text) {
                Ok(Meant::Text(text.to_owned()))
            } else {
                Err(not_one_of(known))
            }
        }
        Domain::Layers { kinds, .. } => {
            let known: Vec<String> = inputs.layers_of(kinds).collect();
            let wanted: Vec<&str> = text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
            if wanted.is_empty() || !wanted.iter().all(|word| known.iter().any(|name| name == word)) {
                return Err(not_one_of(known));
            }
            Ok(Meant::Several(known.into_iter().filter(|name| wanted.contains(&name.as_str())).collect()))
        }
        Domain::Point => {
            let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
            match numbers.as_deref() {
                Some(&[lng, lat]) if lng.abs() <= 180.0 && lat.abs() <= 90.0 => Ok(Meant::Point(Some([lng, lat]))),
                _ => Err(fault("parameter-not-place")),
            }
        }
        Domain::Chainage => match chainage::parse(text) {
            // In one spelling, so that one question has one address.
            Some(number) => Ok(Meant::Text(chainage::spell(number, 3))),
            None => Err(fault("parameter-not-chainage")),
        },
        Domain::RulePack { .. } => {
            let known: Vec<String> = rules::all().iter().map(|pack| pack.id.clone()).collect();
            if known.iter().any(|id| id == text) { Ok(Meant::Text(text.to_owned())) } else { Err(not_one_of(known)) }
        }
        Domain::RulePacks { .. } => {
            let known: Vec<String> = rules::all().iter().map(|pack| pack.id.clone()).collect();
            let wanted: Vec<&str> = text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
            if wanted.is_empty() || !wanted.iter().all(|word| known.iter().any(|id| id == word)) {
                return Err(not_one_of(known));
            }
            Ok(Meant::Several(known.into_iter().filter(|id| wanted.contains(&id.as_str())).collect()))
        }
        Domain::Indicators { .. } => {
            let known: Vec<String> = indicators::all().iter().map(|one| one.id.clone()).collect();
            if known.iter().any(|id| id == text) { Ok(Meant::Text(text.to_owned())) } else { Err(not_one_of(known)) }
        }
        Domain::Day => match Day::parse(text) {
            Some(day) => Ok(Meant::Day(Some(day))),
            None => Err(fault("parameter-not-day")),
        },
        Domain::Period => match Period::parse(text) {
            Some(period) => Ok(Meant::Period(Some(period))),
            None => Err(fault("parameter-not-period")),
        },
        Domain::Feature { kind, by } => {
            let Some(name) = inputs.default_layer(&[kind]) else { return Err(not_one_of(Vec::new())) };
            let layer = inputs.layers.layer(&name)?;
            let mut known = said(layer.table(), by);
            match known.iter().find(|one| one.to_lowercase() == text.to_lowercase()) {
                // As the layer spells it, so that one question has one address.
                Some(one) => Ok(Meant::Text(one.clone())),
                None => {
                    let all = known.len();
                    known.truncate(NAMED);
                    known.extend((all > NAMED).then(|| format!("… ({all})")));
                    Err(not_one_of(known))
                }
            }
        }
        // Whether there is one of that name is looked at when the layer is known.
        Domain::Attribute { .. } => Ok(Meant::Text(text.to_owned())),
        Domain::Filter { .. } => {
            Filter::parse(text).map_err(|fault| fault.with("parameter", parameter.name))?;
            Ok(Meant::Text(text.to_owned()))
        }
    }
}
