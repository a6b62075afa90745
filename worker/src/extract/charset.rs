//! Which encoding a page is in, by the HTML standard: a byte order mark, then the `Content-Type` header, then a `meta` in the
//! first 1,024 bytes, then windows-1252, as most pages that say nothing are.

use std::borrow::Cow;
use std::ops::ControlFlow;

use encoding_rs::{CoderResult, Encoding, UTF_8, WINDOWS_1252, X_USER_DEFINED};

/// Bytes of a part of a text.
const PART: usize = 4096;

/// How far the standard looks for a `meta`.
const PRESCAN: usize = 1024;

/// Bytes of a body whose text is made whole. The text of a larger one is read in place, or in parts.
const WHOLE: usize = 4 * 1024 * 1024;

/// The encoding of a body.
pub(super) fn encoding_of(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    Encoding::for_bom(body)
        .map(|(encoding, _)| encoding)
        .or_else(|| content_type.and_then(charset_of))
        .or_else(|| prescan(&body[..body.len().min(PRESCAN)]))
        .unwrap_or_else(|| fallback(content_type))
}

/// The text of a body; what cannot be decoded becomes U+FFFD. Nothing when that would be a large copy.
pub(super) fn decode<'a>(body: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, str>> {
    if body.len() > WHOLE {
        let unmarked = Encoding::for_bom(body).map_or(body, |(_, length)| &body[length..]);
        let ascii = encoding.is_ascii_compatible() && unmarked.is_ascii();
        let text = (encoding == UTF_8 || ascii).then(|| std::str::from_utf8(unmarked).ok())?;
        return text.map(Cow::Borrowed);
    }
    Some(encoding.decode_with_bom_removal(body).0)
}

/// The same text in parts of a few thousand bytes, until `visit` breaks it off.
pub(super) fn decode_in_parts(
    mut body: &[u8],
    encoding: &'static Encoding,
    mut visit: impl FnMut(&str) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut part = String::with_capacity(PART);
    loop {
        part.clear();
        let (result, read, _) = decoder.decode_to_string(body, &mut part, true);
        body = &body[read..];
        visit(&part)?;
        if result == CoderResult::InputEmpty {
            return ControlFlow::Continue(());
        }
    }
}

/// XHTML is UTF-8 unless it says otherwise.
fn fallback(content_type: Option<&str>) -> &'static Encoding {
    let is_xhtml = content_type.is_some_and(|value| value.to_ascii_lowercase().contains("xhtml"));
    if is_xhtml { UTF_8 } else { WINDOWS_1252 }
}

/// The `charset` parameter of a `Content-Type`.
pub(crate) fn charset_of(value: &str) -> Option<&'static Encoding> {
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let label = value.trim_ascii().trim_matches(['"', '\'']);
        name.trim_ascii().eq_ignore_ascii_case("charset").then(|| Encoding::for_label(label.as_bytes()))?
    })
}

/// Looks for a `meta` that declares an encoding, skipping comments and other tags.
fn prescan(mut bytes: &[u8]) -> Option<&'static Encoding> {
    while let Some(start) = bytes.iter().position(|byte| *byte == b'<') {
        bytes = &bytes[start..];
        if bytes.starts_with(b"<!--") {
            // `<!-->` is a comment too: its dashes may serve for the beginning and the end.
            let end = bytes[2..].windows(3).position(|three| three == b"-->")?;
            bytes = &bytes[2 + end + 3..];
        } else if bytes.len() > 5
            && bytes[1..5].eq_ignore_ascii_case(b"meta")
            && (bytes[5].is_ascii_whitespace() || bytes[5] == b'/')
        {
            let (attributes, rest) = attributes(&bytes[5..]);
            if let Some(encoding) = declared(&attributes) {
                return Some(encoding);
            }
            bytes = rest;
        } else if bytes.len() > 1 && bytes[1].is_ascii_alphabetic() || bytes.len() > 2 && bytes.starts_with(b"</") {
            let name = bytes[1..].iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'>')?;
            bytes = attributes(&bytes[1 + name..]).1;
        } else if matches!(bytes.get(1), Some(b'!' | b'?')) {
            let end = bytes.iter().position(|byte| *byte == b'>')?;
            bytes = &bytes[end + 1..];
        } else {
            bytes = &bytes[1..];
        }
    }
    None
}

/// The encoding that a `meta` with these attributes declares.
fn declared(attributes: &[(String, String)]) -> Option<&'static Encoding> {
    let get = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let label = match get("charset") {
        Some(label) => label.to_owned(),
        None if get("http-equiv") == Some("content-type") => charset_in(get("content")?)?,
        None => return None,
    };
    let encoding = Encoding::for_label(label.as_bytes())?;
    // A page whose `meta` could be read this way is not in UTF-16.
    Some(match encoding {
        encoding if encoding.output_encoding() != encoding => UTF_8,
        encoding if encoding == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    })
}

/// The label after `charset=` in the content of a `meta http-equiv`.
fn charset_in(content: &str) -> Option<String> {
    let mut rest = content;
    loop {
        rest = &rest[rest.find("charset")? + "charset".len()..];
        if let Some(value) = rest.trim_ascii_start().strip_prefix('=') {
            let value = value.trim_ascii_start();
            let label = match value.chars().next()? {
                quote @ ('"' | '\'') => value[1..].split_once(quote)?.0,
                _ => value.split([';', ' ', '\t', '\n', '\r', '\x0C']).next()?,
            };
            return Some(label.to_owned());
        }
    }
}

/// The attributes of a tag, lower case, and what follows the tag.
fn attributes(mut bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut found: Vec<(String, String)> = Vec::new();
    loop {
        bytes = skip(bytes, |byte| byte.is_ascii_whitespace() || byte == b'/');
        match bytes.first() {
            None => return (found, bytes),
            Some(b'>') => return (found, &bytes[1..]),
            Some(_) => {}
        }
        // A name may begin with `=`, strange as it looks.
        let (name, rest) = split(bytes, 1, |byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'='));
        bytes = skip(rest, |byte| byte.is_ascii_whitespace());
        let mut value = &[][..];
        if bytes.first() == Some(&b'=') {
            bytes = skip(&bytes[1..], |byte| byte.is_ascii_whitespace());
            (value, bytes) = attribute_value(bytes);
        }
        let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
        let name = lower(name);
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, lower(value)));
        }
    }
}

/// The value of an attribute, quoted or not.
fn attribute_value(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.first() {
        Some(&quote @ (b'"' | b'\'')) => {
            let (value, rest) = split(&bytes[1..], 0, |byte| byte == quote);
            (value, rest.get(1..).unwrap_or_default())
        }
        _ => split(bytes, 0, |byte| byte.is_ascii_whitespace() || byte == b'>'),
    }
}

fn skip(bytes: &[u8], skipped: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|byte| !skipped(*byte)).unwrap_or(bytes.len());
    &bytes[end..]
}

/// Splits before the first byte, at `from` or later, that ends something.
fn split(bytes: &[u8], from: usize, ends: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let from = from.min(bytes.len());
    let end = bytes[from..].iter().position(|byte| ends(*byte)).map_or(bytes.len(), |place| from + place);
    bytes.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_mark_then_header_then_meta_then_windows_1252() {
        let meta = b"<meta charset=koi8-r>";
        for (body, header, expected) in [
            (&b"\xEF\xBB\xBFx"[..], Some("text/html; charset=koi8-r"), "UTF-8"),
            (meta, Some("text/html; charset=Shift_JIS"), "Shift_JIS"),
            (meta, Some("text/html; charset=\"utf-8\""), "UTF-8"),
            (meta, Some("text/html; charset=nonsense"), "KOI8-R"),
            (meta, Some("text/html"), "KOI8-R"),
            (meta, None, "KOI8-R"),
            (b"x", None, "windows-1252"),
            (b"x", Some("text/html; charset=iso-8859-1"), "windows-1252"),
            (b"x", Some("application/xhtml+xml"), "UTF-8"),
            (b"\xFE\xFFx", Some("text/html; charset=utf-8"), "UTF-16BE"),
            (b"x", Some("text/html; charset=latin1"), "windows-1252"),
            (b"<meta charset=iso-8859-1>", None, "windows-1252"),
            (b"<meta charset=utf-16le>", None, "UTF-8"),
        ] {
            assert_eq!(encoding_of(body, header).name(), expected, "{header:?} {}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_meta_is_found_as_the_standard_looks_for_it() {
        let far = format!("{}<meta charset=koi8-r>", " ".repeat(PRESCAN));
        for (body, expected) in [
            ("<META CHARSET='UTF-8'>", Some("UTF-8")),
            ("<meta/charset=koi8-r>", Some("KOI8-R")),
            ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", Some("KOI8-R")),
            ("<meta content='text/html; charset = \"koi8-r\"' http-equiv=content-type>", Some("KOI8-R")),
            ("<meta content='text/html; charset=koi8-r'>", None),
            ("<!-- <meta charset=koi8-r> --><meta charset=utf-8>", Some("UTF-8")),
            ("<!--><meta charset=koi8-r>", Some("KOI8-R")),
            ("<a title='<meta charset=koi8-r>'>", None),
            ("<metal charset=koi8-r>", None),
            ("<meta charset=utf-16>", Some("UTF-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            ("<meta charset=nonsense><meta charset=koi8-r>", Some("KOI8-R")),
            ("<!doctype html><?x y?><html><meta charset=koi8-r", Some("KOI8-R")),
            ("<meta charset", None),
            ("<", None),
            (far.as_str(), None),
        ] {
            let found = prescan(&body.as_bytes()[..body.len().min(PRESCAN)]).map(Encoding::name);
            assert_eq!(found, expected, "{body:.80}");
        }
    }

    #[test]
    fn utf_16_is_decoded_and_its_queries_are_utf_8() {
        let body: Vec<u8> = [0xFF, 0xFE].into_iter().chain("ж".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let encoding = encoding_of(&body, None);
        assert_eq!((encoding.output_encoding().name(), decode(&body, encoding).as_deref()), ("UTF-8", Some("ж")));
    }
}
