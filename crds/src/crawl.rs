//! `spec` of a Crawl.

// KubeSchema makes a second, private copy of the type, and kube's attributes repeat their keys.
#![allow(unreachable_pub, clippy::duplicated_attributes)]

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CrawlStatus, Fetch, Politeness, Retry, Scope, Urls};

/// A crawl of the web: it starts at the seeds, follows links within its scope, and ends when there is nothing left to
/// fetch or `maxLinks` pages have been processed.
#[derive(CustomResource, KubeSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[kube(
    group = "crawl-operator.io",
    version = "v1alpha1",
    kind = "Crawl",
    doc = "A crawl of the web: seeds to start from, limits, and the counts of what was found. See spec for what can be asked, status for how it stands.",
    plural = "crawls",
    shortname = "cw",
    category = "crawlers",
    namespaced,
    status = "CrawlStatus",
    derive = "PartialEq",
    printcolumn(name = "Phase", type_ = "string", json_path = ".status.phase"),
    printcolumn(name = "Fetched", type_ = "integer", json_path = ".status.pages.fetched"),
    printcolumn(name = "Queued", type_ = "integer", json_path = ".status.pages.queued"),
    printcolumn(name = "Failed", type_ = "integer", json_path = ".status.pages.failed"),
    printcolumn(name = "Links", type_ = "integer", json_path = ".status.links"),
    printcolumn(
        name = "Reason",
        type_ = "string",
        json_path = ".status.conditions[?(@.type=='Progressing')].reason",
        priority = 1
    ),
    printcolumn(name = "Limit", type_ = "integer", json_path = ".spec.maxLinks", priority = 1),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp")
)]
#[serde(rename_all = "camelCase")]
pub struct CrawlSpec {
    /// Where the crawl starts: 1 to 100 absolute http:// or https:// URLs. Cannot be changed.
    #[schemars(length(max = 100), inner(length(max = 2048)))]
    #[x_kube(
        validation = Rule::new("self.size() > 0").message("give at least one seed, for example seeds: [\"https://example.com/\"]"),
        validation = Rule::new("self.all(s, s.matches('^[hH][tT][tT][pP][sS]?://[^/?#]'))").message("every seed must be an absolute http:// or https:// URL, for example https://example.com/"),
        validation = Rule::new("self.all(s, !s.matches('^[a-zA-Z]+://[^/?#]*@'))").message("a seed must not hold a user name or password; write https://example.com/ and not https://user:password@example.com/"),
        validation = Rule::new("self == oldSelf").message("seeds cannot be changed once the crawl exists; create a new Crawl instead")
    )]
    pub seeds: Vec<String>,

    /// How many pages to process: fetched and failed ones count, redirects do not. May be raised at any time, also after the crawl has finished.
    #[serde(default = "default_max_links")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub max_links: i64,

    /// How many links away from a seed a page may be; 0 means only the seeds.
    #[serde(default = "default_max_depth")]
    #[schemars(range(min = 0, max = 1000))]
    pub max_depth: i32,

    /// Which URLs belong to the crawl.
    #[serde(default)]
    pub scope: Scope,

    /// Which spellings are one URL.
    #[serde(default)]
    pub urls: Urls,

    /// Include: the URLs listed in sitemaps are found too: those that robots.txt names, else /sitemap.xml of the seeds' hosts. Ignore: no sitemap is read.
    #[serde(default)]
    pub sitemaps: Sitemaps,

    /// How gently the hosts are treated.
    #[serde(default)]
    pub politeness: Politeness,

    /// How a page is requested.
    #[serde(default)]
    pub fetch: Fetch,

    /// What happens when a page cannot be fetched.
    #[serde(default)]
    pub retry: Retry,

    /// The pool of workers that fetches the pages; one Deployment of the chart.
    #[serde(default = "default_worker_pool")]
    #[schemars(length(min = 1, max = 40), regex(pattern = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"))]
    #[x_kube(validation = Rule::new("self == oldSelf").message("workerPool cannot be changed once the crawl exists; create a new Crawl instead"))]
    pub worker_pool: String,

    /// true holds the crawl: nothing new is fetched, nothing is lost. false goes on.
    #[serde(default)]
    pub suspend: bool,

    /// true stops the crawl and keeps its results. Deleting the Crawl discards them.
    #[serde(default)]
    pub cancel: bool,

    /// How long the crawl may be active, in seconds, counted from its start; then it fails with reason DeadlineExceeded and keeps its results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 31_536_000))]
    pub active_deadline_seconds: Option<i64>,

    /// Seconds after its end that the Crawl is deleted, results and all. Absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 31_536_000))]
    pub ttl_seconds_after_finished: Option<i64>,
}

/// Whether sitemaps are read.
#[derive(JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sitemaps {
    /// They are not.
    #[default]
    Ignore,
    /// The URLs they list are found too.
    Include,
}

fn default_max_links() -> i64 {
    1000
}

fn default_max_depth() -> i32 {
    20
}

fn default_worker_pool() -> String {
    "default".to_owned()
}
