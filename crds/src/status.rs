//! `status` of a Crawl: numbers and reasons, never rows. It stays below 32 KiB whatever the crawl does.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the operator has seen of the crawl.
#[derive(JsonSchema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrawlStatus {
    /// The generation of the spec that this status speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,

    /// One word for people: Pending, Running, Suspended, Complete, Cancelled or Failed. Programs read the conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32))]
    pub phase: Option<String>,

    /// When the operator opened the crawl's log for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,

    /// When the crawl ended, for whatever reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_time: Option<Time>,

    /// Why it ended: FrontierEmpty, MaxLinksReached, Cancelled, AllSeedsFailed, DeadlineExceeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub stop_reason: Option<String>,

    /// Accepted, Restricted, Progressing, Suspended, Complete, Failed. Restricted says what a CrawlPolicy holds back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]), length(max = 16))]
    pub conditions: Vec<Condition>,

    /// Where every URL that was found stands.
    #[serde(default)]
    pub pages: Pages,

    /// Number of links on all fetched pages.
    #[serde(default)]
    pub links: i64,

    /// How often a URL was found that is not remembered: a crawl knows at most ten times maxLinks and 100,000 more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub overlooked: i64,

    /// Where every sitemap stands, when spec.sitemaps is Include. They are neither pages nor links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sitemaps: Option<SitemapStatus>,

    /// Why URLs were skipped, and how many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped_by_reason: BTreeMap<String, i64>,

    /// Pages by HTTP status code, and failures without one by their class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub responses: BTreeMap<String, i64>,

    /// Decoded bytes of all pages.
    #[serde(default)]
    pub bytes: i64,

    /// Number of hosts that were found.
    #[serde(default)]
    pub hosts: i64,
}

/// Where every URL stands: discovered = queued + inFlight + fetched + failed + redirected + skipped.
#[derive(JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pages {
    /// Different URLs found.
    #[serde(default)]
    pub discovered: i64,
    /// Waiting for their turn.
    #[serde(default)]
    pub queued: i64,
    /// Given to a worker.
    #[serde(default)]
    pub in_flight: i64,
    /// Fetched; their links are counted.
    #[serde(default)]
    pub fetched: i64,
    /// Given up; shown with -1 links and a reason.
    #[serde(default)]
    pub failed: i64,
    /// Lead elsewhere; the target is a page of its own.
    #[serde(default)]
    pub redirected: i64,
    /// Left out, by the reasons in skippedByReason.
    #[serde(default)]
    pub skipped: i64,
}

/// Where every sitemap stands.
#[derive(JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SitemapStatus {
    /// Different sitemaps found.
    #[serde(default)]
    pub found: i64,
    /// Read, or leading to another one.
    #[serde(default)]
    pub read: i64,
    /// Given up: missing, or not to be reached.
    #[serde(default)]
    pub failed: i64,
    /// Left out: on a host that a policy denies, or listed by an index of an index of an index.
    #[serde(default)]
    pub skipped: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &i64) -> bool {
    *n == 0
}
