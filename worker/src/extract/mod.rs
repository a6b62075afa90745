//! From the bytes of an HTML page to its links.
//!
//! This module is responsible for the count of links and for the URLs they lead to, by the HTML and URL standards. It does no
//! I/O, keeps nothing between pages, and must never fail, hang or grow without bound, whatever the bytes are.
//!
//! # What is a link
//! An `a` or `area` element of the HTML namespace with an `href` attribute, in the document as a browser without scripting
//! builds it: links inside `noscript` count, links inside the contents of a `template` do not.

mod budget;
mod charset;
mod collect;
mod directives;
mod plain;
mod sink;
mod tree;

use encoding_rs::Encoding;
use url::Url;

pub(crate) use charset::charset_of;
pub(crate) use collect::recorded;

pub use budget::{MAX_CPU, MAX_DEPTH, MAX_NODES};
pub use collect::{MAX_URL_BYTES, MAX_URLS, MAX_URLS_BYTES};
pub use directives::header_says_nofollow;

/// A page to extract links from.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The decoded body, or its beginning.
    pub body: &'a [u8],
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// Where the body came from.
    pub url: &'a Url,
    /// The product token by which a page may name us.
    pub agent: &'a str,
    /// The response itself asks that none of its links be followed; see [`header_says_nofollow`].
    pub nofollow: bool,
}

/// The links of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// How many there are, whatever they lead to.
    pub links: u64,
    /// The http and https URLs they lead to: absolute, without fragment and user info, each once, in document order.
    pub urls: Vec<String>,
    /// Those that lead out only by links that ask not to be followed; not in `urls`.
    pub nofollow: Vec<String>,
    /// The document or the list of URLs was cut at a limit.
    pub truncated: bool,
}

/// Extracts the links of a page: by its tags where they suffice, else by its tree.
#[must_use]
pub fn extract(document: Document<'_>) -> Extracted {
    let (encoding, text) = charset::decode(document.body, document.content_type);
    by_tags(&text, encoding, document).unwrap_or_else(|| by_tree(&text, encoding, document))
}

/// The first tier alone, for tests and measurements: nothing where only a tree can tell.
#[must_use]
pub fn extract_by_tags(document: Document<'_>) -> Option<Extracted> {
    let (encoding, text) = charset::decode(document.body, document.content_type);
    by_tags(&text, encoding, document)
}

/// The second tier alone, for tests and measurements. It says the same as the first, where that says anything.
#[must_use]
pub fn extract_by_tree(document: Document<'_>) -> Extracted {
    let (encoding, text) = charset::decode(document.body, document.content_type);
    by_tree(&text, encoding, document)
}

fn by_tags(text: &str, encoding: &'static Encoding, document: Document<'_>) -> Option<Extracted> {
    let found = plain::read(text, document.agent)?;
    Some(collect::collect(&found, document.url, encoding, document.nofollow))
}

fn by_tree(text: &str, encoding: &'static Encoding, document: Document<'_>) -> Extracted {
    let (tree, cut) = budget::parse(text, document.agent);
    let collected = collect::collect(&tree.found(), document.url, encoding, document.nofollow);
    Extracted { truncated: collected.truncated || cut, ..collected }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
