//! Drives one crawl on one session: reads its log to the end, then publishes what may start as records come in.

use std::time::Duration;

use crawl_broker::{BrokerError, LogEntry, LogReader, Message, PublishError, Publisher, Refused};
use crawl_frontier::{Due, Frontier, Millis, PageId, RulesError};
use crawl_protocol::{Entry, FailureClass, Opened, RULES_VERSION, Record};
use futures::FutureExt;
use tokio::time::Instant;
use tracing::{info, warn};

use super::{
    Mode, Wanted,
    crawl::Runner,
    dead::failure,
    lock, now,
    progress::{Finish, Progress, Stage},
    session::Session,
    watchdog::Watchdog,
};

/// Tasks of one crawl that are published and not concluded, at most.
const CRAWL_WINDOW: usize = 1000;
/// The same where no worker takes them.
const IDLE_WINDOW: usize = 100;
/// The same for all crawls together.
const CLUSTER_WINDOW: usize = 5000;
/// Records applied before publishing again.
const BATCH: usize = 500;
/// A cancelled crawl waits this long, beyond the fetch timeout, for what workers still hold.
const CANCEL_GRACE_MS: Millis = 5_000;
/// How often lost tasks are looked for.
const WATCH_EVERY: Duration = Duration::from_secs(5);

/// Why a drive ended without an error.
pub(super) enum Ended {
    /// The log is to be folded again: the rules have changed, or a crawl that was held goes on.
    Again,
    /// The crawl is over.
    Finished(Finish),
    /// The crawl is suspended and nothing of it is under way.
    Held,
}

/// Why a drive failed: it begins again from the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum DriveError {
    #[error(transparent)]
    Broker(#[from] BrokerError),
    #[error("the broker refused a log entry or a task")]
    Refused(#[source] Refused),
    #[error("the rules cannot be followed")]
    Rules(#[from] RulesError),
    #[error("the session with RabbitMQ ended")]
    SessionEnded,
}

impl DriveError {
    /// Whether only this crawl's log or pool is concerned, and other crawls may go on in the same session.
    pub(super) fn concerns_one_crawl(&self) -> bool {
        use BrokerError::{Mismatch, NotAStream, NotFound, Unavailable};
        match self {
            Self::Broker(Unavailable { .. } | NotFound { .. } | Mismatch { .. } | NotAStream { .. }) => true,
            Self::Refused(_) | Self::Rules(_) => true,
            Self::Broker(_) | Self::SessionEnded => false,
        }
    }
}

impl From<PublishError> for DriveError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Refused(refused) => Self::Refused(refused),
            PublishError::Session(error) => Self::Broker(error),
        }
    }
}

/// One crawl on one session.
pub(super) struct Drive<'a> {
    runner: &'a mut Runner,
    session: &'a Session,
    wanted: Wanted,
    publisher: Publisher,
    log: LogReader,
    frontier: Frontier,
    started_at: Option<Millis>,
    records: u64,
    again: Option<Millis>,
    cancelled_at: Option<Millis>,
    watchdog: Watchdog,
}

impl<'a> Drive<'a> {
    /// Drives the crawl until it is over or something fails.
    pub(super) async fn run(runner: &'a mut Runner, session: &'a Session) -> Result<Ended, DriveError> {
        let wanted = runner.wanted.borrow_and_update().clone();
        runner.reporter.stage(&wanted.spec_hash, Stage::Opening);
        let mut drive = Self::open(runner, session, wanted).await?;
        drive.follow_mode().await?;
        loop {
            if let Some(ended) = drive.ended().await? {
                return Ok(ended);
            }
            drive.publish().await?;
            drive.report(drive.stage());
            if let Some(ended) = drive.wait().await? {
                return Ok(ended);
            }
        }
    }

    /// Opens the log and reads it up to the entry that this opening adds.
    async fn open(runner: &'a mut Runner, session: &'a Session, wanted: Wanted) -> Result<Self, DriveError> {
        let broker = &session.broker;
        runner.shared.pools.prepare(broker, &wanted.pool).await?;
        broker.declare_log(&wanted.uid).await?;
        let mut publisher = broker.publisher().await?;
        let opened = opened(&wanted);
        let id = format!("{}/opened/{}", wanted.uid, opened.session);
        publisher.publish(Message::entry(&wanted.uid, &id, &Entry::Opened(opened.clone()))).await?;
        let log = broker.read_log(&wanted.uid).await?;
        let frontier = Frontier::new(&wanted.uid, wanted.rules.clone())?;
        let watchdog = Watchdog::new(wanted.rules.fetch.timeout_ms);
        let mut drive = Self {
            runner,
            session,
            wanted,
            publisher,
            log,
            frontier,
            started_at: None,
            records: 0,
            again: None,
            cancelled_at: None,
            watchdog,
        };
        drive.catch_up(&opened).await?;
        Ok(drive)
    }

    async fn catch_up(&mut self, own: &Opened) -> Result<(), DriveError> {
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
                    self.frontier.remember(&record, &mut lock(&self.runner.shared.hosts));
                }
                None => {}
            }
        }
        if self.records < self.runner.records_seen {
            warn!(was = self.runner.records_seen, is = self.records, "the log is shorter than it was");
            self.runner.log_lost = true;
        }
        self.runner.records_seen = self.records;
        self.frontier.adopt(&lock(&self.runner.shared.hosts));
        info!(records = self.records, "read the log");
        Ok(())
    }

    fn decode(&self, entry: &LogEntry) -> Option<Entry> {
        let decoded = entry.body.as_ref().ok().and_then(|body| Entry::decode(body).ok());
        if decoded.is_none() {
            self.runner.shared.metrics.unreadable_messages.inc();
            warn!(offset = entry.offset, "an unreadable log entry");
        }
        decoded
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

    /// Frees the host of a task whose record was read, unless another attempt of it is under way.
    fn release(&mut self, record: &Record) {
        if let Some(id) = self.frontier.id_of(record.kind, &record.url)
            && !self.frontier.in_flight(id)
        {
            let rest = self.frontier.rest_ms(record);
            lock(&self.runner.shared.hosts).release(id, record.attempt, now(), rest);
            self.watchdog.heard_of(id);
        }
    }

    /// Whether the drive is over. What is still under way then is taken back, or its hosts would never be free again.
    async fn ended(&mut self) -> Result<Option<Ended>, DriveError> {
        let natural = self.frontier.finish().map(Finish::from);
        let Some(finish) = natural.or_else(|| self.drained().then_some(Finish::Cancelled)) else {
            return Ok(self.held());
        };
        if self.under_way() > 0 {
            self.withdraw().await?;
        }
        lock(&self.runner.shared.hosts).abandon(self.frontier.key(), now());
        self.frontier.give_back_all();
        self.report(Stage::Finished(finish));
        Ok(Some(Ended::Finished(finish)))
    }

    fn held(&mut self) -> Option<Ended> {
        let held = self.wanted.mode == Mode::Suspend && self.under_way() == 0;
        held.then(|| {
            self.report(Stage::Suspended);
            Ended::Held
        })
    }

    /// Tasks of this crawl that are published and not concluded; robots.txt too, which the counts leave out.
    fn under_way(&self) -> usize {
        lock(&self.runner.shared.hosts).held_by(self.frontier.key())
    }

    /// A cancelled crawl is over when nothing is under way any more, or has been for too long.
    fn drained(&self) -> bool {
        let patience =
            Millis::try_from(self.wanted.rules.fetch.timeout_ms).unwrap_or(Millis::MAX / 2) + CANCEL_GRACE_MS;
        let waited_enough = self.cancelled_at.is_some_and(|at| now() > at.saturating_add(patience));
        self.wanted.mode == Mode::Cancel && (self.under_way() == 0 || waited_enough)
    }

    /// Publishes what may start now.
    async fn publish(&mut self) -> Result<(), DriveError> {
        self.again = None;
        // A broker short of memory or disk takes nothing; what it were given would only wait on our side.
        if self.wanted.mode != Mode::Run || self.session.broker.blocked() {
            return Ok(());
        }
        let workers = self.runner.shared.pools.get(&self.wanted.pool).workers;
        // A pool that nobody works for must not fill the window of all.
        let window = if workers == Some(0) { IDLE_WINDOW } else { CRAWL_WINDOW };
        let round = {
            let mut hosts = lock(&self.runner.shared.hosts);
            let room = window.saturating_sub(hosts.held_by(self.frontier.key()));
            let room = room.min(CLUSTER_WINDOW.saturating_sub(hosts.held()));
            self.frontier.due(now(), &mut hosts, room)
        };
        self.again = round.again;
        if round.tasks.is_empty() {
            return Ok(());
        }
        let messages = round.tasks.iter().map(|due| self.message(due)).collect();
        let published = tokio::select! {
            published = self.publisher.publish_all(messages) => published.map_err(DriveError::from),
            () = self.session.failed.cancelled() => Err(DriveError::SessionEnded),
        };
        match published {
            Ok(outcomes) => self.settle(&round.tasks, &outcomes),
            Err(error) => {
                // Nobody knows which of them arrived: they are published again, and the first record of each counts.
                round.tasks.iter().for_each(|due| self.take_back(due.id));
                Err(error)
            }
        }
    }

    fn message(&self, due: &Due) -> Message {
        Message::task(&self.wanted.pool, &due.id.to_string(), &due.task)
    }

    fn settle(&mut self, tasks: &[Due], outcomes: &[Result<(), Refused>]) -> Result<(), DriveError> {
        let mut refused = None;
        for (due, outcome) in tasks.iter().zip(outcomes) {
            match outcome {
                Ok(()) => drop(self.runner.shared.metrics.tasks_published.inc()),
                Err(why) => {
                    self.take_back(due.id);
                    refused = Some(*why);
                }
            }
        }
        refused.map_or(Ok(()), |why| Err(DriveError::Refused(why)))
    }

    fn take_back(&mut self, id: PageId) {
        lock(&self.runner.shared.hosts).undo(id);
        self.frontier.give_back(id);
    }

    /// Waits for whatever comes first.
    async fn wait(&mut self) -> Result<Option<Ended>, DriveError> {
        let wake = self.wake_at();
        tokio::select! {
            entry = self.log.next() => self.apply_batch(&entry?)?,
            changed = self.runner.wanted.changed() => {
                if changed.is_ok() {
                    return self.take_over_wish().await;
                }
            }
            Some(page) = self.runner.poisoned.recv() => self.give_up(&page, FailureClass::Poison).await?,
            () = tokio::time::sleep_until(wake) => self.look_for_lost().await?,
            () = self.session.failed.cancelled() => return Err(DriveError::SessionEnded),
        }
        Ok(None)
    }

    fn wake_at(&self) -> Instant {
        let watch = Instant::now() + WATCH_EVERY;
        let due =
            self.again.map(|at| Instant::now() + Duration::from_millis(u64::try_from(at - now()).unwrap_or(0).max(1)));
        let news = self.runner.reporter.next_announcement();
        [due, news].into_iter().flatten().fold(watch, Instant::min)
    }

    /// Applies an entry and whatever has arrived behind it.
    fn apply_batch(&mut self, first: &LogEntry) -> Result<(), DriveError> {
        self.apply(first);
        for _ in 1..BATCH {
            match self.log.next().now_or_never() {
                Some(entry) => self.apply(&entry?),
                None => break,
            }
        }
        Ok(())
    }

    async fn take_over_wish(&mut self) -> Result<Option<Ended>, DriveError> {
        let wanted = self.runner.wanted.borrow_and_update().clone();
        let resumed = wanted.mode == Mode::Run && self.wanted.mode != Mode::Run;
        // A crawl that runs needs a slot, which one that is held does not have.
        if wanted.spec_hash != self.wanted.spec_hash || resumed {
            return Ok(Some(Ended::Again));
        }
        self.wanted = wanted;
        self.follow_mode().await?;
        Ok(None)
    }

    /// Suspended and cancelled crawls take back what no worker has taken.
    async fn follow_mode(&mut self) -> Result<(), DriveError> {
        self.cancelled_at = (self.wanted.mode == Mode::Cancel).then(|| self.cancelled_at.unwrap_or_else(now));
        if self.wanted.mode == Mode::Run {
            return Ok(());
        }
        self.withdraw().await
    }

    /// Takes back the tasks that no worker has taken.
    async fn withdraw(&mut self) -> Result<(), DriveError> {
        let withdrawn = self.session.broker.withdraw(&self.wanted.pool, &self.wanted.uid).await?;
        for message_id in &withdrawn {
            if let Some(id) = message_id.split('/').nth(1).and_then(|page| page.parse().ok()) {
                self.take_back(id);
            }
        }
        info!(mode = ?self.wanted.mode, withdrawn = withdrawn.len(), "took back the tasks that no worker had");
        Ok(())
    }

    /// Looks for tasks of which nothing was heard for too long: they are published again, and given up in the end.
    async fn look_for_lost(&mut self) -> Result<(), DriveError> {
        let pool = self.runner.shared.pools.get(&self.wanted.pool);
        let lost = self.watchdog.lost(&lock(&self.runner.shared.hosts), self.frontier.key(), pool, now());
        for (id, hopeless) in lost {
            lock(&self.runner.shared.hosts).give_up(id, now());
            if hopeless {
                self.give_up(&id.to_string(), FailureClass::Lost).await?;
            } else {
                self.frontier.give_back(id);
            }
        }
        Ok(())
    }

    /// Records a failure on behalf of the workers that could not.
    async fn give_up(&mut self, page: &str, class: FailureClass) -> Result<(), DriveError> {
        let Some(task) = page.parse().ok().and_then(|id| self.frontier.open_task(id)) else { return Ok(()) };
        let message = "given up: workers took this page again and again, and nothing came of it";
        Ok(self.publisher.publish(failure(&task, class, message)).await?)
    }

    fn stage(&self) -> Stage {
        match self.wanted.mode {
            Mode::Suspend => Stage::Suspended,
            Mode::Run | Mode::Cancel => Stage::Running,
        }
    }

    fn report(&mut self, stage: Stage) {
        let progress = Progress {
            stage,
            counts: self.frontier.counts().clone(),
            spec_hash: self.wanted.spec_hash.clone(),
            started_at: self.started_at,
            log_lost: self.runner.log_lost,
            holding: self.holding(),
        };
        self.runner.reporter.report(progress);
    }

    /// Why nothing is fetched right now.
    fn holding(&self) -> Option<String> {
        if self.session.broker.blocked() {
            return Some("RabbitMQ takes no messages: it is short of memory or disk".to_owned());
        }
        let pool = self.runner.shared.pools.get(&self.wanted.pool);
        if self.under_way() > 0 {
            return (pool.workers == Some(0)).then(|| format!("no worker takes tasks of pool {}", self.wanted.pool));
        }
        // A time and not a wait: the sentence must not change with every second.
        let at = self.again.filter(|at| at - now() > 2_000)?;
        let at = jiff::Timestamp::from_millisecond(at).ok()?.strftime("%H:%M:%S UTC");
        Some(format!("every host that is left rests, or waits to be tried again; the next may be asked at {at}"))
    }
}

fn opened(wanted: &Wanted) -> Opened {
    Opened {
        crawl: wanted.uid.clone(),
        session: uuid::Uuid::new_v4().to_string(),
        spec_hash: wanted.spec_hash.clone(),
        rules_version: RULES_VERSION,
        at: now(),
    }
}
