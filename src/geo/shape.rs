//! Geometries kept flat: all coordinates of a layer in one array, shapes as windows into it.

use geo::InteriorPoint;
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::geo::bbox::{Bbox, wrap_lng};

/// What a shape is. Collections of mixed kinds do not pass the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ShapeKind {
    /// A row without a place.
    None,
    /// One point.
    Point,
    /// Several points.
    MultiPoint,
    /// One line.
    Line,
    /// Several lines.
    MultiLine,
    /// One polygon: its shell, then its holes.
    Polygon,
    /// Several polygons, each a shell followed by its holes.
    MultiPolygon,
}

impl ShapeKind {
    /// 0 for points, 1 for lines, 2 for polygons.
    pub fn dimension(self) -> Option<u8> {
        match self {
            Self::None => None,
            Self::Point | Self::MultiPoint => Some(0),
            Self::Line | Self::MultiLine => Some(1),
            Self::Polygon | Self::MultiPolygon => Some(2),
        }
    }
}

/// The geometries of a table, longitude and latitude in degrees; row `i` is `shape(i)`.
#[derive(Debug)]
pub struct Geometries {
    kinds: Vec<ShapeKind>,
    /// Row `i` has the parts `rows[i]..rows[i + 1]`.
    rows: Vec<u32>,
    /// Part `k` has the coordinates `parts[k]..parts[k + 1]`.
    parts: Vec<u32>,
    /// Whether part `k` opens a polygon of a multipolygon.
    shells: Vec<bool>,
    coords: Vec<[f64; 2]>,
}

impl Default for Geometries {
    fn default() -> Self {
        Self { kinds: Vec::new(), rows: vec![0], parts: vec![0], shells: Vec::new(), coords: Vec::new() }
    }
}

impl Geometries {
    /// About how many bytes they take.
    pub fn bytes(&self) -> usize {
        self.kinds.len() * 6 + self.parts.len() * 5 + self.coords.len() * size_of::<[f64; 2]>()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Row `row`, as a window into the arrays.
    #[inline]
    pub fn shape(&self, row: u32) -> Shape<'_> {
        let row = row as usize;
        let (from, to) = (self.rows[row] as usize, self.rows[row + 1] as usize);
        Shape {
            kind: self.kinds[row],
            parts: &self.parts[from..=to],
            shells: &self.shells[from..to],
            coords: &self.coords,
        }
    }

    /// Forgets all rows, and keeps the room they took.
    pub fn clear(&mut self) {
        self.kinds.clear();
        self.rows.truncate(1);
        self.parts.truncate(1);
        self.shells.clear();
        self.coords.clear();
    }

    /// Opens a part of the row that is being written; coordinates follow through `coord`.
    pub fn part(&mut self, shell: bool) {
        self.shells.push(shell);
        self.parts.push(self.coords.len() as u32);
    }

    /// Adds a coordinate to the open part.
    #[inline]
    pub fn coord(&mut self, lnglat: [f64; 2]) {
        self.coords.push(lnglat);
        if let Some(end) = self.parts.last_mut() {
            *end = self.coords.len() as u32;
        }
    }

    /// Ends the row.
    pub fn end_row(&mut self, kind: ShapeKind) {
        self.kinds.push(kind);
        self.rows.push(self.shells.len() as u32);
    }

    /// Adds another table's shape as the next row.
    pub fn push_shape(&mut self, shape: Shape<'_>) {
        for (shell, part) in shape.parts() {
            self.part(shell);
            part.iter().for_each(|&c| self.coord(c));
        }
        self.end_row(shape.kind);
    }

    /// Adds a geometry as the next row; None, and what cannot be kept (empty, mixed), is a row without a place.
    pub fn push(&mut self, geometry: Option<&Geometry<f64>>) {
        let kind = geometry.map_or(ShapeKind::None, |g| self.write(g));
        self.end_row(kind);
    }

    fn write(&mut self, geometry: &Geometry<f64>) -> ShapeKind {
        match geometry {
            Geometry::Point(p) => {
                self.write_part(true, std::iter::once(p.0));
                ShapeKind::Point
            }
            Geometry::MultiPoint(points) => {
                self.write_part(true, points.iter().map(|p| p.0));
                ShapeKind::MultiPoint
            }
            Geometry::Line(line) => {
                self.write_part(true, [line.start, line.end].into_iter());
                ShapeKind::Line
            }
            Geometry::LineString(line) => {
                self.write_part(true, line.coords().copied());
                ShapeKind::Line
            }
            Geometry::MultiLineString(lines) => {
                lines.iter().for_each(|line| self.write_part(true, line.coords().copied()));
                ShapeKind::MultiLine
            }
            Geometry::Polygon(polygon) => {
                self.write_polygon(polygon);
                ShapeKind::Polygon
            }
            Geometry::MultiPolygon(polygons) => {
                polygons.iter().for_each(|polygon| self.write_polygon(polygon));
                ShapeKind::MultiPolygon
            }
            Geometry::Rect(rect) => self.write(&Geometry::Polygon(rect.to_polygon())),
            Geometry::Triangle(triangle) => self.write(&Geometry::Polygon(triangle.to_polygon())),
            Geometry::GeometryCollection(_) => ShapeKind::None,
        }
    }

    fn write_polygon(&mut self, polygon: &Polygon<f64>) {
        self.write_part(true, polygon.exterior().coords().copied());
        for hole in polygon.interiors() {
            self.write_part(false, hole.coords().copied());
        }
    }

    fn write_part(&mut self, shell: bool, coords: impl Iterator<Item = Coord<f64>>) {
        self.part(shell);
        coords.for_each(|c| self.coord([c.x, c.y]));
    }

    /// Gives back what was set aside for growth.
    pub fn shrink(&mut self) {
        self.kinds.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.parts.shrink_to_fit();
        self.shells.shrink_to_fit();
        self.coords.shrink_to_fit();
    }
}

/// One geometry, borrowed: longitude and latitude in degrees.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// What it is.
    pub kind: ShapeKind,
    parts: &'a [u32],
    shells: &'a [bool],
    coords: &'a [[f64; 2]],
}

impl<'a> Shape<'a> {
    /// Its parts (rings, lines, or the points all in one), each with whether it opens a polygon.
    pub fn parts(self) -> impl ExactSizeIterator<Item = (bool, &'a [[f64; 2]])> {
        self.shells
            .iter()
            .zip(self.parts.windows(2))
            .map(move |(&shell, ends)| (shell, &self.coords[ends[0] as usize..ends[1] as usize]))
    }

    /// All its coordinates, parts run together.
    #[inline]
    pub fn coords(self) -> &'a [[f64; 2]] {
        match (self.parts.first(), self.parts.last()) {
            (Some(&from), Some(&to)) => &self.coords[from as usize..to as usize],
            _ => &[],
        }
    }

    /// Whether it has no place.
    pub fn is_none(self) -> bool {
        self.kind == ShapeKind::None || self.coords().is_empty()
    }

    /// Its box; None without a place. A shape that crosses the antimeridian undivided has a box around the world.
    #[inline]
    pub fn bbox(self) -> Option<Bbox> {
        let coords = self.coords();
        let mut bbox = Bbox::point(*coords.first()?);
        for &[lng, lat] in coords {
            bbox.west = bbox.west.min(lng);
            bbox.east = bbox.east.max(lng);
            bbox.south = bbox.south.min(lat);
            bbox.north = bbox.north.max(lat);
        }
        Some(bbox)
    }

    /// Its box as it lies on the globe: one that crosses the antimeridian where that is the narrower way around.
    pub fn extent(self) -> Option<Bbox> {
        let plain = self.bbox()?;
        if plain.east - plain.west <= 180.0 {
            return Some(plain);
        }
        let east_of_greenwich = |lng: f64| if lng < 0.0 { lng + 360.0 } else { lng };
        let lngs = self.coords().iter().map(|c| east_of_greenwich(c[0]));
        let (west, east) = lngs.fold((f64::INFINITY, f64::NEG_INFINITY), |(w, e), x| (w.min(x), e.max(x)));
        if east - west >= plain.east - plain.west {
            return Some(plain);
        }
        Some(Bbox { west: wrap_lng(west), east: wrap_lng(east), ..plain })
    }

    /// Whether a point lies inside its polygons (even-odd over all rings, in the plane of longitude and latitude).
    pub fn contains(self, [x, y]: [f64; 2]) -> bool {
        self.kind.dimension() == Some(2)
            && self.parts().fold(false, |inside, (_, ring)| inside ^ crosses_odd(ring, [x, y]))
    }

    /// Whether it shares a point with a plain box `[west, south, east, north]`, edges included.
    pub fn intersects_window(self, window: [f64; 4]) -> bool {
        let [west, south, east, north] = window;
        let Some(own) = self.bbox() else { return false };
        if own.west > east || own.east < west || own.south > north || own.north < south {
            return false;
        }
        let holds = |[x, y]: [f64; 2]| x >= west && x <= east && y >= south && y <= north;
        if self.coords().iter().any(|&c| holds(c)) {
            return true;
        }
        if self.kind.dimension() == Some(0) {
            return false;
        }
        let cuts = |part: &[[f64; 2]]| part.windows(2).any(|e| segment_meets_window(e[0], e[1], window));
        self.parts().any(|(_, part)| cuts(part)) || self.contains([west, south])
    }

    /// A point that stands for it: itself, on the line, or inside the polygon; None without a place.
    pub fn inside_point(self) -> Option<[f64; 2]> {
        if self.kind == ShapeKind::Point {
            return self.coords().first().copied();
        }
        let point = self.to_geo()?.interior_point()?;
        Some([point.x(), point.y()])
    }

    /// The point at which it is counted where it has to be at one: a polygon's centre of gravity where that lies inside; else
    /// as [`Shape::inside_point`]. None without a place.
    pub fn anchor(self) -> Option<[f64; 2]> {
        self.centre_of_gravity().filter(|&centre| self.contains(centre)).or_else(|| self.inside_point())
    }

    /// The centre of gravity of its polygons in the plane of longitude and latitude, where it is the same as in any plane near by;
    /// None for points, lines and what has no area.
    fn centre_of_gravity(self) -> Option<[f64; 2]> {
        if self.kind.dimension() != Some(2) {
            return None;
        }
        let origin = *self.coords().first()?;
        let (mut twice, mut moment) = (0.0, [0.0; 2]);
        // Shells run anticlockwise and holes clockwise, as the gate left them.
        for edge in self.parts().flat_map(|(_, ring)| ring.windows(2)) {
            let [p, q] = [edge[0], edge[1]].map(|c| [c[0] - origin[0], c[1] - origin[1]]);
            let cross = p[0] * q[1] - q[0] * p[1];
            twice += cross;
            moment = [moment[0] + (p[0] + q[0]) * cross, moment[1] + (p[1] + q[1]) * cross];
        }
        (twice != 0.0).then(|| [0, 1].map(|axis| origin[axis] + moment[axis] / (3.0 * twice)))
    }

    /// As a `geo` geometry; None without a place.
    pub fn to_geo(self) -> Option<Geometry<f64>> {
        let line = |part: &[[f64; 2]]| LineString::from_iter(part.iter().map(|&[x, y]| Coord { x, y }));
        Some(match self.kind {
            ShapeKind::None => return None,
            ShapeKind::Point => {
                let &[x, y] = self.coords().first()?;
                Geometry::Point(Point::new(x, y))
            }
            ShapeKind::MultiPoint => {
                Geometry::MultiPoint(MultiPoint(self.coords().iter().map(|&[x, y]| Point::new(x, y)).collect()))
            }
            ShapeKind::Line => Geometry::LineString(line(self.coords())),
            ShapeKind::MultiLine => {
                Geometry::MultiLineString(MultiLineString(self.parts().map(|(_, part)| line(part)).collect()))
            }
            ShapeKind::Polygon => Geometry::Polygon(self.polygons().into_iter().next()?),
            ShapeKind::MultiPolygon => Geometry::MultiPolygon(MultiPolygon(self.polygons())),
        })
    }

    /// Its polygons; empty for points and lines.
    pub fn polygons(self) -> Vec<Polygon<f64>> {
        let mut polygons: Vec<Polygon<f64>> = Vec::new();
        if self.kind.dimension() != Some(2) {
            return polygons;
        }
        for (shell, part) in self.parts() {
            let ring = LineString::from_iter(part.iter().map(|&[x, y]| Coord { x, y }));
            match polygons.last_mut() {
                Some(polygon) if !shell => polygon.interiors_push(ring),
                _ => polygons.push(Polygon::new(ring, Vec::new())),
            }
        }
        polygons
    }
}

/// Whether a ray from `p` to the east crosses `ring` an odd number of times.
pub fn crosses_odd(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    ring.windows(2).fold(false, |odd, edge| {
        let ([ax, ay], [bx, by]) = (edge[0], edge[1]);
        odd ^ ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
    })
}

/// Liang–Barsky: whether a segment shares a point with a closed window.
fn segment_meets_window(a: [f64; 2], b: [f64; 2], [west, south, east, north]: [f64; 4]) -> bool {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [(-dx, a[0] - west), (dx, east - a[0]), (-dy, a[1] - south), (dy, north - a[1])] {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    enter <= leave
}
