//! The life of one crawl's runner: wait for a session and a slot, drive the crawl, begin again when either ends.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crawl_broker::Backoff;
use crawl_frontier::CrawlKey;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, watch},
    time::Instant,
};
use tracing::{Instrument, info, info_span, warn};

use super::{
    Handle, Mode, Shared, Wanted,
    drive::{Drive, Ended},
    lock, now,
    progress::{Reporter, Stage},
    session::{Session, SessionState},
};
use crate::logs::chain;

/// A drive that lasted this long was sound: the next failure is a new one.
const SOUND_AFTER: Duration = Duration::from_secs(60);

/// One crawl's runner.
pub(super) struct Runner {
    pub(super) shared: Arc<Shared>,
    pub(super) wanted: watch::Receiver<Wanted>,
    pub(super) poisoned: mpsc::UnboundedReceiver<String>,
    pub(super) reporter: Reporter,
    /// Records read so far by any fold in this process: fewer means that the log was shortened.
    pub(super) records_seen: u64,
    pub(super) log_lost: bool,
}

pub(super) fn spawn(shared: &Arc<Shared>, wanted: Wanted) -> Handle {
    let progress = Arc::new(Mutex::new(None));
    let (sender, receiver) = mpsc::unbounded_channel();
    let end = shared.shutdown.child_token();
    let span = info_span!(parent: None, "runner", namespace = wanted.crawl.namespace, crawl = wanted.crawl.name, uid = wanted.uid);
    let reporter = Reporter::new(wanted.crawl.clone(), Arc::clone(&progress), shared.changed.clone());
    let (owner, key) = (Arc::clone(shared), CrawlKey::of(&wanted.uid));
    let wanted = watch::Sender::new(wanted);
    let runner = Runner {
        shared: Arc::clone(shared),
        wanted: wanted.subscribe(),
        poisoned: receiver,
        reporter,
        records_seen: 0,
        log_lost: false,
    };
    let ended = end.clone();
    let task = tokio::spawn(
        async move {
            tokio::select! {
                () = ended.cancelled() => {}
                () = runner.live() => {}
            }
            // Whatever ended it: its hosts must not stay taken.
            lock(&owner.hosts).abandon(key, now());
        }
        .instrument(span),
    );
    Handle { wanted, progress, poisoned: sender, end, task }
}

impl Runner {
    async fn live(mut self) {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
        loop {
            let slot = self.slot().await;
            let session = self.session().await;
            let begun = Instant::now();
            let ended = Drive::run(&mut self, &session).await;
            drop(slot);
            if ended.is_ok() || begun.elapsed() > SOUND_AFTER {
                backoff.reset();
            }
            match ended {
                Ok(Ended::Again) => {}
                Ok(Ended::Held) => {
                    info!("the crawl is held");
                    self.another_wish().await;
                }
                Ok(Ended::Finished(finish)) => {
                    info!(?finish, "the crawl is over");
                    self.another_wish().await;
                }
                Err(error) => {
                    let reason = chain(&error);
                    warn!(reason, "begins again from its log");
                    if !error.concerns_one_crawl() {
                        session.failed.cancel();
                    }
                    self.wait_for(reason);
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
                SessionState::Down(reason) => self.wait_for(format!("RabbitMQ is not reachable: {reason}")),
            }
            // The sender lives as long as this process.
            let _ = state.changed().await;
        }
    }

    /// Waits for one of the slots for open logs, in order. A crawl that is held or cancelled needs none: it opens its log
    /// only to say where it stands.
    async fn slot(&mut self) -> Option<OwnedSemaphorePermit> {
        let slots = Arc::clone(&self.shared.slots);
        if let Ok(slot) = Arc::clone(&slots).try_acquire_owned() {
            return Some(slot);
        }
        while self.wanted.borrow_and_update().mode == Mode::Run {
            self.wait_for("as many crawls are open as may be; this one starts when its turn comes".to_owned());
            tokio::select! {
                slot = Arc::clone(&slots).acquire_owned() => return slot.ok(),
                _ = self.wanted.changed() => {}
            }
        }
        None
    }

    fn wait_for(&mut self, message: String) {
        let spec_hash = self.wanted.borrow().spec_hash.clone();
        self.reporter.stage(&spec_hash, Stage::Waiting { message });
    }
}
