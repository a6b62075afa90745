//! All that is known of one page, as JSON. `links` and `referrers` are lists, where a row has their numbers.

use crawl_protocol::{Outcome, Page, Record, Unread};
use crawl_results::{Referrer, Row, State};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::why::why;
use crate::model::ResultsState;

const LINKS: usize = 1000;

/// All that is known of one page. `links` and `referrers` are lists, where a row has their numbers.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageDetail {
    #[serde(flatten)]
    known: Known,
    #[serde(flatten)]
    said: Said,
    /// The first pages that lead to it; at most 50.
    referrers: Vec<Referrer>,
    /// How many there are.
    referrer_count: u32,
    /// Why it stands where it does, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Why what only the log says of it is missing, when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
    results: ResultsState,
}

/// What its row says.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Known {
    /// What it goes by within its crawl.
    id: String,
    /// As it was first seen.
    url: String,
    /// Where it stands.
    state: State,
    /// Its host.
    host: String,
    /// Links from the nearest seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    depth: Option<u32>,
    /// HTTP status code, where a response came.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Failed: the class of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'static str>,
    /// Failed: why, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Skipped: why it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Fetched: decoded bytes of its body that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u32>,
    /// How long the fetch took, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    took_ms: Option<u32>,
    /// When the fetch ended, by the worker's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    fetched_at: Option<Timestamp>,
    /// Fetched: the `Content-Type` without parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    /// The attempt that concluded it; 1 is the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u8>,
    /// Redirected: the page that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirects_to: Option<String>,
    /// Fetched: whether its body, or the list of its links, was cut at a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<bool>,
    /// The page that was the first to lead to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    found_on: Option<String>,
}

/// What only the log says of a page that was fetched.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Its language, as it is written there.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// By which URL it wants to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    /// Its headings; those of the beginning when there are many.
    headings: Vec<Heading>,
    /// Why no links were looked for in it: contentType, content, noContent, notModified, other.
    #[serde(skip_serializing_if = "Option::is_none")]
    unread: Option<&'static str>,
    /// By which the server tells one version of it from another.
    #[serde(skip_serializing_if = "Option::is_none")]
    validators: Option<Validators>,
    /// Where it leads; at most 1000.
    links: Vec<Link>,
    /// To how many different URLs it leads.
    link_count: usize,
}

/// A heading.
#[derive(Debug, Serialize, JsonSchema)]
struct Heading {
    /// 1 to 6.
    level: u8,
    /// Its text.
    text: String,
}

/// What a server says of a version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Validators {
    /// The `ETag` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    /// The `Last-Modified` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
}

/// A link on a page.
#[derive(Debug, Serialize, JsonSchema)]
struct Link {
    /// Where it leads.
    url: String,
    /// Whether it asks not to be followed.
    nofollow: bool,
}

impl PageDetail {
    /// Of a row, who leads there, and its record, where that can be read.
    pub(super) fn of(
        row: Row,
        referrers: Vec<Referrer>,
        said: Said,
        missing: Option<String>,
        results: ResultsState,
    ) -> Self {
        let (why, referrer_count) = (why(&row), row.referrers);
        let known = Known {
            id: row.id,
            url: row.url,
            state: row.state,
            host: row.host,
            depth: row.depth,
            status: row.status,
            class: row.class,
            message: row.message,
            reason: row.reason,
            bytes: row.bytes,
            took_ms: row.took_ms,
            fetched_at: row.fetched_at,
            content_type: row.content_type,
            attempt: row.attempt,
            redirects_to: row.redirects_to,
            truncated: row.truncated,
            found_on: row.found_on,
        };
        Self { known, said, referrers, referrer_count, why, missing, results }
    }
}

impl Said {
    /// What this record says.
    pub(super) fn by(record: Record) -> Self {
        let Outcome::Page(Page { urls, nofollow, unread, about, validators, .. }) = record.outcome else {
            return Self::default();
        };
        let link_count = urls.len() + nofollow.len();
        let links = urls.into_iter().map(|url| Link { url, nofollow: false });
        let links = links.chain(nofollow.into_iter().map(|url| Link { url, nofollow: true })).take(LINKS).collect();
        let headings = about.headings.into_iter().map(|heading| Heading { level: heading.level, text: heading.text });
        let (etag, last_modified) = (validators.etag, validators.last_modified);
        Self {
            title: about.title,
            language: about.language,
            canonical: about.canonical,
            headings: headings.collect(),
            unread: unread.map(word),
            validators: (etag.is_some() || last_modified.is_some()).then_some(Validators { etag, last_modified }),
            links,
            link_count,
        }
    }
}

fn word(unread: Unread) -> &'static str {
    match unread {
        Unread::ContentType => "contentType",
        Unread::Content => "content",
        Unread::NoContent => "noContent",
        Unread::NotModified => "notModified",
        Unread::Other => "other",
    }
}
