//! Edits: a feature made, changed, moved, withdrawn. Each is an event that carries what differs; nothing else is written.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::account::Rights;
use crate::fault::Fault;
use crate::geo::shape::Geometries;
use crate::geo::{geojson, wkb};
use crate::kind;
use crate::ledger::admit::{admitted, alike, by_events, check_free, typed};
use crate::ledger::happening::{day, shape_of, unknown};
use crate::ledger::{Ledger, Responsible};
use crate::store::fold::Effect;
use crate::store::{Draft, Refused, Request, Standing, Step, Written};
use crate::units::Day;

/// The reference system of the blobs: longitude and latitude, WGS 84.
const SRS_ID: i32 = 4326;

/// What a feature has to be for a write to be made: nothing is lost to who was slower.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Match {
    /// Whatever it is.
    #[default]
    Any,
    /// Whatever it is, but there.
    Present,
    /// One of these states, by their fingerprints (`Row::digest`).
    States(Vec<String>),
}

impl Match {
    /// Whether the feature is what it has to be. That it is not there at all comes before every condition (RFC 9110 §13.2.1).
    ///
    /// # Errors
    /// `feature-unknown`, `edit-conflict` (412).
    pub fn check(&self, standing: &Standing<'_>) -> Result<(), Fault> {
        let conflict = || {
            Fault::precondition_failed("edit-conflict").with("collection", &standing.layer.name).with("id", standing.id)
        };
        // What was withdrawn can be restored by whoever asks for no state of it.
        if *self != Self::Any {
            standing.state().ok_or_else(|| unknown(standing))?;
        }
        match self {
            Self::Any | Self::Present => Ok(()),
            Self::States(states) => {
                let table = standing.row()?;
                let found = table.rows().next().map(|row| format!("{:032x}", row.digest()));
                if found.is_some_and(|found| states.contains(&found)) { Ok(()) } else { Err(conflict()) }
            }
        }
    }
}

/// What is to become of a feature.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Make it: its properties and its GeoJSON geometry.
    Create {
        /// Property to value.
        properties: Map<String, Value>,
        /// GeoJSON.
        geometry: Value,
        /// Since when; None: today.
        on: Option<Day>,
    },
    /// Put this in the place of all that it is: what is not named is nothing.
    Replace {
        /// Property to value.
        properties: Map<String, Value>,
        /// GeoJSON.
        geometry: Value,
    },
    /// Change what is named; null: to nothing.
    Patch {
        /// Property to value.
        properties: Map<String, Value>,
        /// GeoJSON; None: as it is.
        geometry: Option<Value>,
    },
    /// Take it out of the layer; its past stays.
    Withdraw {
        /// Why.
        note: String,
    },
}

/// One edit of one feature.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The layer.
    pub layer: String,
    /// The feature's id.
    pub feature: String,
    /// What is to become of it.
    pub edit: Edit,
    /// What it has to be.
    pub matches: Match,
    /// The row's own number in the log that it is taken from.
    pub number: Option<String>,
    /// What is written beside.
    pub note: String,
    /// Who did it, where that is not who records it.
    pub by: String,
}

impl Asked {
    /// An edit from whoever asks, whatever the feature is.
    pub fn new(layer: &str, feature: &str, edit: Edit) -> Self {
        Self {
            layer: layer.to_owned(),
            feature: feature.to_owned(),
            edit,
            matches: Match::Any,
            number: None,
            note: String::new(),
            by: String::new(),
        }
    }
}

/// An id for a feature that comes without one: short, never given twice.
///
/// # Errors
/// Where the machine has no randomness to give.
pub fn fresh_id(today: Day) -> Result<String, Fault> {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(Fault::internal)?;
    let tail: String = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    Ok(format!("{}-{tail}", today.to_string().replace('-', "")))
}

/// The layer that everybody keeps issues in; made when the first is.
pub const ISSUES: &str = "issues";

impl Ledger {
    /// Makes edits, all or none.
    ///
    /// # Errors
    /// For each that cannot be made, why.
    pub fn edit(&self, who: &Rights, edits: Vec<Asked>, request: Option<Request>) -> Result<Written, Refused> {
        who.check_writer()?;
        let mut steps = Vec::with_capacity(edits.len());
        let mut refused = Vec::new();
        for (at, asked) in edits.into_iter().enumerate() {
            match self.step(who, asked) {
                Ok(step) => steps.push(step),
                Err(fault) => refused.push((at, fault)),
            }
        }
        if refused.is_empty() { self.write(steps, request) } else { Err(Refused::Steps(refused)) }
    }

    /// The step of one edit: what can be known of it before the transaction is known.
    pub(super) fn step(&self, who: &Rights, asked: Asked) -> Result<Step, Fault> {
        check_id(&asked.feature)?;
        let found = if asked.layer == ISSUES { Some(kind::kind("issue")?) } else { None };
        let mut responsible = None;
        if let Edit::Create { geometry, .. } = &asked.edit {
            let mut one = Geometries::default();
            if geojson::read(geometry, &mut one).is_some()
                && let Some(place) = one.shape(0).inside_point()
            {
                responsible = Some(Responsible::at(&self.catalog, place)?);
            }
        }
        let (who, today) = (Arc::new(who.clone()), self.catalog.today());
        let (layer, feature) = (asked.layer.clone(), asked.feature.clone());
        let decide = move |standing: &Standing<'_>| decide(asked, &who, today, responsible.as_ref(), standing);
        Ok(Step { layer, found, feature, decide: Box::new(decide) })
    }
}

fn check_id(id: &str) -> Result<(), Fault> {
    if id.is_empty() || id.chars().count() > 200 || id.chars().any(char::is_control) || id.trim() != id {
        return Err(Fault::unprocessable("feature-id").with("value", id));
    }
    // An id is an address, told to everybody.
    if kind::gives_away(id) {
        return Err(Fault::unprocessable("feature-id-personal").with("value", id));
    }
    Ok(())
}

fn decide(
    asked: Asked,
    who: &Rights,
    today: Day,
    responsible: Option<&Responsible>,
    standing: &Standing<'_>,
) -> Result<Option<Draft>, Fault> {
    if standing.layer.is_log() {
        return Err(Fault::not_found("layer-unknown").with("layer", &standing.layer.name));
    }
    if let Some(number) = &asked.number
        && standing.numbered(number)?.is_some()
    {
        return Ok(None);
    }
    let Asked { edit, matches, number, note, by, .. } = asked;
    let drafted = match edit {
        Edit::Create { properties, geometry, on } => {
            create(properties, &geometry, day(on, today)?, who, responsible, standing).map(Some)?
        }
        Edit::Replace { mut properties, geometry } => {
            matches.check(standing)?;
            for attribute in &standing.layer.attributes {
                properties.entry(&attribute.name).or_insert(Value::Null);
            }
            change(&properties, Some(&geometry), who, today, standing, true)?
        }
        Edit::Patch { properties, geometry } => {
            matches.check(standing)?;
            change(&properties, geometry.as_ref(), who, today, standing, false)?
        }
        Edit::Withdraw { note } => {
            matches.check(standing)?;
            let mut draft = about(standing, who, today)?;
            who.check_write(&standing.layer.kind, Some(shape_of(geom(standing)?)?.shape(0)), None)?;
            draft.event = "withdrawn".to_owned();
            draft.note = note;
            draft.effect.present = Some(false);
            Some(draft)
        }
    };
    Ok(drafted.map(|draft| Draft {
        number,
        note: if note.is_empty() { draft.note } else { note },
        by: if by.is_empty() { draft.by } else { by },
        ..draft
    }))
}

fn geom<'a>(standing: &'a Standing<'_>) -> Result<&'a [u8], Fault> {
    standing.state().map(|state| &state.geom[..]).ok_or_else(|| unknown(standing))
}

/// A draft about a feature that is there.
fn about(standing: &Standing<'_>, who: &Rights, on: Day) -> Result<Draft, Fault> {
    let state = standing.state().ok_or_else(|| unknown(standing))?;
    Ok(Draft {
        on,
        author: who.author().to_owned(),
        place: shape_of(&state.geom)?.shape(0).inside_point(),
        village: state.attributes.get("village").and_then(Value::as_str).unwrap_or_default().to_owned(),
        private: standing.layer.kind.personal_place
            || state.attributes.get("private").and_then(Value::as_bool).unwrap_or(false),
        ..Draft::default()
    })
}

fn create(
    properties: Map<String, Value>,
    geometry: &Value,
    on: Day,
    who: &Rights,
    responsible: Option<&Responsible>,
    standing: &Standing<'_>,
) -> Result<Draft, Fault> {
    let kind = &standing.layer.kind;
    if standing.history.base.is_some() || !standing.history.events.is_empty() {
        return Err(Fault::conflict("feature-exists").with("collection", &standing.layer.name).with("id", standing.id));
    }
    let shape = admitted(geometry, kind)?;
    who.check_write(kind, None, Some(shape.shape(0)))?;
    let mut sets = typed(&properties, &standing.layer.attributes)?;
    sets.retain(|_, value| !value.is_null());
    check_free(&sets, &Map::new(), kind)?;
    if kind.id == "issue" {
        // A life begins with being found; whose it is, the grid says.
        let mut put = |name: &str, value: Value| {
            if kind.attribute(name).is_some() && !value.is_null() {
                sets.entry(name).or_insert(value);
            }
        };
        put("status", "found".into());
        put("found_on", on.to_string().into());
        put("round", 1.into());
        if let Some(responsible) = responsible {
            put("village", responsible.village.clone().into());
            put("cell", responsible.cell.clone().into());
            put("assignee", responsible.person.clone().into());
        }
    }
    let village = sets.get("village").and_then(Value::as_str).unwrap_or_default().to_owned();
    let private = kind.personal_place || sets.get("private").and_then(Value::as_bool).unwrap_or(false);
    let (blob, _) = wkb::write_gpkg(shape.shape(0), SRS_ID).ok_or_else(|| Fault::internal("no place"))?;
    Ok(Draft {
        on,
        author: who.author().to_owned(),
        event: "created".to_owned(),
        place: shape.shape(0).inside_point(),
        village,
        private,
        effect: Effect { sets, geom: Some(blob), present: Some(true), undoes: None },
        ..Draft::default()
    })
}

/// What differs from what the feature is, as an event; None where nothing does.
fn change(
    properties: &Map<String, Value>,
    geometry: Option<&Value>,
    who: &Rights,
    today: Day,
    standing: &Standing<'_>,
    whole: bool,
) -> Result<Option<Draft>, Fault> {
    let kind = &standing.layer.kind;
    let state = standing.state().ok_or_else(|| unknown(standing))?;
    let old = shape_of(&state.geom)?;
    let mut sets = typed(properties, &standing.layer.attributes)?;
    sets.retain(|name, value| state.attributes.get(name).unwrap_or(&Value::Null) != value);
    // A whole feature that was written without them does not mean to empty what only events set.
    if whole {
        let steps = by_events(kind);
        sets.retain(|name, value| !(value.is_null() && steps.iter().any(|event| event.set.contains_key(name))));
    }
    check_free(&sets, &state.attributes, kind)?;
    let mut blob = None;
    if let Some(geometry) = geometry {
        let new = admitted(geometry, kind)?;
        let (written, _) = wkb::write_gpkg(new.shape(0), SRS_ID).ok_or_else(|| Fault::internal("no place"))?;
        let moved = !alike(old.shape(0), new.shape(0));
        who.check_write(kind, Some(old.shape(0)), moved.then(|| new.shape(0)))?;
        blob = moved.then_some(written);
    } else {
        who.check_write(kind, Some(old.shape(0)), None)?;
    }
    if sets.is_empty() && blob.is_none() {
        return Ok(None);
    }
    let mut draft = about(standing, who, today)?;
    draft.event = if sets.is_empty() { "moved" } else { "changed" }.to_owned();
    if let Some(blob) = &blob {
        draft.place = shape_of(blob)?.shape(0).inside_point();
    }
    draft.effect = Effect { sets, geom: blob, ..Effect::default() };
    Ok(Some(draft))
}
