//! A task: one URL that a worker may fetch now.

use serde::{Deserialize, Serialize};

use crate::Validators;

/// One URL that a worker may fetch now. Published by the operator, taken by any worker of the pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// `metadata.uid` of the Crawl: the routing key of the record.
    pub crawl: String,
    /// The URL to request, as it was first seen.
    pub url: String,
    /// What is expected there.
    pub kind: Kind,
    /// Links from the nearest seed to this URL.
    pub depth: u32,
    /// 1 for the first try. The record repeats it.
    pub attempt: u32,
    /// Milliseconds to wait first when this is not the first delivery: whoever had it before may just have asked the host, and
    /// the operator does not know that it is asked again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub redelivery_delay_ms: u64,
    /// What the server said of the version that is known: it may answer 304 when there is no other.
    #[serde(default, skip_serializing_if = "Validators::is_empty")]
    pub validators: Validators,
    /// How to fetch it.
    pub fetch: FetchSettings,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// What a URL is fetched as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A page: its links are extracted. Counts towards `maxLinks`.
    Page,
    /// A robots.txt: its body is recorded. Never counts.
    Robots,
    /// A sitemap: the URLs it lists are recorded, in as many records as they need. Never counts.
    Sitemap,
}

/// The limits of one fetch, from `spec.fetch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FetchSettings {
    /// Total time for the request and the body, milliseconds.
    pub timeout_ms: u64,
    /// Decoded bytes after which the body is cut, and the page marked `truncated`.
    pub max_body_bytes: u64,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Private addresses that an administrator lets this crawl reach, in CIDR notation; beside those of the worker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_addresses: Vec<String>,
    /// Request headers that nobody but workers may read, sealed for this crawl and URL; see PROTOCOL.md.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_headers: Option<String>,
}
