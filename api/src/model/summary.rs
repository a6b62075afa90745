//! A crawl in a list.

use crawl_crds::{Crawl, CrawlStatus, Pages};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use kube::ResourceExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// As many seeds stand in a list.
const SEEDS: usize = 3;

/// Where a crawl stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Phase {
    /// It has not begun, or waits for something.
    Pending,
    /// Pages are being fetched.
    Running,
    /// Held by its owner.
    Suspended,
    /// Over, as asked.
    Complete,
    /// Ended by its owner.
    Cancelled,
    /// It ended otherwise, or cannot begin.
    Failed,
}

impl Phase {
    /// Of this Crawl, as the operator last said.
    #[must_use]
    pub fn of(crawl: &Crawl) -> Self {
        match crawl.status.as_ref().and_then(|status| status.phase.as_deref()) {
            Some("Running") => Self::Running,
            Some("Suspended") => Self::Suspended,
            Some("Complete") => Self::Complete,
            Some("Cancelled") => Self::Cancelled,
            Some("Failed") => Self::Failed,
            _ => Self::Pending,
        }
    }
}

/// A crawl in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrawlSummary {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What tells it from another one of the same name.
    pub uid: String,
    /// When it was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// Where it starts: the first three.
    pub seeds: Vec<String>,
    /// How many seeds there are.
    pub seed_count: usize,
    /// How many pages it processes at most.
    pub max_links: i64,
    /// Where it stands, in one word.
    pub phase: Phase,
    /// Why, in one word: the reason of its condition Progressing.
    pub reason: String,
    /// What it does and why, in a sentence.
    pub sentence: String,
    /// Where every URL stands that was found.
    pub pages: Pages,
    /// Number of links on all fetched pages.
    pub links: i64,
    /// Bytes of all pages.
    pub bytes: i64,
    /// Number of hosts that were found.
    pub hosts: i64,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_time: Option<Time>,
    /// spec.suspend.
    pub suspended: bool,
    /// spec.cancel.
    pub cancelled: bool,
    /// It is being deleted.
    pub deleting: bool,
}

impl CrawlSummary {
    /// Of this Crawl.
    #[must_use]
    pub fn of(crawl: &Crawl) -> Self {
        let none = CrawlStatus::default();
        let status = crawl.status.as_ref().unwrap_or(&none);
        Self {
            namespace: crawl.namespace().unwrap_or_default(),
            name: crawl.name_any(),
            uid: crawl.uid().unwrap_or_default(),
            created_at: crawl.creation_timestamp(),
            seeds: crawl.spec.seeds.iter().take(SEEDS).cloned().collect(),
            seed_count: crawl.spec.seeds.len(),
            max_links: crawl.spec.max_links,
            phase: Phase::of(crawl),
            reason: condition(status, "Progressing").map_or_else(|| "New".to_owned(), |said| said.reason.clone()),
            sentence: super::sentence(crawl),
            pages: status.pages,
            links: status.links,
            bytes: status.bytes,
            hosts: status.hosts,
            start_time: status.start_time.clone(),
            completion_time: status.completion_time.clone(),
            suspended: crawl.spec.suspend,
            cancelled: crawl.spec.cancel,
            deleting: crawl.metadata.deletion_timestamp.is_some(),
        }
    }
}

/// The condition of this type.
pub(super) fn condition<'a>(status: &'a CrawlStatus, kind: &str) -> Option<&'a Condition> {
    status.conditions.iter().find(|condition| condition.type_ == kind)
}
