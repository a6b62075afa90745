//! Sitemap tasks against servers that answer in every way that servers do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::Write;
use std::iter;
use std::time::Duration;

use crawl_protocol::{FailureClass, Outcome, Record};
use support::{Answer, Server, endless, fetcher, pieces, records, response, sitemap, within};

const XML: &str = "Content-Type: application/xml\r\n";
const DOCUMENT: &[u8] = b"<urlset><url><loc>/a</loc></url><url><loc>http://other.example/b#c</loc></url></urlset>";

/// All outcomes of a sitemap task to a server that gives one answer.
async fn outcomes(answer: Answer) -> Vec<Outcome> {
    let server = Server::start(move |_| answer.clone()).await;
    let records = within(records(&fetcher(), &sitemap(&server.url("/sitemap.xml")))).await;
    records.into_iter().map(|record| record.outcome).collect()
}

/// How many URLs came in all, and whether something was left out. Checks what holds for any sitemap.
#[track_caller]
fn listed(outcomes: &[Outcome]) -> (usize, bool) {
    let (mut count, mut cut) = (0, false);
    for (n, outcome) in outcomes.iter().enumerate() {
        let Outcome::Sitemap { status: 200, urls, sitemaps, last, truncated } = outcome else { panic!("{outcome:?}") };
        assert_eq!(*last, n + 1 == outcomes.len(), "only the last part says so");
        assert!(*last || !truncated, "only the last part is truncated");
        let bytes: usize = urls.iter().chain(sitemaps).map(String::len).sum();
        assert!(urls.len() + sitemaps.len() <= 2000 && bytes < 260 * 1024, "a part is bounded");
        (count, cut) = (count + urls.len() + sitemaps.len(), *truncated);
    }
    (count, cut)
}

#[track_caller]
fn failure(outcomes: &[Outcome]) -> (FailureClass, Option<u16>, bool) {
    match outcomes {
        [Outcome::Failure { class, status, retryable, .. }] => (*class, *status, *retryable),
        other => panic!("no failure alone: {other:?}"),
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn lines(count: usize) -> Vec<u8> {
    (0..count).map(|n| format!("http://example.com/{n}\n")).collect::<String>().into_bytes()
}

#[tokio::test]
async fn a_sitemap_is_recorded_with_what_the_task_said() {
    let server = Server::start(|_| response("200 OK", XML, DOCUMENT)).await;
    let task = sitemap(&server.url("/sitemap.xml"));
    let records = records(&fetcher(), &task).await;
    let [Record { url, kind, depth: 3, attempt: 2, outcome, .. }] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((url, kind), (&task.url, &task.kind));
    let urls = vec![server.url("/a"), "http://other.example/b".into()];
    let expected = Outcome::Sitemap { status: 200, urls, sitemaps: Vec::new(), last: true, truncated: false };
    assert_eq!(*outcome, expected);
    assert!(server.requests()[0].contains("accept: application/xml"), "{:?}", server.requests());
}

#[tokio::test]
async fn compressed_bodies_are_decompressed_once_each_way() {
    let (plain, encoded) = (DOCUMENT.to_vec(), "Content-Encoding: gzip\r\n");
    for (headers, body) in [
        (String::new(), gzip(&plain)),
        ("Content-Type: application/gzip\r\n".into(), gzip(&plain)),
        ("Content-Type: application/octet-stream\r\n".into(), gzip(&plain)),
        (format!("{XML}{encoded}"), gzip(&plain)),
        // A file that is gzip, sent with a content encoding: once for each.
        (format!("Content-Type: application/x-gzip\r\n{encoded}"), gzip(&gzip(&plain))),
    ] {
        assert_eq!(listed(&outcomes(response("200 OK", &headers, &body)).await), (2, false), "{headers}");
    }
    assert_eq!(listed(&outcomes(response("200 OK", "", &gzip(&gzip(&plain)))).await), (0, true));
}

#[tokio::test]
async fn redirects_and_refusals_are_as_for_pages() {
    let outcome = outcomes(response("301 Moved", "Location: http://example.com/sitemap#x\r\n", b"")).await;
    assert_eq!(outcome, [Outcome::Redirect { status: 301, location: "http://example.com/sitemap".into() }]);
    for (status, retryable) in [("404 Not Found", false), ("304 Same", false), ("503 Later", true), ("429 Slow", true)]
    {
        let code = status[..3].parse().unwrap();
        let refused = outcomes(response(status, "Retry-After: 7\r\n", DOCUMENT)).await;
        assert_eq!(failure(&refused), (FailureClass::HttpStatus, Some(code), retryable), "{status}");
    }
}

#[tokio::test]
async fn what_is_no_sitemap_lists_nothing() {
    let html = "<!doctype html><title>Not found</title><a href=http://example.com/>home</a>";
    for body in [html.as_bytes(), b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n\x00\x00"] {
        assert_eq!(listed(&outcomes(response("200 OK", XML, body)).await), (0, true));
    }
    // Nothing is whole.
    assert_eq!(listed(&outcomes(response("200 OK", XML, b"")).await), (0, false));
}

#[tokio::test]
async fn html_is_left_unread() {
    let answer = endless(XML, b"<!doctype html><html><head>");
    assert_eq!(listed(&outcomes(answer).await), (0, true));
}

#[tokio::test]
async fn a_sitemap_is_over_when_its_root_is() {
    assert_eq!(listed(&outcomes(endless(XML, DOCUMENT)).await), (2, false));
}

#[tokio::test]
async fn of_broken_markup_the_beginning_counts() {
    let broken = [b"<urlset><url><loc>/a</loc></url>".as_slice(), b"<url><loc>/b</url>"].concat();
    assert_eq!(listed(&outcomes(response("200 OK", XML, &broken)).await), (1, true));
}

#[tokio::test]
async fn of_a_broken_encoding_the_beginning_counts() {
    let headers = "Content-Encoding: gzip\r\n";
    let mut wire = gzip(&lines(100_000));
    wire.truncate(wire.len() / 2);
    let (count, cut) = listed(&outcomes(response("200 OK", headers, &wire)).await);
    assert!(cut && count > 10_000 && count < 90_000, "{count}");
    let nonsense = outcomes(response("200 OK", headers, b"no gzip at all")).await;
    assert_eq!(failure(&nonsense), (FailureClass::Transport, None, false));
}

#[tokio::test]
async fn a_connection_that_breaks_fails_only_what_has_no_part_yet() {
    let broken = |body: Vec<u8>| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len() + 1);
        Answer::Bytes([head.into_bytes(), body].concat())
    };
    assert_eq!(failure(&outcomes(broken(lines(100))).await), (FailureClass::Transport, None, true));
    assert_eq!(listed(&outcomes(broken(lines(2100))).await), (2100, true));
}

#[tokio::test]
async fn a_bomb_is_cut_at_decompressed_bytes() {
    // A thousand times as large as it travels; 200 MB in all.
    let mut bomb = b"<urlset><url><loc>/a</loc></url>".to_vec();
    bomb.resize(200 << 20, b' ');
    let wire = gzip(&bomb);
    assert!(wire.len() < 1 << 20);
    for headers in ["", "Content-Encoding: gzip\r\n"] {
        assert_eq!(listed(&outcomes(response("200 OK", headers, &wire)).await), (1, true), "{headers}");
    }
}

#[tokio::test]
async fn a_stream_without_end_is_cut() {
    // 5 GB of it, if anyone took them.
    let block = [b"<url><loc>/a</loc></url><!--".as_slice(), &[b'x'; 64 * 1024], b"-->"].concat();
    let body = move || iter::once(b"<urlset>".to_vec()).chain(iter::repeat_n(block.clone(), 80_000));
    let server = Server::start(move |_| pieces(XML, Duration::ZERO, body.clone())).await;
    let records = within(records(&fetcher(), &sitemap(&server.url("/sitemap.xml")))).await;
    let outcomes: Vec<_> = records.into_iter().map(|record| record.outcome).collect();
    assert_eq!(listed(&outcomes), (1, true));
}
