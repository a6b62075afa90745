//! The key: 32 random bytes, kept as text so that any editor and any tool for Secrets carries it unharmed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{CHACHA20_POLY1305, LessSafeKey, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::SealError;

const BYTES: usize = 32;

/// Seals and opens.
pub struct Key(LessSafeKey);

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a task key, which is {BYTES} random bytes in base64, as openssl rand -base64 {BYTES} prints them")]
pub struct KeyError;

impl Key {
    /// A new key's text: what its file holds.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn random_text() -> Result<String, SealError> {
        let mut bytes = [0; BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_| SealError::Random)?;
        Ok(STANDARD.encode(bytes))
    }

    /// Reads a key's text; white space round it, as files have it at their end, is no part of it.
    ///
    /// # Errors
    /// When it is no key. The error does not repeat the text.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| KeyError)?;
        UnboundKey::new(&CHACHA20_POLY1305, &bytes).map(|key| Self(LessSafeKey::new(key))).map_err(|_| KeyError)
    }

    pub(crate) fn cipher(&self) -> &LessSafeKey {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}
