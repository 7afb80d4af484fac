//! The functions and predicates that a filter may use, declared: `GET /functions` and the faults are read off this list.

/// What a function is applied to.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name; the words for it stand in `maps/text` under `function-argument-<name>`.
    pub name: &'static str,
    /// The types that it may have, as Part 3's functions resource names them.
    pub types: &'static [&'static str],
}

/// A function.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name in CQL2 text; JSON has it in lower case. The words for it stand in `maps/text` under `function-<name>`.
    pub name: &'static str,
    /// What it is applied to.
    pub arguments: &'static [Argument],
    /// The type of what comes of it.
    pub returns: &'static str,
}

/// How `S_DWITHIN` is written.
pub const DWITHIN_USAGE: &str = "S_DWITHIN(geom, POINT(117.5 39.6), 500)";

const GEOMETRY: &[&str] = &["geometry"];
const TEXT: &[&str] = &["string"];

/// The functions: those of CQL2's classes that are functions of values, and our own.
pub const ALL: &[Function] = &[
    Function {
        name: "S_DWITHIN",
        arguments: &[
            Argument { name: "geometry1", types: GEOMETRY },
            Argument { name: "geometry2", types: GEOMETRY },
            Argument { name: "metres", types: &["number"] },
        ],
        returns: "boolean",
    },
    Function { name: "CASEI", arguments: &[Argument { name: "text", types: TEXT }], returns: "string" },
    Function { name: "ACCENTI", arguments: &[Argument { name: "text", types: TEXT }], returns: "string" },
];

/// The predicates of the standard, with how many sides they have (0: any number), and how they are written.
const PREDICATES: &[(&str, usize, &str)] = &[
    ("and", 0, "a AND b"),
    ("or", 0, "a OR b"),
    ("not", 1, "NOT a"),
    ("=", 2, "a = b"),
    ("<>", 2, "a <> b"),
    ("<", 2, "a < b"),
    ("<=", 2, "a <= b"),
    (">", 2, "a > b"),
    (">=", 2, "a >= b"),
    ("isnull", 1, "a IS NULL"),
    ("between", 3, "a BETWEEN b AND c"),
    ("in", 2, "a IN (b, c)"),
    ("like", 2, "a LIKE 'b%'"),
    ("s_dwithin", 3, DWITHIN_USAGE),
    ("s_intersects", 2, "S_INTERSECTS(geom, POINT(117.5 39.6))"),
    ("s_equals", 2, "S_EQUALS(geom, POINT(117.5 39.6))"),
    ("s_disjoint", 2, "S_DISJOINT(geom, BBOX(117, 39, 118, 40))"),
    ("s_touches", 2, "S_TOUCHES(geom, LINESTRING(117 39, 118 40))"),
    ("s_within", 2, "S_WITHIN(geom, BBOX(117, 39, 118, 40))"),
    ("s_overlaps", 2, "S_OVERLAPS(geom, BBOX(117, 39, 118, 40))"),
    ("s_crosses", 2, "S_CROSSES(geom, LINESTRING(117 39, 118 40))"),
    ("s_contains", 2, "S_CONTAINS(geom, POINT(117.5 39.6))"),
    ("a_equals", 2, "A_EQUALS((a, b), ('x', 'y'))"),
    ("a_contains", 2, "A_CONTAINS((a, b), ('x', 'y'))"),
    ("a_containedby", 2, "A_CONTAINEDBY((a, b), ('x', 'y'))"),
    ("a_overlaps", 2, "A_OVERLAPS((a, b), ('x', 'y'))"),
];

/// How each of Allen's relations is written.
const TEMPORAL_USAGE: &str = "T_…(a, INTERVAL('2026-09-01', '2026-09-30'))";

fn predicate(op: &str) -> Option<(usize, &'static str)> {
    if super::time::Temporal::named(op).is_some() {
        return Some((2, TEMPORAL_USAGE));
    }
    PREDICATES.iter().find(|(name, ..)| *name == op).map(|(_, sides, usage)| (*sides, *usage))
}

/// Whether something holds by it.
pub fn is_predicate(op: &str) -> bool {
    predicate(op).is_some()
}

/// Whether it can be applied to so many.
pub fn takes(op: &str, args: usize) -> bool {
    predicate(op).is_some_and(|(sides, _)| if sides == 0 { args > 0 } else { args == sides })
}

/// How it is written.
pub fn usage(op: &str) -> &'static str {
    predicate(op).map_or("", |(_, usage)| usage)
}

/// The names of all that is there, for faults.
pub fn known() -> String {
    let own = ALL.iter().map(|function| function.name.to_owned());
    let named =
        PREDICATES.iter().map(|(name, ..)| *name).chain(super::time::Temporal::ALL.iter().map(|(name, _)| *name));
    let rest = named.filter(|name| name.contains('_') && *name != "s_dwithin").map(str::to_uppercase);
    own.chain(rest).collect::<Vec<_>>().join(", ")
}
