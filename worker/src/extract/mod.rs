//! From the bytes of an HTML page to its links, and to what it says of itself.
//!
//! This module is responsible for the count of links and for the URLs they lead to, by the HTML and URL standards. It does no
//! I/O, keeps nothing between pages, and must never fail, hang or grow without bound, whatever the bytes are.
//!
//! # What is a link
//! An `a` or `area` element of the HTML namespace with an `href` attribute, in the document as a browser without scripting
//! builds it: links inside `noscript` count, links inside the contents of a `template` do not. What a page is made of (`link`,
//! `img`, `script`, `srcset`, `iframe`) and where its forms lead is neither counted nor recorded. Where a
//! `meta http-equiv=refresh` leads is recorded, and not counted.
//!
//! # Bounds
//! A page of 10 MB takes at most about 24 MB beside its body, and time in proportion to its size: at most a quarter of a second a
//! megabyte, a tenth of it for real ones. `benches/hostile.rs` shows it. Whatever is left out for that sets
//! [`truncated`](Extracted::truncated).

mod charset;
mod collect;
mod directives;
mod found;
mod plain;
mod refresh;
mod resolve;
mod tree;

use std::borrow::Cow;
use std::ops::ControlFlow;

use crawl_protocol::About;
use encoding_rs::Encoding;
use url::Url;

pub(crate) use charset::charset_of;
pub(crate) use resolve::recorded;

pub use collect::{MAX_URLS, MAX_URLS_BYTES};
pub use directives::header_says_nofollow;
pub use found::{MAX_HEADING_BYTES, MAX_HEADINGS, MAX_HEADINGS_BYTES, MAX_TITLE_BYTES};
pub use resolve::MAX_URL_BYTES;
pub use tree::{MAX_DEPTH, MAX_NODES};

/// A page to extract links from.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The decoded body, or its beginning.
    pub body: &'a [u8],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `Content-Language` header.
    pub content_language: Option<&'a str>,
    /// Where the body came from.
    pub url: &'a Url,
    /// The product token by which a page may name us.
    pub agent: &'a str,
    /// The response itself asks that none of its links be followed; see [`header_says_nofollow`].
    pub nofollow: bool,
}

/// What a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// How many links there are, whatever they lead to.
    pub links: u64,
    /// The http and https URLs they lead to: absolute, without fragment and user info, each once, in document order.
    pub urls: Vec<String>,
    /// Those that lead out only by links that ask not to be followed; not in `urls`.
    pub nofollow: Vec<String>,
    /// The document or the list of URLs was cut at a limit.
    pub truncated: bool,
    /// What the page says of itself.
    pub about: About,
}

/// Extracts what a page says: by its tags where they suffice, else by its tree.
#[must_use]
pub fn extract(document: Document<'_>) -> Extracted {
    let encoding = charset::encoding_of(document.body, document.content_type);
    by_tags(encoding, document).unwrap_or_else(|| by_tree(encoding, document))
}

/// The first tier alone, which takes no longer than its bytes: nothing where only a tree can tell.
#[must_use]
pub fn extract_by_tags(document: Document<'_>) -> Option<Extracted> {
    by_tags(charset::encoding_of(document.body, document.content_type), document)
}

/// The second tier alone. It says the same as the first, where that says anything.
#[must_use]
pub fn extract_by_tree(document: Document<'_>) -> Extracted {
    by_tree(charset::encoding_of(document.body, document.content_type), document)
}

/// The encoding of a body, and its text: as it is read whole, and as it is read in parts.
pub(crate) fn decoded(body: &[u8], content_type: Option<&str>) -> (&'static Encoding, Option<String>, String) {
    let (encoding, mut parts) = (charset::encoding_of(body, content_type), String::new());
    let _ = charset::decode_in_parts(body, encoding, |part| {
        parts.push_str(part);
        ControlFlow::Continue(())
    });
    (encoding, charset::decode(body, encoding).map(Cow::into_owned), parts)
}

fn by_tags(encoding: &'static Encoding, document: Document<'_>) -> Option<Extracted> {
    let text = charset::decode(document.body, encoding)?;
    let found = plain::read(&text, document.agent)?;
    Some(collect::collect(found, queries(encoding), document))
}

fn by_tree(encoding: &'static Encoding, document: Document<'_>) -> Extracted {
    let (found, cut) = tree::read(document.body, encoding, document.agent);
    let collected = collect::collect(found, queries(encoding), document);
    Extracted { truncated: collected.truncated || cut, ..collected }
}

/// The query of a link is in the page's encoding; one in UTF-16 uses UTF-8.
fn queries(encoding: &'static Encoding) -> &'static Encoding {
    encoding.output_encoding()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
