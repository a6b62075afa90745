//! Sealed headers: request headers in a task that only operator and workers can read, and only for that task's crawl and URL.
//!
//! This crate is responsible for the form that PROTOCOL.md describes, and nothing else: it does no I/O but to ask the system
//! for random bytes, knows no task, and decides neither which headers there are nor where they go. What it was given never
//! shows in a message or in `Debug`.

mod key;

use std::collections::BTreeMap;

pub use key::{Key, KeyError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, NONCE_LEN, Nonce};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Names of headers, each with its value.
pub type Headers = BTreeMap<String, String>;

/// Headers could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The system has no random numbers.
    #[error("no random numbers")]
    Random,
    /// They are longer than the cipher takes.
    #[error("the headers are too long to be sealed")]
    TooLong,
}

/// A text that cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not base64, or shorter than a nonce and a tag.
    #[error("the text is no sealed text")]
    Malformed,
    /// Another key, another crawl, another URL, or a changed text: which of them, nobody can know.
    #[error("the text was sealed with another key, for another URL, or was changed")]
    Foreign,
    /// What was sealed is no JSON object of texts.
    #[error("what was sealed are no headers")]
    Content,
}

impl Key {
    /// Seals headers for one URL of one crawl. The same headers come out differently each time.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn seal(&self, crawl: &str, url: &str, headers: &Headers) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| SealError::Random)?;
        // A map of texts always encodes.
        let mut text = serde_json::to_vec(headers).unwrap_or_default();
        let (bound, once) = (bound(crawl, url), Nonce::assume_unique_for_key(nonce));
        self.cipher().seal_in_place_append_tag(once, bound, &mut text).map_err(|_| SealError::TooLong)?;
        Ok(STANDARD.encode([nonce.as_slice(), &text].concat()))
    }

    /// Opens what was sealed for this URL of this crawl.
    ///
    /// # Errors
    /// When it was not sealed so, or not with this key.
    pub fn open(&self, crawl: &str, url: &str, sealed: &str) -> Result<Headers, OpenError> {
        let mut bytes = STANDARD.decode(sealed).map_err(|_| OpenError::Malformed)?;
        let (nonce, text) = bytes.split_first_chunk_mut::<NONCE_LEN>().ok_or(OpenError::Malformed)?;
        if text.len() < self.cipher().algorithm().tag_len() {
            return Err(OpenError::Malformed);
        }
        let once = Nonce::assume_unique_for_key(*nonce);
        let plain = self.cipher().open_in_place(once, bound(crawl, url), text).map_err(|_| OpenError::Foreign)?;
        serde_json::from_slice(plain).map_err(|_| OpenError::Content)
    }
}

/// What a sealed text is for. A uid holds no NUL, so no two pairs look the same.
fn bound(crawl: &str, url: &str) -> Aad<Vec<u8>> {
    Aad::from([crawl.as_bytes(), b"\0", url.as_bytes()].concat())
}

#[cfg(test)]
mod tests;
