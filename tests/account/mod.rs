//! Accounts: who may come in, what is kept from whom, and what is written down of it.

mod matrix;
mod probe;
mod sign_in;
pub mod town;
mod writes;
