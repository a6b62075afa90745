//! Content encodings: right, wrong, unknown, several, and bombs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use async_compression::Level;
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use async_compression::zstd::CParameter;
use crawl_protocol::{FailureClass, Outcome, Page};
use support::{Answer, Server, endless, fetcher, outcome_of, pieces, response, robots, sitemap, task, within};
use tokio::io::AsyncReadExt;

const LINK: &[u8] = b"<a href=/first>";
const BROKEN: &str = "the response's content encoding is broken";

async fn encoded(coding: &str, body: &[u8]) -> Vec<u8> {
    let (mut wire, level) = (Vec::new(), Level::Fastest);
    match coding {
        "gzip" => GzipEncoder::with_quality(body, level).read_to_end(&mut wire).await,
        "deflate" => ZlibEncoder::with_quality(body, level).read_to_end(&mut wire).await,
        "br" => BrotliEncoder::with_quality(body, level).read_to_end(&mut wire).await,
        _ => ZstdEncoder::with_quality(body, level).read_to_end(&mut wire).await,
    }
    .unwrap();
    wire
}

fn headers(encoding: &str) -> String {
    format!("Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n")
}

async fn outcome(encoding: &str, wire: &[u8]) -> Outcome {
    within(outcome_of(response("200 OK", &headers(encoding), wire))).await
}

/// Bytes, links, truncated.
#[track_caller]
fn page(outcome: Outcome, what: &str) -> (u64, u64, bool) {
    match outcome {
        Outcome::Page(Page { bytes, links, truncated, .. }) => (bytes, links, truncated),
        other => panic!("{what}: {other:?}"),
    }
}

#[track_caller]
fn refused(outcome: Outcome, what: &str) -> String {
    match outcome {
        Outcome::Failure { class: FailureClass::Transport, message, retryable: false, .. } => message,
        other => panic!("{what}: {other:?}"),
    }
}

/// A page whose text does not compress.
fn noise(length: u32) -> Vec<u8> {
    let noise = (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 0x80);
    LINK.iter().copied().chain(noise).collect()
}

#[tokio::test]
async fn every_encoding_is_decoded_however_it_is_named() {
    let body = noise(100_000);
    let length = body.len() as u64;
    let twice = encoded("br", &encoded("gzip", &body).await).await;
    let gzip = encoded("gzip", &body).await;
    for (name, wire) in [
        ("gzip", gzip.clone()),
        ("GZIP", gzip.clone()),
        ("x-gzip", gzip.clone()),
        ("identity, gzip", gzip.clone()),
        ("gzip\r\nContent-Encoding: br", twice.clone()),
        ("gzip, br", twice),
        ("deflate", encoded("deflate", &body).await),
        ("br", encoded("br", &body).await),
        ("zstd", encoded("zstd", &body).await),
        ("utf-8", body.clone()),
        ("none", body.clone()),
        ("", body.clone()),
    ] {
        assert_eq!(page(outcome(name, &wire).await, name), (length, 1, false), "{name}");
    }
    let server = Server::start(|_| response("200 OK", "", b"")).await;
    fetcher().fetch(&task(&server.url("/"))).await;
    assert!(server.requests()[0].contains("accept-encoding: gzip, br, zstd\r\n"), "{:?}", server.requests());
}

#[tokio::test]
async fn of_a_broken_encoding_the_beginning_counts_and_nonsense_does_not() {
    for name in ["gzip", "deflate", "br", "zstd"] {
        let mut wire = encoded(name, &noise(400_000)).await;
        wire.truncate(wire.len() / 2);
        let (bytes, links, truncated) = page(outcome(name, &wire).await, name);
        assert!(bytes > 10_000 && links == 1 && truncated, "{name}: {bytes} {links} {truncated}");
        for nonsense in [&b"no encoding at all, but plain text"[..], &[0xFF; 100]] {
            assert_eq!(refused(outcome(name, nonsense).await, name), BROKEN, "{name}");
        }
        assert_eq!(page(outcome(name, b"").await, name), (0, 0, false), "{name}: nothing is nothing");
    }
}

#[tokio::test]
async fn what_nobody_knows_is_refused_by_name_where_it_would_be_read() {
    for (name, said) in [("compress", "compress"), ("lzma, gzip", "lzma"), ("gzip, dcb", "dcb"), ("?", "?")] {
        let expected = format!("the content encoding {said} is not understood");
        assert_eq!(refused(outcome(name, b"<a href=/x>").await, name), expected);
    }
    let answer = response("200 OK", "Content-Type: text/plain\r\nContent-Encoding: lzma\r\n", b"x");
    let server = Server::start(move |_| answer.clone()).await;
    for asked in [robots(&server.url("/robots.txt")), sitemap(&server.url("/sitemap.xml"))] {
        let outcome = fetcher().fetch(&asked).await.record.outcome;
        assert_eq!(refused(outcome, "robots or sitemap"), "the content encoding lzma is not understood");
    }
    let outcome = fetcher().fetch(&task(&server.url("/file"))).await.record.outcome;
    assert_eq!(page(outcome, "a file that is not read"), (0, 0, false));
    let missing = response("404 Not Found", &headers("lzma"), b"x");
    let outcome = outcome_of(missing).await;
    assert!(matches!(outcome, Outcome::Failure { class: FailureClass::HttpStatus, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_in_an_encoded_body_is_worth_another_attempt() {
    let wire = encoded("gzip", &noise(100_000)).await;
    let head = format!("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n", headers("gzip"), wire.len());
    let answer = Answer::Bytes([head.as_bytes(), &wire[..wire.len() / 2]].concat());
    let outcome = within(outcome_of(answer)).await;
    let Outcome::Failure { class: FailureClass::Transport, message, retryable: true, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(message, "the server broke off before the response was complete");
    let server = Server::start(move |_| endless(&headers("gzip"), &wire[..wire.len() / 2])).await;
    let mut slow = task(&server.url("/"));
    slow.fetch.timeout_ms = 300;
    let outcome = within(fetcher().fetch(&slow)).await.record.outcome;
    assert!(matches!(outcome, Outcome::Failure { class: FailureClass::Timeout, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_bomb_is_cut_at_decoded_bytes() {
    let mut bomb = LINK.to_vec();
    bomb.resize(100 << 20, b' ');
    for name in ["gzip", "deflate", "br", "zstd"] {
        let wire = encoded(name, &bomb).await;
        assert!(wire.len() < 1 << 20, "{name}: {} bytes", wire.len());
        assert_eq!(page(outcome(name, &wire).await, name), (1 << 20, 1, true), "{name}");
        // In layers, 10 GB and more fit into very little.
        let twice = encoded("gzip", &wire).await;
        assert_eq!(page(outcome(&format!("{name}, gzip"), &twice).await, name), (1 << 20, 1, true), "{name}");
    }
}

#[tokio::test]
async fn a_bomb_without_end_is_cut() {
    // Members of zstd, each of 1 MB in some 60 bytes, for as long as anyone reads: but for the cut it would never end.
    let (mut first, member) = (LINK.to_vec(), encoded("zstd", &vec![b' '; 1 << 20]).await);
    first = encoded("zstd", &first).await;
    let answer = pieces(&headers("zstd"), Duration::ZERO, move || {
        std::iter::once(first.clone()).chain(std::iter::repeat(member.repeat(100)))
    });
    assert_eq!(page(within(outcome_of(answer)).await, "zstd"), (1 << 20, 1, true));
}

#[tokio::test]
async fn a_window_that_is_too_large_is_refused() {
    // The window is allocated before anything is decoded.
    for (log, expected) in [(23, true), (24, false), (27, false)] {
        let params = [CParameter::window_log(log)];
        let body = vec![b' '; 1 << 10];
        let mut wire = Vec::new();
        ZstdEncoder::with_quality_and_params(body.as_slice(), Level::Fastest, &params)
            .read_to_end(&mut wire)
            .await
            .unwrap();
        let came = outcome("zstd", &wire).await;
        match expected {
            true => assert_eq!(page(came, "zstd"), (1 << 10, 0, false), "{log}"),
            false => assert_eq!(refused(came, "zstd"), BROKEN, "{log}"),
        }
    }
}
