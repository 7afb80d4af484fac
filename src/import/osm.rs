//! OpenStreetMap.
