//! HiGHS, on one thread, from one seed, within a number of nodes.

use crate::stop;
use highs::{Col, HighsModelStatus, RowProblem, Sense};

/// A minimisation that is being written.
#[derive(Default)]
pub struct Milp {
    problem: RowProblem,
    entries: usize,
}

/// What a minimisation came to.
pub enum Ended {
    /// The optimum: the value of each column.
    Optimal(Vec<f64>),
    /// Nothing satisfies all rows.
    Infeasible,
    /// The work allowed was not enough: the best that was found, if anything was, and what nothing is below.
    Stopped(Option<Vec<f64>>, f64),
}

/// Simplex iterations that one relaxation may take.
const ITERATIONS: i32 = 200_000;

impl Milp {
    /// A column that is 0 or 1.
    pub fn binary(&mut self, cost: f64) -> Col {
        self.problem.add_integer_column(cost, 0.0..=1.0)
    }

    /// A column between 0 and `most`.
    pub fn share(&mut self, cost: f64, most: f64) -> Col {
        self.problem.add_column(cost, 0.0..=most)
    }

    /// Columns that, each by its factor, add up to `least` or more.
    pub fn at_least(&mut self, least: f64, columns: &[(Col, f64)]) {
        self.entries += columns.len();
        self.problem.add_row(least.., columns.iter().copied());
    }

    /// Columns that add up to `most` or less.
    pub fn at_most(&mut self, most: f64, columns: &[(Col, f64)]) {
        self.entries += columns.len();
        self.problem.add_row(..=most, columns.iter().copied());
    }

    /// Columns that add up to exactly that.
    pub fn exactly(&mut self, sum: f64, columns: &[(Col, f64)]) {
        self.entries += columns.len();
        self.problem.add_row(sum..=sum, columns.iter().copied());
    }

    /// How many factors it has.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Solves it within so many nodes. None where HiGHS could not make anything of it, or nobody waits for it any more.
    pub fn solve(self, nodes: usize) -> Option<Ended> {
        stop::beside(move || self.solved(nodes)).flatten()
    }

    fn solved(self, nodes: usize) -> Option<Ended> {
        let mut model = self.problem.try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        model.try_set_option("parallel", "off").ok()?;
        model.try_set_option("threads", 1).ok()?;
        model.try_set_option("random_seed", 0).ok()?;
        model.try_set_option("mip_rel_gap", 0.0).ok()?;
        model.try_set_option("mip_abs_gap", 1e-9).ok()?;
        model.try_set_option("mip_feasibility_tolerance", 1e-9).ok()?;
        model.try_set_option("mip_max_nodes", i32::try_from(nodes).unwrap_or(i32::MAX)).ok()?;
        model.try_set_option("simplex_iteration_limit", ITERATIONS).ok()?;
        let solved = model.try_solve().ok()?;
        let values = || solved.get_solution().columns().to_vec();
        match solved.status() {
            HighsModelStatus::Optimal => Some(Ended::Optimal(values())),
            HighsModelStatus::Infeasible => Some(Ended::Infeasible),
            _ => {
                let bound = solved.double_info_value(c"mip_dual_bound").ok().filter(|bound| bound.is_finite());
                let found = solved.int_info_value(c"primal_solution_status").is_ok_and(|status| status == 2);
                Some(Ended::Stopped(found.then(values), bound.unwrap_or(f64::NEG_INFINITY)))
            }
        }
    }
}
