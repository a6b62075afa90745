//! The addresses that a document gives, as they are written, each once. A document may have a million links, of which a few
//! thousand are recorded: what is kept here has bounds.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

/// Addresses of one page that are looked at, at most. Links beyond are counted all the same. Several may come to the same URL, so
/// they are more than [`MAX_URLS`](crate::extract::MAX_URLS).
pub(crate) const MAX_HREFS: usize = 65_536;
/// Bytes of all of them together at most.
const MAX_HREFS_BYTES: usize = 4 * 1024 * 1024;
/// A longer address leads nowhere. It is far more than a URL may have, as an address may have much in it that a URL does not.
pub(crate) const MAX_HREF_BYTES: usize = 64 * 1024;

/// An address's place among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Href(u32);

impl Href {
    /// The place of what is not kept.
    pub(crate) const NOWHERE: Self = Self(u32::MAX);
}

#[derive(Debug)]
struct Entry<'a> {
    href: Cow<'a, str>,
    /// Whether any link leads there, and whether any may be followed.
    led: bool,
    follow: bool,
}

/// Addresses, and in which order the links of the document lead to them. Whoever writes a page chooses them, so the hashes are
/// seeded.
#[derive(Debug, Default)]
pub(crate) struct Hrefs<'a> {
    entries: Vec<Entry<'a>>,
    known: HashTable<u32>,
    hasher: RandomState,
    order: Vec<u32>,
    bytes: usize,
    /// Some were left out.
    cut: bool,
}

impl<'a> Hrefs<'a> {
    /// Keeps an address as it is written.
    pub(crate) fn keep(&mut self, href: Cow<'a, str>) -> Href {
        if href.len() > MAX_HREF_BYTES {
            return Href::NOWHERE;
        }
        let hash = self.hasher.hash_one(&*href);
        if let Some(known) = self.known.find(hash, |place| self.entries[*place as usize].href == href) {
            return Href(*known);
        }
        let Some(place) = u32::try_from(self.entries.len()).ok().filter(|place| (*place as usize) < MAX_HREFS) else {
            self.cut = true;
            return Href::NOWHERE;
        };
        if self.bytes + href.len() > MAX_HREFS_BYTES {
            self.cut = true;
            return Href::NOWHERE;
        }
        self.bytes += href.len();
        self.entries.push(Entry { href, led: false, follow: false });
        let (hasher, entries) = (&self.hasher, &self.entries);
        self.known.insert_unique(hash, place, |place| hasher.hash_one(&*entries[*place as usize].href));
        Href(place)
    }

    /// Keeps an address to fetch, without its fragment, unless its scheme is none of the web's.
    pub(crate) fn keep_target(&mut self, href: Cow<'a, str>) -> Href {
        let href = cut(href);
        if leads_elsewhere(&href) { Href::NOWHERE } else { self.keep(href) }
    }

    /// A link leads there, the next one of the document.
    pub(crate) fn lead(&mut self, to: Href, follow: bool) {
        let Some(entry) = self.entries.get_mut(to.0 as usize) else { return };
        if !std::mem::replace(&mut entry.led, true) {
            self.order.push(to.0);
        }
        entry.follow |= follow;
    }

    pub(crate) fn get(&self, href: Href) -> Option<&str> {
        self.entries.get(href.0 as usize).map(|entry| &*entry.href)
    }

    /// Where links lead, in the order of the document, and whether any link may be followed there.
    pub(crate) fn led(&self) -> impl Iterator<Item = (&str, bool)> {
        self.order.iter().map(|place| &self.entries[*place as usize]).map(|entry| (&*entry.href, entry.follow))
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }
}

/// Strips white space, and what a fragment says. Its `#` stays: white space before it belongs to the address.
fn cut(href: Cow<'_, str>) -> Cow<'_, str> {
    match href {
        Cow::Borrowed(href) => {
            let href = trim(href);
            let end = memchr::memchr(b'#', href.as_bytes()).map_or(href.len(), |place| place + 1);
            Cow::Borrowed(&href[..end])
        }
        Cow::Owned(href) => Cow::Owned(cut(Cow::Borrowed(&href)).into_owned()),
    }
}

/// Whether an address has a scheme, whatever it is relative to, and that is not http or https.
fn leads_elsewhere(href: &str) -> bool {
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let Some(end) = href.bytes().position(|byte| !is_scheme(byte)) else { return false };
    let scheme = &href[..end];
    href.as_bytes()[end] == b':'
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && !["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

/// Strips what the HTML standard calls ASCII white space.
pub(crate) fn trim(href: &str) -> &str {
    href.trim_matches(|character: char| character.is_ascii_whitespace())
}
