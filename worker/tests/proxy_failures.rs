//! What the failures of a proxy are called, and that they are told from those of the server behind it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use crawl_protocol::FailureClass;
use crawl_worker::fetch::Proxy;
use support::blurting;
use support::names::Names;
use support::proxied::{File, NO_TLS, NOBODY, PUBLIC, at, failure, outcome, server, through, trusting};
use support::proxy::{Manner, TestProxy};
use support::tls::{Authority, page_over};

#[tokio::test]
async fn a_bad_certificate_is_the_servers_or_the_proxys() {
    let (authority, other) = (Authority::new("ours"), Authority::new("other"));
    let server = page_over(other.issue("example.com", |_| ()).config()).await;
    for (proxy, way) in [
        (at("http", &TestProxy::http(server, Manner::Leads).await), "CONNECT"),
        (at("socks5", &TestProxy::socks(server, Manner::Leads).await), "SOCKS5"),
    ] {
        let (class, message, retryable) = failure(outcome(&trusting(&authority, proxy), "https://example.com/").await);
        assert_eq!((class, retryable), (FailureClass::Tls, false), "{way}: {message}");
        assert!(message.starts_with("TLS failed: the certificate is signed by nobody we trust"), "{way}: {message}");
    }
    let proxy = TestProxy::https(server, Manner::Leads, other.issue("proxy.corp", |_| ()).config()).await;
    let proxy = Proxy::new(&format!("https://proxy.corp:{}", proxy.address.port())).unwrap();
    for url in ["http://example.com/", "https://example.com/"] {
        let outcome = outcome(&trusting(&authority, proxy.clone()), url).await;
        let (class, message, retryable) = failure(outcome);
        assert_eq!((class, retryable), (FailureClass::Connect, true), "{url}: {message}");
        let expected = "no connection to the proxy: the certificate is signed by nobody we trust";
        assert!(message.starts_with(expected), "{url}: {message}");
    }
}

#[tokio::test]
async fn failures_of_the_proxy_are_its_own_and_worth_another_attempt() {
    const REFUSED: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    let server = server().await;
    let mut cases = Vec::new();
    for (manner, url, expected) in [
        (Manner::Answers(REFUSED), "http://example.com/", "the proxy does not accept the credentials, or wants some"),
        (Manner::Answers(REFUSED), "https://example.com/", "the proxy does not accept the credentials, or wants some"),
        (
            Manner::Answers(b"HTTP/1.1 503 no\r\n\r\n"),
            "https://example.com/",
            "the proxy did not connect to the server",
        ),
        (Manner::Answers(b"220 smtp\r\n"), "https://example.com/", "the proxy did not connect to the server"),
        (Manner::Answers(b""), "https://example.com/", "the proxy broke off, or is none"),
    ] {
        cases.push((at("http", &TestProxy::http(server.address, manner).await), url, expected));
    }
    for (manner, expected) in [
        (Manner::Refuses(1), "the proxy did not connect to the server: general server failure"),
        (Manner::Refuses(2), "the proxy does not allow this connection"),
        (Manner::Refuses(3), "the proxy did not connect to the server: network unreachable"),
        (Manner::Refuses(4), "the proxy did not connect to the server: host unreachable"),
        (Manner::Refuses(5), "the proxy did not connect to the server: connection refused"),
        (Manner::Refuses(7), "the proxy broke off, or is none"),
        (Manner::Knows("a", "b"), "the proxy does not accept the credentials, or wants some"),
        (Manner::Answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "the proxy broke off, or is none"),
        (Manner::Answers(b""), "the proxy broke off, or is none"),
    ] {
        for url in ["http://example.com/", "https://example.com/"] {
            cases.push((at("socks5", &TestProxy::socks(server.address, manner).await), url, expected));
        }
    }
    let nobody = |scheme: &str| Proxy::new(&format!("{scheme}://{NOBODY}")).unwrap();
    for url in ["http://example.com/", "https://example.com/"] {
        cases.push((nobody("http"), url, "no connection to the proxy: connection refused"));
        cases.push((nobody("https"), url, "no connection to the proxy: connection refused"));
        cases.push((nobody("socks5"), url, "no connection to the proxy"));
        let plain = Proxy::new(&format!("https://{}", blurting(NO_TLS).await)).unwrap();
        cases.push((plain, url, "no connection to the proxy: what came was not TLS"));
    }
    for (proxy, url, expected) in cases {
        let (class, message, retryable) =
            failure(outcome(&through(proxy.clone(), Names::that_answer(&[&[PUBLIC]])), url).await);
        assert_eq!((class, retryable), (FailureClass::Connect, true), "{proxy:?} {url}: {message}");
        assert!(message.starts_with(expected), "{proxy:?} {url}: {message}");
    }
    let unknown = Proxy::new("http://proxy.example:3128").unwrap();
    let fetcher = through(unknown.resolves(true), Names::that_answer(&[&[]]));
    let (class, message, retryable) = failure(outcome(&fetcher, "http://example.com/").await);
    assert_eq!((class, retryable), (FailureClass::Connect, true));
    assert_eq!(message, "no connection to the proxy: its name could not be looked up");
}

#[tokio::test]
async fn wrong_credentials_are_in_no_message() {
    let file = File::with("wrong", "user:hunter2");
    let server = server().await;
    for (scheme, proxy) in [
        ("http", TestProxy::http(server.address, Manner::Answers(b"HTTP/1.1 407 No\r\n\r\n")).await),
        ("socks5", TestProxy::socks(server.address, Manner::Knows("user", "other")).await),
    ] {
        let proxy = at(scheme, &proxy).credentials_file(&file.0).unwrap();
        let fetcher = through(proxy, Names::that_answer(&[&[PUBLIC]]));
        for url in ["http://example.com/", "https://example.com/"] {
            let outcome = outcome(&fetcher, url).await;
            let shown = format!("{outcome:?} {fetcher:?}");
            assert!(!shown.contains("hunter2") && !shown.contains("aHVudGVyMg"), "{shown}");
            assert!(failure(outcome).1.contains("does not accept the credentials"), "{scheme} {url}");
        }
    }
}
