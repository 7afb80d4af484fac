//! What gives a person away where no kind says so: numbers in a text, and the names of columns.

use crate::kind::all;

/// Parts of names of columns that hold what is personal.
const PARTS: &[&str] = &["电话", "手机", "联系方式", "联系人", "身份证", "姓名", "户主", "银行卡", "微信"];
/// Whole words of such names.
const WORDS: &[&str] = &["phone", "mobile", "tel", "telephone", "idcard", "email", "mail", "wechat", "owner"];

/// Whether a column of this name holds what is personal: what some kind knows to be, or what the name says.
pub fn names_person(column: &str) -> bool {
    let lower = column.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    // The log's own words are no township's columns.
    let mut known = all().iter().filter(|kind| kind.id != "event").flat_map(|kind| &kind.attributes);
    PARTS.iter().any(|part| lower.contains(part))
        || words.any(|word| WORDS.contains(&word))
        || known.any(|attribute| attribute.personal && attribute.answers_to(column))
}

/// Whether a text has a telephone number in it, or an identity card's.
pub fn gives_away(text: &str) -> bool {
    // Most texts are short of it by far.
    if text.len() < 11 {
        return false;
    }
    let mut digits: Vec<u8> = Vec::new();
    let mut groups: Vec<usize> = Vec::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        match digit(c) {
            Some(digit) => digits.push(digit),
            None => {
                let ends = digits.len() - groups.iter().sum::<usize>();
                if ends > 0 {
                    groups.push(ends);
                    let joined = matches!(c, ' ' | '-' | '\u{2010}'..='\u{2014}' | '－');
                    let run = &digits[digits.len() - ends..];
                    if is_telephone(run) || is_card(run, c) || is_grouped(&digits, &groups) {
                        return true;
                    }
                    if joined {
                        continue;
                    }
                }
                digits.clear();
                groups.clear();
            }
        }
    }
    false
}

/// Whether a number is a telephone's or an identity card's, kept as a number.
pub fn number_gives_away(number: i64) -> bool {
    (13_000_000_000..20_000_000_000).contains(&number)
        || (110_000_000_000_000_000..=i64::MAX).contains(&number) && gives_away(&number.to_string())
}

/// A digit, as one types it or in full width.
fn digit(c: char) -> Option<u8> {
    match c {
        '0'..='9' => Some(c as u8 - b'0'),
        '０'..='９' => Some((c as u32 - '０' as u32) as u8),
        _ => None,
    }
}

/// A mobile number, with or without the country before it.
fn is_telephone(run: &[u8]) -> bool {
    let bare = match run {
        [0, 0, 8, 6, rest @ ..] | [8, 6, rest @ ..] if rest.len() == 11 => rest,
        run => run,
    };
    matches!(bare, [1, 3..=9, ..]) && bare.len() == 11
}

/// A number in groups: a mobile one as 138-0013-8000, or one of a town with its area, 0316-2345678.
fn is_grouped(digits: &[u8], groups: &[usize]) -> bool {
    let last = |n: usize| groups.len().checked_sub(n).map(|from| &groups[from..]);
    let tail = |length: usize| &digits[digits.len() - length..];
    last(3).is_some_and(|groups| *groups == [3, 4, 4]) && is_telephone(tail(11))
        || last(2).is_some_and(|groups| {
            matches!(groups, [3 | 4, 7 | 8]) && matches!(tail(groups.iter().sum()), [0, 1..=9, ..])
        })
}

/// A citizen's identity number: six digits of a place, a day of birth, three more, and a check digit that may be X.
fn is_card(run: &[u8], next: char) -> bool {
    let whole = run.len() == 18 || run.len() == 17 && matches!(next, 'X' | 'x' | 'Ｘ');
    let number = |from: usize, to: usize| run[from..to].iter().fold(0_u32, |n, &digit| n * 10 + u32::from(digit));
    whole
        && (1..=8).contains(&run[0])
        && (1900..=2100).contains(&number(6, 10))
        && (1..=12).contains(&number(10, 12))
        && (1..=31).contains(&number(12, 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_and_identity_cards_are_seen_wherever_they_stand() {
        for text in [
            "13911110001",
            "找老王 13911110001 问",
            "+86 139 1111 0001",
            "8613911110001",
            "139-1111-0001",
            "１３９１１１１０００１",
            "电话0316-2345678",
            "010 12345678",
            "11010519800101001X",
            "身份证：110105198001010011。",
            "0316-2345678 13911110001",
        ] {
            assert!(gives_away(text), "{text}");
        }
    }

    #[test]
    fn codes_amounts_and_days_are_not() {
        for text in [
            "120119107201",
            "1201191072011234567",
            "110105199913010011",
            "2026-11-22 13:45:10",
            "2026-11-22T13:45:10.123456Z",
            "K12+300",
            "91120225MA05XXXX1Y",
            "139111100012",
            "23911110001",
            "117.5037123 39.6041357",
            "",
        ] {
            assert!(!gives_away(text), "{text}");
        }
        assert!(number_gives_away(13_911_110_001) && number_gives_away(110_105_198_001_010_011));
        assert!(!number_gives_away(1_391_111_000) && !number_gives_away(120_119_107_201));
    }

    #[test]
    fn a_column_is_known_by_what_townships_call_it() {
        for column in ["紧急联系电话", "法人姓名", "户主姓名", "Phone", "contact_phone", "身份证号", "经营者"]
        {
            assert!(names_person(column), "{column}");
        }
        for column in ["面积", "备注", "hotel", "说明", "所在村", "名称", "编号"] {
            assert!(!names_person(column), "{column}");
        }
    }
}
