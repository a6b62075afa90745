//! What is pure in this crate and private, for `fuzz/` and the test of its seeds. Nobody else may use it, and it promises nothing.

use std::time::{Duration, SystemTime};

use crawl_protocol::Outcome;
use encoding_rs::Encoding;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, LOCATION};
use url::Url;

use super::response::Received;
use super::{decoding, media, response, retry_after};
use crate::extract;

/// The encoding of a body, its text as it is read whole, unless it is too large for that, and as it is read in parts.
#[must_use]
pub fn decode(body: &[u8], content_type: Option<&str>) -> (&'static Encoding, Option<String>, String) {
    extract::decoded(body, content_type)
}

/// The encoding that a `Content-Type` names.
#[must_use]
pub fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    extract::charset_of(content_type)
}

/// The text of a header's value, unless no header can have it.
#[must_use]
pub fn header(value: &[u8]) -> Option<String> {
    let name = HeaderName::from_static("x");
    response::text(&headers(&name, [value])?, name.as_str())
}

/// The wait that a `Retry-After` asks for.
#[must_use]
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    retry_after::parse(value, now)
}

/// The type in a `Content-Type`, and whether its body is read as HTML.
#[must_use]
pub fn media(content_type: &str) -> (String, bool) {
    let essence = media::essence(content_type);
    let is_html = media::of(&essence) == media::Media::Html;
    (essence, is_html)
}

/// Whether a body without a type is read as HTML.
#[must_use]
pub fn looks_like_html(body: &[u8]) -> bool {
    media::looks_like_html(body)
}

/// How many decoders the values of `Content-Encoding` ask for, or what is said where they cannot be had. `None` where no
/// header can have such a value.
#[must_use]
pub fn content_encoding(values: &[&[u8]]) -> Option<Result<usize, String>> {
    let headers = headers(&CONTENT_ENCODING, values.iter().copied())?;
    Some(decoding::codings(&headers).map(|codings| codings.len()).map_err(|unknown| unknown.to_string()))
}

/// Where a redirect from a URL leads, if it is one.
#[must_use]
pub fn location(value: &[u8], url: &Url) -> Option<String> {
    match response::redirect(StatusCode::FOUND, &headers(&LOCATION, [value])?, url) {
        Ok(Received::Final(Outcome::Redirect { location, .. }, _)) => Some(location),
        _ => None,
    }
}

fn headers<'a>(name: &HeaderName, values: impl IntoIterator<Item = &'a [u8]>) -> Option<HeaderMap> {
    values.into_iter().map(|value| Some((name.clone(), HeaderValue::from_bytes(value).ok()?))).collect()
}
