//! Who may run: a line of crawls before one limit for all and a quota for each namespace.
//!
//! Pure: no clock, no task, no crawl. Whoever runs is never sent away, however low a limit is set; it is those in the line
//! who wait for it. A crawl that waits for its namespace's quota holds up nobody of another namespace.

use std::collections::{BTreeSet, HashMap};

use crawl_rules::Quota;

/// Where a crawl stands in the line: those that had started before those that had not, then the older, then by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Whether it has never run.
    pub fresh: bool,
    /// `metadata.creationTimestamp`, seconds.
    pub created: i64,
    /// Its name.
    pub name: String,
    /// The namespace whose quota it counts for.
    pub namespace: String,
}

/// One stay in the line, from enrolling to leaving.
pub(super) type Ticket = u64;

/// What a crawl in the line waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runner) enum Wait {
    /// As many crawls run as the operator runs at the same time.
    Operator { running: usize, place: usize },
    /// As many crawls of its namespace run as a policy allows.
    Namespace { namespace: String, quota: Quota, running: usize, place: usize },
}

/// The line, and those who run.
#[derive(Debug)]
pub(super) struct Line {
    limit: usize,
    open: bool,
    quotas: HashMap<String, Quota>,
    running: HashMap<Ticket, String>,
    waiting: BTreeSet<(Rank, Ticket)>,
    ranks: HashMap<Ticket, Rank>,
    next: Ticket,
}

impl Line {
    /// Nobody runs until it is opened.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            open: false,
            quotas: HashMap::new(),
            running: HashMap::new(),
            waiting: BTreeSet::new(),
            ranks: HashMap::new(),
            next: 0,
        }
    }

    /// From now on those at its head may run.
    pub(super) fn open(&mut self) {
        self.open = true;
    }

    pub(super) fn enrol(&mut self, rank: Rank) -> Ticket {
        self.next += 1;
        self.ranks.insert(self.next, rank.clone());
        self.waiting.insert((rank, self.next));
        self.next
    }

    /// Gives back the slot or the place in the line.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        self.running.remove(&ticket);
        if let Some(rank) = self.ranks.remove(&ticket) {
            self.waiting.remove(&(rank, ticket));
        }
    }

    /// Sets a namespace's quota; whether that is news.
    pub(super) fn set_quota(&mut self, namespace: &str, quota: Option<Quota>) -> bool {
        if self.quotas.get(namespace) == quota.as_ref() {
            return false;
        }
        match quota {
            Some(quota) => self.quotas.insert(namespace.to_owned(), quota),
            None => self.quotas.remove(namespace),
        };
        true
    }

    /// Lets in whoever may run now, in order.
    pub(super) fn grant(&mut self) -> Vec<Ticket> {
        if !self.open {
            return Vec::new();
        }
        let mut room = self.limit.saturating_sub(self.running.len());
        let mut running = self.running_by_namespace();
        let mut granted = Vec::new();
        for entry in &self.waiting {
            if room == 0 {
                break;
            }
            let namespace = entry.0.namespace.as_str();
            let here = running.entry(namespace).or_default();
            if self.quotas.get(namespace).is_none_or(|quota| *here < quota.limit) {
                *here += 1;
                room -= 1;
                granted.push(entry.clone());
            }
        }
        for entry in &granted {
            self.waiting.remove(entry);
            self.running.insert(entry.1, entry.0.namespace.clone());
        }
        granted.into_iter().map(|(_, ticket)| ticket).collect()
    }

    /// What everybody in the line waits for, once it is open and all who may run do.
    pub(super) fn waits(&self) -> Vec<(Ticket, Wait)> {
        if !self.open {
            return Vec::new();
        }
        let running = self.running_by_namespace();
        let (mut before, mut before_here) = (0, HashMap::<&str, usize>::new());
        let mut waits = Vec::with_capacity(self.waiting.len());
        for (Rank { namespace, .. }, ticket) in &self.waiting {
            let here = running.get(namespace.as_str()).copied().unwrap_or(0);
            let full = self.quotas.get(namespace).filter(|quota| here >= quota.limit);
            let wait = if let Some(quota) = full {
                let place = before_here.entry(namespace).or_default();
                *place += 1;
                let (namespace, quota) = (namespace.clone(), quota.clone());
                Wait::Namespace { namespace, quota, running: here, place: *place }
            } else {
                before += 1;
                Wait::Operator { running: self.running.len(), place: before }
            };
            waits.push((*ticket, wait));
        }
        waits
    }

    fn running_by_namespace(&self) -> HashMap<&str, usize> {
        let mut running = HashMap::new();
        for namespace in self.running.values() {
            *running.entry(namespace.as_str()).or_default() += 1;
        }
        running
    }
}
