//! Shapes on the plane of the town: CGCS2000, 3-degree Gauss-Krüger, central meridian 117°E (EPSG:4548), in metres.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Contains, Coord, Distance, Euclidean, Intersects, Line, LineString, Point, Polygon};

use crate::rng::Rng;

/// A place on the plane: easting and northing in metres.
pub type Pt = Coord<f64>;

/// Makes a point of easting and northing.
pub fn pt(x: f64, y: f64) -> Pt {
    Pt { x, y }
}

/// Rounds to the millimetre: what is written is what was tested.
pub fn mm(p: Pt) -> Pt {
    pt((p.x * 1000.0).round() / 1000.0, (p.y * 1000.0).round() / 1000.0)
}

/// The distance between two points.
pub fn apart(a: Pt, b: Pt) -> f64 {
    (a - b).x.hypot((a - b).y)
}

/// The direction from one point to another, of length 1 (east where both are one).
pub fn toward(a: Pt, b: Pt) -> Pt {
    let length = apart(a, b);
    if length > 0.0 { (b - a) / length } else { pt(1.0, 0.0) }
}

/// A quarter turn to the left.
pub fn left(d: Pt) -> Pt {
    pt(-d.y, d.x)
}

/// How far two directions agree: 1 the same, 0 square, -1 opposite.
pub fn agree(a: Pt, b: Pt) -> f64 {
    a.x * b.x + a.y * b.y
}

/// A local frame: a village's streets and rows of houses run along its axes.
#[derive(Clone, Copy)]
pub struct Frame {
    /// Where the frame's zero lies.
    pub origin: Pt,
    /// The direction of its x axis.
    pub along: Pt,
}

impl Frame {
    /// Sets a frame at `origin`, turned left by `angle_rad`.
    pub fn new(origin: Pt, angle_rad: f64) -> Self {
        let along = pt(angle_rad.cos(), angle_rad.sin());
        Self { origin, along }
    }

    /// Takes a point of the frame to the plane, rounded to the millimetre.
    pub fn at(&self, x: f64, y: f64) -> Pt {
        mm(self.origin + self.along * x + left(self.along) * y)
    }

    /// Draws a rectangle about (`x`, `y`) of the frame.
    pub fn rectangle(&self, x: f64, y: f64, width: f64, height: f64) -> Polygon {
        let (w, h) = (width / 2.0, height / 2.0);
        area(&[self.at(x - w, y - h), self.at(x + w, y - h), self.at(x + w, y + h), self.at(x - w, y + h)])
    }
}

/// Makes a polygon of an open ring.
pub fn area(ring: &[Pt]) -> Polygon {
    Polygon::new(LineString::new(ring.to_vec()), vec![])
}

/// The signed area of an open ring in square metres: positive where it runs anticlockwise.
pub fn ring_area_m2(ring: &[Pt]) -> f64 {
    let Some(&zero) = ring.first() else { return 0.0 };
    let next = ring.iter().cycle().skip(1);
    let twice = |(a, b): (&Pt, &Pt)| (a.x - zero.x) * (b.y - zero.y) - (b.x - zero.x) * (a.y - zero.y);
    ring.iter().zip(next).map(twice).sum::<f64>() / 2.0
}

/// A blob about `centre` of roughly `area_m2`, longer along `axis` by `stretch`.
pub fn blob(rng: &mut Rng, centre: Pt, axis: Pt, area_m2: f64, stretch: f64) -> Polygon {
    let corners = 12 + rng.below(7);
    let radius = (area_m2 / std::f64::consts::PI).sqrt();
    let (phase, second, third) = (rng.turn(), rng.between(0.05, 0.16), rng.between(0.02, 0.1));
    let ring: Vec<Pt> = (0..corners)
        .map(|i| {
            let turn = i as f64 / corners as f64 * std::f64::consts::TAU;
            let r = radius
                * (1.0 + second * (2.0 * turn + phase).sin() + third * (3.0 * turn - phase).cos())
                * rng.between(0.94, 1.06);
            let (x, y) = (r * turn.cos() * stretch.sqrt(), r * turn.sin() / stretch.sqrt());
            mm(centre + axis * x + left(axis) * y)
        })
        .collect();
    area(&ring)
}

/// A crooked line between two points: midpoints are moved aside by up to `bend` of each span, down to `finest_m`.
pub fn crooked(rng: &mut Rng, a: Pt, b: Pt, bend: f64, finest_m: f64) -> Vec<Pt> {
    let mut line = vec![a, b];
    loop {
        let spans: Vec<(Pt, Pt)> = line.windows(2).map(|w| (w[0], w[1])).collect();
        if spans.iter().all(|(a, b)| apart(*a, *b) <= finest_m) {
            return line;
        }
        line.truncate(1);
        for (from, to) in spans {
            if apart(from, to) > finest_m {
                let aside = rng.between(-bend, bend) * apart(from, to);
                let share = rng.between(0.4, 0.6);
                line.push(mm(from + (to - from) * share + left(toward(from, to)) * aside));
            }
            line.push(to);
        }
    }
}

/// The length of a line in metres.
pub fn length_m(line: &[Pt]) -> f64 {
    line.windows(2).map(|w| apart(w[0], w[1])).sum()
}

/// The point and the direction of a line, `at_m` from its start.
pub fn along(line: &[Pt], at_m: f64) -> (Pt, Pt) {
    let mut rest = at_m;
    for w in line.windows(2) {
        let span = apart(w[0], w[1]);
        if rest <= span {
            let direction = toward(w[0], w[1]);
            return (w[0] + direction * rest, direction);
        }
        rest -= span;
    }
    let end = line.len() - 1;
    (line[end], toward(line[end - 1], line[end]))
}

/// The point of a line that is nearest to `p`, and the number of its segment.
pub fn nearest(line: &[Pt], p: Pt) -> (usize, Pt) {
    let mut best = (0, line[0]);
    for (i, w) in line.windows(2).enumerate() {
        let span = w[1] - w[0];
        let share = agree(p - w[0], span) / agree(span, span).max(1e-9);
        let foot = w[0] + span * share.clamp(0.0, 1.0);
        if apart(foot, p) < apart(best.1, p) {
            best = (i, foot);
        }
    }
    best
}

/// The distance from a point to a line.
pub fn off_line_m(line: &[Pt], p: Pt) -> f64 {
    apart(nearest(line, p).1, p)
}

/// The distance from a point to a polygon: zero inside.
pub fn off_area_m(polygon: &Polygon, p: Pt) -> f64 {
    Euclidean.distance(&Point(p), polygon)
}

/// The distance from a point to a polygon's border, from inside or outside.
pub fn off_border_m(polygon: &Polygon, p: Pt) -> f64 {
    off_line_m(&polygon.exterior().0, p)
}

/// Whether a polygon has a point inside it, at least `margin_m` from the border.
pub fn well_inside(polygon: &Polygon, p: Pt, margin_m: f64) -> bool {
    polygon.contains(&Point(p)) && off_border_m(polygon, p) >= margin_m
}

/// Whether two lines cross or touch anywhere but at vertices that they share.
pub fn cross(one: &[Pt], other: &[Pt]) -> bool {
    one.windows(2).any(|a| {
        other.windows(2).any(|b| match line_intersection(Line::new(a[0], a[1]), Line::new(b[0], b[1])) {
            None => false,
            Some(LineIntersection::Collinear { intersection }) => apart(intersection.start, intersection.end) > 0.01,
            Some(LineIntersection::SinglePoint { intersection, .. }) => {
                let at = |p: &Pt| apart(*p, intersection) < 0.01;
                !(a.iter().any(at) && b.iter().any(at))
            }
        })
    })
}

/// Where a line first meets another, if it does.
pub fn meeting(one: &[Pt], other: &[Pt]) -> Option<Pt> {
    one.windows(2).find_map(|a| {
        other.windows(2).find_map(|b| match line_intersection(Line::new(a[0], a[1]), Line::new(b[0], b[1])) {
            Some(LineIntersection::SinglePoint { intersection, .. }) => Some(mm(intersection)),
            _ => None,
        })
    })
}

/// Whether a line touches a polygon.
pub fn touches(line: &[Pt], polygon: &Polygon) -> bool {
    LineString::new(line.to_vec()).intersects(polygon)
}

/// Puts a vertex into a line at its nearest segment, unless it stands there already.
pub fn insert(line: &mut Vec<Pt>, p: Pt) {
    if !line.contains(&p) {
        let (segment, _) = nearest(line, p);
        line.insert(segment + 1, p);
    }
}
