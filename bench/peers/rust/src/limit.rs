//! What a crawler in Rust cannot be faster than: fetching alone, or with the least that finds links.
//!
//! usage: limit fetch|links URLS
//!
//! URLS is a file with a URL on each line; nothing is followed. `links` finds `a[href]` with lol_html, decodes character
//! references, resolves, drops fragments, and forgets what it has seen before.

use std::collections::HashSet;

use lol_html::{HtmlRewriter, Settings, element};
use reqwest::Client;
use tokio::task::JoinSet;
use url::Url;

const CONCURRENCY: usize = 16;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(mode), Some(file)) = (arguments.next(), arguments.next()) else { panic!("usage: limit fetch|links URLS") };
    let urls = std::fs::read_to_string(file).expect("a file of URLs");
    let client = Client::builder().user_agent("crawl-operator-bench/1").no_proxy().build().expect("a client");
    let (mut running, mut waiting) = (JoinSet::new(), urls.lines());
    let (mut pages, mut links, mut bytes, mut seen) = (0, 0, 0, HashSet::new());
    loop {
        while running.len() < CONCURRENCY {
            let Some(url) = waiting.next() else { break };
            running.spawn(fetch(client.clone(), url.to_owned()));
        }
        let Some(fetched) = running.join_next().await else { break };
        let (url, body) = fetched.expect("fetching does not panic").expect("a page");
        (pages, bytes) = (pages + 1, bytes + body.len());
        if mode == "links" {
            links += find(&Url::parse(&url).expect("a URL"), &body, &mut seen);
        }
    }
    let links = if mode == "links" { links.to_string() } else { "null".to_owned() };
    println!(r#"{{"pages": {pages}, "links": {links}, "bytes": {bytes}, "urls": {}}}"#, seen.len());
}

async fn fetch(client: Client, url: String) -> reqwest::Result<(String, Vec<u8>)> {
    let mut response = client.get(&url).send().await?.error_for_status()?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
    }
    Ok((url, body))
}

/// The number of links of a page. Where they lead is added to `seen`.
fn find(base: &Url, body: &[u8], seen: &mut HashSet<String>) -> usize {
    let mut links = 0;
    let found = element!("a[href]", |a| {
        links += 1;
        let href = a.get_attribute("href").unwrap_or_default();
        if let Ok(mut url) = base.join(&htmlize::unescape_attribute(href.as_str())) {
            url.set_fragment(None);
            if !seen.contains(url.as_str()) {
                seen.insert(url.into());
            }
        }
        Ok(())
    });
    let settings = Settings::new().append_element_content_handler(found);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| ());
    rewriter.write(body).expect("HTML is never malformed");
    rewriter.end().expect("HTML is never malformed");
    links
}
