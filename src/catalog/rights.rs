//! Rights on the map as it is today: whose ground is where, read off the layers of villages and grid cells.

use std::sync::Arc;

use crate::account::{Account, Places, Principal, Rights, Scope};
use crate::catalog::Catalog;
use crate::collection::{Collection, Revision};
use crate::fault::Fault;
use crate::layer::Layer;
use crate::units::AsOf;

/// The areas of an account: villages, then grid cells.
pub type Areas = (Vec<String>, Vec<String>);

impl Places for Catalog {
    fn layers_of(&self, kind: &str) -> Result<Vec<Arc<Layer>>, Fault> {
        let infos = self.state().infos.clone();
        let names = infos.iter().filter(|info| info.kind.id == kind).map(|info| info.name.as_str());
        names.map(|name| self.layer(name, AsOf::NOW)).collect()
    }
}

impl Catalog {
    /// What a principal may do, on the map as it is today.
    ///
    /// # Errors
    /// What the store could not do.
    pub fn rights(&self, principal: &Principal) -> Result<Rights, Fault> {
        let scope = match principal.account().filter(|account| account.role.in_areas()) {
            Some(account) => Some(self.scope(account)?),
            None => None,
        };
        Ok(Rights::new(principal.clone(), scope))
    }

    /// The ground of an account, kept as long as the layers that say where it is are the same.
    fn scope(&self, account: &Account) -> Result<Arc<Scope>, Fault> {
        let mut layers = self.layers_of("village")?;
        layers.extend(self.layers_of("grid_cell")?);
        let revisions: Vec<Revision> = layers.iter().map(|layer| layer.revision()).collect();
        let key = (account.villages.clone(), account.cells.clone());
        if let Some((_, scope)) = self.state().scopes.get(&key).filter(|(read, _)| *read == revisions) {
            return Ok(scope.clone());
        }
        let scope = Arc::new(Scope::of(account, self)?);
        self.state().scopes.put(key, (revisions, scope.clone()), |_| false, |_| 0);
        Ok(scope)
    }
}
