//! What a hit asks for: what is to be done, on what legal basis, whether it has to be paid for; and the law's warning where a small
//! household would be forced out.

use crate::rules::{self, Action, Compensation, Force, Rule, Scale};
use crate::table::{Row, Value};

/// What is said of one hit.
pub struct Advice {
    /// Whether the farm is above the scale of its province: `above`, `below`, `unknown-scale`; None for what has no scale.
    pub scale: Option<&'static str>,
    /// What is to be done.
    pub action: Action,
    /// Whether it has to be paid for.
    pub compensation: Compensation,
    /// Where that is written.
    pub legal_basis: String,
}

/// What the chosen packs know beside their rules.
pub struct Adviser {
    scales: Vec<&'static Scale>,
    smallholders: Option<&'static str>,
    of_farms: bool,
}

impl Adviser {
    /// What these packs know of subjects of a kind. A province's own scale goes before one that nobody could check.
    pub fn new<S: AsRef<str>>(packs: &[S], kind: &str) -> Self {
        let packs = rules::gathered(packs);
        let mut scales: Vec<&Scale> = packs.iter().flat_map(|pack| &pack.scales).collect();
        scales.sort_by_key(|scale| scale.unverified);
        let smallholders = packs.iter().find_map(|pack| pack.smallholders.as_deref());
        Self { scales, smallholders, of_farms: kind == "farm" }
    }

    /// A farm's size beside its province's scale, and where that stands; None for what keeps no animals.
    fn scale(&self, subject: Row<'_>) -> Option<(&'static str, Option<&'static Scale>)> {
        if !self.of_farms {
            return None;
        }
        let species = subject.named("species");
        let scale = self.scales.iter().find(|scale| species == Value::Text(&scale.species));
        let above = scale.and_then(|scale| {
            let reaches =
                |attribute: &str, least: Option<i64>| Some(subject.named(attribute).number()? >= least? as f64);
            reaches("yearly_output", scale.yearly_output).or_else(|| reaches("head", scale.head))
        });
        let word = match above {
            Some(true) => "above",
            Some(false) => "below",
            None => "unknown-scale",
        };
        Some((word, scale.copied()))
    }

    /// What is said of a subject that hits a rule which has this force.
    pub fn of(&self, subject: Row<'_>, rule: &Rule, force: Force) -> Advice {
        let basis = rule.basis.as_deref().unwrap_or(&rule.citation);
        if force == Force::Suspended {
            let action = if rule.action == Action::RiskAssessment { rule.action } else { Action::Review };
            let compensation = Compensation::NotNeeded;
            return Advice { scale: None, action, compensation, legal_basis: basis.to_owned() };
        }
        let (scale, table) = self.scale(subject).unzip();
        let action = match scale {
            Some("below") if rule.above_scale => Action::Guide,
            Some("above") | None => rule.action,
            Some(_) if rule.above_scale => Action::VerifyScale,
            Some(_) => rule.action,
        };
        let drives_out = matches!(rule.action, Action::CloseOrRelocate | Action::Demolish | Action::RestoreLand);
        let warning = self.smallholders.filter(|_| drives_out && scale.is_some_and(|scale| scale != "above"));
        let table = table.flatten().filter(|_| rule.above_scale || warning.is_some());
        let parts = [Some(basis), warning, table.map(|table| table.citation.as_str())];
        let legal_basis = parts.into_iter().flatten().collect::<Vec<_>>().join("；");
        Advice { scale, action, compensation: rule.compensation, legal_basis }
    }
}
