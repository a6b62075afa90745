//! What was found in a document, whichever way it was read, before any address is resolved.

mod hrefs;
mod outline;
mod text;

use std::borrow::Cow;

pub(super) use hrefs::{Href, Hrefs, MAX_HREF_BYTES, trim};
pub(super) use outline::Outline;
pub use outline::{MAX_HEADING_BYTES, MAX_HEADINGS, MAX_HEADINGS_BYTES};
pub(super) use text::Text;

/// Bytes of a title at most.
pub const MAX_TITLE_BYTES: usize = 512;
/// A language whose name is longer is none.
const MAX_LANGUAGE_BYTES: usize = 64;

/// What a document says. Whatever is called "first" has to be said in the order of the document.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    /// How many links there are.
    pub(super) links: u64,
    /// Where they lead.
    pub(super) hrefs: Hrefs<'a>,
    /// The page asks that none of its links be followed.
    pub(super) nofollow: bool,
    /// The first `base` with an `href`.
    pub(super) base: Option<Href>,
    /// The first `link` that says `canonical`, with an `href`.
    pub(super) canonical: Option<Href>,
    /// Whether a `meta` that leads elsewhere was there already. Browsers obey one.
    pub(super) refreshed: bool,
    /// The first title, which may be empty.
    pub(super) title: Option<Text>,
    /// The language of the root element.
    pub(super) language: Option<String>,
    /// The headings.
    pub(super) outline: Outline,
}

impl Found<'_> {
    /// The next link of the document.
    pub(super) fn link(&mut self, to: Href, follow: bool) {
        self.links += 1;
        self.hrefs.lead(to, follow);
    }

    /// The next `meta` that leads elsewhere, which is no link.
    pub(super) fn refresh(&mut self, to: Href) {
        if !std::mem::replace(&mut self.refreshed, true) {
            self.hrefs.lead(to, true);
        }
    }
}

/// The title of a document with this text; none when it is empty.
pub(super) fn title(text: Option<Text>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(Text::into_string)
}

/// A language as it is written, if it is written as one can be.
pub(super) fn language(written: &str) -> Option<String> {
    let mut text = Text::new(MAX_LANGUAGE_BYTES);
    text.push(written);
    (!text.is_full() && !text.is_empty()).then(|| text.into_string())
}

/// The first language of a `Content-Language` header.
pub(super) fn header_language(header: &str) -> Option<String> {
    header.split(',').find_map(language)
}

/// Whether a `rel` has a token, in whatever case.
pub(super) fn rel_says(rel: &str, wanted: &str) -> bool {
    rel.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case(wanted))
}

/// Where a `meta` with these attributes leads, if that is elsewhere.
pub(super) fn refresh_target<'a>(http_equiv: Option<&str>, content: Option<&'a str>) -> Option<&'a str> {
    http_equiv.filter(|name| name.eq_ignore_ascii_case("refresh")).and(content).and_then(super::refresh::target)
}

/// An address without what it need not own.
pub(super) fn owned(href: &str) -> Cow<'static, str> {
    Cow::Owned(href.to_owned())
}
