//! What 64 large pages at a time cost in memory, whatever is in them. Alone in its process, so that nothing else is measured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use crawl_protocol::{FetchSettings, Outcome, Page, Task};
use futures::future::join_all;
use support::memory::peak;
use support::{Server, fetcher, pieces, task};

const AT_A_TIME: usize = 64;
const MB: usize = 1024 * 1024;
/// Large enough that they do not all fit, and small enough that none waits for long on a slow machine.
const BYTES: usize = 3 * MB;
/// Without bounds it is five times as much.
const MB_AT_MOST: usize = 150;

/// A link, and then a text that is three times as long in UTF-8.
fn body(bytes: usize) -> impl Iterator<Item = Vec<u8>> {
    let text = std::iter::repeat_with(|| vec![0x80; 64 * 1024]);
    std::iter::once(b"<a href=/next>".to_vec()).chain(text.take(bytes / (64 * 1024)))
}

fn large(url: &str) -> Task {
    let usual = task(url);
    Task { fetch: FetchSettings { max_body_bytes: BYTES as u64, ..usual.fetch }, ..usual }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_pages_wait_for_room_and_none_is_lost() {
    const HEADERS: &str = "Content-Type: text/html\r\n";
    let server = Server::start(|path| match path {
        "/large" => pieces(HEADERS, Duration::ZERO, || body(BYTES + MB)),
        _ => pieces(HEADERS, Duration::ZERO, || body(1)),
    })
    .await;
    let fetcher = fetcher();
    // What the first fetch of a process costs is no matter of its size.
    fetcher.fetch(&task(&server.url("/small"))).await;
    let before = peak();
    let tasks: Vec<_> = (0..AT_A_TIME).map(|_| large(&server.url("/large"))).collect();
    for fetched in join_all(tasks.iter().map(|task| fetcher.fetch(task))).await {
        let Outcome::Page(Page { bytes, links, truncated, .. }) = fetched.record.outcome else {
            panic!("{:?}", fetched.record.outcome)
        };
        assert_eq!((bytes, links, truncated), (BYTES as u64, 1, true));
    }
    let Some((before, after)) = before.zip(peak()) else { return eprintln!("no /proc: memory is not measured here") };
    eprintln!("{AT_A_TIME} pages of {} MB at a time: {} kB more than before", BYTES / MB, after - before);
    assert!(after - before < MB_AT_MOST * 1024, "{} kB", after - before);
}
