//! Which tasks are lost: published long ago, not waiting for a worker, and without a record.
//!
//! Waiting is not being lost: with no worker for an hour, nothing is published twice.

use std::collections::HashMap;

use crawl_frontier::{CrawlKey, HostTable, Millis, PageId};

use super::pools::Pool;

/// Time beyond the fetch timeout after which a task that a worker took must have a record.
const MARGIN_MS: Millis = 60_000;
/// A task lost this often is given up.
const HOPELESS_AFTER: u32 = 3;

/// Remembers which tasks of one crawl were lost how often.
pub(super) struct Watchdog {
    patience_ms: Millis,
    losses: HashMap<PageId, u32>,
}

impl Watchdog {
    pub(super) fn new(fetch_timeout_ms: u64) -> Self {
        let timeout = Millis::try_from(fetch_timeout_ms).unwrap_or(Millis::MAX / 4);
        Self { patience_ms: timeout.saturating_add(MARGIN_MS), losses: HashMap::new() }
    }

    /// The tasks that are lost now, each with whether it has been lost too often.
    pub(super) fn lost(&mut self, hosts: &HostTable, crawl: CrawlKey, pool: Pool, now: Millis) -> Vec<(PageId, bool)> {
        let before = now - self.patience_ms;
        if pool.backlog_at >= before {
            return Vec::new();
        }
        let overdue = hosts.overdue(crawl, before).into_iter();
        overdue.map(|id| (id, self.count(id) >= HOPELESS_AFTER)).collect()
    }

    fn count(&mut self, id: PageId) -> u32 {
        let losses = self.losses.entry(id).or_default();
        *losses += 1;
        *losses
    }

    /// A record of the task was read.
    pub(super) fn heard_of(&mut self, id: PageId) {
        self.losses.remove(&id);
    }
}
