//! What is told of flaws: ids, features, figures.

use super::{Check, Flaw, is_cut};
use crate::analysis::{round_mm, said, word};
use crate::collection::Figure;
use crate::table::{Builder, Row, Value};

impl Check<'_> {
    /// What it is, on which level, of which cells or village, and, of a piece, where.
    pub(super) fn id(&self, flaw: &Flaw) -> String {
        let cells: Vec<&str> = flaw.cells.iter().map(|&row| self.cells.row(row).id()).collect();
        let village = flaw.village.map(|row| self.villages.row(row).id());
        let of = match flaw.flaw {
            "gap" | "no_cell" => village.unwrap_or_default().to_owned(),
            _ => cells.join("+"),
        };
        let level = Some(flaw.level.as_str()).filter(|level| !level.is_empty());
        let mut id: Vec<&str> = [Some(flaw.flaw), level, Some(&of)].into_iter().flatten().collect();
        let [lng, lat] = flaw.piece.inside;
        let place = format!("{lng:.5},{lat:.5}");
        if is_cut(flaw) {
            id.push(&place);
        }
        id.join(":")
    }

    /// Adds it as a feature.
    pub(super) fn push(&self, builder: &mut Builder, id: &str, flaw: &Flaw) {
        let cells = || flaw.cells.iter().map(|&row| self.cells.row(row));
        let ids = cells().map(Row::id).collect::<Vec<_>>().join(",");
        let names = cells().filter_map(|cell| said(cell, "name").or(said(cell, "code"))).collect::<Vec<_>>().join("、");
        let village = |row: Option<u32>| {
            let row = row.map(|row| self.villages.row(row));
            row.map_or(Value::Null, |row| Value::Text(said(row, "name").unwrap_or(row.id())))
        };
        builder.push(
            id,
            [
                Value::Text(flaw.flaw),
                word(&flaw.level),
                Value::Float(flaw.piece.area_m2),
                Value::Float(flaw.piece.width_m),
                word(&ids),
                word(&names),
                village(flaw.village),
                village(flaw.lies_in),
                word(flaw.expected.as_deref().unwrap_or_default()),
            ],
        );
    }
}

/// What all flaws come to.
pub(super) fn figures(check: &Check<'_>, flaws: &[Flaw], slivers: usize, slivers_m2: f64) -> Vec<Figure> {
    let count = |flaw: &str| flaws.iter().filter(|one| one.flaw == flaw).count();
    let m2 = |flaw: &str| -> f64 {
        round_mm(flaws.iter().filter(|one| one.flaw == flaw).map(|one| one.piece.area_m2).sum())
    };
    vec![
        Figure::new("flaws", flaws.len(), "{feature}"),
        Figure::new("grid_gaps", count("gap"), "{feature}"),
        Figure::new("grid_gaps_m2", m2("gap"), "m2"),
        Figure::new("grid_overlaps", count("overlap"), "{feature}"),
        Figure::new("grid_overlaps_m2", m2("overlap"), "m2"),
        Figure::new("cells_outside", count("outside"), "{feature}"),
        Figure::new("cells_outside_m2", m2("outside"), "m2"),
        Figure::new("cells_of_no_village", count("no_village"), "{feature}"),
        Figure::new("villages_without_cells", count("no_cell"), "{village}"),
        Figure::new("wrong_codes", count("code"), "{feature}"),
        Figure::new("double_codes", count("duplicate"), "{code}"),
        Figure::new("slivers", slivers, "{feature}"),
        Figure::new("slivers_m2", round_mm(slivers_m2), "m2"),
        Figure::new("cells_checked", check.listed.len(), "{feature}"),
        Figure::new("villages_checked", check.grounds.len(), "{village}"),
    ]
}
