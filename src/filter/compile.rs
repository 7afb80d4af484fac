//! From what was written to what is asked of a row: names become columns, what cannot be compared is refused, and what is the
//! same for every row is reckoned once.

use std::collections::HashSet;

use crate::fault::Fault;
use crate::filter::array::Relation as ArrayRelation;
use crate::filter::expr::Expr;
use crate::filter::fold::Pattern;
use crate::filter::function;
use crate::filter::near::{Near, metres};
use crate::filter::operand::{Kind, Operand};
use crate::filter::spatial::{Given, Relation, Spatial};
use crate::filter::test::{Compare, Test};
use crate::filter::time::{self, Span, Temporal, Zone};
use crate::filter::value::{arguments, unlike};
use crate::kind::Attribute;

/// Lists of words longer than this are looked up instead of gone through.
const FEW: usize = 8;

/// The names of the geometry, where no attribute bears them.
pub fn is_geometry(name: &str) -> bool {
    matches!(name, "geom" | "geometry")
}

/// Binds filters to the attributes of a table.
pub struct Compiler<'a> {
    /// The attributes, in the order of the columns.
    pub attributes: &'a [Attribute],
    /// The time zone whose days the map counts.
    pub zone: &'a Zone,
}

/// A place: the feature's own, or a given one.
enum Side {
    Feature,
    Given(Box<Given>),
}

impl Compiler<'_> {
    /// What holds or not.
    pub fn test(&self, expr: &Expr) -> Result<Test, Fault> {
        let Expr::Call(op, args) = expr else { return self.is(expr) };
        let op = op.as_str();
        match (op, &args[..]) {
            ("and" | "or", parts) if !parts.is_empty() => {
                let parts = parts.iter().map(|part| self.test(part)).collect::<Result<Vec<_>, _>>()?;
                Ok(joined(op == "and", parts))
            }
            ("not", [one]) => Ok(match self.test(one)? {
                Test::Known(known) => Test::Known(known.map(|held| !held)),
                Test::Not(inner) => *inner,
                other => Test::Not(Box::new(other)),
            }),
            ("isnull", [one]) => self.is_null(one),
            ("between", [one, low, high]) => self.between(one, low, high),
            ("in", [one, Expr::Array(list)]) => self.is_in(one, list),
            ("in", [_, other]) => Err(unlike(other, self.kind(other)?, &[Kind::Array])),
            ("like", [one, pattern]) => self.like(one, pattern),
            ("s_dwithin", args) => self.near(args),
            (op, [left, right]) => {
                if let Some(compare) = Compare::named(op) {
                    return self.compare(compare, left, right);
                }
                if let Some(relation) = Relation::named(op) {
                    return self.spatial(relation, left, right);
                }
                if let Some(relation) = Temporal::named(op) {
                    return self.temporal(relation, left, right);
                }
                if let Some(relation) = ArrayRelation::named(op) {
                    let sides = [self.array(left)?, self.array(right)?];
                    let constant = sides.iter().flatten().all(Operand::is_constant);
                    return Ok(settled(Test::Array(relation, sides, self.zone.clone()), constant));
                }
                self.is(expr)
            }
            _ => self.is(expr),
        }
    }

    /// A yes/no attribute, or yes or no itself.
    fn is(&self, expr: &Expr) -> Result<Test, Fault> {
        let one = self.value(expr)?;
        match (one.kind, one.operand) {
            (Kind::Bool, Operand::Bool(b)) => Ok(Test::Known(Some(b))),
            (Kind::Bool, Operand::Null) => Ok(Test::Known(None)),
            (Kind::Bool, operand) => Ok(Test::Is(operand)),
            (kind, _) => Err(unlike(expr, kind, &[Kind::Bool])),
        }
    }

    fn is_null(&self, one: &Expr) -> Result<Test, Fault> {
        match one {
            Expr::Property(name) if self.is_place(name) => Ok(Test::NoPlace),
            Expr::Place(_) | Expr::Bbox(_) | Expr::Array(_) => Ok(Test::Known(Some(false))),
            Expr::Interval(ends) => {
                let ends = ends.iter().flatten().map(|end| self.is_null(end)).collect::<Result<Vec<_>, _>>()?;
                Ok(joined(false, ends))
            }
            one => {
                let operand = self.value(one)?.operand;
                let constant = operand.is_constant();
                Ok(settled(Test::IsNull(operand), constant))
            }
        }
    }

    fn compare(&self, compare: Compare, left: &Expr, right: &Expr) -> Result<Test, Fault> {
        let [left, right] = self.alike([left, right])?;
        let constant = left.is_constant() && right.is_constant();
        Ok(settled(Test::Compare(compare, Box::new([left, right]), self.zone.clone()), constant))
    }

    fn between(&self, one: &Expr, low: &Expr, high: &Expr) -> Result<Test, Fault> {
        let sides = self.alike([one, low, high])?;
        let constant = sides.iter().all(Operand::is_constant);
        Ok(settled(Test::Between(Box::new(sides), self.zone.clone()), constant))
    }

    fn is_in(&self, one: &Expr, list: &[Expr]) -> Result<Test, Fault> {
        let mut items = Vec::with_capacity(list.len());
        for item in list {
            let [_, item] = self.alike([one, item])?;
            items.push(item);
        }
        let Some(first) = list.first() else {
            return Err(arguments("IN", "x IN (a, b, …)"));
        };
        let [one, _] = self.alike([one, first])?;
        let constant = items.iter().all(Operand::is_constant);
        if constant && items.len() > FEW && items.iter().all(|item| matches!(item, Operand::Text(_))) {
            let words: HashSet<String> = items
                .into_iter()
                .filter_map(|item| if let Operand::Text(text) = item { Some(text) } else { None })
                .collect();
            return Ok(Test::InWords(one, words));
        }
        let constant = constant && one.is_constant();
        Ok(settled(Test::In(one, items, self.zone.clone()), constant))
    }

    fn like(&self, one: &Expr, pattern: &Expr) -> Result<Test, Fault> {
        let of_text = |expr: &Expr| {
            let typed = self.value(expr)?;
            if typed.kind == Kind::Text { Ok(typed.operand) } else { Err(unlike(expr, typed.kind, &[Kind::Text])) }
        };
        let one = of_text(one)?;
        let Operand::Text(text) = of_text(pattern)? else {
            return Err(arguments("LIKE", "x LIKE 'a%', CASEI(x) LIKE CASEI('a%')"));
        };
        let constant = one.is_constant();
        Ok(settled(Test::Like(one, Pattern::new(&text)?), constant))
    }

    fn temporal(&self, relation: Temporal, left: &Expr, right: &Expr) -> Result<Test, Fault> {
        let sides = [self.span(left)?, self.span(right)?];
        let kinds: Vec<Kind> = sides.iter().flat_map(|(_, kinds)| kinds.iter().copied()).collect();
        self.check_zone(&kinds)?;
        let spans = sides.map(|(span, _)| span);
        let constant = spans.iter().flat_map(|span| span.0.iter().flatten()).all(Operand::is_constant);
        Ok(settled(Test::Temporal(relation, Box::new(spans), self.zone.clone()), constant))
    }

    fn span(&self, expr: &Expr) -> Result<(Span, Vec<Kind>), Fault> {
        let end = |expr: &Expr| {
            let typed = match expr {
                Expr::Text(text) => self.value(&time::either(text)?)?,
                other => self.value(other)?,
            };
            if typed.kind.is_temporal() {
                return Ok(typed);
            }
            Err(unlike(expr, typed.kind, &[Kind::Day, Kind::Instant, Kind::Interval]))
        };
        let Expr::Interval(ends) = expr else {
            let (from, to) = (end(expr)?, end(expr)?);
            return Ok((Span([Some(from.operand), Some(to.operand)]), vec![from.kind]));
        };
        let [from, to] = [&ends[0], &ends[1]].map(|one| one.as_ref().map(end).transpose());
        let (from, to) = (from?, to?);
        if let (Some(a), Some(b)) = (&from, &to)
            && a.operand.is_constant()
            && b.operand.is_constant()
            && a.operand.eval(None).order(&b.operand.eval(None), self.zone).is_some_and(std::cmp::Ordering::is_gt)
        {
            return Err(Fault::invalid("filter-backwards").with("parameter", "filter").with("value", spelled(ends)));
        }
        let kinds = from.iter().chain(&to).map(|typed| typed.kind).collect();
        Ok((Span([from.map(|typed| typed.operand), to.map(|typed| typed.operand)]), kinds))
    }

    /// Days can be held against instants where it is known whose days they are.
    pub(super) fn check_zone(&self, kinds: &[Kind]) -> Result<(), Fault> {
        if self.zone.is_none() && kinds.contains(&Kind::Day) && kinds.contains(&Kind::Instant) {
            return Err(Fault::invalid("filter-zone").with("parameter", "filter"));
        }
        Ok(())
    }

    fn array(&self, expr: &Expr) -> Result<Vec<Operand>, Fault> {
        match expr {
            Expr::Array(items) => items.iter().map(|item| Ok(self.value(item)?.operand)).collect(),
            other => Err(unlike(other, self.kind(other)?, &[Kind::Array])),
        }
    }

    fn kind(&self, expr: &Expr) -> Result<Kind, Fault> {
        Ok(match expr {
            Expr::Property(name) if self.is_place(name) => Kind::Place,
            Expr::Place(_) | Expr::Bbox(_) => Kind::Place,
            Expr::Interval(_) => Kind::Interval,
            Expr::Array(_) => Kind::Array,
            other => self.value(other)?.kind,
        })
    }

    fn spatial(&self, relation: Relation, left: &Expr, right: &Expr) -> Result<Test, Fault> {
        Ok(match (self.side(left)?, self.side(right)?) {
            (Side::Feature, Side::Feature) => Test::Spatial(Box::new(Spatial::new(relation, None))),
            (Side::Feature, Side::Given(given)) => Test::Spatial(Box::new(Spatial::new(relation, Some(*given)))),
            (Side::Given(given), Side::Feature) => {
                Test::Spatial(Box::new(Spatial::new(relation.turned(), Some(*given))))
            }
            (Side::Given(a), Side::Given(b)) => {
                use geo::Relate;
                Test::Known(Some(relation.read(&a.geometry.relate(&b.geometry))))
            }
        })
    }

    fn near(&self, args: &[Expr]) -> Result<Test, Fault> {
        let [left, right, reach] = args else { return Err(arguments("s_dwithin", function::DWITHIN_USAGE)) };
        let typed = self.value(reach)?;
        if typed.kind != Kind::Number {
            return Err(unlike(reach, typed.kind, &[Kind::Number]));
        }
        let number = if let Operand::Number(x) = typed.operand { Some(x) } else { None };
        let reach_m = metres(number, &reach.spell())?;
        Ok(match (self.side(left)?, self.side(right)?) {
            (Side::Feature, Side::Feature) => Test::Near(Box::new(Near::new(None, reach_m))),
            (Side::Feature, Side::Given(given)) | (Side::Given(given), Side::Feature) => {
                Test::Near(Box::new(Near::new(Some(&given), reach_m)))
            }
            (Side::Given(a), Side::Given(b)) => Test::Known(Some(Near::between(&a, &b, reach_m))),
        })
    }

    fn side(&self, expr: &Expr) -> Result<Side, Fault> {
        Ok(match expr {
            Expr::Property(name) if self.is_place(name) => Side::Feature,
            Expr::Place(geometry) => Side::Given(Box::new(Given::place(geometry)?)),
            Expr::Bbox(edges) => Side::Given(Box::new(Given::bbox(*edges)?)),
            other => return Err(unlike(other, self.kind(other)?, &[Kind::Place])),
        })
    }

    pub(super) fn is_place(&self, name: &str) -> bool {
        is_geometry(name) && !self.attributes.iter().any(|a| a.name == name)
    }
}

fn spelled(ends: &[Option<Expr>; 2]) -> String {
    let end = |end: &Option<Expr>| end.as_ref().map_or("'..'".to_owned(), Expr::spell);
    format!("INTERVAL({}, {})", end(&ends[0]), end(&ends[1]))
}

/// Asked now, where it is the same for every row.
fn settled(test: Test, constant: bool) -> Test {
    if constant { Test::Known(test.truth(None)) } else { test }
}

/// All of them, or any: what is known already is not asked of every row.
fn joined(every: bool, parts: Vec<Test>) -> Test {
    let mut open = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Test::Known(Some(held)) if held == every => {}
            Test::Known(Some(_)) => return Test::Known(Some(!every)),
            other => open.push(other),
        }
    }
    match open.len() {
        0 => Test::Known(Some(every)),
        1 => open.swap_remove(0),
        _ if every => Test::And(open),
        _ => Test::Or(open),
    }
}
