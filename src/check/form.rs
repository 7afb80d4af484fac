//! Every form of check, on a map as of a day.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::check::reason::Reason;
use crate::check::{Break, Check, Count, Finding, Form, Named, Sequence, all};
use crate::collection::Collection;
use crate::event;
use crate::fault::Fault;
use crate::filter::Filter;
use crate::query::Query;
use crate::store::LOG;
use crate::table::{Answer, Row, Value};
use crate::text::Title;
use crate::units::Day;

/// Runs all checks that have something to look at, over a map's collections as whoever asks is shown them.
///
/// # Errors
/// What the store could not do.
pub fn run(collections: Vec<Arc<dyn Collection>>) -> Result<Vec<Finding>, Fault> {
    let layers: Vec<Arc<dyn Collection>> =
        collections.into_iter().filter(|one| one.about().analysis.is_none()).collect();
    let mut findings = Vec::new();
    for check in all() {
        if let Form::After(sequence) = &check.form {
            let log = layers.iter().find(|layer| is_log(&***layer));
            findings.extend(log.map(|log| after(check, sequence, &**log, &layers)).transpose()?.flatten());
            continue;
        }
        for layer in layers.iter().filter(|layer| layer.about().kind.id == check.kind && !is_log(&***layer)) {
            findings.push(look(check, &**layer)?);
        }
    }
    Ok(findings)
}

fn is_log(collection: &dyn Collection) -> bool {
    collection.about().layer == LOG
}

/// A filter of a check, asked of a layer.
struct Asked<'a> {
    named: &'a Named,
    filter: Option<Filter>,
    answer: Answer,
    rows: HashSet<u32>,
}

impl<'a> Asked<'a> {
    fn of(layer: &dyn Collection, named: &'a Named) -> Result<Self, Fault> {
        let filter = Some(&named.filter).filter(|text| !text.is_empty()).map(|text| Filter::parse(text)).transpose()?;
        let answer = layer.features(&Query { filter: filter.clone(), ..Query::default() })?;
        let rows = answer.rows().map(|row| row.row).collect();
        Ok(Self { named, filter, answer, rows })
    }

    fn all(layer: &dyn Collection, named: &'a [Named]) -> Result<Vec<Self>, Fault> {
        named.iter().map(|one| Self::of(layer, one)).collect()
    }

    fn count(&self, layer: &dyn Collection) -> Count {
        Count {
            title: self.named.title.clone(),
            value: self.rows.len(),
            collection: layer.about().id.clone(),
            filter: self.named.filter.clone(),
        }
    }

    /// The records of it that `other` does not have.
    fn beyond<'b>(&'b self, other: &'b Self) -> impl Iterator<Item = Row<'b>> {
        self.answer.rows().filter(|row| !other.rows.contains(&row.row))
    }
}

/// Breaks of a layer, as they are found.
struct Breaks<'a> {
    layer: &'a dyn Collection,
    all: Vec<Break>,
}

impl Breaks<'_> {
    fn push(&mut self, row: Row<'_>, code: &'static str, reason: Reason, filters: &[&Asked<'_>]) -> Result<(), Fault> {
        let filters: Vec<&Filter> = filters.iter().filter_map(|asked| asked.filter.as_ref()).collect();
        let reason = reason.values(row, &self.layer.summary()?.attributes, &filters).say(code);
        let kind = &self.layer.about().kind;
        let person = kind.attribute(&kind.name).is_some_and(|attribute| attribute.personal);
        let name = if person { String::new() } else { row.named(&kind.name).to_text() };
        let collection = self.layer.about().id.clone();
        self.all.push(Break { collection, feature: row.id().to_owned(), name, reason });
        Ok(())
    }
}

const TITLE: [&str; 2] = ["title-zh", "title-en"];
const OTHER: [&str; 2] = ["other-zh", "other-en"];

fn look(check: &'static Check, layer: &dyn Collection) -> Result<Finding, Fault> {
    let mut breaks = Breaks { layer, all: Vec::new() };
    let figures = match &check.form {
        Form::Parts { whole, of } => parts(&mut breaks, whole, of)?,
        Form::Funnel(steps) => funnel(&mut breaks, steps)?,
        Form::Never(named) => {
            let asked = Asked::of(layer, named)?;
            let title = || Reason::default().words(TITLE, &named.title);
            asked.answer.rows().try_for_each(|row| breaks.push(row, "check-never", title(), &[&asked]))?;
            vec![asked.count(layer)]
        }
        Form::AtMost { fewer, more } => {
            let (fewer, more) = (Asked::of(layer, fewer)?, Asked::of(layer, more)?);
            if fewer.rows.len() > more.rows.len() {
                let reason = || Reason::default().words(TITLE, &fewer.named.title).words(OTHER, &more.named.title);
                fewer
                    .beyond(&more)
                    .try_for_each(|row| breaks.push(row, "check-without", reason(), &[&fewer, &more]))?;
            }
            vec![more.count(layer), fewer.count(layer)]
        }
        Form::After(_) => Vec::new(),
    };
    Ok(Finding { check, collection: layer.about().id.clone(), figures, breaks: breaks.all })
}

fn parts(breaks: &mut Breaks<'_>, whole: &Named, of: &[Named]) -> Result<Vec<Count>, Fault> {
    let layer = breaks.layer;
    let whole = Asked::of(layer, whole)?;
    let parts = Asked::all(layer, of)?;
    let every: Vec<&Asked<'_>> = parts.iter().collect();
    for row in whole.answer.rows() {
        let within: Vec<&Asked<'_>> = parts.iter().filter(|part| part.rows.contains(&row.row)).collect();
        let reason = Reason::default();
        match within[..] {
            [_] => {}
            [] => breaks.push(row, "check-part-none", reason, &every)?,
            [first, second, ..] => {
                let reason = reason.words(TITLE, &first.named.title).words(OTHER, &second.named.title);
                breaks.push(row, "check-part-twice", reason, &[first, second])?;
            }
        }
    }
    for part in &parts {
        let reason = || Reason::default().words(TITLE, &part.named.title).words(OTHER, &whole.named.title);
        part.beyond(&whole).try_for_each(|row| breaks.push(row, "check-without", reason(), &[part, &whole]))?;
    }
    Ok(std::iter::once(&whole).chain(&parts).map(|asked| asked.count(layer)).collect())
}

fn funnel(breaks: &mut Breaks<'_>, steps: &[Named]) -> Result<Vec<Count>, Fault> {
    let layer = breaks.layer;
    let steps = Asked::all(layer, steps)?;
    for pair in steps.windows(2) {
        let [before, step] = pair else { continue };
        let reason = || Reason::default().words(TITLE, &step.named.title).words(OTHER, &before.named.title);
        step.beyond(before).try_for_each(|row| breaks.push(row, "check-without", reason(), &[step, before]))?;
    }
    Ok(steps.iter().map(|step| step.count(layer)).collect())
}

/// Something that happened, as far as its order goes.
struct Happened {
    on: Day,
    place: u64,
    event: String,
}

/// None where the map has no layer that it could be about.
fn after(
    check: &'static Check,
    sequence: &Sequence,
    log: &dyn Collection,
    layers: &[Arc<dyn Collection>],
) -> Result<Option<Finding>, Fault> {
    let about = |layer: &&Arc<dyn Collection>| check.kind == "*" || layer.about().kind.id == check.kind;
    let meant: BTreeMap<&str, &Arc<dyn Collection>> = layers
        .iter()
        .filter(about)
        .filter(|layer| !is_log(&***layer))
        .map(|layer| (layer.about().layer.as_str(), layer))
        .collect();
    if meant.is_empty() {
        return Ok(None);
    }
    let filter = "undone = false";
    let answer = log.features(&Query { filter: Some(Filter::parse(filter)?), ..Query::default() })?;
    let mut histories: BTreeMap<(String, String), Vec<Happened>> = BTreeMap::new();
    for row in answer.rows() {
        let (Value::Text(layer), Value::Date(on)) = (row.named("layer"), row.named("on")) else { continue };
        if meant.contains_key(layer) {
            let place = row.id().rsplit('-').next().and_then(|seq| seq.parse().ok()).unwrap_or_default();
            let key = (layer.to_owned(), row.named("feature").to_text());
            histories.entry(key).or_default().push(Happened { on, place, event: row.named("event").to_text() });
        }
    }
    let (mut first, mut breaks) = (0, Vec::new());
    for ((layer, feature), mut happened) in histories {
        happened.sort_by_key(|one| (one.on, one.place));
        first += usize::from(happened.iter().any(|one| sequence.first.contains(&one.event)));
        let Some((before, wrong)) = sequence.broken(&happened) else { continue };
        let Some(of) = meant.get(layer.as_str()) else { continue };
        let title = |event: &str| title_of(event, &of.about().kind.id);
        let reason = Reason::default().words(OTHER, &title(&before.event)).words(TITLE, &title(&wrong.event));
        let reason = reason.with("before", before.on).with("on", wrong.on).say("check-after");
        breaks.push(Break { collection: of.about().id.clone(), feature, name: String::new(), reason });
    }
    let events: Vec<String> = sequence.first.iter().map(|event| format!("'{event}'")).collect();
    let figures = vec![
        Count {
            title: title_of(sequence.first.first().map_or("", String::as_str), &check.kind),
            value: first,
            collection: log.about().id.clone(),
            filter: format!("{filter} AND event IN ({})", events.join(", ")),
        },
        Count {
            title: Title::of("check-afterwards"),
            value: breaks.len(),
            collection: log.about().id.clone(),
            filter: String::new(),
        },
    ];
    Ok(Some(Finding { check, collection: log.about().id.clone(), figures, breaks }))
}

impl Sequence {
    /// The first event that comes on a later day than one that it cannot follow, with that one.
    fn broken<'h>(&self, happened: &'h [Happened]) -> Option<(&'h Happened, &'h Happened)> {
        let mut since: Option<&Happened> = None;
        for one in happened {
            let ends = self.until.contains(&one.event);
            let bad = self.then.iter().any(|then| then == "*" || *then == one.event)
                && !self.except.contains(&one.event)
                && !ends;
            if let Some(before) = since
                && bad
                && before.on < one.on
            {
                return Some((before, one));
            }
            if ends {
                since = None;
            } else if self.first.contains(&one.event) {
                since = since.or(Some(one));
            }
        }
        None
    }
}

/// What people call an event that befalls features of a kind.
fn title_of(event: &str, kind: &str) -> Title {
    let named =
        |one: &&event::EventKind| one.id == event && (kind == "*" || one.kinds.iter().any(|k| k == kind || k == "*"));
    let known = event::all().iter().find(named).or_else(|| event::all().iter().find(|one| one.id == event));
    known.map_or_else(|| Title { zh: event.to_owned(), en: event.to_owned() }, |one| one.title.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(list: &[(i32, &str)]) -> Vec<Happened> {
        (0..)
            .zip(list)
            .map(|(place, (on, event))| Happened { on: Day(*on), place, event: (*event).to_owned() })
            .collect()
    }

    #[test]
    fn what_is_withdrawn_stays_so_until_it_is_restored() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let sequence = Sequence {
            first: words(&["withdrawn"]),
            then: words(&["*"]),
            except: words(&["noted"]),
            until: words(&["restored"]),
        };
        let on = |list: &[(i32, &str)]| sequence.broken(&happened(list)).map(|(_, wrong)| wrong.on.0);
        assert_eq!(on(&[(1, "withdrawn"), (2, "restored"), (3, "cleaned")]), None);
        assert_eq!(on(&[(1, "withdrawn"), (2, "noted"), (3, "cleaned")]), Some(3));
        assert_eq!(on(&[(1, "cleaned"), (2, "cleaned"), (2, "withdrawn")]), None);
        assert_eq!(on(&[(1, "withdrawn"), (1, "cleaned")]), None, "the order within a day is not known");
    }
}
