//! The fold: what a feature was on each day, out of what was said of it. Pure; `tests/ledger` holds its laws.
//!
//! Everything said of a feature takes effect on a day and has a place in the log. On a day, each attribute (and the shape,
//! and whether the feature is there at all) has the value that was said last in the order (day of effect, place in the log).
//! So what is recorded late takes its place by its day, and what was said for a later day is not disturbed by it.

use std::collections::HashSet;

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
    let mut ordered: Vec<&Said> = said.iter().collect();
    ordered.sort_by_key(|one| std::cmp::Reverse(one.seq));
    let gone = revoked(ordered.iter().filter_map(|one| Some((one.seq, one.effect.undoes?))));
    ordered.retain(|one| !gone.contains(&one.seq));
    ordered.sort_by_key(|one| (one.on, one.seq));

    let mut versions: Vec<Version> = Vec::new();
    let mut state = State::default();
    let mut present = false;
    for (at, one) in ordered.iter().enumerate() {
        apply(one, &mut state, &mut present);
        if ordered.get(at + 1).is_some_and(|next| next.on == one.on) {
            continue;
        }
        // A feature whose shape nobody has told yet has no place to be at.
        let state = (present && !state.geom.is_empty()).then(|| state.clone());
        if versions.last().map_or(state.is_some(), |last| last.state != state) {
            versions.push(Version { from: one.on, state });
        }
    }
    versions
}

fn apply(one: &Said, state: &mut State, present: &mut bool) {
    if one.whole {
        state.attributes.clear();
    }
    for (attribute, value) in &one.effect.sets {
        if value.is_null() {
            state.attributes.shift_remove(attribute);
        } else {
            state.attributes.insert(attribute.clone(), value.clone());
        }
    }
    if let Some(geom) = &one.effect.geom {
        state.geom.clone_from(geom);
    }
    *present = one.effect.present.unwrap_or(*present);
}

/// What it was on a day; None: not there.
pub fn on(versions: &[Version], day: Day) -> Option<&State> {
    versions.iter().rev().find(|version| version.from <= day)?.state.as_ref()
}

/// What it is at the end of all that was said; None: not there.
pub fn last(versions: &[Version]) -> Option<&State> {
    versions.last()?.state.as_ref()
}
