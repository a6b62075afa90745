//! The life of one crawl's runner: wait for a session and a slot, drive the crawl, begin again when either ends.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crawl_broker::Backoff;
use tokio::sync::{OwnedSemaphorePermit, TryAcquireError, mpsc, watch};
use tracing::{Instrument, info, info_span, warn};

use super::{
    Handle, Shared, Wanted,
    drive::{Drive, Ended},
    progress::{Reporter, Stage},
    session::{Session, SessionState},
};
use crate::logs::chain;

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
        }
        .instrument(span),
    );
    Handle { wanted, progress, poisoned: sender, end, task }
}

impl Runner {
    async fn live(mut self) {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
        loop {
            let session = self.session().await;
            let slot = self.slot().await;
            let ended = Drive::run(&mut self, &session).await;
            drop(slot);
            match ended {
                Ok(Ended::RulesChanged) => backoff.reset(),
                Ok(Ended::Finished(finish)) => {
                    info!(?finish, "the crawl is over");
                    backoff.reset();
                    // Only a change of mind, or the controller's stop, goes on from here.
                    if self.wanted.changed().await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    let reason = chain(&error);
                    warn!(reason, "begins again from its log");
                    session.failed.cancel();
                    let spec_hash = self.wanted.borrow().spec_hash.clone();
                    self.reporter.stage(&spec_hash, Stage::Waiting { message: reason });
                    tokio::time::sleep(backoff.next_wait()).await;
                }
            }
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

    /// Waits for one of the slots for open logs, in order.
    async fn slot(&mut self) -> Option<OwnedSemaphorePermit> {
        let slots = Arc::clone(&self.shared.slots);
        match Arc::clone(&slots).try_acquire_owned() {
            Ok(slot) => Some(slot),
            Err(TryAcquireError::Closed) => None,
            Err(TryAcquireError::NoPermits) => {
                self.wait_for("as many crawls are open as may be; this one starts when its turn comes".to_owned());
                slots.acquire_owned().await.ok()
            }
        }
    }

    fn wait_for(&mut self, message: String) {
        let spec_hash = self.wanted.borrow().spec_hash.clone();
        self.reporter.stage(&spec_hash, Stage::Waiting { message });
    }
}
