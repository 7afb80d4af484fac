//! From what was typed to what is meant: parameters parsed, bounded and defaulted, inputs found; then the canonical spelling.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analysis::definition::{Definition, Domain, Fit, From, Input, Moment, Parameter};
use crate::analysis::meant::{Meant, default, parse};
use crate::collection::Collection;
use crate::fault::Fault;
use crate::filter::Filter;
use crate::geo::chainage;
use crate::kind::{Attribute, Kind, ValueType};
use crate::layer::Layer;
use crate::rules;
use crate::table::Table;
use crate::units::{Day, Period};

/// The layers of a map, as of one day: what an analysis may be bound to.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The layers by name; loaded when first asked for.
    pub layers: &'a dyn Layers,
}

/// A map's layers by name, as of one day.
pub trait Layers {
    /// Names and kinds, in the map's order.
    fn named(&self) -> Vec<(String, Arc<Kind>)>;

    /// The layer of that name.
    ///
    /// # Errors
    /// `collection-unknown`, or what the store could not do.
    fn layer(&self, name: &str) -> Result<Arc<Layer>, Fault>;

    /// What the map says of the chainage of its roads.
    fn chainages(&self) -> &[chainage::Declared] {
        &[]
    }

    /// The layer of that name as it stood on an earlier day; where the layers have no past, as it is.
    ///
    /// # Errors
    /// As `layer`.
    fn layer_on(&self, name: &str, day: Day) -> Result<Arc<Layer>, Fault> {
        let _ = day;
        self.layer(name)
    }
}

impl Inputs<'_> {
    /// The layers of any of these kinds (all, when none is named), those of the first kind first.
    pub fn layers_of(&self, kinds: &[&str]) -> impl Iterator<Item = String> + use<> {
        let named = self.layers.named();
        let rank = |kind: &Kind| kinds.iter().position(|k| *k == kind.id);
        let mut found: Vec<(usize, String)> = named
            .into_iter()
            .filter_map(|(name, kind)| match rank(&kind) {
                Some(rank) => Some((rank, name)),
                None if kinds.is_empty() => Some((0, name)),
                None => None,
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, name)| name)
    }

    /// The layer that an analysis looks in when it is not told: of the first kind that is there, the layer that bears the
    /// kind's usual name, else the map's first of the kind.
    pub fn default_layer(&self, kinds: &[&str]) -> Option<String> {
        let named = self.layers.named();
        let any = [""];
        let kinds = if kinds.is_empty() { &any[..] } else { kinds };
        kinds.iter().find_map(|wanted| {
            let mut of_kind = named.iter().filter(|(_, kind)| wanted.is_empty() || kind.id == **wanted);
            let usual = of_kind.clone().find(|(name, kind)| *name == kind.layer);
            usual.or_else(|| of_kind.next()).map(|(name, _)| name.clone())
        })
    }
}

/// An analysis with its parameters and inputs: ready to run.
pub struct Bound {
    /// What it is.
    pub definition: &'static Definition,
    /// The day as of which it is asked.
    pub as_of: Day,
    meant: Vec<Meant>,
    /// What was left at its default, for the spelling.
    defaults: Vec<Meant>,
    inputs: BTreeMap<&'static str, Vec<Arc<Layer>>>,
    /// What the map says of the chainage of its roads; nothing, for an analysis that asks for none.
    chainages: Vec<chainage::Declared>,
}

impl Bound {
    /// Binds an analysis to parameters as they were typed and to a map's layers.
    ///
    /// # Errors
    /// `parameter-unknown`, `parameter-not-number`, `parameter-out-of-range`, `parameter-not-one-of`,
    /// `parameter-not-day`, `parameter-not-period`, `parameter-period-ahead`, `parameter-not-place`, `parameter-not-chainage`,
    /// `rules-bind-nothing`, `analysis-unfit`,
    /// each naming the parameter, the value and what would be accepted.
    pub fn new(
        definition: &'static Definition,
        typed: &BTreeMap<String, String>,
        inputs: Inputs<'_>,
        as_of: Day,
    ) -> Result<Self, Fault> {
        if let Some(name) = typed.keys().find(|name| definition.parameter(name).is_none()) {
            let known: Vec<&str> = definition.parameters.iter().map(|p| p.name).collect();
            return Err(Fault::invalid("parameter-unknown").with("parameter", name).with("known", known.join(", ")));
        }
        let of_a_road = |parameter: &Parameter| matches!(parameter.domain, Domain::Feature { kind: "road", .. });
        let chainages = if definition.parameters.iter().any(of_a_road) { inputs.layers.chainages() } else { &[] };
        let mut bound = Self {
            definition,
            as_of,
            meant: Vec::new(),
            defaults: Vec::new(),
            inputs: BTreeMap::new(),
            chainages: chainages.to_vec(),
        };
        for parameter in definition.parameters {
            let default = default(parameter, inputs);
            let meant = match typed.get(parameter.name) {
                Some(text) => parse(parameter, text, inputs)?,
                None => default.clone(),
            };
            bound.meant.push(meant);
            bound.defaults.push(default);
            bound.check_begun(parameter)?;
        }
        for only in definition.only {
            let means_nothing = !only.values.contains(&bound.text(only.under));
            if let Some(at) = definition.parameters.iter().position(|parameter| parameter.name == only.name)
                && means_nothing
            {
                bound.meant[at] = bound.defaults[at].clone();
            }
        }
        for input in definition.inputs {
            let spoken_of = bound.spoken_of(input, inputs)?;
            let names: Vec<String> = match input.from {
                From::Parameter(name) => match bound.meant(name) {
                    Some(Meant::Several(names)) => names.clone(),
                    _ => Some(bound.text(name).to_owned()).filter(|n| !n.is_empty()).into_iter().collect(),
                },
                From::Kind(kind) | From::At { kind, .. } => inputs.default_layer(&[kind]).into_iter().collect(),
                From::All(kinds) => inputs.layers_of(kinds).collect(),
                // Of no kind at all would be of any.
                From::Rules { .. } if spoken_of.is_empty() => Vec::new(),
                From::Rules { .. } => inputs.layers_of(&spoken_of).collect(),
            };
            // Rules that somebody asked for are told unchecked where the map lacks what they speak of.
            let asked_for = matches!(input.from, From::Rules { packs, .. } if typed.contains_key(packs));
            if names.is_empty() && input.required && !asked_for {
                return Err(match definition.fit(&inputs) {
                    Fit::Unfit(fault) => fault,
                    Fit::Fits => definition.lacks(&[definition.kinds_of(input, &spoken_of)]),
                });
            }
            let on = bound.day_of(&input.from);
            let load = |name: &String| match on {
                Some(day) => inputs.layers.layer_on(name, day),
                None => inputs.layers.layer(name),
            };
            let layers = names.iter().map(load).collect::<Result<_, _>>()?;
            bound.inputs.insert(input.role, layers);
        }
        bound.check_filters()?;
        Ok(bound)
    }

    /// The kinds that the chosen rules speak of; none for an input of another origin.
    fn spoken_of(&self, input: &Input, inputs: Inputs<'_>) -> Result<Vec<&'static str>, Fault> {
        let From::Rules { packs, of } = input.from else { return Ok(Vec::new()) };
        let named = inputs.layers.named();
        // No layer at all: the input that it would be says so.
        let Some((_, kind)) = named.iter().find(|(name, _)| name == self.text(of)) else { return Ok(Vec::new()) };
        let kinds = rules::spoken_of(self.several(packs), &kind.id);
        if kinds.is_empty() {
            let known = rules::all().iter().filter(|pack| !rules::spoken_of(&[&pack.id], &kind.id).is_empty());
            return Err(Fault::invalid("rules-bind-nothing")
                .with("parameter", packs)
                .with("value", self.several(packs).join(","))
                .with("layer", self.text(of))
                .with("known", known.map(|pack| pack.id.as_str()).collect::<Vec<_>>().join(", ")));
        }
        Ok(kinds)
    }

    /// A period must have begun by the day as of which it is asked.
    fn check_begun(&self, parameter: &Parameter) -> Result<(), Fault> {
        let ahead = matches!(parameter.domain, Domain::Period) && self.period(parameter.name).first() > self.as_of;
        if ahead {
            return Err(Fault::invalid("parameter-period-ahead")
                .with("parameter", parameter.name)
                .with("value", self.period(parameter.name))
                .with("day", self.as_of));
        }
        Ok(())
    }

    /// The earlier day as of which an input is read; None: as of the day of the question.
    fn day_of(&self, from: &From) -> Option<Day> {
        let From::At { period, moment, .. } = from else { return None };
        let period = self.period(period);
        let day = match moment {
            Moment::Closing => period.closing(self.as_of),
            Moment::Eve => period.before(self.as_of).1,
        };
        Some(day).filter(|day| *day < self.as_of)
    }

    /// A filter must fit the layer it is meant for before anything runs.
    fn check_filters(&self) -> Result<(), Fault> {
        for parameter in self.definition.parameters {
            if let Domain::Attribute { on } = parameter.domain {
                let name = self.text(parameter.name);
                for layer in self.layers(on).iter().filter(|_| !name.is_empty()) {
                    check_numbers(layer.table(), name).map_err(|fault| fault.with("parameter", parameter.name))?;
                }
            }
            if let Domain::Filter { on } = parameter.domain
                && let Some(filter) = self.filter(parameter.name)?
            {
                for layer in self.layers(on) {
                    let compiled = filter.compile(layer.table().attributes());
                    compiled.map_err(|fault| fault.with("parameter", parameter.name))?;
                }
            }
        }
        Ok(())
    }

    fn meant(&self, name: &str) -> Option<&Meant> {
        let at = self.definition.parameters.iter().position(|parameter| parameter.name == name)?;
        self.meant.get(at)
    }

    /// A number parameter, in its unit. Names are those of the definition: another is a slip of the analysis's own file.
    pub fn number(&self, name: &str) -> f64 {
        match self.meant(name) {
            Some(Meant::Number(x)) => *x,
            Some(Meant::Whole(n)) => *n as f64,
            _ => f64::NAN,
        }
    }

    /// A text parameter.
    pub fn text(&self, name: &str) -> &str {
        match self.meant(name) {
            Some(Meant::Text(text)) => text,
            _ => "",
        }
    }

    /// A parameter of several words.
    pub fn several(&self, name: &str) -> &[String] {
        match self.meant(name) {
            Some(Meant::Several(all)) => all,
            _ => &[],
        }
    }

    /// A day parameter; None where it was left out.
    pub fn day(&self, name: &str) -> Option<Day> {
        match self.meant(name) {
            Some(Meant::Day(day)) => *day,
            _ => None,
        }
    }

    /// A period parameter; the month of the day of the question where it was left out.
    pub fn period(&self, name: &str) -> Period {
        match self.meant(name) {
            Some(Meant::Period(Some(period))) => *period,
            _ => Period::month_of(self.as_of),
        }
    }

    /// A place, longitude and latitude in degrees; None where it was left out.
    pub fn point(&self, name: &str) -> Option<[f64; 2]> {
        match self.meant(name) {
            Some(Meant::Point(place)) => *place,
            _ => None,
        }
    }

    /// A filter parameter; None where it was left out.
    ///
    /// # Errors
    /// `filter-malformed`.
    pub fn filter(&self, name: &str) -> Result<Option<Filter>, Fault> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(Filter::parse).transpose()
    }

    /// The layers in a role; empty for an optional one that the map lacks.
    pub fn layers(&self, role: &str) -> &[Arc<Layer>] {
        self.inputs.get(role).map_or(&[], Vec::as_slice)
    }

    /// The one layer in a role.
    ///
    /// # Errors
    /// `analysis-unfit` where the map lacks it.
    pub fn layer(&self, role: &'static str) -> Result<&Arc<Layer>, Fault> {
        self.layers(role).first().ok_or_else(|| {
            Fault::invalid("analysis-unfit")
                .with("analysis", self.definition.name)
                .with("kinds", role)
                .with("titles", role)
        })
    }

    /// What the map says of the chainage of its roads: another declaration is another question.
    pub fn chainages(&self) -> &[chainage::Declared] {
        &self.chainages
    }

    /// All layers that it reads, each once; as of two days is two.
    pub fn all_layers(&self) -> Vec<&Arc<Layer>> {
        let mut all: Vec<&Arc<Layer>> = self.inputs.values().flatten().collect();
        let key = |layer: &Arc<Layer>| (layer.name().to_owned(), layer.about().id.clone());
        all.sort_by_key(|layer| key(layer));
        all.dedup_by_key(|layer| key(layer));
        all
    }

    /// Each parameter with its value in force.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &Meant)> {
        self.definition.parameters.iter().map(|p| p.name).zip(&self.meant)
    }

    /// Each parameter that is not at its default, in the order of the definition: what the canonical id spells.
    pub fn spelled(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.parameters()
            .zip(&self.defaults)
            .filter(|((_, meant), default)| meant != default)
            .map(|((name, meant), _)| (name, meant.spell()))
    }
}
/// That a table has an attribute of numbers of that name which is not personal.
fn check_numbers(table: &Table, name: &str) -> Result<(), Fault> {
    let fits = |a: &&Attribute| matches!(a.value_type, ValueType::Int | ValueType::Float) && !a.personal;
    let known: Vec<&str> = table.attributes().iter().filter(fits).map(|a| a.name.as_str()).collect();
    if known.contains(&name) {
        return Ok(());
    }
    Err(Fault::invalid("parameter-not-one-of").with("value", name).with("known", known.join(", ")))
}
