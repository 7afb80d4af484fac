//! Who is to be served, and what serves already.

use crate::analysis::coverage_gaps::service::serving;
use crate::analysis::{Bound, standing};
use crate::fault::Fault;
use crate::geo::shape::{Geometries, ShapeKind};
use crate::table::{Index, Table};

/// Those who are to be served, in the order of their ids.
pub struct Demand {
    /// Where each is.
    pub places: Geometries,
    /// Their R-tree, in the same numbers.
    pub index: Index,
    /// How many households each stands for.
    pub households: Vec<f64>,
    /// How many people, where they are counted.
    pub people: Vec<f64>,
    /// Whether people are what is to be served.
    pub by_people: bool,
    /// Whether each is one household, and not a village.
    pub counted: bool,
}

/// The rows of a table that stand and have a place, by id.
pub fn placed(table: &Table) -> Vec<u32> {
    let stands = standing(table);
    let mut rows: Vec<u32> = (0..table.len()).filter(|&row| stands(row) && !table.shape(row).is_none()).collect();
    rows.sort_unstable_by(|&a, &b| table.row(a).id().cmp(table.row(b).id()));
    rows
}

/// The R-tree of shapes, by their numbers.
pub fn index(places: &Geometries) -> Index {
    Index::new((0..places.len() as u32).filter_map(|at| places.shape(at).bbox().map(|bbox| (at, bbox))))
}

/// Adds a point.
pub fn push_point(places: &mut Geometries, lnglat: [f64; 2]) {
    places.part(true);
    places.coord(lnglat);
    places.end_row(ShapeKind::Point);
}

impl Demand {
    /// The households where the map keeps them and they are asked for; else the villages with their counts.
    pub fn of(bound: &Bound) -> Result<Self, Fault> {
        let households = bound.layers("households").first().filter(|layer| !layer.table().is_empty());
        let households = households.filter(|_| bound.text("demand") == "households");
        let by_people = bound.text("weight") == "people";
        let table = households.map_or_else(|| bound.layer("villages").map(|layer| layer.table()), |l| Ok(l.table()))?;
        let counted = households.is_some();
        let column = |name: &str| table.column(name);
        let (at_people, at_count) =
            if counted { (column("people"), None) } else { (column("population"), column("households")) };
        let number = |row: u32, at: Option<usize>| {
            at.and_then(|at| table.row(row).value(at).number()).filter(|n| *n > 0.0).unwrap_or(0.0)
        };
        let mut demand = Self {
            places: Geometries::default(),
            index: Index::new(std::iter::empty()),
            households: Vec::new(),
            people: Vec::new(),
            by_people,
            counted,
        };
        for row in placed(table) {
            let households = if counted { 1.0 } else { number(row, at_count) };
            let people = number(row, at_people);
            if (if by_people { people } else { households }) == 0.0 {
                continue;
            }
            if counted {
                demand.places.push_shape(table.shape(row));
            } else {
                let Some(point) = table.shape(row).inside_point() else { continue };
                push_point(&mut demand.places, point);
            }
            demand.households.push(households);
            demand.people.push(people);
        }
        if demand.households.is_empty() {
            return Err(Fault::unprocessable("siting-no-demand").with("weight", bound.text("weight")));
        }
        demand.index = index(&demand.places);
        Ok(demand)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.households.len()
    }

    /// What each counts in the model.
    pub fn weights(&self) -> &[f64] {
        if self.by_people { &self.people } else { &self.households }
    }
}

/// What serves already, in the order of their ids.
pub struct Facilities<'a> {
    /// The layer.
    pub table: &'a Table,
    /// Its rows that stand, are in use and pass the filter.
    pub rows: Vec<u32>,
    /// Where they are.
    pub places: Geometries,
    /// Whether they go on serving.
    pub kept: bool,
}

impl<'a> Facilities<'a> {
    /// Those of a question.
    pub fn of(bound: &'a Bound) -> Result<Self, Fault> {
        let layer = bound.layer("facility")?;
        let table = layer.table();
        let serves = serving(bound, layer)?;
        let rows: Vec<u32> = placed(table).into_iter().filter(|&row| serves[row as usize]).collect();
        let mut places = Geometries::default();
        rows.iter().for_each(|&row| places.push_shape(table.shape(row)));
        Ok(Self { table, rows, places, kept: bound.text("keep") == "yes" })
    }
}
