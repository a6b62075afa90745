//! Passwords: made of random bytes, and hashed as RabbitMQ wants them in definitions.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{Context, SHA256};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::BootstrapError;

const SALT_BYTES: usize = 4;

/// 24 random bytes as 32 characters that need no escaping anywhere.
pub(super) fn random() -> Result<String, BootstrapError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<24>()?))
}

/// `rabbit_password_hashing_sha256`: base64 of the salt and of SHA-256 over salt and password.
pub(super) fn hash(password: &str) -> Result<String, BootstrapError> {
    Ok(STANDARD.encode(salted(bytes::<SALT_BYTES>()?, password)))
}

/// Whether a hash is one of this password.
pub(super) fn matches(hash: &str, password: &str) -> bool {
    let Ok(stored) = STANDARD.decode(hash) else { return false };
    let salt = stored.first_chunk::<SALT_BYTES>();
    salt.is_some_and(|salt| salted(*salt, password) == stored)
}

fn salted(salt: [u8; SALT_BYTES], password: &str) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(&salt);
    context.update(password.as_bytes());
    [salt.as_slice(), context.finish().as_ref()].concat()
}

fn bytes<const N: usize>() -> Result<[u8; N], BootstrapError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| BootstrapError::Random)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_different_and_plain() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
        assert!(one.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{one}");
    }

    #[test]
    fn the_hash_is_what_rabbitmq_computes() {
        // The example of RabbitMQ's documentation on passwords: "test12" with salt 908D C60A.
        let documented = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR";
        assert!(matches(documented, "test12"));
        assert!(!matches(documented, "test13"));
    }

    #[test]
    fn hashes_are_salted_and_match_their_password() {
        let (one, other) = (hash("secret").unwrap(), hash("secret").unwrap());
        assert_ne!(one, other);
        assert!(matches(&one, "secret") && matches(&other, "secret"));
        assert!(!matches("", "secret") && !matches("%", "secret"));
    }
}
