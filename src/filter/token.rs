//! The words of CQL2 text.

use crate::fault::Fault;
use crate::text::{Lang, Title};

/// A word of CQL2 text.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A keyword, a name of a function or attribute, as it was written.
    Word(String),
    /// A name between double quotes.
    Quoted(String),
    /// Text between single quotes.
    Text(String),
    /// A number without its sign.
    Number(f64),
    /// One of `( ) , + - * / % ^ = <> < > <= >=`.
    Symbol(&'static str),
    /// Nothing more.
    End,
}

/// Longest first, so that `<=` is not read as `<`. `!=` is not the standard's, but everybody's, and means one thing only.
const SYMBOLS: &[(&str, &str)] = &[
    ("<>", "<>"),
    ("!=", "<>"),
    ("<=", "<="),
    (">=", ">="),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("(", "("),
    (")", ")"),
    (",", ","),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("%", "%"),
    ("^", "^"),
];

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

fn goes_on(c: char) -> bool {
    begins_word(c) || c.is_numeric() || matches!(c, '.' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// Refuses text that cannot be read on at byte `at`; `wants` is the key of what could stand there (`filter-wants-…`).
pub fn malformed(text: &str, at: usize, wants: &str) -> Fault {
    let (before, rest) = text.split_at(at.min(text.len()));
    let wanted = Title::of(wants);
    let mut near: String = rest.chars().take(24).collect();
    if near.is_empty() {
        near = "…".to_owned();
    }
    Fault::invalid("filter-malformed")
        .with("parameter", "filter")
        .with("at", before.chars().count() + 1)
        .with("value", near)
        .with("wants-zh", wanted.get(Lang::Zh))
        .with("wants-en", wanted.get(Lang::En))
}

/// Cuts text into words, each with the byte at which it begins.
///
/// # Errors
/// `filter-malformed`.
pub fn cut(text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '\'' {
            let (inner, length) = quoted(rest, '\'').ok_or_else(|| malformed(text, at, "filter-wants-quote"))?;
            (Token::Text(inner), length)
        } else if c == '"' {
            let (inner, length) = quoted(rest, '"').ok_or_else(|| malformed(text, at, "filter-wants-quote"))?;
            (Token::Quoted(inner), length)
        } else if begins_word(c) {
            let length = rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
            (Token::Word(rest[..length].to_owned()), length)
        } else if c.is_ascii_digit() || c == '.' {
            let length = number(rest);
            let number = rest[..length].parse().ok().filter(|x: &f64| x.is_finite());
            (Token::Number(number.ok_or_else(|| malformed(text, at, "filter-wants-value"))?), length)
        } else {
            let known = SYMBOLS.iter().find(|(written, _)| rest.starts_with(written));
            let (written, symbol) = known.ok_or_else(|| malformed(text, at, "filter-wants-value"))?;
            (Token::Symbol(symbol), written.len())
        };
        tokens.push((token, at));
        at += length;
    }
    tokens.push((Token::End, text.len()));
    Ok(tokens)
}

/// What stands between quotes at the beginning of `rest`, and how long it is with them. A quote within is written twice, or,
/// in text, after a backslash (the standard's `escapeQuote`); any other backslash stands for itself.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        let twice = c == quote && next == Some(quote);
        let escaped = quote == '\'' && c == '\\' && next == Some(quote) && rest[at + 2..].contains(quote);
        if twice || escaped {
            chars.next();
            inner.push(quote);
        } else if c == quote {
            return Some((inner, at + 1));
        } else {
            inner.push(c);
        }
    }
    None
}

/// How long the unsigned number at the beginning of `rest` is: `12`, `12.`, `.5`, `1.5e-3`.
fn number(rest: &str) -> usize {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(0);
    if rest[length..].starts_with('.') {
        length += 1;
        length += digits(length);
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let power = digits(length + 1 + sign);
        if power > 0 {
            length += 1 + sign + power;
        }
    }
    length
}
