//! Three truth values: true, false, and unknown (None), as SQL and CQL2 have them.

/// Whether all hold: one that does not settles it, one unknown leaves it open.
pub fn all(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

/// Whether any holds: one that does settles it, one unknown leaves it open.
pub fn any(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    not(all(parts.into_iter().map(not)))
}

/// Whether it does not hold.
pub fn not(part: Option<bool>) -> Option<bool> {
    part.map(|held| !held)
}
