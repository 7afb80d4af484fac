//! Coordinates and shapes as text, shared by the formats that are text.

use std::io::Write as _;

use crate::geo::shape::{Shape, ShapeKind};

/// Writes an ordinate with up to so many decimals (at the most nine), none of them a trailing nought: a tenth of a millimetre
/// is kept (`Reference::decimals`), and no noise of arithmetic behind it.
pub fn ordinate(x: f64, places: usize, out: &mut Vec<u8>) {
    let one = 10_u64.pow(places.min(9) as u32);
    let scaled = (x * one as f64).round() as i64;
    if scaled < 0 {
        out.push(b'-');
    }
    let scaled = scaled.unsigned_abs();
    let (whole, mut part) = (scaled / one, scaled % one);
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    if part > 0 {
        let mut places = places.min(9);
        while part % 10 == 0 {
            part /= 10;
            places -= 1;
        }
        for _ in 0..places {
            at -= 1;
            digits[at] = b'0' + (part % 10) as u8;
            part /= 10;
        }
        at -= 1;
        digits[at] = b'.';
    }
    let mut whole = whole;
    loop {
        at -= 1;
        digits[at] = b'0' + (whole % 10) as u8;
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Writes the shape as WKT; nothing without a place.
pub fn wkt(shape: Shape<'_>, places: usize, out: &mut Vec<u8>) {
    let run = |out: &mut Vec<u8>, part: &[[f64; 2]]| {
        for (k, &[x, y]) in part.iter().enumerate() {
            if k > 0 {
                out.push(b',');
            }
            ordinate(x, places, out);
            out.push(b' ');
            ordinate(y, places, out);
        }
    };
    if shape.is_none() {
        return;
    }
    let name = match shape.kind {
        ShapeKind::None => return,
        ShapeKind::Point => "POINT",
        ShapeKind::MultiPoint => "MULTIPOINT",
        ShapeKind::Line => "LINESTRING",
        ShapeKind::MultiLine => "MULTILINESTRING",
        ShapeKind::Polygon => "POLYGON",
        ShapeKind::MultiPolygon => "MULTIPOLYGON",
    };
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{name}(");
    match shape.kind {
        ShapeKind::None => {}
        ShapeKind::Point | ShapeKind::MultiPoint | ShapeKind::Line => run(out, shape.coords()),
        ShapeKind::MultiLine | ShapeKind::Polygon | ShapeKind::MultiPolygon => {
            let many = shape.kind == ShapeKind::MultiPolygon;
            for (k, (shell, part)) in shape.parts().enumerate() {
                if k > 0 {
                    out.extend_from_slice(if many && shell { b")," } else { b"," });
                }
                if many && (shell || k == 0) {
                    out.push(b'(');
                }
                out.push(b'(');
                run(out, part);
                out.push(b')');
            }
            if many {
                out.push(b')');
            }
        }
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::shape::Geometries;

    #[test]
    fn degrees_carry_no_noise_and_lose_no_sign() {
        let text = |x: f64| {
            let mut out = Vec::new();
            ordinate(x, 9, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(117.512_345_678_999_99), "117.512345679");
        assert_eq!(text(-0.000_000_001), "-0.000000001");
        assert_eq!(text(-0.0), "0");
        assert_eq!(text(39.6), "39.6");
        assert_eq!(text(-180.0), "-180");
        let mut metres = Vec::new();
        ordinate(40_512_345.123_45, 4, &mut metres);
        assert_eq!(metres, b"40512345.1235");
    }

    #[test]
    fn wkt_closes_as_many_brackets_as_it_opens() {
        let mut shapes = Geometries::default();
        let square = |x: f64| geo_types::Rect::new((x, 0.0), (x + 1.0, 1.0)).to_polygon();
        shapes.push(Some(&geo_types::MultiPolygon(vec![square(0.0), square(2.0)]).into()));
        let mut out = Vec::new();
        wkt(shapes.shape(0), 9, &mut out);
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("MULTIPOLYGON(((") && text.ends_with(")))"), "{text}");
        assert_eq!(text.matches('(').count(), text.matches(')').count());
    }
}
