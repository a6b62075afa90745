//! Fetchers that go through a proxy, and what they come to.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use crawl_protocol::{FailureClass, Outcome, Page};
use crawl_worker::fetch::Proxy;
use crawl_worker::{Fetcher, FetcherConfig};

use super::names::Names;
use super::proxy::TestProxy;
use super::tls::Authority;
use super::{Server, response, task};

pub(crate) const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(93, 184, 215, 14));
pub(crate) const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));

/// Nobody listens on this privileged port.
pub(crate) const NOBODY: &str = "127.0.0.1:2";

/// What a server says that does not speak TLS.
pub(crate) const NO_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\r\n";

/// A file that is gone when the test is over.
pub(crate) struct File(pub(crate) PathBuf);

impl File {
    pub(crate) fn with(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("crawl-test-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(crate) fn through(proxy: Proxy, names: Arc<Names>) -> Fetcher {
    allowing(&[], proxy, names)
}

pub(crate) fn allowing(ranges: &[&str], proxy: Proxy, names: Arc<Names>) -> Fetcher {
    let allow = ranges.iter().map(|range| range.parse().unwrap()).collect();
    let config = FetcherConfig { allow, proxy: Some(proxy), ..FetcherConfig::default() };
    Fetcher::with_lookup(config, names).unwrap()
}

pub(crate) fn at(scheme: &str, proxy: &TestProxy) -> Proxy {
    Proxy::new(&format!("{scheme}://{}", proxy.address)).unwrap()
}

pub(crate) async fn server() -> Server {
    Server::start(|_| response("200 OK", "Content-Type: text/html\r\n", b"<a href=/x>x</a>")).await
}

pub(crate) async fn outcome(fetcher: &Fetcher, url: &str) -> Outcome {
    fetcher.fetch(&task(url)).await.record.outcome
}

#[track_caller]
pub(crate) fn assert_page(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Page(Page { status: 200, links: 1, .. })), "{outcome:?}");
}

/// Class, message, verdict.
#[track_caller]
pub(crate) fn failure(outcome: Outcome) -> (FailureClass, String, bool) {
    match outcome {
        Outcome::Failure { class, message, retryable, .. } => (class, message, retryable),
        other => panic!("no failure: {other:?}"),
    }
}

/// A fetcher that trusts an authority, for its proxy too.
pub(crate) fn trusting(authority: &Authority, proxy: Proxy) -> Fetcher {
    let config = FetcherConfig { roots: vec![authority.certificate()], proxy: Some(proxy), ..FetcherConfig::default() };
    Fetcher::with_lookup(config, Names::that_answer(&[&[PUBLIC]]).and("proxy.corp", PRIVATE)).unwrap()
}
