//! The guard from outside: what is refused is never connected to, whatever names resolve to and however often they change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crawl_protocol::{FailureClass, Kind, Outcome, Page, Task};
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

/// Spellings of this machine's loopback, with a place for the port.
const LOOPBACK: [&str; 24] = [
    "127.0.0.1:PORT",
    "127.1:PORT",
    "127.0.1:PORT",
    "2130706433:PORT",
    "0x7f000001:PORT",
    "0x7f.1:PORT",
    "0x7F.0.0.0x1:PORT",
    "0177.0.0.1:PORT",
    "017700000001:PORT",
    "127.0.0.1.:PORT",
    "127%2e0%2e0%2e1:PORT",
    "１２７.０.０.１:PORT",
    "127。0。0。1:PORT",
    "0:PORT",
    "0.0.0.0:PORT",
    "[::]:PORT",
    "[::1]:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "[::ffff:7f00:1]:PORT",
    "[::127.0.0.1]:PORT",
    "[64:ff9b::7f00:1]:PORT",
    "[2002:7f00:1::]:PORT",
    "localhost:PORT",
    "LOCALHOST.:PORT",
];

/// Names that mean something inside a network.
const INTERNAL: [&str; 8] = [
    "a.localhost:PORT",
    "printer.local:PORT",
    "kubernetes:PORT",
    "kubernetes.default.svc:PORT",
    "Kubernetes.Default.SVC.Cluster.Local.:PORT",
    "metadata.google.internal:PORT",
    "router.lan:PORT",
    "nas.home.arpa:PORT",
];

#[tokio::test]
async fn a_private_address_is_never_connected_to() {
    let (forbidden, names) = (Forbidden::listen(PRIVATE, 0), Names::that_answer(&[&[PRIVATE]]));
    let (fetcher, port) = (fetcher(&[], names.clone()), forbidden.port().to_string());
    for host in LOOPBACK.iter().chain(&INTERNAL) {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{}/", host.replace("PORT", &port));
            assert_eq!(class_of(&fetcher, &url).await, FailureClass::BlockedAddress, "{url}");
        }
    }
    assert_eq!(names.asked(), 0, "what is refused by name is not even looked up");
    for host in ["example.com", "127.0.0.1.nip.example", "example.com."] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(class_of(&fetcher, &url).await, FailureClass::BlockedAddress, "{url}");
    }
    assert!(names.asked() > 0);
    for url in [format!("http://user@127.0.0.1:{port}/"), format!("ftp://127.0.0.1:{port}/")] {
        assert_eq!(class_of(&fetcher, &url).await, FailureClass::InvalidUrl, "{url}");
    }
    assert!(forbidden.was_left_alone());
}

#[tokio::test]
async fn robots_and_sitemaps_are_guarded_as_pages_are() {
    let (forbidden, names) = (Forbidden::listen(PRIVATE, 0), Names::that_answer(&[&[PRIVATE]]));
    let fetcher = fetcher(&[], names);
    for host in ["127.0.0.1", "localhost", "example.com"] {
        for kind in [Kind::Robots, Kind::Sitemap] {
            let task = Task { kind, ..task(&format!("http://{host}:{}/robots.txt", forbidden.port())) };
            assert_eq!(class(&fetcher, &task).await, FailureClass::BlockedAddress, "{host}");
        }
    }
    assert!(forbidden.was_left_alone());
}

#[tokio::test]
async fn a_redirect_to_what_is_private_is_a_record_and_no_more() {
    let listener = TcpListener::bind((ALLOWED, 0)).await.unwrap();
    let (site, forbidden) = (listener.local_addr().unwrap(), Forbidden::listen(PRIVATE, 0));
    let port = forbidden.port().to_string();
    Server::start_on(listener, move |path| {
        let target = path.trim_start_matches('/');
        response("302 Found", &format!("Location: {}\r\n", String::from_utf8(from_hex(target)).unwrap()), b"")
    });
    let (fetcher, mut redirects) = (fetcher(&["127.0.0.2/32"], Names::that_answer(&[&[PRIVATE]])), 0);
    for host in LOOPBACK.iter().chain(&INTERNAL).chain(&["169.254.169.254:PORT", "user:pw@127.0.0.1:PORT"]) {
        for scheme in ["http:", "https:", ""] {
            let target = format!("{scheme}//{}/x", host.replace("PORT", &port));
            let outcome = fetcher.fetch(&task(&format!("http://{site}/{}", hex(&target)))).await.record.outcome;
            let Outcome::Redirect { status: 302, location } = outcome else { panic!("{target}: {outcome:?}") };
            // What the record says is refused when it is a task of its own.
            assert_eq!(class_of(&fetcher, &location).await, FailureClass::BlockedAddress, "{location}");
            redirects += 1;
        }
    }
    assert_eq!(redirects, 3 * (LOOPBACK.len() + INTERNAL.len() + 2));
    assert!(forbidden.was_left_alone());
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

#[tokio::test]
async fn fifty_rounds_of_rebinding_gain_nothing() {
    let (listener, forbidden) = Forbidden::beside(ALLOWED, PRIVATE).await;
    let port = forbidden.port();
    Server::start_on(listener, |_| response("200 OK", "Content-Type: text/html\r\n", b""));
    for round in 0..50 {
        let names = Names::that_answer(&[&[ALLOWED], &[PRIVATE], &[PRIVATE, ALLOWED], &[ALLOWED, PRIVATE], &[PRIVATE]]);
        let fetcher = fetcher(&["127.0.0.2/32"], names.clone());
        let url = format!("http://rebind{round}.example:{port}/");
        for question in 1..=5 {
            let outcome = fetcher.fetch(&task(&url)).await.record.outcome;
            // Only an address that was admitted is connected to, whatever stands beside it.
            let reached = matches!(outcome, Outcome::Page(Page { status: 200, .. }));
            assert_eq!((reached, names.asked()), (matches!(question, 1 | 3 | 4), question), "{round}: {outcome:?}");
        }
    }
    assert!(forbidden.was_left_alone());
}

#[test]
fn clients_are_built_in_one_place_and_given_out_in_one() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut builders, mut sockets) = (vec![folder], Vec::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let (text, name) = (std::fs::read_to_string(&path).unwrap(), path.file_name().unwrap().to_owned());
            if ["Client::builder", "Client::new", "ClientBuilder", "reqwest::get"]
                .iter()
                .any(|word| text.contains(word))
            {
                builders.push(name.clone());
            }
            if ["TcpStream", "TcpSocket", "UdpSocket", "lookup_host", "ToSocketAddrs"]
                .iter()
                .any(|word| text.contains(word))
            {
                sockets.push(name);
            }
        }
    }
    assert_eq!(builders, ["client.rs"], "every client has the guard's resolver");
    assert_eq!(sockets, Vec::<std::ffi::OsString>::new(), "nothing connects but clients");
}

#[tokio::test]
async fn of_several_addresses_only_the_admitted_are_used() {
    let (listener, forbidden) = Forbidden::beside(ALLOWED, PRIVATE).await;
    let port = forbidden.port();
    Server::start_on(listener, |_| response("200 OK", "Content-Type: text/html\r\n", b""));
    let fetcher = fetcher(&["127.0.0.2/32"], Names::that_answer(&[&[PRIVATE, ALLOWED]]));
    let outcome = fetcher.fetch(&task(&format!("http://example.com:{port}/"))).await.record.outcome;
    assert!(matches!(outcome, Outcome::Page(Page { status: 200, .. })), "{outcome:?}");
    assert!(forbidden.was_left_alone());
}

#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    let (listener, forbidden) = Forbidden::beside(ALLOWED, PRIVATE).await;
    let port = forbidden.port();
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
