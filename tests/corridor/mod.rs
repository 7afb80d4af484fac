//! Roads by their chainage: held against PostGIS and a brute force, against fixtures worked out by hand, and against the addresses
//! that the demonstration town's ledgers give.

mod fixture;
mod hairpin;
mod oracle;
mod town;
