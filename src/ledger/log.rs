//! Work logs: each row becomes an event, or says why it cannot. What was taken in under a number is not taken in again, and
//! is not changed in silence.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::account::Rights;
use crate::fault::Fault;
use crate::import::Lock;
use crate::import::log::{self, CREATED, LogReport, LogRow, Taken};
use crate::ledger::{Asked, Edit, Happening, Ledger};
use crate::map::LogSource;
use crate::store::{Event, Refused, Standing, Step};

impl Ledger {
    /// Takes in a work log: the rows that can be recorded, all at one stroke; the others are handed back as a file.
    ///
    /// # Errors
    /// What is wrong with the file as a whole; who may not write; nothing is then written.
    pub fn take_log(&self, who: &Rights, source: &LogSource) -> Result<LogReport, Fault> {
        let map = self.catalog.map();
        let _lock = Lock::take(&map.dir)?;
        let log = log::read(map, self.catalog.store(), source)?;
        let taken = self.record_log(who, &log.rows)?;
        log.report(map, &taken)
    }

    /// Records the rows of a log that can be recorded, all at one stroke; what became of each, in their order.
    ///
    /// # Errors
    /// Who may not write, and what the store could not do; nothing is then written.
    pub fn record_log(&self, who: &Rights, rows: &[LogRow]) -> Result<Vec<Taken>, Fault> {
        who.check_writer()?;
        let mut refused: BTreeMap<usize, Fault> = BTreeMap::new();
        loop {
            let (mut steps, mut meant) = (Vec::new(), Vec::new());
            for (at, row) in rows.iter().enumerate().filter(|(at, _)| !refused.contains_key(at)).collect::<Vec<_>>() {
                match self.log_step(who, row) {
                    Ok(step) => {
                        steps.push(step);
                        meant.push(at);
                    }
                    Err(fault) => {
                        refused.insert(at, fault);
                    }
                }
            }
            match self.write(steps, None) {
                Ok(written) => {
                    let mut taken = vec![Taken::Known; rows.len()];
                    for (at, event) in meant.into_iter().zip(written.events) {
                        if event.is_some() {
                            taken[at] = Taken::Recorded;
                        }
                    }
                    refused.into_iter().for_each(|(at, fault)| taken[at] = Taken::Refused(fault));
                    return Ok(taken);
                }
                // Without these the others are tried again: a row may have stood on one of them.
                Err(Refused::Steps(steps)) => {
                    refused.extend(steps.into_iter().map(|(step, fault)| (meant[step], fault)))
                }
                Err(Refused::Whole(fault)) => return Err(fault),
            }
        }
    }

    /// The step of a row, unless its number has been taken in.
    fn log_step(&self, who: &Rights, row: &LogRow) -> Result<Step, Fault> {
        let Step { layer, found, feature, decide } = if row.event == CREATED {
            let [lng, lat] =
                row.place.ok_or_else(|| Fault::invalid("log-place-missing").with("value", &row.feature))?;
            let geometry = json!({"type": "Point", "coordinates": [lng, lat]});
            let edit = Edit::Create { properties: row.fields.clone(), geometry, on: Some(row.on) };
            let asked = Asked::new(&row.layer, &row.feature, edit);
            let (number, note, by) = (Some(row.number.clone()), row.note.clone(), row.by.clone());
            Step { found: Some(row.kind.clone()), ..self.step(who, Asked { number, note, by, ..asked })? }
        } else {
            self.happening_step(who, happening(row))
        };
        let row = row.clone();
        let decide = move |standing: &Standing<'_>| match standing.numbered(&row.number)? {
            Some(known) if same(&row, &known) => Ok(None),
            Some(_) => Err(Fault::conflict("log-row-changed").with("number", &row.number)),
            None => decide(standing),
        };
        Ok(Step { layer, found, feature, decide: Box::new(decide) })
    }
}

/// A row as somebody would record it.
fn happening(row: &LogRow) -> Happening {
    Happening {
        layer: row.layer.clone(),
        feature: row.feature.clone(),
        event: row.event.to_owned(),
        on: Some(row.on),
        by: row.by.clone(),
        note: row.note.clone(),
        quantity: row.quantity.as_ref().map(ToString::to_string),
        position: row.place,
        fields: row.fields.clone(),
        number: Some(row.number.clone()),
        ..Happening::default()
    }
}

/// Whether a row still says what was taken in under its number.
fn same(row: &LogRow, known: &Event) -> bool {
    let draft = &known.draft;
    let kept = if row.event == CREATED { &draft.effect.sets } else { &draft.fields };
    let place = if row.event == CREATED { draft.place } else { draft.position };
    known.layer == row.layer
        && known.feature == row.feature
        && draft.event == row.event
        && draft.on == row.on
        && draft.by == row.by
        && draft.note == row.note
        && draft.quantity == row.quantity
        && place.is_some() == row.place.is_some()
        && place.iter().zip(&row.place).all(|(a, b)| (0..2).all(|axis| (a[axis] - b[axis]).abs() < 1e-9))
        && (row.event == CREATED || kept.len() == row.fields.len())
        && row.fields.iter().all(|(name, value)| kept.get(name).is_some_and(|kept| alike(kept, value)))
}

/// Whether two values are one: 26 and 26.0 are.
fn alike(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a == b)
}
