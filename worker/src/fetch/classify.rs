//! Why there is no page, sorted into the protocol's classes and said in a sentence.

use std::error::Error;
use std::io;
use std::time::Duration;

use crawl_protocol::FailureClass;
use reqwest::StatusCode;

use super::client::CONNECT_WITHIN;
use super::guard::Blocked;
use super::resolver::LookupError;

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
    fn new(class: FailureClass, retryable: bool, message: impl Into<String>) -> Self {
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

    pub(super) fn undecodable() -> Self {
        Self::new(FailureClass::Transport, false, "the response's content encoding is broken")
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

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        if let Some(blocked) = find::<Blocked>(&error) {
            return blocked.clone().into();
        }
        if let Some(lookup) = find::<LookupError>(&error) {
            let retryable = matches!(lookup, LookupError::Failed { .. });
            return Self::new(FailureClass::Dns, retryable, lookup.to_string());
        }
        if let Some(tls) = find::<rustls::Error>(&error) {
            let retryable = !matches!(tls, rustls::Error::InvalidCertificate(_));
            return Self::new(FailureClass::Tls, retryable, format!("TLS failed: {tls}"));
        }
        if error.is_builder() {
            return Self::invalid_url("this URL cannot be requested");
        }
        if error.is_connect() {
            return Self::new(FailureClass::Connect, true, connect_message(&error));
        }
        Self::new(FailureClass::Transport, true, "the connection broke, or what came was not HTTP")
    }
}

/// Whether a body came whole, as far as the network goes, but cannot be decompressed: it will be so again.
pub(super) fn is_undecodable(error: &reqwest::Error) -> bool {
    find::<hyper::Error>(error).is_none() && error.is_decode()
}

fn connect_message(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no connection within {} s", CONNECT_WITHIN.as_secs());
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "the server refused the connection".to_owned(),
        Some(kind) => format!("no connection: {kind}"),
        None => "no connection".to_owned(),
    }
}

/// The cause of a type, however deep. An `io::Error` hides what it wraps from `source`, so it is opened.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    if let Some(found) = error.downcast_ref::<T>() {
        return Some(found);
    }
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.and_then(|inner| find(inner)).or_else(|| error.source().and_then(find))
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

    #[test]
    fn a_cause_inside_an_io_error_is_found() {
        let inner = io::Error::other(Blocked::Port { port: 22 });
        let outer = io::Error::other(inner);
        assert_eq!(find::<Blocked>(&outer), Some(&Blocked::Port { port: 22 }));
        assert!(find::<Blocked>(&io::Error::other("x")).is_none());
    }
}
