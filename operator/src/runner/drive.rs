//! Drives one crawl on one session: reads its log to the end, then publishes what may start as records come in.

use std::{sync::Arc, time::Duration};

use crawl_broker::{BrokerError, LogReader, Message, PublishError, Publisher, Refused};
use crawl_frontier::{CrawlKey, Frontier, Millis, RulesError};
use crawl_protocol::{Entry, FailureClass, Opened, RULES_VERSION};
use crawl_sealed::SealError;
use tokio::time::Instant;

use super::{
    Mode, Shared, Wanted,
    crawl::Runner,
    lock, now,
    progress::{Finish, Progress, Stage},
    session::Session,
    watchdog::Watchdog,
};

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
    #[error("cannot seal the headers of a task")]
    Seal(#[from] SealError),
    #[error("the session with RabbitMQ ended")]
    SessionEnded,
}

impl DriveError {
    /// Whether only this crawl's log or pool is concerned, and other crawls may go on in the same session.
    pub(super) fn concerns_one_crawl(&self) -> bool {
        use BrokerError::{Mismatch, NotAStream, NotFound, Unavailable};
        match self {
            Self::Broker(Unavailable { .. } | NotFound { .. } | Mismatch { .. } | NotAStream { .. }) => true,
            Self::Refused(_) | Self::Rules(_) | Self::Seal(_) => true,
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
    pub(super) runner: &'a mut Runner,
    pub(super) session: &'a Session,
    pub(super) wanted: Wanted,
    pub(super) publisher: Publisher,
    pub(super) log: LogReader,
    pub(super) frontier: Frontier,
    pub(super) started_at: Option<Millis>,
    pub(super) records: u64,
    pub(super) again: Option<Millis>,
    pub(super) cancelled_at: Option<Millis>,
    pub(super) watchdog: Watchdog,
    /// Held for its end.
    _membership: Membership,
}

/// A crawl's place among those that publish into its pool.
struct Membership {
    shared: Arc<Shared>,
    pool: String,
    crawl: CrawlKey,
}

impl Membership {
    fn new(shared: &Arc<Shared>, wanted: &Wanted) -> Self {
        let (pool, crawl) = (wanted.pool.clone(), CrawlKey::of(&wanted.uid));
        shared.pools.join(&pool, crawl);
        Self { shared: Arc::clone(shared), pool, crawl }
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.shared.pools.leave(&self.pool, self.crawl);
        lock(&self.shared.hosts).leave_lines(self.crawl);
    }
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
        let membership = Membership::new(&runner.shared, &wanted);
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
            _membership: membership,
        };
        drive.catch_up(&opened).await?;
        Ok(drive)
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

    /// Waits for whatever comes first.
    async fn wait(&mut self) -> Result<Option<Ended>, DriveError> {
        let wake = self.wake_at();
        tokio::select! {
            entry = self.log.next() => self.apply_batch(&entry?).await?,
            changed = self.runner.wanted.changed() => {
                if changed.is_ok() {
                    return self.take_over_wish().await;
                }
            }
            Some(host) = self.runner.turns.recv() => {
                self.frontier.host_is_free(&host);
                while let Ok(host) = self.runner.turns.try_recv() {
                    self.frontier.host_is_free(&host);
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

    async fn take_over_wish(&mut self) -> Result<Option<Ended>, DriveError> {
        let wanted = self.runner.wanted.borrow_and_update().clone();
        let resumed = wanted.mode == Mode::Run && self.wanted.mode != Mode::Run;
        // A crawl that runs needs a slot, which one that is held does not have.
        if wanted.spec_hash != self.wanted.spec_hash || resumed {
            // What waits in the queue was published under rules that may have forbidden it meanwhile.
            if self.under_way() > 0 {
                self.withdraw().await?;
            }
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
