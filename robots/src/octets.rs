//! Spellings of a path: which octets are the same although one is percent-encoded and the other is not (RFC 9309
//! §2.2.2, §2.2.3).
//!
//! There are two normal forms, both of printable ASCII, and a rule matches a path that it matches in either.
//!
//! - *Written* is what Google compares: unreserved characters decoded, what is not printable ASCII encoded, hexadecimal
//!   digits in upper case, everything else as it stands. A rule such as `/*%` means the signs of the URL and nothing
//!   else.
//! - *Meant* also takes reserved characters for the same whether encoded or not, as the RFC's table does with `:` and
//!   `/` in a query. Those that delimit something keep their two meanings: `/` and `?` in a path, and `&`, `=`, `+`,
//!   `;`, `#`, `%`.

use std::borrow::Cow;

/// Stands for a `*` and a `$` that are no wildcards. Control characters are encoded in both forms, so these two are
/// free.
const STAR: char = '\u{1}';
const DOLLAR: char = '\u{2}';

/// What is normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A rule's value, with `*` and a last `$` as wildcards.
    Pattern,
    /// Path and query of a URL.
    Path,
}

/// The path and query of a URL, which is what rules are about; `/` where there is none. A scheme may be missing, a
/// fragment is left out.
#[must_use]
pub fn path_and_query(url: &str) -> Cow<'_, str> {
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let begins_path = ['/', '?', ';'];
    let after_scheme = match url.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(begins_path) => rest,
        _ => url.strip_prefix("//").unwrap_or(url),
    };
    let path = after_scheme.find(begins_path).map_or("", |at| &after_scheme[at..]);
    if path.starts_with('/') { Cow::Borrowed(path) } else { Cow::Owned(format!("/{path}")) }
}

/// Both normal forms of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Forms<'a> {
    pub(crate) written: Cow<'a, str>,
    /// `None` when it is the same as written, as it nearly always is.
    pub(crate) meant: Option<String>,
}

impl<'a> Forms<'a> {
    pub(crate) fn of(text: &'a [u8], side: Side) -> Self {
        if let Ok(plain) = std::str::from_utf8(text)
            && plain.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'%' | b'*' | b'$'))
        {
            return Self { written: Cow::Borrowed(plain), meant: None };
        }
        let written = written(text);
        let meant = Some(meant(text, side)).filter(|meant| *meant != written);
        Self { written: Cow::Owned(written), meant }
    }

    pub(crate) fn meant(&self) -> &str {
        self.meant.as_deref().unwrap_or(&self.written)
    }
}

fn written(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for octet in octets(text) {
        match octet {
            Octet::Encoded(byte) if is_unreserved(byte) => out.push(char::from(byte)),
            Octet::Plain(byte) if byte.is_ascii_graphic() => out.push(char::from(byte)),
            Octet::Encoded(byte) | Octet::Plain(byte) => push_encoded(&mut out, byte),
        }
    }
    out
}

fn meant(text: &[u8], side: Side) -> String {
    let (text, end) = match text {
        [text @ .., b'$'] if side == Side::Pattern => (text, "$"),
        _ => (text, ""),
    };
    let mut out = String::with_capacity(text.len() + 8);
    let mut in_query = false;
    for octet in octets(text) {
        match octet {
            Octet::Plain(b'*') if side == Side::Pattern => out.push('*'),
            Octet::Plain(b'*') | Octet::Encoded(b'*') => out.push(STAR),
            Octet::Plain(b'$') | Octet::Encoded(b'$') => out.push(DOLLAR),
            Octet::Plain(b'%') => push_encoded(&mut out, b'%'),
            Octet::Encoded(byte) if byte.is_ascii_graphic() && !delimits(byte, in_query) => out.push(char::from(byte)),
            Octet::Plain(byte) if byte.is_ascii_graphic() => out.push(char::from(byte)),
            Octet::Encoded(byte) | Octet::Plain(byte) => push_encoded(&mut out, byte),
        }
        in_query |= octet == Octet::Plain(b'?');
    }
    out.push_str(end);
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Octet {
    Plain(u8),
    Encoded(u8),
}

/// The octets of a text: `%61` is one. A `%` that begins no such triplet stands for itself.
fn octets(text: &[u8]) -> impl Iterator<Item = Octet> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (first, after) = rest.split_first()?;
        if let [b'%', high, low, after @ ..] = rest
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            rest = after;
            return Some(Octet::Encoded(high << 4 | low));
        }
        rest = after;
        Some(Octet::Plain(*first))
    })
}

/// Whether an encoded character differs in meaning from the same one bare: the bare one would separate something.
fn delimits(byte: u8, in_query: bool) -> bool {
    matches!(byte, b'%' | b'#' | b'&' | b'+' | b';' | b'=') || (!in_query && matches!(byte, b'/' | b'?'))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn push_encoded(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend(['%', char::from(DIGITS[usize::from(byte >> 4)]), char::from(DIGITS[usize::from(byte & 15)])]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_normalised_in_two_ways() {
        for (text, written, meant) in [
            ("/a/b?c=d&e", "/a/b?c=d&e", "/a/b?c=d&e"),
            ("/%62%61%7A/%7e", "/baz/~", "/baz/~"),
            ("/%e3%83%84", "/%E3%83%84", "/%E3%83%84"),
            ("/ツ á", "/%E3%83%84%20%C3%A1", "/%E3%83%84%20%C3%A1"),
            ("/a%2fb%3fc", "/a%2Fb%3Fc", "/a%2Fb%3Fc"),
            ("/?u=http%3A%2F%2Fh%3f", "/?u=http%3A%2F%2Fh%3F", "/?u=http://h?"),
            ("/a%3Ab%40%5B%21", "/a%3Ab%40%5B%21", "/a:b@[!"),
            ("/?a%26b%3Dc%2Bd%3Be%23%25", "/?a%26b%3Dc%2Bd%3Be%23%25", "/?a%26b%3Dc%2Bd%3Be%23%25"),
            ("/100%", "/100%", "/100%25"),
            ("/%%34%31", "/%41", "/%2541"),
            ("/%zz%2", "/%zz%2", "/%25zz%252"),
            ("/\0\t", "/%00%09", "/%00%09"),
        ] {
            for side in [Side::Pattern, Side::Path] {
                let forms = Forms::of(text.as_bytes(), side);
                assert_eq!((&*forms.written, forms.meant()), (written, meant), "{text:?} {side:?}");
                assert_eq!(forms.meant.is_none(), written == meant);
            }
        }
        assert_eq!(Forms::of(b"/\xFF", Side::Path).written, "/%FF");
    }

    #[test]
    fn stars_and_dollars_are_wildcards_in_patterns_only() {
        for (text, pattern, path) in [
            ("/a*b", "/a*b", "/a\u{1}b"),
            ("/a%2Ab", "/a\u{1}b", "/a\u{1}b"),
            ("/a$b", "/a\u{2}b", "/a\u{2}b"),
            ("/a$", "/a$", "/a\u{2}"),
            ("/a%24", "/a\u{2}", "/a\u{2}"),
        ] {
            assert_eq!(Forms::of(text.as_bytes(), Side::Pattern).meant(), pattern, "{text}");
            assert_eq!(Forms::of(text.as_bytes(), Side::Path).meant(), path, "{text}");
        }
    }
}
