//! Answers that are likely to be asked for again: a reader who walks through pages asks the same question at each.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::query::Query;

/// Questions that a table keeps the answers of: as many readers as are likely to page through one collection at a time. Each
/// takes 4 bytes a row.
const AT_ONCE: usize = 4;

/// The rows that match questions, in their order; gone with the table, and so with its revision.
#[derive(Default)]
pub(super) struct Kept(Mutex<VecDeque<(Query, Arc<[u32]>)>>);

impl Kept {
    /// What is known of a question.
    pub fn find(&self, question: &Query) -> Option<Arc<[u32]>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|(known, _)| known == question)?;
        // The one asked last stands first, and the one asked longest ago gives way.
        let found = all.remove(at)?;
        let rows = found.1.clone();
        all.push_front(found);
        Some(rows)
    }

    /// Keeps the answer to a question.
    pub fn keep(&self, question: Query, rows: &Arc<[u32]>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().all(|(known, _)| *known != question) {
            all.push_front((question, rows.clone()));
            all.truncate(AT_ONCE);
        }
    }
}
