//! One import at a time into a map.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::fault::Fault;

/// Held while a map is imported into; the operating system lets go of it when the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the map in `dir`.
    ///
    /// # Errors
    /// `import-busy` when another process holds it.
    pub fn take(dir: &Path) -> Result<Self, Fault> {
        let path = dir.join(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Fault::busy("import-busy").with("map", dir.display())),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
