//! The list of black-odorous bodies (黑臭水体清单), counted as the lists count them: a pond is one body, of a ditch each continuous
//! stretch is one, cut at village borders.

use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::water::bodies::{self, Body};
use crate::analysis::water::judge::{self, Judged, Samples};
use crate::analysis::water::{Waters, number, terms, text, word};
use crate::analysis::{Bound, round_mm};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::ellipsoid::distance_m;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Table, Value};

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "black-odorous-list",
    version: "1",
    parameters: &[
        Parameter { name: "waterbodies", domain: Domain::Layer { kinds: &["waterbody"] } },
        Parameter {
            name: "min_area",
            domain: Domain::Number { default: 0.0, min: 0.0, max: 1e6, unit: "m2", typical: [0.0, 1_000.0, 50.0] },
        },
        Parameter {
            name: "sample_distance",
            domain: Domain::Number { default: 20.0, min: 0.0, max: 1_000.0, unit: "m", typical: [0.0, 100.0, 5.0] },
        },
    ],
    inputs: &[
        Input { role: "waterbodies", from: From::Parameter("waterbodies"), required: true },
        Input { role: "samples", from: From::All(&["water_sample"]), required: false },
        Input { role: "villages", from: From::Kind("village"), required: false },
    ],
    subject: |_| "waterbodies",
    properties,
    dated: true,
    influence: Influence::Whole,
    only: &[],
    run,
};

/// What of the bodies' own attributes the list shows, where the kind has it.
const OWN: [&str; 4] = ["name", "type", "condition", "keeper"];

fn properties() -> Vec<Attribute> {
    use ValueType::{Code, Float, Int, Text};
    let mut all = vec![
        Attribute {
            domain: [super::terms(&["national", "provincial"]), terms("list", &["below"])].concat(),
            ..Attribute::property("list", Code, "")
        },
        Attribute::property("area_m2", Float, "m2"),
        Attribute {
            domain: terms("basis", &["drawn", "width", "unknown"]),
            ..Attribute::property("area_basis", Code, "")
        },
        Attribute::property("lies_in", Text, ""),
        Attribute::property("begins_at", Text, ""),
        Attribute::property("ends_at", Text, ""),
        Attribute::property("drawn_parts", Int, "{feature}"),
        Attribute::property("drawn_as", Text, ""),
    ];
    all.extend(judge::properties());
    all
}

/// The two vertices of a stretch that lie farthest apart, the western one first: where it begins and ends.
fn ends(body: &Body) -> Option<[String; 2]> {
    if !body.runs {
        return None;
    }
    let places: Vec<[f64; 2]> =
        (0..body.pieces.len() as u32).flat_map(|at| body.pieces.shape(at).coords()).copied().collect();
    let first = *places.first()?;
    let farthest = |from: [f64; 2]| {
        let apart = |a: &[f64; 2], b: &[f64; 2]| {
            distance_m(from, *a).total_cmp(&distance_m(from, *b)).then_with(|| b[0].total_cmp(&a[0]))
        };
        places.iter().copied().max_by(apart)
    };
    // From anywhere the farthest is an end; what lies farthest from that is the other.
    let one = farthest(first)?;
    let other = farthest(one)?;
    let [from, to] = if other < one { [other, one] } else { [one, other] };
    Some([from, to].map(|[lng, lat]| format!("{lng:.6},{lat:.6}")))
}

/// The shape of a body: its pieces as one.
fn push(body: &Body, out: &mut Geometries) {
    let mut kind = ShapeKind::None;
    for at in 0..body.pieces.len() as u32 {
        let shape = body.pieces.shape(at);
        for (shell, part) in shape.parts() {
            out.part(shell);
            part.iter().for_each(|&c| out.coord(c));
        }
        kind = match (body.pieces.len(), shape.kind) {
            (1, kind) => kind,
            (_, ShapeKind::Line | ShapeKind::MultiLine) => ShapeKind::MultiLine,
            _ => ShapeKind::MultiPolygon,
        };
    }
    out.end_row(kind);
}

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("waterbodies")?;
    let waters = Waters::of(bound, layer.table());
    let samples = Samples::join(&waters, bound.layers("samples"), bound.number("sample_distance"));
    let is_black = |&row: &u32| {
        let judged = || samples.newest(&waters, row).is_some_and(|judged| judged.is_black());
        (waters.stands)(row) && (waters.condition(row) == "black" || judged())
    };
    let black: Vec<u32> = (0..waters.table.len()).filter(is_black).collect();
    let bodies = bodies::bodies(bound, &waters, &black);
    let own: Vec<Attribute> = OWN.iter().filter_map(|name| layer.kind().attribute(name).cloned()).collect();
    let mut builder = Builder::new(own.iter().cloned().chain(properties()).collect());
    for body in &bodies {
        write(bound, &waters, &samples, &own, body, &mut builder);
    }
    let mut figures = bodies::figures(&bodies);
    let area_m2: f64 = bodies.iter().filter_map(|body| body.area.m2).sum();
    figures.insert(1, Figure::new("black_m2", round_mm(area_m2), "m2"));
    figures.push(Figure::new("samples", samples.count, "{sample}"));
    figures.push(Figure::new("samples_unjoined", samples.unjoined, "{sample}"));
    Ok(Outcome { table: builder.finish(vec![SortKey::down("area_m2")]), figures })
}

/// What the rows of a body say under an attribute: the first of them that says anything.
fn said<'a>(table: &'a Table, rows: &[u32], attribute: &str) -> Value<'a> {
    let column = table.column(attribute);
    let value = |&row: &u32| column.map_or(Value::Null, |at| table.row(row).value(at));
    rows.iter().map(value).find(|value| !value.is_null()).unwrap_or(Value::Null)
}

fn write(
    bound: &Bound,
    waters: &Waters<'_>,
    samples: &Samples<'_>,
    own: &[Attribute],
    body: &Body,
    builder: &mut Builder,
) {
    let table = waters.table;
    let villages = bound.layers("villages").first().map(|layer| layer.table());
    let name = |&village: &u32| villages.map_or("", |table| text(table, village, table.column("name")));
    let villages: Vec<&str> = body.villages.iter().map(name).filter(|name| !name.is_empty()).collect();
    // On a map without villages, or off them, it lies where its ledger says.
    let villages = if villages.is_empty() {
        text(table, body.rows[0], table.column("village")).to_owned()
    } else {
        villages.join("、")
    };
    // What makes it black, where samples do; of several the newest.
    let judged: Option<Judged<'_>> = body
        .rows
        .iter()
        .filter_map(|&row| samples.newest(waters, row))
        .max_by_key(|judged| (judged.is_black(), judged.sample.on, std::cmp::Reverse(judged.sample.id)));
    let stated = body.rows.iter().map(|&row| waters.condition(row));
    let condition = stated.clone().find(|word| *word == "black").or(stated.into_iter().next()).unwrap_or("unknown");
    let ends = ends(body);
    let [from, to] = ends.as_ref().map_or(["", ""], |[from, to]| [from, to]);
    let pieces: Vec<&str> = body.rows.iter().map(|&row| table.row(row).id()).collect();
    let ids = pieces.join(",");
    let mut values: Vec<Value<'_>> = own
        .iter()
        .map(|a| if a.name == "condition" { Value::Text(condition) } else { said(table, &body.rows, &a.name) })
        .collect();
    values.extend([
        word(body.list),
        number(body.area.m2),
        Value::Text(body.area.basis),
        word(villages.as_str()),
        word(from),
        word(to),
        Value::Int(body.pieces.len() as i64),
        word(ids.as_str()),
    ]);
    values.extend(judge::values(judged.as_ref(), condition));
    builder.push(&body.id, values);
    push(body, &mut builder.geometries);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_list_shows_of_a_body_the_kind_has() {
        let kind = crate::kind::kind("waterbody").unwrap();
        assert!(OWN.iter().all(|name| kind.attribute(name).is_some()));
    }
}
