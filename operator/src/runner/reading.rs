//! A drive's reading: log entries into the frontier, hosts free again.

use std::collections::HashMap;

use crawl_broker::LogEntry;
use crawl_frontier::{HostTable, Released};
use crawl_protocol::{Entry, Opened, Record};
use futures::FutureExt;
use tracing::{info, warn};

use super::{
    drive::{Drive, DriveError},
    lock, now,
};

/// Even a fast host's answer takes a moment.
const MARGIN_MS: u64 = 500;
/// No fetch takes longer, whatever a record says.
const AT_MOST_MS: u64 = 600_000;
/// Records applied before publishing again.
const BATCH: usize = 500;

/// The hosts of a crawl that an earlier leader led, each with its slowest answer, milliseconds.
///
/// A worker may be asking one of them right now, for a task of which this process knows nothing but that it has no record.
/// Twice the slowest answer is as long as one may reasonably have to be waited for.
#[derive(Default)]
struct Inherited {
    slowest: HashMap<String, u64>,
}

impl Inherited {
    fn add(&mut self, host: Option<String>, took_ms: u64) {
        if let Some(host) = host {
            let slowest = self.slowest.entry(host).or_default();
            *slowest = took_ms.max(*slowest);
        }
    }

    fn hold(self, hosts: &mut HostTable) {
        let now = now();
        for (host, slowest) in self.slowest {
            let wait = slowest.saturating_mul(2).saturating_add(MARGIN_MS).min(AT_MOST_MS);
            hosts.hold(&host, now.saturating_add_unsigned(wait));
        }
    }
}

impl Drive<'_> {
    pub(super) async fn catch_up(&mut self, own: &Opened) -> Result<(), DriveError> {
        // What this process has under way it knows; what an earlier leader had, nobody does.
        let mut inherited = (self.runner.records_seen == 0).then(Inherited::default);
        loop {
            let entry = tokio::select! {
                entry = self.log.next() => entry?,
                () = self.session.failed.cancelled() => return Err(DriveError::SessionEnded),
            };
            match self.decode(&entry) {
                Some(Entry::Opened(opened)) => {
                    self.started_at.get_or_insert(opened.at);
                    if opened.session == own.session {
                        break;
                    }
                }
                Some(Entry::Attempt(record)) => {
                    self.records += 1;
                    self.frontier.apply(&record);
                    self.release(&record);
                    let host = self.frontier.remember(&record, &mut lock(&self.runner.shared.hosts));
                    if let Some(inherited) = &mut inherited {
                        inherited.add(host, record.took_ms);
                    }
                }
                None => {}
            }
            tokio::task::yield_now().await;
        }
        if self.records < self.runner.records_seen {
            warn!(was = self.runner.records_seen, is = self.records, "the log is shorter than it was");
            self.runner.log_lost = true;
        }
        self.runner.records_seen = self.records;
        if let Some(inherited) = inherited {
            inherited.hold(&mut lock(&self.runner.shared.hosts));
        }
        self.frontier.adopt(&lock(&self.runner.shared.hosts));
        info!(records = self.records, "read the log");
        Ok(())
    }

    /// Applies an entry and whatever has arrived behind it.
    pub(super) async fn apply_batch(&mut self, first: &LogEntry) -> Result<(), DriveError> {
        self.apply(first);
        for _ in 1..BATCH {
            match self.log.next().now_or_never() {
                Some(entry) => self.apply(&entry?),
                None => break,
            }
            // A record of ten thousand links takes its time; the Lease has to be renewed meanwhile.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    fn apply(&mut self, entry: &LogEntry) {
        let Some(Entry::Attempt(record)) = self.decode(entry) else { return };
        let before = self.frontier.counts().processed();
        self.frontier.apply(&record);
        self.records += 1;
        self.runner.records_seen = self.records;
        self.runner.shared.metrics.records_applied.inc();
        self.runner.shared.metrics.pages_processed.inc_by(self.frontier.counts().processed() - before);
        self.release(&record);
    }

    /// Frees the host of a task whose last record was read, unless another attempt of it is under way.
    fn release(&mut self, record: &Record) {
        if record.outcome.is_last()
            && let Some(id) = self.frontier.id_of(record.kind, &record.url)
            && !self.frontier.in_flight(id)
        {
            let rest = self.frontier.rest_ms(record);
            let released = lock(&self.runner.shared.hosts).release(id, record.attempt, now(), rest);
            if let Some(Released { host, next: Some(next) }) = released {
                self.runner.shared.turns.tell(next, host);
            }
            self.watchdog.heard_of(id);
        }
    }

    fn decode(&self, entry: &LogEntry) -> Option<Entry> {
        let decoded = entry.body.as_ref().ok().and_then(|body| Entry::decode(body).ok());
        if decoded.is_none() {
            self.runner.shared.metrics.unreadable_messages.inc();
            warn!(offset = entry.offset, "an unreadable log entry");
        }
        decoded
    }
}
