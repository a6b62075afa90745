//! What a sitemap of 500,000 URLs costs in memory. Alone in its process, so that nothing else is measured.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use crawl_protocol::Outcome;
use support::memory::peak;
use support::{Server, fetcher, pieces, sitemap};

const URLS: usize = 500_000;
/// Far above what is measured, and a fifth of the sitemap.
const MB_AT_MOST: usize = 10;

fn body() -> impl Iterator<Item = Vec<u8>> {
    let entries = (0..URLS / 100).map(|hundred| {
        (hundred * 100..hundred * 100 + 100)
            .map(|n| format!("<url><loc>https://www.example.com/products/a-name-of-some-length/{n}</loc></url>\n"))
            .collect::<String>()
            .into_bytes()
    });
    std::iter::once(b"<urlset>".to_vec()).chain(entries).chain([b"</urlset>".to_vec()])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_of_half_a_million_urls_is_never_held() {
    let server = Server::start(|path| match path {
        "/large" => pieces("", Duration::ZERO, body),
        _ => pieces("", Duration::ZERO, || body().take(20)),
    })
    .await;
    let fetcher = fetcher();
    // What the first fetch of a process costs is no matter of its size.
    fetcher.fetch(&sitemap(&server.url("/small"))).await;
    let before = peak();
    let (mut fetched, mut parts, mut urls_in_all) = (fetcher.fetch(&sitemap(&server.url("/large"))).await, 0, 0);
    let truncated = loop {
        let Outcome::Sitemap { urls, truncated, .. } = &fetched.record.outcome else { panic!("{:?}", fetched.record) };
        (parts, urls_in_all) = (parts + 1, urls_in_all + urls.len());
        match fetched.rest {
            Some(rest) => fetched = rest.next().await,
            None => break *truncated,
        }
    };
    assert_eq!((urls_in_all, truncated), (URLS, false));
    assert!(parts > 200, "{parts}");
    let Some((before, after)) = before.zip(peak()) else { return eprintln!("no /proc: memory is not measured here") };
    eprintln!("{URLS} URLs in {parts} parts: {} kB more than before", after - before);
    assert!(after - before < MB_AT_MOST * 1024, "{} kB", after - before);
}
