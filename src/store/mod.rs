//! The store: one GeoPackage a map, which keeps features and events. The only room that speaks SQL.
//!
//! The file is opened by SQLite alone, and only through this room: were GDAL, or a plain `File::open`, to open and close it
//! in the same process, every lock that the process holds on it would be gone. Accounts are kept in a file of their own,
//! because the GeoPackage is one that people hand around.

mod accounts;
mod arrival;
mod curve;
mod event;
mod file;
pub mod fold;
mod gpkg;
mod info;
mod load;
mod log;
mod rtree;
mod salt;
mod upgrade;
mod values;
mod versions;
mod write;

pub use accounts::{AccountBook, AccountRecord, AuditRecord, TokenRecord};
pub use arrival::{Arrival, FileMark, Tally};
pub use event::{Draft, Event, Touched, place_in_log};
pub use file::Store;
pub use info::{LOG, LayerInfo, check_layer_name};
pub use versions::History;
pub use write::{Batch, Decide, Refused, Request, Standing, Step, Written};
