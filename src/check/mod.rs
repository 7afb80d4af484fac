//! Cross-foot (勾稽): figures that have to agree, and things that cannot be. Each check is data (`maps/checks`); what breaks
//! one is named, record by record.

mod declared;
mod finding;
mod form;
mod reason;

pub use declared::{Check, Form, Named, Sequence, all};
pub use finding::{Break, Count, Finding};
pub use form::run;
