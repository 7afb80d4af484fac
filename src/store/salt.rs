//! A secret of the map's own, beside its features: what is told of a person's record is salted with it, so that nobody who
//! does not have the store can guess back.

use rusqlite::{Connection, OptionalExtension};

use crate::fault::Fault;
use crate::store::Store;

impl Store {
    /// The map's salt; made when it is first asked for.
    ///
    /// # Errors
    /// What the file does not take; `internal` where the machine has no randomness to give.
    pub fn salt(&self) -> Result<[u8; 32], Fault> {
        if let Some(salt) = read(&self.eye())? {
            return Ok(salt);
        }
        let mut db = self.db();
        let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute_batch(include_str!("salt.sql"))?;
        // Another process may have been faster.
        let salt = match read(&transaction)? {
            Some(salt) => salt,
            None => {
                let mut salt = [0; 32];
                getrandom::fill(&mut salt).map_err(Fault::internal)?;
                transaction.execute("INSERT INTO xiangtu_salt (id, salt) VALUES (1, ?1)", [&salt[..]])?;
                salt
            }
        };
        transaction.commit()?;
        Ok(salt)
    }
}

fn read(db: &Connection) -> Result<Option<[u8; 32]>, Fault> {
    let made: i64 =
        db.query_row("SELECT count(*) FROM sqlite_master WHERE name = 'xiangtu_salt'", [], |row| row.get(0))?;
    if made == 0 {
        return Ok(None);
    }
    Ok(db.query_row("SELECT salt FROM xiangtu_salt", [], |row| row.get(0)).optional()?)
}
