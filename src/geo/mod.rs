//! Places: longitude and latitude on the WGS 84 / CGCS2000 ellipsoid, in that order, in degrees; measures in metres.
//!
//! The only room that knows a projection or the size of the earth.

pub mod bbox;
pub mod chainage;
pub mod common;
pub mod cut;
pub mod ellipsoid;
pub mod frame;
pub mod gate;
pub mod gdal;
pub mod geojson;
pub mod hole;
pub mod hull;
pub mod join;
pub mod laid;
pub mod linear;
pub mod measure;
pub mod mercator;
pub mod nearby;
pub mod reference;
pub mod rivals;
pub mod shape;
pub mod sight;
pub mod split;
pub mod strip;
pub mod voronoi;
pub mod wkb;
