//! What somebody may do on the map as it is today.

use std::sync::Arc;

use crate::account::{Principal, Scope};
use crate::fault::Fault;
use crate::geo::shape::Shape;
use crate::kind::Kind;

/// Kinds whose features say who may do what where: only those who work everywhere draw them.
const AREAS: [&str; 2] = ["village", "grid_cell"];

/// How somebody sees what is personal.
#[derive(Clone, Debug)]
pub enum Sight {
    /// In clear, everywhere.
    Clear,
    /// Masked, but for features that stand on their own ground.
    Masked(Option<Arc<Scope>>),
}

impl Sight {
    /// Whether nothing is kept from them.
    pub fn is_clear(&self) -> bool {
        matches!(self, Self::Clear)
    }

    /// Whether they see what stands there in clear.
    pub fn sees(&self, shape: Shape<'_>) -> bool {
        match self {
            Self::Clear => true,
            Self::Masked(scope) => scope.as_ref().is_some_and(|scope| scope.holds(shape)),
        }
    }

    /// Whether they see in clear all the ground that a shape lies on.
    pub fn covers(&self, shape: Shape<'_>) -> bool {
        match self {
            Self::Clear => true,
            Self::Masked(scope) => scope.as_ref().is_some_and(|scope| scope.covers(shape)),
        }
    }

    /// Equal keys see the same.
    pub fn key(&self) -> u128 {
        match self {
            Self::Clear => 0,
            Self::Masked(None) => 1,
            Self::Masked(Some(scope)) => scope.key(),
        }
    }
}

/// A principal with the ground that is theirs.
#[derive(Clone, Debug)]
pub struct Rights {
    principal: Principal,
    scope: Option<Arc<Scope>>,
}

impl Rights {
    /// The rights of a principal; `scope` is the ground of an account whose role works in areas.
    pub fn new(principal: Principal, scope: Option<Arc<Scope>>) -> Self {
        Self { principal, scope }
    }

    /// The rights of whoever sits at the machine: the command line's.
    pub fn local() -> Self {
        Self::new(Principal::Local, None)
    }

    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The author of what they write.
    pub fn author(&self) -> &str {
        self.principal.author()
    }

    /// How they see what is personal.
    pub fn sight(&self) -> Sight {
        if self.principal.everywhere() { Sight::Clear } else { Sight::Masked(self.scope.clone()) }
    }

    /// Whether they may write at all, wherever.
    ///
    /// # Errors
    /// `sign-in-needed` (401), `write-not-allowed` (403).
    pub fn check_writer(&self) -> Result<(), Fault> {
        match self.principal.role() {
            None => Err(Fault::unauthorized("sign-in-needed")),
            Some(role) if role.everywhere() || role.in_areas() => Ok(()),
            Some(role) => Err(Fault::forbidden("write-not-allowed").with("role", role.word())),
        }
    }

    /// Whether they may write this, before anything is written.
    ///
    /// `kind`: what the layer's features are. `old`: the shape that the feature has now, None where it is created. `new`: the
    /// shape that it gets, None where it keeps its own (an event about it, other attributes, its withdrawal).
    ///
    /// Who works everywhere may. Who works in areas may where the point that stands for the old shape lies on their ground,
    /// and all of the new shape does; and never on layers of villages and grid cells, which say whose ground it is. A feature
    /// without a place stands on nobody's.
    ///
    /// # Errors
    /// `sign-in-needed` (401), `write-not-allowed`, `write-areas`, `write-outside` (403).
    pub fn check_write(&self, kind: &Kind, old: Option<Shape<'_>>, new: Option<Shape<'_>>) -> Result<(), Fault> {
        self.check_writer()?;
        if self.principal.everywhere() {
            return Ok(());
        }
        if AREAS.contains(&kind.id.as_str()) {
            return Err(Fault::forbidden("write-areas"));
        }
        let within = self.scope.as_ref().is_some_and(|scope| {
            let stood = old.is_none_or(|shape| scope.holds(shape));
            let stands = new.is_none_or(|shape| scope.covers(shape));
            stood && stands && (old.is_some() || new.is_some())
        });
        if within { Ok(()) } else { Err(Fault::forbidden("write-outside")) }
    }

    /// Whether they may record of a feature what changes nothing about it: a visit, the work done in a village. `shape`: where it
    /// stands. Who works in areas may on their ground, villages and grid cells included.
    ///
    /// # Errors
    /// `sign-in-needed` (401), `write-not-allowed`, `write-outside` (403).
    pub fn check_record(&self, shape: Shape<'_>) -> Result<(), Fault> {
        self.check_writer()?;
        let within = || self.scope.as_ref().is_some_and(|scope| scope.holds(shape));
        if self.principal.everywhere() || within() { Ok(()) } else { Err(Fault::forbidden("write-outside")) }
    }

    /// Whether they may see how the server does.
    ///
    /// # Errors
    /// `sign-in-needed` (401), `administrator-needed` (403).
    pub fn check_administrator(&self) -> Result<(), Fault> {
        match self.principal.role() {
            None => Err(Fault::unauthorized("sign-in-needed")),
            Some(crate::account::Role::Administrator) => Ok(()),
            Some(_) => Err(Fault::forbidden("administrator-needed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, Places, Role};
    use crate::geo::shape::Geometries;
    use crate::kind;
    use crate::layer::Layer;
    use crate::table::Builder;
    use crate::units::AsOf;
    use geo_types::{Geometry, Point, Rect};

    /// One village, `v-1`, over the unit square.
    struct OneVillage;

    impl Places for OneVillage {
        fn layers_of(&self, kind: &str) -> Result<Vec<Arc<Layer>>, Fault> {
            if kind != "village" {
                return Ok(Vec::new());
            }
            let mut builder = Builder::new(Vec::new());
            builder.push("v-1", []);
            builder.geometries.push(Some(&Geometry::Rect(Rect::new((0.0, 0.0), (1.0, 1.0)))));
            let kind = kind::kind("village")?;
            Ok(vec![Arc::new(Layer::new("villages", kind.title.clone(), kind, AsOf::NOW, builder.finish(Vec::new())))])
        }
    }

    fn rights(role: Role) -> Rights {
        let account = Account { name: "someone".to_owned(), role, villages: vec!["v-1".to_owned()], cells: Vec::new() };
        let scope = Scope::of(&account, &OneVillage).unwrap();
        Rights::new(Principal::Account(Arc::new(account)), role.in_areas().then(|| Arc::new(scope)))
    }

    #[test]
    fn each_writes_where_the_role_says() {
        let mut points = Geometries::default();
        points.push(Some(&Geometry::Point(Point::new(0.5, 0.5))));
        points.push(Some(&Geometry::Point(Point::new(2.0, 2.0))));
        let (inside, outside) = (points.shape(0), points.shape(1));
        let pond = kind::kind("waterbody").unwrap();
        let village = kind::kind("village").unwrap();
        let code =
            |rights: &Rights, kind: &Kind, old, new| rights.check_write(kind, old, new).map_err(|fault| fault.code());
        for role in [Role::Planner, Role::Administrator] {
            assert_eq!(code(&rights(role), &village, Some(inside), Some(outside)), Ok(()));
        }
        for role in [Role::Village, Role::GridWorker] {
            let rights = rights(role);
            assert_eq!(code(&rights, &pond, Some(inside), None), Ok(()));
            assert_eq!(code(&rights, &pond, None, Some(inside)), Ok(()));
            assert_eq!(code(&rights, &pond, Some(outside), None), Err("write-outside"));
            assert_eq!(code(&rights, &pond, Some(inside), Some(outside)), Err("write-outside"), "moved off");
            assert_eq!(code(&rights, &pond, Some(outside), Some(inside)), Err("write-outside"), "pulled in");
            assert_eq!(code(&rights, &pond, None, None), Err("write-outside"), "nowhere");
            assert_eq!(code(&rights, &village, Some(inside), None), Err("write-areas"));
        }
        assert_eq!(code(&rights(Role::Viewer), &pond, Some(inside), None), Err("write-not-allowed"));
        let nobody = Rights::new(Principal::Anonymous, None);
        assert_eq!(code(&nobody, &pond, Some(inside), None), Err("sign-in-needed"));
        assert_eq!(code(&Rights::local(), &village, None, Some(outside)), Ok(()));
    }
}
