use std::time::{Duration, SystemTime};

use crawl_worker::extract::{MAX_URL_BYTES, header_says_nofollow};
use crawl_worker::fetch::fuzzing;
use url::Url;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Each line is the value of a header, whichever it may be: all bounds are kept.
pub fn headers(input: &[u8]) {
    let values: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let texts: Vec<String> = values.iter().filter_map(|value| fuzzing::header(value)).collect();
    for text in &texts {
        retry_after(text);
        content_type(text);
    }
    robots_tag(&texts);
    content_encoding(&values);
    for value in values {
        location(value);
    }
    let _ = fuzzing::looks_like_html(input);
}

/// No wait is none, and none is longer than a day.
fn retry_after(value: &str) {
    // Sun, 06 Nov 1994 08:49:37 GMT, the example of the RFC.
    for now in [SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)] {
        if let Some(wait) = fuzzing::retry_after(value, now) {
            assert!(wait > Duration::ZERO && wait <= DAY, "{wait:?}");
        }
    }
}

/// The type is without parameters, white space around it and capitals, and means the same when it is read again.
fn content_type(value: &str) {
    let (essence, is_html) = fuzzing::media(value);
    assert!(!essence.contains(';') && essence.trim_ascii() == essence && essence.to_ascii_lowercase() == essence);
    assert_eq!(fuzzing::media(&essence), (essence.clone(), is_html));
    if let Some(encoding) = fuzzing::charset_of(value) {
        // A name that is a label is read as what it names, among others too.
        let again = format!("{essence}; charset=\"{}\"; charset=utf-8", encoding.name());
        assert_eq!(fuzzing::charset_of(&again), Some(encoding));
    }
}

/// Letters' case means nothing, one more header never takes back what was asked, and `nofollow` for all is heard among any.
fn robots_tag(values: &[String]) {
    let says = |values: &[String], agent| header_says_nofollow(values.iter().map(String::as_str), agent);
    let shouted: Vec<_> = values.iter().map(|value| value.to_ascii_uppercase()).collect();
    for agent in ["", "agent"] {
        assert_eq!(says(&shouted, agent), says(values, agent));
        assert_eq!(says(values, agent), values.iter().any(|value| header_says_nofollow([value.as_str()], agent)));
        assert!(says(&[values, &["nofollow".to_owned()]].concat(), agent));
    }
}

/// Few decoders, and a sentence that repeats little and nothing that does not print. Several headers are one with commas.
fn content_encoding(values: &[&[u8]]) {
    let Some(read) = fuzzing::content_encoding(values) else { return };
    match &read {
        Ok(decoders) => assert!(*decoders <= 3),
        Err(message) => {
            assert!(message.len() <= 70 && message.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{message:?}")
        }
    }
    assert_eq!(fuzzing::content_encoding(&[&values.join(&b","[..])]), Some(read));
}

/// Where a redirect leads is a web address as links are, and the same when it is read again.
fn location(value: &[u8]) {
    for base in ["https://example.com/dir/page?q#f", "http://user:password@[2001:db8::1]:8080/"] {
        let base = Url::parse(base).expect("a URL");
        if let Some(location) = fuzzing::location(value, &base) {
            web_address(&location);
        }
    }
}

/// Absolute, of http or https, without fragment and user info, not too long, and in the form that its parser gives it.
pub(crate) fn web_address(address: &str) {
    let url = Url::parse(address).expect("an absolute URL");
    assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{address}");
    assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none(), "{address}");
    assert!(address.len() <= MAX_URL_BYTES, "{} bytes", address.len());
    assert_eq!(url.as_str(), address);
}
