//! Random filters, each in CQL2 and in SQL for PostGIS, and the features that they are asked of. The SQL is written here, by the
//! test: nothing of the house writes any.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect, coord};
use wkt::ToWkt;

use crate::api::differential::Dice;

/// A filter, twice.
#[derive(Clone)]
pub struct Question {
    pub cql: String,
    pub sql: String,
}

fn both(cql: impl Into<String>, sql: impl Into<String>) -> Question {
    Question { cql: cql.into(), sql: sql.into() }
}

/// Words in which everything is that trips comparisons up.
pub const WORDS: &[&str] = &[
    "",
    "a",
    "A",
    "ab",
    "aB",
    "a%b",
    "a_b",
    r"a\b",
    "O'Brien",
    "李庄",
    "李家庄",
    "éclair",
    "Eclair",
    "ECLAIR",
    "Ünal",
    "unal",
    "zz",
    " a",
    "a ",
];
const PATTERNS: &[&str] =
    &["%", "_%", "a%", "%b", "_", "__", r"a\%b", r"a\_b", r"a\\b", "%李%", "李_庄", "É%", "", "%a%", r"%\%%"];
pub const DAYS: &[&str] = &["2026-02-28", "2026-03-01", "2026-09-29", "2026-09-30", "2026-10-01"];
/// Instants about the midnights of Shanghai.
const INSTANTS: &[&str] =
    &["2026-09-29T15:59:59Z", "2026-09-29T16:00:00Z", "2026-09-30T00:00:00+08:00", "2026-02-28T23:59:59Z"];

fn pick<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    of[dice.one_of(of.len())]
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A place on a grid of 1/64 degree, which both sides hold exactly: so borders touch and points lie on lines.
fn node(dice: &mut Dice) -> Coord<f64> {
    coord! { x: 117.5 + dice.one_of(9) as f64 / 64.0, y: 39.5 + dice.one_of(9) as f64 / 64.0 }
}

fn line(dice: &mut Dice) -> LineString<f64> {
    loop {
        let nodes: Vec<Coord<f64>> = (0..2 + dice.one_of(3)).map(|_| node(dice)).collect();
        if nodes.windows(2).all(|pair| pair[0] != pair[1]) {
            return LineString(nodes);
        }
    }
}

fn rect(dice: &mut Dice) -> Rect<f64> {
    loop {
        let (a, b) = (node(dice), node(dice));
        if a.x != b.x && a.y != b.y {
            return Rect::new(a, b);
        }
    }
}

fn polygon(dice: &mut Dice) -> Polygon<f64> {
    match dice.one_of(3) {
        0 => loop {
            let [a, b, c] = [node(dice), node(dice), node(dice)];
            if (b.x - a.x) * (c.y - a.y) != (c.x - a.x) * (b.y - a.y) {
                return Polygon::new(LineString(vec![a, b, c, a]), Vec::new());
            }
        },
        1 => rect(dice).to_polygon(),
        _ => {
            // A courtyard: a hole that keeps a quarter of the way from every side.
            let outer = rect(dice);
            let (w, h) = (outer.width() / 4.0, outer.height() / 4.0);
            let (low, high) = (outer.min(), outer.max());
            let hole = Rect::new((low.x + w, low.y + h), (high.x - w, high.y - h)).to_polygon();
            Polygon::new(outer.to_polygon().exterior().clone(), vec![hole.exterior().clone()])
        }
    }
}

/// A geometry of any kind, valid.
pub fn geometry(dice: &mut Dice) -> Geometry<f64> {
    match dice.one_of(8) {
        0 | 1 => Point(node(dice)).into(),
        2 => line(dice).into(),
        3 | 4 => polygon(dice).into(),
        5 => MultiPoint((0..1 + dice.one_of(3)).map(|_| Point(node(dice))).collect()).into(),
        6 => MultiLineString((0..1 + dice.one_of(2)).map(|_| line(dice)).collect()).into(),
        _ => {
            // Two that stand apart.
            let one = polygon(dice);
            let far = geo::Translate::translate(&polygon(dice), 0.25, 0.0);
            MultiPolygon(vec![one, far]).into()
        }
    }
}

/// A geometry as CQL2 and as SQL.
pub fn written(geometry: &Geometry<f64>) -> Question {
    let wkt = geometry.wkt_string();
    both(wkt.clone(), format!("ST_GeomFromText('{wkt}', 4326)"))
}

fn place(dice: &mut Dice) -> Question {
    if dice.one_of(4) > 0 {
        return written(&geometry(dice));
    }
    let (low, high) = {
        let rect = rect(dice);
        (rect.min(), rect.max())
    };
    let edges = format!("{}, {}, {}, {}", low.x, low.y, high.x, high.y);
    both(format!("BBOX({edges})"), format!("ST_MakeEnvelope({edges}, 4326)"))
}

fn number(dice: &mut Dice, depth: usize) -> Question {
    let constant = |dice: &mut Dice| {
        let x = (dice.one_of(25) as f64 - 12.0) / 2.0;
        both(format!("{x}"), format!("({x})::float8"))
    };
    match dice.one_of(if depth == 0 { 3 } else { 6 }) {
        0 => constant(dice),
        1 => both("n", "n::float8"),
        2 => both("x", "x"),
        _ => {
            let (a, b) = (number(dice, depth - 1), number(dice, depth - 1));
            let (op, sql) = match dice.one_of(7) {
                0 => ("+", format!("({} + {})", a.sql, b.sql)),
                1 => ("-", format!("({} - {})", a.sql, b.sql)),
                2 => ("*", format!("({} * {})", a.sql, b.sql)),
                3 => ("/", format!("({} / NULLIF({}, 0))", a.sql, b.sql)),
                4 => ("div", format!("trunc({} / NULLIF({}, 0))", a.sql, b.sql)),
                5 => ("%", format!("remains({}, {})", a.sql, b.sql)),
                _ => ("^", format!("raised({}, {})", a.sql, b.sql)),
            };
            both(format!("({} {op} {})", a.cql, b.cql), sql)
        }
    }
}

fn text(dice: &mut Dice) -> (Question, [&'static str; 2]) {
    let column = if dice.one_of(5) == 0 { "id" } else { "name" };
    match dice.one_of(4) {
        0 => (both(format!("CASEI({column})"), format!("lower({column})")), ["CASEI", "lower"]),
        1 => (both(format!("ACCENTI({column})"), format!("unaccent({column})")), ["ACCENTI", "unaccent"]),
        _ => (both(column, column), ["", ""]),
    }
}

fn time(dice: &mut Dice) -> Question {
    match dice.one_of(4) {
        0 => both("d1", "d1"),
        1 => both("d2", "d2"),
        2 => {
            let at = pick(dice, INSTANTS);
            both(format!("TIMESTAMP('{at}')"), format!("('{at}'::timestamptz AT TIME ZONE 'Asia/Shanghai')::date"))
        }
        _ => {
            let day = pick(dice, DAYS);
            both(format!("DATE('{day}')"), format!("DATE '{day}'"))
        }
    }
}

/// An interval: as CQL2, and its two ends as SQL.
fn interval(dice: &mut Dice) -> (String, String, String) {
    let (cql, from, to) = match dice.one_of(5) {
        0 => ("d1, d2".to_owned(), "d1".to_owned(), "d2".to_owned()),
        1 => {
            let day = pick(dice, DAYS);
            (format!("'..', '{day}'"), "DATE '-infinity'".to_owned(), format!("DATE '{day}'"))
        }
        2 => {
            let day = pick(dice, DAYS);
            (format!("'{day}', '..'"), format!("DATE '{day}'"), "DATE 'infinity'".to_owned())
        }
        3 => {
            let day = pick(dice, DAYS);
            return (format!("DATE('{day}')"), format!("DATE '{day}'"), format!("DATE '{day}'"));
        }
        _ => {
            let (a, b) = (pick(dice, DAYS), pick(dice, DAYS));
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            (format!("'{a}', '{b}'"), format!("DATE '{a}'"), format!("DATE '{b}'"))
        }
    };
    (format!("INTERVAL({cql})"), from, to)
}

fn temporal(dice: &mut Dice) -> Question {
    let ((a, a0, a1), (b, b0, b1)) = (interval(dice), interval(dice));
    let (name, sql) = match dice.one_of(15) {
        0 => ("T_AFTER", format!("{a0} > {b1}")),
        1 => ("T_BEFORE", format!("{a1} < {b0}")),
        2 => ("T_CONTAINS", format!("{a0} < {b0} AND {a1} > {b1}")),
        3 => ("T_DISJOINT", format!("{a0} > {b1} OR {a1} < {b0}")),
        4 => ("T_DURING", format!("{a0} > {b0} AND {a1} < {b1}")),
        5 => ("T_EQUALS", format!("{a0} = {b0} AND {a1} = {b1}")),
        6 => ("T_FINISHEDBY", format!("{a0} < {b0} AND {a1} = {b1}")),
        7 => ("T_FINISHES", format!("{a0} > {b0} AND {a1} = {b1}")),
        8 => ("T_INTERSECTS", format!("{a0} <= {b1} AND {a1} >= {b0}")),
        9 => ("T_MEETS", format!("{a1} = {b0}")),
        10 => ("T_METBY", format!("{a0} = {b1}")),
        11 => ("T_OVERLAPPEDBY", format!("{a0} > {b0} AND {a0} < {b1} AND {a1} > {b1}")),
        12 => ("T_OVERLAPS", format!("{a0} < {b0} AND {a1} > {b0} AND {a1} < {b1}")),
        13 => ("T_STARTEDBY", format!("{a0} = {b0} AND {a1} > {b1}")),
        _ => ("T_STARTS", format!("{a0} = {b0} AND {a1} < {b1}")),
    };
    both(format!("{name}({a}, {b})"), format!("({sql})"))
}

fn spatial(dice: &mut Dice) -> Question {
    let relations = ["Intersects", "Equals", "Disjoint", "Touches", "Within", "Overlaps", "Crosses", "Contains"];
    let name = relations[dice.one_of(8)];
    let other = place(dice);
    let cql = name.to_uppercase();
    if dice.one_of(4) == 0 {
        return both(format!("S_{cql}({}, geom)", other.cql), format!("ST_{name}({}, geom)", other.sql));
    }
    both(format!("S_{cql}(geom, {})", other.cql), format!("ST_{name}(geom, {})", other.sql))
}

fn array(dice: &mut Dice) -> Question {
    let list =
        |dice: &mut Dice| -> Vec<String> { (0..1 + dice.one_of(3)).map(|_| quoted(pick(dice, WORDS))).collect() };
    let (left, right) = (list(dice), list(dice));
    // An attribute among them: null is then a value that is not known, which SQL's arrays are not asked about.
    let (a, b) = (format!("name, {}", left.join(", ")), right.join(", "));
    let (sql_a, sql_b) = (format!("ARRAY[name, {}]", left.join(", ")), format!("ARRAY[{b}]::text[]"));
    let (name, sql) = match dice.one_of(3) {
        0 => ("A_CONTAINS", format!("({sql_a} @> {sql_b})")),
        1 => ("A_CONTAINEDBY", format!("({sql_a} <@ {sql_b})")),
        _ => ("A_OVERLAPS", format!("({sql_a} && {sql_b})")),
    };
    both(format!("(name IS NOT NULL AND {name}(({a}), ({b})))"), format!("(name IS NOT NULL AND {sql})"))
}

/// Something that holds or not; `near` has distances to ask for.
fn atom(dice: &mut Dice, near: &[Question]) -> Question {
    let op = ["=", "<>", "<", "<=", ">", ">="][dice.one_of(6)];
    match dice.one_of(14) {
        0 | 1 => {
            let (a, b) = (number(dice, 2), number(dice, 1));
            both(format!("{} {op} {}", a.cql, b.cql), format!("{} {op} {}", a.sql, b.sql))
        }
        2 => {
            let (one, [fold, sql]) = text(dice);
            let word = quoted(pick(dice, WORDS));
            both(format!("{} {op} {fold}({word})", one.cql), format!("{} {op} {sql}({word})", one.sql))
        }
        3 => {
            let (one, [fold, sql]) = text(dice);
            let (pattern, not) = (quoted(pick(dice, PATTERNS)), ["", "NOT "][dice.one_of(2)]);
            both(format!("{} {not}LIKE {fold}({pattern})", one.cql), format!("{} {not}LIKE {sql}({pattern})", one.sql))
        }
        4 => {
            let words: Vec<String> = (0..1 + dice.one_of(12)).map(|_| quoted(pick(dice, WORDS))).collect();
            let not = ["", "NOT "][dice.one_of(2)];
            let list = words.join(", ");
            both(format!("name {not}IN ({list})"), format!("name {not}IN ({list})"))
        }
        5 => {
            let (a, b) = (number(dice, 0), number(dice, 1));
            both(format!("x IN ({}, {}, 2)", a.cql, b.cql), format!("x IN ({}, {}, 2)", a.sql, b.sql))
        }
        6 => {
            let [a, b, c] = [number(dice, 1), number(dice, 1), number(dice, 1)];
            let not = ["", "NOT "][dice.one_of(2)];
            both(
                format!("{} {not}BETWEEN {} AND {}", a.cql, b.cql, c.cql),
                format!("{} {not}BETWEEN {} AND {}", a.sql, b.sql, c.sql),
            )
        }
        7 => {
            let (a, b) = (time(dice), time(dice));
            both(format!("{} {op} {}", a.cql, b.cql), format!("{} {op} {}", a.sql, b.sql))
        }
        8 => temporal(dice),
        9 => match dice.one_of(5) {
            0 => both("flag", "flag"),
            1 => both("flag = FALSE", "flag = FALSE"),
            2 => both("geom IS NULL", "geom IS NULL"),
            3 => both("n IS NOT NULL", "n IS NOT NULL"),
            _ => both("x / n IS NULL", "x / NULLIF(n::float8, 0) IS NULL"),
        },
        10 => array(dice),
        11 => near[dice.one_of(near.len())].clone(),
        _ => spatial(dice),
    }
}

/// A filter of any shape.
pub fn question(dice: &mut Dice, near: &[Question], depth: usize) -> Question {
    if depth == 0 || dice.one_of(3) == 0 {
        let one = atom(dice, near);
        // Whatever binds how in either language, brackets settle it.
        return both(one.cql, format!("({})", one.sql));
    }
    if dice.one_of(4) == 0 {
        let one = question(dice, near, depth - 1);
        return both(format!("NOT ({})", one.cql), format!("NOT {}", one.sql));
    }
    let op = [" AND ", " OR "][dice.one_of(2)];
    let parts: Vec<Question> = (0..2 + dice.one_of(2)).map(|_| question(dice, near, depth - 1)).collect();
    let cql: Vec<String> = parts.iter().map(|part| format!("({})", part.cql)).collect();
    let sql: Vec<&str> = parts.iter().map(|part| part.sql.as_str()).collect();
    both(cql.join(op), format!("({})", sql.join(op)))
}
