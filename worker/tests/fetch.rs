//! The fetcher against servers that answer in every way that servers do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use crawl_protocol::{FailureClass, Outcome, Page, Task, Unread, Validators};
use support::{Answer, Server, endless, fetcher, outcome_of, response, robots, task, within};

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";

#[track_caller]
fn failure(outcome: Outcome) -> (FailureClass, Option<u16>, bool) {
    match outcome {
        Outcome::Failure { class, status, retryable, .. } => (class, status, retryable),
        other => panic!("no failure: {other:?}"),
    }
}

/// Bytes, links, truncated.
#[track_caller]
fn page(outcome: Outcome) -> (u64, u64, bool) {
    match outcome {
        Outcome::Page(page) => (page.bytes, page.links, page.truncated),
        other => panic!("no page: {other:?}"),
    }
}

#[tokio::test]
async fn a_page_is_recorded_with_its_links_and_what_the_task_said() {
    let server = Server::start(|_| response("200 OK", HTML, b"<a href=/x#y>x</a><a href='mailto:a@b'>m</a>")).await;
    let record = fetcher().fetch(&task(&server.url("/page"))).await.record;
    assert_eq!((record.crawl.as_str(), record.depth, record.attempt), ("crawl", 3, 2));
    assert_eq!(record.url, server.url("/page"));
    let expected = Page {
        status: 200,
        content_type: "text/html".into(),
        bytes: 44,
        links: 2,
        urls: vec![server.url("/x")],
        ..Page::default()
    };
    assert_eq!(record.outcome, Outcome::Page(expected));
}

#[tokio::test]
async fn a_request_carries_the_agent_and_nothing_that_gives_us_away() {
    let server = Server::start(|_| response("200 OK", "Set-Cookie: a=b\r\nContent-Type: text/html\r\n", b"")).await;
    let fetcher = fetcher();
    for path in ["/1", "/2"] {
        fetcher.fetch(&task(&server.url(path))).await;
    }
    for head in server.requests() {
        let head = head.to_ascii_lowercase();
        assert!(head.contains("user-agent: test-agent/1.0\r\n"), "{head}");
        for absent in ["cookie:", "referer:", "authorization:"] {
            assert!(!head.contains(absent), "{head}");
        }
    }
}

#[tokio::test]
async fn redirects_are_records_and_are_not_followed() {
    for (status, headers, expected) in [
        ("301 Moved", "Location: /other#part\r\n", Some("/other")),
        ("302 Found", "Location: other\r\n", Some("/dir/other")),
        ("303 See Other", "Location: ?q\r\n", Some("/dir/page?q")),
        ("307 Temporary", "Location: /\u{436}\r\n", Some("/%D0%B6")),
        ("308 Permanent", "Location: \r\n", Some("/dir/page")),
        ("301 Moved", "", None),
        ("301 Moved", "Location: http://[bad\r\n", None),
        ("302 Found", "Location: mailto:a@b\r\n", None),
        ("302 Found", "Location: javascript:x\r\n", None),
    ] {
        let answer = response(status, headers, b"");
        let server = Server::start(move |_| answer.clone()).await;
        let outcome = fetcher().fetch(&task(&server.url("/dir/page"))).await.record.outcome;
        let code: u16 = status[..3].parse().unwrap();
        match expected {
            Some(path) => {
                assert_eq!(outcome, Outcome::Redirect { status: code, location: server.url(path) }, "{headers}")
            }
            None => assert_eq!(failure(outcome), (FailureClass::HttpStatus, Some(code), false), "{headers}"),
        }
        assert_eq!(server.requests().len(), 1, "{headers}");
    }
}

#[tokio::test]
async fn a_redirect_drops_user_info() {
    let outcome = outcome_of(response("302 Found", "Location: http://user:pw@example.com/x\r\n", b"")).await;
    assert_eq!(outcome, Outcome::Redirect { status: 302, location: "http://example.com/x".into() });
}

#[tokio::test]
async fn answers_without_a_page_are_failures_with_a_verdict() {
    for (status, retryable) in
        [("404 Not Found", false), ("401 No", false), ("429 Slow", true), ("503 Later", true), ("501 No", false)]
    {
        let code = status[..3].parse().unwrap();
        let outcome = outcome_of(response(status, HTML, b"<a href=/x>")).await;
        assert_eq!(failure(outcome), (FailureClass::HttpStatus, Some(code), retryable), "{status}");
    }
}

#[tokio::test]
async fn retry_after_is_passed_on() {
    for (value, expected) in [("120", Some(120_000)), ("9999999", Some(86_400_000)), ("never", None)] {
        let outcome = outcome_of(response("503 Later", &format!("Retry-After: {value}\r\n"), b"")).await;
        let Outcome::Failure { retry_after_ms, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(retry_after_ms, expected, "{value}");
    }
}

#[tokio::test]
async fn answers_without_a_body_are_pages_without_links() {
    for status in ["204 No Content", "205 Reset", "304 Not Modified"] {
        let answer = Answer::Bytes(format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n").into_bytes());
        assert_eq!(page(outcome_of(answer).await), (0, 0, false), "{status}");
    }
}

#[tokio::test]
async fn a_body_is_cut_at_its_limit() {
    let mut body = b"<a href=/first>".to_vec();
    body.resize(3 << 20, b' ');
    body.extend_from_slice(b"<a href=/last>");
    assert_eq!(page(outcome_of(response("200 OK", HTML, &body)).await), (1 << 20, 1, true));
    // One that has exactly the limit's size is whole.
    body.truncate(1 << 20);
    assert_eq!(page(outcome_of(response("200 OK", HTML, &body)).await), (1 << 20, 1, false));
}

#[tokio::test]
async fn a_body_that_never_ends_runs_out_of_time() {
    let server = Server::start(|_| endless(HTML, b"<a href=/x>")).await;
    let mut slow = task(&server.url("/"));
    slow.fetch.timeout_ms = 200;
    assert_eq!(failure(within(fetcher().fetch(&slow)).await.record.outcome), (FailureClass::Timeout, None, true));
}

#[tokio::test]
async fn a_body_that_is_not_html_is_left_unread() {
    for kind in ["application/pdf", "text/plain", "image/png", "application/octet-stream"] {
        let answer = endless(&format!("Content-Type: {kind}; a=b\r\n"), b"<a href=/x>");
        let Outcome::Page(page) = within(outcome_of(answer)).await else { panic!("no page: {kind}") };
        let unread = Some(Unread::ContentType);
        assert_eq!(page, Page { status: 200, content_type: kind.to_owned(), unread, ..Page::default() });
    }
}

#[tokio::test]
async fn a_page_that_is_known_is_asked_for_by_its_validators() {
    let server = Server::start(|path| match path {
        "/new" => response("200 OK", &format!("{HTML}ETag: W/\"7\"\r\nLast-Modified: yesterday\r\n"), b"<a href=/x>"),
        _ => response("304 Not Modified", "ETag: W/\"7\"\r\n", b""),
    })
    .await;
    let Outcome::Page(page) = fetcher().fetch(&task(&server.url("/new"))).await.record.outcome else {
        panic!("no page")
    };
    let validators = Validators { etag: Some("W/\"7\"".into()), last_modified: Some("yesterday".into()) };
    assert_eq!((page.validators, page.links), (validators.clone(), 1));
    let known = Task { validators, ..task(&server.url("/known")) };
    let Outcome::Page(page) = fetcher().fetch(&known).await.record.outcome else { panic!("no page") };
    assert_eq!((page.status, page.unread), (304, Some(Unread::NotModified)));
    let requests = server.requests();
    assert!(!requests[0].contains("if-"), "{}", requests[0]);
    for sent in ["if-none-match: W/\"7\"\r\n", "if-modified-since: yesterday\r\n"] {
        assert!(requests[1].contains(sent), "{}", requests[1]);
    }
}

#[tokio::test]
async fn validators_that_are_no_text_or_too_long_are_left_out() {
    for etag in ["\"\u{e9}\"".to_owned(), format!("\"{}\"", "x".repeat(600)), String::new()] {
        let outcome = outcome_of(response("200 OK", &format!("{HTML}ETag: {etag}\r\n"), b"")).await;
        let Outcome::Page(page) = outcome else { panic!("{outcome:?}") };
        assert!(page.validators.is_empty(), "{:?}", page.validators);
    }
}

#[tokio::test]
async fn without_a_type_the_beginning_decides() {
    assert_eq!(page(outcome_of(response("200 OK", "", b"\n<!doctype html><a href=/x>")).await), (27, 1, false));
    assert_eq!(page(outcome_of(response("200 OK", "", b"%PDF-1.7 <a href=/x>")).await), (20, 0, false));
    assert_eq!(page(outcome_of(response("200 OK", "", b"")).await), (0, 0, false));
}

#[tokio::test]
async fn the_header_names_the_encoding() {
    let server =
        Server::start(|_| response("200 OK", "Content-Type: text/html; charset=koi8-r\r\n", b"<a href='/?\xD6'>"))
            .await;
    let outcome = fetcher().fetch(&task(&server.url("/"))).await.record.outcome;
    let Outcome::Page(Page { urls, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(urls, [server.url("/?%D6")]);
}

#[tokio::test]
async fn the_header_may_ask_us_not_to_follow() {
    for (header, follows) in [
        ("nofollow", false),
        ("test-agent: nofollow", false),
        ("otherbot: nofollow", true),
        ("noindex", true),
        ("unavailable_after: Wed, 03 Jan 2024 13:09:53 GMT, nofollow", false),
    ] {
        let outcome =
            outcome_of(response("200 OK", &format!("{HTML}X-Robots-Tag: {header}\r\n"), b"<a href=/x>")).await;
        let Outcome::Page(Page { urls, nofollow, .. }) = outcome else { panic!("{outcome:?}") };
        assert_eq!((urls.len(), nofollow.len()), if follows { (1, 0) } else { (0, 1) }, "{header}");
    }
}

#[tokio::test]
async fn robots_txt_is_recorded_whatever_the_answer() {
    let long = "#".repeat(600 * 1024);
    let rules = "Disallow: /0123456789012345678901234567890123456789\n".repeat(12_000);
    for (answer, expected) in [
        (
            response("200 OK", "", b"User-agent: *\nDisallow: /\xFF"),
            (200, "User-agent: *\nDisallow: /\u{FFFD}".to_owned()),
        ),
        (response("404 Not Found", HTML, b"<p>no"), (404, String::new())),
        (response("503 Later", "", b"x"), (503, String::new())),
        (response("301 Moved", "", b"x"), (301, String::new())),
        (response("200 OK", "", long.as_bytes()), (200, "#".repeat(512_000))),
        (response("200 OK", "", rules.as_bytes()), (200, rules[..52 * (512_000 / 52)].to_owned())),
    ] {
        let server = Server::start(move |_| answer.clone()).await;
        let outcome = fetcher().fetch(&robots(&server.url("/robots.txt"))).await.record.outcome;
        assert_eq!(outcome, Outcome::Robots { status: expected.0, body: expected.1 });
    }
    let moved = Server::start(|_| response("301 Moved", "Location: /r\r\n", b"")).await;
    let outcome = fetcher().fetch(&robots(&moved.url("/robots.txt"))).await.record.outcome;
    assert_eq!(outcome, Outcome::Redirect { status: 301, location: moved.url("/r") });
    let broken = Server::start(|_| Answer::Bytes(Vec::new())).await;
    let outcome = fetcher().fetch(&robots(&broken.url("/robots.txt"))).await.record.outcome;
    assert_eq!(failure(outcome), (FailureClass::Transport, None, true));
}

#[tokio::test]
async fn what_cannot_be_requested_is_said() {
    for (url, class) in [
        ("not a url", FailureClass::InvalidUrl),
        ("ftp://example.com/", FailureClass::InvalidUrl),
        ("http://user:pw@example.com/", FailureClass::InvalidUrl),
        ("http://example.com:25/", FailureClass::BlockedAddress),
    ] {
        let outcome = fetcher().fetch(&task(url)).await.record.outcome;
        assert_eq!(failure(outcome.clone()), (class, None, false), "{url}");
        assert!(!format!("{outcome:?}").contains("pw"), "{outcome:?}");
    }
    let mut strange = task("http://127.0.0.1:2/");
    strange.fetch.user_agent = "a\nb".into();
    assert_eq!(failure(fetcher().fetch(&strange).await.record.outcome).0, FailureClass::Internal);
}
