//! Features in columns: what every collection is made of, whether stored or derived.

mod altered;
mod ask;
mod column;
mod index;
mod kept;
mod order;
mod patch;
mod pick;
mod rows;
mod time;

pub use ask::Answer;
pub use column::{Column, ColumnBuilder, Ids, Value};
pub use index::Index;
pub use rows::{Builder, Row, Table};
pub use time::TimeColumns;
