//! The values in a filter, each with what it is: only like is compared with like.

use crate::fault::Fault;
use crate::filter::compile::{Compiler, is_geometry};
use crate::filter::expr::Expr;
use crate::filter::fold::Fold;
use crate::filter::function;
use crate::filter::operand::{Kind, Operand, Reckoning};
use crate::filter::time;
use crate::text::{Lang, Title};

/// A value, and what it is.
pub struct Typed {
    /// What it is.
    pub kind: Kind,
    /// Where it comes from.
    pub operand: Operand,
}

/// The kinds of what can be compared.
const VALUES: &[Kind] = &[Kind::Text, Kind::Number, Kind::Bool, Kind::Day, Kind::Instant];

/// A value of the wrong kind: what it is, and what could stand in its place.
pub fn unlike(expr: &Expr, kind: Kind, wanted: &[Kind]) -> Fault {
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

/// Something that is not applied to what it can be applied to.
pub fn arguments(op: &str, usage: &str) -> Fault {
    Fault::invalid("filter-arguments").with("parameter", "filter").with("op", op.to_uppercase()).with("expected", usage)
}

impl Compiler<'_> {
    /// Values that are to be compared, which must be of a kind. Text beside a date is read as one.
    pub(super) fn alike<const N: usize>(&self, exprs: [&Expr; N]) -> Result<[Operand; N], Fault> {
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
    pub(super) fn value(&self, expr: &Expr) -> Result<Typed, Fault> {
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
            let kind = Kind::of(self.attributes[at].value_type);
            let operand = if kind == Kind::Instant { Operand::Moment(at) } else { Operand::Column(at) };
            return Ok(Typed { kind, operand });
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
