//! What hostile responses cost in memory, many at the same time. Alone in its process, so that nothing else is measured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use async_compression::Level;
use async_compression::brotli::EncoderParams;
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use async_compression::zstd::CParameter;
use crawl_worker::Fetcher;
use futures::future::join_all;
use support::memory::peak;
use support::{Answer, Server, fetcher, response, task, within};
use tokio::io::AsyncReadExt;

/// As many as a worker fetches at the same time.
const AT_ONCE: usize = 16;

/// More than twice what is measured, and half of what windows of 8 MiB would be.
const MB_AT_MOST: usize = 64;

async fn all_at_once(fetcher: &Fetcher, answer: Answer) {
    let server = Server::start(move |_| answer.clone()).await;
    let tasks: Vec<_> = (0..AT_ONCE).map(|n| task(&server.url(&format!("/{n}")))).collect();
    within(join_all(tasks.iter().map(|task| fetcher.fetch(task)))).await;
}

/// A page of spaces whose encoding looks back as far as it can.
async fn bomb(coding: &str) -> Answer {
    let mut page = b"<a href=/x>".to_vec();
    page.resize(64 << 20, b' ');
    let (mut wire, body) = (Vec::new(), page.as_slice());
    match coding {
        "gzip" => GzipEncoder::with_quality(body, Level::Best).read_to_end(&mut wire).await,
        "br" => {
            let params = EncoderParams::default().quality(Level::Fastest).window_size(24);
            BrotliEncoder::with_params(body, params).read_to_end(&mut wire).await
        }
        _ => {
            let params = [CParameter::window_log(23)];
            ZstdEncoder::with_quality_and_params(body, Level::Fastest, &params).read_to_end(&mut wire).await
        }
    }
    .unwrap();
    response("200 OK", &format!("Content-Type: text/html\r\nContent-Encoding: {coding}\r\n"), &wire)
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_hostile_responses_at_once_cost_little() {
    let long = "y".repeat(64 * 1024).into_bytes();
    let headers = move || {
        let first = std::iter::once(b"HTTP/1.1 200 OK\r\nX: ".to_vec());
        Box::new(first.chain(std::iter::repeat(long.clone()))) as support::Pieces
    };
    let headers = Answer::Pieces(std::sync::Arc::new(headers), Duration::ZERO);
    let mut answers = vec![("headers", headers)];
    for coding in ["gzip", "zstd", "br"] {
        answers.push((coding, bomb(coding).await));
    }
    let fetcher = fetcher();
    all_at_once(&fetcher, response("200 OK", "", b"")).await;
    for (what, answer) in answers {
        // What the peak was before is forgotten.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = peak();
        all_at_once(&fetcher, answer).await;
        let Some((before, after)) = before.zip(peak()) else {
            return eprintln!("no /proc: memory is not measured here");
        };
        let more = after.saturating_sub(before);
        eprintln!("{AT_ONCE} at once, {what}: {more} kB more than before");
        assert!(more < MB_AT_MOST * 1024, "{what}: {more} kB");
    }
}
