//! The crawler `spider`, as its documentation recommends for speed: default features, mimalloc, no delay.
//!
//! usage: spider SEED [--links]
//!
//! It keeps no count of links. With --links it hands out the set of each page's links, which its users would need to count
//! them, and that costs; without, it does nothing but crawl.

use spider::{tokio, website::Website};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    let seed = std::env::args().nth(1).expect("usage: spider SEED [--links]");
    let hand_out = std::env::args().any(|argument| argument == "--links");
    let mut website = Website::new(&seed);
    website
        .with_respect_robots_txt(false)
        .with_concurrency_limit(Some(16))
        .with_user_agent(Some("crawl-operator-bench/1"))
        .with_delay(0)
        .with_depth(0)
        .with_return_page_links(hand_out);
    let counting = hand_out.then(|| {
        let mut pages = website.subscribe(1024);
        tokio::spawn(async move {
            let mut links = 0;
            while let Ok(page) = pages.recv().await {
                links += page.page_links.as_ref().map_or(0, |links| links.len());
            }
            links
        })
    });
    website.crawl().await;
    website.unsubscribe();
    let links = match counting {
        Some(counting) => Some(counting.await.expect("counting does not fail")),
        None => None,
    };
    let pages = website.get_all_links_visited().await.len();
    println!(r#"{{"pages": {pages}, "links": {}}}"#, links.map_or("null".to_owned(), |links| links.to_string()));
}
