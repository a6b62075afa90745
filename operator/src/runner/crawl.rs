//! The life of one crawl's runner: wait for a session and a slot, drive the crawl, begin again when either ends.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crawl_broker::Backoff;
use crawl_frontier::CrawlKey;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tracing::{Instrument, info, info_span, warn};

use super::{
    Handle, Mode, Shared, Wanted,
    drive::{Drive, Ended},
    lock, now,
    progress::{Awaited, EVERY, Reporter, Stage},
    session::{Session, SessionState},
    slots::{Seat, Turn, Wait},
};
use crate::logs::chain;

/// A broker that takes longer to give tasks back is as good as gone.
const TAKE_BACK_WITHIN: Duration = Duration::from_secs(10);
/// A drive that lasted this long was sound: the next failure is a new one.
const SOUND_AFTER: Duration = Duration::from_secs(60);

/// One crawl's runner.
pub(super) struct Runner {
    pub(super) shared: Arc<Shared>,
    pub(super) wanted: watch::Receiver<Wanted>,
    pub(super) poisoned: mpsc::UnboundedReceiver<String>,
    /// Hosts that were freed for it.
    pub(super) turns: mpsc::UnboundedReceiver<Box<str>>,
    pub(super) reporter: Reporter,
    /// Records read so far by any fold in this process: fewer means that the log was shortened.
    pub(super) records_seen: u64,
    pub(super) log_lost: bool,
    /// The slot, or the place in the line, of a crawl that is to run.
    pub(super) seat: Option<Seat>,
}

pub(super) fn spawn(shared: &Arc<Shared>, wanted: Wanted) -> Handle {
    let progress = Arc::new(Mutex::new(None));
    let (sender, receiver) = mpsc::unbounded_channel();
    let end = shared.shutdown.child_token();
    let span = info_span!(parent: None, "runner", namespace = wanted.crawl.namespace, crawl = wanted.crawl.name, uid = wanted.uid);
    let reporter = Reporter::new(wanted.crawl.clone(), Arc::clone(&progress), shared.changed.clone());
    let (owner, key) = (Arc::clone(shared), CrawlKey::of(&wanted.uid));
    // Here and not in the task: whoever opens the line must find all in it that were there before.
    let seat = (wanted.mode == Mode::Run).then(|| shared.slots.enrol(wanted.rank.clone()));
    let wanted = watch::Sender::new(wanted);
    let runner = Runner {
        shared: Arc::clone(shared),
        wanted: wanted.subscribe(),
        poisoned: receiver,
        turns: shared.turns.listen(key),
        reporter,
        records_seen: 0,
        log_lost: false,
        seat,
    };
    let (ended, last) = (end.clone(), wanted.subscribe());
    let task = tokio::spawn(
        async move {
            tokio::select! {
                () = ended.cancelled() => {}
                () = runner.live() => {}
            }
            take_back(&owner, key, &last).await;
            // Whatever ended it: its hosts must not stay taken.
            lock(&owner.hosts).abandon(key, now());
            owner.turns.forget(key);
        }
        .instrument(span),
    );
    Handle { wanted, progress, poisoned: sender, end, task }
}

/// Takes the tasks of a crawl that is not to run any more out of its queue: what an administrator has just denied must not be
/// fetched because it was published before.
async fn take_back(shared: &Shared, crawl: CrawlKey, wanted: &watch::Receiver<Wanted>) {
    let under_way = lock(&shared.hosts).held_by(crawl);
    if under_way == 0 || shared.shutdown.is_cancelled() {
        return;
    }
    let SessionState::Up(session) = shared.session.borrow().clone() else { return };
    let (pool, uid) = (wanted.borrow().pool.clone(), wanted.borrow().uid.clone());
    let withdrawn = tokio::time::timeout(TAKE_BACK_WITHIN, session.broker.withdraw(&pool, &uid)).await;
    info!(under_way, withdrawn = ?withdrawn.map(|done| done.map(|ids| ids.len())), "stopped: took back what no worker had");
}

impl Runner {
    async fn live(mut self) {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
        loop {
            self.take_seat().await;
            let session = self.session().await;
            let begun = Instant::now();
            let ended = Drive::run(&mut self, &session).await;
            if ended.is_ok() || begun.elapsed() > SOUND_AFTER {
                backoff.reset();
            }
            match ended {
                Ok(Ended::Again) => {}
                Ok(Ended::Held) => {
                    info!("the crawl is held");
                    self.seat = None;
                    self.another_wish().await;
                }
                Ok(Ended::Finished(finish)) => {
                    info!(?finish, "the crawl is over");
                    self.seat = None;
                    self.another_wish().await;
                }
                Err(error) => {
                    let reason = chain(&error);
                    warn!(reason, "begins again from its log");
                    if !error.concerns_one_crawl() {
                        session.failed.cancel();
                    }
                    self.wait_for(Awaited::Broker, reason);
                    tokio::time::sleep(backoff.next_wait()).await;
                }
            }
        }
    }

    /// Waits until the controller wants something else; when it is gone, for the end of this runner.
    async fn another_wish(&mut self) {
        if self.wanted.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits for a session that has not failed.
    async fn session(&mut self) -> Arc<Session> {
        let mut state = self.shared.session.subscribe();
        loop {
            let current = state.borrow_and_update().clone();
            match current {
                SessionState::Up(session) if !session.failed.is_cancelled() => return session,
                SessionState::Up(_) => {}
                SessionState::Down(reason) => {
                    self.wait_for(Awaited::Broker, format!("RabbitMQ is not reachable: {reason}"));
                }
            }
            // The sender lives as long as this process.
            let _ = state.changed().await;
        }
    }

    /// Waits for a slot. It is kept whatever happens to the session or the rules, so that no lowered limit and no crawl that came
    /// later stops one that runs. A crawl that is held or cancelled needs none: it opens its log only to say where it stands.
    async fn take_seat(&mut self) {
        let mut said: Option<Instant> = None;
        while self.wanted.borrow_and_update().mode == Mode::Run {
            let rank = self.wanted.borrow().rank.clone();
            let seat = self.seat.get_or_insert_with(|| self.shared.slots.enrol(rank));
            // A long line moves often; each crawl in it tells its place at most as often as a running one its counts.
            let mut again = said.map(|at| at + EVERY);
            match seat.turn() {
                Turn::Granted => return,
                Turn::Waits(wait) if again.is_none_or(|at| at <= Instant::now()) => {
                    (said, again) = (Some(Instant::now()), None);
                    self.wait_for(awaited(&wait), wait.sentence());
                }
                Turn::Waits(_) | Turn::Unknown => {}
            }
            self.something_new(again).await;
        }
        self.seat = None;
    }

    /// Waits for a change in the line or in what is wanted, or until a time.
    async fn something_new(&mut self, until: Option<Instant>) {
        let time = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        let turn = async {
            match &mut self.seat {
                Some(seat) => seat.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = turn => {}
            // When the controller is gone, so is this runner in a moment.
            _ = self.wanted.changed() => {}
            () = time => {}
        }
    }

    fn wait_for(&mut self, what: Awaited, message: String) {
        let spec_hash = self.wanted.borrow().spec_hash.clone();
        self.reporter.stage(&spec_hash, Stage::Waiting { what, message });
    }
}

fn awaited(wait: &Wait) -> Awaited {
    match wait {
        Wait::Operator { .. } => Awaited::Slot,
        Wait::Namespace { .. } => Awaited::Quota,
    }
}
