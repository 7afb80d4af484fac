//! How a feature's place stands to a given one, in the plane of longitude and latitude, as the standard has it (DE-9IM).

use geo::coordinate_position::CoordPos;
use geo::relate::IntersectionMatrix;
use geo::{BoundingRect, CoordinatePosition, PreparedGeometry, Relate};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Rect};

use crate::fault::Fault;
use crate::filter::place::flawed;
use crate::filter::window::Where;
use crate::geo::bbox::Bbox;
use crate::geo::gate::{Finding, Verdict, admit};
use crate::geo::shape::{Geometries, Shape, ShapeKind};

/// The relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// They share a point.
    Intersects,
    /// They cover the same ground.
    Equals,
    /// They share none.
    Disjoint,
    /// They share points of their borders and none within.
    Touches,
    /// The first lies within the second.
    Within,
    /// They share a part of their own dimension, and neither holds the other.
    Overlaps,
    /// They share a part of a lower dimension within both.
    Crosses,
    /// The first holds the second.
    Contains,
}

impl Relation {
    /// The relation of that name in CQL2.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "s_intersects" => Self::Intersects,
            "s_equals" => Self::Equals,
            "s_disjoint" => Self::Disjoint,
            "s_touches" => Self::Touches,
            "s_within" => Self::Within,
            "s_overlaps" => Self::Overlaps,
            "s_crosses" => Self::Crosses,
            "s_contains" => Self::Contains,
            _ => return None,
        })
    }

    /// The same with its sides changed.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            other => other,
        }
    }

    /// What a matrix says of it.
    pub fn read(self, matrix: &IntersectionMatrix) -> bool {
        match self {
            Self::Intersects => matrix.is_intersects(),
            Self::Equals => matrix.is_equal_topo(),
            Self::Disjoint => matrix.is_disjoint(),
            Self::Touches => matrix.is_touches(),
            Self::Within => matrix.is_within(),
            Self::Overlaps => matrix.is_overlaps(),
            Self::Crosses => matrix.is_crosses(),
            Self::Contains => matrix.is_contains(),
        }
    }
}

/// A geometry that was given: valid, in longitude and latitude.
#[derive(Debug)]
pub struct Given {
    /// As a `geo` geometry.
    pub geometry: Geometry<f64>,
    /// Its members as shapes; more than one for a collection.
    pub shapes: Geometries,
    /// The boxes outside which it has nothing.
    pub windows: Vec<Bbox>,
    /// Whether it is those boxes.
    boxed: bool,
}

impl Given {
    /// A geometry as it was typed.
    ///
    /// # Errors
    /// `filter-geometry` for what is out of range or not valid. It is not repaired: which of the repairs was meant, nobody knows.
    pub fn place(geometry: &Geometry<f64>) -> Result<Self, Fault> {
        let mut shapes = Geometries::default();
        let members = match geometry {
            Geometry::GeometryCollection(all) => &all.0[..],
            one => std::slice::from_ref(one),
        };
        for member in members {
            let mut typed = Geometries::default();
            typed.push(Some(member));
            match admit(typed.shape(0), &mut shapes) {
                Verdict::Accepted => {}
                Verdict::Repaired(finding) | Verdict::Refused(finding) => {
                    return Err(flawed(kind_of(member), finding));
                }
            }
        }
        let bounds = geometry.bounding_rect().ok_or_else(|| flawed(kind_of(geometry), Finding::Empty))?;
        let (low, high) = (bounds.min(), bounds.max());
        let window = Bbox { west: low.x, south: low.y, east: high.x, north: high.y };
        Ok(Self { geometry: geometry.clone(), shapes, windows: vec![window], boxed: false })
    }

    /// A box as it was typed; west of its eastern edge it crosses the antimeridian.
    ///
    /// # Errors
    /// `bbox-out-of-range`, `bbox-upside-down`.
    pub fn bbox([west, south, east, north]: [f64; 4]) -> Result<Self, Fault> {
        let bbox = Bbox::parse(&format!("{west},{south},{east},{north}")).map_err(|f| f.with("parameter", "filter"))?;
        let windows: Vec<[f64; 4]> = bbox.windows().collect();
        let corner = |x: f64, y: f64| Coord { x, y };
        let geometry = match &windows[..] {
            // A box without width is a line, without either a point: as an area it would have no inside.
            [[w, s, e, n]] if w == e && s == n => Geometry::Point(Point::new(*w, *s)),
            [[w, s, e, n]] if w == e || s == n => {
                Geometry::LineString(LineString(vec![corner(*w, *s), corner(*e, *n)]))
            }
            [[w, s, e, n]] => Rect::new((*w, *s), (*e, *n)).to_polygon().into(),
            all => {
                MultiPolygon(all.iter().map(|[w, s, e, n]| Rect::new((*w, *s), (*e, *n)).to_polygon()).collect()).into()
            }
        };
        let mut shapes = Geometries::default();
        shapes.push(Some(&geometry));
        let windows = windows.into_iter().map(|[west, south, east, north]| Bbox { west, south, east, north }).collect();
        Ok(Self { geometry, shapes, windows, boxed: true })
    }

    fn is_areal(&self) -> bool {
        matches!(self.geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_))
    }
}

fn kind_of(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "point",
        Geometry::LineString(_) | Geometry::Line(_) => "linestring",
        Geometry::MultiPoint(_) => "multipoint",
        Geometry::MultiLineString(_) => "multilinestring",
        Geometry::MultiPolygon(_) => "multipolygon",
        Geometry::GeometryCollection(_) => "geometrycollection",
        _ => "polygon",
    }
}

/// The feature's place, held against a given one or against itself.
#[derive(Debug)]
pub struct Spatial {
    relation: Relation,
    given: Option<Prepared>,
}

struct Prepared {
    given: Given,
    prepared: PreparedGeometry<'static, Geometry<f64>>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.given.fmt(f)
    }
}

impl Spatial {
    /// The feature on the left; None: on the right too.
    pub fn new(relation: Relation, given: Option<Given>) -> Self {
        let prepared = |given: Given| Prepared { prepared: PreparedGeometry::from(given.geometry.clone()), given };
        Self { relation, given: given.map(prepared) }
    }

    /// Whether a feature's place stands so; None without one.
    pub fn holds(&self, shape: Shape<'_>) -> Option<bool> {
        if shape.is_none() {
            return None;
        }
        let Some(Prepared { given, prepared }) = &self.given else {
            let own = shape.to_geo()?;
            return Some(self.relation.read(&own.relate(&own)));
        };
        let own = shape.bbox()?.to_array();
        if !given.windows.iter().any(|w| meet(own, w.to_array())) {
            return Some(self.relation == Relation::Disjoint);
        }
        if let Some(settled) = self.at_a_glance(given, shape, own) {
            return Some(settled);
        }
        Some(self.relation.read(&shape.to_geo()?.relate(prepared)))
    }

    /// What can be said without the matrix.
    fn at_a_glance(&self, given: &Given, shape: Shape<'_>, own: [f64; 4]) -> Option<bool> {
        use Relation::{Contains, Crosses, Disjoint, Equals, Intersects, Overlaps, Touches, Within};
        if given.boxed && matches!(self.relation, Intersects | Disjoint) {
            let meets = given.windows.iter().any(|w| shape.intersects_window(w.to_array()));
            return Some(meets == (self.relation == Intersects));
        }
        if let (Contains, [window]) = (self.relation, &given.windows[..])
            && !within(window.to_array(), own)
        {
            return Some(false);
        }
        if let (Within | Equals, [window]) = (self.relation, &given.windows[..])
            && !within(own, window.to_array())
        {
            return Some(false);
        }
        if !given.is_areal() {
            return None;
        }
        let [x, y] = *shape.coords().first()?;
        let position = given.geometry.coordinate_position(&Coord { x, y });
        if shape.kind == ShapeKind::Point {
            return Some(match self.relation {
                Intersects => position != CoordPos::Outside,
                Disjoint => position == CoordPos::Outside,
                Within => position == CoordPos::Inside,
                Touches => position == CoordPos::OnBoundary,
                Contains | Equals | Overlaps | Crosses => false,
            });
        }
        match (self.relation, position) {
            (Intersects, CoordPos::Inside | CoordPos::OnBoundary) => Some(true),
            (Disjoint, CoordPos::Inside | CoordPos::OnBoundary) | (Within | Equals, CoordPos::Outside) => Some(false),
            (Touches, CoordPos::Inside) => Some(false),
            _ => None,
        }
    }

    /// Where it can hold.
    pub fn place(&self) -> Where {
        match &self.given {
            Some(prepared) if self.relation != Relation::Disjoint => Where::Boxes(prepared.given.windows.clone()),
            _ => Where::Everywhere,
        }
    }
}

fn meet(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

fn within(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3]
}
