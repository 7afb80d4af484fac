//! Vector tiles of any collection: from a table and the address of a tile to Mapbox Vector Tile 2.1 bytes.
//!
//! A tile has 4096 units a side, eight to a pixel of the 512 that it is drawn in. All vertices go to one grid, half a pixel
//! wide (a unit on the last zoom), and every border that passes through a cell with somebody's vertex goes through the middle
//! of that cell ([`snap`], snap rounding): what neighbours share stays shared, and nothing crosses that did not. It is worked
//! out for each tile from what lies there, so an edit is in the next tile asked for. What is too dense is thinned by one rule
//! ([`thin`]), and what was left out is said.

mod areas;
mod cache;
mod clip;
mod draw;
mod joints;
mod lines;
mod matrix;
mod mvt;
mod pack;
mod plan;
mod rings;
mod snap;
mod thin;

pub use cache::{Tile, Tiles};
pub use draw::{Drawn, draw};
pub use matrix::{BUFFER, EXTENT, Limits, MAX_ZOOM, PIXEL, TileId};
pub use mvt::LEFT_OUT;
pub use plan::Plan;
pub use thin::{CELL_PIXELS, Laid};
