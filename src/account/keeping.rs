//! Who keeps the accounts: adding them, changing and disabling them, their tokens, and reading the log.

use super::accounts::{Accounts, NewAccount, note, now, now_s};
use crate::account::{Principal, password, secret};
use crate::fault::Fault;
use crate::store::{AccountRecord, AuditRecord, TokenRecord};

/// The longest name of an account or a token, characters.
const LONGEST_NAME: usize = 64;
/// Where the command line says that it comes from.
const CLI: &str = "cli";

impl Accounts {
    /// The accounts, in the order of their names.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn all(&self) -> Result<Vec<AccountRecord>, Fault> {
        let mut all: Vec<_> = self.open()?.map(|open| open.records.values().cloned().collect()).unwrap_or_default();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Adds an account.
    ///
    /// # Errors
    /// `account-name`, `account-exists`, `account-without-area`, and what is wrong with the password.
    pub fn add(&self, new: NewAccount) -> Result<(), Fault> {
        check_name(&new.name)?;
        if new.role.in_areas() && new.villages.is_empty() && new.cells.is_empty() {
            return Err(Fault::invalid("account-without-area").with("role", new.role.word()));
        }
        password::check(&new.name, &new.password)?;
        let book = self.book()?;
        let record = AccountRecord {
            role: new.role.word().to_owned(),
            password: password::hash(&new.password)?,
            disabled: false,
            created_at: now(),
            name: new.name,
            villages: new.villages,
            cells: new.cells,
        };
        if !book.add(&record)? {
            return Err(Fault::conflict("account-exists").with("account", &record.name));
        }
        note(&book, "account-added", Principal::LOCAL, CLI, &record.name)
    }

    /// Gives an account another password; its sessions end.
    ///
    /// # Errors
    /// `account-unknown`, and what is wrong with the password.
    pub fn set_password(&self, name: &str, password: &str) -> Result<(), Fault> {
        let record = self.record(name)?;
        password::check(&record.name, password)?;
        let book = self.book()?;
        book.set_password(&record.name, &password::hash(password)?)?;
        note(&book, "password-changed", Principal::LOCAL, CLI, &record.name)
    }

    /// Lets an account in no longer, or again; its sessions end either way.
    ///
    /// # Errors
    /// `account-unknown`.
    pub fn set_disabled(&self, name: &str, disabled: bool) -> Result<(), Fault> {
        let record = self.record(name)?;
        let book = self.book()?;
        book.set_disabled(&record.name, disabled)?;
        let action = if disabled { "account-disabled" } else { "account-enabled" };
        note(&book, action, Principal::LOCAL, CLI, &record.name)
    }

    /// Makes a token for an account, good for so many days (None: until it is revoked). It is shown this once.
    ///
    /// # Errors
    /// `account-unknown`, `token-exists`, `account-name` for a name that no token may have.
    pub fn add_token(&self, account: &str, name: Option<&str>, days: Option<u32>) -> Result<(String, String), Fault> {
        let record = self.record(account)?;
        let book = self.book()?;
        let taken: Vec<String> = book.tokens()?.into_iter().map(|token| token.name).collect();
        let free = || (1..).map(|n| format!("{}-{n}", record.name)).find(|name| !taken.contains(name));
        let name = name.map(str::to_owned).or_else(free).unwrap_or_default();
        check_name(&name)?;
        let token = secret::token()?;
        let expires_at = days.map(|days| now_s() + i64::from(days) * 24 * 3600);
        let kept = TokenRecord { name: name.clone(), account: record.name.clone(), created_at: now(), expires_at };
        if !book.add_token(&secret::digest(&token), &kept)? {
            return Err(Fault::conflict("token-exists").with("token", name));
        }
        note(&book, "token-added", Principal::LOCAL, CLI, &format!("{} {name}", record.name))?;
        Ok((name, token))
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// `token-unknown`.
    pub fn revoke(&self, name: &str) -> Result<(), Fault> {
        let book = self.open()?.map(|open| open.book);
        let unknown = || Fault::not_found("token-unknown").with("token", name);
        let book = book.ok_or_else(unknown)?;
        let account = book.revoke(name)?.ok_or_else(unknown)?;
        note(&book, "token-revoked", Principal::LOCAL, CLI, &format!("{account} {name}"))
    }

    /// The tokens.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn tokens(&self) -> Result<Vec<TokenRecord>, Fault> {
        self.open()?.map_or_else(|| Ok(Vec::new()), |open| open.book.tokens())
    }

    /// The last lines of the audit log, oldest first.
    ///
    /// # Errors
    /// What the file does not yield.
    pub fn audit(&self, most: i64) -> Result<Vec<AuditRecord>, Fault> {
        self.open()?.map_or_else(|| Ok(Vec::new()), |open| open.book.audit(most))
    }

    fn record(&self, name: &str) -> Result<AccountRecord, Fault> {
        let found = self.open()?.and_then(|open| open.records.get(&name.to_lowercase()).cloned());
        found.ok_or_else(|| Fault::not_found("account-unknown").with("account", name))
    }
}

/// Names are written into the ledger and read aloud: letters and digits of any script, and a few signs between them.
fn check_name(name: &str) -> Result<(), Fault> {
    let spelled = name.chars().all(|c| c.is_alphanumeric() || "-_.@".contains(c));
    let opens = name.chars().next().is_some_and(char::is_alphanumeric);
    let reserved = [Principal::LOCAL, "anonymous", "import"].iter().any(|taken| name.eq_ignore_ascii_case(taken));
    if !spelled || !opens || reserved || name.chars().count() > LONGEST_NAME {
        return Err(Fault::invalid("account-name").with("account", name));
    }
    Ok(())
}
