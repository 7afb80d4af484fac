//! CQL2 JSON (OGC 21-065r2, Annex C). What is not of its schema is refused at its place, `$.args[1].args[0]`.

use geo_types::{Coord, Geometry};
use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::filter::expr::Expr;
use crate::filter::place::{self, Nest};
use crate::filter::{MAX_DEPTH, time, too_deep};
use crate::text::{Lang, Title};

/// Reads CQL2 JSON.
///
/// # Errors
/// `filter-json` with the place and what could stand there; `filter-too-deep`; `filter-value`; `filter-geometry`.
pub fn read(text: &str) -> Result<Expr, Fault> {
    // Deeper than 128 levels serde_json refuses on its own.
    let value: Value = serde_json::from_str(text).map_err(|error| {
        if error.to_string().contains("recursion limit") {
            return too_deep();
        }
        Fault::invalid("filter-not-json").with("parameter", "filter").with("cause", error)
    })?;
    Place { path: "$".to_owned(), depth: 0 }.expr(&value)
}

/// Where in the document something stands.
struct Place {
    path: String,
    depth: usize,
}

impl Place {
    fn within(&self, step: &str) -> Result<Self, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(too_deep());
        }
        Ok(Self { path: format!("{}{step}", self.path), depth: self.depth + 1 })
    }

    fn wants(&self, what: &str) -> Fault {
        let wanted = Title::of(what);
        Fault::invalid("filter-json")
            .with("parameter", "filter")
            .with("at", &self.path)
            .with("wants-zh", wanted.get(Lang::Zh))
            .with("wants-en", wanted.get(Lang::En))
    }

    fn expr(&self, value: &Value) -> Result<Expr, Fault> {
        match value {
            Value::String(text) => Ok(Expr::Text(text.clone())),
            Value::Bool(b) => Ok(Expr::Bool(*b)),
            Value::Number(number) => match number.as_f64().filter(|x| x.is_finite()) {
                Some(x) => Ok(Expr::Number(x)),
                None => Err(self.wants("filter-wants-number")),
            },
            Value::Array(items) => Ok(Expr::Array(self.all(items, "")?)),
            Value::Object(members) => self.object(members),
            Value::Null => Err(self.wants("filter-wants-value")),
        }
    }

    fn all(&self, items: &[Value], under: &str) -> Result<Vec<Expr>, Fault> {
        items.iter().enumerate().map(|(at, item)| self.within(&format!("{under}[{at}]"))?.expr(item)).collect()
    }

    fn object(&self, members: &Map<String, Value>) -> Result<Expr, Fault> {
        let mut names: Vec<&str> = members.keys().map(String::as_str).collect();
        names.sort_unstable();
        match (&names[..], members.values().next()) {
            (["args", "op"], _) => self.operation(&members["op"], &members["args"]),
            (["property"], Some(Value::String(name))) => Ok(Expr::Property(name.clone())),
            (["date"], Some(Value::String(text))) => time::day(text),
            (["timestamp"], Some(Value::String(text))) => time::instant(text),
            (["interval"], Some(Value::Array(ends))) => time::interval(&self.all(ends, ".interval")?),
            (["bbox"], Some(Value::Array(edges))) => place::bbox(&self.all(edges, ".bbox")?),
            (names, _) if names.contains(&"type") => Ok(Expr::Place(Box::new(self.geometry(members, true)?))),
            _ => Err(self.wants("filter-wants-object")),
        }
    }

    fn operation(&self, op: &Value, args: &Value) -> Result<Expr, Fault> {
        let (Value::String(op), Value::Array(args)) = (op, args) else {
            return Err(self.wants("filter-wants-object"));
        };
        let mut args = self.all(args, ".args")?;
        let op = op.to_lowercase();
        Ok(match op.as_str() {
            "and" | "or" => Expr::joined(&op, args),
            // A minus with one operand is a sign.
            "-" if args.len() == 1 => Expr::negative(args.swap_remove(0)),
            _ => Expr::Call(op, args),
        })
    }

    fn geometry(&self, members: &Map<String, Value>, collections: bool) -> Result<Geometry<f64>, Fault> {
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
        let lower = kind.to_lowercase();
        if kind == "GeometryCollection" && collections {
            let list = members.get("geometries").and_then(Value::as_array);
            let list = list.ok_or_else(|| self.wants("filter-wants-geometry"))?;
            let each = |(at, member): (usize, &Value)| {
                let place = self.within(&format!(".geometries[{at}]"))?;
                let members = member.as_object().ok_or_else(|| place.wants("filter-wants-geometry"))?;
                place.geometry(members, false)
            };
            return place::collect(list.iter().enumerate().map(each).collect::<Result<_, _>>()?);
        }
        let coordinates = members.get("coordinates").filter(|_| place::is_kind(&lower));
        let nest = coordinates.and_then(|coordinates| nest(coordinates, 0));
        place::build(&lower, nest.ok_or_else(|| self.wants("filter-wants-geometry"))?)
    }
}

fn nest(value: &Value, depth: usize) -> Option<Nest> {
    let items = value.as_array()?;
    if items.first().is_some_and(Value::is_number) {
        let ordinate = |at: usize| items.get(at)?.as_f64().filter(|x| x.is_finite());
        return Some(Nest::Position(Coord { x: ordinate(0)?, y: ordinate(1)? }));
    }
    if depth == 4 {
        return None;
    }
    items.iter().map(|item| nest(item, depth + 1)).collect::<Option<_>>().map(Nest::List)
}
