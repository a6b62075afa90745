//! The entries of a crawl's log.

use serde::{Deserialize, Serialize};

use crate::{Kind, Outcome, Task};

/// Version of the rules by which a log is folded. A crawl goes on under the version of its first entry.
pub const RULES_VERSION: u32 = 1;

/// One entry of a crawl's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "nearly all entries are attempts")]
pub enum Entry {
    /// A reader that is about to lead the crawl opened its log. The first one is the crawl's genesis.
    Opened(Opened),
    /// A worker's record of one attempt.
    Attempt(Record),
}

/// Written by the operator each time it opens a log. When it reads its own, it has caught up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    /// `metadata.uid` of the Crawl.
    pub crawl: String,
    /// Unique to this opening.
    pub session: String,
    /// Hash of the spec as it was then.
    pub spec_hash: String,
    /// The rules by which this log is folded; see [`RULES_VERSION`].
    pub rules_version: u32,
    /// Milliseconds since the epoch, by the writer's clock.
    pub at: i64,
}

/// What became of one task. Appended by a worker, confirmed by the broker, before the task is acked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// From the task.
    pub crawl: String,
    /// From the task.
    pub url: String,
    /// From the task.
    pub kind: Kind,
    /// From the task.
    pub depth: u32,
    /// From the task.
    pub attempt: u32,
    /// When the fetch ended: milliseconds since the epoch, by the worker's clock.
    pub fetched_at: i64,
    /// How long it took, milliseconds.
    pub took_ms: u64,
    /// What came of it.
    pub outcome: Outcome,
}

impl Record {
    /// What became of an attempt at a task: everything that a record repeats of it is repeated here.
    #[must_use]
    pub fn of(task: &Task, fetched_at: i64, took_ms: u64, outcome: Outcome) -> Self {
        Self {
            crawl: task.crawl.clone(),
            url: task.url.clone(),
            kind: task.kind,
            depth: task.depth,
            attempt: task.attempt,
            fetched_at,
            took_ms,
            outcome,
        }
    }
}
