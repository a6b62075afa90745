//! Politeness: one table of hosts for every crawl of the cluster.
//!
//! A host is taken when a task for it is published and freed when the task's record is read; its delay runs from then.
//! The table knows no crawl's rules and reads no clock: callers bring the politeness they owe and the time.

use std::collections::HashMap;

use crawl_protocol::Kind;

use crate::{Millis, PageId, identity::Identity, line::Line, rules::Politeness};

/// Which crawl a lease belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CrawlKey(PageId);

impl CrawlKey {
    /// The key of the crawl with this uid.
    #[must_use]
    pub fn of(crawl: &str) -> Self {
        Self(Identity::new(crawl).of(Kind::Page, ""))
    }
}

/// Who may be asked when, and who holds what.
#[derive(Debug, Default)]
pub struct HostTable {
    hosts: HashMap<Box<str>, Host>,
    leases: HashMap<PageId, Lease>,
    /// Leases by crawl.
    held: HashMap<CrawlKey, usize>,
}

#[derive(Debug, Default)]
struct Host {
    busy: u32,
    /// The smallest concurrency that a task in flight was promised.
    tightest: u32,
    last_start: Millis,
    last_end: Millis,
    /// It is left alone until then: because of what the tasks that ended were promised, or because it asked for it.
    quiet_until: Millis,
    /// Crawls that were refused, in the order in which they get their turn.
    line: Line,
}

#[derive(Debug)]
struct Lease {
    crawl: CrawlKey,
    host: Box<str>,
    delay: Millis,
    since: Millis,
    attempt: u32,
}

/// A host that was freed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Its name.
    pub host: Box<str>,
    /// Another crawl that waits for it and whose turn it is: it should be told.
    pub next: Option<CrawlKey>,
}

/// Why a host cannot be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its delay has not passed.
    Until(Millis),
    /// As many requests as it may get are under way.
    Busy,
}

impl Refusal {
    /// When to ask again. Whoever is told that a host was freed asks sooner.
    pub(crate) fn ask_again(self, now: Millis) -> Millis {
        match self {
            Self::Until(at) => at,
            Self::Busy => now + BUSY_HOST_RETRY_MS,
        }
    }
}

/// A host that another crawl keeps busy is asked again after this time.
const BUSY_HOST_RETRY_MS: Millis = 250;
/// Idle hosts above this number are forgotten once their delay has passed.
const REMEMBERED_HOSTS: usize = 100_000;

impl HostTable {
    /// Takes the host for one attempt of a task.
    pub(crate) fn take(
        &mut self,
        crawl: CrawlKey,
        (task, attempt): (PageId, u32),
        name: &str,
        owed: Politeness,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.forget_idle(now);
        // An earlier attempt is still under way, of a page that was left out meanwhile and has come back.
        if self.leases.contains_key(&task) {
            return Err(Refusal::Busy);
        }
        let delay = millis(owed.delay_ms);
        let host = match self.hosts.get_mut(name) {
            Some(host) => host,
            None => self.hosts.entry(name.into()).or_insert_with(Host::unasked),
        };
        if let Err(refusal) = host.may_start(owed, delay, now) {
            host.line.wait(crawl, refusal.ask_again(now));
            return Err(refusal);
        }
        if !host.line.is_turn_of(crawl, now) {
            host.line.wait(crawl, Refusal::Busy.ask_again(now));
            return Err(Refusal::Busy);
        }
        host.tightest =
            if host.busy == 0 { owed.per_host_concurrency } else { host.tightest.min(owed.per_host_concurrency) };
        host.busy += 1;
        host.last_start = now;
        self.leases.insert(task, Lease { crawl, host: name.into(), delay, since: now, attempt });
        *self.held.entry(crawl).or_default() += 1;
        Ok(())
    }

    /// Frees the host that an attempt held, and lets it rest for `rest_ms` where it asked for that. `None` when nothing was
    /// held, or by a later attempt: an old record says nothing of what is under way now.
    pub fn release(&mut self, task: PageId, attempt: u32, now: Millis, rest_ms: u64) -> Option<Released> {
        if self.leases.get(&task).is_none_or(|lease| lease.attempt > attempt) {
            return None;
        }
        let lease = self.remove(task)?;
        let host = self.hosts.get_mut(&lease.host)?;
        host.busy = host.busy.saturating_sub(1);
        host.last_end = host.last_end.max(now);
        let rest = lease.delay.max(millis(rest_ms));
        host.quiet_until = host.quiet_until.max(now.saturating_add(rest));
        let next = host.line.next().filter(|next| *next != lease.crawl);
        Some(Released { host: lease.host, next })
    }

    /// Frees the host of a task of which nothing came, whatever the attempt.
    pub fn give_up(&mut self, task: PageId, now: Millis) {
        self.release(task, u32::MAX, now, 0);
    }

    /// Remembers a request that an earlier leader made: its delay runs too.
    pub fn remember(&mut self, name: &str, ended: Millis, delay_ms: u64) {
        let host = self.hosts.entry(name.into()).or_insert_with(Host::unasked);
        host.last_end = host.last_end.max(ended);
        host.quiet_until = host.quiet_until.max(ended.saturating_add(millis(delay_ms)));
    }

    /// Leaves a host alone until then: an earlier leader may have a request under way that nobody here knows of.
    pub fn hold(&mut self, name: &str, until: Millis) {
        let host = self.hosts.entry(name.into()).or_insert_with(Host::unasked);
        host.quiet_until = host.quiet_until.max(until);
    }

    fn remove(&mut self, task: PageId) -> Option<Lease> {
        let lease = self.leases.remove(&task)?;
        if let Some(held) = self.held.get_mut(&lease.crawl) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(&lease.crawl);
            }
        }
        Some(lease)
    }

    /// Frees a host as if the task had never started: it was withdrawn before any worker took it.
    pub fn undo(&mut self, task: PageId) {
        if let Some(lease) = self.remove(task)
            && let Some(host) = self.hosts.get_mut(&lease.host)
        {
            host.busy = host.busy.saturating_sub(1);
        }
    }

    /// How many tasks of one crawl are under way.
    #[must_use]
    pub fn held_by(&self, crawl: CrawlKey) -> usize {
        self.held.get(&crawl).copied().unwrap_or(0)
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
            self.give_up(task, now);
        }
        self.leave_lines(crawl);
    }

    /// A crawl asks for nothing for now: nobody need wait for it.
    pub fn leave_lines(&mut self, crawl: CrawlKey) {
        self.hosts.values_mut().for_each(|host| host.line.leave(crawl));
    }

    fn forget_idle(&mut self, now: Millis) {
        if self.hosts.len() > REMEMBERED_HOSTS {
            self.hosts.retain(|_, host| host.busy > 0 || host.quiet_until > now);
        }
    }
}

impl Host {
    fn unasked() -> Self {
        Self {
            busy: 0,
            tightest: 0,
            last_start: Millis::MIN / 2,
            last_end: Millis::MIN / 2,
            quiet_until: Millis::MIN,
            line: Line::default(),
        }
    }

    fn may_start(&self, owed: Politeness, delay: Millis, now: Millis) -> Result<(), Refusal> {
        let free_at = (self.last_end + delay).max(self.last_start + delay).max(self.quiet_until);
        let limit = if self.busy == 0 { u32::MAX } else { self.tightest };
        if self.busy >= owed.per_host_concurrency.min(limit) {
            return Err(Refusal::Busy);
        }
        if now < free_at { Err(Refusal::Until(free_at)) } else { Ok(()) }
    }
}

/// A duration as a difference of times; one that no time can hold becomes a very long one.
fn millis(duration_ms: u64) -> Millis {
    Millis::try_from(duration_ms).unwrap_or(Millis::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> PageId {
        Identity::new("test").of(Kind::Page, name)
    }

    fn owed(per_host_concurrency: u32, delay_ms: u64) -> Politeness {
        Politeness { per_host_concurrency, delay_ms }
    }

    const CRAWL: fn() -> CrawlKey = || CrawlKey::of("crawl");

    #[test]
    fn the_delay_runs_from_the_end_of_the_last_request() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(1, 1000), 0), Ok(()));
        assert_eq!(table.take(CRAWL(), (id("b"), 1), "h", owed(1, 1000), 5000), Err(Refusal::Busy));
        assert!(table.release(id("a"), 1, 7000, 0).is_some());
        assert_eq!(table.take(CRAWL(), (id("b"), 1), "h", owed(1, 1000), 7500), Err(Refusal::Until(8000)));
        assert_eq!(table.take(CRAWL(), (id("c"), 1), "other", owed(1, 1000), 7500), Ok(()));
        assert_eq!(table.take(CRAWL(), (id("b"), 1), "h", owed(1, 1000), 8000), Ok(()));
        assert!(table.release(id("a"), 1, 9000, 0).is_none(), "a second record frees nothing");
    }

    #[test]
    fn the_gentler_of_two_crawls_is_kept() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), (id("gentle"), 1), "h", owed(1, 5000), 0), Ok(()));
        assert_eq!(table.take(CRAWL(), (id("rough"), 1), "h", owed(8, 0), 1), Err(Refusal::Busy));
        table.release(id("gentle"), 1, 10, 0);
        assert_eq!(table.take(CRAWL(), (id("rough"), 1), "h", owed(8, 0), 11), Err(Refusal::Until(5010)));
    }

    #[test]
    fn what_was_withdrawn_frees_its_host() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(1, 0), 0), Ok(()));
        table.undo(id("a"));
        assert_eq!(table.take(CRAWL(), (id("b"), 1), "h", owed(1, 0), 1), Ok(()));
        assert_eq!(table.overdue(CRAWL(), 2), vec![id("b")]);
        table.abandon(CRAWL(), 3);
        assert!(!table.leases.contains_key(&id("b")));
    }

    #[test]
    fn what_is_under_way_is_not_started_again() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(2, 0), 0), Ok(()));
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(2, 0), 1), Err(Refusal::Busy));
        assert!(table.release(id("a"), 1, 2, 0).is_some());
        assert_eq!((table.leases.len(), table.held_by(CRAWL())), (0, 0));
        assert_eq!(table.take(CrawlKey::of("other"), (id("b"), 1), "h", owed(1, 0), 3), Ok(()));
    }

    #[test]
    fn nobody_waits_for_a_crawl_that_has_gone() {
        let (mut table, slow) = (HostTable::default(), CrawlKey::of("slow"));
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(1, 0), 0), Ok(()));
        table.release(id("a"), 1, 1, 0);
        assert_eq!(table.take(slow, (id("b"), 1), "h", owed(1, 3_600_000), 2), Err(Refusal::Until(3_600_001)));
        assert_eq!(table.take(CRAWL(), (id("c"), 1), "h", owed(1, 0), 3), Err(Refusal::Busy));
        table.abandon(slow, 4);
        assert_eq!(table.take(CRAWL(), (id("c"), 1), "h", owed(1, 0), 5), Ok(()));
    }

    #[test]
    fn an_old_record_frees_nothing_that_a_later_attempt_holds() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), (id("a"), 2), "h", owed(1, 0), 0), Ok(()));
        assert!(table.release(id("a"), 1, 1, 0).is_none());
        assert!(table.leases.contains_key(&id("a")) && table.held_by(CRAWL()) == 1);
        assert!(table.release(id("a"), 2, 2, 0).is_some());
        assert_eq!((table.leases.len(), table.held_by(CRAWL())), (0, 0));
    }

    #[test]
    fn a_host_that_asks_for_quiet_gets_it_from_all_pages() {
        let mut table = HostTable::default();
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(4, 0), 0), Ok(()));
        table.release(id("a"), 1, 100, 60_000);
        assert_eq!(table.take(CRAWL(), (id("b"), 1), "h", owed(4, 0), 200), Err(Refusal::Until(60_100)));
    }

    #[test]
    fn what_an_earlier_leader_asked_is_remembered() {
        let mut table = HostTable::default();
        table.remember("h", 1000, 30_000);
        assert_eq!(table.take(CRAWL(), (id("a"), 1), "h", owed(1, 500), 2000), Err(Refusal::Until(31_000)));
    }
}
