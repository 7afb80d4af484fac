//! How far is far: straight over the ground, along the roads, or by the time that the drive takes. What `coverage-gaps` and `siting`
//! share.

use crate::analysis::definition::{Domain, Only, Parameter, Usual};
use crate::analysis::{Bound, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::measure;
use crate::network::{Network, Options};
use crate::rules::roads::{self, Speed};
use crate::table::{Table, Value};

/// What serves: one layer, or several at once.
pub const FACILITY: Parameter = Parameter {
    name: "facility",
    domain: Domain::Layers {
        kinds: &["toilet", "waste_point", "sewage_facility", "street_light", "camera", "school", "project"],
        usual: Usual::First,
    },
};

/// How far it serves.
pub const REACH: Parameter = Parameter {
    name: "reach",
    domain: Domain::Number { default: 500.0, min: 1.0, max: 50_000.0, unit: "m", typical: [100.0, 2000.0, 50.0] },
};

/// Whether what is planned counts.
pub const PLANNED: Parameter =
    Parameter { name: "planned", domain: Domain::Choice { options: &["existing", "with_planned"] } };

/// Whether the direction of one-way roads counts.
pub const ONEWAY: Parameter = Parameter { name: "oneway", domain: Domain::Choice { options: &["ignored", "obeyed"] } };

/// Which of the three is meant.
pub const MEASURE: Parameter =
    Parameter { name: "measure", domain: Domain::Choice { options: &["straight", "road", "drive"] } };

/// How long the drive may take.
pub const MINUTES: Parameter = Parameter {
    name: "minutes",
    domain: Domain::Number { default: 10.0, min: 0.1, max: 600.0, unit: "min", typical: [1.0, 60.0, 1.0] },
};

/// How far from a road something may be, for somebody to come there by it: one default, so that the same question has the same
/// answer whoever asks it.
pub const OFF_ROAD: Parameter = Parameter {
    name: "off_road",
    domain: Domain::Number { default: 100.0, min: 1.0, max: 5_000.0, unit: "m", typical: [20.0, 500.0, 10.0] },
};

/// Which of these mean something by which measure.
pub const ONLY: [Only; 4] = [
    Only { name: "reach", under: "measure", values: &["straight", "road"] },
    Only { name: "minutes", under: "measure", values: &["drive"] },
    Only { name: "off_road", under: "measure", values: &["road", "drive"] },
    Only { name: "oneway", under: "measure", values: &["road"] },
];

/// By what it is measured how far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Metres, edge to edge.
    Straight,
    /// Metres along the roads, with the way off them.
    Road,
    /// Seconds on the roads; the way off them is limited but not counted.
    Drive,
}

impl Measure {
    /// That of a question.
    pub fn of(bound: &Bound) -> Self {
        match bound.text("measure") {
            "drive" => Self::Drive,
            "road" => Self::Road,
            _ => Self::Straight,
        }
    }

    /// What may be within reach: metres, or seconds.
    pub fn limit(self, bound: &Bound) -> f64 {
        match self {
            Self::Drive => bound.number("minutes") * 60.0,
            Self::Straight | Self::Road => bound.number("reach"),
        }
    }

    /// The roads as a network, where ways lead along them. Who drives obeys one-way roads; who walks may be asked to.
    pub fn network(self, bound: &Bound, oneway: bool) -> Result<Option<Network>, Fault> {
        if self == Self::Straight {
            return Ok(None);
        }
        let table = bound.layer("roads")?.table();
        let oneway = oneway || self == Self::Drive;
        let network = Network::build(table, &Options { oneway, ..Options::default() });
        Ok(Some(if self == Self::Drive { network.timed(|row| kmh(table, row)) } else { network }))
    }

    /// As it is told: metres, or minutes.
    pub fn told(self, way: f64) -> f64 {
        if self == Self::Drive { way / 60.0 } else { way }
    }

    /// The name of a property or figure in metres, or of its like in minutes.
    pub fn named(self, in_metres: &'static str, in_minutes: &'static str) -> &'static str {
        if self == Self::Drive { in_minutes } else { in_metres }
    }

    /// The unit in which it is told.
    pub fn unit(self) -> &'static str {
        self.named("m", "min")
    }
}

/// The speed that a road itself says.
fn own_kmh(table: &Table, row: u32) -> Option<f64> {
    table.row(row).named("speed_kmh").number().filter(|kmh| *kmh > 0.0)
}

/// The speed that is usual on roads of its class.
fn usual(table: &Table, row: u32) -> Option<&'static Speed> {
    roads::speed(if let Value::Text(class) = table.row(row).named("class") { class } else { "" })
}

/// How fast one drives on a road: as it says itself, else as is usual on roads of its class.
fn kmh(table: &Table, row: u32) -> f64 {
    own_kmh(table, row).or_else(|| usual(table, row).map(|speed| speed.kmh)).unwrap_or(1.0)
}

/// How much of the roads' length is driven at a speed that is only usual, and what that rests on; nothing where nobody drives.
pub fn figures(bound: &Bound) -> Result<Vec<Figure>, Fault> {
    if Measure::of(bound) != Measure::Drive {
        return Ok(Vec::new());
    }
    let table = bound.layer("roads")?.table();
    let (mut all_m, mut guessed_m) = (0.0, 0.0);
    let mut rest: Vec<&str> = Vec::new();
    for row in (0..table.len()).filter(|&row| table.shape(row).kind.dimension() == Some(1)) {
        let length_m = measure::length_m(table.shape(row));
        all_m += length_m;
        if own_kmh(table, row).is_none() {
            guessed_m += length_m;
            rest.extend(usual(table, row).map(|speed| &speed.basis[..]));
        }
    }
    rest.sort_unstable();
    rest.dedup();
    let share = if all_m > 0.0 { guessed_m / all_m } else { 0.0 };
    Ok(vec![
        Figure::new("speed_estimated_share", round_mm(share), "1"),
        Figure::new("speed_basis", rest.join("；"), ""),
    ])
}
