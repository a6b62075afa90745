//! From `href` attributes to the URLs that are recorded: resolved, cleaned, each once, within bounds.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::{Encoding, UTF_8};
use url::{EncodingOverride, Url};

use super::Extracted;
use super::tree::Found;

/// URLs recorded of one page at most. Links beyond are counted all the same.
pub const MAX_URLS: usize = 10_000;
/// URLs longer than this many bytes are not recorded. It is more than can be crawled, so that the crawl can count what is too
/// long.
pub const MAX_URL_BYTES: usize = 8192;
/// Bytes of all recorded URLs of one page together: a record has to fit into a message.
pub const MAX_URLS_BYTES: usize = 4 * 1024 * 1024;

/// The URLs of a page while they are collected.
#[derive(Debug, Default)]
struct Collection {
    /// Where in `urls` a URL is.
    known: HashMap<String, usize>,
    /// Each URL and whether any link to it may be followed.
    urls: Vec<bool>,
    bytes: usize,
    truncated: bool,
}

/// Resolves and collects what was found. `nofollow` holds for all links of the page.
pub(super) fn collect(found: &Found<'_>, page: &Url, encoding: &'static Encoding, nofollow: bool) -> Extracted {
    let base = base_of(found, page);
    let nofollow = nofollow || found.nofollow;
    let encode = encoder(encoding);
    let encode: EncodingOverride<'_> = if encoding == UTF_8 { None } else { Some(&encode) };
    let mut collection = Collection::default();
    for (href, link_nofollow) in &found.links {
        let options = Url::options().base_url(Some(&base)).encoding_override(encode);
        if let Ok(url) = options.parse(trim(href))
            && let Some(url) = recorded(url)
        {
            collection.add(url, !nofollow && !link_nofollow);
        }
    }
    collection.into_extracted(found.links.len())
}

/// What relative links are relative to: the first `base` with an `href`, unless that is no usable address.
fn base_of(found: &Found<'_>, page: &Url) -> Url {
    let declared = found.base.as_ref().and_then(|href| page.join(trim(href)).ok());
    let usable = |base: &Url| !base.cannot_be_a_base() && !matches!(base.scheme(), "data" | "javascript");
    declared.filter(usable).unwrap_or_else(|| page.clone())
}

/// Writes queries in the page's encoding.
fn encoder(encoding: &'static Encoding) -> impl Fn(&str) -> Cow<'_, [u8]> {
    move |text| encoding.encode(text).0
}

/// The URL as it is recorded, if it is: http or https, without fragment and user info, not too long.
pub(crate) fn recorded(mut url: Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_fragment(None);
    if !url.username().is_empty() || url.password().is_some() {
        // Both work for any URL with a host, as these have.
        url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    }
    (url.as_str().len() <= MAX_URL_BYTES).then(|| url.into())
}

/// Strips what the HTML standard calls ASCII white space.
fn trim(href: &str) -> &str {
    href.trim_matches(['\t', '\n', '\x0C', '\r', ' '])
}

impl Collection {
    fn add(&mut self, url: String, follow: bool) {
        if let Some(&place) = self.known.get(&url) {
            self.urls[place] |= follow;
        } else if self.urls.len() >= MAX_URLS || self.bytes + url.len() > MAX_URLS_BYTES {
            self.truncated = true;
        } else {
            self.bytes += url.len();
            self.known.insert(url, self.urls.len());
            self.urls.push(follow);
        }
    }

    fn into_extracted(self, links: usize) -> Extracted {
        let mut ordered: Vec<(usize, String)> = self.known.into_iter().map(|(url, place)| (place, url)).collect();
        ordered.sort_unstable_by_key(|(place, _)| *place);
        let (followed, nofollow): (Vec<_>, Vec<_>) = ordered.into_iter().partition(|(place, _)| self.urls[*place]);
        let strings = |list: Vec<(usize, String)>| list.into_iter().map(|(_, url)| url).collect();
        Extracted {
            links: links.try_into().unwrap_or(u64::MAX),
            urls: strings(followed),
            nofollow: strings(nofollow),
            truncated: self.truncated,
        }
    }
}
