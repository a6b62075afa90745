//! Why there is no page, sorted into the protocol's classes and said in a sentence.

use std::time::Duration;

use crawl_protocol::FailureClass;
use reqwest::StatusCode;

use super::decoding::Undecodable;
use super::guard::Blocked;
use super::resolver::{LookupError, Unresolved};

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Failure {
    pub(super) class: FailureClass,
    pub(super) message: String,
    pub(super) status: Option<u16>,
    pub(super) retryable: bool,
    pub(super) retry_after: Option<Duration>,
}

impl Failure {
    pub(super) fn new(class: FailureClass, retryable: bool, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), status: None, retryable, retry_after: None }
    }

    pub(super) fn invalid_url(message: impl Into<String>) -> Self {
        Self::new(FailureClass::InvalidUrl, false, message)
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(FailureClass::Internal, false, message)
    }

    pub(super) fn timeout(limit: Duration) -> Self {
        Self::new(FailureClass::Timeout, true, format!("no complete response within {} ms", limit.as_millis()))
    }

    pub(super) fn no_room(waited: Duration) -> Self {
        let message = format!("this worker had no memory for the body for {} s", waited.as_secs());
        Self::new(FailureClass::Internal, true, message)
    }

    /// The proxy said that it does not know us.
    pub(super) fn proxy_credentials() -> Self {
        Self::new(FailureClass::Connect, true, "the proxy does not accept the credentials, or wants some")
    }

    /// The server said no.
    pub(super) fn status(status: StatusCode, retry_after: Option<Duration>) -> Self {
        let reason = status.canonical_reason().unwrap_or_default();
        let message = format!("the server answered {} {reason}", status.as_u16());
        Self {
            status: Some(status.as_u16()),
            retry_after,
            ..Self::new(FailureClass::HttpStatus, is_retryable(status), message.trim_ascii_end())
        }
    }

    /// The server sent us elsewhere, but not to anywhere.
    pub(super) fn redirect(status: StatusCode, why: &str) -> Self {
        let message = format!("the server answered {} {why}", status.as_u16());
        Self { status: Some(status.as_u16()), ..Self::new(FailureClass::HttpStatus, false, message) }
    }
}

/// Whether the same request may be answered differently later.
fn is_retryable(status: StatusCode) -> bool {
    match status.as_u16() {
        408 | 425 | 429 => true,
        501 | 505 => false,
        code => code >= 500,
    }
}

impl From<&LookupError> for Failure {
    fn from(error: &LookupError) -> Self {
        let retryable = !matches!(error, LookupError::NotFound { .. });
        Self::new(FailureClass::Dns, retryable, error.to_string())
    }
}

impl From<&Undecodable> for Failure {
    fn from(undecodable: &Undecodable) -> Self {
        Self::new(FailureClass::Transport, false, undecodable.to_string())
    }
}

impl From<Unresolved> for Failure {
    fn from(unresolved: Unresolved) -> Self {
        match unresolved {
            Unresolved::Lookup(error) => Self::from(&error),
            Unresolved::Blocked(blocked) => blocked.into(),
        }
    }
}

impl From<Blocked> for Failure {
    fn from(blocked: Blocked) -> Self {
        let class = match blocked {
            Blocked::Url { .. } => FailureClass::InvalidUrl,
            Blocked::Host { .. } | Blocked::Addresses { .. } | Blocked::Some { .. } | Blocked::Port { .. } => {
                FailureClass::BlockedAddress
            }
        };
        Self::new(class, false, blocked.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_answers_are_worth_another_attempt() {
        for (code, expected) in [
            (400, false),
            (401, false),
            (404, false),
            (408, true),
            (410, false),
            (425, true),
            (429, true),
            (500, true),
            (501, false),
            (502, true),
            (503, true),
            (505, false),
            (599, true),
        ] {
            let status = StatusCode::from_u16(code).unwrap_or_default();
            assert_eq!(Failure::status(status, None).retryable, expected, "{code}");
        }
    }
}
