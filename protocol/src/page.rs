//! What a worker found out about a page.

use serde::{Deserialize, Serialize};

/// A page that was fetched. A response that is not HTML has 0 links, its body unread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// HTTP status code.
    pub status: u16,
    /// The `Content-Type` header without parameters, lower case; empty when there was none.
    pub content_type: String,
    /// Decoded bytes of the body that were read.
    pub bytes: u64,
    /// Number of `a[href]` and `area[href]` elements.
    pub links: u64,
    /// The http and https URLs they lead to: absolute, without fragment and user info, each once, in document order.
    pub urls: Vec<String>,
    /// Those that lead out only by links that ask not to be followed (`rel=nofollow`, meta robots); not in `urls`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nofollow: Vec<String>,
    /// The body or the list of URLs was cut at its limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// Why nothing was looked for in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Unread>,
    /// What the page says of itself.
    #[serde(default, flatten)]
    pub about: About,
    /// By which the server tells whether the page has changed, for a later [`Task::validators`](crate::Task::validators).
    #[serde(default, skip_serializing_if = "Validators::is_empty")]
    pub validators: Validators,
}

/// What a page says of itself. Texts have their white space collapsed and are cut at a length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The text of its first `title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The `lang` of its root element, else the `Content-Language` header, as they are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The URL of its first `link rel=canonical`, in the form of `urls`. A hint: the page goes by the URL it was found at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// Its headings in document order, those of the beginning when there are many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<Heading>,
}

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text.
    pub text: String,
}

/// Why nothing was looked for in a body: a fixed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unread {
    /// Its `Content-Type` is not one of HTML. The body was not read.
    ContentType,
    /// It has no `Content-Type` and does not begin like HTML.
    Content,
    /// The status says that there is none: 204, 205.
    NoContent,
    /// It is the body that [`Task::validators`](crate::Task::validators) tell of: 304.
    NotModified,
    /// A reason that this version does not know.
    #[serde(other)]
    Other,
}

/// How a server tells one version of a page from another, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Validators {
    /// The `ETag` header; sent back as `If-None-Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The `Last-Modified` header; sent back as `If-Modified-Since`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether the server gave none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
