//! Text compared without its capitals (`CASEI`) or without its accents (`ACCENTI`), and patterns (`LIKE`).

use unicode_normalization::UnicodeNormalization;

use crate::fault::Fault;

/// A way in which text is made alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Unicode's full case folding: `Straße` is `STRASSE`, a final sigma is a sigma.
    Case,
    /// Latin, Greek and Cyrillic letters without their marks: `débárquér` is `debarquer`. The marks of kana and of Indic
    /// scripts are letters' own and stay.
    Accents,
}

impl Fold {
    /// The text made alike.
    pub fn apply(self, text: &str) -> String {
        match self {
            // Up and down again folds as CaseFolding.txt does, but for the dotless ı, which folds into nothing else.
            Self::Case => text.chars().flat_map(case).collect(),
            Self::Accents => text.nfd().filter(|c| !is_accent(*c)).nfc().collect(),
        }
    }
}

fn case(c: char) -> impl Iterator<Item = char> {
    let keep = c == 'ı';
    let folded = c.to_uppercase().flat_map(char::to_lowercase).filter(move |_| !keep);
    folded.chain(keep.then_some(c))
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// A pattern of `LIKE`: `%` stands for any run of characters, `_` for any one, `\` takes the next as it is.
#[derive(Debug)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    Run,
    One,
    This(char),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `filter-pattern` for a backslash with nothing behind it.
    pub fn new(text: &str) -> Result<Self, Fault> {
        let mut pieces = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let piece =
                match c {
                    '%' => Piece::Run,
                    '_' => Piece::One,
                    '\\' => Piece::This(chars.next().ok_or_else(|| {
                        Fault::invalid("filter-pattern").with("parameter", "filter").with("value", text)
                    })?),
                    c => Piece::This(c),
                };
            if piece != Piece::Run || pieces.last() != Some(&Piece::Run) {
                pieces.push(piece);
            }
        }
        Ok(Self(pieces))
    }

    /// Whether a text is of it: in time of its length by the pattern's at the most, for only the last run is tried again.
    pub fn matches(&self, text: &str) -> bool {
        let pieces = &self.0;
        let (mut at, mut rest) = (0, text);
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let mut chars = rest.chars();
            let first = chars.next();
            match (pieces.get(at), first) {
                (Some(Piece::Run), _) => {
                    at += 1;
                    retry = Some((at, rest));
                    continue;
                }
                (Some(Piece::One), Some(_)) => {
                    at += 1;
                    rest = chars.as_str();
                    continue;
                }
                (Some(Piece::This(wanted)), Some(c)) if *wanted == c => {
                    at += 1;
                    rest = chars.as_str();
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            let Some((from, begun)) = retry else { return false };
            let mut chars = begun.chars();
            if chars.next().is_none() {
                return false;
            }
            rest = chars.as_str();
            at = from;
            retry = Some((from, rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_sql_has_them() {
        let like = |text: &str, pattern: &str| Pattern::new(pattern).unwrap().matches(text);
        assert!(like("李庄养殖场", "李%场"));
        assert!(like("李庄", "_庄"));
        assert!(!like("李庄", "_"));
        assert!(like("100%", r"100\%") && !like("1000", r"100\%"));
        assert!(like("", "%") && !like("", "_"));
        assert!(like("aXbXc", "%X%c") && !like("aXbXd", "%X%c"));
        assert!(like("abcabd", "%ab_") && like("mississippi", "%iss%ip%"));
        assert!(Pattern::new(r"a\").is_err());
        // What would take for ever to a matcher that tries every split.
        assert!(!like(&"a".repeat(2_000), &"%a".repeat(40).replace("%a%", "%a_%").replacen('a', "b", 1)));
    }

    #[test]
    fn folding_makes_alike_what_people_hold_for_the_same() {
        assert_eq!(Fold::Case.apply("Straße"), Fold::Case.apply("STRASSE"));
        assert_eq!(Fold::Case.apply("Οδος"), Fold::Case.apply("ΟΔΟΣ"));
        assert_ne!(Fold::Case.apply("ı"), Fold::Case.apply("i"));
        assert_eq!(Fold::Accents.apply("débárquér"), "debarquer");
        assert_eq!(Fold::Accents.apply("が"), "が");
        assert_eq!(Fold::Accents.apply("李庄"), "李庄");
    }
}
