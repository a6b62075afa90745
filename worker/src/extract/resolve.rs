//! From an address as it is written to the URL that is recorded.
//!
//! Most addresses are plain: a path of letters and digits under the base. Those are put together here, at a tenth of the price,
//! and a test says that the url crate would come to the same. All others are its business.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use url::{EncodingOverride, Position, Url};

/// URLs longer than this many bytes are not recorded. It is more than can be crawled, so that the crawl can count what is too
/// long.
pub const MAX_URL_BYTES: usize = 8192;

/// What addresses of a page are relative to.
#[derive(Debug)]
pub(super) struct Resolver {
    base: Url,
    /// The encoding of queries.
    encoding: &'static Encoding,
    /// The base allows for plain addresses: it is of the web, and there is no user info to strip.
    has_plain: bool,
}

impl Resolver {
    /// For a page with the address of its first `base`, if there is one; one that is no usable address is passed over.
    pub(super) fn new(page: &Url, base: Option<&str>, encoding: &'static Encoding) -> Self {
        let usable = |base: &Url| !base.cannot_be_a_base() && !matches!(base.scheme(), "data" | "javascript");
        let declared = base.and_then(|href| page.join(href).ok()).filter(usable);
        let base = declared.unwrap_or_else(|| page.clone());
        let has_plain =
            matches!(base.scheme(), "http" | "https") && base.username().is_empty() && base.password().is_none();
        Self { base, encoding, has_plain }
    }

    /// The URL as it is recorded, if it is.
    pub(super) fn resolve(&self, href: &str) -> Option<String> {
        match self.plain(href) {
            Some(url) => (url.len() <= MAX_URL_BYTES).then_some(url),
            None => self.by_the_standard(href),
        }
    }

    fn by_the_standard(&self, href: &str) -> Option<String> {
        let encode = encoder(self.encoding);
        let encode: EncodingOverride<'_> = if self.encoding == UTF_8 { None } else { Some(&encode) };
        recorded(Url::options().base_url(Some(&self.base)).encoding_override(encode).parse(href).ok()?)
    }

    /// The URL of a plain address: nothing in it is encoded, decoded, or means another part of the URL.
    fn plain(&self, href: &str) -> Option<String> {
        let origin = &self.base[..Position::BeforePath];
        let (mut directory, mut path) = match href.as_bytes() {
            _ if !self.has_plain => return None,
            [b'/', b'/', ..] | [] => return None,
            [b'/', ..] => ("", href),
            _ => match href.strip_prefix(origin) {
                Some(path) if path.starts_with('/') => ("", path),
                _ if href.contains(':') => return None,
                _ => (directory(self.base.path()), href),
            },
        };
        while let Some(rest) = path.strip_prefix("../") {
            directory = parent(directory);
            path = rest;
        }
        let path = path.strip_suffix('#').unwrap_or(path);
        is_plain(path).then(|| [origin, directory, path].concat())
    }
}

/// Writes queries in the page's encoding.
fn encoder(encoding: &'static Encoding) -> impl Fn(&str) -> Cow<'_, [u8]> {
    move |text| encoding.encode(text).0
}

/// The path up to its last slash.
fn directory(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
}

/// The directory that a directory is in. The outermost is in itself.
fn parent(of: &str) -> &str {
    match directory(of.strip_suffix('/').unwrap_or(of)) {
        "" => of,
        parent => parent,
    }
}

/// Whether a path, maybe with a query, is in a URL as it is here. Segments that begin with a dot may be more than names.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    let end = bytes.iter().position(|byte| PLAIN[usize::from(*byte)] != IN_PATH).unwrap_or(bytes.len());
    let (path, query) = bytes.split_at(end);
    !path.is_empty()
        && path[0] != b'.'
        && memchr::memmem::find(path, b"/.").is_none()
        && (query.is_empty() || query[0] == b'?' && query.iter().all(|byte| PLAIN[usize::from(*byte)] != NOT))
}

const NOT: u8 = 0;
const IN_QUERY: u8 = 1;
const IN_PATH: u8 = 2;

/// Where each byte is plain. What is so in a path is so in a query.
const PLAIN: [u8; 256] = {
    let mut table = [NOT; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => IN_PATH,
            b'-' | b'_' | b'~' | b'.' | b'!' | b'$' | b'&' | b'(' | b')' | b'*' | b'+' => IN_PATH,
            b',' | b';' | b'=' | b':' | b'@' | b'/' => IN_PATH,
            b'?' | b'%' => IN_QUERY,
            _ => NOT,
        };
        byte += 1;
    }
    table
};

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BASES: [&str; 9] = [
        "https://example.com/",
        "https://example.com",
        "http://example.com:8080/a/b/c?q#f",
        "https://example.com/a//b//c",
        "https://example.com/a/b/",
        "https://xn--strae-oqa.de/%D0%B6/x;y",
        "https://[::1]/a/b",
        "https://user:pw@example.com/a/b",
        "ftp://example.com/a/b",
    ];

    const PIECES: [&str; 50] = [
        "/",
        "/",
        "/",
        "a",
        "b",
        "x.html",
        "index",
        ".",
        "..",
        "../",
        "./",
        "?",
        "?",
        "&",
        "=",
        "#",
        ":",
        ";",
        ",",
        "@",
        "%20",
        "%2e",
        "%2E%2e",
        "%",
        " ",
        "\\",
        "//",
        "'",
        "\"",
        "~",
        "!",
        "$",
        "(",
        ")",
        "*",
        "+",
        "-",
        "_",
        "|",
        "^",
        "[",
        "é",
        "https://example.com",
        "https://example.com/",
        "http://example.com:8080/",
        "https:",
        "http:",
        "HTTPS://EXAMPLE.com/",
        "\t",
        "`",
    ];

    #[test]
    fn plain_addresses_lead_where_the_standard_says() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut below = |limit: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).unwrap() % limit
        };
        let resolvers = BASES.map(|base| Resolver::new(&Url::parse(base).unwrap(), None, UTF_8));
        let mut plain = 0;
        for _ in 0..300_000 {
            let resolver = &resolvers[below(BASES.len())];
            // Most of random pieces are not plain.
            let from = if below(2) == 0 { PIECES.len() } else { 20 };
            let href: String = (0..below(8)).map(|_| PIECES[below(from)]).collect();
            if let Some(found) = resolver.plain(&href) {
                plain += 1;
                assert_eq!(Some(found), resolver.by_the_standard(&href), "{href:?} on {}", resolver.base);
            }
        }
        assert!(plain > 50_000, "{plain} plain addresses prove little");
    }

    #[test]
    fn most_addresses_are_plain() {
        let resolver = Resolver::new(&Url::parse("https://example.com/a/b/c").unwrap(), None, UTF_8);
        for (href, plain) in [
            ("/x/y.html", Some("https://example.com/x/y.html")),
            ("x.html?a=1&b=%20#", Some("https://example.com/a/b/x.html?a=1&b=%20")),
            ("../x", Some("https://example.com/a/x")),
            ("../../../../x/", Some("https://example.com/x/")),
            ("https://example.com/x", Some("https://example.com/x")),
            ("https://example.com.other/x", None),
            ("//x", None),
            ("x/../y", None),
            ("/.x", None),
            ("a:b", None),
            ("?x", None),
            ("/a b", None),
            ("", None),
        ] {
            assert_eq!(resolver.plain(href).as_deref(), plain, "{href:?}");
        }
    }
}
