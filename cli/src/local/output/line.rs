//! One page, as it is handed out.

use crawl_protocol::{Outcome, Page, Record};
use serde::Serialize;

use super::bad;
use crate::output::{Colour, clean};

/// The fields of a page, in their order.
pub(super) const HEADER: &[&str] =
    &["url", "links", "status", "depth", "contentType", "bytes", "title", "tookMs", "fetchedAt", "reason"];

/// One page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line<'a> {
    url: &'a str,
    /// -1 where the page failed.
    links: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    depth: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    took_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched_at: Option<jiff::Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// `None` where the record is not of a page that was fetched or given up.
    pub(super) fn of(record: &'a Record) -> Option<Self> {
        let page = Line {
            url: &record.url,
            links: -1,
            status: None,
            depth: record.depth,
            content_type: None,
            bytes: None,
            title: None,
            took_ms: record.took_ms,
            fetched_at: jiff::Timestamp::from_millisecond(record.fetched_at).ok(),
            reason: None,
        };
        match &record.outcome {
            Outcome::Page(Page { status, content_type, bytes, links, about, .. }) => Some(Line {
                links: i64::try_from(*links).unwrap_or(i64::MAX),
                status: Some(*status),
                content_type: Some(content_type),
                bytes: Some(*bytes),
                title: about.title.as_deref(),
                ..page
            }),
            Outcome::Failure { message, status, .. } => Some(Line { status: *status, reason: Some(message), ..page }),
            Outcome::Redirect { .. } | Outcome::Robots { .. } | Outcome::Sitemap { .. } => None,
        }
    }

    /// As CSV.
    pub(super) fn cells(&self) -> [String; 10] {
        fn text(value: Option<impl ToString>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        [
            self.url.to_owned(),
            self.links.to_string(),
            text(self.status),
            self.depth.to_string(),
            text(self.content_type),
            text(self.bytes),
            text(self.title),
            self.took_ms.to_string(),
            text(self.fetched_at),
            text(self.reason),
        ]
    }

    /// As a line for people: the status, the links, and the URL last, since it may be long.
    pub(super) fn for_people(&self, colour: Option<Colour>) -> String {
        let status = self.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
        match self.reason {
            Some(_) if self.status.is_some() => {
                format!("{} {:>7}  {}", bad(colour, &format!("{status:>3}")), "", self.url)
            }
            Some(reason) => {
                format!("{} {:>7}  {}: {}", bad(colour, &format!("{status:>3}")), "", self.url, clean(reason))
            }
            None => format!("{status:>3} {:>7}  {}", self.links, self.url),
        }
    }
}
