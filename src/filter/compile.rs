//! From what was written to what is asked of a row: names become columns, what cannot be compared is refused, and what is the
//! same for every row is reckoned once.

use std::collections::HashSet;

use crate::fault::Fault;
use crate::filter::array::Relation as ArrayRelation;
use crate::filter::expr::Expr;
use crate::filter::fold::{Fold, Pattern};
use crate::filter::function;
use crate::filter::near::{Near, metres};
use crate::filter::operand::{Kind, Operand, Reckoning};
use crate::filter::spatial::{Given, Relation, Spatial};
use crate::filter::test::{Compare, Test};
use crate::filter::time::{self, Span, Temporal, Zone};
use crate::kind::Attribute;
use crate::text::{Lang, Title};

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

/// A value, and what it is.
struct Typed {
    kind: Kind,
    operand: Operand,
}

/// A place: the feature's own, or a given one.
enum Side {
    Feature,
    Given(Box<Given>),
}

/// A value of the wrong kind: what it is, and what could stand in its place.
fn unlike(expr: &Expr, kind: Kind, wanted: &[Kind]) -> Fault {
    let mut words = Title::default();
    for kind in wanted {
        let word = Title::of(kind.key());
        for (all, one) in [(&mut words.zh, word.zh), (&mut words.en, word.en)] {
            if !all.is_empty() {
                all.push_str(" / ");
            }
            all.push_str(&one);
        }
    }
    let fault = Fault::invalid("filter-kind").with("parameter", "filter").with("value", expr.spell());
    told(fault, kind, &words)
}

/// As `unlike`, beside something that settles what could stand there.
fn unlike_beside(expr: &Expr, kind: Kind, beside: &Expr, wanted: Kind) -> Fault {
    let mut words = Title::of(wanted.key());
    if wanted.is_temporal() {
        words = Title::of("filter-kind-temporal");
    }
    let fault = Fault::invalid("filter-unlike").with("parameter", "filter").with("value", expr.spell());
    told(fault.with("beside", beside.spell()), kind, &words)
}

/// Says what a value is, and what it could be, in both languages.
fn told(fault: Fault, kind: Kind, wanted: &Title) -> Fault {
    let kind = Title::of(kind.key());
    let fault = fault.with("kind-zh", kind.get(Lang::Zh)).with("kind-en", kind.get(Lang::En));
    fault.with("wanted-zh", wanted.get(Lang::Zh)).with("wanted-en", wanted.get(Lang::En))
}

fn arguments(op: &str, usage: &str) -> Fault {
    Fault::invalid("filter-arguments").with("parameter", "filter").with("op", op.to_uppercase()).with("expected", usage)
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
    fn check_zone(&self, kinds: &[Kind]) -> Result<(), Fault> {
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

    fn is_place(&self, name: &str) -> bool {
        is_geometry(name) && !self.attributes.iter().any(|a| a.name == name)
    }

    /// Values that are to be compared, which must be of a kind. Text beside a date is read as one.
    fn alike<const N: usize>(&self, exprs: [&Expr; N]) -> Result<[Operand; N], Fault> {
        let mut typed = Vec::with_capacity(N);
        for expr in exprs {
            typed.push(self.value(expr)?);
        }
        let temporal = typed.iter().map(|one| one.kind).find(|kind| kind.is_temporal());
        if temporal.is_some() {
            for (one, expr) in typed.iter_mut().zip(exprs) {
                if let Expr::Text(text) = expr {
                    *one = self.value(&time::either(text)?)?;
                }
            }
        }
        // What is not of a kind is laid at the door of the value, not of the attribute beside it.
        let settles = exprs.iter().position(|expr| !matches!(expr, Expr::Text(_) | Expr::Number(_) | Expr::Bool(_)));
        let settles = settles.unwrap_or(0);
        let kind = typed.get(settles).map_or(Kind::Text, |one| one.kind);
        for (one, expr) in typed.iter().zip(exprs) {
            if !one.kind.fits(kind) {
                return Err(unlike_beside(expr, one.kind, exprs[settles], kind));
            }
        }
        self.check_zone(&typed.iter().map(|one| one.kind).collect::<Vec<_>>())?;
        let operands: Vec<Operand> = typed.into_iter().map(|one| one.operand).collect();
        operands.try_into().map_err(|_| Fault::internal("sides were lost"))
    }

    /// A value of any kind that has one for a row.
    fn value(&self, expr: &Expr) -> Result<Typed, Fault> {
        let typed = |kind, operand| Ok(Typed { kind, operand });
        match expr {
            Expr::Property(name) => self.property(expr, name),
            Expr::Text(text) => typed(Kind::Text, Operand::Text(text.clone())),
            Expr::Number(x) => typed(Kind::Number, Operand::Number(*x)),
            Expr::Bool(b) => typed(Kind::Bool, Operand::Bool(*b)),
            Expr::Day(day) => typed(Kind::Day, Operand::Day(*day)),
            Expr::Instant(instant) => typed(Kind::Instant, Operand::Instant(*instant)),
            Expr::Interval(_) => Err(unlike(expr, Kind::Interval, VALUES)),
            Expr::Array(_) => Err(unlike(expr, Kind::Array, VALUES)),
            Expr::Place(_) | Expr::Bbox(_) => Err(unlike(expr, Kind::Place, VALUES)),
            Expr::Call(op, args) => self.reckoned(op, args),
        }
    }

    fn property(&self, expr: &Expr, name: &str) -> Result<Typed, Fault> {
        if let Some(at) = self.attributes.iter().position(|a| a.name == name) {
            return Ok(Typed { kind: Kind::of(self.attributes[at].value_type), operand: Operand::Column(at) });
        }
        match name {
            "id" => Ok(Typed { kind: Kind::Text, operand: Operand::Id }),
            name if is_geometry(name) => Err(unlike(expr, Kind::Place, VALUES)),
            _ => {
                let mut known: Vec<&str> = self.attributes.iter().map(|a| a.name.as_str()).collect();
                known.extend(["id", "geom"]);
                Err(Fault::invalid("filter-no-attribute")
                    .with("parameter", "filter")
                    .with("attribute", name)
                    .with("known", known.join(", ")))
            }
        }
    }

    fn reckoned(&self, op: &str, args: &[Expr]) -> Result<Typed, Fault> {
        let of = |expr: &Expr, kind: Kind| {
            let typed = self.value(expr)?;
            if typed.kind == kind { Ok(typed.operand) } else { Err(unlike(expr, typed.kind, &[kind])) }
        };
        let fold = match op {
            "casei" => Some(Fold::Case),
            "accenti" => Some(Fold::Accents),
            _ => None,
        };
        match (fold, Reckoning::named(op), args) {
            (Some(fold), _, [one]) => {
                let inner = Box::new(of(one, Kind::Text)?);
                Ok(Typed { kind: Kind::Text, operand: Operand::Folded(fold, inner).settled() })
            }
            (Some(_), _, _) => Err(arguments(op, &format!("{}(text)", op.to_uppercase()))),
            (_, Some(reckoning), [left, right]) => {
                let sides = Box::new([of(left, Kind::Number)?, of(right, Kind::Number)?]);
                Ok(Typed { kind: Kind::Number, operand: Operand::Reckoned(reckoning, sides).settled() })
            }
            (_, Some(_), _) => Err(arguments(op, &format!("a {op} b"))),
            _ if function::is_predicate(op) => {
                if !function::takes(op, args.len()) {
                    return Err(arguments(op, function::usage(op)));
                }
                let test = Box::new(self.test(&Expr::Call(op.to_owned(), args.to_vec()))?);
                Ok(Typed { kind: Kind::Bool, operand: Operand::Test(test).settled() })
            }
            _ => Err(Fault::invalid("filter-unsupported")
                .with("parameter", "filter")
                .with("op", op)
                .with("known", function::known())),
        }
    }
}

/// The kinds of what can be compared.
const VALUES: &[Kind] = &[Kind::Text, Kind::Number, Kind::Bool, Kind::Day, Kind::Instant];

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
