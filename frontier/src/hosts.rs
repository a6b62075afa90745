//! Politeness: one table of hosts for every crawl of the cluster.
//!
//! A host is taken when a task for it is published and freed when the task's record is read; its delay runs from then.
//! The table knows no crawl's rules and reads no clock: callers bring the politeness they owe and the time.

use std::collections::HashMap;

use crate::{Millis, PageId, rules::Politeness};

/// Which crawl a lease belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CrawlKey(pub(crate) PageId);

/// Who may be asked when, and who holds what.
#[derive(Debug, Default)]
pub struct HostTable {
    hosts: HashMap<Box<str>, Host>,
    leases: HashMap<PageId, Lease>,
}

#[derive(Debug, Default)]
struct Host {
    busy: u32,
    /// The smallest concurrency that a task in flight was promised.
    tightest: u32,
    last_start: Millis,
    last_end: Millis,
    /// What the last task to end was promised.
    last_delay: Millis,
}

#[derive(Debug)]
struct Lease {
    crawl: CrawlKey,
    host: Box<str>,
    delay: Millis,
    since: Millis,
}

/// Why a host cannot be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its delay has not passed.
    Until(Millis),
    /// As many requests as it may get are under way.
    Busy,
}

/// Idle hosts above this number are forgotten once their delay has passed.
const REMEMBERED_HOSTS: usize = 100_000;

impl HostTable {
    /// Takes the host for one task.
    pub(crate) fn take(
        &mut self,
        crawl: CrawlKey,
        task: PageId,
        name: &str,
        owed: Politeness,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.forget_idle(now);
        let delay = Millis::try_from(owed.delay_ms).unwrap_or(Millis::MAX / 4);
        let host = match self.hosts.get_mut(name) {
            Some(host) => host,
            None => self.hosts.entry(name.into()).or_insert_with(Host::unasked),
        };
        host.may_start(owed, delay, now)?;
        host.tightest =
            if host.busy == 0 { owed.per_host_concurrency } else { host.tightest.min(owed.per_host_concurrency) };
        host.busy += 1;
        host.last_start = now;
        self.leases.insert(task, Lease { crawl, host: name.into(), delay, since: now });
        Ok(())
    }

    /// Frees the host that a task held; `false` when it held none.
    pub fn release(&mut self, task: PageId, now: Millis) -> bool {
        let Some(lease) = self.leases.remove(&task) else {
            return false;
        };
        if let Some(host) = self.hosts.get_mut(&lease.host) {
            host.busy = host.busy.saturating_sub(1);
            host.last_end = host.last_end.max(now);
            host.last_delay = lease.delay;
        }
        true
    }

    /// Frees a host as if the task had never started: it was withdrawn before any worker took it.
    pub fn undo(&mut self, task: PageId) {
        if let Some(lease) = self.leases.remove(&task)
            && let Some(host) = self.hosts.get_mut(&lease.host)
        {
            host.busy = host.busy.saturating_sub(1);
        }
    }

    /// Whether a task is under way.
    #[must_use]
    pub fn holds(&self, task: PageId) -> bool {
        self.leases.contains_key(&task)
    }

    /// How many tasks of all crawls are under way.
    #[must_use]
    pub fn held(&self) -> usize {
        self.leases.len()
    }

    /// The tasks of a crawl that are under way since before `before`, in a fixed order.
    #[must_use]
    pub fn overdue(&self, crawl: CrawlKey, before: Millis) -> Vec<PageId> {
        let late = self.leases.iter().filter(|(_, lease)| lease.crawl == crawl && lease.since < before);
        let mut tasks: Vec<_> = late.map(|(task, _)| *task).collect();
        tasks.sort_unstable();
        tasks
    }

    /// Frees everything a crawl holds: it was deleted.
    pub fn abandon(&mut self, crawl: CrawlKey, now: Millis) {
        for task in self.overdue(crawl, Millis::MAX) {
            self.release(task, now);
        }
    }

    fn forget_idle(&mut self, now: Millis) {
        if self.hosts.len() > REMEMBERED_HOSTS {
            self.hosts.retain(|_, host| host.busy > 0 || host.last_end.saturating_add(host.last_delay) > now);
        }
    }
}

impl Host {
    fn unasked() -> Self {
        Self { busy: 0, tightest: 0, last_start: Millis::MIN / 2, last_end: Millis::MIN / 2, last_delay: 0 }
    }

    fn may_start(&self, owed: Politeness, delay: Millis, now: Millis) -> Result<(), Refusal> {
        let free_at = (self.last_end + delay.max(self.last_delay)).max(self.last_start + delay);
        let limit = if self.busy == 0 { u32::MAX } else { self.tightest };
        if self.busy >= owed.per_host_concurrency.min(limit) {
            return Err(Refusal::Busy);
        }
        if now < free_at { Err(Refusal::Until(free_at)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use crawl_protocol::Kind;

    fn id(name: &str) -> PageId {
        Identity::new("test").of(Kind::Page, name)
    }

    fn owed(per_host_concurrency: u32, delay_ms: u64) -> Politeness {
        Politeness { per_host_concurrency, delay_ms }
    }

    const CRAWL: fn() -> CrawlKey = || CrawlKey(id("crawl"));

    #[test]
    fn the_delay_runs_from_the_end_of_the_last_request() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), id("a"), "h", owed(1, 1000), 0), Ok(()));
        assert_eq!(table.take(CRAWL(), id("b"), "h", owed(1, 1000), 5000), Err(Refusal::Busy));
        assert!(table.release(id("a"), 7000));
        assert_eq!(table.take(CRAWL(), id("b"), "h", owed(1, 1000), 7500), Err(Refusal::Until(8000)));
        assert_eq!(table.take(CRAWL(), id("c"), "other", owed(1, 1000), 7500), Ok(()));
        assert_eq!(table.take(CRAWL(), id("b"), "h", owed(1, 1000), 8000), Ok(()));
        assert!(!table.release(id("a"), 9000), "a second record frees nothing");
    }

    #[test]
    fn the_gentler_of_two_crawls_is_kept() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), id("gentle"), "h", owed(1, 5000), 0), Ok(()));
        assert_eq!(table.take(CRAWL(), id("rough"), "h", owed(8, 0), 1), Err(Refusal::Busy));
        table.release(id("gentle"), 10);
        assert_eq!(table.take(CRAWL(), id("rough"), "h", owed(8, 0), 11), Err(Refusal::Until(5010)));
    }

    #[test]
    fn what_was_withdrawn_frees_its_host() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), id("a"), "h", owed(1, 0), 0), Ok(()));
        table.undo(id("a"));
        assert_eq!(table.take(CRAWL(), id("b"), "h", owed(1, 0), 1), Ok(()));
        assert_eq!(table.overdue(CRAWL(), 2), vec![id("b")]);
        table.abandon(CRAWL(), 3);
        assert!(!table.holds(id("b")));
    }
}
