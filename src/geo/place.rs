//! One point that stands for a shape: where its label, its village and its responsible cell are looked up.

use geo::{InteriorPoint, InterpolateLine};
use geo_types::Geometry;

use crate::geo::shape::Shape;

/// A point on the shape: inside a polygon, half way along a line, the first of several points. None for no shape.
pub fn place_of(shape: Shape<'_>) -> Option<[f64; 2]> {
    match shape.kind.dimension()? {
        0 => shape.coords().first().copied(),
        1 => match shape.to_geo()? {
            Geometry::LineString(line) => {
                // Half way in degrees: a point on the line is all that is asked for.
                geo::Euclidean.point_at_ratio_from_start(&line, 0.5).map(|p| [p.x(), p.y()])
            }
            _ => shape.coords().get(shape.coords().len() / 2).copied(),
        },
        _ => shape.to_geo()?.interior_point().map(|p| [p.x(), p.y()]),
    }
}
