//! Servers that break off, lie and flood, over HTTP/1.1: each gets a class, a sentence and a verdict, in bounded time and memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use crawl_protocol::{FailureClass, Outcome, Page};
use support::{Answer, Server, fetcher, outcome_of, robots, sitemap, task, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const BROKE: &str = "the server broke off before the response was complete";
const RESET: &str = "the server reset the connection";
const NOT_HTTP: &str = "what came was not HTTP";
const CHUNKS: &str = "the chunks of the body are broken";
const HEADERS: &str = "the response has too many headers, or too long ones";

/// The beginning of a page.
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";

/// Bytes, links, truncated.
#[track_caller]
fn page(outcome: Outcome, what: &str) -> (u64, u64, bool) {
    match outcome {
        Outcome::Page(Page { bytes, links, truncated, .. }) => (bytes, links, truncated),
        other => panic!("{what:?}: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_no_whole_response_has_a_cause() {
    // Above what hyper takes, about 400 KB, by more than it reads at once.
    let big = "x".repeat(1_000_000);
    let many: String = (0..1000).map(|n| format!("X-{n}: y\r\n")).collect();
    let cases = [
        // Closed at each stage.
        (String::new(), BROKE, true),
        ("HTTP/1.1 200".into(), BROKE, true),
        ("HTTP/1.1 200 OK\r\n".into(), BROKE, true),
        ("HTTP/1.1 200 OK\r\nContent-Ty".into(), BROKE, true),
        (format!("{HEAD}Content-Length: 100\r\n\r\n<a href=/x>"), BROKE, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n"), BROKE, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n<a h"), BROKE, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n<a hr\r\n"), BROKE, true),
        // Lies.
        (format!("{HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), NOT_HTTP, true),
        (format!("{HEAD}Content-Length: -1\r\n\r\nab"), NOT_HTTP, true),
        (format!("{HEAD}Content-Length: 1x\r\n\r\nab"), NOT_HTTP, true),
        (format!("{HEAD}Content-Length: 99999999999999999999\r\n\r\nab"), NOT_HTTP, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n"), CHUNKS, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n0\r\n\r\n"), CHUNKS, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n"), CHUNKS, true),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n5;{big}\r\nabcde\r\n0\r\n\r\n"), CHUNKS, true),
        // No HTTP.
        ("220 smtp.example.com ESMTP\r\n".into(), NOT_HTTP, true),
        ("SSH-2.0-OpenSSH_9.6\r\n".into(), NOT_HTTP, true),
        ("<html><a href=/x>HTTP/0.9</a>".into(), NOT_HTTP, true),
        ("HTTP/2.0 200 OK\r\n\r\n".into(), NOT_HTTP, true),
        ("HTTP/1.1 2000 OK\r\n\r\n".into(), NOT_HTTP, true),
        ("HTTP/1.1 abc OK\r\n\r\n".into(), NOT_HTTP, true),
        ("HTTP/1.1 200 OK\r\nno header\r\n\r\n".into(), NOT_HTTP, true),
        ("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n".into(), NOT_HTTP, true),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), NOT_HTTP, true),
        // Headers without measure.
        (format!("{HEAD}{many}\r\n"), HEADERS, false),
        (format!("{HEAD}X: {big}\r\n\r\n"), HEADERS, false),
        (format!("{HEAD}X: {big}"), HEADERS, false),
        (format!("{HEAD}{}\r\n", "Set-Cookie: a=b\r\n".repeat(129)), HEADERS, false),
        (format!("HTTP/1.1 200 {big}"), HEADERS, false),
    ];
    let mut different = Vec::new();
    for (bytes, expected, verdict) in cases {
        let what: String = bytes.chars().take(120).collect();
        let outcome = within(outcome_of(Answer::Bytes(bytes.into_bytes()))).await;
        let expected = format!("{:?}", (FailureClass::Transport, expected, verdict));
        different.extend(difference(&what, &outcome, &expected));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// What came, where it is not what was expected.
fn difference(what: &str, outcome: &Outcome, expected: &str) -> Option<String> {
    let came = match outcome {
        Outcome::Failure { class, message, retryable, status: None, .. } => {
            format!("{:?}", (class, message, retryable))
        }
        Outcome::Page(Page { bytes, links, truncated, .. }) => format!("{:?}", (bytes, links, truncated)),
        other => format!("{other:?}"),
    };
    (came != expected).then(|| format!("{what:?}: {came}, not {expected}"))
}

#[tokio::test]
async fn what_is_strange_is_still_a_page() {
    let cookies = "Set-Cookie: a=b\r\n".repeat(100);
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(100);
    let link = "<a href=/x>";
    let mut different = Vec::new();
    for (bytes, expected) in [
        // Until the connection ends.
        (format!("{HEAD}\r\n{link}"), (11, 1, false)),
        ("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<a href=/x>".into(), (11, 1, false)),
        // More than announced.
        (format!("{HEAD}Content-Length: 11\r\n\r\n{link}<a href=/y>"), (11, 1, false)),
        (format!("{HEAD}Content-Length: 11\r\nContent-Length: 11\r\n\r\n{link}"), (11, 1, false)),
        (format!("{HEAD}Content-Length: 0\r\n\r\n"), (0, 0, false)),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), (0, 0, false)),
        (
            format!("{HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{link}\r\n0\r\n\r\n"),
            (11, 1, false),
        ),
        (format!("{HEAD}Transfer-Encoding: chunked\r\n\r\nb;a=b\r\n{link}\r\n0\r\nTrailer: x\r\n\r\n"), (11, 1, false)),
        (format!("{HEAD}{cookies}Content-Length: 11\r\n\r\n{link}"), (11, 1, false)),
        (format!("{early}HTTP/1.1 100 Continue\r\n\r\n{HEAD}Content-Length: 11\r\n\r\n{link}"), (11, 1, false)),
        ("HTTP/1.1 200\r\nContent-Type: text/html\r\nContent-Length: 11\r\n\r\n<a href=/x>".into(), (11, 1, false)),
        (format!("{HEAD}Content-Length: 11\nX:y\n\n{link}"), (11, 1, false)),
    ] {
        let what: String = bytes.chars().take(120).collect();
        let outcome = within(outcome_of(Answer::Bytes(bytes.into_bytes()))).await;
        different.extend(difference(&what, &outcome, &format!("{expected:?}")));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// A server that resets the connection after it has sent these bytes.
async fn resetting(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes).await;
            // Until what was sent has been read: a reset overtakes it.
            if !bytes.is_empty() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            stream.set_zero_linger().unwrap();
        }
    });
    url
}

#[tokio::test]
async fn a_reset_is_a_reset_at_every_stage() {
    let chunk = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<a href";
    let stages: [&'static [u8]; 5] = [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-T",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<a href=/x>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<a href=/x>",
        chunk,
    ];
    let mut different = Vec::new();
    for bytes in stages {
        let url = resetting(bytes).await;
        // A sitemap counts as far as it came.
        let tasks = [task(&url), robots(&url), sitemap(&url)].into_iter().take(if bytes.is_empty() { 3 } else { 2 });
        for task in tasks {
            let outcome = within(fetcher().fetch(&task)).await.record.outcome;
            let what = format!("{:?} {}", task.kind, String::from_utf8_lossy(bytes));
            let expected = format!("{:?}", (FailureClass::Transport, RESET, true));
            different.extend(difference(&what, &outcome, &expected));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// A server that writes something again and again, for as long as anyone reads.
async fn flooding(first: &'static str, again: impl Into<String>, pause: Duration) -> String {
    let again = again.into();
    let server = Server::start(move |_| {
        let again = again.clone();
        let pieces = move || {
            let again = again.clone().into_bytes();
            Box::new(std::iter::once(first.as_bytes().to_vec()).chain(std::iter::repeat(again))) as support::Pieces
        };
        Answer::Pieces(std::sync::Arc::new(pieces), pause)
    });
    server.await.url("/")
}

#[tokio::test]
async fn what_has_no_end_runs_out_of_time_or_of_measure() {
    let timeout = (FailureClass::Timeout, "no complete response within 500 ms", true);
    let at_once = Duration::ZERO;
    let drip = Duration::from_millis(20);
    let (lines, long) = ("X: y\r\n".repeat(10_000), "y".repeat(64 * 1024));
    let mut different = Vec::new();
    for (first, again, pause, expected) in [
        ("HTTP/1.1 200 OK\r\n", lines.as_str(), at_once, (FailureClass::Transport, HEADERS, false)),
        ("HTTP/1.1 200 OK\r\nX: ", long.as_str(), at_once, (FailureClass::Transport, HEADERS, false)),
        ("HTTP/1.1 200 ", "O", drip, timeout),
        ("HTTP/1.1 200 OK\r\n", "X: y\r\n", drip, timeout),
        ("HTTP/1.1 200 OK\r\nX: ", "y", drip, timeout),
        ("", "HTTP/1.1 103 Early Hints\r\n\r\n", drip, timeout),
        ("", "HTTP/1.1 103 Early Hints\r\n\r\n", at_once, timeout),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>", "y", drip, timeout),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
            "1\r\ny\r\n",
            drip,
            timeout,
        ),
    ] {
        let mut slow = task(&flooding(first, again, pause).await);
        // What is to end by itself has time.
        slow.fetch.timeout_ms = if expected == timeout { 500 } else { 30_000 };
        let outcome = within(fetcher().fetch(&slow)).await.record.outcome;
        different.extend(difference(&format!("{first} {again}"), &outcome, &format!("{expected:?}")));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[tokio::test]
async fn a_body_without_end_is_cut() {
    let url = flooding(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<a href=/x>",
        " ".repeat(64 * 1024),
        Duration::ZERO,
    )
    .await;
    let outcome = within(fetcher().fetch(&task(&url))).await.record.outcome;
    assert_eq!(page(outcome, ""), (1 << 20, 1, true));
}

#[tokio::test]
async fn a_server_that_never_answers_runs_out_of_time() {
    for answer in [Answer::Hang(Vec::new()), Answer::Hang(b"HTTP/1.1 200 OK\r\n".to_vec())] {
        let server = Server::start(move |_| answer.clone()).await;
        let mut slow = task(&server.url("/"));
        slow.fetch.timeout_ms = 300;
        let outcome = within(fetcher().fetch(&slow)).await.record.outcome;
        assert!(
            matches!(outcome, Outcome::Failure { class: FailureClass::Timeout, retryable: true, .. }),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn nothing_that_a_server_sends_stands_in_a_message() {
    let secret = "hunter2";
    for bytes in [
        format!("HTTP/1.1 404 {secret}\r\nContent-Length: 0\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\n{secret}\r\n\r\n"),
        format!("{secret}\r\n\r\n"),
        format!("HTTP/1.1 302 Found\r\nLocation: {secret}:{secret}\r\nContent-Length: 0\r\n\r\n"),
        format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{secret}\r\n"),
        format!("{HEAD}Content-Encoding: gzip\r\n\r\n{secret}"),
    ] {
        let outcome = outcome_of(Answer::Bytes(bytes.into_bytes())).await;
        let Outcome::Failure { message, .. } = outcome else { panic!("{outcome:?}") };
        assert!(!message.contains(secret), "{message}");
    }
}
