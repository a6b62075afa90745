//! Names of crawlers: what a crawler calls itself, and whom a `User-agent` line speaks to.

/// The product token of a `User-Agent` header, by which robots.txt names a crawler: the ASCII letters, `-` and `_` at
/// its beginning (RFC 9309 §2.2.1). Empty when it begins with something else; then only the groups for `*` apply.
#[must_use]
pub fn product_token(header: &str) -> &str {
    let end = header.bytes().position(|byte| !is_token(byte)).unwrap_or(header.len());
    &header[..end]
}

/// Whom the value of a `User-agent` line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named<'a> {
    Everyone,
    /// A product token; empty when the value begins with none.
    Token(&'a [u8]),
}

/// Reads the value of a `User-agent` line. What follows the token is passed over: `foobot/1.2` and `foobot images` are
/// foobot, and a `*` may be followed by words.
pub(crate) fn named(value: &[u8]) -> Named<'_> {
    if let [b'*', rest @ ..] = value
        && rest.first().is_none_or(|byte| crate::record::is_white(*byte))
    {
        return Named::Everyone;
    }
    let end = value.iter().position(|byte| !is_token(*byte)).unwrap_or(value.len());
    Named::Token(&value[..end])
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_begins_with_the_token() {
        for (header, token) in [
            ("crawl-operator/0.1 (+https://crawl-operator.io)", "crawl-operator"),
            ("FooBot", "FooBot"),
            ("foo_bot images", "foo_bot"),
            ("Foobot*", "Foobot"),
            ("foo7", "foo"),
            ("7foo", ""),
            (" foo", ""),
            ("ツ", ""),
            ("", ""),
        ] {
            assert_eq!(product_token(header), token, "{header:?}");
        }
    }

    #[test]
    fn a_line_names_everyone_or_a_token() {
        for (value, expected) in [
            ("*", Named::Everyone),
            ("* all of you", Named::Everyone),
            ("*\tall", Named::Everyone),
            ("*bot", Named::Token(b"")),
            ("foobot/1.2", Named::Token(b"foobot")),
            ("foobot images", Named::Token(b"foobot")),
            ("foo*", Named::Token(b"foo")),
            ("", Named::Token(b"")),
        ] {
            assert_eq!(named(value.as_bytes()), expected, "{value:?}");
        }
    }
}
