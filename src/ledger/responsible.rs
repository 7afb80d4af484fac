//! Who answers for a point: the village it lies in, the smallest grid cell around it, and the person of that cell.

use std::sync::Arc;

use crate::account::Places;
use crate::catalog::Catalog;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::measure;
use crate::layer::Layer;
use crate::table::{Row, Value};

/// Who answers for a point; empty where the map does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Responsible {
    /// The village, by name.
    pub village: Option<String>,
    /// The grid cell, by its name, else its code.
    pub cell: Option<String>,
    /// The cell's worker, else its leader.
    pub person: Option<String>,
}

impl Responsible {
    /// Looks it up in the map's villages and grid cells as they are now.
    ///
    /// # Errors
    /// What the layers could not be read for.
    pub fn at(catalog: &Catalog, place: [f64; 2]) -> Result<Self, Fault> {
        let village = around(&catalog.layers_of("village")?, place, |row| named(row, "name"));
        let cell = around(&catalog.layers_of("grid_cell")?, place, |row| {
            let name = named(row, "name").or_else(|| named(row, "code"));
            let person = named(row, "worker").or_else(|| named(row, "leader"));
            Some((name, person))
        });
        let (cell, person) = cell.unwrap_or_default();
        Ok(Self { village, cell, person })
    }
}

fn named(row: Row<'_>, attribute: &str) -> Option<String> {
    match row.named(attribute) {
        Value::Text(text) => Some(text.to_owned()),
        _ => None,
    }
}

/// What is said of the smallest polygon around a place.
fn around<T>(layers: &[Arc<Layer>], place: [f64; 2], say: impl Fn(Row<'_>) -> Option<T>) -> Option<T> {
    let mut smallest: Option<(f64, T)> = None;
    for layer in layers {
        let table = layer.table();
        table.index().search(&Bbox::point(place), |row| {
            if !table.shape(row).contains(place) {
                return;
            }
            let area_m2 = measure::area_m2(table.shape(row));
            if smallest.as_ref().is_none_or(|(least, _)| area_m2 < *least)
                && let Some(said) = say(table.row(row))
            {
                smallest = Some((area_m2, said));
            }
        });
    }
    smallest.map(|(_, said)| said)
}
