//! When two spellings are the same URL.
//!
//! Normalization is RFC 3986's on top of what the WHATWG parser does already. The original spelling is what is
//! requested and shown; the normalized one only decides identity. Normalizing twice changes nothing.

use std::{borrow::Cow, fmt, hash::Hasher};

use crawl_protocol::Kind;
use siphasher::sip128::{Hasher128, SipHasher13};
use url::Url;

use crate::{SkipReason, Spelling};

/// URLs longer than this many bytes are not crawled.
pub const MAX_URL_BYTES: usize = 2083;

/// 128 bits that stand for one URL of one crawl. Depends on nothing else, so every reader of a log computes the same.
///
/// Bytes and not a number, so that a page of the table takes no more room than it needs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId([u8; 16]);

impl PageId {
    /// Half of it, as the hash of a table: all bits are as good as random.
    pub(crate) fn bits(self) -> u64 {
        u128::from_be_bytes(self.0) as u64
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl std::str::FromStr for PageId {
    type Err = std::num::ParseIntError;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(|bits| Self(bits.to_be_bytes()))
    }
}

impl fmt::Debug for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Computes the ids of one crawl. Keyed with the crawl's uid, so nobody outside can construct two URLs that collide.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    key: [u8; 16],
}

impl Identity {
    pub(crate) fn new(crawl: &str) -> Self {
        let mut hasher = SipHasher13::new();
        hasher.write(crawl.as_bytes());
        Self { key: hasher.finish128().as_bytes() }
    }

    /// The id of a normalized URL, fetched as `kind`: /robots.txt may also be a page that someone links to.
    pub(crate) fn of(&self, kind: Kind, normalized: &str) -> PageId {
        let mut hasher = SipHasher13::new_with_key(&self.key);
        hasher.write_u8(match kind {
            Kind::Page => 0,
            Kind::Robots => 1,
            Kind::Sitemap => 2,
        });
        hasher.write(normalized.as_bytes());
        PageId(hasher.finish128().as_u128().to_be_bytes())
    }
}

/// The spelling to request: parsed, without fragment and user info.
///
/// # Errors
/// Why it cannot be requested: it is no http or https URL, or too long.
pub(crate) fn readable(text: &str) -> Result<Url, SkipReason> {
    if text.len() > 4 * MAX_URL_BYTES {
        return Err(SkipReason::UrlTooLong);
    }
    let mut url = Url::parse(text).map_err(|_| SkipReason::BadUrl)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(SkipReason::BadUrl);
    }
    if url.fragment().is_some() {
        url.set_fragment(None);
    }
    if !url.username().is_empty() || url.password().is_some() {
        let cleared = url.set_username("").and_then(|()| url.set_password(None));
        cleared.map_err(|()| SkipReason::BadUrl)?;
    }
    if url.as_str().len() > MAX_URL_BYTES { Err(SkipReason::UrlTooLong) } else { Ok(url) }
}

/// As [`readable`], where the reason does not matter.
pub(crate) fn requestable(text: &str) -> Option<Url> {
    readable(text).ok()
}

/// The spelling that decides identity: no trailing dot of the host, percent-encoding unified, no empty query; then what
/// the rules of the crawl say of parameters.
pub(crate) fn normalized<'a>(url: &'a Url, spelling: &Spelling) -> Cow<'a, str> {
    let url = plain(url);
    let text = if url.contains('%') { Cow::Owned(unify_percent_encoding(&url)) } else { url };
    if spelling.is_plain() { text } else { Cow::Owned(spelling.apply(&text)) }
}

fn plain(url: &Url) -> Cow<'_, str> {
    let dotted = url.host_str().is_some_and(|host| host.ends_with('.'));
    if !dotted && url.query() != Some("") {
        return Cow::Borrowed(url.as_str());
    }
    let mut url = url.clone();
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        // Fails only for hosts that parsed with the dot and would not without: they keep it.
        let _ = url.set_host(Some(&host));
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    Cow::Owned(url.into())
}

/// RFC 3986 §6.2.2: upper-case hex, unreserved characters decoded. Decoded once: a `%` that starts no triplet becomes
/// `%25`, or `%%34%31` would turn into another triplet.
fn unify_percent_encoding(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = 0;
    while let Some(at) = text[rest..].find('%').map(|found| rest + found) {
        out.push_str(&text[rest..at]);
        match (hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (Some(high), Some(low)) => {
                push_triplet(&mut out, high << 4 | low);
                rest = at + 3;
            }
            _ => {
                out.push_str("%25");
                rest = at + 1;
            }
        }
    }
    out.push_str(&text[rest..]);
    out
}

fn push_triplet(out: &mut String, byte: u8) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        out.push(char::from(byte));
    } else {
        out.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    char::from(*byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norm(text: &str) -> String {
        requestable(text)
            .map_or_else(|| "refused".to_owned(), |url| normalized(&url, &Spelling::default()).into_owned())
    }

    #[test]
    fn spellings_of_one_url_are_one() {
        for (a, b) in [
            ("http://h/a#x", "http://h/a"),
            ("http://h/a#", "http://h/a"),
            ("HTTP://H:80", "http://h/"),
            ("http://h/%7euser", "http://h/%7Euser"),
            ("http://h/%7Euser", "http://h/~user"),
            ("http://h/p?", "http://h/p"),
            ("http://u:p@h/", "http://h/"),
            ("http://h./", "http://h/"),
            ("http://h/a/../../b", "http://h/b"),
            ("http://h/%e3%81", "http://h/%E3%81"),
            ("http://h/100%", "http://h/100%25"),
        ] {
            assert_eq!(norm(a), norm(b), "{a} and {b}");
        }
    }

    #[test]
    fn different_urls_stay_different() {
        for (a, b) in [
            ("http://h:443/", "https://h/"),
            ("http://h/", "https://h/"),
            ("http://www.h/", "http://h/"),
            ("http://h/a%2Fb", "http://h/a/b"),
            ("http://h/%2561", "http://h/%61"),
            ("http://h/a", "http://h/a/"),
            ("http://h/a//b", "http://h/a/b"),
            ("http://h/?b=1&a=2", "http://h/?a=2&b=1"),
            ("http://h/?a=+", "http://h/?a=%20"),
            ("http://h/;jsessionid=1", "http://h/;jsessionid=2"),
            ("http://h/index.html", "http://h/"),
            ("http://h/A", "http://h/a"),
            ("http://h/\u{e9}", "http://h/e\u{301}"),
        ] {
            assert_ne!(norm(a), norm(b), "{a} and {b}");
        }
    }

    #[test]
    fn normalizing_twice_changes_nothing() {
        for text in
            ["http://h/%%34%31", "http://h/%25%34%31", "http://h/%2%2e", "http://h./%zz%7e?%", "http://h/%E3%81?a=%2b"]
        {
            let once = norm(text);
            assert_eq!(norm(&once), once, "{text}");
        }
    }

    /// Texts of characters that mean something in URLs: normalizing is done once, keeps the URL one that can be requested,
    /// and does not depend on how an unreserved character was written.
    #[test]
    fn any_text_is_normalized_once() {
        const SIGNS: &[u8] = b"%%%247eEfF aA.~/?#&=;:@[]|\\-_utm\xc3\xa9";
        let spelling = Spelling { ignore_parameters: vec!["a".into(), "utm*".into()], sort_query: true };
        let mut random: u64 = 1;
        let mut tried = 0;
        for _ in 0..50_000 {
            let mut text = b"http://h/".to_vec();
            for _ in 0..random % 24 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(SIGNS[usize::try_from(random >> 40).unwrap_or(0) % SIGNS.len()]);
            }
            random = random.wrapping_add(1);
            let text = String::from_utf8_lossy(&text);
            let Some(url) = requestable(&text) else { continue };
            for spelling in [&Spelling::default(), &spelling] {
                let once = normalized(&url, spelling).into_owned();
                let again = requestable(&once).map(|url| normalized(&url, spelling).into_owned());
                assert_eq!(again.as_deref(), Some(once.as_str()), "{text:?}");
            }
            let (plain, written) = (format!("{url}&~"), format!("{url}&%7e"));
            assert_eq!(norm(&plain), norm(&written), "{text:?}");
            tried += 1;
        }
        assert!(tried > 40_000, "only {tried} of the texts were URLs");
    }

    #[test]
    fn what_cannot_be_crawled_is_refused() {
        let long = format!("http://h/{}", "a".repeat(MAX_URL_BYTES));
        for text in [
            "",
            "ftp://h/",
            "mailto:a@b",
            "javascript:1",
            "http://",
            "/relative",
            "http://[bad",
            "http://h:99999/",
            &long,
        ] {
            assert_eq!(norm(text), "refused", "{text:.40}");
        }
    }

    #[test]
    fn ids_depend_on_crawl_kind_and_url_only() {
        let (one, other) = (Identity::new("one"), Identity::new("other"));
        assert_eq!(one.of(Kind::Page, "http://h/"), Identity::new("one").of(Kind::Page, "http://h/"));
        assert_ne!(one.of(Kind::Page, "http://h/"), other.of(Kind::Page, "http://h/"));
        assert_ne!(one.of(Kind::Page, "http://h/"), one.of(Kind::Robots, "http://h/"));
    }
}
