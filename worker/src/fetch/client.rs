//! The HTTP client: what it is allowed to do is decided here, once.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::ClientConfig;

use super::proxy::{Proxy, ProxyError};
use super::resolver::GuardedResolver;
use super::roots::RootsError;

/// Time for a connection including TLS. The whole fetch has the task's own limit.
pub(super) const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long an unused connection is kept. Several workers take turns with a host, and a polite crawl asks it once in a while;
/// many servers keep theirs for 60 to 75 s.
const IDLE_AT_MOST: Duration = Duration::from_secs(75);
/// Unused connections kept of one host: as many as are asked of it at a time.
const IDLE_PER_HOST: usize = 16;
/// Header lines of a response.
const HEADERS_AT_MOST: usize = 128;
/// Bytes of all header lines of an HTTP/2 response. For HTTP/1.1 hyper has a limit of its own, about 400 KB.
const HEADER_BYTES_AT_MOST: u32 = 64 * 1024;

/// What an HTTP/2 server may send ahead of what is read, of one response and of all on one connection: memory that strangers
/// fill. It holds a usual page.
const HTTP2_AHEAD: u32 = 128 * 1024;

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The certificates that were given cannot be trusted.
    #[error("cannot trust the given certificates")]
    Roots(#[source] RootsError),
    /// The proxy cannot be used.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// TLS cannot be set up.
    #[error("cannot set up TLS")]
    Tls(#[source] rustls::Error),
    /// The client cannot be built.
    #[error("cannot build the HTTP client")]
    Client(#[source] reqwest::Error),
}

/// Builds the client. Redirects are records, not hops; a proxy from the environment would be nobody's decision.
pub(super) fn build(
    resolver: GuardedResolver,
    tls: ClientConfig,
    proxy: Option<&Proxy>,
) -> Result<Client, FetcherError> {
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(resolver))
        .redirect(Policy::none())
        // It would ask again by itself where an HTTP/2 server refuses a stream: another attempt is the operator's to make.
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_WITHIN)
        .pool_idle_timeout(IDLE_AT_MOST)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .http1_max_headers(HEADERS_AT_MOST)
        .http2_max_header_list_size(HEADER_BYTES_AT_MOST)
        .http2_initial_stream_window_size(HTTP2_AHEAD)
        .http2_initial_connection_window_size(HTTP2_AHEAD);
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy.for_client()?),
        None => builder,
    };
    builder.build().map_err(FetcherError::Client)
}
