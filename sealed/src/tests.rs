//! What opens and what does not.
#![allow(clippy::unwrap_used)]

use super::*;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const URL: &str = "https://example.com/private/";

fn key() -> Key {
    Key::from_text(KEY).unwrap()
}

fn headers() -> Headers {
    let of = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    [("authorization", "Bearer s3cret"), ("cookie", "näme=\"välue\"")].map(of).into()
}

#[test]
fn what_was_sealed_opens_for_its_crawl_and_url_and_no_other() {
    let sealed = key().seal("uid", URL, &headers()).unwrap();
    assert_eq!(key().open("uid", URL, &sealed).unwrap(), headers());
    let other = Key::from_text(&Key::random_text().unwrap()).unwrap();
    assert_eq!(other.open("uid", URL, &sealed), Err(OpenError::Foreign));
    for (crawl, url) in [("uid", "https://example.com/private/x"), ("uid2", URL), ("", URL), ("uid", "")] {
        assert_eq!(key().open(crawl, url, &sealed), Err(OpenError::Foreign), "{crawl} {url}");
    }
    // What the crawl ends with is no beginning of the URL.
    let (split, moved) = (key().seal("ab", "c", &headers()).unwrap(), key().open("a", "bc", ""));
    assert_eq!((key().open("a", "bc", &split), moved), (Err(OpenError::Foreign), Err(OpenError::Malformed)));
}

#[test]
fn a_text_of_somebody_elses_making_opens_as_well() {
    // Made with Python's cryptography package, as PROTOCOL.md shows it.
    let golden: serde_json::Value = serde_json::from_str(include_str!("../../protocol/golden/task.page.json")).unwrap();
    let text = |pointer: &str| golden.pointer(pointer).unwrap().as_str().unwrap();
    let opened = key().open(text("/crawl"), text("/url"), text("/fetch/sealedHeaders")).unwrap();
    assert_eq!(opened, Headers::from([("authorization".to_owned(), "Bearer s3cret".to_owned())]));
}

#[test]
fn no_changed_text_opens() {
    let sealed = key().seal("uid", URL, &headers()).unwrap();
    let bytes = STANDARD.decode(&sealed).unwrap();
    for n in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[n] ^= 1;
        assert_eq!(key().open("uid", URL, &STANDARD.encode(&changed)), Err(OpenError::Foreign), "byte {n}");
        let cut = key().open("uid", URL, &STANDARD.encode(&bytes[..n]));
        let expected = if n < NONCE_LEN + 16 { OpenError::Malformed } else { OpenError::Foreign };
        assert_eq!(cut, Err(expected), "{n} bytes");
    }
    for garbage in ["", "%", "no base64!", "AAAA", "bm9uY2Ugb2YgMTJC", "\u{0}"] {
        assert_eq!(key().open("uid", URL, garbage), Err(OpenError::Malformed), "{garbage:?}");
    }
}

#[test]
fn the_same_headers_are_never_sealed_the_same_way() {
    let seal = || key().seal("uid", URL, &headers()).unwrap();
    let texts: std::collections::HashSet<_> = (0..1000).map(|_| seal()).collect();
    assert_eq!(texts.len(), 1000);
}

#[test]
fn what_is_no_object_of_texts_is_no_headers() {
    for content in ["[]", "{\"a\": 1}", "null", "{", ""] {
        let (mut text, nonce) = (content.as_bytes().to_vec(), [7; NONCE_LEN]);
        let once = Nonce::assume_unique_for_key(nonce);
        key().cipher().seal_in_place_append_tag(once, bound("uid", URL), &mut text).unwrap();
        let sealed = STANDARD.encode([&nonce[..], &text].concat());
        assert_eq!(key().open("uid", URL, &sealed), Err(OpenError::Content), "{content}");
    }
}

#[test]
fn a_key_is_32_bytes_in_base64() {
    assert!(Key::from_text(&format!("{KEY}\r\n")).is_ok());
    let short = STANDARD.encode([1; 31]);
    for wrong in ["", "x", &KEY[1..], &short, &format!("{KEY}{KEY}")] {
        let error = Key::from_text(wrong).unwrap_err().to_string();
        assert!(wrong.is_empty() || wrong.len() == 1 || !error.contains(wrong), "{error}");
    }
    assert_ne!(Key::random_text().unwrap(), Key::random_text().unwrap());
}

#[test]
fn neither_key_nor_headers_are_in_debug() {
    assert_eq!(format!("{:?}", key()), "Key(..)");
}
