use std::fmt::Write as _;

use crawl_worker::fetch::fuzzing;
use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};
use url::Url;

use crate::extract::{both, page};

/// The first line is a `Content-Type`, the rest a body: its text is what encoding_rs says, and queries go back as they came.
pub fn charset(input: &[u8]) {
    let line = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (header, body) = (&input[..line], input.get(line + 1..).unwrap_or_default());
    let header = fuzzing::header(header).filter(|header| !header.is_empty());
    let header = header.as_deref();
    let (encoding, whole, parts) = fuzzing::decode(body, header);
    match Encoding::for_bom(body).map(|(marked, _)| marked).or_else(|| header.and_then(fuzzing::charset_of)) {
        Some(named) => assert_eq!(encoding, named, "{header:?}"),
        // Whoever can be read as far as its `meta` is in none of the others.
        None => assert!(encoding.is_ascii_compatible() || encoding == ISO_2022_JP, "{}", encoding.name()),
    }
    let text = encoding.decode_with_bom_removal(body).0;
    assert_eq!(whole.as_deref(), Some(&*text), "{}", encoding.name());
    assert_eq!(parts, text, "{} in parts", encoding.name());
    let url = Url::parse("https://example.com/").expect("a URL");
    both(page(body, header, &url));
    query(encoding, &text);
}

/// A link whose query has letters of the text leads to the bytes that these letters are in the page's encoding.
fn query(encoding: &'static Encoding, text: &str) {
    let letters: String = text.chars().filter(|letter| letter.is_alphanumeric()).take(50).collect();
    let html = format!("<a href='/?q{letters}'>");
    let body = match encoding {
        encoding if encoding == UTF_16BE => html.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        encoding if encoding == UTF_16LE => html.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        encoding => encoding.encode(&html).0.into_owned(),
    };
    // A few letters share their bytes with others, and some bytes would be a mark.
    if encoding.decode(&body).0 != html {
        return;
    }
    let mut expected = "https://example.com/?".to_owned();
    for byte in &*encoding.output_encoding().encode(&format!("q{letters}")).0 {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'!'..=b'~' if !b"\"#<>'".contains(byte) => {
                expected.push(char::from(*byte));
            }
            byte => write!(expected, "%{byte:02X}").expect("a string takes all"),
        }
    }
    let url = Url::parse("https://example.com/").expect("a URL");
    let content_type = format!("text/html; charset={}", encoding.name());
    assert_eq!(both(page(&body, Some(&content_type), &url)).urls, [expected], "{}", encoding.name());
}
