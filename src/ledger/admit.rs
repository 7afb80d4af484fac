//! What may be written into a feature: properties of its attributes' types, geometries that have passed the gate.

use serde_json::{Map, Value};

use crate::event::{self, EventKind};
use crate::fault::Fault;
use crate::geo::gate::{self, Finding, Verdict};
use crate::geo::geojson;
use crate::geo::shape::{Geometries, Shape};
use crate::kind::{Attribute, Dimension, Kind};

/// Whether two shapes are the same as GeoJSON writes them, with nine decimals: what was read and sent back has not moved.
pub(super) fn alike(a: Shape<'_>, b: Shape<'_>) -> bool {
    let near = |a: &[[f64; 2]], b: &[[f64; 2]]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (0..2).all(|axis| (a[axis] - b[axis]).abs() < 6e-10))
    };
    a.kind == b.kind
        && a.parts().len() == b.parts().len()
        && a.parts().zip(b.parts()).all(|((shell, a), (other, b))| shell == other && near(a, b))
}

/// Properties as JSON of their attributes' types.
pub(super) fn typed(properties: &Map<String, Value>, attributes: &[Attribute]) -> Result<Map<String, Value>, Fault> {
    let mut sets = Map::new();
    for (name, value) in properties {
        let attribute = attributes.iter().find(|attribute| attribute.name == *name).ok_or_else(|| {
            let known: Vec<&str> = attributes.iter().map(|a| a.name.as_str()).collect();
            Fault::unprocessable("property-unknown").with("field", name).with("known", known.join(", "))
        })?;
        sets.insert(name.clone(), event::value(attribute, value)?);
    }
    Ok(sets)
}

/// The steps of a kind's life cycle.
pub(super) fn by_events(kind: &Kind) -> Vec<&'static EventKind> {
    event::of(kind).filter(|event| !event.from.is_empty()).collect()
}

/// What a life cycle sets is set by its steps and not by hand.
pub(super) fn check_free(sets: &Map<String, Value>, before: &Map<String, Value>, kind: &Kind) -> Result<(), Fault> {
    let steps = by_events(kind);
    for name in sets.keys() {
        let begins = before.is_empty() && matches!(name.as_str(), "status" | "round");
        let step = steps.iter().find(|event| event.set.contains_key(name) && !event.ask.contains(name));
        match step {
            Some(_) if begins && sets.get(name).is_some_and(|value| *value == "found" || *value == 1) => {}
            Some(step) => {
                return Err(Fault::unprocessable("property-by-event").with("field", name).with("event", &step.id));
            }
            None => {}
        }
    }
    Ok(())
}

/// A geometry that has passed the gate and is of the kind's dimension.
pub(super) fn admitted(geometry: &Value, kind: &Kind) -> Result<Geometries, Fault> {
    let malformed = |reason: &str| Fault::unprocessable("geometry-malformed").with("reason", reason);
    let mut raw = Geometries::default();
    geojson::read(geometry, &mut raw).ok_or_else(|| malformed("flaw-empty"))?;
    let mut shape = Geometries::default();
    match gate::admit(raw.shape(0), &mut shape) {
        // An open ring is closed without a word; what would have to be rebuilt is the drawer's to mend.
        Verdict::Accepted | Verdict::Repaired(Finding::Unclosed) => {}
        Verdict::Repaired(finding) | Verdict::Refused(finding) => return Err(malformed(finding.code())),
    }
    let dimension = match shape.shape(0).kind.dimension() {
        Some(0) => Dimension::Point,
        Some(1) => Dimension::Line,
        _ => Dimension::Polygon,
    };
    if !kind.geometry.contains(&dimension) {
        let known: Vec<String> = kind.geometry.iter().map(|one| format!("{one:?}").to_lowercase()).collect();
        return Err(Fault::unprocessable("geometry-kind")
            .with("kind", &kind.id)
            .with("value", format!("{dimension:?}").to_lowercase())
            .with("known", known.join(", ")));
    }
    Ok(shape)
}
