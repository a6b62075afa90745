//! The loop of a local crawl: what is due is fetched, what was fetched is written down, folded and handed out.

use std::time::Duration;

use anyhow::Context;
use crawl_frontier::{Applied, Finish, HostTable, Millis, PageId};
use crawl_protocol::{Entry, Kind, Record};
use crawl_worker::{Fetcher, fetch::Fetched};
use tokio::task::JoinSet;

use crate::problem::Problem;

use super::{fold::Fold, journal::Journal, output::Output, progress::Progress, stop::Stop};

/// What is under way when someone asks to stop is awaited so long.
const GRACE: Duration = Duration::from_secs(5);

/// A local crawl.
pub(super) struct Local {
    pub(super) fold: Fold,
    pub(super) hosts: HostTable,
    pub(super) fetcher: Fetcher,
    pub(super) journal: Option<Journal>,
    pub(super) output: Output,
    pub(super) progress: Progress,
    pub(super) flights: JoinSet<(PageId, Fetched)>,
    pub(super) concurrency: usize,
}

impl Local {
    /// Crawls until it is over, or someone asks to stop: then what is under way is awaited, for a while.
    pub(super) async fn run(&mut self, stop: &mut Stop) -> anyhow::Result<Option<Finish>> {
        loop {
            let again = self.start_what_is_due();
            if let Some(finish) = self.fold.frontier.finish() {
                return Ok(Some(finish));
            }
            let wait = again.map_or(Duration::from_secs(1), |at| {
                Duration::from_millis(u64::try_from(at - now()).unwrap_or(0).max(1))
            });
            tokio::select! {
                Some(landed) = self.flights.join_next() => {
                    let (id, fetched) = landed.context("a fetch was lost")?;
                    self.land(id, fetched)?;
                }
                () = tokio::time::sleep(wait.min(Duration::from_secs(1))) => {
                    self.progress.update(self.fold.frontier.counts());
                }
                () = stop.asked() => break,
            }
        }
        if !self.flights.is_empty() {
            let waiting = self.flights.len();
            self.progress.say(&format!("stopping: {waiting} under way; Ctrl-C again does not wait for them"));
        }
        match tokio::time::timeout(GRACE, self.drain()).await {
            Ok(drained) => drained?,
            Err(_) => self.progress.say(&format!("{} did not end in time", self.flights.len())),
        }
        Ok(self.fold.frontier.finish())
    }

    async fn drain(&mut self) -> anyhow::Result<()> {
        while let Some(landed) = self.flights.join_next().await {
            let (_, fetched) = landed.context("a fetch was lost")?;
            self.take_in(fetched.record)?;
        }
        Ok(())
    }

    fn start_what_is_due(&mut self) -> Option<Millis> {
        let room = self.concurrency.saturating_sub(self.flights.len());
        let round = self.fold.frontier.due(now(), &mut self.hosts, room);
        for mut due in round.tasks {
            if !self.fold.reads(due.task.kind, &due.task.url) {
                due.task.fetch.max_body_bytes = 0;
            }
            let fetcher = self.fetcher.clone();
            self.flights.spawn(async move { (due.id, fetcher.fetch(&due.task).await) });
        }
        round.again
    }

    /// Takes in a record. Its host is free once nothing of the task follows.
    fn land(&mut self, id: PageId, Fetched { record, rest, .. }: Fetched) -> anyhow::Result<()> {
        let (attempt, rest_ms) = (record.attempt, self.fold.frontier.rest_ms(&record));
        self.take_in(record)?;
        match rest {
            Some(rest) => drop(self.flights.spawn(async move { (id, rest.next().await) })),
            None => drop(self.hosts.release(id, attempt, now(), rest_ms)),
        }
        Ok(())
    }

    /// A record is in the journal before it counts.
    fn take_in(&mut self, record: Record) -> anyhow::Result<()> {
        let entry = Entry::Attempt(record);
        if let Some(journal) = &mut self.journal {
            journal.append(&entry).map_err(Problem::from)?;
        }
        let applied = self.fold.apply(&entry);
        if let Entry::Attempt(record) = &entry {
            self.progress.attempt(record, applied == Applied::Concluded, self.fold.checks_links());
            let (seen, output) = (self.output.is_seen(), &mut self.output);
            if applied == Applied::Concluded && record.kind == Kind::Page && !self.fold.checks_links() {
                self.progress.aside(seen, || output.page(record))?;
            }
        }
        self.progress.update(self.fold.frontier.counts());
        Ok(())
    }
}

pub(super) fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}
