//! The verbs: one file a question, each defined once. The command line, `/processes`, the page's forms and the docs are
//! read off [`ALL`].

mod black_odorous_list;
mod bound;
mod by_road;
mod chainage;
mod clusters;
mod corridor;
mod counted;
mod coverage_gaps;
mod definition;
mod density;
mod derivation;
mod farmland_overlap;
mod farms_near_schools;
mod grid_check;
mod hotspots;
mod issue_board;
mod meant;
mod patrol_coverage;
mod responsible;
mod road;
mod screening;
mod service_areas;
mod shared;
mod siting;
mod tallies;
mod uncleaned_waterbodies;
mod village_indicators;
mod water;

pub use bound::{Bound, Inputs, Layers};
pub use definition::{Definition, Domain, Fit, From, Influence, Input, Moment, Outcome, Parameter, Usual};
pub use derivation::Derivation;
pub use meant::Meant;
use shared::{RowTest, columns, in_force, round_mm, rule_term, said, standing, terms, word};
pub use village_indicators::is_measure;

use crate::fault::Fault;

/// Every analysis, in the order of the page's tabs.
pub static ALL: &[&Definition] = &[
    &coverage_gaps::DEFINITION,
    &service_areas::DEFINITION,
    &farms_near_schools::DEFINITION,
    &uncleaned_waterbodies::DEFINITION,
    &screening::DEFINITION,
    &farmland_overlap::DEFINITION,
    &black_odorous_list::DEFINITION,
    &issue_board::DEFINITION,
    &tallies::DEFINITION,
    &corridor::DEFINITION,
    &patrol_coverage::DEFINITION,
    &hotspots::DEFINITION,
    &density::DEFINITION,
    &clusters::DEFINITION,
    &siting::DEFINITION,
    &chainage::DEFINITION,
    &village_indicators::DEFINITION,
    &grid_check::DEFINITION,
    &responsible::DEFINITION,
];

/// The analysis of that name.
///
/// # Errors
/// `analysis-unknown`, naming those that there are.
pub fn find(name: &str) -> Result<&'static Definition, Fault> {
    ALL.iter().copied().find(|definition| definition.name == name).ok_or_else(|| {
        let known: Vec<&str> = ALL.iter().map(|definition| definition.name).collect();
        Fault::not_found("analysis-unknown").with("name", name).with("known", known.join(", "))
    })
}
