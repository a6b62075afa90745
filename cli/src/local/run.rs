//! The loop of a local crawl: what is due is fetched, what was fetched is folded.

use std::{process::ExitCode, time::Duration};

use anyhow::Context;
use crawl_frontier::{Applied, Finish, Frontier, HostTable, Millis, PageId, Rules};
use crawl_protocol::{Kind, Record};
use crawl_worker::{Fetcher, FetcherConfig, fetch::Fetched};
use tokio::task::JoinSet;

use super::output::Output;

/// The crawl's uid where there is no Crawl: ids need one, and nobody else sees them.
const UID: &str = "local";
/// A shell's exit status for Ctrl-C.
const INTERRUPTED: u8 = 130;

struct Local {
    frontier: Frontier,
    hosts: HostTable,
    fetcher: Fetcher,
    flights: JoinSet<(PageId, Fetched)>,
    room: usize,
    output: Output,
}

/// Crawls until it is over or Ctrl-C.
pub(super) async fn crawl(rules: Rules, concurrency: u16, output: Output) -> anyhow::Result<ExitCode> {
    // Only here: who crawls from their own machine may crawl their own machine.
    let allow_hosts = rules.seeds.iter().filter_map(|seed| host(seed)).collect();
    let fetcher = Fetcher::new(FetcherConfig { allow_hosts, ..FetcherConfig::default() })?;
    let frontier = Frontier::new(UID, rules)?;
    let (hosts, flights) = (HostTable::default(), JoinSet::new());
    let mut local = Local { frontier, hosts, fetcher, flights, room: concurrency.into(), output };
    let finish = tokio::select! {
        finish = local.run() => Some(finish?),
        interrupted = tokio::signal::ctrl_c() => {
            interrupted.context("cannot listen for Ctrl-C")?;
            None
        }
    };
    local.frontier.give_back_all();
    local.output.finish(local.frontier.counts(), finish);
    Ok(match finish {
        Some(Finish::FrontierEmpty | Finish::MaxLinksReached) => ExitCode::SUCCESS,
        Some(Finish::AllSeedsFailed) => ExitCode::FAILURE,
        None => ExitCode::from(INTERRUPTED),
    })
}

impl Local {
    async fn run(&mut self) -> anyhow::Result<Finish> {
        loop {
            let again = self.start_what_is_due();
            if let Some(finish) = self.frontier.finish() {
                return Ok(finish);
            }
            let wait = again.map_or(Duration::from_secs(1), |at| {
                Duration::from_millis(u64::try_from(at - now()).unwrap_or(0).max(1))
            });
            tokio::select! {
                Some(landed) = self.flights.join_next() => {
                    let (id, fetched) = landed.context("a fetch was lost")?;
                    self.land(id, fetched)?;
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn start_what_is_due(&mut self) -> Option<Millis> {
        let room = self.room.saturating_sub(self.flights.len());
        let round = self.frontier.due(now(), &mut self.hosts, room);
        for due in round.tasks {
            let fetcher = self.fetcher.clone();
            self.flights.spawn(async move { (due.id, fetcher.fetch(&due.task).await) });
        }
        round.again
    }

    /// Folds a record. Its host is free once nothing of the task follows.
    fn land(&mut self, id: PageId, Fetched { record, rest, .. }: Fetched) -> anyhow::Result<()> {
        self.apply(&record)?;
        match rest {
            Some(rest) => drop(self.flights.spawn(async move { (id, rest.next().await) })),
            None => drop(self.hosts.release(id, record.attempt, now(), self.frontier.rest_ms(&record))),
        }
        Ok(())
    }

    fn apply(&mut self, record: &Record) -> anyhow::Result<()> {
        let applied = self.frontier.apply(record);
        match (applied, record.kind) {
            (Applied::Concluded, Kind::Page) => self.output.page(record).context("cannot write to stdout")?,
            (Applied::Concluded, Kind::Robots) => self.output.robots(record),
            _ => {}
        }
        self.output.progress(self.frontier.counts());
        Ok(())
    }
}

fn host(seed: &str) -> Option<String> {
    url::Url::parse(seed).ok()?.host_str().map(str::to_owned)
}

fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}
