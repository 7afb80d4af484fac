//! Findings become issues: each finding one issue, today and tomorrow; one that comes back reopens it with its history.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::account::Rights;
use crate::collection::Collection;
use crate::event;
use crate::fault::Fault;
use crate::geo::wkb;
use crate::kind;
use crate::ledger::edit::ISSUES;
use crate::ledger::happening::shape_of;
use crate::ledger::{Ledger, Responsible};
use crate::query::Query;
use crate::store::fold::Effect;
use crate::store::{Draft, Refused, Request, Standing, Step};
use crate::units::Day;

/// What is asked when findings are dispatched.
#[derive(Clone, Debug, Default)]
pub struct Dispatch {
    /// The findings, by the ids of the collection's features.
    pub features: Vec<String>,
    /// What kind of problem they are; None: `other`.
    pub issue_type: Option<String>,
    /// How they are to be handled.
    pub triage: Option<String>,
    /// By when they are to be put right; None: by the triage's usual time.
    pub rectify_by: Option<Day>,
    /// Who is to do it; None: who answers for the place.
    pub assignee: Option<String>,
    /// What is written beside.
    pub note: String,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A new issue.
    Opened,
    /// There was one, and it is still being worked on.
    Known,
    /// There was one that had been closed: it is open again.
    Relapsed,
}

impl Opened {
    /// As JSON says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Known => "known",
            Self::Relapsed => "relapsed",
        }
    }
}

/// An issue that a finding was dispatched as.
#[derive(Clone, Debug)]
pub struct Dispatched {
    /// Its id.
    pub id: String,
    /// The finding's feature.
    pub subject: String,
    /// What became of it.
    pub outcome: Opened,
}

/// One finding, ready to become an issue.
struct Finding {
    id: String,
    subject: String,
    attributes: Map<String, Value>,
    geom: Vec<u8>,
    place: Option<[f64; 2]>,
    person: Option<String>,
}

/// The usual time to put a problem right, days: this project's default, no rule. Mass 3, by a deadline 7, coordinated 30.
fn usual_days(triage: Option<&str>) -> i32 {
    match triage {
        Some("mass") => 3,
        Some("coordinated") => 30,
        _ => 7,
    }
}

impl Ledger {
    /// Turns features of a collection into issues, all or none.
    ///
    /// # Errors
    /// `feature-unknown` for one that the collection does not have; what may not be written where.
    pub fn dispatch(
        &self,
        who: &Rights,
        collection: &dyn Collection,
        asked: &Dispatch,
        request: Option<Request>,
    ) -> Result<Vec<Dispatched>, Refused> {
        who.check_writer()?;
        let findings = self.findings(collection, asked)?;
        let today = self.catalog.today();
        let on = collection.about().as_of.map_or(today, |day| day.min(today));
        let due = asked.rectify_by.unwrap_or(Day(today.0 + usual_days(asked.triage.as_deref())));
        let issue = kind::kind("issue")?;
        let who = Arc::new(who.clone());
        let mut steps = Vec::new();
        let mut ids = Vec::new();
        let triage = findings.first().and_then(|one| one.attributes.get("triage")?.as_str().map(str::to_owned));
        for finding in findings {
            ids.push((finding.id.clone(), finding.subject.clone()));
            let person = asked.assignee.clone().or_else(|| finding.person.clone());
            let feature = finding.id.clone();
            let step = |decide| Step {
                layer: ISSUES.to_owned(),
                found: Some(issue.clone()),
                feature: feature.clone(),
                decide,
            };
            let (author, note) = (who.clone(), asked.note.clone());
            steps.push(step(Box::new(move |standing| open(finding, &author, on, today, note, standing))));
            let (author, triage) = (who.clone(), triage.clone());
            steps.push(step(Box::new(move |standing| assign(&author, today, person, due, triage, standing))));
        }
        let written = self.write(steps, request)?;
        let outcome = |at: usize| match written.events.get(at * 2).and_then(Option::as_ref) {
            Some(event) if event.draft.event == "created" => Opened::Opened,
            Some(_) => Opened::Relapsed,
            None => Opened::Known,
        };
        let dispatched = ids.into_iter().enumerate();
        Ok(dispatched.map(|(at, (id, subject))| Dispatched { id, subject, outcome: outcome(at) }).collect())
    }

    fn findings(&self, collection: &dyn Collection, asked: &Dispatch) -> Result<Vec<Finding>, Refused> {
        let about = collection.about();
        let issue = kind::kind("issue")?;
        let mut common = Map::new();
        for (name, typed) in [("type", &asked.issue_type), ("triage", &asked.triage)] {
            if let (Some(attribute), Some(typed)) = (issue.attribute(name), typed) {
                common.insert(name.to_owned(), event::value(attribute, &typed.as_str().into())?);
            }
        }
        let layer = about.layer.as_str();
        let finder = about.analysis.unwrap_or(layer);
        let answer = collection.features(&Query { limit: Some(1), ..Query::default() })?;
        let table = answer.table();
        let (mut findings, mut refused) = (Vec::new(), Vec::new());
        for (at, subject) in asked.features.iter().enumerate() {
            let Some(row) = table.find(subject) else {
                refused
                    .push((at, Fault::not_found("feature-unknown").with("collection", &about.id).with("id", subject)));
                continue;
            };
            let place = row.shape().inside_point();
            let (Some(place), Some((geom, _))) = (place, wkb::write_gpkg(row.shape(), 4326)) else {
                refused.push((at, Fault::unprocessable("finding-without-place").with("id", subject)));
                continue;
            };
            let responsible = Responsible::at(&self.catalog, place)?;
            // A subject with several results bears its own id in each.
            let own = match row.named("subject_id") {
                crate::table::Value::Text(own) if about.analysis.is_some() => own,
                _ => subject.as_str(),
            };
            let mut attributes = common.clone();
            attributes.extend([
                ("subject_collection".to_owned(), about.id.clone().into()),
                ("subject_layer".to_owned(), layer.into()),
                ("subject".to_owned(), own.into()),
            ]);
            attributes.extend(responsible.village.map(|village| ("village".to_owned(), village.into())));
            attributes.extend(responsible.cell.map(|cell| ("cell".to_owned(), cell.into())));
            if about.kind.personal_place {
                attributes.insert("private".to_owned(), true.into());
            }
            findings.push(Finding {
                id: format!("{finder}:{layer}:{subject}"),
                subject: subject.clone(),
                attributes,
                geom,
                place: Some(place),
                person: responsible.person,
            });
        }
        if refused.is_empty() { Ok(findings) } else { Err(Refused::Steps(refused)) }
    }
}

/// Opens the issue of a finding, or opens it again; None where it is being worked on.
fn open(
    finding: Finding,
    who: &Rights,
    on: Day,
    today: Day,
    note: String,
    standing: &Standing<'_>,
) -> Result<Option<Draft>, Fault> {
    let shape = shape_of(&finding.geom)?;
    who.check_write(&standing.layer.kind, None, Some(shape.shape(0)))?;
    let text = |name: &str| finding.attributes.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut draft = Draft {
        on,
        author: who.author().to_owned(),
        note,
        place: finding.place,
        village: text("village"),
        private: finding.attributes.contains_key("private"),
        ..Draft::default()
    };
    let Some(state) = standing.state() else {
        let mut sets = finding.attributes;
        // What a finding found is registered by being dispatched.
        sets.insert("status".to_owned(), "registered".into());
        sets.insert("number".to_owned(), standing.fresh_number(on)?.into());
        sets.insert("found_on".to_owned(), on.to_string().into());
        sets.insert("round".to_owned(), 1.into());
        draft.event = "created".to_owned();
        draft.effect = Effect { sets, geom: Some(finding.geom), present: Some(true), undoes: None };
        return Ok(Some(draft));
    };
    let status = state.attributes.get("status").and_then(Value::as_str).unwrap_or_default();
    let relapsed = event::find(&standing.layer.kind, "relapsed")?;
    if !relapsed.from.iter().any(|from| from == status) {
        return Ok(None);
    }
    draft.on = today;
    draft.event = relapsed.id.clone();
    draft.effect.sets = relapsed.sets(&Map::new(), &state.attributes, today, who.author());
    Ok(Some(draft))
}

/// Hands the issue to whoever answers for it, unless somebody has it already.
fn assign(
    who: &Rights,
    today: Day,
    person: Option<String>,
    due: Day,
    triage: Option<String>,
    standing: &Standing<'_>,
) -> Result<Option<Draft>, Fault> {
    let Some(state) = standing.state() else { return Ok(None) };
    let status = state.attributes.get("status").and_then(Value::as_str).unwrap_or_default();
    if !matches!(status, "registered" | "relapsed") {
        return Ok(None);
    }
    let assigned = event::find(&standing.layer.kind, "assigned")?;
    let mut fields = Map::new();
    fields.insert("rectify_by".to_owned(), due.to_string().into());
    fields.extend(person.map(|person| ("assignee".to_owned(), person.into())));
    fields.extend(triage.map(|triage| ("triage".to_owned(), triage.into())));
    let village = state.attributes.get("village").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Some(Draft {
        on: today,
        author: who.author().to_owned(),
        event: assigned.id.clone(),
        place: shape_of(&state.geom)?.shape(0).inside_point(),
        village,
        private: state.attributes.get("private").and_then(Value::as_bool).unwrap_or(false),
        effect: Effect { sets: assigned.sets(&fields, &state.attributes, today, who.author()), ..Effect::default() },
        fields,
        ..Draft::default()
    }))
}
