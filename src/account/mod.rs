//! Who asks, and what they may: accounts, roles and areas; passwords, sessions and tokens; what is kept from whom.
//!
//! A door asks [`Accounts`] who somebody is and gets a [`Principal`]. With the map's villages and grid cells as they are
//! today a principal has [`Rights`]: what they may write, and the [`Sight`] that they have of what is personal.

mod accounts;
mod keeping;
mod mask;
mod password;
mod principal;
mod rights;
mod role;
mod scope;
mod secret;
mod throttle;

pub use accounts::{Accounts, Credentials, Export, NewAccount, WHOLE_S as SESSION_S};
pub use mask::{HIDDEN, Masked, Seen, Terms, coarse, hide, mask};
pub use password::generate as generate_password;
pub use principal::{Account, Principal};
pub use rights::{Rights, Sight};
pub use role::Role;
pub use scope::{Places, Scope};
