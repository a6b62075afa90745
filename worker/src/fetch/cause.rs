//! From the errors of the HTTP client to their causes.
//!
//! What stands in a message is ours alone: nothing that a server or a proxy sent, and no secret.

use std::error::Error;
use std::io;
use std::iter;

use crawl_protocol::FailureClass;
use url::Url;

use super::classify::Failure;
use super::client::CONNECT_WITHIN;
use super::clients::Via;
use super::decoding::Undecodable;
use super::guard::Blocked;
use super::handshake;
use super::resolver::{LookupError, NoProxy};

impl Failure {
    /// Why a request to `url` has no response.
    pub(super) fn unanswered(error: &reqwest::Error, url: &Url, via: Via) -> Self {
        if let Some(blocked) = find::<Blocked>(error) {
            return blocked.clone().into();
        }
        if let Some(lookup) = find::<LookupError>(error) {
            return lookup.into();
        }
        if let Some(failure) = (via == Via::Proxy).then(|| proxy(error, url)).flatten() {
            return failure;
        }
        if let Some(tls) = find::<rustls::Error>(error) {
            return handshake::failed(tls);
        }
        if error.is_builder() {
            return Self::invalid_url("this URL cannot be requested");
        }
        if error.is_connect() {
            return connect(error, url);
        }
        error.into()
    }
}

/// Why a response broke off, or was none.
impl From<&reqwest::Error> for Failure {
    fn from(error: &reqwest::Error) -> Self {
        if let Some(tls) = find::<rustls::Error>(error) {
            return handshake::failed(tls);
        }
        let transport = |retryable, message| Self::new(FailureClass::Transport, retryable, message);
        let Some(http) = find::<hyper::Error>(error) else {
            return transport(true, "the connection broke");
        };
        if http.is_parse_too_large() {
            return transport(false, "the response has too many headers, or too long ones");
        }
        if http.is_parse() {
            return transport(true, "what came was not HTTP");
        }
        match find::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionReset) => transport(true, "the server reset the connection"),
            Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                transport(true, "the chunks of the body are broken")
            }
            _ => transport(true, "the server broke off before the response was complete"),
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        (&error).into()
    }
}

/// Why there is no connection to a server.
fn connect(error: &reqwest::Error, url: &Url) -> Failure {
    if error.is_timeout() {
        return no_connection(format!("no connection within {} s", CONNECT_WITHIN.as_secs()));
    }
    // What fails behind the connection's opening is the handshake.
    if url.scheme() == "https" && !says(error, "tcp connect error") {
        return handshake::broke_off();
    }
    no_connection(match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "the server refused the connection".to_owned(),
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
            "there is no way to the server".to_owned()
        }
        Some(kind) => format!("no connection: {kind}"),
        None => "no connection".to_owned(),
    })
}

/// What is the proxy's fault, or what it says of the server. `None` where it did its part.
fn proxy(error: &reqwest::Error, url: &Url) -> Option<Failure> {
    if find::<NoProxy>(error).is_some() {
        return Some(no_connection("no connection to the proxy: its name could not be looked up"));
    }
    if !error.is_connect() {
        return None;
    }
    if error.is_timeout() {
        return Some(no_connection(format!("no connection through the proxy within {} s", CONNECT_WITHIN.as_secs())));
    }
    let (tunnel, socks) = (said(error, "tunnel error: "), said(error, "SOCKS error: "));
    match (tunnel.as_deref(), socks.as_deref()) {
        (Some("proxy authorization required"), _)
        | (_, Some("credentials not accepted" | "server does not support user/pass authentication")) => {
            Some(Failure::proxy_credentials())
        }
        (Some("unsuccessful"), _) => Some(no_connection("the proxy did not connect to the server")),
        (Some("failed to create underlying connection"), _) => Some(no_proxy(error)),
        (_, Some("failed to create underlying connection")) => Some(no_connection("no connection to the proxy")),
        (_, Some("connection not allowed")) => Some(no_connection("the proxy does not allow this connection")),
        (_, Some(status)) if SOCKS_STATUSES.contains(&status) => {
            Some(no_connection(format!("the proxy did not connect to the server: {status}")))
        }
        (Some(_), _) | (_, Some(_)) => Some(no_connection("the proxy broke off, or is none")),
        // A tunnel is there, and what failed is the handshake with the server.
        (None, None) if url.scheme() == "https" => None,
        (None, None) => Some(no_proxy(error)),
    }
}

/// What a SOCKS5 proxy may say of the server, in the words of its library.
const SOCKS_STATUSES: [&str; 6] = [
    "general server failure",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "ttl expired",
    "address type not supported",
];

/// Why there is no connection to an HTTP proxy itself.
fn no_proxy(error: &reqwest::Error) -> Failure {
    no_connection(match (find::<rustls::Error>(error), find::<io::Error>(error)) {
        (Some(tls), _) => format!("no connection to the proxy: {}", handshake::sentence(tls)),
        (_, Some(io)) => format!("no connection to the proxy: {}", io.kind()),
        (None, None) => "no connection to the proxy".to_owned(),
    })
}

fn no_connection(message: impl Into<String>) -> Failure {
    Failure::new(FailureClass::Connect, true, message)
}

/// What is wrong with a body that came whole, as far as the network goes, but cannot be decoded: it will be so again.
pub(super) fn undecodable(error: &reqwest::Error) -> Option<&Undecodable> {
    find(error)
}

/// Whether some cause begins with these words. For causes whose types are not public; `tests/` would notice other words.
fn says(error: &reqwest::Error, words: &str) -> bool {
    said(error, words).is_some()
}

/// What follows these words in the cause that begins with them.
fn said(error: &reqwest::Error, words: &str) -> Option<String> {
    let first: &(dyn Error + 'static) = error;
    let mut causes = iter::successors(Some(first), |error| below(*error));
    causes.find_map(|cause| cause.to_string().strip_prefix(words).map(str::to_owned))
}

/// The cause of a type, however deep.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    iter::successors(Some(error), |error| below(*error)).find_map(|error| error.downcast_ref::<T>())
}

/// The next cause. An `io::Error` hides what it wraps from `source`, so it is opened.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_inside_an_io_error_is_found() {
        let inner = io::Error::other(Blocked::Port { port: 22 });
        let outer = io::Error::other(inner);
        assert_eq!(find::<Blocked>(&outer), Some(&Blocked::Port { port: 22 }));
        assert!(find::<Blocked>(&io::Error::other("x")).is_none());
    }
}
