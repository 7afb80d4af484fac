//! Something that happened to a feature, from what somebody says of it to the event that is recorded.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::account::Rights;
use crate::event::{self, EventKind, Quantity};
use crate::evidence::Evidence;
use crate::fault::Fault;
use crate::geo::shape::Geometries;
use crate::geo::wkb;
use crate::ledger::{Ledger, edit};
use crate::store::fold::{self, Effect, State};
use crate::store::{Draft, Event, Refused, Request, Standing, Step, Written, place_in_log};
use crate::units::Day;

/// Longest note that is kept, characters.
const NOTE_LIMIT: usize = 4000;

/// What somebody says has happened.
#[derive(Clone, Debug, Default)]
pub struct Happening {
    /// The layer.
    pub layer: String,
    /// The feature's id.
    pub feature: String,
    /// The kind of event, by its id or a title.
    pub event: String,
    /// The day on which it took effect; None: today.
    pub on: Option<Day>,
    /// Who did it, where that is not who records it.
    pub by: String,
    /// What is written beside.
    pub note: String,
    /// How much: `3方`, `约30公里`.
    pub quantity: Option<String>,
    /// Where whoever records it stands, longitude and latitude.
    pub position: Option<[f64; 2]>,
    /// SHA-256 of files that prove it.
    pub evidence: Vec<String>,
    /// Field to value, as typed.
    pub fields: Map<String, Value>,
    /// The event that is revoked, by its id.
    pub undoes: Option<String>,
    /// The row's own number in the log that it is taken from.
    pub number: Option<String>,
    /// What the feature has to be for it to be recorded.
    pub matches: edit::Match,
}

impl Ledger {
    /// Records what happened, all of it or nothing. `request`: so that a retried request writes once.
    ///
    /// # Errors
    /// For each that cannot be recorded, why.
    pub fn record(
        &self,
        who: &Rights,
        happenings: Vec<Happening>,
        request: Option<Request>,
    ) -> Result<Written, Refused> {
        who.check_writer()?;
        let mut refused = Vec::new();
        let folder = Evidence::of(&self.catalog.map().dir, &self.catalog.map().zone);
        for (at, happening) in happenings.iter().enumerate() {
            if let Some(fault) = happening.evidence.iter().find_map(|id| folder.find(id).err()) {
                refused.push((at, fault));
            }
        }
        if !refused.is_empty() {
            return Err(Refused::Steps(refused));
        }
        let steps = happenings.into_iter().map(|happening| self.happening_step(who, happening));
        self.write(steps.collect(), request)
    }

    /// The step of one happening.
    pub(super) fn happening_step(&self, who: &Rights, happening: Happening) -> Step {
        let (who, today) = (Arc::new(who.clone()), self.catalog.today());
        let (layer, feature) = (happening.layer.clone(), happening.feature.clone());
        let decide = move |standing: &Standing<'_>| decide(&happening, &who, today, standing);
        Step { layer, found: None, feature, decide: Box::new(decide) }
    }
}

/// What becomes of a happening, over the feature as it stands.
fn decide(said: &Happening, who: &Rights, today: Day, standing: &Standing<'_>) -> Result<Option<Draft>, Fault> {
    if standing.layer.is_log() {
        return Err(Fault::not_found("layer-unknown").with("layer", &standing.layer.name));
    }
    if let Some(number) = &said.number
        && let Some(known) = standing.numbered(number)?
    {
        return known_row(said, &known).map(|()| None);
    }
    said.matches.check(standing)?;
    match said.event.trim() {
        "undone" => undo(said, who, standing).map(Some),
        "withdrawn" | "restored" => presence(said, who, today, standing).map(Some),
        _ => ordinary(said, who, today, standing).map(Some),
    }
}

/// A row of a log that was taken in before: the same is passed over, another under its number is refused.
fn known_row(said: &Happening, known: &Event) -> Result<(), Fault> {
    let same = known.layer == said.layer
        && known.feature == said.feature
        && Some(known.draft.on) == said.on
        && known.draft.note == said.note.trim()
        && known.draft.by == said.by.trim();
    if same {
        Ok(())
    } else {
        Err(Fault::conflict("log-row-changed").with("number", known.draft.number.as_deref().unwrap_or("")))
    }
}

/// The feature as it is, which must be there.
fn present<'a>(standing: &'a Standing<'_>) -> Result<&'a State, Fault> {
    standing.state().ok_or_else(|| unknown(standing))
}

/// There is no such feature.
pub(super) fn unknown(standing: &Standing<'_>) -> Fault {
    Fault::not_found("feature-unknown").with("collection", &standing.layer.name).with("id", standing.id)
}

/// A shape out of its blob.
pub(super) fn shape_of(geom: &[u8]) -> Result<Geometries, Fault> {
    let mut one = Geometries::default();
    wkb::read_gpkg(geom, &mut one).map_err(|cause| Fault::internal(format!("{cause:?}")))?;
    Ok(one)
}

/// The day of a happening, which cannot lie ahead.
pub(super) fn day(on: Option<Day>, today: Day) -> Result<Day, Fault> {
    match on {
        Some(on) if on > today => {
            Err(Fault::unprocessable("event-in-future").with("parameter", "on").with("value", on).with("today", today))
        }
        on => Ok(on.unwrap_or(today)),
    }
}

/// The village that a feature says it is in; of a village, its name.
fn village(standing: &Standing<'_>, state: &State) -> String {
    let kind = &standing.layer.kind;
    let attribute = if kind.id == "village" { kind.name.as_str() } else { "village" };
    state.attributes.get(attribute).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A draft with all that does not depend on the kind of event.
fn draft(said: &Happening, who: &Rights, on: Day, standing: &Standing<'_>, state: &State) -> Result<Draft, Fault> {
    let note = said.note.trim();
    if note.chars().count() > NOTE_LIMIT {
        return Err(Fault::too_large("note-too-long").with("limit", NOTE_LIMIT));
    }
    if let Some([lng, lat]) = said.position
        && !(lng.abs() <= 180.0 && lat.abs() <= 90.0)
    {
        return Err(Fault::unprocessable("position-malformed").with("value", format!("{lng}, {lat}")));
    }
    Ok(Draft {
        on,
        author: who.author().to_owned(),
        by: said.by.trim().to_owned(),
        note: note.to_owned(),
        position: said.position,
        place: shape_of(&state.geom)?.shape(0).inside_point(),
        village: village(standing, state),
        private: standing.layer.kind.personal_place
            || state.attributes.get("private").and_then(Value::as_bool).unwrap_or(false),
        evidence: said.evidence.clone(),
        number: said.number.clone(),
        ..Draft::default()
    })
}

fn ordinary(said: &Happening, who: &Rights, today: Day, standing: &Standing<'_>) -> Result<Draft, Fault> {
    let state = present(standing)?;
    let kind = &standing.layer.kind;
    let event = event::find(kind, &said.event)?;
    let on = day(said.on, today)?;
    let shape = shape_of(&state.geom)?;
    // A tally of a village's work says nothing of the village's ground: its clerk keeps it.
    let changes = !event.set.is_empty() || !event.ask.is_empty();
    if changes {
        who.check_write(kind, Some(shape.shape(0)), None)?
    } else {
        who.check_record(shape.shape(0))?
    }
    check_state(event, on, standing, state)?;
    let mut draft = draft(said, who, on, standing, state)?;
    check_person(event, &draft, standing)?;
    if event.needs_proof && draft.note.is_empty() && draft.evidence.is_empty() {
        return Err(Fault::unprocessable("event-needs-proof").with("event", &event.id));
    }
    draft.fields = fields(event, standing, &said.fields)?;
    draft.quantity = quantity(event, said.quantity.as_deref())?;
    let by = if draft.by.is_empty() { draft.author.clone() } else { draft.by.clone() };
    draft.effect = Effect { sets: event.sets(&draft.fields, &state.attributes, on, &by), ..Effect::default() };
    if event.set.get("status").is_some_and(|status| status == "registered")
        && !state.attributes.contains_key("number")
        && kind.attribute("number").is_some()
    {
        draft.effect.sets.insert("number".to_owned(), standing.fresh_number(on)?.into());
    }
    draft.event = event.id.clone();
    Ok(draft)
}

/// Whether the event may follow on what the feature is.
fn check_state(event: &EventKind, on: Day, standing: &Standing<'_>, state: &State) -> Result<(), Fault> {
    if event.from.is_empty() {
        return Ok(());
    }
    let status = state.attributes.get("status").and_then(Value::as_str).unwrap_or_default();
    if !event.from.iter().any(|from| from == status) {
        return Err(Fault::conflict("transition-not-allowed")
            .with("event", &event.id)
            .with("status", status)
            .with("known", event.from.join(", ")));
    }
    // A step of a life cycle cannot be slipped in before one that was taken after it.
    let steps =
        standing.history.events.iter().filter(|past| !past.undone && past.draft.effect.sets.contains_key("status"));
    match steps.map(|past| past.draft.on).max() {
        Some(last) if on < last => {
            Err(Fault::unprocessable("transition-too-early").with("value", on).with("earliest", last))
        }
        _ => Ok(()),
    }
}

/// Whether it is done by another than who did what it judges.
fn check_person(event: &EventKind, draft: &Draft, standing: &Standing<'_>) -> Result<(), Fault> {
    let Some(other) = &event.not_by else { return Ok(()) };
    let Some(judged) = standing.history.events.iter().rev().find(|past| !past.undone && past.draft.event == *other)
    else {
        return Ok(());
    };
    let doer = if draft.by.is_empty() { &draft.author } else { &draft.by };
    // Without accounts everybody writes as `local`: then only the persons named can be told apart.
    let same_hand = draft.author == judged.draft.author && draft.author != crate::account::Principal::LOCAL;
    if doer == judged.doer() || same_hand {
        return Err(Fault::conflict("same-person").with("event", &event.id).with("judged", other).with("value", doer));
    }
    Ok(())
}

/// The fields as typed, as JSON of their types.
fn fields(event: &EventKind, standing: &Standing<'_>, typed: &Map<String, Value>) -> Result<Map<String, Value>, Fault> {
    let known: Vec<_> = event.fields(&standing.layer.kind).collect();
    let mut fields = Map::new();
    for (name, value) in typed {
        let field = known.iter().find(|field| field.answers_to(name)).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|field| field.name.as_str()).collect();
            Fault::unprocessable("field-unknown")
                .with("field", name)
                .with("event", &event.id)
                .with("known", names.join(", "))
        })?;
        let value = event::value(field, value)?;
        if !value.is_null() {
            fields.insert(field.name.clone(), value);
        }
    }
    match known.iter().find(|field| field.required && !fields.contains_key(&field.name)) {
        Some(missing) => {
            Err(Fault::unprocessable("field-missing").with("field", &missing.name).with("event", &event.id))
        }
        None => Ok(fields),
    }
}

fn quantity(event: &EventKind, typed: Option<&str>) -> Result<Option<Quantity>, Fault> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else { return Ok(None) };
    let only = match &event.units[..] {
        [one] => Some(one.as_str()),
        _ => None,
    };
    let quantity = Quantity::parse(typed, only)?;
    if !event.units.contains(&quantity.unit.id) {
        let titles: Vec<&str> =
            event.units.iter().filter_map(|unit| event::unit(unit)).map(|unit| unit.title.zh.as_str()).collect();
        return Err(Fault::unprocessable("unit-not-for-event")
            .with("event", &event.id)
            .with("value", &quantity.unit.title.zh)
            .with("known", titles.join("、")));
    }
    Ok(Some(quantity))
}

/// Takes a feature out of its layer, or back into it.
fn presence(said: &Happening, who: &Rights, today: Day, standing: &Standing<'_>) -> Result<Draft, Fault> {
    let restores = said.event.trim() == "restored";
    let before;
    let state = if restores {
        if standing.state().is_some() {
            return Err(Fault::conflict("feature-present").with("id", standing.id));
        }
        before = fold::substance(&standing.history.said()).ok_or_else(|| unknown(standing))?;
        &before
    } else {
        present(standing)?
    };
    let shape = shape_of(&state.geom)?;
    who.check_write(&standing.layer.kind, Some(shape.shape(0)), None)?;
    let mut draft = draft(said, who, day(said.on, today)?, standing, state)?;
    draft.event = said.event.trim().to_owned();
    draft.effect.present = Some(restores);
    Ok(draft)
}

/// Revokes an event: who recorded it may, and who works everywhere.
fn undo(said: &Happening, who: &Rights, standing: &Standing<'_>) -> Result<Draft, Fault> {
    let id = said.undoes.as_deref().unwrap_or_default();
    let unknown = || Fault::unprocessable("event-not-here").with("value", id).with("id", standing.id);
    let seq = place_in_log(id).ok_or_else(unknown)?;
    let target = standing.history.events.iter().find(|event| event.seq == seq).ok_or_else(unknown)?;
    if target.draft.import.is_some() {
        return Err(Fault::conflict("import-not-undone").with("value", id));
    }
    if target.undone {
        return Err(Fault::conflict("event-undone-already").with("value", id));
    }
    if !who.principal().everywhere() && target.draft.author != who.author() {
        return Err(Fault::forbidden("undo-not-own").with("value", id));
    }
    let after = standing.history.events.iter().filter(|event| event.seq > seq && !event.undone);
    // A later step of a life cycle stands on this one.
    if target.draft.effect.sets.contains_key("status")
        && let Some(later) = after.clone().find(|event| event.draft.effect.sets.contains_key("status"))
    {
        return Err(Fault::conflict("undo-not-last").with("value", id).with("later", later.id()));
    }
    let draft = Draft {
        on: target.draft.on,
        author: who.author().to_owned(),
        by: said.by.trim().to_owned(),
        event: "undone".to_owned(),
        note: said.note.trim().to_owned(),
        place: target.draft.place,
        village: target.draft.village.clone(),
        private: target.draft.private,
        effect: Effect { undoes: Some(seq), ..Effect::default() },
        ..Draft::default()
    };
    Ok(draft)
}
