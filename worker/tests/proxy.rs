//! A proxy between the worker and all servers: what it is asked for, and what it is never asked for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use crawl_protocol::{FailureClass, Outcome, Page, Task};
use crawl_worker::fetch::Proxy;
use support::names::Names;
use support::proxied::{
    File, NO_TLS, PRIVATE, PUBLIC, allowing, assert_page, at, failure, outcome, server, through, trusting,
};
use support::proxy::{Manner, TestProxy};
use support::tls::{Authority, page_over};
use support::{Server, blurting, open_response, task};

#[tokio::test]
async fn an_http_proxy_is_given_the_whole_url() {
    let server = server().await;
    let proxy = TestProxy::http(server.address, Manner::Leads).await;
    let fetcher = through(at("http", &proxy), Names::that_answer(&[&[PUBLIC]]));
    assert_page(&outcome(&fetcher, "http://example.com/page?q").await);
    let asked = proxy.asked();
    assert!(asked[0].starts_with("GET http://example.com/page?q HTTP/1.1\r\n"), "{}", asked[0]);
    assert!(asked[0].contains("host: example.com\r\n") && !asked[0].contains("authorization"), "{}", asked[0]);
}

#[tokio::test]
async fn an_http_proxy_connects_to_tls() {
    let proxy = TestProxy::http(blurting(NO_TLS).await, Manner::Leads).await;
    let fetcher = through(at("http", &proxy), Names::that_answer(&[&[PUBLIC]]));
    // The server does not speak TLS, so what fails is the handshake with it.
    let (class, message, _) = failure(outcome(&fetcher, "https://example.com/").await);
    assert_eq!(class, FailureClass::Tls, "{message}");
    assert!(proxy.asked()[0].starts_with("CONNECT example.com:443 HTTP/1.1\r\n"), "{:?}", proxy.asked());
}

#[tokio::test]
async fn a_page_over_tls_comes_through_every_kind_of_proxy() {
    let authority = Authority::new("ours");
    let server = page_over(authority.issue("example.com", |_| ()).config()).await;
    let over_tls = TestProxy::https(server, Manner::Leads, authority.issue("proxy.corp", |_| ()).config()).await;
    for (proxy, given) in [
        (at("http", &TestProxy::http(server, Manner::Leads).await), "CONNECT"),
        (at("socks5", &TestProxy::socks(server, Manner::Leads).await), "address"),
        (at("socks5", &TestProxy::socks(server, Manner::Leads).await).resolves(true), "name"),
        (Proxy::new(&format!("https://proxy.corp:{}", over_tls.address.port())).unwrap(), "CONNECT over TLS"),
    ] {
        let outcome = outcome(&trusting(&authority, proxy), "https://example.com/").await;
        assert!(matches!(outcome, Outcome::Page(Page { status: 200, links: 1, .. })), "{given}: {outcome:?}");
    }
    assert!(over_tls.asked()[0].starts_with("CONNECT example.com:443 "), "{:?}", over_tls.asked());
    let plain = support::proxied::server().await;
    let over_tls = TestProxy::https(plain.address, Manner::Leads, authority.issue("proxy.corp", |_| ()).config()).await;
    let proxy = Proxy::new(&format!("https://proxy.corp:{}", over_tls.address.port())).unwrap();
    assert_page(&outcome(&trusting(&authority, proxy), "http://example.com/page").await);
    assert!(over_tls.asked()[0].starts_with("GET http://example.com/page "), "{:?}", over_tls.asked());
}

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    let (server, proxy) = (server().await, TestProxy::http(blurting(NO_TLS).await, Manner::Leads).await);
    let proxied = format!("http://{}", proxy.address);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "in_an_environment_with_a_proxy", "--ignored"]).env("TEST_URL", server.url("/"));
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(name, &proxied);
    }
    child.env_remove("NO_PROXY").env_remove("no_proxy");
    let ran = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    assert_eq!((proxy.asked().len(), server.requests().len()), (0, 1));
}

#[tokio::test]
#[ignore = "a part of a_proxy_in_the_environment_is_not_used, which runs it with an environment"]
async fn in_an_environment_with_a_proxy() {
    assert!(std::env::var("ALL_PROXY").is_ok());
    assert_page(&outcome(&support::fetcher(), &std::env::var("TEST_URL").unwrap()).await);
}

#[tokio::test]
async fn socks_is_given_the_address_that_was_checked() {
    let server = server().await;
    let proxy = TestProxy::socks(server.address, Manner::Leads).await;
    let six = "2606:4700::6810:84e5".parse().unwrap();
    for (address, expected) in [(PUBLIC, "1 93.184.215.14:80"), (six, "4 2606:4700::6810:84e5:80")] {
        let fetcher = through(at("socks5", &proxy), Names::that_answer(&[&[address]]));
        assert_page(&outcome(&fetcher, "http://example.com/").await);
        assert_eq!(proxy.asked().last().unwrap(), expected);
    }
    let fetcher = through(at("socks5", &proxy), Names::that_answer(&[&[]]));
    for (url, expected) in [("http://1.1.1.1:8080/", "1 1.1.1.1:8080"), ("http://[2606:4700::1]/", "4 2606:4700::1:80")]
    {
        assert_page(&outcome(&fetcher, url).await);
        assert_eq!(proxy.asked().last().unwrap(), expected);
    }
    let proxy = TestProxy::socks(blurting(NO_TLS).await, Manner::Leads).await;
    let fetcher = through(at("socks5", &proxy), Names::that_answer(&[&[]]));
    let (class, message, _) = failure(outcome(&fetcher, "https://1.1.1.1/").await);
    assert_eq!(class, FailureClass::Tls, "{message}");
    assert_eq!(proxy.asked(), ["1 1.1.1.1:443"]);
}

#[tokio::test]
async fn a_proxy_that_resolves_is_given_the_name_and_names_are_not_looked_up() {
    let server = server().await;
    let names = Names::that_answer(&[&[PRIVATE]]);
    let socks = TestProxy::socks(server.address, Manner::Leads).await;
    assert_page(&outcome(&through(at("socks5", &socks).resolves(true), names.clone()), "http://example.com/").await);
    assert_eq!(socks.asked(), ["3 example.com:80"]);
    let http = TestProxy::http(server.address, Manner::Leads).await;
    assert_page(&outcome(&through(at("http", &http).resolves(true), names.clone()), "http://example.com/").await);
    assert_eq!((http.asked().len(), names.asked()), (1, 0));
}

#[tokio::test]
async fn no_proxy_is_asked_for_what_is_private() {
    let server = server().await;
    for resolves in [false, true] {
        let http = TestProxy::http(server.address, Manner::Leads).await;
        let socks = TestProxy::socks(server.address, Manner::Leads).await;
        for (scheme, proxy) in [("http", &http), ("socks5", &socks)] {
            // That a range is allowed for others opens no internal name, where nobody sees its addresses.
            for ranges in [&[][..], &["10.0.0.0/8"]] {
                let names = Names::that_answer(&[&[PRIVATE]]);
                let fetcher = allowing(ranges, at(scheme, proxy).resolves(resolves), names);
                for host in [
                    "127.0.0.1",
                    "2130706433",
                    "[::1]",
                    "[::ffff:7f00:1]",
                    "169.254.169.254",
                    "192.168.1.1",
                    "localhost",
                    "LOCALHOST.",
                    "kubernetes.default.svc",
                    "metadata.google.internal",
                    "single",
                ] {
                    for scheme in ["http", "https"] {
                        let (class, message, retryable) =
                            failure(outcome(&fetcher, &format!("{scheme}://{host}/")).await);
                        assert_eq!((class, retryable), (FailureClass::BlockedAddress, false), "{host}: {message}");
                    }
                }
                let named = outcome(&fetcher, "http://example.com/").await;
                match resolves {
                    true => assert_page(&named),
                    false => assert_eq!(failure(named).0, FailureClass::BlockedAddress),
                }
            }
        }
        let expected = if resolves { 2 } else { 0 };
        assert_eq!((http.asked().len(), socks.asked().len()), (expected, expected), "{:?}", http.asked());
    }
}

#[tokio::test]
async fn a_name_with_one_private_address_is_not_left_to_a_proxy() {
    let server = server().await;
    let http = TestProxy::http(server.address, Manner::Leads).await;
    let socks = TestProxy::socks(server.address, Manner::Leads).await;
    for (scheme, proxy) in [("http", &http), ("socks5", &socks)] {
        let fetcher = through(at(scheme, proxy), Names::that_answer(&[&[PUBLIC, PRIVATE]]));
        let (class, message, retryable) = failure(outcome(&fetcher, "http://example.com/").await);
        assert_eq!((class, retryable), (FailureClass::BlockedAddress, false), "{message}");
        assert!(proxy.asked().is_empty());
    }
}

#[tokio::test]
async fn a_name_that_changes_its_address_between_check_and_connection_is_refused_by_the_connection() {
    let server = server().await;
    let proxy = TestProxy::socks(server.address, Manner::Leads).await;
    for _ in 0..50 {
        let names = Names::that_answer(&[&[PUBLIC], &[PRIVATE]]);
        let fetcher = through(at("socks5", &proxy), names.clone());
        let (class, message, _) = failure(outcome(&fetcher, "http://rebind.example/").await);
        assert_eq!((class, names.asked()), (FailureClass::BlockedAddress, 2), "{message}");
    }
    assert!(proxy.asked().is_empty());
}

#[tokio::test]
async fn what_a_task_may_reach_it_reaches_through_a_proxy_too() {
    let server = server().await;
    let proxy = TestProxy::http(server.address, Manner::Leads).await;
    let fetcher = through(at("http", &proxy), Names::that_answer(&[&[PRIVATE]]));
    let mut allowed: Task = task("http://site.default.svc/");
    allowed.fetch.allow_addresses = vec!["127.0.0.0/8".into()];
    assert_page(&fetcher.fetch(&allowed).await.record.outcome);
    let (class, ..) = failure(outcome(&fetcher, "http://site.default.svc/").await);
    assert_eq!((class, proxy.asked().len()), (FailureClass::BlockedAddress, 1));
}

#[tokio::test]
async fn the_proxy_itself_may_be_private_and_is_no_way_to_itself() {
    let server = server().await;
    for (scheme, proxy) in [
        ("http", TestProxy::http(server.address, Manner::Leads).await),
        ("socks5", TestProxy::socks(server.address, Manner::Leads).await),
    ] {
        for name in ["proxy.corp.example", "proxy", "proxy.internal"] {
            let names = Names::that_answer(&[&[PUBLIC]]).and(name, PRIVATE);
            let port = proxy.address.port();
            let fetcher = through(Proxy::new(&format!("{scheme}://{name}:{port}")).unwrap(), names);
            let asked = proxy.asked().len();
            for url in [format!("http://{name}:{port}/"), format!("http://{name}/"), format!("https://{name}./")] {
                let (class, message, _) = failure(outcome(&fetcher, &url).await);
                assert_eq!(class, FailureClass::BlockedAddress, "{url}: {message}");
            }
            assert_eq!(proxy.asked().len(), asked);
            assert_page(&outcome(&fetcher, "http://example.com/").await);
            assert_eq!(proxy.asked().len(), asked + 1);
        }
    }
}

#[tokio::test]
async fn credentials_reach_the_proxy_and_nobody_else() {
    // Characters that mean something in a URL.
    let file = File::with("credentials", "us%41er@x:se:cr/et%\n");
    let server = server().await;
    let http = TestProxy::http(server.address, Manner::Leads).await;
    let proxy = at("http", &http).credentials_file(&file.0).unwrap().direct(&["127.0.0.0/8".into()]).unwrap();
    let fetcher = allowing(&["127.0.0.0/8"], proxy, Names::that_answer(&[&[PUBLIC]]));
    assert_page(&outcome(&fetcher, "http://example.com/").await);
    // base64 of the two
    let expected = "authorization: Basic dXMlNDFlckB4OnNlOmNyL2V0JQ==\r\n";
    let tunnel = TestProxy::http(blurting(NO_TLS).await, Manner::Leads).await;
    let proxy = at("http", &tunnel).credentials_file(&file.0).unwrap();
    failure(outcome(&through(proxy, Names::that_answer(&[&[PUBLIC]])), "https://example.com/").await);
    for head in [http.asked(), tunnel.asked()].concat() {
        assert!(head.replace("Proxy-Authorization", "proxy-authorization").contains(expected), "{head}");
    }
    let before = server.requests().len();
    assert_page(&outcome(&fetcher, &server.url("/direct")).await);
    let direct = server.requests().split_off(before).concat().to_ascii_lowercase();
    assert!(direct.starts_with("get /direct ") && !direct.contains("authorization"), "{direct}");
    assert_eq!((http.asked().len(), tunnel.asked().len()), (1, 1));

    let socks = TestProxy::socks(server.address, Manner::Knows("us%41er@x", "se:cr/et%")).await;
    let proxy = at("socks5", &socks).credentials_file(&file.0).unwrap();
    assert_page(&outcome(&through(proxy, Names::that_answer(&[&[PUBLIC]])), "http://example.com/").await);
}

#[tokio::test]
async fn what_goes_past_the_proxy_is_guarded_as_ever() {
    let server = server().await;
    let proxy = TestProxy::http(server.address, Manner::Leads).await;
    let direct = ["example.com", "127.0.0.0/8", "svc"].map(str::to_owned);
    let fetcher = through(at("http", &proxy).direct(&direct).unwrap(), Names::that_answer(&[&[PRIVATE]]));
    for url in [server.url("/"), "http://www.example.com/".into(), "http://a.b.svc/".into()] {
        assert_eq!(failure(outcome(&fetcher, &url).await).0, FailureClass::BlockedAddress, "{url}");
    }
    assert!(proxy.asked().is_empty() && server.requests().is_empty());
    let fetcher =
        allowing(&["127.0.0.1/32"], at("http", &proxy).direct(&direct).unwrap(), Names::that_answer(&[&[PRIVATE]]));
    for url in [server.url("/"), format!("http://www.example.com:{}/", server.address.port())] {
        assert_page(&outcome(&fetcher, &url).await);
    }
    assert!(proxy.asked().is_empty());
}

#[tokio::test]
async fn a_connection_through_a_proxy_is_kept_for_its_host_only() {
    let server = Server::start(|_| open_response("Content-Type: text/html\r\n", b"<a href=/x>")).await;
    let proxy = TestProxy::socks(server.address, Manner::Leads).await;
    let fetcher = through(at("socks5", &proxy), Names::that_answer(&[&[PUBLIC]]));
    for url in ["http://a.example/1", "http://a.example/2", "http://b.example/"] {
        assert_page(&outcome(&fetcher, url).await);
    }
    assert_eq!(proxy.asked().len(), 2);
}
