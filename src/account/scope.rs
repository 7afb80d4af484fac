//! Where somebody works: the ground of the villages and grid cells that are theirs, as the map has them today.

use std::sync::Arc;

use geo::{Relate, unary_union};
use geo_types::{Geometry, MultiPolygon};
use xxhash_rust::xxh3::Xxh3;

use crate::account::Account;
use crate::fault::Fault;
use crate::geo::shape::{Geometries, Shape};
use crate::layer::Layer;

/// The layers that areas are features of: what a catalogue lends to this room, which lies below it.
pub trait Places {
    /// The map's layers of a kind, as they are today.
    ///
    /// # Errors
    /// What the store could not do.
    fn layers_of(&self, kind: &str) -> Result<Vec<Arc<Layer>>, Fault>;
}

/// The ground that somebody is responsible for.
#[derive(Debug)]
pub struct Scope {
    areas: Geometries,
    ground: Geometry<f64>,
    key: u128,
}

impl Scope {
    /// The ground of an account's villages and cells. An area that is not on the map, or no longer, is none.
    ///
    /// # Errors
    /// What the layers could not be read for.
    pub fn of(account: &Account, places: &dyn Places) -> Result<Self, Fault> {
        let mut areas = Geometries::default();
        for (kind, ids) in [("village", &account.villages), ("grid_cell", &account.cells)] {
            for layer in places.layers_of(kind)?.iter().filter(|_| !ids.is_empty()) {
                for row in ids.iter().filter_map(|id| layer.table().find(id)) {
                    if row.shape().kind.dimension() == Some(2) {
                        areas.push_shape(row.shape());
                    }
                }
            }
        }
        Ok(Self::over(areas))
    }

    fn over(areas: Geometries) -> Self {
        let shapes = || (0..areas.len()).map(|at| areas.shape(at as u32));
        let polygons: Vec<MultiPolygon<f64>> = shapes().map(|shape| MultiPolygon(shape.polygons())).collect();
        // Villages that touch are one ground: what lies across their common border lies within it.
        let ground = if polygons.len() > 1 {
            unary_union(&polygons)
        } else {
            MultiPolygon(polygons.into_iter().flatten().collect())
        };
        let mut hasher = Xxh3::new();
        for (shell, ring) in shapes().flat_map(Shape::parts) {
            hasher.update(&[u8::from(shell)]);
            for c in ring {
                hasher.update(&c[0].to_bits().to_le_bytes());
                hasher.update(&c[1].to_bits().to_le_bytes());
            }
        }
        Self { ground: Geometry::MultiPolygon(ground), key: hasher.digest128(), areas }
    }

    /// Whether a feature stands on the ground: the point that stands for it does.
    pub fn holds(&self, shape: Shape<'_>) -> bool {
        let within = |point| (0..self.areas.len()).any(|at| self.areas.shape(at as u32).contains(point));
        !self.areas.is_empty() && shape.inside_point().is_some_and(within)
    }

    /// Whether a shape lies on the ground with all that it is.
    pub fn covers(&self, shape: Shape<'_>) -> bool {
        !self.areas.is_empty() && shape.to_geo().is_some_and(|shape| self.ground.relate(&shape).is_covers())
    }

    /// Equal keys are equal grounds.
    pub fn key(&self) -> u128 {
        self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Line, Point, Rect};

    fn scope(areas: &[Rect<f64>]) -> Scope {
        let mut all = Geometries::default();
        areas.iter().for_each(|area| all.push(Some(&Geometry::Rect(*area))));
        Scope::over(all)
    }

    fn shape(geometry: impl Into<Geometry<f64>>) -> Geometries {
        let mut one = Geometries::default();
        one.push(Some(&geometry.into()));
        one
    }

    #[test]
    fn what_crosses_from_one_own_village_into_another_is_on_own_ground() {
        let two = scope(&[Rect::new((0.0, 0.0), (1.0, 1.0)), Rect::new((1.0, 0.0), (2.0, 1.0))]);
        let across = shape(Line::new((0.5, 0.5), (1.5, 0.5)));
        let beyond = shape(Line::new((0.5, 0.5), (2.5, 0.5)));
        assert!(two.covers(across.shape(0)));
        assert!(!two.covers(beyond.shape(0)));
        assert!(two.holds(beyond.shape(0)), "the point that stands for it is on own ground");
        assert!(!two.holds(shape(Point::new(2.5, 0.5)).shape(0)));
    }

    #[test]
    fn no_ground_holds_nothing_and_nothing_is_nowhere() {
        let none = scope(&[]);
        assert!(!none.holds(shape(Point::new(0.5, 0.5)).shape(0)));
        let one = scope(&[Rect::new((0.0, 0.0), (1.0, 1.0))]);
        let mut placeless = Geometries::default();
        placeless.push(None);
        assert!(!one.holds(placeless.shape(0)) && !one.covers(placeless.shape(0)));
        assert_ne!(none.key(), one.key());
    }
}
