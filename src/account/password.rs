//! Passwords: argon2id with the parameters that OWASP names (19 MiB, two passes, one lane), kept as PHC strings.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::account::secret;
use crate::fault::Fault;

/// The fewest characters of a password.
const FEWEST: usize = 10;
/// The most bytes of one: more is work for nothing.
const MOST: usize = 1024;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Letters and digits that are not mistaken for each other when they are read out.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Whether a password will do for an account.
///
/// # Errors
/// `password-short`, `password-long`, `password-is-name`.
pub fn check(name: &str, password: &str) -> Result<(), Fault> {
    if password.len() > MOST {
        return Err(Fault::invalid("password-long").with("max", MOST));
    }
    if password.chars().count() < FEWEST {
        return Err(Fault::invalid("password-short").with("min", FEWEST));
    }
    let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
    if plain(password) == plain(name) {
        return Err(Fault::invalid("password-is-name"));
    }
    Ok(())
}

/// A password that nobody can guess: a hundred bits, in four groups.
///
/// # Errors
/// `internal` where the machine has no randomness to give.
pub fn generate() -> Result<String, Fault> {
    let bytes = secret::random::<20>()?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    Ok(letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Fault::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, with a salt of its own.
pub fn hash(password: &str) -> Result<String, Fault> {
    let salt = SaltString::encode_b64(&secret::random::<16>()?).map_err(Fault::internal)?;
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(Fault::internal)?.to_string())
}

/// The hash of a password that nobody has.
static NOBODYS: LazyLock<Result<String, Fault>> = LazyLock::new(|| hash(&secret::session()?));

/// Whether the password is the one of the hash. Without a hash the work is the same, and the answer no: how long it takes
/// does not tell whether there is such an account.
pub fn verify(password: &str, kept: Option<&str>) -> Result<bool, Fault> {
    let nobodys = NOBODYS.as_ref().map_err(Clone::clone)?;
    let phc = PasswordHash::new(kept.unwrap_or(nobodys)).map_err(Fault::internal)?;
    // Longer ones are not set: cut, they cost no more than others, and match none.
    let fits = password.len() <= MOST;
    let tried = if fits { password.as_bytes() } else { &password.as_bytes()[..MOST] };
    let same = argon2()?.verify_password(tried, &phc).is_ok();
    Ok(same && fits && kept.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_as_owasp_names_it_and_knows_its_password_only() {
        let kept = hash("a long enough one").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, hash("a long enough one").unwrap(), "a salt of its own");
        assert_eq!(verify("a long enough one", Some(&kept)), Ok(true));
        assert_eq!(verify("a long enough onE", Some(&kept)), Ok(false));
        assert_eq!(verify("a long enough one", None), Ok(false));
        assert_eq!(verify(&"x".repeat(5000), Some(&kept)), Ok(false));
    }

    #[test]
    fn short_ones_and_the_name_itself_are_refused() {
        let code = |name: &str, password: &str| check(name, password).map_err(|fault| fault.code());
        assert_eq!(code("wang", "123456789"), Err("password-short"));
        assert_eq!(code("wang xiaoming", "Wang Xiaoming"), Err("password-is-name"));
        assert_eq!(code("wang", &"x".repeat(2000)), Err("password-long"));
        assert_eq!(code("wang", "十个字的口令也足够长了"), Ok(()));
        let made = generate().unwrap();
        assert!(made.len() == 23 && check("wang", &made).is_ok(), "{made}");
    }
}
