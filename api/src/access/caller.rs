//! Who asks: a token, or nobody.

use std::fmt;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error::Problem;

/// A token of the cluster. It is shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(HeaderValue);

impl Token {
    /// The header that carries it to the API server.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// What it is remembered by.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, self.0.as_bytes()).as_ref());
        digest
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Token(…)")
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Whoever has this token.
    Token(Token),
    /// Anyone.
    Anonymous,
}

impl Caller {
    /// Reads `Authorization: Bearer T`; the word Bearer may be missing.
    ///
    /// # Errors
    /// When there is such a header, and no token in it.
    pub fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = given.next() else { return Ok(Self::Anonymous) };
        let wrong = || Problem::new(StatusCode::UNAUTHORIZED, "write Authorization: Bearer <a token of the cluster>");
        let text = value.to_str().map_err(|_| wrong())?.trim();
        let token = match text.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            Some(_) => return Err(wrong()),
            None if text.eq_ignore_ascii_case("bearer") => return Err(wrong()),
            None => text,
        };
        let spoken = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        if token.is_empty() || given.next().is_some() || !token.chars().all(spoken) {
            return Err(wrong());
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| wrong())?;
        header.set_sensitive(true);
        Ok(Self::Token(Token(header)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn caller(authorization: &str) -> Result<Caller, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        Caller::of(&headers)
    }

    #[test]
    fn a_token_comes_with_the_word_bearer_or_without() {
        assert_eq!(Caller::of(&HeaderMap::new()).unwrap(), Caller::Anonymous);
        let first = caller("Bearer abc.d-_").unwrap();
        for same in ["bearer abc.d-_", "abc.d-_", "Bearer  abc.d-_ "] {
            assert_eq!(caller(same).unwrap(), first, "{same}");
        }
        assert_ne!(caller("abc").unwrap(), first);
    }

    #[test]
    fn what_is_no_token_is_refused_without_repeating_it() {
        for wrong in ["", "Bearer ", "Basic c2VjcmV0", "Bearer sec ret", "sec\"ret"] {
            let problem = caller(wrong).unwrap_err();
            assert_eq!(problem.status, StatusCode::UNAUTHORIZED);
            assert!(!problem.detail.contains("c2V") && !problem.detail.contains("sec"), "{problem:?}");
        }
        assert!(!format!("{:?}", caller("Bearer secret").unwrap()).contains("secret"));
    }
}
