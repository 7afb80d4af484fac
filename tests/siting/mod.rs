//! Where the next facilities go: optima of others, optima of brute force, and small maps worked out by hand.

mod by_hand;
mod optima;
mod tiny;
