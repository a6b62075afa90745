//! A page as people see it.

use std::str::FromStr;

use crawl_frontier::PageState;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{QueryError, words::by_name};

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Known, in scope, waiting.
    Queued,
    /// Given to a worker. A log alone does not say so: there these are queued.
    InFlight,
    /// A worker read it.
    Fetched,
    /// Given up.
    Failed,
    /// Leads elsewhere.
    Redirected,
    /// Left out.
    Skipped,
}

impl State {
    const ALL: [(Self, &str); 6] = [
        (Self::Queued, "queued"),
        (Self::InFlight, "inFlight"),
        (Self::Fetched, "fetched"),
        (Self::Failed, "failed"),
        (Self::Redirected, "redirected"),
        (Self::Skipped, "skipped"),
    ];

    pub(crate) fn of(state: PageState) -> Self {
        match state {
            PageState::Queued => Self::Queued,
            PageState::InFlight => Self::InFlight,
            PageState::Fetched => Self::Fetched,
            PageState::Failed => Self::Failed,
            PageState::Redirected => Self::Redirected,
            PageState::Skipped(_) => Self::Skipped,
        }
    }
}

impl FromStr for State {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        by_name("state", text, Self::ALL)
    }
}

/// A page that the crawl knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PageRow")]
pub struct Row {
    /// What it goes by within its crawl.
    pub id: String,
    /// As it was first seen; empty when it cannot be requested.
    pub url: String,
    /// Where it stands.
    pub state: State,
    /// Its host; empty when it cannot be requested.
    pub host: String,
    /// Links from the nearest seed; absent while only nofollow links lead to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    /// HTTP status code, where a response came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Failed: the class of the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'static str>,
    /// Failed: why, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Skipped: why it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Fetched: how many links there are on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<u32>,
    /// Fetched: decoded bytes of its body that were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u32>,
    /// How long the fetch took, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u32>,
    /// When the fetch ended, by the worker's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub fetched_at: Option<Timestamp>,
    /// Fetched: the `Content-Type` without parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The attempt that concluded it; 1 is the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u8>,
    /// Redirected: the page that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirects_to: Option<String>,
    /// Fetched: whether its body, or the list of its links, was cut at a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
    /// How many known pages lead to it, by links of any kind or a redirect.
    pub referrers: u32,
    /// The page that was the first to lead to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_on: Option<String>,
    /// Where its record stands in the log, which says more.
    #[serde(skip)]
    pub offset: Option<u64>,
}

/// A fetched or failed page, in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processed {
    /// As it was first seen.
    pub url: String,
    /// Links on it; `None` where it failed.
    pub links: Option<u32>,
}
