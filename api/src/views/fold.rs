//! The results of one log under one set of rules, read by many while one task adds to them.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crawl_broker::LogEntry;
use crawl_protocol::Entry;
use crawl_results::Results;

use super::view::Wanted;
use crate::logs::chain;

/// The results of one log under one set of rules.
#[derive(Debug)]
pub(super) struct Fold {
    results: RwLock<Results>,
    // What is asked for often, and must not wait for the lock.
    entries: AtomicU64,
    processed: AtomicU64,
    weight: AtomicUsize,
    newest: AtomicI64,
}

/// The last entry that was read. Who reads on begins with it, and sees whether it is still the same log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) offset: u64,
    content: u64,
}

impl Mark {
    pub(super) fn of(entry: &LogEntry) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(entry.body.as_deref().unwrap_or_default());
        Self { offset: entry.offset, content: hasher.finish() }
    }
}

impl Fold {
    pub(super) fn new(wanted: &Wanted) -> Result<Self, String> {
        let results = Results::new(&wanted.uid, wanted.rules.as_ref().clone()).map_err(|error| chain(&error))?;
        Ok(Self {
            results: RwLock::new(results),
            entries: AtomicU64::new(0),
            processed: AtomicU64::new(0),
            weight: AtomicUsize::new(0),
            newest: AtomicI64::new(i64::MIN),
        })
    }

    /// Adds entries; answers how many could not be read. Not for async threads. Readers get in between two calls, and while
    /// entries are decoded.
    pub(super) fn add(&self, batch: Vec<LogEntry>) -> u64 {
        let all = batch.len();
        let decoded: Vec<(u64, Entry)> = batch.into_iter().filter_map(decode).collect();
        let mut results = self.results.write().unwrap_or_else(PoisonError::into_inner);
        for (offset, entry) in &decoded {
            results.apply(*offset, entry);
            let written_at = match entry {
                Entry::Opened(opened) => opened.at,
                Entry::Attempt(record) => record.fetched_at,
            };
            self.newest.fetch_max(written_at, Relaxed);
        }
        self.entries.fetch_add(all as u64, Relaxed);
        let counts = results.counts();
        self.processed.store(counts.fetched + counts.failed + counts.redirected, Relaxed);
        self.weight.store(results.weight(), Relaxed);
        (all - decoded.len()) as u64
    }

    /// To read. Not for async threads either: it waits while entries are added.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Results> {
        self.results.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Entries of the log, those that could not be read among them.
    pub(super) fn entries(&self) -> u64 {
        self.entries.load(Relaxed)
    }

    /// Pages fetched, failed or redirected.
    pub(super) fn processed(&self) -> u64 {
        self.processed.load(Relaxed)
    }

    /// Bytes.
    pub(super) fn weight(&self) -> usize {
        self.weight.load(Relaxed)
    }

    /// Pages a second, lately; `None` while somebody adds entries.
    pub(super) fn rate(&self, now_ms: i64) -> Option<f64> {
        self.results.try_read().ok().map(|results| results.rate(now_ms))
    }

    /// When the newest entry was written, by its writer's clock: milliseconds since the epoch.
    pub(super) fn newest(&self) -> i64 {
        self.newest.load(Relaxed)
    }
}

fn decode(entry: LogEntry) -> Option<(u64, Entry)> {
    let decoded = Entry::decode(&entry.body.ok()?).ok()?;
    Some((entry.offset, decoded))
}
