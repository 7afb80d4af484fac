//! Who asks.

use std::sync::Arc;

use crate::account::Role;
use crate::store::AccountRecord;

/// An account that may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name: the author of what it writes.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Features of village layers that it is responsible for, by id.
    pub villages: Vec<String>,
    /// Features of grid-cell layers that it is responsible for, by id.
    pub cells: Vec<String>,
}

impl Account {
    /// The account of a record; None where its role is none that this version knows.
    pub(super) fn of(record: AccountRecord) -> Option<Self> {
        let AccountRecord { name, role, villages, cells, .. } = record;
        Some(Self { name, role: Role::parse(&role)?, villages, cells })
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Whoever sits at the machine itself, while the map has no accounts: may do everything.
    Local,
    /// Somebody who has signed in, or has shown a token.
    Account(Arc<Account>),
    /// Nobody knows.
    Anonymous,
}

impl Principal {
    /// The name under which `Local` writes. No account can bear it.
    pub const LOCAL: &str = "local";

    /// The author of what they write; empty for nobody.
    pub fn author(&self) -> &str {
        match self {
            Self::Local => Self::LOCAL,
            Self::Account(account) => &account.name,
            Self::Anonymous => "",
        }
    }

    /// The account, where there is one.
    pub fn account(&self) -> Option<&Arc<Account>> {
        match self {
            Self::Account(account) => Some(account),
            Self::Local | Self::Anonymous => None,
        }
    }

    /// What they are; None for nobody. Who sits at the machine is its administrator.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Local => Some(Role::Administrator),
            Self::Account(account) => Some(account.role),
            Self::Anonymous => None,
        }
    }

    /// Whether they write, and read in clear, everywhere.
    pub fn everywhere(&self) -> bool {
        self.role().is_some_and(Role::everywhere)
    }

    /// Whether they may write anywhere at all.
    pub fn may_write(&self) -> bool {
        self.role().is_some_and(|role| role.everywhere() || role.in_areas())
    }
}
