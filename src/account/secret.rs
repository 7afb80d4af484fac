//! Secrets that are made here, and their digests: what is kept opens no door.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::fault::Fault;

/// What a token begins with, so that it is known for one where it turns up.
const TOKEN: &str = "xt_";

/// Bytes that nobody can guess.
///
/// # Errors
/// `internal` where the machine has none to give.
pub fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Fault::internal)?;
    Ok(bytes)
}

/// A new session's secret, as its cookie has it.
pub fn session() -> Result<String, Fault> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A new token.
pub fn token() -> Result<String, Fault> {
    Ok(format!("{TOKEN}{}", URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// What is kept of a secret. It has 256 bits of chance in it, so that a plain digest cannot be searched.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_secrets_are_alike_and_a_digest_shows_none() {
        let (a, b) = (token().unwrap(), token().unwrap());
        assert_ne!(a, b);
        assert!(a.starts_with("xt_") && a.len() == 46, "{a}");
        assert_eq!(session().unwrap().len(), 43);
        assert_ne!(digest(&a), digest(&b));
    }
}
