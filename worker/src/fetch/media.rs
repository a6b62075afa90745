//! What a response is, before its body is read.
//!
//! HTML and XHTML are parsed. Without a `Content-Type`, the first bytes decide: what begins with `<` and a letter, `!`, `?` or
//! `/` is HTML. Everything else is a page without links, also HTML that calls itself `text/plain`.

/// What to do with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// Read it and look for links.
    Html,
    /// Look at its beginning first.
    Unknown,
    /// Leave it unread.
    Other,
}

/// Bytes that are enough for [`looks_like_html`].
pub(super) const SNIFFED: usize = 512;

/// What a `Content-Type` without parameters, in lower case, means.
pub(super) fn of(essence: &str) -> Media {
    match essence {
        "text/html" | "application/xhtml+xml" => Media::Html,
        "" => Media::Unknown,
        _ => Media::Other,
    }
}

/// The type in a `Content-Type` header, without parameters, in lower case.
pub(super) fn essence(header: &str) -> String {
    header.split(';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase()
}

/// Whether a body without a type begins like HTML, in any encoding that has ASCII inside.
pub(super) fn looks_like_html(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let mut bytes = body.iter().skip_while(|byte| byte.is_ascii_whitespace());
    bytes.next() == Some(&b'<')
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_case_do_not_matter() {
        for (header, expected) in [
            ("text/html", Media::Html),
            ("Text/HTML; charset=UTF-8", Media::Html),
            (" application/xhtml+xml ;q=1", Media::Html),
            ("text/plain", Media::Other),
            ("application/octet-stream", Media::Other),
            ("text/htmlish", Media::Other),
            ("", Media::Unknown),
            (";", Media::Unknown),
        ] {
            assert_eq!(of(&essence(header)), expected, "{header:?}");
        }
    }

    #[test]
    fn a_body_without_a_type_is_html_when_it_begins_like_it() {
        for (body, expected) in [
            (&b"<!doctype html>"[..], true),
            (b"\n\t <html>", true),
            (b"\xEF\xBB\xBF<p>", true),
            (b"<?xml version='1.0'?>", true),
            (b"", false),
            (b"<", false),
            (b"< 3", false),
            (b"%PDF-1.7", false),
            (b"{\"a\": \"<b>\"}", false),
        ] {
            assert_eq!(looks_like_html(body), expected, "{}", String::from_utf8_lossy(body));
        }
    }
}
