//! What an analysis is: everything that any surface needs to know of it, in one value.

use crate::analysis::bound::{Bound, Inputs};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::kind::Attribute;
use crate::rules;
use crate::table::Table;
use crate::text::{Lang, Title};

/// An analysis. Its words stand in `maps/text`: `<name>` (with `.question` and `.method`), `<name>-<parameter>`.
pub struct Definition {
    /// Its name in ids and commands.
    pub name: &'static str,
    /// Raised whenever equal inputs would give another answer.
    pub version: &'static str,
    /// Its parameters, in the order of the canonical spelling.
    pub parameters: &'static [Parameter],
    /// What it reads.
    pub inputs: &'static [Input],
    /// The role whose features the results are.
    pub subject: fn(&Bound) -> &'static str,
    /// The properties that each result carries beside its subject's own.
    pub properties: fn() -> Vec<Attribute>,
    /// Whether the answer depends on the day as of which it is asked.
    pub dated: bool,
    /// How far a change in an input can matter.
    pub influence: Influence,
    /// Which parameters mean something only under another.
    pub only: &'static [Only],
    /// The answer.
    pub run: fn(&Bound) -> Result<Outcome, Fault>,
}

/// A parameter that means something only where another has one of some values. Elsewhere it is at its default, however it was
/// asked: one question has one address.
#[derive(Clone, Copy, Debug)]
pub struct Only {
    /// The parameter.
    pub name: &'static str,
    /// The other.
    pub under: &'static str,
    /// Its values.
    pub values: &'static [&'static str],
}

/// How far a change in an input can matter, so that an edit recomputes its neighbourhood only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Influence {
    /// Within so many metres: the value of the named parameter.
    Parameter(&'static str),
    /// Everywhere.
    Whole,
}

/// What an analysis came to: features, and figures before their count.
pub struct Outcome {
    /// The features, with their own order.
    pub table: Table,
    /// Named figures, most telling first.
    pub figures: Vec<Figure>,
}

/// One parameter.
pub struct Parameter {
    /// Its name in ids, commands and forms.
    pub name: &'static str,
    /// What it may be.
    pub domain: Domain,
}

/// What a parameter may be, and what it is when it is left out.
pub enum Domain {
    /// A number with a unit, between two bounds, both included. `typical`: the range of the form's slider, and its step.
    Number {
        /// Default.
        default: f64,
        /// Smallest accepted.
        min: f64,
        /// Largest accepted.
        max: f64,
        /// UCUM-like unit.
        unit: &'static str,
        /// From, to and step of a slider.
        typical: [f64; 3],
    },
    /// A whole number of a unit.
    Whole {
        /// Default.
        default: i64,
        /// Smallest accepted.
        min: i64,
        /// Largest accepted.
        max: i64,
        /// UCUM-like unit.
        unit: &'static str,
        /// From, to and step of a slider.
        typical: [f64; 3],
    },
    /// One of a list of words, each titled in `maps/text` as `option-<word>`.
    Choice {
        /// The words; the first is the default.
        options: &'static [&'static str],
    },
    /// Several of the terms of a kind's attribute, joined by commas.
    Terms {
        /// The kind and the attribute whose terms they are.
        of: (&'static str, &'static str),
        /// Default.
        default: &'static [&'static str],
    },
    /// A layer of the map, of one of these kinds. Default: the layer that the first of the kinds to be there is kept in.
    Layer {
        /// The kinds, the usual one first; empty: any.
        kinds: &'static [&'static str],
    },
    /// Several layers of the map, of these kinds (empty: any), joined by commas.
    Layers {
        /// The kinds, the usual one first; empty: any.
        kinds: &'static [&'static str],
        /// Which are meant when none is named.
        usual: Usual,
    },
    /// A place, `longitude,latitude` in degrees. Default: none.
    Point,
    /// A chainage, `K12+300`. Default: none.
    Chainage,
    /// A rule pack of `maps/rules`.
    RulePack {
        /// Default.
        default: &'static str,
    },
    /// Rule packs of `maps/rules`, joined by commas.
    RulePacks {
        /// Default.
        default: &'static [&'static str],
    },
    /// A way to judge villages, of `maps/indicators`.
    Indicators {
        /// Default.
        default: &'static str,
    },
    /// A day. Default: none.
    Day,
    /// A period of reporting, as [`crate::units::Period`] spells it. Default: the month of the day as of which it is asked.
    Period,
    /// A feature of the layer in which a kind is kept, by what one of these attributes says; several may say the same.
    /// Default: none, and the analysis chooses.
    Feature {
        /// The kind.
        kind: &'static str,
        /// The attributes, the usual one first.
        by: &'static [&'static str],
    },
    /// An attribute of numbers of the layer that another parameter names, none that is personal. Default: none.
    Attribute {
        /// That parameter.
        on: &'static str,
    },
    /// A CQL2 filter on the layer that another parameter names. Default: none.
    Filter {
        /// That parameter.
        on: &'static str,
    },
}

/// Which layers are meant when none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// The one that [`Domain::Layer`] would take.
    First,
    /// All there are.
    All,
    /// None: the analysis goes without.
    None,
}

/// What an analysis reads, under the name of a role.
pub struct Input {
    /// The role.
    pub role: &'static str,
    /// Where it comes from.
    pub from: From,
    /// Whether it cannot run without.
    pub required: bool,
}

/// Where an input comes from.
pub enum From {
    /// The layer, or the layers, that a parameter names.
    Parameter(&'static str),
    /// The layer in which a kind is kept.
    Kind(&'static str),
    /// All layers of these kinds.
    All(&'static [&'static str]),
    /// All layers of the kinds that the rules speak of which bind the features of a layer: the parameters that name the packs and
    /// the layer.
    Rules {
        /// The packs.
        packs: &'static str,
        /// The layer.
        of: &'static str,
    },
    /// The layer in which a kind is kept, as it stood at a moment of the period that a parameter names.
    At {
        /// The kind.
        kind: &'static str,
        /// That parameter.
        period: &'static str,
        /// The moment.
        moment: Moment,
    },
}

/// A moment of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The evening of its last day that has come.
    Closing,
    /// The evening before it began.
    Eve,
}

/// Whether an analysis can run on a map; the reason sits on the variant that needs one.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// It can.
    Fits,
    /// It cannot, because.
    Unfit(Fault),
}

impl Definition {
    /// What people call it.
    pub fn title(&self) -> Title {
        Title::of(self.name)
    }

    /// What people call one of its parameters.
    pub fn parameter_title(&self, parameter: &Parameter) -> Title {
        Title::of(&format!("{}-{}", self.name, parameter.name))
    }

    /// Whether it can run on a map with these layers; if not, all that is missing.
    pub fn fit(&self, inputs: &Inputs<'_>) -> Fit {
        let missing: Vec<Vec<&str>> = self
            .inputs
            .iter()
            .filter(|input| input.required)
            .map(|input| self.kinds_of(input, &self.usually_spoken_of(input, inputs)))
            .filter(|kinds| kinds.is_empty() || inputs.layers_of(kinds).next().is_none())
            .collect();
        if missing.is_empty() { Fit::Fits } else { Fit::Unfit(self.lacks(&missing)) }
    }

    /// The kinds that the rules speak of when no parameter is set; none for an input of another origin.
    fn usually_spoken_of(&self, input: &Input, inputs: &Inputs<'_>) -> Vec<&'static str> {
        let From::Rules { packs, of } = input.from else { return Vec::new() };
        let (packs, of) = (self.parameter(packs).map(|p| &p.domain), self.parameter(of).map(|p| &p.domain));
        let (Some(Domain::RulePacks { default }), Some(Domain::Layer { kinds })) = (packs, of) else {
            return Vec::new();
        };
        let there = kinds.iter().find(|kind| inputs.layers_of(&[**kind]).next().is_some());
        there.or(kinds.first()).map_or_else(Vec::new, |kind| rules::spoken_of(default, kind))
    }

    /// The kinds of which an input needs one. `spoken_of`: those that its rules speak of.
    pub(super) fn kinds_of<'k>(&self, input: &'k Input, spoken_of: &[&'k str]) -> Vec<&'k str> {
        match &input.from {
            From::Parameter(name) => match self.parameter(name).map(|p| &p.domain) {
                Some(Domain::Layer { kinds } | Domain::Layers { kinds, .. }) => kinds.to_vec(),
                _ => Vec::new(),
            },
            From::Kind(kind) | From::At { kind, .. } => vec![kind],
            From::All(kinds) => kinds.to_vec(),
            From::Rules { .. } => spoken_of.to_vec(),
        }
    }

    /// The reason why it cannot run: of each of these groups of kinds it needs one.
    pub(super) fn lacks(&self, missing: &[Vec<&str>]) -> Fault {
        let told = |lang: Lang, or: &str, and: &str| {
            let title = |kind: &&str| crate::kind::kind(kind).ok().map(|kind| kind.title.get(lang).to_owned());
            let one_of = |kinds: &Vec<&str>| kinds.iter().filter_map(title).collect::<Vec<_>>().join(or);
            missing.iter().map(one_of).collect::<Vec<_>>().join(and)
        };
        Fault::invalid("analysis-unfit")
            .with("analysis", self.name)
            .with("kinds", missing.iter().map(|kinds| kinds.join(", ")).collect::<Vec<_>>().join("; "))
            .with("titles-zh", told(Lang::Zh, "或", "；"))
            .with("titles-en", told(Lang::En, " or ", "; "))
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}
