//! Why there is no connection: names, refusals, silence. Each has a class, a sentence and a verdict.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::net::IpAddr;
use std::sync::Arc;

use crawl_protocol::{FailureClass, Outcome};
use crawl_worker::fetch::{Lookup, LookupError};
use crawl_worker::{Fetcher, FetcherConfig};
use futures::FutureExt;
use futures::future::BoxFuture;
use support::{fetcher, task, within};

/// Name servers that answer in every way but with addresses.
#[derive(Debug)]
struct Broken;

impl Lookup for Broken {
    fn lookup<'a>(&'a self, name: &'a str, _absolute: bool) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        async move {
            let owned = name.to_owned();
            match name {
                "missing.example" => Err(LookupError::NotFound { name: owned }),
                "empty.example" => Ok(Vec::new()),
                "servfail.example" => Err(LookupError::Failed { name: owned, source: "hunter2".into() }),
                "late.example" => Err(LookupError::TimedOut { name: owned }),
                _ => futures::future::pending().await,
            }
        }
        .boxed()
    }
}

/// Class, message, verdict.
#[track_caller]
fn failure(outcome: Outcome) -> (FailureClass, String, bool) {
    match outcome {
        Outcome::Failure { class, message, retryable, status: None, .. } => (class, message, retryable),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn names_fail_in_their_ways() {
    let fetcher = Fetcher::with_lookup(FetcherConfig::default(), Arc::new(Broken)).unwrap();
    for scheme in ["http", "https"] {
        for (name, expected, verdict) in [
            ("missing.example", "the name missing.example does not exist", false),
            ("empty.example", "the name empty.example does not exist", false),
            ("servfail.example", "the name servfail.example could not be looked up", true),
            ("late.example", "the name late.example could not be looked up: no answer in time", true),
        ] {
            let outcome = fetcher.fetch(&task(&format!("{scheme}://{name}/"))).await.record.outcome;
            assert_eq!(failure(outcome), (FailureClass::Dns, expected.to_owned(), verdict));
        }
    }
    let mut slow = task("http://silent.example/");
    slow.fetch.timeout_ms = 200;
    let outcome = within(fetcher.fetch(&slow)).await.record.outcome;
    assert_eq!(failure(outcome), (FailureClass::Timeout, "no complete response within 200 ms".into(), true));
}

#[tokio::test(start_paused = true)]
async fn a_lookup_without_end_is_a_connection_that_does_not_come() {
    let fetcher = Fetcher::with_lookup(FetcherConfig::default(), Arc::new(Broken)).unwrap();
    let outcome = fetcher.fetch(&task("http://silent.example/")).await.record.outcome;
    assert_eq!(failure(outcome), (FailureClass::Connect, "no connection within 10 s".into(), true));
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses() {
    // A privileged port that no service has.
    for url in ["http://127.0.0.1:2/", "https://127.0.0.1:2/"] {
        let outcome = fetcher().fetch(&task(url)).await.record.outcome;
        assert_eq!(
            failure(outcome),
            (FailureClass::Connect, "the server refused the connection".into(), true),
            "{url}"
        );
    }
}

#[tokio::test]
async fn where_there_is_no_way_there_is_none() {
    // No machine connects to all others.
    let allow = vec!["240.0.0.0/4".parse().unwrap()];
    let fetcher = Fetcher::new(FetcherConfig { allow, ..FetcherConfig::default() }).unwrap();
    let mut short = task("http://255.255.255.255/");
    short.fetch.timeout_ms = 2_000;
    let (class, message, retryable) = failure(within(fetcher.fetch(&short)).await.record.outcome);
    assert_eq!((class, retryable), (FailureClass::Connect, true), "{message}");
}

/// A server whose queue is full does not answer at all, as one behind a firewall that drops. The clock goes on when nothing else does.
#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_take_the_connection_is_waited_for_in_bounds() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut kept = Vec::new();
    // Until one finds no place.
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&address, std::time::Duration::from_millis(300)) {
        kept.push(stream);
        assert!(kept.len() < 100, "the queue has no end");
    }
    for scheme in ["http", "https"] {
        let mut asked = task(&format!("{scheme}://{address}/"));
        let outcome = fetcher().fetch(&asked).await.record.outcome;
        assert_eq!(failure(outcome), (FailureClass::Connect, "no connection within 10 s".into(), true));
        asked.fetch.timeout_ms = 500;
        let outcome = fetcher().fetch(&asked).await.record.outcome;
        assert_eq!(failure(outcome), (FailureClass::Timeout, "no complete response within 500 ms".into(), true));
    }
}

/// A server that takes the connection and never says anything in the handshake.
#[tokio::test(start_paused = true)]
async fn a_handshake_that_does_not_come_is_a_connection_that_does_not_come() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let outcome = fetcher().fetch(&task(&url)).await.record.outcome;
    assert_eq!(failure(outcome), (FailureClass::Connect, "no connection within 10 s".into(), true));
}
