//! The guard from outside: what is refused is never connected to, whatever names resolve to and however often they change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crawl_protocol::{FailureClass, Outcome, Page, Task};
use crawl_worker::{Fetcher, FetcherConfig};
use support::names::Names;
use support::{Forbidden, Server, open_response, response, task};
use tokio::net::TcpListener;

const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));
const ALLOWED: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

fn fetcher(allow: &[&str], names: Arc<Names>) -> Fetcher {
    let allow = allow.iter().map(|range| range.parse().unwrap()).collect();
    Fetcher::with_lookup(FetcherConfig { allow, ..FetcherConfig::default() }, names).unwrap()
}

async fn class_of(fetcher: &Fetcher, url: &str) -> FailureClass {
    class(fetcher, &task(url)).await
}

async fn class(fetcher: &Fetcher, task: &Task) -> FailureClass {
    match fetcher.fetch(task).await.record.outcome {
        Outcome::Failure { class, retryable: false, .. } => class,
        other => panic!("{}: {other:?}", task.url),
    }
}

fn permitted(url: &str, ranges: &[&str]) -> Task {
    let mut task = task(url);
    task.fetch.allow_addresses = ranges.iter().map(|range| (*range).to_owned()).collect();
    task
}

#[tokio::test]
async fn a_private_address_is_never_connected_to() {
    let forbidden = Forbidden::listen(PRIVATE, 0);
    let port = forbidden.port();
    let names = Names::that_answer(&[&[PRIVATE]]);
    let fetcher = fetcher(&[], names.clone());
    for host in
        ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "kubernetes.default.svc"]
    {
        let url = format!("http://{host}:{port}/");
        assert_eq!(class_of(&fetcher, &url).await, FailureClass::BlockedAddress, "{url}");
    }
    assert_eq!(names.asked(), 0, "what is refused by name is not even looked up");
    for host in ["example.com", "127.0.0.1.nip.example", "example.com."] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(class_of(&fetcher, &url).await, FailureClass::BlockedAddress, "{url}");
    }
    assert!(names.asked() > 0);
    assert!(forbidden.was_left_alone());
}

#[tokio::test]
async fn of_several_addresses_only_the_admitted_are_used() {
    let listener = TcpListener::bind((ALLOWED, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let forbidden = Forbidden::listen(PRIVATE, port);
    Server::start_on(listener, |_| response("200 OK", "Content-Type: text/html\r\n", b""));
    let fetcher = fetcher(&["127.0.0.2/32"], Names::that_answer(&[&[PRIVATE, ALLOWED]]));
    let outcome = fetcher.fetch(&task(&format!("http://example.com:{port}/"))).await.record.outcome;
    assert!(matches!(outcome, Outcome::Page(Page { status: 200, .. })), "{outcome:?}");
    assert!(forbidden.was_left_alone());
}

#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    let listener = TcpListener::bind((ALLOWED, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let forbidden = Forbidden::listen(PRIVATE, port);
    Server::start_on(listener, |_| response("200 OK", "Content-Type: text/html\r\n", b""));
    let names = Names::that_answer(&[&[ALLOWED], &[PRIVATE]]);
    let fetcher = fetcher(&["127.0.0.2/32"], names.clone());
    let url = format!("http://rebind.example:{port}/");
    let first = fetcher.fetch(&task(&url)).await.record.outcome;
    assert!(matches!(first, Outcome::Page(_)), "{first:?}");
    assert_eq!(names.asked(), 1, "the address that was checked is the one that is connected to");
    assert_eq!(class_of(&fetcher, &url).await, FailureClass::BlockedAddress);
    assert!(forbidden.was_left_alone());
}

#[tokio::test]
async fn a_name_without_addresses_is_a_matter_of_dns() {
    let fetcher = fetcher(&[], Names::that_answer(&[&[]]));
    assert_eq!(class_of(&fetcher, "http://example.com/").await, FailureClass::Dns);
}

#[tokio::test]
async fn a_named_host_reaches_the_users_own_machine() {
    let server = Server::start(|_| response("200 OK", "Content-Type: text/html\r\n", b"<a href=/x>")).await;
    let config = FetcherConfig { allow_hosts: vec!["localhost".into()], ..FetcherConfig::default() };
    let fetcher = Fetcher::new(config).unwrap();
    let url = format!("http://localhost:{}/", server.address.port());
    let outcome = fetcher.fetch(&task(&url)).await.record.outcome;
    assert!(matches!(outcome, Outcome::Page(Page { links: 1, .. })), "{outcome:?}");
    assert_eq!(class_of(&fetcher, &server.url("/")).await, FailureClass::BlockedAddress);
}

#[tokio::test]
async fn what_one_task_may_reach_no_other_finds_open() {
    let server = Server::start(|_| open_response("Content-Type: text/html\r\n", b"")).await;
    let fetcher = fetcher(&[], Names::that_answer(&[&[PRIVATE]]));
    let named = format!("http://example.com:{}/", server.address.port());
    for (url, connections) in [(server.url("/"), 1), (named, 2)] {
        let allowed = permitted(&url, &["127.0.0.1/32"]);
        for attempt in 1..=2 {
            let outcome = fetcher.fetch(&allowed).await.record.outcome;
            assert!(matches!(outcome, Outcome::Page(Page { status: 200, .. })), "{url} {attempt}: {outcome:?}");
            assert_eq!(server.connections(), connections, "{url} {attempt}: the connection stays open");
            let asked = server.requests().len();
            for ranges in [&[][..], &["10.0.0.0/8"], &["127.0.0.2/32", "fd00::/8"]] {
                let class = class(&fetcher, &permitted(&url, ranges)).await;
                assert_eq!(class, FailureClass::BlockedAddress, "{url} {ranges:?}");
            }
            assert_eq!((server.requests().len(), server.connections()), (asked, connections), "{url}: it is not used");
        }
    }
}

#[tokio::test]
async fn what_a_task_may_reach_is_beside_what_the_worker_may() {
    let server = Server::start(|_| response("200 OK", "Content-Type: text/html\r\n", b"")).await;
    let fetcher = fetcher(&["127.0.0.1/32"], Names::that_answer(&[&[PRIVATE]]));
    let outcome = fetcher.fetch(&permitted(&server.url("/"), &["10.0.0.0/8"])).await.record.outcome;
    assert!(matches!(outcome, Outcome::Page(_)), "{outcome:?}");
}

#[tokio::test]
async fn an_internal_name_leads_to_permitted_addresses_only() {
    let server = Server::start(|_| response("200 OK", "Content-Type: text/html\r\n", b"")).await;
    let fetcher = fetcher(&[], Names::that_answer(&[&[PRIVATE]]));
    let url = format!("http://site.default.svc:{}/", server.address.port());
    let outcome = fetcher.fetch(&permitted(&url, &["127.0.0.0/8"])).await.record.outcome;
    assert!(matches!(outcome, Outcome::Page(_)), "{outcome:?}");
    assert_eq!(class(&fetcher, &permitted(&url, &["10.0.0.0/8"])).await, FailureClass::BlockedAddress);
    assert_eq!(class_of(&fetcher, &url).await, FailureClass::BlockedAddress);
}

#[tokio::test]
async fn a_metadata_service_is_not_among_all_addresses() {
    let fetcher = fetcher(&[], Names::that_answer(&[&[IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))]]));
    for url in ["http://169.254.169.254/latest/meta-data/", "http://[::ffff:a9fe:a9fe]/", "http://example.com/"] {
        let task = permitted(url, &["0.0.0.0/0", "::/0"]);
        assert_eq!(class(&fetcher, &task).await, FailureClass::BlockedAddress, "{url}");
    }
}

#[tokio::test]
async fn a_range_that_is_none_is_a_mistake_of_ours() {
    let task = permitted("http://127.0.0.1/", &["127.0.0.1"]);
    let outcome = fetcher(&[], Names::that_answer(&[&[PRIVATE]])).fetch(&task).await.record.outcome;
    let Outcome::Failure { class: FailureClass::Internal, retryable: false, message, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(message, "the task allows \"127.0.0.1\", which is no range of addresses");
}
