//! The spelling of a chainage: `K12+300`.

/// Reads a chainage, in metres: `K12+300`, `12+300.5`, `K-0+050`, or kilometres as road registers have them (`12.3`, `K12`).
pub fn parse(text: &str) -> Option<f64> {
    let plain = text.trim().replace('＋', "+").replace('Ｋ', "K");
    let plain = plain.strip_prefix(['K', 'k']).unwrap_or(&plain);
    let (sign, plain) = plain.strip_prefix('-').map_or((1.0, plain), |rest| (-1.0, rest));
    let number = |text: &str| -> Option<f64> {
        let digits =
            text.chars().all(|c| c.is_ascii_digit() || c == '.') && text.starts_with(|c: char| c.is_ascii_digit());
        text.parse().ok().filter(|_| digits)
    };
    let metres = match plain.split_once('+') {
        Some((km, m)) => {
            let (km, m) = (number(km).filter(|_| !km.contains('.'))?, number(m)?);
            // A stone every kilometre: beyond 999 m the next one counts.
            Some(km * 1000.0 + m).filter(|_| m < 1000.0)?
        }
        None => number(plain)? * 1000.0,
    };
    (metres < 1e8).then_some(sign * metres)
}

/// Spells a chainage with so many decimals of a metre at the most; noughts at the end are left out.
pub fn spell(metres: f64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let all = (metres.abs() * scale as f64).round() as u64;
    let (km, m, rest) = (all / (1000 * scale), all / scale % 1000, all % scale);
    let sign = if metres < 0.0 && all > 0 { "-" } else { "" };
    let tail = if rest == 0 { String::new() } else { format!(".{rest:0width$}", width = decimals as usize) };
    format!("K{sign}{km}+{m:03}{}", tail.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chainage_is_read_as_registers_and_people_write_it() {
        for (text, metres) in [
            ("K12+300", 12_300.0),
            (" k12+300.5 ", 12_300.5),
            ("12+300", 12_300.0),
            ("Ｋ12＋300", 12_300.0),
            ("12.3", 12_300.0),
            ("K12", 12_000.0),
            ("K0+000", 0.0),
            ("K-0+050", -50.0),
            ("K12+5", 12_005.0),
        ] {
            assert_eq!(parse(text), Some(metres), "{text}");
        }
        for text in [
            "",
            "K",
            "K12+",
            "+300",
            "K12+1000",
            "K1.5+300",
            "K12+3a",
            "G112",
            "K12+-5",
            "K1e3",
            "12 300",
            "K999999+000",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_chainage_is_spelled_in_one_way() {
        assert_eq!(spell(12_300.0, 0), "K12+300");
        assert_eq!(spell(999.96, 1), "K1+000");
        assert_eq!(spell(12_300.25, 3), "K12+300.25");
        assert_eq!(spell(7.0, 3), "K0+007");
        assert_eq!(spell(-50.0, 0), "K-0+050");
        assert_eq!(spell(-0.01, 1), "K0+000");
        for metres in [0.0, 12_300.0, 999.999, -50.0, 1_234_567.891] {
            assert_eq!(parse(&spell(metres, 3)), Some(metres));
        }
    }
}
