//! Coordinates that stand in the columns of a sheet.

use crate::import::value;

/// Which columns hold the coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// East and north apart.
    Two {
        /// Longitude, or easting.
        x: usize,
        /// Latitude, or northing.
        y: usize,
    },
    /// Both in one, `117.30,39.70`.
    One(usize),
}

const EAST: [&str; 14] = [
    "经度",
    "东经",
    "lon",
    "lng",
    "long",
    "longitude",
    "x",
    "x坐标",
    "坐标x",
    "东坐标",
    "easting",
    "gps经度",
    "中心经度",
    "point_x",
];
const NORTH: [&str; 13] = [
    "纬度",
    "北纬",
    "lat",
    "latitude",
    "y",
    "y坐标",
    "坐标y",
    "北坐标",
    "northing",
    "gps纬度",
    "中心纬度",
    "point_y",
    "wd",
];
const BOTH: [&str; 9] =
    ["坐标", "经纬度", "经纬度坐标", "位置坐标", "gps坐标", "lnglat", "coordinates", "coordinate", "地理坐标"];

/// A column's name without what stands in brackets behind it, and without blanks.
fn bare(name: &str) -> String {
    let name = name.split(['(', '（', '[']).next().unwrap_or(name);
    name.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

impl Columns {
    /// Finds them by their names.
    pub fn find(names: &[String]) -> Option<Self> {
        let of = |list: &[&str]| names.iter().position(|name| list.contains(&bare(name).as_str()));
        match (of(&EAST), of(&NORTH), of(&BOTH)) {
            (Some(x), Some(y), _) => Some(Self::Two { x, y }),
            (_, _, Some(both)) => Some(Self::One(both)),
            _ => None,
        }
    }

    /// Whether it is one of them.
    pub fn has(self, column: usize) -> bool {
        match self {
            Self::Two { x, y } => column == x || column == y,
            Self::One(both) => column == both,
        }
    }
}

/// One coordinate: `117.3012`, `117°18′4.3″`, `东经117°18.07′`.
pub fn coordinate(text: &str) -> Option<f64> {
    let text = value::narrow(text);
    let south_or_west = text.contains(['S', 's', 'W', 'w', '南', '西']);
    let bare = text.trim_matches(|c: char| !c.is_ascii_digit() && c != '-' && c != '+' && c != '.' && !marks(c));
    if let Ok(x) = bare.parse::<f64>() {
        return x.is_finite().then_some(if south_or_west { -x.abs() } else { x });
    }
    let parts: Vec<&str> = bare.split(marks).map(str::trim).filter(|part| !part.is_empty()).collect();
    if !bare.contains(marks) || parts.is_empty() || parts.len() > 3 {
        return None;
    }
    let mut degrees = 0.0;
    for (part, size) in parts.iter().zip([1.0, 60.0, 3600.0]) {
        let x: f64 = part.parse().ok().filter(|x: &f64| x.is_finite())?;
        if size > 1.0 && !(0.0..60.0).contains(&x) {
            return None;
        }
        degrees += x / size;
    }
    Some(if south_or_west { -degrees } else { degrees })
}

fn marks(c: char) -> bool {
    matches!(c, '°' | '度' | '\'' | '′' | '’' | '分' | '"' | '″' | '”' | '秒')
}

/// Two coordinates in one text, longitude first unless only the second can be one.
pub fn pair(text: &str) -> Option<[f64; 2]> {
    let text = value::narrow(text);
    let mut parts = text.split([',', ';', '、', ' ', '/']).map(str::trim).filter(|part| !part.is_empty());
    let (a, b) = (coordinate(parts.next()?)?, coordinate(parts.next()?)?);
    if parts.next().is_some() {
        return None;
    }
    Some(if a.abs() <= 90.0 && b.abs() > 90.0 && b.abs() <= 180.0 { [b, a] } else { [a, b] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_read_as_ledgers_write_them() {
        let near = |text: &str, wanted: f64| {
            let found = coordinate(text).unwrap_or(f64::NAN);
            assert!((found - wanted).abs() < 1e-9, "{text}: {found}");
        };
        near("117.3012", 117.3012);
        near("１１７．３０１２", 117.3012);
        near("117°18′36″", 117.31);
        near("东经117度18分36秒", 117.31);
        near("E117.5", 117.5);
        near("39°30'N", 39.5);
        near("-39.5", -39.5);
        for bad in ["", "无", "117°61′", "1e999", "abc"] {
            assert_eq!(coordinate(bad), None, "{bad}");
        }
        assert_eq!(pair("117.3，39.7"), Some([117.3, 39.7]));
        assert_eq!(pair("39.7,117.3"), Some([117.3, 39.7]));
        assert_eq!(pair("117.3"), None);
    }

    #[test]
    fn a_column_is_known_by_its_name_whatever_stands_in_brackets_behind_it() {
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(Columns::find(&names(&["名称", "经度（°）", "纬度（°）"])), Some(Columns::Two { x: 1, y: 2 }));
        assert_eq!(Columns::find(&names(&["名称", "经纬度"])), Some(Columns::One(1)));
        assert_eq!(Columns::find(&names(&["名称", "经度"])), None);
    }
}
