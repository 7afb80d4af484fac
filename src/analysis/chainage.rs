//! What the kilometre stones of a road say: at a point, and where a chainage stands; asked for neither, on all of it.

use crate::analysis::Bound;
use crate::analysis::definition::{Definition, Domain, From, Influence, Input, Outcome, Parameter};
use crate::analysis::road::{self, Road, said};
use crate::analysis::shared::{round_mm, terms};
use crate::collection::Figure;
use crate::fault::Fault;
use crate::geo::chainage::{FARTHEST_M, Place, Route, parse, spell};
use crate::geo::shape::{Geometries, ShapeKind};
use crate::kind::{Attribute, ValueType};
use crate::query::SortKey;
use crate::table::{Builder, Value};

/// The one definition.
pub static DEFINITION: Definition = Definition {
    name: "chainage",
    version: "1",
    parameters: &[
        road::ROAD,
        Parameter { name: "point", domain: Domain::Point },
        Parameter { name: "at", domain: Domain::Chainage },
    ],
    inputs: &[
        Input { role: "roads", from: From::Kind("road"), required: true },
        Input { role: "patrols", from: From::Kind("patrol"), required: false },
    ],
    subject: |_| "roads",
    properties,
    dated: false,
    influence: Influence::Whole,
    only: &[],
    run,
};

fn properties() -> Vec<Attribute> {
    use ValueType::{Bool, Code, Float, Text};
    vec![
        Attribute::property("from_m", Float, "m"),
        Attribute::property("to_m", Float, "m"),
        Attribute::property("chainage", Text, ""),
        Attribute::property("chainage_to", Text, ""),
        Attribute::property("length_m", Float, "m"),
        Attribute { domain: terms(&["left", "right", "axis"]), ..Attribute::property("side", Code, "") },
        Attribute::property("offset_m", Float, "m"),
        Attribute::property("beyond", Bool, ""),
        road::numbered_by(),
    ]
}

/// A line of a road, with its place among them.
type Line<'a> = (&'a Road, usize, &'a Route);

fn run(bound: &Bound) -> Result<Outcome, Fault> {
    let layer = bound.layer("roads")?;
    let patrols = bound.layers("patrols").first().map(|layer| &**layer.table());
    let roads = road::roads(bound, layer.table(), patrols)?;
    let lines: Vec<Line<'_>> = roads
        .iter()
        .flat_map(|road| road.lines.routes.iter().enumerate().map(move |(at, route)| (road, at + 1, route)))
        .collect();
    let own = ["name", "ref"].iter().filter_map(|name| layer.kind().attribute(name).cloned());
    let mut builder = Builder::new(own.chain(properties()).collect());
    let (point, at) = (bound.point("point"), parse(bound.text("at")));
    if let Some(point) = point {
        let places = lines.iter().filter_map(|line| Some((line, line.2.locate(point, FARTHEST_M)?)));
        let nearest = places.min_by(|(_, a), (_, b)| a.offset_m.total_cmp(&b.offset_m));
        let (line, place) =
            nearest.ok_or_else(|| Fault::unprocessable("chainage-too-far").with("km", FARTHEST_M / 1000.0))?;
        push_place(&mut builder, "point", line, &place, Some(point));
    }
    if let Some(number) = at {
        let mut found = false;
        for line in &lines {
            for place in line.2.places(number) {
                push_place(&mut builder, "at", line, &place, None);
                found = true;
            }
        }
        if !found {
            return Err(nowhere(&lines, number));
        }
    }
    if point.is_none() && at.is_none() {
        lines.iter().for_each(|line| push_stretches(&mut builder, line));
    }
    let breaks =
        |(_, _, route): &Line<'_>| route.stretches().windows(2).filter(|pair| !pair[0].runs_into(&pair[1])).count();
    let figures = vec![
        Figure::new("road", road::names(&roads), ""),
        Figure::new("road_km", round_mm(lines.iter().map(|line| line.2.length_m()).sum::<f64>() / 1000.0), "km"),
        Figure::new("chain_breaks", lines.iter().map(breaks).sum::<usize>(), "{break}"),
    ];
    Ok(Outcome { table: builder.finish(vec![SortKey::up("from_m")]), figures })
}

/// Why a number stands nowhere: what there is instead.
fn nowhere(lines: &[Line<'_>], number: f64) -> Fault {
    let all = lines.iter().flat_map(|(_, _, route)| route.stretches());
    let spelled: Vec<String> = all.map(|s| format!("{}–{}", spell(s.first, 1), spell(s.last, 1))).collect();
    Fault::unprocessable("chainage-nowhere").with("value", spell(number, 3)).with("known", spelled.join(", "))
}

fn push_place(builder: &mut Builder, asked: &str, line: &Line<'_>, place: &Place, point: Option<[f64; 2]>) {
    let (road, at, route) = line;
    let chainage = spell(place.number, 1);
    builder.push(
        &format!("{}:{at}:{asked}:{:.3}", road.called, place.along_m),
        [
            said(&road.name),
            said(&road.number),
            Value::Float(round_mm(place.number)),
            Value::Float(round_mm(place.number)),
            Value::Text(&chainage),
            Value::Text(&chainage),
            Value::Null,
            Value::Text(place.side.word()),
            Value::Float(round_mm(place.offset_m)),
            Value::Bool(place.beyond),
            Value::Text(route.basis.word()),
        ],
    );
    builder.geometries.part(true);
    builder.geometries.coord(point.unwrap_or(place.foot));
    builder.geometries.end_row(ShapeKind::Point);
}

/// A line's stretches: on each the numbers run on without a jump.
fn push_stretches(builder: &mut Builder, (road, at, route): &Line<'_>) {
    for section in route.sections(f64::INFINITY) {
        builder.push(
            &format!("{}:{at}:{:06}", road.called, section.from_m.round()),
            [
                said(&road.name),
                said(&road.number),
                Value::Float(round_mm(section.first)),
                Value::Float(round_mm(section.last)),
                Value::Text(&spell(section.first, 1)),
                Value::Text(&spell(section.last, 1)),
                Value::Float(round_mm(section.to_m - section.from_m)),
                Value::Null,
                Value::Null,
                Value::Null,
                Value::Text(route.basis.word()),
            ],
        );
        line(&mut builder.geometries, &section.line);
    }
}

fn line(geometries: &mut Geometries, line: &[[f64; 2]]) {
    geometries.part(true);
    line.iter().for_each(|&c| geometries.coord(c));
    geometries.end_row(ShapeKind::Line);
}
