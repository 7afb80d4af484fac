//! CQL2 text (OGC 21-065r2, Annex B), by recursive descent: as deep as `MAX_DEPTH` and no deeper, in one pass over the words.

use crate::fault::Fault;
use crate::filter::expr::Expr;
use crate::filter::token::{Token, cut, malformed};
use crate::filter::{MAX_DEPTH, place, time, too_deep};

/// Words that are no names where a value is expected: an attribute of that name is written between double quotes.
const RESERVED: &[&str] = &["and", "or", "like", "between", "in", "is", "div", "null"];
const COMPARISONS: &[&str] = &["=", "<>", "<", "<=", ">", ">="];

/// Reads CQL2 text.
///
/// # Errors
/// `filter-malformed` with the place and what could stand there; `filter-too-deep`; `filter-value`; `filter-geometry`.
pub fn read(text: &str) -> Result<Expr, Fault> {
    let mut reader = Reader { text, tokens: cut(text)?, at: 0, depth: 0 };
    let expr = reader.any()?;
    match reader.peek() {
        Token::End => Ok(expr),
        _ => Err(reader.wants("filter-wants-operator")),
    }
}

/// The words, and how far they have been read.
pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> &Token {
        self.tokens.get(self.at + by).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    pub(super) fn wants(&self, what: &str) -> Fault {
        malformed(self.text, self.tokens.get(self.at).map_or(self.text.len(), |(_, at)| *at), what)
    }

    /// Takes a symbol, if it stands here.
    pub(super) fn takes(&mut self, symbol: &str) -> bool {
        let here = matches!(self.peek(), Token::Symbol(s) if *s == symbol);
        self.at += usize::from(here);
        here
    }

    pub(super) fn must(&mut self, symbol: &str) -> Result<(), Fault> {
        let wants = match symbol {
            "(" => "filter-wants-open",
            _ => "filter-wants-close",
        };
        if self.takes(symbol) { Ok(()) } else { Err(self.wants(wants)) }
    }

    fn is_word(&self, by: usize, word: &str) -> bool {
        matches!(self.ahead(by), Token::Word(w) if w.eq_ignore_ascii_case(word))
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let here = self.is_word(0, word);
        self.at += usize::from(here);
        here
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let done = read(self);
        self.depth -= 1;
        done
    }

    /// Anything: `OR` binds loosest.
    fn any(&mut self) -> Result<Expr, Fault> {
        self.deeper(|reader| {
            let mut parts = vec![reader.all()?];
            while reader.takes_word("or") {
                parts.push(reader.all()?);
            }
            Ok(Expr::joined("or", parts))
        })
    }

    fn all(&mut self) -> Result<Expr, Fault> {
        let mut parts = vec![self.negated()?];
        while self.takes_word("and") {
            parts.push(self.negated()?);
        }
        Ok(Expr::joined("and", parts))
    }

    fn negated(&mut self) -> Result<Expr, Fault> {
        if self.takes_word("not") {
            return self.deeper(|reader| Ok(Expr::not(reader.negated()?)));
        }
        self.compared()
    }

    fn compared(&mut self) -> Result<Expr, Fault> {
        let left = self.sum()?;
        if let Token::Symbol(op) = *self.peek()
            && COMPARISONS.contains(&op)
        {
            self.at += 1;
            return Ok(Expr::call(op, vec![left, self.sum()?]));
        }
        if self.takes_word("is") {
            let not = self.takes_word("not");
            if !self.takes_word("null") {
                return Err(self.wants("filter-wants-null"));
            }
            return Ok(turned(not, Expr::call("isnull", vec![left])));
        }
        let not = self.is_word(0, "not") && ["like", "between", "in"].iter().any(|word| self.is_word(1, word));
        self.at += usize::from(not);
        if self.takes_word("like") {
            let pattern = self.sum()?;
            return Ok(turned(not, Expr::call("like", vec![left, pattern])));
        }
        if self.takes_word("between") {
            let low = self.sum()?;
            if !self.takes_word("and") {
                return Err(self.wants("filter-wants-and"));
            }
            let high = self.sum()?;
            return Ok(turned(not, Expr::call("between", vec![left, low, high])));
        }
        if self.takes_word("in") {
            self.must("(")?;
            let list = self.list()?;
            return Ok(turned(not, Expr::call("in", vec![left, Expr::Array(list)])));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Expr, Fault> {
        self.chain(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Expr, Fault> {
        self.chain(&["*", "/", "%", "div"], Self::power)
    }

    /// `a op b op c`, from the left: each link is one level deeper in the tree.
    fn chain(&mut self, ops: &[&str], part: fn(&mut Self) -> Result<Expr, Fault>) -> Result<Expr, Fault> {
        let mut left = part(self)?;
        let mut links = 0;
        loop {
            let op = ops.iter().find(|op| match self.peek() {
                Token::Symbol(symbol) => symbol == *op,
                Token::Word(word) => word.eq_ignore_ascii_case(op),
                _ => false,
            });
            let Some(op) = op else { return Ok(left) };
            links += 1;
            if links > MAX_DEPTH {
                return Err(too_deep());
            }
            self.at += 1;
            left = Expr::call(op, vec![left, part(self)?]);
        }
    }

    /// `a ^ b`, once: which of `a ^ b ^ c` comes first has to be said with brackets.
    fn power(&mut self) -> Result<Expr, Fault> {
        let base = self.signed()?;
        if !self.takes("^") {
            return Ok(base);
        }
        let power = Expr::call("^", vec![base, self.signed()?]);
        if *self.peek() == Token::Symbol("^") { Err(self.wants("filter-wants-brackets")) } else { Ok(power) }
    }

    fn signed(&mut self) -> Result<Expr, Fault> {
        if self.takes("-") {
            return self.deeper(|reader| Ok(Expr::negative(reader.signed()?)));
        }
        if matches!(self.ahead(1), Token::Number(_)) && self.takes("+") {
            return self.value();
        }
        self.value()
    }

    fn value(&mut self) -> Result<Expr, Fault> {
        let start = self.at;
        let named = *self.ahead(1) == Token::Symbol("(");
        match self.next() {
            Token::Number(x) => Ok(Expr::Number(x)),
            Token::Text(text) => Ok(Expr::Text(text)),
            Token::Quoted(name) if named => self.function(&name),
            Token::Quoted(name) => Ok(Expr::Property(name)),
            Token::Symbol("(") => self.bracketed(),
            Token::Word(word) => {
                let lower = word.to_lowercase();
                if place::is_kind(&lower) && (named || self.marks_place()) {
                    return self.deeper(|reader| place::read_wkt(reader, &lower));
                }
                match lower.as_str() {
                    _ if named => self.function(&word),
                    "true" => Ok(Expr::Bool(true)),
                    "false" => Ok(Expr::Bool(false)),
                    word if RESERVED.contains(&word) || word == "not" => {
                        self.at = start;
                        Err(self.wants("filter-wants-value"))
                    }
                    _ => Ok(Expr::Property(word)),
                }
            }
            _ => {
                self.at = start;
                Err(self.wants("filter-wants-value"))
            }
        }
    }

    /// Whether what follows a geometry's kind is its dimension or emptiness.
    fn marks_place(&self) -> bool {
        ["z", "m", "zm"].iter().any(|mark| self.is_word(0, mark)) && *self.ahead(1) == Token::Symbol("(")
            || self.is_word(0, "empty")
    }

    /// After `(`: something between brackets, or a list.
    fn bracketed(&mut self) -> Result<Expr, Fault> {
        if self.takes(")") {
            return Ok(Expr::Array(Vec::new()));
        }
        let first = self.any()?;
        if self.takes(")") {
            return Ok(first);
        }
        let mut list = vec![first];
        while self.takes(",") {
            list.push(self.any()?);
        }
        self.must(")")?;
        Ok(Expr::Array(list))
    }

    /// After `(`: values up to `)`.
    fn list(&mut self) -> Result<Vec<Expr>, Fault> {
        let mut list = Vec::new();
        if self.takes(")") {
            return Ok(list);
        }
        loop {
            list.push(self.any()?);
            if !self.takes(",") {
                self.must(")")?;
                return Ok(list);
            }
        }
    }

    /// After its name: what a function is applied to.
    fn function(&mut self, name: &str) -> Result<Expr, Fault> {
        self.must("(")?;
        let lower = name.to_lowercase();
        // `('a')` is a list of one where a list is due, and a value between brackets elsewhere.
        let args = if lower.starts_with("a_") {
            self.deeper(|reader| {
                let mut args = Vec::new();
                loop {
                    args.push(if reader.takes("(") { Expr::Array(reader.list()?) } else { reader.any()? });
                    if !reader.takes(",") {
                        reader.must(")")?;
                        return Ok(args);
                    }
                }
            })?
        } else {
            self.list()?
        };
        time::literal(&lower, &args).unwrap_or_else(|| {
            if lower == "bbox" { place::bbox(&args) } else { Ok(Expr::Call(lower.clone(), args.clone())) }
        })
    }
}

fn turned(not: bool, expr: Expr) -> Expr {
    if not { Expr::not(expr) } else { expr }
}
