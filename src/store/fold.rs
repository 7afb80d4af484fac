//! The fold: what a feature was on each day, out of what was said of it. Pure; `tests/ledger` holds its laws.
//!
//! Everything said of a feature takes effect on a day and has a place in the log. On a day, each attribute (and the shape,
//! and whether the feature is there at all) has the value that was said last in the order (day of effect, place in the log).
//! So what is recorded late takes its place by its day, and what was said for a later day is not disturbed by it.
//!
//! One thing is weaker: a file, which shows a state as of its day and not when that came to be, does not unsay what was
//! recorded after it came. A cleaning of Tuesday, recorded on Friday, stands against Thursday's ledger that knows of none.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::units::Day;

/// What an event changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    /// Attribute to value; null: to nothing.
    pub sets: Map<String, Value>,
    /// A new shape, as a GeoPackage blob.
    pub geom: Option<Vec<u8>>,
    /// Whether the feature is there from now on.
    pub present: Option<bool>,
    /// The event that it revokes, by its place in the log.
    pub undoes: Option<i64>,
}

/// Something said of a feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its place in the log; 0: the base, which a file brought before anything was recorded.
    pub seq: i64,
    /// The day on which it takes effect.
    pub on: Day,
    /// Whether a file says it.
    pub file: bool,
    /// Whether it says all: what it does not name is nothing.
    pub whole: bool,
    /// What it changes.
    pub effect: Effect,
}

/// What a feature is: its shape and its attributes, without those that are null.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// GeoPackage blob.
    pub geom: Vec<u8>,
    /// Attribute to value.
    pub attributes: Map<String, Value>,
}

/// What a feature was from a day on; None: it was not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The first day.
    pub from: Day,
    /// What it was.
    pub state: Option<State>,
}

/// Which events are revoked, given (revoking, revoked) pairs, the latest first. A revocation can be revoked itself.
pub fn revoked(pairs: impl Iterator<Item = (i64, i64)>) -> HashSet<i64> {
    let mut gone = HashSet::new();
    for (seq, undoes) in pairs {
        if !gone.contains(&seq) {
            gone.insert(undoes);
        }
    }
    gone
}

/// The versions of a feature, oldest first; two that follow each other differ. `said` in any order.
pub fn fold(said: &[Said]) -> Vec<Version> {
    let ordered = in_force(said);
    let mut versions: Vec<Version> = Vec::new();
    let mut folding = Folding::default();
    for (at, one) in ordered.iter().enumerate() {
        folding.apply(one);
        if ordered.get(at + 1).is_some_and(|next| next.on == one.on) {
            continue;
        }
        let state = folding.present.then(|| folding.substance()).flatten();
        if versions.last().map_or(state.is_some(), |last| last.state.as_ref() != state) {
            versions.push(Version { from: one.on, state: state.cloned() });
        }
    }
    versions
}

/// What a feature is made of at the end of all that was said, whether it is there or not; None where nobody told its shape.
pub fn substance(said: &[Said]) -> Option<State> {
    let mut folding = Folding::default();
    in_force(said).into_iter().for_each(|one| folding.apply(one));
    folding.substance().cloned()
}

/// What was not revoked, in the order in which it takes effect.
fn in_force(said: &[Said]) -> Vec<&Said> {
    let mut ordered: Vec<&Said> = said.iter().collect();
    ordered.sort_by_key(|one| std::cmp::Reverse(one.seq));
    let gone = revoked(ordered.iter().filter_map(|one| Some((one.seq, one.effect.undoes?))));
    ordered.retain(|one| !gone.contains(&one.seq));
    ordered.sort_by_key(|one| (one.on, one.seq));
    ordered
}

/// A feature while it is being folded.
#[derive(Default)]
struct Folding<'a> {
    state: State,
    present: bool,
    /// The places in the log of the records that said last what holds; `None`: the shape, `Some("")`: whether it is there.
    recorded: HashMap<Option<&'a str>, i64>,
}

impl<'a> Folding<'a> {
    /// The state, where it has a shape: a feature whose shape nobody has told yet has no place to be at.
    fn substance(&self) -> Option<&State> {
        (!self.state.geom.is_empty()).then_some(&self.state)
    }

    /// Whether a thing may be said, which is then noted.
    fn may(&mut self, one: &Said, what: Option<&'a str>) -> bool {
        if one.file {
            return self.recorded.get(&what).is_none_or(|seq| *seq < one.seq);
        }
        self.recorded.insert(what, one.seq);
        true
    }

    fn apply(&mut self, one: &'a Said) {
        if one.whole {
            let recorded = &self.recorded;
            self.state
                .attributes
                .retain(|name, _| recorded.get(&Some(name.as_str())).is_some_and(|seq| *seq > one.seq));
        }
        for (attribute, value) in &one.effect.sets {
            if !self.may(one, Some(attribute)) {
                continue;
            }
            if value.is_null() {
                self.state.attributes.shift_remove(attribute);
            } else {
                self.state.attributes.insert(attribute.clone(), value.clone());
            }
        }
        if let Some(geom) = &one.effect.geom
            && self.may(one, None)
        {
            self.state.geom.clone_from(geom);
        }
        if let Some(present) = one.effect.present
            && self.may(one, Some(""))
        {
            self.present = present;
        }
    }
}

/// What it was on a day; None: not there.
pub fn on(versions: &[Version], day: Day) -> Option<&State> {
    versions.iter().rev().find(|version| version.from <= day)?.state.as_ref()
}

/// What it is at the end of all that was said; None: not there.
pub fn last(versions: &[Version]) -> Option<&State> {
    versions.last()?.state.as_ref()
}
