//! From what was found to what is recorded: addresses resolved, each URL once, within bounds.

use std::hash::{BuildHasher, RandomState};

use crawl_protocol::About;
use encoding_rs::Encoding;
use hashbrown::HashTable;

use super::found::{self, Found};
use super::resolve::Resolver;
use super::{Document, Extracted};

/// URLs recorded of one page at most. Links beyond are counted all the same.
pub const MAX_URLS: usize = 10_000;
/// Bytes of all recorded URLs of one page together: a record has to fit into a message.
pub const MAX_URLS_BYTES: usize = 4 * 1024 * 1024;

/// The URLs of a page while they are collected.
#[derive(Debug, Default)]
struct Collection {
    /// Each URL and whether any link to it may be followed.
    urls: Vec<(String, bool)>,
    /// Where in `urls` a URL is. Whoever writes a page chooses them, so the hashes are seeded.
    known: HashTable<usize>,
    hasher: RandomState,
    bytes: usize,
    truncated: bool,
}

/// Resolves and collects what was found; `encoding` is that of queries.
pub(super) fn collect(found: Found<'_>, encoding: &'static Encoding, document: Document<'_>) -> Extracted {
    let hrefs = &found.hrefs;
    let base = found.base.map(|base| hrefs.get(base).unwrap_or_default());
    let resolver = Resolver::new(document.url, base, encoding);
    let nofollow = document.nofollow || found.nofollow;
    let mut collection = Collection { truncated: hrefs.is_cut(), ..Collection::default() };
    for (href, follow) in hrefs.led() {
        if let Some(url) = resolver.resolve(href) {
            collection.add(url, follow && !nofollow);
        }
    }
    let canonical = found.canonical.and_then(|canonical| resolver.resolve(hrefs.get(canonical)?));
    let header = || document.content_language.and_then(found::header_language);
    let (followed, unfollowed): (Vec<_>, Vec<_>) = collection.urls.into_iter().partition(|(_, follow)| *follow);
    let strings = |list: Vec<(String, bool)>| list.into_iter().map(|(url, _)| url).collect();
    Extracted {
        links: found.links,
        urls: strings(followed),
        nofollow: strings(unfollowed),
        truncated: collection.truncated,
        about: About {
            title: found::title(found.title),
            language: found.language.filter(|language| !language.is_empty()).or_else(header),
            canonical,
            headings: found.outline.into_headings(),
        },
    }
}

impl Collection {
    fn add(&mut self, url: String, follow: bool) {
        let hash = self.hasher.hash_one(&url);
        if let Some(place) = self.known.find(hash, |place| self.urls[*place].0 == url) {
            self.urls[*place].1 |= follow;
        } else if self.urls.len() >= MAX_URLS || self.bytes + url.len() > MAX_URLS_BYTES {
            self.truncated = true;
        } else {
            self.bytes += url.len();
            let (hasher, urls) = (&self.hasher, &self.urls);
            self.known.insert_unique(hash, urls.len(), |place| hasher.hash_one(&urls[*place].0));
            self.urls.push((url, follow));
        }
    }
}
