//! Wired when the doors are in.
fn main() {}
