//! Roads as several analyses see them: which one is meant, its lines with their chainage, its sections, and who went along them.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::analysis::Bound;
use crate::analysis::definition::{Domain, Parameter};
use crate::analysis::shared::terms;
use crate::fault::Fault;
use crate::geo::bbox::Bbox;
use crate::geo::chainage::{self, Basis, Lines, Piece, Section, spell};
use crate::geo::linear;
use crate::geo::shape::Shape;
use crate::kind::{Attribute, ValueType};
use crate::table::{Index, Table, Value};
use crate::text::Title;
use crate::units::Day;

/// A section counts as patrolled from this share of its length on.
const ENOUGH: f64 = 0.5;
/// The other carriageway is sought this far from a section, metres.
const BESIDE_M: f64 = 60.0;
/// The road that is meant where no patrol names one, and the class that is meant where there is no such road.
const USUAL: (&str, &str) = ("G112", "national");

/// Which road is meant, by its number or its name.
pub const ROAD: Parameter = Parameter { name: "road", domain: Domain::Feature { kind: "road", by: &["ref", "name"] } };

/// How long its sections are.
pub const SECTION: Parameter = Parameter {
    name: "section",
    domain: Domain::Number { default: 100.0, min: 10.0, max: 5_000.0, unit: "m", typical: [50.0, 1000.0, 50.0] },
};

/// After how many days without a patrol a section is unpatrolled.
pub const DAYS: Parameter = Parameter {
    name: "days",
    domain: Domain::Whole { default: 7, min: 0, max: 36_500, unit: "d", typical: [1.0, 60.0, 1.0] },
};

/// Who says what the numbers are.
pub fn numbered_by() -> Attribute {
    let domain = terms(&["declared", "recorded", "assumed"]);
    Attribute { domain, ..Attribute::property("numbered_by", ValueType::Code, "") }
}

/// Days since the last patrol.
pub fn days_since() -> Attribute {
    let title = Title::of("property-days_unpatrolled");
    Attribute { title, ..Attribute::property("days_since", ValueType::Int, "d") }
}

/// What a row says under an attribute; empty where it says nothing.
pub fn text<'a>(table: &'a Table, row: u32, attribute: &str) -> &'a str {
    match table.row(row).named(attribute) {
        Value::Text(text) => text.trim(),
        _ => "",
    }
}

/// A text, or null where it is empty.
pub fn said(text: &str) -> Value<'_> {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

fn same(own: &str, name: &str) -> bool {
    !own.is_empty() && own.to_lowercase() == name.to_lowercase()
}

/// Whether a road goes by that name or number.
fn is_called(roads: &Table, row: u32, name: &str) -> bool {
    same(text(roads, row, "ref"), name) || same(text(roads, row, "name"), name)
}

/// The rows of the road that is meant: the one that is named; else that which most patrols name; else G112; else all national
/// roads.
fn meant(bound: &Bound, roads: &Table, patrols: Option<&Table>) -> Vec<u32> {
    let called = |name: &str| -> Vec<u32> { (0..roads.len()).filter(|&row| is_called(roads, row, name)).collect() };
    let wanted = bound.text("road");
    if !wanted.is_empty() {
        return called(wanted);
    }
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    if let Some(patrols) = patrols {
        (0..patrols.len()).for_each(|row| *named.entry(text(patrols, row, "road")).or_default() += 1);
    }
    named.remove("");
    let mut named: Vec<(&str, usize)> = named.into_iter().collect();
    // Of two that are named as often, the first by name.
    named.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (usual, class) = USUAL;
    let names = named.into_iter().map(|(name, _)| name).chain([usual]);
    let found = names.map(called).find(|rows| !rows.is_empty());
    found.unwrap_or_else(|| (0..roads.len()).filter(|&row| text(roads, row, "class") == class).collect())
}

/// A road with its lines.
pub struct Road {
    /// Its number, else its name: what holds its pieces together.
    pub called: String,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Its pieces.
    pub rows: Vec<u32>,
    /// Its lines and its other carriageways.
    pub lines: Lines,
}

/// The roads that are meant, each with its lines.
///
/// # Errors
/// What a declaration of the map says that does not fit.
pub fn roads(bound: &Bound, roads: &Table, patrols: Option<&Table>) -> Result<Vec<Road>, Fault> {
    let mut by_road: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for row in meant(bound, roads, patrols) {
        // A number holds a road together, whatever its stretches are called.
        let called = [text(roads, row, "ref"), text(roads, row, "name")];
        let road = called.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        by_road.entry(road).or_default().push(row);
    }
    let made = by_road.into_iter().map(|(called, rows)| {
        let number = |row: u32, attribute: &str| chainage::parse(text(roads, row, attribute));
        let pieces: Vec<Piece<'_>> = rows
            .iter()
            .flat_map(|&row| {
                let numbers = number(row, "start_chainage").zip(number(row, "end_chainage"));
                let shape = roads.shape(row);
                // What is in several parts does not say where along it each begins.
                let numbers = numbers.filter(|_| shape.parts().len() == 1).map(|(first, last)| [first, last]);
                let downward = text(roads, row, "carriageway") == "down";
                shape.parts().map(move |(_, line)| Piece { line, numbers, downward })
            })
            .collect();
        let called_so = |name: &str| same(called, name) || rows.iter().any(|&row| is_called(roads, row, name));
        let declared = bound.chainages().iter().find(|one| called_so(&one.road));
        let lines = chainage::assemble(&pieces, declared)?;
        let first = |attribute: &str| {
            let all = rows.iter().map(|&row| text(roads, row, attribute));
            all.filter(|said| !said.is_empty()).min().unwrap_or_default().to_owned()
        };
        Ok(Road { called: called.to_owned(), name: first("name"), number: first("ref"), rows, lines })
    });
    made.collect()
}

/// What roads are called, each once.
pub fn names<'a>(roads: impl IntoIterator<Item = &'a Road>) -> String {
    let mut names: Vec<&str> = roads
        .into_iter()
        .filter(|road| !road.lines.routes.is_empty())
        .map(|road| if road.number.is_empty() { &road.name[..] } else { &road.number[..] })
        .collect();
    names.dedup();
    names.join("、")
}

/// A section of a road that was asked about.
pub struct Stretch<'a> {
    /// The road.
    pub road: &'a Road,
    /// The place of its line among the road's.
    pub route: usize,
    /// Who says what the numbers are.
    pub basis: Basis,
    /// From where to where, and the axis.
    pub section: Section,
    /// An id that says which line and how far along it begins.
    pub id: String,
}

impl Stretch<'_> {
    /// Where it begins, as the stones say: `K12+300`.
    pub fn chainage(&self) -> String {
        spell(self.section.first, 1)
    }

    /// Where it ends, as the stones say.
    pub fn chainage_to(&self) -> String {
        spell(self.section.last, 1)
    }

    /// Its box, so much wider.
    fn around(&self, wider_m: f64) -> Option<Bbox> {
        let all = self.section.line.iter().map(|&c| Bbox::point(c)).reduce(|all, one| all.union(&one))?;
        Some(all.padded(wider_m * 1.002 + 1.0))
    }
}

/// The sections of roads, road by road, line by line, in the way the numbers grow.
pub fn stretches(roads: &[Road], section_m: f64) -> Vec<Stretch<'_>> {
    let mut all = Vec::new();
    for road in roads {
        for (at, route) in road.lines.routes.iter().enumerate() {
            all.extend(route.sections(section_m).into_iter().map(|section| {
                let id = format!("{}:{}:{:06}", road.called, at + 1, section.from_m.round());
                Stretch { road, route: at, basis: route.basis, section, id }
            }));
        }
    }
    all
}

/// What is known of the patrols of a section.
#[derive(Clone, Copy, Default)]
pub struct Patrolled {
    /// How many went along it.
    pub patrols: i64,
    /// The day of the last.
    pub last: Option<Day>,
}

/// The part of a road's other carriageways that lies beside each section.
fn beside(stretches: &[Stretch<'_>]) -> Vec<Vec<[[f64; 2]; 2]>> {
    let mut beside = vec![Vec::new(); stretches.len()];
    let index = Index::new((0..).zip(stretches).filter_map(|(at, one)| Some((at, one.around(BESIDE_M)?))));
    let mut seen: Vec<*const Road> = Vec::new();
    for road in stretches.iter().map(|one| one.road) {
        if seen.contains(&std::ptr::from_ref(road)) {
            continue;
        }
        seen.push(road);
        for edge in road.lines.others.iter().flat_map(|chain| chain.line().windows(2)) {
            // A piece of an edge belongs where its middle lies.
            let cuts = crate::geo::ellipsoid::between(edge[0], edge[1], 10.0);
            let corners: Vec<[f64; 2]> = std::iter::once(edge[0]).chain(cuts).chain([edge[1]]).collect();
            for piece in corners.windows(2) {
                let middle = [(piece[0][0] + piece[1][0]) / 2.0, (piece[0][1] + piece[1][1]) / 2.0];
                let located = |route: usize| road.lines.routes[route].locate(middle, BESIDE_M).map(|p| p.along_m);
                let mut at = None;
                index.search(&Bbox::point(middle), |k| {
                    let one = &stretches[k as usize];
                    let holds = |m: f64| one.section.from_m <= m && m < one.section.to_m;
                    if std::ptr::eq(one.road, road) && located(one.route).is_some_and(holds) {
                        at = at.or(Some(k as usize));
                    }
                });
                if let Some(at) = at {
                    beside[at].push([piece[0], piece[1]]);
                }
            }
        }
    }
    beside
}

/// The sections that a track runs along, and metres of the road that it was at.
type Walked = (Vec<u32>, f64);

/// What a track walked, on the axis or on the other carriageway.
fn along(
    track: Shape<'_>,
    stretches: &[Stretch<'_>],
    beside: &[Vec<[[f64; 2]; 2]>],
    index: &Index,
    within_m: f64,
) -> Walked {
    if track.kind.dimension() != Some(1) {
        return (Vec::new(), 0.0);
    }
    let mut near: HashMap<u32, Vec<[[f64; 2]; 2]>> = HashMap::new();
    for edge in track.parts().flat_map(|(_, part)| part.windows(2)) {
        let bbox = Bbox::point(edge[0]).union(&Bbox::point(edge[1]));
        index.search(&bbox, |section| near.entry(section).or_default().push([edge[0], edge[1]]));
    }
    let mut near: Vec<(u32, Vec<[[f64; 2]; 2]>)> = near.into_iter().collect();
    near.sort_unstable_by_key(|(section, _)| *section);
    let (mut sections, mut at_it_m) = (Vec::new(), 0.0);
    for (section, edges) in near {
        let stretch = &stretches[section as usize].section;
        let axis = linear::share_within(&stretch.line, &edges, within_m);
        let own = &beside[section as usize];
        let length = |pieces: &[[[f64; 2]; 2]]| -> f64 {
            pieces.iter().map(|[a, b]| crate::geo::ellipsoid::distance_m(*a, *b)).sum()
        };
        let walked_m: f64 =
            own.iter().map(|piece| linear::share_within(piece, &edges, within_m) * length(&[*piece])).sum();
        // What is beside a section for a few metres only is not its other carriageway.
        let all_m = length(own).max((stretch.to_m - stretch.from_m) / 2.0);
        let share = if own.is_empty() { axis } else { axis.max((walked_m / all_m).min(1.0)) };
        at_it_m += share * (stretch.to_m - stretch.from_m);
        if share >= ENOUGH {
            sections.push(section);
        }
    }
    (sections, at_it_m)
}

/// Who crosses a road is at it for less than this; who patrols it, for more, or for half of a road that is shorter.
const PATROL_M: f64 = 100.0;

/// Who went along each section by the day of the question, and how many patrols there were along the road, however it is cut.
pub fn patrolled(bound: &Bound, patrols: &Table, stretches: &[Stretch<'_>], within_m: f64) -> (Vec<Patrolled>, usize) {
    let beside = beside(stretches);
    let wider = |at: usize| if beside[at].is_empty() { within_m } else { within_m + BESIDE_M };
    let boxes = stretches.iter().enumerate().filter_map(|(at, one)| Some((at as u32, one.around(wider(at))?)));
    let index = Index::new(boxes);
    let walked: Vec<(Option<Day>, Walked)> = (0..patrols.len())
        .into_par_iter()
        .filter_map(|row| {
            let on = match patrols.row(row).named("on") {
                Value::Date(day) => Some(day),
                _ => None,
            };
            // A patrol of a later day has not happened yet.
            let happened = on.is_none_or(|day| day <= bound.as_of);
            happened.then(|| (on, along(patrols.shape(row), stretches, &beside, &index, within_m)))
        })
        .collect();
    let mut found = vec![Patrolled::default(); stretches.len()];
    for (on, (sections, _)) in &walked {
        for &section in sections {
            let one = &mut found[section as usize];
            one.patrols += 1;
            one.last = one.last.max(*on);
        }
    }
    let road_m: f64 = stretches.iter().map(|one| one.section.to_m - one.section.from_m).sum();
    let enough_m = PATROL_M.min(road_m * ENOUGH);
    (found, walked.iter().filter(|(_, (_, at_it_m))| *at_it_m >= enough_m).count())
}
