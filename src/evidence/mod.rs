//! Photographs of what was done: kept by their content, looked at before they are kept, never changed.
//!
//! Files alone: `MAP/evidence/ab/<sha256>.jpg`, what is known of it beside it as `.json`, a small picture of it under
//! `evidence/thumb`. A photograph is there once it is whole, on the disk and named: before that nobody is told.

mod camera;
mod folder;
mod picture;

pub use folder::{Evidence, Incoming, Photo, too_large};
pub use picture::{MAX_BYTES, MediaType};
